"""Listening on real ports of this machine: shown, recorded, every byte kept, silence said."""

import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.sampler.hj212 import Packet, framed, written
from dronesampler.store import Store

LINES = b"".join(b"%.3f,NMHC,%.2f,mg/m3,0\r\n" % (1_790_000_000.0 + k, 0.1 * k) for k in range(20))


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def speak(port: int, data: bytes, answers: list[bytes] | None = None) -> threading.Thread:
    """Connect as soon as somebody listens and send; gather what comes back."""

    def run() -> None:
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=2.0) as peer:
                    for at in range(0, len(data), 37):
                        peer.sendall(data[at : at + 37])
                    if answers is not None:
                        answers.append(peer.recv(4096))
                    else:
                        peer.shutdown(socket.SHUT_WR)
                        peer.recv(1)
                    return
            except (ConnectionError, TimeoutError):
                time.sleep(0.02)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_lines_over_tcp_are_shown_and_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port, data = free_port(), b"garbage\r\n" + LINES
    thread = speak(port, data)
    words = ["listen", "serial-lines", "--link", f"tcpin:127.0.0.1:{port}", "--into", str(tmp_path), "--json"]
    assert main([*words, "--readings", "20", "--seconds", "20", "--lang", "en"]) == 0
    thread.join(10.0)
    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert (said["readings"], said["rejected"]) == (20, {"half line": 1})
    assert "NMHC 0.300 mg/m3" in printed.err
    with Store.open(tmp_path) as store:
        rows = list(store.reading_rows("last"))
        uuid = store.patrol("last").uuid
    assert [raw.raw_value for raw, _ in rows] == pytest.approx([0.1 * k for k in range(20)])
    assert rows[3][0].raw == b"1790000003.000,NMHC,0.30,mg/m3,0" and rows[3][0].instrument_unix_s == 1_790_000_003.0
    assert rows[3][1] is not None and rows[3][1].flags == "no-pose" and rows[3][1].ok
    received = (tmp_path / "raw" / uuid / "received.bin").read_bytes()
    assert received == data[: len(received)] and len(received) >= len(data) - 2


def test_a_station_gets_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port, answers = free_port(), []
    values = ((("a24088-Rtd", "0.8"), ("a24088-Flag", "N")),)
    packet = Packet(
        st="31", cn="2011", mn="M1", qn="20260531090000000", flag=5, data_time="20260531090000", values=values
    )
    thread = speak(port, framed(written(packet)), answers)
    words = ["listen", "hj212-station", "--link", f"tcpin:127.0.0.1:{port}", "--into", str(tmp_path / "x.sqlite")]
    assert main([*words, "--seconds", "2", "--json"]) == 0
    thread.join(10.0)
    assert json.loads(capsys.readouterr().out)["readings"] == 1
    assert b"CN=9014" in answers[0] and b"QN=20260531090000000" in answers[0]


def test_mavlink_is_heard_with_its_poses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pymavlink.dialects.v20 import ardupilotmega as dialect

    vehicle = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
    payload = dialect.MAVLink(None, srcSystem=1, srcComponent=25)
    beat = dialect.MAVLink_heartbeat_message(2, 3, 81, 0, 4, 3).pack(vehicle)
    port = free_port(socket.SOCK_DGRAM)
    stop = threading.Event()

    def run() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for k in range(100):
                pose = dialect.MAVLink_global_position_int_message(
                    100 * k, 357100000, 1164900000, 45000, 20000, 0, 0, 0, 0
                )
                gas = dialect.MAVLink_named_value_float_message(100 * k, b"NMHC", 0.01 * k)
                out.sendto(beat + pose.pack(vehicle) + gas.pack(payload), ("127.0.0.1", port))
                if stop.wait(0.05):
                    return

    thread = threading.Thread(target=run)
    thread.start()
    words = ["listen", "mavlink-nmhc", "--link", f"udpin:127.0.0.1:{port}", "--into", str(tmp_path), "--simulated"]
    assert main([*words, "--readings", "30", "--seconds", "20", "--json"]) == 0
    stop.set()
    thread.join(10.0)
    assert json.loads(capsys.readouterr().out)["readings"] == 30
    with Store.open(tmp_path) as store:
        readings = store.readings("last")
    assert readings.simulated and readings.lat_deg[-1] == pytest.approx(35.71)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_serial_device_that_falls_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pty

    master, slave = pty.openpty()
    device = os.ttyname(slave)
    # A serial line is opened in the midst of a line: what was not seen to begin is not read.
    timer = threading.Timer(0.3, os.write, (master, LINES[30:105]))
    timer.start()
    words = ["listen", "serial-lines", "--link", f"serial:{device}:9600", "--into", str(tmp_path), "--lang", "en"]
    assert main([*words, "--seconds", "3.8"]) == 0
    timer.join()
    os.close(master)
    os.close(slave)
    printed = capsys.readouterr()
    assert "no new NMHC reading for 3 s" in printed.err and "2 readings recorded" in printed.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nose", "--link", "tcpin:127.0.0.1:0"], 2),
        (["serial-lines", "--link", "nose"], 2),
        (["serial-lines", "--link", "serial:/dev/no-such-port:9600"], 1),
        (["serial-lines", "--link", "tcp:127.0.0.1:1"], 1),
    ],
)
def test_what_cannot_begin_is_said(
    words: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["listen", *words, "--into", str(tmp_path / "p.sqlite"), "--seconds", "1"]) == code
    assert capsys.readouterr().err.startswith("dronesampler: ") and not (tmp_path / "p.sqlite").exists()
