"""What a verb says: one JSON object or sentences on standard output, progress and refusals on standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from dronesampler.texts import Lang, Text


class Output:
    """Standard output and error of one verb."""

    def __init__(self, *, as_json: bool, lang: Lang) -> None:
        self.as_json = as_json
        self.lang = lang

    def result(self, values: Mapping[str, Any], text: Text | str = "") -> None:
        """The verb's answer, once: the values with --json, else the text (or the values a line each)."""
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False, allow_nan=False), flush=True)
        elif text:
            print(self._said(text), flush=True)
        else:
            print("\n".join(f"{key}: {value}" for key, value in values.items()), flush=True)

    def progress(self, text: Text | str) -> None:
        """A line about what is going on."""
        print(self._said(text), file=sys.stderr, flush=True)

    def failed(self, text: Text, *, outcome: str, where: str = "") -> None:
        """Why there is no answer."""
        sentence = f"{where}: {self._said(text)}" if where else self._said(text)
        if self.as_json:
            print(json.dumps({"outcome": outcome, "reason": sentence}, ensure_ascii=False), flush=True)
        print(f"dronesampler: {sentence}", file=sys.stderr, flush=True)

    def _said(self, text: Text | str) -> str:
        return text.said(self.lang) if isinstance(text, Text) else text
