"""What a vehicle cannot hold is refused from its table, naming the item, before the first byte is sent."""

import math

from dronesampler.mavlink.personality import FENCE_COMMANDS, PLACED, Personality
from dronesampler.mavlink.wire import PlanKind, WireFrame
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

TOO_MANY = Text(
    "{count} 项超过该飞控的上限 {limit} 项（含返航点占位项）",
    "{count} items, and the autopilot holds {limit} (home counted)",
)
NOT_TAKEN = Text(
    "第 {item} 项：该飞控不接受命令 {command}", "item {item}: the autopilot does not take command {command}"
)
NOT_FINITE = Text(
    "第 {item} 项：命令 {command} 的{field}不是有限数（{value}）",
    "item {item}: {field} of command {command} is not a finite number ({value})",
)
OFF_EARTH = Text("第 {item} 项：{field} {value} 超出范围", "item {item}: {field} {value} is out of range")
NO_TERRAIN = Text(
    "第 {item} 项：高度按地形计，但该飞控没有地形数据；请改为相对返航点的高度",
    "item {item}: its height is over terrain and the autopilot has no terrain data; use heights over home",
)
NO_PLACE_FRAME = Text(
    "第 {item} 项：命令 {command} 需要全球坐标系中的位置",
    "item {item}: command {command} needs a place in a global frame",
)
JUMP_NOWHERE = Text("第 {item} 项：跳转目标 {value} 不存在", "item {item}: jumps to {value}, which does not exist")
FENCE_IN_MISSION = Text(
    "第 {item} 项：{command} 是围栏命令，不能放在航线里",
    "item {item}: {command} is a fence command and no part of a route",
)
FEW_VERTICES = Text("围栏多边形 {item} 只有 {value} 个顶点", "fence polygon {item} has only {value} vertices")
FENCE_HOLES = Text(
    "围栏多边形 {item} 带有空洞，飞控无法表示；请另设禁入多边形",
    "fence polygon {item} has holes, which no autopilot can hold; add exclusion polygons",
)
BAD_RADIUS = Text("围栏圆 {item} 的半径 {value} 必须为正", "radius {value} of fence circle {item} must be positive")
HOME_OUTSIDE = Text(
    "返航点不在围栏多边形 {item} 之内：飞控会丢弃该围栏或拒绝解锁",
    "home is outside of fence polygon {item}: the autopilot drops such a fence or refuses to arm",
)
FENCE_NO_HOME = Text(
    "围栏没有返航点可供核对：请先在计划中设定返航点",
    "there is no home to check the fence against: give the plan a home first",
)
TAKEOFF_FIRST = Text("起飞项必须是第一个航点项", "take-off must be the first item with a place")
LATITUDE = Text("纬度", "latitude")
LONGITUDE = Text("经度", "longitude")
HEIGHT = Text("高度", "height")
PARAMETER = Text("参数 {number}", "param {number}")
HIGHEST_M = 80_000.0  # beyond what a store of centimetres in 24 bits holds


def refusals(
    mission: Mission, kind: PlanKind, personality: Personality, *, terrain_data: bool = False
) -> tuple[Problem, ...]:
    """All reasons why the list cannot be stored; empty where it can. Items are counted from 1, as shown to people."""
    if kind is PlanKind.FENCE:
        return tuple(_fence_problems(mission, personality))
    if kind is PlanKind.RALLY:
        return tuple(_rally_problems(mission, personality))
    problems = []
    count = len(mission.items) + (1 if personality.home_item else 0)
    limit = personality.limits[PlanKind.MISSION]
    if count > limit:
        problems.append(_error("too-many-items", TOO_MANY.with_(count=count, limit=limit)))
    for number, item in enumerate(mission.items, start=1):
        problem = _item_problem(item, number, mission, personality, terrain_data=terrain_data)
        if problem is not None:
            problems.append(problem)
    if personality.atomic and (wrong := _late_takeoff(mission)) is not None:
        # PX4 stores such a mission and refuses to fly it, by an event only.
        problems.append(_error("takeoff-not-first", TAKEOFF_FIRST, where=f"item {wrong}"))
    return tuple(problems)


def _error(rule: str, text: Text, where: str = "") -> Problem:
    return Problem(rule, Severity.ERROR, text, where=where)


