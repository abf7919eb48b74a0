"""The window's beat: drains the session thirty times a second; intents are sent off the UI thread."""

import queue
import threading

from PySide6.QtCore import QObject, QTimer, Signal

from dronesampler.session.client import Alive, SessionClient, Told
from dronesampler.session.feed import Asked

BEAT_MS = 33
ALIVE_EVERY_BEATS = 30


class Feed(QObject):
    """Owns the client of one session. Everything is told on the UI thread."""

    told = Signal(list)
    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client: SessionClient | None = None
        self._outbox: queue.Queue[Asked | None] = queue.Queue()
        self._sender: threading.Thread | None = None
        self._beats = 0
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    @property
    def attached(self) -> bool:
        return self._client is not None

    def attach(self, client: SessionClient) -> None:
        """Listen to this session from now on."""
        self.detach()
        self._client = client
        self._outbox = queue.Queue()
        self._sender = threading.Thread(target=_send, args=(client, self._outbox), name="window-intents", daemon=True)
        self._sender.start()
        self._timer.start()

    def detach(self) -> None:
        """Let the session go; it flies on."""
        self._timer.stop()
        client, self._client = self._client, None
        if client is not None and self._sender is not None:
            self._outbox.put(None)
            client.close()
            self._sender.join(timeout=2.0)
            self._sender = None

    def ask(self, asked: Asked) -> None:
        """Send an intent; the answer comes as an event."""
        self._outbox.put(asked)

    def _beat(self) -> None:
        if self._client is None:
            return
        told: list[Told] = self._client.drain()
        if told:
            self.told.emit(told)
        self._beats += 1
        if self._client is not None and not self._client.attached:
            self.detach()
            self.lost.emit()
        elif self._beats % ALIVE_EVERY_BEATS == 0:
            self._outbox.put(Alive())


def _send(client: SessionClient, outbox: "queue.Queue[Asked | None]") -> None:
    """Runs on the sender's thread."""
    while (asked := outbox.get()) is not None:
        client.send(asked)
