"""A small made patrol with a known truth: a plume of puffs in a meandering wind, flown over in lines."""

from dataclasses import dataclass, replace

import numpy as np

from dronesampler.attribution import Instrument
from dronesampler.columns import Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet

FRAME = LocalFrame(35.7, 116.5)
INSTRUMENT = Instrument(3.0, 1.0, 0.03, "NMHC")
OUTLETS_XY = ((120.0, 300.0, 18.0), (300.0, 240.0, 20.0), (60.0, 120.0, 16.0), (340.0, 60.0, 22.0))
SPEED_M_S, HEIGHT_M, WIND_M_S, SIDE_M = 5.0, 20.0, 4.0, 420.0


@dataclass(frozen=True)
class Patrol:
    readings: Readings
    wind: Wind
    outlets: tuple[Outlet, ...]

    def with_values(self, value: np.ndarray) -> "Patrol":
        return replace(self, readings=replace(self.readings, value_mg_m3=value))


def outlet(number: int, x: float, y: float, h: float) -> Outlet:
    lat, lon = FRAME.to_lat_lon(x, y)
    return Outlet(f"DA{number:03d}", float(lat), float(lon), h)


def lawnmower(spacing_m: float = 60.0, *, lines: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """East and north at 1 Hz along lines across a wind from the south."""
    ys = np.arange(SIDE_M + 40.0, -20.0, -spacing_m)[:lines]
    corners = np.array([(x, y) for k, y in enumerate(ys) for x in ((-30.0, SIDE_M)[:: (-1) ** k])])
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T))]
    at = np.arange(0.0, along[-1], SPEED_M_S)
    return np.interp(at, along, corners[:, 0]), np.interp(at, along, corners[:, 1])


Source = tuple[float, float, float, float]


def patrol(sources: tuple[Source, ...], *, seed: int = 1, lines: int | None = None) -> Patrol:
    """`sources` are (east, north, height, g/s); wind from the south with meander, noise and a bias of 4 degrees."""
    rng = np.random.default_rng(seed)
    x, y = lawnmower(lines=lines)
    n, spin = len(x), 200
    k = np.arange(n + spin)
    turn = np.radians(12.0) * np.sin(k / 35.0 + 1.0) + np.radians(4.0) * np.sin(k / 9.0)
    toward = np.pi / 2 + turn
    path = np.cumsum(WIND_M_S * np.c_[np.cos(toward), np.sin(toward)], axis=0)
    value = np.full(n, 0.6) + 0.03 * np.sin(np.arange(n) / 150.0)
    for sx, sy, h, q in sources:
        value += _puffs(x, y, path, (sx, sy, h, q), spin) * np.exp(0.35 * _smooth(rng, n) - 0.06)
    shown = value.copy()
    for k in range(1, n):
        shown[k] = shown[k - 1] + (1 - np.exp(-np.log(10) / 3.0)) * (value[k] - shown[k - 1])
    shown = np.r_[shown[:1], shown[:-1]] + rng.normal(0.0, 0.03, n)
    lat, lon = FRAME.to_lat_lon(x, y)
    t = 1_800_000_000.0 + np.arange(n, dtype=float)
    readings = Readings(t, lat, lon, np.full(n, HEIGHT_M), shown, np.ones(n), np.ones(n, bool), np.arange(n), "NMHC")
    bearing = (270.0 - np.degrees(toward[spin:]) + 4.0 + rng.normal(0.0, 6.0, n)) % 360.0
    wind = Wind(t, bearing, np.maximum(WIND_M_S + rng.normal(0.0, 0.4, n), 0.3), np.full(n, HEIGHT_M))
    return Patrol(readings, wind, tuple(outlet(k, *o) for k, o in enumerate(OUTLETS_XY, 1)))


def _puffs(x: np.ndarray, y: np.ndarray, path: np.ndarray, source: Source, spin: int) -> np.ndarray:
    sx, sy, h, q = source
    out = np.zeros(len(x))
    for k in range(1, 150):
        moved = path[spin : spin + len(x)] - path[spin - k : spin - k + len(x)]
        far = np.hypot(*moved.T)
        wide, deep = np.hypot(0.07 * far, 2.5), np.hypot(0.065 * far, 2.5)
        r2 = (x - sx - moved[:, 0]) ** 2 + (y - sy - moved[:, 1]) ** 2
        up = np.exp(-0.5 * ((HEIGHT_M - h) / deep) ** 2) + np.exp(-0.5 * ((HEIGHT_M + h) / deep) ** 2)
        out += 1e3 * q * np.exp(-0.5 * r2 / wide**2) * up / ((2 * np.pi) ** 1.5 * wide**2 * deep)
    return out


def _smooth(rng: np.random.Generator, n: int) -> np.ndarray:
    z = rng.normal(size=n + 8)
    return np.convolve(z, np.ones(5) / np.sqrt(5.0), mode="valid")[:n]


PERMITTED = (300.0, 240.0, 23.0, 2.0)
BYPASS = (190.0, 140.0, 10.0, 2.0)
