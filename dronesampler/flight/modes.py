"""What a mode means for the flight, by the stack's own name for it."""

from enum import StrEnum

from dronesampler.events import Autopilot


class Doing(StrEnum):
    """What an aircraft in a mode does when it is in the air."""

    MISSION = "mission"
    HOLDING = "holding"
    GUIDED = "guided"
    TAKING_OFF = "taking off"
    RETURNING = "returning"
    LANDING = "landing"
    PILOT = "pilot"  # sticks decide
    UNKNOWN = "unknown"


_ARDUPILOT = {
    "AUTO": Doing.MISSION,
    "BRAKE": Doing.HOLDING,
    "GUIDED": Doing.GUIDED,
    "CIRCLE": Doing.GUIDED,
    "FOLLOW": Doing.GUIDED,
    "GUIDED_NOGPS": Doing.GUIDED,
    "RTL": Doing.RETURNING,
    "SMART_RTL": Doing.RETURNING,
    "AUTO_RTL": Doing.RETURNING,
    "LAND": Doing.LANDING,
}
_PX4 = {
    "AUTO.MISSION": Doing.MISSION,
    "AUTO.LOITER": Doing.HOLDING,
    "AUTO.TAKEOFF": Doing.TAKING_OFF,
    "AUTO.RTL": Doing.RETURNING,
    "AUTO.LAND": Doing.LANDING,
    "AUTO.PRECLAND": Doing.LANDING,
    "AUTO.FOLLOW_TARGET": Doing.GUIDED,
    "OFFBOARD": Doing.GUIDED,
    "POSCTL.ORBIT": Doing.GUIDED,
}
_ARDUPILOT_PILOT = frozenset(
    {
        "STABILIZE",
        "ACRO",
        "ALT_HOLD",
        "LOITER",
        "DRIFT",
        "SPORT",
        "FLIP",
        "AUTOTUNE",
        "POSHOLD",
        "THROW",
        "FLOWHOLD",
        "ZIGZAG",
        "HEADING_HOLD",
        "TURTLE",
    }
)
_PX4_PILOT = frozenset({"MANUAL", "ALTCTL", "POSCTL", "POSCTL.SLOW", "ACRO", "STABILIZED", "RATTITUDE"})


def doing_in(autopilot: Autopilot, mode: str) -> Doing:
    """What the mode does. ArduPilot's LOITER counts as the pilot's: its height follows the throttle stick."""
    table, pilot = (_PX4, _PX4_PILOT) if autopilot is Autopilot.PX4 else (_ARDUPILOT, _ARDUPILOT_PILOT)
    if mode in pilot:
        return Doing.PILOT
    return table.get(mode, Doing.UNKNOWN)
