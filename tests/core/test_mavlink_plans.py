"""Plans on the wire: both ways, compared with known roundings, and refused beforehand by the vehicle's table."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mavlink import (
    ARDUPILOT,
    PX4,
    PlanKind,
    fence_of,
    home_of,
    mission_items,
    rally_of,
    refusals,
    wire_items,
)
from dronesampler.mavlink.compare import difference
from dronesampler.mavlink.personality import Personality
from dronesampler.mavlink.wire import WireItem
from dronesampler.mission import Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint

STACKS = pytest.mark.parametrize("stack", [ARDUPILOT, PX4], ids=["ardupilot", "px4"])
HOME = Place(35.712, 116.489, 40.0, HeightReference.SEA)


def mission(*extra: Item, home: Place | None = HOME) -> Mission:
    items = (
        takeoff(35.712, 116.489, 20.0),
        change_speed(4.0),
        waypoint(35.713, 116.490, 30.0, hold_s=5.0),
        *extra,
        return_home(),
    )
    return Mission("m", items, home=home)


@STACKS
def test_mission_there_and_back(stack: Personality) -> None:
    jump = Item(Command.JUMP, frame=Frame.NONE, params=(2.0, 3.0, 0.0, 0.0))
    plan = mission(jump)
    wire = wire_items(plan, PlanKind.MISSION, stack)
    assert len(wire) == len(plan.items) + (1 if stack.home_item else 0)
    back = mission_items(wire, stack)
    for ours, theirs in zip(plan.items, back, strict=True):
        assert (ours.command, ours.frame, ours.lat_deg, ours.lon_deg, ours.height_m) == (
            theirs.command,
            theirs.frame,
            theirs.lat_deg,
            theirs.lon_deg,
            theirs.height_m,
        )
        assert ours.params[:3] == theirs.params[:3]


def test_ardupilot_has_home_first_and_its_jumps_count_it() -> None:
    jump = Item(Command.JUMP, frame=Frame.NONE, params=(2.0, 3.0, 0.0, 0.0))
    wire = wire_items(mission(jump), PlanKind.MISSION, ARDUPILOT)
    assert (wire[0].command, wire[0].frame, wire[0].x, wire[0].z) == (16, 0, 357120000, 40.0)
    assert wire[4].params[0] == 3.0
    assert wire_items(mission(jump), PlanKind.MISSION, PX4)[3].params[0] == 2.0
    assert home_of(wire, ARDUPILOT) == HOME
    assert home_of(wire, PX4) is None


def test_yaw_as_it_is_goes_out_as_each_stack_takes_it() -> None:
    assert wire_items(mission(), PlanKind.MISSION, ARDUPILOT)[3].params[3] == 0.0
    assert math.isnan(wire_items(mission(), PlanKind.MISSION, PX4)[2].params[3])


def test_empty_mission_is_an_empty_list() -> None:
    assert wire_items(Mission("none", ()), PlanKind.MISSION, ARDUPILOT) == ()


SQUARE = ((35.70, 116.48), (35.70, 116.50), (35.72, 116.50), (35.72, 116.48))


def fenced(**more: object) -> Mission:
    fence = Fence((PolygonFence(Polygon(SQUARE)),), (Circle(35.71, 116.49, 15.5, inclusion=False),))
    return replace(mission(), fence=fence, **more)  # type: ignore[arg-type]


def test_fence_has_polygons_first_and_comes_back() -> None:
    wire = wire_items(fenced(), PlanKind.FENCE, PX4)
    assert [w.command for w in wire] == [5001, 5001, 5001, 5001, 5004]
    assert all(w.params[0] == 4.0 for w in wire[:4])
    assert fence_of(wire) == fenced().fence


def test_rally_points_are_in_the_frame_px4_can_use() -> None:
    plan = replace(mission(), rally=(Place(35.711, 116.488, 25.0, HeightReference.HOME),))
    wire = wire_items(plan, PlanKind.RALLY, PX4)
    assert wire[0].frame == 3
    assert rally_of(wire) == plan.rally
    assert rally_of([replace(wire[0], frame=6)]) == plan.rally


@given(lat=st.floats(-89.0, 89.0), lon=st.floats(-180.0, 180.0), height=st.floats(-50.0, 500.0))
@settings(max_examples=100, deadline=None)
def test_places_keep_a_centimetre(lat: float, lon: float, height: float) -> None:
    plan = Mission("m", (waypoint(lat, lon, height),), home=HOME)
    (item,) = mission_items(wire_items(plan, PlanKind.MISSION, PX4), PX4)
    assert abs(item.lat_deg - lat) <= 5.1e-8
    assert abs(item.lon_deg - lon) <= 5.1e-8
    assert item.height_m == height


# Read back: recorded roundings are no difference, anything else is.

W = WireItem(16, 6, (5.0, 0.0, 0.0, 0.0), 357122695, 1164890000, 15.0)


def differs(sent: WireItem, got: WireItem, stack: Personality, kind: PlanKind = PlanKind.MISSION) -> str | None:
    home = (W,) if stack.home_item and kind is PlanKind.MISSION else ()
    found = difference((*home, sent), (*home, got), kind=kind, personality=stack)
    return found.field if found else None


@pytest.mark.parametrize(
    ("stack", "sent", "got"),
    [
        (ARDUPILOT, W, replace(W, frame=3)),
        (ARDUPILOT, replace(W, frame=5), replace(W, frame=0)),
        (ARDUPILOT, replace(W, params=(2.5, 3.0, 0.0, 90.0)), replace(W, params=(2.0, 0.0, 0.0, 0.0), frame=3)),
        (ARDUPILOT, replace(W, command=19, params=(10.7, 0, 0, 0)), replace(W, command=19, params=(10.0, 0, 1.0, 0))),
        (ARDUPILOT, replace(W, command=18, params=(3.4, 0, 7, 0)), replace(W, command=18, params=(3.0, 0, 7, 0))),
        (ARDUPILOT, replace(W, command=21, params=(0.0,) * 4), replace(W, command=21, params=(0.0, 0.0, 0.0, 1.0))),
        (
            ARDUPILOT,
            WireItem(183, 2, (9.0, 1500.5, 0.0, 0.0), 0, 0, 0.0),
            WireItem(183, 0, (9.0, 1500.0, 0.0, 0.0), 0, 0, 0.0),
        ),
        (ARDUPILOT, replace(W, z=15.004), replace(W, z=15.0)),
        (PX4, replace(W, frame=0), replace(W, frame=5)),
        (PX4, replace(W, command=19, params=(6.0, 0, 0, math.nan)), replace(W, command=19, params=(6.0, 0, 0, 0))),
        (PX4, replace(W, params=(0, 0, 0, math.nan)), replace(W, params=(0, 0, 0, math.nan))),
        (PX4, replace(W, z=0.1), replace(W, z=0.10000000149011612)),
    ],
)
def test_known_roundings_are_equal(stack: Personality, sent: WireItem, got: WireItem) -> None:
    assert differs(sent, got, stack) is None


@pytest.mark.parametrize(
    ("stack", "got", "field"),
    [
        (ARDUPILOT, replace(W, command=17), "command"),
        (ARDUPILOT, replace(W, params=(4.0, 0, 0, 0)), "param1"),
        (ARDUPILOT, replace(W, x=W.x + 1), "place"),
        (ARDUPILOT, replace(W, z=15.02), "height"),
        (ARDUPILOT, replace(W, frame=0), "frame"),
        (ARDUPILOT, replace(W, frame=10), "frame"),
        (PX4, replace(W, z=15.001), "height"),
        (PX4, replace(W, params=(5.0, 1.0, 0, 0)), "param2"),
        (PX4, replace(W, params=(5.0, 0.0, 0, math.nan)), "param4"),
    ],
)
def test_anything_else_is_a_difference(stack: Personality, got: WireItem, field: str) -> None:
    assert differs(W, got, stack) == field


def test_count_is_compared_first_and_home_alone_is_no_plan() -> None:
    home = replace(W, frame=0)
    assert difference((), (home,), kind=PlanKind.MISSION, personality=ARDUPILOT) is None
    found = difference((home, W), (home,), kind=PlanKind.MISSION, personality=ARDUPILOT)
    assert found is not None
    assert (found.field, found.sent, found.got) == ("count", 2, 1)


def test_home_itself_may_differ() -> None:
    moved = replace(W, x=1)
    assert difference((W, W), (moved, W), kind=PlanKind.MISSION, personality=ARDUPILOT) is None


# Refused beforehand.


def reasons(plan: Mission, stack: Personality, kind: PlanKind = PlanKind.MISSION, **more: bool) -> list[str]:
    return [p.rule for p in refusals(plan, kind, stack, **more)]


@STACKS
def test_a_good_plan_is_not_refused(stack: Personality) -> None:
    assert reasons(mission(), stack) == []
    assert reasons(fenced(), stack, PlanKind.FENCE) == []


def test_limit_counts_home() -> None:
    point = waypoint(35.713, 116.49, 30.0)
    assert reasons(Mission("m", (point,) * 649, home=HOME), ARDUPILOT) == []
    (problem,) = refusals(Mission("m", (point,) * 650, home=HOME), PlanKind.MISSION, ARDUPILOT)
    assert "651" in problem.text.en
    assert "650" in problem.text.en
    assert reasons(Mission("m", (point,) * 650, home=HOME), PX4) == []


@STACKS
@pytest.mark.parametrize("place", ["lat_deg", "lon_deg", "height_m"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_nan_and_infinity_are_refused_by_name(stack: Personality, place: str, value: float) -> None:
    (problem,) = refusals(
        mission(replace(waypoint(35.7, 116.4, 20.0), **{place: value})),
        PlanKind.MISSION,
        stack,  # type: ignore[arg-type]
    )
    assert problem.rule == "not-finite"
    assert problem.where == "item 4"
    assert "item 4" in problem.text.en


@STACKS
def test_nan_in_a_param_is_refused_and_yaw_as_it_is_is_not(stack: Personality) -> None:
    odd = replace(waypoint(35.7, 116.4, 20.0), params=(math.nan, 0.0, 0.0, math.nan))
    assert reasons(mission(odd), stack) == ["not-finite"]
    assert reasons(mission(waypoint(35.7, 116.4, 20.0)), stack) == []


@STACKS
@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (waypoint(91.0, 116.4, 20.0), "out-of-range"),
        (waypoint(35.7, 181.0, 20.0), "out-of-range"),
        (waypoint(35.7, 116.4, 100_000.0), "out-of-range"),
        (replace(waypoint(35.7, 116.4, 20.0), frame=Frame.TERRAIN), "no-terrain"),
        (Item(31_010, frame=Frame.NONE), "command-not-taken"),
        (Item(400, frame=Frame.NONE), "command-not-taken"),
        (Item(5001, 35.7, 116.4), "fence-in-mission"),
        (Item(Command.JUMP, frame=Frame.NONE, params=(99.0, 1.0, 0.0, 0.0)), "jump-nowhere"),
    ],
)
def test_what_neither_takes(stack: Personality, item: Item, rule: str) -> None:
    (problem,) = refusals(mission(item), PlanKind.MISSION, stack)
    assert problem.rule == rule
    assert problem.text.zh
    assert "4" in problem.text.en


def test_terrain_heights_go_where_there_is_terrain_data() -> None:
    terrain = replace(waypoint(35.7, 116.4, 20.0), frame=Frame.TERRAIN)
    assert reasons(mission(terrain), ARDUPILOT, terrain_data=True) == []
    assert reasons(mission(terrain), PX4, terrain_data=True) == ["no-terrain"]


@pytest.mark.parametrize("command", [181, 183, 115, 82, 18, 112, 114, 207])
def test_px4_does_not_take_what_ardupilot_does(command: int) -> None:
    frame = Frame.HOME if command in (82, 18) else Frame.NONE
    item = Item(command, 35.7 if command in (82, 18) else 0.0, 116.4, 20.0, frame=frame, params=(1.0, 1.0, 0.0, 0.0))
    assert reasons(mission(item), ARDUPILOT) == []
    assert reasons(mission(item), PX4) == ["command-not-taken"]


def test_late_takeoff_is_refused_for_px4_only() -> None:
    plan = Mission("m", (waypoint(35.7, 116.4, 20.0), takeoff(35.7, 116.4, 20.0)), home=HOME)
    assert reasons(plan, PX4) == ["takeoff-not-first"]
    assert reasons(plan, ARDUPILOT) == []


@STACKS
@pytest.mark.parametrize(
    ("fence", "rule"),
    [
        (Fence((PolygonFence(Polygon(SQUARE[:2])),)), "few-vertices"),
        (Fence((PolygonFence(Polygon(SQUARE, (SQUARE,))),)), "fence-holes"),
        (Fence(circles=(Circle(35.7, 116.4, 0.0),)), "bad-radius"),
        (Fence(circles=(Circle(35.7, 116.4, -3.0),)), "bad-radius"),
        (Fence(circles=(Circle(35.7, 116.4, math.nan),)), "bad-radius"),
        (Fence((PolygonFence(Polygon(tuple((lat + 1, lon) for lat, lon in SQUARE))),)), "home-outside"),
    ],
)
def test_fences_are_judged_by_us(stack: Personality, fence: Fence, rule: str) -> None:
    assert reasons(replace(mission(), fence=fence), stack, PlanKind.FENCE) == [rule]


@STACKS
def test_fence_without_a_home_to_check_it_against_is_refused(stack: Personality) -> None:
    assert reasons(replace(fenced(), home=None), stack, PlanKind.FENCE) == ["fence-without-home"]


@STACKS
def test_waypoint_without_a_frame_is_refused(stack: Personality) -> None:
    """ArduPilot stores it with its height above the sea, without a word."""
    odd = replace(waypoint(35.7, 116.4, 20.0), frame=Frame.NONE)
    assert reasons(mission(odd), stack) == ["no-place"]
