"""Flying a plan without a window: the same session as with one, and a headless pilot that asks for each step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dronesampler.clock import Clock
from dronesampler.commands import ArmFilling
from dronesampler.desk.instrument_checks import last_checked_unix_s
from dronesampler.desk.instruments import Fit
from dronesampler.desk.interrupts import counted_interrupts
from dronesampler.desk.live_look import live_work
from dronesampler.desk.progress import Progress
from dronesampler.desk.vehicle_link import FIRST_HEARTBEAT_S, VehicleLink
from dronesampler.events import (
    AlarmChanged,
    CommandProgressed,
    Event,
    InstrumentBack,
    InstrumentChecked,
    InstrumentLost,
    LimitReached,
    LinkBack,
    LinkLost,
    Stage,
    TextSaid,
)
from dronesampler.flight.limits import Limits
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.ports import LinkAddress, Port, open_port
from dronesampler.problems import Refused
from dronesampler.sampler.alarm_rules import AlarmLevel
from dronesampler.sampler.alarm_words import ALARMS
from dronesampler.session.feed import Suspects
from dronesampler.session.headless import HeadlessPilot, Phase
from dronesampler.session.live_look import LiveLook
from dronesampler.session.readiness import Briefing
from dronesampler.session.session import Session, SessionOrder
from dronesampler.session.switchboard import Switchboard
from dronesampler.store import PlanStage, State, Store
from dronesampler.texts import Lang, Text

CONNECTING = Text("连接飞控", "connecting")
UPLOADING = Text("上传并读回核对", "uploading and reading back")
READYING = Text("等待飞控就绪", "waiting until it is ready")
ARMING = Text("解锁", "arming")
STARTING = Text("起飞", "starting")
FLYING = Text(
    "第 {item}/{total} 项，{readings} 个读数（{safe} 条记录已落盘），电池 {battery}",
    "item {item}/{total}, {readings} readings ({safe} records safe), battery {battery}",
)
LANDED = Text("已降落，收尾", "landed")
HOLD_ASKED = Text("已要求悬停；再按一次返航", "hold was asked for; interrupt again to return")
RETURN_ASKED = Text("已要求返航；落地锁定后结束", "return was asked for; it ends after landing and disarming")
NOT_CONFIRMED = Text(
    "这会让飞机 {system}（固件 {firmware}）起飞；确认无误后加上 --confirm {system}",
    "this would make aircraft {system} (firmware {firmware}) take off; if that is meant, add --confirm {system}",
)
OTHER_AIRCRAFT = Text(
    "{link} 上的飞机编号是 {system}，不是确认的 {confirmed}；未发出任何指令",
    "the aircraft on {link} is {system}, not the confirmed {confirmed}; nothing was sent",
)
ARMED_ALREADY = Text(
    "飞机 {system} 已解锁或在空中；请先落地锁定", "aircraft {system} is armed or in the air; land and disarm it first"
)
HOLDS = Text("已观察到悬停（{mode}）", "it is seen to hold ({mode})")
RETURNS = Text("已观察到返航（{mode}）", "it is seen to return ({mode})")
NOT_DONE = Text(
    "{what} 未见执行（{stage}）：{words}；再按一次中断可重新要求返航",
    "{what} was not seen to be done ({stage}): {words}; interrupt again to ask for a return",
)
LINK_LOST = Text(
    "链路中断：{seconds:.1f} 秒没有心跳；飞机由自身的失效保护处理，继续等待",
    "the link is lost: no heartbeat for {seconds:.1f} s; the vehicle's own failsafe has it, waiting on",
)
LINK_BACK = Text("链路恢复（中断 {seconds:.1f} 秒）", "the link is back after {seconds:.1f} s")
SO_FAR = Text("飞行中研判：{words}。{look}", "so far: {words}. {look}")
INSTRUMENT_BACK = Text("{instrument} 已接通（{link}）", "{instrument} is connected ({link})")
NO_LIMIT = Text("", "")
IDENTITY_S = 8.0
WARNING = 5  # MAV_SEVERITY_NOTICE: breaches and failsafes are told so
# How the unique ids of simulators begin: our own, and the letters that every simulated PX4 says.
SIMULATED_IDS = (b"SIMULATED".hex(), b"ITALDINO".hex())
_SAID = {
    Phase.CONNECTING: CONNECTING,
    Phase.UPLOADING: UPLOADING,
    Phase.READYING: READYING,
    Phase.ARMING: ARMING,
    Phase.STARTING: STARTING,
    Phase.LANDED: LANDED,
}


@dataclass(frozen=True, slots=True)
class FlightOrder:
    """A plan to fly over one link. `vehicle` is the system id the officer named; None takes the one that speaks."""

    name: str
    mission: Mission
    data: Path
    link: str
    simulated: bool = False
    park: Park | None = None
    second_copy: Path | None = None
    briefing: Briefing = field(default_factory=Briefing)
    limits: Limits = field(default_factory=Limits)
    vehicle: int | None = None
    lang: Lang = Lang.ZH  # of the reasons that refusals give
    fit: Fit = field(default_factory=Fit)
    filling: ArmFilling | None = None  # vessels that are filled past the top of a plume


@dataclass(frozen=True, slots=True)
class Flight:
    """How a flight went. `retries` counts what had to be sent again while uploading; `complete` is False where it came
    home early, and `why` then holds what asked for that, if a limit did."""

    patrol_id: int
    patrol_uuid: str
    readings: int
    retries: int
    complete: bool = True
    why: Text = NO_LIMIT


@dataclass(frozen=True, slots=True)
class OnTheGround:
    """The vehicle that a link leads to."""

    system_id: int
    simulated: bool


def ground_vehicle(link: str, *, clock: Clock, confirmed: int | None) -> OnTheGround:
    """Who is there, and may be flown: confirmed by its system id, or our simulator. Raises Refused. Sends heartbeats
    and questions only."""
    with VehicleLink([link], clock) as found:
        # The computer's own delays and the losses of a link pass by the wall, however fast the patrol's clock runs.
        found.find(FIRST_HEARTBEAT_S * clock.factor)
        vehicle = found.identify(IDENTITY_S * clock.factor)
    simulated = vehicle.unique_id.startswith(SIMULATED_IDS)
    if confirmed is None and not simulated:
        raise Refused(NOT_CONFIRMED.with_(system=vehicle.system_id, firmware=vehicle.firmware or "?"))
    if confirmed is not None and confirmed != vehicle.system_id:
        raise Refused(OTHER_AIRCRAFT.with_(link=link, system=vehicle.system_id, confirmed=confirmed))
    if vehicle.armed:
        raise Refused(ARMED_ALREADY.with_(system=vehicle.system_id))
    return OnTheGround(vehicle.system_id or 1, simulated)


def fly(
    order: FlightOrder,
    store: Store,
    *,
    clock: Clock,
    progress: Progress,
    opener: Callable[[LinkAddress | str], Port] = open_port,
) -> Flight:
    """Fly the plan from connecting to disarming. Raises Refused with the reason when it does not come to a good end.

    What was recorded stays, whatever happens. The first interrupt holds, the second returns.
    """
    ports = PortsInUse([order.link], clock, opener=opener)
    park_id = None
    if order.park is not None:
        with store.transaction() as batch:
            park_id = batch.put_park(order.park)
    session_order = SessionOrder(
        name=order.name,
        links=(order.link,),
        data=order.data,
        simulated=order.simulated,
        park_id=park_id,
        vehicle=order.vehicle,
        second_copy=order.second_copy,
        briefing=order.briefing,
        limits=order.limits,
        preflight_needed=not order.simulated,
        lang=order.lang,
        profile=order.fit.mavlink,
        payloads=order.fit.payloads,
        instruments=order.fit.ports,
        checked_unix_s=last_checked_unix_s(store, order.fit.profiles),
    )
    look = LiveLook(live_work(order.park, *order.fit.profiles), clock)
    session = Session(session_order, store, clock=clock, ports=ports, live_look=look)
    if order.filling is not None:
        session.hear(order.filling)  # on the ground, before anything is armed
    switchboard = Switchboard(order.data, hello=session.hello, hear=session.hear)
    session.tell = switchboard.tell
    pilot = HeadlessPilot(order.mission, order.link, haste=clock.factor)
    state = State.INTERRUPTED
    why = NO_LIMIT
    try:
        with store.transaction() as batch:
            batch.put_plan(session.patrol.id, PlanStage.AS_PLANNED, order.mission)
        why = _fly(session, pilot, clock=clock, progress=progress)
        state = State.INTERRUPTED if pilot.failure else State.ENDED
    finally:
        session.close(state=state)
        switchboard.close()
    if pilot.failure:
        raise Refused(pilot.failure)
    return Flight(session.patrol.id, session.patrol.uuid, session.readings, session.retries, pilot.complete, why)


def _fly(session: Session, pilot: HeadlessPilot, *, clock: Clock, progress: Progress) -> Text:
    """Fly it to its end; what a limit said last, if one was reached."""
    why, seen = NO_LIMIT, None
    with counted_interrupts() as interrupts:
        heeded = 0
        happened: tuple[Event, ...] = ()
        while not pilot.over:
            now_s = clock.monotonic_s()
            for intent in pilot.step(session.station.vehicle, happened, now_s):
                session.hear(intent)
            if interrupts() > heeded:
                heeded = interrupts()
                pilot.interrupted(heeded, now_s)
                if not pilot.over:
                    progress.say(HOLD_ASKED if heeded == 1 else RETURN_ASKED)
            happened = session.turn()
            for event in happened:
                if isinstance(event, LimitReached):
                    why = Text(event.zh, event.en)
                    progress.say(why)
                elif isinstance(event, TextSaid) and event.severity <= WARNING and pilot.phase is Phase.FLYING:
                    why = Text(event.text, event.text)  # a failsafe or fence of the autopilot's own
            _report(session, pilot, happened, progress)
            seen = _say_suspects(session, seen, progress)
    return NO_LIMIT if pilot.complete else pilot.cut_short or why


def _told(event: Event, mode: str) -> Text | None:
    """What is worth a line that stays."""
    match event:
        case TextSaid() if event.severity <= 3:
            return Text(event.text, event.text)
        case LinkLost():
            return LINK_LOST.with_(seconds=event.silent_s)
        case AlarmChanged() if event.change in ALARMS and event.level != AlarmLevel.NOTICE:
            return ALARMS[event.change].with_(words=Text(event.zh, event.en))
        case InstrumentLost() | InstrumentChecked():
            return Text(event.zh, event.en)
        case InstrumentBack():
            return INSTRUMENT_BACK.with_(instrument=event.instrument, link=event.link)
        case LinkBack():
            return LINK_BACK.with_(seconds=event.silent_s)
        case CommandProgressed(name="Pause" | "ReturnHome"):
            if event.stage is Stage.OBSERVED:
                return (HOLDS if event.name == "Pause" else RETURNS).with_(mode=mode)
            if event.stage in (Stage.REFUSED, Stage.EXPIRED, Stage.UNANSWERED):
                return NOT_DONE.with_(what=event.name, stage=event.stage.value, words=event.words or "-")
    return None


def _report(session: Session, pilot: HeadlessPilot, happened: tuple[Event, ...], progress: Progress) -> None:
    vehicle = session.station.vehicle
    for event in happened:
        told = _told(event, vehicle.mode)
        if told is not None:
            progress.say(told)
    total = max(len(pilot.mission.items), 1)
    done = vehicle.mission.item if vehicle.mission and pilot.phase is Phase.FLYING else 0
    if pilot.phase is not Phase.FLYING:
        upload = session.uploading.progress(session.station) if session.uploading else None
        progress.at(upload.done / max(upload.total, 1) if upload else 0.0, _SAID.get(pilot.phase, LANDED))
        return
    left = vehicle.battery.remaining_percent if vehicle.battery else None
    battery = "-" if left is None else f"{left:.0f} %"
    said = FLYING.with_(item=done, total=total, readings=session.readings, safe=session.acknowledged, battery=battery)
    progress.at(max(done, 0) / total, said)


def _say_suspects(session: Session, seen: Suspects | None, progress: Progress) -> Suspects | None:
    """A line that stays when the live analysis says something else than before; what it says now."""
    now = session.live_look.latest if session.live_look is not None else None
    if now is None or now is seen:
        return seen
    if now.trouble is not None:
        progress.say(now.trouble)
    elif _counts(now) != (_counts(seen) if seen is not None else NOTHING_SEEN):
        progress.say(SO_FAR.with_(words=now.words, look=now.look.words if now.look else NO_LIMIT))
    return now


NOTHING_SEEN = (0, 0, True)


def _counts(told: Suspects) -> tuple[int, int, bool]:
    return len(told.suspected), len(told.look_again), told.look is None
