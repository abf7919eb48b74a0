"""Missions to wire items and back: home placeholder, frames, fence vertices and jump targets."""

import math
from collections.abc import Sequence

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mavlink.personality import (
    CIRCLE_INSIDE,
    CIRCLE_OUTSIDE,
    PLACED,
    POLYGON_INSIDE,
    POLYGON_OUTSIDE,
    RALLY_COMMAND,
    RETURN_POINT,
    Personality,
)
from dronesampler.mavlink.wire import PlanKind, WireFrame, WireItem
from dronesampler.mission import Circle, Fence, Frame, Item, Mission, PolygonFence

JUMP = 177
_TO_WIRE = {
    Frame.SEA: WireFrame.GLOBAL_INT,
    Frame.HOME: WireFrame.GLOBAL_RELATIVE_INT,
    Frame.TERRAIN: WireFrame.TERRAIN_INT,
    Frame.NONE: WireFrame.MISSION,
}
_FROM_WIRE = {
    WireFrame.GLOBAL: Frame.SEA,
    WireFrame.GLOBAL_INT: Frame.SEA,
    WireFrame.GLOBAL_RELATIVE: Frame.HOME,
    WireFrame.GLOBAL_RELATIVE_INT: Frame.HOME,
    WireFrame.TERRAIN: Frame.TERRAIN,
    WireFrame.TERRAIN_INT: Frame.TERRAIN,
}
NO_PARAMS = (0.0, 0.0, 0.0, 0.0)


def wire_items(mission: Mission, kind: PlanKind, personality: Personality) -> tuple[WireItem, ...]:
    """The list to store. An empty mission is an empty list, with no home placeholder."""
    if kind is PlanKind.FENCE:
        back = mission.fence.return_point
        first = [_return_point_item(back)] if back is not None and personality.fence_return else []
        return (*first, *_fence_items(mission.fence))
    if kind is PlanKind.RALLY:
        return tuple(_rally_item(place) for place in mission.rally)
    items = [_wire_item(item, personality) for item in mission.items]
    if personality.home_item and items:
        items.insert(0, _home_item(mission))
    return tuple(items)


def mission_items(stored: Sequence[WireItem], personality: Personality) -> tuple[Item, ...]:
    """Our items of a mission list as read from a vehicle, without its home."""
    return tuple(_item(wire, personality) for wire in stored[1 if personality.home_item else 0 :])


def home_of(stored: Sequence[WireItem], personality: Personality) -> Place | None:
    """The home that a mission list holds, above mean sea level."""
    if not (personality.home_item and stored) or not (stored[0].x or stored[0].y):
        return None
    return Place(stored[0].x / 1e7, stored[0].y / 1e7, stored[0].z, HeightReference.SEA)


def fence_of(stored: Sequence[WireItem]) -> Fence:
    """The fence of a list as read; items that are no fence zone are left out."""
    polygons: list[PolygonFence] = []
    circles: list[Circle] = []
    back: Place | None = None
    at = 0
    while at < len(stored):
        wire = stored[at]
        if wire.command in (POLYGON_INSIDE, POLYGON_OUTSIDE):
            ring = stored[at : at + max(int(wire.params[0]), 1)]
            outer = tuple((v.x / 1e7, v.y / 1e7) for v in ring)
            polygons.append(PolygonFence(Polygon(outer), wire.command == POLYGON_INSIDE))
            at += len(ring)
            continue
        if wire.command in (CIRCLE_INSIDE, CIRCLE_OUTSIDE):
            inside = wire.command == CIRCLE_INSIDE
            circles.append(Circle(wire.x / 1e7, wire.y / 1e7, wire.params[0], inside))
        if wire.command == RETURN_POINT:
            back = Place(wire.x / 1e7, wire.y / 1e7, 0.0, HeightReference.HOME)
        at += 1
    return Fence(tuple(polygons), tuple(circles), back)


