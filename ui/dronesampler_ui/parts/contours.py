"""Isolines of what was read, only where it was flown: nothing is drawn further from a reading than a stated reach."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Readings
from dronesampler.geo import LocalFrame

Floats = NDArray[np.float64]

REACH_M = 25.0
LEVELS_MG_M3 = (0.5, 1.0, 2.0, 4.0, 10.0, 20.0, 30.0, 50.0, 100.0, 300.0)
MOST_CELLS = 360  # along the longer side
FINEST_M = 4.0


@dataclass(frozen=True, slots=True)
class Isoline:
    """One level: pieces of its lines as x0, y0, x1, y1 in metres of the frame, shape (n, 4)."""

    level_mg_m3: float
    pieces_m: Floats


@dataclass(frozen=True, slots=True)
class Isolines:
    """Lines of equal concentration, lowest first."""

    frame: LocalFrame
    lines: tuple[Isoline, ...]
    reach_m: float


def isolines_of(readings: Readings, frame: LocalFrame, *, reach_m: float = REACH_M) -> Isolines:
    """Lines through the mean reading about each place, weighted by distance (Gaussian of half the reach).

    A cell is used only where a reading was taken within `reach_m` of it; a line ends at the edge of what was flown.
    """
    r = readings
    good = r.ok & np.isfinite(r.value_mg_m3 + r.lat_deg + r.lon_deg)
    if good.sum() < 3:
        return Isolines(frame, (), reach_m)
    x, y = frame.to_xy(r.lat_deg[good], r.lon_deg[good])
    value = r.value_mg_m3[good]
    cell = max(FINEST_M, float(max(np.ptp(x), np.ptp(y))) / MOST_CELLS)
    west, south = float(x.min()) - reach_m - 2 * cell, float(y.min()) - reach_m - 2 * cell
    columns, rows = (int((edge + reach_m + 3 * cell) / cell) + 1 for edge in (np.ptp(x) + reach_m, np.ptp(y) + reach_m))
    at = ((y - south) / cell).astype(np.intp) * columns + ((x - west) / cell).astype(np.intp)
    count = np.bincount(at, minlength=rows * columns).reshape(rows, columns).astype(float)
    total = np.bincount(at, value, minlength=rows * columns).reshape(rows, columns).astype(float)
    field = _smooth(total, count, reach_m / 2 / cell, within=reach_m / cell)
    wanted = [v for v in LEVELS_MG_M3 if np.nanmin(field) < v < np.nanmax(field)]
    offset = np.array([west + cell / 2, south + cell / 2] * 2)
    return Isolines(frame, tuple(Isoline(v, crossings(field, v) * cell + offset) for v in wanted), reach_m)


def _smooth(total: Floats, count: Floats, sigma: float, *, within: float) -> Floats:
    """The weighted mean about each cell, NaN further from a reading than `within` cells."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    # One flight line over another should not count as one reading does over many.
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    flown = (count > 0).astype(float)
    weight = gaussian_filter(flown, sigma, mode="constant", truncate=4.0)
    field = np.divide(gaussian_filter(mean, sigma, mode="constant", truncate=4.0), weight,
                      out=np.full_like(total, np.nan), where=weight > 1e-9)  # fmt: skip
    field[distance_transform_edt(count == 0) > within] = np.nan
    return np.asarray(field)


def crossings(field: Floats, level: float) -> Floats:
    """Where the field passes a level, as pieces x0, y0, x1, y1 in cells, shape (n, 4) (marching squares).

    Squares with a corner that is not known are left out. A saddle is parted by the mean of its corners.
    """
    a, b, c, d = field[:-1, :-1], field[:-1, 1:], field[1:, 1:], field[1:, :-1]  # counter-clockwise from x, y
    known = np.isfinite(a + b + c + d)
    case = (a > level) * 1 + (b > level) * 2 + (c > level) * 4 + (d > level) * 8
    row, column = np.nonzero(known & (case > 0) & (case < 15))
    case = case[row, column]
    corners = np.stack([v[row, column] for v in (a, b, c, d)])
    sides = _sides(corners, level) + np.stack([column, row], axis=1)[None].astype(float)
    saddle_high = corners.mean(axis=0) > level
    pieces = []
    for number, pairs in _PAIRS.items():
        for k, (first, second) in enumerate(pairs):
            chosen = case == number
            if number in (5, 10):
                chosen &= saddle_high == (k < 2)
            pieces.append(np.concatenate([sides[first][chosen], sides[second][chosen]], axis=1))
    return np.concatenate(pieces)


# Sides: 0 bottom (a-b), 1 right (b-c), 2 top (d-c), 3 left (a-d); for saddles first the pairs of a high middle.
_PAIRS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 3),), 2: ((0, 1),), 3: ((1, 3),), 4: ((1, 2),), 6: ((0, 2),), 7: ((2, 3),), 8: ((2, 3),), 9: ((0, 2),),
    11: ((1, 2),), 12: ((1, 3),), 13: ((0, 1),), 14: ((0, 3),),
    5: ((0, 1), (2, 3), (0, 3), (1, 2)), 10: ((0, 3), (1, 2), (0, 1), (2, 3)),
}  # fmt: skip


def _sides(corners: Floats, level: float) -> Floats:
    """Where the level lies on each side of a unit square, shape (4, n, 2); meaningless where it does not pass."""
    a, b, c, d = corners

    def part(first: Floats, second: Floats) -> Floats:
        span = second - first
        return np.clip(np.divide(level - first, span, out=np.full_like(span, 0.5), where=span != 0), 0.0, 1.0)

    zero, one = np.zeros_like(a), np.ones_like(a)
    places = ((part(a, b), zero), (one, part(b, c)), (part(d, c), one), (zero, part(a, d)))
    return np.stack([np.stack(place, axis=1) for place in places])
