"""What is not known of one source, and what a look at it would tell: expected information in nats.

A crossing at a distance x downwind and height z measures the plume's axis to about sy, the range from the plume's
width, and height and rate from its strength; a hover on the axis measures strength only, but gives a slow instrument
time. The gain of a look is half the logarithm of how much the place's covariance would shrink, times the chance that
the source is there, and the mutual information between "seen or not" and "exists or not" (Cover & Thomas 2006, ch. 2
and 8).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.geo import LocalFrame
from dronesampler.plume.dispersion import Spread, Stability, profile_factor, sigmas_m, stability_by_day
from dronesampler.plume.kernel import MG_A_G
from dronesampler.plume.response import LN10

Floats = NDArray[np.float64]

RANGES_M = (35.0, 55.0, 80.0, 120.0, 170.0)
HEIGHTS_M = (12.0, 20.0, 30.0)
SPEED_M_S = 4.0
STANDOFF_M = 10.0  # over the source's own height, where the look is close to it
HOVER_S, HOVER_PASSES, FARTHEST_HOVER_M = 45.0, 3.0, 80.0  # a hover is worth so many independent passes
SMEAR = 0.3  # of the way flown in the instrument's time constant, that the axis is told worse for it
TURN_M = 30.0  # what a turn costs
EXISTS = 3.0  # what knowing whether it is there is worth beside knowing where
TRUST = 1.5  # how much longer lines are than an ellipse from one flight asks for
TURNS_DEG = 14.0  # how far the wind of the look may differ from the forecast
FALSE_SIGHT = 0.05
_SCATTER = 0.5  # of ln(peak / model) of one crossing


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not known of one source: information on (east, north, height, ln rate), the chance that it exists."""

    xy: Floats
    h: float
    rate: float
    information: Floats
    chance: float

    @property
    def place(self) -> Floats:
        """Covariance (2, 2) of east and north."""
        return np.asarray(np.linalg.inv(self.information)[:2, :2])


