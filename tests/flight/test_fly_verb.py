"""The verb `fly` as its user has it: a process of its own against a simulated vehicle of another, with packets lost."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dronesampler.clock import SystemClock
from dronesampler.mavlink import ARDUPILOT, PX4, PlanKind, wire_items
from dronesampler.mavlink.compare import difference
from dronesampler.mavlink.frames import Frame
from dronesampler.mavlink.rawlog import read_log
from dronesampler.mission.files import write_mission
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.store import PlanStage, State, Store

PARK = assets_dir() / "demo-park.geojson"
FACTOR = 20.0
PATIENCE_S = 150.0  # wall
STACKS = {"ardupilot": ARDUPILOT, "px4": PX4}
HOLDING = {"ardupilot": "BRAKE", "px4": "AUTO.LOITER"}
posix = pytest.mark.skipif(os.name == "nt", reason="a process cannot be sent an interrupt alone there")
RETURNING = {"ardupilot": "RTL", "px4": "AUTO.RTL"}


@dataclass(slots=True)
class Flown:
    """The verb under way, and the vehicle that it flies."""

    verb: subprocess.Popen[str]
    simulator: subprocess.Popen[str]
    data: Path
    told: Path  # its standard error

    def said(self) -> str:
        return self.told.read_text(encoding="utf-8")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.verb.poll() is None, f"{what}: it has ended: {self.said()}"
            assert time.monotonic() < deadline_s, f"{what}: {self.said()}"
            time.sleep(0.05)

    def until_said(self, *words: str) -> None:
        self.until(lambda: all(word in self.said() for word in words), " ".join(words))

    def interrupt_until_said(self, words: str, unless: str) -> None:
        """Press once, and once more as often as the verb says that the press came to nothing."""
        due = self.said().count(unless)
        while words not in self.said():
            self.verb.send_signal(signal.SIGINT)
            due += 1
            self.until(partial(self._answered, words, unless, due), words)

    def _answered(self, words: str, unless: str, due: int) -> bool:
        return words in self.said() or self.said().count(unless) >= due

    def end(self) -> tuple[int, dict[str, Any]]:
        """Exit code and the JSON of its standard output."""
        out, _ = self.verb.communicate(timeout=PATIENCE_S)
        values: dict[str, Any] = json.loads(out)
        return self.verb.returncode, values

    def in_flight(self) -> None:
        self.until(lambda: any(int(line.split("item ")[1].split("/")[0]) >= 2 for line in self.items()), "in flight")

    def items(self) -> list[str]:
        return [line for line in self.said().splitlines() if "item " in line and "readings" in line]

    def last_heard(self) -> dict[str, int]:
        """The vehicle's last heartbeat in the raw log."""
        (folder,) = (self.data / "raw").iterdir()
        beats = [log.frame for log in read_log(folder) if own_heartbeat(log.frame)]
        payload = beats[-1].payload.ljust(9, b"\0")
        return {"mode": int.from_bytes(payload[:4], "little"), "armed": payload[6] & 128}


def own_heartbeat(frame: Frame) -> bool:
    """The autopilot's, not its sampler's."""
    return (frame.system, frame.component, frame.message_id) == (1, 1, 0)


