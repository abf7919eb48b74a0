"""A patrol's readings as a file for other programs."""

from dataclasses import dataclass
from pathlib import Path

from dronesampler.problems import BadInput
from dronesampler.store import Patrol, Store
from dronesampler.store.files import cells, write
from dronesampler.store.files.write import Title
from dronesampler.texts import Text

_NONE = Text(
    "巡查 {patrol} 没有“{quantity}”的读数。有：{known}。",
    "Patrol {patrol} has no readings of {quantity!r}. It has: {known}.",
)


@dataclass(frozen=True, slots=True)
class ReadingsFile:
    """A file that was written: its readings, those left out because they have no place, and whether simulated."""

    path: Path
    patrol: Patrol
    rows: int
    without_place: int
    simulated: bool


def write_readings(data: Path | str, patrol: str, path: Path, *, quantity: str | None = None) -> ReadingsFile:
    """Write all readings, or those of one quantity, in order of arrival; the format by the file's ending."""
    with Store.open(data) as store:
        found = store.patrol(patrol)
        streams = store.streams(found)
        known = sorted({s.quantity for s in streams})
        if quantity is not None and quantity not in known:
            raise BadInput(_NONE.with_(patrol=found.id, quantity=quantity, known=", ".join(known) or "-"))
        simulated = found.simulated or any(s.simulated for s in streams)
        rows = (cells(raw, at) for raw, at in store.reading_rows(found) if quantity in (None, raw.quantity))
        written = write(path, rows, Title(found.name, simulated))
    return ReadingsFile(path, found, written.rows, written.without_place, simulated)
