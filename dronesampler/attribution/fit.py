"""Fit an explanation to a patrol: robust least squares on log-like values, Gauss-Newton with analytic derivatives.

A reading v over background b and a model m are compared as asinh((v-b)/c) and asinh(m/c) with c = noise / scatter:
additive noise and multiplicative error in one scale (the two-component error model of Rocke & Lorenzato 1995 with the
transform of Durbin et al. 2002). Residuals follow Student's t; a transect says at most so much.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.model import Floats, Guess, Scene, Singles

MOST_RISE_M = 12.0
HEIGHTS_M = (0.3, 60.0)
ACTIVE_G_S = 0.02  # less is told apart from nothing by no instrument
OUTSIDE_M = 20.0


class Point(Protocol):
    """A place in the descent, with its objective in nats."""

    loss: float


P = TypeVar("P", bound=Point)


class View:
    """A guess seen through the scene: model, residuals, weights and the objective in nats (lower is better)."""

    def __init__(self, scene: Scene, guess: Guess, *, derive: bool = False, columns: Singles | None = None) -> None:
        self.scene, self.guess = scene, guess
        self.active = a = np.flatnonzero(guess.rate > ACTIVE_G_S)
        self.q = np.r_[guess.rate[a], np.exp(guess.ln_rate)]
        if columns is None:
            self.column = self._columns(derive=derive)
        else:
            self.column = np.concatenate([columns[a], unknown_columns(scene, guess)])
        self.mu = self.q @ self.column
        self._compare()

    def _columns(self, *, derive: bool) -> Singles:
        scene, guess, a = self.scene, self.guess, self.active
        x = np.r_[scene.outlet_x[a] + guess.east[a], guess.x]
        y = np.r_[scene.outlet_y[a] + guess.north[a], guess.y]
        h = np.r_[scene.outlet_h[a] + guess.rise[a], guess.h]
        spread = guess.spread(scene)
        if derive:
            column, self.gradient = scene.kernel.columns_and_gradient(x, y, h, spread=spread, bias_rad=guess.bias)
        else:
            column = scene.kernel.columns(x, y, h, spread=spread, bias_rad=guess.bias)
        return scene.response(column)

    def _compare(self) -> None:
        s, m = self.scene, self.scene.model
        self.c = s.noise / m.scatter
        self.over = (s.value - self.guess.background @ s.hats) / self.c
        self.e = (np.arcsinh(self.over) - np.arcsinh(self.mu / self.c)) / m.scatter
        self.share = s.share
        loss = (0.5 * (m.heavy + 1.0) * np.log1p(self.e**2 / m.heavy) + 0.5 * np.log1p(self.over**2)) * self.share
        per = np.bincount(s.transect, loss, s.transects)
        clean = 0.5 * np.bincount(s.transect, self.share, s.transects)  # what honest noise costs
        extra = np.maximum(per - clean, 0.0)
        capped = m.cap * np.tanh(extra / m.cap)
        self.transect_loss = np.minimum(per, clean) + capped
        held = (1.0 - (capped / m.cap) ** 2)[s.transect]
        self.weight = (m.heavy + 1.0) / (m.heavy + self.e**2) * self.share * np.maximum(held, 0.05)
        self.prior = prior_loss(s, self.guess)
        self.loss = float(self.transect_loss.sum()) + self.prior


def prior_loss(scene: Scene, g: Guess) -> float:
    """What the guess costs before looking, in nats."""
    m = scene.model
    a = g.rate > ACTIVE_G_S
    terms = [
        (g.bias / np.radians(m.bias_deg)) ** 2,
        (g.ln_y / m.scale_y_sd) ** 2,
        (g.ln_z / m.scale_z_sd) ** 2,
        np.sum(((g.rise[a] - m.rise_m[0]) / m.rise_m[1]) ** 2),
        np.sum((g.east[a] ** 2 + g.north[a] ** 2) / m.register_m**2),
        np.sum(((g.h - m.height_m[0]) / m.height_m[1]) ** 2),
        np.sum(((g.ln_rate - m.ln_rate[0]) / m.ln_rate[1]) ** 2),
    ]
    terms.append(np.sum(((g.background - scene.level) / m.background_sd) ** 2))
    terms.append(sum(float(np.sum(o**2)) for o in outside_m(scene, g)) / OUTSIDE_M**2)
    return 0.5 * float(sum(terms))


def outside_m(scene: Scene, g: Guess) -> tuple[Floats, Floats]:
    """How far each unknown source stands outside the area looked at, east and north."""
    west, south, east, north = scene.box
    return g.x - np.clip(g.x, west, east), g.y - np.clip(g.y, south, north)


def normal_equations(view: View) -> tuple[Floats, Floats]:
    """J^T W J and J^T W e with the priors, parameters in the order of `moved`."""
    s, g, m = view.scene, view.guess, view.scene.model
    k, u = len(view.active), g.unknown
    slope = 1.0 / (m.scatter * np.hypot(view.mu, view.c))
    gr, q = view.gradient, view.q[:, None]
    raw = [
        (view.q @ gr.bias)[None], (view.q @ gr.scale_y)[None], (view.q @ gr.scale_z)[None],
        gr.h[:k] * q[:k], gr.x[:k] * q[:k], gr.y[:k] * q[:k],
        gr.x[k:] * q[k:], gr.y[k:] * q[k:], gr.h[k:] * q[k:],
    ]  # fmt: skip
    lagged = s.response(np.concatenate(raw))
    rows = np.concatenate([lagged[:3], view.column[:k], lagged[3:], view.column[k:] * q[k:]]) * slope
    hats = s.hats / (m.scatter * view.c * np.sqrt(1.0 + view.over**2))
    jac = np.concatenate([hats.astype(np.float32), rows.astype(np.float32)])
    weighted = jac * view.weight.astype(np.float32)
    n = len(hats)
    lift = view.share / (view.c**2 * (1.0 + view.over**2))  # of the transform's own density
    matrix = (weighted @ jac.T).astype(float)
    matrix[:n, :n] += (s.hats * lift) @ s.hats.T
    pull_all = (weighted @ view.e.astype(np.float32)).astype(float)
    pull_all[:n] += s.hats @ (lift * view.over * view.c)
    precision, pull = _priors(view, n, k=k, u=u)
    return matrix + np.diag(precision), pull_all + pull


def _priors(view: View, n: int, *, k: int, u: int) -> tuple[Floats, Floats]:
    m, g, a = view.scene.model, view.guess, view.active
    sd = np.r_[
        np.full(n, m.background_sd), np.radians(m.bias_deg), m.scale_y_sd, m.scale_z_sd,
        np.full(k, 1e3), np.full(k, m.rise_m[1]),
        np.full(2 * k, m.register_m), np.full(2 * u, OUTSIDE_M), np.full(u, m.height_m[1]), np.full(u, m.ln_rate[1]),
    ]  # fmt: skip
    off = np.r_[
        g.background - view.scene.level, g.bias, g.ln_y, g.ln_z, np.zeros(k), g.rise[a] - m.rise_m[0],
        g.east[a], g.north[a], *outside_m(view.scene, g), g.h - m.height_m[0], g.ln_rate - m.ln_rate[0],
    ]  # fmt: skip
    return 1.0 / sd**2, -off / sd**2


def moved(view: View, step: Floats) -> Guess:
    """The guess after a step, kept within what is possible."""
    g, k, u = view.guess, len(view.active), view.guess.unknown
    n, a = len(g.background), view.active
    part = np.split(step, np.cumsum([n, 3, k, k, k, k, u, u, u]))
    rate, rise, east, north = g.rate.copy(), g.rise.copy(), g.east.copy(), g.north.copy()
    rate[a] = np.maximum(rate[a] + part[2], 0.3 * rate[a] * (rate[a] > 2 * ACTIVE_G_S))
    rise[a] = np.clip(rise[a] + np.clip(part[3], -4, 4), 0.0, MOST_RISE_M)
    east[a] += np.clip(part[4], -6, 6)
    north[a] += np.clip(part[5], -6, 6)
    far = np.maximum(np.hypot(part[6], part[7]) / 40.0, 1.0)
    return replace(
        g,
        background=g.background + part[0],
        bias=float(np.clip(g.bias + np.clip(part[1][0], -0.1, 0.1), -0.35, 0.35)),
        ln_y=float(np.clip(g.ln_y + np.clip(part[1][1], -0.3, 0.3), -1.2, 1.2)),
        ln_z=float(np.clip(g.ln_z + np.clip(part[1][2], -0.3, 0.3), -1.2, 1.2)),
        rate=rate, rise=rise, east=east, north=north,
        x=g.x + part[6] / far, y=g.y + part[7] / far,
        h=np.clip(g.h + np.clip(part[8], -5, 5), *HEIGHTS_M),
        ln_rate=np.clip(g.ln_rate + np.clip(part[9], -1, 1), -6.0, 6.0),
    )  # fmt: skip


def fit(scene: Scene, guess: Guess, *, steps: int = 12, enough: float = 0.05) -> View:
    """The nearest best explanation from a start, reached by `descend`."""
    start = View(scene, guess, derive=True)
    return descend(start, equations=normal_equations, stepped=_stepped, steps=steps, enough=enough)


def _stepped(view: View, step: Floats) -> View:
    return View(view.scene, moved(view, step), derive=True)


def descend(
    start: P,
    *,
    equations: Callable[[P], tuple[Floats, Floats]],
    stepped: Callable[[P, Floats], P],
    steps: int,
    enough: float,
) -> P:
    """Levenberg-Marquardt until a step gains less than `enough` nats.

    `equations` are the normal equations (n, n), (n,) at a point, `stepped` is the point that lies a step (n,) from it.
    """
    best, damping = start, 1e-2
    for _ in range(steps):
        matrix, pull = equations(best)
        scale = np.diag(matrix)
        for _ in range(5):
            step = np.asarray(np.linalg.solve(matrix + np.diag(damping * scale + 1e-12), pull), float)
            tried = stepped(best, step)
            if tried.loss < best.loss:
                break
            damping *= 8.0
        else:
            return best
        gain, best = best.loss - tried.loss, tried
        damping = max(damping / 6.0, 1e-5)
        if gain < enough:
            break
    return best


def explain_by_register(
    scene: Scene, guess: Guess, *, rounds: int = 4, banned: int | None = None, columns: Singles | None = None
) -> Guess:
    """The permitted outlets' rates and the background that fit best with everything else held, rates at least zero.

    `columns` (k, n) are the outlets' where they are known already; `banned` is an outlet that must not emit.
    """
    g = guess
    column = outlet_columns(scene, g) if columns is None else columns
    if banned is not None:
        column = column.copy()
        column[banned] = 0.0
    fixed = np.exp(g.ln_rate) @ unknown_columns(scene, g)
    rate, background = g.rate.copy(), g.background.copy()
    m = scene.model
    c = scene.noise / m.scatter
    rows = np.concatenate([scene.hats.astype(np.float32), column])
    for _ in range(rounds):
        mu = rate @ column + fixed
        r = scene.value - background @ scene.hats - mu
        var = m.scatter**2 * (c**2 + np.maximum(mu, 0.5 * (mu + scene.strength)) ** 2)
        w = scene.share / var * (m.heavy + 1.0) / (m.heavy + r**2 / var)
        a = ((rows * w.astype(np.float32)) @ rows.T).astype(float)
        b = rows @ (w * (scene.value - fixed))
        n = len(scene.hats)
        a[:n, :n] += np.eye(n) / m.background_sd**2
        b[:n] += scene.level / m.background_sd**2
        both = _at_least_zero(a, b, free=len(scene.hats))
        background, rate = both[: len(scene.hats)], both[len(scene.hats) :]
    return replace(g, rate=rate, background=background)


def outlet_columns(scene: Scene, g: Guess) -> Singles:
    """The permitted outlets' columns (k, n) as the guess places them."""
    x, y, h = scene.outlet_x + g.east, scene.outlet_y + g.north, scene.outlet_h + g.rise
    return scene.response(scene.kernel.columns(x, y, h, spread=g.spread(scene), bias_rad=g.bias))


