"""What the vehicle told of itself."""

from dataclasses import dataclass
from enum import StrEnum

from dronesampler.events.root import Event
from dronesampler.geo import Place


class Autopilot(StrEnum):
    """The flight stacks that dronesampler flies."""

    ARDUPILOT = "ardupilot"
    PX4 = "px4"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HeartbeatSeen(Event):
    """The vehicle's own heartbeat. `mode` is the stack's name for it (GUIDED, AUTO.MISSION, ...)."""

    system_id: int
    component_id: int
    autopilot: Autopilot
    armed: bool
    mode: str
    failsafe: bool  # system status CRITICAL or EMERGENCY


@dataclass(frozen=True, slots=True)
class VehicleIdentified(Event):
    """Who it is: firmware as words, unique id as hexadecimal text, capability bits."""

    firmware: str
    unique_id: str
    capabilities: int


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """Position by the vehicle's estimator."""

    lat_deg: float
    lon_deg: float
    height_home_m: float
    height_sea_m: float
    velocity_north_m_s: float
    velocity_east_m_s: float
    velocity_down_m_s: float
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Turned(Event):
    """Attitude, degrees."""

    roll_deg: float
    pitch_deg: float
    yaw_deg: float


@dataclass(frozen=True, slots=True)
class GnssReported(Event):
    """Fix type after GPS_FIX_TYPE (3 = 3D), satellites, horizontal dilution, accuracy where given."""

    fix_type: int
    satellites: int | None
    hdop: float | None
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class EstimatorReported(Event):
    """What the position estimator says of itself."""

    position_ok: bool
    velocity_ok: bool
    flags: int


@dataclass(frozen=True, slots=True)
class BatteryReported(Event):
    """Battery as the vehicle tells it."""

    voltage_v: float | None
    current_a: float | None
    remaining_percent: float | None
    consumed_mah: float | None


@dataclass(frozen=True, slots=True)
class WindEstimated(Event):
    """Wind the vehicle estimates, direction it comes FROM. None of this event is sent while nothing is estimated."""

    from_deg: float
    speed_m_s: float
    height_home_m: float | None
    source: str  # the message it came in


@dataclass(frozen=True, slots=True)
class HomeMoved(Event):
    """Home is here, height above mean sea level."""

    home: Place


@dataclass(frozen=True, slots=True)
class LandedReported(Event):
    """On the ground, or in the air."""

    in_air: bool


class MissionState(StrEnum):
    """MISSION_CURRENT.mission_state, named."""

    UNKNOWN = "unknown"
    NONE = "none"
    NOT_STARTED = "not started"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class MissionProgressed(Event):
    """The item now flown; `item` counts our plan's items (no home placeholder), -1 when at the placeholder."""

    item: int
    total: int | None
    state: MissionState
    mission_id: int
    fence_id: int
    rally_id: int


@dataclass(frozen=True, slots=True)
class ItemReached(Event):
    """An item was reached (counted as in the plan)."""

    item: int


@dataclass(frozen=True, slots=True)
class TextSaid(Event):
    """The autopilot's own words. `severity` after MAV_SEVERITY, 0 emergency to 7 debug."""

    severity: int
    text: str
    system_id: int
    component_id: int


@dataclass(frozen=True, slots=True)
class ClockCompared(Event):
    """The vehicle told its UTC: the offset of our wall clock to it can be estimated. `unix_s` is the vehicle's."""

    vehicle_unix_s: float


@dataclass(frozen=True, slots=True)
class ReadinessReported(Event):
    """What the autopilot says of its own checks: `ready` to arm in the present mode; None where it does not tell.

    `unhealthy` names sensors that are enabled and not healthy, after MAV_SYS_STATUS_SENSOR.
    """

    ready: bool | None
    fence_enabled: bool | None
    unhealthy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FenceReported(Event):
    """The vehicle's own fence watch (ArduPilot only)."""

    breached: bool


@dataclass(frozen=True, slots=True)
class ShotTaken(Event):
    """The camera was triggered, by the vehicle's own record."""

    index: int
    lat_deg: float
    lon_deg: float
    height_home_m: float


@dataclass(frozen=True, slots=True)
class OutputsMoved(Event):
    """Servo outputs in microseconds, output 1 first; 0 where not driven."""

    pwm_us: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModeIntended(Event):
    """The mode that was last commanded, where a failsafe has put the vehicle into another one (PX4)."""

    mode: str


@dataclass(frozen=True, slots=True)
class ParameterRead(Event):
    """A parameter of the vehicle, its value as a number whatever its encoding."""

    name: str
    value: float
    index: int
    total: int
