"""The fence on the shelf, looked at from where the aircraft is: which of its zones are broken."""

from collections.abc import Sequence

from shapely.geometry import Point, Polygon

from dronesampler.geo import LocalFrame
from dronesampler.simulator.stored import StoredItem

INCLUSION, EXCLUSION, CIRCLE_INCLUSION, CIRCLE_EXCLUSION = 5001, 5002, 5003, 5004


class Zones:
    """A fence as areas in a frame's metres."""

    def __init__(self, items: Sequence[StoredItem], frame: LocalFrame) -> None:
        self.inside: list[Polygon] = []
        self.outside: list[Polygon] = []
        k = 0
        while k < len(items):
            item = items[k]
            count = max(int(item.params[0]), 1) if item.command in (INCLUSION, EXCLUSION) else 1
            group = items[k : k + count]
            places = [tuple(map(float, frame.to_xy(i.lat_deg, i.lon_deg))) for i in group]
            if item.command in (INCLUSION, EXCLUSION) and len(places) >= 3:
                (self.inside if item.command == INCLUSION else self.outside).append(Polygon(places))
            elif item.command in (CIRCLE_INCLUSION, CIRCLE_EXCLUSION):
                circle = Point(places[0]).buffer(max(item.params[0], 0.0), quad_segs=16)
                (self.inside if item.command == CIRCLE_INCLUSION else self.outside).append(circle)
            k += count

    def __bool__(self) -> bool:
        return bool(self.inside or self.outside)

    def broken_at(self, x_m: float, y_m: float) -> bool:
        """Outside of an inclusion zone or inside of an exclusion zone."""
        here = Point(x_m, y_m)
        return any(not zone.contains(here) for zone in self.inside) or any(zone.contains(here) for zone in self.outside)
