"""The messages we know: pymavlink's ardupilotmega table, and the fields and messages that it lags behind in."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega
from pymavlink.dialects.v20.ardupilotmega import x25crc

GROUND_SYSTEM = 255
GROUND_COMPONENT = 190  # MAV_COMP_ID_MISSIONPLANNER
AUTOPILOT_COMPONENT = 1

_LETTER = {
    "char": "s",
    "uint8_t": "B",
    "int8_t": "b",
    "uint16_t": "H",
    "int16_t": "h",
    "uint32_t": "I",
    "int32_t": "i",
    "uint64_t": "Q",
    "float": "f",
}
# Messages of the MAVLink common set that pymavlink 2.4.50 does not have, fields in wire order:
# name -> (id, ((type, field, array length or 0), ...)).
_ADDED: dict[str, tuple[int, tuple[tuple[str, str, int], ...]]] = {
    "AVAILABLE_MODES": (
        435,
        (
            ("uint32_t", "custom_mode", 0),
            ("uint32_t", "properties", 0),
            ("uint8_t", "number_modes", 0),
            ("uint8_t", "mode_index", 0),
            ("uint8_t", "standard_mode", 0),
            ("char", "mode_name", 35),
        ),
    ),
    "CURRENT_MODE": (
        436,
        (("uint32_t", "custom_mode", 0), ("uint32_t", "intended_custom_mode", 0), ("uint8_t", "standard_mode", 0)),
    ),
    "AVAILABLE_MODES_MONITOR": (437, (("uint8_t", "seq", 0),)),
    "EVENT": (
        410,
        (
            ("uint32_t", "id", 0),
            ("uint32_t", "event_time_boot_ms", 0),
            ("uint16_t", "sequence", 0),
            ("uint8_t", "destination_component", 0),
            ("uint8_t", "destination_system", 0),
            ("uint8_t", "log_levels", 0),
            ("uint8_t", "arguments", 40),
        ),
    ),
    "CURRENT_EVENT_SEQUENCE": (411, (("uint16_t", "sequence", 0), ("uint8_t", "flags", 0))),
    "REQUEST_EVENT": (
        412,
        (
            ("uint16_t", "first_sequence", 0),
            ("uint16_t", "last_sequence", 0),
            ("uint8_t", "target_system", 0),
            ("uint8_t", "target_component", 0),
        ),
    ),
    "RESPONSE_EVENT_ERROR": (
        413,
        (
            ("uint16_t", "sequence", 0),
            ("uint16_t", "sequence_oldest_available", 0),
            ("uint8_t", "target_system", 0),
            ("uint8_t", "target_component", 0),
            ("uint8_t", "reason", 0),
        ),
    ),
    "COMPONENT_METADATA": (
        397,
        (("uint32_t", "time_boot_ms", 0), ("uint32_t", "file_crc", 0), ("char", "uri", 100)),
    ),
}
# Extension fields that newer firmware appends; the checksum seed of a message never covers them.
_TAILS: dict[str, tuple[tuple[str, str], ...]] = {
    "MISSION_ACK": (("I", "opaque_id"),),
    "MISSION_COUNT": (("I", "opaque_id"),),
    "MISSION_CURRENT": (("I", "mission_id"), ("I", "fence_id"), ("I", "rally_points_id")),
    "TIMESYNC": (("B", "target_system"), ("B", "target_component")),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One message: its fields in wire order as (name, values it takes, is text), and its checksum seed."""

    name: str
    id: int
    seed: int
    packing: struct.Struct
    fields: tuple[tuple[str, int, bool], ...]
    plain: tuple[str, ...] | None  # the field names where no field is an array or text

    @property
    def longest(self) -> int:
        return self.packing.size


@dataclass(frozen=True, slots=True)
class Message:
    """A message as received: who sent it, and its fields by the standard's names and in its units."""

    name: str
    system: int
    component: int
    fields: Mapping[str, Any]
    raw: bytes = b""

    def __getitem__(self, field_name: str) -> Any:
        return self.fields[field_name]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent, not yet framed. Fields left out are zero."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, field_name: str) -> Any:
        return self.fields[field_name]


