"""A short route that sees all of an area: try directions, order the lines, fill what is bare, polish the corners."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry import Polygon as Shape

from dronesampler.geo.local import Floats
from dronesampler.plan.fill import fillings, unseen
from dronesampler.plan.order import best_tour
from dronesampler.plan.paths import Router
from dronesampler.plan.polish import polished
from dronesampler.plan.raster import SeenRaster
from dronesampler.plan.swaths import Swaths, axis_line, candidates

SHARE_SEEN = 0.9962  # of the shrunk area; the rest is cusps at line ends that cost more than they show
REACH_FACTOR = 0.997  # half a spacing less this, so that another program's map projection finds no gaps either
FULL_CELLS = 60_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look: sets of lines ordered, of which so many are carried through, and restarts of the ordering."""

    ordered: int = 12
    finished: int = 4
    rounds: int = 100


SWIFT = Effort(ordered=7, finished=2, rounds=40)  # for areas of many lines: the choice of direction matters less
MANY_LINES = 45


@dataclass(frozen=True, slots=True)
class Ground:
    """The area, what of it is flown over, the ways inside both, and where the route begins and ends."""

    area: Shape
    inner: shapely.Geometry
    start: Floats
    inside: Router
    approach: Router
    spacing_m: float


def ground_of(area: Shape, *, spacing_m: float, clearance_m: float, start: Floats, blocked: shapely.Geometry) -> Ground:
    """The ground to sweep. Where nothing is left at that clearance, `inner` is empty."""
    inner = area.buffer(-clearance_m, join_style="mitre").difference(blocked)
    parts = isinstance(inner, Shape)
    approach = Router(area.difference(blocked))
    return Ground(area, inner, start, Router(inner) if parts else approach, approach, spacing_m)


def sweep(ground: Ground, effort: Effort | None = None) -> Floats:
    """Vertices of a closed route from `start` and back, shape (n, 2)."""
    if ground.inner.is_empty:
        stretches = axis_line(ground.area)
        return _joined(ground, stretches, _ordered(ground, stretches, rounds=1))
    sets = candidates(ground.inner, spacing_m=ground.spacing_m, reach_m=ground.spacing_m / 2 * REACH_FACTOR)
    effort = effort or (SWIFT if len(sets[0].ends) > MANY_LINES else Effort())
    drafts = sorted((_draft(ground, s, effort) for s in _varied(sets, effort.ordered)), key=lambda d: d[0])
    routes = [(_filled(ground, swaths, effort), swaths) for _, swaths in drafts[: effort.finished]]
    route, swaths = min(routes, key=lambda r: float(LineString(r[0]).length))
    # one line of a strip stays in its middle
    return _shortened(ground, route, swaths) if len(swaths.ends) > 1 else route


def _shortened(ground: Ground, route: Floats, swaths: Swaths) -> Floats:
    """The route polished on a raster, held against the exact figure, and done again more carefully if that is less."""
    cell_m = max(1.5, (ground.inner.area / FULL_CELLS) ** 0.5)
    oblique = swaths.angle_rad + 0.37
    raster = SeenRaster(ground.inner, reach_m=swaths.reach_m, cell_m=cell_m, turned_rad=oblique)
    wanted = _share_wanted(ground, swaths)
    for margin in (0.0002, 0.0015):
        shorter = polished(
            route, raster=raster, inside=ground.inside, approach=ground.approach, share_seen=wanted + margin
        )
        if share_seen(ground.inner, shorter, swaths.reach_m) >= wanted - 0.0005:
            return shorter
    return route


def _share_wanted(ground: Ground, swaths: Swaths) -> float:
    """More where the lines are farther apart than asked for: what shows between them has to come off the ends."""
    return SHARE_SEEN + 0.7 * max(2.0 * swaths.reach_m / ground.spacing_m - 1.0, 0.0)


def share_seen(inner: shapely.Geometry, route: Floats, reach_m: float) -> float:
    """The part of an area that lies within reach of a route."""
    return 1.0 - float(unseen(inner, route, reach_m).area) / float(inner.area)


def _varied(sets: Sequence[Swaths], count: int) -> list[Swaths]:
    """The cheapest sets, no more than two of one direction."""
    kept: list[Swaths] = []
    for one in sets:
        if sum(one.angle_rad == k.angle_rad for k in kept) < 2:
            kept.append(one)
        if len(kept) == count:
            break
    return kept


def _draft(ground: Ground, swaths: Swaths, effort: Effort) -> tuple[float, Swaths]:
    """What a set of lines costs with its links and what it leaves to fill, and the lines."""
    lengths = np.hypot(*(swaths.ends[:, 1] - swaths.ends[:, 0]).T)
    links = _ordered(ground, swaths.ends, rounds=effort.rounds // 4)
    turns = len(lengths) * (ground.spacing_m - 12.0)
    return swaths.estimate_m - turns + links[1], swaths


def _filled(ground: Ground, swaths: Swaths, effort: Effort) -> Floats:
    # wider lines leave less to give away at the ends
    share = 0.12 if _share_wanted(ground, swaths) > SHARE_SEEN + 0.0005 else 0.3
    trimmed = _trimmed(swaths.ends, share * ground.spacing_m)
    for _ in range(3):
        tour = _ordered(ground, trimmed, rounds=effort.rounds)
        route = _joined(ground, trimmed, tour)
        more = fillings(
            ground.inner, route, reach_m=swaths.reach_m, share_seen=min(_share_wanted(ground, swaths) + 0.001, 0.9995)
        )
        if not len(more):
            break
        trimmed = np.concatenate([trimmed, more])
    else:
        route = _joined(ground, trimmed, _ordered(ground, trimmed, rounds=effort.rounds))
    return route


def _trimmed(stretches: Floats, trim_m: float) -> Floats:
    """Lines shortened at both ends: the turn at one end and the disc seen at the other make up for most of it."""
    step = stretches[:, 1] - stretches[:, 0]
    length = np.hypot(*step.T)
    cut = np.minimum(trim_m, 0.49 * length)[:, None] * step / np.maximum(length, 1e-9)[:, None]
    return np.stack([stretches[:, 0] + cut, stretches[:, 1] - cut], axis=1)


def _ordered(ground: Ground, stretches: Floats, *, rounds: int) -> tuple[tuple[int, ...], float]:
    points = stretches.reshape(-1, 2)
    links = np.zeros((len(points) + 1, len(points) + 1))
    links[:-1, :-1] = _reachable(ground.inside.distances(points), points, points)
    home = ground.start[None, :]
    links[-1, :-1] = links[:-1, -1] = _reachable(ground.approach.reach(home, points), home, points)[0]
    tour = best_tour(links, rounds=rounds)
    return tour.ends, tour.cost


def _reachable(lengths: Floats, a: Floats, b: Floats) -> Floats:
    """Where there is no way inside, as from a home outside the area: straight, at a price."""
    straight = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    return np.where(np.isfinite(lengths), lengths, 3.0 * straight)


def _joined(ground: Ground, stretches: Floats, tour: tuple[tuple[int, ...], float]) -> Floats:
    points, ends = stretches.reshape(-1, 2), tour[0]
    legs = [ground.approach.way(ground.start, points[ends[0]])]
    for k in range(0, len(ends), 2):
        if k:
            legs.append(ground.inside.way(points[ends[k - 1]], points[ends[k]]))
        legs.append(points[[ends[k], ends[k + 1]]])
    legs.append(ground.approach.way(points[ends[-1]], ground.start))
    route = np.vstack(legs)
    moved = np.hypot(*np.diff(route, axis=0).T) > 1e-6
    return route[np.r_[True, moved]]
