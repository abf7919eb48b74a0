"""The one writer of a live patrol: a lossless queue and a thread that makes each record durable within 250 ms.

It may fail, but not silently: when it cannot write it says so at once, keeps everything, tries again, and says when it
can. A record is acknowledged when its transaction is on disk (SQLite WAL, synchronous=FULL).
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dronesampler.problems import Refused
from dronesampler.store import chunks, engine, faults, rows
from dronesampler.store.copier import Copier
from dronesampler.store.mirror import Mirror
from dronesampler.store.records import JournalRow, Record
from dronesampler.store.store import Store
from dronesampler.texts import Text

GATHER_S = 0.04  # wall time that a record may wait for company before it is written
RETRY_S = 0.25
BUSY_S = 2.0  # another program may hold the database; longer is a stall that the flight must hear of
STALL_S = 2.0  # wall time without an answer of the disk after which the flight is told
MOST_IN_ONE = 2000

CANNOT_WRITE = Text(
    "记录器无法写入（{why}）。{count} 条记录保存在内存中，正在重试；请立即腾出磁盘空间或返航。",
    "The recorder cannot write ({why}). {count} records are kept in memory and tried again: free disk space or return.",
)
RECORD_REFUSED = Text(
    "{count} 条记录不合格，已原样记入巡查日志（{why}）。",
    "{count} records do not fit and were kept as they are in the patrol's journal ({why}).",
)
STALLED = Text("磁盘没有响应", "the disk does not answer")
_UNWRITTEN = Text(
    "记录器关闭时仍有 {count} 条记录未能写入（{why}）。",
    "The recorder was closed with {count} records that could not be written ({why}).",
)

Told = Callable[[Text], None]


def _ignore_count(_count: int) -> None:
    """Nobody asked to be told."""


def _ignore() -> None:
    """Nobody asked to be told."""


class Recorder:
    """Records one patrol. `put` and `close` are for one thread (the session's); callbacks come from any thread.

    `on_acknowledged(n)`: the first n records put are durable. `on_failure(reason)`: it cannot write, the disk does not
    answer, a record was refused, or the second copy fails. `on_recovered()`: it writes again. The mirror, if there is
    one, belongs to the recorder and is closed with it.
    """

    def __init__(
        self,
        store: Store,
        patrol_id: int,
        *,
        on_failure: Told,
        on_recovered: Callable[[], None] = _ignore,
        on_acknowledged: Callable[[int], None] = _ignore_count,
        mirror: Mirror | None = None,
    ) -> None:
        self._engine = engine.connect(store.location, busy_s=BUSY_S)
        self._clock = store.clock
        self._patrol_id = patrol_id
        self._tell_failure, self._tell_recovered, self._tell_acknowledged = on_failure, on_recovered, on_acknowledged
        self._copier = Copier(mirror, on_failure) if mirror is not None else None
        self._queue: SimpleQueue[Record | None] = SimpleQueue()
        self._put = self._acknowledged = 0
        self._unplaced: Counter[int] = Counter()  # placed rows by stream that no chunk covers yet
        self._failure: Text | None = None
        self._alive_s = self._clock.monotonic_s()  # when something last became durable, or began to wait
        self._closing, self._give_up = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"recorder of patrol {patrol_id}", daemon=True)
        self._thread.start()

    @property
    def acknowledged(self) -> int:
        """How many of the records put, counted from the first, are durable."""
        return self._acknowledged

    @property
    def pending(self) -> int:
        """How many records wait to become durable."""
        return self._put - self._acknowledged

    @property
    def failure(self) -> Text | None:
        """Why it cannot write now; None while it can."""
        return self._failure

    @property
    def late_s(self) -> float:
        """Wall time since something last became durable while records wait; 0 while none does."""
        return (self._clock.monotonic_s() - self._alive_s) / self._clock.factor if self.pending else 0.0

    def put(self, record: Record) -> int:
        """Take a record without waiting; it is durable once `acknowledged` reaches the number returned.

        Where the writer ended by an error of this program, which was told, records go to the second copy alone and
        `close` says how many were not written: a flight is not ended by its recorder.
        """
        if self._closing.is_set():
            raise RuntimeError("the recorder is closed")
        if not self.pending:
            self._alive_s = self._clock.monotonic_s()
        elif self.late_s > STALL_S:
            self._fail(STALLED, waiting=self.pending)
        self._put += 1
        self._queue.put(record)
        if self._copier is not None:
            self._copier.put(record)
        return self._put

    def close(self, *, give_up_after_s: float = 30.0) -> None:
        """Write all that waits and end the thread; raises Refused if that fails for so long (wall time)."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join(give_up_after_s)
        if self._thread.is_alive():
            self._give_up.set()
            self._thread.join()
        if self._copier is not None:
            self._copier.close(give_up_after_s=min(give_up_after_s, 5.0))
        self._engine.dispose()
        if self.pending:
            raise Refused(_UNWRITTEN.with_(count=self.pending, why=self._failure or "-"))

    def _run(self) -> None:
        """Runs on the writer thread."""
        try:
            self._write_all()
        except BaseException as error:  # an error of this program: the flight hears of it before the thread ends
            self._fail(repr(error), waiting=self.pending)
            raise

    def _write_all(self) -> None:
        pending: list[Record] = []
        while not self._give_up.is_set():
            if not pending and self._closing.is_set() and self._queue.empty():
                return
            pending += self._gather(wait=not pending)
            part = pending[:MOST_IN_ONE]
            if not part:
                continue
            if self._written(part, waiting=len(pending)):
                del pending[: len(part)]
                self._acknowledged += len(part)
                self._alive_s = self._clock.monotonic_s()
                self._tell_acknowledged(self._acknowledged)
            else:
                self._give_up.wait(RETRY_S)

    def _gather(self, *, wait: bool) -> list[Record]:
        """What is in the queue; with `wait`, not before there is something, and a little company for it."""
        found: list[Record | None] = []
        if wait:
            found.append(self._queue.get())
            self._closing.wait(GATHER_S)
        with suppress(Empty):
            while True:
                found.append(self._queue.get_nowait())
        return [record for record in found if record is not None]  # None only wakes us to close

    def _written(self, part: Sequence[Record], *, waiting: int) -> bool:
        """Whether that part is durable now. The first failure is told at once, and the recovery."""
        try:
            refused = self._write(part)
        except (DBAPIError, OSError) as error:
            self._fail(error.orig if isinstance(error, DBAPIError) else error, waiting=waiting)
            self._engine.dispose()  # a connection that met an I/O error is not to be trusted
            return False
        if self._failure is not None:
            self._failure = None
            self._tell_recovered()
        if refused:
            self._tell_failure(RECORD_REFUSED.with_(why=refused[-1], count=len(refused)))
        return True

    def _fail(self, why: object, *, waiting: int) -> None:
        if self._failure is None:
            self._failure = CANNOT_WRITE.with_(why=why, count=waiting)
            self._tell_failure(self._failure)

    def _write(self, part: Sequence[Record]) -> list[str]:
        """In one transaction, with the columns that are full by now; why records were refused."""
        now_s = self._clock.unix_s()
        with engine.writing(self._engine) as connection:
            placed, reasons = faults.put_kept(connection, self._patrol_id, part, unix_s=now_s)
            unplaced = self._complete_columns(connection, self._unplaced + placed)
        self._unplaced = unplaced
        return reasons

    def _complete_columns(self, connection: Connection, unplaced: Counter[int]) -> Counter[int]:
        """Chunks for the streams that have enough rows; what is left without one."""
        for stream_id, count in list(unplaced.items()):
            if count >= chunks.CHUNK_ROWS:
                made = chunks.complete(connection, stream_id)
                rows.put_journal(connection, self._patrol_id, [self._note("readings placed", m) for m in made])
                unplaced[stream_id] = count - sum(m["rows"] for m in made)
        return unplaced

    def _note(self, kind: str, body: Mapping[str, Any]) -> JournalRow:
        return JournalRow(self._clock.unix_s(), kind, body)
