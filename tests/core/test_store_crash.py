"""What is acknowledged survives: killed processes, full disks, pulled media and power cuts."""

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dronesampler.journal import first_break
from dronesampler.store import Store, reclaim

HERE = Path(__file__).parent
HANG_S = 60
ENOSPC, EIO = 28, 5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and file limits of POSIX")


@dataclass
class Child:
    """A recording process, and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def hears(self, word: str) -> str:
        """Read on until it says that; its rest of the line. Fails if it ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.strip())
            if line.startswith(word):
                return line[len(word) :].strip()
        pytest.fail(f"the recording process ended without {word!r}: {self.said[-5:]}")

    def kill(self) -> None:
        self.process.kill()
        self.finish()

    def finish(self) -> None:
        assert self.process.stdout is not None
        self.said += [line.strip() for line in self.process.stdout]
        self.process.wait(HANG_S)

    @property
    def acknowledged(self) -> int:
        return max((int(line.split()[1]) for line in self.said if line.startswith("acked ")), default=0)


@contextmanager
def recording(
    folder: Path, *, count: int = 100_000, rate: float = 2000.0, second: str = "-", limit: int = 0, **faults: str
) -> Iterator[Child]:
    """A child at work, ended at the latest with the block or after a minute."""
    words = [sys.executable, str(HERE / "store_recording_child.py")]
    words += [str(folder), str(count), str(rate), second, str(limit)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, **faults})
    watchdog = threading.Timer(HANG_S, process.kill)
    watchdog.start()
    try:
        yield Child(process)
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="module")
def fault_layer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The library that stands between SQLite and the disk."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("the failing file layer needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("faults") / "store_faults.so"
    source = HERE / "store_faults.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True, timeout=HANG_S)
    return str(library)


