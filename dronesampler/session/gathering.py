"""From events to records: readings placed where their air was, the track, the wind, and what goes into the journal."""

import math
from dataclasses import asdict, dataclass, field

from dronesampler.events import (
    AlarmChanged,
    ClockMoved,
    CommandProgressed,
    Event,
    GasReported,
    HomeMoved,
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
from dronesampler.sampler.alarms import Alarm, AlarmBoard
from dronesampler.sampler.clocks import STEP_S, ClockChanged
from dronesampler.sampler.gauges import Gauge
from dronesampler.sampler.live import Sampling
from dronesampler.sampler.place import PlacedReading
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Reading
from dronesampler.session.feed import LivePoint, LiveReading
from dronesampler.store.records import JournalRow, PlacedRow, ReadingRow, Record, TrackRow, WindRow

TRACK_APART_S = 0.2

# What the journal remembers: what was said, asked and lost; not the streams, which the raw log holds in full.
_JOURNALED = (
    AlarmChanged,
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


class Gatherer:
    """Owned by the session's thread. Ground is taken as level with home where no terrain is known.

    `haste` is the clock's factor: where patrol time runs faster than the wall, a computer's short stall is a long one
    in it, and must not be taken for a clock that was set.
    """

    def __init__(self, profile: Profile, *, simulated: bool, haste: float = 1.0) -> None:
        self._sampling = Sampling(profile, step_s=STEP_S * max(haste, 1.0))
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
                self._gas(event, sampled.reading, gathered)
                reading, profile = sampled.reading.reading, self._sampling.profile
                gathered.follows += self._board.after(reading, event.component, profile=profile)
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
        gathered.records.append(_raw_row(seq, event, reading=placed.reading, simulated=self._simulated))
        gathered.records.append(_placed_row(seq, placed))
        if placed.placed:
            gathered.readings.append(_live(seq, placed))


def _raw_row(seq: int, event: GasReported, *, reading: Reading, simulated: bool) -> ReadingRow:
    return ReadingRow(
        seq=seq,
        instrument=reading.instrument,
        quantity=reading.quantity,
        raw_value=reading.value if math.isfinite(reading.value) else None,
        unit=str(reading.unit),
        arrival_unix_us=round(event.at.unix_s * 1e6),
        arrival_monotonic_ns=round(event.at.monotonic_s * 1e9),
        component=event.component,
        instrument_seq=reading.sequence,
        instrument_unix_s=reading.instrument_s,
        boot_s=event.at.boot_s,
        raw=event.raw,
        simulated=simulated,
    )


def _placed_row(seq: int, placed: PlacedReading) -> PlacedRow:
    flags = [] if placed.reading.ok else [str(placed.reading.status)]
    if not placed.placed:
        flags.append("no-pose")
    return PlacedRow(
        seq=seq,
        time_s=placed.time_s,
        lat_deg=placed.lat_deg,
        lon_deg=placed.lon_deg,
        height_agl_m=placed.height_agl_m,
        value_mg_m3=placed.reading.value_mg_m3,
        height_home_m=placed.height_home_m,
        position_error_m=placed.position_error_m,
        ok=placed.reading.ok and placed.placed,
        flags=" ".join(flags),
    )


def _live(seq: int, placed: PlacedReading) -> LiveReading:
    return LiveReading(
        seq=seq,
        unix_s=placed.time_s,
        lat_deg=placed.lat_deg,
        lon_deg=placed.lon_deg,
        height_agl_m=placed.height_agl_m,
        value_mg_m3=placed.reading.value_mg_m3,
        quantity=placed.reading.quantity,
        ok=placed.reading.ok,
    )


def _clock_moved(change: ClockChanged, at: Stamp) -> ClockMoved:
    text = change.text()
    return ClockMoved(at, change.clock, change.change.value, change.by, text.zh, text.en)


def _journal_row(event: Event) -> JournalRow:
    """The event's own fields as JSON values; its stamp is the journal entry's time."""
    body = {name: value for name, value in asdict(event).items() if name != "at"}
    return JournalRow(event.at.unix_s, type(event).__name__, body)
