"""Finds patrols, parks, plans, findings and bookkeeping in the tables and makes values of them."""

import json
import re
from typing import Any

from sqlalchemy import Connection, Row, select

from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import BadInput
from dronesampler.store import tables as t
from dronesampler.store.documents import from_text
from dronesampler.store.values import (
    Finding,
    ImportedFile,
    Kind,
    Media,
    Packet,
    Patrol,
    PlanStage,
    RejectedRow,
    State,
    StoredPark,
    StoredPlan,
    Stream,
)
from dronesampler.texts import Text

_NO_PATROL = Text(
    "没有名为“{name}”的巡查。请给出巡查编号、uuid 或 last（最近一次）；共有 {count} 次巡查。",
    "There is no patrol {name!r}. Name one by id, uuid or `last`; {count} are on file.",
)
_NO_PATROL_YET = Text(
    "数据库中还没有巡查。请先飞行一次，或用 dronesampler import 导入。",
    "There is no patrol on file yet. Fly one, or take one in with dronesampler import.",
)
_AMBIGUOUS = Text("“{name}”对应多个巡查，请写出完整的 uuid。", "{name!r} fits several patrols: write the whole uuid.")
_NO_PARK = Text(
    "没有名为“{name}”的园区。请先用 dronesampler import 导入。", "There is no park {name!r}: import it first."
)
_SEEN = t.patrol.c.state != State.IMPORTING.value


def all_patrols(connection: Connection) -> tuple[Patrol, ...]:
    """All that may be seen: not those whose import is not finished."""
    statement = select(t.patrol).where(_SEEN).order_by(t.patrol.c.started_unix_s, t.patrol.c.id)
    rows = connection.execute(statement)
    return tuple(_patrol(row) for row in rows)


def find_patrol(connection: Connection, name: str | int) -> Patrol:
    """By id, by uuid or its first eight or more characters, or "last" (begun last); raises BadInput."""
    key, p = str(name).strip(), t.patrol.c
    statement = select(t.patrol).where(_SEEN).order_by(p.id.desc()).limit(2)
    if key == "last":
        rows = connection.execute(statement.limit(1)).all()
    elif re.fullmatch(r"[0-9]{1,18}", key) and (rows := connection.execute(statement.where(p.id == int(key))).all()):
        pass
    elif re.fullmatch(r"[0-9a-fA-F-]{8,36}", key):
        rows = connection.execute(statement.where(p.uuid.startswith(key.lower(), autoescape=True))).all()
    else:
        rows = []
    if len(rows) != 1:
        raise BadInput(_why_not_one(connection, key, len(rows)))
    return _patrol(rows[0])


def patrol_by_id(connection: Connection, patrol_id: int) -> Patrol:
    """The patrol itself, in whatever state."""
    return _patrol(connection.execute(select(t.patrol).where(t.patrol.c.id == patrol_id)).one())


def _why_not_one(connection: Connection, name: str, found: int) -> Text:
    count = len(connection.execute(select(t.patrol.c.id).where(_SEEN)).all())
    if not count:
        return _NO_PATROL_YET
    return _AMBIGUOUS.with_(name=name) if found else _NO_PATROL.with_(name=name, count=count)


def _patrol(row: Row[Any]) -> Patrol:
    values = dict(row._mapping)
    values.update(kind=Kind(row.kind), state=State(row.state), counts=json.loads(row.counts))
    return Patrol(**values)


def streams_of(connection: Connection, patrol_id: int) -> tuple[Stream, ...]:
    s = t.stream.c
    columns = (s.id, s.instrument, s.component, s.quantity, s.unit, s.simulated)
    rows = connection.execute(select(*columns).where(s.patrol_id == patrol_id).order_by(s.id))
    return tuple(Stream(*row) for row in rows)


def all_parks(connection: Connection) -> tuple[StoredPark, ...]:
    p = t.park.c
    columns = (p.id, p.name, p.sha256, p.simulated, p.stored_unix_s)
    return tuple(StoredPark(*row) for row in connection.execute(select(*columns).order_by(p.id)))


def find_park(connection: Connection, name: str | int) -> Park:
    """By id, or by name (the one stored last); raises BadInput."""
    p = t.park.c
    wanted = p.id == int(name) if isinstance(name, int) or name.isdecimal() else p.name == name
    document = connection.execute(select(p.document).where(wanted).order_by(p.id.desc()).limit(1)).scalar()
    if document is None:
        raise BadInput(_NO_PARK.with_(name=name))
    return from_text(Park, document)


def plans_of(connection: Connection, patrol_id: int) -> tuple[StoredPlan, ...]:
    """All plans of a patrol in the order they were stored."""
    p = t.plan.c
    columns = (p.stage, p.document, p.sha256, p.stored_unix_s)
    rows = connection.execute(select(*columns).where(p.patrol_id == patrol_id).order_by(p.id))
    return tuple(StoredPlan(PlanStage(stage), from_text(Mission, text), sha256, at) for stage, text, sha256, at in rows)


def findings_of(connection: Connection, patrol_id: int) -> tuple[Finding, ...]:
    """All analyses of a patrol, oldest first."""
    f = t.finding.c
    columns = (f.id, f.stored_unix_s, f.analysis, f.parameters, f.code_version)
    rows = connection.execute(select(*columns).where(f.patrol_id == patrol_id).order_by(f.id))
    return tuple(Finding(i, at, json.loads(a), json.loads(p), version) for i, at, a, p, version in rows)


def packets_of(connection: Connection, patrol_id: int) -> tuple[Packet, ...]:
    p = t.packet.c
    columns = (p.id, p.path, p.sha256, p.verified, p.stored_unix_s)
    rows = connection.execute(select(*columns).where(p.patrol_id == patrol_id).order_by(p.id))
    return tuple(Packet(*row) for row in rows)


def media_of(connection: Connection, patrol_id: int | None) -> tuple[Media, ...]:
    """Of one patrol, or of all (None)."""
    m = t.media.c
    statement = select(m.sha256, m.path, m.kind, m.taken_unix_s, m.details).order_by(m.id)
    if patrol_id is not None:
        statement = statement.where(m.patrol_id == patrol_id)
    return tuple(Media(s, path, kind, at, json.loads(d)) for s, path, kind, at, d in connection.execute(statement))


def imports_of(connection: Connection, *, patrol_id: int | None, sha256: str | None) -> tuple[ImportedFile, ...]:
    """Files that were taken in: of one patrol, with one hash, or all."""
    i = t.import_file.c
    statement = select(t.import_file).order_by(i.id)
    if patrol_id is not None:
        statement = statement.where(i.patrol_id == patrol_id)
    if sha256 is not None:
        statement = statement.where(i.sha256 == sha256)
    return tuple(_imported(row) for row in connection.execute(statement))


def _imported(row: Row[Any]) -> ImportedFile:
    rejected = tuple(RejectedRow(r["where"], Text(r["zh"], r["en"])) for r in json.loads(row.rejected))
    values = dict(row._mapping)
    values.update(rejected=rejected, details=json.loads(row.details))
    return ImportedFile(**values)
