"""What happened, in the past tense: frozen values, each stamped once on arrival."""

from dataclasses import dataclass
from enum import StrEnum

from dronesampler.geo import Place


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something arrived: this program's monotonic and wall time, and the vehicle's boot time where known."""

    monotonic_s: float
    unix_s: float
    boot_s: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """The root of all events."""

    at: Stamp


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
class GasReported(Event):
    """A named value from a payload, in whatever unit it comes; the sampler room knows what it means.

    `component` is "system/component" as text for MAVLink, the port's name for others. `raw` is the frame as received.
    """

    component: str
    name: str
    value: float
    instrument_s: float | None = None  # the instrument's own clock, seconds
    sequence: int | None = None
    status: int | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class AirReported(Event):
    """Ambient pressure, temperature and humidity from the vehicle or payload."""

    component: str
    pressure_hpa: float | None
    temperature_c: float | None
    humidity_percent: float | None


@dataclass(frozen=True, slots=True)
class LinkLost(Event):
    """No heartbeat for the stated time."""

    silent_s: float


@dataclass(frozen=True, slots=True)
class LinkBack(Event):
    """Heartbeats again."""

    silent_s: float


class Stage(StrEnum):
    """How far a command has come: an ACK is a promise, only the vehicle's state is proof."""

    COMMANDED = "commanded"
    ACCEPTED = "accepted"
    OBSERVED = "observed"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class CommandProgressed(Event):
    """A command of ours reached a stage; `words` are the autopilot's own where it refused."""

    name: str
    command_id: int
    stage: Stage
    words: str = ""


@dataclass(frozen=True, slots=True)
class RecorderFailed(Event):
    """The recorder could not write: the flight must answer this."""

    reason: str


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


@dataclass(frozen=True, slots=True)
class LinkMeasured(Event):
    """Quality of the link: part of frames lost by sequence numbers, radio signal where a radio tells it."""

    loss: float
    rssi: int | None = None
    remote_rssi: int | None = None


@dataclass(frozen=True, slots=True)
class PlanStored(Event):
    """A plan is on board, proven by reading it back. `items` counts the route's."""

    items: int
    mission_id: int = 0


@dataclass(frozen=True, slots=True)
class PreflightPassed(Event):
    """Every item of the preflight is good, ticked, or overridden with a reason."""

    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitReached(Event):
    """A limit that was armed at preflight asks for something: `action` is pause, return or land."""

    rule: str
    action: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RecorderRecovered(Event):
    """The recorder writes again; what it could not write in between was kept and is written now."""


class TrafficSource(StrEnum):
    """By what another aircraft makes itself known."""

    ADSB = "ADS-B"
    REMOTE_ID = "Remote ID"


@dataclass(frozen=True, slots=True)
class TrafficSeen(Event):
    """Another aircraft, as its own transmitter tells it. None where it does not tell.

    `key` is the same for all that one aircraft says, `name` what people call it. `height_sea_m` may be a pressure
    height. `age_s` is how old the position was when it arrived.
    """

    source: TrafficSource
    key: str
    name: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None
    height_sea_m: float | None = None
    track_deg: float | None = None
    speed_m_s: float | None = None
    climb_m_s: float | None = None
    age_s: float = 0.0
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class AlarmChanged(Event):
    """An alarm of a live value was raised, got worse, was acknowledged by `who`, or cleared.

    `kind`, `level` and `change` are the values of sampler.alarms' enumerations; `value` and `limit` are in `unit`.
    """

    key: str
    kind: str
    level: str
    change: str
    instrument: str
    component: str
    quantity: str
    value: float
    limit: float
    unit: str
    zh: str
    en: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentLost(Event):
    """The port of an instrument is gone; it is tried again."""

    instrument: str
    link: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class InstrumentBack(Event):
    """The port of an instrument is open (again)."""

    instrument: str
    link: str


@dataclass(frozen=True, slots=True)
class ClockMoved(Event):
    """A clock stepped, began anew or drifts; `by` is seconds, for a drift parts per million."""

    clock: str
    change: str
    by: float
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RoundTripMeasured(Event):
    """TIMESYNC: the vehicle's boot clock between sending and receiving, both in wall time of ours (unix s)."""

    sent_unix_s: float
    vehicle_boot_s: float
    received_unix_s: float


@dataclass(frozen=True, slots=True)
class InstrumentChecked(Event):
    """A zero or span check came to its end; `read_mg_m3` is None where nothing could be concluded."""

    instrument: str
    component: str
    quantity: str
    gas: str
    read_mg_m3: float | None
    certified_mg_m3: float
    zh: str
    en: str
