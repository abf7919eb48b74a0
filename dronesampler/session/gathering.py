"""From events to records: readings placed where their air was, the track, the wind, and what goes into the journal."""

import math
from collections import deque
from dataclasses import asdict, dataclass, field

from dronesampler.events import (
    AirReported,
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
    TextSaid,
    Turned,
    VehicleIdentified,
    WindEstimated,
)
from dronesampler.geo import Place
from dronesampler.sampler.place import PlacedReading, TrackSample, place
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Intake, Reading
from dronesampler.session.feed import LivePoint, LiveReading
from dronesampler.store.records import JournalRow, PlacedRow, ReadingRow, Record, TrackRow, WindRow

POSES_KEPT_S = 120.0
PLACING_PATIENCE_S = 3.0  # how long a reading waits for the pose after its air's time before it is placed without
TRACK_APART_S = 0.2

# What the journal remembers: what was said, asked and lost; not the streams, which the raw log holds in full.
_JOURNALED = (
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
    """What one event came to: records for the recorder and samples for the windows."""

    records: list[Record] = field(default_factory=list)
    readings: list[LiveReading] = field(default_factory=list)
    track: list[LivePoint] = field(default_factory=list)


class Gatherer:
    """Owned by the session's thread. Ground is taken as level with home where no terrain is known."""

    def __init__(self, profile: Profile, *, simulated: bool) -> None:
        self._intake = Intake(profile)
        self._profile = profile
        self._simulated = simulated
        self._poses: deque[TrackSample] = deque()
        self._attitude: Turned | None = None
        self._home: Place | None = None
        self._waiting: deque[tuple[int, Reading]] = deque()
        self._next_seq = 0
        self._track_at_s = -math.inf

    def after(self, event: Event) -> Gathered:
        """What this event adds."""
        gathered = Gathered()
        match event:
            case Moved():
                self._moved(event, gathered)
            case Turned():
                self._attitude = event
            case AirReported():
                self._intake.temperature_c = event.temperature_c or self._intake.temperature_c
                self._intake.pressure_hpa = event.pressure_hpa or self._intake.pressure_hpa
            case GasReported():
                self._gas(event, gathered)
            case WindEstimated():
                height = event.height_home_m if event.height_home_m is not None else self._height_m()
                gathered.records.append(WindRow(event.at.unix_s, event.from_deg, event.speed_m_s, height, event.source))
            case HomeMoved() if event.home != self._home:
                self._home = event.home
                gathered.records.append(_journal_row(event))
            case _ if isinstance(event, _JOURNALED):
                gathered.records.append(_journal_row(event))
        self._place_waiting(event.at.unix_s, gathered)
        return gathered

    def _height_m(self) -> float:
        return self._poses[-1].height_home_m if self._poses else math.nan

    def _moved(self, event: Moved, gathered: Gathered) -> None:
        pose = TrackSample(
            time_s=event.at.unix_s,
            lat_deg=event.lat_deg,
            lon_deg=event.lon_deg,
            height_home_m=event.height_home_m,
            height_agl_m=event.height_home_m,
            roll_deg=self._attitude.roll_deg if self._attitude else 0.0,
            pitch_deg=self._attitude.pitch_deg if self._attitude else 0.0,
            yaw_deg=_heading_deg(event, self._attitude),
            north_m_s=event.velocity_north_m_s,
            east_m_s=event.velocity_east_m_s,
            up_m_s=-event.velocity_down_m_s,
        )
        if self._poses and pose.time_s <= self._poses[-1].time_s:
            return  # the wall clock stepped back: poses must ascend, the raw log keeps this one
        self._poses.append(pose)
        while pose.time_s - self._poses[0].time_s > POSES_KEPT_S:
            self._poses.popleft()
        if pose.time_s - self._track_at_s >= TRACK_APART_S:
            self._track_at_s = pose.time_s
            speed_m_s = math.hypot(event.velocity_north_m_s, event.velocity_east_m_s)
            gathered.records.append(
                TrackRow(
                    pose.time_s,
                    pose.lat_deg,
                    pose.lon_deg,
                    pose.height_home_m,
                    pose.height_agl_m,
                    pose.yaw_deg,
                    speed_m_s,
                )
            )
            gathered.track.append(LivePoint(pose.time_s, pose.lat_deg, pose.lon_deg, pose.height_home_m, pose.yaw_deg))

    def _gas(self, event: GasReported, gathered: Gathered) -> None:
        reading = self._intake.after(event)
        if reading is None:
            return
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        gathered.records.append(_raw_row(seq, event, reading=reading, simulated=self._simulated))
        self._waiting.append((seq, reading))

    def _place_waiting(self, now_s: float, gathered: Gathered) -> None:
        """Place the readings whose air's time the poses now reach; after some patience also the others."""
        while self._waiting:
            seq, reading = self._waiting[0]
            last_pose_s = self._poses[-1].time_s if self._poses else -math.inf
            entered_s = reading.at.unix_s - self._profile.delay_s
            if last_pose_s < entered_s and now_s - reading.at.unix_s < PLACING_PATIENCE_S:
                return
            self._waiting.popleft()
            placed = place(reading, self._poses, self._profile)
            gathered.records.append(_placed_row(seq, placed))
            if placed.placed:
                gathered.readings.append(_live(seq, placed))


def _heading_deg(event: Moved, attitude: Turned | None) -> float:
    if event.heading_deg is not None:
        return event.heading_deg
    return attitude.yaw_deg % 360.0 if attitude else math.nan


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


def _journal_row(event: Event) -> JournalRow:
    """The event's own fields as JSON values; its stamp is the journal entry's time."""
    body = {name: value for name, value in asdict(event).items() if name != "at"}
    return JournalRow(event.at.unix_s, type(event).__name__, body)
