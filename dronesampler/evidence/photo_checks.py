"""Check V23: what photographs say of their own time and place, against the patrol's time and track.

A camera's words are easily wrong and easily changed, so they are told and never fail a packet. What a photograph does
not say (a time without a zone, no place) is told as not known.
"""

import csv
import io
import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

from dronesampler.evidence import layout
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.geo.local import distance_m
from dronesampler.texts import Text

LARGEST_BYTES = 64 << 20
APART_S = 120.0
APART_M = 200.0
PHOTOS = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".dng"}
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
# What Pillow and the calendar may raise over a photograph that was made to trip us.
MALFORMED = (OSError, EOFError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError,
             RecursionError, struct.error)  # fmt: skip

NO_PHOTOS = Text("没有照片", "there are no photographs")
EMPTY = Text("照片文件为空", "the photograph is an empty file")
TOO_LARGE = Text("照片文件过大，未读其 EXIF", "the photograph is too large to read its EXIF")
NO_EXIF = Text(
    "照片不含可读的 EXIF：拍摄时间和位置无从核对",
    "the photograph has no EXIF that can be read: its time and place cannot be checked",
)
NO_ZONE = Text(
    "照片时间 {when} 未注明时区，无法与航迹比对", "its time {when} names no zone: it cannot be compared with the track"
)
NO_TIME = Text("照片未记录拍摄时间", "it does not say when it was taken")
NO_PLACE = Text("照片未记录位置", "it does not say where it was taken")
OUTSIDE = Text(
    "照片时间 {when} 在巡查起止之外（相差 {minutes:.0f} 分钟）",
    "its time {when} is {minutes:.0f} min outside the patrol",
)
FAR = Text("照片位置距当时航迹 {metres:.0f} 米", "its place is {metres:.0f} m from the track at that time")
FAR_ANY = Text(
    "照片位置距航迹最近处 {metres:.0f} 米", "its place is {metres:.0f} m from the nearest point of the track"
)
GOOD = Text(
    "照片时间和位置与航迹相符（{seconds}{metres}）", "its time and place agree with the track ({seconds}{metres})"
)
TIME_GOOD = Text("时间在巡查之内，位置未知", "its time lies within the patrol; its place is not known")
EDITED = Text("照片经软件“{software}”处理过", "it went through the program {software!r}")
NO_TRACK = Text("没有航迹可比对", "there is no track to compare it with")


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photograph says of itself. `unix_s` is None where its time or zone is not said; `said` is as written."""

    said: str = ""
    unix_s: float | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    software: str = ""


@dataclass(frozen=True, slots=True)
class TrackPoints:
    """Where the aircraft was, arrays (n,)."""

    time_s: Any
    lat_deg: Any
    lon_deg: Any


def check_photos(packet: OpenedPacket, case: Mapping[str, Any]) -> Iterator[Finding]:
    """V23."""
    names = [name for name in packet.payload if name.startswith(layout.ORIGINALS) and _is_photo(name)]
    if not names:
        yield Finding("V23", Status.ABSENT, NO_PHOTOS)
        return
    track = _track(packet)
    for name in sorted(names):
        for status, text in _judged(packet, name, case=case, track=track):
            yield Finding("V23", status, text, name)


def _is_photo(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in PHOTOS


def _judged(
    packet: OpenedPacket, name: str, *, case: Mapping[str, Any], track: TrackPoints | None
) -> Iterator[tuple[Status, Text]]:
    size = packet.payload[name].size
    if size == 0 or size > LARGEST_BYTES:
        yield Status.NOTE, EMPTY if size == 0 else TOO_LARGE
        return
    facts = photo_facts(b"".join(packet.chunks(name)))
    if facts is None:
        yield Status.NOTE, NO_EXIF
        return
    if facts.software:
        yield Status.NOTE, EDITED.with_(software=facts.software)
    if facts.unix_s is None:
        yield Status.NOTE, NO_ZONE.with_(when=facts.said) if facts.said else NO_TIME
    yield from _against(facts, case=case, track=track)


def _against(facts: PhotoFacts, *, case: Mapping[str, Any], track: TrackPoints | None) -> Iterator[tuple[Status, Text]]:
    outside_s = _outside_s(facts, case)
    if outside_s > APART_S:
        yield Status.NOTE, OUTSIDE.with_(when=facts.said, minutes=outside_s / 60)
    if facts.lat_deg is None or facts.lon_deg is None:
        yield Status.NOTE, NO_PLACE
        if facts.unix_s is not None and outside_s <= APART_S:
            yield Status.PASSED, TIME_GOOD
        return
    if track is None:
        yield Status.NOTE, NO_TRACK
        return
    timed = facts.unix_s is not None and outside_s <= APART_S
    metres = _metres(facts, track, timed=timed)
    if metres > APART_M:
        yield Status.NOTE, (FAR if timed else FAR_ANY).with_(metres=metres)
    elif timed:
        yield Status.PASSED, GOOD.with_(seconds="", metres=f"{metres:.0f} m")


def _outside_s(facts: PhotoFacts, case: Mapping[str, Any]) -> float:
    """How far its time lies outside the patrol's; 0 where it is not known."""
    if facts.unix_s is None:
        return 0.0
    begun, ended = case["patrol"]["started_unix_s"], case["patrol"]["ended_unix_s"]
    return max(float(begun) - facts.unix_s, facts.unix_s - float(ended) if ended is not None else 0.0, 0.0)


