"""Missions as GeoJSON: a feature an item, fence zone, rally point and home; a bare line is a route."""

import json
import math
from collections.abc import Mapping
from typing import Any

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.geo.crs import check_crs
from dronesampler.mission.fields import fields_of, item_of
from dronesampler.mission.losses import NO_HEIGHTS, only_first
from dronesampler.mission.mission import NAN, Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_value
from dronesampler.texts import Text

NO_ROUTE = Text("GeoJSON 中没有航线、线或点", "there is no route, line or point in the GeoJSON file")
ONLY_AREAS = Text(
    "GeoJSON 中只有区域，没有航线：请当作园区打开并在其上规划",
    "the GeoJSON file holds areas and no route: open it as a park and plan over it",
)
BAD_FEATURE = Text("第 {number} 个要素无法读取", "feature {number} cannot be read")


def geojson_text(mission: Mission) -> tuple[str, tuple[Text, ...]]:
    """Everything a mission has; this format loses nothing."""
    features = [_item_feature(item) for item in mission.items]
    features += [_polygon_feature(zone) for zone in mission.fence.polygons]
    features += [
        _point("circle", c.lat_deg, c.lon_deg, None, {"radius_m": c.radius_m, "inclusion": c.inclusion})
        for c in mission.fence.circles
    ]
    features += [_place("fence-return", place) for place in (mission.fence.return_point,) if place is not None]
    features += [_place("rally", place) for place in mission.rally]
    if mission.home is not None:
        features.append(_place("home", mission.home))
    about = {
        "name": mission.name,
        "pattern": mission.pattern,
        "settings": dict(mission.settings),
        "cruise_speed_m_s": mission.cruise_speed_m_s,
        "simulated": mission.simulated,
    }
    document = {"type": "FeatureCollection", "dronesampler": about, "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", ()


def mission_from_geojson(text: str, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The mission of a collection of ours, or the first line or all points of another; and what was left out.

    Raises BadInput.
    """
    document = json_value(text)
    check_crs(document)
    features = _features(document)
    if isinstance(document, dict) and isinstance(document.get("dronesampler"), dict):
        return _ours(document["dronesampler"], features, name), ()
    shapes = [(n, shape) for n, feature in enumerate(features, 1) for shape in _shapes(feature)]
    lines = [(n, line) for n, shape in shapes for line in _lines(shape)]
    points = [(n, point) for n, shape in shapes for point in _points(shape)]
    chosen = [(lines[0][0], place) for place in lines[0][1]] if lines else points
    items = [_plain(place, n) for n, place in chosen]
    if not items:
        raise BadInput(ONLY_AREAS if any("Polygon" in str(shape.get("type")) for _, shape in shapes) else NO_ROUTE)
    low = all(item.height_m == 0.0 for item in items)
    return Mission(name, tuple(items)), (*only_first(lines), *([NO_HEIGHTS] if low else []))


def _features(document: object) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        raise BadInput(NO_ROUTE)
    features = document.get("features", [document])
    if not isinstance(features, list):
        raise BadInput(NO_ROUTE)
    return [feature for feature in features if isinstance(feature, dict)]


def _shapes(feature: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The geometries of a feature, collections taken apart."""
    geometry = feature.get("geometry") or feature
    inner = geometry.get("geometries") if isinstance(geometry, dict) else None
    parts = inner if isinstance(inner, list) else [geometry]
    return [part for part in parts if isinstance(part, dict)]


def _lines(shape: Mapping[str, Any]) -> list[list[Any]]:
    return _parts(shape, "LineString", "MultiLineString")


def _points(shape: Mapping[str, Any]) -> list[Any]:
    return _parts(shape, "Point", "MultiPoint")


def _parts(shape: Mapping[str, Any], one: str, many: str) -> list[Any]:
    coordinates = shape.get("coordinates")
    if not isinstance(coordinates, list) or not coordinates or shape.get("type") not in (one, many):
        return []
    return coordinates if shape["type"] == many else [coordinates]


def _plain(coordinates: Any, number: int) -> Item:
    try:
        lon, lat, *height = (float(value) for value in coordinates[:3])
        Place(lat, lon)
    except (TypeError, ValueError, IndexError, OverflowError) as problem:
        raise BadInput(BAD_FEATURE.with_(number=number)) from problem
    if abs(lon) > 180.0 or not all(map(math.isfinite, height)):
        raise BadInput(BAD_FEATURE.with_(number=number))
    return Item(Command.WAYPOINT, lat, lon, height[0] if height else 0.0, params=(0.0, 0.0, 0.0, NAN))


def _point(
    kind: str, lat_deg: float, lon_deg: float, height_m: float | None, more: Mapping[str, Any]
) -> dict[str, Any]:
    coordinates = [lon_deg, lat_deg] if height_m is None else [lon_deg, lat_deg, height_m]
    geometry = {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **more}}


def _item_feature(item: Item) -> dict[str, Any]:
    if item.has_place:
        return _point("item", item.lat_deg, item.lon_deg, item.height_m, fields_of(item))
    raw = {"x": item.lat_deg, "y": item.lon_deg, "z": item.height_m}
    return {"type": "Feature", "geometry": None, "properties": {"kind": "item", **fields_of(item), **raw}}


def _place(kind: str, place: Place) -> dict[str, Any]:
    return _point(kind, place.lat_deg, place.lon_deg, place.height_m, {"reference": place.reference.value})


def _polygon_feature(zone: PolygonFence) -> dict[str, Any]:
    rings = [[[lon, lat] for lat, lon in (*ring, ring[0])] for ring in (zone.area.outer, *zone.area.holes)]
    geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": "fence", "inclusion": zone.inclusion}}


def _ours(about: Mapping[str, Any], features: list[dict[str, Any]], name: str) -> Mission:
    parts: dict[str, list[Any]] = {kind: [] for kind in _READERS}
    for number, feature in enumerate(features, 1):
        values = feature.get("properties") or {}
        try:
            reader = _READERS[values["kind"]]
            parts[values["kind"]].append(reader(values, feature.get("geometry") or {}))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as problem:
            raise BadInput(BAD_FEATURE.with_(number=number)) from problem
    told = about.get("settings")
    settings = told if isinstance(told, dict) else {}
    return Mission(
        name=str(about.get("name") or name),
        items=tuple(parts["item"]),
        home=parts["home"][0] if parts["home"] else None,
        cruise_speed_m_s=_speed(about.get("cruise_speed_m_s")),
        fence=Fence(tuple(parts["fence"]), tuple(parts["circle"]), next(iter(parts["fence-return"]), None)),
        rally=tuple(parts["rally"]),
        pattern=str(about.get("pattern") or ""),
        settings=tuple((str(k), str(v)) for k, v in settings.items()),
        simulated=about.get("simulated") is True,
    )


def _speed(value: Any) -> float | None:
    """None for anything that is no speed."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    return float(value) if usable else None


def _read_item(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Item:
    if values.get("frame") == Frame.NONE.value:
        return item_of(values, lat_deg=float(values["x"]), lon_deg=float(values["y"]), height_m=float(values["z"]))
    lon, lat, height = (float(v) for v in geometry["coordinates"])
    return item_of(values, lat_deg=lat, lon_deg=lon, height_m=height)


def _read_place(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Place:
    lon, lat, height = (float(v) for v in geometry["coordinates"])
    return Place(lat, lon, height, HeightReference(values["reference"]))


def _read_polygon(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> PolygonFence:
    outer, *holes = [tuple((float(lat), float(lon)) for lon, lat in ring[:-1]) for ring in geometry["coordinates"]]
    return PolygonFence(Polygon(outer, tuple(holes)), values["inclusion"] is not False)


def _read_circle(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Circle:
    lon, lat = (float(v) for v in geometry["coordinates"][:2])
    return Circle(lat, lon, float(values["radius_m"]), values["inclusion"] is not False)


_READERS = {
    "item": _read_item,
    "fence": _read_polygon,
    "circle": _read_circle,
    "rally": _read_place,
    "fence-return": _read_place,
    "home": _read_place,
}
