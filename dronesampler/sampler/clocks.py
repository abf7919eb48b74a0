"""Foreign clocks on ours: the vehicle's, an instrument's. Offset and drift with an uncertainty; steps are events."""

import math
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dronesampler.columns import Floats
from dronesampler.texts import Text

WINDOW_S = 120.0
STEP_S = 0.5  # beyond this a clock was set, below it the link was slow or the clock drifts
_STEADY = 8  # so many samples on end that are late by more than a step: the clock was set, the link is not slow
_RESTART_S = 5.0
DRIFT_PPM = 500.0  # a quartz keeps 100
_FEWEST_FOR_DRIFT = 20
_APART_S = 0.1
_MOST_SLOPE = 0.1  # what slopes more is no clock but a backlog that comes all at once
_BURST = 0.04  # of a step: messages closer than that on arrival come out of one buffer

STEPPED = Text("{clock} 时钟跳变 {by:+.2f} 秒", "the {clock} clock stepped by {by:+.2f} s")
RESTARTED = Text("{clock} 时钟从头开始：设备重启", "the {clock} clock began anew: the device restarted")
DRIFTS = Text("{clock} 时钟走偏 {ppm:+.0f} ppm", "the {clock} clock drifts by {ppm:+.0f} ppm")


class Change(StrEnum):
    """What can happen to a clock."""

    STEP = "step"
    RESTART = "restart"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """A foreign clock did something, noticed at `ours_s`. `by` is seconds for a step, parts per million for a drift."""

    clock: str
    change: Change
    ours_s: float
    by: float

    def text(self) -> Text:
        form = {Change.STEP: STEPPED, Change.RESTART: RESTARTED, Change.DRIFT: DRIFTS}[self.change]
        return form.with_(clock=self.clock, by=self.by, ppm=self.by)


