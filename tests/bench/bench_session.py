"""The live session's own process: its heartbeat while the window hangs, a lost link, a long list of parameters.

Run: python tests/bench/bench_session.py. Everything in wall time on loopback UDP, each part a process: a simulated
vehicle, a session, and a window that is stopped for ten seconds (SIGSTOP) and then killed. Needs POSIX signals.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dronesampler.clock import SystemClock  # noqa: E402
from dronesampler.commands import EnableFence  # noqa: E402
from dronesampler.desk.vehicle_link import VehicleLink  # noqa: E402
from dronesampler.events import CommandProgressed, Stage  # noqa: E402
from dronesampler.mavlink.rawlog import read_log  # noqa: E402
from dronesampler.session.client import Happened, SessionClient, Snapshot  # noqa: E402

PARK = ROOT / "assets" / "demo-park.geojson"
STOPPED_S, KILLED_S, SILENT_S, ROUNDS, PARAMETERS = 10.0, 3.0, 6.0, 5, 1_300
PATIENCE_S = 60.0
CLOCK = SystemClock()


@contextmanager
def process(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """A verb of ours and its ready line."""
    command = [sys.executable, "-m", "dronesampler", *words]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert running.stdout is not None
        yield running, json.loads(running.stdout.readline())
    finally:
        running.send_signal(signal.SIGCONT)
        running.kill()
        running.communicate()


@contextmanager
def vehicle(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulated vehicle and the link to it."""
    there = ("simulate", "--link", "udpin:127.0.0.1:0", "--park", str(PARK), "--leash", *words)
    with process(*there) as (running, ready):
        yield running, f"udpout:127.0.0.1:{ready['local_port']}"


class Window:
    """A window without a screen."""

    def __init__(self, data: Path) -> None:
        self.client = SessionClient(data)
        self.now: Snapshot | None = None
        self.stages: list[Stage] = []
        self._here_s = 0.0

    def look(self) -> Snapshot | None:
        for told in self.client.drain():
            if isinstance(told, Snapshot):
                self.now = told
            elif isinstance(told, Happened):
                self.stages += [e.stage for e in told.events if isinstance(e, CommandProgressed)]
        if time.monotonic() - self._here_s > 1.0:
            self._here_s = time.monotonic()
            self.client.still_here()
        return self.now

    def until(self, condition: Callable[[Snapshot], bool]) -> Snapshot:
        """The first snapshot that fits."""
        end_s = time.monotonic() + PATIENCE_S
        while (now := self.look()) is None or not condition(now):
            if time.monotonic() > end_s:
                raise SystemExit(f"waited in vain: {now}")
            time.sleep(0.01)
        return now


def be_a_window(data: Path) -> None:
    """What is stopped and killed: it drains and says that it is there, until it is ended."""
    window = Window(data)
    window.until(lambda now: now.vehicle.connected)
    print(json.dumps({"ready": True}), flush=True)
    while window.client.attached:
        window.look()
        time.sleep(0.05)


def longest_gap_s(data: Path, begin_s: float, end_s: float) -> float:
    """Between heartbeats of ours in the raw log, unix seconds."""
    (folder,) = (data / "raw").iterdir()
    beats = [log.unix_s for log in read_log(folder) if (log.frame.system, log.frame.message_id) == (255, 0)]
    within = [s for s in beats if begin_s - 1.5 <= s <= end_s]
    return max(later - sooner for sooner, later in pairwise(within))


def heartbeat_table(data: Path) -> None:
    print("\nLongest gap between the session's heartbeats")
    print("| while | gap, s | wanted, s |\n|---|---|---|")
    command = [sys.executable, __file__, "--as-window", str(data)]
    window = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    window.stdout.readline()
    time.sleep(2.0)
    for what, number, seconds in (("stopped", signal.SIGSTOP, STOPPED_S), ("dead", signal.SIGKILL, KILLED_S)):
        begin_s = CLOCK.unix_s()
        window.send_signal(number)
        time.sleep(seconds)
        gap_s = longest_gap_s(data, begin_s, CLOCK.unix_s())
        print(f"| its window's process is {what} for {seconds:.0f} s | {gap_s:.2f} | 1.2 |")
    window.communicate()


def loss_table(data: Path, simulator: subprocess.Popen[str]) -> None:
    """The vehicle's process is stopped and goes on; times run from heartbeats as the session took them."""
    window = Window(data)
    shown, back, answered = [], [], []
    for number in range(1, ROUNDS + 1):
        window.until(lambda now: now.vehicle.connected and not now.lost)
        time.sleep(1.0 + 0.17 * number)
        simulator.send_signal(signal.SIGSTOP)
        lost = window.until(lambda now: now.lost)
        last_s = lost.vehicle.heartbeat_s or 0.0
        shown.append(CLOCK.monotonic_s() - last_s)
        time.sleep(SILENT_S - 3.0)
        simulator.send_signal(signal.SIGCONT)
        heard_s = window.until(lambda now: not now.lost).vehicle.heartbeat_s or 0.0
        back.append(CLOCK.monotonic_s() - heard_s)
        window.stages.clear()
        window.client.send(EnableFence(number, CLOCK.monotonic_s() + 10.0, "bench"))
        window.until(lambda _: Stage.ACCEPTED in window.stages or Stage.OBSERVED in window.stages)
        answered.append(CLOCK.monotonic_s() - heard_s)
    window.client.close()
    print(f"\nA lost link, as its window sees it, {ROUNDS} times")
    print("| what | median, s | longest, s | wanted, s |\n|---|---|---|---|")
    for what, seconds, wanted in (
        ("loss shown after the last heartbeat", shown, 3.0),
        ("shown as back after the first heartbeat", back, 1.5),
        ("a command accepted after the first heartbeat", answered, 1.5),
    ):
        ordered = sorted(seconds)
        print(f"| {what} | {ordered[len(ordered) // 2]:.2f} | {ordered[-1]:.2f} | {wanted} |")


def parameter_table() -> None:
    print("\nThe list of parameters over loopback")
    print("| autopilot | parameters | seconds | wanted, s |\n|---|---|---|---|")
    for stack in ("ardupilot", "px4"):
        with (
            vehicle("--personality", stack, "--parameters", str(PARAMETERS)) as (_, url),
            VehicleLink([url], CLOCK) as to,
        ):
            to.find(30.0)
            began_s = time.perf_counter()
            parameters = to.list_parameters(PATIENCE_S)
            print(f"| {stack} | {len(parameters)} | {time.perf_counter() - began_s:.2f} | 1.5 |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-window", type=Path, help=argparse.SUPPRESS)
    data = parser.parse_args().as_window
    if data is not None:
        be_a_window(data)
        return
    parameter_table()
    with tempfile.TemporaryDirectory() as folder, vehicle() as (simulator, url):
        words = ("session", "--link", url, "--data", folder, "--simulated", "--name", "bench", "--lang", "en")
        with process(*words):
            heartbeat_table(Path(folder))
            loss_table(Path(folder), simulator)


if __name__ == "__main__":
    main()
