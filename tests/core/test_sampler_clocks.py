"""Clocks: offset and drift through a jittering link, steps never silent, and what that does to a reading's place."""

import math

import numpy as np
import pytest

from dronesampler.events import AirReported, ClockCompared, Event, GasReported, Moved, Stamp, Turned
from dronesampler.geo.local import LocalFrame
from dronesampler.sampler import MAVLINK_NMHC, Unit
from dronesampler.sampler.clocks import Change, ClockMap, WallClockWatch, lower_line, mapped
from dronesampler.sampler.correlation import lag_of
from dronesampler.sampler.live import Sampling
from dronesampler.sampler.tunnel import Frame, encode

NOW_S = 1_790_000_000.0


def fed(clock: ClockMap, rng: np.random.Generator, *, seconds: float, offset_s: float, ppm: float = 0.0) -> float:
    """Feed messages at 5 Hz over a link of 50 to 250 ms; the worst error of the last half against the true time plus
    the link's least delay."""
    worst = 0.0
    for k in range(int(seconds * 5)):
        true_s = NOW_S + 0.2 * k
        foreign_s = (true_s - NOW_S) * (1.0 + ppm * 1e-6) + offset_s
        clock.arrived(foreign_s, true_s + 0.05 + 0.2 * rng.random())
        ours = clock.to_ours(foreign_s)
        assert ours is not None
        if k > seconds * 2.5:
            worst = max(worst, abs(ours - true_s - 0.05))
    return worst


@pytest.mark.parametrize("offset_s", [0.0, 3600.0, -3599.0, 1.7e9])
def test_offset_through_jitter(offset_s: float) -> None:
    clock = ClockMap("vehicle")
    assert fed(clock, np.random.default_rng(1), seconds=120, offset_s=offset_s) < 0.03
    assert 0.0 < clock.uncertainty_s < 0.1


@pytest.mark.parametrize("ppm", [0.0, 100.0, -2000.0, -25_000.0])
def test_drift_is_followed_and_told(ppm: float) -> None:
    """Simulators on a busy machine run their clock two or three percent slow: the recorded PX4 flights do."""
    clock, rng = ClockMap("vehicle"), np.random.default_rng(2)
    told = []
    for k in range(1500):
        true_s = NOW_S + 0.2 * k
        foreign_s = 0.2 * k * (1.0 + ppm * 1e-6)
        told += clock.arrived(foreign_s, true_s + 0.05 + 0.2 * rng.random())
        if k > 300:
            assert abs((clock.to_ours(foreign_s) or 0.0) - true_s - 0.05) < 0.06
    assert clock.drift_ppm == pytest.approx(ppm, abs=400.0)
    assert [c.change for c in told[:1]] == ([Change.DRIFT] if abs(ppm) > 1000.0 else [])
    assert {c.change for c in told} <= {Change.DRIFT}


@pytest.mark.parametrize("step_s", [3600.0, -3600.0, 1.0, -1.0])
def test_a_step_is_an_event_and_is_followed(step_s: float) -> None:
    clock, rng = ClockMap("sampler"), np.random.default_rng(3)
    told = []
    for k in range(600):
        true_s = NOW_S + 0.2 * k
        foreign_s = true_s + (step_s if k >= 300 else 0.0)
        told += clock.arrived(foreign_s, true_s + 0.05 + 0.2 * rng.random())
    assert [c.change for c in told] == [Change.STEP]
    assert told[0].by == pytest.approx(step_s, abs=0.4) and "sampler" in told[0].text().en
    assert clock.to_ours(true_s + step_s) == pytest.approx(true_s + 0.05, abs=0.05)


def test_a_restart_is_told_from_a_step() -> None:
    clock = ClockMap("vehicle")
    told = []
    for k in range(400):
        told += clock.arrived(1000.0 + 0.2 * k if k < 200 else 0.2 * (k - 200), NOW_S + 0.2 * k + 0.05)
    assert [c.change for c in told] == [Change.RESTART]


def test_a_slow_link_is_no_step() -> None:
    """Three seconds of silence and then all of it at once: late messages, same clock."""
    clock = ClockMap("vehicle")
    told = []
    for k in range(600):
        true_s = NOW_S + 0.2 * k
        arrival_s = NOW_S + 80.0 if 385 <= k < 400 and k % 3 else true_s + 0.06
        told += clock.arrived(true_s, arrival_s)
    assert told == []


def test_round_trips_take_the_links_delay_out() -> None:
    clock, rng = ClockMap("vehicle"), np.random.default_rng(4)
    for k in range(600):
        true_s = NOW_S + 0.2 * k
        clock.arrived(true_s - NOW_S, true_s + 0.3 + 0.2 * rng.random())
        if k % 5 == 0:
            clock.answered(true_s - 0.3 - 0.2 * rng.random(), true_s - NOW_S, true_s + 0.3 + 0.2 * rng.random())
    assert clock.to_ours(100.0) == pytest.approx(NOW_S + 100.0, abs=0.05)
    assert clock.uncertainty_s < 0.25