def survivors(folder: Path) -> int:
    """How many readings are there after the crash; checks that the database is whole."""
    with Store.open(folder) as store:
        patrol = store.patrol("last")
        rows = list(store.reading_rows(patrol))
        assert [raw.seq for raw, _ in rows] == list(range(len(rows)))
        assert all(raw.raw_value == raw.seq and raw.raw == b"%d" % raw.seq for raw, _ in rows)
        placed = [p for _, p in rows if p is not None]
        assert store.readings(patrol).value_mg_m3.tolist() == [p.value_mg_m3 for p in placed]
        assert first_break(store.journal(patrol)) is None
    with closing(sqlite3.connect(folder / "dronesampler.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return len(placed)


def killed(folder: Path, *, seed: int, times: int) -> None:
    """Kill a recording process that many times over one database; each time the acknowledged must be there."""
    dice = random.Random(seed)
    for _ in range(times):
        with recording(folder) as child:
            first = int(child.hears("ready"))
            for _ in range(dice.randrange(1, 12)):
                child.hears("acked")
            threading.Event().wait(dice.random() * 0.1)
            child.kill()
        assert child.acknowledged > 0
        assert survivors(folder) >= first + child.acknowledged


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    killed(tmp_path, seed=1, times=4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 20))
def test_two_hundred_kills(tmp_path: Path, seed: int) -> None:
    killed(tmp_path, seed=seed, times=20)


IMPORT = """
import sys, numpy as np
from dronesampler.store import Kind, ReadingColumns, Store
k = np.arange(300_000.0)
with Store.open(sys.argv[1]) as store, store.transaction() as batch:
    patrol = batch.begin_patrol("import", kind=Kind.IMPORT)
    print("begun", flush=True)
    batch.add_readings(patrol.id, ReadingColumns("pid", "NMHC", "ppm", k, k, k, k, k))
"""


def test_a_killed_import_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, store.transaction() as batch:
        batch.begin_patrol("before")
    process = subprocess.Popen([sys.executable, "-c", IMPORT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    threading.Event().wait(0.5)
    process.kill()
    process.communicate(timeout=HANG_S)
    assert process.returncode == -signal.SIGKILL
    with Store.open(tmp_path) as store:
        assert [p.name for p in store.patrols()] == ["before"]


OPEN = """
import sys
from dronesampler.store import Store
sys.stdin.readline()
with Store.open(sys.argv[1]) as store, store.transaction() as batch:
    batch.begin_patrol("one")
"""


def test_programs_that_open_a_new_database_at_once_do_not_collide(tmp_path: Path) -> None:
    words = [sys.executable, "-c", OPEN, str(tmp_path)]
    programs = [subprocess.Popen(words, stdin=subprocess.PIPE, text=True) for _ in range(3)]
    threading.Event().wait(1.0)  # all have loaded by then, and wait for the word
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=HANG_S)
        assert program.returncode == 0
    with Store.open(tmp_path) as store:
        assert len(store.patrols()) == 3


def full_disk(folder: Path, layer: str, *, seed: int) -> None:
    """The disk is full at byte k; half the time space is freed, half the time the process dies in it."""
    dice = random.Random(seed)
    after, freed = dice.randrange(0, 1_000_000), seed % 2 == 0
    faults = {"DS_FAULT_AFTER": str(after), "DS_FAULT_ERRNO": str(ENOSPC)}
    with recording(folder, count=6000, rate=6000, LD_PRELOAD=layer, DS_FAULT_DIR=str(folder), **faults) as child:
        if after < 600_000:  # perhaps in the middle of making the tables: then it must say so
            assert child.process.stdout is not None
            line = child.process.stdout.readline()
            if line.startswith("refused"):
                assert "cannot be opened" in line
                child.finish()
                with Store.open(folder) as store:
                    assert store.patrols() == ()
                return
            if not line:  # or of beginning the patrol
                return
        child.hears("failed")
        if freed:
            (folder / "freed").touch()
            child.hears("closed")
            assert "recovered" in child.said
            assert child.acknowledged == 6000
        else:
            child.kill()
    assert survivors(folder) >= child.acknowledged


@pytest.mark.parametrize("seed", range(4))
def test_a_full_disk_loses_nothing_acknowledged(tmp_path: Path, fault_layer: str, seed: int) -> None:
    full_disk(tmp_path, fault_layer, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 150))
def test_fifty_full_disks(tmp_path: Path, fault_layer: str, seed: int) -> None:
    full_disk(tmp_path, fault_layer, seed=seed)


def test_a_file_size_limit_is_told_and_overcome(tmp_path: Path) -> None:
    with recording(tmp_path, count=4000, rate=6000, limit=900_000) as child:
        child.hears("failed")
        child.process.send_signal(signal.SIGUSR1)
        child.hears("closed")
    assert "recovered" in child.said
    assert survivors(tmp_path) == child.acknowledged == 4000


def pulled(folder: Path, layer: str, *, seed: int) -> None:
    """The medium with the database goes away for good at byte k; the second copy on another one has all."""
    main, second = folder / "main", folder / "second"
    main.mkdir()
    after = random.Random(seed).randrange(600_000, 1_200_000)
    faults = {"DS_FAULT_DIR": str(main), "DS_FAULT_AFTER": str(after), "DS_FAULT_ERRNO": str(EIO)}
    with recording(main, count=60_000, rate=6000, second=str(second), LD_PRELOAD=layer, **faults) as child:
        child.hears("failed")
        (copy,) = second.iterdir()
        for _ in range(HANG_S):  # the second copy may be a little behind, and catches up
            if copy.read_bytes().count(b"\n") > 2 * child.acknowledged:
                break
            threading.Event().wait(0.1)
        child.kill()
    assert child.acknowledged > 0
    kept = survivors(main)
    assert kept >= child.acknowledged
    with Store.open(folder / "anew") as store:
        assert reclaim(store, copy).added >= 2 * child.acknowledged
    assert survivors(folder / "anew") >= kept
    with Store.open(main) as store:
        reclaim(store, copy)
    assert survivors(main) >= kept


@pytest.mark.parametrize("seed", range(3))
def test_a_pulled_medium_loses_nothing_acknowledged(tmp_path: Path, fault_layer: str, seed: int) -> None:
    pulled(tmp_path, fault_layer, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200, 250))
