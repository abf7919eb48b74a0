"""Other aircraft over the park: a helicopter by ADS-B that passes again and again, a small drone by Remote ID."""

import math
import struct
from collections.abc import Iterator

from dronesampler.geo import LocalFrame
from dronesampler.simulator.wire import Message, Outbox, Speaker, dialect

RECEIVER = 156  # MAV_COMP_ID_ADSB
REMOTE_ID_RECEIVER = 236  # MAV_COMP_ID_ODID_TXRX_1
EVERY_S = 1.0
RUN_M, ASIDE_M = 4000.0, 260.0  # the helicopter's line and how far it passes from the take-off place
HELICOPTER_M_S, HELICOPTER_UP_M = 55.0, 110.0
DRONE_ROUND_M, DRONE_M_S, DRONE_UP_M = 380.0, 9.0, 60.0
PLACE_TO_CALLSIGN, MADE_UP = 1 | 2 | 4 | 8 | 16, 64
ICAO_ADDRESS, CALLSIGN = 0x780ABC, "B-7SIM"
DRONE_ID, DRONE_MAC = b"SIM-RID-0001", bytes.fromhex("02000000ab01")
PART_BYTES, PARTS = 25, 9
NO_HEIGHT_M = -1000.0


class Traffic:
    """Says where they are, once a second. `count` 1 is the helicopter alone, 2 the drone as well."""

    def __init__(self, count: int, *, frame: LocalFrame, ground_amsl_m: float, system: int, start_s: float) -> None:
        self._count, self._frame, self._ground_m = count, frame, ground_amsl_m
        self._start_s = self._due_s = start_s
        self.receiver = Outbox(Speaker(system, RECEIVER))
        self.remote = Outbox(Speaker(system, REMOTE_ID_RECEIVER))

    def tick(self, now_s: float) -> None:
        if now_s + 1e-9 < self._due_s:
            return
        self._due_s = max(self._due_s + EVERY_S, now_s)
        if self._count >= 1:
            self.receiver.say(self._helicopter(now_s - self._start_s))
        if self._count >= 2:
            for message in self._drone(now_s - self._start_s):
                self.remote.say(message)

    def taken(self) -> list[bytes]:
        """All frames since the last call."""
        return self.receiver.taken() + self.remote.taken()

    def _helicopter(self, passed_s: float) -> Message:
        """Along a line from west to east, and again from its beginning."""
        along_m = passed_s * HELICOPTER_M_S % (2 * RUN_M) - RUN_M
        lat, lon = self._frame.to_lat_lon(along_m, ASIDE_M)
        return dialect.MAVLink_adsb_vehicle_message(
            ICAO_ADDRESS,
            round(float(lat) * 1e7),
            round(float(lon) * 1e7),
            1,
            round((self._ground_m + HELICOPTER_UP_M) * 1e3),
            9000,
            round(HELICOPTER_M_S * 100),
            0,
            CALLSIGN.encode(),
            7,
            0,
            PLACE_TO_CALLSIGN | MADE_UP,
            0o4610,
        )

    def _drone(self, passed_s: float) -> Iterator[Message]:
        """Round and round; its place in a pack, as receivers hand it on."""
        angle = passed_s * DRONE_M_S / DRONE_ROUND_M
        lat, lon = self._frame.to_lat_lon(DRONE_ROUND_M * math.sin(angle), DRONE_ROUND_M * math.cos(angle))
        sender = list(DRONE_MAC.ljust(20, b"\0"))
        parts = [_basic_id(), _location(float(lat), float(lon), self._ground_m + DRONE_UP_M, math.degrees(angle) + 90)]
        packed = list(b"".join(parts).ljust(PART_BYTES * PARTS, b"\0"))
        yield dialect.MAVLink_open_drone_id_message_pack_message(0, 0, sender, PART_BYTES, len(parts), packed)


def _basic_id() -> bytes:
    """Kind 0: an id by serial number, of a helicopter or multirotor."""
    return struct.pack("<BB20s3x", 0 << 4 | 2, 1 << 4 | 2, DRONE_ID)


def _location(lat_deg: float, lon_deg: float, height_sea_m: float, track_deg: float) -> bytes:
    """Kind 1: airborne, direction in two halves, speed in quarters of a metre a second, height in half metres."""
    track = int(track_deg % 360.0)
    west, direction = divmod(track, 180)
    flags = 2 << 4 | west << 1
    height = round((height_sea_m - NO_HEIGHT_M) * 2)
    place = (round(lat_deg * 1e7), round(lon_deg * 1e7))
    head = struct.pack("<BBBBb", 1 << 4 | 2, flags, direction, round(DRONE_M_S * 4), 0)
    return head + struct.pack("<iiHHH", *place, 0, height, 0) + bytes(6)
