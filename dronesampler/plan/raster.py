"""How often each spot of an area is seen by a route, on a raster, kept up to date leg by leg."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from dronesampler.geo.local import Floats

Ints = NDArray[np.int64]


class SeenRaster:
    """Counts of legs that pass within `reach_m` of each cell of an area. `bare` is the number of cells never seen."""

    def __init__(self, area: shapely.Geometry, *, reach_m: float, cell_m: float, turned_rad: float = 0.0) -> None:
        """Rows run in direction `turned_rad`: oblique to the lines, so that thin gaps between them are met fairly."""
        cos, sin = math.cos(turned_rad), math.sin(turned_rad)
        self._turn = np.array([[cos, -sin], [sin, cos]])  # row vectors times this: turned back by the angle
        area = affinity.rotate(area, -turned_rad, origin=(0, 0), use_radians=True)
        west, south, east, north = area.bounds
        self._origin = np.array([west - reach_m, south - reach_m])
        self._cell_m, self._reach_m, self.cell_m2 = cell_m, reach_m, cell_m * cell_m
        self._columns = int((east - west + 2 * reach_m) / cell_m) + 2
        self._rows = int((north - south + 2 * reach_m) / cell_m) + 2
        x = self._origin[0] + (np.arange(self._columns) + 0.5) * cell_m
        y = self._origin[1] + (np.arange(self._rows) + 0.5) * cell_m
        shapely.prepare(area)
        inside = shapely.contains_xy(area, *np.meshgrid(x, y))
        self._inside: NDArray[np.int8] = inside.ravel().astype(np.int8)
        self._counts: NDArray[np.int32] = np.zeros(self._inside.size, np.int32)
        self.cells = int(self._inside.sum())
        self.bare = self.cells

    def leg(self, start: Floats, end: Floats) -> Ints:
        """The cells within reach of a leg, as flat indices: an interval in each row, as the capsule is convex."""
        a, b = ((p @ self._turn - self._origin) / self._cell_m - 0.5 for p in (start, end))
        r = self._reach_m / self._cell_m
        low, high = min(a[1], b[1]) - r, max(a[1], b[1]) + r
        rows = np.arange(max(int(np.ceil(low)), 0), min(int(np.floor(high)), self._rows - 1) + 1)
        left, right = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
        for x, y in (a, b):
            square = r * r - (rows - y) ** 2
            half = np.sqrt(np.where(square >= 0.0, square, np.nan))
            np.fmin(left, x - half, out=left)
            np.fmax(right, x + half, out=right)
        self._widen(left, right, rows, leg=(a, b), r=r)
        first = np.maximum(np.ceil(left), 0).astype(np.int64)
        last = np.minimum(np.floor(right), self._columns - 1).astype(np.int64)
        counts = np.maximum(last - first + 1, 0)
        offsets = np.repeat(rows * self._columns + first - np.r_[0, np.cumsum(counts)[:-1]], counts)
        return np.asarray(offsets + np.arange(int(counts.sum())))

    def add(self, cells: Ints) -> None:
        self._counts[cells] += 1
        self.bare -= int(self._inside[cells[self._counts[cells] == 1]].sum())

    def remove(self, cells: Ints) -> None:
        self._counts[cells] -= 1
        self.bare += int(self._inside[cells[self._counts[cells] == 0]].sum())

    @staticmethod
    def _widen(left: Floats, right: Floats, rows: Ints, *, leg: tuple[Floats, Floats], r: float) -> None:
        """The straight sides of the capsule: the rectangle's interval in each row."""
        (ax, ay), (bx, by) = leg
        length = float(np.hypot(bx - ax, by - ay))
        if length < 1e-9:
            return
        nx, ny = -(by - ay) / length * r, (bx - ax) / length * r
        corners = [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            if abs(y1 - y0) < 1e-12:
                continue
            t = (rows - y0) / (y1 - y0)
            x = np.where((t >= 0.0) & (t <= 1.0), x0 + t * (x1 - x0), np.nan)
            np.fmin(left, x, out=left)
            np.fmax(right, x, out=right)
