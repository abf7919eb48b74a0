"""Where a source of several flights stands: the flights' likelihoods multiplied over one lattice of places.

The lattice lies along the axes of the joint fit's own covariance. At each place and height a flight's likelihood is
summed over its rate, and the rates of the flights are tied to one that all share.
"""

from dataclasses import dataclass

import numpy as np

from dronesampler.attribution.joint_fit import TIE, Joint, first_shared, joint_equations
from dronesampler.attribution.model import Floats
from dronesampler.attribution.place import HEIGHTS_M, PlaceFound, losses

STEPS = np.linspace(-3.0, 3.0, 13)
REACH_M = (6.0, 40.0)  # least and largest standard deviation that the lattice is laid out for
TEMPER = 0.45  # flights share what the plume model gets wrong, so the likelihood is blunter than for one
LN_RATES = np.linspace(-1.8, 1.8, 13)


@dataclass(frozen=True, slots=True)
class JointCovariance:
    """Of all unknowns of a joint fit, and which of them a source's place and rates are."""

    matrix: Floats
    shared: int  # the first of the unknowns that the flights share
    unknown: int

    def place(self, i: int) -> Floats:
        """(2, 2) of east and north of source i."""
        at = np.array([self.shared + i, self.shared + self.unknown + i])
        return np.asarray(self.matrix[np.ix_(at, at)])


def joint_covariance(joint: Joint) -> JointCovariance:
    """From the curvature at the best explanation."""
    matrix, _ = joint_equations(joint)
    inverse = np.linalg.inv(matrix + np.diag(1e-12 + 1e-9 * np.abs(np.diag(matrix))))
    return JointCovariance(np.asarray(inverse), first_shared(joint), joint.unknown)


def joint_place(joint: Joint, i: int, covariance: JointCovariance) -> PlaceFound:
    """The posterior of unknown source i about the joint fit; `ln_rate` is what the flights share."""
    g, m = joint.guesses[0], joint.views[0].scene.model
    values, axes = np.linalg.eigh(covariance.place(i))
    reach = np.clip(np.sqrt(np.maximum(values, 0.0)), *REACH_M)
    a, b, h = (v.ravel() for v in np.meshgrid(STEPS * reach[1], STEPS * reach[0], HEIGHTS_M, indexing="ij"))
    x, y = g.x[i] + a * axes[0, 1] + b * axes[0, 0], g.y[i] + a * axes[1, 1] + b * axes[1, 0]
    ln_q = float(np.mean([v.guess.ln_rate[i] for v in joint.views])) + LN_RATES
    log = (
        -0.5 * ((h[:, None] - m.height_m[0]) / m.height_m[1]) ** 2
        - 0.5 * ((ln_q[None, :] - m.ln_rate[0]) / m.ln_rate[1]) ** 2
    )
    tied = np.exp(-0.5 * ((ln_q[:, None] - ln_q[None, :]) / TIE) ** 2)
    for f in range(len(joint.views)):
        loss = _flight_loss(joint, f, i, at=(x, y, h), ln_q=ln_q)
        lowest = loss.min(axis=1, keepdims=True)
        log += np.log(np.exp(lowest - loss) @ tied + 1e-300) - lowest
    weight = np.exp(TEMPER * (log - log.max()))
    weight /= weight.sum()
    return _moments(weight, np.stack([x, y]), h, ln_q)


def _flight_loss(joint: Joint, f: int, i: int, *, at: tuple[Floats, Floats, Floats], ln_q: Floats) -> Floats:
    """One flight's objective with source i at each place (k) and each rate (r); shape (k, r)."""
    view, g = joint.views[f], joint.guesses[f]
    scene = view.scene
    column = scene.response(scene.kernel.columns(*at, spread=g.spread(scene), bias_rad=g.bias))
    own = view.q[len(view.active) + i] * view.column[len(view.active) + i]
    rows = np.flatnonzero((column.max(axis=0) > 0.02) | (own > 0.3 * view.c))
    if not len(rows):
        return np.zeros((len(column), len(ln_q)))
    rest, column = (view.mu - own)[rows].astype(np.float32), column[:, rows]
    return np.stack([losses(view, rows, rest + np.float32(np.exp(q)) * column) for q in ln_q], axis=1)


def _moments(weight: Floats, offset: Floats, h: Floats, ln_q: Floats) -> PlaceFound:
    by_place, by_rate = weight.sum(axis=1), weight.sum(axis=0)
    mean = offset @ by_place
    apart = offset - mean[:, None]
    ln_rate = float(by_rate @ ln_q)
    return PlaceFound(
        x=float(mean[0]), y=float(mean[1]), covariance=(apart * by_place) @ apart.T, h=float(h @ by_place),
        ln_rate=ln_rate, ln_rate_sd=float(np.sqrt(by_rate @ (ln_q - ln_rate) ** 2)),
    )  # fmt: skip
