"""What the pilot of a flight without a window does when a vehicle does not do what it said."""

from dataclasses import dataclass, field, replace

from dronesampler.commands import Arm, Intent, Start, Upload
from dronesampler.events import CommandProgressed, EstimatorReported, GnssReported, Stage, Stamp
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import HeightReference, Place
from dronesampler.mission import Mission
from dronesampler.session.headless import REARMS, STAYED_DOWN, HeadlessPilot, Phase

AT = Stamp(0.0, 0.0)
HOME = Place(35.71, 116.49, 0.0, HeightReference.HOME)
WAITING = Vehicle(
    system_id=1,
    firmware="4.7.0",
    connected=True,
    gnss=GnssReported(AT, 3, 14, 0.8, None),
    estimator=EstimatorReported(AT, position_ok=True, velocity_ok=True, flags=0),
    home=HOME,
    in_air_told=False,
)


@dataclass
class Flight:
    """A pilot whose wishes come true at once, one turn a second."""

    vehicle: Vehicle = WAITING
    pilot: HeadlessPilot = field(default_factory=lambda: HeadlessPilot(Mission("short", ()), "udpin:0.0.0.0:14550"))
    asked: list[Intent] = field(default_factory=list)
    now_s: float = 0.0
    _happened: list[CommandProgressed] = field(default_factory=list)

    def turn(self) -> None:
        self.now_s += 1.0
        new = self.pilot.step(self.vehicle, self._happened, self.now_s)
        self.asked += new
        self._happened = [CommandProgressed(AT, type(i).__name__, i.id, Stage.OBSERVED) for i in new]
        if any(isinstance(i, Arm) for i in new):
            self.vehicle = replace(self.vehicle, armed=True)

    def until(self, phase: Phase, turns: int = 60) -> None:
        for _ in range(turns):
            if self.pilot.phase is phase:
                return
            self.turn()
        raise AssertionError(f"{self.pilot.phase} and not {phase}")

    def count(self, kind: type[Intent]) -> int:
        return sum(isinstance(intent, kind) for intent in self.asked)


def test_a_vehicle_that_disarms_itself_on_the_ground_is_armed_and_started_anew() -> None:
    flight = Flight()
    flight.until(Phase.FLYING)
    flight.vehicle = replace(flight.vehicle, armed=False)
    flight.turn()
    assert flight.pilot.phase is Phase.READYING
    flight.until(Phase.FLYING)
    assert (flight.count(Upload), flight.count(Arm), flight.count(Start)) == (1, 2, 2)
    flight.vehicle = replace(flight.vehicle, in_air_told=True)
    flight.turn()
    flight.vehicle = replace(flight.vehicle, in_air_told=False, armed=False)
    flight.until(Phase.OVER)
    assert flight.pilot.failure is None and flight.count(Arm) == 2


def test_a_vehicle_that_never_leaves_the_ground_is_given_up_with_a_reason() -> None:
    flight = Flight()
    for _ in range(REARMS + 1):
        flight.until(Phase.FLYING)
        flight.vehicle = replace(flight.vehicle, armed=False)
        flight.turn()
    assert flight.pilot.over and flight.pilot.failure == STAYED_DOWN
    assert flight.count(Arm) == REARMS + 1


def test_a_flight_that_was_in_the_air_is_never_started_again() -> None:
    flight = Flight()
    flight.until(Phase.FLYING)
    flight.vehicle = replace(flight.vehicle, in_air_told=True)
    flight.turn()
    flight.vehicle = replace(flight.vehicle, in_air_told=False, armed=False)
    flight.until(Phase.OVER)
    assert flight.count(Arm) == flight.count(Start) == 1


def test_an_arming_that_was_given_up_and_then_done_is_taken_for_what_it_is() -> None:
    flight = Flight()
    flight.until(Phase.ARMING)
    first = flight.asked[-1]
    flight._happened = [CommandProgressed(AT, "Arm", first.id, Stage.UNANSWERED)]
    flight.vehicle = replace(WAITING, armed=False)
    flight.turn()
    assert flight.pilot.phase is Phase.READYING
    flight.until(Phase.ARMING)
    flight.vehicle = replace(WAITING, armed=True)
    flight._happened = [CommandProgressed(AT, "Arm", flight.asked[-1].id, Stage.REFUSED, "it is armed already")]
    flight.until(Phase.FLYING)
    assert flight.count(Start) == 1
    assert flight.pilot.failure is None
