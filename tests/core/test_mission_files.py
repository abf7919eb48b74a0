"""Mission files: there and back in every format, what is lost by name, and what is broken refused with a sentence."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission import Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.mission.files import FORMATS, import_mission, read_mission, write_mission
from dronesampler.mission.mission import NAN, change_speed, return_home, takeoff, waypoint
from dronesampler.problems import BadInput
from dronesampler.safe_files import xml_root

TRIANGLE = ((35.71, 116.48), (35.72, 116.48), (35.72, 116.49))
MISSION = Mission(
    name="西区 横风",
    items=(
        takeoff(35.7101, 116.4801, 20.0),
        change_speed(4.5),
        waypoint(35.7103, 116.4803, 20.5, hold_s=3.0, note="DA001"),
        Item(Command.JUMP, frame=Frame.NONE, params=(2.0, 3.0, 0.0, 0.0)),
        Item(Command.SET_RELAY, frame=Frame.NONE, params=(1.0, 1.0, 0.0, 0.0), note="泵"),
        Item(Command.WAYPOINT, 35.7105, 116.4805, 61.0, frame=Frame.SEA, params=(0.0, 0.0, 0.0, NAN)),
        return_home(),
    ),
    home=Place(35.71, 116.48, 41.5, HeightReference.SEA),
    cruise_speed_m_s=4.5,
    fence=Fence((PolygonFence(Polygon(TRIANGLE)),), (Circle(35.715, 116.485, 30.0, inclusion=False),)),
    rally=(Place(35.711, 116.481, 25.0, HeightReference.HOME),),
    pattern="crosswind-ladder",
    settings=(("spacing_m", "60"),),
    simulated=True,
)
PLAIN = replace(MISSION, fence=Fence(), rally=(), home=None, cruise_speed_m_s=None)


def told(mission: Mission) -> str:
    """As text, in which NaN equals NaN and a command is its number."""
    return repr(replace(mission, items=tuple(replace(i, command=int(i.command)) for i in mission.items)))


def back(tmp_path: Path, mission: Mission, ending: str) -> tuple[Mission, tuple[str, ...]]:
    path = tmp_path / f"任务{ending}"
    lost = write_mission(mission, path)
    return read_mission(path), tuple(text.en for text in lost)


@pytest.mark.parametrize("ending", [".plan", ".geojson", ".json"])
def test_what_loses_nothing(tmp_path: Path, ending: str) -> None:
    again, lost = back(tmp_path, MISSION, ending)
    assert told(again) == told(MISSION)
    assert lost == ()


@pytest.mark.parametrize("ending", [".gpx", ".kml"])
def test_what_loses_all_but_the_items(tmp_path: Path, ending: str) -> None:
    again, lost = back(tmp_path, MISSION, ending)
    assert told(again) == told(PLAIN)
    assert len(lost) == 3
    assert any("fence" in text for text in lost)


def test_a_table_keeps_the_items(tmp_path: Path) -> None:
    again, _ = back(tmp_path, MISSION, ".csv")
    assert told(replace(PLAIN, items=again.items)) == told(PLAIN)


def test_wpl_keeps_route_and_home(tmp_path: Path) -> None:
    again, lost = back(tmp_path, MISSION, ".waypoints")
    assert again.home == MISSION.home
    bare = [replace(i, note="", params=tuple(0.0 if p != p else p for p in i.params)) for i in MISSION.items]
    assert list(again.items) == bare
    assert [text.split(":")[0] for text in lost] == [
        "a WPL route holds no fence",
        "a WPL route holds no rally points",
        "a WPL file holds no notes, no pattern and no name",
    ]


@pytest.mark.parametrize(
    "mission",
    [Mission("任务", (), fence=MISSION.fence), Mission("任务", (), rally=MISSION.rally)],
    ids=["fence", "rally"],
)
def test_wpl_of_fence_or_rally_points_alone(tmp_path: Path, mission: Mission) -> None:
    again, lost = back(tmp_path, mission, ".txt")
    assert again == mission
    assert lost == ()


def test_dji_keeps_points_speeds_and_holds(tmp_path: Path) -> None:
    route = replace(
        MISSION,
        items=(
            waypoint(35.7, 116.4, 30.0, hold_s=4.0),
            change_speed(3.0),
            waypoint(35.701, 116.4, 32.0),
            return_home(),
        ),
    )
    again, lost = back(tmp_path, route, ".kmz")
    waypoints = [i for i in again.items if i.command == Command.WAYPOINT]
    assert [(i.lat_deg, i.lon_deg, i.height_m, i.params[0]) for i in waypoints] == [
        (35.7, 116.4, 30.0, 4.0),
        (35.701, 116.4, 32.0, 0.0),
    ]
    assert [i.params[1] for i in again.items if i.command == Command.CHANGE_SPEED] == [3.0]
    assert again.items[-1].command == Command.RETURN
    assert any("fence" in text for text in lost)


def test_a_jump_points_at_the_same_item_in_each_format(tmp_path: Path) -> None:
    for ending in (".plan", ".waypoints", ".geojson"):
        again, _ = back(tmp_path, MISSION, ending)
        (jump,) = [i for i in again.items if i.command == Command.JUMP]
        assert again.items[int(jump.params[0])].command == Command.WAYPOINT, ending


def test_wpl_with_comments_crlf_and_a_bom(tmp_path: Path) -> None:
    path = tmp_path / "a.waypoints"
    rows = ["QGC WPL 110", "# 注释", "0\t1\t0\t16\t0\t0\t0\t0\t35.7\t116.4\t40\t1", "1 0 10 16 0 0 0 0 35.7 116.4 20 1"]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    mission = read_mission(path)
    assert mission.home == Place(35.7, 116.4, 40.0, HeightReference.SEA)
    assert [i.frame for i in mission.items] == [Frame.TERRAIN]


def refused(path: Path, data: bytes | str, match: str) -> None:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(BadInput, match=match):
        read_mission(path)


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ("1 0 3 16 0 0 0 0 35.7 116.4 20", "line 2.*12 columns and has 11"),
        ("1 0 3 16 0 0 x 0 35.7 116.4 20 1", "line 2.*“x” is not a number"),
        ("1 0 1 16 0 0 0 0 35.7 116.4 20 1", "line 2.*frame 1 is not global"),
        ("1 0 3 16 0 0 0 0 116.4 35.7 20 1", r"line 2.*116\.4, 35\.7 is not on the earth"),
        ("1 0 3 16 0 0 0 0 35.7 116.4 nan 1", "line 2.*not on the earth"),
    ],
)
def test_bad_rows_of_wpl_are_named(tmp_path: Path, row: str, match: str) -> None:
    refused(tmp_path / "a.waypoints", f"QGC WPL 110\n{row}\n", match)


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("a.plan", "{", "not a QGroundControl"),
        (
            "a.plan",
            '{"fileType": "Plan", "version": 1, "mission": {"version": 9, "items": []}}',
            "version 9 of mission",
        ),
        ("a.plan", '{"fileType": "Plan", "version": 1}', "no mission part"),
        ("a.gpx", "<gpx", "not well-formed XML"),
        ("a.gpx", "<gpx/>", "no route, track or waypoint"),
        ("a.kml", "<kml><Point><coordinates>200,10</coordinates></Point></kml>", "cannot be read"),
        ("a.kml", "<kml/>", "no line and no point"),
        ("a.geojson", "[]", "no route, line or point"),
        ("a.geojson", '{"type": "LineString", "coordinates": [["x", 1]]}', "feature 1"),
        ("a.csv", "lat,lon\n1,2\n", "no column for height_m"),
        ("a.csv", "纬度,经度,高度\n35.7,oops,20\n", "row 2.*oops"),
        ("a.kmz", "PK", "not a whole zip"),
        ("a.docx", "", "unknown kind of mission file"),
        ("a.waypoints", "", "the first line should be"),
    ],
)
def test_broken_files_get_a_sentence(tmp_path: Path, name: str, data: str, match: str) -> None:
    refused(tmp_path / name, data, match)


def test_entities_and_bombs_are_not_opened(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml>&b;</kml>'
    refused(tmp_path / "a.kml", laughs, "entities")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wpmz/waylines.wpml", b"\0" * (80 << 20))
    refused(tmp_path / "a.kmz", out.getvalue(), "unpacks to")
    with pytest.raises(BadInput, match="too large"):
        xml_root(b" " * (65 << 20))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_mission(tmp_path / "nowhere.plan")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_mission(MISSION, tmp_path / "no-such-folder" / "a.plan")


def test_what_dji_actions_are_left_out_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    write_mission(replace(MISSION, items=(waypoint(35.7, 116.4, 30.0, hold_s=2.0),)), path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).replace(b">hover<", b">takePhoto<") for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    taken = import_mission(path)
    assert [text.en for text in taken.lost] == [
        "actions takePhoto of waypoint 1 were not read: only hovering is known here"
    ]


def test_every_format_writes_and_reads(tmp_path: Path) -> None:
    for ending in FORMATS:
        again, _ = back(tmp_path, MISSION, ending)
        assert any(i.command == Command.WAYPOINT for i in again.items), ending
