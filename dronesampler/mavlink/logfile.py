"""Telemetry logs read after the flight: MAVLink .tlog files to neutral values; never changes what it reads."""

import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pymavlink.dialects.v20 import ardupilotmega as dialect

from dronesampler.columns import Floats, Track, Wind
from dronesampler.events import AirReported, GasReported, Stamp

_V1, _V2 = 0xFE, 0xFD
_HEAD_BYTES = {_V1: 8, _V2: 12}
_SIGNATURE_BYTES = 13
_SIMULATION_UID = 5283920058631409231  # what PX4's simulators say: the letters ITALDINO
_INVALID_AUTOPILOT = 8
# A log of today lies here; anything else in the eight bytes before a packet means that it is no time.
_EARLIEST_US, _LATEST_US = 946_684_800_000_000, 4_102_444_800_000_000


@dataclass(frozen=True, slots=True)
class FlightLog:
    """What a log of a flight held. `messages` counts every record, damaged ones included, as pymavlink does.

    `boot_s` is the vehicle's own clock beside each row of `track`, `velocity_m_s` its north, east and up, shape (n, 3),
    NaN where not logged; `attitude` holds roll, pitch, yaw in degrees over time, shape (n, 4) with the time first;
    `battery` holds time, volts and amperes of the first battery, shape (n, 3).
    Times are unix seconds where `dated`, else seconds since boot.
    """

    kind: str
    messages: int
    track: Track
    boot_s: Floats
    velocity_m_s: Floats
    attitude: Floats
    battery: Floats = field(default_factory=lambda: np.empty((0, 3)))
    bad: int = 0
    unknown: int = 0
    cut_bytes: int = 0
    start_unix_s: float = math.nan
    end_unix_s: float = math.nan
    dated: bool = True
    simulated: bool = False
    sources: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    modes: tuple[str, ...] = ()
    gas: tuple[GasReported, ...] = ()
    air: tuple[AirReported, ...] = ()
    wind: Wind | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def looks_like_tlog(head: bytes) -> bool:
    """Eight bytes of a sane time in microseconds and the first byte of a packet, twice when there is room."""
    if not _starts_record(head, 0):
        return False
    second = 8 + _frame_bytes(head, 8)
    return second + 10 > len(head) or _starts_record(head, second)


def read_tlog(data: bytes) -> FlightLog:
    """A tlog: eight big-endian bytes of unix microseconds before every packet, MAVLink 1 or 2, both directions."""
    reading = _Tlog()
    end = 0
    for unix_s, frame, end in _records(data):  # noqa: B007 - where the last whole record ends
        reading.take(unix_s, frame)
    return reading.log(cut_bytes=len(data) - end)


def _starts_record(data: bytes, at: int) -> bool:
    if len(data) < at + 10 or data[at + 8] not in _HEAD_BYTES:
        return False
    return bool(_EARLIEST_US < struct.unpack_from(">Q", data, at)[0] < _LATEST_US)


def _frame_bytes(data: bytes, at: int) -> int:
    """Length of the packet whose first byte is at `at`."""
    signed = _SIGNATURE_BYTES if data[at] == _V2 and len(data) > at + 2 and data[at + 2] & 1 else 0
    return _HEAD_BYTES[data[at]] + data[at + 1] + signed


def _records(data: bytes) -> Iterator[tuple[float, bytes, int]]:
    """Each time and packet and where it ended. Where the order is lost, what is skipped comes as one record."""
    at = 0
    while at + 10 <= len(data):
        if not _starts_record(data, at):
            found = _next_record(data, at + 1)
            yield math.nan, data[at:found], found
            at = found
            continue
        end = at + 8 + _frame_bytes(data, at + 8)
        if end > len(data):
            return
        yield struct.unpack_from(">Q", data, at)[0] / 1e6, data[at + 8 : end], end
        at = end


def _next_record(data: bytes, at: int) -> int:
    while at < len(data) and not _starts_record(data, at):
        at += 1
    return at


