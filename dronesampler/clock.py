"""One clock for all parts of a patrol, handed in, with a factor when a simulated patrol runs faster than the wall."""

import sys
import time
from dataclasses import dataclass, field
from typing import Protocol

# Windows counts its monotonic clock in steps of 16 ms, which a fast simulation would feel; this one is finer there.
_monotonic_s = time.perf_counter if sys.platform == "win32" else time.monotonic


class Clock(Protocol):
    """What the program takes for the time. Only this module reads the computer's own clocks."""

    @property
    def factor(self) -> float:
        """Seconds of patrol time that pass in one second of wall time; 1.0 for anything real."""

    def monotonic_s(self) -> float:
        """Patrol seconds that never go back; only differences mean anything."""

    def unix_s(self) -> float:
        """Patrol time in seconds since 1970-01-01 UTC, as far as the computer knows it."""

    def sleep(self, seconds: float) -> None:
        """Wait that many patrol seconds."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The computer's own clocks."""

    factor: float = 1.0

    def monotonic_s(self) -> float:
        return _monotonic_s()

    def unix_s(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """A clock that runs `factor` times as fast as the wall from the moment `zero_unix_s` on.

    Processes that are given the same factor and zero agree on the time to within the skew of one computer's wall
    clock readings at start.
    """

    factor: float
    zero_unix_s: float
    _skew_s: float = field(default_factory=lambda: time.time() - _monotonic_s())

    def monotonic_s(self) -> float:
        return (_monotonic_s() + self._skew_s - self.zero_unix_s) * self.factor

    def unix_s(self) -> float:
        return self.zero_unix_s + self.monotonic_s()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0.0) / self.factor)


def clock_at(factor: float, zero_unix_s: float) -> Clock:
    """The system clock for factor 1, else a scaled one."""
    return SystemClock() if factor == 1.0 else ScaledClock(factor, zero_unix_s)


def patience(factor: float) -> float:
    """How much longer to wait for an answer where simulated time flies: the computer's own pauses pass by the wall."""
    return max(1.0, factor / 10.0)


class FakeClock:
    """A clock that stands still until it is told to move: the shipped fake for tests and for replay."""

    factor = 1.0

    def __init__(self, unix_s: float = 1_800_000_000.0) -> None:
        self._monotonic_s = 0.0
        self._unix_s = unix_s

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def unix_s(self) -> float:
        return self._unix_s

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Both clocks move on."""
        self._monotonic_s += seconds
        self._unix_s += seconds

    def step(self, seconds: float) -> None:
        """Only the wall clock jumps, as when an officer sets the time or NTP does."""
        self._unix_s += seconds
