"""What the last minutes of one channel say: its background as a rolling low quantile, and how fast it rises."""

import math
from collections import deque

_BIN_S = 1.0
_FEWEST_SECONDS = 10
_FEWEST_POINTS = 3
_MOST_POINTS = 400  # of a fast instrument over a few seconds; bounds the work of a slope


class Background:
    """The low quantile of the means of each second: a plume crossed now and then does not move it.

    A patrol that hovers in a plume for less than (1 − quantile) of the window keeps the background it came with.
    """

    def __init__(self, window_s: float, quantile: float) -> None:
        self._window_s, self._quantile = window_s, quantile
        self._bins: deque[tuple[float, float]] = deque()  # second, mean
        self._sum, self._count, self._bin = 0.0, 0, -math.inf
        self._value = math.nan

    def add(self, now_s: float, value: float) -> None:
        """A good value at a time that never goes back (monotonic seconds)."""
        second = math.floor(now_s / _BIN_S) * _BIN_S
        if second > self._bin:
            self._close(second)
        self._sum, self._count = self._sum + value, self._count + 1
        if not self._bins:
            self._value = self._sum / self._count

    @property
    def value(self) -> float:
        """mg/m3; of the first seconds the least that was seen, NaN before the first value."""
        return self._value

    def _close(self, second: float) -> None:
        if self._count:
            self._bins.append((self._bin, self._sum / self._count))
        self._sum, self._count, self._bin = 0.0, 0, second
        while self._bins and self._bins[0][0] < second - self._window_s:
            self._bins.popleft()
        if self._bins:
            means = sorted(mean for _, mean in self._bins)
            few = len(means) < _FEWEST_SECONDS
            self._value = means[0] if few else means[int(self._quantile * (len(means) - 1))]


class Slope:
    """The straight line through the last seconds: how fast the value rises, and how sure that is."""

    def __init__(self, over_s: float) -> None:
        self._over_s = over_s
        self._points: deque[tuple[float, float]] = deque(maxlen=_MOST_POINTS)

    def add(self, time_s: float, value: float) -> None:
        """A good value at the time it was measured; a clock that was set or a long gap begins anew."""
        if self._points and not 0.0 < time_s - self._points[-1][0] <= 2.0 * self._over_s:
            if -self._over_s < time_s - self._points[-1][0] <= 0.0:
                return  # overtaken on the way: too late to count for a trend
            self._points.clear()
        self._points.append((time_s, value))
        while self._points[0][0] < time_s - self._over_s:
            self._points.popleft()

    @property
    def points(self) -> int:
        return len(self._points)

    def per_s(self) -> float:
        """mg/m3 a second, NaN while there are fewer than three points."""
        spread = self._spread()
        if spread is None:
            return math.nan
        mean_t, mean_v, squares = spread
        return sum((t - mean_t) * (v - mean_v) for t, v in self._points) / squares

    def error_per_s(self, noise: float) -> float:
        """One standard deviation of `per_s` by the instrument's noise alone."""
        spread = self._spread()
        return math.nan if spread is None else noise / math.sqrt(spread[2])

    def _spread(self) -> tuple[float, float, float] | None:
        count = len(self._points)
        if count < _FEWEST_POINTS:
            return None
        mean_t = sum(t for t, _ in self._points) / count
        squares = sum((t - mean_t) ** 2 for t, _ in self._points)
        return (mean_t, sum(v for _, v in self._points) / count, squares) if squares > 0.0 else None
