"""200 % of everything: chosen in the settings, used from the next start, and Fly still fits a common screen."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dronesampler_ui.app import Desktop
from dronesampler_ui.main_window import SMALLEST
from dronesampler_ui.settings import Settings

FULL_HD_AT_200 = (960, 520)  # with room for the system's bars
RAIL_AND_SIDE_PX = 84 + 280


@pytest.mark.parametrize("scale", [1.25, 2.0])
def test_the_scale_is_used_at_the_start(scale: float) -> None:
    words = (
        "from dronesampler_ui.app import make_application\n"
        f"app = make_application({scale})\n"
        "print(app.primaryScreen().devicePixelRatio())"
    )
    told = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run([sys.executable, "-c", words], env=told, capture_output=True, text=True, timeout=120)
    assert said.stdout.strip() == str(scale), said.stderr


def test_the_settings_say_that_it_waits_for_the_next_start(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None]
) -> None:
    desktop = open_window(data_dir)
    at_rest(desktop)
    sections = [action.text() for action in desktop.window.bar.menu_button.menu().actions() if action.isSeparator()]
    assert any("next start" in words for words in sections)
    desktop.window.bar.scale_chosen.emit(1.5)
    assert Settings(data_dir).scale == 1.5
    assert "next start" in desktop.window.notices.said[-1].words


def test_a_case_stands_below_itself_where_it_is_narrow(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None]
) -> None:
    desktop = open_window(data_dir)
    window = desktop.window
    window.enter("cases")
    at_rest(desktop)
    story = window.cases.below.story
    assert story.build.x() > story.words.geometry().right()
    window.resize(SMALLEST)
    at_rest(desktop, lambda: story.build.y() > story.words.geometry().bottom())
    assert window.width() == SMALLEST.width()
    assert story.review.geometry().right() < story.width() <= window.cases.below.width()


def test_fly_fits_a_common_screen_at_200_percent(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None]
) -> None:
    desktop = open_window(data_dir)
    at_rest(desktop)
    fly = desktop.window.fly
    fly.buttons.more.setChecked(True)
    assert fly.foot is not None
    assert fly.foot.minimumSizeHint().width() + RAIL_AND_SIDE_PX <= FULL_HD_AT_200[0]
    centre = desktop.window.centralWidget()
    assert centre is not None and centre.minimumSizeHint().width() <= SMALLEST.width()
    assert SMALLEST.width() <= FULL_HD_AT_200[0] and SMALLEST.height() <= FULL_HD_AT_200[1]
