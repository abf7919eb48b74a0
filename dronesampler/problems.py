"""What can be wrong, as values with rule, severity, place and reason; and the two ways a use case ends early."""

from dataclasses import dataclass
from enum import StrEnum

from dronesampler.reasons import library_said as library_said
from dronesampler.reasons import system_said as system_said
from dronesampler.texts import Text


class Severity(StrEnum):
    """How much a problem matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def word(self) -> Text:
        """As a person reads it."""
        return _WORDS[self]


_WORDS = {
    Severity.NOTE: Text("提示", "note"),
    Severity.WARNING: Text("警告", "warning"),
    Severity.ERROR: Text("错误", "error"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check. `rule` is a stable code for programs, `where` names the place (item, row, outlet)."""

    rule: str
    severity: Severity
    text: Text
    where: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None


class BadInput(Exception):
    """What was given cannot be used: says what is wrong, where, and what to do. The command line exits with 2."""

    def __init__(self, text: Text, *, where: str = "") -> None:
        super().__init__(f"{where}: {text.en}" if where else text.en)
        self.text = text
        self.where = where


class Refused(Exception):
    """The input was good and the answer is no, or the work failed: with the reason. The command line exits with 1."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
