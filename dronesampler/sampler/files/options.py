"""What a person may say about a file that the file does not say itself."""

from dataclasses import dataclass
from datetime import date, tzinfo


@dataclass(frozen=True, slots=True)
class Options:
    """`zone` of naive times (None: the format's own), the `day` of times without one, the text of a columns file."""

    zone: tzinfo | None = None
    day: date | None = None
    columns: str | None = None
    instrument: str = ""
    salvage: bool = False
