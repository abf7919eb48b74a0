"""PX4 ULog files to neutral values, read with pyulog."""

import contextlib
import io
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from pyulog import ULog
from pyulog.core import ULogIncompatibleFlagException

from dronesampler.columns import Floats
from dronesampler.mavlink.logfile import FlightLog, track_of, wind_of
from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

_MAGIC = b"ULog\x01\x12\x35"
_NOT_READABLE = Text(
    "ULog 日志无法读取（{why}）；请从飞控重新下载该日志",
    "the ULog file cannot be read ({why}); download it from the flight controller again",
)
_NO_FIELD = Text("记录中没有 {name}", "its records have no {name}")
_3D_FIX = 3


def looks_like_ulog(head: bytes) -> bool:
    return head.startswith(_MAGIC)


def read_ulog(path: Path) -> FlightLog:
    """A ULog. Raises BadInput where pyulog can make nothing of it."""
    try:
        # pyulog says on standard output what it finds damaged; the log's own counts say it here.
        with contextlib.redirect_stdout(io.StringIO()), path.open("rb") as file:
            ulog = ULog(file)
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        ULogIncompatibleFlagException,
    ) as reason:
        raise BadInput(_NOT_READABLE.with_(why=library_said(reason)), where=path.name) from reason
    if not ulog.data_list:
        raise BadInput(_NOT_READABLE.with_(why=Text("没有数据", "it holds no data")), where=path.name)
    with np.errstate(all="ignore"):  # damaged numbers become NaN and are left out
        try:
            return _log(ulog)
        except KeyError as reason:  # a definition so damaged that its records have no such field
            raise BadInput(_NOT_READABLE.with_(why=_NO_FIELD.with_(name=reason.args[0])), where=path.name) from reason


def _log(ulog: ULog) -> FlightLog:
    offset_s = _unix_minus_boot_s(ulog)
    rows, boot_s, velocity = _positions(ulog, 0.0 if offset_s is None else offset_s)
    start_s, end_s = ulog.start_timestamp / 1e6, ulog.last_timestamp / 1e6
    return FlightLog(
        kind="ulog",
        messages=sum(len(d.data["timestamp"]) for d in ulog.data_list) + len(ulog.logged_messages),
        track=track_of(rows),
        boot_s=boot_s,
        velocity_m_s=velocity,
        attitude=_attitude(ulog, 0.0 if offset_s is None else offset_s),
        battery=_battery(ulog, 0.0 if offset_s is None else offset_s),
        wind=wind_of(_wind(ulog, 0.0 if offset_s is None else offset_s)),
        bad=int(ulog.file_corruption),
        start_unix_s=start_s + (offset_s or 0.0),
        end_unix_s=end_s + (offset_s or 0.0),
        dated=offset_s is not None,
        types=_counts(ulog),
        modes=_modes(ulog),
        details={
            "topics": len(ulog.data_list),
            "dropouts": len(ulog.dropouts),
            "logged_messages": len(ulog.logged_messages),
            "file_corrupt": bool(ulog.file_corruption),
            "duration_s": round(end_s - start_s, 3),
        },
    )


def _topic(ulog: ULog, name: str) -> Any:
    return next((d.data for d in ulog.data_list if d.name == name and len(d.data["timestamp"])), None)


def _unix_minus_boot_s(ulog: ULog) -> float | None:
    """From the receiver's UTC beside the boot time; the median rides out a receiver that starts at 1970."""
    gps = _topic(ulog, "vehicle_gps_position")
    if gps is None:
        gps = _topic(ulog, "sensor_gps")
    if gps is None or "time_utc_usec" not in gps:
        return None
    told = gps["time_utc_usec"] > 946_684_800_000_000
    if not told.any():
        return None
    return float(np.median((gps["time_utc_usec"][told].astype(float) - gps["timestamp"][told].astype(float)) / 1e6))


