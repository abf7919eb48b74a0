"""DJI WPML .kmz files (wpmz/template.kml and wpmz/waylines.wpml), in and out: many teams fly DJI."""

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from dronesampler.geo import HeightReference, Place
from dronesampler.geo.local import distance_m
from dronesampler.mission.losses import Part, lost
from dronesampler.mission.mission import Command, Frame, Item, Mission, change_speed, return_home, waypoint
from dronesampler.problems import BadInput
from dronesampler.safe_files import children, text_of, xml_root, zip_member
from dronesampler.texts import Text

KML = "http://www.opengis.net/kml/2.2"
WPML = "http://www.dji.com/wpmz/1.0.6"
NAMESPACE = b"/wpmz/"  # in the namespace of every version: http://www.dji.com/wpmz/1.0.2
DEFAULT_SPEED_M_S = 5.0
TAKE_OFF_SECURITY_M = 20.0
FRAMES = {
    "relativeToStartPoint": Frame.HOME,
    "WGS84": Frame.SEA,
    "EGM96": Frame.SEA,
    "realTimeFollowSurface": Frame.TERRAIN,
    "aboveGroundLevel": Frame.TERRAIN,
}
MODES = {Frame.HOME: "relativeToStartPoint", Frame.SEA: "WGS84", Frame.TERRAIN: "realTimeFollowSurface"}
NO_WAYLINE = Text("WPML 中没有航点", "there is no waypoint in the WPML file")
ONLY_AREA = Text(
    "这是大疆的“{kind}”航线模板，只有区域而没有航点：请在大疆软件中生成航线后再导出，或当作园区在其上规划",
    "this is DJI's “{kind}” template, an area without waypoints: let DJI's program lay out the route and export it "
    "again, or plan over the area here",
)
ELLIPSOID_READ = Text(
    "高度按 WGS 84 椭球给出，读入时当作海拔：两者可差数十米，请核对",
    "the heights are above the WGS 84 ellipsoid and were read as above the sea: the two differ by up to tens of metres",
)
ELLIPSOID_WRITTEN = Text(
    "海拔高度写成了椭球高：两者可差数十米，飞行前请在大疆软件中核对",
    "heights above the sea were written as above the ellipsoid: the two differ by up to tens of metres; look at them "
    "in DJI's program",
)
BAD_WAYPOINT = Text("第 {number} 个航点无法读取", "waypoint {number} cannot be read")
OTHER_ACTIONS = Text(
    "第 {number} 个航点的动作 {names} 未读入：只识别悬停",
    "actions {names} of waypoint {number} were not read: only hovering is known here",
)
MORE_WAYLINES = Text("文件含 {count} 条航线，依次相接", "the file has {count} waylines, joined one after the other")
CHOOSE_AIRCRAFT = Text(
    "请在大疆软件中选择机型：文件按 M3E 写出", "choose the aircraft in DJI's program: the file was written for the M3E"
)


