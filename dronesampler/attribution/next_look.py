"""Where to look next: the lines and hover points that shrink the doubt most for their flight.

A source in doubt has an error ellipse E (2 by 2 covariance, stretched along the wind), a doubt about its height, and a
doubt whether it exists. A crossing at a distance x downwind and height z measures the plume's axis to about sy over the
square root of the independent readings, the range from the plume's width, and height and rate from its strength. The
expected information of a line is half the logarithm of how much the covariance would shrink, (Cover & Thomas 2006,
ch. 8), weighted by the chance that the source is there; its cost is the flight to it and along it. Lines are taken
greedily by information per metre until the battery or the doubt is used up.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.geo import LocalFrame
from dronesampler.plume.dispersion import Spread, Stability, sigmas_m
from dronesampler.plume.kernel import MG_A_G

Floats = NDArray[np.float64]

RANGES_M = (35.0, 55.0, 80.0, 120.0, 170.0)
HEIGHTS_M = (12.0, 20.0, 30.0)
SPEED_M_S, SLOW_M_S = 4.0, 2.0
STANDOFF_M = 10.0  # over the source's own height
HOVER_S = 60.0
LEAST_NATS = 0.15  # a look that promises less is not flown
_MOST = 24
_SCATTER = 0.5  # of ln(peak / model) of one crossing


@dataclass(frozen=True, slots=True)
class Look:
    """One line to fly, or a point to hover at where `begin` equals `end`; what it promises in nats, and why."""

    begin: tuple[float, float]
    end: tuple[float, float]
    height_m: float
    speed_m_s: float
    hold_s: float
    nats: float
    note: str
    source: int


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What is not known of one source: covariance of (east, north, height, ln rate) and the chance that it exists."""

    xy: Floats
    h: float
    rate: float
    covariance: Floats
    chance: float


def looks(
    analysis: Mapping[str, Any], *, home: tuple[float, float] | None = None, budget_m: float = 6000.0
) -> tuple[Look, ...]:
    """The looks worth their flight, in the order to fly them; empty where nothing is in doubt."""
    found = [*analysis.get("suspected", ()), *analysis.get("look_again", ())]
    if not found:
        return ()
    p = analysis["parameters"]
    frame = LocalFrame(float(found[0]["lat_deg"]), float(found[0]["lon_deg"]))
    toward = math.radians(270.0 - float(p["wind_from_deg"]))
    axes = np.array([[math.cos(toward), math.sin(toward)], [-math.sin(toward), math.cos(toward)]])
    spread = Spread(Stability(p["stability"]), scale_y=float(p["scale_y"]), scale_z=float(p["scale_z"]))
    air = _Air(axes, spread, max(float(p["wind_m_s"]), 0.5), float(p["noise_mg_m3"]))
    doubts = [_doubt(f, frame) for f in found]
    at = np.array(frame.to_xy(*home)) if home else doubts[0].xy + 60.0 * axes[0]
    return _chosen(doubts, frame, air, at=np.asarray(at, float), budget_m=budget_m)


@dataclass(frozen=True, slots=True)
class _Air:
    axes: Floats
    spread: Spread
    wind_m_s: float
    noise_mg_m3: float


def _doubt(f: Mapping[str, Any], frame: LocalFrame) -> _Doubt:
    major, minor, azimuth = f["ellipse68"]
    a = math.radians(azimuth)
    u, v = np.array([math.sin(a), math.cos(a)]), np.array([math.cos(a), -math.sin(a)])
    k = math.sqrt(2.279)
    covariance = np.zeros((4, 4))
    covariance[:2, :2] = (major / k) ** 2 * np.outer(u, u) + (minor / k) ** 2 * np.outer(v, v)
    low, high = f["rate_interval_g_s"]
    covariance[2, 2] = 4.0**2
    covariance[3, 3] = max((math.log(max(high, 1e-3)) - math.log(max(low, 1e-3))) / 3.92, 0.2) ** 2
    evidence = float(f["evidence"])
    xy = np.array(frame.to_xy(f["lat_deg"], f["lon_deg"]), float)
    return _Doubt(xy, float(f["height_m"]), float(f["rate_g_s"]), covariance, 1.0 / (1.0 + math.exp(3.0 - evidence)))


