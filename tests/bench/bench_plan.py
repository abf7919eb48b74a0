"""Area grid against Fields2Cover, tours, planning times and forecasts: the planning tables of the README.

Run: python tests/bench/bench_plan.py   (times are processor seconds of one thread)
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon
from shapely.geometry import Polygon as Shape

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from dronesampler.geo import LocalFrame, Polygon  # noqa: E402
from dronesampler.park import Outlet, Park  # noqa: E402
from dronesampler.park.files import read_park  # noqa: E402
from dronesampler.paths import assets_dir  # noqa: E402
from dronesampler.plan import Aircraft, make_plan, planned  # noqa: E402
from dronesampler.plan.check import check  # noqa: E402
from dronesampler.plan.coverage import coverage  # noqa: E402
from dronesampler.plan.order import best_tour  # noqa: E402
from dronesampler.plan.predict import predict  # noqa: E402
from dronesampler.plan.sweep import ground_of, sweep  # noqa: E402
from tests.flight.flown import fly  # noqa: E402
from tests.flight.test_plan_forecast import PLANS  # noqa: E402

PEER = ROOT.parent / "shared" / "bench" / "coverage_peer.json"
FRAME = LocalFrame(35.7, 116.4)


def degrees(*points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    lat, lon = FRAME.to_lat_lon([p[0] for p in points], [p[1] for p in points])
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def area_grid() -> None:
    print("| area grid, 20 m, 10 m clear | Fields2Cover 2.1, m | seen | ours, m | ratio | seen | outside, m | s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, entry in json.loads(PEER.read_text(encoding="utf-8"))["polygons"].items():
        area, peer = shapely.orient_polygons(Shape(entry["outer"], entry["holes"])), entry["fields2cover"]
        begun = time.process_time()
        start = np.array(area.exterior.coords[0])
        ground = ground_of(area, spacing_m=20.0, clearance_m=10.0, start=start, blocked=MultiPolygon())
        line = LineString(sweep(ground))
        took = time.process_time() - begun
        inner = area.buffer(-10.0, join_style="mitre")
        seen = 1.0 - inner.difference(line.buffer(10.0, quad_segs=16)).area / inner.area
        outside = line.difference(area.buffer(1e-3)).length
        ratio = line.length / peer["route_m"]
        print(
            f"| {name} | {peer['route_m']} | {peer['coverage']:.4f} | {line.length:.0f} | {ratio:.3f} | {seen:.4f} "
            f"| {outside:.1f} | {took:.1f} |",
            flush=True,
        )


def tours() -> None:
    print(
        "\n| outlet tour, 60 stops | m | best of four searches 15 times as long, m | over | s |\n|---|---|---|---|---|"
    )
    for seed in range(100, 104):
        rng = np.random.default_rng(seed)
        stops = np.repeat(rng.uniform(0, 1000, (60, 2)), 2, axis=0)
        points = np.vstack([stops, np.zeros(2)])
        links = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        begun = time.process_time()
        tour = best_tour(links, rounds=600).cost
        took = time.process_time() - begun
        best = min(best_tour(links, rounds=9000, seed=s).cost for s in (2, 3, 4, 5))
        print(f"| random {seed} | {tour:.0f} | {best:.0f} | {tour / best - 1:+.2%} | {took:.2f} |", flush=True)


def times() -> None:
    park = Park("2 km²", Polygon(degrees((0, 0), (1950, 60), (2050, 980), (900, 1080), (40, 1000))))
    print("\n| 2 km² at 20 m spacing | s |\n|---|---|")
    marks = [time.process_time()]
    plan = planned(park, "area-grid", wind=(0.0, 0.0))
    marks.append(time.process_time())
    found = check(plan.mission, park=park, wind=(135.0, 3.0))
    marks.append(time.process_time())
    seen = coverage(plan.mission, park, wind=(135.0, 3.0))
    marks.append(time.process_time())
    for what, took in zip(("area grid", "checks", "coverage map, three winds"), np.diff(marks), strict=True):
        print(f"| {what} | {took:.2f} |")
    counts = f"{plan.length_m() / 1000:.1f} km, {len(found)} findings, {len(seen.x_m)} cells"
    print(f"| together ({counts}) | {marks[-1] - marks[0]:.2f} |")
    begun = time.process_time()
    for turn in range(10):
        planned(park, "crosswind-ladder", wind=(100.0 + 5 * turn, 3.0), settings={"spacing_m": "20"})
    print(f"| crosswind ladder again as the wind is dragged | {(time.process_time() - begun) / 10:.3f} |")
    rng = np.random.default_rng(1)
    places = degrees(*map(tuple, rng.uniform(50, 950, (60, 2))))
    outlets = tuple(Outlet(f"DA{k:03d}", *place, 15.0 + k % 10) for k, place in enumerate(places))
    big = Park("60", Polygon(degrees((0, 0), (1000, 0), (1000, 1000), (0, 1000))), outlets=outlets)
    begun = time.process_time()
    planned(big, "outlet-tour", wind=(135.0, 3.0))
    print(f"| outlet tour of 60 outlets, with ways round what stands | {time.process_time() - begun:.2f} |")


def forecasts() -> None:
    demo = read_park(assets_dir() / "demo-park.geojson").park
    print("\n| forecast against the simulated flight | flown, s | foretold | flown, Wh | foretold |")
    print("|---|---|---|---|---|")
    errors = []
    for name, wind, chosen in PLANS:
        mission = make_plan(demo, name, wind=wind, settings=chosen)
        flown, foretold = fly(mission, wind=wind), predict(mission, Aircraft(), wind=wind)
        error = (foretold.seconds / flown.seconds - 1.0, foretold.energy_wh / flown.energy_wh - 1.0)
        errors.append(error)
        said = f"{name}, {wind[1]:g} m/s from {wind[0]:g}°"
        print(
            f"| {said} | {flown.seconds:.0f} | {error[0]:+.1%} | {flown.energy_wh:.1f} | {error[1]:+.1%} |", flush=True
        )
    middle, worst = np.median(np.abs(errors), axis=0), np.abs(errors).max(axis=0)
    print(f"| median, worst | | {middle[0]:.1%}, {worst[0]:.1%} | | {middle[1]:.1%}, {worst[1]:.1%} |")


def main() -> None:
    if PEER.exists():
        area_grid()
    else:
        print("the shared bench is not beside this repository: no peer to hold the area grid against")
    tours()
    times()
    forecasts()


if __name__ == "__main__":
    main()
