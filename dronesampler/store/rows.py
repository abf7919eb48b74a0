"""Puts records into the tables and reads the journal back: the SQL that recorder, imports and restore share."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from dronesampler.journal import Entry, canonical_json, follow
from dronesampler.store.documents import plain
from dronesampler.store.inserting import insert_rows
from dronesampler.store.records import JournalRow, PlacedRow, PlanRow, ReadingRow, Record, TrackRow, WindRow
from dronesampler.store.tables import journal_entry, plan, reading_placed, reading_raw, stream, track, wind

StreamKey = tuple[str, str, str, str, bool]  # instrument, component, quantity, unit, simulated


def nullable(value: float | None) -> float | None:
    """NULL for NaN: no database agrees with another on what NaN is."""
    return None if value is None or math.isnan(value) else float(value)


class Streams:
    """The stream ids of one patrol, made as they are needed. Belongs to one transaction."""

    def __init__(self, connection: Connection, patrol_id: int) -> None:
        self._connection = connection
        self._patrol_id = patrol_id
        columns = (stream.c.instrument, stream.c.component, stream.c.quantity, stream.c.unit, stream.c.simulated)
        rows = connection.execute(select(*columns, stream.c.id).where(stream.c.patrol_id == patrol_id))
        self._ids: dict[StreamKey, int] = {(r[0], r[1], r[2], r[3], bool(r[4])): r[5] for r in rows}

    def id(self, key: StreamKey) -> int:
        if key not in self._ids:
            names = ("instrument", "component", "quantity", "unit", "simulated")
            values = dict(zip(names, key, strict=True))
            made = self._connection.execute(insert(stream).values(patrol_id=self._patrol_id, **values))
            self._ids[key] = int(made.inserted_primary_key[0])  # type: ignore[index]
        return self._ids[key]


def put_records(connection: Connection, patrol_id: int, records: Sequence[Record]) -> Counter[int]:
    """Insert records of one patrol in this transaction, raw before placed, and the journal's entries with them.

    Returns how many rows were placed by stream id. Raises TypeError for what is no record.
    """
    for record in records:
        if not isinstance(record, Record):
            raise TypeError(f"not a record: {record!r}")
    put_readings(connection, patrol_id, [r for r in records if isinstance(r, ReadingRow)])
    placed = put_placed(connection, patrol_id, [r for r in records if isinstance(r, PlacedRow)])
    put_track(connection, patrol_id, [r for r in records if isinstance(r, TrackRow)])
    put_wind(connection, patrol_id, [r for r in records if isinstance(r, WindRow)])
    put_journal(connection, patrol_id, [r for r in records if isinstance(r, JournalRow)])
    put_plans(connection, patrol_id, [r for r in records if isinstance(r, PlanRow)])
    return placed


def put_readings(connection: Connection, patrol_id: int, rows: Sequence[ReadingRow]) -> None:
    if not rows:
        return
    streams = Streams(connection, patrol_id)
    insert_rows(connection, reading_raw, [_reading(patrol_id, row, streams) for row in rows])


def _reading(patrol_id: int, row: ReadingRow, streams: Streams) -> dict[str, Any]:
    return {
        "patrol_id": patrol_id,
        "seq": row.seq,
        "stream_id": streams.id((row.instrument, row.component, row.quantity, row.unit, row.simulated)),
        "raw_value": nullable(row.raw_value),
        "instrument_seq": row.instrument_seq,
        "instrument_unix_s": nullable(row.instrument_unix_s),
        "boot_s": nullable(row.boot_s),
        "arrival_monotonic_ns": row.arrival_monotonic_ns,
        "arrival_unix_us": row.arrival_unix_us,
        "status": row.status,
        "raw": row.raw or None,
    }


def put_placed(connection: Connection, patrol_id: int, rows: Sequence[PlacedRow]) -> Counter[int]:
    """How many by stream. Raises KeyError for a placed row whose reading is not there: raw comes first."""
    if not rows:
        return Counter()
    sequence = [row.seq for row in rows]
    of = select(reading_raw.c.seq, reading_raw.c.stream_id).where(
        reading_raw.c.patrol_id == patrol_id, reading_raw.c.seq.between(min(sequence), max(sequence))
    )
    stream_of = {row.seq: row.stream_id for row in connection.execute(of)}
    insert_rows(connection, reading_placed, [_placed(patrol_id, row, stream_of[row.seq]) for row in rows])
    return Counter(stream_of[row.seq] for row in rows)


def _placed(patrol_id: int, row: PlacedRow, stream_id: int) -> dict[str, Any]:
    return {
        "patrol_id": patrol_id,
        "seq": row.seq,
        "stream_id": stream_id,
        "time_s": row.time_s,
        "lat_deg": nullable(row.lat_deg),
        "lon_deg": nullable(row.lon_deg),
        "height_agl_m": nullable(row.height_agl_m),
        "height_home_m": nullable(row.height_home_m),
        "position_error_m": nullable(row.position_error_m),
        "value_mg_m3": nullable(row.value_mg_m3),
        "ok": row.ok,
        "flags": row.flags,
        "code_version": row.code_version,
    }


def put_track(connection: Connection, patrol_id: int, rows: Sequence[TrackRow]) -> None:
    names = ("time_s", "lat_deg", "lon_deg", "height_home_m", "height_agl_m", "heading_deg", "speed_m_s")
    insert_rows(connection, track, [{"patrol_id": patrol_id, **_floats(row, names)} for row in rows])


def put_wind(connection: Connection, patrol_id: int, rows: Sequence[WindRow]) -> None:
    names = ("time_s", "from_deg", "speed_m_s", "height_agl_m")
    values = [{"patrol_id": patrol_id, "source": row.source, **_floats(row, names)} for row in rows]
    insert_rows(connection, wind, values)


def _floats(row: object, names: Iterable[str]) -> dict[str, float | None]:
    return {name: nullable(getattr(row, name)) for name in names}


def put_plans(connection: Connection, patrol_id: int, rows: Sequence[PlanRow]) -> None:
    """Plans with the journal's entries that name their SHA-256."""
    for row in rows:
        sha256 = hashlib.sha256(row.document.encode()).hexdigest()
        kept = {"stage": row.stage, "document": row.document, "sha256": sha256, "stored_unix_s": row.unix_s}
        insert_rows(connection, plan, [{"patrol_id": patrol_id, **kept}])
        body = {"stage": row.stage, "sha256": sha256, "items": row.items}
        put_journal(connection, patrol_id, [JournalRow(row.unix_s, "plan stored", body)])


