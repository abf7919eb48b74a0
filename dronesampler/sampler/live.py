"""The sampler in flight: events in, placed readings and clock changes out; no thread, port or timer of its own."""

from bisect import insort
from collections import deque
from dataclasses import dataclass, replace

from dronesampler.events import AirReported, ClockCompared, Event, GasReported, Moved, Stamp, Turned
from dronesampler.sampler.clocks import STEP_S, Change, ClockChanged, ClockMap, WallClockWatch
from dronesampler.sampler.place import PlacedReading, TrackSample, place
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Intake, Reading

_KEPT_S = 120.0
_BARELY_KNOWN_S = 0.5  # a clock map worse than this places no better than the arrival


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one event came to."""

    reading: PlacedReading | None = None
    changes: tuple[ClockChanged, ...] = ()


class Sampling:
    """Joins poses and readings of one instrument on one clock. Owned by the session's thread.

    Poses and readings are put on our unix clock by the time they carry, not by when the link let them through, so a
    jittering link does not smear the place. `ground_m` is the height of the ground below over home, where known.
    """

    def __init__(self, profile: Profile, *, ground_m: float = 0.0, step_s: float = STEP_S) -> None:
        self.profile = profile
        self.ground_m = ground_m
        self._step_s = step_s
        self.vehicle_clock = ClockMap("vehicle", step_s=step_s)
        self.gnss_clock = ClockMap("gnss", step_s=step_s)
        self.instrument_clocks: dict[str, ClockMap] = {}
        self._intake = Intake(profile)
        self._wall = WallClockWatch()
        self._poses: deque[TrackSample] = deque()
        self._turned: Turned | None = None
        self._gnss_last_s: float | None = None

    def after(self, event: Event) -> Sampled:
        """Take one event. Order of arrival is all that is asked."""
        stepped = self._wall.at(event.at.monotonic_s, event.at.unix_s)
        changes: tuple[ClockChanged, ...] = (stepped,) if stepped else ()
        if isinstance(event, Moved):
            return Sampled(changes=changes + self._moved(event))
        if isinstance(event, Turned):
            self._turned = event
        elif isinstance(event, AirReported):
            self._breathed(event)
        elif isinstance(event, ClockCompared):
            self._gnss_last_s = event.vehicle_unix_s
            changes += self.gnss_clock.arrived(event.vehicle_unix_s, event.at.unix_s)
        elif isinstance(event, GasReported):
            placed, more = self._sampled(event)
            return Sampled(placed, changes + more)
        return Sampled(changes=changes)

    @property
    def computer_ahead_s(self) -> float | None:
        """By how much this computer's wall clock is ahead of GNSS time, the link's least delay included; None while
        the vehicle has not told its UTC. `gnss_clock.uncertainty_s` goes with it."""
        last = self._gnss_last_s
        ours_s = None if last is None else self.gnss_clock.to_ours(last)
        return None if ours_s is None or last is None else ours_s - last

    @property
    def poses(self) -> tuple[TrackSample, ...]:
        """The poses of the last two minutes on our clock."""
        return tuple(self._poses)

    @property
    def last_pose(self) -> TrackSample | None:
        """The latest pose on our clock."""
        return self._poses[-1] if self._poses else None

    def _moved(self, event: Moved) -> tuple[ClockChanged, ...]:
        time_s, changes = self._on_our_clock(self.vehicle_clock, event.at, event.at.boot_s)
        pose = TrackSample(
            time_s=time_s,
            lat_deg=event.lat_deg,
            lon_deg=event.lon_deg,
            height_home_m=event.height_home_m,
            height_agl_m=event.height_home_m - self.ground_m,
            roll_deg=self._turned.roll_deg if self._turned else 0.0,
            pitch_deg=self._turned.pitch_deg if self._turned else 0.0,
            yaw_deg=self._yaw_deg(event),
            north_m_s=event.velocity_north_m_s,
            east_m_s=event.velocity_east_m_s,
            up_m_s=-event.velocity_down_m_s,
        )
        if any(change.change is not Change.DRIFT for change in changes):
            self._poses.clear()  # poses on both sides of a step do not belong on one track
        insort(self._poses, pose, key=lambda p: p.time_s)
        while self._poses[0].time_s < self._poses[-1].time_s - _KEPT_S:
            self._poses.popleft()
        return changes

    def _yaw_deg(self, event: Moved) -> float:
        if self._turned is not None:
            return self._turned.yaw_deg % 360.0
        return float("nan") if event.heading_deg is None else event.heading_deg

    def _breathed(self, event: AirReported) -> None:
        if event.temperature_c is not None and -60.0 < event.temperature_c < 80.0:
            self._intake.temperature_c = event.temperature_c
        if event.pressure_hpa is not None and 300.0 < event.pressure_hpa < 1100.0:
            self._intake.pressure_hpa = event.pressure_hpa

    def _sampled(self, event: GasReported) -> tuple[PlacedReading | None, tuple[ClockChanged, ...]]:
        reading = self._intake.after(event)
        if reading is None:
            return None, ()
        changes: tuple[ClockChanged, ...] = ()
        if reading.instrument_s is not None:
            # A frame tells the instrument's unix time, a named value the payload's boot time: two clocks.
            name = f"instrument {event.component}" if reading.full else f"payload {event.component}"
            clock = self.instrument_clocks.setdefault(name, ClockMap(name, step_s=self._step_s))
            measured_s, changes = self._on_our_clock(clock, event.at, reading.instrument_s)
            reading = replace(reading, measured_unix_s=measured_s)
        return self._placed(reading), changes

    def _placed(self, reading: Reading) -> PlacedReading:
        return place(reading, self._poses, self.profile)

    @staticmethod
    def _on_our_clock(clock: ClockMap, at: Stamp, foreign_s: float | None) -> tuple[float, tuple[ClockChanged, ...]]:
        if foreign_s is None:
            return at.unix_s, ()
        changes = clock.arrived(foreign_s, at.unix_s)
        ours_s = clock.to_ours(foreign_s)
        if ours_s is None or clock.uncertainty_s > _BARELY_KNOWN_S:
            return at.unix_s, changes
        return ours_s, changes
