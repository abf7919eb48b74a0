"""What lies near a point of the map: outlets and building edges to snap to, waypoints and legs to take hold of."""

from dataclasses import dataclass

import numpy as np

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.park import Park

Point = tuple[float, float]  # east, north, metres


@dataclass(frozen=True, slots=True)
class Near:
    """A leg of a line: it starts at corner `index`; `at` lies on it, `part` (0 to 1) of the way along."""

    index: int
    at: Point
    part: float
    away_m: float


@dataclass(frozen=True, slots=True)
class Snaps:
    """Outlets, shape (n, 2), and building edges from `starts` to `ends`, shape (m, 2) each; east, north metres."""

    outlets: Floats
    starts: Floats
    ends: Floats

    def near(self, at: Point, *, reach_m: float) -> Point | None:
        """The nearest outlet within reach, else the nearest point of a building's edge; None where there is none."""
        outlet = nearest_point(self.outlets, at, reach_m=reach_m)
        if outlet is not None:
            return float(self.outlets[outlet, 0]), float(self.outlets[outlet, 1])
        edge = _nearest_leg(self.starts, self.ends, at, reach_m=reach_m)
        return edge.at if edge else None


def snaps_of(park: Park | None, frame: LocalFrame) -> Snaps:
    """What a waypoint over this park may snap to."""
    if park is None:
        return Snaps(*(np.zeros((0, 2)) for _ in range(3)))
    outlets = _xy(frame, [(o.lat_deg, o.lon_deg) for o in park.outlets])
    rings = [_xy(frame, ring) for b in park.buildings for ring in (b.area.outer, *b.area.holes)]
    starts = np.vstack([np.zeros((0, 2)), *rings])
    ends = np.vstack([np.zeros((0, 2)), *(np.roll(ring, -1, axis=0) for ring in rings)])
    return Snaps(outlets, starts, ends)


def nearest_point(points: Floats, at: Point, *, reach_m: float) -> int | None:
    """Which of `points`, shape (n, 2), is nearest to `at` and within reach."""
    if not len(points):
        return None
    away = np.hypot(points[:, 0] - at[0], points[:, 1] - at[1])
    best = int(away.argmin())
    return best if away[best] <= reach_m else None


def nearest_leg(line: Floats, at: Point, *, reach_m: float) -> Near | None:
    """Which leg of the line, shape (n, 2), passes nearest to `at` and within reach."""
    return _nearest_leg(line[:-1], line[1:], at, reach_m=reach_m)


def _nearest_leg(starts: Floats, ends: Floats, at: Point, *, reach_m: float) -> Near | None:
    if not len(starts):
        return None
    along = ends - starts
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    part = np.clip(((np.array(at) - starts) * along).sum(axis=1) / length2, 0.0, 1.0)
    foot = starts + along * part[:, None]
    away = np.hypot(foot[:, 0] - at[0], foot[:, 1] - at[1])
    best = int(away.argmin())
    if away[best] > reach_m:
        return None
    return Near(best, (float(foot[best, 0]), float(foot[best, 1])), float(part[best]), float(away[best]))


def _xy(frame: LocalFrame, places: "list[tuple[float, float]] | tuple[tuple[float, float], ...]") -> Floats:
    x, y = frame.to_xy([p[0] for p in places], [p[1] for p in places])
    return np.stack([x, y], axis=1) if len(places) else np.zeros((0, 2))