class _Tlog:
    """Takes records one by one and keeps what a patrol needs."""

    def __init__(self) -> None:
        self._mav = dialect.MAVLink(None)
        self._mav.robust_parsing = False
        self._counts: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._track: list[tuple[float, ...]] = []
        self._attitude: list[tuple[float, ...]] = []
        self._battery: list[tuple[float, ...]] = []
        self._wind: list[tuple[float, ...]] = []
        self._gas: list[GasReported] = []
        self._air: list[AirReported] = []
        self._modes: list[str] = []
        self._first_s = self._last_s = math.nan
        self._simulated = False
        self._stack = 0

    def take(self, unix_s: float, frame: bytes) -> None:
        self._counts["messages"] += 1
        if math.isnan(unix_s):
            self._counts["bad"] += 1
            return
        self._first_s = unix_s if math.isnan(self._first_s) else min(self._first_s, unix_s)
        self._last_s = unix_s if math.isnan(self._last_s) else max(self._last_s, unix_s)
        message = self._decoded(frame)
        if message is None:
            return
        kind = message.get_type()
        self._types[kind] += 1
        self._sources[f"{message.get_srcSystem()}/{message.get_srcComponent()}"] += 1
        taker = getattr(self, f"_on_{kind.lower()}", None)
        if taker is not None:
            taker(unix_s, message)

    def _decoded(self, frame: bytes) -> Any:
        number = frame[5] if frame[0] == _V1 else int.from_bytes(frame[7:10], "little")
        if number not in dialect.mavlink_map:
            self._counts["unknown"] += 1
            self._types[f"UNKNOWN_{number}"] += 1
            return None
        try:
            return self._mav.decode(bytearray(frame))
        except dialect.MAVError:
            self._counts["bad"] += 1
            return None

    def _on_heartbeat(self, unix_s: float, message: Any) -> None:
        if message.autopilot == _INVALID_AUTOPILOT or message.get_srcComponent() != 1:
            return
        self._stack = message.autopilot
        mode = _mode_name(message)
        if not self._modes or self._modes[-1] != mode:
            self._modes.append(mode)

    def _on_global_position_int(self, unix_s: float, message: Any) -> None:
        if message.lat == 0 and message.lon == 0:
            self._counts["no position"] += 1
            return
        self._track.append(
            (
                unix_s,
                message.time_boot_ms / 1e3,
                message.lat / 1e7,
                message.lon / 1e7,
                message.relative_alt / 1e3,
                message.hdg / 100.0 if message.hdg != 0xFFFF else math.nan,
                math.hypot(message.vx, message.vy) / 100.0,
                message.vx / 100.0,
                message.vy / 100.0,
                -message.vz / 100.0,
            )
        )

    def _on_attitude(self, unix_s: float, message: Any) -> None:
        angles = (math.degrees(a) for a in (message.roll, message.pitch, message.yaw))
        self._attitude.append((unix_s, *angles))

    def _on_sys_status(self, unix_s: float, message: Any) -> None:
        if message.voltage_battery not in (0, 0xFFFF) and message.current_battery >= 0:
            self._battery.append((unix_s, message.voltage_battery / 1e3, message.current_battery / 100.0))

    def _on_battery_status(self, unix_s: float, message: Any) -> None:
        volts = sum(v for v in message.voltages if v != 0xFFFF) / 1e3
        if message.id == 0 and volts > 0 and message.current_battery >= 0:
            self._battery.append((unix_s, volts, message.current_battery / 100.0))

    def _on_wind(self, unix_s: float, message: Any) -> None:
        self._wind.append((unix_s, message.direction % 360.0, message.speed))

    def _on_wind_cov(self, unix_s: float, message: Any) -> None:
        towards = math.degrees(math.atan2(message.wind_y, message.wind_x))
        self._wind.append((unix_s, (towards + 180.0) % 360.0, math.hypot(message.wind_x, message.wind_y)))

    def _on_named_value_float(self, unix_s: float, message: Any) -> None:
        self._gas.append(self._named(unix_s, message, message.value))

    def _on_named_value_int(self, unix_s: float, message: Any) -> None:
        self._gas.append(self._named(unix_s, message, float(message.value)))

    def _named(self, unix_s: float, message: Any, value: float) -> GasReported:
        boot_s = message.time_boot_ms / 1e3
        name = message.name if isinstance(message.name, str) else message.name.decode("ascii", "replace")
        return GasReported(
            Stamp(unix_s, unix_s, boot_s), _source(message), name.rstrip("\0"), value, instrument_s=boot_s
        )

    def _on_tunnel(self, unix_s: float, message: Any) -> None:
        payload = bytes(message.payload[: message.payload_length])
        self._gas.append(
            GasReported(
                Stamp(unix_s, unix_s), _source(message), f"TUNNEL {message.payload_type}", math.nan, raw=payload
            )
        )

    def _on_scaled_pressure(self, unix_s: float, message: Any) -> None:
        self._air.append(
            AirReported(
                Stamp(unix_s, unix_s, message.time_boot_ms / 1e3),
                _source(message),
                pressure_hpa=message.press_abs,
                temperature_c=message.temperature / 100.0,
                humidity_percent=None,
            )
        )

    def _on_hygrometer_sensor(self, unix_s: float, message: Any) -> None:
        self._air.append(
            AirReported(
                Stamp(unix_s, unix_s),
                _source(message),
                pressure_hpa=None,
                temperature_c=message.temperature / 100.0,
                humidity_percent=message.humidity / 100.0,
            )
        )

    def _on_simstate(self, unix_s: float, message: Any) -> None:
        self._simulated = True

    _on_sim_state = _on_simstate

    def _on_autopilot_version(self, unix_s: float, message: Any) -> None:
        self._simulated = self._simulated or message.uid == _SIMULATION_UID

    def log(self, *, cut_bytes: int) -> FlightLog:
        rows = np.array(self._track, float).reshape(-1, 10)
        return FlightLog(
            kind="tlog",
            messages=self._counts["messages"],
            track=track_of(rows[:, [0, 2, 3, 4, 5, 6]]),
            boot_s=rows[:, 1],
            velocity_m_s=rows[:, 7:],
            attitude=np.array(self._attitude, float).reshape(-1, 4),
            battery=np.array(self._battery, float).reshape(-1, 3),
            bad=self._counts["bad"],
            unknown=self._counts["unknown"],
            cut_bytes=cut_bytes,
            start_unix_s=self._first_s,
            end_unix_s=self._last_s,
            simulated=self._simulated,
            sources=dict(self._sources.most_common()),
            types=dict(self._types.most_common()),
            modes=tuple(self._modes),
            gas=tuple(self._gas),
            air=tuple(self._air),
            wind=wind_of(self._wind),
            details={"positions_without_fix": self._counts["no position"]},
        )


def track_of(rows: Floats) -> Track:
    """A track from rows of time, latitude, longitude, height above home, heading, speed; shape (n, 6)."""
    time_s, lat_deg, lon_deg, height_m, heading_deg, speed_m_s = (np.ascontiguousarray(c) for c in rows.T)
    return Track(
        time_s=time_s,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        height_home_m=height_m,
        height_agl_m=np.full(len(rows), math.nan),
        heading_deg=heading_deg,
        speed_m_s=speed_m_s,
    )


def wind_of(rows: Sequence[tuple[float, ...]] | Floats) -> Wind | None:
    """Wind from rows of time, direction it comes from and speed; None where there is not one."""
    if not len(rows):
        return None
    table = np.array(rows, float)
    return Wind(
        time_s=table[:, 0],
        from_deg=table[:, 1],
        speed_m_s=table[:, 2],
        height_agl_m=np.full(len(table), math.nan),
    )


def _source(message: Any) -> str:
    return f"{message.get_srcSystem()}/{message.get_srcComponent()}"


def _mode_name(heartbeat: Any) -> str:
    from pymavlink import mavutil  # heavy, and not needed by the other readers of this room

    return str(mavutil.mode_string_v10(heartbeat))
