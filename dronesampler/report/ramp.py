"""Colours of concentration that colour-blind eyes can order, and round ticks with the limits among them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Lightness falls evenly from end to end, hue goes yellow-green, teal, blue, violet (the way of viridis, reversed and
# with a quieter light end), so that the order is seen without the hues.
STOPS = ("#e4edbf", "#b3d99a", "#6fbf8b", "#34998f", "#2b7091", "#3a4a8c", "#43256f", "#2d0b45")
LIMITS_MG_M3 = (4.0, 10.0, 30.0)  # NMHC: plant boundary; outside the plant, one hour and at any time
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_TABLE = np.array([_rgb(stop) for stop in STOPS], float)


@dataclass(frozen=True, slots=True)
class Ramp:
    """Colours from 0 to `top_mg_m3`."""

    top_mg_m3: float

    @classmethod
    def over(cls, values_mg_m3: NDArray[np.float64]) -> "Ramp":
        """A ramp with a round top that holds all finite values; never below 0.5."""
        finite = values_mg_m3[np.isfinite(values_mg_m3)]
        highest = float(finite.max()) if len(finite) else 0.0
        return cls(round_up(max(highest, 0.5)))

    def colours(self, values_mg_m3: NDArray[np.float64]) -> list[str]:
        """One colour a value, "" where there is none. Shape (n,)."""
        share = np.clip(np.nan_to_num(values_mg_m3) / self.top_mg_m3, 0.0, 1.0) * (len(_TABLE) - 1)
        at = np.arange(len(_TABLE))
        rgb = np.column_stack([np.interp(share, at, _TABLE[:, i]) for i in range(3)]).round().astype(int)
        finite = np.isfinite(values_mg_m3)
        return [f"#{r:02x}{g:02x}{b:02x}" if ok else "" for (r, g, b), ok in zip(rgb, finite, strict=True)]

    def ticks(self) -> list[float]:
        """Four to seven round values from 0 to the top."""
        step = round_up(self.top_mg_m3 / 6.0)
        count = int(self.top_mg_m3 / step + 1e-9)
        return [i * step for i in range(count + 1)]

    def limits(self) -> list[float]:
        """The limits that lie on the ramp."""
        return [limit for limit in LIMITS_MG_M3 if limit <= self.top_mg_m3]


def round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten."""
    if not value > 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in STEPS if step * power >= value * (1 - 1e-9)), 10.0 * power)


def plain(value: float) -> str:
    """A number as people write it: three significant digits, no exponent for what is met here."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
