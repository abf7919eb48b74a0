"""Shortest ways inside free ground: a visibility graph over its reflex corners."""

import numpy as np
import shapely
from shapely.geometry import Polygon as Shape

from dronesampler.geo.local import Floats
from dronesampler.plan.area import polygons

_TOLERANCE_M = 1e-4  # what lies this far outside still counts as inside: ends lie on the edge itself


class Router:
    """Shortest ways between points of an area with holes. Not shared between threads."""

    def __init__(self, free: shapely.Geometry) -> None:
        grown = shapely.buffer(free, _TOLERANCE_M, join_style="mitre")
        shapely.prepare(grown)
        self._free = grown
        self._corners = _reflex_corners(free)
        self._corner_links: Floats | None = None
        self._corner_ways: Floats | None = None

    def clear(self, starts: Floats, ends: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which of the straight legs starts[i] -> ends[i], shape (n, 2) each, stay on free ground."""
        legs = shapely.linestrings(np.stack([starts, ends], axis=1))
        return np.asarray(shapely.covers(self._free, legs))

    def distances(self, points: Floats) -> Floats:
        """Lengths of the shortest ways between all pairs, shape (n, n); inf where there is none."""
        direct = self._direct(points, points)
        if np.isfinite(direct).all() or not len(self._corners):
            return direct
        to_corner = self._direct(points, self._corners)
        among = self._among_corners()
        through = _min_plus(_min_plus(to_corner, among), to_corner.T)
        return np.minimum(direct, through)

    def reach(self, starts: Floats, ends: Floats) -> Floats:
        """Lengths of the shortest ways from each start to each end, shape (n, m); inf where there is none."""
        direct = self._direct(starts, ends)
        if np.isfinite(direct).all() or not len(self._corners):
            return direct
        first = _min_plus(self._direct(starts, self._corners), self._among_corners())
        return np.minimum(direct, _min_plus(first, self._direct(self._corners, ends)))

    def way(self, start: Floats, end: Floats) -> Floats:
        """The shortest way, shape (k, 2) with both ends; the straight leg where there is no way at all."""
        pair = np.array([start, end], float)
        if self.clear(pair[:1], pair[1:])[0] or not len(self._corners):
            return pair
        nodes = np.vstack([pair, self._corners])
        graph = np.full((len(nodes), len(nodes)), np.inf)
        graph[2:, 2:] = self._corner_direct()
        graph[:2, 2:] = self._direct(pair, self._corners)
        graph[2:, :2] = graph[:2, 2:].T
        return nodes[_shortest_chain(graph)]

    def _direct(self, a: Floats, b: Floats) -> Floats:
        length = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
        i, j = np.indices(length.shape).reshape(2, -1)
        if a is b:
            i, j = np.triu_indices(len(a), 1)
        seen = self.clear(a[i], b[j])
        out = np.full(length.shape, np.inf)
        out[i[seen], j[seen]] = length[i[seen], j[seen]]
        if a is b:
            out = np.minimum(out, out.T)
            np.fill_diagonal(out, 0.0)
        return out

    def _corner_direct(self) -> Floats:
        if self._corner_links is None:
            self._corner_links = self._direct(self._corners, self._corners)
        return self._corner_links

    def _among_corners(self) -> Floats:
        if self._corner_ways is None:
            ways = self._corner_direct().copy()
            for k in range(len(ways)):  # Floyd 1962
                np.minimum(ways, ways[:, k, None] + ways[k], out=ways)
            self._corner_ways = ways
        return self._corner_ways


def _shortest_chain(graph: Floats) -> list[int]:
    """Nodes from 0 to 1 over the lengths of a graph, inf where there is no edge (Dijkstra 1959); 0, 1 where no way."""
    count = len(graph)
    far, before, done = np.full(count, np.inf), np.zeros(count, int), np.zeros(count, bool)
    far[0] = 0.0
    for _ in range(count):
        node = int(np.argmin(np.where(done, np.inf, far)))
        if node == 1 or not np.isfinite(far[node]):
            break
        done[node] = True
        through = far[node] + graph[node]
        nearer = ~done & (through < far)
        far[nearer], before[nearer] = through[nearer], node
    if not np.isfinite(far[1]):
        return [0, 1]
    chain = [1]
    while chain[-1] != 0:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]


def _min_plus(a: Floats, b: Floats) -> Floats:
    """min over k of a[i, k] + b[k, j]."""
    return np.asarray(np.min(a[:, :, None] + b[None, :, :], axis=1))


def _reflex_corners(free: shapely.Geometry) -> Floats:
    found = [_reflex(ring) for part in polygons(free) for ring in _rings(part)]
    return np.vstack(found) if found else np.empty((0, 2))


def _rings(part: Shape) -> list[Floats]:
    part = shapely.orient_polygons(part)  # outer ring counter-clockwise, holes clockwise: free ground on the left
    return [shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors)]


def _reflex(ring: Floats) -> Floats:
    """Corners about which a shortest way can bend: those that turn right while free ground lies left."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return ring[turn < -1e-9]
