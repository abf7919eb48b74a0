"""A whole patrol by keyboard only, in the real window, against the real simulator: plan, fly, review, seal."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from dronesampler.flight.modes import Doing
from dronesampler.store import State, Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.parts.hold_button import HoldButton

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TABS_AT_MOST = 120
GUARD_S = 120.0


class Officer:
    """Works the window with keys alone."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.window = desktop.window

    def keys(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key for whatever has the focus, as the keyboard would send it."""
        self.desktop.app.processEvents()
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        self.desktop.app.processEvents()

    def go_to(self, widget: QWidget) -> None:
        """Tab until it has the focus."""
        for _ in range(TABS_AT_MOST):
            if widget.hasFocus():
                return
            self.keys(Qt.Key.Key_Tab)
        raise AssertionError(f"cannot be reached with Tab: {widget.accessibleName()}")

    def hold(self, button: HoldButton) -> None:
        self.wait(button.isEnabled, f"{button.text()} enabled")
        self.go_to(button)
        QTest.keyPress(self.window.windowHandle(), Qt.Key.Key_Space)
        QTest.qWait(1000)
        QTest.keyRelease(self.window.windowHandle(), Qt.Key.Key_Space)

    def take_off(self) -> None:
        """Arm and start. Where a busy computer took too long the autopilot disarmed itself: armed anew, as it says."""
        fly = self.window.fly
        buttons = fly.buttons

        def flying() -> bool:
            return fly.live.vehicle.in_air and fly.live.vehicle.doing is Doing.MISSION

        until_s = time.monotonic() + GUARD_S
        while not flying() and time.monotonic() < until_s:
            ready = next((b for b in (buttons.start, buttons.arm) if b.isEnabled()), None)
            if ready is None:
                self.desktop.app.processEvents()
                time.sleep(0.005)
                continue
            if not self.go_to_if_enabled(ready):
                continue
            QTest.keyPress(self.window.windowHandle(), Qt.Key.Key_Space)
            QTest.qWait(1000)
            QTest.keyRelease(self.window.windowHandle(), Qt.Key.Key_Space)
        assert flying(), [notice.words for notice in self.window.notices.said]

    def go_to_if_enabled(self, widget: QWidget) -> bool:
        """Tab until it has the focus; False where it was disabled meanwhile."""
        for _ in range(TABS_AT_MOST):
            if widget.hasFocus() or not widget.isEnabled():
                break
            self.keys(Qt.Key.Key_Tab)
        return widget.hasFocus()

    def wait(self, ready: Callable[[], object], what: str) -> None:
        until_s = time.monotonic() + GUARD_S
        while not ready():
            self.desktop.app.processEvents()
            time.sleep(0.005)
            said = [notice.words for notice in self.window.notices.said]
            assert time.monotonic() < until_s, f"never happened: {what}; said: {said}"


@pytest.fixture
def officer(tmp_path: Path, open_window: Callable[..., Desktop], request: pytest.FixtureRequest) -> Iterator[Officer]:
    desktop = open_window(tmp_path / "数据", request.param)
    desktop.window.activateWindow()
    yield Officer(desktop)


LANGUAGES = [pytest.param(Lang.ZH, id="zh"), pytest.param(Lang.EN, id="en", marks=pytest.mark.soak)]


@pytest.mark.parametrize("officer", LANGUAGES, indirect=True)
def test_a_whole_patrol_by_keyboard_only(officer: Officer, tmp_path: Path) -> None:
    window, fly = officer.window, officer.window.fly
    officer.wait(lambda: window.planning.made, "a plan of the demo park")
    officer.keys(Qt.Key.Key_Return, CTRL)
    assert window.current is fly
    officer.go_to(fly.panel._factor)
    officer.keys(Qt.Key.Key_Down)  # five times as fast: the autopilot disarms itself ten seconds after arming
    officer.keys(Qt.Key.Key_F, CTRL | SHIFT)
    officer.wait(lambda: fly.feed.attached, "attached to the session")
    officer.hold(fly.buttons.upload)
    officer.wait(lambda: fly.live.held, "the plan read back")
    officer.wait(lambda: fly.live.vehicle.readiness and fly.live.vehicle.readiness.ready, "ready")
    officer.take_off()
    officer.wait(lambda: len(fly.log._readings) > 40, "forty readings")
    officer.keys(Qt.Key.Key_K)
    officer.keys(Qt.Key.Key_P)
    officer.wait(lambda: fly.live.vehicle.doing is Doing.HOLDING, "holding")
    officer.hold(fly.buttons.go_on)
    officer.wait(lambda: fly.live.vehicle.doing is Doing.MISSION, "on the mission again")
    officer.hold(fly.buttons.back)
    officer.wait(lambda: not fly.live.vehicle.armed, "back and disarmed")
    officer.go_to(fly.panel.leave)
    officer.keys(Qt.Key.Key_Space)
    officer.wait(lambda: not fly.feed.attached, "the session ended")
    officer.keys(Qt.Key.Key_3, CTRL)
    officer.wait(lambda: window.review.patrol, "the patrol in review")
    patrol = window.review.patrol
    assert patrol is not None and patrol.line.simulated and patrol.readings is not None and len(patrol.readings) > 40
    officer.keys(Qt.Key.Key_R, CTRL)
    officer.wait(lambda: window.review.patrol and window.review.patrol.finding_id, "an analysis")
    officer.keys(Qt.Key.Key_B, CTRL)
    officer.wait(lambda: window.cases.verdict.verdict, "a packet, verified")
    verdict = window.cases.verdict.verdict
    assert verdict is not None and verdict.exit_code == 0, verdict
    with Store.open(tmp_path / "数据") as store:
        assert store.patrol("last").state is State.ENDED
        kinds = [entry.kind for entry in store.journal("last")]
    assert any("sighting" in kind for kind in kinds), kinds
