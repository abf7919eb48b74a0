"""Durable readings a second, how soon each is safe, and how fast a patrol opens: the store's table of the README.

Run: python tests/bench/bench_store.py [FOLDER on the medium to measure]
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from dronesampler.store import PlacedRow, ReadingColumns, ReadingRow, Recorder, Store


def sustained(folder: Path, *, rate: float, seconds: float, instruments: int) -> tuple[float, list[float], float]:
    """Readings a second made durable at an offered rate, wait of each reading in ms, bytes on disk a reading."""
    put_s: list[float] = []
    wait_ms: list[float] = []

    def acknowledged(records: int) -> None:
        now = time.perf_counter()
        while len(wait_ms) < records // 2:
            wait_ms.append((now - put_s[len(wait_ms)]) * 1000.0)

    with Store.open(folder) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("bench")
        failures: list[object] = []
        recorder = Recorder(store, patrol.id, on_failure=failures.append, on_acknowledged=acknowledged)
        begun, count = time.perf_counter(), int(rate * seconds)
        for k in range(count):
            while time.perf_counter() - begun < k / rate:
                time.sleep(0.0005)
            put_s.append(time.perf_counter())
            name = f"instrument {k % instruments}"
            recorder.put(ReadingRow(k, name, "NMHC", k * 0.1, "mg/m3", int(time.time() * 1e6), raw=bytes(48)))
            recorder.put(PlacedRow(k, time.time(), 35.0, 116.0, 30.0, k * 0.1))
        recorder.close()
        took_s = time.perf_counter() - begun
        if failures:
            raise SystemExit(f"the recorder failed: {failures[0]}")
    with closing(sqlite3.connect(folder / "dronesampler.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return count / took_s, wait_ms, (folder / "dronesampler.sqlite").stat().st_size / count


def commit_each(folder: Path, *, seconds: float) -> float:
    """The simplest recorder there is, for comparison: one commit a reading on the same medium, rows a second."""
    with closing(sqlite3.connect(folder / "simple.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").close()
        connection.execute("PRAGMA synchronous=FULL").close()
        connection.execute(
            "CREATE TABLE reading (seq INTEGER PRIMARY KEY, time_s REAL, lat REAL, lon REAL, value REAL)"
        )
        begun, count = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            connection.execute("INSERT INTO reading VALUES (?, ?, 35.0, 116.0, 1.0)", (count, time.time()))
            count += 1
        return count / (time.perf_counter() - begun)


def opening(folder: Path, count: int) -> tuple[float, float, float]:
    """Seconds to import, to open into arrays (median of five, each by a program that just started), and row by row."""
    k = np.arange(count, dtype=float)
    columns = ReadingColumns("pid", "NMHC", "mg/m3", 1.8e9 + k, k, k, 35.0 + k * 1e-7, 116.0 + k * 1e-7, k * 0.0 + 30.0)
    with Store.open(folder) as store, store.transaction() as batch:
        begun = time.perf_counter()
        patrol = batch.begin_patrol("bench")
        batch.add_readings(patrol.id, columns)
        batch.end_patrol(patrol.id)
    import_s = time.perf_counter() - begun
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        with Store.open(folder) as store:
            found = store.readings("last")
        took.append(time.perf_counter() - begun)
        if len(found) != count or float(found.value_mg_m3[-1]) != count - 1:
            raise SystemExit("what was read is not what was written")
    begun = time.perf_counter()
    statement = (
        "SELECT time_s, lat_deg, lon_deg, height_agl_m, value_mg_m3, position_error_m, ok, seq FROM reading_placed"
    )
    with closing(sqlite3.connect(folder / "dronesampler.sqlite")) as connection:
        np.array(connection.execute(statement).fetchall(), dtype=float)
    return import_s, statistics.median(took), time.perf_counter() - begun


def main(medium: str | None) -> None:
    with tempfile.TemporaryDirectory(dir=medium) as name:
        folder = Path(name)
        print("| recording (WAL, FULL) | readings/s | ms until safe: median | p99 | most | bytes/reading |")
        print("|---|---|---|---|---|---|")
        for rate, instruments in ((50.0, 1), (2000.0, 1), (2000.0, 20), (4000.0, 20)):
            place = folder / f"r{rate}-{instruments}"
            reached, wait, size = sustained(place, rate=rate, seconds=10.0, instruments=instruments)
            p50, p99 = np.percentile(wait, [50, 99])
            said = f"{rate:.0f} offered, {instruments} instruments"
            print(f"| {said} | {reached:.0f} | {p50:.0f} | {p99:.0f} | {max(wait):.0f} | {size:.0f} |", flush=True)
        print(f"| one commit a reading, plain sqlite3 | {commit_each(folder, seconds=5.0):.0f} | | | | |")
        print("\n| opening a patrol | import, s | into arrays, ms | rows by sqlite3 fetchall into numpy, ms |")
        print("|---|---|---|---|")
        for count in (25_000, 1_000_000):
            import_s, open_s, rows_s = opening(folder / f"o{count}", count)
            print(f"| {count:,} readings | {import_s:.1f} | {open_s * 1e3:.0f} | {rows_s * 1e3:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
