"""Plans as they travel: one frozen value an item, in the protocol's own units."""

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT, Draft, Message


class PlanKind(IntEnum):
    """The three lists that a vehicle keeps apart (MAV_MISSION_TYPE)."""

    MISSION = 0
    FENCE = 1
    RALLY = 2

    @property
    def word(self) -> str:
        return self.name.lower()


# A new route may contradict the old fence, never the other way round: the fence goes first.
STORING_ORDER = (PlanKind.FENCE, PlanKind.RALLY, PlanKind.MISSION)


class WireFrame(IntEnum):
    """MAV_FRAME numbers that plans use."""

    GLOBAL = 0
    LOCAL_NED = 1
    MISSION = 2
    GLOBAL_RELATIVE = 3
    GLOBAL_INT = 5
    GLOBAL_RELATIVE_INT = 6
    TERRAIN = 10
    TERRAIN_INT = 11


class MissionResult(IntEnum):
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
class WireItem:
    """One item as MISSION_ITEM_INT holds it: x and y in degrees times 1e7 where the item has a place."""

    command: int
    frame: int
    params: tuple[float, float, float, float]
    x: int
    y: int
    z: float
    autocontinue: bool = True

    def draft(self, sequence: int, *, kind: PlanKind, system: int) -> Draft:
        return Draft(
            "MISSION_ITEM_INT",
            {
                "target_system": system,
                "target_component": AUTOPILOT_COMPONENT,
                "seq": sequence,
                "frame": self.frame,
                "command": self.command,
                "current": 0,
                "autocontinue": int(self.autocontinue),
                "param1": self.params[0],
                "param2": self.params[1],
                "param3": self.params[2],
                "param4": self.params[3],
                "x": self.x,
                "y": self.y,
                "z": self.z,
                "mission_type": int(kind),
            },
        )


def item_in(message: Message | Draft) -> WireItem:
    """The item in a MISSION_ITEM_INT."""
    return WireItem(
        command=message["command"],
        frame=message["frame"],
        params=(message["param1"], message["param2"], message["param3"], message["param4"]),
        x=message["x"],
        y=message["y"],
        z=message["z"],
        autocontinue=bool(message["autocontinue"]),
    )


def draft_of(name: str, *, system: int, kind: PlanKind, **fields: Any) -> Draft:
    """A message of the mission protocol to the autopilot."""
    target = {"target_system": system, "target_component": AUTOPILOT_COMPONENT, "mission_type": int(kind)}
    return Draft(name, {**target, **fields})


def same_float(a: float, b: float, *, tolerance: float = 0.0) -> bool:
    """Equal, both NaN, or closer than the tolerance and single precision allow."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return math.isclose(a, b, rel_tol=2e-7, abs_tol=max(tolerance, 1e-9))
