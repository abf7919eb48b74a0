"""KML and KMZ placemarks as features: polygons with their holes, points, and what ExtendedData says of them."""

from typing import Any
from xml.etree.ElementTree import Element

from dronesampler.problems import BadInput
from dronesampler.safe_files import children, plain_name, text_of, xml_root
from dronesampler.texts import Text

BAD_COORDINATES = Text(
    "地标“{name}”的坐标无法读取：“{text}”", "the coordinates of placemark “{name}” cannot be read: “{text}”"
)
NO_COORDINATES = Text("地标“{name}”没有坐标", "placemark “{name}” has no coordinates")
NUMBERS = ("height_m", "diameter_m", "limit_g_s", "floor_agl_m", "ceiling_agl_m", "value")


def features_of_kml(data: bytes) -> list[dict[str, Any]]:
    """One feature a polygon or point, in document order. Raises BadInput naming the placemark."""
    return [feature for mark in children(xml_root(data), "Placemark") for feature in _features(mark)]


def _features(mark: Element) -> list[dict[str, Any]]:
    name = text_of(mark, "name")
    properties = {**({"name": name} if name else {}), **_extended(mark)}
    found: list[dict[str, Any]] = []
    for polygon in children(mark, "Polygon"):
        rings = [
            _ring(ring, name) for kind in ("outerBoundaryIs", "innerBoundaryIs") for ring in children(polygon, kind)
        ]
        if not rings:
            raise BadInput(NO_COORDINATES.with_(name=name))
        found.append({"properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}})
    for point in children(mark, "Point"):
        (position, *_) = _positions(point, name)
        found.append({"properties": properties, "geometry": {"type": "Point", "coordinates": position}})
    return found


def _extended(mark: Element) -> dict[str, Any]:
    values = {data.get("name", ""): text_of(data, "value") for data in children(mark, "Data")}
    values |= {data.get("name", ""): (data.text or "").strip() for data in children(mark, "SimpleData")}
    return {key: _number(key, value) for key, value in values.items() if key}


def _number(key: str, value: str) -> Any:
    if key not in NUMBERS:
        return value
    try:
        return float(value)
    except ValueError:
        return value  # the reader of that kind says what is wrong with it


def _ring(boundary: Element, name: str) -> list[list[float]]:
    return _positions(boundary, name)


def _positions(shape: Element, name: str) -> list[list[float]]:
    text = next(((e.text or "") for e in shape.iter() if plain_name(e) == "coordinates"), "")
    if not text.strip():
        raise BadInput(NO_COORDINATES.with_(name=name))
    positions = []
    for word in text.split():
        try:
            positions.append([float(v) for v in word.split(",")][:2])
        except ValueError as problem:
            raise BadInput(BAD_COORDINATES.with_(name=name, text=word)) from problem
    return positions
