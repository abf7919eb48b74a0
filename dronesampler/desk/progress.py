"""How a use case says what it is doing, to whatever shows it: a terminal, a window, nobody."""

from typing import Protocol

from dronesampler.texts import Text


class Progress(Protocol):
    """Told by the thread that works; must be quick."""

    def stage(self, text: Text) -> None:
        """A new step begins."""

    def at(self, fraction: float, text: Text | None = None) -> None:
        """How far the step is, 0 to 1."""

    def say(self, text: Text) -> None:
        """A sentence that should stay."""


class Unseen:
    """Progress that nobody watches."""

    def stage(self, text: Text) -> None:
        """Nobody watches."""

    def at(self, fraction: float, text: Text | None = None) -> None:
        """Nobody watches."""

    def say(self, text: Text) -> None:
        """Nobody watches."""
