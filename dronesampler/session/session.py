"""A live patrol: one thread that owns the link, the vehicle's state and what happens next; everything is recorded."""

import queue
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dronesampler.clock import Clock
from dronesampler.commands import (
    Arm,
    ArmFilling,
    Brief,
    CancelUpload,
    Finish,
    Intent,
    MarkSighting,
    OverrideItem,
    SwitchSampler,
    TickItem,
    Upload,
)
from dronesampler.events import (
    AlarmChanged,
    ClockMoved,
    CommandProgressed,
    Event,
    InstrumentBack,
    InstrumentChecked,
    InstrumentLost,
    LimitReached,
    LinkBack,
    LinkLost,
    PlanStored,
    PreflightPassed,
    RecorderFailed,
    RecorderRecovered,
    Stage,
    Stamp,
    TextSaid,
)
from dronesampler.flight.limits import Ask, Limits
from dronesampler.flight.patrol import Patrol as Course
from dronesampler.flight.patrol import intent_of
from dronesampler.flight.preflight import problems
from dronesampler.flight.rules import refusal
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mavlink.rawlog import RawLog
from dronesampler.mavlink.station import Moment, Station
from dronesampler.mission import Mission
from dronesampler.ports import open_port
from dronesampler.sampler.inlet import Inlet
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.session.feed import (
    Alive,
    Asked,
    Goodbye,
    Happened,
    Hello,
    LivePoint,
    LiveReading,
    PlanHeld,
    Samples,
    Snapshot,
    Told,
)
from dronesampler.session.filling import Filling, switch_note, valve_note
from dronesampler.session.gathering import Gathered, Gatherer
from dronesampler.session.history import History
from dronesampler.session.instruments import Fitted, InstrumentPorts, Opener
from dronesampler.session.live_look import LiveLook, suspects_note
from dronesampler.session.readiness import Briefing, Readiness
from dronesampler.session.uploading import Uploading
from dronesampler.session.values import LiveValues, ValueIntent, same_serials
from dronesampler.store import Mirror, Patrol, PlanStage, Recorder, State, Store, recording_rate, space
from dronesampler.store.records import JournalRow
from dronesampler.texts import Lang, Text

TOLD_EVENTS = (
    TextSaid,
    CommandProgressed,
    LimitReached,
    LinkLost,
    LinkBack,
    RecorderFailed,
    RecorderRecovered,
    AlarmChanged,
    ClockMoved,
    InstrumentLost,
    InstrumentBack,
    InstrumentChecked,
)
SERIAL_SEVERITY = 4  # MAV_SEVERITY_WARNING
SNAPSHOT_APART_S = 0.1  # wall
READ_S = 0.01  # wall
LOOK_APART_S = 1.0
SPACE_APART_S = 5.0  # wall
# What a patrol writes: one reading and five poses a second, and the streams of RATES_HZ as raw log.
BYTES_PER_S = recording_rate(readings_per_s=1.0, track_per_s=5.0, raw_log_bytes_per_s=2_000.0)
RAW_FOLDER = "raw"


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """What a session is for. `operator_needed_s` is how long it keeps its heartbeat up without a living window."""

    name: str
    links: tuple[str, ...]
    data: Path
    simulated: bool = False
    park_id: int | None = None
    profile: Profile = MAVLINK_NMHC  # of what comes over MAVLink
    instruments: tuple[Fitted, ...] = ()  # on ports of their own
    payloads: Mapping[str, Profile] = field(default_factory=dict)  # profiles of single MAVLink components
    checked_unix_s: float | None = None  # when the sampler's zero or span was last checked
    vehicle: int | None = None
    operator_needed_s: float | None = None
    second_copy: Path | None = None  # a folder on another medium
    briefing: Briefing = field(default_factory=Briefing)
    limits: Limits = field(default_factory=Limits)
    preflight_needed: bool = True  # arming is refused until the preflight passes; a simulated aircraft may do without
    lang: Lang = Lang.ZH


