"""The forward model: what one gram a second at a place gives at each reading, along the curved way the air came.

A reading at time t is reached by air that left the source at t'. The air's displacement between the two is the measured
wind history, so the plume's axis is as crooked as the wind was. With d metres along the mean wind between source and
reading, t' is where the summed wind has fallen by d; r is the distance of the reading from the axis there. Then

    C = Q / (2 pi u sy sz) exp(-r^2 / 2 sy^2) [exp(-(z-h)^2 / 2 sz^2) + exp(-(z+h)^2 / 2 sz^2)]

(Gaussian plume with reflection: Hanna, Briggs & Hosker 1982, DOE/TIC-11223, ch. 4), u being the wind at t', by which
the air was diluted. sy holds Briggs' curve, the starting width and what the wind's noise does to the axis on the way.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.plume.dispersion import Spread, profile_factor, sigmas_m
from dronesampler.plume.drift import Drift

Floats = NDArray[np.float64]

MG_A_G = 1e3
_STEP_M = 2.0  # of the table of the wind history
_ASSUMED_TURN = math.tan(math.radians(12.0))  # one sd of direction before the wind record begins
_NEAREST_M = 1.0


@dataclass(frozen=True, slots=True)
class Samples:
    """Where and when air was taken: time, east, north, height above ground; shape (n,) each, in order of time."""

    time_s: Floats
    x_m: Floats
    y_m: Floats
    z_m: Floats

    def __len__(self) -> int:
        return len(self.time_s)


@dataclass(frozen=True, slots=True)
class Gradient:
    """Derivatives of columns (m, n): by the source's east, north and height, wind bias, ln scale_y and ln scale_z."""

    x: Floats
    y: Floats
    h: Floats
    bias: Floats
    scale_y: Floats
    scale_z: Floats


class Kernel:
    """Samples and a wind history, prepared for many sources. Holds tables only; nothing changes after it is made."""

    def __init__(self, samples: Samples, drift: Drift) -> None:
        self.samples, self.drift = samples, drift
        at = np.arange(drift.along_m[0], drift.along_m[-1] + _STEP_M, _STEP_M)
        columns = (drift.across_m, drift.speed_m_s, drift.slope, drift.time_s)
        self._table = np.stack([np.interp(at, drift.along_m, c) for c in columns], axis=1)
        self._along0 = float(at[0])
        self._along_now = np.interp(samples.time_s, drift.time_s, drift.along_m)
        self._across_now = np.interp(samples.time_s, drift.time_s, drift.across_m)

    def axes(self, bias_rad: float) -> tuple[Floats, Floats]:
        """Unit vectors along and across the mean wind, turned by a bias of direction; (2,) each."""
        a = self.drift.toward_rad + bias_rad
        return np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])

    def back(self, d_m: Floats, factor: Floats, rows: slice | NDArray[np.intp] = slice(None)) -> tuple[Floats, ...]:
        """Lateral drift, speed, slope and age of the air that came d metres along the wind; shapes as d (..., n)."""
        place = (self._along_now[rows] - d_m / factor - self._along0) / _STEP_M
        place = np.clip(place, 0.0, len(self._table) - 2.0)
        k = place.astype(np.intp)
        part = (place - k)[..., None]
        found = self._table[k] * (1.0 - part) + self._table[k + 1] * part
        lateral = (self._across_now[rows] - found[..., 0]) * factor
        return lateral, found[..., 1] * factor, found[..., 2], self.samples.time_s[rows] - found[..., 3]

    def widths(
        self, d_m: Floats, lateral: Floats, *, age_s: Floats, spread: Spread, rows: slice = slice(None)
    ) -> tuple[Floats, ...]:
        """Travel x, Briggs' widths, and the whole widths sy, sz with start and wind noise."""
        x = np.hypot(d_m, lateral)
        by, bz = sigmas_m(x, spread)
        assumed = (
            np.maximum(age_s - (self.samples.time_s[rows] - self.drift.starts_s), 0.0) / np.maximum(age_s, 1.0) * x
        )
        start2 = spread.start_m**2
        sy = np.sqrt(by**2 + start2 + self.drift.noise_m2_s * age_s + (assumed * _ASSUMED_TURN) ** 2)
        return x, by, bz, sy, np.sqrt(bz**2 + start2)

    def columns(self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float = 0.0) -> Floats:
        """Concentration in mg/m3 for 1 g/s from each source, shape (m, n)."""
        return self._columns(x_m, y_m, h_m, spread=spread, bias_rad=bias_rad, gradient=False)[0]

    def columns_and_gradient(
        self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float = 0.0
    ) -> tuple[Floats, Gradient]:
        """The columns and their derivatives."""
        columns, gradient = self._columns(x_m, y_m, h_m, spread=spread, bias_rad=bias_rad, gradient=True)
        assert gradient is not None
        return columns, gradient

    def _columns(
        self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float, gradient: bool
    ) -> tuple[Floats, Gradient | None]:
        s, (ea, ec) = self.samples, self.axes(bias_rad)
        dx, dy = s.x_m[None, :] - x_m[:, None], s.y_m[None, :] - y_m[:, None]
        d, across = dx * ea[0] + dy * ea[1], dx * ec[0] + dy * ec[1]
        factor = profile_factor(h_m, self.drift.height_m)[:, None]
        ahead = d > _NEAREST_M
        d = np.maximum(d, _NEAREST_M)
        lateral, speed, slope, age = self.back(d, factor)
        x, by, bz, sy, sz = self.widths(d, lateral, age_s=age, spread=spread)
        cos = 1.0 / np.sqrt(1.0 + slope**2)
        r = (across - lateral) * cos
        low, high = (s.z_m[None, :] - h_m[:, None]) / sz, (s.z_m[None, :] + h_m[:, None]) / sz
        e_low, e_high = np.exp(-0.5 * low**2), np.exp(-0.5 * high**2)
        both = e_low + e_high
        rr = r / sy
        column = np.where(ahead, MG_A_G / (2.0 * np.pi) / (speed * sy * sz) * np.exp(-0.5 * rr**2) * both, 0.0)
        if not gradient:
            return column, None
        both = np.maximum(both, 1e-30)
        wide = (rr**2 - 1.0) * column  # by ln sy
        deep = ((low**2 * e_low + high**2 * e_high) / both - 1.0) * column  # by ln sz
        part_y, part_z = (by / sy) ** 2, (bz / sz) ** 2
        pull = rr / sy * column
        g_across = pull * cos
        g_along = -pull * cos * slope - (part_y * wide + part_z * deep) * d / x**2
        return column, Gradient(
            x=g_along * ea[0] + g_across * ec[0],
            y=g_along * ea[1] + g_across * ec[1],
            h=(low * e_low - high * e_high) / (sz * both) * column,
            bias=pull * cos * (d + across * slope),
            scale_y=part_y * wide,
            scale_z=part_z * deep,
        )
