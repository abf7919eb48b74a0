"""Find the explanation of several flights together: each flight's own first, then what all of them agree on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronesampler.attribution.explain import ADD_NATS, Explanation, Search
from dronesampler.attribution.fit import View, explain_by_register
from dronesampler.attribution.joint_fit import Joint, fit_jointly, in_one_box
from dronesampler.attribution.model import Floats, Guess, Scene
from dronesampler.attribution.search import candidates

SAME_SOURCE_M = 45.0  # two flights' places nearer than this are first taken for one source
APART_M = 25.0
CLOSE_M, CLOSE_NATS = 60.0, 25.0  # what the plume model gets wrong, much data explains by two sources side by side
LEAST_GAIN = 1.5
MANY = 5  # candidates tried at a time


@dataclass(frozen=True, slots=True)
class JointExplanation:
    """The best explanation of all flights, and for each unknown source the best one without it."""

    joint: Joint
    without: tuple[Joint, ...]

    def evidence(self, i: int) -> float:
        """Nats by which the explanation with source i beats the best one without it, over all flights."""
        return self.without[i].loss - self.joint.loss

    def lines(self, i: int) -> Floats:
        """The same, line by line of all flights, without priors."""
        return np.asarray(self.without[i].transect_loss - self.joint.transect_loss)

    def of_flight(self, f: int) -> Explanation:
        """What it says of one of the flights."""
        return Explanation(self.joint.views[f], tuple(w.views[f] for w in self.without))


class JointSearch:
    """Looks for explanations of several scenes at once, and remembers those it has settled on."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self.scenes = in_one_box(scenes)
        self.searches = [Search(s) for s in self.scenes]
        self.seen: list[Joint] = []

    def fit(self, guesses: Sequence[Guess], *, steps: int, enough: float = 0.05) -> Joint:
        return fit_jointly(self.scenes, guesses, steps=steps, enough=enough)

    def by_register(self, starts: Sequence[Guess], *, banned: int | None = None) -> Joint:
        """Permitted outlets as they explain each flight best beside the starts' unknown sources."""
        found = [s.by_register(g, banned=banned).guess for s, g in zip(self.searches, starts, strict=True)]
        return self.fit([_placed(g, start) for g, start in zip(found, starts, strict=True)], steps=5)

    def settle(self, joint: Joint, *, steps: int = 6, banned: int | None = None) -> Joint:
        """Let everything move, with permitted outlets free to come back."""
        one = self.fit(joint.guesses, steps=steps)
        back = [
            explain_by_register(s, g, rounds=2, banned=banned) for s, g in zip(self.scenes, one.guesses, strict=True)
        ]
        best = min(one, self.fit(back, steps=4), key=lambda j: j.loss)
        self.seen.append(best)
        return best

    def add(self, joint: Joint, *, count: int = MANY, banned: int | None = None) -> Joint | None:
        """The best explanation with one more source, None where nothing is left to explain."""
        tried = [
            self.fit([g.with_source(x, y, h, float(np.log(max(q, 0.02)))) for g in joint.guesses], steps=4, enough=0.5)
            for x, y, h, q in self._candidates(joint, count)
        ]
        if not tried:
            return None
        return self.settle(min(tried, key=lambda j: j.loss), banned=banned)

    def _candidates(self, joint: Joint, count: int) -> list[tuple[float, float, float, float]]:
        """The best places of each flight (x, y, h, rate), best first, none twice."""
        found = [
            c for search, view in zip(self.searches, joint.views, strict=True)
            for c in candidates(search.grid(view.guess), view, count=count) if c[0] >= LEAST_GAIN
        ]  # fmt: skip
        kept: list[tuple[float, float, float, float]] = []
        for _, x, y, h, q in sorted(found, key=lambda c: -c[0]):
            if len(kept) < count and all(np.hypot(x - k[0], y - k[1]) > APART_M for k in kept):
                kept.append((x, y, h, q))
        return kept

    def grow(self, joint: Joint, *, most: int) -> Joint:
        """Add sources as long as each pays for itself."""
        while joint.unknown < most:
            more = self.add(joint)
            if more is None or joint.loss - more.loss < _price(more, more.unknown - 1):
                return joint
            joint = more
        return joint

    def prune(self, joint: Joint) -> Joint:
        """Take sources away that do not pay for themselves."""
        while joint.unknown:
            less = [(self.best_without(joint, i), _price(joint, i)) for i in range(joint.unknown)]
            cheapest, price = min(less, key=lambda p: p[0].loss - p[1])
            if cheapest.loss - joint.loss >= price:
                return joint
            joint = cheapest
        return joint

    def swap(self, joint: Joint) -> Joint:
        """Try an unknown source in the place of each permitted outlet that explains something in any flight."""
        best = joint
        for k in _emitting(joint.views):
            starts = [replace(g, rate=np.where(np.arange(len(g.rate)) == k, 0.0, g.rate)) for g in joint.guesses]
            other = self.add(self.by_register(starts, banned=k), count=3, banned=k)
            if other is not None:
                other = self.settle(other, steps=3)
                if other.loss < min(best.loss, joint.loss - ADD_NATS):
                    best = other
        return best

    def best_without(self, joint: Joint, i: int) -> Joint:
        """The best explanation that does without source i: the others and the register take what they can."""
        bare = [g.without(i) for g in joint.guesses]
        tried = [self.fit(bare, steps=8), self.by_register(bare)]
        x, y = joint.guesses[0].x[i], joint.guesses[0].y[i]
        tried += [j for j in self.seen if j.unknown < joint.unknown and not _stands_near(j, x, y)]
        return min(tried, key=lambda j: j.loss)

    def start(self, singles: Sequence[View], *, most: int) -> Joint:
        """From what each flight alone was explained by, without what does not pay in all of them, or from nothing."""
        places = _merged(singles)
        if not len(places):
            bare = self.by_register([explain_by_register(s, Guess.nothing(s)) for s in self.scenes])
            self.seen.append(bare)
            return self.grow(bare, most=most)
        guesses = [_with(v.guess, places) for v in singles]
        back = [explain_by_register(s, g, rounds=3) for s, g in zip(self.scenes, guesses, strict=True)]
        return self.grow(self.prune(self.settle(self.fit(back, steps=8))), most=most)


