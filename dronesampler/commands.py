"""What the operator asks for, in the imperative: frozen values with an expiry. The answer is an Event."""

from dataclasses import dataclass

from dronesampler.mission import Mission


@dataclass(frozen=True, slots=True)
class Intent:
    """The root of all intents. `id` is unique in a session; past `expires_s` (monotonic) it is not sent any more."""

    id: int
    expires_s: float
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Upload(Intent):
    mission: Mission | None = None


@dataclass(frozen=True, slots=True)
class CancelUpload(Intent):
    """Stop the upload that runs, and put back what was on board before."""


@dataclass(frozen=True, slots=True)
class Arm(Intent):
    pass


@dataclass(frozen=True, slots=True)
class Start(Intent):
    """Start the mission on board; takes off where the mission says so."""


@dataclass(frozen=True, slots=True)
class Pause(Intent):
    """Hold position and height now."""


@dataclass(frozen=True, slots=True)
class Continue(Intent):
    """Go on with the mission."""


@dataclass(frozen=True, slots=True)
class ReturnHome(Intent):
    pass


@dataclass(frozen=True, slots=True)
class SmartReturn(Intent):
    """Return the way it came, where the stack remembers it."""


@dataclass(frozen=True, slots=True)
class Land(Intent):
    pass


@dataclass(frozen=True, slots=True)
class ChangeHeight(Intent):
    """One absolute target, metres above home: a relative step is resolved before it becomes an intent."""

    height_home_m: float = 0.0


@dataclass(frozen=True, slots=True)
class GoTo(Intent):
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    height_home_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Orbit(Intent):
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    height_home_m: float = 0.0
    radius_m: float = 20.0


@dataclass(frozen=True, slots=True)
class LookAt(Intent):
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    height_home_m: float = 0.0


@dataclass(frozen=True, slots=True)
class SetSpeed(Intent):
    speed_m_s: float = 5.0


@dataclass(frozen=True, slots=True)
class SwitchSampler(Intent):
    """Pump or valve by relay or servo output."""

    output: int = 0
    relay: bool = True
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class EnableFence(Intent):
    """Switch the fence on board on: storing one does not, where the stack has a switch."""


@dataclass(frozen=True, slots=True)
class Photograph(Intent):
    pass


@dataclass(frozen=True, slots=True)
class StopMotors(Intent):
    """Never beside Pause, two steps, and only on the ground or as a last resort."""


@dataclass(frozen=True, slots=True)
class MarkSighting(Intent):
    """What the officer saw, now and here."""

    note: str = ""
    bearing_deg: float | None = None
    photo: str = ""


@dataclass(frozen=True, slots=True)
class TickItem(Intent):
    """A hand-ticked item of the preflight was looked at by `operator`."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class OverrideItem(Intent):
    """`operator` lets an item of the preflight pass for a written reason, which goes on record."""

    key: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Brief(Intent):
    """Figures that only the office knows, for the preflight; None leaves one as it was."""

    energy_needed_percent: float | None = None
    tallest_obstacle_m: float | None = None
    approval_number: str | None = None


@dataclass(frozen=True, slots=True)
class Finish(Intent):
    """End the session in an orderly way: refused while armed."""


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarm(Intent):
    """`operator` has seen an alarm; an empty key acknowledges all that stand."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class BeginCheck(Intent):
    """A zero or span check of one quantity of an instrument: the gas is on now; `operator` answers for it.

    `component` is the instrument's port or MAVLink component; empty where only one instrument gives the quantity.
    """

    gas: str = "zero"  # or "span"
    quantity: str = ""
    component: str = ""
    certified_mg_m3: float = 0.0
    cylinder: str = ""
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class AbortCheck(Intent):
    """Stop the check that runs: nothing is concluded from it."""


@dataclass(frozen=True, slots=True)
class ArmFilling(Intent):
    """Let the valve of a pump or canister open by itself at the axis of a plume: given on the ground only.

    `vessels` are filled in this order, `seconds` each; without any it is called off. The values are SwitchSampler's.
    """

    vessels: tuple[str, ...] = ()
    seconds: float = 60.0
    output: int = 0
    relay: bool = True
    open_value: float = 1.0
    shut_value: float = 0.0
    quantity: str = ""  # that the rule follows; "" for the first that is heard
    least_excess_mg_m3: float = 0.0
