"""`dronesampler simulate` as a process of its own: it says that it is up, flies, tells the truth and ends."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dronesampler.clock import SystemClock
from dronesampler.park.files import write_park
from dronesampler.simulator.wire import Listener, Speaker, dialect
from tests.flight.sim_station import at, park

FACTOR = 40.0
GUARD_S = 60.0


class Ground:
    """One UDP socket and the simulator at the other end."""

    def __init__(self, folder: Path, *options: str) -> None:
        write_park(park(), folder / "park.geojson")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        port = self.socket.getsockname()[1]
        words = ["simulate", "--link", f"udpout:127.0.0.1:{port}", "--park", str(folder / "park.geojson"), "--leash"]
        words += ["--factor", str(FACTOR), "--zero", str(SystemClock().unix_s()), *options]
        command = [sys.executable, "-m", "dronesampler", *words]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        self.speaker, self.listener = Speaker(255, 190), Listener()
        self.peer: Any = None
        self.heard: list[Any] = []

    def send(self, message: Any) -> None:
        self.socket.sendto(self.speaker.frame(message), self.peer)

    def command(self, number: int, *params: float) -> None:
        self.send(dialect.MAVLink_command_long_message(1, 1, number, 0, *params, *([0.0] * (7 - len(params)))))

    def wait(self, kind: str, *, seconds: float = GUARD_S, **fields: Any) -> Any:
        """The next message of a kind with such fields."""
        end_s = time.monotonic() + seconds
        self.socket.settimeout(0.2)
        while time.monotonic() < end_s:
            try:
                data, self.peer = self.socket.recvfrom(65_535)
            except TimeoutError:
                continue
            messages = self.listener.heard(data)
            self.heard += messages
            for message in messages:
                if message.get_type() == kind and all(getattr(message, k) == v for k, v in fields.items()):
                    return message
        raise AssertionError(f"no {kind} {fields}")

    def close(self) -> None:
        self.socket.close()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            assert self.process.wait(20) == 0
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


def test_it_flies_tells_the_truth_and_ends(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    ground = Ground(tmp_path, "--seed", "3", "--wind", "300,3", "--once", "--truth", str(truth))
    try:
        assert ground.ready["ready"] is True and ground.ready["simulated"] is True
        ground.wait("HEARTBEAT", autopilot=3)
        assert json.loads(truth.read_text())["sources"]
        ground.wait("STATUSTEXT", text="EKF3 IMU0 is using GPS")
        items = [(16, 0.0, 0.0, 0), (22, 0.0, 0.0, 3), (16, *at(60, -150), 3), (16, *at(-60, -150), 3), (20, 0, 0, 2)]
        ground.send(dialect.MAVLink_mission_count_message(1, 1, len(items), 0))
        for seq, (command, lat, lon, frame) in enumerate(items):
            ground.wait("MISSION_REQUEST", seq=seq)
            place = (round(lat * 1e7), round(lon * 1e7), 18.0)
            ground.send(
                dialect.MAVLink_mission_item_int_message(1, 1, seq, frame, command, 0, 1, 0, 0, 0, 0, *place, 0)
            )
        ground.wait("MISSION_ACK", type=0)
        for number, params in ((176, (1, 4)), (400, (1,)), (176, (1, 3)), (300, ())):
            ground.command(number, *params)
            assert ground.wait("COMMAND_ACK", command=number).result == 0
        ground.wait("STATUSTEXT", text="Disarming motors")
        assert ground.process.wait(GUARD_S) == 0
    finally:
        ground.close()
    told = json.loads(truth.read_text())
    assert told["simulated"] is True and told["end_unix_s"] - told["start_unix_s"] > 60
    assert any(source["hidden"] for source in told["sources"]) and len(told["wind_10m"]) > 10
    readings = [m for m in ground.heard if m.get_type() == "NAMED_VALUE_FLOAT"]
    assert len(readings) == pytest.approx(told["end_unix_s"] - told["start_unix_s"], rel=0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals on Windows")
def test_a_serial_sampler_writes_lines_and_a_signal_ends_it(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "--sampler", "serial", "--personality", "px4")
    try:
        ground.wait("HEARTBEAT", autopilot=12)
        line = os.open(ground.ready["serial"], os.O_RDONLY | os.O_NOCTTY)
        data = b""
        while data.count(b"\r\n") < 5:
            assert select.select([line], [], [], 10.0)[0], "nothing came on the serial line"
            data += os.read(line, 4096)
        os.close(line)
        words = data.split(b"\r\n")[2].split(b",")
        assert words[1:2] + words[3:4] == [b"NMHC", b"mg/m3"] and float(words[2]) > 0.0
        assert not [m for m in ground.heard if m.get_type() == "NAMED_VALUE_FLOAT"]
        ground.process.send_signal(signal.SIGTERM)
        assert ground.process.wait(20) == 0
    finally:
        ground.close()


def test_it_goes_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.wait("HEARTBEAT")
    ground.close()
