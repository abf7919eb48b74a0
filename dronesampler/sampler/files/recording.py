"""What a file held, whatever its format: rows in time, series of values, a track, wind, and what was wrong."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats, Track, Wind
from dronesampler.texts import Text

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows that were flagged or left out for one reason: a stable code, the sentence, how many, the first place."""

    code: str
    reason: Text
    count: int
    first: str = ""


class Tally:
    """Counts what is wrong with rows while a file is read."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Text, int, str]] = {}

    def add(self, code: str, reason: Text, *, where: str = "", count: int = 1) -> None:
        if count > 0:
            text, before, first = self._found.get(code, (reason, 0, where))
            self._found[code] = (text, before + count, first)

    def all(self) -> tuple[Rejected, ...]:
        return tuple(Rejected(code, *found) for code, found in self._found.items())


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one quantity of one instrument, a row each of the recording's `rows` (index into them).

    `value` is in `unit` as the file has it, NaN where the row holds no number. `flags` are codes parted by spaces.
    """

    instrument: str
    quantity: str
    unit: str
    value: Floats
    value_mg_m3: Floats
    row: NDArray[np.int64]
    flags: Sequence[str]
    ok: Mask
    component: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Time and place of each row of a file, shape (n,) each; NaN where the row does not say. `raw`: as it stood."""

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    height_home_m: Floats
    height_agl_m: Floats
    raw: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One file, read. `messages` counts its records; `dated` is False where the day is not known."""

    kind: str
    messages: int
    track: Track | None = None
    rows: Rows | None = None
    series: tuple[Series, ...] = ()
    wind: Wind | None = None
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Text, ...] = ()
    dated: bool = True
    simulated: bool = False
    serial: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def empty_track() -> Track:
    return track_from(np.empty(0), np.empty(0), np.empty(0))


def track_from(
    time_s: Floats,
    lat_deg: Floats,
    lon_deg: Floats,
    *,
    height_home_m: Floats | None = None,
    height_agl_m: Floats | None = None,
    heading_deg: Floats | None = None,
    speed_m_s: Floats | None = None,
) -> Track:
    """A track of what is known; the rest is NaN."""

    def known(column: Floats | None) -> Floats:
        return np.full(len(time_s), math.nan) if column is None else column

    return Track(
        time_s=time_s,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        height_home_m=known(height_home_m),
        height_agl_m=known(height_agl_m),
        heading_deg=known(heading_deg),
        speed_m_s=known(speed_m_s),
    )
