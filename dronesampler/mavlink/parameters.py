"""Parameters: listed with the holes filled, read, and set with proof by reading back, in the stack's own encoding."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from dronesampler.events import Autopilot
from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT, Draft, Message
from dronesampler.mavlink.parameter_value import parameter_number, parameter_wire

TRIES = 8
WRITES = 3
WAIT_S = 1.0
LIST_QUIET_S = 1.0  # after this long without a value, the holes are asked for
HOLES_AT_ONCE = 20
NOT_IN_LIST = 65_535
HASH_CHECK = "_HASH_CHECK"


class ParameterEnd(StrEnum):
    """How a read or a write ended."""

    READ = "read"
    SET = "set"
    NOT_SET = "not set"  # it was read back, and is something else
    SILENT = "silent"  # stacks answer unknown names with silence


@dataclass(frozen=True, slots=True)
class ParameterAnswer:
    """The end of a read or write."""

    name: str
    end: ParameterEnd
    value: float | None


@dataclass(slots=True)
class _Asked:
    """One parameter under way."""

    name: str
    value: float | None  # to be set; None is a read
    sent_s: float = -1e9
    tries: int = 0
    writes: int = 0


@dataclass(slots=True)
class Parameters:
    """All parameter traffic with one vehicle."""

    vehicle: int = 1
    autopilot: Autopilot = Autopilot.OTHER
    values: dict[str, float] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    answers: list[ParameterAnswer] = field(default_factory=list)
    total: int | None = None
    _by_index: dict[int, str] = field(default_factory=dict)
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _listing: bool = False
    _list_tries: int = 0
    _moved_s: float = 0.0

    def bind(self, vehicle: int, autopilot: Autopilot) -> None:
        self.vehicle, self.autopilot = vehicle, autopilot

    @property
    def listed(self) -> bool:
        """The whole list has come."""
        return self.total is not None and not self._listing and len(self._by_index) >= self.total

    @property
    def idle(self) -> bool:
        return not self._listing and not self._asked

    def list_all(self, now_s: float) -> list[Draft]:
        """Ask for the whole list."""
        self._listing, self._list_tries = True, 1
        self._by_index.clear()
        self.total = None
        self._moved_s = now_s
        return [Draft("PARAM_REQUEST_LIST", self._target())]

    def read(self, *names: str) -> None:
        """Ask for some by name; the answers come in `answers`."""
        for name in names:
            self._asked[name] = _Asked(name, None)

    def set(self, name: str, value: float) -> None:
        """Write one. Its type is read first where it is not known: a wrong type would write another number."""
        self._asked[name] = _Asked(name, float(value))

    def take(self, message: Message, now_s: float) -> list[Draft]:
        if message.name != "PARAM_VALUE" or message.system != self.vehicle:
            return []
        name = message["param_id"]
        self._note(message, name, now_s)
        asked = self._asked.get(name)
        if asked is None:
            return []
        if asked.value is None:
            self._answer(asked, ParameterEnd.READ)
        elif asked.writes == 0:
            return self._send(asked, now_s)
        elif self._as_asked(name, asked.value):
            self._answer(asked, ParameterEnd.SET)
        elif asked.writes >= WRITES:
            self._answer(asked, ParameterEnd.NOT_SET)
        return []

    def tick(self, now_s: float) -> list[Draft]:
        drafts = self._fill_holes(now_s) if self._listing else []
        for asked in list(self._asked.values()):
            if now_s - asked.sent_s < WAIT_S:
                continue
            if asked.tries >= TRIES:
                self._answer(asked, ParameterEnd.SILENT)
            else:
                drafts += self._send(asked, now_s)
        return drafts

    def _note(self, message: Message, name: str, now_s: float) -> None:
        if not name or name == HASH_CHECK:
            return
        self.values[name] = parameter_number(message["param_value"], message["param_type"], self.autopilot)
        self.types[name] = message["param_type"]
        if message["param_index"] == NOT_IN_LIST:
            return
        # The count changes while parameters appear (…_ENABLE): the newest count is the one to fill.
        self.total = message["param_count"]
        self._by_index[message["param_index"]] = name
        self._moved_s = now_s
        if self._listing and len(self._by_index) >= self.total:
            self._listing = False

    def _fill_holes(self, now_s: float) -> list[Draft]:
        if now_s - self._moved_s < LIST_QUIET_S:
            return []
        self._moved_s = now_s
        self._list_tries += 1
        if self._list_tries > 10 * TRIES:
            self._listing = False
            return []
        if self.total is None:
            return [Draft("PARAM_REQUEST_LIST", self._target())]
        holes = [n for n in range(self.total) if n not in self._by_index][:HOLES_AT_ONCE]
        return [Draft("PARAM_REQUEST_READ", {**self._target(), "param_id": "", "param_index": n}) for n in holes]

    def _send(self, asked: _Asked, now_s: float) -> list[Draft]:
        asked.sent_s = now_s
        asked.tries += 1
        known = self.types.get(asked.name)
        if asked.value is None or known is None:
            return [Draft("PARAM_REQUEST_READ", {**self._target(), "param_id": asked.name, "param_index": -1})]
        asked.writes += 1
        wire = parameter_wire(asked.value, known, self.autopilot)
        fields = {"param_id": asked.name, "param_value": wire, "param_type": known}
        return [Draft("PARAM_SET", {**self._target(), **fields})]

    def _as_asked(self, name: str, value: float) -> bool:
        got = self.values[name]
        return math.isclose(got, value, rel_tol=2e-7, abs_tol=1e-9)

    def _answer(self, asked: _Asked, end: ParameterEnd) -> None:
        del self._asked[asked.name]
        value = None if end is ParameterEnd.SILENT else self.values.get(asked.name)
        self.answers.append(ParameterAnswer(asked.name, end, value))

    def _target(self) -> dict[str, int]:
        return {"target_system": self.vehicle, "target_component": AUTOPILOT_COMPONENT}
