"""The sampler in flight: events in, placed readings and clock changes out; no thread, port or timer of its own."""

from bisect import insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dronesampler.events import AirReported, ClockCompared, Event, GasReported, Moved, RoundTripMeasured, Turned
from dronesampler.sampler.clocks import STEP_S, Change, ClockChanged, ClockMap, WallClockWatch
from dronesampler.sampler.conversion import Conversion
from dronesampler.sampler.inlet import Inlet, on_our_clock
from dronesampler.sampler.place import PlacedReading, TrackSample, place
from dronesampler.sampler.profile import Profile

NO_OTHERS: Mapping[str, Profile] = MappingProxyType({})
_KEPT_S = 120.0
_SAME_CLOCK_S = 30.0  # a TIMESYNC answer further from the boot clock of the poses is by another clock


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one event came to."""

    reading: PlacedReading | None = None
    changes: tuple[ClockChanged, ...] = ()
    conversion: Conversion | None = None  # what the reading was converted with, where that is new


@dataclass(frozen=True, slots=True)
class ClockState:
    """What is known of one foreign clock: ours = theirs + `offset_s`, ± `uncertainty_s` (one standard deviation)."""

    name: str
    offset_s: float | None
    uncertainty_s: float
    drift_ppm: float
    round_trip_s: float | None


class Sampling:
    """Joins poses and readings of any number of instruments on one clock. Owned by the session's thread.

    Poses and readings are put on our unix clock by the time they carry, not by when the link let them through, so a
    jittering link does not smear the place. `ground_m` is the height of the ground below over home, where known.
    `profile` is for what comes over MAVLink (or over the one port of a listener); `others` are instruments with a
    profile of their own, by the component their events name: a port, or "system/component".
    """

    def __init__(
        self,
        profile: Profile,
        *,
        ground_m: float = 0.0,
        step_s: float = STEP_S,
        others: Mapping[str, Profile] = NO_OTHERS,
    ) -> None:
        self.profile = profile
        self.ground_m = ground_m
        self._others = others
        self._step_s = step_s
        self.vehicle_clock = ClockMap("vehicle", step_s=step_s)
        self.gnss_clock = ClockMap("gnss", step_s=step_s, same_link=self.vehicle_clock)
        self.inlets: dict[str, Inlet] = {}
        self._air: AirReported | None = None
        self._own_air: set[str] = set()
        self._wall = WallClockWatch()
        self._poses: deque[TrackSample] = deque()
        self._turned: Turned | None = None
        self._gnss_last_s: float | None = None
        self._boot_s: float | None = None

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
        elif isinstance(event, RoundTripMeasured):
            self._answered(event)
        elif isinstance(event, GasReported):
            return self._sampled(event, changes)
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
        time_s, changes = on_our_clock(self.vehicle_clock, event.at, event.at.boot_s)
        self._boot_s = event.at.boot_s
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
        """An instrument's own air is its own; what the vehicle or another payload tells is everybody's else."""
        if self._port_of(event.component) in self._others:
            self.inlet(event.component).breathed(event)
            self._own_air.add(event.component)
            return
        self._air = event
        for component, inlet in self.inlets.items():
            if component not in self._own_air:
                inlet.breathed(event)

    def inlet(self, component: str) -> Inlet:
        """The instrument that speaks as that component; made when it is first heard."""
        found = self.inlets.get(component)
        if found is None:
            profile = self._others.get(self._port_of(component), self.profile)
            link_clock = self.vehicle_clock if _over_mavlink(component) else None
            found = Inlet(component, profile, step_s=self._step_s, link_clock=link_clock)
            self.inlets[component] = found
            if self._air is not None:
                found.breathed(self._air)
        return found

    def _port_of(self, component: str) -> str:
        """Several stations may speak on one port: their components are the port's name, a space and their own."""
        return component if component in self._others else component.partition(" ")[0]

    def _sampled(self, event: GasReported, changes: tuple[ClockChanged, ...]) -> Sampled:
        inlet = self.inlet(event.component)
        reading, more = inlet.sampled(event)
        if reading is None:
            return Sampled(changes=changes)
        placed = place(reading, self._poses, inlet.profile)
        return Sampled(placed, changes + more, inlet.conversion(reading))

    def _answered(self, event: RoundTripMeasured) -> None:
        boot_s = self._boot_s
        if boot_s is not None and abs(event.vehicle_boot_s - boot_s) < _SAME_CLOCK_S:
            self.vehicle_clock.answered(event.sent_unix_s, event.vehicle_boot_s, event.received_unix_s)

    @property
    def clocks(self) -> tuple[ClockState, ...]:
        """Every foreign clock that has been heard, with what is known of it."""
        maps = [self.vehicle_clock, self.gnss_clock, *(c for i in self.inlets.values() for c in i.clocks.values())]
        return tuple(
            ClockState(c.name, offset_s, c.uncertainty_s, c.drift_ppm, c.round_trip_s)
            for c in maps
            if (offset_s := c.offset_s) is not None
        )


def _over_mavlink(component: str) -> bool:
    """Whether a component's name is "system/component"."""
    system, slash, number = component.partition("/")
    return bool(slash) and system.isdecimal() and number.isdecimal()
