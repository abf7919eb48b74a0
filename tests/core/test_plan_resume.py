"""Breaking a route off anywhere and going on: nothing is left out, the state comes back, jumps lead where they led."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.cli import main
from dronesampler.geo import HeightReference, LocalFrame, Place
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler.mission.files import read_mission, write_mission
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.plan.resume import broken_at, cut_at, cut_near, halves, place_said
from dronesampler.plan.sorties import Cut
from dronesampler.problems import BadInput

DEMO = read_park(assets_dir() / "demo-park.geojson").park
LADDER = make_plan(DEMO, "crosswind-ladder", wind=(135.0, 3.0), settings={"spacing_m": "60"})
STOPS = [i for i, item in enumerate(LADDER.items) if item.command == Command.WAYPOINT]
FRAME = LocalFrame(DEMO.frame().lat_deg, DEMO.frame().lon_deg)


def action(command: int, *params: float) -> Item:
    values = (*params, 0.0, 0.0, 0.0, 0.0)
    return Item(command, frame=Frame.NONE, params=(values[0], values[1], values[2], values[3]))


SMALL = Mission(
    "small",
    (
        takeoff(35.71, 116.49, 20.0),
        change_speed(6.0),
        action(Command.SET_RELAY, 0, 1),
        action(2500, 0, 1),
        waypoint(35.711, 116.49, 20.0),
        action(Command.SET_RELAY, 1, 1),
        action(2501),
        waypoint(35.712, 116.49, 30.0, hold_s=4.0),
        waypoint(35.713, 116.49, 40.0),
        action(Command.JUMP, 7, 2),
        return_home(),
    ),
    home=Place(35.71, 116.49, 0.0),
)


def line(mission: Mission) -> shapely.Geometry:
    x, y = FRAME.to_xy(
        [i.lat_deg for i in mission.items if i.command == Command.WAYPOINT],
        [i.lon_deg for i in mission.items if i.command == Command.WAYPOINT],
    )
    return shapely.linestrings(np.column_stack([x, y]))


@given(k=st.integers(1, len(STOPS) - 1), part=st.floats(0.0, 1.0), overlap=st.floats(0.0, 300.0))
def test_the_halves_cover_the_route_and_overlap_as_asked(k: int, part: float, overlap: float) -> None:
    made = halves(LADDER, Cut(STOPS[k], part), overlap_m=overlap)
    whole, flown, rest = line(LADDER), line(made.flown), line(made.rest)
    assert whole.difference(shapely.union_all([flown, rest]).buffer(0.05)).length < 0.1
    # Before the first waypoint there is only the way from home: an overlap may reach back into it.
    over = flown.length + rest.length - whole.length
    assert min(overlap, flown.length) - 0.3 <= over <= overlap + 0.3
    assert made.flown.items[-1].command == Command.RETURN and made.rest.items[0].command == Command.TAKEOFF


def test_the_state_is_as_it_was_left() -> None:
    rest = broken_at(SMALL, "5+0.5", overlap_m=0.0).rest
    told = [(int(i.command), i.params[:2]) for i in rest.items[:6]]
    assert told[:4] == [(22, (0.0, 0.0)), (178, (1.0, 6.0)), (181, (0.0, 1.0)), (181, (1.0, 1.0))]
    assert rest.items[4].lat_deg == pytest.approx(35.7115) and rest.items[4].height_m == pytest.approx(25.0)
    assert 2500 not in [i.command for i in rest.items]  # the film had been ended


def test_jumps_lead_where_they_led() -> None:
    rest = broken_at(SMALL, "5+0.5", overlap_m=0.0).rest
    jump = next(i for i in rest.items if i.command == Command.JUMP)
    assert rest.items[int(jump.params[0])].params[0] == 4.0  # the waypoint with the hold
    late = broken_at(SMALL, "8+0.9", overlap_m=0.0).rest
    jump = next(i for i in late.items if i.command == Command.JUMP)
    assert late.items[int(jump.params[0])].command == Command.WAYPOINT
    assert Command.JUMP not in [i.command for i in broken_at(SMALL, "5", overlap_m=0.0).flown.items]


def test_a_break_at_a_waypoint_begins_there_and_flies_it_once() -> None:
    rest = broken_at(SMALL, "8", overlap_m=0.0).rest
    assert [i.lat_deg for i in rest.items if i.command == Command.WAYPOINT] == pytest.approx([35.712, 35.713])


def test_heights_keep_what_they_count_from() -> None:
    by_sea = tuple(
        replace(i, frame=Frame.SEA, height_m=i.height_m + 45.0) if i.command == 16 else i for i in SMALL.items
    )
    mission = replace(SMALL, items=by_sea, home=Place(35.71, 116.49, 45.0, HeightReference.SEA))
    made = broken_at(mission, "5+0.5", overlap_m=0.0)
    first = next(i for i in made.rest.items if i.command == Command.WAYPOINT)
    assert first.frame is Frame.SEA and first.height_m == pytest.approx(70.0)
    assert made.rest.items[0].height_m == pytest.approx(25.0)
    assert made.flown.items[-2].height_m == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("place", "match"),
    [("one", "must be written"), ("5+1.5", "must be written"), ("2", "no waypoint; its waypoints are items 5 to 9"),
     ("99", "items 5 to 9"), ("9+0.5", "nothing to resume")],
)  # fmt: skip
def test_places_that_are_not_on_the_route(place: str, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        broken_at(SMALL, place)


def test_other_refusals() -> None:
    with pytest.raises(BadInput, match="overlap"):
        broken_at(SMALL, "5", overlap_m=-1.0)
    with pytest.raises(BadInput, match="no waypoints"):
        broken_at(Mission("", ()), "5")


def test_the_nearest_place_is_said_as_it_is_read() -> None:
    cut = cut_near(SMALL, 35.7114, 116.4901)
    assert place_said(SMALL, cut) == "5+0.40"
    assert cut_at(SMALL, "5+0.40").item == cut.item == 7
    assert place_said(SMALL, cut_near(SMALL, 35.0, 116.49)) == "5"


def test_the_verb_writes_both_halves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, rest, flown = tmp_path / "a.plan", tmp_path / "rest.waypoints", tmp_path / "flown.plan"
    write_mission(SMALL, plan)
    words = ["resume", str(plan), "--from", "5+0.5", "--overlap-m", "0", "--flown", str(flown), "-o", str(rest)]
    assert main([*words, "--json", "--lang", "en"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["files"] == [str(rest), str(flown)] and values["energy_wh"] > 0
    assert read_mission(rest).items[4].lat_deg == pytest.approx(35.7115)
    assert main(["resume", str(plan), "--from", "77", "-o", str(rest)]) == 2
    assert main(["resume", str(plan), "--from", "5", "-o", str(tmp_path / "a.doc")]) == 2
