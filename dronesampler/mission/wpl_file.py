"""QGC WPL 110 text files, with comments, either line end and every global frame; and the two older forms of fence and
rally files that ArduPilot stations wrote."""

import math
from dataclasses import replace

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission.mission import Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.problems import BadInput
from dronesampler.texts import Text

HEADER = "QGC WPL 110"
NOT_WPL = Text(
    "第一行应为“QGC WPL 110”，或为旧式围栏（纬度 经度）或集结点（RALLY …）文件",
    "the first line should be “QGC WPL 110”, or an old fence (latitude, longitude) or rally (RALLY …) file",
)
COLUMNS = Text("应有 12 列，实有 {count} 列", "it should have 12 columns and has {count}")
NOT_A_NUMBER = Text("“{value}”不是数", "“{value}” is not a number")
LOCAL_FRAME = Text("坐标框架 {frame} 不是全球框架，不能作为航线", "frame {frame} is not global and makes no route")
OFF_EARTH = Text("{lat}, {lon} 不在地球上", "{lat}, {lon} is not on the earth")
OLD_FENCE = Text("旧式围栏至少要有返回点和 3 个顶点", "an old fence needs its return point and three vertices")
VERTICES = Text("围栏顶点数与声明的 {count} 不符", "the polygon of this vertex should have {count} of them and has not")
NO_FENCE = Text("WPL 航线文件不含围栏，围栏未写入", "a WPL route holds no fence: the fence was not written")
NO_RALLY = Text("WPL 航线文件不含集结点，集结点未写入", "a WPL route holds no rally points: they were not written")
NO_NOTES = Text("WPL 文件不含注记、样式和名称", "a WPL file holds no notes, no pattern and no name")

FRAMES = {
    0: Frame.SEA,
    2: Frame.NONE,
    3: Frame.HOME,
    5: Frame.SEA,
    6: Frame.HOME,
    10: Frame.TERRAIN,
    11: Frame.TERRAIN,
}
NUMBERS = {Frame.SEA: 0, Frame.NONE: 2, Frame.HOME: 3, Frame.TERRAIN: 10}
LAST_NAVIGATION = 95
UNPLACED_NAVIGATION = {Command.RETURN, 83, 91, 92, 93}  # return, altitude wait, path planning, guided limits, delay
PLACED_OTHERS = {179, 189, 192, 194, 195, 201, 5000, 5001, 5002, 5003, 5004, 5100}
FENCE_POLYGONS = {5001: True, 5002: False}
FENCE_CIRCLES = {5003: True, 5004: False}
FENCE_RETURN, RALLY_POINT = 5000, 5100
FENCE_COMMANDS = {FENCE_RETURN, *FENCE_POLYGONS, *FENCE_CIRCLES}


def is_wpl(text: str) -> bool:
    """Whether the text is a route, an old fence or an old rally file."""
    first = next(iter(_lines(text)), (0, ""))[1]
    return first.startswith((HEADER, "RALLY")) or _pair(first) is not None


def mission_from_wpl(text: str, *, name: str) -> Mission:
    """The mission of a file; row 0 of a route is its home. Raises BadInput naming the line."""
    lines = _lines(text)
    if not lines:
        raise BadInput(NOT_WPL)
    first = lines[0][1]
    if first.startswith("RALLY"):
        return Mission(name, (), rally=tuple(_rally(number, line) for number, line in lines))
    if _pair(first) is not None:
        return Mission(name, (), fence=_old_fence(lines))
    if first.strip() != HEADER:
        raise BadInput(NOT_WPL, where="line 1")
    items = [_item(number, line) for number, line in lines[1:]]
    if items and all(item.command in FENCE_COMMANDS for item in items):
        return Mission(name, (), fence=_fence(items))
    if items and all(item.command == RALLY_POINT for item in items):
        return Mission(name, (), rally=tuple(_rally_place(item) for item in items))
    return _route(items, name)


