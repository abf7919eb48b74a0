"""A route in local metres and heights above ground, before it becomes a mission."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class Stop:
    """A point of the route. `speed_m_s` holds from this stop on; None leaves it as it is."""

    x_m: float
    y_m: float
    height_agl_m: float
    hold_s: float = 0.0
    note: str = ""
    speed_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Stops in order, the speed at its start, and why speed and spacing are what they are."""

    stops: tuple[Stop, ...]
    speed_m_s: float
    why: tuple[Text, ...] = ()

    def xy(self) -> Floats:
        """Positions, shape (n, 2)."""
        return np.array([(s.x_m, s.y_m) for s in self.stops]).reshape(-1, 2)


def stops_along(points: Iterable[Iterable[float]], height_agl_m: float, *, note: str = "") -> list[Stop]:
    """Stops at one height."""
    return [Stop(float(x), float(y), height_agl_m, note=note) for x, y in points]
