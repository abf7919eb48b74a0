"""How wide a plume is: Briggs' curves by stability class, scaled, and the power law of wind with height."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
F = TypeVar("F", bound=np.floating)

PROFILE_EXPONENT = 0.20  # wind against height over industrial roughness
LOWEST_TRANSPORT_M = 3.0  # below this a plume is carried by the wind of this height


class Stability(StrEnum):
    """Pasquill's classes that a day patrol meets; E and F for calm nights."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Ground(StrEnum):
    """Open country or built-up land."""

    RURAL = "rural"
    URBAN = "urban"


# sigma = a x (1 + b x)^c for y and z; Briggs 1973, in Hanna, Briggs & Hosker 1982, DOE/TIC-11223, table 4.5.
_CURVES: dict[Ground, dict[Stability, tuple[float, float, float, float, float, float]]] = {
    Ground.RURAL: {
        Stability.A: (0.22, 1e-4, -0.5, 0.20, 0.0, 0.0),
        Stability.B: (0.16, 1e-4, -0.5, 0.12, 0.0, 0.0),
        Stability.C: (0.11, 1e-4, -0.5, 0.08, 2e-4, -0.5),
        Stability.D: (0.08, 1e-4, -0.5, 0.06, 1.5e-3, -0.5),
        Stability.E: (0.06, 1e-4, -0.5, 0.03, 3e-4, -1.0),
        Stability.F: (0.04, 1e-4, -0.5, 0.016, 3e-4, -1.0),
    },
    Ground.URBAN: {
        Stability.A: (0.32, 4e-4, -0.5, 0.24, 1e-3, 0.5),
        Stability.B: (0.32, 4e-4, -0.5, 0.24, 1e-3, 0.5),
        Stability.C: (0.22, 4e-4, -0.5, 0.20, 0.0, 0.0),
        Stability.D: (0.16, 4e-4, -0.5, 0.14, 3e-4, -0.5),
        Stability.E: (0.11, 4e-4, -0.5, 0.08, 1.5e-3, -0.5),
        Stability.F: (0.11, 4e-4, -0.5, 0.08, 1.5e-3, -0.5),
    },
}


@dataclass(frozen=True, slots=True)
class Spread:
    """A plume's widths: Briggs' curves times a scale each, and the width it starts with.

    The scales stand below one for an instantaneous plume, whose meander the wind history carries.
    """

    stability: Stability = Stability.C
    ground: Ground = Ground.RURAL
    scale_y: float = 0.75
    scale_z: float = 0.85
    start_m: float = 2.5
    bend_per_m: float | None = None  # how soon sigma_y falls behind a straight cone; None: as Briggs


def sigmas_m(x_m: NDArray[F], spread: Spread) -> tuple[NDArray[F], NDArray[F]]:
    """Briggs' sigma_y and sigma_z times the scales at x metres of travel, any shape; without the starting width."""
    ay, by, cy, az, bz, cz = _CURVES[spread.ground][spread.stability]
    if spread.bend_per_m is not None:
        by = spread.bend_per_m
    x = np.maximum(x_m, x_m.dtype.type(1.0))
    return (spread.scale_y * ay) * x * _bent(x, by, cy), (spread.scale_z * az) * x * _bent(x, bz, cz)


def _bent(x: NDArray[F], b: float, c: float) -> Any:
    """(1 + b x)^c for the exponents that occur, without a power where a root will do."""
    if c == 0.0:
        return 1.0
    inside = 1.0 + b * x
    if c == -1.0:
        return 1.0 / inside
    return np.sqrt(inside) if c > 0.0 else 1.0 / np.sqrt(inside)


def stability_by_day(wind_10m_m_s: float) -> Stability:
    """Pasquill's class in moderate daylight from the wind alone (Turner 1970, table 3-1)."""
    if wind_10m_m_s < 3.0:
        return Stability.B
    return Stability.C if wind_10m_m_s < 5.0 else Stability.D


def profile_factor(height_m: ArrayLike, measured_at_m: float) -> Floats:
    """Wind at a height over the wind where it was measured."""
    return (np.maximum(height_m, LOWEST_TRANSPORT_M) / max(measured_at_m, LOWEST_TRANSPORT_M)) ** PROFILE_EXPONENT
