"""How far the air has moved: the measured wind history, summed along its mean direction and across it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RUN_UP_S = 900.0  # the history is extended this far back with the first minutes' mean wind
SMOOTH_S = 4.0  # direction and speed at the moment of emission are means over this
CALM_M_S = 0.3


@dataclass(frozen=True, slots=True)
class Drift:
    """Displacement of the air at the height of the wind measurement, metres along and across the mean wind.

    `along_m` never falls, so that the moment at which air passed a place upwind is one look-up. Arrays have shape (k,).
    """

    time_s: Floats
    along_m: Floats
    across_m: Floats
    speed_m_s: Floats
    slope: Floats  # across over along, smoothed
    toward_rad: float  # mathematical angle the mean wind blows to
    height_m: float  # where the wind was measured
    noise_m2_s: float  # variance of the displacement per second from the noise of the wind
    starts_s: float  # before this the wind is an assumption

    @property
    def mean_speed_m_s(self) -> float:
        return float((self.along_m[-1] - self.along_m[0]) / (self.time_s[-1] - self.time_s[0]))


def drift_of(time_s: ArrayLike, from_deg: ArrayLike, speed_m_s: ArrayLike, *, height_m: float) -> Drift:
    """The drift of a measured wind, rows in order of time, shape (k,) each; k >= 2 and a mean speed above zero."""
    t, speed = np.asarray(time_s, float), np.maximum(np.asarray(speed_m_s, float), 0.0)
    toward = np.radians(270.0 - np.asarray(from_deg, float))
    u, v = speed * np.cos(toward), speed * np.sin(toward)
    mean = math.atan2(float(v.mean()), float(u.mean()))
    along = u * math.cos(mean) + v * math.sin(mean)
    across = v * math.cos(mean) - u * math.sin(mean)
    step = float(np.median(np.diff(t))) if len(t) > 1 else 1.0
    noise = float(np.median(np.abs(np.diff(across)))) / 0.954 if len(t) > 2 else 0.0  # sd of one sample
    t, along, across = _with_run_up(t, along=along, across=across)
    width = max(1, round(SMOOTH_S / max(step, 1e-3)))
    smooth_along, smooth_across = _running_mean(along, width), _running_mean(across, width)
    forward = np.maximum(along, 0.05)
    return Drift(
        time_s=t,
        along_m=_summed(t, forward),
        across_m=_summed(t, across),
        speed_m_s=np.maximum(np.hypot(smooth_along, smooth_across), CALM_M_S),
        slope=np.clip(smooth_across / np.maximum(smooth_along, CALM_M_S), -2.0, 2.0),
        toward_rad=mean,
        height_m=height_m,
        noise_m2_s=noise**2 * step,
        starts_s=float(t[1]),
    )


def steady(from_deg: float, speed_m_s: float, *, height_m: float = 10.0) -> Drift:
    """The drift of a wind that does not change, about time zero."""
    return drift_of([-2.0 * RUN_UP_S, 0.0, 1.0], [from_deg] * 3, [speed_m_s] * 3, height_m=height_m)


def _with_run_up(t: Floats, *, along: Floats, across: Floats) -> tuple[Floats, Floats, Floats]:
    """The rows with one more in front, carrying the mean of the first two minutes, and one behind."""
    first = t < t[0] + 120.0
    a, c = float(along[first].mean()), float(across[first].mean())
    return (
        np.r_[t[0] - RUN_UP_S, t, t[-1] + 60.0],
        np.r_[a, along, along[-1]],
        np.r_[c, across, across[-1]],
    )


def _summed(t: Floats, rate: Floats) -> Floats:
    """The integral with the rate of the run-up constant over it, and trapezes after it."""
    mid = (rate[1:] + rate[:-1]) / 2
    mid[0] = rate[0]
    return np.concatenate([np.zeros(1), np.cumsum(mid * np.diff(t))])


def _running_mean(x: Floats, width: int) -> Floats:
    if width < 2 or len(x) < 3:
        return x.copy()
    width = min(width, len(x))
    kernel = np.ones(width) / width
    return np.asarray(np.convolve(np.pad(x, (width // 2, width - 1 - width // 2), mode="edge"), kernel, mode="valid"))
