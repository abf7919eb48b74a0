"""Legs, turns, items, batteries and the sampler's needs."""

import math
from collections.abc import Iterator
from itertools import pairwise

from dronesampler.mission import Command, Frame, Item
from dronesampler.plan.check_context import Context
from dronesampler.plan.detect import MAX_SAMPLING_SPEED_M_S, sigma_y_m
from dronesampler.plan.predict import Leg
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

EMPTY = Text("任务没有航点", "the mission has no waypoints")
TOO_MANY = Text(
    "共 {count} 项（含起飞点），{autopilot} 最多存 {most} 项",
    "{count} items with home; {autopilot} holds {most} at most",
)
SEA_FRAME = Text(
    "高度以海平面为基准：起飞点海拔有误时会直接变成离地高度误差",
    "its height is above sea level: an error of home's height becomes an error of height above ground",
)
NO_TERRAIN_FRAME = Text(
    "使用地形高度帧：PX4 不支持，ArduPilot 需要机上地形数据",
    "uses the terrain frame: PX4 does not know it, ArduPilot needs terrain data on board",
)
NO_HOME = Text("任务没有起飞点", "the mission has no home")
FAR = Text(
    "航段长 {length:.0f} m，超过 {most:.0f} m：核对坐标", "the leg is {length:.0f} m long, over {most:.0f} m: check it"
)
FIRST_FAR = Text(
    "第一个航点距起飞点 {length:.0f} m：是否选错了园区或起飞点？",
    "the first waypoint is {length:.0f} m from home: is it the right park and home?",
)
SHORT = Text("航段只有 {length:.1f} m：{autopilot} 可能跳过", "the leg is {length:.1f} m: {autopilot} may skip it")
FAST = Text(
    "速度 {speed:.1f} m/s 超过机型上限 {most:.1f} m/s",
    "a speed of {speed:.1f} m/s is over the aircraft's {most:.1f} m/s",
)
WINDY = Text(
    "风速 {wind:.1f} m/s 超过机型允许的 {most:.1f} m/s",
    "a wind of {wind:.1f} m/s is over the aircraft's {most:.1f} m/s",
)
BLUNT = Text(
    "以 {speed:.1f} m/s 采样，T90 为 {t90:g} s 的仪器滞后 {lag:.0f} m，超过 {range:.0f} m 处的羽流半宽 {sigma:.0f} m："
    "放慢到 {slower:.1f} m/s",
    "at {speed:.1f} m/s a sampler with a T90 of {t90:g} s lags {lag:.0f} m, more than half the plume's width of "
    "{sigma:.0f} m at {range:.0f} m: slow down to {slower:.1f} m/s",
)
HOLD_SHORT = Text(
    "悬停 {hold:.0f} s 短于仪器响应所需的 {needed:.0f} s",
    "a hold of {hold:.0f} s is shorter than the {needed:.0f} s the sampler needs",
)
BATTERY = Text(
    "预计用电 {need:.0f} Wh，保留备用后可用 {have:.0f} Wh：拆成多个架次",
    "it would draw {need:.0f} Wh, {have:.0f} Wh can be used above the reserve: split it into sorties",
)
HEAVY = Text(
    "起飞质量 {mass:.2f} kg 超过最大 {most:.2f} kg",
    "take-off mass of {mass:.2f} kg is over the maximum of {most:.2f} kg",
)
MAX_LEG_M, MAX_FIRST_M, MIN_LEG_M = 3000.0, 2000.0, 0.5
TYPICAL_RANGE_M = 80.0


def problems(context: Context) -> Iterator[Problem]:
    """Findings about the mission itself and who flies it."""
    yield from _store(context)
    yield from _legs(context)
    yield from _sampling(context)
    yield from _power(context)


def _store(context: Context) -> Iterator[Problem]:
    mission, aircraft = context.mission, context.aircraft
    if not any(i.command == Command.WAYPOINT for i in mission.items):
        yield Problem("mission.empty", Severity.ERROR, EMPTY)
    if len(mission.items) + 1 > aircraft.max_items:
        values = {"count": len(mission.items) + 1, "autopilot": aircraft.autopilot, "most": aircraft.max_items}
        yield Problem("limits.items", Severity.ERROR, TOO_MANY.with_(**values))
    if mission.home is None:
        yield Problem("mission.home", Severity.WARNING, NO_HOME)
    for frame, text in ((Frame.SEA, SEA_FRAME), (Frame.TERRAIN, NO_TERRAIN_FRAME)):
        first = next((k for k, i in enumerate(mission.items) if i.frame is frame), None)
        if first is not None:
            yield _at_item("limits.frame", Severity.WARNING, text, context, first)


