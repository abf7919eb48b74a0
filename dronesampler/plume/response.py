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
    """`weights[k]` are the shares, shape (n,), of the row k places before each row."""

    weights: NDArray[np.float32]

    def __call__(self, model: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the instrument shows of a model with time on the last axis, shape (..., n) in and out."""
        out: NDArray[np.float32] = model * self.weights[0]
        for k in range(1, len(self.weights)):
            out[..., k:] += model[..., :-k] * self.weights[k, k:]
        return out


def response(time_s: Floats, *, t90_s: float, delay_s: float = 0.0, step_s: float | None = None) -> Response:
    """The response of an instrument with 90 % rise time and dead time, to rows in order of time.

    The air of a row is taken to hold since the row before it, over three usual steps (`step_s`) at most.
    """
    n = len(time_s)
    tau = max(t90_s, 0.0) / LN10
    if n < 2 or tau + delay_s <= 0.0:
        return Response(np.ones((1, n), np.float32))
    step = step_s or max(float(np.median(np.diff(time_s))), 1e-3)
    depth = min(1 + math.ceil((delay_s + _TAIL * tau) / step), n - 1)
    held = np.minimum(np.diff(time_s, prepend=time_s[0] - step), 3.0 * step)
    weights = np.zeros((depth, n))
    for k in range(depth):
        age_new = time_s[k:] - time_s[: n - k] - delay_s
        weights[k, k:] = _decay(age_new, tau) - _decay(age_new + held[: n - k], tau)
    total = weights.sum(axis=0)
    weights = np.where(total > 1e-6, weights / np.maximum(total, 1e-6), 0.0)
    weights[0] += total <= 1e-6
    return Response(weights.astype(np.float32))


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
        kernel /= kernel.sum()
        out.append(float(np.convolve(puff, kernel)[: len(t)].max()))
    return np.array(out)


_PEAK = _peaks()


def peak_kept(tau_s: float, pass_s: Floats) -> Floats:
    """The share of a Gaussian peak that a first-order lag leaves, for passes of standard deviation `pass_s`."""
    return np.asarray(np.interp(tau_s / np.maximum(pass_s, 1e-6), _RATIO, _PEAK))
