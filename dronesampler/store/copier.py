"""The thread that feeds the second copy, so that a slow or pulled stick never holds up the main database."""

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from dronesampler.problems import system_said
from dronesampler.store.mirror import Mirror
from dronesampler.store.records import Record
from dronesampler.texts import Text

GATHER_S = 0.1
RETRY_S = 1.0

NO_SECOND_COPY = Text(
    "第二份副本无法写入（{why}）；主数据库仍在记录。",
    "The second copy cannot be written ({why}); the main database still records.",
)
HANGS = Text("介质没有响应", "its medium does not answer")


class Copier:
    """Owns the mirror from now on. `put` and `close` are for the recorder; `on_failure` runs on the copier's thread."""

    def __init__(self, mirror: Mirror, on_failure: Callable[[Text], None]) -> None:
        self._mirror = mirror
        self._tell_failure = on_failure
        self._queue: SimpleQueue[Record | None] = SimpleQueue()
        self._closing, self._give_up = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="second copy", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        self._queue.put(record)

    def close(self, *, give_up_after_s: float) -> None:
        """Write what waits; says so if the medium does not take it in that time (wall)."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join(give_up_after_s)
        if self._thread.is_alive():
            self._give_up.set()
            self._tell_failure(NO_SECOND_COPY.with_(why=HANGS))

    def _run(self) -> None:
        failed = False
        while not self._give_up.is_set():
            try:
                self._mirror.append(self._gather(wait=not failed))
            except OSError as error:
                if not failed:
                    self._tell_failure(NO_SECOND_COPY.with_(why=system_said(error)))
                failed = True
                self._give_up.wait(RETRY_S)
                continue
            failed = False
            if self._closing.is_set() and self._queue.empty():
                break
        self._mirror.close()

    def _gather(self, *, wait: bool) -> list[Record]:
        found: list[Record | None] = []
        if wait:
            found.append(self._queue.get())
            self._closing.wait(GATHER_S)
        with suppress(Empty):
            while True:
                found.append(self._queue.get_nowait())
        return [record for record in found if record is not None]
