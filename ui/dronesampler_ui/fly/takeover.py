"""Taking over a proposed look as the new plan: asked for, uploaded while holding, then started; each step by hand."""

from dataclasses import dataclass, replace
from enum import StrEnum

from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler.session.client import ProposedLook


class Step(StrEnum):
    """What the officer does next."""

    LOOK = "look"  # at the proposal
    HOLD = "hold"  # the aircraft must hold before a plan is uploaded
    UPLOAD = "upload"
    WAIT = "wait"  # the upload runs
    START = "start"
    FLYING = "flying"


@dataclass(frozen=True, slots=True)
class Takeover:
    """One proposal on its way to being flown; newer proposals wait until it is flown or let go."""

    look: ProposedLook | None = None
    asked: bool = False
    sent: bool = False
    stored: bool = False
    started: bool = False

    def offered(self, look: ProposedLook | None) -> "Takeover":
        """The session's latest proposal."""
        return self if self.asked else replace(self, look=look)

    def ask(self) -> "Takeover":
        return replace(self, asked=self.look is not None)

    def let_go(self) -> "Takeover":
        return Takeover()

    def send(self) -> "Takeover":
        return replace(self, sent=True)

    def failed(self) -> "Takeover":
        """The upload or the start was refused: back to where it was asked."""
        return replace(self, sent=self.stored, started=False)

    def read_back(self) -> "Takeover":
        """The upload was observed: what the vehicle holds equals the plan."""
        return replace(self, stored=self.sent)

    def start(self) -> "Takeover":
        return replace(self, started=True)

    def step(self, vehicle: Vehicle) -> Step:
        """What is to be done now, by what the vehicle is seen to do."""
        if not self.asked or self.look is None:
            return Step.LOOK
        if self.stored:
            flying = self.started and vehicle.doing is Doing.MISSION
            return Step.FLYING if flying else Step.START
        if self.sent:
            return Step.WAIT
        return Step.HOLD if vehicle.in_air and vehicle.doing is not Doing.HOLDING else Step.UPLOAD
