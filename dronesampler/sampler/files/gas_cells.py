"""Columns of a table by their role over the rows that count, and the marks that checks put on those rows."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.matching import Column, Role
from dronesampler.sampler.files.recording import Mask, Tally
from dronesampler.sampler.files.table import Table, numbers
from dronesampler.texts import Text

_FEET_M = 0.3048
# What is counted once a line, whatever series the line feeds; in the order it is told.
_REASONS = {
    "half-line": checks.HALF_LINE,
    "no-fix": checks.NO_FIX,
    "jump": checks.JUMP,
    "clock": checks.CLOCK,
    "dst": checks.TWICE,
    "pressure": checks.PRESSURE,
    "duplicate": checks.DUPLICATE,
    "back": checks.BACKWARDS,
}
_UNUSABLE = ("missing", "jump", "no-fix", "clock", "half-line")

Rows = NDArray[np.signedinteger]


class Cells:
    """The columns of a table by role, cut to the rows `kept`."""

    def __init__(self, table: Table, columns: Sequence[Column], kept: Rows | None = None) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.kept = np.arange(len(table)) if kept is None else kept

    def __len__(self) -> int:
        return len(self.kept)

    def column(self, role: Role) -> Column | None:
        return next((c for c in self.columns if c.role is role), None)

    def text(self, role: Role) -> list[str] | None:
        """The cells of the column with that role, None where there is none."""
        column = self.column(role)
        if column is None:
            return None
        cells = self.table.columns[column.index]
        return cells if len(self.kept) == len(cells) else [cells[k] for k in self.kept]

    def values(self, column: Column) -> Floats:
        """The column's numbers, NaN where a cell holds none."""
        cells = self.table.columns[column.index]
        return numbers(cells, decimal_comma=self.table.decimal_comma)[self.kept]

    def numbers(self, role: Role) -> Floats | None:
        column = self.column(role)
        return None if column is None else self.values(column)

    def numbers_or_nan(self, role: Role) -> Floats:
        found = self.numbers(role)
        return np.full(len(self), math.nan) if found is None else found

    def metres(self, role: Role) -> Floats:
        """A height in metres, NaN throughout where there is no such column."""
        column = self.column(role)
        return self.numbers_or_nan(role) * (_FEET_M if column and column.unit == "ft" else 1.0)

    def unit(self, role: Role) -> str:
        column = self.column(role)
        return column.unit if column else ""

    def serial(self) -> str:
        return next((c.strip() for c in self.text(Role.SERIAL) or () if c.strip()), "")

    def line(self, row: int) -> str:
        """Where a row stands in the file."""
        return f"line {self.table.first_line + int(self.kept[row])}"


class Marks:
    """What is wrong with which rows: masks by code over the rows of some cells, counted when all is read."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._by_line: dict[str, Mask] = {}
        self._missing: list[Rows] = []
        self.notes: list[Text] = []

    def put(self, code: str, mask: Mask) -> None:
        """Mark rows; a code may be put more than once."""
        self._by_line[code] = self._by_line.get(code, np.zeros(len(self._cells), bool)) | mask

    def of(self, code: str) -> Mask:
        return self._by_line.get(code, np.zeros(len(self._cells), bool))

    def judge(self, value: Floats, time_s: Floats, row: Rows) -> tuple[list[str], Mask]:
        """Flags and usability of one series that stands in those rows; its own stamps and gaps are marked too."""
        step = np.diff(time_s[row], prepend=-math.inf)
        own = {"missing": ~np.isfinite(value), "duplicate": step == 0.0, "back": step < 0.0}
        for code in ("duplicate", "back"):
            line = np.zeros(len(self._cells), bool)
            line[row[own[code]]] = True
            self.put(code, line)
        self._missing.append(row[own["missing"]])
        shared = {code: mask[row] for code, mask in self._by_line.items() if code not in own}
        marks = {code: mask for code, mask in {**shared, **own}.items() if mask.any()}
        bad = np.zeros(len(row), bool)
        for code in _UNUSABLE:
            bad |= marks.get(code, bad)
        return _flags(marks, len(row)), ~bad

    def counted(self, tally: Tally) -> None:
        """Put all marks into the tally with the first line of each."""
        missing = np.concatenate([np.empty(0, np.int64), *self._missing])
        if len(missing):
            where = self._cells.line(int(missing.min()))
            tally.add("missing", checks.NO_VALUE, where=where, count=len(missing))
        for code, reason in _REASONS.items():
            rows = np.flatnonzero(self.of(code))
            if len(rows):
                tally.add(code, reason, where=self._cells.line(int(rows[0])), count=len(rows))


def _flags(marks: dict[str, Mask], count: int) -> list[str]:
    """The codes of each row parted by spaces."""
    names = list(marks)
    key = sum((marks[code].astype(np.int64) << bit for bit, code in enumerate(names)), np.zeros(count, np.int64))
    words = {int(k): " ".join(code for bit, code in enumerate(names) if int(k) >> bit & 1) for k in np.unique(key)}
    return [words[int(k)] for k in key]
