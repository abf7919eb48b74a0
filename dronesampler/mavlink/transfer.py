"""What all transfers share: who talks to whom, how they end, and what a driver sees of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from dronesampler.mavlink.dialect import (
    AUTOPILOT_COMPONENT,
    GROUND_COMPONENT,
    GROUND_SYSTEM,
    Draft,
    Message,
)
from dronesampler.mavlink.personality import Personality
from dronesampler.mavlink.px4_event_gaps import EventGaps
from dronesampler.mavlink.px4_events import event_words
from dronesampler.mavlink.wire import PlanKind, WireItem
from dronesampler.texts import Text

WARNING = 4  # MAV_SEVERITY; what is less severe is no answer to us
NOTHING = Text("", "")


class Ending(StrEnum):
    """How a transfer ended."""

    STORED = "stored"  # what is on board was read and is as asked (for a download: is what we hold)
    REFUSED = "refused"  # the vehicle, or its table, says no
    FAILED = "failed"  # no answer, cancelled, or never equal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a transfer. `restored` tells of the old plan after a failed upload: proven on board, not, or unknown.

    `item` counts from 0 as in our plan (-1: the home placeholder). `words` are the autopilot's own.
    """

    ending: Ending
    kind: PlanKind
    items: int
    seconds: float
    retries: int
    reason: Text = NOTHING
    item: int | None = None
    words: str = ""
    restored: bool | None = None
    opaque_id: int = 0
    stored: tuple[WireItem, ...] = ()  # what was read from the vehicle

    @property
    def good(self) -> bool:
        return self.ending is Ending.STORED


@dataclass(frozen=True, slots=True)
class Progress:
    """For a progress bar: what is going on, and how much of it is done."""

    doing: Text
    done: int
    total: int


class Transfer(Protocol):
    """A transfer as its driver sees it: fed messages and a clock, it returns what to send, until it has an outcome."""

    outcome: Outcome | None

    def start(self, now_s: float) -> list[Draft]: ...

    def take(self, message: Message, now_s: float) -> list[Draft]: ...

    def tick(self, now_s: float) -> list[Draft]:
        """To be called at least every 50 ms."""

    def cancel(self, now_s: float) -> list[Draft]: ...

    @property
    def progress(self) -> Progress: ...


@dataclass(frozen=True, slots=True)
class Party:
    """Both ends of a transfer, and what the link between them bears."""

    vehicle: int
    personality: Personality
    system: int = GROUND_SYSTEM
    component: int = GROUND_COMPONENT
    bytes_per_s: float | None = None  # None: as good as unlimited
    patience: float = 1.0  # of waiting for an answer; more where simulated time runs faster than the computer's
    events: EventGaps = field(default_factory=EventGaps)  # of PX4; whoever drives the transfer feeds it

    def addressed(self, message: Message, kind: PlanKind) -> bool:
        """Whether a message of the mission protocol is from our vehicle, to us, about this list."""
        return (
            message.system == self.vehicle
            and message.component == AUTOPILOT_COMPONENT
            and message["target_system"] in (0, self.system)
            and message["target_component"] in (0, self.component)
            and message["mission_type"] == kind
        )


@dataclass(slots=True)
class Overheard:
    """The autopilot's words while a transfer runs: refusals are explained there only."""

    vehicle: int
    _words: list[tuple[float, str]] = field(default_factory=list)

    def take(self, message: Message, now_s: float) -> None:
        if message.system != self.vehicle:
            return
        if message.name == "STATUSTEXT" and message["severity"] <= WARNING:
            words = message["text"].rstrip("\t ")
        elif message.name == "EVENT":
            words = event_words(message["id"], bytes(message["arguments"]))
        else:
            return
        if words and words not in [w for _, w in self._words]:
            self._words = [*self._words[-7:], (now_s, words)]

    def since(self, then_s: float) -> str:
        return "; ".join(words for said_s, words in self._words if said_s >= then_s)


def same_list(a: Sequence[WireItem], b: Sequence[WireItem]) -> bool:
    """Equal as read from a vehicle twice. NaN equals NaN."""
    return repr(tuple(a)) == repr(tuple(b))
