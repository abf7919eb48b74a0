"""Use case: plan where to look next at what a patrol left in doubt, on the ground or from where the aircraft is now."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from dronesampler.attribution.next_look import Look, looks
from dronesampler.geo import LocalFrame, Polygon
from dronesampler.mission import Command, Item, Mission
from dronesampler.mission.files import write_mission
from dronesampler.mission.mission import takeoff, waypoint
from dronesampler.park import Park
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.enclosure import fence_around
from dronesampler.plan.make import mission_of
from dronesampler.plan.pattern import Settings
from dronesampler.plan.predict import Forecast, predict
from dronesampler.plan.rise import Rise
from dronesampler.plan.route import Route, Stop
from dronesampler.plan.site import BESIDE_AIRSPACE_M, Site, site_of
from dronesampler.problems import BadInput, Refused
from dronesampler.safe_files import json_file
from dronesampler.texts import Text

BATTERY_M = 8000.0  # what one battery flies at sampling speed, with reserve
LONGEST_M = 1e6
PATTERN = "second-look"
AROUND_M = 50.0  # ground taken as the park's where none is known
SHORTER, TRIES = 0.9, 8
SHORTEST_M = 15.0  # piece of a line that is worth flying

NOTHING = Text("没有需要再看的地点：{why}", "there is nothing to look at again: {why}")
TOO_FAR = Text(
    "有疑似或待查的来源，但起飞点太远或电量太少：{battery:.0f} m 的航程内没有值得飞的航线",
    "a source is suspected or in doubt, but home is too far or the battery too low: no line worth flying fits into "
    "{battery:.0f} m of flight",
)
NO_GAIN = Text(
    "有疑似或待查的来源，但再飞任何一段都不会明显减少疑问",
    "a source is suspected or in doubt, but no further line would shrink the doubt enough to be worth its flight",
)
AIRSPACE = Text(
    "值得再飞的航线全部在管制空域内：请先申请批准",
    "every line worth flying lies in controlled airspace: ask for an approval first",
)
BAD_BATTERY = Text("剩余航程 {battery} m 不可能：应大于 0", "{battery} m of flight left cannot be: it must be above 0")
NO_DOUBT = Text("没有疑似或待查的来源。", "no source is suspected or in doubt.")
WORDS = Text(
    "再看疑点 {sources} 处：{lines} 段航线、{hovers} 个悬停点{search}，约 {minutes:.0f} 分钟，用电 {battery:.0f} %",
    "look again at {sources} places: {lines} lines, {hovers} hover points{search}, about {minutes:.0f} min, "
    "{battery:.0f} % of the battery",
)
SEARCH = Text("，补查航线 {lines} 条", ", {lines} lines in search of what was missed")
NO_SEARCH = Text("", "")


@dataclass(frozen=True, slots=True)
class Airborne:
    """Where the aircraft is now, and its height above home."""

    lat_deg: float
    lon_deg: float
    height_m: float


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The mission, the looks it is made of in the order flown, what it takes, and what the file could not hold."""

    mission: Mission
    looks: tuple[Look, ...]
    length_m: float
    minutes: float
    battery_percent: float
    lost: tuple[Text, ...] = ()

    @property
    def hovers(self) -> int:
        return sum(look.hovers for look in self.looks)

    @property
    def nats(self) -> float:
        return sum(look.nats for look in self.looks)

    @property
    def words(self) -> Text:
        """One sentence for the pilot."""
        search = sum(look.source < 0 for look in self.looks)
        return WORDS.with_(
            sources=len({look.source for look in self.looks} - {-1}), hovers=self.hovers,
            lines=len(self.looks) - self.hovers - search, search=SEARCH.with_(lines=search) if search else NO_SEARCH,
            minutes=max(self.minutes, 1.0), battery=self.battery_percent,
        )  # fmt: skip


