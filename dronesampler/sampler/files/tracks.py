"""Tracks of other programs: GPX, KML with a track, NMEA 0183 sentences, IGC flight records."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dronesampler.problems import BadInput
from dronesampler.safe_files import ENTITIES
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.recording import Recording, Tally, track_from
from dronesampler.sampler.files.times import EARLIEST_S, over_midnight, read_times
from dronesampler.texts import Text

NOT_XML = Text("XML 不完整或有误：{why}", "the XML is cut or broken: {why}")
NO_POINTS = Text("文件中没有轨迹点", "the file holds no track points")
_NO_TIMES = Text("轨迹点没有时间：只有形状", "the points have no times: only the shape is known")
_CHECKSUM = Text("NMEA 校验和不符", "the NMEA checksum does not fit")
_SEA_HEIGHTS = Text(
    "高度是海拔高度，未换算为相对起飞点的高度", "heights are above sea; none above the take-off place is told"
)
_NOT_A_FIX = Text("记录不是有效定位", "a record that is no valid fix")

Point = tuple[float, float, float, float]  # unix time, latitude, longitude, height above sea


def read_xml(data: bytes) -> Element:
    """The root of an XML file, with no entities or files fetched. Raises BadInput."""
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as reason:
        raise BadInput(ENTITIES) from reason
    except (ParseError, ValueError, LookupError) as reason:
        raise BadInput(NOT_XML.with_(why=reason)) from reason
    return root


def local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def read_gpx(root: Element) -> Recording:
    """Track points, else route points, of any GPX version."""
    for name in ("trkpt", "rtept"):
        found = [e for e in root.iter() if local_name(e) == name]
        if found:
            return _recording("gpx", [_gpx_point(e) for e in found], times=[_child(e, "time") for e in found])
    raise BadInput(NO_POINTS)


def _gpx_point(element: Element) -> Point:
    return math.nan, _float(element.get("lat")), _float(element.get("lon")), _float(_child(element, "ele"))


def _child(element: Element, name: str) -> str:
    return next((e.text or "" for e in element if local_name(e) == name), "").strip()


def _float(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def has_kml_track(root: Element) -> bool:
    """Whether a KML holds a way (gx:Track or LineString) and no area."""
    names = {local_name(e) for e in root.iter()}
    return bool(names & {"Track", "LineString"}) and "Polygon" not in names


def read_kml_track(root: Element) -> Recording:
    """gx:Track with times, else the LineStrings."""
    whens = [(e.text or "").strip() for e in root.iter() if local_name(e) == "when"]
    coords = [_kml_point((e.text or "").split()) for e in root.iter() if local_name(e) == "coord"]
    if coords:
        return _recording("kml-track", coords, times=whens if len(whens) == len(coords) else [])
    lines = [e for e in root.iter() if local_name(e) == "LineString"]
    points = [
        _kml_point(tuple_.split(","))
        for line in lines
        for e in line.iter()
        if local_name(e) == "coordinates"
        for tuple_ in (e.text or "").split()
    ]
    if not points:
        raise BadInput(NO_POINTS)
    return _recording("kml-track", points, times=[])


def _kml_point(words: Sequence[str]) -> Point:
    lon, lat, height = (*(_float(w) for w in words[:3]), math.nan, math.nan, math.nan)[:3]
    return math.nan, lat, lon, height


_SENTENCE = re.compile(r"\$([A-Z]{2,5}[A-Z0-9]*),([^*$\r\n]*)(?:\*([0-9A-Fa-f]{2}))?")


def looks_like_nmea(text: str) -> bool:
    """Two sentences of positions within the first lines, alone or behind a logger's own words."""
    return sum(bool(re.search(r"\$(?:G[A-Z]|BD|QZ)(?:RMC|GGA)|\$PMGNTRK", line)) for line in text.split("\n")[:200]) > 1


