"""Shorten a route corner by corner for as long as it still sees enough."""

from itertools import pairwise

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.plan.paths import Router
from dronesampler.plan.raster import Ints, SeenRaster

_RATES_M2_M = (1.0, 8.0)  # area given up for each metre saved, the cheap savings first
_STEPS_M = (7.0, 2.0)


def polished(route: Floats, *, raster: SeenRaster, inside: Router, approach: Router, share_seen: float) -> Floats:
    """The route with corners moved or left out while `share_seen` of the raster's cells stay seen; ends are fixed."""
    legs = [raster.leg(a, b) for a, b in pairwise(route)]
    for cells in legs:
        raster.add(cells)
    work = _Work([np.array(p) for p in route], legs, raster, inside, approach)
    allowed = int((1.0 - share_seen) * raster.cells)
    for rate in _RATES_M2_M:
        work.tighten(rate_m2_m=rate, allowed=allowed)
    for cells in work.legs:
        raster.remove(cells)
    return np.array(work.route)


class _Work:
    """The route being polished, with the cells that each leg sees."""

    def __init__(
        self, route: list[Floats], legs: list[Ints], raster: SeenRaster, inside: Router, approach: Router
    ) -> None:
        self.route, self.legs, self._raster = route, legs, raster
        self._inside, self._approach = inside, approach

    def tighten(self, *, rate_m2_m: float, allowed: int) -> None:
        """One pass over all corners."""
        k = 1
        while k < len(self.route) - 1:
            if self._leave_out(k, rate_m2_m, allowed):
                continue
            for step in _STEPS_M:
                while self._pull(k, step, rate_m2_m, allowed):
                    pass
            k += 1

    def _leave_out(self, k: int, rate_m2_m: float, allowed: int) -> bool:
        before, here, after = self.route[k - 1 : k + 2]
        saved = _length(before, here) + _length(here, after) - _length(before, after)
        if not self._clear(k, before, after):
            return False
        return self._try(k, [], saved_m=saved, rate_m2_m=rate_m2_m, allowed=allowed)

    def _pull(self, k: int, step_m: float, rate_m2_m: float, allowed: int) -> bool:
        """Try the corner nearer to either neighbour and nearer to the straight line between them."""
        before, here, after = self.route[k - 1 : k + 2]
        now = _length(before, here) + _length(here, after)
        for target in (before, after, _foot(before, after, here)):
            distance = _length(here, target)
            if distance < 0.5:
                continue
            there = here + (target - here) * min(step_m / distance, 1.0)
            saved = now - _length(before, there) - _length(there, after)
            if saved < 0.2 or not (self._clear(k, before, there) and self._clear(k, there, after)):
                continue
            if self._try(k, [there], saved_m=saved, rate_m2_m=rate_m2_m, allowed=allowed):
                return True
        return False

    def _clear(self, k: int, a: Floats, b: Floats) -> bool:
        router = self._approach if k in (1, len(self.route) - 2) else self._inside
        return bool(router.clear(a[None, :], b[None, :])[0])

    def _try(self, k: int, corner: list[Floats], *, saved_m: float, rate_m2_m: float, allowed: int) -> bool:
        """Replace corner k by none or one, and take it back when it loses too much sight."""
        raster = self._raster
        points = [self.route[k - 1], *corner, self.route[k + 1]]
        fresh = [raster.leg(a, b) for a, b in pairwise(points)]
        old, bare = self.legs[k - 1 : k + 1], raster.bare
        _swap(raster, old, fresh)
        lost = (raster.bare - bare) * raster.cell_m2
        if lost <= rate_m2_m * saved_m and (raster.bare <= allowed or raster.bare <= bare):
            self.route[k : k + 1] = corner
            self.legs[k - 1 : k + 1] = fresh
            return True
        _swap(raster, fresh, old)
        return False


def _swap(raster: SeenRaster, out: list[Ints], into: list[Ints]) -> None:
    for cells in into:
        raster.add(cells)
    for cells in out:
        raster.remove(cells)


def _length(a: Floats, b: Floats) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))


def _foot(a: Floats, b: Floats, p: Floats) -> Floats:
    along = b - a
    t = float((p - a) @ along) / max(float(along @ along), 1e-9)
    return np.asarray(a + along * min(max(t, 0.0), 1.0))
