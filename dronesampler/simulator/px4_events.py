"""PX4's EVENT messages (410): reasons that it gives by number only."""

import struct

from dronesampler.simulator.craft import Craft

EVENT, CRC_EXTRA = 410, 160
SEQUENCE, SEQUENCE_CRC_EXTRA = 411, 106
REQUEST = 412
ERROR, ERROR_CRC_EXTRA = 413, 77
KEPT = 100
SEQUENCE_EVERY_S = 3.0
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
    """Numbers and sends them, and sends again what a station says it missed."""

    def __init__(self, craft: Craft) -> None:
        self._craft = craft
        self._sequence = 65_526
        self._kept: dict[int, bytes] = {}
        self._told_s = craft.now_s

    def tell(self, event_id: int, arguments: bytes = b"", *, levels: int = ERROR_LEVELS) -> None:
        head = struct.pack("<IIHBBB", event_id, self._craft.boot_ms, self._sequence, 0, 0, levels)
        self._kept[self._sequence] = head + arguments.ljust(40, b"\0")
        self._craft.out.say_raw(EVENT, self._kept[self._sequence], crc_extra=CRC_EXTRA)
        self._sequence = (self._sequence + 1) % 65_536
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    def tick(self) -> None:
        """The number of the newest one, from time to time."""
        if self._craft.now_s - self._told_s >= SEQUENCE_EVERY_S:
            self._told_s = self._craft.now_s
            newest = struct.pack("<HB", (self._sequence - 1) % 65_536, 0 if self._kept else 1)
            self._craft.out.say_raw(SEQUENCE, newest, crc_extra=SEQUENCE_CRC_EXTRA)

    def again(self, request: bytes) -> None:
        """A REQUEST_EVENT's payload: each of its numbers is answered, the unknown ones by an error."""
        first, last, _, _ = struct.unpack("<HHBB", request[:6].ljust(6, b"\0"))
        for number in range((last - first) % 65_536 + 1):
            sequence = (first + number) % 65_536
            if sequence in self._kept:
                self._craft.out.say_raw(EVENT, self._kept[sequence], crc_extra=CRC_EXTRA)
            else:
                oldest = next(iter(self._kept), (self._sequence - 1) % 65_536)
                answer = struct.pack("<HHBBB", sequence, oldest, 0, 0, 0)
                self._craft.out.say_raw(ERROR, answer, crc_extra=ERROR_CRC_EXTRA)
