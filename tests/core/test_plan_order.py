"""Visiting order: the best where it can be known, near the best where it cannot."""

from itertools import permutations, product

import numpy as np
import pytest

from dronesampler.geo.local import Floats
from dronesampler.plan.order import best_tour


def links_of(stretches: Floats, depot: Floats, rng: np.random.Generator | None = None) -> Floats:
    points = np.vstack([stretches.reshape(-1, 2), depot])
    links = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return links + rng.uniform(0, 40, links.shape) if rng is not None else links


def cost(links: Floats, ends: tuple[int, ...]) -> float:
    nodes = [len(links) - 1, *ends, len(links) - 1]
    return sum(float(links[a, b]) for a, b in zip(nodes[::2], nodes[1::2], strict=True))


def best_by_trying(links: Floats) -> float:
    n = (len(links) - 1) // 2
    return min(
        cost(links, tuple(e for k, f in zip(order, flips, strict=True) for e in ((2 * k, 2 * k + 1)[:: 1 - 2 * f])))
        for order in permutations(range(n))
        for flips in product((0, 1), repeat=n)
    )


@pytest.mark.parametrize("one_way", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_five_stretches_are_flown_in_the_best_order(seed: int, one_way: bool) -> None:
    rng = np.random.default_rng(seed)
    links = links_of(rng.uniform(0, 500, (5, 2, 2)), np.zeros(2), rng if one_way else None)
    tour = best_tour(links)
    assert tour.cost == pytest.approx(best_by_trying(links)) and tour.cost == pytest.approx(cost(links, tour.ends))
    assert sorted(tour.ends) == list(range(10)) and all(
        a // 2 == b // 2 for a, b in zip(tour.ends[::2], tour.ends[1::2], strict=True)
    )


@pytest.mark.parametrize(("seed", "best_known"), [(100, 6467.825), (101, 6459.141)])
def test_sixty_stops_come_within_three_per_cent_of_the_best_known(seed: int, best_known: float) -> None:
    """The best known are the shortest of four searches with ten times the restarts."""
    rng = np.random.default_rng(seed)
    links = links_of(np.repeat(rng.uniform(0, 1000, (60, 1, 2)), 2, axis=1), np.zeros(2))
    tour = best_tour(links, rounds=600)
    assert best_known - 1e-3 <= tour.cost <= 1.03 * best_known


@pytest.mark.parametrize("count", [20, 60])
def test_stops_on_a_circle_are_visited_round_it(count: int) -> None:
    angles = np.random.default_rng(5).permutation(count) * 2 * np.pi / (count + 1)
    stops = 300 * np.column_stack([np.cos(angles), np.sin(angles)])
    depot = 300 * np.array([np.cos(count * 2 * np.pi / (count + 1)), np.sin(count * 2 * np.pi / (count + 1))])
    tour = best_tour(links_of(np.repeat(stops[:, None], 2, axis=1), depot))
    assert tour.cost == pytest.approx((count + 1) * 600 * np.sin(np.pi / (count + 1)))


def test_nothing_and_one() -> None:
    assert best_tour(np.zeros((1, 1))).ends == ()
    assert sorted(best_tour(links_of(np.ones((1, 2, 2)), np.zeros(2))).ends) == [0, 1]