def unknown_columns(scene: Scene, g: Guess) -> Singles:
    """The unknown sources' columns (m, n)."""
    if not g.unknown:
        return np.zeros((0, len(scene.value)), np.float32)
    return scene.response(scene.kernel.columns(g.x, g.y, g.h, spread=g.spread(scene), bias_rad=g.bias))


def _at_least_zero(a: Floats, b: Floats, *, free: int) -> Floats:
    """min x'ax/2 - b'x with all but the first `free` at least zero (active set, Lawson & Hanson 1974, ch. 23)."""
    n = len(b)
    a = a + np.diag(1e-9 * np.diag(a) + 1e-12)
    inside = np.zeros(n, bool)
    inside[:free] = True
    x = np.zeros(n)
    for _ in range(3 * n):
        x = _solved(a, b, inside)
        while x[free:].min(initial=0.0) < 0.0:
            inside[free:] &= x[free:] > 0.0
            x = _solved(a, b, inside)
        slack = np.where(inside, -np.inf, (b - a @ x) / np.sqrt(np.diag(a)))
        if slack.max() <= 1e-6:
            break
        inside[int(slack.argmax())] = True
    return x


def _solved(a: Floats, b: Floats, inside: NDArray[np.bool_]) -> Floats:
    x = np.zeros(len(b))
    index = np.flatnonzero(inside)
    x[index] = np.linalg.solve(a[np.ix_(index, index)], b[index])
    return x
