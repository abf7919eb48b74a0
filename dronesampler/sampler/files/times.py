"""Dates and times as logs write them to unix seconds: many spellings, time zones, daylight saving, no date at all."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from dronesampler.columns import Floats
from dronesampler.problems import BadInput
from dronesampler.sampler.files.recording import Mask
from dronesampler.texts import Text

EARLIEST_S = 946_684_800.0  # 2000-01-01: a log before it has a clock that was never set
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_NO_ZONE = Text(
    "“{zone}”不是时区；写成 +08:00 或 Asia/Shanghai",
    "{zone!r} is not a time zone; write +08:00 or Asia/Shanghai",
)

_CLOCK = r"(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}(?:[.,]\d+)?)秒?)?\s*(Z|UTC|[AaPp][Mm]|[+-]\d\d:?\d\d)?"
_YMD = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(?:" + _CLOCK + r")?\s*$")
_DMY = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})[-T\s]*(?:" + _CLOCK + r")?\s*$")
_PACKED = re.compile(r"\s*(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d(?:\.\d+)?)(\d{3})?Z?\s*$")
_UTC_WORDS = re.compile(r"\s*UTC (\d\d)(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)\b")
_TIME_ONLY = re.compile(r"\s*" + _CLOCK + r"\s*$")
_SINCE = re.compile(r"\s*(?:(\d+)h)?\s*(\d+)m\s*(\d+(?:\.\d+)?)s\s*$")

Stamp = tuple[float, float | None]  # naive seconds since 1970, offset from UTC where the text says one


@dataclass(frozen=True, slots=True)
class Times:
    """A column of times. `time_s` is NaN where the text is no time. `dated`: the day is known. `zoned`: the text or
    the format named its zone. `twice`: local times that the change from daylight saving makes ambiguous."""

    time_s: Floats
    dated: bool
    zoned: bool
    elapsed: bool
    twice: Mask


def zone_named(name: str) -> tzinfo:
    """`+08:00`, `UTC` or a name of the IANA table. Raises BadInput."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as reason:
        raise BadInput(_NO_ZONE.with_(zone=name)) from reason


def read_times(cells: Sequence[str], *, zone: tzinfo = UTC, day: date | None = None) -> Times:
    """Unix seconds of each cell; naive times are in `zone`, times without a day on `day` (else 1970-01-01)."""
    reader = _reader_for(cells)
    naive, offsets = np.full(len(cells), math.nan), np.full(len(cells), math.nan)
    begun: dict[str, float] = {}
    for row, cell in enumerate(cells):
        if reader.read is _ymd and (seconds := _within_minute(cell, begun)) is not None:
            naive[row] = seconds
            continue
        found = reader.read(cell) or _any(cell)
        if found is not None:
            naive[row] = found[0]
            if found[1] is not None:
                offsets[row] = found[1]
    zoned = bool(np.isfinite(offsets).any()) or reader.utc
    if reader.elapsed:
        return Times(naive, dated=False, zoned=zoned, elapsed=True, twice=np.zeros(len(cells), bool))
    if reader.time_only:
        naive = over_midnight(naive) + (_day_s(day.year, day.month, day.day) if day else 0.0)
    local = np.isnan(offsets) & ~np.isnan(naive)
    twice = np.zeros(len(cells), bool)
    if not reader.utc and local.any():
        offsets[local], twice[local] = _offsets(naive[local], zone)
    time_s = naive - np.where(np.isnan(offsets), 0.0, offsets)
    dated = not reader.time_only or day is not None
    return Times(time_s, dated=dated, zoned=zoned, elapsed=False, twice=twice)


def over_midnight(day_s: Floats) -> Floats:
    """Times of day that run over midnight, as seconds that go on: a step back of over half a day is a new day."""
    filled = np.where(np.isnan(day_s), 0.0, day_s)
    steps = np.diff(filled, prepend=filled[:1]) < -43_200.0
    return day_s + 86_400.0 * np.cumsum(steps & ~np.isnan(day_s))


def _offsets(naive_s: Floats, zone: tzinfo) -> tuple[Floats, Mask]:
    """Offset from UTC of naive local times; an hour that comes twice is told by the order of the rows."""
    hours, inverse = np.unique(np.floor(naive_s / 900.0), return_inverse=True)
    first, second = (np.array([_offset_s(h * 900.0, zone, fold) for h in hours])[inverse] for fold in (0, 1))
    twice = first > second
    if not twice.any():
        return first, twice
    # Where the clock of the wall has run back inside the doubled hour, the second pass has begun.
    back = np.diff(naive_s, prepend=naive_s[:1]) < -900.0
    return np.where(twice & (np.cumsum(back) > 0), second, first), twice


def _offset_s(naive_s: float, zone: tzinfo, fold: int) -> float:
    try:
        at = datetime.fromtimestamp(naive_s, UTC).replace(tzinfo=zone, fold=fold)
    except (OverflowError, OSError, ValueError):
        return 0.0
    offset = at.utcoffset()
    return offset.total_seconds() if offset else 0.0


