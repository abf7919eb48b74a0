"""The parameters of a simulated autopilot, and the messages that read and set them in each stack's encoding."""

import struct
from collections.abc import Callable, Mapping
from enum import IntEnum

from dronesampler.simulator.wire import Message, Outbox, dialect

NO_INDEX = 65_535
SENT_A_TICK = 60


class Kind(IntEnum):
    """MAV_PARAM_TYPE of the types in use."""

    INT8 = 2
    INT16 = 4
    INT32 = 6
    REAL32 = 9


Table = Mapping[str, tuple[float, Kind]]


def filled(table: Table, count: int) -> Table:
    """The table with made-up names added up to `count`: real autopilots have a thousand and more."""
    more = {f"ZZ_FILLER_{n:04d}": (float(n), Kind.REAL32) for n in range(max(count - len(table), 0))}
    return {**table, **more}


def as_float(value: float, kind: Kind) -> float:
    """ArduPilot: the number itself, whatever its type."""
    del kind
    return float(value)


def as_bytes(value: float, kind: Kind) -> float:
    """PX4: an integer's four bytes read as a float."""
    if kind is Kind.REAL32:
        return float(value)
    return float(struct.unpack("<f", struct.pack("<i", int(value)))[0])


def from_float(value: float, kind: Kind) -> float:
    return value if kind is Kind.REAL32 else float(round(value))


def from_bytes(value: float, kind: Kind) -> float:
    return value if kind is Kind.REAL32 else float(struct.unpack("<i", struct.pack("<f", value))[0])


class Params:
    """Values by name, in the order they are told."""

    def __init__(self, table: Table, *, bytewise: bool = False, hash_at_end: bool = False) -> None:
        self._values = {name: value for name, (value, _) in sorted(table.items())}
        self._kinds = {name: kind for name, (_, kind) in table.items()}
        self._names = list(self._values)
        self._encode: Callable[[float, Kind], float] = as_bytes if bytewise else as_float
        self._decode: Callable[[float, Kind], float] = from_bytes if bytewise else from_float
        self._bytewise, self._hash_at_end = bytewise, hash_at_end
        self._to_send: list[int] = []

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: float = 0.0) -> float:
        return self._values.get(name, default)

    def set(self, name: str, value: float) -> None:
        """Set without a message, as another part of the autopilot would."""
        self._values[name] = value

    def answer(self, message: Message, out: Outbox) -> bool:
        """Answer if it is a parameter message. An unknown name gets no answer, as both stacks do it."""
        match message.get_type():
            case "PARAM_REQUEST_LIST":
                self._to_send = list(range(len(self._names)))
                if self._hash_at_end:
                    self._to_send.append(NO_INDEX)
            case "PARAM_REQUEST_READ":
                self._read(message, out)
            case "PARAM_SET":
                self._write(message, out)
            case _:
                return False
        return True

    def tick(self, out: Outbox) -> None:
        """Go on telling the list."""
        now, self._to_send = self._to_send[:SENT_A_TICK], self._to_send[SENT_A_TICK:]
        for index in now:
            if index == NO_INDEX:
                out.say(self._hash())
            else:
                out.say(self._value(self._names[index], index))

    def _read(self, message: Message, out: Outbox) -> None:
        name = message.param_id
        if 0 <= message.param_index < len(self._names):
            return out.say(self._value(self._names[message.param_index], message.param_index))
        if name in self._values:
            index = self._names.index(name) if self._bytewise else NO_INDEX
            return out.say(self._value(name, index))
        return None

    def _write(self, message: Message, out: Outbox) -> None:
        name = message.param_id
        if name not in self._values:
            return
        kind = self._kinds[name]
        # PX4 answers a wrong type with the old value; ArduPilot does not look at the type.
        if not self._bytewise or message.param_type == kind:
            self._values[name] = self._decode(message.param_value, kind)
        out.say(self._value(name, self._names.index(name) if self._bytewise else NO_INDEX))

    def _value(self, name: str, index: int) -> Message:
        kind = self._kinds[name]
        value = self._encode(self._values[name], kind)
        return dialect.MAVLink_param_value_message(name.encode(), value, int(kind), len(self._names), index)

    def _hash(self) -> Message:
        number = hash(tuple(self._values.items())) & 0x7FFF_FFFF
        value = as_bytes(float(number & 0xFF_FFFF), Kind.INT32)
        return dialect.MAVLink_param_value_message(b"_HASH_CHECK", value, 5, len(self._names), NO_INDEX)
