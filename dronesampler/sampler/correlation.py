"""How much later one signal shows what another showed: the lag of the best correlation, with its uncertainty."""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dronesampler.columns import Floats

LEAST_CORRELATION = 0.5
_LEAST_SAMPLES = 30


@dataclass(frozen=True, slots=True)
class Lag:
    """`lag_s`: by how much the second signal comes later than the first. `uncertainty_s` is one standard deviation;
    `correlation` that of the two at the best lag, -1 to 1."""

    lag_s: float
    uncertainty_s: float
    correlation: float


def lag_of(
    first: tuple[Floats, Floats],
    second: tuple[Floats, Floats],
    *,
    longest_s: float,
    step_s: float = 0.25,
    opposite: bool = False,
    smooth_s: float = 120.0,
) -> Lag | None:
    """The lag of the second signal (times, values) behind the first, or None where the two do not show it clearly.

    Both are drawn on one grid, their slow part (a running mean over `smooth_s`) is taken away, and the normalised
    cross-correlation is searched over ±`longest_s`. `opposite`: one falls where the other rises (pressure, height).
    The uncertainty follows from the peak's curvature and the number of independent samples (Carter 1987).
    """
    search = partial(_once, first, step_s=step_s, opposite=opposite, smooth_s=smooth_s)
    rough = search(second, longest_s=longest_s)
    if rough is None:
        return None
    # Once more with the second signal put back: then both are cut and freed of their slow part over the same stretch.
    back = (second[0] - rough.lag_s, second[1])
    fine = search(back, longest_s=min(longest_s, 20.0))
    return rough if fine is None else replace(fine, lag_s=rough.lag_s + fine.lag_s)


def _once(
    first: tuple[Floats, Floats],
    second: tuple[Floats, Floats],
    *,
    longest_s: float,
    step_s: float,
    opposite: bool,
    smooth_s: float,
) -> Lag | None:
    grid = _grid(first[0], second[0], step_s)
    if len(grid) < _LEAST_SAMPLES:
        return None
    a, b = (_signal(grid, *s, width=round(smooth_s / step_s)) for s in (first, second))
    b = -b if opposite else b
    reach = min(round(longest_s / step_s), len(grid) // 2)
    scores = np.array([_score(a, b, k) for k in range(-reach, reach + 1)])
    if not np.isfinite(scores).any():
        return None
    best = int(np.nanargmax(scores))
    if scores[best] < LEAST_CORRELATION or best in (0, len(scores) - 1) or _is_double(scores, best, a):
        return None
    shift, curvature = _peak(scores[best - 1 : best + 2])
    return Lag(
        lag_s=(best - reach + shift) * step_s,
        uncertainty_s=_uncertainty(float(scores[best]), curvature, len(grid), a) * step_s,
        correlation=float(scores[best]) * (-1.0 if opposite else 1.0),
    )


def _grid(a_s: Floats, b_s: Floats, step_s: float) -> Floats:
    if not len(a_s) or not len(b_s):
        return np.empty(0)
    start, end = max(float(a_s.min()), float(b_s.min())), min(float(a_s.max()), float(b_s.max()))
    return np.arange(start, end, step_s) if end > start else np.empty(0)


def _signal(grid: Floats, time_s: Floats, values: Floats, *, width: int) -> Floats:
    good = np.isfinite(values) & np.isfinite(time_s)
    order = np.argsort(time_s[good], kind="stable")
    drawn = np.interp(grid, time_s[good][order], values[good][order])
    return np.asarray(drawn - _running_mean(drawn, max(width, 3)))


def _running_mean(values: Floats, width: int) -> Floats:
    half = min(width // 2, len(values) // 2)
    total = np.concatenate([[0.0], np.cumsum(values)])
    low = np.maximum(np.arange(len(values)) - half, 0)
    high = np.minimum(np.arange(len(values)) + half + 1, len(values))
    return np.asarray((total[high] - total[low]) / (high - low))


def _score(a: Floats, b: Floats, shift: int) -> float:
    """Correlation of a with b taken `shift` later."""
    x, y = (a[: len(a) - shift], b[shift:]) if shift >= 0 else (a[-shift:], b[:shift])
    spread = float(np.sqrt(np.dot(x, x) * np.dot(y, y)))
    return float(np.dot(x, y)) / spread if spread > 0.0 else math.nan


def _own_width(a: Floats) -> int:
    """How far a signal resembles itself: the first shift at which its autocorrelation falls below a half."""
    for shift in range(1, len(a) // 2):
        if not _score(a, a, shift) > 0.5:
            return shift
    return len(a) // 2


def _is_double(scores: Floats, best: int, a: Floats) -> bool:
    """Whether another peak, apart from the best one's own flanks, is nearly as high."""
    away = np.abs(np.arange(len(scores)) - best) > 3 * _own_width(a)
    return bool(away.any()) and bool(np.nanmax(scores[away]) > 0.95 * scores[best])


def _peak(three: Floats) -> tuple[float, float]:
    """Where between the samples a parabola through three has its top, and how curved it is."""
    left, top, right = (float(v) for v in three)
    curvature = left - 2.0 * top + right
    return (0.5 * (left - right) / curvature if curvature else 0.0), abs(curvature)


def _uncertainty(score: float, curvature: float, samples: int, a: Floats) -> float:
    independent = max(samples / _own_width(a), 2.0)
    noise = max(1.0 - score * score, 1e-6) / (score * score)
    return math.sqrt(noise / (independent * max(curvature, 1e-9) / score)) + 0.05
