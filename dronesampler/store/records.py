"""Records of a live patrol on their way to the database: frozen, so that they may cross threads."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dronesampler import __version__

NAN = math.nan


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One value as it arrived, before anything is derived from it.

    `seq` counts the readings of a patrol in order of arrival, over all instruments: the session gives it.
    `raw_value` is in `unit`, None or NaN where the instrument gave no number. `raw` is the frame as received.
    """

    seq: int
    instrument: str
    quantity: str
    raw_value: float | None
    unit: str
    arrival_unix_us: int
    arrival_monotonic_ns: int | None = None
    component: str = ""
    instrument_seq: int | None = None
    instrument_unix_s: float | None = None
    boot_s: float | None = None
    status: int | None = None
    raw: bytes = b""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """Where and when the air of reading `seq` was, put after that reading. `flags` are codes parted by spaces.

    The heights and the error (one standard deviation) are in metres, NaN where not known.
    """

    seq: int
    time_s: float
    lat_deg: float
    lon_deg: float
    height_agl_m: float
    value_mg_m3: float
    height_home_m: float = NAN
    position_error_m: float = NAN
    ok: bool = True
    flags: str = ""
    code_version: str = __version__


@dataclass(frozen=True, slots=True)
class TrackRow:
    """Where the aircraft was; NaN where not known."""

    time_s: float
    lat_deg: float
    lon_deg: float
    height_home_m: float
    height_agl_m: float = NAN
    heading_deg: float = NAN
    speed_m_s: float = NAN


@dataclass(frozen=True, slots=True)
class WindRow:
    """Wind as measured or estimated, direction it comes FROM; `source` says by what."""

    time_s: float
    from_deg: float
    speed_m_s: float
    height_agl_m: float = NAN
    source: str = ""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """Something worth remembering: becomes the next entry of the patrol's journal. `body` holds JSON values only."""

    unix_s: float
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan at a stage, as the JSON of its mission; `documents.plan_row` makes one."""

    unix_s: float
    stage: str
    document: str
    items: int


Record = ReadingRow | PlacedRow | TrackRow | WindRow | JournalRow | PlanRow
