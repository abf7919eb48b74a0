"""Draws every workspace in both languages and all themes into a folder: `python -m dronesampler_ui.screenshots OUT`."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtWidgets import QApplication, QWidget

from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop, make_application
from dronesampler_ui.live_views import live_views
from dronesampler_ui.sample_patrol import store_sample
from dronesampler_ui.theme import ThemeName

SIZE = QSize(1280, 800)
PATIENCE_S = 10.0


def main(words: list[str]) -> int:
    """Write WORKSPACE-VIEW-LANG-THEME.png files."""
    out = Path(words[0]) if words else Path("build/screenshots")
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        store_sample(Path(folder), seed=8)
        store_sample(Path(folder))
        desktop = Desktop(app, Path(folder), lang=Lang.EN)
        desktop.window.resize(SIZE)
        desktop.show()
        for lang in Lang:
            desktop.use_lang(lang)
            desktop.window.resize(SIZE)
            for name in ThemeName:
                desktop.use_theme(name)
                for view, arrange in views(desktop).items():
                    shown = arrange() or desktop.window
                    settle(app, lambda: not desktop.window.background.busy)
                    shown.grab().save(str(out / f"{view}-{lang.value}-{name.value}.png"))
        desktop.window.close()
    return 0


def views(desktop: Desktop) -> dict[str, Callable[[], QWidget | None]]:
    """What is shown of each workspace, by file name; what is drawn is the window, or what the view returns."""
    window = desktop.window

    def at_rest() -> None:
        settle(desktop.app, lambda: not window.background.busy)

    def plan() -> None:
        window.palette_.shut()
        window.enter("plan")
        at_rest()
        time.sleep(0.25)
        at_rest()

    def patrol() -> None:
        window.enter("review")
        window.review.flags.list.setCurrentRow(-1)
        at_rest()
        window.map.view.fit()

    def flag() -> None:
        window.enter("review")
        at_rest()
        window.review.flags.list.setCurrentRow(0)

    def charts() -> None:
        flag()
        window.review.below.over_time.setChecked(True)
        window.review.below.strips.chart.show_range(*window.review.below.strips.chart.middle(0.25))

    def curtain() -> None:
        flag()
        window.review.below.show_way("S1")

    def compare() -> QWidget | None:
        window.enter("review")
        window.review.below.over_time.setChecked(True)
        window.review.ask_compare()
        pair = window.review.comparing.window
        at_rest()
        if pair is not None:
            pair.go.click()
            at_rest()
            pair.hide()
        return pair

    def cases() -> None:
        window.enter("cases")

    def palette() -> None:
        window.enter("review")
        window.search()

    return {
        "plan-route": plan,
        **live_views(desktop),
        "review-patrol": patrol,
        "review-flag": flag,
        "review-charts": charts,
        "review-curtain": curtain,
        "review-compare": compare,
        "cases-list": cases,
        "window-palette": palette,
    }


def settle(app: QApplication, ready: Callable[[], bool]) -> None:
    """Let events run until the window is at rest."""
    until_s = time.monotonic() + PATIENCE_S
    quiet = 0
    while quiet < 5 and time.monotonic() < until_s:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        quiet = quiet + 1 if ready() else 0
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