def read_nmea(text: str) -> Recording:
    """RMC and GGA of any talker, PMGNTRK; the day comes from the last sentence that tells one."""
    tally, points, day = Tally(), [], math.nan
    heights: dict[float, float] = {}
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        match = _SENTENCE.search(line)
        if not match:
            continue
        count += 1
        if match[3] and _checksum(f"{match[1]},{match[2]}") != int(match[3], 16):
            tally.add("checksum", _CHECKSUM, where=f"line {number}")
            continue
        fields = match[2].split(",")
        kind = match[1] if match[1].startswith("P") else match[1][2:]
        if kind not in _FIXES:
            continue
        fix = _FIXES[kind](fields)
        if fix is None:
            tally.add("no-fix", _NOT_A_FIX, where=f"line {number}")
            continue
        day = day if math.isnan(fix[0]) else fix[0]
        if kind == "GGA":
            heights[fix[1]] = fix[4]
        points.append((kind, day, *fix[1:]))
    return _nmea(points, heights, tally=tally, count=count)


def _nmea(points: list[tuple[Any, ...]], heights: dict[float, float], *, tally: Tally, count: int) -> Recording:
    # A receiver sends both sentences for one fix: those that tell the day lead, the others are used if alone.
    dated = [p for p in points if p[0] != "GGA"]
    chosen = dated or points
    if not chosen:
        raise BadInput(NO_POINTS)
    day = next((p[1] for p in points if not math.isnan(p[1])), math.nan)
    rows = [((p[1] if not math.isnan(p[1]) else day) + p[2], p[3], p[4], heights.get(p[2], p[5])) for p in chosen]
    if math.isnan(day):
        clock = over_midnight(np.array([p[2] for p in chosen]))
        rows = [(float(t), *row[1:]) for t, row in zip(clock, rows, strict=True)]
    return _recording("nmea", rows, times=None, tally=tally, messages=count, undated=math.isnan(day))


Fix = tuple[float, float, float, float, float]  # day, seconds of the day, latitude, longitude, height above sea


def _rmc(f: Sequence[str]) -> Fix | None:
    if len(f) < 9 or f[1] != "A":
        return None
    return _fix(day=_ddmmyy(f[8]), clock=f[0], lat=f[2:4], lon=f[4:6], height=math.nan)


def _gga(f: Sequence[str]) -> Fix | None:
    if len(f) < 9 or f[5] in ("", "0"):
        return None
    return _fix(day=math.nan, clock=f[0], lat=f[1:3], lon=f[3:5], height=_float(f[8]))


def _pmgntrk(f: Sequence[str]) -> Fix | None:
    if len(f) < 10 or f[7] != "A":
        return None
    height = _float(f[4]) * (0.3048 if f[5] == "F" else 1.0)
    return _fix(day=_ddmmyy(f[9]), clock=f[6], lat=f[0:2], lon=f[2:4], height=height)


_FIXES: dict[str, Callable[[Sequence[str]], Fix | None]] = {"RMC": _rmc, "GGA": _gga, "PMGNTRK": _pmgntrk}


def _fix(*, day: float, clock: str, lat: Sequence[str], lon: Sequence[str], height: float) -> Fix | None:
    seconds = _clock_s(clock)
    found = (day, seconds, _degrees(*lat), _degrees(*lon), height)
    return None if math.isnan(seconds) or math.isnan(found[2]) or math.isnan(found[3]) else found


def _clock_s(text: str) -> float:
    if not re.fullmatch(r"\d{6}(\.\d*)?", text):
        return math.nan
    return int(text[:2]) * 3600.0 + int(text[2:4]) * 60.0 + float(text[4:])


def _ddmmyy(text: str) -> float:
    try:
        return (date(2000 + int(text[4:6]), int(text[2:4]), int(text[:2])) - date(1970, 1, 1)).days * 86_400.0
    except ValueError:
        return math.nan


def _degrees(text: str, side: str) -> float:
    """ddmm.mmm or dddmm.mmm and the hemisphere."""
    match = re.fullmatch(r"(\d{2,3})(\d\d(?:\.\d*)?)", text)
    if not match or side not in "NSEW" or not side:
        return math.nan
    return (int(match[1]) + float(match[2]) / 60.0) * (-1.0 if side in "SW" else 1.0)


