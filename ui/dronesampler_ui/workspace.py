"""What the main window asks of a workspace, and what it hands to each: the shared parts, never another workspace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dronesampler.problems import Severity
from dronesampler.texts import Lang, Text
from dronesampler_ui.background import Background
from dronesampler_ui.library import Library
from dronesampler_ui.parts.map.pane import MapPane
from dronesampler_ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Room:
    """What every workspace may use."""

    map: MapPane
    background: Background
    library: Library
    theme: Theme
    lang: Lang
    say: Callable[[str, Severity], None]
    unsay: Callable[[str], None] = lambda words: None  # what was said does not hold any more

    def said(self, text: Text) -> str:
        return text.said(self.lang)


class Workspace(Protocol):
    """One of the four. `side` stands beside the map, `foot` below it."""

    key: str
    side: QWidget
    foot: QWidget | None

    def enter(self) -> None:
        """Take the map."""

    def leave(self) -> None:
        """Give the map back."""

    def set_theme(self, theme: Theme) -> None: ...

    def actions(self) -> list[QAction]:
        """What the palette offers here."""

    def close(self) -> None:
        """The window closes."""
