"""What a flight as flown would have noticed: the least rate of every cell, and how much of the park was inspected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.values import Instrument
from dronesampler.columns import Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.plume import Air, Route, Sensor, Spread, detectable_rate, profile_factor, stability_by_day
from dronesampler.texts import Text

Floats = NDArray[np.float64]

GREY_G_S = 1.0  # a cell where only more than this would be noticed counts as not inspected
CELL_M = 20.0
PIECE_S = 60.0  # wind is taken as steady over this
SOURCE_HEIGHT_M = 10.0
LIMITS_G_S = (0.3, 1.0, 3.0)

SEEN = Text(
    "离地 {height:.0f} m 处排放 {rate:g} g/s 以上的来源，在 {share:.0%} 的单元内会被发现；其余单元未检查。",
    "a source of {rate:g} g/s or more at {height:.0f} m would have been noticed in {share:.0%} of the cells; "
    "the others were not inspected",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Least rate noticed in each cell, g/s, inf where nothing would be; shape (rows, columns), south-west first."""

    lat_deg: Floats
    lon_deg: Floats
    least_g_s: Floats
    height_m: float
    cell_m: float

    def share(self, rate_g_s: float) -> float:
        """The share of cells in which that rate would have been noticed."""
        return float(np.mean(self.least_g_s <= rate_g_s)) if self.least_g_s.size else 0.0

    def said(self) -> tuple[Text, ...]:
        """Sentences that go with every "nothing found"."""
        return tuple(SEEN.with_(height=self.height_m, rate=r, share=self.share(r)) for r in LIMITS_G_S)

    def as_geojson(self) -> dict[str, Any]:
        """Square cells with the least rate, null where nothing would be noticed."""
        frame = LocalFrame.about(self.lat_deg, self.lon_deg)
        x, y = frame.to_xy(self.lat_deg, self.lon_deg)
        half = self.cell_m / 2
        ring = np.array([[-half, -half], [half, -half], [half, half], [-half, half], [-half, -half]])
        features = []
        for cx, cy, least in zip(x.ravel(), y.ravel(), self.least_g_s.ravel(), strict=True):
            lat, lon = frame.to_lat_lon(cx + ring[:, 0], cy + ring[:, 1])
            corners = [[round(float(b), 7), round(float(a), 7)] for a, b in zip(lat, lon, strict=True)]
            features.append({
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [corners]},
                "properties": {
                    "least_g_s": round(float(least), 3) if np.isfinite(least) else None,
                    "inspected": bool(least <= GREY_G_S),
                },
            })  # fmt: skip
        return {"type": "FeatureCollection", "features": features}


def coverage(
    readings: Readings,
    wind: Wind,
    instrument: Instrument,
    *,
    area: Sequence[tuple[float, float]] | None = None,
    height_m: float = SOURCE_HEIGHT_M,
    cell_m: float = CELL_M,
) -> Coverage | None:
    """Coverage of the bounding box of `area` (lat, lon corners; default: what was flown over), None without wind.

    The flight is cut into minutes, each with the mean wind of the minutes that lead to it; a cell's least rate is the
    smallest of them. Only usable readings count: where the instrument was out, nothing was inspected.
    """
    r = readings.rows(readings.ok & np.isfinite(readings.lat_deg + readings.value_mg_m3 + readings.height_agl_m))
    w = wind.rows(np.isfinite(wind.time_s + wind.from_deg + wind.speed_m_s))
    if len(r) < 2 or len(w) < 2:
        return None
    corners = np.array(area if area is not None else list(zip(r.lat_deg, r.lon_deg, strict=True)))
    frame = LocalFrame.about(corners[:, 0], corners[:, 1])
    gx, gy = _cells(frame, corners, cell_m)
    x, y = frame.to_xy(r.lat_deg, r.lon_deg)
    most = np.zeros(gx.shape)
    sensor = Sensor(instrument.t90_s, instrument.delay_s, max(instrument.noise_mg_m3, 1e-4))
    for begin in np.arange(r.time_s[0], r.time_s[-1], PIECE_S):
        rows = np.flatnonzero((r.time_s >= begin) & (r.time_s <= begin + PIECE_S + 1.0))
        air = _air(w, begin)
        if len(rows) < 2 or air is None:
            continue
        for piece in np.split(rows, np.flatnonzero(np.diff(r.time_s[rows]) > 5.0) + 1):
            if len(piece) >= 2:
                route = Route(x[piece], y[piece], r.height_agl_m[piece], r.time_s[piece])
                with np.errstate(divide="ignore"):
                    most = np.maximum(
                        most, 1.0 / detectable_rate(route, air, sensor, x_m=gx, y_m=gy, height_m=height_m)
                    )
    lat, lon = frame.to_lat_lon(gx, gy)
    with np.errstate(divide="ignore"):
        return Coverage(lat, lon, 1.0 / most, height_m, cell_m)


def _cells(frame: LocalFrame, corners: Floats, cell_m: float) -> tuple[Floats, Floats]:
    bx, by = frame.to_xy(corners[:, 0], corners[:, 1])
    xs = np.arange(bx.min() + cell_m / 2, max(bx.max(), bx.min() + cell_m), cell_m)
    ys = np.arange(by.min() + cell_m / 2, max(by.max(), by.min() + cell_m), cell_m)
    gx, gy = np.meshgrid(xs, ys)
    return gx, gy


def _air(w: Wind, at_s: float) -> Air | None:
    """The mean wind of the two minutes before and the one after a moment."""
    near = (w.time_s >= at_s - 120.0) & (w.time_s <= at_s + 60.0)
    if not near.any():
        return None
    toward = np.radians(270.0 - w.from_deg[near])
    u, v = float(np.mean(w.speed_m_s[near] * np.cos(toward))), float(np.mean(w.speed_m_s[near] * np.sin(toward)))
    speed = float(np.hypot(u, v))
    if speed < 0.3:
        return None
    height = w.height_agl_m[near]
    height = height[np.isfinite(height)]
    at_m = float(np.median(height)) if len(height) else 10.0
    stability = stability_by_day(speed * float(profile_factor(10.0, at_m)))
    return Air((270.0 - float(np.degrees(np.arctan2(v, u)))) % 360.0, speed, at_m, Spread(stability))
