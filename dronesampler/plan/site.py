"""What a pattern is laid out over: the park in local metres, the wind, the aircraft, the sampler, and what to avoid."""

import itertools
import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point
from shapely.geometry import Polygon as Shape

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.park import Park
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.area import flat, frame_about
from dronesampler.plan.paths import Router
from dronesampler.plan.route import Stop
from dronesampler.problems import BadInput
from dronesampler.texts import Text

OVER_OBSTACLE_M = 5.0  # height kept over what stands there
BESIDE_OBSTACLE_M = 8.0  # distance kept from what is taller
BESIDE_AIRSPACE_M = 10.0  # position error and overshoot
FARTHEST_HOME_M = 20_000.0  # more than any battery flies there and back
FAR_HOME = Text(
    "起飞点离园区约 {away:.0f} km（至多 {most:.0f} km）：请改用园区附近的起飞点，并检查纬度和经度",
    "home is about {away:.0f} km from the park (at most {most:.0f} km): choose one near it, and look at latitude and "
    "longitude again",
)
STACK_RADIUS_M = 1.5  # where the register gives no diameter


@dataclass(frozen=True)
class Site:
    """One park on one day. `wind` is (from_deg, speed_m_s). Not shared between threads: it keeps ways it has found."""

    park: Park
    frame: LocalFrame
    area: Shape
    home: tuple[float, float]  # local metres
    home_place: tuple[float, float]  # the same as it was given, degrees
    wind: tuple[float, float]
    aircraft: Aircraft = field(default_factory=Aircraft)
    sampler: Sampler = field(default_factory=Sampler)
    _routers: dict[tuple[float, bool], Router] = field(default_factory=dict, compare=False, repr=False)

    @property
    def downwind(self) -> Floats:
        """Unit vector (east, north) that the wind blows to."""
        angle = math.radians(self.wind[0] + 180.0)
        return np.array([math.sin(angle), math.cos(angle)])

    def at(self, lat_deg: float, lon_deg: float) -> Floats:
        x, y = self.frame.to_xy(lat_deg, lon_deg)
        return np.array([float(x), float(y)])

    @property
    def at_home(self) -> Floats:
        return np.array(self.home)

    def top_at(self, xy: Floats) -> float:
        """Height of the tallest thing that stands at a place, 0 on open ground."""
        here = Point(*xy)
        return max((top for footprint, top in self.obstacles if footprint.intersects(here)), default=0.0)

    @cached_property
    def outlets(self) -> Floats:
        """Places of the permitted outlets, shape (n, 2)."""
        return np.array([self.at(o.lat_deg, o.lon_deg) for o in self.park.outlets]).reshape(-1, 2)

    @cached_property
    def airspace(self) -> shapely.Geometry:
        """The ground under controlled airspace that begins at the ground or below any height we fly."""
        areas = [flat(a.area, self.frame) for a in self.park.airspaces if a.floor_agl_m < 120.0]
        return shapely.union_all(areas) if areas else MultiPolygon()

    @cached_property
    def obstacles(self) -> tuple[tuple[shapely.Geometry, float], ...]:
        """Footprints in local metres with their heights above ground: buildings and stacks."""
        buildings = [(flat(b.area, self.frame), b.height_m) for b in self.park.buildings]
        stacks = [
            (Point(*xy).buffer((o.diameter_m or 2 * STACK_RADIUS_M) / 2, quad_segs=2), o.height_m)
            for xy, o in zip(self.outlets, self.park.outlets, strict=True)
        ]
        return tuple(buildings + stacks)

    def blocked(self, height_agl_m: float, *, airspace: bool) -> shapely.Geometry:
        """Where nothing may fly at that height: near what is too tall, and controlled airspace if it is avoided."""
        tall = [
            footprint.buffer(BESIDE_OBSTACLE_M, join_style="mitre", quad_segs=2)
            for footprint, top_m in self.obstacles
            if top_m + OVER_OBSTACLE_M > height_agl_m
        ]
        return shapely.union_all(tall + ([self.airspace.buffer(BESIDE_AIRSPACE_M, quad_segs=2)] if airspace else []))

    def router(self, height_agl_m: float, *, airspace: bool) -> Router:
        """Ways round everything that is blocked at a height."""
        key = (height_agl_m, airspace)
        if key not in self._routers:
            room = shapely.union_all([self.area, Point(*self.home).buffer(10.0), self.airspace]).envelope.buffer(800.0)
            self._routers[key] = Router(room.difference(self.blocked(height_agl_m, airspace=airspace)))
        return self._routers[key]

    def least_height_m(self, x_m: float, y_m: float) -> float:
        """The lowest a stop may be: over all that stands within the distance kept from it, 0 in the open."""
        near = Point(x_m, y_m).buffer(BESIDE_OBSTACLE_M)
        return max(
            (top + OVER_OBSTACLE_M for footprint, top in self.obstacles if footprint.intersects(near)), default=0
        )

    def around(self, stops: list[Stop], *, airspace: bool = True) -> list[Stop]:
        """The same stops, lifted where something stands too near, and extra ones where a leg would meet it."""
        lifted = [replace(s, height_agl_m=max(s.height_agl_m, self.least_height_m(s.x_m, s.y_m))) for s in stops]
        stops = [
            s for s, before in zip(lifted, [None, *lifted], strict=False) if before is None or not _same(s, before)
        ]
        out = stops[:1]
        for before, after in itertools.pairwise(stops):
            out += self._leg(before, after, airspace=airspace)
        return out

    def _leg(self, before: Stop, after: Stop, *, airspace: bool) -> list[Stop]:
        """What is flown after `before` to come to `after`: straight, or level at the greater height and round."""
        low, high = sorted((before.height_agl_m, after.height_agl_m))
        start, end = np.array([before.x_m, before.y_m]), np.array([after.x_m, after.y_m])
        on_the_spot = np.hypot(*(end - start)) < 0.1
        if on_the_spot or self.router(low, airspace=airspace).clear(start[None, :], end[None, :])[0]:
            return [after]
        between = self.router(high, airspace=airspace).way(start, end)[1:-1]
        way = [Stop(float(x), float(y), high, note="way round") for x, y in between]
        if before.height_agl_m < high:
            way = [replace(before, height_agl_m=high, hold_s=0.0, note="climb"), *way]
        elif after.height_agl_m < high:
            way = [*way, replace(after, height_agl_m=high, hold_s=0.0, note="way round")]
        return [*way, after]

    def with_ways(self, stops: tuple[Stop, ...], *, airspace: bool) -> tuple[Stop, ...]:
        """The stops with ways round what stands between them and home, out and back, at their own heights."""
        first, last = stops[0], stops[-1]
        out = self.around([Stop(*self.home, first.height_agl_m), first], airspace=airspace)[1:-1]
        back = self.around([last, Stop(*self.home, last.height_agl_m)], airspace=airspace)[1:-1]
        return (*out, *stops, *back)


def _same(a: Stop, b: Stop) -> bool:
    """Whether two stops are one place, as levels below the least height become."""
    return (a.x_m, a.y_m, a.height_agl_m) == (b.x_m, b.y_m, b.height_agl_m)


def site_of(
    park: Park,
    *,
    wind: tuple[float, float],
    aircraft: Aircraft,
    sampler: Sampler,
    home: tuple[float, float] | None = None,
) -> Site:
    """The park made flat; home is the one given, the park's own, or the boundary's first vertex.

    Raises BadInput for a home that no aircraft comes from.
    """
    frame = frame_about(park.boundary.outer)
    lat, lon = home or park.home or park.boundary.outer[0]
    x, y = frame.to_xy(lat, lon)
    area = flat(park.boundary, frame)
    away_m = math.hypot(float(x), float(y)) - area.hausdorff_distance(area.centroid)
    if not away_m <= FARTHEST_HOME_M:
        raise BadInput(FAR_HOME.with_(away=away_m / 1000, most=FARTHEST_HOME_M / 1000))
    return Site(park, frame, area, (float(x), float(y)), (lat, lon), wind, aircraft, sampler)
