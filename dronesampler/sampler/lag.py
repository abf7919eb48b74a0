"""How late an instrument is: T90 from a step of gas, delay from crossings of one plume in opposite directions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dronesampler.columns import Floats

LN10 = math.log(10.0)


@dataclass(frozen=True, slots=True)
class Step:
    """The answer to a step of gas: dead time until it stirs (10 %), and T90 from there to 90 %."""

    dead_s: float
    t90_s: float
    r_squared: float


def step_answer(time_s: Floats, value: Floats, *, opened_s: float) -> Step | None:
    """Dead time and T90 of a step that was opened at `opened_s`, or None where there is no step to see.

    A first-order rise value = base + span (1 - exp(-(t - t0) ln10 / T90)) fitted by least squares.
    """
    base = float(np.median(value[time_s < opened_s])) if (time_s < opened_s).any() else float(value[0])
    top = float(np.median(value[-max(len(value) // 10, 3) :]))
    span = top - base
    noise = float(np.std(value[time_s < opened_s])) if (time_s < opened_s).sum() > 2 else 0.0
    if len(value) < 10 or span <= max(6.0 * noise, 0.0):
        return None
    after = time_s >= opened_s
    t, y = time_s[after] - opened_s, (value[after] - base) / span
    best = min((_fit(t, y, dead) for dead in np.linspace(0.0, max(float(t[-1]) / 2, 0.1), 81)), key=lambda f: f[1])
    (t90_s, error), dead = best[:2], best[2]
    total = float(np.sum((y - y.mean()) ** 2))
    return Step(dead_s=float(dead), t90_s=t90_s, r_squared=1.0 - error / total if total > 0 else 0.0)


def _fit(t: Floats, y: Floats, dead_s: float) -> tuple[float, float, float]:
    """T90, squared error and dead time of the best first-order rise after a dead time."""
    candidates = np.geomspace(0.2, max(float(t[-1]), 1.0) * 2.0, 60)
    rise = 1.0 - np.exp(-np.clip(t[None, :] - dead_s, 0.0, None) * LN10 / candidates[:, None])
    errors = np.sum((rise - y[None, :]) ** 2, axis=1)
    best = int(np.argmin(errors))
    return float(candidates[best]), float(errors[best]), dead_s


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing of a plume: where the peak was seen along the line, how fast and which way (up the line or down)."""

    along_m: float
    speed_m_s: float
    forward: bool
    peak: float


@dataclass(frozen=True, slots=True)
class CrossingCheck:
    """What crossings in opposite directions say of the delay that was assumed: `remaining_s` of it is still to be
    taken back (negative: too much was), with one standard deviation; `pairs` of crossings it comes from."""

    remaining_s: float
    uncertainty_s: float
    pairs: int

    @property
    def fits(self) -> bool:
        """Whether the assumed delay is right within two standard deviations and a second."""
        return abs(self.remaining_s) <= max(2.0 * self.uncertainty_s, 1.0)


def crossings(
    time_s: Floats, along_m: Floats, course_deg: Floats, value: Floats, *, least: float
) -> tuple[Crossing, ...]:
    """Peaks above `least` on one line, one a pass. `along_m` is the position along the line, increasing one way."""
    passes = np.cumsum(np.abs(_turn(np.diff(course_deg, prepend=course_deg[:1]))) > 90.0)
    found = []
    for number in np.unique(passes):
        rows = np.flatnonzero(passes == number)
        if len(rows) < 5 or float(np.nanmax(value[rows])) < least:
            continue
        peak = rows[int(np.nanargmax(value[rows]))]
        if peak in (rows[0], rows[-1]):
            continue  # the plume goes on beyond the end of the pass
        way_m = float(along_m[rows[-1]] - along_m[rows[0]])
        speed = abs(way_m) / float(time_s[rows[-1]] - time_s[rows[0]])
        place = _vertex(along_m[peak - 1 : peak + 2], value[peak - 1 : peak + 2])
        found.append(Crossing(place, speed, way_m > 0.0, float(value[peak])))
    return tuple(found)


def _turn(degrees: Floats) -> Floats:
    return np.asarray((degrees + 180.0) % 360.0 - 180.0)


def _vertex(x: Floats, y: Floats) -> float:
    """Where a parabola through three points has its top."""
    curvature = y[0] - 2.0 * y[1] + y[2]
    shift = 0.5 * (y[0] - y[2]) / curvature if curvature else 0.0
    return float(x[1] + shift * 0.5 * (x[2] - x[0]))


def check_by_crossings(found: Sequence[Crossing]) -> CrossingCheck | None:
    """The delay still in the data, from neighbouring crossings in opposite directions; None where there are none.

    A plume stands still while a late instrument shows it downstream of the way flown: two peaks seen from both sides
    lie (v1 + v2) times the delay apart. Meander moves them too, so it takes several pairs.
    """
    pairs = [(a, b) for a, b in pairwise(found) if a.forward is not b.forward]
    if not pairs:
        return None
    delays = [_delay_s(a, b) for a, b in pairs]
    spread = float(np.std(delays, ddof=1)) if len(delays) > 1 else math.inf
    return CrossingCheck(float(np.median(delays)), 1.253 * spread / math.sqrt(len(delays)), len(delays))


def _delay_s(a: Crossing, b: Crossing) -> float:
    """By how much the two peaks lie apart in the direction of the first flight, over the sum of the speeds."""
    return (1.0 if a.forward else -1.0) * (a.along_m - b.along_m) / (a.speed_m_s + b.speed_m_s)


def peak_left(t90_s: float, width_s: float) -> float:
    """What a first-order sensor leaves of a plume's peak: the share of a Gaussian of that standard deviation (s)."""
    t = np.arange(-6.0 * width_s, 6.0 * width_s + 5.0 * t90_s, min(width_s, t90_s) / 20.0)
    plume = np.exp(-0.5 * (t / width_s) ** 2)
    gain = 1.0 - math.exp(-LN10 / t90_s * float(t[1] - t[0]))
    shown, best = 0.0, 0.0
    for concentration in plume:
        shown += gain * (float(concentration) - shown)
        best = max(best, shown)
    return best
