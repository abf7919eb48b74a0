"""The smallest emission that a route would notice at each place, for a wind and an instrument.

Each leg of a route is one straight pass. The plume of a place crosses it somewhere at a distance downwind; what the
instrument shows there is the plume's peak at the leg's height, less what the instrument's lag takes off a pass of that
duration. The least rate is the concentration that counts as noticed over the best peak of all legs.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dronesampler.plume.dispersion import Spread, profile_factor, sigmas_m
from dronesampler.plume.kernel import MG_A_G
from dronesampler.plume.response import LN10, peak_kept

Floats = NDArray[np.float64]

_CHUNK = 400_000  # pairs of legs and places at a time


@dataclass(frozen=True, slots=True)
class Route:
    """Straight legs between vertices: east, north, height above ground (m) and time (s), shape (k,) each, k >= 2."""

    x_m: Floats
    y_m: Floats
    z_m: Floats
    time_s: Floats


@dataclass(frozen=True, slots=True)
class Air:
    """A steady wind: direction it comes from, speed where it was measured, and the plume's spread in it."""

    from_deg: float
    speed_m_s: float
    measured_at_m: float = 10.0
    spread: Spread = field(default_factory=Spread)
    turn_sd_deg: float = 0.0  # how unsure the direction is: widens the plume a source must reach the route with


@dataclass(frozen=True, slots=True)
class Sensor:
    """What counts as noticed, and how slow the instrument is."""

    t90_s: float
    delay_s: float = 0.0
    noise_mg_m3: float = 0.03
    sigmas: float = 5.0

    @property
    def noticed_mg_m3(self) -> float:
        return self.sigmas * self.noise_mg_m3


def detectable_rate(
    route: Route, air: Air, sensor: Sensor, *, x_m: ArrayLike, y_m: ArrayLike, height_m: float
) -> Floats:
    """Least g/s noticed at each place (any shape) with its mouth at `height_m`; inf where no leg passes downwind."""
    x, y = np.asarray(x_m, float), np.asarray(y_m, float)
    best = np.zeros(x.size)
    legs = _Legs(route, air)
    chunk = max(1, _CHUNK // max(len(legs.length), 1))
    for i in range(0, x.size, chunk):
        part = slice(i, i + chunk)
        best[part] = legs.best_peak(x.ravel()[part], y.ravel()[part], height_m, sensor=sensor)
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(sensor.noticed_mg_m3 / best).reshape(x.shape)


class _Legs:
    """A route in axes along and across the wind."""

    def __init__(self, route: Route, air: Air) -> None:
        toward = math.radians(270.0 - air.from_deg)
        self.e = (math.cos(toward), math.sin(toward))
        self.air = air
        a, c = self._turned(np.asarray(route.x_m, float), np.asarray(route.y_m, float))
        self.a0, self.c0, self.z0 = a[:-1], c[:-1], np.asarray(route.z_m, float)[:-1]
        self.da, self.dc, self.dz = np.diff(a), np.diff(c), np.diff(np.asarray(route.z_m, float))
        self.length = np.hypot(self.da, self.dc)
        self.speed = self.length / np.maximum(np.diff(np.asarray(route.time_s, float)), 1e-3)

    def _turned(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return x * self.e[0] + y * self.e[1], y * self.e[0] - x * self.e[1]

    def best_peak(self, x: Floats, y: Floats, height_m: float, *, sensor: Sensor) -> Floats:
        """The largest reading in mg/m3 for 1 g/s at each place, over all legs; shape (places,)."""
        if not len(self.length):
            return np.zeros(len(x))
        a, c = self._turned(x, y)
        # The leg's point nearest to the axis: exact for legs across the wind, the end nearest to it for others.
        crossing = np.abs(self.dc) > 0.05 * np.maximum(self.length, 1e-6)
        share = np.where(crossing, (c[:, None] - self.c0) / np.where(crossing, self.dc, 1.0), 1.0)
        share = np.clip(share, 0.0, 1.0)
        d = self.a0 + share * self.da - a[:, None]
        off = self.c0 + share * self.dc - c[:, None]
        z = self.z0 + share * self.dz
        return np.asarray(self._reading(d, off, z, height_m=height_m, sensor=sensor).max(axis=1))

    def _reading(self, d: Floats, off: Floats, z: Floats, *, height_m: float, sensor: Sensor) -> Floats:
        air, s = self.air, self.air.spread
        x = np.maximum(d, 1.0)
        by, bz = sigmas_m(x, s)
        # A shifted wind moves the plume along a long leg, which still crosses it; beyond a leg's end it is missed.
        turned = x * math.tan(math.radians(air.turn_sd_deg)) * (np.abs(off) > 1e-6)
        sy, sz = np.sqrt(by**2 + s.start_m**2 + turned**2), np.hypot(bz, s.start_m)
        u = max(air.speed_m_s * float(profile_factor(height_m, air.measured_at_m)), 0.3)
        up = np.exp(-0.5 * ((z - height_m) / sz) ** 2) + np.exp(-0.5 * ((z + height_m) / sz) ** 2)
        peak = MG_A_G / (2.0 * np.pi * u * sy * sz) * np.exp(-0.5 * (off / sy) ** 2) * up
        across_speed = self.speed * np.abs(self.dc) / np.maximum(self.length, 1e-6)
        pass_s = sy / np.maximum(across_speed, 0.05)
        return np.where(d > 2.0, peak * peak_kept(sensor.t90_s / LN10, pass_s), 0.0)
