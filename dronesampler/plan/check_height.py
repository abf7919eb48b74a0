"""Height above the ground and over what stands on it, along every leg and on the way back."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from dronesampler.geo.local import Floats
from dronesampler.plan.area import flat
from dronesampler.plan.check_context import Context
from dronesampler.plan.check_limits import item_name
from dronesampler.plan.samples import Samples, along_route, ways_back
from dronesampler.plan.site import OVER_OBSTACLE_M, STACK_RADIUS_M
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

TOO_HIGH = Text(
    "离地 {height:.0f} m，超过真高 120 m 减去 {margin:.0f} m 余量",
    "{height:.0f} m above ground: over 120 m less a margin of {margin:.0f} m",
)
TOO_LOW = Text(
    "离地只有 {height:.1f} m（至少 {least:.0f} m）", "only {height:.1f} m above ground ({least:.0f} m at least)"
)
NO_DATA = Text(
    "没有地形数据：以下按平地计算，离地高度未经核实（共 {count} 处）",
    "no terrain data: flat ground is assumed and heights above ground are not verified ({count} places)",
)
HOME_UNKNOWN = Text(
    "起飞点没有地形数据：无法换算离地高度", "no terrain data at home: heights above ground cannot be worked out"
)
HITS = Text(
    "经过“{name}”（高 {top:.0f} m）时只高出 {above:.1f} m（至少 {least:.0f} m）",
    "passes “{name}” ({top:.0f} m tall) only {above:.1f} m above it ({least:.0f} m at least)",
)
HITS_BACK = Text(
    "从这里直线返航会在 {up:.0f} m 高度经过“{name}”（高 {top:.0f} m）：把自动驾驶仪的返航高度设为至少 {wanted:.0f} m",
    "straight home from here passes “{name}” ({top:.0f} m tall) at {up:.0f} m: set the autopilot's return height to "
    "{wanted:.0f} m at least",
)
NO_PARK = Text(
    "没有给出园区：建筑物、烟囱和管制空域都未核对",
    "no park was given: buildings, stacks and controlled airspace were not checked",
)
LIMIT_AGL_M, MARGIN_M, LEAST_AGL_M = 120.0, 10.0, 5.0
BESIDE_M = 6.0  # position error and overshoot


def problems(context: Context) -> Iterator[Problem]:
    """Findings about height; at most one of a kind for each leg."""
    route, back = along_route(context), ways_back(context)
    if context.park is None:
        yield Problem("park.none", Severity.NOTE, NO_PARK)
    ground, unknown = _ground(context, route)
    if unknown:
        yield Problem("terrain.no-data", Severity.WARNING, NO_DATA.with_(count=unknown))
    agl = route.height_home_m - ground
    yield from _bounds(context, route, agl)
    for worst, top, name in _too_near(context, route, agl):
        text = HITS.with_(name=name, top=top, above=agl[worst] - top, least=OVER_OBSTACLE_M)
        severity = Severity.ERROR if agl[worst] < top else Severity.WARNING
        yield _at(context, route, worst, rule="obstacle.leg", severity=severity, text=text)
    yield from _return(context, back, back.height_home_m - _ground(context, back)[0])


def _return(context: Context, way: Samples, agl: Floats) -> Iterator[Problem]:
    """One finding for all the ways home: the tallest thing that any of them meets."""
    met = max(_too_near(context, way, agl), key=lambda m: m[1], default=None)
    if met is not None:
        worst, top, name = met
        text = HITS_BACK.with_(name=name, top=top, up=agl[worst], wanted=top + OVER_OBSTACLE_M)
        severity = Severity.ERROR if agl[worst] < top else Severity.WARNING
        yield _at(context, way, worst, rule="obstacle.return", severity=severity, text=text)


def _ground(context: Context, way: Samples) -> tuple[Floats, int]:
    """Ground above home's ground at each point (0 where it is not known), and how many points are not known."""
    if not len(way):
        return np.zeros(0), 0
    if context.terrain is None:
        return np.zeros(len(way)), len(way)
    home = float(context.terrain.height_m(context.forecast.frame.lat_deg, context.forecast.frame.lon_deg))
    heights = context.terrain.height_m(*context.forecast.frame.to_lat_lon(way.x_m, way.y_m)) - home
    unknown = int(np.isnan(heights).sum())
    return np.nan_to_num(heights), unknown


def _bounds(context: Context, way: Samples, agl: Floats) -> Iterator[Problem]:
    most = LIMIT_AGL_M - MARGIN_M
    for worst in _worst(way, agl, agl > most, highest=True):
        text = TOO_HIGH.with_(height=agl[worst], margin=MARGIN_M)
        severity = Severity.ERROR if agl[worst] > LIMIT_AGL_M else Severity.WARNING
        yield _at(context, way, worst, rule="height.limit", severity=severity, text=text)
    for worst in _worst(way, agl, agl < LEAST_AGL_M, highest=False):
        text = TOO_LOW.with_(height=agl[worst], least=LEAST_AGL_M)
        yield _at(context, way, worst, rule="height.ground", severity=Severity.ERROR, text=text)


def _too_near(context: Context, way: Samples, agl: Floats) -> Iterator[tuple[int, float, str]]:
    """For each thing and leg that come too near: the worst point's index, and the thing's top and name."""
    if context.park is None or not len(way):
        return
    points = shapely.points(way.x_m, way.y_m)
    for shape, top, name in _standing(context):
        low = agl < top + OVER_OBSTACLE_M - 0.01
        low[low] = shapely.contains(shape, points[low])
        yield from ((worst, top, name) for worst in _worst(way, agl, low, highest=False))


def _standing(context: Context) -> Iterator[tuple[shapely.Geometry, float, str]]:
    """Buildings and stacks with room about them, prepared, their tops and names."""
    assert context.park is not None
    frame = context.forecast.frame
    for building in context.park.buildings:
        shape = flat(building.area, frame).buffer(BESIDE_M)
        shapely.prepare(shape)
        yield shape, building.height_m, building.name or "building"
    for outlet in context.park.outlets:
        x, y = frame.to_xy(outlet.lat_deg, outlet.lon_deg)
        radius = (outlet.diameter_m or 2 * STACK_RADIUS_M) / 2
        shape = Point(float(x), float(y)).buffer(radius + BESIDE_M)
        shapely.prepare(shape)
        yield shape, outlet.height_m, outlet.code


def _worst(way: Samples, agl: Floats, bad: NDArray[np.bool_], *, highest: bool) -> list[int]:
    """The index of the worst bad point of each leg."""
    found: dict[int, int] = {}
    for index in np.flatnonzero(bad):
        item, kept = int(way.item[index]), found.get(int(way.item[index]))
        if kept is None or (agl[index] > agl[kept]) == highest:
            found[item] = int(index)
    return list(found.values())


def _at(context: Context, way: Samples, index: int, *, rule: str, severity: Severity, text: Text) -> Problem:
    lat, lon = context.forecast.frame.to_lat_lon(way.x_m[index], way.y_m[index])
    return Problem(rule, severity, text, item_name(context, int(way.item[index])), float(lat), float(lon))
