"""A live patrol: one thread that owns the link, the vehicle's state and what happens next; everything is recorded."""

import queue
from collections.abc import Callable, Iterable
from dataclasses import asdict

from dronesampler.clock import Clock
from dronesampler.commands import (
    Arm,
    ArmFilling,
    CancelUpload,
    Finish,
    Intent,
    MarkSighting,
    SwitchSampler,
    Upload,
)
from dronesampler.events import (
    CommandProgressed,
    Event,
    LimitReached,
    PlanStored,
    PreflightPassed,
    Stage,
    Stamp,
    TextSaid,
)
from dronesampler.flight.limits import Ask
from dronesampler.flight.patrol import Patrol as Course
from dronesampler.flight.patrol import intent_of
from dronesampler.flight.preflight import problems
from dronesampler.flight.rules import refusal
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mavlink.rawlog import RawLog
from dronesampler.mavlink.station import Moment, Station
from dronesampler.mission import Mission
from dronesampler.ports import open_port
from dronesampler.session.feed import (
    Alive,
    Asked,
    Goodbye,
    Hello,
    LivePoint,
    LiveReading,
    PlanHeld,
    Snapshot,
    Told,
)
from dronesampler.session.filling import Filling, switch_note
from dronesampler.session.gathering import Gatherer
from dronesampler.session.history import History
from dronesampler.session.instruments import InstrumentPorts, Opener
from dronesampler.session.live_look import LiveLook, suspects_note
from dronesampler.session.order import SessionOrder, begin_patrol
from dronesampler.session.readiness import BriefIntent, Readiness
from dronesampler.session.telling import DiskWatch, Telling, failures_in, sighting_note
from dronesampler.session.uploading import Uploading, held_up
from dronesampler.session.values import LiveValues, ValueIntent, same_serials
from dronesampler.store import Mirror, Patrol, PlanStage, Recorder, State, Store, plan_row
from dronesampler.store.records import JournalRow
from dronesampler.texts import Text

SERIAL_SEVERITY = 4  # MAV_SEVERITY_WARNING
READ_S = 0.01  # wall
LOOK_APART_S = 1.0
RAW_FOLDER = "raw"

