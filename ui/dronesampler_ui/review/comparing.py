"""Before and after: owns the window that shows two patrols, and has them read and compared on a work thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dronesampler.problems import Refused
from dronesampler.texts import Text
from dronesampler_ui.background import Progress, Work
from dronesampler_ui.library import Library
from dronesampler_ui.review.study import Opened, open_patrol
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import PatrolLine
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:  # comparing takes the analysis with it, which the start of the window need not wait for
    from dronesampler.desk.comparing import Comparison
    from dronesampler_ui.review.compare_window import CompareWindow


@dataclass(frozen=True, slots=True)
class Answer:
    """Both patrols, and what became of each place or why they cannot be compared."""

    before: Opened
    after: Opened
    found: Comparison | None
    why: Text | None = None


class Comparing(QObject):
    """The window is made when it is first asked for."""

    def __init__(self, room: Room, over: QWidget) -> None:
        super().__init__()
        self._room, self._over = room, over
        self._theme = room.theme
        self._patrols: tuple[PatrolLine, ...] = ()
        self._work: Work | None = None
        room.background.over.connect(self._ended)
        self.window: CompareWindow | None = None

    def show_patrols(self, patrols: tuple[PatrolLine, ...]) -> None:
        self._patrols = patrols

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.window:
            self.window.set_theme(theme)

    def open(self, later: int | None) -> None:
        """Show the window with the open patrol as the later one."""
        if self.window is None:
            from dronesampler_ui.review.compare_window import CompareWindow

            self.window = CompareWindow(self._theme, self._room.lang, say=self._room.say, over=self._over)
            self.window.wanted.connect(self.compare)
        self.window.show_patrols(self._patrols, later=later)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def compare(self, before: int, after: int) -> None:
        library, lang = self._room.library, self._room.lang.value
        self._work = self._room.background.run(
            lambda progress: _compared(library, before, after, lang=lang, progress=progress),
            title=self.tr("Comparing two patrols"),
            done=self._show,
        )

    def _ended(self, work: Work) -> None:
        """Done, failed or cancelled."""
        if work is self._work and self.window:
            self.window.be_ready()

    def close(self) -> None:
        if self.window:
            self.window.close()

    def _show(self, answer: Answer) -> None:
        if self.window:
            why = self._room.said(answer.why) if answer.why else ""
            self.window.show_comparison(answer.before, answer.after, answer.found, why)


def _compared(library: Library, before: int, after: int, *, lang: str, progress: Progress) -> Answer:
    from dronesampler.desk.comparing import compare_patrols

    first = open_patrol(library, before, lang)
    progress.at(0.3)
    second = open_patrol(library, after, lang)
    progress.at(0.5)
    try:
        return Answer(first, second, compare_patrols(library.store(), before, after))
    except Refused as error:
        return Answer(first, second, None, error.text)
