"""The sampler as a component of the aircraft (1/25): heartbeat, NAMED_VALUE_FLOAT and the full reading frame."""

import struct
import zlib
from collections.abc import Callable

from dronesampler.simulator.instrument import Reading
from dronesampler.simulator.wire import Outbox, Speaker, dialect

COMPONENT = 25
READING_PAYLOAD_TYPE = 0x9A01
MG_M3 = 0
EVERY_S = 1.0


def reading_frame(reading: Reading, *, quantity: str, calibration_id: int) -> bytes:
    """The TUNNEL payload: version, status, calibration, sequence, time, quantity, value, unit, CRC-32."""
    body = struct.pack(
        "<BBHIQ8sfB3x",
        1,
        int(reading.status),
        calibration_id,
        reading.sequence,
        int(reading.time_s * 1e6),
        quantity.encode(),
        reading.value_mg_m3,
        MG_M3,
    )
    return body + struct.pack("<I", zlib.crc32(body))


def reading_line(reading: Reading, *, quantity: str) -> bytes:
    """The line that the sampler writes on a serial port: time, name, value, unit, status."""
    return f"{reading.time_s:.3f},{quantity},{reading.value_mg_m3:.2f},mg/m3,{int(reading.status)}\r\n".encode()


class Payload:
    """Says a reading a second. `read` gives it."""

    def __init__(
        self, read: Callable[[float], Reading], *, system: int, quantity: str, calibration_id: int, boot_s: float
    ) -> None:
        self.out = Outbox(Speaker(system, COMPONENT))
        self.on_reading: Callable[[Reading], None] = lambda _: None
        self.by_radio = True
        self._read, self._quantity, self._calibration_id = read, quantity, calibration_id
        self._boot_s, self._due_s, self._system = boot_s, boot_s, system

    def tick(self, now_s: float) -> None:
        if now_s + 1e-9 < self._due_s:
            return
        self._due_s = max(self._due_s + EVERY_S, now_s)
        reading = self._read(now_s)
        self.on_reading(reading)
        self.out.say(dialect.MAVLink_heartbeat_message(18, 8, 0, 0, 4, 3))
        if self.by_radio:
            self._say(reading)

    def _say(self, reading: Reading) -> None:
        boot_ms = int((reading.time_s - self._boot_s) * 1000)
        name = self._quantity.encode()
        self.out.say(dialect.MAVLink_named_value_float_message(boot_ms, name, reading.value_mg_m3))
        frame = reading_frame(reading, quantity=self._quantity, calibration_id=self._calibration_id)
        padded = list(frame.ljust(128, b"\0"))
        self.out.say(dialect.MAVLink_tunnel_message(0, 0, READING_PAYLOAD_TYPE, len(frame), padded))
