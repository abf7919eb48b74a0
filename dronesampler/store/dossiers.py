"""Dossiers: samples and cases as append-only chains, each entry named in its patrol's journal by its digest.

The journal is what packets are sealed over, so an entry that was changed, dropped or slipped in afterwards is missed
there, even by somebody who makes the dossier's own chain whole again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from dronesampler.journal import Entry, canonical_json, follow
from dronesampler.problems import BadInput
from dronesampler.store import tables as t
from dronesampler.texts import Text

NO_DOSSIER = Text("没有编号为 {number} 的记录", "there is no record with the number {number}")
TAKEN_NUMBER = Text("编号 {number} 已被使用", "the number {number} is taken")


@dataclass(frozen=True, slots=True)
class Dossier:
    """One record with all its entries. `kind` is sample or case."""

    id: int
    kind: str
    number: str
    patrol_id: int
    simulated: bool
    opened_unix_s: float
    entries: tuple[Entry, ...]


def open_dossier(
    connection: Connection, kind: str, number: str, *, patrol_id: int, simulated: bool, unix_s: float
) -> int:
    """A new, empty record; its id. Raises BadInput where the number is taken."""
    d = t.dossier.c
    taken = connection.execute(select(d.id).where(d.kind == kind, d.number == number)).scalar()
    if taken is not None:
        raise BadInput(TAKEN_NUMBER.with_(number=number))
    values = {"kind": kind, "number": number, "patrol_id": patrol_id, "simulated": simulated, "opened_unix_s": unix_s}
    made = connection.execute(insert(t.dossier).values(**values))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def append_entry(
    connection: Connection, dossier_id: int, kind: str, body: Mapping[str, Any], *, unix_s: float
) -> tuple[Entry, int, dict[str, Any]]:
    """The next entry of a record; what the patrol's journal should note of it, and whose journal that is."""
    e, d = t.dossier_entry.c, t.dossier.c
    told = connection.execute(select(d.kind, d.number, d.patrol_id).where(d.id == dossier_id)).one()
    last = select(t.dossier_entry).where(e.dossier_id == dossier_id).order_by(e.seq.desc()).limit(1)
    row = connection.execute(last).first()
    entry = follow(_entry(row) if row else None, unix_s=unix_s, kind=kind, body=body)
    digest = entry.digest()
    values = {"seq": entry.seq, "unix_s": unix_s, "kind": kind, "previous": entry.previous, "digest": digest}
    text = canonical_json(body).decode()
    connection.execute(insert(t.dossier_entry).values(dossier_id=dossier_id, body=text, **values))
    noted = {"dossier": told.kind, "number": told.number, "seq": entry.seq, "kind": kind, "digest": digest}
    return entry, int(told.patrol_id), noted


def find_dossier(connection: Connection, kind: str, number: str) -> Dossier:
    """By number; raises BadInput if there is none."""
    found = dossiers_of(connection, kind, number=number)
    if not found:
        raise BadInput(NO_DOSSIER.with_(number=number))
    return found[0]


def dossiers_of(
    connection: Connection, kind: str, *, patrol_id: int | None = None, number: str | None = None
) -> tuple[Dossier, ...]:
    """Of one patrol, of one number, or all of a kind, in the order they were opened."""
    d, e = t.dossier.c, t.dossier_entry.c
    wanted = [d.kind == kind]
    wanted += [] if patrol_id is None else [d.patrol_id == patrol_id]
    wanted += [] if number is None else [d.number == number]
    heads = connection.execute(select(t.dossier).where(*wanted).order_by(d.id)).all()
    # The same condition once more instead of a list of ids, which may be longer than a statement can hold.
    rows = select(t.dossier_entry).join(t.dossier, d.id == e.dossier_id).where(*wanted).order_by(e.dossier_id, e.seq)
    entries: dict[int, list[Entry]] = {}
    for row in connection.execute(rows):
        entries.setdefault(row.dossier_id, []).append(_entry(row))
    return tuple(Dossier(**dict(head._mapping), entries=tuple(entries.get(head.id, ()))) for head in heads)


def _entry(row: Any) -> Entry:
    return Entry(row.seq, row.unix_s, row.kind, json.loads(row.body), row.previous)
