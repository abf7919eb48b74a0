"""Where a source stands, and how sure: the posterior over a lattice along the wind, with height and rate let go.

The best fit alone is too sure of itself: range, height and rate trade against one another along a curved ridge. So the
likelihood is summed over a lattice of places (along the wind, across it) and heights, with the best rate at each, all
else held; it is made blunter (`TEMPER`) because the errors of a crossing hang together. What the held parameters (wind
bias, widths, other sources) add is taken from the curvature at the best fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.fit import View
from dronesampler.attribution.model import Floats

ALONG_M = np.arange(-84.0, 84.1, 14.0)
ACROSS_M = np.arange(-18.0, 18.1, 6.0)
HEIGHTS_M = np.array([3.5, 7.5, 11.5, 16.0])
LN_RATES = np.array([-1.2, -0.7, -0.3, 0.0, 0.3, 0.7, 1.2])
TEMPER = 0.7
LEAST_WEIGHT = 0.08  # of an explanation that is looked at


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """Mean and covariance of east and north, mean height, mean and sd of ln rate."""

    x: float
    y: float
    covariance: Floats
    h: float
    ln_rate: float
    ln_rate_sd: float


def place_of(view: View, i: int) -> PlaceFound:
    """The posterior of unknown source i about its best fit."""
    scene, g, m = view.scene, view.guess, view.scene.model
    ea, ec = scene.kernel.axes(g.bias)
    a, c, h = (v.ravel() for v in np.meshgrid(ALONG_M, ACROSS_M, HEIGHTS_M, indexing="ij"))
    x, y = g.x[i] + a * ea[0] + c * ec[0], g.y[i] + a * ea[1] + c * ec[1]
    column = scene.response(scene.kernel.columns(x, y, h, spread=g.spread(scene), bias_rad=g.bias))
    own = view.q[len(view.active) + i] * view.column[len(view.active) + i]
    rows = np.flatnonzero((column.max(axis=0) > 0.02) | (own > 0.3 * view.c))
    rest = (view.mu - own)[rows].astype(np.float32)
    column = column[:, rows]
    ln_q = first_rates(column, view, rows, rest)[:, None] + LN_RATES[None, :]
    loss = np.stack([losses(view, rows, rest + np.exp(q)[:, None] * column) for q in ln_q.T.astype(np.float32)], axis=1)
    loss += (
        0.5 * ((h[:, None] - m.height_m[0]) / m.height_m[1]) ** 2 + 0.5 * ((ln_q - m.ln_rate[0]) / m.ln_rate[1]) ** 2
    )
    weight = np.exp(-TEMPER * (loss - loss.min()))
    weight /= weight.sum()
    by_place = weight.sum(axis=1)
    ln_rate = float((weight * ln_q).sum())
    offset = np.stack([x, y])
    mean = offset @ by_place
    apart = offset - mean[:, None]
    return PlaceFound(
        x=float(mean[0]), y=float(mean[1]), covariance=(apart * by_place) @ apart.T, h=float(h @ by_place),
        ln_rate=ln_rate, ln_rate_sd=float(np.sqrt((weight * (ln_q - ln_rate) ** 2).sum())),
    )  # fmt: skip


def place_among(views: Sequence[View], i: int) -> PlaceFound:
    """The posterior of unknown source i over several explanations, each weighed by how well it explains."""
    best = min(v.loss for v in views)
    weights = np.array([np.exp(-TEMPER * (v.loss - best)) for v in views])
    weights /= weights.sum()
    found = [(w, place_of(v, i)) for w, v in zip(weights, views, strict=True) if w > LEAST_WEIGHT]
    if len(found) == 1:
        return found[0][1]
    share = np.array([w for w, _ in found]) / sum(w for w, _ in found)
    at = np.array([(p.x, p.y, p.h, p.ln_rate) for _, p in found])
    mean = share @ at
    apart = (at - mean)[:, :2]
    covariance = sum(w * p.covariance for w, (_, p) in zip(share, found, strict=True)) + (apart.T * share) @ apart
    sd2 = share @ (np.array([p.ln_rate_sd for _, p in found]) ** 2 + (at[:, 3] - mean[3]) ** 2)
    x, y, h, ln_rate = (float(v) for v in mean)
    return PlaceFound(x, y, np.asarray(covariance), h, ln_rate, float(np.sqrt(sd2)))


def first_rates(column: NDArray[np.float32], view: View, rows: NDArray[np.intp], rest: NDArray[np.float32]) -> Floats:
    """ln of the rate that fits best in the least-squares sense at each place."""
    scene, m = view.scene, view.scene.model
    excess = (view.over * view.c)[rows] - rest
    var = m.scatter**2 * (view.c[rows] ** 2 + np.maximum(scene.strength[rows], rest) ** 2)
    w = (scene.share[rows] / var).astype(np.float32)
    q = (column @ (w * excess)) / np.maximum(np.square(column) @ w, 1e-9)
    return np.asarray(np.log(np.clip(q, 0.02, 50.0)), float)


def losses(view: View, rows: NDArray[np.intp], mu: NDArray[np.float32]) -> Floats:
    """The objective of `View` over some rows for many models (k, rows), without its priors."""
    scene, m = view.scene, view.scene.model
    c = view.c[rows].astype(np.float32)
    e = (np.arcsinh(view.over[rows]).astype(np.float32) - np.arcsinh(mu / c)) / np.float32(m.scatter)
    share = scene.share[rows].astype(np.float32)
    loss = np.float32(0.5 * (m.heavy + 1.0)) * np.log1p(e * e / np.float32(m.heavy)) * share
    starts = np.flatnonzero(np.r_[True, np.diff(scene.transect[rows]) > 0])
    per = np.add.reduceat(loss, starts, axis=1).astype(float)
    clean = 0.5 * np.add.reduceat(share, starts)
    extra = np.maximum(per - clean, 0.0)
    return np.asarray((np.minimum(per, clean) + m.cap * np.tanh(extra / m.cap)).sum(axis=1))
