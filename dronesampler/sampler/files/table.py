"""Tables of text: comments, header, separator, decimal commas and half lines of CSV files and worksheets."""

import csv
import gc
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dronesampler.columns import Floats
from dronesampler.problems import BadInput
from dronesampler.texts import Text

_SEPARATORS = (",", ";", "\t", "|", "，")
_NUMBER = re.compile(r"\s*[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*$")
_MISSING_VALUES = (-999.0, -9999.0, -99999.0, -999.9, -999.99, -99.99)
_TOO_WIDE = Text(
    "第 {line} 行有一个超过 128 KB 的单元格；这不是表格",
    "line {line} has a cell of over 128 kB; this is no table",
)
_NOT_XLSX = Text(
    "工作簿无法读取（{why}）；请在表格软件中另存为 CSV 或 XLSX",
    "the workbook cannot be read ({why}); save it as CSV or XLSX from the spreadsheet program",
)
BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as text. `header` is empty where the file has none. `raw[k]` is row k as it stood in the file,
    `first_line` the number of its line. `short` marks rows with fewer cells than the header."""

    header: tuple[str, ...]
    columns: tuple[list[str], ...]
    raw: list[bytes]
    first_line: int
    decimal_comma: bool
    short: frozenset[int]
    comments: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.raw)


def read_csv(text: str, *, header: bool | None = None, separator: str | None = None) -> Table:
    """A table from text. `header`: whether there is one, None to see for oneself. Raises BadInput."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next((k for k, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), len(lines))
    comments = tuple(line for line in lines[:start] if line.strip())
    body = lines[start:]
    while body and not body[-1].strip():
        body.pop()
    separator = separator or _separator(body[:30], start)
    rows = _parsed(body, separator, start)
    first = next(rows, [])
    names = tuple(clean(cell) for cell in first)
    has_header = _is_header(first) if header is None else header
    if not has_header:
        rows = _parsed(body, separator, start)
        names = ()
    with _no_garbage_search():
        columns, short, kept = _columns(rows, names)
    raw = [line.encode() for line in body[1 if has_header else 0 :]]
    if len(kept) != len(raw):
        raw = [raw[k] if k < len(raw) else b"" for k in kept]
    return Table(
        header=names,
        columns=columns,
        raw=raw,
        first_line=start + (2 if has_header else 1),
        decimal_comma=_has_decimal_comma(columns),
        short=frozenset(short),
        comments=comments,
    )


@contextmanager
def _no_garbage_search() -> Iterator[None]:
    """Millions of new lists make the collector search all of them again and again, and there is no cycle among them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parsed(body: list[str], separator: str, start: int) -> Iterator[list[str]]:
    reader = csv.reader(body, delimiter=separator, skipinitialspace=True)
    try:
        yield from reader
    except csv.Error as reason:
        raise BadInput(_TOO_WIDE.with_(line=start + reader.line_num)) from reason


def _columns(rows: Iterator[list[str]], names: Sequence[str]) -> tuple[tuple[list[str], ...], list[int], list[int]]:
    """Cells by column, the short rows without the cell they break off in, and which lines the rows were."""
    columns: list[list[str]] = [[] for _ in names]
    short: list[int] = []
    last_cells: list[int] = []
    kept: list[int] = []
    line = 0
    while block := list(islice(rows, BLOCK)):
        width = len(columns) or max(map(len, block))
        columns = columns or [[] for _ in range(width)]
        full = [row for row in block if row and any(row)]
        if len(full) == len(block):
            kept.extend(range(line, line + len(block)))
        else:
            kept.extend(line + k for k, row in enumerate(block) if row and any(row))
        line += len(block)
        first = len(kept) - len(full)
        for k, row in enumerate(full):
            if len(row) < width:
                short.append(first + k)
                last_cells.append(len(row) - 1)
                full[k] = row + [""] * (width - len(row))
        for column, cells in zip(columns, zip(*full, strict=False), strict=False):
            column.extend(cells)
    if 2 * len(short) > len(kept):
        return tuple(columns), [], kept  # a header with more names than the table has cells
    for at, cell in zip(short, last_cells, strict=True):
        # Half a number is a wrong number, and half a date another day.
        columns[cell][at] = ""
    return tuple(columns), short, kept


def read_xlsx(data: bytes) -> Table:
    """The first worksheet that has rows. Raises BadInput."""
    from openpyxl import load_workbook  # heavy, and only needed here

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        grid = next((g for sheet in book.worksheets if (g := [list(r) for r in sheet.iter_rows(values_only=True)])), [])
        book.close()
    except Exception as reason:  # openpyxl raises whatever its XML and ZIP layers do
        raise BadInput(_NOT_XLSX.with_(why=reason)) from reason
    cells = [["" if c is None else str(c) for c in row] for row in grid]
    cells = [row for row in cells if any(c.strip() for c in row)]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([c.replace("\n", " ") for c in row] for row in cells)
    return read_csv(buffer.getvalue(), separator=",")


def clean(cell: str) -> str:
    """A header cell without its quotes and spaces."""
    return cell.replace("\ufeff", "").strip().strip('"').strip()


def _separator(lines: Sequence[str], start: int) -> str:
    """What splits the most lines into the same number of cells, most cells first."""

    def score(separator: str) -> tuple[int, int]:
        widths = [len(next(_parsed([line], separator, start + k))) for k, line in enumerate(lines) if line.strip()]
        common = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(common) if common > 1 else 0), common

    return max(_SEPARATORS, key=score)


def _is_header(cells: Sequence[str]) -> bool:
    """Names, not numbers: a row in which hardly any cell is a number."""
    filled = [c for c in cells if c.strip()]
    return bool(filled) and sum(bool(_NUMBER.fullmatch(c)) for c in filled) * 4 <= len(filled)


def _has_decimal_comma(columns: Sequence[list[str]]) -> bool:
    sample = [c for column in columns for c in column[:50]]
    commas = sum(bool(_DECIMAL_COMMA.match(c)) for c in sample)
    points = sum("." in c and bool(_PLAIN.match(c)) for c in sample)
    return commas > points


def numbers(cells: Sequence[str], *, decimal_comma: bool = False) -> Floats:
    """The number at the start of each cell (a unit may follow it), NaN where there is none or it stands for none."""
    found = np.full(len(cells), math.nan)
    for start in range(0, len(cells), BLOCK):
        block = cells[start : start + BLOCK]
        try:
            if decimal_comma:
                raise ValueError
            found[start : start + len(block)] = np.array(block, dtype=float)
        except ValueError:
            found[start : start + len(block)] = [_number(c, decimal_comma) for c in block]
    found[~np.isfinite(found)] = math.nan
    for missing in _MISSING_VALUES:
        found[found == missing] = math.nan
    return found


def _number(cell: str, decimal_comma: bool) -> float:
    match = _NUMBER.match(cell.replace("\xa0", " ").replace("−", "-"))
    if not match:
        return math.nan
    text = match[0].strip()
    if decimal_comma:
        return float(text.replace(",", "."))
    if "," in text:
        return math.nan
    return float(text)
