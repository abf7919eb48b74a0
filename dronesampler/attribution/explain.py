"""Find the explanation of a patrol: permitted outlets first, then as many unknown sources as pay for themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.fit import View, explain_by_register, fit
from dronesampler.attribution.model import Floats, Guess, Scene
from dronesampler.attribution.search import Grid, candidates, make_grid

ADD_NATS = 6.0  # what an unknown source must gain to enter
BIASES_DEG = np.arange(-12.0, 12.1, 3.0)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The best explanation, and for each unknown source the best one without it."""

    view: View
    without: tuple[View, ...]

    def evidence(self, i: int) -> float:
        """Nats by which the explanation with source i beats the best one without it."""
        return self.without[i].loss - self.view.loss

    def lines(self, i: int) -> Floats:
        """The same, line by line, without priors; shape (transects,)."""
        return np.asarray(self.without[i].transect_loss - self.view.transect_loss)


class Search:
    """Keeps the grid of a scene while the wind bias stays put."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._grid: Grid | None = None
        self._bias = 0.0

    def grid(self, guess: Guess) -> Grid:
        if self._grid is None or abs(self._bias - guess.bias) > np.radians(2.5):
            self._bias = guess.bias
            self._grid = make_grid(self.scene, spread=guess.spread(self.scene), bias_rad=guess.bias)
        return self._grid

    def register_only(self) -> View:
        """Permitted outlets alone, from the best of several wind biases."""
        scene = self.scene
        start = explain_by_register(scene, Guess.nothing(scene), rounds=4)
        tried = [
            View(scene, explain_by_register(scene, replace(start, bias=float(b)), rounds=2))
            for b in np.radians(BIASES_DEG)
        ]
        return fit(scene, min(tried, key=lambda v: v.loss).guess, steps=6)

    def add(self, view: View, *, count: int = 6) -> View | None:
        """The best explanation with one more source, None where nothing is left to explain."""
        found = [c for c in candidates(self.grid(view.guess), view, count=count) if c[0] >= 3.0]
        tried = [
            fit(self.scene, view.guess.with_source(x, y, h, float(np.log(max(q, 0.02)))), steps=4, enough=0.5)
            for _, x, y, h, q in found
        ]
        if not tried:
            return None
        return self.settle(min(tried, key=lambda v: v.loss))

    def settle(self, view: View, *, steps: int = 6) -> View:
        """Let everything move, with permitted outlets free to come back."""
        one = fit(self.scene, view.guess, steps=steps)
        two = fit(self.scene, explain_by_register(self.scene, one.guess, rounds=2), steps=4)
        return min(one, two, key=lambda v: v.loss)

    def best_without(self, view: View, i: int) -> View:
        """The best explanation that does without source i: the others and the register take what they can."""
        bare = view.guess.without(i)
        tried = [fit(self.scene, bare, steps=8), fit(self.scene, explain_by_register(self.scene, bare), steps=8)]
        return min(tried, key=lambda v: v.loss)


def explain(scene: Scene, *, most: int, progress: Callable[[float], bool] = lambda _: True) -> Explanation | None:
    """The best explanation found; None when `progress` returns False."""
    search = Search(scene)
    view = search.register_only()
    for i in range(most):
        if not progress(0.2 + 0.6 * i / most):
            return None
        more = search.add(view)
        if more is None or view.loss - more.loss < ADD_NATS:
            break
        view = more
    return Explanation(view, tuple(search.best_without(view, i) for i in range(view.guess.unknown)))


def supporting(lines: NDArray[np.floating]) -> int:
    """How many lines speak for a source: one at 3 sigma (4.5 nats) or several at half of it."""
    return int((lines > 2.0).sum())
