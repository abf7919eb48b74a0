"""Points and areas of features: checked, whole across the antimeridian, refused with the place of what is wrong."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from dronesampler.geo import LocalFrame, Polygon, Ring
from dronesampler.problems import BadInput
from dronesampler.texts import Text

SWAPPED = Text(
    "坐标 {a}, {b} 不在地球上：GeoJSON 先经度后纬度，是否写反了？",
    "{a}, {b} is not on the earth: GeoJSON puts longitude before latitude, are they swapped?",
)
POLAR = Text(
    "坐标 {a}, {b} 的纬度在极区：经纬度是否写反了？",
    "{a}, {b} has a latitude near the pole: are longitude and latitude swapped?",
)
NO_POSITION = Text("“{given}”不是坐标", "“{given}” is no position")
WRONG_GEOMETRY = Text("此类要素应为 {wanted}", "this kind of feature must be a {wanted}")
RING_TOO_SHORT = Text("多边形的环少于 3 个顶点", "a ring of the polygon has fewer than 3 vertices")
APART = Text(
    "多边形由 {count} 个不相连的部分组成，请分为各自的要素",
    "the polygon has {count} parts that do not touch: make a feature of each",
)
SELF_CROSSING = Text(
    "边界自相交（纬度 {lat:.6f}，经度 {lon:.6f} 附近），请修正",
    "the outline crosses itself near {lat:.6f}, {lon:.6f} (latitude, longitude): correct it",
)
BAD_HOLE = Text(
    "多边形的洞不在其内或彼此重叠（纬度 {lat:.6f}，经度 {lon:.6f} 附近），请修正",
    "a hole of the polygon lies outside it or over another near {lat:.6f}, {lon:.6f} (latitude, longitude): correct it",
)
NO_AREA = Text("多边形没有面积（{area:.2f} m²）", "the polygon has no area ({area:.2f} m²)")
HIGHEST_LAT_DEG = 84.0  # no industrial park lies nearer to a pole; web maps and UTM end about there
LEAST_M2 = 1.0
LEAST_WIDTH_M = 0.2  # a straight line in degrees is a hair's breadth wide in metres


def point_of(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """(lat_deg, lon_deg) of a Point. Raises BadInput."""
    if geometry.get("type") != "Point":
        raise BadInput(WRONG_GEOMETRY.with_(wanted="Point"))
    return lat_lon_of(geometry.get("coordinates"))


def is_number(value: object) -> bool:
    """Whether a JSON value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 1 << 53


def lat_lon_of(position: object) -> tuple[float, float]:
    """(lat_deg, lon_deg) of [lon, lat, ...], longitudes beyond 180° taken round. Raises BadInput."""
    if not isinstance(position, list) or len(position) < 2:
        raise BadInput(NO_POSITION.with_(given=position))
    lon, lat = position[0], position[1]
    for value in (lon, lat):
        if not is_number(value):
            raise BadInput(NO_POSITION.with_(given="" if value is None else value))
    if abs(lat) > 90.0 or abs(lon) > 360.0:
        raise BadInput(SWAPPED.with_(a=lon, b=lat))
    if abs(lat) > HIGHEST_LAT_DEG:
        raise BadInput(POLAR.with_(a=lon, b=lat))
    return float(lat), float(lon) if abs(lon) <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def polygon_of(geometry: Mapping[str, Any]) -> Polygon:
    """A Polygon, or a MultiPolygon whose parts make one area (as files cut at the antimeridian). Raises BadInput."""
    rings = geometry.get("coordinates")
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(rings, list) or not rings:
        raise BadInput(WRONG_GEOMETRY.with_(wanted="Polygon"))
    if geometry["type"] == "Polygon":
        return _one(rings)
    parts = [_one(part) for part in rings if part]
    if not parts:
        raise BadInput(WRONG_GEOMETRY.with_(wanted="Polygon"))
    return parts[0] if len(parts) == 1 else _joined(parts)


def _one(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise BadInput(NO_POSITION.with_(given="" if rings is None else rings))
    outer, *holes = (_ring(ring) for ring in rings)
    return Polygon(outer, tuple(holes))


def _ring(positions: Any) -> Ring:
    if not isinstance(positions, list):
        raise BadInput(NO_POSITION.with_(given="" if positions is None else positions))
    ring = tuple(lat_lon_of(p) for p in positions)
    ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
    if len(set(ring)) < 3:
        raise BadInput(RING_TOO_SHORT)
    return ring


def _joined(parts: list[Polygon]) -> Polygon:
    frame = frame_of([point for part in parts for point in part.outer])
    shapes = [shape_of(part, frame) for part in parts]
    if not all(shape.is_valid for shape in shapes):
        raise BadInput(next(text for part in parts if (text := area_fault(part))))
    # A millimetre wider and back closes the seam that rounded coordinates leave along the antimeridian.
    whole = shapely.union_all([s.buffer(0.001, join_style="mitre") for s in shapes]).buffer(-0.001, join_style="mitre")
    if whole.geom_type != "Polygon":
        raise BadInput(APART.with_(count=len(parts)))
    whole = whole.simplify(0.005)
    return Polygon(_degrees(whole.exterior, frame), tuple(_degrees(ring, frame) for ring in whole.interiors))


def _degrees(ring: Any, frame: LocalFrame) -> Ring:
    lat, lon = frame.to_lat_lon(*np.asarray(ring.coords)[:-1].T)
    return tuple(zip(np.round(lat, 9).tolist(), np.round(lon, 9).tolist(), strict=True))


def frame_of(points: list[tuple[float, float]]) -> LocalFrame:
    return LocalFrame.about([p[0] for p in points], [p[1] for p in points])


def shape_of(polygon: Polygon, frame: LocalFrame) -> Any:
    """The polygon as a flat shape, metres."""

    def metres(ring: Ring) -> Any:
        return np.column_stack(frame.to_xy([p[0] for p in ring], [p[1] for p in ring]))

    return shapely.Polygon(metres(polygon.outer), [metres(hole) for hole in polygon.holes])


def area_fault(polygon: Polygon) -> Text | None:
    """Why an area cannot be used: it crosses itself (where), its holes are wrong, it has no area. None if it can."""
    frame = frame_of(list(polygon.outer))
    return shape_fault(shape_of(polygon, frame), frame)


def shape_fault(shape: Any, frame: LocalFrame) -> Text | None:
    """The same of a flat shape in metres of that frame."""
    hull = shapely.convex_hull(shape)
    thin = hull.area < LEAST_M2 or 2.0 * hull.area / hull.length < LEAST_WIDTH_M
    if thin or (shape.is_valid and shape.area < LEAST_M2):
        return NO_AREA.with_(area=shape.area)
    if shape.is_valid:
        return None
    reason = shapely.is_valid_reason(shape)  # "Self-intersection[12.3 45.6]"
    x, y = (float(n) for n in reason[reason.index("[") + 1 : reason.rindex("]")].split()[:2])
    lat, lon = frame.to_lat_lon(x, y)
    said = BAD_HOLE if "hole" in reason.lower() else SELF_CROSSING
    return said.with_(lat=float(lat), lon=float(lon))
