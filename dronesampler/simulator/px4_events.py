"""PX4's EVENT messages (410): reasons that it gives by number only."""

import struct

from dronesampler.simulator.craft import Craft

EVENT, CRC_EXTRA = 410, 160
SEQUENCE, SEQUENCE_CRC_EXTRA = 411, 106
NO_POSITION = 0x01D31BB9
NO_MISSION = 0x0105C2D9
ARMING_DENIED = 0x0102089D
NOT_SUITABLE = 0x011C8F61
GPS_TOO_LOW = 0x01BCBE91
UNSUPPORTED_COMMAND = 0x0185E823
TAKEOFF_NOT_FIRST = 0x01FE4222
FENCE_AGAINST_HOME = 0x01A77115
WAYPOINT_OUTSIDE = 0x012B352D
REPOSITION_OUTSIDE = 0x01CDEBC4
START_DENIED = 0x016BD68A
NOT_LANDED = 0x018AB9B5
RALLY_FRAME = 0x018EB130
STATION_LOST, STATION_BACK = 0x01A4B458, 0x01D93424
LOW, CRITICAL, EMERGENCY = 0x014D0DA4, 0x0128180B, 0x01AD1B07
OUTSIDE_FENCE, TOO_HIGH = 0x01022EAB, 0x01D47520
PILOT_TOOK_OVER = 0x010EAC3F
ERROR_LEVELS, CRITICAL_LEVELS, INFO_LEVELS = 0x33, 0x26, 0x66


class Events:
    """Numbers and sends them."""

    def __init__(self, craft: Craft) -> None:
        self._craft = craft
        self._sequence = 65_526

    def tell(self, event_id: int, arguments: bytes = b"", *, levels: int = ERROR_LEVELS) -> None:
        head = struct.pack("<IIHBBB", event_id, self._craft.boot_ms, self._sequence, 0, 0, levels)
        self._craft.out.say_raw(EVENT, head + arguments.ljust(40, b"\0"), crc_extra=CRC_EXTRA)
        self._sequence = (self._sequence + 1) % 65_536
