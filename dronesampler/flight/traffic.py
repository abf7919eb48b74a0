"""Other aircraft as a frozen table: who is around, how far, how much higher, and how close we shall come."""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dronesampler.events import Event, Moved, TrafficSeen, TrafficSource
from dronesampler.geo import LocalFrame

KEPT_S = 60.0  # without a word, then it is gone
AHEAD_S = 60.0  # how far both are thought on in straight lines
WATCH_M, WATCH_HEIGHT_M = 3000.0, 500.0
CLOSE_M, CLOSE_HEIGHT_M = 500.0, 150.0
FAST_ENOUGH_M_S = 0.5
MOST = 40  # of a crowded sky the nearest are told


class Closeness(StrEnum):
    """What to do about another aircraft."""

    FAR = "far"
    WATCH = "watch"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another aircraft now, seen from ours. `above_m` is positive where it is higher, None where it does not say.

    `closest_m` is the least distance over the ground within the next minute, `in_s` until then, if both go straight on.
    """

    source: TrafficSource
    name: str
    lat_deg: float
    lon_deg: float
    age_s: float
    track_deg: float | None
    speed_m_s: float | None
    above_m: float | None
    distance_m: float | None
    closest_m: float | None
    in_s: float | None
    closeness: Closeness
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Traffic:
    """All aircraft heard lately, by source and key."""

    seen: dict[tuple[TrafficSource, str], TrafficSeen] = field(default_factory=dict)

    def after(self, event: Event) -> "Traffic":
        """The table after an event. What one message leaves out stays as an earlier one told it."""
        if not isinstance(event, TrafficSeen):
            return self
        now_s = event.at.monotonic_s
        kept = {key: one for key, one in self.seen.items() if now_s - one.at.monotonic_s <= KEPT_S}
        key = (event.source, event.key)
        return Traffic({**kept, key: _merged(kept.get(key), event)})

    def around(self, own: Moved | None, now_s: float) -> tuple[Neighbour, ...]:
        """Those with a place, the most pressing first; at most MOST of them."""
        found = [_seen_from(own, one, now_s) for one in self.seen.values() if _age_s(one, now_s) <= KEPT_S]
        ranked = sorted((one for one in found if one is not None), key=_pressing)
        return tuple(ranked[:MOST])


def _merged(old: TrafficSeen | None, new: TrafficSeen) -> TrafficSeen:
    if old is None:
        return new
    if new.lat_deg is None:
        # It told who it is, not where: its place is as old as it was.
        return replace(old, name=new.name or old.name)
    return replace(new, name=new.name or old.name)


def _age_s(seen: TrafficSeen, now_s: float) -> float:
    return now_s - seen.at.monotonic_s + seen.age_s


def _pressing(one: Neighbour) -> tuple[int, float]:
    rank = {Closeness.CLOSE: 0, Closeness.WATCH: 1, Closeness.FAR: 2}[one.closeness]
    return rank, one.distance_m if one.distance_m is not None else math.inf


def _seen_from(own: Moved | None, seen: TrafficSeen, now_s: float) -> Neighbour | None:
    if seen.lat_deg is None or seen.lon_deg is None:
        return None
    age_s = _age_s(seen, now_s)
    away_m, closest_m, in_s = _approach(own, seen, age_s)
    above_m = seen.height_sea_m - own.height_sea_m if own and seen.height_sea_m is not None else None
    return Neighbour(
        source=seen.source,
        name=seen.name or seen.key,
        lat_deg=seen.lat_deg,
        lon_deg=seen.lon_deg,
        age_s=age_s,
        track_deg=seen.track_deg,
        speed_m_s=seen.speed_m_s,
        above_m=above_m,
        distance_m=away_m,
        closest_m=closest_m,
        in_s=in_s,
        closeness=_closeness(away_m, closest_m, _least_above_m(own, seen, above_m=above_m, in_s=in_s)),
        simulated=seen.simulated,
    )


def _approach(own: Moved | None, seen: TrafficSeen, age_s: float) -> tuple[float | None, float | None, float | None]:
    """Distance now, least distance within AHEAD_S, and when; its old position is taken along its track first."""
    if own is None or seen.lat_deg is None or seen.lon_deg is None:
        return None, None, None
    x, y = (float(v) for v in LocalFrame(own.lat_deg, own.lon_deg).to_xy(seen.lat_deg, seen.lon_deg))
    vx, vy = _velocity(seen)
    x, y = x + vx * age_s, y + vy * age_s
    vx, vy = vx - own.velocity_east_m_s, vy - own.velocity_north_m_s
    speed2 = vx * vx + vy * vy
    in_s = 0.0 if speed2 < FAST_ENOUGH_M_S**2 else min(max(-(x * vx + y * vy) / speed2, 0.0), AHEAD_S)
    return math.hypot(x, y), math.hypot(x + vx * in_s, y + vy * in_s), in_s


def _velocity(seen: TrafficSeen) -> tuple[float, float]:
    """East and north; standing still where it does not say."""
    if seen.track_deg is None or seen.speed_m_s is None:
        return 0.0, 0.0
    way = math.radians(seen.track_deg)
    return seen.speed_m_s * math.sin(way), seen.speed_m_s * math.cos(way)


def _least_above_m(own: Moved | None, seen: TrafficSeen, *, above_m: float | None, in_s: float | None) -> float | None:
    """The least height difference between now and the closest approach, None where not known."""
    if own is None or above_m is None or in_s is None:
        return None
    then_m = above_m + ((seen.climb_m_s or 0.0) + own.velocity_down_m_s) * in_s
    return 0.0 if above_m * then_m < 0 else min(abs(above_m), abs(then_m))


def _closeness(away_m: float | None, closest_m: float | None, above_m: float | None) -> Closeness:
    """A height nobody told is taken for ours."""
    if away_m is None or closest_m is None:
        return Closeness.WATCH
    height_m = above_m or 0.0
    if closest_m <= CLOSE_M and height_m <= CLOSE_HEIGHT_M:
        return Closeness.CLOSE
    near = min(away_m, closest_m) <= WATCH_M and height_m <= WATCH_HEIGHT_M
    return Closeness.WATCH if near else Closeness.FAR
