"""What an analysis is given and what it says, as frozen values."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dronesampler.plume.dispersion import Ground
from dronesampler.texts import SIMULATED, Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the maker states: 90 % rise time, dead time of the line, noise (one standard deviation), quantity."""

    t90_s: float
    delay_s: float = 0.0
    noise_mg_m3: float = 0.03
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something an officer saw: at a place, or in a direction from where the officer stood (`bearing_deg`)."""

    lat_deg: float
    lon_deg: float
    radius_m: float = 30.0
    bearing_deg: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be asked of an analysis. Evidence is in nats: 7 is about a thousand to one."""

    flag_evidence: float = 7.0
    look_evidence: float = 3.0
    clear_of_outlets_m: float = 35.0
    ground: Ground = Ground.RURAL
    most_sources: int = 6
    take_off_height_m: float = 5.0
    saturates_at_mg_m3: float | None = None
    off_units: frozenset[str] = frozenset()  # treatment units (TA…) or outlets (DA…) reported off during the flight
    sightings: tuple[Sighting, ...] = ()
    check_register: bool = True  # whether it may stand in the wrong place; not to be told from part of a flight


class Verdict(StrEnum):
    """What is said of a place. Nothing is ever pronounced proven."""

    SUSPECTED = "suspected"
    LOOK_AGAIN = "look_again"
    EXPLAINED = "explained"
    ABOVE_LIMIT = "permitted_above_limit"
    UNIT_OFF = "permitted_unit_off"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code for programs and a sentence for people."""

    code: str
    text: Text

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "zh": self.text.zh, "en": self.text.en}


Ellipse = tuple[float, float, float]  # semi-axes in metres, azimuth of the major one clockwise from north


@dataclass(frozen=True, slots=True)
class Suspect:
    """An unknown source: where it is thought to stand, how much it emits, and what speaks for it."""

    verdict: Verdict
    lat_deg: float
    lon_deg: float
    height_m: float
    rate_g_s: float
    rate_interval_g_s: tuple[float, float]  # 95 %
    evidence: float  # nats against the best explanation without it
    transects: int  # lines that support it
    ellipse68: Ellipse
    ellipse95: Ellipse
    nearest_outlet: str
    nearest_outlet_m: float
    alternatives: tuple[Text, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "lat_deg": round(self.lat_deg, 7),
            "lon_deg": round(self.lon_deg, 7),
            "height_m": round(self.height_m, 1),
            "evidence": round(self.evidence, 2),
            "rate_g_s": round(self.rate_g_s, 3),
            "rate_interval_g_s": [round(r, 3) for r in self.rate_interval_g_s],
            "ellipse68": _ellipse(self.ellipse68),
            "ellipse95": _ellipse(self.ellipse95),
            "transects": self.transects,
            "nearest_outlet": self.nearest_outlet,
            "nearest_outlet_m": round(self.nearest_outlet_m, 1),
            "alternatives": [{"zh": a.zh, "en": a.en} for a in self.alternatives],
            "reasons": [r.as_json() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class ExplainedOutlet:
    """What a permitted outlet is thought to have emitted during the flight."""

    code: str
    verdict: Verdict
    rate_g_s: float
    rate_interval_g_s: tuple[float, float]
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "verdict": self.verdict.value,
            "rate_g_s": round(self.rate_g_s, 3),
            "rate_interval_g_s": [round(r, 3) for r in self.rate_interval_g_s],
            "reasons": [r.as_json() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole answer. With `cannot_say` the lists are empty and it holds the reason."""

    suspected: tuple[Suspect, ...] = ()
    look_again: tuple[Suspect, ...] = ()
    explained: tuple[ExplainedOutlet, ...] = ()
    cannot_say: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    background: dict[str, Any] = field(default_factory=dict)
    simulated: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values for OUT.json and the store."""
        return {
            "suspected": [s.as_json() for s in self.suspected],
            "look_again": [s.as_json() for s in self.look_again],
            "explained": [e.as_json() for e in self.explained],
            "cannot_say": self.cannot_say.as_json() if self.cannot_say else None,
            "remarks": [r.as_json() for r in self.remarks],
            "parameters": self.parameters,
            "background": self.background,
            **({"simulated": True, "marking": {"zh": SIMULATED.zh, "en": SIMULATED.en}} if self.simulated else {}),
        }


def _ellipse(e: Ellipse) -> list[float]:
    return [round(e[0], 2), round(e[1], 2), round(e[2] % 180.0, 1)]
