"""Roof and outlet tour: stop beside every permitted outlet, in the shortest order."""

import math

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.plan.order import best_tour
from dronesampler.plan.pattern import AUTO, AVOID, Parameter, Pattern, Settings, ground_speed
from dronesampler.plan.route import Route, Stop
from dronesampler.plan.site import Site
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NO_OUTLETS = Text(
    "园区没有登记排口，无法安排排口巡查", "the park has no permitted outlets: an outlet tour has nowhere to go"
)
UNKNOWN_OUTLET = Text("园区没有排口“{code}”", "the park has no outlet “{code}”")
TOO_WINDY = Text(
    "风速 {wind:.1f} m/s 超过机型能逆飞的 {limit:.1f} m/s",
    "a wind of {wind:.1f} m/s is more than the aircraft can fly against ({limit:.1f} m/s)",
)
DWELL = Text(
    "每点悬停 {dwell:.0f} s：管路延迟 {delay:g} s 加三倍 T90（{t90:g} s）再取 10 s 平均",
    "{dwell:.0f} s at each stop: {delay:g} s of tubing, three times T90 ({t90:g} s), and 10 s to average",
)

_PARAMETERS = (
    Parameter("downwind_m", "20", Text("下风向停留点距排口", "stop this far downwind of the outlet"), 3, 200),
    Parameter("upwind_m", "15", Text("上风向停留点距排口", "stop this far upwind of the outlet"), 3, 200),
    Parameter("sides", "downwind", Text("停在哪一侧", "which side to stop on"), choices=("downwind", "upwind", "both")),
    Parameter("above_m", "5", Text("高于排口", "height above the outlet's mouth"), 0, 60),
    Parameter("hold_s", AUTO, Text("每点停留时间", "time at each stop"), 0, 600),
    ground_speed("5"),
    Parameter("outlets", "", Text("只去这些排口（逗号分隔）", "only these outlets, comma separated"), free=True),
    AVOID,
)
_PRESETS = {
    "both-sides": {"sides": "both"},
    "slow-analyser": {"hold_s": "120", "downwind_m": "12"},
    "quick-look": {"hold_s": "5", "speed_m_s": "8"},
}


def _lay_out(site: Site, settings: Settings) -> Route:
    stops = _stops(site, settings)
    speed = settings.number("speed_m_s")
    order = visiting_order(site, stops, speed_m_s=speed)
    start = Stop(*site.home, stops[order[0]].height_agl_m, note="home")
    routed = site.around([start, *(stops[k] for k in order)], airspace=settings.avoids_airspace)[1:]
    sampler = site.sampler
    why = DWELL.with_(dwell=stops[0].hold_s, delay=sampler.delay_s, t90=sampler.t90_s)
    return Route(tuple(routed), speed, (why,) if settings.maybe("hold_s") is None else ())


def dwell_s(site: Site) -> float:
    """How long the sampler needs at one place."""
    return float(math.ceil(site.sampler.delay_s + 3.0 * site.sampler.t90_s + 10.0))


def visiting_order(site: Site, stops: list[Stop], *, speed_m_s: float) -> list[int]:
    """The quickest round from home through all stops, as their indices (local search with restarts)."""
    places = np.array([(s.x_m, s.y_m) for s in stops] + [site.home])
    heights = np.array([s.height_agl_m for s in stops] + [0.0])
    seconds = leg_seconds(site, places, heights_m=heights, speed_m_s=speed_m_s)
    ends = np.r_[np.repeat(np.arange(len(stops)), 2), len(stops)]
    tour = best_tour(seconds[np.ix_(ends, ends)], rounds=min(40 * len(stops), 600))
    return [end // 2 for end in tour.ends[::2]]


def leg_seconds(site: Site, places: Floats, *, heights_m: Floats, speed_m_s: float) -> Floats:
    """Time from each place to each other, (n, n): slower where the wind leaves less than the speed asked for."""
    step = places[None, :, :] - places[:, None, :]
    length = np.hypot(step[..., 0], step[..., 1])
    unit = step / np.maximum(length, 1e-9)[..., None]
    wind = site.downwind * site.wind[1]
    tail = unit @ wind
    side2 = site.wind[1] ** 2 - tail**2
    airspeed = site.aircraft.max_airspeed_m_s
    possible = tail + np.sqrt(np.maximum(airspeed**2 - side2, 0.0))
    if site.wind[1] >= airspeed:
        raise BadInput(TOO_WINDY.with_(wind=site.wind[1], limit=airspeed))
    climb = heights_m[None, :] - heights_m[:, None]
    vertical = np.where(climb > 0, climb / site.aircraft.climb_m_s, -climb / site.aircraft.descent_m_s)
    return np.asarray(np.maximum(length / np.minimum(speed_m_s, possible), vertical))


def _stops(site: Site, settings: Settings) -> list[Stop]:
    wanted = [code.strip() for code in settings.word("outlets").split(",") if code.strip()]
    known = {o.code for o in site.park.outlets}
    for code in wanted:
        if code not in known:
            raise BadInput(UNKNOWN_OUTLET.with_(code=code))
    hold = settings.maybe("hold_s")
    hold = dwell_s(site) if hold is None else hold
    sides = {"downwind": settings.number("downwind_m"), "upwind": -settings.number("upwind_m")}
    asked = settings.word("sides")
    stops = []
    for xy, outlet in zip(site.outlets, site.park.outlets, strict=True):
        for side, offset in sides.items():
            if (not wanted or outlet.code in wanted) and asked in (side, "both"):
                x, y = (xy + offset * site.downwind).tolist()
                height = outlet.height_m + settings.number("above_m")
                stops.append(Stop(x, y, height, hold, f"{outlet.code} {side}"))
    if not stops:
        raise BadInput(NO_OUTLETS)
    return stops


OUTLET_TOUR = Pattern(
    name="outlet-tour",
    reason=Text(
        "逐个停在登记排口旁：许可排口自己排多少，先弄清楚，才谈得上有没有别的来源",
        "a stop beside every permitted outlet: what they emit must be known before anything is called unexplained",
    ),
    parameters=_PARAMETERS,
    lay_out=_lay_out,
    presets=_PRESETS,
)
