"""Area grid: all of an area seen from parallel lines, by the shortest route that can be found."""

from dronesampler.plan.pattern import AVOID, Parameter, Pattern, Settings, ground_speed, height_agl
from dronesampler.plan.route import Route, stops_along
from dronesampler.plan.site import Site
from dronesampler.plan.sweep import ground_of, sweep
from dronesampler.texts import Text


def _lay_out(site: Site, settings: Settings) -> Route:
    height = settings.number("height_agl_m")
    ground = ground_of(
        site.area,
        spacing_m=settings.number("spacing_m"),
        clearance_m=settings.number("clearance_m"),
        start=site.at_home,
        blocked=site.blocked(height, airspace=settings.avoids_airspace),
    )
    route = sweep(ground)
    return Route(tuple(stops_along(route[1:-1], height, note="grid")), settings.number("speed_m_s"))


AREA_GRID = Pattern(
    name="area-grid",
    reason=Text(
        "整片区域不留空白：无风或小风时没有下风向可言，只能处处飞到",
        "no spot left out: in calm air nothing drifts to a line, so the aircraft has to come to every place",
    ),
    parameters=(
        Parameter("spacing_m", "20", Text("测线间距", "distance between lines"), 2, 500),
        Parameter("clearance_m", "10", Text("与边界和空洞的距离", "distance kept from the boundary and holes"), 0, 200),
        height_agl("30"),
        ground_speed("5"),
        AVOID,
    ),
    lay_out=_lay_out,
    presets={"fine": {"spacing_m": "12"}, "overview": {"spacing_m": "50", "speed_m_s": "8"}},
    needs_wind=False,
)