class Session:
    """Owned by the thread that calls `turn`. `hear` may be called from any thread; `tell` is called on ours.

    The store must have been opened with the same clock.
    """

    def __init__(
        self,
        order: SessionOrder,
        store: Store,
        *,
        clock: Clock,
        ports: PortsInUse,
        tell: Callable[[Told], None] = lambda _: None,
        live_look: LiveLook | None = None,
        opener: Opener = open_port,
    ) -> None:
        self.order = order
        self.clock = clock
        self.tell = tell
        self._store = store
        self._ports = ports
        self.patrol = _begin(store, order)
        self._failures: queue.SimpleQueue[Text | str | None] = queue.SimpleQueue()  # None: recovered
        self._recorder = Recorder(
            store,
            self.patrol.id,
            on_failure=self._failures.put,
            on_recovered=lambda: self._failures.put(None),
            mirror=Mirror(order.second_copy, self.patrol) if order.second_copy else None,
        )
        self._log = RawLog(
            order.data / RAW_FOLDER / self.patrol.uuid,
            clock,
            simulated=order.simulated,
            failed=self._failures.put,
        )
        self.station = Station(
            clock,
            log=self._log.write,
            vehicle=order.vehicle,
            bytes_per_s=ports.bytes_per_s,
            announced_s=order.operator_needed_s,
        )
        others = {**order.payloads, **{fitted.link: fitted.profile for fitted in order.instruments}}
        self._gatherer = Gatherer(order.profile, simulated=order.simulated, haste=clock.factor, others=others)
        raw = order.data / RAW_FOLDER / self.patrol.uuid
        instruments = InstrumentPorts(order.instruments, clock, folder=raw, opener=opener, failed=self._failures.put)
        self.values = LiveValues(self._gatherer, instruments, clock, note=self._note)
        self.values.checked_unix_s = order.checked_unix_s
        self.filling = Filling(clock)
        self.live_look = live_look
        self._inbox: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        self.uploading: Uploading | None = None
        self._upload_intent = Upload(0, 0.0)
        self.held: Mission | None = None
        self.finishing = False
        self.readiness = Readiness(order.briefing)
        self.course = Course.with_limits(order.limits)
        self._automatic_id = -1  # intents of the limits count downwards, those of people upwards
        self._looked_s = float("-inf")
        self.readings = 0
        self.retries = 0
        self._readings: History[LiveReading] = History()
        self._track: History[LivePoint] = History()
        self._recorded = 0
        self._told_s = float("-inf")
        self._fresh = Gathered()
        self._happened: list[Event] = []
        self._space_s = float("-inf")
        self._minutes: float | None = None
        for text in same_serials([order.profile, *others.values()]):
            self._note("same serial number", {"zh": text.zh, "en": text.en})
            self._happened.append(TextSaid(self._stamp(), SERIAL_SEVERITY, text.said(order.lang), 0, 0))

    @property
    def acknowledged(self) -> int:
        """Records that are safe on disk."""
        return self._recorder.acknowledged

    @property
    def pending(self) -> int:
        """Records that wait to become safe."""
        return self._recorder.pending

    @property
    def inlets(self) -> Mapping[str, Inlet]:
        """The instruments that have been heard, by component."""
        return self._gatherer.inlets

    def hear(self, asked: Asked) -> None:
        """Take what a window or a headless pilot asks for; answered by events."""
        self._inbox.put(asked)

    def turn(self, wait_s: float = READ_S) -> tuple[Event, ...]:
        """One round of the loop, `wait_s` of wall time at most; returns what happened."""
        happened: list[Event] = []
        for received in self._ports.read(wait_s):
            happened += self._take(self.station.receive(received.data, port=received.port))
        happened += self._all(self.values.arrived())
        happened += self._take(self.station.tick())
        happened += self._step_upload()
        happened += self._hear_all()
        happened += self._hear_failures()
        happened += self._all(self.values.tick())
        happened += self._look()
        happened += self._move_valve()
        for news in self._ports.tick():
            self._note("port", {"zh": news.zh, "en": news.en})
        self._look_live()
        self._tell_windows()
        return tuple(happened)

    def hello(self) -> Hello:
        """For a window that attaches; called on the switchboard's thread, so it copies what others append to."""
        return Hello(
            patrol=self.patrol.uuid,
            data_dir=str(self.order.data),
            simulated=self.order.simulated,
            clock_factor=self.clock.factor,
            mission=self.held,
            readings=tuple(self._readings),
            track=tuple(self._track),
            suspects=self.live_look.latest if self.live_look is not None else None,
        )

    def close(self, *, state: State = State.ENDED) -> Patrol:
        """Everything on disk, the patrol closed. Raises Refused when the recorder could not write all."""
        if self.live_look is not None:
            self.live_look.close()
        self._all(self.values.close())
        self._ports.close()
        self._log.close()
        self._recorder.close()
        with self._store.transaction() as batch:
            patrol = batch.end_patrol(self.patrol.id, state=state)
        self._tell_all(self.clock.monotonic_s())
        self.tell(Goodbye(state.value))
        return patrol

    def _take(self, moment: Moment) -> list[Event]:
        for frame in moment.send:
            self._ports.write(frame)
        return [happened for event in moment.said for happened in self._happen(event)]

    def _happen(self, event: Event) -> list[Event]:
        """Record an event, let the patrol's course follow it, and do what its limits ask for."""
        follows = self._record(event)
        self.course, asks = self.course.after(event, self.station.vehicle)
        happened = [event, *(happened for ask in asks for happened in self._limit(ask))]
        return happened + self._all(follows)

    def _all(self, events: Iterable[Event]) -> list[Event]:
        return [happened for event in events for happened in self._happen(event)]

    def _limit(self, ask: Ask) -> list[Event]:
        """A limit asks on its own, so it never fights a failsafe, a landing or the pilot."""
        self._automatic_id -= 1
        intent = intent_of(ask, id=self._automatic_id, now_s=self.clock.monotonic_s())
        reached = LimitReached(self._stamp(), ask.rule, ask.action.value, ask.text.zh, ask.text.en)
        self._record(reached)
        return [reached, *self._take(self.station.ask(intent, automatic=True))]

    def _move_valve(self) -> list[Event]:
        """What the armed filling asks for: on record first, then sent like any command."""
        happened: list[Event] = []
        for valve in self.filling.moves():
            self._automatic_id -= 1
            intent = self.filling.intent(valve, id=self._automatic_id)
            self._note("valve", {**valve_note(valve), "id": intent.id})
            happened += self._take(self.station.ask(intent))
        return happened

    def _look(self) -> list[Event]:
        """On the ground, judge the preflight once a second."""
        now_s = self.clock.monotonic_s()
        if self.station.vehicle.armed or now_s - self._looked_s < LOOK_APART_S:
            return []
        self._looked_s = now_s
        passed = self.readiness.passed
        self.readiness.checked_unix_s = self.values.checked_unix_s
        self.readiness.look(self.station, now_s, held=self.held, free_minutes=self._minutes, unix_s=self.clock.unix_s())
        if self.readiness.passed and not passed:
            return self._happen(PreflightPassed(self._stamp(), self.readiness.overridden))
        return []

    def _record(self, event: Event) -> list[Event]:
        """Put on record what it came to; what follows from it is still to happen."""
        gathered = self._gatherer.after(event)
        for record in gathered.records:
            self._recorded = self._recorder.put(record)
        if self.live_look is not None:
            self.live_look.note(gathered.records)
        self.filling.hear(gathered.readings, self.station.vehicle)
        self.readings += len(gathered.readings)
        self._readings.extend(gathered.readings)
        self._track.extend(gathered.track)
        self._fresh.readings += gathered.readings
        self._fresh.track += gathered.track
        if isinstance(event, TOLD_EVENTS):
            self._happened.append(event)
        return gathered.follows

    def _note(self, kind: str, body: dict[str, object]) -> None:
        self._recorded = self._recorder.put(JournalRow(self.clock.unix_s(), kind, body))

    def _hear_all(self) -> list[Event]:
        happened: list[Event] = []
        while not self._inbox.empty():
            asked = self._inbox.get()
            if isinstance(asked, Alive):
                self.station.heartbeat.operator_seen(self.clock.monotonic_s())
            else:
                happened += self._answer(asked)
        return happened

    def _answer(self, intent: Intent) -> list[Event]:
        self._note("asked", {"what": type(intent).__name__, "id": intent.id, "operator": intent.operator})
        if isinstance(intent, MarkSighting):
            self._note("sighting", _sighting(intent, self.station))
            return self._progressed(intent, Stage.OBSERVED)
        if isinstance(intent, ValueIntent):
            events, against = self.values.answer(intent)
            self._looked_s = float("-inf")
            stage, words = (Stage.REFUSED, against.said(self.order.lang)) if against else (Stage.OBSERVED, "")
            return self._all(events) + self._progressed(intent, stage, words)
        if isinstance(intent, ArmFilling):
            against = self.filling.arm(intent, self.station.vehicle)
            refused = {"zh": against.zh, "en": against.en} if against else None
            self._note("filling", {**asdict(intent), "refused": refused})
            said = against.said(self.order.lang) if against else ""
            return self._progressed(intent, Stage.REFUSED if against else Stage.OBSERVED, said)
        if isinstance(intent, SwitchSampler):
            self._note("valve", switch_note(intent, self.clock.unix_s()))
        if isinstance(intent, (Upload, Finish)):
            no = refusal(intent, self.station.vehicle)
            if no is not None:
                return self._progressed(intent, Stage.REFUSED, no.said(self.order.lang))
            return self._begin_upload(intent) if isinstance(intent, Upload) else self._finish(intent)
        if isinstance(intent, CancelUpload):
            return self._take(self.uploading.cancel(self.station)) if self.uploading else []
        if isinstance(intent, (TickItem, OverrideItem, Brief)):
            return self._brief(intent)
        if isinstance(intent, Arm) and self.order.preflight_needed:
            against = self.readiness.refusal()
            if against is not None:
                return self._progressed(intent, Stage.REFUSED, against.said(self.order.lang))
        return self._take(self.station.ask(intent))

    def _brief(self, intent: TickItem | OverrideItem | Brief) -> list[Event]:
        """Who looked, who let what pass and why, and what the office knows, is on record before it counts."""
        against = None
        if isinstance(intent, Brief):
            told = {name: getattr(intent, name) for name in ("energy_needed_percent", "tallest_obstacle_m")}
            self._note("briefed", {**told, "approval_number": intent.approval_number, "who": intent.operator})
            self.readiness.told(intent)
        elif isinstance(intent, TickItem):
            when = datetime.fromtimestamp(self.clock.unix_s(), UTC).isoformat(timespec="seconds")
            self._note("ticked", {"item": intent.key, "who": intent.operator})
            self.readiness.tick(intent, when)
        else:
            self._note("overridden", {"item": intent.key, "who": intent.operator, "why": intent.why})
            against = self.readiness.override(intent, self.clock.unix_s())
        self._looked_s = float("-inf")
        if against is not None:
            return self._progressed(intent, Stage.REFUSED, against.said(self.order.lang))
        return self._progressed(intent, Stage.OBSERVED)

    def _finish(self, intent: Finish) -> list[Event]:
        self.finishing = True
        return self._progressed(intent, Stage.OBSERVED)

    def _begin_upload(self, intent: Upload) -> list[Event]:
        assert intent.mission is not None
        self.uploading = Uploading(intent.mission)
        self._upload_intent = intent
        with self._store.transaction() as batch:
            batch.put_plan(self.patrol.id, PlanStage.AS_SENT, intent.mission)
        return self._progressed(intent, Stage.COMMANDED) + self._take(self.uploading.start(self.station))

    def _step_upload(self) -> list[Event]:
        uploading = self.uploading
        if uploading is None:
            return []
        happened = self._take(uploading.step(self.station))
        if not uploading.over:
            return happened
        self.uploading = None
        self.retries += uploading.retries
        if not uploading.good:
            return happened + self._progressed(
                self._upload_intent, Stage.REFUSED, uploading.reason.said(self.order.lang)
            )
        assert uploading.held is not None
        self.held = uploading.held
        with self._store.transaction() as batch:
            batch.put_plan(self.patrol.id, PlanStage.AS_READ_BACK, uploading.held)
        self.tell(PlanHeld(self.held))
        self._looked_s = float("-inf")
        happened += self._happen(PlanStored(self._stamp(), len(uploading.held.items)))
        return happened + self._progressed(self._upload_intent, Stage.OBSERVED)

    def _progressed(self, intent: Intent, stage: Stage, words: str = "") -> list[Event]:
        return self._happen(CommandProgressed(self._stamp(), type(intent).__name__, intent.id, stage, words))

    def _hear_failures(self) -> list[Event]:
        happened: list[Event] = []
        while not self._failures.empty():
            said = self._failures.get()
            reason = said.said(self.order.lang) if isinstance(said, Text) else said
            event = RecorderRecovered(self._stamp()) if reason is None else RecorderFailed(self._stamp(), reason)
            happened += self._happen(event)
        return happened

    def _stamp(self) -> Stamp:
        return Stamp(self.clock.monotonic_s(), self.clock.unix_s())

    def _look_live(self) -> None:
        """Tell and journal what the analysis beside the flight says, and let it go on."""
        if self.live_look is None:
            return
        told = self.live_look.look(self.station.vehicle, self._readings, simulated=self.order.simulated)
        if told is not None:
            self.tell(told)
            self._note("suspects", suspects_note(told))

    def _tell_windows(self) -> None:
        now_s = self.clock.monotonic_s()
        if now_s - self._told_s >= SNAPSHOT_APART_S * self.clock.factor:
            self._tell_all(now_s)

    def _tell_all(self, now_s: float) -> None:
        self._told_s = now_s
        if self._fresh.readings or self._fresh.track:
            self.tell(Samples(tuple(self._fresh.readings), tuple(self._fresh.track)))
            self._fresh = Gathered()
        if self._happened:
            self.tell(Happened(tuple(self._happened)))
            self._happened = []
        self.tell(self._snapshot(now_s))

    def _snapshot(self, now_s: float) -> Snapshot:
        vehicle = self.station.vehicle
        failure = self._recorder.failure
        heard_s = vehicle.heartbeat_s
        check = self._gatherer.check
        return Snapshot(
            unix_s=self.clock.unix_s(),
            monotonic_s=now_s,
            phase=self.course.phase.value,
            vehicle=vehicle,
            silent_s=None if heard_s is None else now_s - heard_s,
            lost=heard_s is not None and not vehicle.connected,
            recorded=self._recorded,
            acknowledged=self.acknowledged,
            recorder_error=failure.said(self.order.lang) if failure else "",
            alone_s=self.station.heartbeat.operator_gone_s(now_s) or 0.0,
            disk_minutes=self._disk_minutes(now_s),
            preflight=problems(self.readiness.items),
            checklist=self.readiness.items,
            traffic=self.station.traffic.around(vehicle.position, now_s),
            gauges=self._gatherer.gauges(now_s),
            alarms=self._gatherer.alarms,
            clocks=self._gatherer.clocks,
            instruments=self.values.ports.health,
            checking=check.order if check else None,
            checking_left_s=max(check.ends_s - now_s, 0.0) if check else 0.0,
        )

    def _disk_minutes(self, now_s: float) -> float | None:
        """Free space in minutes of flight at the wall's pace, looked at now and then; None when the disk is gone."""
        if now_s - self._space_s >= SPACE_APART_S * self.clock.factor:
            self._space_s = now_s
            try:
                self._minutes = space(self.order.data, bytes_per_s=BYTES_PER_S * self.clock.factor).minutes
            except OSError as gone:
                self._minutes = None
                self._failures.put(str(gone))
        return self._minutes


def _begin(store: Store, order: SessionOrder) -> Patrol:
    with store.transaction() as batch:
        return batch.begin_patrol(
            order.name, source=" ".join(order.links), simulated=order.simulated, park_id=order.park_id
        )


def _sighting(intent: MarkSighting, station: Station) -> dict[str, object]:
    position = station.vehicle.position
    return {
        "id": intent.id,
        "note": intent.note,
        "bearing_deg": intent.bearing_deg,
        "photo": intent.photo,
        "lat_deg": position.lat_deg if position else None,
        "lon_deg": position.lon_deg if position else None,
        "height_home_m": position.height_home_m if position else None,
        "heading_deg": position.heading_deg if position else None,
    }