def test_nothing_known_is_said() -> None:
    clock = ClockMap("vehicle")
    assert clock.to_ours(1.0) is None and math.isinf(clock.uncertainty_s) and clock.arrived(math.nan, 1.0) == ()


def test_the_line_lies_under_all_points() -> None:
    rng = np.random.default_rng(5)
    x = np.sort(rng.uniform(0.0, 100.0, 300))
    y = 5.0 - 1e-3 * x + rng.exponential(0.1, 300)
    at, offset, slope = lower_line(np.column_stack([x, y]))
    under = y - offset - slope * (x - at)
    assert under.min() > -1e-9 and slope == pytest.approx(-1e-3, abs=2e-4)


def test_a_whole_log_is_mapped_across_a_restart() -> None:
    rng = np.random.default_rng(6)
    true_s = NOW_S + 0.25 * np.arange(1600)
    boot_s = np.concatenate([50.0 + 0.25 * np.arange(800), 3.0 + 0.25 * np.arange(800)])
    ours = mapped(boot_s, true_s + 0.05 + rng.exponential(0.1, 1600))
    assert np.abs(ours - true_s - 0.05).max() < 0.05


def test_our_own_clock_is_watched() -> None:
    watch = WallClockWatch()
    assert watch.at(10.0, NOW_S) is None and watch.at(11.0, NOW_S + 1.0) is None
    stepped = watch.at(12.0, NOW_S - 58.0)
    assert stepped is not None and stepped.by == pytest.approx(-60.0)


@pytest.mark.parametrize("lag_s", [0.0, 8.0, -13.5, 40.0])
def test_a_lag_between_two_signals_is_found(lag_s: float) -> None:
    rng = np.random.default_rng(7)
    t = np.arange(0.0, 900.0, 1.0)
    height = 20.0 + 10.0 * np.interp(t, np.arange(0, 900, 45.0), rng.random(20))
    later = np.arange(0.0, 900.0, 2.0)
    pressure = 1000.0 - 0.12 * np.interp(later - lag_s, t, height) + 0.05 * rng.standard_normal(len(later))
    found = lag_of((t, height), (later, pressure), longest_s=60.0, opposite=True)
    assert found is not None and found.correlation < -0.8
    assert abs(found.lag_s - lag_s) < max(3.0 * found.uncertainty_s, 0.5)


def test_noise_has_no_lag() -> None:
    rng = np.random.default_rng(8)
    t = np.arange(0.0, 600.0)
    assert lag_of((t, rng.standard_normal(600)), (t, rng.standard_normal(600)), longest_s=60.0) is None


def test_a_periodic_signal_has_no_one_lag() -> None:
    t = np.arange(0.0, 600.0)
    wave = np.sin(2 * np.pi * t / 20.0)
    assert lag_of((t, wave), (t, wave), longest_s=60.0) is None


