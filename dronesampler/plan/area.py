"""Areas of the earth as flat shapes in local metres, refused with a sentence when no plan could be made over them."""

import math
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry import Polygon as Shape

from dronesampler.geo import LocalFrame, Polygon, Ring
from dronesampler.geo.local import Floats
from dronesampler.park.positions import RING_TOO_SHORT, shape_fault
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_ON_EARTH = Text(
    "坐标 {lat}, {lon} 不在地球上：纬度和经度是否写反了？",
    "{lat}, {lon} is not on the earth: are latitude and longitude swapped?",
)
TOO_LARGE = Text(
    "区域跨度 {km:.0f} km，不像一个园区：坐标是否有误？",
    "the area is {km:.0f} km across, which is no park: are the coordinates right?",
)
MAX_SPAN_M = 50_000.0


def frame_about(ring: Iterable[tuple[float, float]]) -> LocalFrame:
    """A frame at the middle of the ring's box, longitudes taken the short way, so that the antimeridian is no seam."""
    points = list(ring)
    if len(set(points)) < 3:
        raise BadInput(RING_TOO_SHORT)
    for lat, lon in points:
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 89.0 and abs(lon) <= 180.0):
            raise BadInput(NOT_ON_EARTH.with_(lat=lat, lon=lon))
    lats, lons = np.array(points).T
    lons = lons[0] + (lons - lons[0] + 180.0) % 360.0 - 180.0
    middle = (lons.min() + lons.max()) / 2
    return LocalFrame(float((lats.min() + lats.max()) / 2), float((middle + 180.0) % 360.0 - 180.0))


def flat(polygon: Polygon, frame: LocalFrame) -> Shape:
    """The polygon in local metres; raises BadInput when it crosses itself, has no area or is no park at all."""
    shape = Shape(_ring(polygon.outer, frame), [_ring(hole, frame) for hole in polygon.holes])
    west, south, east, north = shape.bounds
    if max(east - west, north - south) > MAX_SPAN_M:
        raise BadInput(TOO_LARGE.with_(km=max(east - west, north - south) / 1000))
    fault = shape_fault(shape, frame)
    if fault is not None:
        raise BadInput(fault)
    return shapely.orient_polygons(shape)


def round_area(shape: Shape, frame: LocalFrame) -> Polygon:
    """Local metres back to degrees."""
    return Polygon(_degrees(shape.exterior.coords, frame), tuple(_degrees(i.coords, frame) for i in shape.interiors))


def polygons(shape: shapely.Geometry) -> list[Shape]:
    """The polygons of whatever an overlay returned, largest first; lines and points are dropped."""
    if isinstance(shape, Shape):
        return [] if shape.is_empty else [shape]
    parts: list[Shape] = []
    for part in getattr(shape, "geoms", ()):
        if isinstance(part, Shape | MultiPolygon):
            parts += polygons(part)
    return sorted(parts, key=lambda p: -float(p.area))


def lines(shape: shapely.Geometry) -> list[Floats]:
    """The lines of whatever an overlay returned, each as (n, 2) coordinates."""
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shapely.get_coordinates(shape)]
    return [coords for part in getattr(shape, "geoms", ()) for coords in lines(part)]


def point(x_m: float, y_m: float) -> Point:
    return Point(x_m, y_m)


def _ring(ring: Ring, frame: LocalFrame) -> Floats:
    x, y = frame.to_xy([p[0] for p in ring], [p[1] for p in ring])
    return np.column_stack([x, y])


def _degrees(coords: Iterable[tuple[float, ...]], frame: LocalFrame) -> Ring:
    xy = np.array(list(coords))[:-1]
    lat, lon = frame.to_lat_lon(xy[:, 0], xy[:, 1])
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))
