"""What a file format cannot hold of a mission, said by name when one is written."""

import math
from collections.abc import Callable, Sequence
from enum import Enum

from dronesampler.geo import HeightReference
from dronesampler.mission.mission import Command, Mission
from dronesampler.texts import Text


class Part(Enum):
    """A part of a mission that some formats have no word for."""

    FENCE = Text("围栏", "the fence")
    RALLY = Text("集结点", "the rally points")
    HOME = Text("起飞点", "the home position")
    SPEED = Text("航速", "speeds")
    HOLD = Text("停留时间", "hold times")
    ACTIONS = Text("除航点、起飞、返航外的指令", "commands other than waypoints, take-off and return")
    NOTES = Text("注记、样式与参数", "notes, the pattern and its settings")
    HEIGHTS = Text("高度基准", "what heights are measured from")


CANNOT_HOLD = Text("该格式无法保存{part}，未写入", "this format cannot hold {part}: not written")
ONLY_FIRST = Text("文件中有 {count} 条线，只读入第一条", "the file has {count} lines; only the first of them was read")
NO_HEIGHTS = Text(
    "文件中没有高度，各点按离起飞点 0 m 读入：飞行前请设定高度",
    "the file tells no heights: every point was read as 0 m above home; set heights before it is flown",
)
PLAIN_COMMANDS = {Command.WAYPOINT, Command.TAKEOFF, Command.RETURN, Command.LAND, Command.CHANGE_SPEED}

_HAS: dict[Part, Callable[[Mission], bool]] = {
    Part.FENCE: lambda m: bool(m.fence),
    Part.RALLY: lambda m: bool(m.rally),
    Part.HOME: lambda m: m.home is not None and m.home.reference is not HeightReference.GROUND,
    Part.SPEED: lambda m: any(i.command == Command.CHANGE_SPEED for i in m.items),
    Part.HOLD: lambda m: any(i.command == Command.WAYPOINT and i.params[0] > 0 for i in m.items),
    Part.ACTIONS: lambda m: any(i.command not in PLAIN_COMMANDS for i in m.items),
    Part.NOTES: lambda m: bool(m.pattern or m.settings or any(i.note for i in m.items)),
    Part.HEIGHTS: lambda m: len({i.frame for i in m.items if i.has_place}) > 1,
}


def lost(mission: Mission, *parts: Part) -> tuple[Text, ...]:
    """A sentence for each of those parts that the mission has."""
    return tuple(CANNOT_HOLD.with_(part=part.value) for part in parts if _HAS[part](mission))


def only_first(lines: Sequence[object]) -> tuple[Text, ...]:
    """Said of a file with more routes than the one that was read."""
    return (ONLY_FIRST.with_(count=len(lines)),) if len(lines) > 1 else ()


def number(value: float) -> str:
    """A number as text that reads back as itself; empty for NaN, "as it is"."""
    return "" if math.isnan(value) else repr(float(value))
