"""What a route would see, and why speed and spacing are what they are."""

import dataclasses
import json
import math

import numpy as np
import pytest

from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import Sampler, make_plan, planned
from dronesampler.plan.coverage import as_geojson, coverage
from dronesampler.plan.detect import seen_g_s

DEMO = read_park(assets_dir() / "demo-park.geojson").park
WIND = (135.0, 3.0)


def test_a_slow_sampler_flies_slowly_and_the_reason_is_said() -> None:
    speeds = {}
    for t90 in (1.0, 3.0, 8.0):
        plan = planned(DEMO, "crosswind-ladder", wind=WIND, sampler=Sampler(t90_s=t90), settings={"spacing_m": "60"})
        speeds[t90] = plan.route.speed_m_s
        assert len(plan.route.why) == 2 and all(text.zh and text.en for text in plan.route.why)
    assert speeds[1.0] > speeds[3.0] > speeds[8.0]
    assert f"T90 of {8:g} s" in plan.route.why[1].en


def test_a_smaller_emission_or_a_noisier_sampler_asks_for_closer_lines() -> None:
    def spacing(wanted: str, noise: float = 0.03) -> float:
        sampler = Sampler(noise_mg_m3=noise)
        plan = planned(DEMO, "crosswind-ladder", wind=WIND, settings={"detect_g_s": wanted}, sampler=sampler)
        ys = [float(np.array([s.x_m, s.y_m]) @ plan.site.downwind) for s in plan.route.stops if "transect" in s.note]
        steps = np.abs(np.diff(np.sort(ys)))
        return float(np.median(steps[steps > 5]))

    assert spacing("2.0") > spacing("0.6")
    assert spacing("2.0") >= spacing("2.0", noise=0.09)


def test_two_lines_close_together_see_no_less_than_two_far_apart() -> None:
    site = planned(DEMO, "crosswind-ladder", wind=WIND).site
    seen = [seen_g_s(site, s, height_agl_m=20.0, speed_m_s=3.0) for s in (30.0, 60.0, 120.0)]
    assert seen[0] <= seen[1] <= seen[2]


def test_the_map_shows_what_lies_upwind_of_a_line_and_not_what_lies_downwind() -> None:
    chosen = {"low_agl_m": "15", "high_agl_m": "15", "distance_m": "0", "avoid_airspace": "no"}
    whole = make_plan(DEMO, "flux-curtain", wind=(180, 3), settings=chosen)
    line = tuple(i for i in whole.items if i.note.startswith("curtain"))
    curtain = dataclasses.replace(whole, items=line, home=None)  # not the way there and back
    seen = coverage(curtain, DEMO, wind=(180, 3))
    north = seen.y_m > np.quantile(seen.y_m, 0.5)
    assert (seen.rate_g_s[north] <= 1.0).mean() > 0.7
    other_way = coverage(curtain, DEMO, wind=(0, 3))
    assert other_way.inspected < 0.1 < seen.inspected


def test_a_wind_that_turns_costs_coverage_and_never_gives_any() -> None:
    ladder = make_plan(DEMO, "crosswind-ladder", wind=WIND, settings={"spacing_m": "60"})
    seen = coverage(ladder, DEMO, wind=WIND)
    assert seen.inspected > 0.85 and seen.inspected_if_turned <= seen.inspected
    assert seen.median_g_s < 1.0
    few = coverage(make_plan(DEMO, "outlet-tour", wind=WIND), DEMO, wind=WIND)
    assert few.inspected < 0.5


def test_the_map_is_geojson_with_nulls_for_what_is_not_seen() -> None:
    tour = make_plan(DEMO, "outlet-tour", wind=WIND)
    document = json.loads(as_geojson(coverage(tour, DEMO, wind=WIND, cell_m=25.0)))
    assert document["type"] == "FeatureCollection" and document["simulated"] is True
    rates = [f["properties"]["rate_g_s"] for f in document["features"]]
    assert None in rates and all(r is None or (r > 0 and math.isfinite(r)) for r in rates)
    assert {f["properties"]["inspected"] for f in document["features"]} == {True, False}
    lon, lat = document["features"][0]["geometry"]["coordinates"][0][0]
    assert lat == pytest.approx(35.71, abs=0.01) and lon == pytest.approx(116.49, abs=0.01)


def test_no_rate_is_promised_for_a_spacing_in_calm_air() -> None:
    why = [text.en for text in planned(DEMO, "crosswind-ladder", wind=(135, 0.3)).route.why]
    assert any("no direction" in text for text in why)
    assert not any("notice" in text or "shows about" in text for text in why)


def test_nothing_is_claimed_to_be_inspected_in_calm_air_or_by_an_empty_route() -> None:
    grid = make_plan(DEMO, "area-grid", wind=(0, 0), settings={"spacing_m": "80"})
    calm = coverage(grid, DEMO, wind=(0, 0), cell_m=40.0)
    assert calm.inspected == calm.inspected_if_turned == 0.0 and np.isinf(calm.rate_g_s).all()
    assert coverage(grid, DEMO, wind=(0, 1), cell_m=40.0).inspected > 0.0
    assert coverage(type(grid)("m", (), grid.home), DEMO, wind=WIND, cell_m=40.0).inspected == 0.0
