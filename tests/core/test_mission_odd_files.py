"""Mission files as other programs write them: odd, but valid; or refused with what to do."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mavlink.convert import fence_of, wire_items
from dronesampler.mavlink.personality import ARDUPILOT, PX4
from dronesampler.mavlink.wire import PlanKind
from dronesampler.mission import Command, Fence, Frame, Mission, PolygonFence
from dronesampler.mission.files import MissionImport, import_mission, read_mission, write_mission
from dronesampler.plan import Aircraft
from dronesampler.plan.check import check
from dronesampler.problems import BadInput, Severity

TRIANGLE = ((35.71, 116.48), (35.72, 116.48), (35.72, 116.49))
RETURN = Place(35.717, 116.482, 0.0, HeightReference.HOME)


def written(tmp_path: Path, name: str, data: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def taken(tmp_path: Path, name: str, data: str | bytes) -> MissionImport:
    return import_mission(written(tmp_path, name, data))


def plan(*items: dict[str, Any]) -> str:
    parts = {"version": 2, "items": list(items), "plannedHomePosition": [35.71, 116.48, 40]}
    return json.dumps({"fileType": "Plan", "version": 1, "mission": parts})


def landing(**more: Any) -> dict[str, Any]:
    return {
        "type": "ComplexItem",
        "complexItemType": "fwLandingPattern",
        "landCoordinate": [35.71, 116.48, 0],
        "landingApproachCoordinate": [35.715, 116.485, 40],
        "loiterRadius": 75,
        "loiterClockwise": False,
        "stopTakingPhotos": True,
        "version": 2,
        **more,
    }


# QGroundControl


def test_a_landing_pattern_is_what_the_station_would_send(tmp_path: Path) -> None:
    items = taken(tmp_path, "a.plan", plan(landing())).mission.items
    assert [int(i.command) for i in items] == [189, 206, 2001, 31, Command.LAND]
    assert items[3].params == (1.0, -75.0, 0.0, 1.0)
    assert (items[4].lat_deg, items[4].lon_deg, items[4].frame) == (35.71, 116.48, Frame.HOME)
    vtol = landing(complexItemType="vtolLandingPattern", useLoiterToAlt=False, stopTakingPhotos=False, version=1)
    assert [int(i.command) for i in taken(tmp_path, "b.plan", plan(vtol)).mission.items] == [189, 16, 85]


def survey(version: int, inner: int = 1) -> dict[str, Any]:
    point = {"type": "SimpleItem", "command": 16, "frame": 3, "params": [0, 0, 0, None, 35.71, 116.48, 30]}
    transects = {"version": inner, "Items": [point, point]}
    return {
        "type": "ComplexItem",
        "complexItemType": "survey",
        "version": version,
        "TransectStyleComplexItem": transects,
    }


@pytest.mark.parametrize(
    ("item", "match"),
    [
        (survey(9), "version 9 of survey is not known"),
        (survey(5, 7), "version 7 of survey / TransectStyleComplexItem"),
        ({"type": "ComplexItem", "complexItemType": "StructureScan", "version": 3}, "never saves; upload it"),
        (landing(version=3), "version 3 of fwLandingPattern"),
        (landing(landCoordinate=None), "item 1 cannot be read"),
    ],
)
def test_versions_and_kinds_it_does_not_know_are_refused(tmp_path: Path, item: dict[str, Any], match: str) -> None:
    assert len(taken(tmp_path, "a.plan", plan(survey(5, 2))).mission.items) == 2
    with pytest.raises(BadInput, match=match):
        taken(tmp_path, "b.plan", plan(item))


def test_a_height_that_was_not_worked_out_is_the_one_shown(tmp_path: Path) -> None:
    point = {"type": "SimpleItem", "command": 16, "frame": 0, "params": [0, 0, 0, None, 35.7, 116.4, None]}
    item = taken(tmp_path, "a.plan", plan({**point, "Altitude": 45, "AltitudeMode": 3})).mission.items[0]
    assert (item.frame, item.height_m) == (Frame.TERRAIN, 45.0)


# The fence's return point


def test_an_old_fence_keeps_its_return_point_in_every_format_that_has_a_word_for_it(tmp_path: Path) -> None:
    old = "35.717\t116.482\r\n35.71\t116.48\r\n35.72\t116.48\r\n35.72\t116.49\r\n35.71\t116.48\r\n"
    mission = taken(tmp_path, "fence.txt", old).mission
    assert mission.fence == Fence((PolygonFence(Polygon(TRIANGLE)),), return_point=RETURN)
    for name in ("a.plan", "a.geojson", "a.waypoints"):
        assert write_mission(mission, tmp_path / name) == ()
        assert read_mission(tmp_path / name).fence == mission.fence, name


def test_a_return_point_is_sent_to_those_that_keep_it() -> None:
    mission = Mission("", (), home=Place(*TRIANGLE[1]), fence=Fence((PolygonFence(Polygon(TRIANGLE)),), (), RETURN))
    assert fence_of(wire_items(mission, PlanKind.FENCE, ARDUPILOT)) == mission.fence
    assert fence_of(wire_items(mission, PlanKind.FENCE, PX4)).return_point is None
    told = [p.text.en for p in check(mission, aircraft=Aircraft(autopilot="px4")) if p.rule == "fence.return"]
    assert told == ["PX4 keeps no return point for a fence: when it is left, the autopilot's own settings decide"]
    outside = replace(mission, fence=replace(mission.fence, return_point=Place(35.8, 116.4)))
    assert [p.severity for p in check(outside) if p.rule == "fence.return"] == [Severity.ERROR]


# KML, GPX, GeoJSON


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
LINE = "<Placemark><LineString><coordinates>{}</coordinates></LineString></Placemark>"


def test_kml_with_blanks_after_commas_and_several_lines(tmp_path: Path) -> None:
    text = KML.format(LINE.format("116.48, 35.71, 30\n 116.49,35.71 , 31,") + LINE.format("1,2,3 1,3,3"))
    found = taken(tmp_path, "a.kml", text)
    assert [(i.lon_deg, i.lat_deg, i.height_m) for i in found.mission.items] == [
        (116.48, 35.71, 30.0),
        (116.49, 35.71, 31.0),
    ]
    assert [t.en for t in found.lost] == ["the file has 2 lines; only the first of them was read"]


def test_kml_in_gbk(tmp_path: Path) -> None:
    point = "<Placemark><name>排口</name><Point><coordinates>116.48,35.71,30</coordinates></Point></Placemark>"
    text = '<?xml version="1.0" encoding="GB2312"?>\n' + KML.format(point)
    assert len(taken(tmp_path, "a.kml", text.encode("gbk")).mission.items) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.kml", KML.format(LINE.format("116.48,35.71 116.49,35.71"))),
        ("a.gpx", '<gpx version="1.0"><trk><trkseg><trkpt lat="35.7" lon="116.4"/></trkseg></trk></gpx>'),
        ("a.geojson", '{"type":"LineString","coordinates":[[116.48,35.71],[116.49,35.71]]}'),
    ],
)
def test_missing_heights_are_said(tmp_path: Path, name: str, data: str) -> None:
    found = taken(tmp_path, name, data)
    assert {i.frame for i in found.mission.items} == {Frame.HOME}
    assert any("no heights" in t.en for t in found.lost)


def test_geojson_of_many_parts(tmp_path: Path) -> None:
    lines = {
        "type": "MultiLineString",
        "coordinates": [[[116.48, 35.71, 9], [116.49, 35.71, 9]], [[1, 2, 3], [1, 3, 3]]],
    }
    found = taken(tmp_path, "a.geojson", json.dumps({"type": "Feature", "geometry": lines}))
    assert len(found.mission.items) == 2
    assert "2 lines" in found.lost[0].en
    inner = {"type": "GeometryCollection", "geometries": [{"type": "MultiPoint", "coordinates": [[116.4, 35.7, 20]]}]}
    assert len(taken(tmp_path, "b.geojson", json.dumps({"type": "Feature", "geometry": inner})).mission.items) == 1


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        (
            "a.geojson",
            '{"type":"LineString","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"coordinates":[]}',
            "EPSG::3857",
        ),
        (
            "b.geojson",
            '{"type":"Polygon","coordinates":[[[116.4,35.7],[116.5,35.7],[116.5,35.8]]]}',
            "open it as a park",
        ),
        ("a.kml", KML.format("<Placemark><Polygon/></Placemark>"), "open it as a park"),
        ("c.geojson", '{"type":"LineString","coordinates":[[500,35.7],[116.5,35.7]]}', "feature 1"),
    ],
)
def test_what_is_no_route_is_told(tmp_path: Path, name: str, data: str, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        taken(tmp_path, name, data)


# Tables


def test_a_chinese_table_in_gbk_with_units_in_its_heads(tmp_path: Path) -> None:
    text = "序号;纬度(°);经度（°）;飞行高度(m);停留时间(s)\r\n1;35.71;116.48;30;5\r\n;;;;\r\n2;35.72;116.49;40;\r\n"
    found = taken(tmp_path, "航点.csv", text.encode("gbk"))
    assert [(i.lat_deg, i.height_m, i.params[0]) for i in found.mission.items] == [
        (35.71, 30.0, 5.0),
        (35.72, 40.0, 0.0),
    ]
    assert [t.zh for t in found.lost] == ["没有读入这些列：序号"]


def test_a_table_without_rows_is_no_mission(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no waypoint in the table"):
        taken(tmp_path, "a.csv", "lat,lon,alt\n")


def test_a_litchi_table(tmp_path: Path) -> None:
    actions = "actiontype1,actionparam1,actiontype2,actionparam2"
    head = f"latitude,longitude,altitude(m),heading(deg),{actions},altitudemode,speed(m/s)"
    rows = ["35.71,116.48,30,0,0,4500,1,0,0,6", "35.72,116.48,40,90,-1,0,,,1,6", "35.73,116.48,40,90,-1,0,-1,0,1,3"]
    found = taken(tmp_path, "litchi.csv", "\r\n".join([head, *rows]))
    items = found.mission.items
    assert [int(i.command) for i in items] == [178, 16, 16, 178, 16]
    assert (items[1].params[0], items[1].frame, items[2].frame) == (4.5, Frame.HOME, Frame.TERRAIN)
    assert items[0].params[1] == 6.0 and items[3].params[1] == 3.0
    assert [t.en for t in found.lost] == [
        "these columns were not read: heading(deg)",
        "actions of the numbers 1 were not read: only stays are known here",
    ]
    with pytest.raises(BadInput, match="is no number"):
        taken(tmp_path, "b.csv", head + "\n35.71,116.48,30,0,x,1,,,0,6\n")


def test_djis_older_kml(tmp_path: Path) -> None:
    own = '<ExtendedData xmlns:mis="www.dji.com"><mis:heading>0</mis:heading></ExtendedData>'
    text = KML.format(f"<Placemark>{own}<Point><coordinates>116.48,35.71,30</coordinates></Point></Placemark>")
    found = taken(tmp_path, "a.kml", text)
    assert found.mission.items[0].height_m == 30.0 and "older KML" in found.lost[0].en


# DJI


def wpml(body: str, *, finish: str = "noAction", mode: str = "WGS84") -> bytes:
    config = f"<wpml:missionConfig><wpml:finishAction>{finish}</wpml:finishAction></wpml:missionConfig>"
    head = f"<wpml:executeHeightMode>{mode}</wpml:executeHeightMode><wpml:autoFlightSpeed>6</wpml:autoFlightSpeed>"
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:wpml="http://www.dji.com/wpmz/1.0.2"><Document>'
        f"{config}<Folder>{head}{body}</Folder></Document></kml>"
    ).encode()


def kmz(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr("route/wpmz/" + name.replace("_", "."), data)
    return out.getvalue()


POINT = (
    "<Placemark><Point><coordinates>116.48,35.71</coordinates></Point><wpml:executeHeight>55</wpml:executeHeight>"
    "<wpml:useGlobalSpeed>1</wpml:useGlobalSpeed></Placemark>"
)


def test_dji_endings_and_heights(tmp_path: Path) -> None:
    found = taken(tmp_path, "a.kmz", kmz(waylines_wpml=wpml(POINT * 2, finish="autoLand")))
    assert [int(i.command) for i in found.mission.items] == [16, 16, Command.LAND]
    assert any("ellipsoid" in t.en for t in found.lost)
    first = taken(tmp_path, "b.kmz", kmz(waylines_wpml=wpml(POINT * 2, finish="gotoFirstWaypoint"))).mission
    assert len(first.items) == 3


def test_a_part_of_djis_archive_on_its_own(tmp_path: Path) -> None:
    found = taken(tmp_path, "template.kml", wpml(POINT, mode="relativeToStartPoint"))
    assert found.mission.items[0].height_m == 55.0
    common = POINT.replace("<wpml:executeHeight>55", "<wpml:useGlobalHeight>1</wpml:useGlobalHeight><wpml:height>0")
    common = common.replace("</wpml:executeHeight>", "</wpml:height>") + "<wpml:globalHeight>70</wpml:globalHeight>"
    assert taken(tmp_path, "t.kml", wpml(common)).mission.items[0].height_m == 70.0


def test_a_dji_area_template_is_not_taken_for_a_route(tmp_path: Path) -> None:
    area = "<wpml:templateType>mapping2d</wpml:templateType><Placemark><Polygon/></Placemark>"
    with pytest.raises(BadInput, match="mapping2d"):
        taken(tmp_path, "a.kmz", kmz(template_kml=wpml(area)))


# What no program writes


BROKEN: list[tuple[str, Any]] = [
    ("mission", None),
    ("mission", []),
    ("mission", {"items": 3}),
    ("mission", {"version": [2], "items": []}),
    ("geoFence", "x"),
    ("geoFence", [1]),
    ("geoFence", {"version": {}}),
    ("geoFence", {"version": 2, "polygons": [{"polygon": [["a"]]}]}),
    ("geoFence", {"version": 2, "circles": [{"circle": {"center": [1, 2], "radius": 1e400}}]}),
    ("rallyPoints", True),
    ("rallyPoints", {"version": 2, "points": [[1e400, 2, 3]]}),
    ("dronesampler", 7.5),
    ("dronesampler", {"settings": [1]}),
]


@pytest.mark.parametrize(("part", "value"), BROKEN)
def test_a_plan_with_a_broken_part_is_refused(tmp_path: Path, part: str, value: object) -> None:
    document = json.loads(plan()) | {part: value}
    with pytest.raises(BadInput):
        taken(tmp_path, "a.plan", json.dumps(document))


@pytest.mark.parametrize(
    "params", [[1e400, 0, 0, 0, 35, 116, 9], [0, 0, 0, 0, 95, 116, 9], [0, 0, 0, 0, 35, 1e9, 9], 3, None]
)
def test_numbers_that_cannot_be_flown_are_refused(tmp_path: Path, params: object) -> None:
    item = {"type": "SimpleItem", "command": 16, "frame": 3, "params": params}
    with pytest.raises(BadInput, match="item 1"):
        taken(tmp_path, "a.plan", plan(item))
    row = "1 0 3 16 inf 0 0 0 35.7 116.4 20 1"
    with pytest.raises(BadInput, match="inf"):
        taken(
            tmp_path,
            "a.waypoints",
            f"QGC WPL 110\n0 1 0 16 0 0 0 0 35.7 116.4 40 1\n{row}\n".replace(" 0 1 0 16", " 0"),
        )


def test_a_damaged_archive_is_no_whole_zip(tmp_path: Path) -> None:
    data = bytearray(kmz(waylines_wpml=wpml(POINT * 40)))
    data[60:90] = b"\xff" * 30
    with pytest.raises(BadInput):
        taken(tmp_path, "a.kmz", bytes(data))


def test_an_unknown_encoding_and_a_zone_never_drawn(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not well-formed XML"):
        taken(tmp_path, "a.kml", '<?xml version="1.0" encoding="u1f-8"?><kml/>')
    document = json.loads(plan(survey(5))) | {"geoFence": {"version": 2, "polygons": [{"polygon": []}], "circles": []}}
    assert taken(tmp_path, "a.plan", json.dumps(document)).mission.fence == Fence()
