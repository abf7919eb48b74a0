"""Instruments on ports of their own: a thread each, so that none waits for another, nor the link for any of them."""

import queue
import re
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dronesampler.clock import Clock
from dronesampler.events import Event, InstrumentBack, InstrumentLost, Stamp
from dronesampler.ports import LinkAddress, Port, open_port, parse_link
from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.sampler.driver import Driver
from dronesampler.sampler.drivers import driver_for
from dronesampler.sampler.profile import Profile
from dronesampler.texts import Text

READ_S = 0.05  # wall; also how late a request may be
REOPEN_S = 1.0  # wall
GONE = Text(
    "{instrument} 的端口 {link} 断开：{reason}；每秒重试", "{link} of {instrument} is gone: {reason}; tried each second"
)
CANNOT_KEEP = Text("{path} 无法写入：{reason}", "{path} cannot be written: {reason}")
TWICE = Text("链路 {link} 指定了两次", "the link {link} is given twice")
NOT_READ = Text(
    "{instrument}（{link}）发来的一段数据使程序出错：{why}；原始字节已保存，继续读取",
    "some of what {instrument} on {link} sent made this program fail: {why}; the bytes are kept and reading goes on",
)
CLOSED = Text("被关闭", "it was closed")

# What garbage may make a driver raise that did not expect it.
_OUR_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)

Opener = Callable[[LinkAddress | str], Port]


@dataclass(frozen=True, slots=True)
class Fitted:
    """An instrument and the link that it is on."""

    profile: Profile
    link: str


@dataclass(frozen=True, slots=True)
class PortHealth:
    """One port as it stands: `rejected` counts what came and was no reading, by reason."""

    instrument: str
    serial: str
    link: str
    open: bool
    bytes_in: int
    rejected: Mapping[str, int]
    reason: Text | None = None  # why it is not open


@dataclass(slots=True)
class _Lane:
    """One port and its thread. What the thread writes, others only read."""

    fitted: Fitted
    address: LinkAddress
    driver: Driver
    raw: Path | None
    port: Port | None = None
    bytes_in: int = 0
    reason: Text | None = None
    tripped: bool = False  # an error of this program was told
    thread: threading.Thread | None = field(default=None, repr=False)


class InstrumentPorts:
    """All of them. `take` belongs to the session's thread; events are stamped on arrival by the port's own.

    A driver belongs to its port's thread. `folder` gets every byte as it arrived, a file for each port; `failed` is
    told, on any thread, when that cannot be written.
    """

    def __init__(
        self,
        instruments: Sequence[Fitted],
        clock: Clock,
        *,
        folder: Path | None = None,
        opener: Opener = open_port,
        failed: Callable[[Text], None] = lambda _: None,
    ) -> None:
        """The threads open the ports. Raises BadInput for a link that is none or is given twice, or a profile that
        describes no protocol."""
        self._clock, self._opener, self._failed = clock, opener, failed
        self._inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._closing = threading.Event()
        links = [fitted.link for fitted in instruments]
        if len(set(links)) < len(links):
            raise BadInput(TWICE.with_(link=next(link for link in links if links.count(link) > 1)))
        self._lanes = [self._lane(n, fitted, folder) for n, fitted in enumerate(instruments)]
        for lane in self._lanes:
            lane.thread = threading.Thread(
                target=self._run, args=(lane,), name=f"instrument {lane.address}", daemon=True
            )
            lane.thread.start()

    def take(self) -> list[Event]:
        """What has happened since the last time, in order of arrival; never waits."""
        events: list[Event] = []
        while not self._inbox.empty():
            events.append(self._inbox.get())
        return events

    @property
    def health(self) -> tuple[PortHealth, ...]:
        return tuple(
            PortHealth(
                lane.fitted.profile.name,
                lane.fitted.profile.serial,
                lane.fitted.link,
                lane.port is not None,
                lane.bytes_in,
                dict(lane.driver.rejected.copy()),
                lane.reason,
            )
            for lane in self._lanes
        )

    def close(self) -> None:
        """Ends the threads; what had arrived can still be taken."""
        self._closing.set()
        for lane in self._lanes:
            if lane.port is not None:
                lane.port.close()
        for lane in self._lanes:
            if lane.thread is not None:
                lane.thread.join(6.0)  # a connection that is being made takes five

    def _lane(self, number: int, fitted: Fitted, folder: Path | None) -> _Lane:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{number + 1}-{fitted.profile.name}")
        raw = None if folder is None else folder / f"{name}.bin"
        return _Lane(fitted, parse_link(fitted.link), driver_for(fitted.profile, port=fitted.link), raw)

    def _stamp(self) -> Stamp:
        return Stamp.now(self._clock)

    def _run(self, lane: _Lane) -> None:
        """A port's thread: open, read until it is gone, try again."""
        while not self._closing.is_set():
            try:
                lane.port = self._opener(lane.address)
            except Refused as refused:
                self._lost(lane, refused.text)
                self._closing.wait(REOPEN_S)
                continue
            lane.reason = None
            lane.driver.reopened(mid_stream=lane.address.kind == "serial")
            self._inbox.put(InstrumentBack(self._stamp(), lane.fitted.profile.name, lane.fitted.link))
            reason = self._read(lane, lane.port)
            lane.port.close()
            lane.port = None
            if not self._closing.is_set():
                self._lost(lane, reason)
                self._closing.wait(REOPEN_S)

    def _read(self, lane: _Lane, port: Port) -> Text:
        """Until the port is gone or the session ends; why."""
        try:
            while not self._closing.is_set():
                ask = lane.driver.due(self._clock.monotonic_s())
                if ask:
                    port.write(ask)
                data = port.read(READ_S)
                if data:
                    self._arrived(lane, data)
        except OSError as reason:
            return system_said(reason)
        return CLOSED

    def _arrived(self, lane: _Lane, data: bytes) -> None:
        at = self._stamp()
        lane.bytes_in += len(data)
        self._keep(lane, data)
        try:
            events = lane.driver.feed(data, at)
        except _OUR_FAULTS as error:  # the instrument must not fall silent for one
            lane.driver.rejected[type(error).__name__] += 1
            lane.driver.reopened(mid_stream=True)
            if not lane.tripped:
                lane.tripped = True
                name, link = lane.fitted.profile.name, lane.fitted.link
                self._failed(NOT_READ.with_(instrument=name, link=link, why=repr(error)))
            return
        for event in events:
            self._inbox.put(event)

    def _keep(self, lane: _Lane, data: bytes) -> None:
        """Raw before derived. A medium that cannot be written is told, and the readings go on."""
        if lane.raw is None:
            return
        try:
            lane.raw.parent.mkdir(parents=True, exist_ok=True)
            with lane.raw.open("ab", buffering=0) as file:
                file.write(data)
        except OSError as reason:
            self._failed(CANNOT_KEEP.with_(path=lane.raw, reason=system_said(reason)))

    def _lost(self, lane: _Lane, reason: Text) -> None:
        """Said once, until it is open again."""
        told, lane.reason = lane.reason, reason
        if told is None:
            name, link = lane.fitted.profile.name, lane.fitted.link
            text = GONE.with_(instrument=name, link=link, reason=reason)
            self._inbox.put(InstrumentLost(self._stamp(), name, link, text.zh, text.en))
