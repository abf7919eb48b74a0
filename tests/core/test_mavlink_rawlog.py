"""The raw log: tlog bytes, a chain of segments, and what is left after a kill."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from dronesampler.clock import FakeClock
from dronesampler.mavlink import (
    Draft,
    FrameWriter,
    RawLog,
    Replay,
    Signing,
    Station,
    chain_breaks,
    decode,
    read_log,
    read_tlog,
)
from dronesampler.mavlink.rawlog import LoggedFrame, segments


def frames(count: int) -> list[bytes]:
    writer = FrameWriter(system=1, component=1)
    return [writer.frame(Draft("NAMED_VALUE_FLOAT", {"name": "NMHC", "value": float(n)})) for n in range(count)]


def written(folder: Path, count: int, *, segment_bytes: int = 4096) -> FakeClock:
    clock = FakeClock()
    log = RawLog(folder, clock, segment_bytes=segment_bytes, simulated=True)
    for frame in frames(count):
        log.write(frame, clock.unix_s())
        clock.advance(0.25)
    log.close()
    return clock


def test_what_was_written_comes_back_in_order(tmp_path: Path) -> None:
    written(tmp_path, 500)
    got = list(read_log(tmp_path))
    assert [entry.frame.raw for entry in got] == frames(500)
    assert got[4].unix_s - got[0].unix_s == pytest.approx(1.0)
    assert len(segments(tmp_path)) > 3


def test_bytes_are_those_of_a_tlog(tmp_path: Path) -> None:
    written(tmp_path, 1)
    data = (tmp_path / "000000.tlog").read_bytes()
    assert int.from_bytes(data[:8], "big") == 1_800_000_000_000_000
    assert data[8:] == frames(1)[0]


def test_segments_name_the_hash_of_the_one_before(tmp_path: Path) -> None:
    written(tmp_path, 500)
    facts = [json.loads(s.with_suffix(".json").read_text()) for s in segments(tmp_path)]
    for before, after in pairwise(facts):
        assert after["previous_sha256"] == before["sha256"]
    assert facts[0]["sha256"] == hashlib.sha256((tmp_path / "000000.tlog").read_bytes()).hexdigest()
    assert facts[0]["simulated"] is True
    assert chain_breaks(tmp_path) == []


@pytest.mark.parametrize("fault", ["changed", "removed", "swapped"])
def test_broken_chain_is_told(tmp_path: Path, fault: str) -> None:
    written(tmp_path, 500)
    one, two = tmp_path / "000001.tlog", tmp_path / "000002.tlog"
    if fault == "changed":
        data = bytearray(one.read_bytes())
        data[40] ^= 1
        one.write_bytes(data)
    elif fault == "removed":
        one.unlink()
    else:
        a, b = one.read_bytes(), two.read_bytes()
        one.write_bytes(b)
        two.write_bytes(a)
    assert chain_breaks(tmp_path)


def test_cut_tail_is_passed_over_and_the_chain_goes_on(tmp_path: Path) -> None:
    written(tmp_path, 20)
    last = segments(tmp_path)[-1]
    last.write_bytes(last.read_bytes()[:-9])
    side = last.with_suffix(".json")
    facts = json.loads(side.read_text())
    side.write_text(json.dumps({k: v for k, v in facts.items() if k not in ("sha256", "bytes")}))
    assert len(list(read_log(tmp_path))) == 19
    log = RawLog(tmp_path, FakeClock())
    log.write(frames(1)[0], 1.8e9)
    log.close()
    assert chain_breaks(tmp_path) == []
    assert len(list(read_log(tmp_path))) == 20


def test_damaged_middle_loses_only_itself(tmp_path: Path) -> None:
    written(tmp_path, 100, segment_bytes=1 << 20)
    segment = segments(tmp_path)[0]
    data = bytearray(segment.read_bytes())
    data[200:230] = b"\xfd" * 30
    segment.write_bytes(data)
    assert len(list(read_tlog(segment))) >= 97


KILLED = """
import sys
from itertools import pairwise
from pathlib import Path
from dronesampler.clock import SystemClock
from dronesampler.mavlink import Draft, FrameWriter, RawLog
log, writer, clock = RawLog(Path(sys.argv[1]), SystemClock(), segment_bytes=20000), FrameWriter(1, 1), SystemClock()
n = 0
while True:
    log.write(writer.frame(Draft("NAMED_VALUE_FLOAT", {"name": "n", "value": float(n)})), clock.unix_s())
    n += 1
    if n % 50 == 0:
        print(n, flush=True)
