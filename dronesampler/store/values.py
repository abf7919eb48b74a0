"""What the store hands out: patrols, streams, findings and bookkeeping as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dronesampler.mission import Mission
from dronesampler.texts import Text


class Kind(StrEnum):
    """Where a patrol came from."""

    LIVE = "live"
    IMPORT = "import"


class State(StrEnum):
    """How far a patrol has come. OPEN with nobody recording means that a program ended in the middle of it. IMPORTING
    is on no list: its files are being taken in, or the import was killed."""

    OPEN = "open"
    ENDED = "ended"
    INTERRUPTED = "interrupted"
    IMPORTING = "importing"


class PlanStage(StrEnum):
    """The three shapes of one plan."""

    AS_PLANNED = "as_planned"
    AS_SENT = "as_sent"
    AS_READ_BACK = "as_read_back"


@dataclass(frozen=True, slots=True)
class Patrol:
    """One flight, or one imported set of files. `counts` (readings, track_points, ...) is filled at the end."""

    id: int
    uuid: str
    name: str
    kind: Kind
    source: str
    started_unix_s: float
    ended_unix_s: float | None
    simulated: bool
    clock_factor: float
    aircraft: str
    park_id: int | None
    state: State
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stream:
    """One quantity of one instrument in one patrol."""

    id: int
    instrument: str
    component: str
    quantity: str
    unit: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class StoredPark:
    """A park on file; `Store.park(id)` reads it."""

    id: int
    name: str
    sha256: str
    simulated: bool
    stored_unix_s: float


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan of a patrol at one stage. `sha256` is that of its canonical JSON."""

    stage: PlanStage
    mission: Mission
    sha256: str
    stored_unix_s: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One analysis of a patrol with the parameters and the code version it came from."""

    id: int
    stored_unix_s: float
    analysis: Mapping[str, Any]
    parameters: Mapping[str, Any]
    code_version: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of a file that could not be taken in: where it stands and why."""

    where: str
    reason: Text


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was taken in. `id`, `patrol_id` and `imported_unix_s` are set by the store."""

    sha256: str
    name: str
    kind: str
    rejected: tuple[RejectedRow, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
    patrol_id: int | None = None
    park_id: int | None = None
    imported_unix_s: float | None = None


@dataclass(frozen=True, slots=True)
class Packet:
    """An evidence packet written of a patrol. `verified` is None until somebody checked it."""

    id: int
    path: str
    sha256: str
    verified: bool | None
    stored_unix_s: float


@dataclass(frozen=True, slots=True)
class Media:
    """A photograph or video beside the database; `path` is relative to the data folder."""

    sha256: str
    path: str
    kind: str
    taken_unix_s: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