@dataclass(frozen=True, slots=True)
class Air:
    """The wind of the look and what the instrument makes of a plume."""

    axes: Floats
    spread: Spread
    wind_m_s: float
    noise_mg_m3: float
    tau_s: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A look that could be flown: what it costs without the way to it, what it tells and how likely it sees."""

    source: int
    begin: Floats
    end: Floats
    height_m: float
    hold_s: float
    tells: Floats
    sees: float
    reach: Floats | None = None  # of a search line: the chance to see a source in each cell

    @property
    def own_m(self) -> float:
        return float(np.hypot(*(self.end - self.begin))) + self.hold_s * SPEED_M_S + TURN_M


def air_of(p: Mapping[str, Any], wind: tuple[float, float] | None) -> Air:
    from_deg, speed = wind or (float(p["wind_from_deg"]), float(p["wind_m_s"]))
    toward = math.radians(270.0 - from_deg)
    axes = np.array([[math.cos(toward), math.sin(toward)], [-math.sin(toward), math.cos(toward)]])
    spread = Spread(Stability(p["stability"]), scale_y=float(p["scale_y"]), scale_z=float(p["scale_z"]))
    if wind is not None:
        at_10m = speed * float(profile_factor(10.0, float(p.get("wind_height_m", 10.0))))
        spread = replace(spread, stability=stability_by_day(max(at_10m, 0.5)))
    tau_s = float(p.get("t90_s", 3.0)) / LN10
    return Air(axes, spread, max(speed, 0.5), float(p["noise_mg_m3"]), tau_s)


def doubt_of(f: Mapping[str, Any], frame: LocalFrame) -> Doubt:
    major, minor, azimuth = f["ellipse68"]
    a = math.radians(azimuth)
    u, v = np.array([math.sin(a), math.cos(a)]), np.array([math.cos(a), -math.sin(a)])
    k = math.sqrt(2.279)
    covariance = np.zeros((4, 4))
    covariance[:2, :2] = (major / k) ** 2 * np.outer(u, u) + (minor / k) ** 2 * np.outer(v, v)
    low, high = f["rate_interval_g_s"]
    covariance[2, 2] = 4.0**2
    covariance[3, 3] = max((math.log(max(high, 1e-3)) - math.log(max(low, 1e-3))) / 3.92, 0.2) ** 2
    xy = np.array(frame.to_xy(f["lat_deg"], f["lon_deg"]), float)
    chance = 1.0 / (1.0 + math.exp(3.0 - float(f["evidence"])))
    information = np.asarray(np.linalg.inv(covariance), float)
    return Doubt(xy, float(f["height_m"]), float(f["rate_g_s"]), information, chance)


def offers_for(i: int, d: Doubt, air: Air) -> list[Offer]:
    """Lines across the plume of a source at several ranges and heights, and hovers on its axis."""
    along, across = air.axes
    sd = math.sqrt(float(across @ d.place @ across))
    out = []
    for x in RANGES_M:
        sy = float(sigmas_m(np.array([x]), air.spread)[0][0])
        aside = math.hypot(TRUST * sd, x * math.tan(math.radians(TURNS_DEG)))
        half = float(np.clip(2.5 * math.hypot(sy, aside), 40.0, 150.0))
        middle = d.xy + x * along
        for z in HEIGHTS_M:
            if z < d.h + STANDOFF_M and x < 2.0 * STANDOFF_M:
                continue
            ends = middle - half * across, middle + half * across
            axis, strength, sees = _brings(d, air, x_m=x, z_m=z, passing_s=2.4 * sy / SPEED_M_S)
            out.append(Offer(i, *ends, z, 0.0, axis + strength, sees))
            if x <= FARTHEST_HOVER_M:
                _, strength, sees = _brings(d, air, x_m=x, z_m=z, passing_s=HOVER_S)
                there = sy / math.hypot(sy, aside)  # how much of the time the plume passes over one point
                out.append(Offer(i, middle, middle, z, HOVER_S, strength * there * HOVER_PASSES, sees * there))
    return out


def _brings(d: Doubt, air: Air, *, x_m: float, z_m: float, passing_s: float) -> tuple[Floats, Floats, float]:
    """Information (4, 4) about (east, north, height, ln rate) of one crossing, and how likely it sees the plume.

    In two parts: where the plume is and how wide, which only a crossing tells, and how strong it is.
    """
    along, across = air.axes
    by, bz = (float(s[0]) for s in sigmas_m(np.array([x_m]), air.spread))
    sy, sz = math.hypot(by, 3.0), math.hypot(bz, 2.5)
    low, high = math.exp(-0.5 * ((z_m - d.h) / sz) ** 2), math.exp(-0.5 * ((z_m + d.h) / sz) ** 2)
    shown = 1.0 - math.exp(-passing_s / max(air.tau_s, 1e-3))  # of the peak, by an instrument this slow
    peak = shown * d.rate * MG_A_G / (2.0 * math.pi * air.wind_m_s * sy * sz) * (low + high)
    seen = peak**2 / (peak**2 + (4.0 * air.noise_mg_m3) ** 2)  # how much of a crossing stands out of the noise
    by_h = ((z_m - d.h) * low - (z_m + d.h) * high) / (sz**2 * max(low + high, 1e-9))
    by_range = 1.0 / x_m + (1.0 / x_m) * (1.0 - ((z_m - d.h) / sz) ** 2 * low / max(low + high, 1e-9))
    smear_m = SMEAR * SPEED_M_S * air.tau_s
    axis = np.r_[across, 0.0, 0.0] / math.hypot(0.4 * sy, 2.0 + 0.03 * x_m, smear_m)
    width = np.r_[along, 0.0, 0.0] / math.hypot(0.3 * x_m, smear_m * x_m / sy)
    strength = np.r_[by_range * along, by_h, 1.0] / _SCATTER
    lies = np.outer(axis, axis) + np.outer(width, width)
    return np.asarray(seen * lies), np.asarray(seen * np.outer(strength, strength)), seen


def gain(d: Doubt, o: Offer) -> float:
    """Nats of the place, and of whether there is a source at all."""
    after = np.linalg.inv(d.information + o.tells)[:2, :2]
    place = 0.5 * math.log(float(np.linalg.det(d.place)) / max(float(np.linalg.det(after)), 1e-12))
    return d.chance * place + EXISTS * mutual(d.chance, o.sees)


def mutual(p: float, sees: float) -> float:
    """Mutual information of "exists" (chance p) and "was seen" (chance `sees` if it does, `FALSE_SIGHT` if not)."""
    hit = max(sees, FALSE_SIGHT)
    said = p * hit + (1.0 - p) * FALSE_SIGHT
    return _entropy(said) - p * _entropy(hit) - (1.0 - p) * _entropy(FALSE_SIGHT)


def _entropy(p: float) -> float:
    return 0.0 if p <= 0.0 or p >= 1.0 else -p * math.log(p) - (1.0 - p) * math.log(1.0 - p)


def after(d: Doubt, o: Offer) -> Doubt:
    """The doubt once the look has been flown: information added, the chance moved away from a coin's toss."""
    less = max(1.0 - 0.7 * o.sees, 0.05)
    odds = d.chance / (1.0 - d.chance + 1e-9)
    odds = odds / less if d.chance >= 0.5 else odds * less
    return replace(d, information=d.information + o.tells, chance=min(odds / (1.0 + odds), 0.999))