def _seed_of(name: str, fields: tuple[tuple[str, str, int], ...]) -> int:
    """CRC_EXTRA after the MAVLink guide's serialization page: the checksum of the message's own declaration."""
    crc = x25crc(f"{name} ".encode())
    for kind, field_name, count in fields:
        crc.accumulate(f"{kind} {field_name} ".encode())
        if count:
            crc.accumulate(bytes([count]))
    return int((crc.crc & 0xFF) ^ (crc.crc >> 8))


def _definition(name: str, number: int, *, seed: int, packing: str, fields: list[tuple[str, int, bool]]) -> Definition:
    plain = tuple(f[0] for f in fields) if all(count == 1 and not text for _, count, text in fields) else None
    return Definition(name, number, seed, struct.Struct(packing), tuple(fields), plain)


def _known(kind: Any) -> Definition:
    tail = _TAILS.get(kind.msgname, ())
    tail = tuple((letter, name) for letter, name in tail if name not in kind.ordered_fieldnames)
    fields = [
        (name, int(length), bool(array and length == 1))
        for name, length, array in zip(kind.ordered_fieldnames, kind.lengths, kind.array_lengths, strict=True)
    ]
    return _definition(
        kind.msgname,
        kind.id,
        seed=kind.crc_extra,
        packing=kind.unpacker.format + "".join(letter for letter, _ in tail),
        fields=fields + [(name, 1, False) for _, name in tail],
    )


def _added(name: str) -> Definition:
    number, fields = _ADDED[name]
    packing = "<" + "".join(f"{count or ''}{_LETTER[kind]}" for kind, _, count in fields)
    shape = [(f, 1 if kind == "char" else max(count, 1), kind == "char") for kind, f, count in fields]
    return _definition(name, number, seed=_seed_of(name, fields), packing=packing, fields=shape)


@cache
def definitions() -> Mapping[int, Definition]:
    """All messages by id."""
    table = {number: _known(kind) for number, kind in ardupilotmega.mavlink_map.items()}
    for name, (number, _) in _ADDED.items():
        table.setdefault(number, _added(name))
    return table


@cache
def named(name: str) -> Definition:
    """The definition of a message. Raises KeyError for a name nobody knows."""
    return {d.name: d for d in definitions().values()}[name]


def unpack(definition: Definition, payload: bytes) -> dict[str, Any]:
    """Fields of a payload; MAVLink 2 cuts zeros off its end, so short ones are filled up."""
    size = definition.packing.size
    values = definition.packing.unpack(payload[:size].ljust(size, b"\0"))
    if definition.plain is not None:
        return dict(zip(definition.plain, values, strict=True))
    fields: dict[str, Any] = {}
    at = 0
    for name, count, is_text in definition.fields:
        if is_text:
            fields[name] = values[at].split(b"\0", 1)[0].decode("utf-8", "replace")
        else:
            fields[name] = values[at] if count == 1 else values[at : at + count]
        at += count
    return fields


def pack(definition: Definition, fields: Mapping[str, Any]) -> bytes:
    """The payload with its zero tail cut. Raises KeyError for a field the message does not have."""
    unknown = set(fields) - {name for name, _, _ in definition.fields}
    if unknown:
        raise KeyError(f"{definition.name} has no {', '.join(sorted(unknown))}")
    values: list[Any] = []
    for name, count, is_text in definition.fields:
        given = fields.get(name, "" if is_text else 0)
        if is_text:
            values.append(given.encode() if isinstance(given, str) else bytes(given))
        elif count == 1:
            values.append(given)
        else:
            values.extend(tuple(given or ()) + (0,) * (count - len(given or ())))
    payload = definition.packing.pack(*values).rstrip(b"\0")
    return payload or b"\0"


def checksum(body: bytes, seed: int) -> int:
    """CRC-16/MCRF4XX over the frame without its magic byte, and the message's seed."""
    crc = x25crc(body)
    crc.accumulate(bytes([seed]))
    return int(crc.crc)


def boot_s_of(fields: Mapping[str, Any]) -> float | None:
    """The sender's time since boot where the message carries it."""
    ms = fields.get("time_boot_ms")
    return ms / 1000.0 if ms is not None else None


def finite(value: float) -> float | None:
    """None for NaN and infinity."""
    return value if math.isfinite(value) else None