def rally_of(stored: Sequence[WireItem]) -> tuple[Place, ...]:
    """Rally points of a list as read, above home (or the sea where the frame says so)."""
    return tuple(
        Place(
            wire.x / 1e7,
            wire.y / 1e7,
            wire.z,
            HeightReference.SEA if _FROM_WIRE.get(WireFrame(wire.frame)) is Frame.SEA else HeightReference.HOME,
        )
        for wire in stored
        if wire.command == RALLY_COMMAND
    )


def e7(degrees: float) -> int:
    """Degrees times 1e7, to the nearest."""
    return round(degrees * 1e7)


def _wire_item(item: Item, personality: Personality) -> WireItem:
    p1, p2, p3, p4 = (float(p) for p in item.params)
    if math.isnan(p4) and not personality.nan_yaw:
        p4 = 0.0  # "yaw as it is": what the stack makes of NaN itself, and it refuses NaN for some commands
    if item.command == JUMP and personality.home_item:
        p1 += 1.0
    if not item.has_place:
        return WireItem(
            int(item.command),
            WireFrame.MISSION,
            (p1, p2, p3, p4),
            x=int(item.lat_deg),
            y=int(item.lon_deg),
            z=float(item.height_m),
            autocontinue=item.autocontinue,
        )
    return WireItem(
        int(item.command),
        _TO_WIRE[item.frame],
        (p1, p2, p3, p4),
        x=e7(item.lat_deg),
        y=e7(item.lon_deg),
        z=float(item.height_m),
        autocontinue=item.autocontinue,
    )


def _home_item(mission: Mission) -> WireItem:
    home = mission.home
    if home is None:
        first = next((item for item in mission.items if item.has_place), None)
        home = Place(first.lat_deg, first.lon_deg) if first else Place(0.0, 0.0)
    height_m = home.height_m if home.reference is HeightReference.SEA else 0.0
    return WireItem(16, WireFrame.GLOBAL, NO_PARAMS, e7(home.lat_deg), e7(home.lon_deg), height_m)


def _return_point_item(place: Place) -> WireItem:
    """ArduPilot keeps no height with it."""
    return WireItem(RETURN_POINT, WireFrame.GLOBAL, NO_PARAMS, e7(place.lat_deg), e7(place.lon_deg), 0.0)


def _fence_items(fence: Fence) -> list[WireItem]:
    """Polygons first: PX4 reads polygons that follow a circle as circles."""
    items: list[WireItem] = []
    for polygon in fence.polygons:
        command = POLYGON_INSIDE if polygon.inclusion else POLYGON_OUTSIDE
        count = float(len(polygon.area.outer))
        items += [
            WireItem(command, WireFrame.GLOBAL, (count, 0.0, 0.0, 0.0), e7(lat), e7(lon), 0.0)
            for lat, lon in polygon.area.outer
        ]
    for circle in fence.circles:
        command = CIRCLE_INSIDE if circle.inclusion else CIRCLE_OUTSIDE
        params = (float(circle.radius_m), 0.0, 0.0, 0.0)
        items.append(WireItem(command, WireFrame.GLOBAL, params, e7(circle.lat_deg), e7(circle.lon_deg), 0.0))
    return items


def _rally_item(place: Place) -> WireItem:
    # Frame 3 for heights over home: PX4 takes frame 6 and then cannot use the point.
    frame = WireFrame.GLOBAL if place.reference is HeightReference.SEA else WireFrame.GLOBAL_RELATIVE
    return WireItem(RALLY_COMMAND, frame, NO_PARAMS, e7(place.lat_deg), e7(place.lon_deg), float(place.height_m))


def _item(wire: WireItem, personality: Personality) -> Item:
    params = list(wire.params)
    if wire.command == JUMP and personality.home_item:
        params[0] -= 1.0
    placed = wire.command in PLACED and wire.frame in set(_FROM_WIRE)
    return Item(
        wire.command,
        lat_deg=wire.x / 1e7 if placed else float(wire.x),
        lon_deg=wire.y / 1e7 if placed else float(wire.y),
        height_m=wire.z,
        frame=_FROM_WIRE[WireFrame(wire.frame)] if placed else Frame.NONE,
        params=(params[0], params[1], params[2], params[3]),
        autocontinue=wire.autocontinue,
    )
