"""Brings a patrol back from its second copy into a database that lost some or all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from dronesampler.journal import canonical_json
from dronesampler.problems import BadInput
from dronesampler.store import mirror
from dronesampler.store import tables as t
from dronesampler.store.documents import plain
from dronesampler.store.records import JournalRow, PlacedRow, PlanRow, ReadingRow, Record, TrackRow
from dronesampler.store.store import Store
from dronesampler.store.values import Kind, State
from dronesampler.texts import Text

_NO_MIRROR = Text(
    "{path} 不是巡查的第二份副本：缺少第一行或已损坏。",
    "{path} is not the second copy of a patrol: its first line is missing or damaged.",
)


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What came of it: the patrol, records added, records that were there already, and lines that were damaged."""

    patrol_id: int
    added: int
    known: int
    broken_lines: int


def reclaim(store: Store, path: Path) -> Reclaimed:
    """Add what the second copy has and the database has not, in one transaction; raises BadInput for another file."""
    found = {number: (kind, values) for number, kind, values in mirror.lines(path)}
    if 0 not in found or found[0][0] != "patrol":
        raise BadInput(_NO_MIRROR.with_(path=path))
    head = found.pop(0)[1]
    records = [mirror.record(kind, values) for _, (kind, values) in sorted(found.items())]
    with store.transaction() as batch:
        patrol_id = batch.patrol_by_uuid(head["uuid"])
        if patrol_id is None:
            names = ("name", "source", "started_unix_s", "simulated", "aircraft", "clock_factor")
            values = {name: head[name] for name in names}
            patrol_id = batch.begin_patrol(**values, kind=Kind(head["kind"]), identity=head["uuid"]).id
        lacking = missing(batch.connection, patrol_id, records)
        refused = batch.put_records(patrol_id, lacking)
        broken = mirror.broken_lines(path)
        body = {"file": path.name, "added": len(lacking) - len(refused), "broken_lines": broken}
        batch.note(patrol_id, "reclaimed from second copy", body)
        batch.end_patrol(patrol_id, state=State.INTERRUPTED)
    return Reclaimed(patrol_id, len(lacking) - len(refused), len(records) - len(lacking), broken)


def missing(connection: Connection, patrol_id: int, records: Sequence[Record]) -> list[Record]:
    """The records that the patrol does not have yet."""
    raw = _known(connection, t.reading_raw, patrol_id, "seq")
    placed = _known(connection, t.reading_placed, patrol_id, "seq")
    track = _known(connection, t.track, patrol_id, "time_s")
    wind = _known(connection, t.wind, patrol_id, "time_s")
    e, p = t.journal_entry.c, t.plan.c
    said = {tuple(r) for r in connection.execute(select(e.unix_s, e.kind, e.body).where(e.patrol_id == patrol_id))}

    plans = {tuple(r) for r in connection.execute(select(p.stage, p.document).where(p.patrol_id == patrol_id))}

    def lacks(record: Record) -> bool:
        if isinstance(record, JournalRow):
            return (record.unix_s, record.kind, canonical_json(plain(record.body)).decode()) not in said
        if isinstance(record, PlanRow):
            return (record.stage, record.document) not in plans
        if isinstance(record, ReadingRow):
            return record.seq not in raw
        if isinstance(record, PlacedRow):
            return record.seq not in placed
        return record.time_s not in (track if isinstance(record, TrackRow) else wind)

    return [record for record in records if lacks(record)]


def _known(connection: Connection, table: Table, patrol_id: int, column: str) -> set[Any]:
    return set(connection.execute(select(table.c[column]).where(table.c.patrol_id == patrol_id)).scalars())
