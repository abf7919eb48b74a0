"""What a report is made of, as frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dronesampler.casework import Officer
from dronesampler.casework.lines import SampleLine
from dronesampler.columns import Readings, Track, Wind
from dronesampler.geo.local import LocalFrame, bearing_deg, distance_m
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class NearOutlet:
    """A permitted outlet near a suspected place: how far it is, and in which direction from the place."""

    code: str
    distance_m: float
    bearing_deg: float


@dataclass(frozen=True, slots=True)
class SuspectedPlace:
    """A place that two officers should look at. Ellipse: semi-major m, semi-minor m, azimuth of the major axis."""

    code: str
    lat_deg: float
    lon_deg: float
    height_m: float | None = None
    rate_g_s: float | None = None
    rate_interval_g_s: tuple[float, float] | None = None
    evidence: float | None = None
    transects: int | None = None
    ellipse95: tuple[float, float, float] | None = None
    verdict: Text = field(default_factory=lambda: Text("疑似", "suspected"))
    reasons: tuple[Text, ...] = ()
    near: tuple[NearOutlet, ...] = ()


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """The instrument and what its readings are worth: `grade` says lead or evidence."""

    name: str
    quantity: str
    t90_s: float | None = None
    delay_s: float | None = None
    noise_mg_m3: float | None = None
    calibration: str = ""
    grade: Text = field(default_factory=lambda: Text("线索（非证据方法）", "lead (not a listed method)"))


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of the packet."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Patrol:
    """When, with what and what for. `aircraft` holds model, serial, registration and whatever else is known."""

    name: str
    started_unix_s: float
    ended_unix_s: float | None
    aircraft: Mapping[str, str] = field(default_factory=dict)
    task: str = ""
    clock_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class ReportValues:
    """Everything a report says. `unseen` and `method` are sentences; `anchor` is the journal's count and head."""

    agency: str
    officers: Sequence[Officer]
    patrol: Patrol
    park: Park
    track: Track
    readings: Readings
    wind: Wind | None = None
    instrument: InstrumentFacts | None = None
    suspected: Sequence[SuspectedPlace] = ()
    plan: Mission | None = None
    background_mg_m3: float | None = None
    cannot_say: Text | None = None
    unseen: Sequence[Text] = ()
    method: Sequence[Text] = ()
    samples: Sequence[SampleLine] = ()
    files: Sequence[FileFact] = ()
    anchor: tuple[int, str] | None = None
    simulated: bool = False
    utc_offset_h: float = 8.0
    software: str = ""


def track_length_m(track: Track) -> float:
    """Length over the ground, metres; gaps in position are bridged."""
    known = np.isfinite(track.lat_deg) & np.isfinite(track.lon_deg)
    if known.sum() < 2:
        return 0.0
    x, y = LocalFrame.about(track.lat_deg[known], track.lon_deg[known]).to_xy(
        track.lat_deg[known], track.lon_deg[known]
    )
    return float(np.hypot(np.diff(x), np.diff(y)).sum())


def near_outlets(park: Park, lat_deg: float, lon_deg: float, *, count: int = 3) -> tuple[NearOutlet, ...]:
    """The nearest permitted outlets."""
    found = [
        NearOutlet(
            outlet.code,
            distance_m(lat_deg, lon_deg, outlet.lat_deg, outlet.lon_deg),
            bearing_deg(lat_deg, lon_deg, outlet.lat_deg, outlet.lon_deg),
        )
        for outlet in park.outlets
    ]
    return tuple(sorted(found, key=lambda near: near.distance_m)[:count])


def mean_wind(wind: Wind | None) -> tuple[float, float] | None:
    """Direction FROM in degrees and speed in m/s of the mean vector, None where nothing was measured."""
    if wind is None:
        return None
    known = np.isfinite(wind.from_deg) & np.isfinite(wind.speed_m_s)
    if not known.any():
        return None
    angle = np.radians(wind.from_deg[known])
    east, north = (wind.speed_m_s[known] * np.sin(angle)).mean(), (wind.speed_m_s[known] * np.cos(angle)).mean()
    return float(np.degrees(np.arctan2(east, north)) % 360.0), float(wind.speed_m_s[known].mean())


def places_of(analysis: Mapping[str, Any], park: Park, *, prefix: str = "XP") -> tuple[SuspectedPlace, ...]:
    """The suspected places of an analysis as JSON, with their nearest permitted outlets."""
    return tuple(
        _place(row, park, code=str(row.get("code") or f"{prefix}-{number:03d}"))
        for number, row in enumerate(analysis.get("suspected", ()), 1)
    )


def _place(row: Mapping[str, Any], park: Park, *, code: str) -> SuspectedPlace:
    lat_deg, lon_deg = float(row["lat_deg"]), float(row["lon_deg"])
    interval, ellipse = row.get("rate_interval_g_s"), row.get("ellipse95")
    return SuspectedPlace(
        code=code,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        height_m=_number(row.get("height_m")),
        rate_g_s=_number(row.get("rate_g_s")),
        rate_interval_g_s=(float(interval[0]), float(interval[1])) if interval else None,
        evidence=_number(row.get("evidence")),
        transects=None if row.get("transects") is None else int(row["transects"]),
        ellipse95=(float(ellipse[0]), float(ellipse[1]), float(ellipse[2])) if ellipse else None,
        reasons=tuple(text_of(said) for key in ("reasons", "alternatives") for said in row.get(key) or ()),
        near=near_outlets(park, lat_deg, lon_deg),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def text_of(value: Any) -> Text:
    """A sentence from JSON: {"zh", "en"}, or one text for both languages."""
    if isinstance(value, Mapping) and "zh" in value and "en" in value:
        return Text(str(value["zh"]), str(value["en"]))
    return Text(str(value), str(value))