def _legs(context: Context) -> Iterator[Problem]:
    legs, aircraft, items = context.forecast.legs, context.aircraft, context.mission.items
    route = [leg for leg in legs if leg.item < len(items) and items[leg.item].command == Command.WAYPOINT]
    for number, leg in enumerate(route):
        if number == 0 and leg.length_m > MAX_FIRST_M:
            yield _on_leg("limits.first-leg", Severity.ERROR, FIRST_FAR.with_(length=leg.length_m), context, leg)
        elif leg.length_m > MAX_LEG_M:
            yield _on_leg("limits.leg", Severity.WARNING, FAR.with_(length=leg.length_m, most=MAX_LEG_M), context, leg)
        elif number > 0 and leg.length_m < MIN_LEG_M and not leg.hold_s:
            text = SHORT.with_(length=leg.length_m, autopilot=aircraft.autopilot)
            yield _on_leg("limits.short-leg", Severity.NOTE, text, context, leg)
    for index, item in enumerate(items):
        if item.command == Command.CHANGE_SPEED and item.params[1] > aircraft.max_speed_m_s:
            text = FAST.with_(speed=item.params[1], most=aircraft.max_speed_m_s)
            yield _at_item("limits.speed", Severity.ERROR, text, context, index)
    if context.wind[1] > aircraft.max_wind_m_s:
        text = WINDY.with_(wind=context.wind[1], most=aircraft.max_wind_m_s)
        yield Problem("limits.wind", Severity.ERROR, text)


def _sampling(context: Context) -> Iterator[Problem]:
    """The reading must not smear a plume over its own width, and a hold must outlast the response."""
    sampler, items = context.sampler, context.mission.items
    if not context.mission.pattern:
        return
    sigma = sigma_y_m(TYPICAL_RANGE_M, context.wind[1])
    for before, leg in pairwise((None, *context.forecast.legs)):
        if leg is None or leg.item >= len(items) or items[leg.item].command != Command.WAYPOINT:
            continue
        lag = leg.speed_m_s * sampler.tau_s
        if lag > sigma and leg.length_m > 30.0 and (before is None or before.speed_m_s != leg.speed_m_s):
            slower = min(0.5 * sigma / sampler.tau_s, MAX_SAMPLING_SPEED_M_S)
            values = {"speed": leg.speed_m_s, "t90": sampler.t90_s, "lag": lag, "range": TYPICAL_RANGE_M}
            text = BLUNT.with_(sigma=sigma, slower=slower, **values)
            yield _on_leg("sampler.speed", Severity.WARNING, text, context, leg)
        needed = sampler.delay_s + sampler.t90_s
        if 0.0 < leg.hold_s < needed:
            text = HOLD_SHORT.with_(hold=leg.hold_s, needed=needed)
            yield _on_leg("sampler.hold", Severity.WARNING, text, context, leg)


def _power(context: Context) -> Iterator[Problem]:
    aircraft = context.aircraft
    have = aircraft.battery_wh * (1.0 - aircraft.reserve_fraction)
    if context.forecast.energy_wh > have:
        text = BATTERY.with_(need=context.forecast.energy_wh, have=have)
        yield Problem("energy.battery", Severity.WARNING, text)
    if aircraft.takeoff_kg > aircraft.max_takeoff_kg:
        text = HEAVY.with_(mass=aircraft.takeoff_kg, most=aircraft.max_takeoff_kg)
        yield Problem("aircraft.mass", Severity.ERROR, text)


def item_name(context: Context, index: int) -> str:
    """The item as the mission list shows it, with its note."""
    if index >= len(context.mission.items):
        return "return"
    item: Item = context.mission.items[index]
    return f"item {index + 1}" + (f" ({item.note})" if item.note else "")


def _at_item(rule: str, severity: Severity, text: Text, context: Context, index: int) -> Problem:
    item = context.mission.items[index]
    place = (item.lat_deg, item.lon_deg) if item.has_place else (None, None)
    return Problem(rule, severity, text, item_name(context, index), *place)


def _on_leg(rule: str, severity: Severity, text: Text, context: Context, leg: Leg) -> Problem:
    x, y, _ = leg.end
    lat, lon = context.forecast.frame.to_lat_lon(x, y)
    place = (float(lat), float(lon)) if math.isfinite(float(lat)) else (None, None)
    return Problem(rule, severity, text, item_name(context, leg.item), *place)