class ClockMap:
    """Maps one foreign clock to ours from pairs of its time and the arrival here, and from round trips if any.

    A message cannot arrive before it was sent: the true offset lies under all of arrival − sent. The line under the
    points of a window (an edge of their lower convex hull, Moon et al. 1999) follows offset and drift through any
    jitter. It includes the least delay of the link, which only round trips (TIMESYNC) can tell; without them it is
    part of the uncertainty. Owned by one thread.
    """

    def __init__(
        self,
        name: str,
        *,
        window_s: float = WINDOW_S,
        least_delay_s: float = 0.02,
        step_s: float = STEP_S,
        same_link: "ClockMap | None" = None,
    ) -> None:
        """`step_s` is what a clock must be off by to have been set: more than the computer itself may stall.

        `same_link` is a clock whose messages come the same way: what its round trips say of the least delay holds
        here too, so that two devices on one link are not put apart by correcting only one.
        """
        self.name = name
        self._same_link = same_link
        self._step_s = step_s
        self._window_s = window_s
        self._least_delay_s = least_delay_s  # what a link's least delay may be while no round trip says it
        self._points: deque[tuple[float, float]] = deque()  # foreign time, arrival − foreign
        self._trips: deque[tuple[float, float, float]] = deque()  # foreign time, offset, round trip
        self._line: tuple[float, float, float] | None = None  # at foreign time, offset there, slope
        self._spread = 0.0
        self._late = 0
        self._ours_s = -math.inf  # when the last message arrived
        self._told_ppm = 0.0
        self._stale, self._fitted_at_s = True, -math.inf

    def arrived(self, foreign_s: float, ours_s: float) -> tuple[ClockChanged, ...]:
        """A message that carries its time came in."""
        if not (math.isfinite(foreign_s) and math.isfinite(ours_s)):
            return ()
        changes = self._noticed(foreign_s, ours_s)
        self._keep(foreign_s, ours_s - foreign_s)
        return changes + self._drifted(ours_s)

    def _keep(self, foreign_s: float, late_s: float) -> None:
        """One point a tenth of a second, the lowest: what lies above it can never touch the line."""
        if self._points and 0.0 <= foreign_s - self._points[-1][0] < _APART_S:
            if late_s >= self._points[-1][1]:
                return
            self._points.pop()
        self._points.append((foreign_s, late_s))
        while self._points[0][0] < foreign_s - self._window_s:
            self._points.popleft()
        self._stale = len(self._points) < 4 * _FEWEST_FOR_DRIFT or foreign_s > self._fitted_at_s + self._step_s

    def answered(self, sent_s: float, foreign_s: float, received_s: float) -> None:
        """A round trip: sent and received by our clock, the foreign time in between (TIMESYNC)."""
        trip = received_s - sent_s
        if trip < 0.0 or not math.isfinite(foreign_s):
            return
        self._trips.append((foreign_s, 0.5 * (sent_s + received_s) - foreign_s, trip))
        while self._trips[0][0] < foreign_s - self._window_s:
            self._trips.popleft()

    def to_ours(self, foreign_s: float) -> float | None:
        """Our time for a foreign one; None while nothing is known."""
        line = self._fitted()
        if line is None:
            best = self._best_trip()
            return None if best is None else foreign_s + best[1]
        at_s, offset_s, slope = line
        return foreign_s + offset_s + slope * (foreign_s - at_s) - self._least_one_way_s()

    @property
    def uncertainty_s(self) -> float:
        """One standard deviation of `to_ours`, infinite while nothing is known."""
        best = self._best_trip()
        if best is not None:
            return 0.5 * best[2] / math.sqrt(3.0)
        if self._points and self._same_link is not None and self._same_link.round_trip_s is not None:
            return math.hypot(self._same_link.uncertainty_s, self._spread_s() / math.sqrt(len(self._points)))
        return math.inf if not self._points else self._least_delay_s + self._spread_s() / math.sqrt(len(self._points))

    @property
    def round_trip_s(self) -> float | None:
        """The shortest round trip of the last minutes, None where there was none."""
        best = self._best_trip()
        return None if best is None else best[2]

    @property
    def offset_s(self) -> float | None:
        """What is added to the foreign time to get ours, at the last message; None while nothing is known."""
        newest = self._points[-1][0] if self._points else (self._trips[-1][0] if self._trips else None)
        ours_s = None if newest is None else self.to_ours(newest)
        return None if ours_s is None or newest is None else ours_s - newest

    @property
    def drift_ppm(self) -> float:
        """By how much the foreign clock is fast (positive) or slow; 0 while not known."""
        line = self._fitted()
        return 0.0 if line is None else (1.0 / (1.0 + line[2]) - 1.0) * 1e6

    def _noticed(self, foreign_s: float, ours_s: float) -> tuple[ClockChanged, ...]:
        """Whether this pair fits what is known; if it does not, what was known is dropped."""
        burst, self._ours_s = 0.0 <= ours_s - self._ours_s < _BURST * self._step_s, ours_s
        expected = self.to_ours(foreign_s)
        if expected is None:
            return ()
        if self._points and foreign_s < self._points[-1][0] - _RESTART_S and foreign_s < 0.5 * self._points[-1][0]:
            return self._forget(ClockChanged(self.name, Change.RESTART, ours_s, foreign_s - self._points[-1][0]))
        late_s = ours_s - expected
        if burst and late_s < -self._step_s:
            self._forget_points()  # what came before was held up on the way, not made by another clock
            return ()
        # Jitter only makes late: what comes early beyond it is a step; what stays late by much is one too.
        self._late = self._late + 1 if late_s > self._step_s + 3.0 * self._spread_s() else 0
        if late_s < -self._step_s or (self._late >= _STEADY and late_s > self._step_s):
            return self._forget(ClockChanged(self.name, Change.STEP, ours_s, -late_s))
        return ()

    def _forget(self, change: ClockChanged) -> tuple[ClockChanged, ...]:
        self._trips.clear()
        self._forget_points()
        return (change,)

    def _forget_points(self) -> None:
        self._points.clear()
        self._late, self._stale, self._line, self._fitted_at_s = 0, True, None, -math.inf

    def _drifted(self, ours_s: float) -> tuple[ClockChanged, ...]:
        if len(self._points) < _FEWEST_FOR_DRIFT or self._points[-1][0] - self._points[0][0] < 0.5 * self._window_s:
            return ()
        ppm = self.drift_ppm
        # A computer that stalls longer does so over fewer seconds of a window: the slope suffers twice.
        if abs(ppm - self._told_ppm) < DRIFT_PPM * (self._step_s / STEP_S) ** 2:
            return ()
        self._told_ppm = ppm
        return (ClockChanged(self.name, Change.DRIFT, ours_s, ppm),)

    def _fitted(self) -> tuple[float, float, float] | None:
        if self._stale and self._points:
            points = np.array(self._points)
            self._line = at_s, offset_s, slope = lower_line(points)
            self._spread = float(np.median(points[:, 1] - offset_s - slope * (points[:, 0] - at_s)))
            self._stale, self._fitted_at_s = False, self._points[-1][0]
        return self._line

    def _best_trip(self) -> tuple[float, float, float] | None:
        return min(self._trips, key=lambda t: t[2], default=None)

    def _least_one_way_s(self) -> float:
        """The link's least delay by the shortest round trip against the line; 0 while none is known."""
        best, line = self._best_trip(), self._fitted()
        if best is None and self._same_link is not None:
            return self._same_link._least_one_way_s()
        if best is None or line is None:
            return 0.0
        return max(line[1] + line[2] * (best[0] - line[0]) - best[1], 0.0)

    def _spread_s(self) -> float:
        """How far above the line the points lie, in the middle: the link's jitter."""
        self._fitted()
        return self._spread


