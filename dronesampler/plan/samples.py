"""The way an aircraft would take, as points close together: along every leg and back home from every stop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.geo.local import Floats
from dronesampler.plan.check_context import Context
from dronesampler.plan.predict import Vector

STEP_M = 3.0
RETURN_STEP_M = 6.0
MAX_RETURNS = 60  # ways home looked at, spread over the route


@dataclass(frozen=True, slots=True)
class Samples:
    """Points of a way, shape (n,) each: east, north of the forecast's frame, height above home, the leg's item."""

    x_m: Floats
    y_m: Floats
    height_home_m: Floats
    item: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.x_m)


def along_route(context: Context) -> Samples:
    """Every leg but the climb and the landing at home, every 3 m."""
    legs = [leg for leg in context.forecast.legs if leg.length_m > 0.0 and leg.start[:2] != leg.end[:2]]
    return _points([(leg.start, leg.end, leg.item) for leg in legs], STEP_M)


def ways_back(context: Context) -> Samples:
    """Straight home at the return height, from stops spread over the route: what a failsafe would fly."""
    legs = [leg for leg in context.forecast.legs if leg.length_m > 0.0 and leg.item < len(context.mission.items)]
    chosen = legs[:: max(1, len(legs) // MAX_RETURNS)]
    ways = []
    for leg in chosen:
        up = max(leg.end[2], context.aircraft.return_height_m)
        ways.append(((leg.end[0], leg.end[1], up), (0.0, 0.0, up), leg.item))
    return _points(ways, RETURN_STEP_M)


def _points(ways: Sequence[tuple[Vector, Vector, int]], step_m: float) -> Samples:
    rows, items = [np.empty((0, 3))], [np.empty(0, np.int64)]
    for start, end, item in ways:
        a, b = np.array(start), np.array(end)
        count = max(int(np.ceil(np.hypot(*(b - a)[:2]) / step_m)), 1)
        rows.append(a + np.linspace(0.0, 1.0, count + 1)[:, None] * (b - a))
        items.append(np.full(count + 1, item))
    xyz = np.vstack(rows)
    return Samples(xyz[:, 0], xyz[:, 1], xyz[:, 2], np.concatenate(items))
