"""Vessels that fill by themselves: armed on the ground from the list before take-off, called off at any time."""

from dataclasses import replace

import pytest

from dronesampler.clock import FakeClock
from dronesampler.commands import ArmFilling
from dronesampler.events import Autopilot, CommandProgressed, Stage, Stamp
from dronesampler.problems import Severity
from dronesampler.session.client import Happened, Snapshot
from dronesampler.session.filling import Filling
from dronesampler_ui.fly.fill_card import FillCard
from tests.ui.fly_cockpit import Cockpit

AT = Stamp(0.0, 0.0)


@pytest.fixture
def card(cockpit: Cockpit) -> FillCard:
    """As it is found on the ground of a patrol of its own."""
    card = cockpit.fly.panel.fill
    cockpit.fly.forget()
    card.open.setChecked(False)
    card.vessels.clear()
    cockpit.tell(*cockpit.sample.on_the_ground())
    return card


def answer(cockpit: Cockpit, stage: Stage, words: str = "") -> ArmFilling:
    intent = cockpit.last(ArmFilling)
    assert isinstance(intent, ArmFilling)
    cockpit.tell(Happened((CommandProgressed(AT, "ArmFilling", intent.id, stage, words),)))
    return intent


def test_vessels_are_armed_on_the_ground_and_called_off(cockpit: Cockpit, card: FillCard) -> None:
    assert card.isVisible() and not card.arm.isVisible()
    card.open.click()
    assert card.arm.isVisible() and not card.arm.isEnabled()
    assert "just past the top" in card.what.text()
    card.vessels.setText("BAG-1，BAG-2, ")
    card.seconds.show_value(45)
    card.output.setCurrentIndex(1)
    assert card.what.text() == "Relay 2 opens for 45 s just past the top of a plume, in the air: BAG-1, BAG-2, one each"
    card.arm.click()
    assert not card.arm.isEnabled()
    intent = answer(cockpit, Stage.OBSERVED)
    assert (intent.vessels, intent.seconds, intent.output, intent.relay) == (("BAG-1", "BAG-2"), 45.0, 1, True)
    assert (intent.open_value, intent.shut_value) == (1.0, 0.0)
    assert Filling(FakeClock()).arm(intent, cockpit.fly.live.vehicle) is None  # the session takes it as it is
    assert card.state.text().startswith("Armed: Relay 2") and card.disarm.isVisible() and not card.arm.isVisible()
    card.disarm.click()
    assert answer(cockpit, Stage.OBSERVED).vessels == ()
    assert "Called off" in card.state.text() and card.arm.isVisible()
    card.open.click()
    assert not card.disarm.isVisible()


def test_a_refusal_keeps_what_was_typed_and_says_why(cockpit: Cockpit, card: FillCard) -> None:
    card.open.click()
    card.vessels.setText("BAG-1, BAG-1")
    card.arm.click()
    answer(cockpit, Stage.REFUSED, "vessel 'BAG-1' is named twice")
    assert card.state.text() == "vessel 'BAG-1' is named twice" and card.arm.isEnabled()
    assert card._armed is None and card.vessels.text() == "BAG-1, BAG-1"
    notice = cockpit.window.notices.said[-1]
    assert notice.severity is Severity.WARNING and "Filling by itself: refused" in notice.words


def test_in_the_air_it_can_only_be_called_off(cockpit: Cockpit, card: FillCard) -> None:
    card.open.click()
    card.vessels.setText("BAG-1")
    card.arm.click()
    answer(cockpit, Stage.OBSERVED)
    in_air = replace(cockpit.fly.live.vehicle, armed=True, in_air_told=True)
    cockpit.tell(cockpit.moment(vehicle=in_air))
    assert card.isVisible() and card.disarm.isVisible() and card.disarm.isEnabled()
    card.disarm.click()
    answer(cockpit, Stage.OBSERVED)
    cockpit.tell(cockpit.moment(vehicle=in_air))
    assert not card.isVisible()
    cockpit.tell(cockpit.moment(vehicle=replace(in_air, in_air_told=False)))
    assert card.isVisible() and not card.arm.isEnabled() and "before the motors" in card.what.text()


def test_a_window_that_joins_in_the_air_can_call_off_what_another_armed(cockpit: Cockpit) -> None:
    card = cockpit.fly.panel.fill
    cockpit.fly.forget()
    card.open.setChecked(False)
    cockpit.tell(*cockpit.sample.attached())
    assert cockpit.fly.live.vehicle.in_air and card.isVisible() and not card.disarm.isVisible()
    card.open.click()
    assert card.disarm.isEnabled() and not card.arm.isEnabled()
    card.disarm.click()
    assert answer(cockpit, Stage.OBSERVED).vessels == ()


def test_px4_gets_an_actuator(cockpit: Cockpit, card: FillCard) -> None:
    snapshot = next(one for one in cockpit.sample.on_the_ground() if isinstance(one, Snapshot))
    cockpit.tell(replace(snapshot, vehicle=replace(snapshot.vehicle, autopilot=Autopilot.PX4)))
    card.open.click()
    card.vessels.setText("CAN-7")
    card.arm.click()
    intent = answer(cockpit, Stage.OBSERVED)
    assert not intent.relay and (intent.open_value, intent.shut_value) == (1.0, -1.0)
    card.disarm.click()
    answer(cockpit, Stage.OBSERVED)
    cockpit.tell(snapshot)