def lower_line(points: Floats) -> tuple[float, float, float]:
    """The edge of the lower convex hull under the middle of the points: at time, offset there, slope. Shape (n, 2).

    With too few points, or over too short a time to tell a slope, a level line through the lowest.
    """
    points = points[np.argsort(points[:, 0], kind="stable")]
    hull = _lower_hull(points)
    lowest = points[int(np.argmin(points[:, 1]))]
    if len(hull) < 2 or len(points) < _FEWEST_FOR_DRIFT or points[-1, 0] - points[0, 0] < 10.0:
        return float(lowest[0]), float(lowest[1]), 0.0
    middle = float(points[:, 0].mean())
    right = min(max(bisect_left([p[0] for p in hull], middle), 1), len(hull) - 1)
    (x0, y0), (x1, y1) = hull[right - 1], hull[right]
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    if abs(slope) > _MOST_SLOPE:
        return float(lowest[0]), float(lowest[1]), 0.0
    return x0, y0, slope


def _lower_hull(points: Floats) -> list[tuple[float, float]]:
    """Andrew's monotone chain."""
    hull: list[tuple[float, float]] = []
    for x, y in points.tolist():
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], (x, y)):
            hull.pop()
        if hull and hull[-1][0] == x:
            if y >= hull[-1][1]:
                continue
            hull.pop()
        hull.append((x, y))
    return hull


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0.0


def mapped(foreign_s: Floats, ours_s: Floats, *, window_s: float = 20.0) -> Floats:
    """A whole log's foreign times on our clock at once: the lower line of a window about each, restarts apart."""
    result = np.array(ours_s, float)
    breaks = np.flatnonzero(np.diff(foreign_s) < -_RESTART_S) + 1
    for part in np.split(np.arange(len(foreign_s)), breaks):
        if len(part) >= _FEWEST_FOR_DRIFT:
            result[part] = _mapped_part(foreign_s[part], ours_s[part], window_s)
    return result


def _mapped_part(foreign_s: Floats, ours_s: Floats, window_s: float) -> Floats:
    points = np.column_stack([foreign_s, ours_s - foreign_s])
    knots = np.arange(foreign_s[0], foreign_s[-1] + window_s / 2, window_s / 2)
    offsets = []
    for knot in knots:
        near = points[np.abs(points[:, 0] - knot) <= window_s]
        at_s, offset_s, slope = lower_line(near if len(near) else points)
        offsets.append(offset_s + slope * (knot - at_s))
    return np.asarray(foreign_s + np.interp(foreign_s, knots, offsets))


class WallClockWatch:
    """Notices steps of this computer's own wall clock against its monotonic one. Owned by one thread."""

    def __init__(self, name: str = "computer", *, least_s: float = 0.2) -> None:
        self._name = name
        self._least_s = least_s
        self._skew_s: float | None = None

    def at(self, monotonic_s: float, unix_s: float) -> ClockChanged | None:
        """A step since the last look, if there was one."""
        skew_s = unix_s - monotonic_s
        before, self._skew_s = self._skew_s, skew_s
        if before is None or abs(skew_s - before) < self._least_s:
            return None
        return ClockChanged(self._name, Change.STEP, monotonic_s, skew_s - before)
