"""When something happened, and the root of all that can."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something arrived: this program's monotonic and wall time, and the vehicle's boot time where known."""

    monotonic_s: float
    unix_s: float
    boot_s: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """The root of all events."""

    at: Stamp
