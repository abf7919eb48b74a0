"""Parallel lines over an area: which directions and offsets are worth trying, cheapest estimate first."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity

from dronesampler.geo.local import Floats
from dronesampler.plan.area import lines, polygons

MIN_EDGE_M = 15.0  # shorter edges do not suggest a direction
SAME_ANGLE_DEG = 1.0
MAX_ANGLES = 14
OFFSETS = 8
WIDER = 1.004  # lines this much farther apart still see 99.6 %: worth it where it saves a whole line
TURN_SAVING_M = 12.0  # what trimming both ends of a line saves, less what reaching its neighbour costs in corners
REPAIR_M2_M = 8.0  # area that a metre of extra flight covers when it fills what the lines left bare


@dataclass(frozen=True, slots=True)
class Swaths:
    """Lines of one direction, shape (n, 2, 2) as (start, end), and what a route over them is thought to cost."""

    angle_rad: float
    ends: Floats
    estimate_m: float
    reach_m: float  # half the distance between lines, or what was asked for where that is more


def candidates(inner: shapely.Geometry, *, spacing_m: float, reach_m: float) -> list[Swaths]:
    """Line sets for all promising directions and offsets, the cheapest estimate first.

    Lines are 2 `reach_m` apart, or up to `spacing_m` where that saves a whole line.
    """
    found = []
    for angle in _angles(inner):
        turned = affinity.rotate(inner, -angle, origin=(0, 0), use_radians=True)
        shapely.prepare(turned)
        for levels in _offsets(turned, spacing_m=spacing_m, reach_m=reach_m):
            swaths = _lay(turned, levels, angle_rad=angle, reach_m=reach_m)
            if swaths is not None:
                found.append(swaths)
    return sorted(found, key=lambda s: s.estimate_m)


def axis_line(area: shapely.Geometry) -> Floats:
    """One line along the longer axis, shape (1, 2, 2), for what is too small to be shrunk."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    sides = np.diff(corners, axis=0)[:2]
    long = sides[int(np.argmax(np.hypot(*sides.T)))]
    middle = corners[:4].mean(axis=0)
    pieces = lines(shapely.intersection(shapely.linestrings([middle - long, middle + long]), area))
    best = max(pieces, key=lambda p: float(np.hypot(*(p[-1] - p[0]))))
    start, end = best[0], best[-1]
    return np.array([[start + 0.1 * (end - start), end - 0.1 * (end - start)]])


def _angles(inner: shapely.Geometry) -> list[float]:
    """Directions of the edges, the longest first, near ones once."""
    found: list[tuple[float, float]] = []
    for part in polygons(inner):
        for ring in (part.exterior, *part.interiors):
            step = np.diff(shapely.get_coordinates(ring), axis=0)
            found += [(float(np.hypot(x, y)), math.atan2(y, x) % math.pi) for x, y in step]
    longest = max(length for length, _ in found)
    kept: list[float] = []
    for length, angle in sorted(found, reverse=True):
        if length >= min(MIN_EDGE_M, longest) and all(_apart_deg(angle, k) > SAME_ANGLE_DEG for k in kept):
            kept.append(angle)
    return kept[:MAX_ANGLES]


def _apart_deg(a: float, b: float) -> float:
    return math.degrees(min(abs(a - b), math.pi - abs(a - b)))


def _offsets(turned: shapely.Geometry, *, spacing_m: float, reach_m: float) -> list[Floats]:
    """Heights of the lines: evenly spread with no gap, centred with one line fewer, and at full spacing shifted."""
    _, low, _, high = turned.bounds
    width = high - low
    count = max(math.ceil(width / spacing_m - 1e-6), 1)
    middle, step = (low + high) / 2, 2.0 * reach_m
    fewest = max(math.ceil(width / (spacing_m * WIDER)), 1)
    options = [low + (np.arange(n) + 0.5) * width / n for n in sorted({count, fewest})]
    if count > 1:
        options.append(middle + (np.arange(count - 1) - (count - 2) / 2) * step)
        shifts = np.linspace(0.3, 0.75, OFFSETS) * step
        options += [np.arange(low + shift, high - 0.2 * step, step) for shift in shifts]
    return options


def _lay(turned: shapely.Geometry, levels: Floats, *, angle_rad: float, reach_m: float) -> Swaths | None:
    west, _, east, _ = turned.bounds
    across = shapely.linestrings([[(west - 1.0, y), (east + 1.0, y)] for y in levels])
    pieces = [piece for cut in shapely.intersection(across, turned) for piece in lines(cut)]
    pieces = [p for p in pieces if abs(p[-1, 0] - p[0, 0]) > 0.5]
    if not pieces:
        return None
    ends = np.array([(p[0], p[-1]) for p in pieces])
    x, y = np.sort(ends[:, :, 0], axis=1), ends[:, 0, 1]
    spacing_m = float(levels[1] - levels[0]) if len(levels) > 1 else 2.0 * reach_m
    half = spacing_m / 2
    boxes = shapely.box(x[:, 0] - half, y - half, x[:, 1] + half, y + half)
    bare = turned.area - float(shapely.area(shapely.intersection(boxes, turned)).sum())
    length = float((x[:, 1] - x[:, 0]).sum()) + len(ends) * (spacing_m - TURN_SAVING_M)
    extra = max(bare - 0.003 * turned.area, 0.0) / REPAIR_M2_M
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    turned_back = ends @ np.array([[cos, sin], [-sin, cos]])
    return Swaths(angle_rad, turned_back, length + extra, max(reach_m, half))
