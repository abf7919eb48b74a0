"""What a route left bare, and the short stretches that would show it at the least cost."""

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry import Polygon as Shape

from dronesampler.geo.local import Floats
from dronesampler.plan.area import polygons

_SMALLEST_M2 = 2.0


def fillings(inner: shapely.Geometry, route: Floats, *, reach_m: float, share_seen: float) -> Floats:
    """Stretches, shape (n, 2, 2), to add to a route until that share is seen; a point is a stretch of no length."""
    bare = unseen(inner, route, reach_m)
    missing = bare.area - (1.0 - share_seen) * inner.area
    options = [_filling(inner, route, piece, reach_m=reach_m) for piece in polygons(bare) if piece.area > _SMALLEST_M2]
    chosen = []
    for _, gain_m2, stretch in sorted(options, key=lambda o: -o[0]):
        if missing <= 0.0:
            break
        chosen.append(stretch)
        missing -= gain_m2
    return np.array(chosen).reshape(-1, 2, 2)


def unseen(inner: shapely.Geometry, route: Floats, reach_m: float) -> shapely.Geometry:
    """What of an area lies farther than `reach_m` from a route."""
    legs = shapely.linestrings(np.stack([route[:-1], route[1:]], axis=1))
    # a hair more, so that lines exactly two reaches apart leave no slit that ties separate pieces together
    return inner.difference(shapely.union_all(shapely.buffer(legs, reach_m + 1e-3, quad_segs=8)))


def _filling(inner: shapely.Geometry, route: Floats, piece: Shape, *, reach_m: float) -> tuple[float, float, Floats]:
    """Area gained for each metre of detour, the area, and the stretch along the longer axis of a bare piece."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
    sides = np.diff(box, axis=0)[:2]
    lengths = np.hypot(*sides.T)
    long = int(np.argmax(lengths))
    half = max(lengths[long] / 2 - 0.8 * reach_m, 0.0) * sides[long] / max(lengths[long], 1e-9)
    middle = box[:4].mean(axis=0)
    stretch = np.array([_onto(inner, middle - half), _onto(inner, middle + half)])
    shown = LineString(stretch).buffer(reach_m) if np.ptp(stretch, axis=0).any() else Point(stretch[0]).buffer(reach_m)
    gain = float(piece.intersection(shown).area)
    return gain / max(_detour(route, stretch), 0.5), gain, stretch


def _onto(inner: shapely.Geometry, point: Floats) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.shortest_line(inner, Point(point)))[0])


def _detour(route: Floats, stretch: Floats) -> float:
    """The cheapest insertion of the stretch into a leg, either way round."""
    a, b = route[:-1], route[1:]
    leg = np.hypot(*(b - a).T)
    own = float(np.hypot(*(stretch[1] - stretch[0])))
    ways = [np.hypot(*(a - p).T) + np.hypot(*(b - q).T) for p, q in (stretch, stretch[::-1])]
    return float((np.minimum(*ways) - leg).min()) + own
