"""How one command goes, answer by answer: lost, late, doubled, taken back, and never sent twice where that matters."""

from dataclasses import dataclass, field, replace

import pytest

from dronesampler.commands import Arm, Pause, Start
from dronesampler.events import Autopilot, CommandProgressed, Event, HeartbeatSeen, Stage, Stamp
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink import Commander, Draft, Message
from dronesampler.mavlink.command import OrderRun
from dronesampler.mavlink.orders import ARM_DISARM, DO_REPOSITION, DO_SET_MODE, Order

ACCEPTED, BUSY, DENIED, UNSUPPORTED, FAILED, IN_PROGRESS, CANCELLED, LONG_ONLY, INT_ONLY = range(9)


def ack(command: int, result: int, *, system: int = 1, component: int = 1, to: tuple[int, int] = (255, 190)) -> Message:
    fields = {"command": command, "result": result, "target_system": to[0], "target_component": to[1]}
    return Message("COMMAND_ACK", system, component, fields)


def text(words: str) -> Message:
    return Message("STATUSTEXT", 1, 1, {"severity": 2, "text": words, "id": 0, "chunk_seq": 0})


@dataclass
class Talk:
    """A commander, a vehicle whose heartbeat we write, and what was sent and said."""

    stack: Autopilot = Autopilot.ARDUPILOT
    mode: str = "GUIDED"
    armed: bool = False
    now_s: float = 10.0
    commander: Commander = field(default_factory=Commander)
    sent: list[Draft] = field(default_factory=list)
    said: list[Event] = field(default_factory=list)
    vehicle: Vehicle = field(default_factory=Vehicle)

    def __post_init__(self) -> None:
        self.beat()

    @property
    def at(self) -> Stamp:
        return Stamp(self.now_s, 1.8e9 + self.now_s)

    def beat(self, **more: object) -> None:
        """The vehicle's heartbeat, as it is now."""
        for name, value in more.items():
            setattr(self, name, value)
        seen = HeartbeatSeen(self.at, 1, 1, self.stack, self.armed, self.mode, False)
        self.vehicle = self.vehicle.after(seen)

    def ask(self, kind: type, expires_s: float = 60.0) -> None:
        self._note(self.commander.ask(kind(1, self.now_s + expires_s), self.vehicle, self.at))

    def hear(self, message: Message) -> None:
        self._note(self.commander.take(message, self.vehicle, self.at))

    def wait(self, seconds: float, *, beats: bool = True) -> None:
        for _ in range(round(seconds / 0.1)):
            self.now_s += 0.1
            if beats and abs(self.now_s % 1.0) < 0.1:
                self.beat()
            self._note(self.commander.tick(self.vehicle, self.at))

    def _note(self, turn: object) -> None:
        self.sent += turn.send  # type: ignore[attr-defined]
        self.said += turn.said  # type: ignore[attr-defined]

    @property
    def stages(self) -> list[Stage]:
        return [e.stage for e in self.said if isinstance(e, CommandProgressed)]

    @property
    def words(self) -> str:
        return next(e.words for e in reversed(self.said) if isinstance(e, CommandProgressed))

    def count(self, command: int) -> int:
        return sum(1 for d in self.sent if d["command"] == command)


def test_an_ack_alone_is_a_promise() -> None:
    t = Talk()
    t.ask(Arm)
    t.hear(ack(ARM_DISARM, ACCEPTED))
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED]
    t.wait(1.0)
    t.beat(armed=True)
    t.wait(0.2)
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED, Stage.OBSERVED]


def test_accepted_and_never_seen_is_told() -> None:
    t = Talk()
    t.ask(Arm)
    t.hear(ack(ARM_DISARM, ACCEPTED))
    t.wait(8.0)
    assert t.stages[-1] is Stage.UNANSWERED


def test_lost_ack_of_arming_does_not_arm_twice() -> None:
    t = Talk()
    t.ask(Arm)
    t.now_s += 0.3
    t.beat(armed=True)
    t.wait(5.0)
    assert t.count(ARM_DISARM) == 1
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED, Stage.OBSERVED]


def test_arming_is_sent_again_only_after_its_state_was_read() -> None:
    t = Talk()
    t.ask(Arm)
    t.wait(5.0, beats=False)
    assert t.count(ARM_DISARM) == 1  # no heartbeat since: nobody knows whether it is armed
    t.beat()
    t.wait(0.3, beats=False)
    assert t.count(ARM_DISARM) == 2


def test_start_on_the_ground_is_not_doubled_blindly() -> None:
    t = Talk(stack=Autopilot.PX4, mode="AUTO.LOITER", armed=True)
    t.ask(Start)
    t.wait(5.0, beats=False)
    assert t.count(300) == 1


def test_mode_command_is_repeated_with_confirmation() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.wait(3.0)
    assert t.count(DO_SET_MODE) >= 3
    assert [d["confirmation"] for d in t.sent[:3]] == [0, 1, 2]


def test_nobody_answers() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.wait(10.0)
    assert t.stages == [Stage.COMMANDED, Stage.UNANSWERED]
    assert t.count(DO_SET_MODE) == 6


def test_expired_while_repeated() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause, expires_s=1.0)
    t.wait(5.0)
    assert t.stages == [Stage.COMMANDED, Stage.EXPIRED]
    assert t.count(DO_SET_MODE) <= 2


def test_expired_before_it_was_sent() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause, expires_s=-0.1)
    assert t.sent == []
    assert t.stages == [Stage.EXPIRED]


