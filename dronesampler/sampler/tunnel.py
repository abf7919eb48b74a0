"""The full-fidelity reading frame that a companion computer sends in MAVLink TUNNEL messages; see PROTOCOL.md."""

import math
import struct
import zlib
from dataclasses import dataclass

from dronesampler.sampler.species import Unit
from dronesampler.sampler.status import Status

PAYLOAD_TYPE = 0x9A01
VERSION = 1
_BODY = struct.Struct("<BBHIQ8sfB3x")
_CRC = struct.Struct("<I")
SIZE = _BODY.size + _CRC.size
_UNITS = (Unit.MG_M3, Unit.PPM)
# The order is the code on the wire, for this frame and for line protocols that send a number.
STATUSES = (Status.NORMAL, Status.WARM_UP, Status.OUT_OF_RANGE, Status.FAULT, Status.CALIBRATION)


@dataclass(frozen=True, slots=True)
class Frame:
    """One reading as the instrument's companion sent it. `instrument_unix_s` is by the instrument's clock."""

    sequence: int
    instrument_unix_s: float
    quantity: str
    value: float
    unit: Unit
    status: Status = Status.NORMAL
    calibration_id: int = 0


def encode(frame: Frame) -> bytes:
    """36 bytes. Raises ValueError for a quantity over 8 ASCII letters or a unit or status the frame has no code for."""
    name = frame.quantity.encode("ascii")
    if len(name) > 8:
        raise ValueError(f"the quantity {frame.quantity!r} is longer than 8 letters")
    body = _BODY.pack(
        VERSION,
        STATUSES.index(frame.status),
        frame.calibration_id,
        frame.sequence & 0xFFFFFFFF,
        round(frame.instrument_unix_s * 1e6),
        name,
        frame.value,
        _UNITS.index(frame.unit),
    )
    return body + _CRC.pack(zlib.crc32(body))


def decode(payload: bytes) -> Frame | None:
    """The frame in a TUNNEL payload (zero padding after it is allowed), or None where it is not one or is damaged."""
    # MAVLink 2 cuts trailing zeros of a message; a CRC that ends in a zero byte loses it.
    data = payload[:SIZE].ljust(SIZE, b"\0")
    if len(payload) < SIZE - 4 or data[0] != VERSION or any(payload[SIZE:]):
        return None
    if _CRC.unpack_from(data, _BODY.size)[0] != zlib.crc32(data[: _BODY.size]):
        return None
    _, status, calibration_id, sequence, time_us, name, value, unit = _BODY.unpack_from(data)
    if status >= len(STATUSES) or unit >= len(_UNITS):
        return None
    return Frame(
        sequence=sequence,
        instrument_unix_s=time_us / 1e6,
        quantity=name.rstrip(b"\0").decode("ascii", "replace"),
        value=value if math.isfinite(value) else math.nan,
        unit=_UNITS[unit],
        status=STATUSES[status],
        calibration_id=calibration_id,
    )
