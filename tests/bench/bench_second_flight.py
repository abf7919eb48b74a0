"""The closed loop: fly, judge, fly where the program says to look next, judge both flights together.

`python tests/bench/bench_second_flight.py` prints one line for the first flight alone and one for both. Each seed is an
invented park of 800 m with twelve permitted outlets of which one to five emit, and none to two hidden outlets; the
simulator's puffs and instrument, a flight without a radio link, wind from a vehicle's estimate (wrong by 5 degrees in
the mean, 8 from moment to moment, 10 % in speed), a register wrong by 3 m. The second flight is the program's own
proposal, flown on another day: other wind direction, other weather, rates that changed by 20 %.

Seeds from 10000 are for tuning; others for a figure to report. What the table does not show: buildings, terrain,
sources that are shut between the flights.
"""

import argparse
import json
import math
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dronesampler.attribution import Instrument, attribute
from dronesampler.attribution.joint import Flight, attribute_jointly
from dronesampler.columns import Readings, Wind
from dronesampler.desk.look_next import second_look
from dronesampler.geo import LocalFrame, Polygon
from dronesampler.mission import Command, Mission
from dronesampler.park import Outlet, Park
from dronesampler.plan import make_plan
from dronesampler.problems import Refused
from dronesampler.simulator.puffs import Source
from dronesampler.simulator.world import World, WorldSettings, draw_sources

SIDE_M, OUTLETS, APART_M = 800.0, 12, 70.0
MATCH_M, SEEN_S = 60.0, 3.0
LADDER = {"spacing_m": "80", "speed_m_s": "5", "overhang_m": "40"}
BEGUN_S = 1_800_000_000.0
INSTRUMENT = Instrument(3.0, 1.0, 0.03, "NMHC")
CLIMB_M_S = 2.5
HEAD = (
    "| flights | found of the detectable | false flags a patrol | quiet parks flagged | place median / p90 "
    "| rate within 2 | ellipse holds truth | its median area | s of judging |"
)


@dataclass
class Score:
    """What one verdict came to against the truth."""

    detectable: int = 0
    found_detectable: int = 0
    found: int = 0
    hidden: int = 0
    false: int = 0
    error_m: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    area_m2: list[float] = field(default_factory=list)
    seconds: float = 0.0


def invented_park(seed: int) -> Park:
    """A square park with outlets at least 70 m apart."""
    rng = np.random.default_rng((seed, 7))
    frame = LocalFrame(35.7, 116.5)
    places: list[np.ndarray] = []
    while len(places) < OUTLETS:
        place = rng.uniform(60.0, SIDE_M - 60.0, 2) - SIDE_M / 2
        if all(np.hypot(*(place - p)) > APART_M for p in places):
            places.append(place)
    heights = rng.uniform(15.0, 25.0, OUTLETS)
    lat, lon = frame.to_lat_lon(*np.array(places).T)
    outlets = tuple(Outlet(f"DA{k + 1:03d}", float(lat[k]), float(lon[k]), float(heights[k])) for k in range(OUTLETS))
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * SIDE_M / 2
    ring = tuple((float(a), float(b)) for a, b in zip(*frame.to_lat_lon(*corners.T), strict=True))
    return Park("bench", Polygon(ring), outlets=outlets, simulated=True)


def misplaced(park: Park, seed: int) -> Park:
    """The park as its register has it: outlets wrong by 3 m."""
    rng, frame = np.random.default_rng((seed, 8)), park.frame()
    moved = []
    for o in park.outlets:
        x, y = frame.to_xy(o.lat_deg, o.lon_deg)
        lat, lon = frame.to_lat_lon(float(x) + rng.normal(0, 3), float(y) + rng.normal(0, 3))
        moved.append(replace(o, lat_deg=float(lat), lon_deg=float(lon)))
    return replace(park, outlets=tuple(moved))


