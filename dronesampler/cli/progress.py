"""How long work looks on a terminal: one line that fills, or a line a step where the output is a file."""

import sys
import time
from typing import TextIO

from dronesampler.cli.wording import columns_of
from dronesampler.texts import Lang, Text

BAR_WIDTH = 24
LINES_APART_S = 2.0


class TerminalProgress:
    """Progress on standard error; `at` is cheap enough to be called often."""

    def __init__(self, lang: Lang, stream: TextIO | None = None) -> None:
        self._lang = lang
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._stage = ""
        self._told_s = 0.0
        self._begun_s = time.monotonic()
        self._columns = 0  # of the line that stands on the terminal

    def stage(self, text: Text) -> None:
        """A new step begins."""
        self._stage = text.said(self._lang)
        self._told_s = 0.0
        self._line(f"[{time.monotonic() - self._begun_s:5.1f} s] {self._stage}", last=not self._live)

    def at(self, fraction: float, text: Text | None = None) -> None:
        """How far the step is, 0 to 1, and a word on it."""
        now_s = time.monotonic()
        if now_s - self._told_s < (0.1 if self._live else LINES_APART_S):
            return
        self._told_s = now_s
        filled = round(max(0.0, min(fraction, 1.0)) * BAR_WIDTH)
        bar = "█" * filled + "·" * (BAR_WIDTH - filled)
        said = text.said(self._lang) if text else ""
        self._line(f"[{now_s - self._begun_s:5.1f} s] {self._stage} {bar} {fraction:4.0%} {said}", last=not self._live)

    def say(self, text: Text) -> None:
        """A sentence that stays on the screen."""
        self._line(text.said(self._lang), last=True)

    def _line(self, line: str, *, last: bool) -> None:
        # The rest of a longer line is overwritten by spaces: not every Windows console knows the codes that clear.
        columns = columns_of(line)
        start = "\r" if self._live else ""
        rest = " " * max(self._columns - columns, 0)
        self._columns = columns if self._live and not last else 0
        self._stream.write(f"{start}{line}{rest}" + ("\n" if last else ""))
        self._stream.flush()