def flown(
    seed: int, *, offset_s: float, latency_s: float, jitter_s: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Errors in metres of readings of a flight at 8 m/s with turns; poses at 2 Hz, readings at 1 Hz, a link that
    delays each message on its own, an instrument clock `offset_s` off, a line of 1 s."""
    rng = np.random.default_rng(seed)
    frame = LocalFrame(35.71, 116.49)

    def truth(t: float) -> tuple[float, float]:
        """Legs of 200 m joined by half circles of 20 m radius, at 8 m/s."""
        leg, turn = 25.0, math.pi * 20.0 / 8.0
        round_, rest = divmod(t, leg + turn)
        forth = int(round_) % 2 == 0
        y = 40.0 * round_
        if rest < leg:
            return (8.0 * rest if forth else 200.0 - 8.0 * rest), y
        angle = (rest - leg) * 8.0 / 20.0
        side = 1.0 if forth else -1.0
        return (200.0 if forth else 0.0) + side * 20.0 * math.sin(angle), y + 20.0 - 20.0 * math.cos(angle)

    queue: list[tuple[float, str, float]] = []
    for k in range(600):
        queue.append((0.5 * k + latency_s + jitter_s * rng.random(), "pose", 0.5 * k))
    for k in range(300):
        queue.append((k + 0.13 + latency_s + jitter_s * rng.random(), "gas", k + 0.13))
    sampling, errors = Sampling(MAVLINK_NMHC), []
    for arrival, kind, sent in sorted(queue):
        at = Stamp(arrival, NOW_S + arrival, boot_s=sent + 70.0 if kind == "pose" else None)
        placed = sampling.after(_event(kind, at, sent, truth, frame, offset_s)).reading
        if placed is not None and sent > 10.0:
            x, y = frame.to_xy(placed.lat_deg, placed.lon_deg)
            true = truth(sent - MAVLINK_NMHC.line_delay_s)
            errors.append(math.hypot(float(x) - true[0], float(y) - true[1]))
    return np.array(errors)


def _event(kind: str, at: Stamp, sent: float, truth, frame, offset_s: float) -> Event:  # type: ignore[no-untyped-def]
    if kind == "gas":
        frame_ = Frame(int(sent), NOW_S + sent + offset_s, "NMHC", 0.5, Unit.MG_M3)
        return GasReported(at, "1/25", "TUNNEL", math.nan, raw=encode(frame_))
    (x0, y0), (x1, y1) = truth(sent), truth(sent + 1e-3)
    lat, lon = frame.to_lat_lon(x0, y0)
    east, north = (x1 - x0) * 1e3, (y1 - y0) * 1e3
    return Moved(
        at, float(lat), float(lon), 20.0, 60.0, north, east, 0.0, math.degrees(math.atan2(east, north)) % 360.0
    )


@pytest.mark.parametrize("offset_s", [0.0, 17.0, -3600.0, 3600.0])
@pytest.mark.parametrize(("latency_s", "jitter_s"), [(0.2, 0.2), (0.0, 0.4)])
def test_the_place_error_that_the_program_adds(offset_s: float, latency_s: float, jitter_s: float) -> None:
    errors = np.concatenate(
        [flown(seed, offset_s=offset_s, latency_s=latency_s, jitter_s=jitter_s) for seed in range(2)]
    )
    assert np.median(errors) <= 0.5 and np.percentile(errors, 95) <= 1.0


def test_air_measured_on_board_goes_into_the_conversion() -> None:
    sampling = Sampling(MAVLINK_NMHC)
    sampling.after(AirReported(Stamp(0.0, NOW_S), "1/1", 850.0, 35.0, None))
    sampling.after(Turned(Stamp(0.1, NOW_S + 0.1), 0.0, 0.0, 90.0))
    sampled = sampling.after(GasReported(Stamp(1.0, NOW_S + 1.0), "1/25", "NMHC", 1.0)).reading
    assert sampled is not None and not sampled.placed
    assert (sampled.reading.temperature_c, sampled.reading.pressure_hpa) == (35.0, 850.0)


def test_a_step_of_the_computers_clock_is_told() -> None:
    sampling = Sampling(MAVLINK_NMHC)
    sampling.after(Turned(Stamp(0.0, NOW_S), 0.0, 0.0, 90.0))
    changes = sampling.after(Turned(Stamp(1.0, NOW_S + 3601.0), 0.0, 0.0, 90.0)).changes
    assert [c.change for c in changes] == [Change.STEP] and changes[0].by == pytest.approx(3600.0)


@pytest.mark.parametrize("ahead_s", [0.0, 75.0, -3600.0])
def test_how_wrong_the_computers_clock_is(ahead_s: float) -> None:
    """The vehicle tells its UTC five times a second over a link of 50 to 250 ms."""
    sampling, rng = Sampling(MAVLINK_NMHC), np.random.default_rng(9)
    assert sampling.computer_ahead_s is None
    for k in range(300):
        arrival = 0.2 * k + 0.05 + 0.2 * rng.random()
        sampling.after(ClockCompared(Stamp(arrival, NOW_S + ahead_s + arrival), vehicle_unix_s=NOW_S + 0.2 * k))
    assert sampling.computer_ahead_s == pytest.approx(ahead_s + 0.05, abs=0.03)
    assert sampling.gnss_clock.uncertainty_s < 0.1


def test_boot_time_of_named_values_and_unix_time_of_frames_are_two_clocks() -> None:
    sampling, changes = Sampling(MAVLINK_NMHC), []
    for k in range(5):
        at = Stamp(float(k), NOW_S + k)
        frame = Frame(k, NOW_S + k, "NMHC", 0.1 * k, Unit.MG_M3)
        changes += sampling.after(GasReported(at, "1/25", "NMHC", 0.1 * k, instrument_s=50.0 + k)).changes
        changes += sampling.after(GasReported(at, "1/25", "TUNNEL", math.nan, raw=encode(frame))).changes
    assert changes == []


def test_a_backlog_that_comes_all_at_once_is_no_stepping_clock() -> None:
    clock, changes = ClockMap("instrument"), []
    for k in range(40):  # forty seconds of readings out of one buffer
        changes += clock.arrived(1000.0 + k, 5000.0 + k * 1e-4)
    for k in range(40, 60):
        changes += clock.arrived(1000.0 + k, 4961.0 + k)
    assert changes == [] and abs(clock.drift_ppm) < 1.0
    assert clock.to_ours(1059.0) == pytest.approx(5020.0, abs=0.05)
