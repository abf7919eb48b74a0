"""The database of a data folder: what is read from it, and the transactions that write to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, func, select

from dronesampler.clock import Clock, SystemClock
from dronesampler.columns import Readings, Track, Wind
from dronesampler.journal import Entry
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import BadInput
from dronesampler.store import chunks, engine, patrols, readback, rows, schema
from dronesampler.store import tables as t
from dronesampler.store.batch import Batch
from dronesampler.store.bulk import Tally, tally
from dronesampler.store.dossiers import Dossier, dossiers_of, find_dossier
from dronesampler.store.records import PlacedRow, ReadingRow
from dronesampler.store.values import (
    Finding,
    ImportedFile,
    Media,
    Packet,
    Patrol,
    PlanStage,
    StoredPark,
    StoredPlan,
    Stream,
)
from dronesampler.texts import Text

PatrolName = Patrol | int | str  # a patrol, its id, its uuid, or "last"

_NO_QUANTITY = Text(
    "巡查 {patrol} 没有“{quantity}”的读数。有：{known}。",
    "Patrol {patrol} has no readings of {quantity!r}. It has: {known}.",
)


class Store:
    """An open database. Reads may come from any thread; each is one consistent look. Writes: `transaction()`."""

    def __init__(self, engine: Engine, location: engine.Location, clock: Clock) -> None:
        self.engine = engine
        self.location = location
        self.clock = clock

    @classmethod
    def open(cls, place: Path | str, *, clock: Clock | None = None) -> "Store":
        """Open a data folder, an SQLite file or a `postgresql://` URL, made or migrated as needed.

        Raises Refused for a database of a newer program, BadInput for a place that cannot be used.
        """
        location = engine.locate(place)
        opened = cls(engine.connect(location), location, clock or SystemClock())
        try:
            schema.bring_up(opened.engine, location, opened.clock)
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path | None:
        """The data folder around the database (raw/, media/, packets/ ...); None on a server."""
        return self.location.folder

    @contextmanager
    def transaction(self) -> Iterator[Batch]:
        """Everything written in the block is kept together, or nothing if it raises."""
        with engine.writing(self.engine) as connection:
            yield Batch(connection, self.clock)

    def patrols(self) -> tuple[Patrol, ...]:
        """All patrols in the order they began."""
        with self._reading() as connection:
            return patrols.all_patrols(connection)

    def patrol(self, name: PatrolName) -> Patrol:
        """By id, uuid (eight characters or more) or "last"; raises BadInput if there is none."""
        with self._reading() as connection:
            return patrols.find_patrol(connection, name.id if isinstance(name, Patrol) else name)

    def tally(self, patrol_id: int) -> Tally:
        """Counts and digest of a patrol's rows, read without holding anybody up; for `Batch.end_patrol`."""
        with self._reading() as connection:
            return tally(connection, patrol_id)

    def streams(self, patrol: PatrolName) -> tuple[Stream, ...]:
        """What was measured by which instrument."""
        with self._reading() as connection:
            return patrols.streams_of(connection, self._id(connection, patrol))

    def readings(self, patrol: PatrolName, quantity: str | None = None, *, instrument: str | None = None) -> Readings:
        """Placed readings of one quantity of one instrument, in the order of time.

        Where several fit, the stream with the most readings. No readings at all give empty columns; a quantity or
        instrument that the patrol does not have raises BadInput.
        """
        with self._reading() as connection:
            stream = self._stream(connection, self._id(connection, patrol), quantity, instrument)
            if stream is None:
                return chunks.as_readings(chunks.none())
            return chunks.as_readings(chunks.read(connection, stream.id), stream)

    def reading_rows(self, patrol: PatrolName) -> Iterator[tuple[ReadingRow, PlacedRow | None]]:
        """Every reading as it arrived and as it was placed, in order of arrival."""
        with self._reading() as connection:
            yield from readback.reading_rows(connection, self._id(connection, patrol))

    def raw_cells(self, patrol: PatrolName) -> Iterator[list[tuple[Any, ...]]]:
        """The cells of every reading as it arrived, many rows at a time, in the order of `readback.RAW_CELLS`."""
        with self._reading() as connection:
            yield from readback.raw_cells(connection, self._id(connection, patrol))

    def track(self, patrol: PatrolName) -> Track:
        with self._reading() as connection:
            return Track(**readback.columns(connection, t.track, self._id(connection, patrol), Track))

    def wind(self, patrol: PatrolName) -> Wind:
        with self._reading() as connection:
            return Wind(**readback.columns(connection, t.wind, self._id(connection, patrol), Wind))

    def journal(self, patrol: PatrolName) -> tuple[Entry, ...]:
        """The entries in order; `journal.first_break` says whether the chain holds."""
        with self._reading() as connection:
            return tuple(rows.entries(connection, self._id(connection, patrol)))

    def parks(self) -> tuple[StoredPark, ...]:
        with self._reading() as connection:
            return patrols.all_parks(connection)

    def park(self, name: int | str) -> Park:
        """By id or name; raises BadInput if there is none."""
        with self._reading() as connection:
            return patrols.find_park(connection, name)

    def plans(self, patrol: PatrolName) -> tuple[StoredPlan, ...]:
        """All plans of a patrol in the order they were stored."""
        with self._reading() as connection:
            return patrols.plans_of(connection, self._id(connection, patrol))

    def plan(self, patrol: PatrolName, stage: PlanStage = PlanStage.AS_SENT) -> Mission | None:
        """The plan stored last at that stage."""
        found = [p.mission for p in self.plans(patrol) if p.stage is stage]
        return found[-1] if found else None

    def findings(self, patrol: PatrolName) -> tuple[Finding, ...]:
        """All analyses, oldest first: the last one holds."""
        with self._reading() as connection:
            return patrols.findings_of(connection, self._id(connection, patrol))

    def packets(self, patrol: PatrolName) -> tuple[Packet, ...]:
        with self._reading() as connection:
            return patrols.packets_of(connection, self._id(connection, patrol))

    def media(self, patrol: PatrolName | None = None) -> tuple[Media, ...]:
        """Of one patrol, or all."""
        with self._reading() as connection:
            return patrols.media_of(connection, None if patrol is None else self._id(connection, patrol))

    def dossiers(self, kind: str, patrol: PatrolName | None = None) -> tuple[Dossier, ...]:
        """The records of a kind (sample, case), of one patrol or all."""
        with self._reading() as connection:
            patrol_id = None if patrol is None else self._id(connection, patrol)
            return dossiers_of(connection, kind, patrol_id=patrol_id)

    def dossier(self, kind: str, number: str) -> Dossier:
        """By number; raises BadInput if there is none."""
        with self._reading() as connection:
            return find_dossier(connection, kind, number)

    def imports(self, patrol: PatrolName | None = None, *, sha256: str | None = None) -> tuple[ImportedFile, ...]:
        """Files taken in; with `sha256` those with that content, so that the same file twice is noticed."""
        with self._reading() as connection:
            patrol_id = None if patrol is None else self._id(connection, patrol)
            return patrols.imports_of(connection, patrol_id=patrol_id, sha256=sha256)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with engine.reading(self.engine) as connection:
            yield connection

    def _id(self, connection: Connection, patrol: PatrolName) -> int:
        return patrol.id if isinstance(patrol, Patrol) else patrols.find_patrol(connection, patrol).id

    def _stream(
        self, connection: Connection, patrol_id: int, quantity: str | None, instrument: str | None
    ) -> Stream | None:
        known = patrols.streams_of(connection, patrol_id)
        fitting = [s for s in known if quantity in (None, s.quantity) and instrument in (None, s.instrument)]
        if not fitting and (quantity or instrument):
            names = ", ".join(sorted({f"{s.quantity} ({s.instrument})" for s in known})) or "-"
            raise BadInput(_NO_QUANTITY.with_(patrol=patrol_id, quantity=quantity or instrument, known=names))
        return _fullest(connection, fitting)


def _fullest(connection: Connection, streams: list[Stream]) -> Stream | None:
    if len(streams) < 2:
        return streams[0] if streams else None
    c = t.reading_placed.c
    statement = select(c.stream_id, func.count()).where(c.stream_id.in_([s.id for s in streams])).group_by(c.stream_id)
    counts = {row[0]: row[1] for row in connection.execute(statement)}
    return max(streams, key=lambda s: counts.get(s.id, 0))
