"""Find the explanation of a patrol: permitted outlets first, then as many unknown sources as pay for themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dronesampler.attribution.fit import View, explain_by_register, fit, outlet_columns
from dronesampler.attribution.model import Floats, Guess, Scene, Singles
from dronesampler.attribution.search import Grid, candidates, make_grid

ADD_NATS = 4.0  # what an unknown source must gain to enter
LEAST_GAIN = 2.5  # that a cell must promise to be tried
LARGE_BIAS_DEG = 5.0
OTHER_BIASES_DEG = (-8.0, -4.0, 4.0, 8.0)  # from the best, at which other explanations are sought
OTHERS_WITHIN = 6.0  # nats of the best that another explanation counts
BIASES_DEG = np.arange(-12.0, 12.1, 4.0)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The best explanation, and for each unknown source the best one without it."""

    view: View
    without: tuple[View, ...]
    others: tuple[View, ...] = ()  # nearly as good, with the same sources in the same order, at other wind biases

    def evidence(self, i: int) -> float:
        """Nats by which the explanation with source i beats the best one without it."""
        return self.without[i].loss - self.view.loss

    def lines(self, i: int) -> Floats:
        """The same, line by line, without priors; shape (transects,)."""
        return np.asarray(self.without[i].transect_loss - self.view.transect_loss)


