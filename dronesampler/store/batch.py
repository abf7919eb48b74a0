"""One transaction of writes: a patrol, what an import brings, plans, findings; all of it is kept, or nothing."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from dronesampler import __version__
from dronesampler.casework.record import ENTERED
from dronesampler.clock import Clock
from dronesampler.columns import Track, Wind
from dronesampler.journal import Entry, canonical_json
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.store import bulk, chunks, dossiers, faults, patrols, rows
from dronesampler.store import tables as t
from dronesampler.store.documents import plan_row, to_text
from dronesampler.store.records import JournalRow, Record
from dronesampler.store.values import ImportedFile, Kind, Media, Patrol, PlanStage, State


class Batch:
    """Made by `Store.transaction()`; belongs to the thread that opened it and ends with its `with` block."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection  # for the other modules of this room
        self._clock = clock

    def begin_patrol(
        self,
        name: str,
        *,
        kind: Kind = Kind.LIVE,
        source: str = "",
        started_unix_s: float | None = None,
        simulated: bool = False,
        aircraft: str = "",
        park_id: int | None = None,
        clock_factor: float | None = None,
        identity: str | None = None,
        state: State = State.OPEN,
    ) -> Patrol:
        """A new patrol, open; its journal begins. `source` is the link or the files it comes from.

        `identity` is the uuid of a patrol that comes from elsewhere; a new one is made without it.
        """
        now_s = self._clock.unix_s() if started_unix_s is None else started_unix_s
        values: dict[str, Any] = {
            "uuid": identity or str(uuid.uuid4()),
            "name": name,
            "kind": kind.value,
            "source": source,
            "started_unix_s": now_s,
            "simulated": simulated,
            "clock_factor": self._clock.factor if clock_factor is None else clock_factor,
            "aircraft": aircraft,
            "park_id": park_id,
        }
        patrol_id = self._put(t.patrol, **values, state=state.value, counts="{}")
        self.note(patrol_id, "patrol begun", {**values, "code_version": __version__})
        return patrols.patrol_by_id(self.connection, patrol_id)

    def patrol_by_uuid(self, identity: str) -> int | None:
        """The id of the patrol with that uuid, if it is on file."""
        return self.connection.execute(select(t.patrol.c.id).where(t.patrol.c.uuid == identity)).scalar()

    def end_patrol(
        self,
        patrol_id: int,
        *,
        ended_unix_s: float | None = None,
        state: State = State.ENDED,
        tally: bulk.Tally | None = None,
        **counts: int,
    ) -> Patrol:
        """Close a patrol: count its rows, complete its columns, note the digest of its readings in the journal.

        `tally` is what `Store.tally` has counted of a patrol that nobody adds to any more: then it is not done here,
        where others wait.
        """
        tally = tally or bulk.tally(self.connection, patrol_id)
        ended_s = self._clock.unix_s() if ended_unix_s is None else ended_unix_s
        for stream in patrols.streams_of(self.connection, patrol_id):
            for made in chunks.complete(self.connection, stream.id):
                self.note(patrol_id, "readings placed", made)
        counted = {**tally.counts, **counts}
        values = {"ended_unix_s": ended_s, "state": state.value, "counts": canonical_json(counted).decode()}
        self.connection.execute(update(t.patrol).where(t.patrol.c.id == patrol_id).values(**values))
        body = {"state": state.value, "counts": counted, **tally.digest}
        self.note(patrol_id, "patrol ended", body)
        return patrols.patrol_by_id(self.connection, patrol_id)

    def change_patrol(
        self, patrol_id: int, *, name: str | None = None, aircraft: str | None = None, park_id: int | None = None
    ) -> None:
        """Set what was not known when the patrol began."""
        given = {"name": name, "aircraft": aircraft, "park_id": park_id}
        values = {key: value for key, value in given.items() if value is not None}
        self.connection.execute(update(t.patrol).where(t.patrol.c.id == patrol_id).values(**values))
        self.note(patrol_id, "patrol changed", values)

    def note(self, patrol_id: int, kind: str, body: Mapping[str, Any]) -> None:
        """Append to the patrol's journal."""
        rows.put_journal(self.connection, patrol_id, [JournalRow(self._clock.unix_s(), kind, body)])

    def put_park(self, park: Park) -> int:
        """Keep a park; its id. The same park twice is one park."""
        text = to_text(park)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        known = self.connection.execute(select(t.park.c.id).where(t.park.c.sha256 == sha256)).scalar()
        if known is not None:
            return int(known)
        return self._put(t.park, name=park.name, sha256=sha256, document=text, simulated=park.simulated, **self._now())

    def put_plan(self, patrol_id: int, stage: PlanStage, mission: Mission) -> str:
        """Keep a plan at a stage; the SHA-256 of its canonical JSON, which the journal names too."""
        row = plan_row(self._clock.unix_s(), stage, mission)
        rows.put_plans(self.connection, patrol_id, [row])
        return hashlib.sha256(row.document.encode()).hexdigest()

    def put_records(self, patrol_id: int, records: Sequence[Record]) -> list[str]:
        """Rows as the recorder puts them. Records that do not fit are kept in the journal; the reasons."""
        return faults.put_kept(self.connection, patrol_id, records, unix_s=self._clock.unix_s())[1]

    def add_readings(self, patrol_id: int, readings: bulk.ReadingColumns) -> int:
        """Insert whole columns of one stream; the `seq` that its first row got."""
        return bulk.add_readings(self.connection, patrol_id, readings, unix_s=self._clock.unix_s())

    def add_track(self, patrol_id: int, track: Track) -> None:
        bulk.add_track(self.connection, patrol_id, track)

    def add_wind(self, patrol_id: int, wind: Wind, *, source: str = "") -> None:
        bulk.add_wind(self.connection, patrol_id, wind, source=source)

    def place_again(self, patrol_id: int) -> None:
        """Drop what was derived (placed rows and their columns) so that it can be put anew; raw rows stay."""
        bulk.drop_placed(self.connection, patrol_id)
        self.note(patrol_id, "readings to be placed again", {"code_version": __version__})

    def put_import(self, file: ImportedFile, *, patrol_id: int | None = None, park_id: int | None = None) -> int:
        """Remember a file that was taken in, with the rows that were not."""
        rejected = [{"where": r.where, "zh": r.reason.zh, "en": r.reason.en} for r in file.rejected]
        values = {"sha256": file.sha256, "name": file.name, "kind": file.kind}
        texts = {"rejected": canonical_json(rejected).decode(), "details": canonical_json(file.details).decode()}
        now = {"imported_unix_s": self._clock.unix_s()}
        made = self._put(t.import_file, patrol_id=patrol_id, park_id=park_id, **values, **texts, **now)
        if patrol_id is not None:
            self.note(patrol_id, "file imported", {**values, "rejected": len(rejected)})
        return made

    def put_findings(
        self,
        patrol_id: int,
        analysis: Mapping[str, Any],
        *,
        parameters: Mapping[str, Any] | None = None,
        code_version: str = __version__,
    ) -> int:
        """Keep an analysis (JSON values only) with what it came from; earlier ones stay. Raises ValueError on NaN."""
        text = canonical_json(analysis)
        values = {"analysis": text.decode(), "parameters": canonical_json(parameters or {}).decode()}
        made = self._put(t.finding, patrol_id=patrol_id, code_version=code_version, **values, **self._now())
        sha256 = hashlib.sha256(text).hexdigest()
        self.note(patrol_id, "analysed", {"finding": made, "sha256": sha256, "code_version": code_version})
        return made

    def put_packet(self, patrol_id: int, *, path: str, sha256: str, verified: bool | None = None) -> int:
        """Remember an evidence packet that was written."""
        values = {"path": path, "sha256": sha256, "verified": verified}
        made = self._put(t.packet, patrol_id=patrol_id, **values, **self._now())
        self.note(patrol_id, "packet written", {"sha256": sha256, "verified": verified})
        return made

    def put_media(self, patrol_id: int, media: Media) -> int:
        """Remember a photograph or video that lies beside the database."""
        values = {"sha256": media.sha256, "path": media.path, "kind": media.kind, "taken_unix_s": media.taken_unix_s}
        details = canonical_json(media.details).decode()
        made = self._put(t.media, patrol_id=patrol_id, details=details, **values)
        self.note(patrol_id, "media stored", values)
        return made

    def open_dossier(self, kind: str, number: str, *, patrol_id: int, simulated: bool) -> int:
        """A new record (a sample, a case) without entries; its id. Raises BadInput where the number is taken."""
        unix_s = self._clock.unix_s()
        return dossiers.open_dossier(
            self.connection, kind, number, patrol_id=patrol_id, simulated=simulated, unix_s=unix_s
        )

    def append_entry(self, dossier_id: int, kind: str, body: Mapping[str, Any]) -> Entry:
        """The next entry of a record, which the patrol's journal names by its digest."""
        unix_s = self._clock.unix_s()
        entry, patrol_id, noted = dossiers.append_entry(self.connection, dossier_id, kind, body, unix_s=unix_s)
        self.note(patrol_id, ENTERED, noted)
        return entry

    def dossier(self, kind: str, number: str) -> dossiers.Dossier:
        """By number, as it stands in this transaction; raises BadInput if there is none."""
        return dossiers.find_dossier(self.connection, kind, number)

    def dossier_numbers(self, kind: str) -> tuple[str, ...]:
        """All numbers that are taken."""
        d = t.dossier.c
        return tuple(self.connection.execute(select(d.number).where(d.kind == kind)).scalars())

    def next_seq(self, patrol_id: int) -> int:
        """The number that the patrol's next reading gets."""
        of = select(func.max(t.reading_raw.c.seq)).where(t.reading_raw.c.patrol_id == patrol_id)
        last = self.connection.execute(of).scalar()
        return 0 if last is None else int(last) + 1

    def _put(self, table: Any, **values: Any) -> int:
        return int(self.connection.execute(insert(table).values(**values)).inserted_primary_key[0])  # type: ignore[index]

    def _now(self) -> dict[str, float]:
        return {"stored_unix_s": self._clock.unix_s()}