@contextmanager
def flown(
    folder: Path,
    stack: str,
    *words: str,
    factor: float = FACTOR,
    loss: float = 0.1,
    latency_s: float = 0.0,
    more: int = 0,
) -> Iterator[Flown]:
    """`more` places make a plan that is long to upload."""
    scaled = ["--factor", str(factor), "--zero", repr(SystemClock().unix_s())]
    there = ["--link", "udpin:127.0.0.1:0", "--park", str(PARK), "--leash", "--loss", str(loss)]
    there += ["--latency", str(latency_s)]
    program = [sys.executable, "-m", "dronesampler"]
    simulator = subprocess.Popen(
        [*program, "simulate", "--personality", stack, *there, *scaled],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert simulator.stdout is not None
    link = f"udpout:127.0.0.1:{json.loads(simulator.stdout.readline())['local_port']}"
    told = folder / "told.txt"
    options = ["--data", str(folder / "data"), "--json", "--lang", "en", *scaled, *words]
    with told.open("w", encoding="utf-8") as errors:
        verb = subprocess.Popen(
            [*program, "fly", str(plan_file(folder, more)), "--link", link, *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
    try:
        yield Flown(verb, simulator, folder / "data", told)
    finally:
        for process in (verb, simulator):
            if process.poll() is None:
                process.kill()
            process.communicate()


def plan_file(folder: Path, more: int = 0) -> Path:
    settings = {"hold_s": "2", "outlets": "DA001,DA002"}
    path = folder / "short.plan"
    tour = make_plan(read_park(PARK).park, "outlet-tour", wind=(300.0, 3.0), settings=settings)
    place = next(item for item in tour.items[1:] if item.has_place)
    write_mission(replace(tour, items=(*tour.items[:-1], *[place] * more, tour.items[-1])), path)
    return path


@pytest.mark.parametrize("stack", STACKS)
def test_a_whole_flight_with_every_tenth_packet_lost(stack: str, tmp_path: Path) -> None:
    with flown(tmp_path, stack, "--confirm", "1") as flight:
        code, values = flight.end()
        assert code == 0, flight.said()
    assert (values["outcome"], values["simulated"], values["reason"]) == ("done", True, "")
    assert flight.last_heard()["armed"] == 0
    with Store.open(flight.data) as store:
        patrol = store.patrol("last")
        assert patrol.uuid == values["patrol"]
        assert patrol.state is State.ENDED
        assert patrol.simulated
        assert len(store.readings(patrol)) >= values["readings"] > 0
        sent, back = (store.plan(patrol, stage) for stage in (PlanStage.AS_SENT, PlanStage.AS_READ_BACK))
        assert sent is not None
        assert back is not None
        for kind in PlanKind:
            ours, theirs = (wire_items(plan, kind, STACKS[stack]) for plan in (sent, back))
            assert difference(ours, theirs, kind=kind, personality=STACKS[stack]) is None
    assert len(back.items) == len(sent.items) > 3


def test_another_aircraft_than_the_confirmed_one_is_sent_nothing(tmp_path: Path) -> None:
    with flown(tmp_path, "ardupilot", "--confirm", "7", loss=0.0) as flight:
        code, values = flight.end()
    assert code == 1
    assert "not the confirmed 7; nothing was sent" in values["reason"]
    assert not flight.data.exists()


@posix
@pytest.mark.parametrize("stack", STACKS)
def test_the_first_interrupt_holds_and_the_second_returns(stack: str, tmp_path: Path) -> None:
    with flown(tmp_path, stack, factor=10.0) as flight:
        flight.in_flight()
        flight.verb.send_signal(signal.SIGINT)
        flight.until_said(f"it is seen to hold ({HOLDING[stack]})")
        assert flight.last_heard()["armed"]
        flight.interrupt_until_said(f"it is seen to return ({RETURNING[stack]})", "interrupt again to ask for a return")
        code, values = flight.end()
    assert code == 1
    assert values["outcome"] == "incomplete"
    assert "the operator interrupted the flight" in values["reason"]
    assert flight.last_heard()["armed"] == 0
    with Store.open(flight.data) as store:
        asked = [entry.body["what"] for entry in store.journal(store.patrol("last")) if entry.kind == "asked"]
    assert [what for n, what in enumerate(asked) if what != asked[n - 1]][-2:] == ["Pause", "ReturnHome"]


@posix
def test_an_interrupt_during_the_upload_leaves_the_vehicle_as_it_was(tmp_path: Path) -> None:
    with flown(tmp_path, "ardupilot", factor=1.0, loss=0.0, latency_s=0.3, more=300) as flight:
        under_way = re.compile(r"[1-9]\d?% uploading and reading back")
        flight.until(lambda: under_way.search(flight.said()) is not None, "uploading")
        flight.verb.send_signal(signal.SIGINT)
        code, values = flight.end()
    assert code == 1
    assert values["reason"].startswith("the operator interrupted the flight: the operator cancelled the ")
    # Which list was on its way depends on when the key was pressed; what the vehicle holds is said in any case.
    assert re.search(r"The vehicle holds the plan it held before|new on board already: (fence|rally)", values["reason"])
    with Store.open(flight.data) as store:
        assert store.patrol("last").state is State.INTERRUPTED
        asked = [entry.body["what"] for entry in store.journal(store.patrol("last")) if entry.kind == "asked"]
    assert asked == ["Upload", "CancelUpload"]


def test_a_vehicle_that_falls_silent_in_the_air_is_waited_for_and_given_up_with_a_reason(tmp_path: Path) -> None:
    with flown(tmp_path, "ardupilot", factor=40.0, loss=0.0) as flight:
        flight.in_flight()
        flight.simulator.kill()
        flight.until_said("the link is lost", "waiting on")
        code, values = flight.end()
    assert code == 1
    assert "silent for 300 s in the air, last seen at 35." in values["reason"]
    with Store.open(flight.data) as store:
        patrol = store.patrol("last")
        assert patrol.state is State.INTERRUPTED
        assert [entry.kind for entry in store.journal(patrol)].count("LinkLost") == 1
