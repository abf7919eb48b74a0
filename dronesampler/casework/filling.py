"""When to open the valve at the axis of a plume: a rule fed readings one by one, without a clock or a port of its own.

The rule watches for a rise above the background that is no chance, follows it to its top, and speaks once it is past
it: at the top itself nobody can know that it is the top.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from dronesampler.texts import Text

NO_VESSEL = Text("没有装好的采样容器", "no vessel is named")
VESSEL_TWICE = Text("采样容器“{vessel}”出现两次", "vessel {vessel!r} is named twice")
BAD_SECONDS = Text("充气时间必须大于零秒", "the time of filling must be more than zero seconds")
IN_THE_AIR = Text(
    "自动采样只能在起飞前由飞手启用", "filling by itself is armed by the pilot before take-off, not in the air"
)
BACKGROUND_S = 120.0
LEAST_READINGS = 15  # before that the background is not known
LEAST_NOISE_MG_M3 = 0.02  # an instrument that says the same number for a minute is not without noise
SIGNIFICANT = 5.0  # in standard deviations of the background
DROP_SIGMA, DROP_PART = 3.0, 0.15  # the top is passed when it fell by more than either
FALLING = 2  # readings in a row that must lie below the top


@dataclass(frozen=True, slots=True)
class FillOrder:
    """What the pilot armed before take-off: which vessels, how long each is filled, on which output."""

    vessels: tuple[str, ...]
    seconds: float
    output: int = 0
    relay: bool = True
    open_value: float = 1.0
    shut_value: float = 0.0
    quantity: str = ""  # "" for whatever the instrument gives
    least_excess_mg_m3: float = 0.0
    apart_s: float = 60.0  # between one filling's end and the next one's beginning

    def why_not(self, *, armed: bool, in_air: bool) -> Text | None:
        """Why it cannot be armed now, or None."""
        if armed or in_air:
            return IN_THE_AIR
        if not self.vessels:
            return NO_VESSEL
        twice = next((v for i, v in enumerate(self.vessels) if v in self.vessels[:i]), None)
        if twice is not None:
            return VESSEL_TWICE.with_(vessel=twice)
        return None if 0.0 < self.seconds < math.inf else BAD_SECONDS


class Move(Enum):
    """What the valve should do."""

    OPEN = "open"
    SHUT = "shut"
    SHUT_AGAIN = "shut again"  # where it was not seen to


@dataclass(frozen=True, slots=True)
class Valve:
    """An order to the valve, and for an opening the top that it answers."""

    move: Move
    vessel: str
    at_s: float
    top_mg_m3: float = math.nan
    top_s: float = math.nan
    background_mg_m3: float = math.nan
    sigmas: float = math.nan


class AxisWatch:
    """Fed one channel's readings in the order of time by one thread; says when a vessel's valve opens and shuts."""

    def __init__(self, order: FillOrder) -> None:
        self.order = order
        self._left = deque(order.vessels)
        self._calm: deque[tuple[float, float]] = deque()
        self._top: tuple[float, float] | None = None  # time, value
        self._below = 0
        self._answered = False  # a valve was opened for this top
        self._filling: tuple[str, float] | None = None  # vessel, since
        self._ready_s = -math.inf

    @property
    def left(self) -> tuple[str, ...]:
        """The vessels that are still empty."""
        return tuple(self._left)

    @property
    def filling(self) -> str | None:
        return self._filling[0] if self._filling else None

    def call_off(self) -> None:
        """Open no further vessel; one that is being filled is still shut in its time."""
        self._left.clear()

    def tick(self, now_s: float) -> Iterator[Valve]:
        """Shut what is full: the time counts even when no reading comes."""
        if self._filling and now_s - self._filling[1] >= self.order.seconds:
            vessel = self._filling[0]
            self._filling, self._ready_s = None, now_s + self.order.apart_s
            yield Valve(Move.SHUT, vessel, now_s)

    def after(self, time_s: float, value_mg_m3: float, *, ok: bool = True, in_air: bool = True) -> Iterator[Valve]:
        """What this reading asks for."""
        yield from self.tick(time_s)
        if not ok or not math.isfinite(value_mg_m3):
            return
        background, sigma = self._background(time_s)
        above = value_mg_m3 - background
        threshold = max(SIGNIFICANT * sigma, self.order.least_excess_mg_m3)
        if not math.isfinite(background) or (self._top is None and above <= threshold):
            self._calm.append((time_s, value_mg_m3))
            return
        if self._top is None or value_mg_m3 >= self._top[1]:
            self._top, self._below, self._answered = (time_s, value_mg_m3), 0, False
            return
        drop = max(DROP_SIGMA * sigma, DROP_PART * (self._top[1] - background))
        self._below = self._below + 1 if value_mg_m3 < self._top[1] - drop else 0
        free = self._left and not self._filling and time_s >= self._ready_s
        if self._below >= FALLING and in_air and free and not self._answered:
            self._answered = True
            yield self._opened(time_s, background, sigma=sigma)
        if above <= threshold:  # out of the plume: the next rise has a top of its own
            self._top = None

    def _background(self, now_s: float) -> tuple[float, float]:
        """Level and standard deviation of the last two minutes outside plumes; NaN while there is too little."""
        while self._calm and now_s - self._calm[0][0] > BACKGROUND_S and len(self._calm) > LEAST_READINGS:
            self._calm.popleft()
        if len(self._calm) < LEAST_READINGS:
            return math.nan, math.nan
        values = np.array([value for _, value in self._calm])
        level = float(np.median(values))
        return level, max(1.4826 * float(np.median(np.abs(values - level))), LEAST_NOISE_MG_M3)

    def _opened(self, time_s: float, background: float, *, sigma: float) -> Valve:
        assert self._top is not None
        top_s, top = self._top
        vessel = self._left.popleft()
        self._filling = (vessel, time_s)
        return Valve(Move.OPEN, vessel, time_s, top, top_s, background, (top - background) / sigma)