def put_journal(connection: Connection, patrol_id: int, rows: Sequence[JournalRow]) -> None:
    """Append entries, each chained to the one before; in the transaction of the rows they speak of."""
    if not rows:
        return
    last = last_entry(connection, patrol_id)
    values = []
    for row in rows:
        last = follow(last, unix_s=row.unix_s, kind=row.kind, body=plain(row.body))
        values.append(_entry(patrol_id, last))
    insert_rows(connection, journal_entry, values)


def _entry(patrol_id: int, entry: Entry) -> dict[str, Any]:
    return {
        "patrol_id": patrol_id,
        "seq": entry.seq,
        "unix_s": entry.unix_s,
        "kind": entry.kind,
        "body": canonical_json(entry.body).decode(),
        "previous": entry.previous,
        "digest": entry.digest(),
    }


def last_entry(connection: Connection, patrol_id: int) -> Entry | None:
    """The newest entry of a patrol's journal."""
    last = select(func.max(journal_entry.c.seq)).where(journal_entry.c.patrol_id == patrol_id).scalar_subquery()
    found = entries(connection, patrol_id, since=last)
    return found[0] if found else None


def entries(connection: Connection, patrol_id: int, *, since: Any = 0) -> list[Entry]:
    """A patrol's journal from entry `since` on, in order."""
    e = journal_entry.c
    statement = select(e.seq, e.unix_s, e.kind, e.body, e.previous).where(e.patrol_id == patrol_id, e.seq >= since)
    rows = connection.execute(statement.order_by(e.seq))
    return [Entry(seq, unix_s, kind, json.loads(body), previous) for seq, unix_s, kind, body, previous in rows]
