"""upload, download, clear and vehicle against the simulator's own process, and what they say to links that are none."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dronesampler.cli import main
from dronesampler.clock import SystemClock
from dronesampler.desk.vehicle_link import VehicleLink
from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mavlink import Draft, FrameWriter
from dronesampler.mission import Fence, Item, Mission, PolygonFence
from dronesampler.mission.files import read_mission, write_mission
from dronesampler.mission.mission import return_home, takeoff, waypoint
from dronesampler.paths import assets_dir
from dronesampler.ports import UdpPort, parse_link

HOME = Place(35.712, 116.489, 40.0, HeightReference.SEA)
SQUARE = Polygon(((35.710, 116.487), (35.710, 116.491), (35.714, 116.491), (35.714, 116.487)))


def free_port() -> int:
    port = UdpPort(parse_link("udpin:127.0.0.1:0"))
    number = port.local_port
    port.close()
    return number


@contextmanager
def simulator(*words: str) -> Iterator[str]:
    """A simulated vehicle of its own process; gives the link to it."""
    number = free_port()
    park = str(assets_dir() / "demo-park.geojson")
    command = [sys.executable, "-m", "dronesampler", "simulate", "--link", f"udpout:127.0.0.1:{number}"]
    process = subprocess.Popen(
        [*command, "--park", park, "--home", "35.712,116.489", "--leash", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"udpin:127.0.0.1:{number}"
    finally:
        process.terminate()
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def plan_file(path: Path, *extra: Item) -> Path:
    items = (takeoff(35.712, 116.489, 20.0), waypoint(35.713, 116.490, 30.0, hold_s=5.0), *extra, return_home())
    write_mission(Mission("p", items, home=HOME, fence=Fence((PolygonFence(SQUARE),))), path)
    return path


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 1
    values: dict[str, Any] = json.loads(lines[0])
    return values


@pytest.mark.parametrize("stack", ["ardupilot", "px4"])
def test_a_plan_goes_up_comes_back_and_is_removed(
    stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(tmp_path / "p.plan")
    with simulator("--personality", stack) as link:
        assert main(["upload", str(plan), "--link", link, "--json", "--lang", "en"]) == 0
        up = said(capsys)
        assert (up["outcome"], up["items"], up["reason"]) == ("stored", 3, "")
        assert up["seconds"] > 0
        assert up["retries"] >= 0
        assert [p["type"] for p in up["parts"]] == ["fence", "mission"]
        assert main(["download", "-o", str(tmp_path / "back.plan"), "--link", link, "--json"]) == 0
        assert said(capsys)["items"] == 3
        back, sent = read_mission(tmp_path / "back.plan"), read_mission(plan)
        assert [(i.command, i.lat_deg, i.lon_deg, i.height_m) for i in back.items] == [
            (i.command, i.lat_deg, i.lon_deg, i.height_m) for i in sent.items
        ]
        assert back.fence == sent.fence
        assert main(["clear", "--link", link, "--json"]) == 0
        assert said(capsys)["outcome"] == "stored"
        assert main(["download", "-o", str(tmp_path / "none.plan"), "--type", "mission", "--link", link, "--json"]) == 0
        assert said(capsys)["items"] == 0
        assert main(["vehicle", "--link", link, "--json", "--lang", "en"]) == 0
        told = said(capsys)
        assert told["autopilot"] == stack
        assert told["link_loss"]
        assert {item["key"] for item in told["preflight"]} >= {"gnss", "estimator", "fence", "battery", "clock"}


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be sent an interrupt alone there")
@pytest.mark.parametrize("stack", ["ardupilot", "px4"])
def test_an_interrupted_upload_leaves_the_plan_that_was_there_and_says_so(
    stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plan_file(tmp_path / "before.plan")
    long = plan_file(tmp_path / "long.plan", *[waypoint(35.712, 116.489, 20.0)] * 400)
    with simulator("--personality", stack, "--latency", "0.15") as link:
        assert main(["upload", str(before), "--link", link, "--json"]) == 0
        code, told = interrupted(["upload", str(long), "--link", link, "--lang", "en"], when=r"uploading: [1-9]\d+/")
        assert code == 1
        assert "route failed: the operator cancelled the upload" in told
        assert "The vehicle holds the plan it held before" in told
        assert "done before that: fence" in told
        assert main(["download", "-o", str(tmp_path / "back.plan"), "--link", link, "--json"]) == 0
    capsys.readouterr()
    back, sent = read_mission(tmp_path / "back.plan"), read_mission(before)
    assert [i.command for i in back.items] == [i.command for i in sent.items]


def interrupted(words: list[str], *, when: str) -> tuple[int, str]:
    """A verb of its own process, interrupted when it says that: its exit code and all that it said."""
    command = [sys.executable, "-m", "dronesampler", *words]
    told: list[str] = []
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as verb:
        assert verb.stderr is not None
        for line in verb.stderr:
            if re.match(when, line) and not any(re.match(when, before) for before in told):
                verb.send_signal(signal.SIGINT)
            told.append(line)
    return verb.returncode, "".join(told)


def test_plan_that_cannot_be_held_is_refused_before_the_first_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = plan_file(tmp_path / "long.plan", *[waypoint(35.712, 116.489, 20.0)] * 700)
    with simulator() as link:
        assert main(["upload", str(long), "--link", link, "--json", "--lang", "en"]) == 1
        answer = said(capsys)
        assert answer["outcome"] == "refused"
        assert "650" in answer["reason"]
        assert answer["old_plan_on_board"] is True


def test_refused_item_is_named_in_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = plan_file(tmp_path / "odd.plan", Item(3_999, 35.712, 116.489, 10.0))
    with simulator() as link:
        assert main(["upload", str(odd), "--type", "mission", "--link", link, "--json", "--lang", "en"]) == 1
        answer = said(capsys)
        assert answer["outcome"] == "refused"
        assert answer["item"] == 2
        assert "item 3" in answer["reason"]
        assert "3999" in answer["reason"]
        assert answer["old_plan_on_board"] is True


@pytest.mark.parametrize("stack", ["ardupilot", "px4"])
def test_long_list_of_parameters_comes_whole_through_a_lossy_link(stack: str) -> None:
    words = ("--personality", stack, "--parameters", "300", "--loss", "0.05", "--factor", "5")
    with simulator(*words) as url, VehicleLink([url], SystemClock()) as link:
        link.find()
        known = link.list_parameters(60.0)
    assert len(known) == 300
    assert known["ZZ_FILLER_0100"] == 100.0


def test_nobody_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plan = plan_file(tmp_path / "p.plan")
    link = f"udpin:127.0.0.1:{free_port()}"
    assert main(["upload", str(plan), "--link", link, "--wait", "0.3", "--json", "--lang", "en"]) == 1
    assert "no autopilot" in said(capsys)["reason"]


@contextmanager
def fed(data: list[bytes]) -> Iterator[str]:
    """A link on which something else than a vehicle speaks."""
    number, stop, clock = free_port(), threading.Event(), SystemClock()

    def feed() -> None:
        port = UdpPort(parse_link(f"udpout:127.0.0.1:{number}"))
        while not stop.is_set():
            for piece in data:
                port.write(piece)
            clock.sleep(0.05)
        port.close()

    thread = threading.Thread(target=feed)
    thread.start()
    try:
        yield f"udpin:127.0.0.1:{number}"
    finally:
        stop.set()
        thread.join()


def test_garbage_stream_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with fed([bytes(range(100)) * 3]) as link:
        assert main(["vehicle", "--link", link, "--wait", "0.5", "--json", "--lang", "en"]) == 1
    assert "not MAVLink" in said(capsys)["reason"]


def test_log_fed_as_a_link_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    writer = FrameWriter(1, 1)
    stamp = (1_800_000_000_000_000).to_bytes(8, "big")
    records = [stamp + writer.frame(Draft("ATTITUDE", {"roll": 0.1})) for _ in range(10)]
    with fed([b"".join(records)]) as link:
        assert main(["vehicle", "--link", link, "--wait", "0.5", "--json", "--lang", "en"]) == 1
    assert "looks like a log file" in said(capsys)["reason"]


def test_busy_port_and_a_text_that_is_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    taken = UdpPort(parse_link("udpin:127.0.0.1:0"))
    assert main(["vehicle", "--link", f"udpin:127.0.0.1:{taken.local_port}", "--json", "--lang", "en"]) == 1
    assert "cannot open" in said(capsys)["reason"]
    taken.close()
    assert main(["vehicle", "--link", "udp:14550", "--json", "--lang", "en"]) == 2
    assert "udpin" in said(capsys)["reason"]


def test_device_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vehicle", "--link", "serial:/dev/ttyNONE9:57600", "--json", "--lang", "en"]) == 1
    assert "cannot open" in said(capsys)["reason"]
