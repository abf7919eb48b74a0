"""Mission, fence and rally items as an autopilot holds them: the numbers of the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from dronesampler.simulator.wire import Message, dialect

MISSION, FENCE, RALLY, ALL = 0, 1, 2, 255
TYPES = (MISSION, FENCE, RALLY)


class Answer(IntEnum):
    """MAV_MISSION_RESULT."""

    ACCEPTED = 0
    ERROR = 1
    UNSUPPORTED_FRAME = 2
    UNSUPPORTED = 3
    NO_SPACE = 4
    INVALID = 5
    INVALID_PARAM1 = 6
    INVALID_PARAM2 = 7
    INVALID_PARAM3 = 8
    INVALID_PARAM4 = 9
    INVALID_PARAM5_X = 10
    INVALID_PARAM6_Y = 11
    INVALID_PARAM7 = 12
    INVALID_SEQUENCE = 13
    DENIED = 14
    OPERATION_CANCELLED = 15


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item; `x` and `y` are degrees times 1e7 where the command has a place."""

    frame: int
    command: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    x: int = 0
    y: int = 0
    z: float = 0.0
    autocontinue: int = 1
    current: int = 0

    @property
    def lat_deg(self) -> float:
        return self.x / 1e7

    @property
    def lon_deg(self) -> float:
        return self.y / 1e7


def item_of(message: Message, *, single: bool = True) -> StoredItem:
    """The item in a MISSION_ITEM_INT or a MISSION_ITEM, whose floating degrees ArduPilot takes in single precision."""
    x, y = message.x, message.y
    if message.get_type() == "MISSION_ITEM":
        x, y = (int(np.float32(v) * np.float32(1e7)) if single else int(v * 1e7) for v in (x, y))
    params = (message.param1, message.param2, message.param3, message.param4)
    return StoredItem(
        message.frame, message.command, params, x, y, message.z, message.autocontinue, int(bool(message.current))
    )


def item_message(item: StoredItem, seq: int, *, to: tuple[int, int], mission_type: int, as_float: bool) -> Message:
    """The MISSION_ITEM_INT, or MISSION_ITEM, that says it."""
    if as_float:
        kind, x, y = dialect.MAVLink_mission_item_message, item.x / 1e7, item.y / 1e7
    else:
        kind, x, y = dialect.MAVLink_mission_item_int_message, item.x, item.y
    head = (*to, seq, item.frame, item.command, item.current, item.autocontinue)
    return kind(*head, *item.params, x, y, item.z, mission_type)


class Shelf:
    """What is on board, one list a mission type; `version` counts changes so that who flies it can notice."""

    def __init__(self) -> None:
        self._lists: dict[int, list[StoredItem]] = {kind: [] for kind in TYPES}
        self.version = dict.fromkeys(TYPES, 0)

    def items(self, mission_type: int) -> Sequence[StoredItem]:
        return self._lists[mission_type]

    def put(self, mission_type: int, seq: int, item: StoredItem) -> None:
        """Replace item `seq`, or append it when it is the next one."""
        items = self._lists[mission_type]
        items[seq : seq + 1] = [item]
        self.version[mission_type] += 1

    def replace_all(self, mission_type: int, items: Sequence[StoredItem]) -> None:
        self._lists[mission_type] = list(items)
        self.version[mission_type] += 1

    def truncate(self, mission_type: int, count: int) -> None:
        del self._lists[mission_type][count:]
        self.version[mission_type] += 1

    def home_item(self, lat_deg: float, lon_deg: float, amsl_m: float) -> None:
        """ArduPilot: item 0 is always home as it is now."""
        items = self._lists[MISSION]
        if items:
            items[0] = replace(
                items[0],
                frame=0,
                command=16,
                params=(0.0, 0.0, 0.0, 0.0),
                x=round(lat_deg * 1e7),
                y=round(lon_deg * 1e7),
                z=amsl_m,
                current=0,
            )
