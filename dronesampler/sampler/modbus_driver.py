"""Instruments behind Modbus: the registers that the profile names, asked for in turn, RTU or TCP."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from dronesampler.events import AirReported, GasReported, Stamp
from dronesampler.problems import BadInput
from dronesampler.sampler import modbus
from dronesampler.sampler.driver import InstrumentEvent
from dronesampler.sampler.profile import Profile
from dronesampler.texts import Text

WRONG = Text("配置“{name}”的 [modbus] 有误：{why}", "[modbus] in the profile {name!r} is wrong: {why}")
_TABLES = {"holding": modbus.HOLDING, "input": modbus.INPUT}
_AIR = ("temperature", "pressure", "humidity", "status")


@dataclass(frozen=True, slots=True)
class _Register:
    name: str
    address: int
    kind: str
    function: int
    scale: float
    swapped: bool


class ModbusDriver:
    """Asks for each register every `period_s` of the profile, one request at a time.

    `[modbus]` in a profile: `unit` (1), `framing` "rtu" or "tcp", `timeout_s` (0.5), and a list `register` of `name`
    (a quantity of the profile, or temperature, pressure, humidity, status), `address` (from 0), `table` "holding" or
    "input", `kind` u16, s16, u32, s32, f32 or f64, `scale`, `swapped` (low word first).
    """

    def __init__(self, profile: Profile, port: str) -> None:
        self._profile, self._port = profile, port
        self.rejected: Counter[str] = Counter()
        setting = profile.extra["modbus"]
        try:
            self._unit = int(setting.get("unit", 1))
            self._tcp = {"rtu": False, "tcp": True}[str(setting.get("framing", "rtu"))]
            self._timeout_s = float(setting.get("timeout_s", 0.5))
            self._registers = [_register(r) for r in setting["register"]]
            strange = [r.name for r in self._registers if profile.quantity(r.name) is None and r.name not in _AIR]
            if strange or not self._registers:
                raise KeyError(strange[0] if strange else "register")
        except (KeyError, TypeError, ValueError, AttributeError) as reason:
            raise BadInput(WRONG.with_(name=profile.name, why=reason)) from reason
        self._buffer = b""
        self._round: list[_Register] = []
        self._asked: _Register | None = None
        self._asked_s = self._round_s = -math.inf
        self._transaction = 0
        self._values: dict[str, float] = {}

    def reopened(self, *, mid_stream: bool) -> None:
        self._buffer, self._asked, self._round = b"", None, []

    def due(self, now_s: float) -> bytes:
        if self._asked is not None and now_s - self._asked_s < self._timeout_s:
            return b""
        if self._asked is not None:
            self.rejected["no answer"] += 1
            self._asked = None
        if not self._round:
            if now_s - self._round_s < self._profile.period_s:
                return b""
            self._round, self._round_s = list(self._registers), now_s
        return self._ask(self._round.pop(0), now_s)

    def _ask(self, register: _Register, now_s: float) -> bytes:
        self._asked, self._asked_s, self._buffer = register, now_s, b""
        self._transaction += 1
        count = modbus.width_of(register.kind)
        body = modbus.request(self._unit, register.function, start=register.address, count=count)
        return modbus.tcp(body, self._transaction) if self._tcp else modbus.rtu(body)

    def feed(self, data: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        if self._asked is None:
            self.rejected["unasked"] += bool(data)
            return ()
        self._buffer += data
        if self._tcp:
            answer, used = modbus.take_tcp(self._buffer, transaction=self._transaction)
        else:
            answer, used = modbus.take_rtu(self._buffer, unit=self._unit, function=self._asked.function)
        raw, self._buffer = self._buffer[:used], self._buffer[used:]
        return () if answer is None else self._answered(answer, raw, at)

    def _answered(self, answer: modbus.Answer, raw: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        register, self._asked = self._asked, None
        assert register is not None
        if answer.exception:
            self.rejected[f"exception {answer.exception}"] += 1
            return ()
        if len(answer.registers) != modbus.width_of(register.kind):
            self.rejected["other length"] += 1
            return ()
        value = modbus.number(answer.registers, register.kind, swapped=register.swapped) * register.scale
        if register.name in _AIR:
            self._values[register.name] = value
            return () if register.name == "status" else (self._air(at),)
        status = self._values.get("status")
        code = int(status) if status is not None and math.isfinite(status) else None
        return (GasReported(at, self._port, register.name, value, status=code, raw=raw),)

    def _air(self, at: Stamp) -> AirReported:
        told = self._values.get
        return AirReported(at, self._port, told("pressure"), told("temperature"), told("humidity"))


def _register(spec: dict[str, Any]) -> _Register:
    kind = str(spec.get("kind", "u16"))
    modbus.width_of(kind)
    return _Register(
        name=str(spec["name"]),
        address=int(spec["address"]),
        kind=kind,
        function=_TABLES[str(spec.get("table", "holding"))],
        scale=float(spec.get("scale", 1.0)),
        swapped=bool(spec.get("swapped", False)),
    )
