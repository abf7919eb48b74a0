"""Missions as KML: a line for the eye and a point an item, with the item's fields in ExtendedData."""

import math
import re
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from dronesampler.mission.fields import fields_of, item_of, settings_of, settings_text
from dronesampler.mission.losses import NO_HEIGHTS, Part, lost, number, only_first
from dronesampler.mission.mission import NAN, Command, Frame, Item, Mission
from dronesampler.problems import BadInput
from dronesampler.safe_files import children, text_of, xml_root
from dronesampler.texts import Text

KML = "http://www.opengis.net/kml/2.2"
# KML knows no height over the take-off place: relativeToGround is the nearest it has.
MODES = {Frame.SEA: "absolute", Frame.HOME: "relativeToGround", Frame.TERRAIN: "relativeToGround"}
NO_ROUTE = Text("KML 中没有线或点可作航线", "there is no line and no point in the KML file to make a route of")
ONLY_AREAS = Text(
    "KML 中只有区域，没有航线：请当作园区打开并在其上规划",
    "the KML file holds areas and no route: open it as a park and plan over it",
)
OLD_DJI = Text(
    "这是大疆旧版 KML：只读入航点，速度、朝向和动作未读入",
    "this is DJI's older KML: the waypoints were read, speeds, headings and actions were not",
)
BAD_COORDINATES = Text("坐标“{text}”无法读取", "the coordinates “{text}” cannot be read")


def kml_bytes(mission: Mission) -> tuple[bytes, tuple[Text, ...]]:
    """The route, and what the format cannot hold."""
    register_namespace("", KML)
    root = Element(f"{{{KML}}}kml")
    document = SubElement(root, f"{{{KML}}}Document")
    SubElement(document, f"{{{KML}}}name").text = mission.name
    about = {"pattern": mission.pattern, "settings": settings_text(mission.settings)}
    _data(document, {**about, "simulated": "1" if mission.simulated else "0"})
    placed = [item for item in mission.items if item.has_place]
    if len(placed) > 1:
        line = SubElement(SubElement(document, f"{{{KML}}}Placemark"), f"{{{KML}}}LineString")
        SubElement(line, f"{{{KML}}}altitudeMode").text = MODES[placed[0].frame]
        SubElement(line, f"{{{KML}}}coordinates").text = " ".join(map(_coordinates, placed))
    for item in mission.items:
        _write(document, item)
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data, lost(mission, Part.FENCE, Part.RALLY, Part.HOME)


def mission_from_kml(data: bytes, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """Our own points, else the first line, else the points in their order; and what was left out. Raises BadInput."""
    root = xml_root(data)
    own = [mark for mark in children(root, "Placemark") if "command" in _fields(mark)]
    if own:
        about = _fields(next(iter(children(root, "Document")), root))
        mission = Mission(
            name=text_of(root, "name") or name,
            items=tuple(_own_item(mark) for mark in own),
            pattern=about.get("pattern", ""),
            settings=settings_of(about.get("settings", "")),
            simulated=about.get("simulated") == "1",
        )
        return mission, ()
    lines = [line for line in children(root, "LineString") if len(_items(line)) > 1]
    old = (OLD_DJI,) if any("www.dji.com" in element.tag for element in root.iter()) else ()
    if lines:
        return Mission(name, tuple(_items(lines[0]))), (*only_first(lines), *_heightless(lines[:1]), *old)
    points = children(root, "Point")
    items = [item for point in points for item in _items(point)]
    if not items:
        raise BadInput(ONLY_AREAS if children(root, "Polygon") else NO_ROUTE)
    return Mission(name, tuple(items)), (*_heightless(points), *old)


def _heightless(shapes: list[Element]) -> tuple[Text, ...]:
    """Said where not one place has a height of its own."""
    places = [place for shape in shapes for place in _places(shape)]
    low = all(len(place) < 3 or place[2] == 0.0 for place in places)
    return (NO_HEIGHTS,) if low else ()


def _coordinates(item: Item) -> str:
    return f"{number(item.lon_deg)},{number(item.lat_deg)},{number(item.height_m)}"


def _data(parent: Element, values: dict[str, str]) -> None:
    extended = SubElement(parent, f"{{{KML}}}ExtendedData")
    for key, value in values.items():
        SubElement(SubElement(extended, f"{{{KML}}}Data", {"name": key}), f"{{{KML}}}value").text = value


def _write(document: Element, item: Item) -> None:
    mark = SubElement(document, f"{{{KML}}}Placemark")
    if item.note:
        SubElement(mark, f"{{{KML}}}name").text = item.note
    _data(mark, {**fields_of(item), "x": number(item.lat_deg), "y": number(item.lon_deg), "z": number(item.height_m)})
    if item.has_place:
        point = SubElement(mark, f"{{{KML}}}Point")
        SubElement(point, f"{{{KML}}}altitudeMode").text = MODES[item.frame]
        SubElement(point, f"{{{KML}}}coordinates").text = _coordinates(item)


def _fields(mark: Element) -> dict[str, str]:
    """The ExtendedData directly below, by name; that of inner elements is theirs."""
    extended = next((e for e in mark if e.tag.endswith("}ExtendedData")), None)
    if extended is None:
        return {}
    return {data.get("name", ""): text_of(data, "value") for data in children(extended, "Data")}


def _own_item(mark: Element) -> Item:
    values = _fields(mark)
    try:
        x, y, z = (float(values.get(key) or 0.0) for key in "xyz")
    except ValueError as problem:
        raise BadInput(BAD_COORDINATES.with_(text=values)) from problem
    return item_of(values, lat_deg=x, lon_deg=y, height_m=z)


def _items(shape: Element) -> list[Item]:
    frame = Frame.SEA if text_of(shape, "altitudeMode") == "absolute" else Frame.HOME
    items = []
    for lon, lat, *height in _places(shape):
        up = height[0] if height else 0.0
        items.append(Item(Command.WAYPOINT, lat, lon, up, frame=frame, params=(0.0, 0.0, 0.0, NAN)))
    return items


def _places(shape: Element) -> list[list[float]]:
    """[lon, lat, height] each; some programs write blanks after the commas, which the standard forbids."""
    words = re.sub(r"\s*,\s*", ",", text_of(shape, "coordinates")).split()
    return [_place(word) for word in words]


def _place(text: str) -> list[float]:
    try:
        values = [float(value) for value in text.rstrip(",").split(",")[:3]]
    except ValueError as problem:
        raise BadInput(BAD_COORDINATES.with_(text=text)) from problem
    on_earth = len(values) >= 2 and abs(values[1]) <= 90.0 and abs(values[0]) <= 180.0
    if not on_earth or not all(map(math.isfinite, values)):
        raise BadInput(BAD_COORDINATES.with_(text=text))
    return values
