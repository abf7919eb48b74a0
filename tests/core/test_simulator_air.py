"""The simulated air: wind that meanders as told, puffs that behave like gas, and worlds drawn by their seed."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dronesampler.simulator.puffs import STEP_S, Puffs, Source
from dronesampler.simulator.wind import MeanderingWind, WindSettings
from dronesampler.simulator.world import FROM_ONE_ANOTHER_M, FROM_OUTLETS_M, World, WorldSettings, draw_sources
from tests.flight.sim_station import START_S, at, park

STILL = replace(
    WindSettings(270.0, 4.0), veer_sd_deg=0.0, gust_turn_sd_deg=0.0, surge_sd=0.0, gust_sd=0.0
)  # from the west, always


def test_wind_has_the_mean_and_the_spread_that_it_was_given() -> None:
    settings = WindSettings(300.0, 3.5)
    rows = [MeanderingWind(settings, seed=k, start_s=0.0).history(0.0, 1200.0) for k in range(12)]
    turn = np.concatenate([(r.from_deg - 300.0 + 180.0) % 360.0 - 180.0 for r in rows])
    speed = np.concatenate([r.speed_m_s for r in rows])
    assert abs(turn.mean()) < 5.0
    assert turn.std() == pytest.approx(math.hypot(settings.veer_sd_deg, settings.gust_turn_sd_deg), rel=0.25)
    assert speed.mean() == pytest.approx(3.5, rel=0.06)
    assert speed.std() / 3.5 == pytest.approx(math.hypot(settings.surge_sd, settings.gust_sd), rel=0.25)


def test_wind_grows_with_height_by_the_power_law_and_blows_away_from_where_it_comes() -> None:
    wind = MeanderingWind(STILL, seed=1, start_s=0.0)
    east, north = wind.toward_at(10.0, 10.0)
    assert (east, north) == pytest.approx((4.0, 0.0), abs=1e-9)
    assert wind.toward_at(10.0, 20.0)[0] == pytest.approx(4.0 * 2.0**0.2)


def test_wind_does_not_depend_on_when_it_is_asked_for() -> None:
    settings = WindSettings.drawn(90.0, 3.0, seed=4)
    forward, backward = (MeanderingWind(settings, seed=4, start_s=0.0) for _ in range(2))
    times = [0.0, 10.0, 700.0, 1500.0]
    later_first = {t: backward.at(t) for t in reversed(times)}
    assert {t: forward.at(t) for t in times} == later_first


def plume(*, seconds: float = 400.0, seed: int = 1, **changes: float) -> Puffs:
    source = replace(Source("S", 0.0, 0.0, 12.0, 2.0, permitted=False, wake_m=2.0), **changes)  # type: ignore[arg-type]
    wind = MeanderingWind(STILL, seed=seed, start_s=0.0)
    puffs = Puffs((source,), wind, seed=seed, start_s=0.0)
    puffs.advance(seconds)
    return puffs


def mean_over_time(puffs: Puffs, places: list[tuple[float, float, float]], *, seconds: float = 300.0) -> list[float]:
    """Means at fixed places, mg/m3."""
    total = np.zeros(len(places))
    steps = int(seconds / STEP_S)
    for _ in range(steps):
        puffs.advance(puffs.time_s + STEP_S)
        total += [float(puffs.at(*place)[0]) for place in places]
    return list(total / steps)


def test_gas_is_downwind_only_symmetric_across_and_thinner_with_distance() -> None:
    places = [(60, 0, 12), (150, 0, 12), (350, 0, 12), (-40, 0, 12)]
    sides = [(x, side * 20, 12) for side in (1, -1) for x in (100, 150, 200, 250)]
    means = mean_over_time(plume(), [*places, *sides], seconds=1500.0)
    near, middle, far, upwind = means[:4]
    left, right = sum(means[4:8]), sum(means[8:])
    assert near > 2.0 * middle > 4.0 * far > 0.0
    assert upwind < 1e-6 * near
    assert means[5] < middle and means[9] < middle
    assert left == pytest.approx(right, rel=0.3)


def test_no_gas_is_lost_on_the_way() -> None:
    """What crosses a plane downwind in a second is what the outlet gives in a second."""
    puffs = plume()
    across, up = np.arange(-64.0, 64.1, 8.0), np.arange(2.5, 60.0, 5.0)
    fluxes = []
    for _ in range(120):
        puffs.advance(puffs.time_s + 6.0)
        layers = ((z, sum(float(puffs.at(120.0, y, z)[0]) for y in across)) for z in up)
        fluxes.append(sum(8.0 * 5.0 * layer * 4.0 * (z / 10.0) ** 0.2 / 1000.0 for z, layer in layers))
    assert np.mean(fluxes) == pytest.approx(2.0, rel=0.15)


def test_twice_the_rate_is_twice_the_gas_and_a_hot_plume_is_found_higher() -> None:
    assert plume(rate_g_s=4.0).at(100.0, 0.0, 12.0) == pytest.approx(2.0 * plume().at(100.0, 0.0, 12.0), rel=1e-4)
    low, high = mean_over_time(plume(rise_m=15.0), [(150, 0, 12), (150, 0, 27)])
    assert high > low


def test_a_world_keeps_its_hidden_outlets_inside_and_apart() -> None:
    ground = park()
    frame = ground.frame()
    outlets = [tuple(map(float, frame.to_xy(o.lat_deg, o.lon_deg))) for o in ground.outlets]
    for seed in range(60):
        sources = draw_sources(ground, seed=seed, bypasses=None)
        hidden = [s for s in sources if not s.permitted]
        assert 1 <= len(hidden) <= 2 and 1 <= len(sources) - len(hidden) <= 5
        for k, s in enumerate(hidden):
            assert all(math.dist((s.x_m, s.y_m), o) >= FROM_OUTLETS_M for o in outlets)
            assert all(math.dist((s.x_m, s.y_m), (o.x_m, o.y_m)) >= FROM_ONE_ANOTHER_M for o in hidden[:k])
            assert abs(s.x_m) < 300 and abs(s.y_m) < 225
            assert 4.0 <= s.height_m <= 15.0
        assert all(0.3 <= s.rate_g_s <= 5.0 for s in sources)
    assert draw_sources(ground, seed=7, bypasses=2) == draw_sources(ground, seed=7, bypasses=2)
    assert len([s for s in draw_sources(ground, seed=7, bypasses=0) if not s.permitted]) == 0


def test_one_seed_is_one_day_however_the_steps_are_cut() -> None:
    def breathed(step_s: float) -> list[float]:
        world = World(park(), WorldSettings(11), start_s=START_S)
        lat, lon = at(50.0, 0.0)
        values = []
        now_s = START_S
        while now_s < START_S + 40.0:
            now_s += step_s
            world.breathe(now_s, lat, lon, 15.0)
            if abs(now_s - round(now_s)) < 1e-6:
                values.append(world.read(now_s).value_mg_m3)
        return values

    assert breathed(0.5) == breathed(0.25)
