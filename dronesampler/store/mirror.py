"""The second copy of a patrol on another medium: a file of lines, each on that medium before `append` returns.

A line is the CRC-32 of the rest in hexadecimal, a space, and a JSON array [number, kind, values]; line 0 tells the
patrol. `reclaim` reads it back: half a line at the end, or one with a fallen bit, is left out and the others stand.
"""

import base64
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dronesampler.journal import canonical_json
from dronesampler.store.documents import plain
from dronesampler.store.records import JournalRow, PlacedRow, PlanRow, ReadingRow, Record, TrackRow, WindRow
from dronesampler.store.values import Patrol

_KINDS: dict[str, type[Record]] = {
    "reading": ReadingRow,
    "placed": PlacedRow,
    "track": TrackRow,
    "wind": WindRow,
    "journal": JournalRow,
    "plan": PlanRow,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class Mirror:
    """Open for appending by one thread. What could not be written is kept and tried with the next records."""

    def __init__(self, folder: Path, patrol: Patrol) -> None:
        """Begins, or goes on with, `<folder>/<patrol uuid>.mirror.jsonl`; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{patrol.uuid}.mirror.jsonl"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        self._owed: list[bytes] = []
        self._next = max((number for number, _, _ in lines(self.path)), default=-1) + 1
        if os.fstat(self._file).st_size:
            self._owed.append(b"\n")  # ends a half line that a crash may have left
        if self._next == 0:
            self._owed.append(self._line("patrol", plain(patrol)))
        self._flush()

    def append(self, records: Sequence[Record]) -> None:
        """Write and sync; raises OSError, after which the records are owed and written with the next ones."""
        self._owed += [self._record(record) for record in records]
        self._flush()

    def fileno(self) -> int:
        """The open file's descriptor."""
        return self._file

    def close(self) -> None:
        os.close(self._file)

    def _record(self, record: Record) -> bytes:
        try:
            return self._line(_NAMES[type(record)], _values(record))
        except (KeyError, TypeError, ValueError):  # what the database will refuse is kept as its text here too
            return self._line("unfit", {"record": ascii(record)})

    def _line(self, kind: str, values: dict[str, Any]) -> bytes:
        text = canonical_json([self._next, kind, values])
        self._next += 1  # only now: a record that JSON cannot hold takes no number
        return b"%08x %s\n" % (zlib.crc32(text), text)

    def _flush(self) -> None:
        if not self._owed:
            return
        data = memoryview(b"".join(self._owed))
        try:
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
        except OSError:
            if self._owed[0] != b"\n":
                self._owed.insert(0, b"\n")  # part of it may have been written: the next try starts a line of its own
            raise
        self._owed.clear()


def lines(path: Path) -> Iterator[tuple[int, str, Any]]:
    """The sound lines of a mirror file as (number, kind, values); a line written twice comes twice."""
    with path.open("rb") as file:
        for line in file:
            if (found := _sound(line)) is not None:
                yield found


def broken_lines(path: Path) -> int:
    """How many lines are not as they were written."""
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip() and _sound(line) is None)


def record(kind: str, values: dict[str, Any]) -> Record:
    """The record that a line holds."""
    if kind == "unfit":
        return JournalRow(0.0, "record refused", values)
    of = _KINDS[kind]
    if of is ReadingRow:
        values = {**values, "raw": base64.b64decode(values["raw"])}
    if of is not JournalRow:
        values = {name: float("nan") if value == "NaN" else value for name, value in values.items()}
    return of(**values)


def _values(record: Record) -> dict[str, Any]:
    values = asdict(record)
    if isinstance(record, ReadingRow):
        values["raw"] = base64.b64encode(record.raw).decode()
    found: dict[str, Any] = plain(values)
    return found


def _sound(line: bytes) -> tuple[int, str, Any] | None:
    crc, _, text = line.rstrip(b"\n").partition(b" ")
    if crc != b"%08x" % zlib.crc32(text):
        return None
    number, kind, values = json.loads(text)
    return number, kind, values
