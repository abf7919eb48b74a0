"""The forward model: widths, drift, lag, kernel and detection limit against what the formulas say."""

import math

import numpy as np
import pytest

from dronesampler.plume import (
    Air,
    Kernel,
    Route,
    Samples,
    Sensor,
    Spread,
    Stability,
    detectable_rate,
    drift_of,
    peak_kept,
    response,
    sigmas_m,
    stability_by_day,
    steady,
)

PLAIN = Spread(Stability.C, scale_y=1.0, scale_z=1.0, start_m=0.0)


def samples(x: list[float], y: list[float], z: float = 20.0) -> Samples:
    n = len(x)
    return Samples(np.arange(n, dtype=float), np.array(x), np.array(y), np.full(n, z))


def test_briggs_class_c_at_80_m() -> None:
    y, z = sigmas_m(np.array([80.0]), PLAIN)
    assert y[0] == pytest.approx(0.11 * 80 / math.sqrt(1.008), rel=1e-6)
    assert z[0] == pytest.approx(0.08 * 80 / math.sqrt(1.016), rel=1e-6)


@pytest.mark.parametrize(("wind", "cls"), [(2.0, "B"), (4.0, "C"), (6.0, "D")])
def test_stability_by_wind(wind: float, cls: str) -> None:
    assert stability_by_day(wind) == cls


def test_steady_wind_gives_the_gaussian_plume() -> None:
    kernel = Kernel(samples([0.0, 8.0], [-80.0, -80.0]), steady(0.0, 3.0, height_m=20.0))
    column = kernel.columns(np.array([0.0]), np.array([0.0]), np.array([20.0]), spread=PLAIN)[0]
    sy, sz = (float(s[0]) for s in sigmas_m(np.array([80.0]), PLAIN))
    peak = 1e3 / (2 * math.pi * 3.0 * sy * sz) * (1 + math.exp(-0.5 * (40 / sz) ** 2))
    assert column[0] == pytest.approx(peak, rel=0.01)
    assert column[1] == pytest.approx(peak * math.exp(-0.5 * (8.0 / sy) ** 2), rel=0.02)


def test_upwind_readings_see_nothing() -> None:
    kernel = Kernel(samples([0.0], [50.0]), steady(0.0, 3.0))
    assert kernel.columns(np.array([0.0]), np.array([0.0]), np.array([10.0]), spread=PLAIN)[0, 0] == 0.0


def test_plume_bends_with_the_measured_wind() -> None:
    """Wind from the west that turned to come from the south: the old plume lies east, then is carried north."""
    t = np.arange(0.0, 60.0)
    drift = drift_of(t, np.where(t < 30.0, 270.0, 225.0), np.full(60, 4.0), height_m=10.0)
    x = np.arange(20.0, 200.0, 2.0)
    found = []
    for y in np.arange(-20.0, 100.0, 2.0):
        s = Samples(np.full(len(x), 55.0), x, np.full(len(x), y), np.full(len(x), 10.0))
        found.append(Kernel(s, drift).columns(np.zeros(1), np.zeros(1), np.full(1, 10.0), spread=PLAIN)[0])
    ridge = np.arange(-20.0, 100.0, 2.0)[np.array(found).argmax(axis=0)]
    assert ridge[x == 40.0][0] == pytest.approx(40.0, abs=6.0)  # new air: straight from the south-west
    beyond = ridge[x == 160.0][0]
    assert 50.0 < beyond < 85.0  # old air went east first: less far north than its distance


