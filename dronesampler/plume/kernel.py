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
Singles = NDArray[np.float32]

MG_A_G = 1e3
_STEP_M = 2.0  # of the table of the wind history
_ASSUMED_TURN = math.tan(math.radians(12.0))  # one sd of direction before the wind record begins
_NEAREST_M = 1.0
_CONE_M, _CONE = 40.0, 1.2  # readings further to the side than this never see a source
_FRONT = np.float32(MG_A_G / (2.0 * math.pi))

Rows = slice | NDArray[np.intp]


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

    x: Singles
    y: Singles
    h: Singles
    bias: Singles
    scale_y: Singles
    scale_z: Singles


class Kernel:
    """Samples and a wind history, prepared for many sources. Holds tables only; nothing changes after it is made."""

    def __init__(self, samples: Samples, drift: Drift) -> None:
        self.samples, self.drift = samples, drift
        at = np.arange(drift.along_m[0], drift.along_m[-1] + _STEP_M, _STEP_M)
        columns = (drift.across_m, drift.speed_m_s, drift.slope, drift.time_s - samples.time_s[0])
        table = np.stack([np.interp(at, drift.along_m, c) for c in columns], axis=1)
        # Values beside their steps, so that one look-up serves both ends of an interval.
        self._table = np.concatenate([table[:-1], np.diff(table, axis=0)], axis=1).astype(np.float32)
        self._along0 = float(at[0])
        self._along_now = np.interp(samples.time_s, drift.time_s, drift.along_m)
        self._across_now = np.interp(samples.time_s, drift.time_s, drift.across_m).astype(np.float32)
        self._since = (samples.time_s - samples.time_s[0]).astype(np.float32)
        self._recorded = (samples.time_s - drift.starts_s).astype(np.float32)

    def axes(self, bias_rad: float) -> tuple[Floats, Floats]:
        """Unit vectors along and across the mean wind, turned by a bias of direction; (2,) each."""
        a = self.drift.toward_rad + bias_rad
        return np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])

    def back(self, d_m: Singles, factor: Singles, rows: Rows = slice(None)) -> tuple[Singles, ...]:
        """Lateral drift, speed, slope and age of the air that came d metres along the wind; shapes as d (..., n)."""
        place = (self._along_now[rows] - self._along0 - d_m / factor) / _STEP_M
        np.clip(place, 0.0, len(self._table) - 1.0, out=place)
        k = place.astype(np.intp)
        both = self._table.take(k, axis=0)
        found = both[..., 4:] * (place - k).astype(np.float32)[..., None]
        found += both[..., :4]
        lateral = (self._across_now[rows] - found[..., 0]) * factor
        return lateral, found[..., 1] * factor, found[..., 2], self._since[rows] - found[..., 3]

    def widths(
        self, d_m: Singles, lateral: Singles, *, age_s: Singles, spread: Spread, rows: Rows = slice(None)
    ) -> tuple[Singles, ...]:
        """Travel x, Briggs' widths, and the whole widths sy, sz with start and wind noise."""
        x = np.sqrt(d_m * d_m + lateral * lateral)
        by, bz = sigmas_m(x, spread)
        start2 = np.float32(spread.start_m**2)
        sy2 = by * by + start2 + np.float32(self.drift.noise_m2_s) * age_s
        assumed = age_s - self._recorded[rows]
        if (assumed > 0.0).any():
            sy2 += (np.float32(_ASSUMED_TURN) * np.maximum(assumed, 0.0) / np.maximum(age_s, 1.0) * x) ** 2
        return x, by, bz, np.sqrt(sy2), np.sqrt(bz * bz + start2)

    def columns(self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float = 0.0) -> Singles:
        """Concentration in mg/m3 for 1 g/s from each source, shape (m, n)."""
        return self._columns(x_m, y_m, h_m, spread=spread, bias_rad=bias_rad, gradient=False)[0]

    def columns_and_gradient(
        self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float = 0.0
    ) -> tuple[Singles, Gradient]:
        """The columns and their derivatives."""
        columns, gradient = self._columns(x_m, y_m, h_m, spread=spread, bias_rad=bias_rad, gradient=True)
        assert gradient is not None
        return columns, gradient

    def _columns(
        self, x_m: Floats, y_m: Floats, h_m: Floats, *, spread: Spread, bias_rad: float, gradient: bool
    ) -> tuple[Singles, Gradient | None]:
        s, (ea, ec) = self.samples, self.axes(bias_rad)
        d, across = (
            (s.x_m * e[0] + s.y_m * e[1]).astype(np.float32) - (x_m * e[0] + y_m * e[1]).astype(np.float32)[:, None]
            for e in (ea, ec)
        )
        ahead = (d > _NEAREST_M) & (np.abs(across) < _CONE_M + _CONE * d)
        source, row = np.nonzero(ahead)
        d, across = d[source, row], across[source, row]
        factor = profile_factor(h_m, self.drift.height_m).astype(np.float32)[source]
        lateral, speed, slope, age = self.back(d, factor, row)
        x, by, bz, sy, sz = self.widths(d, lateral, age_s=age, spread=spread, rows=row)
        cos = 1.0 / np.sqrt(1.0 + slope * slope)
        z, h = s.z_m.astype(np.float32)[row], h_m.astype(np.float32)[source]
        low, high = (z - h) / sz, (z + h) / sz
        e_low, e_high = np.exp(-0.5 * low * low), np.exp(-0.5 * high * high)
        both = e_low + e_high
        rr = (across - lateral) * cos / sy
        column = _FRONT / (speed * sy * sz) * np.exp(-0.5 * rr * rr) * both

        def placed(values: Singles) -> Singles:
            out = np.zeros(ahead.shape, np.float32)
            out[source, row] = values
            return out

        if not gradient:
            return placed(column), None
        both = np.maximum(both, np.float32(1e-30))
        wide = (rr * rr - 1.0) * column  # by ln sy
        deep = ((low * low * e_low + high * high * e_high) / both - 1.0) * column  # by ln sz
        by_y, by_z = (by / sy) ** 2 * wide, (bz / sz) ** 2 * deep
        pull = rr / sy * column * cos
        g_along = -pull * slope - (by_y + by_z) * d / (x * x)
        return placed(column), Gradient(
            x=placed(g_along * np.float32(ea[0]) + pull * np.float32(ec[0])),
            y=placed(g_along * np.float32(ea[1]) + pull * np.float32(ec[1])),
            h=placed((low * e_low - high * e_high) / (sz * both) * column),
            bias=placed(pull * (d + across * slope)),
            scale_y=placed(by_y),
            scale_z=placed(by_z),
        )