def second_look(
    analysis: Mapping[str, Any],
    *,
    home: tuple[float, float] | None = None,
    battery_m: float = BATTERY_M,
    battery_percent: float | None = None,
    park: Park | None = None,
    wind: tuple[float, float] | None = None,
    aircraft: Aircraft | None = None,
    now: Airborne | None = None,
    search: bool = True,
) -> SecondLook:
    """The lines and hover points that shrink the doubt most for their flight, as one mission.

    `analysis` is `Analysis.as_json()`. With `park` the route keeps its distance from what stands there and stays out of
    controlled airspace; with `search` what is left of the battery goes into lines in search of sources that were missed
    in it. `wind` (from_deg, speed_m_s) is that of the flight to come, of the analysed one where it is not known. With
    `now` the mission begins there, without a take-off, within the battery that is left. Raises Refused where nothing is
    in doubt or no line can be flown, BadInput for a battery that cannot be.
    """
    if not 0.0 < battery_m < math.inf:
        raise BadInput(BAD_BATTERY.with_(battery=f"{battery_m:g}"))
    why = analysis.get("cannot_say")
    if why:
        raise Refused(NOTHING.with_(why=Text(why["zh"], why["en"])))
    home = home or (park.home if park else None)
    craft, budget_m = aircraft or Aircraft(), battery_m
    left_percent = 100.0 if battery_percent is None else battery_percent
    usable_percent = left_percent - 100.0 * craft.reserve_fraction
    start = (now.lat_deg, now.lon_deg) if now else home
    area = park.boundary.outer if park is not None and search else ()
    for _ in range(TRIES if usable_percent > 0.0 else 0):
        chosen = looks(analysis, home=home, start=start, budget_m=budget_m, wind=wind, area=area)
        if not chosen:
            raise Refused(_why_none(analysis, battery_m, wind))
        site = _site(analysis, chosen, home=home, park=park, wind=wind, aircraft=craft)
        found = _planned(site, chosen, now, simulated=bool(analysis.get("simulated")))
        if found.battery_percent <= usable_percent:
            return found
        budget_m *= SHORTER * usable_percent / found.battery_percent
    raise Refused(TOO_FAR.with_(battery=battery_m))


def _why_none(analysis: Mapping[str, Any], battery_m: float, wind: tuple[float, float] | None) -> Text:
    """No doubt, none that a flight would shrink, or a flight that does not fit into the battery."""
    if not (analysis.get("suspected") or analysis.get("look_again")):
        return NOTHING.with_(why=NO_DOUBT)
    if not looks(analysis, budget_m=LONGEST_M, wind=wind):
        return NO_GAIN
    return TOO_FAR.with_(battery=battery_m)


def _site(
    analysis: Mapping[str, Any],
    chosen: Sequence[Look],
    *,
    home: tuple[float, float] | None,
    park: Park | None,
    wind: tuple[float, float] | None,
    aircraft: Aircraft,
) -> Site:
    """What the route is laid out over; where no park is known, the open ground about the looks."""
    p = analysis["parameters"]
    blowing = wind or (float(p["wind_from_deg"]), float(p["wind_m_s"]))
    if park is None:
        places = [place for look in chosen for place in (look.begin, look.end)] + ([home] if home else [])
        park = Park("", _hull(places), simulated=bool(analysis.get("simulated")))
    return site_of(park, wind=blowing, aircraft=aircraft, sampler=Sampler(), home=home or park.home or chosen[0].begin)


def _hull(places: Sequence[tuple[float, float]]) -> Polygon:
    frame = LocalFrame(*places[0])
    x, y = frame.to_xy([p[0] for p in places], [p[1] for p in places])
    ground = shapely.convex_hull(shapely.multipoints(np.column_stack([x, y]))).buffer(AROUND_M, quad_segs=2)
    lat, lon = frame.to_lat_lon(*np.array(ground.exterior.coords)[:-1].T)
    return Polygon(tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True)))


