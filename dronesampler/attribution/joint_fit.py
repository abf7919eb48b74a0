"""Fit one explanation to several flights over one park: the same unknown sources, all else of each flight its own.

Each flight has its background, wind bias, plume widths and permitted outlets' rates. An unknown source stands at one
place and height; its rate may differ from flight to flight by `TIE` (one standard deviation of ln rate). The normal
equations of the flights are added where they share an unknown.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.fit import OUTSIDE_M, View, descend, moved, normal_equations, outside_m
from dronesampler.attribution.model import Floats, Guess, Scene

TIE = 0.5


class Joint:
    """One explanation seen through all flights: their views, and the objective in nats (lower is better)."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = tuple(views)
        self.loss = sum(v.loss for v in views) - _shared_prior(self.views)

    @property
    def guesses(self) -> tuple[Guess, ...]:
        return tuple(v.guess for v in self.views)

    @property
    def unknown(self) -> int:
        return self.views[0].guess.unknown

    @property
    def transect_loss(self) -> Floats:
        """Line by line, flight after flight, without priors."""
        return np.concatenate([v.transect_loss for v in self.views])


def in_one_box(scenes: Sequence[Scene]) -> tuple[Scene, ...]:
    """The scenes with the area that all of them together looked at: a source may stand where only one has flown."""
    boxes = np.array([s.box for s in scenes])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return tuple(replace(s, box=box) for s in scenes)


def fit_jointly(scenes: Sequence[Scene], guesses: Sequence[Guess], *, steps: int = 12, enough: float = 0.05) -> Joint:
    """The nearest best explanation from a start, whose guesses must place the unknown sources alike."""
    start = Joint([View(s, g, derive=True) for s, g in zip(scenes, guesses, strict=True)])
    return descend(start, equations=joint_equations, stepped=_stepped, steps=steps, enough=enough)


def _stepped(joint: Joint, step: Floats) -> Joint:
    parts = zip(joint.views, unknowns_of(joint), strict=True)
    return Joint([View(v.scene, moved(v, step[at]), derive=True) for v, at in parts])


def unknowns_of(joint: Joint) -> tuple[NDArray[np.intp], ...]:
    """Which unknowns of the whole each flight's own are, in its own order.

    Order of the whole: what belongs to each flight alone, then east, north, height of the shared sources, then each
    flight's rates.
    """
    u = joint.unknown
    own = [_own_unknowns(v) for v in joint.views]
    edge, shared = np.r_[0, np.cumsum(own)], first_shared(joint)
    return tuple(
        np.r_[edge[f] : edge[f + 1], shared : shared + 3 * u, shared + (3 + f) * u : shared + (4 + f) * u]
        for f in range(len(own))
    )


def first_shared(joint: Joint) -> int:
    """The first of the unknowns that the flights share."""
    return sum(_own_unknowns(v) for v in joint.views)


def _own_unknowns(view: View) -> int:
    """How many belong to a flight alone: background, wind bias and widths, permitted outlets."""
    return len(view.guess.background) + 3 + 4 * len(view.active)


def joint_equations(joint: Joint) -> tuple[Floats, Floats]:
    """The flights' normal equations put together, in the order of `unknowns_of`."""
    u, shared = joint.unknown, first_shared(joint)
    size = shared + (3 + len(joint.views)) * u
    matrix, pull = np.zeros((size, size)), np.zeros(size)
    for view, at in zip(joint.views, unknowns_of(joint), strict=True):
        part, force = normal_equations(view)
        matrix[np.ix_(at, at)] += part
        pull[at] += force
    if u:
        _share_priors(joint, matrix, pull, shared)
    return matrix, pull


def _share_priors(joint: Joint, matrix: Floats, pull: Floats, shared: int) -> None:
    """Each flight brought the priors of the shared sources: count them once, and tie the rates; in place."""
    views, u, flights = joint.views, joint.unknown, len(joint.views)
    g, m = views[0].guess, views[0].scene.model
    sd = np.r_[np.full(2 * u, OUTSIDE_M), np.full(u, m.height_m[1])]
    off = np.r_[np.concatenate(outside_m(views[0].scene, views[0].guess)), g.h - m.height_m[0]]
    at = np.arange(shared, shared + 3 * u)
    matrix[at, at] -= (flights - 1) / sd**2
    pull[at] += (flights - 1) * off / sd**2
    tied = np.linalg.inv(_rate_covariance(views)) - np.eye(flights) / m.ln_rate[1] ** 2
    away = _rates(views) - m.ln_rate[0]
    for i in range(u):
        rates = shared + (3 + np.arange(flights)) * u + i
        matrix[np.ix_(rates, rates)] += tied
        pull[rates] -= tied @ away[:, i]


def _rate_covariance(views: tuple[View, ...]) -> Floats:
    """Of one source's ln rates in the flights: what they share, and what differs."""
    flights, sd = len(views), views[0].scene.model.ln_rate[1]
    return np.full((flights, flights), sd**2) + TIE**2 * np.eye(flights)


def _rates(views: tuple[View, ...]) -> Floats:
    """(flights, sources) ln rates."""
    return np.stack([v.guess.ln_rate for v in views])


def _shared_prior(views: tuple[View, ...]) -> float:
    """What the sum of the flights' objectives has too much: shared priors counted again, rates as if untied."""
    m, g = views[0].scene.model, views[0].guess
    if not g.unknown:
        return 0.0
    away = _rates(views) - m.ln_rate[0]
    untied = float(np.sum(away**2)) / m.ln_rate[1] ** 2
    tied = float(np.einsum("fi,fg,gi->", away, np.linalg.inv(_rate_covariance(views)), away))
    place = float(np.sum(((g.h - m.height_m[0]) / m.height_m[1]) ** 2))
    place += sum(float(np.sum(o**2)) for o in outside_m(views[0].scene, views[0].guess)) / OUTSIDE_M**2
    return 0.5 * ((len(views) - 1) * place + untied - tied)
