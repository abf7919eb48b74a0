"""Several ports at once: read by a thread each, written to the one that hears the vehicle best, reopened when gone."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dronesampler.clock import Clock
from dronesampler.ports import LinkAddress, Port, open_port, parse_link
from dronesampler.problems import Refused, system_said
from dronesampler.texts import Text

REOPEN_S = 1.0
READ_S = 0.2
MOST_AT_ONCE = 200
STALE_S = 2.0  # a port that has heard nothing for so long is no longer the one to speak on
GONE = Text("端口 {port} 断开：{reason}；每秒重试", "port {port} is gone: {reason}; it is tried again each second")
BACK = Text("端口 {port} 恢复", "port {port} is back")


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that came in, and on which port."""

    port: int
    data: bytes


@dataclass(slots=True)
class _Lane:
    """One port with its reader. `port` is None while it is closed."""

    address: LinkAddress
    port: Port | None = None
    heard_s: float = -1e9
    tried_s: float = -1e9
    news: Text | None = None
    reader: threading.Thread | None = field(default=None, repr=False)


class PortsInUse:
    """All ports of a session. `read` and `write` belong to the link thread; each open port has a reader thread."""

    def __init__(
        self,
        links: Sequence[str],
        clock: Clock,
        *,
        opener: Callable[[LinkAddress | str], Port] = open_port,
    ) -> None:
        """Opens what can be opened. Raises BadInput for a text that is no link, Refused if not one port opens."""
        self._clock = clock
        self._opener = opener
        self._inbox: queue.SimpleQueue[Received | tuple[int, Port, OSError]] = queue.SimpleQueue()
        self._lanes = [_Lane(parse_link(link)) for link in links]
        self._closed = False
        refused = [reason for lane in range(len(self._lanes)) if (reason := self._open(lane))]
        if len(refused) == len(self._lanes):
            raise refused[0]

    def read(self, timeout_s: float) -> list[Received]:
        """What has come on any port within `timeout_s` of wall time; b"" never. A backlog comes in portions, so that
        heartbeats and time-outs have their turn in between."""
        received: list[Received] = []
        wait: float | None = timeout_s
        while len(received) < MOST_AT_ONCE:
            try:
                item = self._inbox.get(timeout=wait) if wait else self._inbox.get_nowait()
            except queue.Empty:
                return received
            wait = None
            if isinstance(item, Received):
                self._lanes[item.port].heard_s = self._clock.monotonic_s()
                received.append(item)
            else:
                self._lost(*item)
        return received

    def write(self, data: bytes) -> None:
        """Send on the port that heard the vehicle last; on all while none has."""
        for lane in self._speaking():
            try:
                if lane.port is not None:
                    lane.port.write(data)
            except OSError as reason:
                self._shut(lane, reason)

    def tick(self) -> list[Text]:
        """Reopen what is gone; returns what people should know."""
        now_s = self._clock.monotonic_s()
        for number, lane in enumerate(self._lanes):
            if lane.port is None and now_s - lane.tried_s >= REOPEN_S * self._clock.factor and not self._open(number):
                lane.news = BACK.with_(port=lane.address)
        news = [lane.news for lane in self._lanes if lane.news is not None]
        for lane in self._lanes:
            lane.news = None
        return news

    @property
    def open_ports(self) -> tuple[str, ...]:
        return tuple(str(lane.address) for lane in self._lanes if lane.port is not None)

    @property
    def bytes_per_s(self) -> float | None:
        """What the slowest serial line bears, ten bits a byte; None where every port is a network's."""
        bauds = [lane.address.number for lane in self._lanes if lane.address.kind == "serial"]
        return min(bauds) / 10.0 if bauds else None

    def close(self) -> None:
        self._closed = True
        for lane in self._lanes:
            if lane.port is not None:
                lane.port.close()
        for lane in self._lanes:
            if lane.reader is not None:
                lane.reader.join(timeout=2.0)

    def _speaking(self) -> list[_Lane]:
        newest_s = max(lane.heard_s for lane in self._lanes)
        if self._clock.monotonic_s() - newest_s > STALE_S * self._clock.factor:
            return self._lanes
        return [lane for lane in self._lanes if lane.heard_s == newest_s][:1]

    def _open(self, number: int) -> Refused | None:
        lane = self._lanes[number]
        lane.tried_s = self._clock.monotonic_s()
        try:
            lane.port = self._opener(lane.address)
        except Refused as reason:
            return reason
        lane.reader = threading.Thread(
            target=self._read_port, args=(number, lane.port), name=f"port {lane.address}", daemon=True
        )
        lane.reader.start()
        return None

    def _read_port(self, number: int, port: Port) -> None:
        """Runs on the port's reader thread until the port is gone."""
        while not self._closed:
            try:
                data = port.read(READ_S)
            except OSError as reason:
                self._inbox.put((number, port, reason))
                return
            if data:
                self._inbox.put(Received(number, data))

    def _lost(self, number: int, port: Port, reason: OSError) -> None:
        lane = self._lanes[number]
        if lane.port is port and not self._closed:
            self._shut(lane, reason)

    def _shut(self, lane: _Lane, reason: OSError) -> None:
        if lane.port is not None:
            lane.port.close()
        lane.port = None
        lane.tried_s = self._clock.monotonic_s()
        lane.news = GONE.with_(port=lane.address, reason=system_said(reason))