def mission_from_wpml(data: bytes, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The mission of a .kmz, and what of it we have no word for. Raises BadInput."""
    root = xml_root(zip_member(data, "wpmz/waylines.wpml", "wpmz/template.kml"))
    template = xml_root(zip_member(data, "wpmz/template.kml", "wpmz/waylines.wpml"))
    return _mission(root, template, name)


def mission_from_part(data: bytes, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The same of a template.kml or waylines.wpml that was taken out of its archive. Raises BadInput."""
    root = xml_root(data)
    return _mission(root, root, name)


def _mission(root: Element, template: Element, name: str) -> tuple[Mission, tuple[Text, ...]]:
    folders = [folder for folder in children(root, "Folder") if children(folder, "Point")]
    if not folders:
        kind = text_of(root, "templateType")
        raise BadInput(ONLY_AREA.with_(kind=kind) if kind not in ("", "waypoint") else NO_WAYLINE)
    said: list[Text] = [MORE_WAYLINES.with_(count=len(folders))] if len(folders) > 1 else []
    if _height_mode(folders[0]) == "WGS84":
        said.append(ELLIPSOID_READ)
    items: list[Item] = []
    speed = _number(text_of(folders[0], "autoFlightSpeed"), DEFAULT_SPEED_M_S)
    for folder in folders:
        items += _wayline(folder, speed, said)
    items += _ending(text_of(root, "finishAction"), items)
    return Mission(name, tuple(items), home=_home(template), cruise_speed_m_s=speed), tuple(said)


def _ending(action: str, items: list[Item]) -> list[Item]:
    """What the aircraft does after the last waypoint, as items."""
    places = [item for item in items if item.command == Command.WAYPOINT]
    match action:
        case "goHome":
            return [return_home()]
        case "autoLand":
            return [replace(places[-1], command=Command.LAND, height_m=0.0, frame=Frame.HOME)]
        case "gotoFirstWaypoint":
            return [replace(places[0], params=(0.0, *places[0].params[1:]))]
        case _:
            return []


def wpml_bytes(mission: Mission) -> tuple[bytes, tuple[Text, ...]]:
    """A .kmz with the route, and what the format cannot hold."""
    points = list(_points(mission))
    if not points:
        raise BadInput(NO_WAYLINE)
    register_namespace("", KML)
    register_namespace("wpml", WPML)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, executable in (("wpmz/template.kml", False), ("wpmz/waylines.wpml", True)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _document(mission, points, executable=executable))
    said = lost(mission, Part.FENCE, Part.RALLY, Part.ACTIONS, Part.NOTES, Part.HEIGHTS)
    by_sea = [ELLIPSOID_WRITTEN] if points[0][0].frame is Frame.SEA else []
    return out.getvalue(), (*said, *by_sea, CHOOSE_AIRCRAFT)


def _wayline(folder: Element, speed: float, said: list[Text]) -> Iterator[Item]:
    frame = FRAMES.get(_height_mode(folder), Frame.HOME)
    now = speed
    for number, mark in enumerate((m for m in children(folder, "Placemark") if children(m, "Point")), 1):
        wanted = speed if text_of(mark, "useGlobalSpeed") == "1" else _number(text_of(mark, "waypointSpeed"), speed)
        if wanted != now:
            now = wanted
            yield change_speed(wanted)
        yield _read(mark, number, frame, text_of(folder, "globalHeight"))
        others = sorted(
            {a for a in (text_of(x, "actionActuatorFunc") for x in children(mark, "action")) if a != "hover"}
        )
        if others:
            said.append(OTHER_ACTIONS.with_(number=number, names=", ".join(others)))


def _height_mode(folder: Element) -> str:
    return text_of(folder, "executeHeightMode") or text_of(folder, "heightMode")


def _read(mark: Element, number: int, frame: Frame, common_height: str) -> Item:
    own = text_of(mark, "executeHeight") or text_of(mark, "height") or text_of(mark, "ellipsoidHeight")
    try:
        lon, lat = (float(v) for v in text_of(mark, "coordinates").split(",")[:2])
        height = float(common_height if text_of(mark, "useGlobalHeight") == "1" and common_height else own)
        Place(lat, lon)
        if not math.isfinite(height) or abs(lon) > 180.0:
            raise ValueError("no place")
    except ValueError as problem:
        raise BadInput(BAD_WAYPOINT.with_(number=number)) from problem
    hold_s = sum(
        _number(text_of(action, "hoverTime"), 0.0)
        for action in children(mark, "action")
        if text_of(action, "actionActuatorFunc") == "hover"
    )
    plain = waypoint(lat, lon, height, hold_s=hold_s)
    return Item(plain.command, lat, lon, height, frame=frame, params=plain.params)


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) else otherwise


def _home(root: Element) -> Place | None:
    words = text_of(root, "takeOffRefPoint").split(",")
    values = [_number(word, math.nan) for word in words]
    if len(values) != 3 or not all(map(math.isfinite, values)) or not any(values[:2]):
        return None
    return Place(values[0], values[1], values[2], HeightReference.ELLIPSOID)


def _points(mission: Mission) -> Iterator[tuple[Item, float]]:
    """Waypoints with the speed that holds there."""
    speed = mission.cruise_speed_m_s or DEFAULT_SPEED_M_S
    for item in mission.items:
        if item.command == Command.CHANGE_SPEED and item.params[1] > 0:
            speed = item.params[1]
        elif item.command == Command.WAYPOINT and item.has_place:
            yield item, speed


def _add(parent: Element, name: str, text: object = None) -> Element:
    element = SubElement(parent, f"{{{WPML}}}{name}")
    if text is not None:
        element.text = f"{text:.12g}" if isinstance(text, float) else str(text)
    return element


