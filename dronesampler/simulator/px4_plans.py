"""What PX4's navigator makes of a plan after it was stored: it judges late, and mostly by event."""

import struct
from typing import TYPE_CHECKING

from dronesampler.simulator import px4_events as events
from dronesampler.simulator.fence import Zones
from dronesampler.simulator.px4_items import cannot_fly, takeoff_comes_late
from dronesampler.simulator.px4_modes import MISSION
from dronesampler.simulator.stored import FENCE, RALLY, StoredItem
from dronesampler.simulator.stored import MISSION as MISSIONS

if TYPE_CHECKING:
    from dronesampler.simulator.px4 import PX4

CRITICAL = 2
RALLY_COMPLAINT_S = 2.0


class Plans:
    """Looks at mission, fence and rally points whenever they change."""

    def __init__(self, who: "PX4") -> None:
        self._who = who
        self.mission_valid = False
        self.rally_is_bad = False  # a rally point came in frame 6: the firmware takes none
        self.zones = Zones((), who.craft.frame)
        self._seen = dict(who.craft.shelf.version)
        self._complaint_due_s = 0.0

    def notice(self) -> None:
        """Judge what has changed."""
        shelf = self._who.craft.shelf
        if self._seen == shelf.version:
            return
        changed = [kind for kind, version in shelf.version.items() if self._seen[kind] != version]
        self._seen = dict(shelf.version)
        if FENCE in changed:
            self._judge_fence()
        if MISSIONS in changed or FENCE in changed:
            self._judge_mission(new=MISSIONS in changed)
        if RALLY in changed:
            self.rally_is_bad = bool(shelf.items(RALLY)) and self._who.missions.rally_frame == 6

    def _judge_fence(self) -> None:
        craft = self._who.craft
        self.zones = Zones(craft.shelf.items(FENCE), craft.frame)
        home = craft.home_place(0.0)
        if self.zones.inside and self.zones.broken_at(home[0], home[1]):
            self.zones = Zones((), craft.frame)
            craft.out.text(CRITICAL, "Geofence invalid, doesn't contain Home position\t")
            self._who.events.tell(events.FENCE_AGAINST_HOME)

    def _judge_mission(self, *, new: bool) -> None:
        craft = self._who.craft
        if new:
            self._who.route.refresh()
            self._who.route.rewind()
            self._who.crew.forget_reached()
        items = self._who.route.items
        bad = cannot_fly(items)
        outside = self._outside_item(items)
        self.mission_valid = bool(items) and bad is None and outside is None and not takeoff_comes_late(items)
        if bad is not None:
            self._who.events.tell(events.UNSUPPORTED_COMMAND, struct.pack("<HH", *bad))
        elif outside is not None:
            craft.out.text(CRITICAL, f"Geofence violation for waypoint {outside}\t")
            self._who.events.tell(events.WAYPOINT_OUTSIDE, struct.pack("<H", outside))
        elif items and not self.mission_valid:
            self._who.events.tell(events.TAKEOFF_NOT_FIRST)
        if craft.armed and craft.mode == MISSION and new:
            if self.mission_valid:
                self._who.route.start_or_resume()
            else:
                craft.out.text(CRITICAL, "No valid mission available, loitering\t")
                craft.pilot.hold()

    def _outside_item(self, items: list[StoredItem]) -> int | None:
        for k, item in enumerate(items, 1):
            if item.frame != 2 and item.command in (16, 17, 19, 21, 22, 31):
                x, y, _ = self._who.craft.place_of(item.lat_deg, item.lon_deg, 0.0)
                if self.zones.broken_at(x, y):
                    return k
        return None

    def complain(self) -> None:
        if self.rally_is_bad and self._who.craft.now_s >= self._complaint_due_s:
            self._complaint_due_s = self._who.craft.now_s + RALLY_COMPLAINT_S
            self._who.craft.out.text(CRITICAL, "RTL: unsupported MAV_FRAME\t")
            self._who.events.tell(events.RALLY_FRAME, bytes([6]))