def wpl_text(mission: Mission) -> tuple[str, tuple[Text, ...]]:
    """The route as text, home in row 0, and what the format cannot hold. A mission of fence or rally points alone
    becomes a fence or rally file."""
    if not mission.items and mission.fence:
        return _text(_fence_items(mission.fence)), ()
    if not mission.items and mission.rally:
        return _text([_place_item(RALLY_POINT, place) for place in mission.rally]), ()
    lost = [
        *([NO_FENCE] if mission.fence else []),
        *([NO_RALLY] if mission.rally else []),
        *([NO_NOTES] if mission.pattern or any(item.note for item in mission.items) else []),
    ]
    return _text([_home_item(mission), *(_jumping(item, 1) for item in mission.items)]), tuple(lost)


def _lines(text: str) -> list[tuple[int, str]]:
    """Numbered lines without comments and blank ones."""
    cut = [(number, line.split("#", 1)[0].strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in cut if line]


def _pair(line: str) -> tuple[float, float] | None:
    words = line.replace(",", " ").split()
    try:
        lat, lon = (float(word) for word in words)
    except ValueError:
        return None
    return lat, lon


def _numbers(number: int, words: list[str]) -> list[float]:
    values = []
    for word in words:
        try:
            value = float(word)
        except ValueError as problem:
            raise BadInput(NOT_A_NUMBER.with_(value=word), where=f"line {number}") from problem
        if math.isinf(value):
            raise BadInput(NOT_A_NUMBER.with_(value=word), where=f"line {number}")
        values.append(value)
    return values


def _item(number: int, line: str) -> Item:
    words = line.split()
    if len(words) != 12:
        raise BadInput(COLUMNS.with_(count=len(words)), where=f"line {number}")
    values = _numbers(number, words)
    for word, value in zip(words[:4], values[:4], strict=True):
        if not math.isfinite(value):
            raise BadInput(NOT_A_NUMBER.with_(value=word), where=f"line {number}")
    frame_number, command = int(values[2]), int(values[3])
    if frame_number not in FRAMES:
        raise BadInput(LOCAL_FRAME.with_(frame=frame_number), where=f"line {number}")
    lat, lon, height = values[8:11]
    placed = placed_command(command) and FRAMES[frame_number] is not Frame.NONE
    if placed and not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and math.isfinite(height)):
        raise BadInput(OFF_EARTH.with_(lat=lat, lon=lon), where=f"line {number}")
    return Item(
        command,
        lat,
        lon,
        height,
        frame=FRAMES[frame_number] if placed else Frame.NONE,
        params=(values[4], values[5], values[6], values[7]),
        autocontinue=bool(values[11]),
    )


def placed_command(command: int) -> bool:
    """Whether params 5 to 7 are a place: navigation commands but those of timing and return, fence, rally and a few
    more (MAVLink common.xml)."""
    if command < LAST_NAVIGATION:
        return command not in UNPLACED_NAVIGATION
    return command in PLACED_OTHERS


def _route(items: list[Item], name: str) -> Mission:
    """Row 0 is home where it looks like one; MAVSDK's samples begin with a take-off instead."""
    if not items or items[0].command != Command.WAYPOINT:
        return Mission(name, tuple(items))
    first = items[0]
    reference = HeightReference.HOME if first.frame is Frame.HOME else HeightReference.SEA
    speed = next((i.params[1] for i in items if i.command == Command.CHANGE_SPEED and i.params[1] > 0), None)
    home = Place(first.lat_deg, first.lon_deg, first.height_m, reference)
    return Mission(name, tuple(_jumping(item, -1) for item in items[1:]), home=home, cruise_speed_m_s=speed)


def _jumping(item: Item, by: int) -> Item:
    """A jump's target counts home in the file, and does not in a mission."""
    if item.command != Command.JUMP:
        return item
    return replace(item, params=(item.params[0] + by, *item.params[1:]))


def _rally(number: int, line: str) -> Place:
    values = _numbers(number, line.split()[1:])
    if len(values) < 3 or abs(values[0]) > 90.0:
        raise BadInput(COLUMNS.with_(count=len(values)), where=f"line {number}")
    return Place(values[0], values[1], values[2], HeightReference.HOME)


