"""Whole columns into the tables at once, for imports; and what is counted and hashed over a patrol's rows."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, delete, func, select

from dronesampler import __version__
from dronesampler.columns import Floats, Track, Wind
from dronesampler.store import chunks
from dronesampler.store import tables as t
from dronesampler.store.inserting import insert_columns
from dronesampler.store.records import JournalRow
from dronesampler.store.rows import Streams, put_journal

_PLACED = ("time_s", "lat_deg", "lon_deg", "height_agl_m", "height_home_m", "position_error_m", "value_mg_m3")


@dataclass(frozen=True, slots=True)
class ReadingColumns:
    """Readings of one quantity of one instrument as columns, shape (n,) each; None for what a file does not tell.

    `time_s` (unix, no NaN) is when the air was there, `raw_value` is in `unit`, `value_mg_m3` the same converted (NaN
    where it cannot be). `flags` are codes parted by spaces, one text a row. `raw` is each row as it stood in the file.
    """

    instrument: str
    quantity: str
    unit: str
    time_s: Floats
    raw_value: Floats
    value_mg_m3: Floats
    lat_deg: Floats
    lon_deg: Floats
    height_agl_m: Floats | None = None
    height_home_m: Floats | None = None
    position_error_m: Floats | None = None
    ok: NDArray[np.bool_] | None = None
    flags: Sequence[str] | None = None
    arrival_unix_s: Floats | None = None  # when a program received it; `time_s` where not told
    instrument_unix_s: Floats | None = None
    instrument_seq: NDArray[np.int64] | None = None
    status: NDArray[np.int64] | None = None
    raw: Sequence[bytes] | None = None
    component: str = ""
    simulated: bool = False
    code_version: str = __version__


def add_readings(connection: Connection, patrol_id: int, readings: ReadingColumns, *, unix_s: float) -> int:
    """Insert raw and placed rows and complete the columns; the `seq` of the first row."""
    r = readings
    last = connection.execute(select(func.max(t.reading_raw.c.seq)).where(t.reading_raw.c.patrol_id == patrol_id))
    highest = last.scalar()
    first = 0 if highest is None else int(highest) + 1
    stream = Streams(connection, patrol_id).id((r.instrument, r.component, r.quantity, r.unit, r.simulated))
    count = len(r.time_s)
    same = {"patrol_id": patrol_id, "stream_id": stream}
    derived = {**same, "code_version": r.code_version}
    seq = range(first, first + count)
    insert_columns(connection, t.reading_raw, same, {"seq": seq, **_raw_columns(r)})
    insert_columns(connection, t.reading_placed, derived, {"seq": seq, **_placed_columns(r)})
    made = chunks.complete(connection, stream)
    put_journal(connection, patrol_id, [JournalRow(unix_s, "readings placed", body) for body in made])
    return first


def _raw_columns(r: ReadingColumns) -> dict[str, Sequence[Any]]:
    arrival_s = r.time_s if r.arrival_unix_s is None else r.arrival_unix_s
    columns: dict[str, Sequence[Any]] = {
        "raw_value": _listed(r.raw_value),
        "arrival_unix_us": np.rint(arrival_s * 1e6).astype(np.int64).tolist(),
    }
    for name in ("instrument_unix_s", "instrument_seq", "status"):
        if (array := getattr(r, name)) is not None:
            columns[name] = _listed(array)
    return columns if r.raw is None else {**columns, "raw": [b or None for b in r.raw]}


def _placed_columns(r: ReadingColumns) -> dict[str, Sequence[Any]]:
    count = len(r.time_s)
    columns: dict[str, Sequence[Any]] = {
        "ok": [True] * count if r.ok is None else r.ok.tolist(),
        "flags": [""] * count if r.flags is None else r.flags,
    }
    for name in _PLACED:
        array = getattr(r, name)
        columns[name] = [None] * count if array is None else _listed(array)
    return columns


def add_track(connection: Connection, patrol_id: int, track: Track) -> None:
    names = ("time_s", "lat_deg", "lon_deg", "height_home_m", "height_agl_m", "heading_deg", "speed_m_s")
    insert_columns(connection, t.track, {"patrol_id": patrol_id}, _columns(track, names))


def add_wind(connection: Connection, patrol_id: int, wind: Wind, *, source: str) -> None:
    names = ("time_s", "from_deg", "speed_m_s", "height_agl_m")
    insert_columns(connection, t.wind, {"patrol_id": patrol_id, "source": source}, _columns(wind, names))


def drop_placed(connection: Connection, patrol_id: int) -> None:
    """Delete the placed rows of a patrol and their chunks."""
    streams = connection.execute(select(t.stream.c.id).where(t.stream.c.patrol_id == patrol_id)).scalars()
    for stream in streams.all():
        chunks.drop(connection, stream)
    connection.execute(delete(t.reading_placed).where(t.reading_placed.c.patrol_id == patrol_id))


@dataclass(frozen=True, slots=True)
class Tally:
    """What the end of a patrol says of its rows."""

    counts: dict[str, int]
    digest: dict[str, Any]


def tally(connection: Connection, patrol_id: int) -> Tally:
    """Counts and digest as the rows stand now."""
    return Tally(counts(connection, patrol_id), readings_digest(connection, patrol_id))


def counts(connection: Connection, patrol_id: int) -> dict[str, int]:
    """How many rows a patrol has of each kind."""
    of = {"readings": t.reading_raw, "placed": t.reading_placed, "track_points": t.track, "winds": t.wind}
    return {name: _count(connection, table, patrol_id) for name, table in of.items()}


def _count(connection: Connection, table: Table, patrol_id: int) -> int:
    statement = select(func.count()).select_from(table).where(table.c.patrol_id == patrol_id)
    return int(connection.execute(statement).scalar_one())


def readings_digest(connection: Connection, patrol_id: int) -> dict[str, Any]:
    """What ties the journal to the raw readings: how many, and SHA-256 over seq, value and arrival of each.

    Each row is 24 bytes, little endian: seq i64, raw value f64 (NaN where none), arrival in microseconds i64.
    """
    c = t.reading_raw.c
    statement = select(c.seq, c.raw_value, c.arrival_unix_us).where(c.patrol_id == patrol_id).order_by(c.seq)
    kind = np.dtype([("seq", "<i8"), ("value", "<f8"), ("arrival", "<i8")])
    rows = np.fromiter(connection.execute(statement).cursor, dtype=kind)  # type: ignore[call-overload]
    rows["value"][np.isnan(rows["value"])] = math.nan  # one spelling of NaN
    return {"rows": len(rows), "sha256": hashlib.sha256(rows.tobytes()).hexdigest()}


def _columns(arrays: object, names: Iterable[str]) -> dict[str, Sequence[Any]]:
    return {name: _listed(getattr(arrays, name)) for name in names}


def _listed(array: NDArray[Any]) -> list[Any]:
    """As Python values, None for NaN."""
    values: list[Any] = array.tolist()
    if array.dtype.kind == "f" and bool(np.isnan(array).any()):
        return [None if v != v else v for v in values]
    return values
