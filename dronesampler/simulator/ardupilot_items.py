"""What ArduCopter 4.7 does with each mission, fence and rally item before it stores it, by its recorded answers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from dronesampler.simulator.stored import FENCE, MISSION, RALLY, Answer, StoredItem

Params = tuple[float, float, float, float]
HIGHEST_M = 83_000.0
FRAMES = {0: 0, 5: 0, 2: 0, 3: 3, 6: 3, 10: 10, 11: 10}
FENCE_FRAMES = (0, 3, 5, 6, 10, 11)

# Commands that hold a place, with how their parameters survive storing.
WITH_PLACE: dict[int, Callable[[Params], Params]] = {
    16: lambda p: (float(int(p[0])), 0.0, 0.0, 0.0),
    17: lambda p: (0.0, 0.0, p[2], 0.0),
    18: lambda p: (float(int(p[0])), 0.0, float(int(p[2])), p[3]),
    19: lambda p: (float(int(p[0])), 0.0, -1.0 if p[2] < 0 else 1.0, 0.0),
    21: lambda p: (p[0], 0.0, 0.0, 1.0),
    22: lambda p: (p[0], 0.0, 0.0, 0.0),
    31: lambda p: (0.0, 0.0, 0.0, 0.0),
    82: lambda p: (float(int(p[0])), 0.0, 0.0, 0.0),
    84: lambda p: (0.0, 0.0, 0.0, 0.0),
    85: lambda p: (0.0, 0.0, 0.0, 1.0),
    94: lambda p: (p[0], 0.0, 0.0, 0.0),
    179: lambda p: (p[0], 0.0, 0.0, 0.0),
    195: lambda p: (0.0, 0.0, 0.0, 0.0),
    201: lambda p: (0.0, 0.0, 0.0, 0.0),
    189: lambda p: (0.0, 0.0, 0.0, 0.0),
}
# These hold a place only when one is given.
PLACE_IS_OPTIONAL = (179, 189)


def _whole(p: Params) -> Params:
    return (float(int(p[0])), float(int(p[1])), float(int(p[2])), float(int(p[3])))


def _first(count: int) -> Callable[[Params], Params]:
    return lambda p: tuple(v if k < count else 0.0 for k, v in enumerate(p))  # type: ignore[return-value]


WITHOUT_PLACE: dict[int, Callable[[Params], Params]] = {
    20: _first(0),
    92: _first(1),
    93: _first(4),
    112: _first(1),
    114: _first(1),
    115: _first(4),
    177: lambda p: _whole(_first(2)(p)),
    178: _first(3),
    181: lambda p: _whole(_first(2)(p)),
    182: lambda p: _first(3)(p),
    183: lambda p: _whole(_first(2)(p)),
    184: lambda p: _first(4)(p),
    197: _first(0),
    202: _first(4),
    203: _first(4),
    205: _first(3),
    206: _first(1),
    207: _first(1),
    211: _first(2),
    212: _first(1),
    213: _first(2),
    216: _first(1),
    217: _first(4),
    223: _first(2),
    600: _first(1),
    601: _first(2),
    1000: _first(4),
    2000: _first(4),
    2001: _first(1),
    2500: _first(4),
    2501: _first(1),
    42600: _first(4),
    42702: _first(4),
}
NAN_YAW_IS_FINE = (16, 17, 21, 22, 82)
KEEP_X = (203,)
FIXED_Z = {205: 2.0}  # a mount command is always read back as MAV_MOUNT_MODE_MAVLINK_TARGETING


def judge(item: StoredItem, mission_type: int) -> Answer:
    """Whether the item is taken, and if not what MISSION_ACK says."""
    if mission_type == FENCE:
        return _judge_fence(item)
    if mission_type == RALLY:
        if item.command != 5100:
            return Answer.UNSUPPORTED
        return Answer.ACCEPTED if item.frame in (0, 3, 5, 6, 10, 11) else Answer.UNSUPPORTED_FRAME
    return _judge_mission(item)


def _judge_mission(item: StoredItem) -> Answer:
    if item.command == 0:
        return Answer.INVALID
    for k, value in enumerate(item.params):
        fine = k == 3 and math.isnan(value) and item.command in NAN_YAW_IS_FINE
        if not math.isfinite(value) and not fine:
            return Answer(Answer.INVALID_PARAM1 + k)
    if item.command in WITHOUT_PLACE:
        return Answer.ACCEPTED
    if item.command not in WITH_PLACE:
        return Answer.UNSUPPORTED
    if abs(item.x) > 900_000_000:
        return Answer.INVALID_PARAM5_X
    if abs(item.y) > 1_800_000_000:
        return Answer.INVALID_PARAM6_Y
    if not math.isfinite(item.z) or abs(item.z) >= HIGHEST_M:
        return Answer.INVALID_PARAM7
    return Answer.ACCEPTED if item.frame in FRAMES else Answer.UNSUPPORTED_FRAME


def _judge_fence(item: StoredItem) -> Answer:
    if item.command not in (5000, 5001, 5002, 5003, 5004):
        return Answer.UNSUPPORTED
    return Answer.ACCEPTED if item.frame in FENCE_FRAMES else Answer.UNSUPPORTED_FRAME


def as_stored(item: StoredItem, mission_type: int) -> StoredItem:
    """The item as a later download gives it back."""
    if mission_type == FENCE:
        whole = (float(int(item.params[0])) if item.command in (5001, 5002) else item.params[0], 0.0, 0.0, 0.0)
        return StoredItem(0, item.command, whole, item.x, item.y, 0.0)
    if mission_type == RALLY:
        return StoredItem(3, item.command, (0.0, 0.0, 0.0, 0.0), item.x, item.y, float(int(item.z)))
    params: Params = tuple(0.0 if math.isnan(v) else v for v in item.params)  # type: ignore[assignment]
    if item.command in WITHOUT_PLACE:
        x, z = (item.x if item.command in KEEP_X else 0), FIXED_Z.get(item.command, 0.0)
        return StoredItem(0, item.command, WITHOUT_PLACE[item.command](params), x, 0, z, item.autocontinue)
    kept = WITH_PLACE[item.command](params)
    frame = FRAMES[item.frame]
    if item.command in PLACE_IS_OPTIONAL and not (item.x or item.y):
        frame = 0
    return replace(item, frame=frame, params=kept, z=round(item.z * 100.0) / 100.0, current=0)


def judge_whole(items: Sequence[StoredItem], mission_type: int) -> str:
    """What is wrong with a fence as a whole, "" if nothing; missions and rally points are not looked at."""
    if mission_type != FENCE:
        return ""
    k = 0
    while k < len(items):
        item = items[k]
        if item.command in (5003, 5004):
            if item.params[0] <= 0.0:
                return "Non-positive circle radius"
            k += 1
        elif item.command in (5001, 5002):
            count = int(item.params[0])
            if count < 3:
                return f"Invalid vertex count ({count})"
            vertices = items[k : k + count]
            if len(vertices) < count or any(v.command != item.command or v.params[0] != count for v in vertices):
                return "Incorrect item count"
            k += count
        else:
            k += 1
    return ""


LIMITS = {MISSION: 650, FENCE: 255, RALLY: 84}
