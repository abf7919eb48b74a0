"""Placed readings a second time as blobs of whole columns, because a million rows take too long to read one by one.

The rows are what counts. A chunk is made of rows that are already there, in the transaction that wrote them or in a
later one; rows that no chunk covers are read as rows. So a crash between the two costs nothing but a little time.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, insert, select

from dronesampler.columns import Readings
from dronesampler.store.tables import reading_chunk, reading_placed
from dronesampler.store.values import Stream

CHUNK_ROWS = 4096

COLUMNS: dict[str, str] = {
    "time_s": "<f8",
    "lat_deg": "<f8",
    "lon_deg": "<f8",
    "height_agl_m": "<f8",
    "value_mg_m3": "<f8",
    "position_error_m": "<f8",
    "ok": "|b1",
    "seq": "<i8",
}
_ROW = np.dtype([("id", "<i8"), *COLUMNS.items()])
_ROW_BYTES = sum(np.dtype(kind).itemsize for kind in COLUMNS.values())

Arrays = dict[str, NDArray[Any]]


def complete(connection: Connection, stream_id: int) -> list[dict[str, Any]]:
    """Put the placed rows of a stream that no chunk covers into full chunks; what the journal should say of them."""
    chunk, last_id = _covered(connection, stream_id)
    rows = _rows_after(connection, stream_id, last_id)
    made = []
    for k in range(len(rows) // CHUNK_ROWS):
        part = rows[k * CHUNK_ROWS : (k + 1) * CHUNK_ROWS]
        blob = b"".join(np.ascontiguousarray(part[name]).tobytes() for name in COLUMNS)
        key = {"stream": stream_id, "chunk": chunk + 1 + k, "rows": len(part)}
        values = {"chunk": key["chunk"], "rows": key["rows"], "last_id": int(part["id"][-1]), "columns": blob}
        connection.execute(insert(reading_chunk).values(stream_id=stream_id, **values))
        made.append({**key, "sha256": hashlib.sha256(blob).hexdigest()})
    return made


def drop(connection: Connection, stream_id: int) -> None:
    """Forget the chunks of a stream, because its rows are placed anew."""
    connection.execute(delete(reading_chunk).where(reading_chunk.c.stream_id == stream_id))


def read(connection: Connection, stream_id: int) -> Arrays:
    """All placed rows of a stream as columns, in the order of time."""
    c = reading_chunk.c
    statement = select(c.rows, c.columns, c.last_id).where(c.stream_id == stream_id).order_by(c.chunk)
    chunks = connection.execute(statement).all()
    rest = _rows_after(connection, stream_id, chunks[-1].last_id if chunks else 0)
    arrays = {name: np.empty(sum(chunk.rows for chunk in chunks) + len(rest), kind) for name, kind in COLUMNS.items()}
    start = 0
    for count, blob, _ in chunks:
        _unpack(blob, count, into=arrays, start=start)
        start += count
    for name in COLUMNS:
        arrays[name][start:] = rest[name]
    return _in_time(arrays)


def none() -> Arrays:
    """Columns without a row."""
    return {name: np.empty(0, kind) for name, kind in COLUMNS.items()}


def as_readings(arrays: Arrays, stream: Stream | None = None) -> Readings:
    """The columns under the names that other rooms know."""
    if stream is None:
        return Readings(**arrays)  # type: ignore[arg-type]
    return Readings(
        **arrays,
        quantity=stream.quantity,
        instrument=stream.instrument,
        simulated=stream.simulated,
    )


def _covered(connection: Connection, stream_id: int) -> tuple[int, int]:
    """Number of the last chunk and the id of its last row; -1 and 0 where there is none."""
    c = reading_chunk.c
    statement = select(func.max(c.chunk), func.max(c.last_id)).where(c.stream_id == stream_id)
    chunk, last_id = connection.execute(statement).one()
    return (-1, 0) if chunk is None else (int(chunk), int(last_id))


def _rows_after(connection: Connection, stream_id: int, last_id: int) -> NDArray[Any]:
    p = reading_placed.c
    statement = select(p.id, *(p[name] for name in COLUMNS)).where(p.stream_id == stream_id, p.id > last_id)
    result = connection.execute(statement.order_by(p.id))
    # The driver's own cursor: rows as plain tuples, thirty times as fast as SQLAlchemy's Row into numpy.
    return np.fromiter(result.cursor, dtype=_ROW)  # type: ignore[call-overload,no-any-return]


def _unpack(blob: bytes, count: int, *, into: Arrays, start: int) -> None:
    if len(blob) != count * _ROW_BYTES:
        raise ValueError(f"a chunk of {count} rows holds {len(blob)} bytes")
    offset = 0
    for name, kind in COLUMNS.items():
        into[name][start : start + count] = np.frombuffer(blob, kind, count, offset)
        offset += count * np.dtype(kind).itemsize


def _in_time(arrays: Arrays) -> Arrays:
    time_s = arrays["time_s"]
    if bool(np.all(time_s[1:] >= time_s[:-1])):
        return arrays
    order = np.argsort(time_s, kind="stable")
    return {name: array[order] for name, array in arrays.items()}