def _positions(ulog: ULog, offset_s: float) -> tuple[Floats, Floats, Floats]:
    estimated = _topic(ulog, "vehicle_global_position")
    if estimated is not None and "lat" in estimated:
        return _rows(estimated, offset_s, home_m=_home_height_m(ulog), scale=1.0)
    for name in ("vehicle_gps_position", "sensor_gps"):
        gps = _topic(ulog, name)
        if gps is None:
            continue
        fixed = gps["fix_type"] >= _3D_FIX
        kept = {key: column[fixed] for key, column in gps.items()}
        if "latitude_deg" in kept:
            kept |= {"lat": kept["latitude_deg"], "lon": kept["longitude_deg"], "alt": kept["altitude_msl_m"]}
            return _rows(kept, offset_s, home_m=_home_height_m(ulog), scale=1.0)
        return _rows(kept, offset_s, home_m=_home_height_m(ulog), scale=1e7)
    return np.empty((0, 6)), np.empty(0), np.empty((0, 3))


def _rows(topic: Any, offset_s: float, *, home_m: float, scale: float) -> tuple[Floats, Floats, Floats]:
    boot_s = topic["timestamp"].astype(float) / 1e6
    none = np.full(len(boot_s), math.nan)
    north = topic.get("vel_n", topic.get("vel_n_m_s", none)).astype(float)
    east = topic.get("vel_e", topic.get("vel_e_m_s", none)).astype(float)
    up = -topic.get("vel_d", topic.get("vel_d_m_s", none)).astype(float)
    height = topic["alt"].astype(float) / (1.0 if scale == 1.0 else 1e3) - home_m
    heading = np.degrees(topic["yaw"].astype(float)) % 360.0 if "yaw" in topic else none
    rows = np.column_stack(
        [
            boot_s + offset_s,
            topic["lat"].astype(float) / scale,
            topic["lon"].astype(float) / scale,
            height,
            heading,
            np.hypot(north, east),
        ]
    )
    return rows, boot_s, np.column_stack([north, east, up])


def _home_height_m(ulog: ULog) -> float:
    """Height of home above sea, NaN where the log does not say: then no height above home is known."""
    home = _topic(ulog, "home_position")
    return float(home["alt"][-1]) if home is not None and "alt" in home else math.nan


def _attitude(ulog: ULog, offset_s: float) -> Floats:
    topic = _topic(ulog, "vehicle_attitude")
    if topic is None or "q[0]" not in topic:
        return np.empty((0, 4))
    w, x, y, z = (topic[f"q[{k}]"].astype(float) for k in range(4))
    roll = np.arctan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    pitch = np.arcsin(np.clip(2 * (w * y - z * x), -1.0, 1.0))
    yaw = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    return np.column_stack([topic["timestamp"].astype(float) / 1e6 + offset_s, *np.degrees([roll, pitch, yaw])])


def _battery(ulog: ULog, offset_s: float) -> Floats:
    topic = _topic(ulog, "battery_status")
    if topic is None or "voltage_v" not in topic or "current_a" not in topic:
        return np.empty((0, 3))
    columns = (topic[key].astype(float) for key in ("voltage_v", "current_a"))
    return np.column_stack([topic["timestamp"].astype(float) / 1e6 + offset_s, *columns])


def _wind(ulog: ULog, offset_s: float) -> Floats:
    """Time, direction it comes from, speed; shape (n, 3)."""
    found = (_topic(ulog, name) for name in ("wind", "wind_estimate"))
    topic = next((t for t in found if t is not None and "windspeed_north" in t), None)
    if topic is None:
        return np.empty((0, 3))
    north, east = topic["windspeed_north"].astype(float), topic["windspeed_east"].astype(float)
    from_deg = (np.degrees(np.arctan2(east, north)) + 180.0) % 360.0
    return np.column_stack([topic["timestamp"].astype(float) / 1e6 + offset_s, from_deg, np.hypot(north, east)])


def _counts(ulog: ULog) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for data in ulog.data_list:
        counts[data.name] += len(data.data["timestamp"])
    return dict(counts.most_common())


def _modes(ulog: ULog) -> tuple[str, ...]:
    """Navigation states by PX4's own number, each time they change."""
    status = _topic(ulog, "vehicle_status")
    if status is None or "nav_state" not in status:
        return ()
    states = status["nav_state"]
    changes = np.concatenate([[True], states[1:] != states[:-1]])
    return tuple(f"nav_state {int(s)}" for s in states[changes])