def way(mission: Mission, home: tuple[float, float], frame: LocalFrame) -> np.ndarray:
    """Where the aircraft is each second (n, 3), local metres and height, at the speeds and holds of the plan."""
    at, speed, rows = np.array([*map(float, frame.to_xy(*home)), 0.0]), 5.0, []
    for item in mission.items:
        if item.command == Command.CHANGE_SPEED:
            speed = item.params[1]
        if not item.has_place:
            continue
        x, y = frame.to_xy(item.lat_deg, item.lon_deg)
        to = np.array([float(x), float(y), item.height_m])
        seconds = max(np.hypot(*(to - at)[:2]) / speed, abs(to[2] - at[2]) / CLIMB_M_S)
        hold_s = item.params[0] if item.command in (Command.WAYPOINT, Command.LOITER_TIME) else 0.0
        share = np.arange(0.0, seconds, 1.0) / max(seconds, 1e-6)
        rows += [at + s * (to - at) for s in share] + [to] * round(hold_s)
        at = to
    return np.array(rows)


def flown(world: World, mission: Mission, *, home: tuple[float, float], seed: int) -> Flight:
    """What a flight of the plan brings home."""
    rng, frame = np.random.default_rng((seed, 9)), world.frame
    path = way(mission, home, frame)
    bias, gain = rng.normal(0.0, 5.0), 1.0 + rng.normal(0.0, 0.1)
    time_s = world.start_s + 30.0 + np.arange(len(path), dtype=float)
    value, from_deg, speed = np.zeros(len(path)), np.zeros(len(path)), np.zeros(len(path))
    for k, (x, y, z) in enumerate(path):
        lat, lon = frame.to_lat_lon(x, y)
        world.breathe(float(time_s[k]), float(lat), float(lon), float(z))
        value[k] = world.read(float(time_s[k])).value_mg_m3
        from_deg[k], speed[k] = world.wind.at(float(time_s[k]))
        speed[k] *= world.wind.profile(float(z))
    n = len(path)
    lat, lon = frame.to_lat_lon(path[:, 0] + rng.normal(0, 1, n), path[:, 1] + rng.normal(0, 1, n))
    rest = np.full(n, 1.0), np.ones(n, bool), np.arange(n, dtype=np.int64)
    readings = Readings(time_s, lat, lon, path[:, 2], value, *rest, quantity="NMHC", simulated=True)
    wind = Wind(
        time_s, (from_deg + bias + rng.normal(0, 8, n)) % 360.0,
        np.maximum(speed * gain + rng.normal(0, 0.5, n), 0.3), np.maximum(path[:, 2], 2.0),
    )  # fmt: skip
    return Flight(readings, wind, INSTRUMENT)


def scored(values: dict[str, Any], sources: tuple[Source, ...], seen_s: np.ndarray, frame: LocalFrame) -> Score:
    """As the bench of single patrols scores: a flag within 60 m of a hidden source has found it."""
    left, score = list(values["suspected"]), Score()
    for s, seconds in sorted(zip(sources, seen_s, strict=True), key=lambda p: -p[1]):
        if s.permitted:
            continue
        visible = bool(seconds >= SEEN_S)
        score.hidden += 1
        score.detectable += visible
        apart = [math.dist((float(v) for v in frame.to_xy(f["lat_deg"], f["lon_deg"])), (s.x_m, s.y_m)) for f in left]
        if not apart or min(apart) > MATCH_M:
            continue
        flag = left.pop(int(np.argmin(apart)))
        score.found += 1
        score.found_detectable += visible
        score.error_m.append(min(apart))
        score.ratio.append(flag["rate_g_s"] / s.rate_g_s)
        score.inside.append(_inside(flag, s, frame))
        score.area_m2.append(math.pi * flag["ellipse95"][0] * flag["ellipse95"][1])
    score.false = len(left)
    return score


def _inside(flag: dict[str, Any], s: Source, frame: LocalFrame) -> bool:
    x, y = (float(v) for v in frame.to_xy(flag["lat_deg"], flag["lon_deg"]))
    major, minor, azimuth = flag["ellipse95"]
    a = math.radians(azimuth)
    dx, dy = s.x_m - x, s.y_m - y
    along, across = dx * math.sin(a) + dy * math.cos(a), dx * math.cos(a) - dy * math.sin(a)
    return (along / major) ** 2 + (across / minor) ** 2 <= 1.0


def day(rng: np.random.Generator, seed: int, bypasses: int) -> WorldSettings:
    return WorldSettings(seed, float(rng.uniform(0, 360)), float(rng.uniform(2.0, 6.0)), bypasses)


