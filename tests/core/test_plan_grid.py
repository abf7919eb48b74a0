"""The area grid sees everything, stays inside, and is no longer than the published peer's routes."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon
from shapely.geometry import Polygon as Shape

from dronesampler.geo.local import Floats
from dronesampler.plan.raster import SeenRaster
from dronesampler.plan.sweep import ground_of, sweep

PEER = Path(__file__).parents[3] / "shared" / "bench" / "coverage_peer.json"
POLYGONS = json.loads(PEER.read_text(encoding="utf-8"))["polygons"] if PEER.exists() else {}
GATE = ("l_shape", "sliver", "u_shape")
SPACING_M, CLEARANCE_M = 20.0, 10.0


def route_over(area: Shape, *, spacing_m: float = SPACING_M, clearance_m: float = CLEARANCE_M) -> Floats:
    start = np.array(area.exterior.coords[0])
    ground = ground_of(area, spacing_m=spacing_m, clearance_m=clearance_m, start=start, blocked=MultiPolygon())
    return sweep(ground)


def held_against(area: Shape, route: Floats) -> tuple[float, float, float]:
    """Length, share seen of the area shrunk by the clearance (mitred), metres outside or in holes."""
    line = LineString(route)
    inner = area.buffer(-CLEARANCE_M, join_style="mitre")
    bare = inner.difference(line.buffer(SPACING_M / 2, quad_segs=16))
    return line.length, 1.0 - bare.area / inner.area, line.difference(area.buffer(1e-3)).length


def peer_polygon(name: str) -> Shape:
    return shapely.orient_polygons(Shape(POLYGONS[name]["outer"], POLYGONS[name]["holes"]))


def random_polygon(seed: int) -> Shape:
    """A star of 5 to 12 corners, every third with a hole."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(5, 13))
    angles, reach = np.sort(rng.uniform(0, 2 * np.pi, count)), rng.uniform(90, 330, count)
    area = Shape(np.column_stack([reach * np.cos(angles), 0.8 * reach * np.sin(angles)])).buffer(0)
    area = max(getattr(area, "geoms", [area]), key=lambda g: g.area)
    middle = np.array(area.representative_point().coords[0])
    hole = Shape(middle + np.array([[-25, -20], [25, -20], [30, 25], [-20, 25]]))
    if seed % 3 == 0 and area.buffer(-25).contains(hole):
        area = area.difference(hole)
    return shapely.orient_polygons(area)


def check_peer(name: str) -> None:
    peer = POLYGONS[name]["fields2cover"]
    length, seen, outside = held_against(peer_polygon(name), route_over(peer_polygon(name)))
    assert seen >= 0.995 and outside < 1e-6
    assert length <= peer["route_m"]


@pytest.mark.skipif(not POLYGONS, reason="the shared bench is not beside this repository")
@pytest.mark.parametrize("name", GATE)
def test_no_longer_than_the_peer(name: str) -> None:
    check_peer(name)


@pytest.mark.soak
@pytest.mark.skipif(not POLYGONS, reason="the shared bench is not beside this repository")
@pytest.mark.parametrize("name", sorted(set(POLYGONS) - set(GATE)))
def test_no_longer_than_the_peer_on_the_rest(name: str) -> None:
    check_peer(name)


@pytest.mark.parametrize("seed", [9, 23])
def test_random_areas_are_seen_from_inside(seed: int) -> None:
    _, seen, outside = held_against(random_polygon(seed), route_over(random_polygon(seed)))
    assert seen >= 0.995 and outside < 1e-6


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_forty_random_areas_are_seen_from_inside(seed: int) -> None:
    _, seen, outside = held_against(random_polygon(seed), route_over(random_polygon(seed)))
    assert seen >= 0.995 and outside < 1e-6


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (12, 0), (12, 9), (0, 9)],  # smaller than the clearance
        [(0, 0), (300, 4), (300, 12), (0, 9)],  # narrower than the clearance
        [(0, 0), (26, 0), (26, 200), (0, 200)],  # one line's width
        [
            (0, 0),
            (80, 0),
            (80, 60),
            (150, 60),
            (150, 0),
            (230, 0),
            (230, 150),
            (150, 150),
            (150, 75),
            (80, 75),
            (80, 150),
            (0, 150),
        ],
    ],
)
def test_small_and_pinched_areas_get_a_line_and_none_leaves(corners: list[tuple[float, float]]) -> None:
    area = shapely.orient_polygons(Shape(corners))
    route = route_over(area)
    assert LineString(route).difference(area.buffer(1e-3)).length < 1e-6
    for part in getattr(area.buffer(-CLEARANCE_M, join_style="mitre"), "geoms", [area]):
        assert LineString(route).intersection(part).length > 5.0


def test_one_line_of_a_strip_runs_in_its_middle() -> None:
    route = route_over(Shape([(0, 0), (26, 0), (26, 200), (0, 200)]))
    inside = route[1:-1]
    assert inside[:, 0] == pytest.approx(13.0, abs=1.6)


def test_the_raster_counts_what_a_buffer_covers() -> None:
    rng = np.random.default_rng(1)
    area = shapely.box(0, 0, 300, 200)
    for turn in (0.0, 0.4):
        raster = SeenRaster(area, reach_m=10.0, cell_m=1.0, turned_rad=turn)
        for _ in range(10):
            a, b = rng.uniform(-5, 300, 2), rng.uniform(-5, 200, 2)
            cells = raster.leg(a, b)
            raster.add(cells)
            seen = (raster.cells - raster.bare) * raster.cell_m2
            assert seen == pytest.approx(LineString([a, b]).buffer(10, quad_segs=64).intersection(area).area, rel=0.03)
            raster.remove(cells)
            assert raster.bare == raster.cells
