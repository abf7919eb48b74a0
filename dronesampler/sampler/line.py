"""Instruments that write lines: columns by name, units and separators from the profile, or Sniffer4D's JSON."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from dronesampler.events import AirReported, GasReported, Stamp
from dronesampler.problems import BadInput
from dronesampler.sampler.driver import InstrumentEvent
from dronesampler.sampler.files.matching import split_unit, unit_named
from dronesampler.sampler.files.sniffer4d import frame_of
from dronesampler.sampler.files.times import read_times
from dronesampler.sampler.profile import Profile
from dronesampler.texts import Text

_LONGEST_LINE = 4096
_AIR = ("temperature", "pressure", "humidity")
_OWN = ("", "time", "sequence", "status", "name", "value", "unit", *_AIR)
WRONG = Text(
    "配置“{name}”的 [line] 有误：{why}",
    "[line] in the profile {name!r} is wrong: {why}",
)


class LineDriver:
    """Lines of text, ended by CR, LF or both. What is no reading is counted, never guessed at.

    `[line]` in a profile: `columns`, a list of names ("" to skip one): quantities of the profile, or time, sequence,
    status (0 normal, 1 warm-up, 2 out of range, 3 fault, 4 calibration), temperature (°C), pressure (hPa), humidity
    (%); or name, value, unit for instruments that write a quantity a line. `separator` (default ","; " " for any
    white space), `decimal_comma`, `start` (lines that begin otherwise are skipped), `checksum = "xor"` (as in NMEA),
    `format = "sniffer4d-json"` instead of columns. `request` is sent every `period_s` to instruments that wait.
    """

    def __init__(self, profile: Profile, port: str) -> None:
        self._profile = profile
        self._port = port
        self.rejected: Counter[str] = Counter()
        self._buffer = b""
        line = profile.extra["line"]
        self._json = line.get("format") == "sniffer4d-json"
        self._columns = [str(c) for c in line.get("columns", ())]
        self._separator = str(line.get("separator", ","))
        self._comma = bool(line.get("decimal_comma", False))
        self._start = str(line.get("start", ""))
        self._xor = line.get("checksum") == "xor"
        self._request = str(line.get("request", "")).encode()
        self._asked_s = -math.inf
        self._in_midst = False
        self._check()

    def _check(self) -> None:
        known = {*_OWN, *(q.name for q in self._profile.quantities)}
        strange = [c for c in self._columns if c not in known]
        if strange:
            why = Text(f"不认识的列 {strange[0]!r}", f"unknown column {strange[0]!r}")
            raise BadInput(WRONG.with_(name=self._profile.name, why=why))
        if not self._json and not self._columns:
            raise BadInput(WRONG.with_(name=self._profile.name, why=Text("没有 columns", "it has no columns")))

    def due(self, now_s: float) -> bytes:
        if not self._request or now_s - self._asked_s < self._profile.period_s:
            return b""
        self._asked_s = now_s
        return self._request

    def reopened(self, *, mid_stream: bool) -> None:
        if self._buffer:
            self.rejected["cut off"] += 1
        self._buffer, self._in_midst = b"", mid_stream

    def feed(self, data: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        *lines, self._buffer = re.split(rb"[\r\n]+", self._buffer + data)
        if lines and self._in_midst:
            # Half a number may look like a whole one: what was not seen to begin is not read.
            self.rejected["first line"] += bool(lines.pop(0).strip())
            self._in_midst = False
        if len(self._buffer) > _LONGEST_LINE:
            self.rejected["line too long"] += 1
            self._buffer = b""
        return tuple(event for line in lines if line.strip() for event in self._read(line, at))

    def _read(self, raw: bytes, at: Stamp) -> Sequence[InstrumentEvent]:
        text = raw.decode("utf-8", "replace").strip()
        if self._json:
            return self._frame(text, raw, at)
        if not text.startswith(self._start):
            self.rejected["other line"] += 1
            return ()
        body = self._unsummed(text.removeprefix(self._start))
        if body is None:
            self.rejected["checksum"] += 1
            return ()
        cells = body.split() if self._separator == " " else body.split(self._separator)
        if len(cells) < len(self._columns):
            self.rejected["half line"] += 1
            return ()
        return self._events(dict(zip(self._columns, (c.strip() for c in cells), strict=False)), raw, at)

    def _unsummed(self, text: str) -> str | None:
        """The line without its checksum, or None where that does not fit."""
        if not self._xor:
            return text
        body, star, told = text.partition("*")
        total = 0
        for byte in body.encode():
            total ^= byte
        return body if star and re.fullmatch(r"[0-9A-Fa-f]{2}", told) and int(told, 16) == total else None

    def _events(self, cells: dict[str, str], raw: bytes, at: Stamp) -> list[InstrumentEvent]:
        values = self._values(cells)
        shared = {
            "instrument_s": self._instrument_s(cells.get("time", "")),
            "sequence": _whole(cells.get("sequence", "")),
            "status": _whole(cells.get("status", "")),
        }
        air = {key: self._number(cells[key]) for key in _AIR if key in cells}
        events: list[InstrumentEvent] = []
        if any(v is not None and math.isfinite(v) for v in air.values()):
            events.append(_air(at, self._port, air))
        for name, value in values.items():
            events.append(GasReported(at, self._port, name, value, raw=raw, **shared))  # type: ignore[arg-type]
        return events

    def _values(self, cells: dict[str, str]) -> dict[str, float]:
        if "name" not in cells:
            return {q.name: self._number(cells[q.name]) for q in self._profile.quantities if q.name in cells}
        quantity = self._profile.quantity(cells["name"])
        if quantity is None:
            self.rejected["unknown quantity"] += 1
            return {}
        if "unit" in cells and unit_named(cells["unit"]) != quantity.unit.value:
            self.rejected["other unit"] += 1
            return {}
        return {quantity.name: self._number(cells.get("value", ""))}

    def _number(self, cell: str) -> float:
        try:
            value = float(cell.replace(",", ".") if self._comma else cell)
        except ValueError:
            return math.nan
        return value if math.isfinite(value) and value > -999.0 else math.nan

    def _instrument_s(self, cell: str) -> float | None:
        if not cell:
            return None
        found = float(read_times([cell]).time_s[0])
        return found if math.isfinite(found) else None

    def _frame(self, text: str, raw: bytes, at: Stamp) -> Sequence[InstrumentEvent]:
        """One JSON frame of a Sniffer4D; its gases are named `VOCs(ppm)` and the like."""
        frame = frame_of(text)
        if frame is None:
            self.rejected["no frame"] += 1
            return ()
        pressure = _float(frame.get("pressure"))
        air = {
            "temperature": _float(frame.get("temperature")),
            "humidity": _float(frame.get("humidity")),
            "pressure": pressure / 100.0 if pressure > 2_000.0 else pressure,
        }
        instrument_s = self._instrument_s(str(frame.get("utcTime", "")))
        sequence = _whole(str(frame.get("sequence", "")))
        events: list[InstrumentEvent] = [_air(at, self._port, air)]
        for gas, value in frame["airData"].items():
            name, _ = split_unit(str(gas))
            if self._profile.quantity(name) is not None:
                events.append(
                    GasReported(
                        at, self._port, name, _float(value), instrument_s=instrument_s, sequence=sequence, raw=raw
                    )
                )
        return events


def _air(at: Stamp, port: str, air: dict[str, float]) -> AirReported:
    told = {key: value if math.isfinite(value) else None for key, value in air.items()}
    return AirReported(at, port, told.get("pressure"), told.get("temperature"), told.get("humidity"))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value > -999.0 else math.nan


def _whole(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() else None
