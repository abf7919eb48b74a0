"""The window's tests run offscreen, on a real store, and leave no thread or timer behind."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PySide6", reason="PySide6 is not installed: the window cannot be tested")

from PySide6.QtCore import QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication

from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.fly.takeover import Takeover
from dronesampler_ui.language import use_fonts
from dronesampler_ui.sample_patrol import store_sample
from tests.ui.fly_cockpit import Cockpit

PATIENCE_S = 20.0


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    qapp.setStyle("Fusion")
    use_fonts(qapp)
    return qapp


@pytest.fixture(autouse=True)
def nothing_left_running(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a thread, a QThread or an active timer."""
    before = set(threading.enumerate())
    yield
    qapp.processEvents()
    until_s = time.monotonic() + 3.0
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until_s:
        qapp.processEvents()
        time.sleep(0.01)
    assert not left, f"threads left: {left}"
    for widget in qapp.topLevelWidgets():
        if widget.isVisible():
            continue
        timers = [t for t in widget.findChildren(QTimer) if t.isActive()]
        assert not timers, f"timers left in {widget}: {timers}"
        assert not [t for t in widget.findChildren(QThread) if t.isRunning()]


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample patrol; copied by tests that change it."""
    folder = tmp_path_factory.mktemp("sample")
    store_sample(folder)
    return folder


@pytest.fixture
def data_dir(sample_data: Path, tmp_path: Path) -> Path:
    """A fresh copy of the sample's data folder, under a name with Chinese letters in it."""
    folder = tmp_path / "巡查 数据"
    shutil.copytree(sample_data, folder)
    return folder


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[Callable[..., Desktop]]:
    """Opens the window on a data folder; closed at the end."""
    opened: list[Desktop] = []

    def make(data_dir: Path, lang: Lang = Lang.EN) -> Desktop:
        desktop = Desktop(qapp, data_dir, lang=lang)
        desktop.window.resize(1280, 800)
        opened.append(desktop)
        desktop.show()
        rest(desktop)
        return desktop

    yield make
    for desktop in opened:
        desktop.window.close()
        desktop.window.deleteLater()
        desktop.use_no_lang()
    # processEvents leaves deferred deletions alone: old windows would be styled again by every later test.
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


def rest(desktop: Desktop, until: Callable[[], bool] = lambda: True) -> None:
    """Let events run until no work is under way and the condition holds."""
    deadline_s = time.monotonic() + PATIENCE_S
    quiet = 0
    while quiet < 4:
        desktop.app.processEvents()
        quiet = quiet + 1 if not desktop.window.background.busy and until() else 0
        assert time.monotonic() < deadline_s, "the window did not come to rest"
        time.sleep(0.01)


@pytest.fixture
def at_rest() -> Callable[..., None]:
    return rest


@pytest.fixture(scope="module")
def fly_window(
    qapp: QApplication, sample_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desktop, Path]]:
    """One window for all tests of this file; its two work threads are started before the first."""
    folder = tmp_path_factory.mktemp("fly") / "数据"
    shutil.copytree(sample_data, folder)
    desktop = Desktop(qapp, folder, lang=Lang.EN)
    desktop.window.resize(1280, 800)
    desktop.show()
    both = Barrier(2)
    for _ in range(2):
        desktop.window.background.run(lambda progress: both.wait(), title="warm", done=lambda _: None)
    rest(desktop)
    yield desktop, folder
    desktop.window.close()
    desktop.window.deleteLater()
    desktop.use_no_lang()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def cockpit(fly_window: tuple[Desktop, Path]) -> Iterator[Cockpit]:
    """As a window that has just attached to a session."""
    cockpit = Cockpit(*fly_window)
    yield cockpit
    fly = cockpit.fly
    rest(cockpit.desktop)
    fly.sightings.card.hide()
    fly.sightings.open = None
    fly.sightings._watch.stop()
    fly.suspects.takeover = Takeover()
    fly.suspects.on_map.setChecked(True)
    fly.alarms.banner.mute.setChecked(False)
    fly.buttons.more.setChecked(False)
    cockpit.window.notices.clear()
    for row in fly.panel.checklist.rows.values():
        row.why.clear()
        row.open.setChecked(False)


@pytest.fixture
def fly_data(fly_window: tuple[Desktop, Path]) -> Path:
    """The data folder of that window."""
    return fly_window[1]