def explain_jointly(
    scenes: Sequence[Scene], *, most: int, progress: Callable[[float], bool] = lambda _: True
) -> JointExplanation | None:
    """The best explanation of all flights found; None when `progress` returns False."""
    search = JointSearch(scenes)
    singles = []
    for f, alone in enumerate(search.searches):
        if not progress(0.5 * f / len(scenes)):
            return None
        singles.append(alone.start(most=most))
    joint = search.start(singles, most=most)
    if not progress(0.7):
        return None
    other = search.swap(joint)
    if other is not joint:
        joint = search.prune(search.grow(other, most=most))
    if not progress(0.9):
        return None
    return JointExplanation(joint, tuple(search.best_without(joint, i) for i in range(joint.unknown)))


def _placed(guess: Guess, start: Guess) -> Guess:
    """The guess with the unknown sources where the start has them."""
    return replace(guess, x=start.x, y=start.y, h=start.h, ln_rate=start.ln_rate)


def _with(guess: Guess, places: Floats) -> Guess:
    """The guess with these unknown sources (m, 4) instead of its own."""
    x, y, h, ln_rate = places.T
    return replace(guess, x=x, y=y, h=h, ln_rate=ln_rate)


def _merged(singles: Sequence[View]) -> Floats:
    """Each flight's sources (east, north, height, ln rate), those of several flights at one place as their mean."""
    groups: list[list[Floats]] = []
    for view in singles:
        g = view.guess
        for place in np.stack([g.x, g.y, g.h, g.ln_rate], axis=1):
            near = [k for k in groups if np.hypot(*(np.mean(k, axis=0) - place)[:2]) < SAME_SOURCE_M]
            if near:
                near[0].append(place)
            else:
                groups.append([place])
    return np.array([np.mean(k, axis=0) for k in groups]).reshape(-1, 4)


def _emitting(views: Sequence[View]) -> list[int]:
    """Permitted outlets that explain something above the noise in a flight, strongest first."""
    peaks = np.zeros(views[0].scene.outlets)
    for v in views:
        seen = (v.q[:, None] * v.column).max(axis=1, initial=0.0)[: len(v.active)] / v.scene.noise[0]
        peaks[v.active] = np.maximum(peaks[v.active], seen)
    return [int(k) for k in np.argsort(-peaks) if peaks[k] > 2.0]


def _price(joint: Joint, i: int) -> float:
    """What source i must be worth to stay: more where it stands close to another, which may be the same one."""
    g = joint.guesses[0]
    apart = np.hypot(g.x - g.x[i], g.y - g.y[i])
    return CLOSE_NATS if (np.delete(apart, i) < CLOSE_M).any() else ADD_NATS


def _stands_near(joint: Joint, x: float, y: float) -> bool:
    g = joint.guesses[0]
    return bool((np.hypot(g.x - x, g.y - y) < 80.0).any())
