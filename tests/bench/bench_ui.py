"""The window's speed: panning, recolouring, starting, opening a patrol, standing still in flight."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from dronesampler.columns import Readings
from dronesampler.events import (
    Autopilot,
    BatteryReported,
    HeartbeatSeen,
    MissionProgressed,
    MissionState,
    Moved,
    Stamp,
    Turned,
)
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mission import Mission
from dronesampler.mission.mission import waypoint
from dronesampler.session.client import Hello, LivePoint, LiveReading, Samples, Snapshot
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.store import Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop, make_application
from dronesampler_ui.collecting import Collecting
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.readings_layer import ReadingsLayer, lay, thinned
from dronesampler_ui.parts.map.view import MapView
from dronesampler_ui.sample_patrol import demo_mission, demo_park
from dronesampler_ui.theme import LIGHT

SIZE = QSize(1280, 800)
FRAMES = 60


def row(name: str, reach: str, got: str) -> None:
    print(f"| {name:<58} | {reach:>16} | {got:>24} |", flush=True)


def many_readings(count: int) -> Readings:
    """A lawnmower of readings over the demo park with a few plumes."""
    rng = np.random.default_rng(1)
    x, y = np.linspace(-320, 320, count) + rng.normal(0, 4, count), 230 * np.sin(np.arange(count) / count * 260)
    lat, lon = demo_park().frame().to_lat_lon(x, y)
    return Readings(
        time_s=1.79e9 + np.arange(count, dtype=float),
        lat_deg=lat,
        lon_deg=lon,
        height_agl_m=np.full(count, 20.0),
        value_mg_m3=0.6 + 20 * np.exp(-((x - 80) ** 2 + (y + 40) ** 2) / 3000) + rng.gamma(1.0, 0.1, count),
        position_error_m=np.ones(count),
        ok=np.ones(count, bool),
        seq=np.arange(count),
    )


def timed_ms(step: Callable[[int], None], times: int = FRAMES) -> list[float]:
    found = []
    for i in range(times):
        begun = time.perf_counter()
        step(i)
        found.append((time.perf_counter() - begun) * 1e3)
    return found


def pan_and_recolour(count: int, reach_fps: int) -> None:
    """As Review shows them: laid out and thinned on a work thread."""
    view = MapView(LIGHT)
    view.resize(SIZE)
    ground, layer = Ground(), ReadingsLayer()
    park = demo_park()
    ground.show(park, Lang.EN)
    readings = many_readings(count)
    layer.show(readings, laid=thinned(lay(readings, park.frame())))
    view.set_frame(park.frame())
    view.set_layers((*ground.below, layer, *ground.above))
    view.show()
    view.fit()
    image = QImage(SIZE, QImage.Format.Format_RGB32)

    def paint() -> None:
        painter = QPainter(image)
        view.paint(painter, keep=True)
        painter.end()

    def pan(i: int) -> None:
        view.look(view.camera.panned(7 if i % 20 < 10 else -7, 3))
        paint()

    def zoom(i: int) -> None:
        view.look(view.camera.zoomed(1.1 if i % 20 < 10 else 1 / 1.1))
        paint()

    def recolour(i: int) -> None:
        layer.scale = layer.scale.with_high(20.0 + i % 10)
        paint()

    paint()
    for name, step in (("pan", pan), ("zoom", zoom)):
        ms = timed_ms(step)
        got = f"{1000 / statistics.median(ms):.0f} fps (p95 {sorted(ms)[int(0.95 * len(ms))]:.0f} ms)"
        row(f"{name}, {count:,} readings, 1280x800, software", f">= {reach_fps} fps", got)
    row(f"recolour {count:,} readings, whole frame", "<= 50 ms", f"{statistics.median(timed_ms(recolour)):.0f} ms")
    view.close()


def stored(folder: Path, count: int) -> int:
    r = many_readings(count)
    columns = ReadingColumns(
        instrument="SIM-1",
        quantity="NMHC",
        unit="mg/m3",
        time_s=r.time_s,
        raw_value=r.value_mg_m3,
        value_mg_m3=r.value_mg_m3,
        lat_deg=r.lat_deg,
        lon_deg=r.lon_deg,
        height_agl_m=r.height_agl_m,
        simulated=True,
    )
    with Store.open(folder) as store, store.transaction() as batch:
        patrol = batch.begin_patrol(f"{count}", started_unix_s=1.79e9, simulated=True)
        batch.add_readings(patrol.id, columns)
        batch.end_patrol(patrol.id)
        return patrol.id


def opening(desktop: Desktop, count: int, folder: Path, reach_s: float) -> None:
    patrol = stored(folder, count)
    review = desktop.window.review
    desktop.window.enter("review")
    wait(desktop, lambda: not desktop.window.background.busy)
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        review.open(patrol)
        wait(desktop, lambda: bool(review.patrol and review.patrol.line.id == patrol))
        desktop.window.grab()
        found.append(time.perf_counter() - begun)
        review.opened = None
    row(f"open a patrol of {count:,} readings until painted", f"<= {reach_s} s", f"{statistics.median(found):.2f} s")


def review_views(desktop: Desktop, count: int, folder: Path) -> None:
    """Charts and curtain of a long patrol: one step of panning until painted; one moment of the replay."""
    review = desktop.window.review
    review.open(stored(folder, count))
    wait(desktop, lambda: not desktop.window.background.busy)
    foot, chart = review.below, review.below.strips.chart
    foot.strips.buttons["corrected"].setChecked(True)
    begin, end = chart.middle(0.4)

    def pan(i: int) -> None:
        shift = (end - begin) * 0.01 * (i % 20)
        chart.show_range(begin + shift, end + shift)
        chart.grab()

    def replay(i: int) -> None:
        review.below.scrubber.show_moment(begin + i * 30.0)
        desktop.window.map.view.grab()
        chart.grab()

    def slide(i: int) -> None:
        foot.curtain.plot.shift(0.01 if i % 20 < 10 else -0.01, 0.0)
        desktop.app.processEvents()
        foot.curtain.grab()

    for name, step in (("strip charts", pan), ("replay, map and chart", replay)):
        ms = timed_ms(step)
        row(f"{name}, {count:,} readings, one frame", ">= 15 fps", f"{1000 / statistics.median(ms):.0f} fps")
    foot.switch()
    wait(desktop, lambda: foot.curtain.section is not None)
    desktop.app.processEvents()  # the plot finds its size
    ms = timed_ms(slide)
    row(f"curtain, {count:,} readings, one frame", ">= 15 fps", f"{1000 / statistics.median(ms):.0f} fps")
    foot.switch()


def wait(desktop: Desktop, ready: Callable[[], bool]) -> None:
    while not ready():
        desktop.app.processEvents()
        time.sleep(0.001)


def edit_route(desktop: Desktop, count: int) -> None:
    """From the key to the painted window: a nudge of one waypoint, an insertion, a deletion."""
    planning = desktop.window.planning
    desktop.window.enter("plan")
    wait(desktop, lambda: planning.made is not None)
    x, y = np.linspace(-300, 300, count), np.tile([-200.0, 200.0], count)[:count]
    lat, lon = demo_park().frame().to_lat_lon(x, y)
    items = tuple(waypoint(a, b, 30.0) for a, b in zip(lat.tolist(), lon.tolist(), strict=True))
    planning.show_mission(Mission("bench", items, simulated=True), planning.inputs)
    editor = planning.route_desk.editor
    editor.choose({count // 2})

    def edit(i: int) -> None:
        (lambda: editor.nudge(1.0, 0.0), editor.insert, editor.delete)[i % 3]()
        desktop.window.map.view.grab()

    ms = timed_ms(edit, 30)
    worst = f"{statistics.median(ms):.0f} ms (worst {max(ms):.0f} ms)"
    row(f"one edit of {count:,} waypoints until painted", "<= 50 ms", worst)


def start_to_usable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import gc, sys, time; t = time.perf_counter(); gc.disable()\n"  # as the verb does
            "from pathlib import Path\n"
            "from dronesampler.texts import Lang\n"
            "from dronesampler_ui.app import Desktop, make_application\n"
            "app = make_application(); d = Desktop(app, Path(sys.argv[1]), lang=Lang.ZH); d.show()\n"
            "app.processEvents(); print(time.perf_counter() - t)\n"
            "while d.window.planning.made is None: app.processEvents(); time.sleep(0.002)\n"
            "d.window.grab(); print(time.perf_counter() - t); d.window.close()"
        )
        words = [sys.executable, "-c", code, folder]
        runs = [subprocess.run(words, capture_output=True, text=True, check=True).stdout.split() for _ in range(3)]
    usable, planned = (statistics.median(float(run[i]) for run in runs) for i in (0, 1))
    row("start to a usable window (then: demo park planned)", "<= 2.0 s", f"{usable:.2f} s ({planned:.2f} s)")


def stall(desktop: Desktop) -> None:
    """The load of 4 vehicles at 500 messages a second and 50 readings a second, as the session would tell it."""
    desktop.window.enter("fly")
    wait(desktop, lambda: not desktop.window.background.busy)
    fly, mission = desktop.window.fly, demo_mission(demo_park())
    fly.log.take([Hello("bench", "", True, 1.0, mission, (), ())])
    lines = many_readings(40_000)
    lat, lon = lines.lat_deg, lines.lon_deg
    gaps, told, begun, last = [], 0, time.perf_counter(), time.perf_counter()
    while last - begun < 12.0:
        due = int((last - begun) * 30) * 50 // 30  # the feed is drained thirty times a second
        if due > told:
            now = 1.79e9 + due / 50
            readings = tuple(
                LiveReading(i, now, float(lat[i]), float(lon[i]), 20.0, 0.5 + i % 7, "NMHC", True)
                for i in range(told, due)
            )
            points = tuple(LivePoint(now, float(lat[i]), float(lon[i]), 20.0, 90.0) for i in range(told, due))
            fly._told([_snapshot(now, float(lat[due]), float(lon[due]), due), Samples(readings, points)])
            told = due
        desktop.app.processEvents()
        now_s = time.perf_counter()
        gaps.append((now_s - last) * 1e3)
        last = now_s
        time.sleep(0.001)
    gaps.sort()
    row(
        "longest standstills in flight, 50 readings/s, 30 Hz (p99, worst)",
        "< 50, < 150 ms",
        f"{gaps[int(0.99 * len(gaps))]:.0f}, {gaps[-1]:.0f} ms",
    )


def _snapshot(unix_s: float, lat: float, lon: float, item: int) -> Snapshot:
    at = Stamp(unix_s, unix_s)
    vehicle = Vehicle()
    for event in (
        HeartbeatSeen(at, 1, 1, Autopilot.ARDUPILOT, True, "AUTO", False),
        Moved(at, lat, lon, 20.0, 60.0, 3.0, 2.0, 0.0, 45.0),
        Turned(at, 3.0, -4.0, 45.0),
        BatteryReported(at, 22.1, 18.0, 76.0, None),
        MissionProgressed(at, item // 60 % 40, 44, MissionState.ACTIVE, 0, 0, 0),
    ):
        vehicle = vehicle.after(event)
    return Snapshot(unix_s, unix_s, "flying", vehicle, 0.1, False, item, item, "", 0.0)


def main() -> None:
    app = make_application()
    print(f"| {'window':<58} | {'reach':>16} | {'measured':>24} |\n|{'-' * 60}|{'-' * 18}|{'-' * 26}|")
    pan_and_recolour(100_000, 30)
    pan_and_recolour(1_000_000, 15)
    start_to_usable()
    with tempfile.TemporaryDirectory() as folder:
        desktop = Desktop(app, Path(folder), lang=Lang.EN)
        desktop.window.resize(SIZE)
        desktop.show()
        Collecting().begin()  # as the program does
        opening(desktop, 25_000, Path(folder), 0.4)
        opening(desktop, 1_000_000, Path(folder), 2.5)
        review_views(desktop, 1_000_000, Path(folder))
        stall(desktop)
        edit_route(desktop, 2_000)
        desktop.window.close()


if __name__ == "__main__":
    main()
