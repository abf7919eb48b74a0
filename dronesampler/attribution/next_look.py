"""Where to look next: the lines and hover points that shrink the doubt most for their flight.

Every suspected place and every place to look at again is a doubt (`doubt`); with an area there is one more, that a
source was missed (`missed`). Looks at them enter the flight one after the other where they cost the least detour, by
expected information per metre, until the battery or the doubt is used up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dronesampler.attribution.doubt import (
    SPEED_M_S,
    Air,
    Doubt,
    Floats,
    Offer,
    after,
    air_of,
    doubt_of,
    gain,
    offers_for,
)
from dronesampler.attribution.missed import Search
from dronesampler.geo import LocalFrame

LEAST_NATS = 0.15  # a look that promises less is not flown
LEAST_SEARCH_NATS = 0.05  # nor a line of the search, which comes last
SEARCH_SPEED_M_S = 5.0
MOST_LOOKS = 40


@dataclass(frozen=True, slots=True)
class Look:
    """One line to fly, or a point to hover at where `begin` equals `end`; what it promises in nats, and of what."""

    begin: tuple[float, float]
    end: tuple[float, float]
    height_m: float
    speed_m_s: float
    hold_s: float
    nats: float
    note: str
    source: int  # 0 is the strongest suspect, -1 none: a line in search of what was missed

    @property
    def hovers(self) -> bool:
        return self.begin == self.end


def looks(
    analysis: Mapping[str, Any],
    *,
    home: tuple[float, float] | None = None,
    start: tuple[float, float] | None = None,
    budget_m: float = 6000.0,
    wind: tuple[float, float] | None = None,
    area: Sequence[tuple[float, float]] = (),
) -> tuple[Look, ...]:
    """The looks worth their flight, in the order to fly them; empty where nothing is in doubt.

    The flight begins at `start` (default: home) and ends at `home`, (lat, lon) each; `wind` is (from_deg, speed_m_s)
    when it will be flown, that of the analysed flight where it is not known. With `area` (lat, lon corners) what is
    left of the battery goes into the search for sources that were missed.
    """
    found = [*analysis.get("suspected", ()), *analysis.get("look_again", ())]
    if not found and not (area and analysis.get("parameters")):
        return ()
    frame = LocalFrame(*area[0]) if area else LocalFrame(float(found[0]["lat_deg"]), float(found[0]["lon_deg"]))
    air = air_of(analysis["parameters"], wind)
    search = Search.over(frame, area) if area else None
    doubts = [doubt_of(f, frame) for f in found]
    ends = [np.asarray(frame.to_xy(*place), float) if place else None for place in (start or home, home)]
    chosen = _chosen(doubts, air, search, ends=ends, budget_m=budget_m)
    return tuple(_look(frame, o, nats) for o, nats in chosen)


def _chosen(
    doubts: list[Doubt], air: Air, search: Search | None, *, ends: Sequence[Floats | None], budget_m: float
) -> list[tuple[Offer, float]]:
    """Looks in the order to fly them with what each promised when it was chosen."""
    flight: list[tuple[Offer, float]] = []
    flown_m = _detour(ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else 0.0
    offers = [o for i, d in enumerate(doubts) for o in offers_for(i, d, air)]
    offers += search.lines(air) if search else []
    while len(flight) < MOST_LOOKS:
        ranked = []
        for o in offers:
            nats = search.gain(o) if search and o.reach is not None else gain(doubts[o.source], o)
            if nats >= (LEAST_NATS if o.reach is None else LEAST_SEARCH_NATS):
                place, turned, way_m = _cheapest(flight, o, ends)
                if flown_m + way_m + o.own_m <= budget_m:
                    ranked.append((nats / (way_m + o.own_m), nats, place, turned, way_m + o.own_m))
        if not ranked:
            return flight
        _, nats, place, best, cost_m = max(ranked, key=lambda r: r[0])
        flight.insert(place, (best, nats))
        flown_m += cost_m
        if search and best.reach is not None:
            search = search.after(best)
        else:
            doubts[best.source] = after(doubts[best.source], best)
    return flight


def _cheapest(
    flight: list[tuple[Offer, float]], offer: Offer, ends: Sequence[Floats | None]
) -> tuple[int, Offer, float]:
    """Where in the flight a look costs the least detour, which way round it is flown there, and the detour."""
    before = [ends[0], *(o.end for o, _ in flight)]
    behind = [*(o.begin for o, _ in flight), ends[1]]
    tried = [
        (_detour(a, way.begin) + _detour(way.end, b) - _detour(a, b), k, way)
        for k, (a, b) in enumerate(zip(before, behind, strict=True))
        for way in (offer, replace(offer, begin=offer.end, end=offer.begin))
    ]
    detour, place, way = min(tried, key=lambda t: t[0])
    return place, way, max(detour, 0.0)


def _detour(a: Floats | None, b: Floats | None) -> float:
    return 0.0 if a is None or b is None else float(np.hypot(*(a - b)))


def _look(frame: LocalFrame, o: Offer, nats: float) -> Look:
    lat, lon = frame.to_lat_lon([o.begin[0], o.end[0]], [o.begin[1], o.end[1]])
    return Look(
        (float(lat[0]), float(lon[0])), (float(lat[1]), float(lon[1])), o.height_m,
        SPEED_M_S if o.reach is None else SEARCH_SPEED_M_S, o.hold_s, nats,
        f"source {o.source + 1}: {nats:.1f} nats" if o.reach is None else f"search: {nats:.1f} nats", o.source,
    )  # fmt: skip
