"""The local socket between a session and its windows: attaches, tells and listens; never waits for a window."""

import contextlib
import json
import os
import queue
import secrets
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from dronesampler.problems import Refused
from dronesampler.session.feed import Alive, Asked, Hello, Snapshot, Told
from dronesampler.texts import Text

ADDRESS_FOLDER = "sessions"
BACKLOG_MESSAGES = 10_000
GLANCE_S = 0.1  # wall time between looks whether a reader is still wanted: closing a handle wakes no read
NO_SESSION = Text("没有正在运行的飞行会话", "no live session is running")


def _address_file(data_dir: Path) -> Path:
    """Where this process says how to reach its session; readable by its user only."""
    folder = data_dir / ADDRESS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{os.getpid()}.json"


def _connect(data_dir: Path) -> Connection:
    """The newest session of the data folder that answers. Raises Refused when none does; clears away dead addresses."""
    files = sorted((data_dir / ADDRESS_FOLDER).glob("*.json"), key=lambda f: f.stat().st_mtime, reverse=True)
    for file in files:
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            return Client(told["address"], authkey=bytes.fromhex(told["key"]))
        except (OSError, ValueError, KeyError, EOFError, AuthenticationError):
            # Left behind by a session that was killed.
            file.unlink(missing_ok=True)
    raise Refused(NO_SESSION)


class _Window:
    """One attached window: a thread that writes to it and one that reads from it and closes it in the end."""

    def __init__(self, connection: Connection, *, hear: Callable[[Asked], None], gone: Callable[["_Window"], None]):
        self._connection = connection
        self._hear = hear
        self._gone = gone
        self._outbox: queue.Queue[Told | None] = queue.Queue(BACKLOG_MESSAGES)
        self._latest: Snapshot | None = None
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, name="window-out", daemon=True),
            threading.Thread(target=self._read, name="window-in", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def tell(self, message: Told) -> None:
        """Queue a message. A window that hangs with a full queue is let go: it will get a fresh Hello when it returns.

        A snapshot is queued only when the one before has been taken, so a slow window skips states, never events.
        """
        if isinstance(message, Snapshot):
            waiting, self._latest = self._latest, message
            if waiting is not None:
                return
        try:
            self._outbox.put_nowait(message)
        except queue.Full:
            self.close()

    def close(self) -> None:
        """What is queued is still sent, then the connection ends."""
        self._closing.set()
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait(None)

    def _write(self) -> None:
        try:
            while (message := self._outbox.get()) is not None:
                if isinstance(message, Snapshot):
                    message, self._latest = self._latest or message, None
                self._connection.send(message)
        except (OSError, ValueError):
            # The window has gone; the session goes on without it.
            self._closing.set()

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                if self._connection.poll(GLANCE_S):
                    self._hear(self._connection.recv())
        except (OSError, EOFError):
            # The window has gone; the session goes on without it.
            self.close()
        self._threads[0].join(GLANCE_S)
        self._connection.close()
        self._gone(self)


class Switchboard:
    """Accepts windows and passes messages. Thread-safe; `hear` is called on the windows' reading threads."""

    def __init__(self, data_dir: Path, *, hello: Callable[[], Hello], hear: Callable[[Asked], None]) -> None:
        self._file = _address_file(data_dir)
        self._hello = hello
        self._hear = hear
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key)
        self._windows: tuple[_Window, ...] = ()
        self._lock = threading.Lock()
        self._closing = False
        self._publish()
        self._thread = threading.Thread(target=self._accept, name="switchboard", daemon=True)
        self._thread.start()

    @property
    def windows(self) -> int:
        """How many windows are attached now."""
        return len(self._windows)

    def tell(self, message: Told) -> None:
        """Tell all windows; never waits."""
        for window in self._windows:
            window.tell(message)

    def close(self) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._file.unlink()
        with contextlib.suppress(OSError, EOFError):
            # Wakes the accepting thread, which then sees that it is over.
            Client(self._listener.address, authkey=self._key).close()
        self._thread.join(2.0)
        self._listener.close()
        for window in self._windows:
            window.close()

    def _publish(self) -> None:
        text = json.dumps({"address": self._listener.address, "key": self._key.hex(), "pid": os.getpid()})
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                # Someone who left at the door, or does not know the key.
                continue
            if self._closing:
                connection.close()
                return
            self._attach(connection)

    def _attach(self, connection: Connection) -> None:
        window = _Window(connection, hear=self._hear, gone=self._drop)
        window.tell(self._hello())
        with self._lock:
            self._windows = (*self._windows, window)
        window.start()

    def _drop(self, window: _Window) -> None:
        with self._lock:
            self._windows = tuple(w for w in self._windows if w is not window)


class SessionClient:
    """A window's end: messages are gathered by a thread and drained on the window's own beat."""

    def __init__(self, data_dir: Path) -> None:
        """Attach to the session of that data folder. Raises Refused when none is running."""
        self._connection = _connect(data_dir)
        self._inbox: queue.Queue[Told] = queue.Queue()
        self._sending = threading.Lock()
        self._closing = threading.Event()
        self.attached = True
        self._thread = threading.Thread(target=self._read, name="session-client", daemon=True)
        self._thread.start()

    def drain(self) -> list[Told]:
        """All that has come since the last drain; never waits."""
        told = []
        with contextlib.suppress(queue.Empty):
            while True:
                told.append(self._inbox.get_nowait())
        return told

    def send(self, asked: Asked) -> bool:
        """Ask for something; False when the session is gone."""
        try:
            with self._sending:
                self._connection.send(asked)
        except (OSError, ValueError):
            self.attached = False
        return self.attached

    def still_here(self) -> bool:
        """The operator's screen is alive: call it once a second."""
        return self.send(Alive())

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                if self._connection.poll(GLANCE_S):
                    self._inbox.put(self._connection.recv())
        except (OSError, EOFError):
            # The session has gone; `attached` says so.
            self._closing.set()
        self.attached = False
        with self._sending:
            self._connection.close()
