"""Flight logs on their way into the database: the track without its jumps, and the readings found in them, placed."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats, Track
from dronesampler.desk.import_contents import Contents
from dronesampler.mavlink.logfile import FlightLog, looks_like_tlog, read_tlog
from dronesampler.mavlink.logfile_dataflash import looks_like_dataflash, read_dataflash
from dronesampler.mavlink.logfile_ulog import looks_like_ulog, read_ulog
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_file
from dronesampler.sampler import Intake, PlacedReading, Profile, TrackSample, place
from dronesampler.sampler.clocks import mapped
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.recording import Mask, Rejected, Tally
from dronesampler.store.bulk import ReadingColumns
from dronesampler.texts import Text

Rows = NDArray[np.signedinteger[Any]]

BAD = Text("不是 MAVLink 或校验不符的数据", "bytes that are no MAVLink, or whose checksum does not fit")
UNKNOWN = Text(
    "本程序的方言不认识的消息编号（原始日志中保留）",
    "message ids that this program's dialect does not know (kept in the raw log)",
)
CUT = Text("文件末尾有半条记录（{count} 字节）", "half a record at the end of the file ({count} bytes)")
NOTHING = Text("日志中没有一条可读的记录", "not one record of the log can be read")
NO_DATE = Text("日志没有日期：时间从开机算起", "the log tells no date: times count from boot")
NO_FIX = Text("没有定位的位置（0, 0）", "positions without a fix (0, 0)")
_MOSTLY_BAD = Text(
    "日志已损坏：{messages} 条记录中有 {bad} 条无法读取；请重新复制该文件",
    "the log is damaged: {bad} of its {messages} records cannot be read; copy it again",
)


def read_flight_log(path: Path, data: bytes) -> FlightLog | None:
    """The log if the file is one of a flight stack's, else None. Raises BadInput for a broken one."""
    head = data[:4096]
    if looks_like_tlog(head):
        log = read_tlog(data)
        return replace(log, simulated=True) if _said_simulated(path) else log
    if looks_like_ulog(head):
        return read_ulog(path)
    kind = looks_like_dataflash(head)
    return read_dataflash(path, kind) if kind else None


def _said_simulated(path: Path) -> bool:
    """Whether the side file of one of our own raw logs says that the flight was simulated."""
    try:
        facts = json_file(path.with_suffix(".json"))
    except BadInput:
        return False
    return isinstance(facts, dict) and facts.get("simulated") is True


def flight_contents(log: FlightLog, *, profile: Profile, simulated: bool = False) -> Contents:
    """A flight log as contents. Raises BadInput where nothing in it can be used."""
    if log.messages - log.bad < 1:
        raise BadInput(NOTHING)
    if log.kind == "tlog" and log.bad * 2 > log.messages:
        raise BadInput(_MOSTLY_BAD.with_(messages=log.messages, bad=log.bad))
    jump = checks.jumps(log.track.time_s, log.track.lat_deg, log.track.lon_deg)
    order = np.flatnonzero(~jump)
    order = order[np.argsort(log.track.time_s[order], kind="stable")]
    track = log.track.rows(order)
    readings = _readings(log, track, order, profile=profile, simulated=simulated or log.simulated)
    return Contents(
        kind=log.kind,
        messages=log.messages,
        track=track,
        readings=readings,
        wind=log.wind,
        wind_source="autopilot",
        rejected=_rejected(log, jump),
        notes=() if log.dated else (NO_DATE,),
        dated=log.dated,
        simulated=simulated or log.simulated,
        start_unix_s=log.start_unix_s,
        end_unix_s=log.end_unix_s,
        details={
            "bad_data": log.bad,
            "unknown_messages": log.unknown,
            "modes": list(log.modes),
            "sources": dict(log.sources),
            "top": [[name, count] for name, count in list(log.types.items())[:8]],
            **{key: value for key, value in log.details.items() if key not in ("positions_without_fix", "heading")},
        },
    )


