"""What a person does in Fly: the list before take-off, zero and span, every command."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dronesampler.commands import (
    AbortCheck,
    BeginCheck,
    Brief,
    ChangeHeight,
    EnableFence,
    GoTo,
    LookAt,
    Orbit,
    OverrideItem,
    Photograph,
    SetSpeed,
    SmartReturn,
    SwitchSampler,
    TickItem,
)
from dronesampler.events import (
    Autopilot,
    InstrumentChecked,
    LinkBack,
    LinkLost,
    ReadinessReported,
    RecorderFailed,
    RecorderRecovered,
)
from dronesampler.flight.preflight import Result
from dronesampler.mission import Fence
from dronesampler.problems import Severity
from dronesampler.sampler.checking import CheckOrder
from dronesampler.sampler.quality import Gas
from dronesampler.session.client import Happened, PlanHeld, Snapshot
from dronesampler_ui.fly.outputs import outputs_of
from tests.ui.fly_cockpit import Cockpit, hold

PATIENCE_S = 60.0
Rest = Callable[..., None]


# Before take-off


def test_the_preflight_is_a_list_that_a_person_works_through(cockpit: Cockpit) -> None:
    cockpit.tell(*cockpit.sample.on_the_ground())
    checklist = cockpit.fly.panel.checklist
    assert checklist.isVisible() and "against take-off" in checklist.sum.text()
    checklist.who.setText("李四")
    checklist.who.editingFinished.emit()
    row = checklist.rows["propellers"]
    row.tick.click()
    ticked = cockpit.last(TickItem)
    assert isinstance(ticked, TickItem) and (ticked.key, ticked.operator) == ("propellers", "李四")
    battery = checklist.rows["airspace"]
    battery.open.click()
    battery.why.setText("批文在途，口头同意")
    QTest.keyClick(battery.why, Qt.Key.Key_Return)
    passed = cockpit.last(OverrideItem)
    assert isinstance(passed, OverrideItem) and (passed.key, passed.why) == ("airspace", "批文在途，口头同意")
    assert not checklist.rows["estimator"].open.isVisible(), "a wrong position is nobody's to wave through"


def test_the_preflight_is_told_what_the_plan_takes_and_the_approval(cockpit: Cockpit, at_rest: Rest) -> None:
    cockpit.tell(*cockpit.sample.on_the_ground())
    cockpit.fly.take_mission(cockpit.sample.mission, cockpit.sample.park, (218.0, 3.4))
    cockpit.fly.buttons.upload.held.emit()
    at_rest(cockpit.desktop, lambda: any(isinstance(one, Brief) for one in cockpit.asked))
    told = cockpit.last(Brief)
    assert isinstance(told, Brief) and told.energy_needed_percent is not None and told.tallest_obstacle_m is not None
    assert 5.0 < told.energy_needed_percent < 150.0 and told.tallest_obstacle_m > 15.0
    row = cockpit.fly.panel.checklist.rows["airspace"]
    row.number.setText("鲁空管 2026-118")
    QTest.keyClick(row.number, Qt.Key.Key_Return)
    approved = cockpit.last(Brief)
    assert isinstance(approved, Brief)
    assert (approved.approval_number, approved.energy_needed_percent) == ("鲁空管 2026-118", None)


def test_what_is_typed_stays_while_the_list_changes(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    cockpit.tell(*told)
    row = cockpit.fly.panel.checklist.rows["airspace"]
    row.open.click()
    row.why.setText("half a reas")
    snapshot = told[-1]
    assert isinstance(snapshot, Snapshot)
    items = tuple(replace(i, result=Result.GOOD) if i.key == "propellers" else i for i in snapshot.checklist)
    cockpit.tell(replace(snapshot, checklist=items))
    assert row.why.text() == "half a reas" and row.why.isVisible()
    assert not cockpit.fly.panel.checklist.rows["propellers"].isVisible()


def test_the_fence_is_switched_on_by_a_person_who_was_told_what_else_it_switches_on(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    snapshot = told[-1]
    assert isinstance(snapshot, Snapshot)
    row_of = cockpit.fly.panel.checklist.rows
    for enabled, offered in ((False, True), (True, False)):
        readiness = ReadinessReported(cockpit.sample.stamp, True, enabled)
        vehicle = replace(snapshot.vehicle, readiness=readiness)
        cockpit.tell(*told[:-1], replace(snapshot, vehicle=vehicle))
        assert row_of["fence"].fence.isVisible() is offered
        if offered:
            assert "circle" in row_of["fence"]._fence_words.text() and row_of["fence"]._fence_words.isVisible()
            hold(row_of["fence"].fence)
            assert cockpit.last(EnableFence)
    bare = replace(cockpit.sample.mission, fence=Fence())
    cockpit.tell(told[0], PlanHeld(bare), replace(snapshot, vehicle=replace(vehicle, readiness=None)))
    assert not row_of["fence"].fence.isVisible()


def test_zero_and_span_are_checked_one_after_the_other(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    ground = told[-1]
    assert isinstance(ground, Snapshot)
    ground = replace(ground, gauges=(cockpit.sample.gauge("NMHC", 0.05),))
    cockpit.tell(*told[:-1], ground)
    card = cockpit.fly.check
    cockpit.fly.panel.checklist.rows["sampler"].check.click()
    assert card.isVisible() and card.channel.count() == 1 and not card.certified.isVisible()
    card.who.setText("赵六")
    card.begin.click()
    zero = cockpit.last(BeginCheck)
    assert isinstance(zero, BeginCheck)
    assert (zero.gas, zero.quantity, zero.component, zero.operator) == ("zero", "NMHC", "1/25", "赵六")
    order = CheckOrder(Gas.ZERO, "1/25", "NMHC", "赵六")
    cockpit.tell(replace(ground, checking=order, checking_left_s=30.0))
    cockpit.tell(replace(ground, checking=order, checking_left_s=12.0))
    assert "12 s" in card.hint.text() and "0.05" in card.hint.text() and card.progress.value() == 600
    assert not card.begin.isVisible()
    card.stop.click()
    assert cockpit.last(AbortCheck)
    done = InstrumentChecked(
        cockpit.sample.stamp,
        instrument="SIM-1",
        component="1/25",
        quantity="NMHC",
        gas="zero",
        read_mg_m3=0.05,
        certified_mg_m3=0.0,
        zh="校零",
        en="SIM-1 NMHC zero: reads 0.050",
    )
    cockpit.tell(Happened((done,)), ground)
    assert "0.050" in card.result.text() and card.gas.currentData() == "span" and card.certified.isVisible()
    card.certified.show_value(7.1)
    card.cylinder.setText("GBW(E)061234")
    card.begin.click()
    span = cockpit.last(BeginCheck)
    assert isinstance(span, BeginCheck)
    assert (span.gas, span.certified_mg_m3, span.cylinder) == ("span", 7.1, "GBW(E)061234")
    cockpit.tell(Happened((replace(done, gas="span", read_mg_m3=None, en="not steady"),)), ground)
    assert card.result.objectName() == "danger"
    card.close_.click()
    card.gas.setCurrentIndex(0)
    assert not card.isVisible()


def test_an_autopilot_that_disarms_itself_is_explained(cockpit: Cockpit) -> None:
    ground = cockpit.sample.on_the_ground()[-1]
    assert isinstance(ground, Snapshot)
    armed = replace(ground, phase="armed", vehicle=replace(ground.vehicle, armed=True))
    cockpit.tell(*cockpit.sample.on_the_ground()[:-1], armed)
    cockpit.tell(replace(ground, phase="preflight passed"))
    assert "Arm it again" in cockpit.window.notices.said[-1].words
    cockpit.tell(armed)
    before = len(cockpit.window.notices.said)
    cockpit.tell(cockpit.moment())
    assert len(cockpit.window.notices.said) == before, "it took off"


def test_what_is_over_need_not_be_dismissed(cockpit: Cockpit) -> None:
    at, notices = cockpit.sample.stamp, cockpit.window.notices
    cockpit.tell(Happened((LinkLost(at, 3.0), RecorderFailed(at, "disk full"))), cockpit.moment())
    assert sum(card.severity is Severity.ERROR for card in notices._cards) == 2
    cockpit.tell(Happened((LinkBack(at, 4.0),)), cockpit.moment())
    assert [card.words for card in notices._cards if card.severity is Severity.ERROR] == [
        "Recording failed: disk full. Land, or free the disk."
    ]
    cockpit.tell(Happened((RecorderRecovered(at),)), cockpit.moment())
    assert not [card for card in notices._cards if card.severity is Severity.ERROR]


# Commands


def test_every_command_can_be_asked_for(cockpit: Cockpit) -> None:
    extra = cockpit.fly.buttons.extra
    cockpit.fly.buttons.more.click()
    height = cockpit.sample.vehicle().height_home_m
    assert height is not None
    hold(extra.step_up)
    hold(extra.step_up)
    higher = cockpit.last(ChangeHeight)
    assert isinstance(higher, ChangeHeight) and higher.height_home_m == pytest.approx(height + 10.0), "steps add up"
    extra.speed.show_value(3.5)
    hold(extra.set_speed)
    speed = cockpit.last(SetSpeed)
    assert isinstance(speed, SetSpeed) and speed.speed_m_s == 3.5
    hold(extra.same_way)
    assert cockpit.last(SmartReturn)
    extra.photograph.click()
    assert cockpit.last(Photograph)
    extra.on.click()
    on = cockpit.last(SwitchSampler)
    assert isinstance(on, SwitchSampler) and (on.output, on.relay, on.value) == (0, True, 1.0)
    extra.output.setCurrentIndex(4)
    extra.off.click()
    off = cockpit.last(SwitchSampler)
    assert isinstance(off, SwitchSampler) and (off.output, off.relay, off.value) == (9, False, 1100.0)


def test_a_place_on_the_map_can_be_looked_at_flown_to_and_orbited(cockpit: Cockpit) -> None:
    menu = cockpit.fly.map_menu.menu(35.7131, 116.4902)
    for action in menu.actions():
        action.trigger()
    height = cockpit.sample.vehicle().height_home_m
    look, go, orbit = cockpit.last(LookAt), cockpit.last(GoTo), cockpit.last(Orbit)
    assert isinstance(look, LookAt) and isinstance(go, GoTo) and isinstance(orbit, Orbit)
    assert {(i.lat_deg, i.lon_deg) for i in (look, go, orbit)} == {(35.7131, 116.4902)}
    assert go.height_home_m == orbit.height_home_m == height and orbit.radius_m == 20.0


@pytest.mark.parametrize(("stack", "first", "on"), [(Autopilot.PX4, 1, 1.0), (Autopilot.ARDUPILOT, 0, 1.0)])
def test_outputs_are_those_of_the_stack(stack: Autopilot, first: int, on: float) -> None:
    outputs = outputs_of(stack)
    assert outputs[0].number == first and outputs[0].switched(True, stack)[2] == on
    assert not any(o.relay for o in outputs) or stack is Autopilot.ARDUPILOT


def test_stop_motors_is_far_from_pause(cockpit: Cockpit) -> None:
    pause, stop = cockpit.fly.buttons.pause, cockpit.fly.panel.motors.unlock
    a = pause.mapTo(cockpit.window, pause.rect().center())
    b = stop.mapTo(cockpit.window, stop.rect().center())
    assert (a - b).manhattanLength() > 300


def test_every_command_has_a_key_or_a_place_in_the_palette(cockpit: Cockpit) -> None:
    words = " ".join(action.text() for action in cockpit.fly.actions())
    for name in ("pause", "sighting", "alarms seen", "photograph", "pump on", "pump off", "Return", "Land", "Arm"):
        assert name in words