def _checksum(sentence: str) -> int:
    total = 0
    for letter in sentence.encode("latin-1", "replace"):
        total ^= letter
    return total


_B_RECORD = re.compile(r"B(\d\d)(\d\d)(\d\d)(\d\d)(\d{5})([NS])(\d{3})(\d{5})([EW])([AV])([-\d]\d{4})([-\d]\d{4})")


def looks_like_igc(text: str) -> bool:
    lines = text.split("\n")
    return text.startswith("A") and sum(bool(_B_RECORD.match(line)) for line in lines[:300]) > 0


def read_igc(text: str) -> Recording:
    """B records of an IGC file (FAI technical specification): time, position, pressure and GNSS height."""
    day = re.search(r"(?m)^HFDTE(?:DATE:)?(\d{6})", text)
    lines = [line for line in text.split("\n") if line.startswith("B")]
    tally = Tally()
    matches = [m for line in lines if (m := _B_RECORD.match(line))]
    tally.add("half-line", checks.HALF_LINE, count=len(lines) - len(matches))
    if not matches:
        raise BadInput(NO_POINTS)
    clock = over_midnight(np.array([int(m[1]) * 3600.0 + int(m[2]) * 60.0 + int(m[3]) for m in matches]))
    start = _ddmmyy(day[1]) if day else 0.0
    points = [
        (
            start + float(t),
            (int(m[4]) + int(m[5]) / 60_000.0) * (-1.0 if m[6] == "S" else 1.0),
            (int(m[7]) + int(m[8]) / 60_000.0) * (-1.0 if m[9] == "W" else 1.0),
            float(m[12]) or float(m[11]),
        )
        for t, m in zip(clock, matches, strict=True)
    ]
    return _recording("igc", points, times=None, tally=tally, messages=len(lines), undated=day is None)


def _recording(
    kind: str,
    points: Iterable[Point],
    *,
    times: Sequence[str] | None,
    tally: Tally | None = None,
    messages: int | None = None,
    undated: bool = False,
) -> Recording:
    """A track in order of time. `times` as text beside the points, empty where there are none, None if in them."""
    tally = tally or Tally()
    rows = np.array(list(points), float).reshape(-1, 4)
    notes: list[Text] = []
    if times is not None:
        rows[:, 0] = read_times(times).time_s if any(times) else np.arange(len(rows), dtype=float)
        undated = not any(times)
        notes += [_NO_TIMES] if undated else []
    if np.isfinite(rows[:, 3]).any():
        notes.append(_SEA_HEIGHTS)
    lost = checks.no_fix(rows[:, 1], rows[:, 2])
    jump = np.zeros(len(rows), bool) if undated and times is not None else checks.jumps(*rows[:, :3].T)
    tally.add("no-fix", checks.NO_FIX, where=f"point {int(np.argmax(lost)) + 1}", count=int(lost.sum()))
    tally.add("jump", checks.JUMP, where=f"point {int(np.argmax(jump)) + 1}", count=int(jump.sum()))
    no_time = ~np.isfinite(rows[:, 0])
    tally.add("time", checks.NO_TIME, where=f"point {int(np.argmax(no_time)) + 1}", count=int(no_time.sum()))
    good = np.flatnonzero(~lost & ~jump & ~no_time)
    if not len(good):
        raise BadInput(NO_POINTS)
    good = good[np.argsort(rows[good, 0], kind="stable")]
    return Recording(
        kind=kind,
        messages=len(rows) if messages is None else messages,
        track=track_from(rows[good, 0], rows[good, 1], rows[good, 2]),
        rejected=tally.all(),
        notes=tuple(notes),
        dated=not undated and bool(np.median(rows[good, 0]) > EARLIEST_S),
        details={"height_sea_m": [round(float(h), 1) for h in rows[good[[0, -1]], 3] if math.isfinite(h)]},
    )
