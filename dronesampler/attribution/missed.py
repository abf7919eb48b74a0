"""Where a source may stand that was missed, and the lines across the whole area that would see it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy import special

from dronesampler.attribution.doubt import EXISTS, SPEED_M_S, Air, Floats, Offer, mutual
from dronesampler.geo import LocalFrame
from dronesampler.plume.dispersion import sigmas_m
from dronesampler.plume.kernel import MG_A_G

MISSED = 0.3  # sources that a first flight leaves unseen in a park
CELL_M, SHORTEST_M, NEAREST_M = 40.0, 30.0, 20.0
OVER_M = 50.0  # a source at the downwind edge is only seen outside
HEIGHT_M, SOURCE_HEIGHT_M, SEEN_SIGMAS, BELIEVED = 20.0, 9.0, 5.0, 0.7
LEAST_REACH = 0.15  # a chance to see below which a cell is out of reach


@dataclass(frozen=True, slots=True)
class Search:
    """Where a source may stand that was missed: cells of the area (n, 2) and the chance that one is in each."""

    corners: Floats
    cells: Floats
    missed: Floats

    @classmethod
    def over(cls, frame: LocalFrame, area: Sequence[tuple[float, float]]) -> "Search":
        corners = np.stack(frame.to_xy([p[0] for p in area], [p[1] for p in area]), axis=1)
        low, high = corners.min(axis=0), corners.max(axis=0)
        grid = np.meshgrid(*(np.arange(a + CELL_M / 2, b, CELL_M) for a, b in zip(low, high, strict=True)))
        cells = np.stack([g.ravel() for g in grid], axis=1)
        cells = cells[shapely.contains_xy(shapely.Polygon(corners), cells)]
        return cls(corners, cells, np.full(len(cells), MISSED / max(len(cells), 1)))

    def lines(self, air: Air) -> list[Offer]:
        """Lines across the wind through the area, one for each `CELL_M` along it."""
        along, across = air.axes
        shape = shapely.Polygon(self.corners).buffer(OVER_M, join_style="mitre")
        edge, out = shapely.get_coordinates(shape) @ along, []
        for at in np.arange(edge.min() + OVER_M, edge.max(), CELL_M):
            side = self._width(shape, at, air)
            if np.ptp(side) >= SHORTEST_M:
                begin, end = (at * along + s * across for s in (side.min(), side.max()))
                out.append(Offer(-1, begin, end, HEIGHT_M, 0.0, np.zeros((4, 4)), 0.0, self._reach(air, at)))
        return out

    def _width(self, shape: shapely.Polygon, at: float, air: Air) -> Floats:
        """Where a line across the wind runs inside the area, metres across."""
        along, across = air.axes
        c = shapely.get_coordinates(shape) @ across
        line = shapely.LineString([at * along + side * across for side in (c.min() - 1.0, c.max() + 1.0)])
        found = shapely.get_coordinates(shapely.intersection(shape, line)) @ across
        return found if len(found) else np.zeros(1)

    def _reach(self, air: Air, at: float) -> Floats:
        """The chance that a line at a distance along the wind sees a source in each cell, whatever it emits."""
        x = at - self.cells @ air.axes[0]
        down = x > NEAREST_M
        out = np.zeros(len(x))
        sy, sz = (np.hypot(s, 3.0) for s in sigmas_m(x[down], air.spread))
        both = sum(np.exp(-0.5 * ((HEIGHT_M + k * SOURCE_HEIGHT_M) / sz) ** 2) for k in (-1.0, 1.0))
        least = SEEN_SIGMAS * air.noise_mg_m3 * 2.0 * math.pi * air.wind_m_s * sy * sz / (MG_A_G * both)
        shown = 1.0 - np.exp(-2.4 * sy / SPEED_M_S / max(air.tau_s, 1e-3))
        out[down] = 0.5 * special.erfc(np.log(np.maximum(least / shown, 1e-9)) / math.sqrt(2.0))
        return out

    def gain(self, o: Offer) -> float:
        assert o.reach is not None
        within = o.reach > LEAST_REACH
        here = float(self.missed[within].sum())
        return EXISTS * mutual(here, float(o.reach[within] @ self.missed[within]) / here) if here > 0.0 else 0.0

    def after(self, o: Offer) -> "Search":
        assert o.reach is not None
        return replace(self, missed=self.missed * (1.0 - BELIEVED * o.reach))
