"""Hold to confirm: mouse and keys alike; key repeat is no holding; leaving and losing focus cancel."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dronesampler.events import Autopilot, HeartbeatSeen, LandedReported, Stamp
from dronesampler.flight.vehicle import Vehicle
from dronesampler_ui.fly.buttons import FlightButtons, MotorStop, may_now
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.theme import LIGHT

HOLD_MS = 1000


@pytest.fixture
def button(qtbot: QtBot) -> HoldButton:
    box = QWidget()
    made, other = HoldButton("Land", LIGHT), QLineEdit()
    layout = QVBoxLayout(box)
    layout.addWidget(made)
    layout.addWidget(other)
    qtbot.addWidget(box)
    box.show()
    made.setFocus()
    made.other = other  # type: ignore[attr-defined]
    made.box = box  # type: ignore[attr-defined]
    return made


@pytest.fixture
def count(button: HoldButton) -> list[int]:
    held: list[int] = []
    button.held.connect(lambda: held.append(1))
    return held


def test_held_by_mouse_long_enough_acts_once(button: HoldButton, count: list[int]) -> None:
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    QTest.qWait(HOLD_MS + 200)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert count == [1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_held_by_key_acts_as_by_mouse(button: HoldButton, count: list[int], key: Qt.Key) -> None:
    QTest.keyPress(button, key)
    QTest.qWait(HOLD_MS)
    QTest.keyRelease(button, key)
    assert count == [1]


def test_a_click_and_a_short_press_do_nothing(button: HoldButton, count: list[int]) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    QTest.qWait(300)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    QTest.qWait(HOLD_MS)
    assert count == []


def test_key_repeat_is_no_holding(button: HoldButton, count: list[int]) -> None:
    """A key press that comes only as repeats, e.g. of a key held since before the button had the focus."""
    for _ in range(12):
        repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True, 1)
        QApplication.sendEvent(button, repeat)
        QTest.qWait(90)
    assert count == [] and button.part == 0.0


def test_losing_the_focus_cancels(button: HoldButton, count: list[int]) -> None:
    QTest.keyPress(button, Qt.Key.Key_Space)
    QTest.qWait(200)
    button.clearFocus()
    QTest.qWait(HOLD_MS)
    assert count == [] and button.part == 0.0


def test_leaving_with_the_mouse_or_being_disabled_cancels(button: HoldButton, count: list[int]) -> None:
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    QTest.mouseMove(button, QPoint(5, 5))
    QTest.mouseMove(button, QPoint(5, 500))
    QTest.qWait(HOLD_MS)
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    button.setEnabled(False)
    QTest.qWait(HOLD_MS)
    assert count == []


def flying() -> Vehicle:
    at = Stamp(1.0, 1.0)
    vehicle = Vehicle().after(HeartbeatSeen(at, 1, 1, Autopilot.ARDUPILOT, True, "AUTO", False))
    return vehicle.after(LandedReported(at, in_air=True))


def test_what_may_be_asked_follows_the_vehicle() -> None:
    ground, air = Vehicle(), flying()
    on_ground = may_now(ground, linked=True, has_plan=True)
    in_air = may_now(air, linked=True, has_plan=True)
    assert (on_ground.upload, on_ground.arm, on_ground.pause, on_ground.land) == (True, True, False, False)
    assert (in_air.upload, in_air.arm, in_air.pause, in_air.back, in_air.land) == (False, False, True, True, True)
    assert may_now(air, linked=False, has_plan=True) == may_now(ground, linked=False, has_plan=False)


def test_pause_acts_at_once_and_stop_motors_needs_two_steps(qtbot: QtBot) -> None:
    buttons, motors = FlightButtons(LIGHT), MotorStop(LIGHT)
    for widget in (buttons, motors):
        qtbot.addWidget(widget)
        widget.show()
    asked: list[str] = []
    buttons.asked.connect(asked.append)
    motors.asked.connect(asked.append)
    buttons.show_may(may_now(flying(), linked=True, has_plan=True))
    qtbot.mouseClick(buttons.pause, Qt.MouseButton.LeftButton)
    assert asked == ["Pause"]
    assert not motors.stop.isVisible()
    qtbot.mouseClick(motors.unlock, Qt.MouseButton.LeftButton)
    assert motors.stop.isVisible() and asked == ["Pause"]
    QTest.mousePress(motors.stop, Qt.MouseButton.LeftButton)
    QTest.qWait(HOLD_MS)
    assert asked == ["Pause", "StopMotors"] and not motors.stop.isVisible()
