"""The fence of a plan: a zone to stay in about all that is flown, and zones of controlled airspace to stay out of."""

import numpy as np
import shapely
from shapely.geometry import LineString

from dronesampler.geo.local import Floats
from dronesampler.mission import Fence, PolygonFence
from dronesampler.plan.area import flat, polygons, round_area
from dronesampler.plan.site import Site
from dronesampler.texts import Text

FENCE_MARGIN_M = 30.0
MOST_VERTICES = 255  # of a fence as a whole, ArduPilot; PX4 holds more
CEILING_M = 120.0  # what begins above this height nobody of ours flies in; a fence has no floor, so it stays out of it
ENTERED = Text(
    "航线或起飞点在管制空域“{name}”内，围栏未排除它：触发围栏会使飞机中途返航",
    "the route or home lies in the controlled airspace “{name}”: it is no zone of the fence, or that "
    "would be broken at once",
)
NO_ROOM = Text(
    "飞控围栏至多 {most} 个顶点，管制空域“{name}”放不下，未加入围栏",
    "a fence holds {most} vertices at most: the controlled airspace “{name}” is no zone of it",
)


def fence_around(site: Site, way: Floats, *, airspace: bool = False) -> tuple[Fence, tuple[Text, ...]]:
    """An inclusion zone about park, route (shape (n, 2), local metres) and home, with a margin for overshoot and
    position error; with `airspace` also exclusion zones, and which of them no autopilot could hold."""
    points = [shapely.get_coordinates(site.area), way, np.array([site.home])]
    zone = shapely.convex_hull(shapely.multipoints(np.vstack(points))).buffer(FENCE_MARGIN_M, quad_segs=3).simplify(2.0)
    inside = [PolygonFence(round_area(part, site.frame)) for part in polygons(zone)[:1]]
    if not airspace:
        return Fence(tuple(inside)), ()
    flown = LineString(np.vstack([[site.home], way, [site.home]]))
    room, said, outside = MOST_VERTICES - sum(len(p.area.outer) for p in inside), [], []
    for space in site.park.airspaces:
        shape = flat(space.area, site.frame)
        if space.floor_agl_m >= CEILING_M or not shape.intersects(zone):
            continue
        # Holes are filled: no autopilot holds them. The outline may only grow.
        solid = shapely.Polygon(shape.exterior).buffer(1.0, join_style="mitre").simplify(1.0)
        count = len(solid.exterior.coords) - 1
        if solid.intersects(flown):
            said.append(ENTERED.with_(name=space.name))
        elif count > room:
            said.append(NO_ROOM.with_(most=MOST_VERTICES, name=space.name))
        else:
            room -= count
            outside.append(PolygonFence(round_area(solid, site.frame), inclusion=False))
    return Fence((*inside, *outside)), tuple(said)
