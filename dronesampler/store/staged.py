"""An import as many short transactions: a live recorder beside it never waits long, and nobody sees half a patrol.

The patrol that is being filled is in the state `importing` and is on no list until its last transaction; what a killed
import leaves behind stays hidden for good (raw rows are append-only, so it cannot be removed).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np

from dronesampler.columns import Track, Wind
from dronesampler.store.batch import Batch
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.store import Store

HELD_S = 0.35  # wall time that one transaction may hold the database, as far as that can be known beforehand
PAUSE_S = 0.12  # longer than SQLite's own waiting between two tries of a program that is held up
FEWEST, MOST = 3_000, 40_000


class StagedRows:
    """Fills one patrol, a slice of rows a transaction. Owned by one thread."""

    def __init__(self, store: Store, patrol_id: int) -> None:
        self._store, self._patrol_id = store, patrol_id
        self._rows = 4_000
        self._first = True

    def add_readings(self, readings: ReadingColumns) -> None:
        self._slices(len(readings.time_s), lambda batch, rows: self._readings(batch, readings, rows))

    def add_track(self, track: Track) -> None:
        self._slices(len(track), lambda batch, rows: batch.add_track(self._patrol_id, track.rows(rows)))

    def add_wind(self, wind: Wind, *, source: str) -> None:
        self._slices(len(wind), lambda batch, rows: batch.add_wind(self._patrol_id, wind.rows(rows), source=source))

    def _readings(self, batch: Batch, readings: ReadingColumns, rows: slice) -> None:
        batch.add_readings(self._patrol_id, rows_of(readings, rows))

    def _slices(self, count: int, put: Callable[[Batch, slice], None]) -> None:
        """As many rows at a time as the last ones say will do."""
        for rows in self._portions(count):
            if not self._first:
                time.sleep(PAUSE_S)
            self._first = False
            with self._store.transaction() as batch:
                begun_s = time.perf_counter()
                put(batch, rows)
            took_s = max(time.perf_counter() - begun_s, 1e-3)
            fitting = int((rows.stop - rows.start) * HELD_S / took_s)
            self._rows = min(max(min(fitting, 2 * self._rows), FEWEST), MOST)

    def _portions(self, count: int) -> Iterator[slice]:
        start = 0
        while start < count:
            rows = slice(start, min(start + self._rows, count))
            yield rows
            start = rows.stop


def rows_of(readings: ReadingColumns, rows: slice) -> ReadingColumns:
    """Some rows of all columns."""
    cut: dict[str, Any] = {
        f.name: value[rows]
        for f in fields(readings)
        if isinstance(value := getattr(readings, f.name), np.ndarray)
        or (f.name in ("flags", "raw") and value is not None)
    }
    return replace(readings, **cut)
