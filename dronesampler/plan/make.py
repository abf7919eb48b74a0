"""From a park, a wind and a pattern's name to a mission."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shapely.geometry import LineString

from dronesampler.geo import HeightReference, Place
from dronesampler.geo.terrain import Terrain
from dronesampler.mission import Fence, Item, Mission
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint
from dronesampler.park import Park
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.enclosure import fence_around
from dronesampler.plan.pattern import Pattern, Settings
from dronesampler.plan.patterns import PATTERNS
from dronesampler.plan.rise import Rise
from dronesampler.plan.route import Route, Stop
from dronesampler.plan.site import Site, site_of
from dronesampler.problems import BadInput
from dronesampler.texts import Text

UNKNOWN_PATTERN = Text("没有航线样式“{name}”，可用：{known}", "there is no pattern “{name}”; known: {known}")
NO_WIND = Text(
    "航线样式 {name} 要按风向布置：请给出风向和大于 0 的风速",
    "pattern {name} is laid out by the wind: give a direction and a speed above 0",
)
BAD_WIND = Text("风 {wind} 不可能：风向 0–360°，风速 0–40 m/s", "a wind of {wind} cannot be: 0–360° and 0–40 m/s")


@dataclass(frozen=True, slots=True)
class Plan:
    """A mission with the route it came from and the site it was laid out over."""

    site: Site
    route: Route
    mission: Mission

    def length_m(self) -> float:
        """Length over the ground with the legs from and to home."""
        return float(LineString([self.site.home, *self.route.xy(), self.site.home]).length)


def make_plan(
    park: Park,
    pattern: str,
    *,
    wind: tuple[float, float],
    settings: Mapping[str, str] | None = None,
    aircraft: Aircraft | None = None,
    home: tuple[float, float] | None = None,
    sampler: Sampler | None = None,
    terrain: Terrain | None = None,
) -> Mission:
    """The mission of a pattern. `wind` is (from_deg, speed_m_s); raises BadInput with the reason for what cannot be.

    With `terrain` the heights above home follow the ground; without, it is taken as flat.
    """
    return planned(
        park, pattern, wind=wind, settings=settings, aircraft=aircraft, home=home, sampler=sampler, terrain=terrain
    ).mission


def planned(
    park: Park,
    pattern: str,
    *,
    wind: tuple[float, float],
    settings: Mapping[str, str] | None = None,
    aircraft: Aircraft | None = None,
    home: tuple[float, float] | None = None,
    sampler: Sampler | None = None,
    terrain: Terrain | None = None,
    fence_airspace: bool = False,
) -> Plan:
    """As `make_plan`, with the route and the reasons beside the mission. `fence_airspace` adds exclusion zones for
    controlled airspace to the fence, as far as an autopilot can hold them; `route.why` says which could not be."""
    kind = pattern_named(pattern)
    possible_wind(wind)
    if kind.needs_wind and wind[1] == 0.0:
        raise BadInput(NO_WIND.with_(name=kind.name))
    chosen = kind.settings(settings or {})
    site = site_of(park, wind=wind, aircraft=aircraft or Aircraft(), sampler=sampler or Sampler(), home=home)
    route = kind.lay_out(site, chosen)
    route = replace(route, stops=site.with_ways(route.stops, airspace=chosen.avoids_airspace))
    rise = Rise(site, terrain)
    stops = rise.followed(route.stops)
    fence, left_out = fence_around(site, route.xy(), airspace=fence_airspace)
    route = replace(route, stops=stops, why=(*route.why, *rise.unknown(stops), *left_out))
    return Plan(site, route, mission_of(site, route, rise, pattern=pattern, settings=chosen, fence=fence))


def mission_of(
    site: Site, route: Route, rise: Rise, *, pattern: str, settings: Settings, fence: Fence | None = None
) -> Mission:
    """The route as plain items: take-off, speed, waypoints, return; with the usual fence where none is given."""
    return Mission(
        name=f"{site.park.name} {pattern}".strip(),
        items=tuple(_items(site, route, rise)),
        home=Place(*site.home_place, 0.0, HeightReference.GROUND),
        cruise_speed_m_s=route.speed_m_s,
        fence=fence or fence_around(site, route.xy())[0],
        pattern=pattern,
        settings=tuple(sorted(settings.values.items())),
        simulated=site.park.simulated,
    )


def _items(site: Site, route: Route, rise: Rise) -> list[Item]:
    heights = rise.heights_home_m(route.stops)
    items = [
        takeoff(*site.home_place, max(float(heights[0]), route.stops[0].height_agl_m)),
        change_speed(route.speed_m_s),
    ]
    speed = route.speed_m_s
    for stop, height in zip(route.stops, heights, strict=True):
        if stop.speed_m_s is not None and stop.speed_m_s != speed:
            speed = stop.speed_m_s
            items.append(change_speed(speed))
        items.append(_waypoint(site, stop, float(height)))
    return [*items, return_home()]


def _waypoint(site: Site, stop: Stop, height_home_m: float) -> Item:
    lat, lon = site.frame.to_lat_lon(stop.x_m, stop.y_m)
    return waypoint(float(lat), float(lon), height_home_m, hold_s=stop.hold_s, note=stop.note)


def pattern_named(name: str) -> Pattern:
    if name not in PATTERNS:
        raise BadInput(UNKNOWN_PATTERN.with_(name=name, known=", ".join(PATTERNS)))
    return PATTERNS[name]


def possible_wind(wind: tuple[float, float]) -> None:
    """Raises BadInput for a wind that cannot be."""
    from_deg, speed = wind
    if not (math.isfinite(from_deg) and 0.0 <= from_deg <= 360.0 and 0.0 <= speed <= 40.0):
        raise BadInput(BAD_WIND.with_(wind=f"{from_deg:g},{speed:g}"))