def test_gradient_agrees_with_differences() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(200.0)
    drift = drift_of(t, 250.0 + 10.0 * np.sin(t / 20.0), np.full(200, 4.0), height_m=20.0)
    s = Samples(t, rng.uniform(0, 150, 200), rng.uniform(-60, 60, 200), np.full(200, 20.0))
    kernel, one = Kernel(s, drift), np.ones(1)
    at = {"x_m": -40.0 * one, "y_m": -15.0 * one, "h_m": 8.0 * one}
    _, gradient = kernel.columns_and_gradient(**at, spread=PLAIN)
    for name, step, got in (("y_m", 0.5, gradient.y), ("h_m", 0.5, gradient.h)):
        up = kernel.columns(**(at | {name: at[name] + step}), spread=PLAIN)
        down = kernel.columns(**(at | {name: at[name] - step}), spread=PLAIN)
        difference = (up - down) / (2 * step)
        assert np.corrcoef(difference[0], got[0])[0, 1] > 0.97, name
    turned = [kernel.columns(**at, spread=PLAIN, bias_rad=b) for b in (0.01, -0.01)]
    assert np.corrcoef((turned[0] - turned[1])[0] / 0.02, gradient.bias[0])[0, 1] > 0.98


def test_lag_delays_and_keeps_the_sum() -> None:
    t = np.arange(60.0)
    puff = np.zeros((1, 60), np.float32)
    puff[0, 20] = 1.0
    shown = response(t, t90_s=5.0, delay_s=2.0)(puff)[0]
    assert shown[:22].max() == 0.0
    assert shown[22] == shown.max()
    assert shown.sum() == pytest.approx(1.0, abs=0.03)
    after_t90 = response(t, t90_s=5.0)(np.r_[np.zeros(10), np.ones(50)].astype(np.float32)[None])[0]
    assert after_t90[14] == pytest.approx(0.9, abs=0.01)  # the step's air holds since row 9


def test_lag_of_nothing_changes_nothing() -> None:
    model = np.arange(5.0, dtype=np.float32)[None]
    assert (response(np.arange(5.0), t90_s=0.0)(model) == model).all()


@pytest.mark.parametrize(("t90", "kept"), [(1.0, 0.97), (3.0, 0.85), (8.0, 0.60), (12.0, 0.48), (30.0, 0.26)])
def test_peak_that_a_lag_leaves(t90: float, kept: float) -> None:
    """The measured effect for sigma_y 8.8 m at 5 m/s."""
    assert peak_kept(t90 / math.log(10.0), np.array([8.8 / 5.0]))[0] == pytest.approx(kept, abs=0.02)


def line(y: float, z: float = 20.0, speed: float = 5.0) -> Route:
    return Route(np.array([-200.0, 200.0]), np.array([y, y]), np.array([z, z]), np.array([0.0, 400.0 / speed]))


def test_detection_limit_on_the_axis() -> None:
    """0.15 mg/m3 at 80 m, 3 m/s, class C: 0.16 g/s for an instrument without lag."""
    air = Air(0.0, 3.0, 20.0, PLAIN)
    least = detectable_rate(line(-80.0), air, Sensor(0.0), x_m=[0.0], y_m=[0.0], height_m=20.0)
    assert least[0] == pytest.approx(0.158, abs=0.005)


def test_detection_limit_is_infinite_upwind_and_worse_with_lag_and_off_axis() -> None:
    air = Air(0.0, 3.0, 20.0, PLAIN)
    quick, slow = Sensor(0.0), Sensor(8.0)
    at = {"x_m": [0.0], "y_m": [0.0], "height_m": 20.0}
    assert detectable_rate(line(40.0), air, quick, **at)[0] == math.inf
    assert detectable_rate(line(-80.0), air, slow, **at)[0] > 1.4 * detectable_rate(line(-80.0), air, quick, **at)[0]
    low = detectable_rate(line(-80.0), air, quick, x_m=[0.0], y_m=[0.0], height_m=5.0)[0]
    assert low > 5 * detectable_rate(line(-80.0), air, quick, **at)[0]


def test_detection_limit_keeps_the_shape_of_the_places() -> None:
    x, y = np.meshgrid(np.arange(0.0, 60.0, 20.0), np.arange(0.0, 100.0, 20.0))
    least = detectable_rate(line(-80.0), Air(0.0, 3.0), Sensor(3.0), x_m=x, y_m=y, height_m=10.0)
    assert least.shape == x.shape and (np.diff(least[:, 1]) != 0).all()
