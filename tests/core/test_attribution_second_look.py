"""What follows a verdict: coverage as flown, where to look next, before and after, and the command line."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, FRAME, INSTRUMENT, PERMITTED, Patrol, patrol

from dronesampler.attribution import Analysis, attribute
from dronesampler.attribution.compare import Change, compare
from dronesampler.attribution.coverage import coverage
from dronesampler.attribution.next_look import looks
from dronesampler.cli import main
from dronesampler.desk.look_next import second_look
from dronesampler.geo import Polygon
from dronesampler.mission import Command
from dronesampler.mission.files import read_mission
from dronesampler.park import Airspace, Building, Park
from dronesampler.plan.check import check
from dronesampler.problems import BadInput, Refused, Severity

BEYOND = [tuple(float(v) for v in FRAME.to_lat_lon(*xy)) for xy in ((0.0, 0.0), (420.0, 600.0))]


def analysed(p: Patrol) -> Analysis:
    return attribute(p.readings, p.wind, p.outlets, INSTRUMENT)


@pytest.fixture(scope="module")
def first() -> Patrol:
    return patrol((PERMITTED, BYPASS))


@pytest.fixture(scope="module")
def verdict(first: Patrol) -> dict[str, object]:
    return analysed(first).as_json()


def test_coverage_is_better_upwind_of_the_lines_than_behind_the_last(first: Patrol) -> None:
    seen = coverage(first.readings, first.wind, INSTRUMENT, area=BEYOND)
    assert seen is not None
    x, y = FRAME.to_xy(seen.lat_deg, seen.lon_deg)
    inside = seen.least_g_s[(x > 60) & (x < 360) & (y > 0) & (y < 300)]
    assert 0.1 < np.median(inside) < 1.0
    assert np.isinf(seen.least_g_s[y > 500.0]).all()  # nobody flew downwind of there
    assert 0.0 < seen.share(1.0) <= seen.share(3.0) < 1.0


def test_coverage_of_the_upwind_lines_alone_is_smaller(first: Patrol) -> None:
    whole, south = (
        coverage(first.readings.rows(rows), first.wind, INSTRUMENT, area=BEYOND)
        for rows in (slice(None), slice(500, None))
    )
    assert whole is not None and south is not None
    assert south.share(1.0) < 0.75 * whole.share(1.0)


def test_coverage_goes_to_a_map(first: Patrol) -> None:
    seen = coverage(first.readings, first.wind, INSTRUMENT, area=BEYOND, cell_m=60.0)
    assert seen is not None
    features = json.loads(json.dumps(seen.as_geojson(), allow_nan=False))["features"]
    assert len(features) == seen.least_g_s.size
    assert any(f["properties"]["least_g_s"] is None for f in features)
    assert any(f["properties"]["inspected"] for f in features)


def test_next_lines_cross_the_plume_downwind_of_the_doubt(verdict: dict[str, object]) -> None:
    found = looks(verdict, budget_m=3000.0)
    assert found
    for look in found:
        x, y = FRAME.to_xy([look.begin[0], look.end[0]], [look.begin[1], look.end[1]])
        assert abs(x[1] - x[0]) > 3 * abs(y[1] - y[0])  # across the wind from the south
        assert 20.0 < y.mean() - BYPASS[1] < 220.0
        assert min(x) < BYPASS[0] < max(x)
        assert look.nats > 0.0


def test_next_keeps_to_the_battery(verdict: dict[str, object]) -> None:
    home = tuple(float(v) for v in FRAME.to_lat_lon(190.0, 0.0))
    short, long = (looks(verdict, home=home, budget_m=b) for b in (500.0, 3000.0))  # type: ignore[arg-type]
    assert len(short) < len(long)
    for budget, chosen in ((500.0, short), (3000.0, long)):
        places = [home, *(p for look in chosen for p in (look.begin, look.end)), home]
        x, y = FRAME.to_xy([p[0] for p in places], [p[1] for p in places])
        assert np.hypot(np.diff(x), np.diff(y)).sum() <= budget + 1.0


def test_second_look_is_a_mission_and_needs_a_doubt(verdict: dict[str, object]) -> None:
    found = second_look(verdict)
    assert sum(item.has_place for item in found.mission.items) > len(found.looks)  # there and back share an end
    with pytest.raises(Refused):
        second_look({"suspected": [], "look_again": [], "cannot_say": None, "parameters": {}})
    with pytest.raises(Refused):
        second_look({"suspected": [], "cannot_say": {"zh": "无风", "en": "no wind"}})


def park_about(first: Patrol, **more: object) -> Park:
    corners = [FRAME.to_lat_lon(x, y) for x, y in ((-40, -20), (440, -20), (440, 480), (-40, 480))]
    ring = tuple((float(a), float(b)) for a, b in corners)
    return Park("park", Polygon(ring), outlets=first.outlets, **more)  # type: ignore[arg-type]


def square(x: float, y: float, side: float) -> Polygon:
    corners = [FRAME.to_lat_lon(x + i * side, y + j * side) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
    return Polygon(tuple((float(a), float(b)) for a, b in corners))


def test_the_route_keeps_clear_of_stacks_buildings_and_airspace(first: Patrol, verdict: dict[str, object]) -> None:
    hall = Building(square(200.0, 170.0, 40.0), 28.0, "hall")  # across the plume, taller than some of the lines
    closed = Airspace("helipad", square(120.0, 150.0, 60.0), 0.0, 300.0)  # on its western side
    park = park_about(first, buildings=(hall,), airspaces=(closed,))
    found = second_look(verdict, park=park, home=tuple(float(v) for v in FRAME.to_lat_lon(10.0, 10.0)))
    found_wrong = check(found.mission, park=park, wind=(180.0, 4.0))
    # Straight home at the autopilot's own height is for the pilot to set: check says so.
    assert {p.rule for p in found_wrong if p.severity is Severity.ERROR} <= {"obstacle.return"}
    assert found.looks and found.mission.fence


def test_what_is_left_of_the_battery_searches_and_less_battery_less_flight(
    first: Patrol, verdict: dict[str, object]
) -> None:
    park = park_about(first)
    home = tuple(float(v) for v in FRAME.to_lat_lon(10.0, 10.0))
    whole = second_look(verdict, park=park, home=home)
    assert any(look.source == -1 for look in whole.looks) and any(look.source == 0 for look in whole.looks)
    assert whole.battery_percent <= 75.0
    assert all(look.source == 0 for look in second_look(verdict, park=park, home=home, search=False).looks)
    half = second_look(verdict, park=park, home=home, battery_percent=35.0)
    assert half.battery_percent <= 10.0 and len(half.looks) < len(whole.looks)
    with pytest.raises(Refused, match="battery too low"):
        second_look(verdict, park=park, home=home, battery_percent=26.0)


def test_a_slow_instrument_hovers_at_a_faint_source(verdict: dict[str, object]) -> None:
    (strong,) = verdict["suspected"]  # type: ignore[misc]
    faint = {**verdict, "suspected": [{**strong, "rate_g_s": 0.15, "rate_interval_g_s": [0.05, 0.4]}]}
    found = second_look({**faint, "parameters": {**verdict["parameters"], "t90_s": 60.0}})  # type: ignore[dict-item]
    assert found.hovers > 0
    held = [item for item in found.mission.items if item.command == Command.WAYPOINT and item.params[0] >= 30.0]
    assert len(held) == found.hovers
    assert second_look(verdict).hovers == 0


def test_why_there_is_no_second_look_is_true(verdict: dict[str, object]) -> None:
    for battery_m in (-5.0, 0.0, math.nan, math.inf):
        with pytest.raises(BadInput, match="above 0"):
            second_look(verdict, battery_m=battery_m)
    with pytest.raises(Refused, match="home is too far or the battery too low"):
        second_look(verdict, battery_m=5.0)
    with pytest.raises(Refused, match="home is too far"):
        second_look(verdict, home=(10.0, 10.0))
    with pytest.raises(Refused, match="no source is suspected"):
        second_look({"suspected": [], "look_again": [], "cannot_say": None, "parameters": {}})


def test_before_and_after(first: Patrol, verdict: dict[str, object]) -> None:
    after = patrol((PERMITTED,), seed=9)
    seen = coverage(after.readings, after.wind, INSTRUMENT)
    gone = compare(verdict, analysed(after).as_json(), seen_after=seen)
    assert [d.change for d in gone] == [Change.GONE]
    assert compare(verdict, analysed(after).as_json(), seen_after=None)[0].change is Change.NOT_INSPECTED
    again = compare(verdict, verdict, seen_after=seen)
    assert [d.change for d in again] == [Change.SAME] and again[0].before_g_s == again[0].after_g_s
    new = compare({"suspected": []}, verdict, seen_after=None)
    assert [d.change for d in new] == [Change.NEW] and new[0].before_g_s is None


def write_folder(p: Patrol, folder: Path) -> Path:
    folder.mkdir()
    head = "time_s,lat_deg,lon_deg,height_agl_m,value_mg_m3,wind_from_deg,wind_speed_m_s\n"
    r, w = p.readings, p.wind
    rows = zip(
        r.time_s - r.time_s[0],
        r.lat_deg,
        r.lon_deg,
        r.height_agl_m,
        r.value_mg_m3,
        w.from_deg,
        w.speed_m_s,
        strict=True,
    )
    lines = [
        ",".join(
            ("{:.1f}", "{:.7f}", "{:.7f}", "{:.1f}", "{:.3f}", "{:.1f}", "{:.2f}")[k].format(v)
            for k, v in enumerate(row)
        )
        for row in rows
    ]
    (folder / "readings.csv").write_text(head + "\n".join(lines) + "\n")
    outlets = "".join(f"{o.code},{o.lat_deg:.7f},{o.lon_deg:.7f},{o.height_m}\n" for o in p.outlets)
    (folder / "outlets.csv").write_text("code,lat_deg,lon_deg,height_m\n" + outlets)
    (folder / "instrument.json").write_text(
        json.dumps({"t90_s": 3.0, "delay_s": 1.0, "noise_mg_m3": 0.03, "quantity": "NMHC"})
    )
    return folder


def test_command_line_from_folder_to_second_look(first: Patrol, tmp_path: Path) -> None:
    folder, out, plan = write_folder(first, tmp_path / "patrol"), tmp_path / "out.json", tmp_path / "second.plan"
    assert main(["attribute", str(folder), "-o", str(out)]) == 0
    flag = json.loads(out.read_text())["suspected"][0]
    x, y = FRAME.to_xy(flag["lat_deg"], flag["lon_deg"])
    assert math.hypot(x - BYPASS[0], y - BYPASS[1]) < 25.0
    assert main(["next", str(out), "-o", str(plan)]) == 0
    assert len(read_mission(plan).items) > 3


def test_command_line_cannot_say_is_exit_0_and_bad_files_are_2(first: Patrol, tmp_path: Path) -> None:
    folder, out = write_folder(first, tmp_path / "patrol"), tmp_path / "out.json"
    rows = (folder / "readings.csv").read_text().splitlines()
    (folder / "readings.csv").write_text("\n".join(rows[:11]) + "\n")
    assert main(["attribute", str(folder), "-o", str(out)]) == 0
    said = json.loads(out.read_text())
    assert said["suspected"] == [] and said["cannot_say"]["code"] == "too_few_readings"
    (folder / "readings.csv").write_text(rows[0] + "\n1,2,3,4,oops,6,7\n")
    assert main(["attribute", str(folder)]) == 2
    (folder / "readings.csv").unlink()
    assert main(["attribute", str(folder)]) == 2
    assert main(["attribute", str(tmp_path / "nowhere")]) == 2