def test_cancelled_hold_is_not_sent_again() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.commander.cancel(Pause)
    t.wait(3.0)
    assert t.count(DO_SET_MODE) == 1


@pytest.mark.parametrize("order", ["words first", "ack first"])
def test_refusal_has_the_words_that_come_with_it(order: str) -> None:
    t = Talk()
    t.ask(Arm)
    answers = [ack(ARM_DISARM, FAILED), text("Arm: GPS 1: Bad fix")]
    for message in answers if order == "ack first" else reversed(answers):
        t.hear(message)
    t.wait(1.0)
    assert t.stages == [Stage.COMMANDED, Stage.REFUSED]
    assert t.words == "Arm: GPS 1: Bad fix"


def test_refusal_without_words_is_told_by_its_name() -> None:
    t = Talk()
    t.ask(Arm)
    t.hear(ack(ARM_DISARM, DENIED))
    t.wait(1.0)
    assert t.words == "DENIED"


def test_px4_takes_an_accepted_mode_back() -> None:
    t = Talk(stack=Autopilot.PX4, mode="AUTO.MISSION", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.hear(ack(DO_SET_MODE, ACCEPTED))
    t.hear(ack(DO_SET_MODE, BUSY))
    t.hear(text("Switching to Hold is currently not available"))
    t.wait(1.0)
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED, Stage.REFUSED]
    assert "not available" in t.words
    assert t.count(DO_SET_MODE) == 1


def test_busy_is_tried_again_later() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.hear(ack(DO_SET_MODE, BUSY))
    t.wait(0.5)
    assert t.count(DO_SET_MODE) == 1
    t.wait(1.0)
    assert t.count(DO_SET_MODE) == 2
    t.hear(ack(DO_SET_MODE, ACCEPTED))
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED]


def test_busy_arming_is_a_refusal() -> None:
    t = Talk(stack=Autopilot.PX4, mode="AUTO.LOITER")
    t.ask(Arm)
    t.hear(ack(ARM_DISARM, BUSY))
    t.wait(3.0)
    assert t.stages == [Stage.COMMANDED, Stage.REFUSED]
    assert t.count(ARM_DISARM) == 1


def test_in_progress_lengthens_the_patience() -> None:
    t = Talk(mode="AUTO", armed=True)
    t.vehicle = replace(t.vehicle, in_air_told=True)
    t.ask(Pause)
    t.hear(ack(DO_SET_MODE, IN_PROGRESS))
    t.wait(4.0)
    assert t.count(DO_SET_MODE) == 1


@pytest.mark.parametrize("who", ["another station", "another vehicle", "another component", "another command"])
def test_acks_that_are_not_ours_are_passed_over(who: str) -> None:
    t = Talk()
    t.ask(Arm)
    t.hear(
        {
            "another station": ack(ARM_DISARM, FAILED, to=(254, 190)),
            "another vehicle": ack(ARM_DISARM, FAILED, system=2),
            "another component": ack(ARM_DISARM, FAILED, component=154),
            "another command": ack(511, FAILED),
        }[who]
    )
    t.wait(1.0)
    assert t.stages == [Stage.COMMANDED]


def test_ack_without_a_target_is_ours() -> None:
    t = Talk()
    t.ask(Arm)
    t.hear(ack(ARM_DISARM, ACCEPTED, to=(0, 0)))
    assert t.stages == [Stage.COMMANDED, Stage.ACCEPTED]


PLACE = (35.7, 116.4, 20.0, 6)


def test_place_goes_as_int_and_in_the_other_form_where_asked() -> None:
    run = OrderRun(Order(DO_REPOSITION, (-1.0, 1.0), PLACE), 1, expires_s=100.0)
    (first,) = run.start(0.0)
    assert first.name == "COMMAND_INT"
    assert (first["x"], first["y"], first["z"], first["frame"]) == (357000000, 1164000000, 20.0, 6)
    (second,) = run.take(ack(DO_REPOSITION, LONG_ONLY), 0.1)
    assert second.name == "COMMAND_LONG"
    assert (second["param5"], second["param7"]) == (35.7, 20.0)


def test_long_that_must_be_int() -> None:
    run = OrderRun(Order(178, (1.0, 4.0, -1.0)), 1, expires_s=100.0)
    run.start(0.0)
    (second,) = run.take(ack(178, INT_ONLY), 0.1)
    assert second.name == "COMMAND_INT"
    assert second["param2"] == 4.0


def test_neither_form_is_a_refusal() -> None:
    run = OrderRun(Order(178, (1.0, 4.0, -1.0)), 1, expires_s=100.0)
    run.start(0.0)
    run.take(ack(178, INT_ONLY), 0.1)
    assert run.take(ack(178, INT_ONLY), 0.2) == []
    run.tick(Vehicle(), 1.0)
    assert run.stage is Stage.REFUSED


def test_no_command_of_ours_forces_anything() -> None:
    """21196 in param 2 of arming or disarming overrides every check: it does not occur."""
    for stack, quiet in ((Autopilot.ARDUPILOT, "GUIDED"), (Autopilot.PX4, "AUTO.LOITER")):
        t = Talk(stack=stack, mode=quiet)
        t.ask(Arm)
        t.wait(10.0)
        assert all(d["param2"] == 0.0 for d in t.sent if d["command"] == ARM_DISARM)
        assert t.count(185) == 0