def loop(seed: int) -> tuple[Score, Score, dict[str, Any]]:
    """One park: the verdict after one flight and after both, and what was flown."""
    rng = np.random.default_rng((seed, 6))
    park, frame = invented_park(seed), invented_park(seed).frame()
    register, home = misplaced(park, seed), park.boundary.outer[0]
    bypasses = int(rng.choice([0, 1, 2], p=[0.3, 0.4, 0.3]))
    sources = draw_sources(park, seed=seed, bypasses=bypasses)
    first_day, second_day = day(rng, seed, bypasses), day(rng, seed + 500_000, bypasses)
    world = World(park, first_day, start_s=BEGUN_S, sources=sources)
    forecast = ((first_day.wind_from_deg + rng.normal(0, 10)) % 360.0, first_day.wind_speed_m_s)
    plan = make_plan(register, "crosswind-ladder", wind=forecast, settings=LADDER, home=home)
    one = flown(world, plan, home=home, seed=seed)
    begun = time.perf_counter()
    single = attribute(one.readings, one.wind, register.outlets, one.instrument).as_json()
    first = scored(single, sources, world.seconds_seen, frame)
    first.seconds = time.perf_counter() - begun
    told: dict[str, Any] = {"seed": seed, "first": len(one.readings)}
    forecast = ((second_day.wind_from_deg + rng.normal(0, 10)) % 360.0, second_day.wind_speed_m_s)
    try:
        look = second_look(single, home=home, park=register, wind=forecast)
    except Refused as why:
        told["why"] = str(why)
        both = scored(single, sources, world.seconds_seen, frame)
        return first, both, told
    changed = tuple(replace(s, rate_g_s=s.rate_g_s * float(np.exp(rng.normal(0, 0.2)))) for s in sources)
    again = World(park, second_day, start_s=BEGUN_S + 86_400.0, sources=changed)
    two = flown(again, look.mission, home=home, seed=seed + 500_000)
    begun = time.perf_counter()
    together = attribute_jointly((one, two), register.outlets).as_json()
    both = scored(together, sources, world.seconds_seen, frame)
    both.seconds = time.perf_counter() - begun
    return first, both, {**told, "second": len(two.readings)}


def row(name: str, scores: list[Score]) -> str:
    """One line of the table."""
    n, detectable = len(scores), sum(s.detectable for s in scores)
    errors, ratios = [e for s in scores for e in s.error_m], [r for s in scores for r in s.ratio]
    inside, areas = [i for s in scores for i in s.inside], [a for s in scores for a in s.area_m2]
    quiet = [s for s in scores if not s.hidden]
    place = f"{np.median(errors):.1f} / {np.percentile(errors, 90):.1f} m" if errors else "–"
    return (
        f"| {name} | {sum(s.found_detectable for s in scores)} of {detectable} "
        f"({sum(s.found_detectable for s in scores) / max(detectable, 1):.0%}) "
        f"| {sum(s.false for s in scores) / n:.3f} | {sum(s.false > 0 for s in quiet)} of {len(quiet)} | {place} "
        f"| {np.mean([0.5 <= r <= 2.0 for r in ratios] or [0]):.0%} | {np.mean(inside or [0]):.0%} "
        f"| {np.median(areas or [0]):.0f} m² | {np.median([s.seconds for s in scores]):.1f} |"
    )


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--seeds", default="0:60", help="0:60 to report, 10000 and up to tune (default: %(default)s)")
    ap.add_argument("--jobs", type=int, default=1)
    a = ap.parse_args()
    low, high = map(int, a.seeds.split(":"))
    with ProcessPoolExecutor(a.jobs) as pool:
        done = []
        for first, both, told in pool.map(loop, range(low, high)):
            done.append((first, both))
            said = {k: getattr(both, k) for k in ("hidden", "detectable", "found", "false")}
            said |= {"alone": [first.found, first.false], "error_m": [round(e, 1) for e in both.error_m]}
            print(json.dumps({**told, **said}), file=sys.stderr, flush=True)
    print(
        "\n".join([HEAD, "|" + " --- |" * 9, row("one", [d[0] for d in done]), row("**both**", [d[1] for d in done])])
    )


if __name__ == "__main__":
    main()
