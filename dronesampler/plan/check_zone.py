"""Fence against route, home and rally points."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from dronesampler.geo.local import Floats
from dronesampler.plan.area import flat
from dronesampler.plan.check_context import Context
from dronesampler.plan.check_limits import item_name
from dronesampler.plan.samples import along_route
from dronesampler.problems import BadInput, Problem, Severity
from dronesampler.texts import Text

NO_FENCE = Text("任务没有围栏", "the mission has no fence")
HOME_OUT = Text("起飞点在围栏外：解锁即触发围栏", "home lies outside of the fence: arming would break it")
ROUTE_OUT = Text("航线在这里越出围栏", "the route leaves the fence here")
RALLY_OUT = Text("集结点 {number} 在围栏外", "rally point {number} lies outside of the fence")
RETURN_OUT = Text("围栏的返回点在围栏外", "the fence's return point lies outside of the fence")
NO_RETURN_POINT = Text(
    "PX4 不保存围栏的返回点：越出围栏时按其自身设置处理",
    "PX4 keeps no return point for a fence: when it is left, the autopilot's own settings decide",
)
CLOSE = Text(
    "航线距围栏不足 {margin:.0f} m：过冲和定位误差就会触发围栏",
    "the route comes within {margin:.0f} m of the fence: overshoot and position error would break it",
)
MARGIN_M = 8.0


def problems(context: Context) -> Iterator[Problem]:
    """Findings about the fence."""
    fence, frame = context.mission.fence, context.forecast.frame
    if not fence:
        yield Problem("fence.none", Severity.WARNING, NO_FENCE)
        return
    try:
        allowed = _allowed(context)
    except BadInput as problem:
        yield Problem("fence.shape", Severity.ERROR, problem.text)
        return
    if context.mission.home is not None and not allowed.covers(Point(0.0, 0.0)):
        yield Problem("fence.home", Severity.ERROR, HOME_OUT, "home", frame.lat_deg, frame.lon_deg)
    yield from _return_point(context, allowed)
    yield from _route(context, allowed)
    for number, place in enumerate(context.mission.rally, 1):
        x, y = frame.to_xy(place.lat_deg, place.lon_deg)
        if not allowed.covers(Point(float(x), float(y))):
            text = RALLY_OUT.with_(number=number)
            yield Problem("fence.rally", Severity.ERROR, text, f"rally {number}", place.lat_deg, place.lon_deg)


def _return_point(context: Context, allowed: shapely.Geometry) -> Iterator[Problem]:
    place = context.mission.fence.return_point
    if place is None:
        return
    x, y = context.forecast.frame.to_xy(place.lat_deg, place.lon_deg)
    if not allowed.covers(Point(float(x), float(y))):
        yield Problem("fence.return", Severity.ERROR, RETURN_OUT, "fence", place.lat_deg, place.lon_deg)
    elif context.aircraft.autopilot == "px4":
        yield Problem("fence.return", Severity.WARNING, NO_RETURN_POINT, "fence", place.lat_deg, place.lon_deg)


def _route(context: Context, allowed: shapely.Geometry) -> Iterator[Problem]:
    way = along_route(context)
    points = shapely.points(way.x_m, way.y_m)
    shapely.prepare(allowed)
    outside = ~shapely.covers(allowed, points)
    for rule, severity, text, bad in (
        ("fence.route", Severity.ERROR, ROUTE_OUT, outside),
        ("fence.close", Severity.WARNING, CLOSE.with_(margin=MARGIN_M), _near_edge(allowed, points) & ~outside),
    ):
        seen: set[int] = set()
        for index in np.flatnonzero(bad):
            item = int(way.item[index])
            if item not in seen:
                seen.add(item)
                lat, lon = context.forecast.frame.to_lat_lon(way.x_m[index], way.y_m[index])
                yield Problem(rule, severity, text, item_name(context, item), float(lat), float(lon))


def _near_edge(allowed: shapely.Geometry, points: Floats) -> NDArray[np.bool_]:
    room = allowed.buffer(-MARGIN_M)
    if room.is_empty:
        return np.ones(len(points), bool)
    shapely.prepare(room)
    return np.asarray(~shapely.covers(room, points))


def _allowed(context: Context) -> shapely.Geometry:
    """Inside every inclusion zone and outside every exclusion zone, as ArduPilot and PX4 take it."""
    fence, frame = context.mission.fence, context.forecast.frame
    zones = [(flat(p.area, frame), p.inclusion) for p in fence.polygons]
    for circle in fence.circles:
        x, y = frame.to_xy(circle.lat_deg, circle.lon_deg)
        zones.append((Point(float(x), float(y)).buffer(circle.radius_m, quad_segs=32), circle.inclusion))
    allowed: shapely.Geometry = Point(0.0, 0.0).buffer(100_000.0)
    for zone, inclusion in zones:
        allowed = allowed.intersection(zone) if inclusion else allowed.difference(zone)
    return allowed