class Search:
    """Looks for explanations of one scene, and remembers those it has settled on."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.seen: list[View] = []
        self._grid: Grid | None = None
        self._bias = 0.0
        self._columns: dict[float, Singles] = {}

    def grid(self, guess: Guess) -> Grid:
        """The grid of columns, made anew when the wind bias has moved."""
        if self._grid is None or abs(self._bias - guess.bias) > np.radians(2.5):
            self._bias = guess.bias
            self._grid = make_grid(self.scene, spread=guess.spread(self.scene), bias_rad=guess.bias)
        return self._grid

    def by_register(self, start: Guess, *, banned: int | None = None) -> View:
        """Permitted outlets as they explain best beside the start's unknown sources, from several wind biases.

        The scan has the outlets where the register has them, so that their columns are made once a bias.
        """
        plain = Guess.nothing(self.scene)
        start = replace(start, rise=plain.rise, east=plain.east, north=plain.north)
        tried = []
        for b in (float(b) for b in np.radians(BIASES_DEG)):
            guess = replace(start, bias=b)
            if b not in self._columns:
                self._columns[b] = outlet_columns(self.scene, guess)
            found = explain_by_register(self.scene, guess, rounds=2, banned=banned, columns=self._columns[b])
            tried.append(View(self.scene, found, columns=self._columns[b]))
        return fit(self.scene, min(tried, key=lambda v: v.loss).guess, steps=5)

    def add(self, view: View, *, count: int = 5, banned: int | None = None) -> View | None:
        """The best explanation with one more source, None where nothing is left to explain."""
        found = [c for c in candidates(self.grid(view.guess), view, count=count) if c[0] >= LEAST_GAIN]
        tried = [
            fit(self.scene, view.guess.with_source(x, y, h, float(np.log(max(q, 0.02)))), steps=4, enough=0.5)
            for _, x, y, h, q in found
        ]
        if not tried:
            return None
        return self.settle(min(tried, key=lambda v: v.loss), banned=banned)

    def settle(self, view: View, *, steps: int = 6, banned: int | None = None) -> View:
        """Let everything move, with permitted outlets free to come back."""
        one = fit(self.scene, view.guess, steps=steps)
        two = fit(self.scene, explain_by_register(self.scene, one.guess, rounds=2, banned=banned), steps=4)
        best = min(one, two, key=lambda v: v.loss)
        self.seen.append(best)
        return best

    def grow(self, view: View, *, most: int) -> View:
        """Add sources as long as each pays for itself."""
        while view.guess.unknown < most:
            more = self.add(view)
            if more is None or view.loss - more.loss < ADD_NATS:
                return view
            view = more
        return view

    def start(self, *, most: int) -> View:
        """Register first, then sources; where the register asks for a large wind bias, also from no bias at all.

        Outlets in line with an unknown source can take its plume with a wind turned just so.
        """
        bare = explain_by_register(self.scene, Guess.nothing(self.scene))
        starts = [self.by_register(bare)]
        if abs(starts[0].guess.bias) > np.radians(LARGE_BIAS_DEG):
            starts.append(fit(self.scene, bare, steps=4))
        self.seen += starts
        return min((self.grow(v, most=most) for v in starts), key=lambda v: v.loss + ADD_NATS * v.guess.unknown)

    def swap(self, view: View) -> View:
        """Try an unknown source in the place of each permitted outlet that explains something."""
        best = view
        seen = view.q * view.column.max(axis=1) if len(view.q) else view.q
        for place in np.argsort(-view.guess.rate[view.active]):
            k = view.active[place]
            if seen[place] < 2.0 * view.scene.noise[0]:
                continue
            rate = view.guess.rate.copy()
            rate[k] = 0.0
            bare = self.by_register(replace(view.guess, rate=rate), banned=int(k))
            other = self.add(bare, count=3, banned=int(k))
            if other is not None:
                other = self.settle(other, steps=3)
                if other.loss < min(best.loss, view.loss - ADD_NATS):
                    best = other
        return best

    def at_other_biases(self, view: View) -> list[View]:
        """The same sources as starts from other wind biases settle on them, the best first; `view` is not among them.

        Wind bias and places trade against one another, with more than one best: a plume that is seen far away can
        come from a place nearer in a wind turned a little.
        """
        found: list[View] = []
        for off in np.radians(OTHER_BIASES_DEG):
            start = explain_by_register(self.scene, turned(view, float(off)), rounds=2)
            other = fit(self.scene, start, steps=6, enough=0.3)
            if other.loss < view.loss + OTHERS_WITHIN and all(_differ(other, v) for v in (view, *found)):
                found.append(other)
        return sorted(found, key=lambda v: v.loss)

    def best_without(self, view: View, i: int) -> View:
        """The best explanation that does without source i: the others and the register take what they can."""
        bare = view.guess.without(i)
        tried = [fit(self.scene, bare, steps=8), self.by_register(bare)]
        x, y = view.guess.x[i], view.guess.y[i]
        tried += [
            v for v in self.seen
            if v.guess.unknown < view.guess.unknown and not (np.hypot(v.guess.x - x, v.guess.y - y) < 80.0).any()
        ]  # fmt: skip
        return min(tried, key=lambda v: v.loss)


def explain(scene: Scene, *, most: int, progress: Callable[[float], bool] = lambda _: True) -> Explanation | None:
    """The best explanation found; None when `progress` returns False."""
    search = Search(scene)
    if not progress(0.1):
        return None
    view = search.start(most=most)
    for turn in range(3):
        if not progress(0.4 + 0.15 * turn):
            return None
        other = search.swap(view)
        if other is view:
            break
        view = search.grow(other, most=most)
    others = search.at_other_biases(view) if view.guess.unknown else []
    if others and others[0].loss < view.loss:
        view, others[0] = others[0], view
        grown = search.grow(view, most=most)
        if grown is not view:
            view, others = grown, []
    if not progress(0.85):
        return None
    return Explanation(view, tuple(search.best_without(view, i) for i in range(view.guess.unknown)), tuple(others))


def turned(view: View, by_rad: float) -> Guess:
    """The guess in a wind turned by an angle, unknown sources turned with it about where their plumes were seen."""
    g, s = view.guess, view.scene.kernel.samples
    weight = view.column[len(view.active) :].astype(float)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
    east, north = g.x - weight @ s.x_m, g.y - weight @ s.y_m
    cos, sin = np.cos(by_rad), np.sin(by_rad)
    return replace(
        g, bias=g.bias + by_rad,
        x=weight @ s.x_m + cos * east - sin * north, y=weight @ s.y_m + sin * east + cos * north,
    )  # fmt: skip


def _differ(a: View, b: View) -> bool:
    """Whether two explanations are more than one best fit reached twice."""
    moved = np.hypot(a.guess.x - b.guess.x, a.guess.y - b.guess.y).max(initial=0.0)
    return bool(abs(a.guess.bias - b.guess.bias) > np.radians(0.7) or moved > 8.0)


def supporting(lines: Floats) -> int:
    """How many lines speak for a source, each with a nat at least."""
    return int((lines > 1.0).sum())


def second_support(lines: Floats) -> float:
    """What the second to fourth best line say for a source together, in nats."""
    return float(np.sort(lines)[::-1][1:4].sum())