def _item_problem(
    item: Item, number: int, mission: Mission, personality: Personality, *, terrain_data: bool
) -> Problem | None:
    where, command = f"item {number}", command_word(item.command)
    if item.command in FENCE_COMMANDS or item.command == 5100:
        return _error("fence-in-mission", FENCE_IN_MISSION.with_(item=number, command=command), where)
    if item.command in personality.not_taken:
        return _error("command-not-taken", NOT_TAKEN.with_(item=number, command=command), where)
    if item.command in PLACED and item.frame is Frame.NONE:
        # ArduPilot would store such a waypoint with its height above the sea, without a word.
        return _error("no-place", NO_PLACE_FRAME.with_(item=number, command=command), where)
    if item.frame is Frame.TERRAIN and not (personality.terrain and terrain_data):
        return _error("no-terrain", NO_TERRAIN.with_(item=number), where)
    values = [(PARAMETER.with_(number=n), p) for n, p in enumerate(item.params, start=1)]
    for name, value in [*values, (LATITUDE, item.lat_deg), (LONGITUDE, item.lon_deg), (HEIGHT, item.height_m)]:
        yaw_as_it_is = name == values[3][0] and math.isnan(value)
        if not math.isfinite(value) and not yaw_as_it_is and not (personality.nan_yaw and _nan_ok(item, name, value)):
            text = NOT_FINITE.with_(item=number, command=command, field=name, value=value)
            return _error("not-finite", text, where)
    return _place_problem(item, number) or _jump_problem(item, number, mission)


def _nan_ok(item: Item, name: Text, value: float) -> bool:
    """PX4 reads NaN in params of DO commands (actuators, gimbal) as "leave it"."""
    return math.isnan(value) and not item.has_place and name not in (LATITUDE, LONGITUDE, HEIGHT)


def _place_problem(item: Item, number: int) -> Problem | None:
    if not item.has_place:
        return None
    checks = ((LATITUDE, item.lat_deg, 90.0), (LONGITUDE, item.lon_deg, 180.0), (HEIGHT, item.height_m, HIGHEST_M))
    for name, value, most in checks:
        if abs(value) > most:
            text = OFF_EARTH.with_(item=number, field=name, value=value)
            return _error("out-of-range", text, f"item {number}")
    return None


def _jump_problem(item: Item, number: int, mission: Mission) -> Problem | None:
    if item.command != Command.JUMP or 0 <= item.params[0] < len(mission.items):
        return None
    return _error("jump-nowhere", JUMP_NOWHERE.with_(item=number, value=int(item.params[0]) + 1), f"item {number}")


def _late_takeoff(mission: Mission) -> int | None:
    placed = [(n, i.command) for n, i in enumerate(mission.items, start=1) if i.has_place and i.command != 195]
    return next((n for n, command in placed[1:] if command == Command.TAKEOFF), None)


def _fence_problems(mission: Mission, personality: Personality) -> list[Problem]:
    problems = []
    if mission.home is None and any(polygon.inclusion for polygon in mission.fence.polygons):
        problems.append(_error("fence-without-home", FENCE_NO_HOME))
    for number, polygon in enumerate(mission.fence.polygons, start=1):
        ring = polygon.area.outer
        if len(ring) < 3:
            problems.append(_error("few-vertices", FEW_VERTICES.with_(item=number, value=len(ring))))
        elif polygon.area.holes:
            problems.append(_error("fence-holes", FENCE_HOLES.with_(item=number)))
        elif any(not (abs(lat) <= 90.0 and abs(lon) <= 180.0) for lat, lon in ring):
            problems.append(_error("out-of-range", OFF_EARTH.with_(item=number, field=LATITUDE, value=ring)))
        elif polygon.inclusion and mission.home and not _inside(ring, mission.home.lat_deg, mission.home.lon_deg):
            problems.append(_error("home-outside", HOME_OUTSIDE.with_(item=number)))
    for number, circle in enumerate(mission.fence.circles, start=1):
        if not (math.isfinite(circle.radius_m) and circle.radius_m > 0):
            problems.append(_error("bad-radius", BAD_RADIUS.with_(item=number, value=circle.radius_m)))
    count = sum(len(p.area.outer) for p in mission.fence.polygons) + len(mission.fence.circles)
    limit = personality.limits[PlanKind.FENCE]
    if count > limit:
        problems.append(_error("too-many-items", TOO_MANY.with_(count=count, limit=limit)))
    return problems


def _rally_problems(mission: Mission, personality: Personality) -> list[Problem]:
    limit = personality.limits[PlanKind.RALLY]
    problems = []
    if len(mission.rally) > limit:
        problems.append(_error("too-many-items", TOO_MANY.with_(count=len(mission.rally), limit=limit)))
    for number, place in enumerate(mission.rally, start=1):
        if not math.isfinite(place.height_m):
            text = NOT_FINITE.with_(item=number, command=5100, field=HEIGHT, value=place.height_m)
            problems.append(_error("not-finite", text, f"item {number}"))
    return problems


def _inside(ring: tuple[tuple[float, float], ...], lat: float, lon: float) -> bool:
    """Even-odd rule; good for the small areas of a fence."""
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside


def command_word(command: int) -> str:
    """The command's number with our name for it where we have one."""
    return f"{command} ({Command(command).name})" if command in set(Command) else str(int(command))


def frame_word(frame: int) -> str:
    return WireFrame(frame).name if frame in set(WireFrame) else str(frame)