def _rejected(log: FlightLog, jump: Mask) -> tuple[Rejected, ...]:
    tally = Tally()
    tally.add("bad-data", BAD, count=log.bad)
    tally.add("unknown-id", UNKNOWN, count=log.unknown)
    tally.add("cut", CUT.with_(count=log.cut_bytes), count=int(log.cut_bytes > 0))
    tally.add("no-fix", NO_FIX, count=int(log.details.get("positions_without_fix", 0)))
    tally.add(
        "jump", checks.JUMP, where=f"point {int(np.argmax(jump)) + 1}" if jump.any() else "", count=int(jump.sum())
    )
    return tally.all()


def _readings(
    log: FlightLog, track: Track, order: Rows, *, profile: Profile, simulated: bool
) -> tuple[ReadingColumns, ...]:
    poses = _poses(log, track, order)
    streams: dict[tuple[str, str, str], list[PlacedReading]] = {}
    for component in dict.fromkeys(event.component for event in log.gas):
        intake = Intake(profile)
        for event in log.gas:
            reading = intake.after(event) if event.component == component else None
            if reading is not None:
                key = (component, reading.quantity, reading.unit.value)
                streams.setdefault(key, []).append(place(reading, poses, profile))
    return tuple(_columns(key, placed, profile, simulated) for key, placed in streams.items())


def _poses(log: FlightLog, track: Track, order: Rows) -> list[TrackSample]:
    """The track with attitude beside it, for placing."""
    velocity = np.nan_to_num(log.velocity_m_s[order])
    # The time a pose carries, put on the log's clock, is steadier than when the link let it through.
    boot_s = log.boot_s[order]
    pose_s = mapped(boot_s, track.time_s) if np.isfinite(boot_s).all() else track.time_s
    turn = log.attitude[np.argsort(log.attitude[:, 0], kind="stable")]
    roll, pitch, yaw = (np.full(len(track), v) for v in (0.0, 0.0, math.nan))
    if len(turn):
        roll, pitch = (np.interp(track.time_s, turn[:, 0], turn[:, k]) for k in (1, 2))
        nearest = np.clip(np.searchsorted(turn[:, 0], track.time_s), 0, len(turn) - 1)
        yaw = turn[nearest, 3] % 360.0
    return [
        TrackSample(
            time_s=float(pose_s[k]),
            lat_deg=float(track.lat_deg[k]),
            lon_deg=float(track.lon_deg[k]),
            height_home_m=float(track.height_home_m[k]),
            height_agl_m=float(track.height_agl_m[k]),
            roll_deg=float(roll[k]),
            pitch_deg=float(pitch[k]),
            yaw_deg=float(yaw[k]),
            north_m_s=float(velocity[k, 0]),
            east_m_s=float(velocity[k, 1]),
            up_m_s=float(velocity[k, 2]),
        )
        for k in range(len(track))
    ]


def _columns(
    key: tuple[str, str, str], placed: Sequence[PlacedReading], profile: Profile, simulated: bool
) -> ReadingColumns:
    def floats(name: str) -> Floats:
        return np.array([getattr(p, name) for p in placed], float)

    readings = [p.reading for p in placed]
    return ReadingColumns(
        instrument=profile.name,
        component=key[0],
        quantity=key[1],
        unit=key[2],
        time_s=floats("time_s"),
        lat_deg=floats("lat_deg"),
        lon_deg=floats("lon_deg"),
        height_home_m=floats("height_home_m"),
        height_agl_m=floats("height_agl_m"),
        position_error_m=floats("position_error_m"),
        raw_value=np.array([r.value for r in readings], float),
        value_mg_m3=np.array([r.value_mg_m3 for r in readings], float),
        ok=np.array([r.ok and p.placed for r, p in zip(readings, placed, strict=True)]),
        flags=["" if r.ok else r.status.value.replace(" ", "-") for r in readings],
        arrival_unix_s=np.array([r.at.unix_s for r in readings], float),
        # A named value tells the payload's boot time; only a full frame tells a unix time and a sequence.
        instrument_unix_s=np.array([(r.instrument_s if r.full else None) for r in readings], float),
        instrument_seq=np.array([-1 if r.sequence is None else r.sequence for r in readings], np.int64)
        if any(r.sequence is not None for r in readings)
        else None,
        raw=[r.raw for r in readings],
        simulated=simulated,
    )
