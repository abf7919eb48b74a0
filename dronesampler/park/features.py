"""Features to a park and back: our own kinds with everything in them, and what other programs call things."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from dronesampler.geo import LocalFrame, Polygon
from dronesampler.park.checks import park_problems
from dronesampler.park.foreign import recognised
from dronesampler.park.park import Airspace, Building, Enterprise, Lead, Outlet, Park
from dronesampler.park.positions import area_fault, is_number, point_of, polygon_of
from dronesampler.problems import BadInput, Problem, Severity
from dronesampler.texts import Text

NOT_GEOJSON = Text("不是 GeoJSON 的要素集合、要素或多边形", "not a GeoJSON feature collection, feature or polygon")
NO_BOUNDARY = Text(
    "文件中没有园区边界（kind 为 boundary 的多边形）", "no boundary in the file (a polygon of kind “boundary”)"
)
NO_NUMBER = Text("“{key}”应为数值", "“{key}” must be a number")
NO_CODE = Text("没有排放口编号", "there is no outlet code")
NO_VALUE = Text("“{key}”没有填写", "“{key}” is not given")
UNKNOWN_KIND = Text("不认识的要素类别“{kind}”", "unknown kind of feature “{kind}”")


HULL_BOUNDARY = Text(
    "文件中没有园区边界，以其中各要素的外包多边形代替，请核对",
    "no boundary in the file: the hull of what is in it stands for one, check it",
)
SEVERAL_BOUNDARIES = Text(
    "文件中有 {count} 个未注明类别的多边形，以其外包多边形为边界，请核对",
    "the file has {count} polygons of no kind: their hull was taken as the boundary, check it",
)
OUTLET_MARGIN_M = 100.0


@dataclass(frozen=True, slots=True)
class ParkImport:
    """A park as read, and every feature that was refused or assumed of with the reason."""

    park: Park
    refused: tuple[Problem, ...] = ()


def park_from_geojson(document: object, *, name: str = "") -> ParkImport:
    """The park of a GeoJSON document; `name` is used where the document has none."""
    features = _features(document)
    top: Mapping[str, Any] = document if isinstance(document, dict) else {}
    return park_from_features(
        features,
        name=str(top.get("name") or name),
        name_en=str(top.get("name_en") or ""),
        simulated=top.get("simulated") is True,
    )


def park_from_features(
    features: Sequence[Mapping[str, Any]], *, name: str, name_en: str = "", simulated: bool = False
) -> ParkImport:
    """The park of GeoJSON-like features. Where no feature is a boundary, the hull of all areas and outlets stands for
    one, and that is said. Raises BadInput when there is nothing to make a boundary of."""
    parts, problems = _parted(features)
    boundary, assumed = _boundary(parts)
    if assumed:
        problems.append(Problem("park.boundary", Severity.WARNING, assumed))
    park = Park(
        name=name,
        name_en=name_en,
        simulated=simulated,
        boundary=boundary,
        enterprises=tuple(parts["enterprise"]),
        outlets=tuple(parts["outlet"]),
        buildings=tuple(parts["building"]),
        airspaces=tuple(parts["airspace"]),
        leads=tuple(parts["lead"]),
        home=parts["home"][0] if parts["home"] else None,
    )
    return ParkImport(park, (*problems, *park_problems(park)))


def _parted(features: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[Any]], list[Problem]]:
    """The values of each kind, and what was refused or assumed. Raises BadInput for a boundary that cannot be one."""
    parts: dict[str, list[Any]] = {kind: [] for kind in _READERS}
    problems: list[Problem] = []
    for index, foreign in enumerate(features, 1):
        feature, notes = recognised(foreign)
        kind, where = str(feature["properties"].get("kind")), str(foreign.get("where") or f"feature {index}")
        try:
            if kind not in _READERS:
                raise BadInput(UNKNOWN_KIND.with_(kind=kind))
            parts[kind].append(_READERS[kind](feature["properties"], feature["geometry"]))
        except BadInput as problem:
            if kind == "boundary":
                raise BadInput(problem.text, where=where) from problem
            problems.append(Problem("park.feature", Severity.ERROR, problem.text, where))
        else:
            problems += [Problem("park.assumed", Severity.NOTE, text, where) for text in notes]
    return parts, problems


def outlets_from_features(
    features: Sequence[Mapping[str, Any]],
) -> tuple[tuple[tuple[str, Outlet, bool], ...], tuple[Problem, ...]]:
    """The outlets of a register as (where, outlet, whether its height was assumed), and the rows refused."""
    rows: list[tuple[str, Outlet, bool]] = []
    refused: list[Problem] = []
    for index, feature in enumerate(features, 1):
        where = str(feature.get("where") or f"feature {index}")
        parts, problems = _parted([{**feature, "where": where}])
        refused += [p for p in problems if p.severity is Severity.ERROR]
        rows += [(where, outlet, any(p.rule == "park.assumed" for p in problems)) for outlet in parts["outlet"]]
    return tuple(rows), tuple(refused)


def _checked_boundary(geometry: Mapping[str, Any]) -> Polygon:
    boundary = polygon_of(geometry)
    if text := area_fault(boundary):
        raise BadInput(text)
    return boundary


def _boundary(parts: Mapping[str, list[Any]]) -> tuple[Polygon, Text | None]:
    """The one boundary, the hull of several, or the hull of what stands in the park."""
    found: list[Polygon] = parts["boundary"]
    if len(found) == 1:
        return found[0], None
    areas = found or [v.area for kind in ("enterprise", "building", "airspace") for v in parts[kind] if v.area]
    points = [point for area in areas for point in area.outer]
    if not found:
        points += [(outlet.lat_deg, outlet.lon_deg) for outlet in parts["outlet"]]
    if len(points) < 3 or (not areas and len(parts["outlet"]) < 3):
        raise BadInput(NO_BOUNDARY)
    margin_m = 0.0 if areas else OUTLET_MARGIN_M
    said = SEVERAL_BOUNDARIES.with_(count=len(found)) if found else HULL_BOUNDARY
    return _hull(points, margin_m), said


def _hull(points: list[tuple[float, float]], margin_m: float) -> Polygon:
    frame = LocalFrame.about([p[0] for p in points], [p[1] for p in points])
    x, y = frame.to_xy([p[0] for p in points], [p[1] for p in points])
    shape = shapely.MultiPoint(list(zip(x, y, strict=True))).convex_hull.buffer(margin_m, join_style="mitre")
    if shape.geom_type != "Polygon":
        raise BadInput(NO_BOUNDARY)
    lat, lon = frame.to_lat_lon(*zip(*shape.exterior.coords[:-1], strict=True))
    return Polygon(tuple((float(a), float(o)) for a, o in zip(lat, lon, strict=True)))


def write_park(park: Park, path: Path | str) -> None:
    """Write everything that is known of a park; `read_park` gives the same value back."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in _park_features(park))
    head = {"name": park.name, "name_en": park.name_en, "simulated": park.simulated}
    fields = ", ".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in head.items())
    text = f'{{"type": "FeatureCollection", {fields}, "features": [\n{lines}\n]}}\n'
    Path(path).write_text(text, encoding="utf-8")


