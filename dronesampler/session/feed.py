"""What a live session tells its windows: frozen values, the small ones latest-wins, the precious ones in full."""

from dataclasses import dataclass

from dronesampler.attribution.values import Suspect
from dronesampler.commands import Intent
from dronesampler.events import Event
from dronesampler.flight.preflight import CheckItem
from dronesampler.flight.traffic import Neighbour
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mission import Mission
from dronesampler.problems import Problem
from dronesampler.sampler.alarms import Alarm
from dronesampler.sampler.checking import CheckOrder
from dronesampler.sampler.gauges import Gauge
from dronesampler.sampler.live import ClockState
from dronesampler.session.instruments import PortHealth
from dronesampler.texts import Text


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
    instrument: str = ""
    component: str = ""  # its port, or "system/component"


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
    suspects: "Suspects | None" = None  # the latest before it came


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
    gauges: tuple[Gauge, ...] = ()  # the latest value of every quantity of every instrument, stale ones said so
    alarms: tuple[Alarm, ...] = ()  # what stands, the worst first; changes come as AlarmChanged in Happened
    clocks: tuple[ClockState, ...] = ()  # the vehicle's, GNSS's, the instruments': offset with its uncertainty
    instruments: tuple[PortHealth, ...] = ()  # those on ports of their own
    checking: CheckOrder | None = None  # the zero or span check that runs
    checking_left_s: float = 0.0
    traffic: tuple[Neighbour, ...] = ()  # other aircraft, the most pressing first


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
class ProposedLook:
    """Where to look next within the battery that is left, as a plan that may be uploaded while holding.

    In the air the mission begins where the aircraft is, without a take-off, and ends with the return. To take it over
    the pilot confirms and the window asks for `Upload` with `mission` (refused unless holding), then for `Start`.
    """

    number: int  # counts proposals; a newer one replaces it
    mission: Mission
    words: Text  # one sentence for the pilot: what it looks at, minutes, battery
    lines: int
    hovers: int
    length_m: float  # with the way there and home
    minutes: float
    battery_percent: float | None  # what it takes; None where nothing is known of the battery
    nats: float  # expected information


@dataclass(frozen=True, slots=True)
class Suspects:
    """The latest analysis of the flight so far; a newer one replaces it.

    `suspected` and `look_again` are as `Analysis` has them: place, ellipses, rate, verdict, evidence, lines, reasons.
    `words` is one sentence for the screen: how many there are, or why nothing can be said yet. With `trouble` the
    analysis of now failed or took too long: the rest is that of the last one that worked; the flight is not touched.
    """

    number: int  # counts analyses of this patrol
    unix_s: float  # of the newest reading in it
    readings: int
    suspected: tuple[Suspect, ...]
    look_again: tuple[Suspect, ...]
    words: Text
    look: ProposedLook | None = None  # None: no doubt that a look within this battery would shrink; `no_look` says why
    no_look: Text | None = None
    trouble: Text | None = None
    simulated: bool = False

    @property
    def analysis(self) -> dict[str, object]:
        """The places as `Analysis.as_json` has them, for what draws findings."""
        places = {"suspected": self.suspected, "look_again": self.look_again}
        return {name: [s.as_json() for s in found] for name, found in places.items()}


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The session ends."""

    reason: str


Told = Hello | Snapshot | Samples | Happened | PlanHeld | Suspects | Goodbye


@dataclass(frozen=True, slots=True)
class Alive:
    """A window says once a second that an operator's screen is there."""


Asked = Intent | Alive
