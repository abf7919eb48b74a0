"""Stack orbit and vertical profile: round and up beside chosen outlets or places."""

import math

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.plan.pattern import AUTO, AVOID, Parameter, Pattern, Settings, ground_speed
from dronesampler.plan.route import Route, Stop
from dronesampler.plan.site import BESIDE_OBSTACLE_M, Site
from dronesampler.plan.tour import UNKNOWN_OUTLET, dwell_s, visiting_order
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOWHERE = Text("请用 outlets= 或 at= 指明去哪里", "say where with outlets= or at=")
TOO_NEAR = Text(
    "半径 {radius:g} m 小于与烟囱的安全距离 {least:g} m", "a radius of {radius:g} m is less than {least:g} m"
)

_WHERE = (
    Parameter(
        "outlets", "", Text("排口代码（逗号分隔）；空为全部", "outlet codes, comma separated; none: all"), free=True
    ),
    Parameter("at", "", Text("或地点 纬度,经度;…", "or places as LAT,LON;…"), free=True),
)


def targets(site: Site, settings: Settings) -> list[tuple[str, Floats, float]]:
    """Name, place and height of what is asked for: outlets by code, places with the height of what stands there."""
    wanted = [c.strip() for c in settings.word("outlets").split(",") if c.strip()]
    known = {o.code: (xy, o.height_m) for xy, o in zip(site.outlets, site.park.outlets, strict=True)}
    for code in wanted:
        if code not in known:
            raise BadInput(UNKNOWN_OUTLET.with_(code=code))
    places = [site.at(*place) for place in settings.places("at")]
    codes = wanted or ([] if places else list(known))
    found = [(code, *known[code]) for code in codes]
    found += [(f"place {k + 1}", xy, site.top_at(xy)) for k, xy in enumerate(places)]
    if not found:
        raise BadInput(NOWHERE)
    return found


def _in_order(site: Site, found: list[tuple[str, Floats, float]], speed_m_s: float) -> list[tuple[str, Floats, float]]:
    stops = [Stop(float(xy[0]), float(xy[1]), top) for _, xy, top in found]
    return [found[k] for k in visiting_order(site, stops, speed_m_s=speed_m_s)]


def _orbit(site: Site, settings: Settings) -> Route:
    radius, speed = settings.number("radius_m"), settings.number("speed_m_s")
    if radius < BESIDE_OBSTACLE_M:
        raise BadInput(TOO_NEAR.with_(radius=radius, least=BESIDE_OBSTACLE_M))
    corners = max(8, math.ceil(2 * math.pi * radius / 10.0))
    stops: list[Stop] = []
    here = site.at_home
    for name, xy, top in _in_order(site, targets(site, settings), speed):
        first = math.atan2(*(here - xy)[::-1])
        for above in settings.numbers("above_m"):
            angles = first + 2 * math.pi * np.arange(round(corners * settings.number("turns")) + 1) / corners
            ring = xy + radius * np.column_stack([np.cos(angles), np.sin(angles)])
            note = f"{name} orbit {above:+g} m"
            stops += [Stop(float(x), float(y), max(top + above, 5.0), note=note) for x, y in ring]
        here = np.array([stops[-1].x_m, stops[-1].y_m])
    return Route(tuple(site.around(stops, airspace=settings.avoids_airspace)), speed)


def _profile(site: Site, settings: Settings) -> Route:
    hold = settings.maybe("hold_s")
    hold = dwell_s(site) if hold is None else hold
    low, high, step = (settings.number(f"{k}_agl_m") for k in ("low", "high", "step"))
    levels = list(np.arange(min(low, high), max(low, high) + 1e-6, step))
    stops: list[Stop] = []
    for name, xy, _ in _in_order(site, targets(site, settings), settings.number("speed_m_s")):
        x, y = (xy + settings.number("downwind_m") * site.downwind).tolist()
        stops += [Stop(x, y, float(level), hold, f"{name} profile {level:g} m") for level in levels]
        levels.reverse()
    return Route(tuple(site.around(stops, airspace=settings.avoids_airspace)), settings.number("speed_m_s"))


STACK_ORBIT = Pattern(
    name="stack-orbit",
    reason=Text(
        "绕一个烟囱转一圈：哪个方位有羽流、排口有没有开旁路，风向不稳时也不会漏",
        "once round a stack: on which side the plume leaves, also when the wind will not settle",
    ),
    parameters=(
        *_WHERE,
        Parameter("radius_m", "20", Text("半径", "radius"), 3, 200),
        Parameter("turns", "1", Text("圈数", "turns"), 0.25, 10),
        Parameter("above_m", "0,8", Text("高于排口（可多个）", "heights above the mouth"), -60, 100, many=True),
        ground_speed("3"),
        AVOID,
    ),
    lay_out=_orbit,
    presets={"close": {"radius_m": "12", "above_m": "5"}},
    needs_wind=False,
)

VERTICAL_PROFILE = Pattern(
    name="vertical-profile",
    reason=Text(
        "在下风向一点逐层悬停：羽流在多高，决定下一趟测线飞多高",
        "a hover at each level downwind of one place: how high the plume is decides how high the lines go",
    ),
    parameters=(
        *_WHERE,
        Parameter("downwind_m", "40", Text("下风向距离", "distance downwind"), 0, 500),
        Parameter("low_agl_m", "10", Text("最低离地高度", "lowest height above ground"), 2, 120),
        Parameter("high_agl_m", "50", Text("最高离地高度", "highest"), 2, 120),
        Parameter("step_agl_m", "10", Text("层间距", "step"), 1, 60),
        Parameter("hold_s", AUTO, Text("每层停留时间", "time at each level"), 0, 600),
        ground_speed("4"),
        AVOID,
    ),
    lay_out=_profile,
    presets={"fine": {"step_agl_m": "5"}},
)
