"""The vehicle as a frozen value: what it told last, and since when. One line of the session replaces it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from dronesampler.events import (
    Autopilot,
    BatteryReported,
    ClockCompared,
    EstimatorReported,
    Event,
    FenceReported,
    GnssReported,
    HeartbeatSeen,
    HomeMoved,
    ItemReached,
    LandedReported,
    LinkBack,
    LinkLost,
    LinkMeasured,
    MissionProgressed,
    MissionState,
    ModeIntended,
    Moved,
    OutputsMoved,
    ParameterRead,
    ReadinessReported,
    TextSaid,
    Turned,
    VehicleIdentified,
    WindEstimated,
)
from dronesampler.flight.modes import Doing, doing_in
from dronesampler.geo import HeightReference, Place
from dronesampler.geo.local import distance_m

WORDS_KEPT = 20
IN_AIR_M = 0.5  # where the vehicle does not tell whether it has landed


@dataclass(frozen=True, slots=True)
class Vehicle:
    """All that is known of one vehicle. Times are monotonic seconds of the session's clock; None is "not told yet"."""

    system_id: int | None = None
    autopilot: Autopilot = Autopilot.OTHER
    firmware: str = ""
    unique_id: str = ""
    capabilities: int = 0
    connected: bool = False
    heartbeat_s: float | None = None
    armed: bool = False
    armed_since_s: float | None = None
    mode: str = ""
    mode_since_s: float | None = None
    intended_mode: str = ""
    failsafe: bool = False
    in_air_told: bool | None = None
    position: Moved | None = None
    attitude: Turned | None = None
    gnss: GnssReported | None = None
    estimator: EstimatorReported | None = None
    battery: BatteryReported | None = None
    wind: WindEstimated | None = None
    home: Place | None = None
    mission: MissionProgressed | None = None
    reached: tuple[int, ...] = ()
    readiness: ReadinessReported | None = None
    fence_breached: bool = False
    link: LinkMeasured | None = None
    outputs_us: tuple[int, ...] = ()
    clock_offset_s: float | None = None  # the vehicle's UTC minus ours
    words: tuple[TextSaid, ...] = ()
    parameters: dict[str, float] = field(default_factory=dict)

    def after(self, event: Event) -> "Vehicle":
        """The vehicle after an event. Events that tell nothing of it leave it as it is."""
        change = _CHANGES.get(type(event))
        return change(self, event) if change else self

    @property
    def doing(self) -> Doing:
        return doing_in(self.autopilot, self.mode)

    @property
    def in_air(self) -> bool:
        """Flying, as told by the vehicle, else judged by arming and height."""
        if self.in_air_told is not None:
            return self.in_air_told
        return self.armed and self.height_home_m is not None and self.height_home_m > IN_AIR_M

    @property
    def height_home_m(self) -> float | None:
        return self.position.height_home_m if self.position else None

    @property
    def speed_m_s(self) -> float | None:
        """Over the ground."""
        p = self.position
        return (p.velocity_north_m_s**2 + p.velocity_east_m_s**2) ** 0.5 if p else None

    @property
    def home_distance_m(self) -> float | None:
        if self.position is None or self.home is None:
            return None
        return distance_m(self.position.lat_deg, self.position.lon_deg, self.home.lat_deg, self.home.lon_deg)

    @property
    def home_height_sea_m(self) -> float | None:
        """Home above mean sea level, from home itself or from the two heights of the position."""
        if self.home is not None and self.home.reference is HeightReference.SEA:
            return self.home.height_m
        return self.position.height_sea_m - self.position.height_home_m if self.position else None

    @property
    def recovering(self) -> bool:
        """A failsafe, return or landing is going on: nothing automatic may command a mode now."""
        return self.failsafe or (self.armed and self.doing in (Doing.RETURNING, Doing.LANDING))

    @property
    def pilot_has_it(self) -> bool:
        """Armed and in a mode that the sticks fly."""
        return self.armed and self.doing is Doing.PILOT


def _heartbeat(v: Vehicle, e: HeartbeatSeen) -> Vehicle:
    now_s = e.at.monotonic_s
    return replace(
        v,
        system_id=e.system_id,
        autopilot=e.autopilot,
        connected=True,
        heartbeat_s=now_s,
        armed=e.armed,
        armed_since_s=(v.armed_since_s if v.armed else now_s) if e.armed else None,
        mode=e.mode,
        mode_since_s=v.mode_since_s if e.mode == v.mode else now_s,
        failsafe=e.failsafe,
        reached=v.reached if v.armed or not e.armed else (),
    )


def _identified(v: Vehicle, e: VehicleIdentified) -> Vehicle:
    return replace(v, firmware=e.firmware, unique_id=e.unique_id, capabilities=e.capabilities)


def _battery(v: Vehicle, e: BatteryReported) -> Vehicle:
    """A message without a figure does not wipe the figure of another one."""
    old = v.battery
    if old is None:
        return replace(v, battery=e)
    merged = replace(
        e,
        voltage_v=e.voltage_v if e.voltage_v is not None else old.voltage_v,
        current_a=e.current_a if e.current_a is not None else old.current_a,
        remaining_percent=e.remaining_percent if e.remaining_percent is not None else old.remaining_percent,
        consumed_mah=e.consumed_mah if e.consumed_mah is not None else old.consumed_mah,
    )
    return replace(v, battery=merged)


def _progressed(v: Vehicle, e: MissionProgressed) -> Vehicle:
    if e.state is MissionState.UNKNOWN and v.armed and v.doing is Doing.MISSION:
        # PX4 never tells its mission's state; its mode does.
        e = replace(e, state=MissionState.ACTIVE)
    return replace(v, mission=e)


def _reached(v: Vehicle, e: ItemReached) -> Vehicle:
    return v if e.item in v.reached else replace(v, reached=(*v.reached, e.item))


def _said(v: Vehicle, e: TextSaid) -> Vehicle:
    return replace(v, words=(*v.words[-(WORDS_KEPT - 1) :], e))


def _parameter(v: Vehicle, e: ParameterRead) -> Vehicle:
    return replace(v, parameters={**v.parameters, e.name: e.value})


_CHANGES: dict[type, Callable[[Vehicle, Any], Vehicle]] = {
    HeartbeatSeen: _heartbeat,
    VehicleIdentified: _identified,
    BatteryReported: _battery,
    MissionProgressed: _progressed,
    ItemReached: _reached,
    TextSaid: _said,
    ParameterRead: _parameter,
    Moved: lambda v, e: replace(v, position=e),
    Turned: lambda v, e: replace(v, attitude=e),
    GnssReported: lambda v, e: replace(v, gnss=e),
    EstimatorReported: lambda v, e: replace(v, estimator=e),
    WindEstimated: lambda v, e: replace(v, wind=e),
    HomeMoved: lambda v, e: replace(v, home=e.home),
    LandedReported: lambda v, e: replace(v, in_air_told=e.in_air),
    ReadinessReported: lambda v, e: replace(v, readiness=e),
    FenceReported: lambda v, e: replace(v, fence_breached=e.breached),
    LinkMeasured: lambda v, e: replace(v, link=e),
    OutputsMoved: lambda v, e: replace(v, outputs_us=e.pwm_us),
    ModeIntended: lambda v, e: replace(v, intended_mode=e.mode),
    ClockCompared: lambda v, e: replace(v, clock_offset_s=e.vehicle_unix_s - e.at.unix_s),
    LinkLost: lambda v, _: replace(v, connected=False),
    LinkBack: lambda v, _: replace(v, connected=True),
}
