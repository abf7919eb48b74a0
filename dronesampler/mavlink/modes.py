"""Mode names of both stacks and the numbers they travel as."""

from dronesampler.events import Autopilot

_COPTER = {
    0: "STABILIZE",
    1: "ACRO",
    2: "ALT_HOLD",
    3: "AUTO",
    4: "GUIDED",
    5: "LOITER",
    6: "RTL",
    7: "CIRCLE",
    9: "LAND",
    11: "DRIFT",
    13: "SPORT",
    14: "FLIP",
    15: "AUTOTUNE",
    16: "POSHOLD",
    17: "BRAKE",
    18: "THROW",
    19: "AVOID_ADSB",
    20: "GUIDED_NOGPS",
    21: "SMART_RTL",
    22: "FLOWHOLD",
    23: "FOLLOW",
    24: "ZIGZAG",
    25: "SYSTEMID",
    26: "HEADING_HOLD",
    27: "AUTO_RTL",
    28: "TURTLE",
}
# PX4: (main, sub) of custom_mode = main << 16 | sub << 24, after px4_custom_mode.h as named in the protocol.
_PX4 = {
    (1, 0): "MANUAL",
    (2, 0): "ALTCTL",
    (3, 0): "POSCTL",
    (3, 1): "POSCTL.ORBIT",
    (3, 2): "POSCTL.SLOW",
    (4, 1): "AUTO.READY",
    (4, 2): "AUTO.TAKEOFF",
    (4, 3): "AUTO.LOITER",
    (4, 4): "AUTO.MISSION",
    (4, 5): "AUTO.RTL",
    (4, 6): "AUTO.LAND",
    (4, 8): "AUTO.FOLLOW_TARGET",
    (4, 9): "AUTO.PRECLAND",
    (5, 0): "ACRO",
    (6, 0): "OFFBOARD",
    (7, 0): "STABILIZED",
    (8, 0): "RATTITUDE",
}
MAV_AUTOPILOT = {3: Autopilot.ARDUPILOT, 12: Autopilot.PX4}
INVALID_AUTOPILOT = 8  # a ground station, camera or payload says this of itself


def autopilot_of(number: int) -> Autopilot:
    return MAV_AUTOPILOT.get(number, Autopilot.OTHER)


def mode_name(autopilot: Autopilot, custom_mode: int) -> str:
    """The stack's name of a mode, or the number as text where the table has none."""
    if autopilot is Autopilot.PX4:
        main, sub = custom_mode >> 16 & 0xFF, custom_mode >> 24 & 0xFF
        return _PX4.get((main, sub)) or _PX4.get((main, 0), f"MODE {main}.{sub}")
    return _COPTER.get(custom_mode, f"MODE {custom_mode}")


def mode_params(autopilot: Autopilot, name: str) -> tuple[float, float, float]:
    """param1 to 3 of MAV_CMD_DO_SET_MODE. Raises KeyError for a name the stack does not have."""
    if autopilot is Autopilot.PX4:
        main, sub = {text: pair for pair, text in _PX4.items()}[name]
        return 1.0, float(main), float(sub)
    number = {text: number for number, text in _COPTER.items()}[name]
    return 1.0, float(number), 0.0


def mode_number(autopilot: Autopilot, name: str) -> int:
    """HEARTBEAT.custom_mode of a mode's name. Raises KeyError for a name the stack does not have."""
    _, main, sub = mode_params(autopilot, name)
    return int(main) << 16 | int(sub) << 24 if autopilot is Autopilot.PX4 else int(main)
