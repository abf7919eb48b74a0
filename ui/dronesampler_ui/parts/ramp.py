"""Colours of concentration: one ramp a theme, logarithmic between a low and a high end, ticks at the limits."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from dronesampler_ui.theme import Theme

# NMHC in mg/m3: 4.0 at the boundary (GB 16297-1996, table 2); in the plant 10 as hourly mean and 30 in any single
# sample (GB 37822-2019, annex A).
LIMITS_MG_M3 = (4.0, 10.0, 30.0)
LEVELS = 255  # palette entries 1..255; 0 is transparent


@dataclass(frozen=True, slots=True)
class Scale:
    """Which concentrations the ramp's two ends stand for, mg/m3, with 0 < low < high."""

    low_mg_m3: float = 0.3
    high_mg_m3: float = 30.0

    def with_low(self, low_mg_m3: float) -> "Scale":
        return replace(self, low_mg_m3=min(max(low_mg_m3, 0.01), self.high_mg_m3 / 1.5))

    def with_high(self, high_mg_m3: float) -> "Scale":
        return replace(self, high_mg_m3=max(min(high_mg_m3, 1000.0), self.low_mg_m3 * 1.5))

    def part(self, value_mg_m3: float) -> float:
        """0 at the low end, 1 at the high end, clipped."""
        span = np.log(self.high_mg_m3 / self.low_mg_m3)
        return float(np.clip(np.log(max(value_mg_m3, 1e-6) / self.low_mg_m3) / span, 0.0, 1.0))

    def levels(self, log_value: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Palette entries 1..255 for natural logarithms of mg/m3, any shape."""
        low = np.float32(np.log(self.low_mg_m3))
        step = np.float32((LEVELS - 1) / np.log(self.high_mg_m3 / self.low_mg_m3))
        level = (log_value - low) * step
        np.clip(level, 0, LEVELS - 1, out=level)
        return level.astype(np.uint8) + np.uint8(1)


def fitting(value_mg_m3: NDArray[np.float64]) -> Scale:
    """A scale that shows these values well: from the usual background up to the highest, never narrower than 1:10."""
    seen = value_mg_m3[np.isfinite(value_mg_m3) & (value_mg_m3 > 0)]
    if len(seen) == 0:
        return Scale()
    low = max(float(np.percentile(seen, 20)), 0.05)
    return Scale(round(low, 2), round(max(float(seen.max()), low * 10.0), 1))


def log_of(value_mg_m3: NDArray[np.float64]) -> NDArray[np.float32]:
    """Natural logarithms with everything at or below zero, and NaN, taken as the smallest."""
    safe = np.where(value_mg_m3 > 1e-6, value_mg_m3, 1e-6)
    return np.log(safe).astype(np.float32)


@lru_cache(maxsize=8)
def _rgb(theme: Theme) -> NDArray[np.float64]:
    anchors = np.array([[c.red(), c.green(), c.blue()] for c in map(QColor, theme.ramp)], float)
    at = np.linspace(0, len(anchors) - 1, LEVELS)
    return np.stack([np.interp(at, range(len(anchors)), anchors[:, i]) for i in range(3)], axis=1)


@lru_cache(maxsize=8)
def table(theme: Theme) -> NDArray[np.uint32]:
    """256 ARGB numbers by palette entry: 0 transparent, then the ramp."""
    red, green, blue = np.rint(_rgb(theme)).astype(np.uint32).T
    return np.concatenate(([np.uint32(0)], np.uint32(0xFF000000) | red << 16 | green << 8 | blue)).astype(np.uint32)


def colour(theme: Theme, part: float) -> QColor:
    """The ramp's colour at 0..1."""
    r, g, b = _rgb(theme)[int(min(max(part, 0.0), 1.0) * (LEVELS - 1))]
    return QColor(round(r), round(g), round(b))