"""


def test_kill_loses_nothing_that_was_written(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = 0
    for line in process.stdout:
        told = int(line)
        if told >= 3000:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    values = [message["value"] for entry in read_log(tmp_path) if (message := decode(entry.frame))]
    assert values == [float(n) for n in range(len(values))]
    assert len(values) >= told
    assert chain_breaks(tmp_path) == []


FULL = """
import resource, sys
from pathlib import Path
from dronesampler.clock import FakeClock
from dronesampler.mavlink import Draft, FrameWriter, RawLog
reasons = []
log, writer = RawLog(Path(sys.argv[1]), FakeClock(), failed=reasons.append), FrameWriter(1, 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
for n in range(400):
    log.write(writer.frame(Draft("NAMED_VALUE_FLOAT", {"name": "n", "value": float(n)})), 1.8e9)
print(len(reasons))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_storage_that_is_full_is_told_and_what_was_written_is_whole(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False)
    assert int(done.stdout) > 200, done.stderr
    values = [message["value"] for entry in read_log(tmp_path) if (message := decode(entry.frame))]
    assert values == [float(n) for n in range(len(values))]
    assert len(values) > 100


def test_failure_to_write_is_told(tmp_path: Path) -> None:
    reasons: list[str] = []
    log = RawLog(tmp_path, FakeClock(), failed=reasons.append)
    log._file.close()
    log.write(frames(1)[0], 1.8e9)
    log._stop.set()
    assert reasons


@pytest.mark.parametrize("speed", [0.25, 1.0, 20.0])
def test_replay_keeps_the_pace(speed: float) -> None:
    (frame,) = [e.frame for e in _logged(1)]
    log = [LoggedFrame(1000.0 + n, frame) for n in range(11)]
    clock = FakeClock()
    replay = Replay(iter(log), clock, speed=speed)
    assert len(replay.due()) == 1
    clock.advance(5.0 / speed)
    assert len(replay.due()) == 5
    clock.advance(100.0)
    assert len(replay.due()) == 5
    assert replay.over


def test_replay_speed_may_change_on_the_way() -> None:
    (frame,) = [e.frame for e in _logged(1)]
    clock = FakeClock()
    replay = Replay(iter([LoggedFrame(float(n), frame) for n in range(21)]), clock)
    clock.advance(5.0)
    replay.due()
    replay.set_speed(10.0)
    clock.advance(1.0)
    assert len(replay.due()) == 10


def test_replay_speed_has_bounds() -> None:
    with pytest.raises(ValueError, match="speed"):
        Replay(iter([]), FakeClock(), speed=50.0)


def _logged(count: int) -> list[LoggedFrame]:
    from dronesampler.mavlink import FrameReader

    return [LoggedFrame(float(n), f) for n, f in enumerate(FrameReader().feed(b"".join(frames(count))))]


@pytest.mark.parametrize("signed", [False, True])
def test_key_of_a_signed_link_is_zeros_in_the_log_whoever_sent_it(tmp_path: Path, *, signed: bool) -> None:
    secret = bytes(range(1, 33))
    clock = FakeClock()
    log = RawLog(tmp_path, clock)
    signing = Signing(secret) if signed else None
    station = Station(clock, log=log.write, signing=signing)
    draft = Draft("SETUP_SIGNING", {"initial_timestamp": 7, "target_system": 1, "secret_key": tuple(secret)})
    (sent,) = station.send([draft]).send
    station.receive(FrameWriter(254, 190, signing).frame(draft))
    log.close()
    assert secret in sent, "the vehicle gets it"
    logged = [entry.frame for entry in read_log(tmp_path)]
    assert [frame.message_id for frame in logged] == [256, 256]
    assert all(secret[:4] not in path.read_bytes() for path in tmp_path.iterdir())
    for frame in logged:
        message = decode(frame)
        assert message is not None
        assert (message["initial_timestamp"], set(message["secret_key"])) == (7, {0})
