"""Crosswind ladder: lines across the wind, the farthest downwind first."""

import math

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon
from shapely.geometry import Polygon as Shape

from dronesampler.geo.local import Floats
from dronesampler.plan.area import lines
from dronesampler.plan.detect import propose
from dronesampler.plan.pattern import AUTO, AVOID, Parameter, Pattern, Settings, ground_speed, height_agl
from dronesampler.plan.route import Route, Stop, stops_along
from dronesampler.plan.site import BESIDE_AIRSPACE_M, Site
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOTHING_LEFT = Text(
    "区域内没有可飞的测线：检查间距、外延和管制空域", "no line fits: check spacing, overhang and airspace"
)
SHORTEST_LINE_M = 10.0

_PARAMETERS = (
    Parameter("spacing_m", AUTO, Text("测线间距", "distance between lines"), 5, 500),
    height_agl("20"),
    Parameter("detect_g_s", "0.83", Text("要能看到的排放（3 kg/h）", "emission to be seen (3 kg/h)"), 0.001, 100),
    ground_speed(AUTO),
    Parameter("overhang_m", "30", Text("测线两端超出边界", "how far lines reach over the boundary"), 0, 300),
    Parameter(
        "beyond_m", AUTO, Text("下风向边界外第一条线的距离", "the first line's distance downwind of the park"), 0, 500
    ),
    Parameter(
        "passes",
        "1",
        Text("飞几遍，第二遍错开半个间距", "how often; the second time half a spacing off"),
        1,
        4,
        whole=True,
    ),
    AVOID,
)
_PRESETS = {
    "quick": {"spacing_m": "90", "overhang_m": "20"},
    "twice": {"passes": "2"},
    "low-vents": {"height_agl_m": "15", "spacing_m": "50"},
}


def _lay_out(site: Site, settings: Settings) -> Route:
    avoid, height = settings.avoids_airspace, settings.number("height_agl_m")
    proposal = propose(
        site,
        spacing_m=settings.maybe("spacing_m"),
        speed_m_s=settings.maybe("speed_m_s"),
        height_agl_m=height,
        wanted_g_s=settings.number("detect_g_s"),
    )
    beyond = settings.maybe("beyond_m")
    beyond = proposal.spacing_m if beyond is None else beyond
    rungs: list[list[Floats]] = []
    for number in range(int(settings.number("passes"))):
        shift = 0.5 * proposal.spacing_m * (number % 2)
        one = _rungs(site, settings, spacing_m=proposal.spacing_m, beyond_m=beyond - shift, avoid=avoid)
        rungs += one if number % 2 == 0 else one[::-1]
    if not rungs:
        raise BadInput(NOTHING_LEFT)
    stops = site.around(_to_and_fro(rungs, height), airspace=avoid)
    return Route(tuple(stops), proposal.speed_m_s, proposal.why)


def _rungs(site: Site, settings: Settings, *, spacing_m: float, beyond_m: float, avoid: bool) -> list[list[Floats]]:
    """Lines from downwind to upwind, each as its pieces from left to right; shifted a little to miss what is tall."""
    overhang = settings.number("overhang_m")
    closed = site.airspace.buffer(BESIDE_AIRSPACE_M + 1.0) if avoid else MultiPolygon()
    blocked = site.blocked(settings.number("height_agl_m"), airspace=False)
    choices = [
        _lines_across(site, overhang_m=overhang, closed=closed, spacing_m=spacing_m, beyond_m=beyond_m + k * spacing_m)
        for k in (0.0, 0.1, -0.1, 0.2, -0.2)
    ]
    return min(choices, key=lambda rungs: _length_inside(rungs, blocked))


def _lines_across(
    site: Site, *, overhang_m: float, closed: shapely.Geometry, spacing_m: float, beyond_m: float
) -> list[list[Floats]]:
    reach = site.area.buffer(overhang_m, join_style="mitre", mitre_limit=2.0)
    along = site.downwind
    across = np.array([along[1], -along[0]])
    corners = shapely.get_coordinates(site.area) @ along
    near, far = float(corners.min()), float(corners.max())
    first, rungs = far + beyond_m, []
    for step in range(max(math.floor((first - near) / spacing_m) + 1, 1)):
        distance = first - step * spacing_m
        # downwind of the park a line is as long as what lies within two lines of it: farther plumes were crossed before
        seen = _strip(site, min(distance, far) - 2.0 * spacing_m, far) if distance > far else reach
        wide = shapely.get_coordinates(seen) @ across
        ends = (wide.min() - overhang_m, wide.max() + overhang_m)
        line = LineString([distance * along + w * across for w in ends])
        open_line = (line if distance > far else line.intersection(reach)).difference(closed)
        pieces = [p for p in lines(open_line) if np.hypot(*(p[-1] - p[0])) >= SHORTEST_LINE_M]
        if pieces:
            rungs.append(sorted(pieces, key=lambda p: float(p[0] @ across)))
    return rungs


def _strip(site: Site, near_m: float, far_m: float) -> shapely.Geometry:
    """The part of the area from `near_m` to `far_m` along the wind."""
    along, wide = site.downwind, 1e5
    across = np.array([along[1], -along[0]])
    band = Shape([d * along + w * across for d, w in ((near_m, -wide), (near_m, wide), (far_m, wide), (far_m, -wide))])
    return site.area.intersection(band)


def _length_inside(rungs: list[list[Floats]], blocked: shapely.Geometry) -> float:
    return float(shapely.length(shapely.intersection(MultiLineString([p for r in rungs for p in r]), blocked)))


def _to_and_fro(rungs: list[list[Floats]], height_agl_m: float) -> list[Stop]:
    stops: list[Stop] = []
    for number, rung in enumerate(rungs):
        pieces = rung if number % 2 == 0 else [p[::-1] for p in rung[::-1]]
        for piece in pieces:
            stops += stops_along((piece[0], piece[-1]), height_agl_m, note=f"transect {number + 1}")
    return stops


CROSSWIND_LADDER = Pattern(
    name="crosswind-ladder",
    reason=Text(
        "横风测线，先飞下风向：每个排口的羽流至少在两个距离上被穿过，才能定位到沿风方向的距离",
        "lines across the wind, downwind first: every plume is crossed at two ranges, which fixes its distance upwind",
    ),
    parameters=_PARAMETERS,
    lay_out=_lay_out,
    presets=_PRESETS,
)
