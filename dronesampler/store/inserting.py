"""Many rows into a table at once: SQLAlchemy's statement, the driver's own execution.

A dictionary a row on the way through SQLAlchemy costs more than the insertion itself (measured: four times).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

_SLICE = 20_000


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows that all have the same names."""
    if rows:
        names = tuple(rows[0])
        statement, order = _statement(table, names, connection.dialect)
        _execute(connection, statement, order, (tuple(row[name] for name in order or names) for row in rows), names)


def insert_columns(
    connection: Connection, table: Table, same: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
) -> None:
    """Rows from columns, `same` in each, a slice at a time."""
    names = (*same, *columns)
    statement, order = _statement(table, names, connection.dialect)
    count = len(next(iter(columns.values())))
    for start in range(0, count, _SLICE):
        length = min(_SLICE, count - start)
        part = {name: columns[name][start : start + length] for name in columns}
        cells = (part[name] if name in part else repeat(same[name], length) for name in order or names)
        _execute(connection, statement, order, zip(*cells, strict=True), names)


def _execute(
    connection: Connection,
    statement: str,
    order: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    names: tuple[str, ...],
) -> None:
    """Positional for drivers that count (SQLite), by name for the others."""
    given: list[Any] = list(rows) if order else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(statement, given)


@lru_cache(maxsize=64)
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """The SQL, and the order of its values where the driver takes them by position."""
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    return str(compiled), tuple(compiled.positiontup or ())
