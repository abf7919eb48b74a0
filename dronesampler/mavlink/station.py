"""The ground station as one sans-IO machine: bytes and a clock in, events and frames to send out.

The session (or a verb of the command line) owns the ports and the loop:

    station = Station(clock, log=raw_log.write)
    while True:
        for received in ports.read(0.02):
            moment = station.receive(received.data, port=received.port)
            ...use moment.said, station.vehicle; write each of moment.send
        moment = station.tick()
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dronesampler.clock import Clock, patience
from dronesampler.commands import Intent
from dronesampler.events import Event, HeartbeatSeen, LinkBack, Moved, Stamp, Turned
from dronesampler.flight.traffic import Traffic
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink.command import LEAST_ROUND_TRIP_S, Commander, Turn
from dronesampler.mavlink.dialect import GROUND_COMPONENT, GROUND_SYSTEM, Draft, Message
from dronesampler.mavlink.frames import Frame, FrameReader, FrameWriter, SequenceCount, Signing, decode, masked
from dronesampler.mavlink.link import (
    LOST_AFTER_S,
    ClockOffset,
    Heartbeat,
    LinkQuality,
    LinkWatch,
    Streams,
    TimeSync,
    other_station,
)
from dronesampler.mavlink.parameters import Parameters
from dronesampler.mavlink.personality import Personality, personality_of
from dronesampler.mavlink.px4_event_gaps import EventGaps
from dronesampler.mavlink.transfer import Party, Transfer
from dronesampler.mavlink.translate import Translator

HICCUP_S = 0.25  # of the wall
TURN_S = 0.1  # of the wall: how long a loaded computer may take for a round of the loop
LogFrame = Callable[[bytes, float], None]
TWICE_WITHIN_S = 1.0
REBOOT_BACK_S = 2.0  # more than frames that overtake each other


@dataclass(frozen=True, slots=True)
class Moment:
    """What comes of a step: frames to send, in order, and events to tell."""

    send: tuple[bytes, ...] = ()
    said: tuple[Event, ...] = ()

    def __add__(self, other: "Moment") -> "Moment":
        return Moment(self.send + other.send, self.said + other.said)


class Station:
    """One vehicle, any number of ports. Owned by the link thread."""

    def __init__(
        self,
        clock: Clock,
        *,
        log: LogFrame = lambda frame, unix_s: None,
        system: int = GROUND_SYSTEM,
        component: int = GROUND_COMPONENT,
        vehicle: int | None = None,
        bytes_per_s: float | None = None,
        announced_s: float | None = None,
        signing: Signing | None = None,
    ) -> None:
        """`vehicle` is the system id to speak to; None binds to the first autopilot heard."""
        self._clock = clock
        self._log: LogFrame = lambda frame, unix_s: log(masked(frame), unix_s)
        self._readers: dict[int, FrameReader] = {}
        self._recent: dict[bytes, tuple[int, float]] = {}
        self._writer = FrameWriter(system, component, signing)
        self._signing = signing
        self._bytes_per_s = bytes_per_s
        self._translator = Translator(vehicle)
        self._streams: Streams | None = None
        self._time = TimeSync(system, component)
        # Patrol seconds fly by in a fast simulation: a hiccup of this computer is no lost link there.
        self._watch = LinkWatch(max(LOST_AFTER_S, HICCUP_S * clock.factor))
        self._quality = LinkQuality()
        self._events = EventGaps()
        self._streaming = True
        self._boot_s = 0.0
        self.counts = SequenceCount()
        self.heartbeat = Heartbeat(announced_s)
        self.commander = Commander()
        self.parameters = Parameters()
        self.transfer: Transfer | None = None
        self.vehicle = Vehicle()
        self.traffic = Traffic()
        self.other_stations: frozenset[tuple[int, int]] = frozenset()

    @property
    def personality(self) -> Personality:
        return personality_of(self.vehicle.autopilot)

    @property
    def party(self) -> Party:
        """For transfers with the vehicle that is connected."""
        return Party(
            self.vehicle.system_id or 1,
            self.personality,
            self._writer.system,
            self._writer.component,
            self._bytes_per_s,
            patience(self._clock.factor),
            self._events,
        )

    @property
    def clock_offset(self) -> ClockOffset | None:
        return self._time.best

    @property
    def signing_ticks(self) -> int | None:
        """To be kept each minute where links are signed."""
        return self._signing.ticks if self._signing else None

    @property
    def garbage_bytes(self) -> int:
        """Bytes that were part of no frame."""
        return sum(reader.garbage_bytes for reader in self._readers.values())

    def stamp(self) -> Stamp:
        return Stamp.now(self._clock)

    def receive(self, data: bytes, *, port: int = 0) -> Moment:
        """Bytes of a port: logged as frames, then understood."""
        at = self.stamp()
        moment = Moment()
        for frame in self._readers.setdefault(port, FrameReader()).feed(data):
            self._log(frame.raw, at.unix_s)
            if not self._came_on_another(frame, port, at.monotonic_s):
                moment += self._frame(frame, at)
        return moment

    def _came_on_another(self, frame: Frame, port: int, now_s: float) -> bool:
        """Two radios that hear one vehicle bring each frame twice: the second is on record and counts no more."""
        while self._recent and now_s - next(iter(self._recent.values()))[1] > TWICE_WITHIN_S:
            del self._recent[next(iter(self._recent))]
        came = self._recent.setdefault(frame.raw, (port, now_s))
        return came[0] != port

    def tick(self) -> Moment:
        """To be called at least every 50 ms: heartbeat, time-outs, retries."""
        at = self.stamp()
        now_s = at.monotonic_s
        self.heartbeat.feed(now_s)
        drafts: list[Draft] = []
        beat = self.heartbeat.due(now_s)
        if beat:
            drafts.append(beat)
        events = self._watch.tick(at) + self._quality.tick(self.counts, at)
        if self.vehicle.connected:
            if self._streams:
                drafts += self._streams.tick(now_s)
            drafts += self._time.tick(now_s)
            drafts += self._events.tick(now_s)
        if self.transfer:
            drafts += self.transfer.tick(now_s)
        drafts += self.parameters.tick(now_s)
        self.commander.round_trip_s = self._round_trip_s()
        turn = self.commander.tick(self.vehicle, at)
        return self._out(drafts, at) + self._tell(events, at) + self._turned(turn, at)

    def ask(self, intent: Intent, *, automatic: bool = False) -> Moment:
        """Send an operator's intent (or a limit's, then `automatic`); the answer comes as events."""
        at = self.stamp()
        return self._turned(self.commander.ask(intent, self.vehicle, at, automatic=automatic), at)

    def begin(self, transfer: Transfer) -> Moment:
        """Run a transfer; its outcome tells when it is over. One at a time."""
        self.transfer = transfer
        at = self.stamp()
        return self._out(transfer.start(at.monotonic_s), at)

    def cancel(self) -> Moment:
        """Stop the transfer that runs; it puts back what was on board."""
        at = self.stamp()
        return self._out(self.transfer.cancel(at.monotonic_s), at) if self.transfer else Moment()

    def send(self, drafts: Iterable[Draft]) -> Moment:
        """Anything else."""
        return self._out(drafts, self.stamp())

    def stream(self, *, wanted: bool) -> None:
        """Whether to ask for streams; the short verbs of the command line do without."""
        self._streaming = wanted

    def _frame(self, frame: Frame, at: Stamp) -> Moment:
        if self._signing and not self._signing.accepts(frame):
            return Moment()
        self.counts.note(frame)
        message = decode(frame)
        if message is None:
            return Moment()
        sender = (self._writer.system, self._writer.component)
        if other_station(message, system=sender[0], component=sender[1]):
            self.other_stations |= {(message.system, message.component)}
        told_before = not self._events.take(message)
        moment = Moment() if told_before else self._tell(self._translator.translate(message, at), at)
        return moment + self._machines(message, at)

    def _machines(self, message: Message, at: Stamp) -> Moment:
        """The protocol machines see the message after the vehicle's state has."""
        now_s = at.monotonic_s
        self._quality.take(message)
        told = self._tell(self._time.take(message, at), at)
        if self._streams:
            self._streams.take(message)
        drafts = self.transfer.take(message, now_s) if self.transfer else []
        drafts += self.parameters.take(message, now_s)
        return told + self._out(drafts, at) + self._turned(self.commander.take(message, self.vehicle, at), at)

    def _tell(self, events: Iterable[Event], at: Stamp) -> Moment:
        told: list[Event] = []
        for event in events:
            if isinstance(event, HeartbeatSeen):
                told += self._heartbeat(event, at)
            elif event.at.boot_s is not None and isinstance(event, (Moved, Turned)):
                self._notice_reboot(event.at.boot_s)
            self.vehicle = self.vehicle.after(event)
            self.traffic = self.traffic.after(event)
            told.append(event)
        return Moment(said=tuple(told))

    def _heartbeat(self, event: HeartbeatSeen, at: Stamp) -> list[Event]:
        back = self._watch.heartbeat(at)
        if self._streams is None and self._streaming:
            self._streams = Streams(event.autopilot, event.system_id)
        elif self._streams and any(isinstance(e, LinkBack) for e in back):
            self._streams.ask_again()
        self._time.vehicle = self._events.vehicle = event.system_id
        self.parameters.bind(event.system_id, event.autopilot)
        for event_back in back:
            self.vehicle = self.vehicle.after(event_back)
        return back

    def _round_trip_s(self) -> float:
        """As measured, and never shorter than this computer is sure to come round in a fast simulation."""
        best = self._time.best
        return max(LEAST_ROUND_TRIP_S, best.round_trip_s if best else 0.0, TURN_S * (self._clock.factor - 1.0))

    def _notice_reboot(self, boot_s: float) -> None:
        """The vehicle's boot clock began anew: its stream rates are gone, and its events are counted from the start."""
        if boot_s < self._boot_s - REBOOT_BACK_S:
            self._events.begin_anew()
            if self._streams:
                self._streams.ask_again()
        self._boot_s = boot_s

    def _turned(self, turn: Turn, at: Stamp) -> Moment:
        return self._out(turn.send, at) + self._tell(turn.said, at)

    def _out(self, drafts: Iterable[Draft], at: Stamp) -> Moment:
        frames = []
        for draft in drafts:
            if self._signing:
                self._signing.catch_up(at.unix_s)
            frame = self._writer.frame(draft)
            self._log(frame, at.unix_s)
            frames.append(frame)
        return Moment(send=tuple(frames))
