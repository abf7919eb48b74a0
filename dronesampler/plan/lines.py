"""Flux curtain, corridor and look-here: lines beside a park, along a road, and about suspected spots."""

import numpy as np
import shapely
from shapely.geometry import LineString

from dronesampler.geo.local import Floats
from dronesampler.plan.area import lines
from dronesampler.plan.detect import propose, sigma_y_m
from dronesampler.plan.pattern import AUTO, AVOID, Parameter, Pattern, Settings, ground_speed, height_agl
from dronesampler.plan.route import Route, Stop, stops_along
from dronesampler.plan.site import BESIDE_AIRSPACE_M, Site
from dronesampler.plan.swaths import axis_line
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NO_SPOT = Text("请用 at= 给出要细看的地点：园区没有线索", "say where with at=: the park has no lead to look at")
NO_LINE = Text("走廊中心线至少要两个点", "a corridor needs a line of two points at least")
AIRSPACE = Text("测线全部在管制空域内", "all of the lines lie in controlled airspace")


def _across(site: Site) -> tuple[Floats, Floats]:
    along = site.downwind
    return along, np.array([along[1], -along[0]])


def _open(site: Site, line: Floats, settings: Settings) -> list[Floats]:
    """The pieces of a line outside the controlled airspace."""
    if not settings.avoids_airspace:
        return [line]
    pieces = lines(LineString(line).difference(site.airspace.buffer(BESIDE_AIRSPACE_M + 1.0)))
    return [p for p in pieces if float(LineString(p).length) >= 5.0]


def _route(site: Site, settings: Settings, stops: list[Stop], *, speed_m_s: float, why: tuple[Text, ...] = ()) -> Route:
    if not stops:
        raise BadInput(AIRSPACE)
    return Route(tuple(site.around(stops, airspace=settings.avoids_airspace)), speed_m_s, why)


def _curtain(site: Site, settings: Settings) -> Route:
    along, across = _across(site)
    corners, overhang = shapely.get_coordinates(site.area), settings.number("overhang_m")
    distance = float((corners @ along).max()) + settings.number("distance_m")
    left, right = float((corners @ across).min()) - overhang, float((corners @ across).max()) + overhang
    line = np.array([distance * along + w * across for w in (left, right)])
    low, high, step = (settings.number(f"{k}_agl_m") for k in ("low", "high", "step"))
    stops: list[Stop] = []
    for number, level in enumerate(np.arange(min(low, high), max(low, high) + 1e-6, step)):
        for piece in _open(site, line[:: (-1) ** number], settings):
            stops += stops_along((piece[0], piece[-1]), float(level), note=f"curtain {level:g} m")
    return _route(site, settings, stops, speed_m_s=settings.number("speed_m_s"))


def _corridor(site: Site, settings: Settings) -> Route:
    given = np.array([site.at(*place) for place in settings.places("line")]).reshape(-1, 2)
    if len(given) == 1:
        raise BadInput(NO_LINE)
    middle = LineString(given if len(given) else axis_line(site.area)[0])
    spacing, width = settings.number("spacing_m"), settings.number("width_m")
    count = max(int(np.ceil(width / spacing - 1e-9)), 1)
    stops: list[Stop] = []
    for number, offset in enumerate((np.arange(count) - (count - 1) / 2) * width / count):
        side = middle.offset_curve(float(offset), join_style="mitre", mitre_limit=2.0)
        for piece in [p for line in lines(side) for p in _open(site, line[:: (-1) ** number], settings)]:
            stops += stops_along(piece, settings.number("height_agl_m"), note=f"corridor {number + 1}")
    return _route(site, settings, stops, speed_m_s=settings.number("speed_m_s"))