def _document(mission: Mission, points: list[tuple[Item, float]], *, executable: bool) -> bytes:
    root = Element(f"{{{KML}}}kml")
    document = SubElement(root, f"{{{KML}}}Document")
    if not executable:
        _add(document, "author", "dronesampler")
    _config(document, mission, executable=executable)
    folder = SubElement(document, f"{{{KML}}}Folder")
    mode = MODES[points[0][0].frame]
    if executable:
        _add(folder, "templateId", 0)
        _add(folder, "executeHeightMode", mode)
        _add(folder, "waylineId", 0)
        length_m = sum(distance_m(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) for (a, _), (b, _) in _pairs(points))
        _add(folder, "distance", round(length_m, 3))
        _add(folder, "duration", round(length_m / max(points[0][1], 0.1), 1))
    else:
        _add(folder, "templateType", "waypoint")
        _add(folder, "templateId", 0)
        frame = _add(folder, "waylineCoordinateSysParam")
        _add(frame, "coordinateMode", "WGS84")
        _add(frame, "heightMode", mode)
    _add(folder, "autoFlightSpeed", float(mission.cruise_speed_m_s or points[0][1]))
    for index, (item, speed) in enumerate(points):
        _placemark(folder, item, index=index, speed=speed, executable=executable)
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _pairs(points: list[tuple[Item, float]]) -> Iterator[tuple[tuple[Item, float], tuple[Item, float]]]:
    return pairwise(points)


def _config(document: Element, mission: Mission, *, executable: bool) -> None:
    config = _add(document, "missionConfig")
    returns = any(item.command == Command.RETURN for item in mission.items)
    _add(config, "flyToWaylineMode", "safely")
    _add(config, "finishAction", "goHome" if returns else "noAction")
    _add(config, "exitOnRCLost", "executeLostAction")
    _add(config, "executeRCLostAction", "goBack")
    _add(config, "takeOffSecurityHeight", TAKE_OFF_SECURITY_M)
    home = mission.home
    if home is not None and not executable:
        height_m = home.height_m if home.reference is HeightReference.ELLIPSOID else 0.0
        _add(config, "takeOffRefPoint", f"{home.lat_deg:.9f},{home.lon_deg:.9f},{height_m:.3f}")
    _add(config, "globalTransitionalSpeed", float(mission.cruise_speed_m_s or DEFAULT_SPEED_M_S))
    drone = _add(config, "droneInfo")
    _add(drone, "droneEnumValue", 77)
    _add(drone, "droneSubEnumValue", 0)


def _placemark(folder: Element, item: Item, *, index: int, speed: float, executable: bool) -> None:
    mark = SubElement(folder, f"{{{KML}}}Placemark")
    point = SubElement(mark, f"{{{KML}}}Point")
    SubElement(point, f"{{{KML}}}coordinates").text = f"{item.lon_deg:.10f},{item.lat_deg:.10f}"
    _add(mark, "index", index)
    if executable:
        _add(mark, "executeHeight", float(item.height_m))
    else:
        _add(mark, "ellipsoidHeight", float(item.height_m))
        _add(mark, "height", float(item.height_m))
        _add(mark, "useGlobalSpeed", 0)
    _add(mark, "waypointSpeed", float(speed))
    heading = _add(mark, "waypointHeadingParam")
    _add(heading, "waypointHeadingMode", "followWayline")
    turn = _add(mark, "waypointTurnParam")
    _add(turn, "waypointTurnMode", "toPointAndStopWithDiscontinuityCurvature")
    _add(turn, "waypointTurnDampingDist", 0)
    _add(mark, "useStraightLine", 1)
    if item.params[0] > 0:
        _hover(mark, index, item.params[0])


def _hover(mark: Element, index: int, hold_s: float) -> None:
    group = _add(mark, "actionGroup")
    for name in ("actionGroupId", "actionGroupStartIndex", "actionGroupEndIndex"):
        _add(group, name, index)
    _add(group, "actionGroupMode", "sequence")
    _add(_add(group, "actionTrigger"), "actionTriggerType", "reachPoint")
    action = _add(group, "action")
    _add(action, "actionId", 0)
    _add(action, "actionActuatorFunc", "hover")
    _add(_add(action, "actionActuatorFuncParam"), "hoverTime", float(hold_s))


def is_wpml(data: bytes) -> bool:
    """Whether a .kmz is DJI's rather than a zipped KML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any("wpmz/" in name.lower() for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def is_part(data: bytes) -> bool:
    """Whether a KML is one of the two documents of DJI's archive."""
    return NAMESPACE in data[:4096]
