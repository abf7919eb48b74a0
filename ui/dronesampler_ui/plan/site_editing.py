"""Changes by hand to what a mission has beside its line: home, fence zones and rally points. Frozen in, frozen out."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.geo.local import distance_m
from dronesampler.mission import Circle, Command, Item, Mission, PolygonFence
from dronesampler_ui.plan.editing import marked

T = TypeVar("T")

AT_HOME_M = 1.0  # a take-off this near to home is the take-off from home
KEEP_OUT_M = 30.0
RALLY_HEIGHT_M = 30.0


class Kind(StrEnum):
    """What a spot is."""

    HOME = "home"
    RALLY = "rally"
    CORNER = "corner"  # of a polygonal fence zone
    CIRCLE = "circle"  # the middle of a round one


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be taken hold of: the `corner` of zone `index`, or the rally point or circle of that number."""

    kind: Kind
    lat_deg: float
    lon_deg: float
    index: int = 0
    corner: int = 0

    @property
    def key(self) -> tuple[Kind, int, int]:
        return self.kind, self.index, self.corner


def spots(mission: Mission) -> tuple[Spot, ...]:
    """All spots of a mission."""
    fence, home = mission.fence, mission.home
    found = [Spot(Kind.HOME, home.lat_deg, home.lon_deg)] if home else []
    found += [Spot(Kind.RALLY, p.lat_deg, p.lon_deg, i) for i, p in enumerate(mission.rally)]
    found += [Spot(Kind.CIRCLE, c.lat_deg, c.lon_deg, i) for i, c in enumerate(fence.circles)]
    for i, zone in enumerate(fence.polygons):
        found += [Spot(Kind.CORNER, lat, lon, i, k) for k, (lat, lon) in enumerate(zone.area.outer)]
    return tuple(found)


def moved(mission: Mission, spot: Spot, *, lat_deg: float, lon_deg: float) -> Mission:
    """The spot at another place; a take-off from home goes with home."""
    match spot.kind:
        case Kind.HOME:
            return with_home(mission, lat_deg=lat_deg, lon_deg=lon_deg)
        case Kind.RALLY:
            rally = list(mission.rally)
            rally[spot.index] = replace(rally[spot.index], lat_deg=lat_deg, lon_deg=lon_deg)
            return marked(replace(mission, rally=tuple(rally)))
        case Kind.CIRCLE:
            circles = list(mission.fence.circles)
            circles[spot.index] = replace(circles[spot.index], lat_deg=lat_deg, lon_deg=lon_deg)
            return marked(replace(mission, fence=replace(mission.fence, circles=tuple(circles))))
        case Kind.CORNER:
            ring = list(mission.fence.polygons[spot.index].area.outer)
            ring[spot.corner] = (lat_deg, lon_deg)
            return _with_ring(mission, spot.index, ring)


def without(mission: Mission, spot: Spot) -> Mission:
    """The mission without the spot; a zone of three corners goes as a whole, home stays."""
    fence = mission.fence
    match spot.kind:
        case Kind.HOME:
            return mission
        case Kind.RALLY:
            return marked(replace(mission, rally=_but(mission.rally, spot.index)))
        case Kind.CIRCLE:
            return marked(replace(mission, fence=replace(fence, circles=_but(fence.circles, spot.index))))
        case Kind.CORNER:
            ring = fence.polygons[spot.index].area.outer
            if len(ring) > 3:
                return _with_ring(mission, spot.index, list(_but(ring, spot.corner)))
            return marked(replace(mission, fence=replace(fence, polygons=_but(fence.polygons, spot.index))))


def with_corner(mission: Mission, zone: int, before: int, *, lat_deg: float, lon_deg: float) -> Mission:
    """A new corner of a fence zone."""
    ring = list(mission.fence.polygons[zone].area.outer)
    ring.insert(before, (lat_deg, lon_deg))
    return _with_ring(mission, zone, ring)


def with_home(mission: Mission, *, lat_deg: float, lon_deg: float) -> Mission:
    """Home at another place, and the take-off with it; heights above home are as they were."""
    old = mission.home
    fresh = replace(old, lat_deg=lat_deg, lon_deg=lon_deg) if old else Place(lat_deg, lon_deg)

    def taken_along(item: Item) -> Item:
        from_home = old is not None and item.command == Command.TAKEOFF and item.has_place
        if old is None or not from_home:
            return item
        away_m = distance_m(item.lat_deg, item.lon_deg, old.lat_deg, old.lon_deg)
        return replace(item, lat_deg=lat_deg, lon_deg=lon_deg) if away_m < AT_HOME_M else item

    return marked(replace(mission, home=fresh, items=tuple(map(taken_along, mission.items))))


def with_rally(mission: Mission, *, lat_deg: float, lon_deg: float) -> Mission:
    """One more rally point."""
    fresh = Place(lat_deg, lon_deg, RALLY_HEIGHT_M, HeightReference.HOME)
    return marked(replace(mission, rally=(*mission.rally, fresh)))


def with_keep_out(mission: Mission, *, lat_deg: float, lon_deg: float) -> Mission:
    """One more round zone of the fence to stay out of."""
    fresh = Circle(lat_deg, lon_deg, KEEP_OUT_M, inclusion=False)
    return marked(replace(mission, fence=replace(mission.fence, circles=(*mission.fence.circles, fresh))))


def _but(values: tuple[T, ...], index: int) -> tuple[T, ...]:
    return (*values[:index], *values[index + 1 :])


def _with_ring(mission: Mission, zone: int, ring: list[tuple[float, float]]) -> Mission:
    polygons = list(mission.fence.polygons)
    old = polygons[zone]
    polygons[zone] = PolygonFence(Polygon(tuple(ring), old.area.holes), old.inclusion)
    return marked(replace(mission, fence=replace(mission.fence, polygons=tuple(polygons))))
