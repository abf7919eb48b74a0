"""Controlled airspace on the route and on the ways back: allowed, not allowed, or unknown: ask."""

from collections.abc import Iterator

import numpy as np
import shapely

from dronesampler.park import Airspace
from dronesampler.plan.approval import Approval, instant
from dronesampler.plan.area import flat
from dronesampler.plan.check_context import Context
from dronesampler.plan.check_limits import item_name
from dronesampler.plan.samples import Samples, along_route, ways_back
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

NOT_ALLOWED = Text(
    "进入管制空域“{name}”（图层 {layer} {version}），没有有效批准：不允许",
    "enters controlled airspace “{name}” (layer {layer} {version}) without a valid approval: not allowed",
)
BACK_THROUGH = Text(
    "从这里返航会穿过管制空域“{name}”（图层 {layer} {version}）",
    "the way back from here crosses controlled airspace “{name}” (layer {layer} {version})",
)
ALLOWED = Text(
    "进入管制空域“{name}”，依据批准 {number}（{begins} 至 {ends}，真高 {ceiling:.0f} m 以下）：允许",
    "enters controlled airspace “{name}” under approval {number} ({begins} to {ends}, below {ceiling:.0f} m): allowed",
)
TIME_UNKNOWN = Text(
    "管制空域“{name}”只在 {begins} 至 {ends} 生效，未说明飞行时间：未知，先询问",
    "controlled airspace “{name}” holds from {begins} to {ends} and the time of flight is not said: unknown, ask",
)
NO_LAYER = Text(
    "没有管制空域图层：化工园区本身可能就是管制区域，未知，先向空域管理部门询问",
    "no airspace layer: a chemical park may itself be controlled; unknown, ask the authority first",
)
OUTSIDE_LAYERS = Text(
    "未进入已知管制空域（图层 {layers}）；图层可能不全，起飞前请核对",
    "enters no controlled airspace that is known (layers {layers}); a layer may be incomplete, check before take-off",
)


def problems(context: Context) -> Iterator[Problem]:
    """One finding for each airspace that is entered; one that says what was looked at where none is."""
    if context.park is None:
        return
    if not context.park.airspaces:
        yield Problem("airspace.unknown", Severity.WARNING, NO_LAYER)
        return
    route, back = along_route(context), ways_back(context)
    entered = False
    for airspace in context.park.airspaces:
        inside, way_back = _first_inside(context, airspace, route), _first_inside(context, airspace, back)
        if inside is not None:
            entered = True
            yield _finding(context, airspace, route, inside)
        elif way_back is not None:
            text = BACK_THROUGH.with_(**_named(airspace))
            yield _problem(context, back, way_back, rule="airspace.return", severity=Severity.WARNING, text=text)
    if not entered:
        layers = ", ".join(sorted({f"{a.layer} {a.layer_version}".strip() for a in context.park.airspaces}))
        yield Problem("airspace.clear", Severity.NOTE, OUTSIDE_LAYERS.with_(layers=layers or "?"))


def _finding(context: Context, airspace: Airspace, way: Samples, index: int) -> Problem:
    approval = next((a for a in context.approvals if _covers(context, a, way, airspace)), None)
    if approval is not None:
        span = {"begins": approval.begins_utc, "ends": approval.ends_utc}
        text = ALLOWED.with_(name=airspace.name, number=approval.number, ceiling=approval.ceiling_agl_m, **span)
        return _problem(context, way, index, rule="airspace.allowed", severity=Severity.NOTE, text=text)
    if airspace.begins_utc and not context.at_utc:
        text = TIME_UNKNOWN.with_(name=airspace.name, begins=airspace.begins_utc, ends=airspace.ends_utc)
        return _problem(context, way, index, rule="airspace.unknown", severity=Severity.WARNING, text=text)
    text = NOT_ALLOWED.with_(**_named(airspace))
    return _problem(context, way, index, rule="airspace.not-allowed", severity=Severity.ERROR, text=text)


def _first_inside(context: Context, airspace: Airspace, way: Samples) -> int | None:
    """The first point of a way inside an airspace that holds at the time, or None."""
    if not len(way) or not _holds(context, airspace):
        return None
    points = shapely.points(way.x_m, way.y_m)
    ceiling = np.inf if airspace.ceiling_agl_m is None else airspace.ceiling_agl_m
    level = (way.height_home_m >= airspace.floor_agl_m) & (way.height_home_m <= ceiling)
    inside = np.flatnonzero(level & shapely.contains(flat(airspace.area, context.forecast.frame), points))
    return int(inside[0]) if len(inside) else None


def _holds(context: Context, airspace: Airspace) -> bool:
    """Whether it may be active: True unless its times are known, the flight's is, and they do not meet."""
    if not (airspace.begins_utc and airspace.ends_utc and context.at_utc):
        return True
    return instant(airspace.begins_utc) <= instant(context.at_utc) <= instant(airspace.ends_utc)


def _covers(context: Context, approval: Approval, way: Samples, airspace: Airspace) -> bool:
    """Whether an approval covers all of the way inside an airspace, in place, height and time."""
    if approval.area is None or not approval.holds_at(context.at_utc):
        return False
    frame = context.forecast.frame
    points = shapely.points(way.x_m, way.y_m)
    inside = shapely.contains(flat(airspace.area, frame), points)
    within = shapely.covers(flat(approval.area, frame), points[inside])
    return bool(within.all() and (way.height_home_m[inside] <= approval.ceiling_agl_m).all())


def _named(airspace: Airspace) -> dict[str, str]:
    return {"name": airspace.name, "layer": airspace.layer or "?", "version": airspace.layer_version or "?"}


def _problem(context: Context, way: Samples, index: int, *, rule: str, severity: Severity, text: Text) -> Problem:
    lat, lon = context.forecast.frame.to_lat_lon(way.x_m[index], way.y_m[index])
    return Problem(rule, severity, text, item_name(context, int(way.item[index])), float(lat), float(lon))
