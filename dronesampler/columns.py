"""Columns that several rooms share: readings, track and wind as equal-length arrays."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class _Columns:
    """Equal-length arrays under names. Rows are picked with a mask, slice or index array."""

    __slots__ = ()

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            f.name: v
            for f in fields(self)  # type: ignore[arg-type]
            if isinstance(v := getattr(self, f.name), np.ndarray)
        }

    def __post_init__(self) -> None:
        lengths = {name: len(array) for name, array in self._arrays().items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of unequal length: {lengths}")

    def __len__(self) -> int:
        return len(next(iter(self._arrays().values())))

    def rows(self, index: Any) -> Self:
        """The rows that a mask, slice or index array picks."""
        return replace(self, **{name: array[index] for name, array in self._arrays().items()})  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Track(_Columns):
    """Where the aircraft was, shape (n,) each. NaN where not known. `time_s` is unix time."""

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    height_home_m: Floats
    height_agl_m: Floats
    heading_deg: Floats
    speed_m_s: Floats


@dataclass(frozen=True, slots=True)
class Readings(_Columns):
    """Readings of one quantity of one instrument, placed where the air entered the inlet, shape (n,) each.

    `value_mg_m3` is as the instrument gave it (lagged), converted to mg/m3; NaN where it gave none.
    `position_error_m` is one standard deviation. `ok` is False where the instrument or the checks flagged the row.
    """

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    height_agl_m: Floats
    value_mg_m3: Floats
    position_error_m: Floats
    ok: NDArray[np.bool_]
    seq: NDArray[np.int64]
    quantity: str = ""
    instrument: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Wind(_Columns):
    """Wind as measured over time, shape (n,) each; direction it comes FROM, degrees clockwise from true north."""

    time_s: Floats
    from_deg: Floats
    speed_m_s: Floats
    height_agl_m: Floats
