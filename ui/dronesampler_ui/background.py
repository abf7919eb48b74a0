"""Work that would stall the window: on threads of its own, with progress and cancel, answered on the UI thread."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Text

Answer = TypeVar("Answer")
SHOWN_AFTER_MS = 300
FAILED = Text(
    "出现意外错误，详情已写入日志：{what}", "something unexpected went wrong, the log has the details: {what}"
)


class Cancelled(Exception):
    """The officer did not want to wait."""


class Progress:
    """Handed to work: it says how far it is, and hears that it should stop. Usable from the work's thread."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()

    def at(self, part: float) -> None:
        """0 to 1; raises Cancelled when the work is not wanted any more."""
        if self._stop.is_set():
            raise Cancelled
        self._tell(part)

    def stop(self) -> None:
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()


class Work(QObject):
    """One piece of work under way, with a title for the progress line."""

    moved = Signal(float)
    _ended = Signal(object, object)

    def __init__(
        self,
        title: str,
        *,
        done: Callable[[Any], None],
        failed: Callable[[Text, str], None],
        over: Callable[["Work"], None],
    ) -> None:
        super().__init__()
        self.title = title
        self.forgotten = False  # the window has closed: nobody is there to be told
        self.progress = Progress(self.moved.emit)
        self._done, self._failed, self._over = done, failed, over
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def run(self, job: Callable[[Progress], Any]) -> None:
        """Runs on a work thread."""
        try:
            answer, error = job(self.progress), None
        except Exception as caught:  # noqa: BLE001  whatever it was is told on the UI thread
            answer, error = None, caught
        self._ended.emit(answer, error)

    @Slot(object, object)
    def _tell(self, answer: Any, error: Exception | None) -> None:
        if self.forgotten:
            return
        self._over(self)
        if self.progress.stopped:
            return
        match error:
            case None:
                self._done(answer)
            case Cancelled():
                return
            case BadInput():
                self._failed(error.text, error.where)
            case Refused():
                self._failed(error.text, "")
            case _:
                logging.getLogger(__name__).error("work failed: %s", self.title, exc_info=error)
                self._failed(FAILED.with_(what=f"{type(error).__name__}: {error}"), "")


class Background(QObject):
    """Starts work. `slow` tells the window when a piece has lasted longer than a blink, `quick` that it is over."""

    slow = Signal(object)
    over = Signal(object)
    refused = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Reads of the store are answered one after the other, so that the last question asked is the last answered.
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="window-work")
        self._running: dict[Work, Future[None]] = {}

    def run(
        self,
        job: Callable[[Progress], Answer],
        *,
        title: str,
        done: Callable[[Answer], None],
        failed: Callable[[Text, str], None] | None = None,
    ) -> Work:
        """Run `job` off the UI thread; `done` or `failed` is called on it. `failed` defaults to a notice."""
        work = Work(title, done=done, failed=failed or self.refused.emit, over=self._over)
        self._running[work] = self._pool.submit(work.run, job)
        QTimer.singleShot(SHOWN_AFTER_MS, work, lambda: self._slow(work))
        return work

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def close(self) -> None:
        """Ask everything to stop and wait for it."""
        for work in self._running:
            work.progress.stop()
            work.forgotten = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._running.clear()

    def _slow(self, work: Work) -> None:
        if work in self._running:
            self.slow.emit(work)

    def _over(self, work: Work) -> None:
        self._running.pop(work, None)
        self.over.emit(work)