def _old_fence(lines: list[tuple[int, str]]) -> Fence:
    """A return point, then the vertices, the first of them again at the end."""
    points = []
    for number, line in lines:
        pair = _pair(line)
        if pair is None or abs(pair[0]) > 90.0 or abs(pair[1]) > 180.0:
            raise BadInput(NOT_A_NUMBER.with_(value=line), where=f"line {number}")
        points.append(pair)
    ring = points[1:-1] if points[1:2] == points[-1:] else points[1:]
    if len(ring) < 3:
        raise BadInput(OLD_FENCE)
    # A return point of 0, 0 is the old stations' word for "none".
    back = Place(*points[0], 0.0, HeightReference.HOME) if points[0] != (0.0, 0.0) else None
    return Fence((PolygonFence(Polygon(tuple(ring))),), return_point=back)


def _fence(items: list[Item]) -> Fence:
    polygons, circles, back, at = [], [], None, 0
    while at < len(items):
        item = items[at]
        if item.command == FENCE_RETURN:
            # ArduPilot keeps no height with it; stations write 0 in any frame.
            back = Place(item.lat_deg, item.lon_deg, item.height_m, HeightReference.HOME)
            at += 1
            continue
        if item.command in FENCE_CIRCLES:
            circles.append(Circle(item.lat_deg, item.lon_deg, item.params[0], FENCE_CIRCLES[item.command]))
            at += 1
            continue
        count = int(item.params[0])
        ring = items[at : at + count]
        if count < 3 or len(ring) < count or any(v.command != item.command for v in ring):
            raise BadInput(VERTICES.with_(count=count), where=f"item {at}")
        outer = tuple((v.lat_deg, v.lon_deg) for v in ring)
        polygons.append(PolygonFence(Polygon(outer), FENCE_POLYGONS[item.command]))
        at += count
    return Fence(tuple(polygons), tuple(circles), back)


def _reference(item: Item) -> HeightReference:
    return HeightReference.SEA if item.frame is Frame.SEA else HeightReference.HOME


def _rally_place(item: Item) -> Place:
    return Place(item.lat_deg, item.lon_deg, item.height_m, _reference(item))


def _home_item(mission: Mission) -> Item:
    home = mission.home or next((Place(i.lat_deg, i.lon_deg) for i in mission.items if i.has_place), Place(0.0, 0.0))
    height_m = home.height_m if home.reference is HeightReference.SEA else 0.0
    return Item(Command.WAYPOINT, home.lat_deg, home.lon_deg, height_m, frame=Frame.SEA, params=(0.0, 0.0, 0.0, 0.0))


def _fence_items(fence: Fence) -> list[Item]:
    items = []
    for polygon in fence.polygons:
        command = 5001 if polygon.inclusion else 5002
        params = (float(len(polygon.area.outer)), 0.0, 0.0, 0.0)
        items += [Item(command, lat, lon, frame=Frame.SEA, params=params) for lat, lon in polygon.area.outer]
    for circle in fence.circles:
        command = 5003 if circle.inclusion else 5004
        params = (circle.radius_m, 0.0, 0.0, 0.0)
        items.append(Item(command, circle.lat_deg, circle.lon_deg, frame=Frame.SEA, params=params))
    return [*([_place_item(FENCE_RETURN, fence.return_point)] if fence.return_point else []), *items]


def _place_item(command: int, place: Place) -> Item:
    frame = Frame.SEA if place.reference is HeightReference.SEA else Frame.HOME
    return Item(command, place.lat_deg, place.lon_deg, place.height_m, frame=frame, params=(0.0, 0.0, 0.0, 0.0))


def _text(items: list[Item]) -> str:
    rows = [_row(number, item) for number, item in enumerate(items)]
    return "\n".join([HEADER, *rows]) + "\n"


def _row(number: int, item: Item) -> str:
    # Stations read "as it is" as 0 here: the format has no word for it.
    params = [0.0 if math.isnan(p) else p for p in item.params]
    values = [*params, item.lat_deg, item.lon_deg, item.height_m]
    written = "\t".join(f"{value:.10g}" for value in values)
    current, frame = int(number == 0), NUMBERS[item.frame]
    return f"{number}\t{current}\t{frame}\t{int(item.command)}\t{written}\t{int(item.autocontinue)}"