def _metres(facts: PhotoFacts, track: TrackPoints, *, timed: bool) -> float:
    """From the aircraft at that time, or from the nearest point where the time is not known."""
    assert facts.lat_deg is not None and facts.lon_deg is not None
    if timed:
        lat, lon = (float(np.interp(facts.unix_s or 0.0, track.time_s, c)) for c in (track.lat_deg, track.lon_deg))
        return float(distance_m(facts.lat_deg, facts.lon_deg, lat, lon))
    near = np.argmin((track.lat_deg - facts.lat_deg) ** 2 + (track.lon_deg - facts.lon_deg) ** 2)
    return float(distance_m(facts.lat_deg, facts.lon_deg, float(track.lat_deg[near]), float(track.lon_deg[near])))


def photo_facts(data: bytes) -> PhotoFacts | None:
    """What the EXIF of a photograph says; None where there is none that can be read. No pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns where it gives up on a tag; that tag is not known then
            with Image.open(io.BytesIO(data)) as image:
                return _facts(image.getexif())
    except (*MALFORMED, Image.DecompressionBombError):
        return None


def _facts(exif: Image.Exif) -> PhotoFacts | None:
    own, gps = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    if not own and not gps and not exif:
        return None
    said, unix_s = _time(own, gps)
    lat_deg, lon_deg = _place(gps)
    return PhotoFacts(said, unix_s, lat_deg, lon_deg, str(exif.get(0x0131) or "").strip("\0 "))


def _time(own: Mapping[int, Any], gps: Mapping[int, Any]) -> tuple[str, float | None]:
    """The GNSS time, which is UTC, else the camera's with its zone, else the camera's words alone."""
    if gps.get(29) and gps.get(7):
        hour, minute, second = (float(v) for v in gps[7])
        day = datetime.strptime(str(gps[29]).strip("\0 "), "%Y:%m:%d").replace(tzinfo=UTC)
        unix_s = day.timestamp() + hour * 3600 + minute * 60 + second
        return datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="seconds"), unix_s
    said = str(own.get(_TAKEN) or "").strip("\0 ")
    zone = str(own.get(_OFFSET) or "").strip("\0 ")
    if not said or not zone:
        return said, None
    return f"{said} {zone}", datetime.strptime(said + zone, "%Y:%m:%d %H:%M:%S%z").timestamp()


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    if not gps.get(2) or not gps.get(4):
        return None, None
    lat, lon = (sum(float(part) / 60**i for i, part in enumerate(gps[key])) for key in (2, 4))
    lat, lon = -lat if gps.get(1) == "S" else lat, -lon if gps.get(3) == "W" else lon
    return (lat, lon) if np.isfinite([lat, lon]).all() and abs(lat) <= 90 and abs(lon) <= 180 else (None, None)


def _track(packet: OpenedPacket) -> TrackPoints | None:
    """The flight's track, as the packet holds it."""
    name = next((n for n in sorted(packet.payload) if n.startswith("data/flights/") and n.endswith("/track.csv")), None)
    if name is None:
        return None
    try:
        text = b"".join(packet.chunks(name)).decode()
        rows = [
            [float(row[key]) for key in ("time_unix_s", "lat_deg", "lon_deg")]
            for row in csv.DictReader(io.StringIO(text))
            if row["lat_deg"] and row["lon_deg"]
        ]
    except (ValueError, KeyError, TypeError, csv.Error):
        return None
    columns = np.array(rows, float).reshape(-1, 3)
    return TrackPoints(*columns.T) if len(columns) and np.isfinite(columns).all() else None
