"""PROTOCOL.md keeps its word: its example runs against our own listener, its profile reads the line it shows."""

import json
import math
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import dronesampler.sampler
from dronesampler.cli import main
from dronesampler.events import GasReported, Stamp
from dronesampler.sampler import tunnel
from dronesampler.sampler.drivers import driver_for
from dronesampler.sampler.profiles import read_profile
from dronesampler.sampler.tunnel import PAYLOAD_TYPE, SIZE
from dronesampler.store import Store

TEXT = (Path(dronesampler.sampler.__file__).parent / "PROTOCOL.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)[0]


def test_the_example_speaks_to_our_listener(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "companion.py"
    script.write_text(block("python"), encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    companion = subprocess.Popen([sys.executable, str(script), f"udpout:127.0.0.1:{port}", "400"])
    try:
        words = ["listen", "mavlink-nmhc", "--link", f"udpin:127.0.0.1:{port}", "--into", str(tmp_path), "--json"]
        assert main([*words, "--readings", "15", "--seconds", "30"]) == 0
    finally:
        companion.terminate()
        companion.wait(10.0)
    assert json.loads(capsys.readouterr().out)["readings"] == 15
    with Store.open(tmp_path) as store:
        rows = [raw for raw, _ in store.reading_rows("last")]
    # Each sample also went out as a named value: frames win, so no sequence number comes twice, and named values are
    # the exception (before the first frame, or where the computer stood still for longer than frames may be silent).
    numbers = [row.instrument_seq for row in rows if row.instrument_seq is not None]
    assert numbers == sorted(set(numbers)) and len(numbers) > 0.6 * len(rows)
    assert {row.status for row in rows} <= {0, 1} and 0 in {row.status for row in rows}
    # The crest of the example's wave is 0.5 itself once it is a float32, for 5 ms of each 31 s: the range is closed.
    assert [row.raw_value for row in rows if row.raw_value is None or not 0.3 <= row.raw_value <= 0.5] == []


def test_the_crest_of_the_example_is_half_a_milligram_in_the_frame() -> None:
    namespace: dict[str, object] = {"__name__": "companion"}
    exec(compile(block("python"), "companion.py", "exec"), namespace)
    frame = namespace["frame"]
    assert callable(frame)
    near_crest = 0.4 + 0.1 * math.sin(math.pi / 2 - 5e-4)
    decoded = tunnel.decode(frame(7, near_crest))
    assert near_crest < 0.5 and decoded is not None and decoded.value == 0.5


def test_the_example_is_short() -> None:
    assert len(block("python").splitlines()) < 60


def test_the_numbers_of_the_text_are_those_of_the_code() -> None:
    assert f"0x{PAYLOAD_TYPE:04X} ({PAYLOAD_TYPE})" in TEXT and f"| `payload_length` | {SIZE} |" in TEXT


def test_the_profile_of_the_text_reads_the_line_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "gate-pid.toml"
    path.write_text(block("toml"), encoding="utf-8")
    line = re.findall(r"`(2026-[^`]*)`", TEXT)[0]
    events = driver_for(read_profile(str(path)), port="x").feed(line.encode() + b"\n", Stamp(0.0, 0.0))
    assert [(e.name, e.value) for e in events if isinstance(e, GasReported)] == [("VOC", 12.4)]
