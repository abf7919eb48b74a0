"""Frozen values that views are given: suspected places, decisions, patrols."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from dronesampler.columns import Floats, Readings, Track, Wind
from dronesampler.geo import LocalFrame
from dronesampler.mission import Mission
from dronesampler.park import Park


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Half axes in metres, direction of the major one in degrees clockwise from north."""

    major_m: float
    minor_m: float
    azimuth_deg: float


@dataclass(frozen=True, slots=True)
class Flag:
    """A suspected place as it is shown. `reasons` are sentences in the window's language."""

    number: int
    lat_deg: float
    lon_deg: float
    height_m: float | None = None
    rate_g_s: float | None = None
    rate_low_g_s: float | None = None
    rate_high_g_s: float | None = None
    verdict: str = ""
    transects: int = 0
    evidence: float | None = None
    ellipse68: Ellipse | None = None
    ellipse95: Ellipse | None = None
    reasons: tuple[str, ...] = ()
    nearest: str = ""  # permitted outlet, and how far it is
    nearest_m: float | None = None


@dataclass(frozen=True, slots=True)
class PatrolLine:
    """One line of the list of patrols."""

    id: int
    uuid: str
    name: str
    began_unix_s: float | None
    readings: int
    park: str = ""
    simulated: bool = False
    state: str = ""


class Verdict(StrEnum):
    """What an officer made of a suspected place."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Decision:
    """An officer's verdict on one suspected place of one analysis, with the reason."""

    finding_id: int
    number: int
    verdict: Verdict
    reason: str
    lat_deg: float
    lon_deg: float
    unix_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PatrolShown:
    """Everything of a patrol that Review shows."""

    line: PatrolLine
    readings: Readings | None
    track: Track | None = None
    wind: Wind | None = None
    park: Park | None = None
    mission: Mission | None = None
    flags: tuple[Flag, ...] = ()
    analysis: Mapping[str, Any] = field(default_factory=dict)
    finding_id: int | None = None
    decisions: tuple[Decision, ...] = ()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _ellipse(value: object) -> Ellipse | None:
    if isinstance(value, list | tuple) and len(value) == 3:
        return Ellipse(*(float(v) for v in value))
    if isinstance(value, Mapping):
        return Ellipse(*(float(value[key]) for key in ("major_m", "minor_m", "azimuth_deg")))
    return None


def _sentence(value: object, lang: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get("zh" if lang == "zh_CN" else "en", ""))
    return str(value)


def flags_of(analysis: Mapping[str, Any], lang: str) -> tuple[Flag, ...]:
    """The suspected places of an analysis as `Analysis.as_json` writes it."""
    return tuple(_flag(number, entry, lang) for number, entry in enumerate(analysis.get("suspected", ()), start=1))


def _flag(number: int, entry: Mapping[str, Any], lang: str) -> Flag:
    low_high = entry.get("rate_interval_g_s") or (None, None)
    return Flag(
        number=number,
        lat_deg=float(entry["lat_deg"]),
        lon_deg=float(entry["lon_deg"]),
        height_m=_number(entry.get("height_m")),
        rate_g_s=_number(entry.get("rate_g_s")),
        rate_low_g_s=_number(low_high[0]),
        rate_high_g_s=_number(low_high[1]),
        verdict=_sentence(entry.get("verdict", ""), lang),
        transects=int(entry.get("transects", 0) or 0),
        evidence=_number(entry.get("evidence")),
        ellipse68=_ellipse(entry.get("ellipse68")),
        ellipse95=_ellipse(entry.get("ellipse95")),
        reasons=tuple(_sentence(reason, lang) for reason in entry.get("reasons", ())),
        nearest=str(entry.get("nearest_outlet") or ""),
        nearest_m=_number(entry.get("nearest_outlet_m")),
    )


def look_again_of(analysis: Mapping[str, Any], lang: str) -> tuple[Flag, ...]:
    """Places that are worth another look, but not flagged."""
    return tuple(_flag(number, entry, lang) for number, entry in enumerate(analysis.get("look_again") or (), start=1))


def explained_of(analysis: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Permitted outlets that explain readings, with what they are thought to emit in g/s, the strongest first."""
    found = [(str(e["code"]), float(e["rate_g_s"])) for e in analysis.get("explained") or ()]
    return tuple(sorted((e for e in found if e[1] > 0), key=lambda e: -e[1]))


def background_of(analysis: Mapping[str, Any]) -> tuple[Floats, Floats] | None:
    """Time (unix seconds) and level (mg/m3) of the background that the analysis took off."""
    told = analysis.get("background") or {}
    if not told.get("time_s"):
        return None
    return np.array(told["time_s"], float), np.array(told["mg_m3"], float)


def verdict_of(analysis: Mapping[str, Any], lang: str) -> str:
    """Why an analysis says nothing, where it says so."""
    return _sentence(analysis.get("cannot_say") or "", lang)


def frame_of(columns: Readings | Track | None) -> LocalFrame | None:
    """Metres about the middle of where these were taken."""
    if columns is None:
        return None
    known = np.isfinite(columns.lat_deg) & np.isfinite(columns.lon_deg)
    return LocalFrame.about(columns.lat_deg[known], columns.lon_deg[known]) if known.any() else None
