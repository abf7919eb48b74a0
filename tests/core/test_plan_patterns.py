"""Every pattern over the demo park and over awkward areas, and the sentences for what cannot be planned."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from dronesampler.geo import LocalFrame, Polygon
from dronesampler.mission import Command, Mission
from dronesampler.park import Outlet, Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import PATTERNS, Aircraft, make_plan, planned
from dronesampler.plan.area import flat
from dronesampler.problems import BadInput

FRAME = LocalFrame(35.7, 116.4)
DEMO = read_park(assets_dir() / "demo-park.geojson").park


def degrees(*points: tuple[float, float], frame: LocalFrame = FRAME) -> tuple[tuple[float, float], ...]:
    lat, lon = frame.to_lat_lon([p[0] for p in points], [p[1] for p in points])
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def bare(*points: tuple[float, float], holes: tuple[tuple[tuple[float, float], ...], ...] = ()) -> Park:
    return Park("area", Polygon(degrees(*points), tuple(degrees(*hole) for hole in holes)))


def waypoints(mission: Mission, frame: LocalFrame = FRAME) -> np.ndarray:
    places = [i for i in mission.items if i.command == Command.WAYPOINT]
    x, y = frame.to_xy([i.lat_deg for i in places], [i.lon_deg for i in places])
    return np.column_stack([x, y])


def test_the_demo_park_is_what_the_brief_says() -> None:
    taken = read_park(assets_dir() / "demo-park.geojson")
    park = taken.park
    assert not taken.refused and park.simulated and park.home and park.leads and park.airspaces[0].layer_version
    assert len(park.enterprises) >= 6 and [o.code for o in park.outlets] == [f"DA{k:03d}" for k in range(1, 13)]
    x, y = park.frame().to_xy([o.lat_deg for o in park.outlets], [o.lon_deg for o in park.outlets])
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + np.eye(12) * 1e9
    assert apart.min() >= 70 and all(15 <= o.height_m <= 25 for o in park.outlets)
    owners = {e.credit_code: e for e in park.enterprises}
    area = flat(park.boundary, park.frame())
    for outlet, place in zip(park.outlets, np.column_stack([x, y]), strict=True):
        owner = owners[outlet.enterprise].area
        assert owner is not None and flat(owner, park.frame()).contains(Point(*place)) and area.contains(Point(*place))


def test_credit_codes_of_the_demo_park_are_sound_and_of_nobody() -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for enterprise in DEMO.enterprises:
        values = [alphabet.index(c) for c in enterprise.credit_code]
        assert (sum(v * pow(3, k, 31) for k, v in enumerate(values[:17])) + values[17]) % 31 == 0  # GB 32100-2015
        assert enterprise.credit_code[2:8] == "999999" and "演示" in enterprise.name


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("wind", [(135.0, 3.0), (10.0, 6.0)])
def test_every_pattern_flies_the_demo_park_clear_of_everything(name: str, wind: tuple[float, float]) -> None:
    chosen = {"outlets": "DA003,DA007"} if name == "stack-orbit" else {}
    chosen |= {"spacing_m": "60"} if name == "area-grid" else {}
    plan = planned(DEMO, name, wind=wind, settings=chosen)
    mission, site = plan.mission, plan.site
    assert mission.simulated and mission.pattern == name and mission.fence and mission.home
    assert mission.items[0].command == Command.TAKEOFF and mission.items[-1].command == Command.RETURN
    assert {i.command for i in mission.items} <= {
        Command.TAKEOFF,
        Command.CHANGE_SPEED,
        Command.WAYPOINT,
        Command.RETURN,
    }
    route = LineString([site.home, *plan.route.xy()])
    assert route.intersection(site.airspace).length == 0
    fence = flat(mission.fence.polygons[0].area, site.frame)
    assert fence.contains(route)
    for before, after in zip(plan.route.stops, plan.route.stops[1:], strict=False):
        leg = LineString([(before.x_m, before.y_m), (after.x_m, after.y_m)])
        low = min(before.height_agl_m, after.height_agl_m)
        for footprint, top in site.obstacles:
            assert low >= top + 4.99 or leg.distance(footprint) > 6.0, (before, after, top)


def test_the_ladder_lies_across_the_wind_and_begins_downwind() -> None:
    for wind_from in (0.0, 77.0, 200.0, 341.0):
        plan = planned(DEMO, "crosswind-ladder", wind=(wind_from, 3.0), settings={"height_agl_m": "40"})
        along = plan.site.downwind
        lines = [s for s in plan.route.stops if s.note.startswith("transect")]
        places = {note: [np.array([s.x_m, s.y_m]) for s in lines if s.note == note] for note in {s.note for s in lines}}
        heights = {int(note.split()[1]): [float(p @ along) for p in ps] for note, ps in places.items()}
        assert all(max(h) - min(h) < 0.5 for h in heights.values())
        middles = [np.mean(heights[k]) for k in sorted(heights)]
        assert (np.diff(middles) < 0).all()
        corners = shapely.get_coordinates(plan.site.area) @ along
        assert middles[0] > corners.max() and middles[-1] < corners.min() + plan.route.speed_m_s * 30


def test_a_second_pass_runs_between_the_lines_of_the_first() -> None:
    once = planned(DEMO, "crosswind-ladder", wind=(135, 3), settings={"spacing_m": "60", "height_agl_m": "40"})
    twice = planned(
        DEMO, "crosswind-ladder", wind=(135, 3), settings={"spacing_m": "60", "height_agl_m": "40", "passes": "2"}
    )
    assert 1.8 < twice.length_m() / once.length_m() < 2.2
    stops = [s for s in twice.route.stops if s.note.startswith("transect")]
    levels = np.sort([float(np.array([s.x_m, s.y_m]) @ twice.site.downwind) for s in stops])
    steps = np.diff(levels)
    assert steps[steps > 1.0].min() > 15.0


def test_without_overhang_no_line_of_the_ladder_leaves_a_concave_area() -> None:
    park = bare((0, 0), (480, 0), (480, 400), (340, 400), (340, 140), (140, 140), (140, 400), (0, 400))
    chosen = {"overhang_m": "0", "beyond_m": "0", "spacing_m": "30"}
    plan = planned(park, "crosswind-ladder", wind=(180, 3), settings=chosen)
    stops = [s for s in plan.route.stops if s.note.startswith("transect")]
    for a, b in zip(stops[::2], stops[1::2], strict=True):
        assert plan.site.area.buffer(0.01).covers(LineString([(a.x_m, a.y_m), (b.x_m, b.y_m)]))
    assert {round(s.y_m - stops[0].y_m) % 30 for s in stops} == {0}


def test_outlet_tour_stops_once_at_every_outlet_on_the_side_asked_for() -> None:
    plan = planned(DEMO, "outlet-tour", wind=(225, 4), settings={"sides": "both", "downwind_m": "25", "upwind_m": "12"})
    stops = {s.note: s for s in plan.route.stops if s.hold_s > 0}
    assert len(stops) == 24
    for outlet, xy in zip(DEMO.outlets, plan.site.outlets, strict=True):
        for side, offset in (("downwind", 25.0), ("upwind", -12.0)):
            stop = stops[f"{outlet.code} {side}"]
            assert np.array([stop.x_m, stop.y_m]) == pytest.approx(xy + offset * plan.site.downwind, abs=1e-6)
            assert stop.height_agl_m >= outlet.height_m + 5 and stop.hold_s >= 3 * plan.site.sampler.t90_s


def test_a_bare_polygon_and_a_home_of_its_own() -> None:
    park = bare((0, 0), (300, 0), (300, 200), (0, 200))
    mission = make_plan(park, "area-grid", wind=(0, 0), home=degrees((-20, 10))[0])
    assert mission.home and (mission.home.lat_deg, mission.home.lon_deg) == pytest.approx(degrees((-20, 10))[0])
    assert waypoints(mission)[:, 0].min() > 9.9


@given(st.floats(0, 359), st.integers(0, 10_000))
@settings(max_examples=12, deadline=None)
def test_fence_line_stays_inside_at_its_distance(wind_from: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * math.pi, 7))
    corners = np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(120, 300, 7)[:, None]
    if not shapely.Polygon(corners).is_valid or shapely.Polygon(corners).area < 5000:
        return
    plan = planned(bare(*map(tuple, corners)), "fence-line", wind=(wind_from, 2.0), settings={"heights_agl_m": "20"})
    stops = [s for s in plan.route.stops if s.note.startswith("fence")]
    distances = [plan.site.area.exterior.distance(Point(s.x_m, s.y_m)) for s in stops]
    assert min(distances) == pytest.approx(10.0, abs=0.6)
    assert all(plan.site.area.contains(Point(s.x_m, s.y_m)) for s in stops)


def test_curtain_profile_corridor_and_look_here_have_the_shape_they_are_asked_for() -> None:
    curtain = planned(
        DEMO, "flux-curtain", wind=(180, 4), settings={"low_agl_m": "20", "high_agl_m": "60", "step_agl_m": "20"}
    )
    levels = [s.height_agl_m for s in curtain.route.stops if s.note.startswith("curtain")]
    assert (
        sorted(set(levels)) == [20, 40, 60]
        and np.ptp([s.y_m for s in curtain.route.stops if "curtain" in s.note]) < 1e-6
    )
    profile = planned(DEMO, "vertical-profile", wind=(180, 4), settings={"outlets": "DA003", "low_agl_m": "30"})
    assert [s.height_agl_m for s in profile.route.stops if s.hold_s] == [30, 40, 50]
    corridor = planned(
        bare((0, 0), (600, 0), (600, 60), (0, 60)),
        "corridor",
        wind=(0, 0),
        settings={"width_m": "40", "spacing_m": "20"},
    )
    assert sorted({round(s.y_m - corridor.route.stops[0].y_m, 3) for s in corridor.route.stops}) == [0, 20]
    look = planned(
        DEMO, "look-here", wind=(270, 3), settings={"at": "35.712,116.489", "ranges_m": "50", "height_agl_m": "40"}
    )
    east = {round(s.x_m - float(look.site.at(35.712, 116.489)[0]), 3) for s in look.route.stops if "spot" in s.note}
    assert east == {50.0}


@pytest.mark.parametrize(
    ("park", "pattern", "wind", "chosen", "words"),
    [
        (bare((0, 0), (100, 100), (100, 0), (0, 100)), "area-grid", (0, 0), {}, "crosses itself"),
        (bare((0, 0), (100, 0), (200, 0)), "area-grid", (0, 0), {}, "no area"),
        (bare((0, 0), (90_000, 0), (0, 90_000)), "area-grid", (0, 0), {}, "no park"),
        (Park("x", Polygon(((116.4, 35.7), (116.5, 35.7), (116.5, 35.8)))), "area-grid", (0, 0), {}, "swapped"),
        (DEMO, "crosswind-ladder", (135, 0), {}, "wind"),
        (DEMO, "crosswind-ladder", (135, math.nan), {}, "cannot be"),
        (DEMO, "crosswind-ladder", (400, 3), {}, "cannot be"),
        (DEMO, "outlet-tour", (135, 18), {}, "can fly against"),
        (bare((0, 0), (100, 0), (100, 100)), "outlet-tour", (135, 3), {}, "no permitted outlets"),
        (DEMO, "outlet-tour", (135, 3), {"outlets": "DA099"}, "DA099"),
        (DEMO, "zigzag", (135, 3), {}, "there is no pattern"),
        (DEMO, "area-grid", (0, 0), {"spacing_m": "0"}, "must be from"),
        (DEMO, "area-grid", (0, 0), {"spacing_m": "wide"}, "must be a number"),
        (DEMO, "area-grid", (0, 0), {"width": "3"}, "has no setting"),
        (DEMO, "area-grid", (0, 0), {"preset": "best"}, "no preset"),
        (DEMO, "fence-line", (0, 0), {"heights_agl_m": "20,500"}, "must be from"),
        (DEMO, "look-here", (135, 3), {"at": "nowhere"}, "LAT,LON"),
        (DEMO, "stack-orbit", (135, 3), {"radius_m": "4"}, "less than"),
        (bare((0, 0), (100, 0), (100, 100)), "look-here", (135, 3), {}, "no lead"),
    ],
)
def test_what_cannot_be_planned_is_a_sentence(
    park: Park, pattern: str, wind: tuple[float, float], chosen: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInput) as refused:
        make_plan(park, pattern, wind=wind, settings=chosen)
    assert words in refused.value.text.en and refused.value.text.zh


def test_a_park_on_the_antimeridian_is_planned_as_anywhere_else() -> None:
    frame = LocalFrame(-17.0, 180.0)
    corners = degrees((-200, -150), (200, -150), (200, 150), (-200, 150), frame=frame)
    assert {lon > 0 for _, lon in corners} == {True, False}
    park = Park("x", Polygon(corners), outlets=(Outlet("DA001", *degrees((50, 0), frame=frame)[0], 15.0),))
    for pattern in ("area-grid", "outlet-tour", "crosswind-ladder"):
        mission = make_plan(park, pattern, wind=(90, 3))
        assert np.abs(waypoints(mission, frame)).max() < 400


def test_presets_and_defaults_are_all_usable() -> None:
    for pattern in PATTERNS.values():
        for preset in ("", *pattern.presets):
            assert pattern.settings({"preset": preset} if preset else {}).values
        assert pattern.reason.zh and pattern.reason.en and all(p.text.zh and p.text.en for p in pattern.parameters)


def test_stops_are_no_faster_to_reach_than_the_aircraft_allows() -> None:
    slow = make_plan(DEMO, "crosswind-ladder", wind=(135, 3), aircraft=Aircraft(max_speed_m_s=2.0))
    assert slow.cruise_speed_m_s is not None and slow.cruise_speed_m_s <= 2.0
