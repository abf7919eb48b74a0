"""PX4's flight modes: main mode in bits 16 to 23 and sub mode in bits 24 to 31 of custom_mode."""


def custom(main: int, sub: int = 0) -> int:
    return main << 16 | sub << 24


MANUAL, ALTCTL, POSCTL, AUTO, ACRO, OFFBOARD_MAIN, STABILIZED_MAIN = 1, 2, 3, 4, 5, 6, 7
POSITION, OFFBOARD, STABILIZED = custom(POSCTL), custom(OFFBOARD_MAIN), custom(STABILIZED_MAIN)
ORBIT = custom(POSCTL, 1)
READY, TAKEOFF, LOITER, MISSION, RTL, LAND = (custom(AUTO, sub) for sub in (1, 2, 3, 4, 5, 6))
FOLLOW, PRECISION_LAND = custom(AUTO, 8), custom(AUTO, 9)
KNOWN_AUTO = (2, 3, 4, 5, 6, 8, 9)
BY_STICKS = (custom(MANUAL), custom(ALTCTL), POSITION, custom(ACRO), STABILIZED)
NOT_ARMABLE = (RTL, LAND)
WORDS = {TAKEOFF: "Takeoff", LOITER: "Hold", MISSION: "Mission", RTL: "Return", LAND: "Land", ORBIT: "Orbit"}
