"""DataFlash logs of ArduPilot (binary .BIN and text .log) to neutral values."""

import contextlib
import io
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from pymavlink import DFReader

from dronesampler.mavlink.logfile import FlightLog, track_of, wind_of
from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

_BINARY_HEAD = b"\xa3\x95\x80"
_YEAR_2000_S = 946_684_800.0
_NOT_READABLE = Text(
    "DataFlash 日志无法读取（{why}）；请从飞控重新下载该日志",
    "the DataFlash log cannot be read ({why}); download it from the flight controller again",
)
# pymavlink takes 18 s off GPS time whatever the year; unix time from which on fewer were right, newest first.
_LEAP_SECONDS = ((1_483_228_800.0, 18), (1_435_708_800.0, 17), (1_341_100_800.0, 16), (1_230_768_000.0, 15))
# What holds a position: the estimator's first, then the receiver's. Old receivers' records say RelAlt themselves.
_POSITIONS = ("POS", "GPS")


def looks_like_dataflash(head: bytes) -> str | None:
    """ "dataflash" for a binary log, "dataflash-text" for the text form, None for anything else."""
    if head.startswith(_BINARY_HEAD):
        return "dataflash"
    lines = head.decode("ascii", "replace").splitlines()
    return "dataflash-text" if any(line.startswith("FMT, 128,") for line in lines[:12]) else None


def read_dataflash(path: Path, kind: str) -> FlightLog:
    """A DataFlash log. Raises BadInput where pymavlink can make nothing of it."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return _read(path, kind)
    except Exception as reason:  # pymavlink raises bare Exceptions for formats it cannot make sense of
        raise BadInput(_NOT_READABLE.with_(why=library_said(reason)), where=path.name) from reason


def _read(path: Path, kind: str) -> FlightLog:
    reader = _Binary(str(path)) if kind == "dataflash" else _Text(str(path))
    counts: Counter[str] = Counter()
    positions: dict[str, list[tuple[float, ...]]] = {name: [] for name in _POSITIONS}
    attitude: list[tuple[float, ...]] = []
    battery: list[tuple[float, ...]] = []
    wind: list[tuple[float, ...]] = []
    modes: list[str] = []
    first_s = last_s = math.nan
    try:
        while (message := reader.recv_msg()) is not None:
            name, time_s = message.get_type(), _utc_s(float(message._timestamp))
            counts[name] += 1
            first_s, last_s = _widened(first_s, last_s, time_s)
            if name in positions and (row := _position(name, message, time_s)):
                positions[name].append(row)
            elif name == "ATT":
                attitude.append((time_s, message.Roll, message.Pitch, message.Yaw))
            elif name in ("BAT", "CURR") and not getattr(message, "Instance", 0):
                # Old logs say hundredths in CURR.
                parts = 1.0 if name == "BAT" else 100.0
                battery.append((time_s, float(message.Volt) / parts, float(message.Curr) / parts))
            elif name in ("XKF2", "NKF2") and not getattr(message, "C", 0):
                wind.append((time_s, *_from(float(message.VWN), float(message.VWE))))
            elif name == "MODE" and (not modes or modes[-1] != str(message.Mode)):
                modes.append(str(message.Mode))
    finally:
        _close(reader)
    chosen = next((name for name in _POSITIONS if positions[name]), "GPS")
    return _log(
        kind,
        counts=counts,
        positions=positions[chosen],
        attitude=attitude,
        battery=battery,
        wind=wind,
        modes=modes,
        span=(first_s, last_s),
    )


class _Binary(DFReader.DFReader_binary):  # type: ignore[misc]
    """A reader that closes its file when it cannot make sense of it."""

    def __init__(self, path: str) -> None:
        try:
            super().__init__(path)
        except BaseException:
            _close(self)
            raise


class _Text(DFReader.DFReader_text):  # type: ignore[misc]
    """The same for text logs."""

    def __init__(self, path: str) -> None:
        try:
            super().__init__(path)
        except BaseException:
            _close(self)
            raise


def _utc_s(time_s: float) -> float:
    """pymavlink's time with the leap seconds of its own year; times since boot are left alone."""
    if time_s < _YEAR_2000_S:
        return time_s
    return time_s + 18 - next((leap for since_s, leap in _LEAP_SECONDS if time_s >= since_s), 14)


def _widened(first_s: float, last_s: float, time_s: float) -> tuple[float, float]:
    if not math.isfinite(time_s) or time_s <= 0.0:
        return first_s, last_s
    return (time_s, time_s) if math.isnan(first_s) else (min(first_s, time_s), max(last_s, time_s))


def _position(name: str, message: Any, time_s: float) -> tuple[float, ...] | None:
    """Time, latitude, longitude, height above home, course, speed; None without a fix."""
    lat, lon = float(message.Lat), float(message.Lng)
    if (lat == 0.0 and lon == 0.0) or (name == "GPS" and float(message.Status) < 2):
        return None
    height = getattr(message, "RelHomeAlt" if name == "POS" else "RelAlt", math.nan)
    return (
        time_s,
        lat,
        lon,
        float(height),
        float(getattr(message, "GCrs", math.nan)),
        float(getattr(message, "Spd", math.nan)),
    )


def _from(north_m_s: float, east_m_s: float) -> tuple[float, float]:
    """Direction the wind comes from and its speed, of where it blows to."""
    return (math.degrees(math.atan2(east_m_s, north_m_s)) + 180.0) % 360.0, math.hypot(north_m_s, east_m_s)


def _log(
    kind: str,
    *,
    counts: Counter[str],
    positions: list[tuple[float, ...]],
    attitude: list[tuple[float, ...]],
    battery: list[tuple[float, ...]],
    wind: list[tuple[float, ...]],
    modes: list[str],
    span: tuple[float, float],
) -> FlightLog:
    rows = np.array(positions, float).reshape(-1, 6)
    return FlightLog(
        kind=kind,
        messages=counts.total(),
        track=track_of(rows),
        boot_s=np.full(len(rows), math.nan),
        velocity_m_s=np.full((len(rows), 3), math.nan),
        attitude=np.array(attitude, float).reshape(-1, 4),
        battery=np.array(battery, float).reshape(-1, 3),
        wind=wind_of(wind),
        start_unix_s=span[0],
        end_unix_s=span[1],
        # Without a receiver's time pymavlink counts from boot.
        dated=bool(span[0] > _YEAR_2000_S),
        types=dict(counts.most_common()),
        modes=tuple(modes),
        details={"heading": "course over ground"},
    )


def _close(reader: Any) -> None:
    """DFReader keeps its file mapped; on Windows a mapped file cannot be moved or removed."""
    for name in ("data_map", "filehandle"):
        with contextlib.suppress(AttributeError, ValueError, BufferError, OSError):
            getattr(reader, name).close()
