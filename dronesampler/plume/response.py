"""What an instrument makes of the air: dead time and first-order lag, applied to a model at the times of readings."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LN10 = math.log(10.0)
_TAIL = 4.0  # time constants after which the past no longer counts


@dataclass(frozen=True, slots=True)
class Response:
    """Weights (n, k) of the k rows up to and including each row; `first[i]` is the row of weight 0."""

    weights: Floats
    rows: NDArray[np.intp]

    def __call__(self, model: NDArray[np.floating]) -> NDArray[np.floating]:
        """What the instrument shows of a model with time on the last axis, shape (..., n) in and out."""
        if self.rows.shape[1] == 1:
            return model
        out = model[..., self.rows[:, 0]] * self.weights[:, 0].astype(model.dtype)
        for k in range(1, self.rows.shape[1]):
            out += model[..., self.rows[:, k]] * self.weights[:, k].astype(model.dtype)
        return out


def response(time_s: Floats, *, t90_s: float, delay_s: float = 0.0) -> Response:
    """The response of an instrument with 90 % rise time and dead time, to rows in order of time.

    The air of a row is taken to hold since the row before it. Rows older than a gap do not reach across it.
    """
    n = len(time_s)
    tau = max(t90_s, 0.0) / LN10
    if n < 2 or tau + delay_s <= 0.0:
        return Response(np.ones((n, 1)), np.arange(n)[:, None])
    step = max(float(np.median(np.diff(time_s))), 1e-3)
    depth = 1 + math.ceil((delay_s + _TAIL * tau) / step)
    rows = np.maximum(np.arange(n)[:, None] - np.arange(depth)[None, :], 0)
    age_new = time_s[:, None] - time_s[rows] - delay_s  # of the row's own moment
    age_old = age_new + np.minimum(time_s[rows] - time_s[np.maximum(rows - 1, 0)], 3.0 * step)
    weights = _decay(age_new, tau) - _decay(age_old, tau)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(total > 1e-6, weights / np.maximum(total, 1e-6), 0.0)
    weights[:, 0] += total[:, 0] <= 1e-6
    return Response(weights, rows)


def _decay(age_s: Floats, tau_s: float) -> Floats:
    """The share of a step that is still to come after `age_s`."""
    age = np.maximum(age_s, 0.0)
    return np.exp(-age / tau_s) if tau_s > 1e-6 else (age <= 0.0).astype(float)


_RATIO = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0])


def _peaks() -> Floats:
    t = np.arange(-8.0, 12.0, 0.02)
    puff = np.exp(-0.5 * t**2)
    out = [1.0]
    for ratio in _RATIO[1:]:
        kernel = np.exp(-np.arange(0.0, 20.0, 0.02) / ratio)
        kernel *= 0.02 / ratio
        out.append(float(np.convolve(puff, kernel)[: len(t)].max()))
    return np.array(out)


_PEAK = _peaks()


def peak_kept(tau_s: float, pass_s: Floats) -> Floats:
    """The share of a Gaussian peak that a first-order lag leaves, for passes of standard deviation `pass_s`."""
    return np.asarray(np.interp(tau_s / np.maximum(pass_s, 1e-6), _RATIO, _PEAK))
