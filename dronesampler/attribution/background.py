"""Lines of a flight, the noise of its instrument, the air it flew in, and the crossings that stand out of it."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HAT_S = 75.0
QUANTILE, WINDOW_S = 0.15, 240.0
_TURN_OVER_S = 8.0
_TURN_RAD = np.radians(40.0)
_GAP_S = 15.0
_LONGEST_S = 400.0
_SHORTEST_S = 12.0


def transects(time_s: Floats, x_m: Floats, y_m: Floats) -> NDArray[np.intp]:
    """The number of the straight line each row belongs to: cut at turns, gaps and, hovering, every few minutes."""
    n = len(time_s)
    before = np.searchsorted(time_s, time_s - _TURN_OVER_S)
    after = np.minimum(np.searchsorted(time_s, time_s + _TURN_OVER_S), n - 1)
    here = np.arange(n)
    ax, ay = x_m - x_m[before], y_m - y_m[before]
    bx, by = x_m[after] - x_m, y_m[after] - y_m
    moving = (np.hypot(ax, ay) > 6.0) & (np.hypot(bx, by) > 6.0)
    turn = np.where(moving, np.abs(np.arctan2(ax * by - ay * bx, ax * bx + ay * by)), 0.0)
    peak = (turn > _TURN_RAD) & (turn >= _extreme(turn, before, after))
    cut = peak | np.r_[False, np.diff(time_s) > _GAP_S]
    cuts = [0]
    for i in here[cut]:
        if time_s[i] - time_s[cuts[-1]] >= _SHORTEST_S:
            cuts.append(int(i))
    number = np.zeros(n, np.intp)
    number[cuts[1:]] = 1
    number = np.cumsum(number)
    start = time_s[np.array(cuts)][number]
    piece = ((time_s - start) // _LONGEST_S).astype(np.intp)
    return np.asarray(np.unique(number * 10_000 + piece, return_inverse=True)[1])


def _extreme(x: Floats, before: NDArray[np.intp], after: NDArray[np.intp]) -> Floats:
    """The largest value between two rows for each row."""
    out = x.copy()
    width = int((after - before).max(initial=1)) // 2 + 1
    for k in range(1, width + 1):
        out = np.maximum(out, np.maximum(np.r_[x[k:], np.zeros(k)], np.r_[np.zeros(k), x[:-k]]))
    return out


def noise_of(value: Floats) -> float:
    """Standard deviation of the white part, from second differences (median, so plumes do not count)."""
    if len(value) < 5:
        return 0.0
    second = value[:-2] - 2.0 * value[1:-1] + value[2:]
    quiet = np.abs(second)
    return float(np.median(quiet) / (0.6745 * np.sqrt(6.0)))


def first_background(time_s: Floats, value: Floats, noise: float) -> Floats:
    """A rolling low quantile, raised to the middle of the noise and made smooth; shape as value."""
    knots = np.arange(time_s[0], time_s[-1] + 30.0, 30.0)
    first = np.searchsorted(time_s, knots - WINDOW_S / 2)
    last = np.maximum(np.searchsorted(time_s, knots + WINDOW_S / 2), first + 1)
    low = np.full(len(knots), np.nan)
    for i, (a, b) in enumerate(zip(first, last, strict=True)):
        if b - a >= 10:
            low[i] = np.quantile(value[a:b], QUANTILE)
    known = np.isfinite(low)
    low = np.interp(knots, knots[known], low[known]) if known.any() else np.full(len(knots), np.median(value))
    return np.asarray(np.interp(time_s, knots, low) + 1.04 * noise)


def hats(time_s: Floats) -> Floats:
    """Triangles in time, one every `HAT_S`, shape (b, n); at most 40, so that long records stay cheap."""
    length = time_s[-1] - time_s[0]
    count = int(np.clip(round(length / HAT_S) + 1, 1, 40))
    if count == 1:
        return np.ones((1, len(time_s)))
    at = (time_s - time_s[0]) / length * (count - 1)
    return np.asarray(np.maximum(1.0 - np.abs(at[None, :] - np.arange(count)[:, None]), 0.0))


def smooth_excess(value: Floats, background: Floats) -> Floats:
    """The mean of three rows above the background, at least zero."""
    over = value - background
    if len(over) < 3:
        return np.maximum(over, 0.0)
    padded = np.pad(over, 1, mode="edge")
    return np.maximum((padded[:-2] + padded[1:-1] + padded[2:]) / 3.0, 0.0)
