"""From events to records: readings placed where their air was, the track, the wind, and what goes into the journal."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from dronesampler.commands import BeginCheck
from dronesampler.events import (
    AlarmChanged,
    ClockMoved,
    CommandProgressed,
    Event,
    GasReported,
    HomeMoved,
    InstrumentBack,
    InstrumentLost,
    ItemReached,
    LimitReached,
    LinkBack,
    LinkLost,
    Moved,
    PlanStored,
    PreflightPassed,
    RecorderFailed,
    RecorderRecovered,
    Stamp,
    TextSaid,
    VehicleIdentified,
    WindEstimated,
)
from dronesampler.geo import Place
from dronesampler.problems import Refused
from dronesampler.sampler.alarms import Alarm, AlarmBoard
from dronesampler.sampler.checking import CheckDone, CheckOrder, CheckRun
from dronesampler.sampler.clocks import STEP_S, ClockChanged
from dronesampler.sampler.gauges import Gauge
from dronesampler.sampler.inlet import Inlet
from dronesampler.sampler.live import NO_OTHERS, ClockState, Sampling
from dronesampler.sampler.place import PlacedReading
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.quality import Gas
from dronesampler.sampler.status import Status
from dronesampler.session.feed import LivePoint, LiveReading
from dronesampler.session.rows import live_of, rows_of
from dronesampler.store.records import JournalRow, Record, TrackRow, WindRow
from dronesampler.texts import Text

TRACK_APART_S = 0.2
CONVERSION = "conversion"  # the journal's word for what values are converted with from a reading on
ONE_AT_A_TIME = Text("已有一项检查正在进行", "a check is running already")
NO_SUCH_GAS = Text("没有“{gas}”这种检查；可用：{known}", "there is no check with {gas!r}; there are: {known}")
NOT_HEARD = Text("没有收到这台仪器的读数；已收到：{known}", "no reading of that instrument has come; heard: {known}")
WHICH = Text("请指明仪器和项目：{known}", "say which instrument and quantity: {known}")

# What the journal remembers: what was said, asked and lost; not the streams, which the raw log holds in full.
_JOURNALED = (
    AlarmChanged,
    InstrumentLost,
    InstrumentBack,
    VehicleIdentified,
    ItemReached,
    TextSaid,
    LinkLost,
    LinkBack,
    CommandProgressed,
    LimitReached,
    PlanStored,
    PreflightPassed,
    RecorderFailed,
    RecorderRecovered,
)


@dataclass(slots=True)
class Gathered:
    """What one event came to: records for the recorder, samples for the windows, and what follows from it."""

    records: list[Record] = field(default_factory=list)
    readings: list[LiveReading] = field(default_factory=list)
    track: list[LivePoint] = field(default_factory=list)
    follows: list[Event] = field(default_factory=list)
    placed: PlacedReading | None = None


class Gatherer:
    """Owned by the session's thread. Ground is taken as level with home where no terrain is known.

    `haste` is the clock's factor: where patrol time runs faster than the wall, a computer's short stall is a long one
    in it, and must not be taken for a clock that was set.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        simulated: bool,
        haste: float = 1.0,
        others: Mapping[str, Profile] = NO_OTHERS,
        place_needed: bool = True,
    ) -> None:
        """`profile` is what comes over MAVLink, `others` the instruments with one of their own by port. On a bench no
        place is needed for a reading to be good."""
        self._place_needed = place_needed
        self._sampling = Sampling(profile, step_s=STEP_S * max(haste, 1.0), others=others)
        self._check: CheckRun | None = None
        self._board = AlarmBoard(simulated=simulated, haste=haste)
        self._simulated = simulated
        self._home: Place | None = None
        self._next_seq = 0
        self._track_at_s = -math.inf

    def after(self, event: Event) -> Gathered:
        """What this event adds."""
        gathered = Gathered()
        sampled = self._sampling.after(event)
        for change in sampled.changes:
            body = {"clock": change.clock, "change": change.change.value, "by": change.by}
            gathered.records.append(JournalRow(event.at.unix_s, "clock changed", body))
            gathered.follows.append(_clock_moved(change, event.at))
        match event:
            case Moved():
                self._moved(event, gathered)
            case GasReported() if sampled.reading is not None:
                if sampled.conversion is not None:
                    body = {**sampled.conversion.body(), "from_seq": self._next_seq}
                    gathered.records.append(JournalRow(event.at.unix_s, CONVERSION, body))
                self._gas(event, sampled.reading, gathered)
            case WindEstimated():
                height_m = event.height_home_m if event.height_home_m is not None else self._height_m()
                gathered.records.append(
                    WindRow(event.at.unix_s, event.from_deg, event.speed_m_s, height_m, event.source)
                )
            case HomeMoved() if event.home != self._home:
                self._home = event.home
                gathered.records.append(_journal_row(event))
            case _ if isinstance(event, _JOURNALED):
                gathered.records.append(_journal_row(event))
        return gathered

    def tick(self, at: Stamp) -> tuple[AlarmChanged, ...]:
        """What fell silent meanwhile."""
        return self._board.tick(at)

    @property
    def check(self) -> CheckRun | None:
        """The zero or span check that runs."""
        return self._check

    def begin_check(self, intent: BeginCheck, now_s: float) -> CheckRun:
        """From now on the readings of that instrument are its gas. Raises Refused with the reason why not."""
        if self._check is not None:
            raise Refused(ONE_AT_A_TIME)
        if intent.gas not in tuple(Gas):
            raise Refused(NO_SUCH_GAS.with_(gas=intent.gas, known=", ".join(Gas)))
        component, quantity = self._checked_channel(intent)
        order = CheckOrder(
            gas=Gas(intent.gas),
            component=component,
            quantity=quantity,
            officer=intent.operator,
            certified_mg_m3=intent.certified_mg_m3,
            cylinder=intent.cylinder,
            seconds=intent.seconds,
        )
        self._check = CheckRun(order, self._sampling.inlet(component).profile, now_s)
        return self._check

    def end_check(self, now_s: float, *, abort: bool = False) -> CheckDone | None:
        """What the check came to once it is over; nothing of one that is aborted."""
        done = self._check.result(now_s) if self._check and not abort else None
        if abort or done is not None:
            self._check = None
        if done is not None and done.check is not None and done.check.gas is Gas.ZERO:
            self._sampling.inlet(done.order.component).zeros_mg_m3[done.order.quantity] = done.check.read_mg_m3
        return done

    def _checked_channel(self, intent: BeginCheck) -> tuple[str, str]:
        """The one channel that is meant, among those that have been heard."""
        heard = [(gauge.component, gauge.quantity) for gauge in self.gauges(0.0)]
        meant = [
            (component, quantity)
            for component, quantity in heard
            if intent.component in ("", component) and intent.quantity in ("", quantity)
        ]
        if len(meant) == 1:
            return meant[0]
        known = ", ".join(f"{component} {quantity}" for component, quantity in heard) or "–"
        raise Refused((WHICH if meant else NOT_HEARD).with_(known=known))

    @property
    def inlets(self) -> Mapping[str, Inlet]:
        """The instruments that have been heard, by component."""
        return self._sampling.inlets

    @property
    def clocks(self) -> tuple[ClockState, ...]:
        """What is known of every foreign clock."""
        return self._sampling.clocks

    def acknowledge(self, key: str, who: str, at: Stamp) -> tuple[AlarmChanged, ...]:
        """Somebody answers an alarm, or all with an empty key."""
        return self._board.acknowledge(key, who, at)

    def gauges(self, now_s: float) -> tuple[Gauge, ...]:
        """Every live value as it is to be shown now."""
        return self._board.gauges(now_s)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What stands, the worst first."""
        return self._board.alarms

    def _height_m(self) -> float:
        pose = self._sampling.last_pose
        return pose.height_home_m if pose else math.nan

    def _moved(self, event: Moved, gathered: Gathered) -> None:
        pose = self._sampling.last_pose
        if pose is None or pose.time_s - self._track_at_s < TRACK_APART_S:
            return  # too soon, or the clock stepped back: the track ascends, the raw log keeps every pose
        self._track_at_s = pose.time_s
        speed_m_s = math.hypot(event.velocity_north_m_s, event.velocity_east_m_s)
        place = (pose.time_s, pose.lat_deg, pose.lon_deg, pose.height_home_m)
        gathered.records.append(TrackRow(*place, pose.height_agl_m, pose.yaw_deg, speed_m_s))
        gathered.track.append(LivePoint(*place, pose.yaw_deg))

    def _gas(self, event: GasReported, placed: PlacedReading, gathered: Gathered) -> None:
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        if self._check is not None and self._check.concerns(event.component, placed.reading.quantity):
            self._check.take(placed.reading)
            # What is measured is gas of a bottle, not the air of the place.
            placed = replace(placed, reading=replace(placed.reading, status=Status.CALIBRATION))
        gathered.placed = placed
        rows = rows_of(seq, event, placed, simulated=self._simulated, place_needed=self._place_needed)
        gathered.records += rows
        if placed.placed:
            gathered.readings.append(live_of(seq, event.component, placed))
        inlet = self._sampling.inlet(event.component)
        gathered.follows += self._board.after(placed.reading, event.component, profile=inlet.profile)


def _clock_moved(change: ClockChanged, at: Stamp) -> ClockMoved:
    text = change.text()
    return ClockMoved(at, change.clock, change.change.value, change.by, text.zh, text.en)


def _journal_row(event: Event) -> JournalRow:
    """The event's own fields as JSON values; its stamp is the journal entry's time."""
    body = {name: value for name, value in asdict(event).items() if name != "at"}
    return JournalRow(event.at.unix_s, type(event).__name__, body)