@dataclass(frozen=True, slots=True)
class _Reader:
    read: Callable[[str], Stamp | None]
    utc: bool = False
    time_only: bool = False
    elapsed: bool = False


def _reader_for(cells: Sequence[str]) -> _Reader:
    """The reader that takes the most of a sample of the column."""
    sample = [c for c in cells[:: max(len(cells) // 200, 1)] if c.strip()][:200]
    day_first = any((m := _DMY.match(c)) and int(m[1]) > 12 for c in sample)
    readers = (
        _Reader(_ymd),
        _Reader(_utc_words, utc=True),
        _Reader(_dmy if day_first else _mdy),
        _Reader(_packed),
        _Reader(_time_only, time_only=True),
        _Reader(_since, elapsed=True),
        _Reader(_epoch, utc=True),
    )
    return max(readers, key=lambda r: sum(r.read(c) is not None for c in sample))


def _any(cell: str) -> Stamp | None:
    """A cell in another spelling than its column."""
    return next((s for read in (_ymd, _utc_words, _mdy, _packed) if (s := read(cell)) is not None), None)


@lru_cache(maxsize=4096)
def _day_s(year: int, month: int, day: int) -> float:
    try:
        return (date(year, month, day).toordinal() - _EPOCH_DAY) * 86_400.0
    except ValueError:
        return math.nan


def _clock_s(hour: str | None, minute: str | None, second: str | None, tail: str | None) -> Stamp | None:
    """Seconds of the day and the offset from UTC."""
    h, m, s = int(hour or 0), int(minute or 0), float((second or "0").replace(",", "."))
    half = (tail or "").lower()
    if half in ("am", "pm"):
        h = h % 12 + (12 if half == "pm" else 0)
    if h > 24 or m > 59 or s >= 61.0:
        return None
    return h * 3600.0 + m * 60.0 + s, _tail_offset_s(tail)


def _tail_offset_s(tail: str | None) -> float | None:
    if not tail or tail.lower() in ("am", "pm"):
        return None
    if tail in ("Z", "UTC"):
        return 0.0
    minutes = int(tail[1:3]) * 60 + int(tail[-2:])
    return 60.0 * (-minutes if tail[0] == "-" else minutes)


def _together(day_s: float, clock: Stamp | None) -> Stamp | None:
    return None if clock is None or math.isnan(day_s) else (day_s + clock[0], clock[1])


def _ymd(cell: str) -> Stamp | None:
    m = _YMD.match(cell)
    return _together(_day_s(int(m[1]), int(m[2]), int(m[3])), _clock_s(*m.group(4, 5, 6, 7))) if m else None


def _within_minute(cell: str, begun: dict[str, float]) -> float | None:
    """`2026-05-31 09:00:07.2` by its minute, which many rows share; None for any other spelling."""
    minute = cell[:17]
    start = begun.get(minute)
    if start is None:
        found = _ymd(minute + "00") if len(minute) == 17 and minute[16] == ":" and minute[:4].isdigit() else None
        start = begun[minute] = found[0] if found else math.nan
    try:
        seconds = start + float(cell[17:])
    except ValueError:
        return None
    return seconds if 0.0 <= seconds - start < 61.0 else None


def _mdy(cell: str) -> Stamp | None:
    m = _DMY.match(cell)
    return _together(_day_s(int(m[3]), int(m[1]), int(m[2])), _clock_s(*m.group(4, 5, 6, 7))) if m else None


def _dmy(cell: str) -> Stamp | None:
    m = _DMY.match(cell)
    return _together(_day_s(int(m[3]), int(m[2]), int(m[1])), _clock_s(*m.group(4, 5, 6, 7))) if m else None


def _packed(cell: str) -> Stamp | None:
    m = _PACKED.match(cell)
    if not m:
        return None
    found = _together(_day_s(int(m[1]), int(m[2]), int(m[3])), _clock_s(m[4], m[5], m[6], None))
    return found and (found[0] + int(m[7] or 0) / 1e3, None)


def _utc_words(cell: str) -> Stamp | None:
    m = _UTC_WORDS.match(cell)
    if not m:
        return None
    found = _together(_day_s(2000 + int(m[1]), int(m[2]), int(m[3])), _clock_s(m[4], m[5], m[6], None))
    return found and (found[0], 0.0)


def _time_only(cell: str) -> Stamp | None:
    m = _TIME_ONLY.match(cell)
    return _clock_s(*m.groups()) if m else None


def _since(cell: str) -> Stamp | None:
    m = _SINCE.match(cell)
    return (int(m[1] or 0) * 3600.0 + int(m[2]) * 60.0 + float(m[3]), None) if m else None


def _epoch(cell: str) -> Stamp | None:
    """Unix seconds, or milli-, micro-, nanoseconds by their size."""
    try:
        number = float(cell)
    except ValueError:
        return None
    if not math.isfinite(number) or number < 0.0:
        return None
    for scale in (1.0, 1e3, 1e6, 1e9):
        if number < 1e11 * scale:
            return number / scale, 0.0
    return None
