"""Missions as GPX 1.1: a route, with what GPX has no word for in extensions of ours."""

from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from dronesampler.mission.fields import fields_of, item_of, settings_of, settings_text
from dronesampler.mission.losses import NO_HEIGHTS, Part, lost, number, only_first
from dronesampler.mission.mission import Frame, Item, Mission, waypoint
from dronesampler.problems import BadInput
from dronesampler.safe_files import children, plain_name, text_of, xml_root
from dronesampler.texts import Text

GPX = "http://www.topografix.com/GPX/1/1"
OURS = "https://dronesampler.invalid/mission/1"
NO_ROUTE = Text("GPX 中没有航线、航迹或航点", "there is no route, track or waypoint in the GPX file")
BAD_POINT = Text("第 {number} 个点的坐标无法读取：{lat}, {lon}", "point {number} has no readable place: {lat}, {lon}")


def gpx_bytes(mission: Mission) -> tuple[bytes, tuple[Text, ...]]:
    """A route of all items, and what the format cannot hold. `ele` is over the sea only where an item's height is."""
    register_namespace("", GPX)
    register_namespace("ds", OURS)
    root = Element(f"{{{GPX}}}gpx", {"version": "1.1", "creator": "dronesampler"})
    route = SubElement(root, f"{{{GPX}}}rte")
    SubElement(route, f"{{{GPX}}}name").text = mission.name
    about = SubElement(SubElement(route, f"{{{GPX}}}extensions"), f"{{{OURS}}}mission")
    about.set("pattern", mission.pattern)
    about.set("settings", settings_text(mission.settings))
    about.set("simulated", "1" if mission.simulated else "0")
    for item in mission.items:
        _write(route, item)
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data, lost(mission, Part.FENCE, Part.RALLY, Part.HOME)


def mission_from_gpx(data: bytes, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The first route, else the first track, else the waypoints; and what was left out. Raises BadInput."""
    root = xml_root(data)
    if plain_name(root) != "gpx":
        raise BadInput(NO_ROUTE)
    for holder, point in (("rte", "rtept"), ("trk", "trkpt"), ("gpx", "wpt")):
        holders = [found for found in children(root, holder) if children(found, point)]
        if holders:
            points = children(holders[0], point)
            low = not any(text_of(one, "ele") for one in points)
            return _mission(holders[0], points, name), (*only_first(holders), *([NO_HEIGHTS] if low else []))
    raise BadInput(NO_ROUTE)


def _write(route: Element, item: Item) -> None:
    point = SubElement(route, f"{{{GPX}}}rtept", {"lat": number(item.lat_deg), "lon": number(item.lon_deg)})
    SubElement(point, f"{{{GPX}}}ele").text = number(item.height_m)
    if item.note:
        SubElement(point, f"{{{GPX}}}name").text = item.note
    own = SubElement(SubElement(point, f"{{{GPX}}}extensions"), f"{{{OURS}}}item")
    for key, value in fields_of(item).items():
        own.set(key, value)


def _mission(found: Element, points: list[Element], name: str) -> Mission:
    about = next((e for e in found.iter() if e.tag == f"{{{OURS}}}mission"), None)
    said = dict(about.attrib) if about is not None else {}
    return Mission(
        name=text_of(found, "name") if about is not None else name,
        items=tuple(_item(point, number) for number, point in enumerate(points, 1)),
        pattern=said.get("pattern", ""),
        settings=settings_of(said.get("settings", "")),
        simulated=said.get("simulated") == "1",
    )


def _item(point: Element, place: int) -> Item:
    words = point.get("lat", ""), point.get("lon", "")
    try:
        lat, lon = float(words[0]), float(words[1])
        height = float(text_of(point, "ele") or 0.0)
    except ValueError as problem:
        raise BadInput(BAD_POINT.with_(number=place, lat=words[0], lon=words[1])) from problem
    own = next((e for e in point.iter() if e.tag == f"{{{OURS}}}item"), None)
    if own is not None:
        return item_of(dict(own.attrib), lat_deg=lat, lon_deg=lon, height_m=height)
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0):
        raise BadInput(BAD_POINT.with_(number=place, lat=lat, lon=lon))
    plain = waypoint(lat, lon, height, note=text_of(point, "name"))
    # GPX heights are above mean sea level; a point without one is no point at the level of the sea.
    return replace(plain, frame=Frame.SEA) if text_of(point, "ele") else plain
