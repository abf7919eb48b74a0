"""A case as a value: a suspected place that was accepted, with its story and its people, read from a chain of entries.

The chain can only grow; leads, deadlines and what follows from them are further kinds of entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dronesampler.casework.bodies import value_of
from dronesampler.journal import Entry

OPENED = "case opened"
TOLD = "case told"


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """Which suspected place of which analysis it is about."""

    number: str
    patrol: str
    finding: int
    flag: int
    lat_deg: float
    lon_deg: float
    reason: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What is known by now, in an officer's words, and who has to do with it."""

    story: str
    people: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """The case as last told; every earlier telling stands in its entries."""

    opened: CaseOpened
    told: CaseTold
    tellings: int
    entries: tuple[Entry, ...]

    @property
    def number(self) -> str:
        return self.opened.number


def case_of(entries: Sequence[Entry]) -> Case:
    """The case that these entries tell. Raises ValueError, KeyError or TypeError where they tell none."""
    if not entries or entries[0].kind != OPENED:
        raise ValueError("a case begins with its opening")
    tellings = [value_of(CaseTold, dict(entry.body)) for entry in entries[1:] if entry.kind == TOLD]
    opened = value_of(CaseOpened, dict(entries[0].body))
    return Case(opened, tellings[-1] if tellings else CaseTold(""), len(tellings), tuple(entries))
