"""Reads rows back: whole columns of a table, and every reading as it arrived and as it was placed."""

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Table, and_, select

from dronesampler.store import tables as t
from dronesampler.store.records import PlacedRow, ReadingRow

_PLACED = (
    "time_s",
    "lat_deg",
    "lon_deg",
    "height_agl_m",
    "value_mg_m3",
    "height_home_m",
    "position_error_m",
)


def columns(connection: Connection, table: Table, patrol_id: int, kind: type) -> dict[str, NDArray[np.float64]]:
    """The columns of `kind` (Track, Wind) out of a table, in the order of time; NaN for NULL."""
    names = [f.name for f in fields(kind)]
    statement = select(*(table.c[name] for name in names)).where(table.c.patrol_id == patrol_id)
    result = connection.execute(statement.order_by(table.c.time_s, table.c.id))
    found = np.fromiter(result.cursor, dtype=[(name, "<f8") for name in names])  # type: ignore[call-overload]
    return {name: np.ascontiguousarray(found[name]) for name in names}


def reading_rows(connection: Connection, patrol_id: int) -> Iterator[tuple[ReadingRow, PlacedRow | None]]:
    """Raw and placed, in the order of arrival."""
    r, s, p = t.reading_raw, t.stream, t.reading_placed
    of_placed = [p.c[name].label("p_" + name) for name in (*_PLACED, "ok", "flags", "code_version")]
    joined = r.join(s, r.c.stream_id == s.c.id).outerjoin(p, and_(p.c.patrol_id == r.c.patrol_id, p.c.seq == r.c.seq))
    shared = (s.c.instrument, s.c.component, s.c.quantity, s.c.unit, s.c.simulated)
    statement = select(r, *shared, *of_placed).select_from(joined).where(r.c.patrol_id == patrol_id)
    for row in connection.execute(statement.order_by(r.c.seq)).yield_per(2000):
        yield _raw(row), _placed(row)


RAW_CELLS = (
    *("seq", "arrival_unix_us", "instrument", "component", "quantity", "raw_value", "unit"),
    *("instrument_seq", "instrument_unix_s", "status", "simulated", "raw"),
)


def raw_cells(connection: Connection, patrol_id: int, *, at_once: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
    """Every reading as it arrived, as the driver gives its cells, in the order of RAW_CELLS and of arrival.

    For files of a million rows, where making a value of each would take longer than writing them.
    """
    r, s = t.reading_raw, t.stream
    cells = [r.c[name] if name in r.c else s.c[name] for name in RAW_CELLS]
    joined = r.join(s, r.c.stream_id == s.c.id)
    statement = select(*cells).select_from(joined).where(r.c.patrol_id == patrol_id).order_by(r.c.seq)
    cursor = connection.execute(statement).cursor
    assert cursor is not None
    while rows := cursor.fetchmany(at_once):
        yield list(rows)


def _raw(row: Row[Any]) -> ReadingRow:
    return ReadingRow(
        seq=row.seq,
        instrument=row.instrument,
        quantity=row.quantity,
        raw_value=row.raw_value,
        unit=row.unit,
        arrival_unix_us=row.arrival_unix_us,
        arrival_monotonic_ns=row.arrival_monotonic_ns,
        component=row.component,
        instrument_seq=row.instrument_seq,
        instrument_unix_s=row.instrument_unix_s,
        boot_s=row.boot_s,
        status=row.status,
        raw=bytes(row.raw or b""),
        simulated=row.simulated,
    )


def _placed(row: Row[Any]) -> PlacedRow | None:
    if row.p_time_s is None:
        return None
    found = {name: getattr(row, "p_" + name) for name in _PLACED}
    values = {name: math.nan if value is None else value for name, value in found.items()}
    return PlacedRow(seq=row.seq, **values, ok=row.p_ok, flags=row.p_flags, code_version=row.p_code_version)
