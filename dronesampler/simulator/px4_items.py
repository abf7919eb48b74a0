"""What PX4 1.16 does with each mission, fence and rally item, by its recorded answers: it hardly looks."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace

from dronesampler.simulator.stored import FENCE, MISSION, RALLY, Answer, StoredItem

FRAMES = {0: 5, 3: 6, 5: 5, 6: 6}
WITH_PLACE = (16, 17, 19, 21, 22, 31, 84, 85, 195, 201)
WITHOUT_PLACE = (
    *(20, 93, 112, 114, 177, 178, 179, 187, 189, 197, 200, 203, 204, 205, 206, 211, 214, 530, 531, 532),
    *(1000, 1001, 2000, 2001, 2003, 2500, 2501, 42600),
)
FENCE_POLYGONS = (5001, 5002)
LIMITS = {MISSION: 10_000, FENCE: 400, RALLY: 160}
CANNOT_FLY = (112, 114)  # taken at upload, then the whole mission is rejected
TAKEOFFS = (22, 84)
BEFORE_TAKEOFF = (178, 187, 189, 195, 197, 201, 203, 204, 205, 206, 214, 530, 2000, 1000)


def judge(item: StoredItem, mission_type: int) -> Answer:
    """Whether the item is taken, and if not what MISSION_ACK says."""
    if mission_type == MISSION and item.command in WITHOUT_PLACE and item.frame == 2:
        return Answer.ACCEPTED
    if item.frame == 2:
        return Answer.UNSUPPORTED
    if item.frame not in FRAMES:
        return Answer.UNSUPPORTED_FRAME
    if mission_type == FENCE and item.command in FENCE_POLYGONS and item.params[0] < 3:
        return Answer.ERROR
    if mission_type != MISSION:
        return Answer.ACCEPTED
    return Answer.ACCEPTED if item.command in (*WITH_PLACE, *WITHOUT_PLACE) else Answer.UNSUPPORTED


def as_stored(item: StoredItem, mission_type: int, seq: int) -> StoredItem:
    """The item as a later download gives it back."""
    if mission_type == RALLY:
        return replace(item, frame=6, current=int(seq == 0))
    if mission_type == FENCE:
        return replace(item, frame=5, current=int(seq == 0))
    params = item.params
    if item.command == 19 and math.isnan(params[3]):
        params = (*params[:3], 0.0)
    frame = item.frame if item.frame == 2 else FRAMES[item.frame]
    return replace(item, frame=frame, params=params, current=int(seq == 0))


def cannot_fly(items: Sequence[StoredItem]) -> tuple[int, int] | None:
    """The first item (counted from 1) that makes the navigator reject the mission, and its command."""
    for k, item in enumerate(items, 1):
        if item.command in CANNOT_FLY:
            return k, item.command
    return None


def takeoff_comes_late(items: Sequence[StoredItem]) -> bool:
    """There is a take-off, and something with a place comes before it."""
    places = [i.command for i in items if i.command in WITH_PLACE and i.command not in BEFORE_TAKEOFF]
    return any(c in TAKEOFFS for c in places[1:])


def opaque_id(items: Sequence[StoredItem]) -> int:
    """A number that changes with the plan; 0 for none."""
    if not items:
        return 0
    said = repr([(i.frame, i.command, i.params, i.x, i.y, i.z) for i in items])
    return zlib.crc32(said.encode()) or 1
