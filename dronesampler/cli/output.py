"""What a verb says: one JSON object or sentences on standard output, progress and refusals on standard error."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dronesampler.cli.wording import place_said
from dronesampler.problems import system_said
from dronesampler.texts import Lang, Text


class Output:
    """Standard output and error of one verb."""

    def __init__(self, *, as_json: bool, lang: Lang) -> None:
        self.as_json = as_json
        self.lang = lang

    def result(self, values: Mapping[str, Any], text: Text | str = "") -> None:
        """The verb's answer, once: the values with --json, else the text (or the values a line each)."""
        if self.as_json:
            _answer(json.dumps(values, ensure_ascii=False, allow_nan=False))
        elif text:
            _answer(self._said(text))
        else:
            _answer("\n".join(f"{key}: {value}" for key, value in values.items()))

    def progress(self, text: Text | str) -> None:
        """A line about what is going on."""
        _complain(self._said(text))

    def failed(self, text: Text, *, outcome: str, where: str = "") -> None:
        """Why there is no answer."""
        place = place_said(where, self.lang)
        sentence = f"{place}: {self._said(text)}" if place else self._said(text)
        if self.as_json:
            _answer(json.dumps({"outcome": outcome, "reason": sentence}, ensure_ascii=False))
        _complain(f"dronesampler: {sentence}")

    def _said(self, text: Text | str) -> str:
        return text.said(self.lang) if isinstance(text, Text) else text


def speak_anything(*, to_programs: bool) -> None:
    """Whatever the terminal's encoding: a character it has not is written as an escape, never an error.

    Programs are spoken to in UTF-8, as JSON is, whatever this computer's own encoding.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if to_programs and not stream.isatty() else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _answer(text: str) -> None:
    """On standard output. Whoever closed it has seen enough, and the exit code still says how it went."""
    try:
        print(text, flush=True)
    except OSError as gone:
        if not isinstance(gone, BrokenPipeError):
            _complain(f"dronesampler: {system_said(gone)}")
        # What is left in the buffer must not be flushed into the void at exit.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115


def _complain(line: str) -> None:
    """On standard error where there is one; never on standard output, which belongs to the answer."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(line, file=sys.stderr, flush=True)
