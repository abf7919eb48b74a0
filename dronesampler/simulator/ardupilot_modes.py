"""ArduCopter's flight modes: numbers, names, and what the simulated aircraft does in each."""

from dronesampler.simulator.craft import Craft

STABILIZE, ALT_HOLD, AUTO, GUIDED, LOITER, RTL, CIRCLE, LAND = 0, 2, 3, 4, 5, 6, 7, 9
POSHOLD, BRAKE, SMART_RTL = 16, 17, 21
NAMES = {
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
    15: "AUTOTUNE",
    16: "POSHOLD",
    17: "BRAKE",
    18: "THROW",
    20: "GUIDED_NOGPS",
    21: "SMART_RTL",
}
NEEDS_POSITION = (AUTO, GUIDED, LOITER, RTL, CIRCLE, POSHOLD, BRAKE, SMART_RTL)
NOT_ARMABLE = (AUTO, RTL, CIRCLE, LAND, BRAKE, SMART_RTL)
BY_STICKS = (STABILIZE, 1, ALT_HOLD, LOITER, POSHOLD, 11, 13, 15, 18)


def return_height_m(craft: Craft) -> float:
    """Above home: RTL_ALT, or the present height if that is more."""
    return craft.params["RTL_ALT"] / 100.0


def apply_parameters(craft: Craft) -> None:
    """Limits follow the parameters, which may be set at any time."""
    p, limits = craft.params, craft.limits
    limits.speed_m_s = p["WPNAV_SPEED"] / 100.0
    limits.climb_m_s = p["WPNAV_SPEED_UP"] / 100.0
    limits.descent_m_s = p["WPNAV_SPEED_DN"] / 100.0
    limits.acceleration_m_s2 = p["WPNAV_ACCEL"] / 100.0
    craft.pilot.land_speed_m_s = p["LAND_SPEED"] / 100.0
