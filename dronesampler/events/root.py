"""When something happened, and the root of all that can."""

from dataclasses import dataclass
from typing import Self

from dronesampler.clock import Clock


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something arrived: this program's monotonic and wall time, and the vehicle's boot time where known."""

    monotonic_s: float
    unix_s: float
    boot_s: float | None = None

    @classmethod
    def now(cls, clock: Clock) -> Self:
        """Of something that happens in this program."""
        return cls(clock.monotonic_s(), clock.unix_s())


@dataclass(frozen=True, slots=True)
class Event:
    """The root of all events."""

    at: Stamp
