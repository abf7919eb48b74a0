"""What became of the link, of commands, of the plan and of the record."""

from dataclasses import dataclass
from enum import StrEnum

from dronesampler.events.root import Event


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
