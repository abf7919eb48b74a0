"""An import beside a flight that records into the same data folder: neither loses anything, and half is never seen."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from dronesampler.clock import SystemClock
from dronesampler.desk.importing import Request, import_files
from dronesampler.store import JournalRow, Recorder, State, Store
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.staged import MOST, StagedRows, rows_of

ROWS = 30_000


def table(path: Path, rows: int = ROWS) -> Path:
    with path.open("w", encoding="utf-8") as out:
        out.write("time,latitude,longitude,height agl (m),NMHC (mg/m3)\n")
        for k in range(rows):
            out.write(f"{1_790_000_000 + k},35.71,{116.49 + k % 500 * 1e-6:.7f},20,{0.4 + k % 7 * 0.01:.2f}\n")
    return path


def columns(rows: int) -> ReadingColumns:
    time_s = np.arange(rows) + 1.79e9
    place = np.full(rows, 35.0)
    flags = [str(k) for k in range(rows)]
    return ReadingColumns("x", "NMHC", "mg/m3", time_s, place, place, place, place, flags=flags)


def test_a_flight_records_on_while_a_file_is_imported(tmp_path: Path) -> None:
    path = table(tmp_path / "gas.csv")
    data = tmp_path / "data"
    with Store.open(data) as store:
        with store.transaction() as batch:
            flight = batch.begin_patrol("flight")
        recorder = Recorder(store, flight.id, on_failure=lambda _: None)
        seen: set[int] = set()
        taken: list[int | None] = []
        work = threading.Thread(target=lambda: taken.append(import_files(Request((path,), data))[0].patrol))
        work.start()
        put = 0
        while work.is_alive():
            put = recorder.put(JournalRow(SystemClock().unix_s(), "tick", {"k": put}))
            seen |= {len(store.readings(p.id)) for p in store.patrols() if p.id != flight.id}
            time.sleep(0.02)
        work.join()
        recorder.close()
        assert recorder.acknowledged == put > 0
        assert seen <= {ROWS}  # whole, or not there
        assert taken[0] is not None and store.patrol(taken[0]).counts["readings"] == ROWS
        assert store.patrol("last").state is State.ENDED
        assert [e.body["k"] for e in store.journal(flight.id) if e.kind == "tick"] == list(range(put))


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
def test_a_killed_import_leaves_nothing_to_be_seen_and_can_be_done_again(tmp_path: Path) -> None:
    path, data = table(tmp_path / "gas.csv"), tmp_path / "data"
    words = ["-m", "dronesampler", "import", str(path), "--into", str(data)]
    importing = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline_s = time.monotonic() + 60.0
    while importing.poll() is None and not _begun(data):
        assert time.monotonic() < deadline_s
        time.sleep(0.005)
    importing.kill()
    finished = importing.wait() == 0
    with Store.open(data) as store:
        assert [p.counts["readings"] for p in store.patrols()] == ([ROWS] if finished else [])
    (again,) = import_files(Request((path,), data))
    assert again.already is finished
    with Store.open(data) as store:
        assert [p.counts["readings"] for p in store.patrols()] == [ROWS]


def _begun(data: Path) -> bool:
    """Whether rows have been committed: the write-ahead log has grown beyond the schema's."""
    wal = data / "dronesampler.sqlite-wal"
    return wal.exists() and wal.stat().st_size > 1 << 20


def test_a_failed_import_is_not_on_any_list(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with store.transaction() as batch:
            hidden = batch.begin_patrol("half", state=State.IMPORTING)
        StagedRows(store, hidden.id).add_readings(columns(10))
        assert store.patrols() == ()
        with store.transaction() as batch:
            batch.end_patrol(hidden.id, tally=store.tally(hidden.id))
        (now,) = store.patrols()
        assert (now.counts["readings"], now.state) == (10, State.ENDED)


def test_slices_put_every_row_once_and_in_order(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("x")
        StagedRows(store, patrol.id).add_readings(columns(9_500))
        rows = [(raw.seq, raw.arrival_unix_us, placed.flags) for raw, placed in store.reading_rows(patrol.id) if placed]
        assert rows == [(k, round((k + 1.79e9) * 1e6), str(k)) for k in range(9_500)]
        assert len(store.readings(patrol.id)) == 9_500
    part = rows_of(columns(10), slice(2, 5))
    assert list(part.time_s - 1.79e9) == [2.0, 3.0, 4.0] and part.flags == ["2", "3", "4"] and MOST > 9_500