def test_fifty_pulled_media(tmp_path: Path, fault_layer: str, seed: int) -> None:
    pulled(tmp_path, fault_layer, seed=seed)


@dataclass(frozen=True)
class Operation:
    """One line of the fault layer's log."""

    kind: str  # W write, T truncate, S sync, U unlink
    path: str
    at: int
    data: bytes


def logged(log: Path) -> list[Operation]:
    found, content, at = [], log.read_bytes(), 0
    while at + 17 <= len(content):
        kind, path_length, offset, length = struct.unpack_from("<cIqI", content, at)
        body = content[at + 17 : at + 17 + path_length + length]
        if len(body) < path_length + length:
            break
        found.append(Operation(kind.decode(), body[:path_length].decode(), offset, body[path_length:]))
        at += 17 + path_length + length
    return found


def after_power_cut(operations: list[Operation], folder: Path, *, torn: random.Random | None) -> int:
    """Files as the medium holds them: all that was synced, of the rest nothing, or by chance some of it.

    Returns what had been acknowledged. Creation and removal of files count as done at once, as SQLite syncs the
    directory itself.
    """
    safe: dict[str, bytearray] = {}
    waiting: dict[str, list[Operation]] = {}
    acknowledged = 0
    for operation in operations:
        if operation.path.endswith("/acks"):
            if operation.kind == "W":
                acknowledged = int(operation.data)
        elif operation.kind == "U":
            safe.pop(operation.path, None)
            waiting.pop(operation.path, None)
        elif operation.kind == "S":
            _apply(safe.setdefault(operation.path, bytearray()), waiting.pop(operation.path, []))
        else:
            safe.setdefault(operation.path, bytearray())
            waiting.setdefault(operation.path, []).append(operation)
    for path, content in safe.items():
        if torn is not None:
            _apply(content, [w for w in waiting.get(path, []) if torn.random() < 0.5])
        (folder / Path(path).name).write_bytes(content)
    return acknowledged


def _apply(content: bytearray, operations: list[Operation]) -> None:
    for operation in operations:
        if operation.kind == "T":
            del content[operation.at :]
            content.extend(bytes(operation.at - len(content)))
        else:
            content.extend(bytes(max(0, operation.at - len(content))))
            content[operation.at : operation.at + len(operation.data)] = operation.data


def power_cuts(folder: Path, layer: str, *, cuts: int, seed: int) -> None:
    recorded = folder / "recorded"
    recorded.mkdir()
    faults = {"DS_FAULT_DIR": str(recorded), "DS_FAULT_LOG": str(folder / "log")}
    with recording(recorded, count=8000, rate=5000, LD_PRELOAD=layer, **faults) as child:
        child.hears("closed")
    operations = logged(folder / "log")
    dice = random.Random(seed)
    begun = next(k for k, o in enumerate(operations) if o.path.endswith("/acks") and o.kind == "W")
    for cut in range(cuts):
        medium = folder / f"cut{cut}"
        medium.mkdir()
        here = dice.randrange(begun + 1, len(operations))
        acknowledged = after_power_cut(operations[:here], medium, torn=dice if cut % 2 else None)
        assert 0 < acknowledged <= survivors(medium), f"cut before operation {here}"
        shutil.rmtree(medium)


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, fault_layer: str) -> None:
    power_cuts(tmp_path, fault_layer, cuts=5, seed=1)


@pytest.mark.soak
def test_fifty_power_cuts(tmp_path: Path, fault_layer: str) -> None:
    power_cuts(tmp_path, fault_layer, cuts=50, seed=2)
