"""Keeps Python's garbage collection from stopping the window.

A full collection walks every object that lives, a million of them once the window and its libraries are loaded: a
tenth of a second on the UI thread, half a second on a busy computer. What has survived one is set aside (`gc.freeze`),
so that the next walks only what is new. Reference counts free everything else as ever.
"""

import gc

from PySide6.QtCore import QElapsedTimer

LONG_MS = 10
OLDEST = 2


class Collecting:
    """Belongs to the process: begin once the window stands, end before it goes."""

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self.longest_ms = 0

    def begin(self) -> None:
        """Set aside what there is, and from now on whatever makes a full collection long."""
        gc.freeze()
        gc.enable()
        gc.callbacks.append(self._told)

    def end(self) -> None:
        gc.callbacks.remove(self._told)
        gc.unfreeze()

    def _told(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._clock.start()
        elif info["generation"] == OLDEST:
            took_ms = self._clock.elapsed()
            self.longest_ms = max(self.longest_ms, took_ms)
            if took_ms > LONG_MS:
                gc.freeze()
