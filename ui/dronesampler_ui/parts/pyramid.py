"""A long line at any zoom: lowest and highest of ever larger groups of rows, so that no peak is thinned away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GROUP = 8  # rows of one level that make one of the next
SMALLEST = 4000  # a level with fewer rows is not thinned further
GROUPS_A_PIXEL = 2


@dataclass(frozen=True, slots=True)
class Level:
    """Groups of rows: the time of the first, the lowest and the highest value; shape (n,) each."""

    time_s: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A line over ascending time. Made once, off the UI thread where it is long; then any window of it is quick."""

    levels: tuple[Level, ...]

    @classmethod
    def of(cls, time_s: Floats, value: Floats) -> "Pyramid":
        """Rows without a value are left out."""
        known = np.isfinite(value)
        if not known.all():
            time_s, value = time_s[known], value[known]
        levels = [Level(time_s, value, value)]
        while len(levels[-1].time_s) > SMALLEST:
            below = levels[-1]
            starts = np.arange(0, len(below.time_s), GROUP)
            low, high = np.minimum.reduceat(below.low, starts), np.maximum.reduceat(below.high, starts)
            levels.append(Level(below.time_s[starts], low, high))
        return cls(tuple(levels))

    def __len__(self) -> int:
        return len(self.levels[0].time_s)

    @property
    def span_s(self) -> tuple[float, float] | None:
        """From when to when; None of nothing."""
        time_s = self.levels[0].time_s
        return (float(time_s[0]), float(time_s[-1])) if len(time_s) else None

    def columns(self, from_s: float, to_s: float, wide_px: int) -> Level:
        """What to draw of a window: single rows where they find room, else one group a pixel column."""
        level, part = self._window(from_s, to_s, wide_px)
        time_s, low, high = level.time_s[part], level.low[part], level.high[part]
        if len(time_s) <= GROUPS_A_PIXEL * wide_px:
            return Level(time_s, low, high)
        column = np.floor((time_s - from_s) * (wide_px / (to_s - from_s)))
        starts = np.flatnonzero(np.diff(column, prepend=-np.inf))
        return Level(time_s[starts], np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts))

    def range(self, from_s: float, to_s: float) -> tuple[float, float] | None:
        """Lowest and highest in a window; None where there is nothing."""
        level, part = self._window(from_s, to_s, 200)
        inside = (level.time_s[part] >= from_s) & (level.time_s[part] <= to_s)
        low, high = level.low[part], level.high[part]
        if inside.any():
            low, high = low[inside], high[inside]
        return (float(low.min()), float(high.max())) if len(low) else None

    def at(self, time_s: float) -> float | None:
        """The value of the row nearest to a moment."""
        rows = self.levels[0]
        if not len(rows.time_s):
            return None
        after = int(np.clip(np.searchsorted(rows.time_s, time_s), 1, max(len(rows.time_s) - 1, 1)))
        near = (after - 1, min(after, len(rows.time_s) - 1))
        return float(rows.high[min(near, key=lambda i: abs(rows.time_s[i] - time_s))])

    def _window(self, from_s: float, to_s: float, wide_px: int) -> tuple[Level, slice]:
        """The coarsest level that still has enough groups for every pixel, and the window with a row on either side."""
        for level in reversed(self.levels):
            a, b = np.searchsorted(level.time_s, (from_s, to_s))
            if b - a >= GROUPS_A_PIXEL * wide_px:
                break
        return level, slice(max(int(a) - 1, 0), int(b) + 1)
