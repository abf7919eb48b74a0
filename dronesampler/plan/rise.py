"""Heights above home that keep a route at its heights above ground, where the terrain is known."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.geo.terrain import Terrain
from dronesampler.plan.route import Stop
from dronesampler.plan.site import Site
from dronesampler.problems import BadInput
from dronesampler.texts import Text

HOME_UNKNOWN = Text(
    "起飞点没有地形数据，无法按地形规划：请换上覆盖园区的地形文件",
    "there is no terrain data at home: the plan cannot follow the ground, give a tile that covers the park",
)
SOME_UNKNOWN = Text(
    "{count} 个航点没有地形数据，按起飞点高度计算：离地高度未经核实",
    "no terrain data at {count} waypoints, home's ground is taken there: heights above ground are not verified",
)
STEP_M = 15.0
TOLERANCE_M = 2.0  # how far a leg may come off its height above ground between stops


class Rise:
    """How much the ground at a place is above home's. Flat without terrain, and where there is no data."""

    def __init__(self, site: Site, terrain: Terrain | None) -> None:
        self._site, self._terrain, self._home_m = site, terrain, 0.0
        if terrain is not None:
            self._home_m = float(terrain.height_m(*site.home_place))
            if math.isnan(self._home_m):
                raise BadInput(HOME_UNKNOWN)

    def at(self, xy: Floats) -> Floats:
        """Metres above home's ground, shape (n,) for places of shape (n, 2); NaN where there is no data."""
        if self._terrain is None:
            return np.zeros(len(xy))
        return np.asarray(self._terrain.height_m(*self._site.frame.to_lat_lon(xy[:, 0], xy[:, 1])) - self._home_m)

    def followed(self, stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
        """The stops with more between them wherever a straight leg would come off its height above ground."""
        if self._terrain is None:
            return stops
        out = list(stops[:1])
        for before, after in pairwise(stops):
            out += [*self._between(before, after), after]
        return tuple(out)

    def unknown(self, stops: tuple[Stop, ...]) -> tuple[Text, ...]:
        """A sentence where there is no data, nothing where all is known."""
        count = int(np.isnan(self.at(_places(stops))).sum())
        return (SOME_UNKNOWN.with_(count=count),) if count else ()

    def heights_home_m(self, stops: tuple[Stop, ...]) -> Floats:
        """Heights above home of the stops, shape (n,)."""
        return np.array([s.height_agl_m for s in stops]) + np.nan_to_num(self.at(_places(stops)))

    def _between(self, before: Stop, after: Stop) -> list[Stop]:
        a, b = _places((before, after))
        count = int(np.hypot(*(b - a)) // STEP_M)
        if count < 1:
            return []
        share = np.linspace(0.0, 1.0, count + 2)
        agl = before.height_agl_m + share * (after.height_agl_m - before.height_agl_m)
        wanted = agl + np.nan_to_num(self.at(a + share[:, None] * (b - a)))
        places = a + share[:, None] * (b - a)
        return [
            replace(after, x_m=float(places[k][0]), y_m=float(places[k][1]), height_agl_m=float(agl[k]), hold_s=0.0)
            for k in _needed(share, wanted)
        ]


def _places(stops: tuple[Stop, ...]) -> Floats:
    return np.array([(s.x_m, s.y_m) for s in stops]).reshape(-1, 2)


def _needed(share: Floats, wanted: Floats) -> list[int]:
    """Inner points that a line through the kept ones misses by more than the tolerance (Douglas and Peucker 1973)."""

    def split(first: int, last: int) -> list[int]:
        if last - first < 2:
            return []
        inner = np.arange(first + 1, last)
        line = np.interp(share[inner], share[[first, last]], wanted[[first, last]])
        off = np.abs(wanted[inner] - line)
        worst = int(inner[int(np.argmax(off))])
        return [*split(first, worst), worst, *split(worst, last)] if off.max() > TOLERANCE_M else []

    return split(0, len(share) - 1)
