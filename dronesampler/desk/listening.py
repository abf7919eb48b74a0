"""Listening to an instrument without a flight: readings shown as they come and recorded, in the lab or on a mast."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dronesampler.clock import Clock
from dronesampler.commands import BeginCheck
from dronesampler.events import AirReported, AlarmChanged, ClockMoved, Event, GasReported, Moved, Stamp, Turned
from dronesampler.mavlink.dialect import Message
from dronesampler.mavlink.frames import FrameReader, decode
from dronesampler.mavlink.payload import PAYLOAD_MESSAGES, translate_payload
from dronesampler.mavlink.translate import Translator
from dronesampler.ports import Port, open_port
from dronesampler.problems import Refused, system_said
from dronesampler.sampler import PlacedReading, Profile
from dronesampler.sampler.alarm_words import ALARMS
from dronesampler.sampler.checking import CheckDone
from dronesampler.sampler.driver import Driver
from dronesampler.sampler.drivers import driver_for
from dronesampler.session.gathering import Gatherer
from dronesampler.store import JournalRow, Recorder, State, Store
from dronesampler.texts import Text

STALE_S = 3.0
_TURN_S = 0.05
_GONE = Text("端口中断：{reason}", "the port is gone: {reason}")
SILENT = Text("{seconds:.0f} 秒没有读数", "no reading for {seconds:.0f} s")
WAITS = Text(
    "通气中：先等待响应稳定 {settle:.0f} 秒，再取 {seconds:.0f} 秒平均",
    "the gas is on: {settle:.0f} s until the response has settled, then {seconds:.0f} s are averaged",
)
CHECKED = "instrument checked"


@dataclass(frozen=True, slots=True)
class Listening:
    """What to listen to and for how long; no limit where one is None."""

    profile: Profile
    link: str
    into: Path | str
    name: str = ""
    seconds: float | None = None
    readings: int | None = None
    simulated: bool = False
    check: BeginCheck | None = None  # a zero or span check to be made, after which the listening ends


@dataclass(frozen=True, slots=True)
class Listened:
    """What came of it."""

    patrol: int
    readings: int
    rejected: Mapping[str, int]
    seconds: float
    clock_changes: int
    alarms: int = 0
    checked: CheckDone | None = None


class _Mavlink:
    """MAVLink as a driver: hears what the vehicle and its payloads say, sends nothing."""

    def __init__(self) -> None:
        self._frames = FrameReader()
        self._translator = Translator(None)

    @property
    def rejected(self) -> dict[str, int]:
        return {"bad checksum": self._frames.bad_checksums, "bytes": self._frames.garbage_bytes}

    def feed(self, data: bytes, at: Stamp) -> tuple[Event, ...]:
        messages = (decode(frame) for frame in self._frames.feed(data))
        events = (event for m in messages if m is not None for event in self._events(m, at))
        return tuple(e for e in events if isinstance(e, GasReported | AirReported | Moved | Turned))

    def _events(self, message: Message, at: Stamp) -> list[Event]:
        """A payload counts also on a bench, where no autopilot is heard to bind to."""
        if message.name in PAYLOAD_MESSAGES:
            return translate_payload(message, at)
        return self._translator.translate(message, at)

    def due(self, now_s: float) -> bytes:
        return b""

    def reopened(self, *, mid_stream: bool) -> None:
        """Frames have a beginning and a checksum."""


def listen(
    order: Listening,
    *,
    clock: Clock,
    heard: Callable[[PlacedReading], None],
    said: Callable[[Text], None],
) -> Listened:
    """Record until a limit is reached or the user interrupts. Raises BadInput or Refused where it cannot begin."""
    mavlink = not order.profile.extra
    driver: Driver | _Mavlink = _Mavlink() if mavlink else driver_for(order.profile, port=order.link)
    port = open_port(order.link)
    driver.reopened(mid_stream=order.link.startswith("serial:"))
    try:
        with Store.open(order.into, clock=clock) as store:
            return _recorded(order, store, port=port, driver=driver, clock=clock, heard=heard, said=said)
    finally:
        port.close()


def _recorded(
    order: Listening,
    store: Store,
    *,
    port: Port,
    driver: "Driver | _Mavlink",
    clock: Clock,
    heard: Callable[[PlacedReading], None],
    said: Callable[[Text], None],
) -> Listened:
    with store.transaction() as batch:
        patrol = batch.begin_patrol(order.name or order.profile.name, source=order.link, simulated=order.simulated)
    failures: list[Text] = []
    recorder = Recorder(store, patrol.id, on_failure=failures.append)
    ear = _Ear(order, recorder, clock=clock, heard=heard, said=said)
    raw = _raw_file(store.folder, patrol.uuid)
    try:
        ear.run(port, driver, raw=raw, failures=failures)
    except KeyboardInterrupt:
        pass  # the user's way to end it
    finally:
        recorder.close()
        if raw is not None:
            raw.close()
        with store.transaction() as batch:
            batch.end_patrol(patrol.id, state=State.ENDED)
    rejected = {reason: count for reason, count in driver.rejected.items() if count}
    return Listened(
        patrol.id, ear.count, rejected, clock.monotonic_s() - ear.begun_s, ear.changes, ear.alarms, ear.checked
    )


def _raw_file(folder: Path | None, patrol_uuid: str) -> BinaryIO | None:
    """Every byte as it arrived; a folder is there unless the database is a server's."""
    if folder is None:
        return None
    place = folder / "raw" / patrol_uuid
    place.mkdir(parents=True, exist_ok=True)
    return (place / "received.bin").open("ab", buffering=0)


