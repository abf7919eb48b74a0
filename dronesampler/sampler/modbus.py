"""Modbus frames, RTU and TCP: requests for registers, answers taken apart. Pure; after the Modbus V1.1b3 text."""

import struct
from dataclasses import dataclass

HOLDING, INPUT = 3, 4
MOST_REGISTERS = 125


@dataclass(frozen=True, slots=True)
class Answer:
    """Registers of one unit, or the exception code that it answered with."""

    unit: int
    function: int
    registers: tuple[int, ...] = ()
    exception: int = 0


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def request(unit: int, function: int, *, start: int, count: int) -> bytes:
    """The body of a read request: unit, function, first register, how many."""
    return struct.pack(">BBHH", unit, function, start, count)


def rtu(body: bytes) -> bytes:
    """A body with its CRC, low byte first."""
    return body + struct.pack("<H", crc16(body))


def tcp(body: bytes, transaction: int) -> bytes:
    """A body behind its MBAP header."""
    return struct.pack(">HHH", transaction & 0xFFFF, 0, len(body)) + body


def take_rtu(buffer: bytes, *, unit: int, function: int) -> tuple[Answer | None, int]:
    """The first whole answer of that unit and function, and how many bytes to drop. Noise before it is dropped."""
    for at in range(len(buffer)):
        if buffer[at] != unit:
            continue
        length = _answer_bytes(buffer[at:], function)
        if length == 0:
            return None, at  # the rest may yet come
        if length > 0 and len(buffer) >= at + length + 2:
            body, told = buffer[at : at + length], buffer[at + length : at + length + 2]
            if struct.unpack("<H", told)[0] == crc16(body):
                return _answer(body), at + length + 2
        elif length > 0:
            return None, at
    return None, len(buffer)


def take_tcp(buffer: bytes, *, transaction: int) -> tuple[Answer | None, int]:
    """The answer to that transaction, and how many bytes to drop; answers to others are dropped."""
    at = 0
    while len(buffer) - at >= 8:
        number, protocol, length = struct.unpack_from(">HHH", buffer, at)
        if protocol != 0 or not 3 <= length <= 260:
            at += 1
            continue
        if len(buffer) - at < 6 + length:
            break
        body = buffer[at + 6 : at + 6 + length]
        at += 6 + length
        if number == transaction & 0xFFFF and _answer_bytes(body, body[1] & 0x7F) == len(body):
            return _answer(body), at
    return None, at


def _answer_bytes(body: bytes, function: int) -> int:
    """Length of the answer that begins here without CRC: 0 if more bytes are needed to tell, -1 if it is none."""
    if len(body) < 3:
        return 0
    if body[1] == function | 0x80:
        return 3
    return 3 + body[2] if body[1] == function and body[2] % 2 == 0 and 0 < body[2] <= 2 * MOST_REGISTERS else -1


def _answer(body: bytes) -> Answer:
    if body[1] & 0x80:
        return Answer(body[0], body[1] & 0x7F, exception=body[2])
    return Answer(body[0], body[1], struct.unpack(f">{body[2] // 2}H", body[3 : 3 + body[2]]))


_KINDS = {"u16": (1, ">H"), "s16": (1, ">h"), "u32": (2, ">I"), "s32": (2, ">i"), "f32": (2, ">f"), "f64": (4, ">d")}


def width_of(kind: str) -> int:
    """How many registers a value of that kind takes. Raises KeyError for a kind that is none."""
    return _KINDS[kind][0]


def number(registers: tuple[int, ...], kind: str, *, swapped: bool = False) -> float:
    """The number in registers, high word first, or low word first where `swapped`."""
    words = registers[::-1] if swapped else registers
    return float(struct.unpack(_KINDS[kind][1], struct.pack(f">{len(words)}H", *words))[0])