def _chosen(doubts: list[_Doubt], frame: LocalFrame, air: _Air, *, at: Floats, budget_m: float) -> tuple[Look, ...]:
    information = [np.asarray(np.linalg.inv(d.covariance), float) for d in doubts]
    flown, start = 0.0, at
    out: list[Look] = []
    while len(out) < _MOST:
        offers = [
            (_gain(information[i], part) * doubts[i].chance, _cost(begin, end, at), i, part, (begin, end, z))
            for i, d in enumerate(doubts)
            for begin, end, z, part in _offers(d, air)
        ]
        offers = [o for o in offers if flown + o[1] + float(np.hypot(*(o[4][1] - start))) <= budget_m]
        if not offers:
            break
        nats, cost, i, part, (begin, end, z) = max(offers, key=lambda o: o[0] / (o[1] + 30.0))
        if nats < LEAST_NATS:
            break
        if np.hypot(*(end - at)) < np.hypot(*(begin - at)):
            begin, end = end, begin
        out.append(_look(frame, begin, end, height_m=z, nats=nats, source=i))
        information[i] = information[i] + part
        flown, at = flown + cost, end
    return tuple(out)


def _offers(d: _Doubt, air: _Air) -> list[tuple[Floats, Floats, float, Floats]]:
    """Lines across the plume of a source at several ranges and heights, with the information each brings."""
    along, across = air.axes
    sd = math.sqrt(float(across @ d.covariance[:2, :2] @ across))
    out = []
    for x in RANGES_M:
        sy = float(sigmas_m(np.array([x]), air.spread)[0][0])
        half = float(np.clip(2.5 * math.hypot(sy, sd) + x * math.tan(math.radians(10.0)), 25.0, 120.0))
        middle = d.xy + x * along
        for z in HEIGHTS_M:
            if z >= d.h + STANDOFF_M or x >= 2.0 * STANDOFF_M:
                part = _brings(d, air, x_m=x, z_m=z)
                out.append((middle - half * across, middle + half * across, z, part))
    return out


def _brings(d: _Doubt, air: _Air, *, x_m: float, z_m: float) -> Floats:
    """Information (4, 4) about (east, north, height, ln rate) of one crossing."""
    along, across = air.axes
    by, bz = (float(s[0]) for s in sigmas_m(np.array([x_m]), air.spread))
    sy, sz = math.hypot(by, 3.0), math.hypot(bz, 2.5)
    low, high = math.exp(-0.5 * ((z_m - d.h) / sz) ** 2), math.exp(-0.5 * ((z_m + d.h) / sz) ** 2)
    peak = d.rate * MG_A_G / (2.0 * math.pi * air.wind_m_s * sy * sz) * (low + high)
    seen = peak**2 / (peak**2 + (4.0 * air.noise_mg_m3) ** 2)  # how much of a crossing stands out of the noise
    by_h = ((z_m - d.h) * low - (z_m + d.h) * high) / (sz**2 * max(low + high, 1e-9))
    by_range = 1.0 / x_m + (1.0 / x_m) * (1.0 - ((z_m - d.h) / sz) ** 2 * low / max(low + high, 1e-9))
    axis = np.r_[across, 0.0, 0.0] / math.hypot(0.4 * sy, 2.0 + 0.03 * x_m)
    width = np.r_[along, 0.0, 0.0] / (0.3 * x_m)
    strength = np.r_[by_range * along, by_h, 1.0] / _SCATTER
    return np.asarray(seen * (np.outer(axis, axis) + np.outer(width, width) + np.outer(strength, strength)))


def _gain(information: Floats, part: Floats) -> float:
    """Half the ln of the ratio of determinants of the place's covariance before and after."""
    before = np.linalg.inv(information)[:2, :2]
    after = np.linalg.inv(information + part)[:2, :2]
    return 0.5 * math.log(float(np.linalg.det(before)) / max(float(np.linalg.det(after)), 1e-12))


def _cost(begin: Floats, end: Floats, at: Floats) -> float:
    """Metres flown to the nearer end and along the line."""
    return float(min(np.hypot(*(begin - at)), np.hypot(*(end - at))) + np.hypot(*(end - begin)))


def _look(frame: LocalFrame, begin: Floats, end: Floats, *, height_m: float, nats: float, source: int) -> Look:
    lat, lon = frame.to_lat_lon([begin[0], end[0]], [begin[1], end[1]])
    return Look(
        (float(lat[0]), float(lon[0])), (float(lat[1]), float(lon[1])), height_m, SPEED_M_S, 0.0, nats,
        f"source {source + 1}: {nats:.1f} nats", source,
    )  # fmt: skip