def _planned(site: Site, chosen: tuple[Look, ...], now: Airborne | None, *, simulated: bool) -> SecondLook:
    stops = [stop for look in chosen for stop in _stops(site, look)]
    if not stops:
        raise Refused(AIRSPACE)
    here = None
    if now is None:
        ways = site.with_ways(tuple(site.around(stops)), airspace=True)
    else:
        x, y = site.at(now.lat_deg, now.lon_deg)
        here = Stop(float(x), float(y), max(now.height_m, 5.0), note="from here")
        last = Stop(*site.home, stops[-1].height_agl_m)
        ways = tuple(site.around([here, *stops, last])[1:-1])
    route = Route(ways, chosen[0].speed_m_s)
    mission = mission_of(site, route, Rise(site, None), pattern=PATTERN, settings=Settings({}))
    mission = replace(mission, name="second look", simulated=mission.simulated or simulated)
    forecast = predict(mission, site.aircraft, wind=site.wind)
    if now is not None and here is not None:
        mission, forecast = _from_here(mission, now, site)
        # A fence that leaves the aircraft outside would be broken as soon as it is stored.
        fence, _ = fence_around(site, replace(route, stops=(here, *ways)).xy())
        mission = replace(mission, fence=fence)
    energy_wh = sum(leg.energy_wh for leg in forecast.legs)
    return SecondLook(
        mission, chosen, forecast.length_m, forecast.seconds / 60.0, 100.0 * energy_wh / site.aircraft.battery_wh
    )


def _from_here(mission: Mission, now: Airborne, site: Site) -> tuple[Mission, Forecast]:
    """The mission without its take-off, and what it takes from where the aircraft is."""
    speed, first, *rest = (i for i in mission.items if i.command != Command.TAKEOFF)
    # The speed again at the first place: an autopilot that begins at an item of this list passes over what is no place.
    items = (speed, first, speed, *rest)
    before = (takeoff(*site.home_place, now.height_m), waypoint(now.lat_deg, now.lon_deg, now.height_m))
    whole = predict(replace(mission, items=(*before, *items)), site.aircraft, wind=site.wind)
    ahead = tuple(leg for leg in whole.legs if leg.item >= len(before))
    return replace(mission, items=items), Forecast(ahead, whole.frame)


def _stops(site: Site, look: Look) -> list[Stop]:
    """The look's own stops: of a line that meets controlled airspace the longest piece outside, nothing of a hover."""
    ends = [site.at(*place) for place in ([look.begin] if look.hovers else [look.begin, look.end])]
    closed = site.airspace.buffer(BESIDE_AIRSPACE_M + 1.0) if not site.airspace.is_empty else site.airspace
    if look.hovers:
        kept = [] if closed.covers(shapely.Point(*ends[0])) else ends
    else:
        pieces = shapely.get_parts(shapely.LineString(ends).difference(closed))
        longest = max(pieces, key=lambda p: float(p.length), default=None)
        long_enough = longest is not None and longest.length >= SHORTEST_M
        kept = list(shapely.get_coordinates(longest)) if long_enough else []
    return [
        Stop(float(e[0]), float(e[1]), look.height_m, hold_s=look.hold_s, note=look.note, speed_m_s=look.speed_m_s)
        for e in kept
    ]


def write_second_look(analysis_file: Path, out: Path, *, home: tuple[float, float] | None = None) -> SecondLook:
    """From OUT.json to a mission file."""
    found = second_look(json_file(analysis_file), home=home)
    return replace(found, lost=write_mission(found.mission, out))


def length_m(mission: Mission) -> float:
    """Over the ground, between the items that have a place."""
    places: list[Item] = [i for i in mission.items if i.has_place]
    frame = LocalFrame(places[0].lat_deg, places[0].lon_deg)
    x, y = frame.to_xy([p.lat_deg for p in places], [p.lon_deg for p in places])
    return float(sum(((x[1:] - x[:-1]) ** 2 + (y[1:] - y[:-1]) ** 2) ** 0.5))
