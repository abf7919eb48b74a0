"""What a live session tells its windows: frozen values, the small ones latest-wins, the precious ones in full."""

from dataclasses import dataclass

from dronesampler.commands import Intent
from dronesampler.events import Event
from dronesampler.flight.preflight import CheckItem
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mission import Mission
from dronesampler.problems import Problem


@dataclass(frozen=True, slots=True)
class LiveReading:
    """One reading as it is shown: placed where its air entered the inlet, mg/m3."""

    seq: int
    unix_s: float
    lat_deg: float
    lon_deg: float
    height_agl_m: float
    value_mg_m3: float
    quantity: str
    ok: bool


@dataclass(frozen=True, slots=True)
class LivePoint:
    """One point of the aircraft's track."""

    unix_s: float
    lat_deg: float
    lon_deg: float
    height_home_m: float
    heading_deg: float


@dataclass(frozen=True, slots=True)
class Hello:
    """First word to a window that attaches: which patrol, and what happened before it came."""

    patrol: str  # uuid
    data_dir: str
    simulated: bool
    clock_factor: float
    mission: Mission | None
    readings: tuple[LiveReading, ...]
    track: tuple[LivePoint, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state now; a newer one replaces it. `silent_s` is the time since the last heartbeat, None before the first.

    `acknowledged` of `recorded` records are safe on disk. `safe_s` is how long the operator's windows may all be gone
    before the session stops its own heartbeats.
    """

    unix_s: float
    monotonic_s: float
    phase: str
    vehicle: Vehicle
    silent_s: float | None
    lost: bool
    recorded: int
    acknowledged: int
    recorder_error: str
    alone_s: float
    disk_minutes: float | None = None
    preflight: tuple[Problem, ...] = ()  # what stands against arming
    checklist: tuple[CheckItem, ...] = ()  # every item of the preflight


@dataclass(frozen=True, slots=True)
class Samples:
    """New readings and track points, each told once."""

    readings: tuple[LiveReading, ...]
    track: tuple[LivePoint, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """Events worth telling: texts, command stages, link lost and back, recorder failures."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class PlanHeld:
    """What the vehicle holds now, as read back; None when nothing is known to be on board."""

    mission: Mission | None


@dataclass(frozen=True, slots=True)
class Suspects:
    """The latest analysis of the flight so far, as `Analysis.as_json` gives it."""

    analysis: dict[str, object]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The session ends."""

    reason: str


Told = Hello | Snapshot | Samples | Happened | PlanHeld | Suspects | Goodbye


@dataclass(frozen=True, slots=True)
class Alive:
    """A window says once a second that an operator's screen is there."""


Asked = Intent | Alive