__all__ = ["Session", "SessionOrder"]


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
        self.patrol = begin_patrol(store, order)
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
        self._telling = Telling(clock.factor)
        self._disk = DiskWatch(order.data, clock, failed=self._failures.put)
        for text in same_serials([order.profile, *others.values()]):
            self._note("same serial number", {"zh": text.zh, "en": text.en})
            self._telling.happened.append(TextSaid(self._stamp(), SERIAL_SEVERITY, text.said(order.lang), 0, 0))

    @property
    def acknowledged(self) -> int:
        """Records that are safe on disk."""
        return self._recorder.acknowledged

    @property
    def pending(self) -> int:
        """Records that wait to become safe."""
        return self._recorder.pending

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
        happened += self._all(failures_in(self._failures, self._stamp(), self.order.lang))
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
        self._move_valve(ending=True)
        self._note("clocks", {clock.name: asdict(clock) for clock in self._gatherer.clocks})
        self._ports.close()
        self._log.close()
        self._recorder.close()
        tally = self._store.tally(self.patrol.id)  # counted before, so that nobody waits for it
        with self._store.transaction() as batch:
            patrol = batch.end_patrol(self.patrol.id, state=state, tally=tally)
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

    def _move_valve(self, *, ending: bool = False) -> list[Event]:
        """What the armed filling asks for: on record first, then sent like any command; a session ends with it shut."""
        happened: list[Event] = []
        for valve in self.filling.end() if ending else self.filling.moves():
            self._automatic_id -= 1
            intent = self.filling.intent(valve, id=self._automatic_id)
            self._note("valve", {**self.filling.valve_note(valve), "id": intent.id})
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
        self.readiness.look(
            self.station, now_s, held=self.held, free_minutes=self._disk.latest, unix_s=self.clock.unix_s()
        )
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
        self.filling.progressed(event)
        self._telling.note(event, gathered)
        return gathered.follows

    def _note(self, kind: str, body: dict[str, object]) -> None:
        self._recorded = self._recorder.put(JournalRow(self.clock.unix_s(), kind, body))

    def _keep_plan(self, stage: PlanStage, mission: Mission) -> None:
        """By the recorder: a disk that is full or busy must not stop the loop, and the plan is kept once it writes."""
        self._recorded = self._recorder.put(plan_row(self.clock.unix_s(), stage, mission))

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
            self._note("sighting", sighting_note(intent, self.station.vehicle))
            return self._progressed(intent, Stage.OBSERVED)
        if isinstance(intent, ValueIntent):
            self._looked_s = float("-inf")
            events, against = self.values.answer(intent, in_air=bool(self.station.vehicle.in_air))
            return self._all(events) + self._answered(intent, against)
        if isinstance(intent, ArmFilling):
            return self._answered(intent, self.filling.answer(intent, self.station.vehicle, note=self._note))
        if isinstance(intent, SwitchSampler):
            self.filling.switched(intent)
            self._note("valve", switch_note(intent, self.clock.unix_s()))
        no = held_up(intent, self.uploading)
        if no is None and isinstance(intent, (Upload, Finish)):
            no = refusal(intent, self.station.vehicle)
        if no is not None:
            return self._answered(intent, no)
        if isinstance(intent, Upload):
            return self._begin_upload(intent)
        if isinstance(intent, Finish):
            self.finishing = True
            return self._progressed(intent, Stage.OBSERVED)
        if isinstance(intent, CancelUpload):
            return self._take(self.uploading.cancel(self.station)) if self.uploading else []
        if isinstance(intent, BriefIntent):
            return self._brief(intent)
        if isinstance(intent, Arm) and self.order.preflight_needed:
            no = self.readiness.refusal()
            if no is not None:
                return self._answered(intent, no)
        return self._take(self.station.ask(intent))

    def _brief(self, intent: BriefIntent) -> list[Event]:
        """Who looked, who let what pass and why, and what the office knows, is on record before it counts."""
        self._looked_s = float("-inf")
        return self._answered(intent, self.readiness.answer(intent, self.clock.unix_s(), note=self._note))

    def _begin_upload(self, intent: Upload) -> list[Event]:
        assert intent.mission is not None
        self.uploading = Uploading(intent.mission)
        self._upload_intent = intent
        self._keep_plan(PlanStage.AS_SENT, intent.mission)
        return self._progressed(intent, Stage.COMMANDED) + self._take(self.uploading.start(self.station))

    def _step_upload(self) -> list[Event]:
        uploading = self.uploading
        happened = self._take(uploading.step(self.station)) if uploading else []
        if uploading is None or not uploading.over:
            return happened
        self.uploading = None
        self.retries += uploading.retries
        if not uploading.good:
            self.held = None if uploading.touched else self.held  # proven no more
            return happened + self._answered(self._upload_intent, uploading.reason)
        assert uploading.held is not None
        self.held = uploading.held
        self._keep_plan(PlanStage.AS_READ_BACK, uploading.held)
        self.tell(PlanHeld(self.held))
        self._looked_s = float("-inf")
        happened += self._happen(PlanStored(self._stamp(), len(uploading.held.items)))
        return happened + self._progressed(self._upload_intent, Stage.OBSERVED)

    def _answered(self, intent: Intent, against: Text | None) -> list[Event]:
        said = against.said(self.order.lang) if against else ""
        return self._progressed(intent, Stage.REFUSED if against else Stage.OBSERVED, said)

    def _progressed(self, intent: Intent, stage: Stage, words: str = "") -> list[Event]:
        return self._happen(CommandProgressed(self._stamp(), type(intent).__name__, intent.id, stage, words))

    def _stamp(self) -> Stamp:
        return Stamp.now(self.clock)

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
        if self._telling.due(now_s):
            self._tell_all(now_s)

    def _tell_all(self, now_s: float) -> None:
        for told in self._telling.taken(now_s):
            self.tell(told)
        self.tell(self._snapshot(now_s))

    def _snapshot(self, now_s: float) -> Snapshot:
        vehicle = self.station.vehicle
        failure = self._recorder.failure
        heard_s = vehicle.heartbeat_s
        snapshot = Snapshot(
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
            disk_minutes=self._disk.minutes(now_s),
            preflight=problems(self.readiness.items),
            checklist=self.readiness.items,
            traffic=self.station.traffic.around(vehicle.position, now_s),
        )
        return self.values.shown(snapshot, now_s)