class _Ear:
    """One listening; runs on the caller's thread."""

    def __init__(
        self,
        order: Listening,
        recorder: Recorder,
        *,
        clock: Clock,
        heard: Callable[[PlacedReading], None],
        said: Callable[[Text], None],
    ) -> None:
        self._order, self._recorder, self._clock = order, recorder, clock
        self._heard, self._said = heard, said
        self._gatherer = Gatherer(order.profile, simulated=order.simulated, place_needed=False)
        self.count = self.changes = self.alarms = 0
        self.checked: CheckDone | None = None
        self.begun_s = self._last_s = clock.monotonic_s()
        self._silent = False

    def run(self, port: Port, driver: "Driver | _Mavlink", *, raw: BinaryIO | None, failures: list[Text]) -> None:
        while not self._done():
            try:
                data = port.read(_TURN_S)
                ask = driver.due(self._clock.monotonic_s())
                if ask:
                    port.write(ask)
            except OSError as reason:
                raise Refused(_GONE.with_(reason=system_said(reason))) from reason
            if failures:
                raise Refused(failures[0])
            at = Stamp.now(self._clock)
            if data and raw is not None:
                raw.write(data)
            for event in driver.feed(data, at) if data else ():
                if not self._done():
                    self._take(event)
            for change in self._gatherer.tick(at):
                self._follow(change)
            self._watch_silence(at.monotonic_s)
            self._watch_check(at)

    def _done(self) -> bool:
        order, passed_s = self._order, self._clock.monotonic_s() - self.begun_s
        return (
            (order.seconds is not None and passed_s >= order.seconds)
            or (order.readings is not None and self.count >= order.readings)
            or self.checked is not None
        )

    def _take(self, event: Event) -> None:
        gathered = self._gatherer.after(event)
        for record in gathered.records:
            self._recorder.put(record)
        if gathered.placed is not None:
            self.count += 1
            self._last_s = event.at.monotonic_s
            self._heard(gathered.placed)
        for follow in gathered.follows:
            self._follow(follow)

    def _follow(self, event: Event) -> None:
        """An alarm or a clock: said, and what concerns the journal put there."""
        for record in self._gatherer.after(event).records:
            self._recorder.put(record)
        if isinstance(event, ClockMoved):
            self.changes += 1
            self._said(Text(event.zh, event.en))
        elif isinstance(event, AlarmChanged) and event.change in ALARMS:
            self.alarms += event.change == "raised"
            self._said(ALARMS[event.change].with_(words=Text(event.zh, event.en)))

    def _watch_check(self, at: Stamp) -> None:
        """Begin the check that was ordered with the first reading; end with it."""
        begin = self._order.check
        if begin is None or not self.count:
            return
        if self._gatherer.check is None and self.checked is None:
            run = self._gatherer.begin_check(begin, at.monotonic_s)
            self._said(WAITS.with_(settle=run.settled_s - at.monotonic_s, seconds=run.order.seconds))
        done = self._gatherer.end_check(at.monotonic_s)
        if done is not None:
            self.checked = done
            self._recorder.put(JournalRow(at.unix_s, CHECKED, done.body()))

    def _watch_silence(self, now_s: float) -> None:
        """Before anything has come there is no value to be stale; afterwards the alarm says it."""
        silent_s = now_s - self._last_s
        if silent_s >= STALE_S and not self._silent and not self.count:
            self._said(SILENT.with_(seconds=silent_s))
        self._silent = silent_s >= STALE_S