def _features(document: object) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        if document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list):
            return [f for f in document["features"] if isinstance(f, dict)]
        if document.get("type") == "Feature":
            return [document]
        if document.get("type") == "GeometryCollection" and isinstance(document.get("geometries"), list):
            return [{"geometry": shape} for shape in document["geometries"]]
        if document.get("type") in ("Polygon", "MultiPolygon"):
            return [{"properties": {"kind": "boundary"}, "geometry": document}]
    raise BadInput(NOT_GEOJSON)


def _number(values: Mapping[str, Any], key: str, default: float | None = None) -> float:
    value = values.get(key, default)
    if value is None:
        raise BadInput(NO_VALUE.with_(key=key))
    if not is_number(value):
        raise BadInput(NO_NUMBER.with_(key=key))
    return float(value)


def _maybe(values: Mapping[str, Any], key: str) -> float | None:
    return None if values.get(key) is None else _number(values, key)


def _word(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "")


def _outlet(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Outlet:
    lat, lon = point_of(geometry)
    if not values.get("code"):
        raise BadInput(NO_CODE)
    return Outlet(
        code=_word(values, "code"),
        lat_deg=lat,
        lon_deg=lon,
        height_m=_number(values, "height_m"),
        enterprise=_word(values, "enterprise"),
        diameter_m=_maybe(values, "diameter_m"),
        pollutants=tuple(str(p) for p in values.get("pollutants") or ()),
        treatment_unit=_word(values, "treatment_unit"),
        limit_g_s=_maybe(values, "limit_g_s"),
    )


def _enterprise(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Enterprise:
    area = polygon_of(geometry) if geometry else None
    words = {key: _word(values, key) for key in ("credit_code", "name", "name_en", "permit_number")}
    return Enterprise(area=area, **words)


def _airspace(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Airspace:
    words = {key: _word(values, key) for key in ("name", "begins_utc", "ends_utc", "layer", "layer_version")}
    floor, ceiling = _number(values, "floor_agl_m", 0.0), _maybe(values, "ceiling_agl_m")
    return Airspace(area=polygon_of(geometry), floor_agl_m=floor, ceiling_agl_m=ceiling, **words)


def _lead(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Lead:
    lat, lon = point_of(geometry)
    words = {key: _word(values, key) for key in ("source", "at_utc", "species", "unit", "note")}
    return Lead(lat_deg=lat, lon_deg=lon, value=_maybe(values, "value"), **words)


def _building(values: Mapping[str, Any], geometry: Mapping[str, Any]) -> Building:
    return Building(polygon_of(geometry), _number(values, "height_m"), _word(values, "name"))


_READERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "boundary": lambda values, geometry: _checked_boundary(geometry),
    "enterprise": _enterprise,
    "outlet": _outlet,
    "building": _building,
    "airspace": _airspace,
    "lead": _lead,
    "home": lambda values, geometry: point_of(geometry),
}


def _park_features(park: Park) -> list[dict[str, Any]]:
    features = [_feature("boundary", park.boundary)]
    features += [_feature("enterprise", e.area, e, skip=("area",)) for e in park.enterprises]
    features += [_feature("outlet", (o.lat_deg, o.lon_deg), o) for o in park.outlets]
    features += [_feature("building", b.area, b, skip=("area",)) for b in park.buildings]
    features += [_feature("airspace", a.area, a, skip=("area",)) for a in park.airspaces]
    features += [_feature("lead", (lead.lat_deg, lead.lon_deg), lead) for lead in park.leads]
    return features + ([_feature("home", park.home)] if park.home else [])


def _feature(
    kind: str, place: Polygon | tuple[float, float] | None, value: object = None, *, skip: tuple[str, ...] = ()
) -> dict[str, Any]:
    names = [n for n in getattr(value, "__slots__", ()) if n not in (*skip, "lat_deg", "lon_deg")]
    kept = {n: getattr(value, n) for n in names if getattr(value, n) not in (None, "", ())}
    return {"type": "Feature", "properties": {"kind": kind, **kept}, "geometry": _geometry(place)}


def _geometry(place: Polygon | tuple[float, float] | None) -> dict[str, Any] | None:
    if place is None:
        return None
    if isinstance(place, Polygon):
        rings = [[[lon, lat] for lat, lon in (*ring, ring[0])] for ring in (place.outer, *place.holes)]
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "Point", "coordinates": [place[1], place[0]]}
