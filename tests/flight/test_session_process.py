"""The session as a process of its own: a window attaches, flies, dies, and another comes; the link goes on."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from dronesampler.clock import Clock, SystemClock, clock_at
from dronesampler.commands import Arm, Finish, Intent, MarkSighting, Pause, ReturnHome, Start, Upload
from dronesampler.events import CommandProgressed, Stage
from dronesampler.mavlink.rawlog import read_log
from dronesampler.mission import Mission
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.session.client import Happened, Hello, PlanHeld, Samples, SessionClient, Snapshot
from dronesampler.store import PlanStage, State, Store, reclaim

PARK = assets_dir() / "demo-park.geojson"
FACTOR = 15.0
PATIENCE_S = 60.0  # wall
ALONE_S = 1.5  # wall


@dataclass(slots=True)
class Window:
    """What a window would keep of what it is told."""

    client: SessionClient
    clock: Clock
    hello: Hello | None = None
    snapshot: Snapshot | None = None
    held: Mission | None = None
    readings: int = 0
    stages: dict[int, list[Stage]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    asked: int = 0

    def look(self) -> None:
        for told in self.client.drain():
            match told:
                case Hello():
                    self.hello = told
                case Snapshot():
                    self.snapshot = told
                case PlanHeld():
                    self.held = told.mission
                case Samples():
                    self.readings += len(told.readings)
                case Happened():
                    for event in told.events:
                        if isinstance(event, CommandProgressed):
                            self.stages.setdefault(event.command_id, []).append(event.stage)
                            self.words[event.command_id] = event.words

    def ask(self, kind: type[Intent], **more: object) -> int:
        self.asked += 1
        self.client.send(kind(self.asked, self.clock.monotonic_s() + 5.0 * FACTOR, "test", **more))  # type: ignore[arg-type]
        return self.asked

    def until(self, condition: object, what: str) -> None:
        assert callable(condition)
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"{what}: {self.stages} {self.words} {self.snapshot}"
            self.client.still_here()
            time.sleep(0.02)
            self.look()

    def do(self, kind: type[Intent], **more: object) -> None:
        """Ask, and wait until it is seen in the vehicle's state."""
        number = self.ask(kind, **more)
        self.until(lambda: Stage.OBSERVED in self.stages.get(number, []), kind.__name__)


@dataclass(frozen=True, slots=True)
class Live:
    """A simulator and a session, each a process."""

    data: Path
    clock: Clock
    session: subprocess.Popen[str]
    simulator: subprocess.Popen[str]

    def window(self) -> Window:
        return Window(SessionClient(self.data), self.clock)


def start(*words: str) -> tuple[subprocess.Popen[str], dict[str, object]]:
    """A process and its ready line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dronesampler", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["ready"] is True
    return process, ready


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    zero_s = SystemClock().unix_s()
    scaled = ["--factor", str(FACTOR), "--zero", repr(zero_s)]
    simulator, ready = start("simulate", "--link", "udpin:127.0.0.1:0", "--park", str(PARK), "--leash", *scaled)
    link = f"udpout:127.0.0.1:{ready['local_port']}"
    options = [
        "--data",
        str(tmp_path),
        "--simulated",
        "--name",
        "test",
        "--alone",
        str(ALONE_S),
        "--copy",
        str(tmp_path / "stick"),
    ]
    session, _ = start("session", "--link", link, *options, *scaled)
    yield Live(tmp_path, clock_at(FACTOR, zero_s), session, simulator)
    for process in (session, simulator):
        if process.poll() is None:
            process.kill()
        process.communicate()


def route() -> Mission:
    park = read_park(PARK).park
    return make_plan(park, "outlet-tour", wind=(300.0, 3.0), settings={"hold_s": "2", "outlets": "DA001,DA002"})


def test_a_window_flies_dies_and_another_takes_over(live: Live) -> None:
    first = live.window()
    first.until(lambda: first.snapshot and first.snapshot.vehicle.connected, "connected")
    mission = route()
    first.do(Upload, mission=mission)
    first.until(lambda: first.held is not None, "plan held")
    assert first.held is not None
    assert len(first.held.items) == len(mission.items)
    first.until(lambda: first.snapshot and first.snapshot.vehicle.estimator is not None, "estimator")
    first.do(Arm)
    refused = first.ask(Finish)
    first.until(lambda: Stage.REFUSED in first.stages.get(refused, []), "an armed aircraft keeps its session")
    first.do(Start)
    first.until(lambda: first.readings >= 5, "readings")
    first.do(MarkSighting, note="白色支管")
    assert first.hello is not None
    first.client.close()

    second = live.window()
    second.until(lambda: second.hello is not None and len(second.hello.readings) >= 5, "history")
    assert second.hello is not None
    assert second.hello.mission is not None
    second.asked = first.asked
    second.do(Pause)
    second.do(ReturnHome)
    second.until(lambda: second.snapshot and not second.snapshot.vehicle.armed, "landed")
    second.do(Finish)
    live.session.wait(PATIENCE_S)
    second.client.close()
    assert live.session.returncode == 0
    with Store.open(live.data) as store:
        patrol = store.patrol("last")
        assert patrol.state is State.ENDED
        assert patrol.simulated
        assert store.plan(patrol, PlanStage.AS_READ_BACK) is not None
        sightings = [e for e in store.journal(patrol) if e.kind == "sighting"]
        assert [e.body["note"] for e in sightings] == ["白色支管"]
        readings = store.readings(patrol)
        assert len(readings) >= second.readings
    (copy,) = (live.data / "stick").glob("*.jsonl")
    with Store.open(live.data / "from-the-stick") as other:
        assert len(other.readings(reclaim(other, copy).patrol_id)) == len(readings)


def own_heartbeats_s(data: Path) -> list[float]:
    """When the session's heartbeats were sent, unix seconds."""
    (folder,) = (data / "raw").iterdir()
    return [logged.unix_s for logged in read_log(folder) if (logged.frame.system, logged.frame.message_id) == (255, 0)]


def test_without_a_window_the_heartbeat_stops_and_with_one_it_is_back(live: Live) -> None:
    window = live.window()
    window.until(lambda: window.snapshot and window.snapshot.vehicle.connected, "connected")
    window.client.close()
    closed_s = live.clock.unix_s()
    time.sleep(3 * ALONE_S)
    assert live.session.poll() is None
    again = live.window()
    back_s = live.clock.unix_s()
    again.until(lambda: max(own_heartbeats_s(live.data)) > back_s, "heartbeats again")
    again.client.close()
    gap_s = max(later - sooner for sooner, later in pairwise(own_heartbeats_s(live.data)))
    assert gap_s > ALONE_S * FACTOR
    alone_s = [s - closed_s for s in own_heartbeats_s(live.data) if closed_s < s < back_s]
    assert len(alone_s) >= 0.5 * ALONE_S * FACTOR, "it goes on for as long as was announced"


def test_a_signal_ends_a_session_on_the_ground(live: Live) -> None:
    window = live.window()
    window.until(lambda: window.snapshot and window.snapshot.vehicle.connected, "connected")
    live.session.send_signal(signal.SIGTERM)
    assert live.session.wait(PATIENCE_S) == 0
    window.client.close()