def _look_here(site: Site, settings: Settings) -> Route:
    along, across = _across(site)
    places = settings.places("at") or tuple((lead.lat_deg, lead.lon_deg) for lead in site.park.leads)
    if not places:
        raise BadInput(NO_SPOT)
    ranges = settings.numbers("ranges_m")
    proposal = propose(
        site,
        spacing_m=max(ranges) / 1.5,
        speed_m_s=settings.maybe("speed_m_s"),
        height_agl_m=settings.number("height_agl_m"),
        wanted_g_s=1.0,
    )
    stops: list[Stop] = []
    for number, place in enumerate(places):
        spot = site.at(*place)
        for distance in sorted(ranges, reverse=True):
            half = max(settings.number("half_width_m"), 3.0 * sigma_y_m(distance, site.wind[1]))
            line = np.array([spot + distance * along + w * across for w in (-half, half)])
            for turn in range(int(settings.number("passes"))):
                for piece in _open(site, line[:: (-1) ** turn], settings):
                    note = f"spot {number + 1} at {distance:g} m"
                    stops += stops_along((piece[0], piece[-1]), settings.number("height_agl_m"), note=note)
    return _route(site, settings, stops, speed_m_s=proposal.speed_m_s, why=proposal.why[1:])


FLUX_CURTAIN = Pattern(
    name="flux-curtain",
    reason=Text(
        "在园区下风向竖起一面“帘子”：浓度乘风速对面积求和，就是整个园区每秒排出多少",
        "a curtain of levels downwind: concentration times wind, summed over its area, is what the park emits a second",
    ),
    parameters=(
        Parameter("distance_m", "50", Text("边界下风向距离", "distance downwind of the boundary"), 0, 1000),
        Parameter("overhang_m", "50", Text("两端超出园区宽度", "reach over the park's width at both ends"), 0, 500),
        Parameter("low_agl_m", "10", Text("最低离地高度", "lowest height above ground"), 2, 120),
        Parameter("high_agl_m", "70", Text("最高离地高度", "highest"), 2, 120),
        Parameter("step_agl_m", "12", Text("层间距", "step"), 1, 60),
        ground_speed("5"),
        AVOID,
    ),
    lay_out=_curtain,
    presets={"near": {"distance_m": "30", "high_agl_m": "45", "step_agl_m": "8"}},
)

CORRIDOR = Pattern(
    name="corridor",
    reason=Text(
        "沿管廊、道路或河岸飞一条带：泄漏点沿线分布时最省时",
        "a band along a pipe rack, a road or a bank: the least time where leaks lie along a line",
    ),
    parameters=(
        Parameter(
            "line", "", Text("中心线 纬度,经度;…；空为长轴", "middle line LAT,LON;…; none: long axis"), free=True
        ),
        Parameter("width_m", "60", Text("宽度", "width"), 0, 1000),
        Parameter("spacing_m", "20", Text("测线间距", "distance between lines"), 2, 500),
        height_agl("30"),
        ground_speed("4"),
        AVOID,
    ),
    lay_out=_corridor,
    presets={"one-line": {"width_m": "0"}},
    needs_wind=False,
)

LOOK_HERE = Pattern(
    name="look-here",
    reason=Text(
        "对疑似点再飞一趟近的：近、远两条横风测线各来回一次，把疑似变成确认或排除",
        "a close second flight about suspected spots: near and far lines, both ways, to confirm or to clear them",
    ),
    parameters=(
        Parameter("at", "", Text("地点 纬度,经度;…；空为线索", "places LAT,LON;…; none: the leads"), free=True),
        Parameter("ranges_m", "40,70,160", Text("下风向距离（可多个）", "distances downwind"), 5, 1000, many=True),
        Parameter("half_width_m", "40", Text("测线半长至少", "half a line is at least"), 10, 500),
        Parameter("passes", "2", Text("每条飞几遍", "how often each line is flown"), 1, 6, whole=True),
        height_agl("20"),
        ground_speed(AUTO),
        AVOID,
    ),
    lay_out=_look_here,
    presets={"near": {"ranges_m": "30,50"}},
)
