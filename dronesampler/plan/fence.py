"""Fence line: round the boundary at one or more heights."""

import numpy as np
import shapely
from shapely.geometry import LineString

from dronesampler.geo.local import Floats
from dronesampler.plan.area import lines, polygons
from dronesampler.plan.pattern import AVOID, Parameter, Pattern, Settings, ground_speed
from dronesampler.plan.route import Route, Stop, stops_along
from dronesampler.plan.site import BESIDE_AIRSPACE_M, Site
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NO_FENCE = Text("边界全部在管制空域内，没有可飞的线", "the whole boundary lies in controlled airspace: nothing to fly")


def _lay_out(site: Site, settings: Settings) -> Route:
    stops: list[Stop] = []
    pieces = _pieces(site, settings)
    if not pieces:
        raise BadInput(NO_FENCE)
    for height in settings.numbers("heights_agl_m"):
        for number, piece in enumerate(pieces):
            stops += stops_along(piece, height, note=f"fence {number + 1} at {height:g} m")
        pieces = [p[::-1] for p in pieces[::-1]]
    return Route(
        tuple(site.around(stops, airspace=settings.avoids_airspace)),
        settings.number("speed_m_s"),
    )


def _pieces(site: Site, settings: Settings) -> list[Floats]:
    """The rings as lines that begin nearest home, cut where the airspace is closed."""
    closed = site.airspace.buffer(BESIDE_AIRSPACE_M + 1.0) if settings.avoids_airspace else None
    pieces = []
    for ring in _rings(site, settings):
        turned = _from_nearest(ring, site.at_home)
        pieces += [turned] if closed is None else lines(LineString(turned).difference(closed))
    return [p for p in pieces if float(LineString(p).length) >= 5.0]


def _rings(site: Site, settings: Settings) -> list[Floats]:
    """Outer rings at the offset asked for; nearer to the boundary where the area is too narrow for it."""
    outside = settings.word("side") == "outside"
    offset = settings.number("offset_m")
    shape = site.area.buffer(offset, join_style="round", quad_segs=3) if outside else site.area.buffer(-offset)
    while not polygons(shape):
        offset /= 2
        shape = site.area.buffer(-offset)
    return [shapely.get_coordinates(part.exterior.simplify(0.5)) for part in polygons(shape)]


def _from_nearest(ring: Floats, point: Floats) -> Floats:
    open_ring = ring[:-1]
    first = int(np.argmin(np.hypot(*(open_ring - point).T)))
    turned = np.roll(open_ring, -first, axis=0)
    return np.vstack([turned, turned[:1]])


FENCE_LINE = Pattern(
    name="fence-line",
    reason=Text(
        "沿厂界不同高度各飞一圈：不进厂就知道哪一段边界有东西出来，下风向减上风向",
        "once round the boundary at each height: which stretch lets something out, downwind less upwind, from outside",
    ),
    parameters=(
        Parameter("offset_m", "10", Text("离边界的距离", "distance from the boundary"), 0, 200),
        Parameter(
            "side", "inside", Text("在边界内侧还是外侧", "inside or outside of it"), choices=("inside", "outside")
        ),
        Parameter("heights_agl_m", "20,35", Text("离地高度（可多个）", "heights above ground"), 2, 120, many=True),
        ground_speed("4"),
        AVOID,
    ),
    lay_out=_lay_out,
    presets={"one-height": {"heights_agl_m": "20"}, "outside": {"side": "outside"}},
    needs_wind=False,
)
