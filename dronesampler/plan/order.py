"""Visiting order of stretches that may be flown either way: 2-opt and Or-opt with restarts over a cost matrix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.geo.local import Floats

Ints = NDArray[np.int64]
_EPS = 1e-9


@dataclass(frozen=True, slots=True)
class Tour:
    """Ends in visiting order: stretch after stretch, each as (way in, way out). `cost` counts the links only."""

    ends: tuple[int, ...]
    cost: float


def best_tour(links: Floats, *, rounds: int = 200, seed: int = 1) -> Tour:
    """A short round from the depot through all stretches and back.

    `links` has shape (2 n + 1, 2 n + 1): cost from end to end, where stretch k has the ends 2 k and 2 k + 1 and the
    depot is the last row. Costs may differ with the direction. A point is a stretch with two equal ends.
    """
    n = (len(links) - 1) // 2
    if n == 0:
        return Tour((), 0.0)
    rng = np.random.default_rng(seed)
    best = _improved(links, _nearest_first(links))
    best_cost = _cost(links, best)
    for _ in range(rounds if n > 2 else 0):
        trial = _improved(links, _kicked(best, rng))
        cost = _cost(links, trial)
        if cost < best_cost - _EPS:
            best, best_cost = trial, cost
    return Tour(tuple(int(e) for e in best[1:-1]), best_cost)


def _nearest_first(links: Floats) -> Ints:
    """Greedy round as nodes with the depot at both ends."""
    depot = len(links) - 1
    left, order, here = set(range(depot // 2)), [depot], depot
    while left:
        ends = np.array([e for k in left for e in (2 * k, 2 * k + 1)])
        entry = int(ends[np.argmin(links[here, ends])])
        left.remove(entry // 2)
        order += [entry, entry ^ 1]
        here = entry ^ 1
    return np.array([*order, depot])


def _cost(links: Floats, nodes: Ints) -> float:
    return float(links[nodes[:-1:2], nodes[1::2]].sum())


def _kicked(nodes: Ints, rng: np.random.Generator) -> Ints:
    """Three random cuts, the two middle parts exchanged (double bridge) at stretch borders."""
    n = (len(nodes) - 2) // 2
    span = min(n, 30)  # near cuts keep most of a good round
    first = int(rng.integers(0, max(n - span, 0) + 1))
    a, b, c = np.sort(rng.integers(first, first + span + 1, 3)) * 2 + 1
    return np.concatenate([nodes[:a], nodes[b:c], nodes[a:b], nodes[c:]])


def _improved(links: Floats, nodes: Ints) -> Ints:
    """Local optimum under turning a run round and moving a run elsewhere."""
    while True:
        turned = _turn(links, nodes)
        if turned is not None:
            nodes = turned
            continue
        moved = _move(links, nodes)
        if moved is None:
            return nodes
        nodes = moved


def _turn(links: Floats, nodes: Ints) -> Ints | None:
    """The best reversal of a run of stretches, or None. Link i goes from nodes[2 i] to nodes[2 i + 1]."""
    out, into = nodes[0::2], nodes[1::2]
    now = links[out, into]
    back = links[into, out]
    forward_sum, backward_sum = np.r_[0.0, np.cumsum(now)], np.r_[0.0, np.cumsum(back)]
    # reversing what lies between link i and link j (i < j): ends out[i] -> out[j], into[i] -> into[j]
    delta = links[out[:, None], out[None, :]] + links[into[:, None], into[None, :]]
    delta -= now[:, None] + now[None, :]
    inner = (backward_sum - forward_sum)[:-1]
    delta += inner[None, :] - (backward_sum - forward_sum)[1:][:, None]
    delta[np.tril_indices(len(out))] = 0.0
    i, j = np.unravel_index(int(np.argmin(delta)), delta.shape)
    if delta[i, j] > -_EPS:
        return None
    a, b = 2 * int(i) + 1, 2 * int(j) + 1
    return np.concatenate([nodes[:a], nodes[a:b][::-1], nodes[b:]])


def _move(links: Floats, nodes: Ints) -> Ints | None:
    """The best move of a run of one to three stretches to another link, either way round, or None."""
    best, choice = -_EPS, (0, 0, 0, False)
    for length in (1, 2, 3):
        found = _best_move(links, nodes, length)
        if found is not None and found[0] < best:
            best, choice = found[0], (length, *found[1:])
    if not choice[0]:
        return None
    length, run, link, flip = choice
    a, b = 2 * run + 1, 2 * (run + length) + 1
    part = nodes[a:b][::-1] if flip else nodes[a:b]
    rest = np.concatenate([nodes[:a], nodes[b:]])
    at = 2 * link + 1 if link < run else 2 * (link - length) + 1
    return np.concatenate([rest[:at], part, rest[at:]])


def _best_move(links: Floats, nodes: Ints, length: int) -> tuple[float, int, int, bool] | None:
    out, into = nodes[0::2], nodes[1::2]
    n = len(out) - 1  # stretches
    if n <= length:
        return None
    now = links[out, into]
    runs = np.arange(n - length + 1)
    head, tail = into[runs], out[runs + length]
    gain = now[runs] + now[runs + length] - links[out[runs], into[runs + length]]
    turn_cost = _turn_cost(links, out=out, into=into, length=length)
    straight = links[out[None, :], head[:, None]] + links[tail[:, None], into[None, :]]
    flipped = links[out[None, :], tail[:, None]] + links[head[:, None], into[None, :]] + turn_cost[:, None]
    delta = np.minimum(straight, flipped) - now[None, :] - gain[:, None]
    touching = (np.arange(n + 1)[None, :] >= runs[:, None]) & (np.arange(n + 1)[None, :] <= runs[:, None] + length)
    delta[touching] = 0.0
    run, link = np.unravel_index(int(np.argmin(delta)), delta.shape)
    flip = bool(flipped[run, link] < straight[run, link])
    return float(delta[run, link]), int(run), int(link), flip


def _turn_cost(links: Floats, *, out: Ints, into: Ints, length: int) -> Floats:
    """What flying a run backwards adds to the links inside it: nothing where costs are the same both ways."""
    extra = links[into, out] - links[out, into]
    total = np.r_[0.0, np.cumsum(extra)]
    runs = np.arange(len(out) - length)
    return np.asarray(total[runs + length] - total[runs + 1])
