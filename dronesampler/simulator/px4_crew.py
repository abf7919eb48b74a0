"""What PX4 does and says along a mission: actions passed on, arrivals told again and again, the way home."""

import math
from typing import TYPE_CHECKING

from dronesampler.simulator.px4_actions import PassedOn, carry_out
from dronesampler.simulator.px4_modes import RTL
from dronesampler.simulator.stored import RALLY, StoredItem
from dronesampler.simulator.wire import dialect

if TYPE_CHECKING:
    from dronesampler.simulator.px4 import PX4

INFO = 6
REACHED_TIMES = 11  # once, and ten times again


class MissionCrew:
    """The route's crew (see `route.Crew`)."""

    def __init__(self, who: "PX4") -> None:
        self._who, self._craft = who, who.craft
        self.passed_on = PassedOn(who.craft)
        self._reached: int | None = None
        self._reached_left = 0
        self._reached_due_s = 0.0

    def tick(self) -> None:
        """Say what is due."""
        self.passed_on.tick()
        self._tell_reached()

    def forget_reached(self) -> None:
        """A new mission has come."""
        self._reached = None

    def nav_started(self, seq: int, item: StoredItem) -> None:
        del seq
        if item.command in (22, 84) and self._craft.body.z_m < self._craft.up_m(item.z, item.frame) - 1.0:
            up = self._craft.up_m(item.z, item.frame) + self._craft.ground_amsl_m - self._craft.home.amsl_m
            self._craft.out.text(INFO, f"Climb to {up:.1f} meters above home\t")
        if item.command == 93:
            self.passed_on.once(item)
        if item.command == 20:
            self._craft.out.text(INFO, "Returning to launch\t")

    def action_started(self, seq: int, item: StoredItem) -> None:
        del seq
        carry_out(self._craft, item)
        self.passed_on.add(item)

    def item_done(self, seq: int, item: StoredItem) -> None:
        self._reached, self._reached_left = seq, REACHED_TIMES
        self._reached_due_s = self._craft.now_s
        if item.command == 19:
            self._tell_reached()

    def return_home(self) -> None:
        """To the nearest rally point or home, at the return height, then down."""
        craft = self._craft
        craft.mode = RTL
        rallies = [r for r in craft.shelf.items(RALLY) if not self._who.plans.rally_is_bad]
        here = craft.body.place
        place = min(
            (craft.home_place(craft.up_m(0.0, 6)), *(craft.place_of(r.lat_deg, r.lon_deg, r.z) for r in rallies)),
            key=lambda p: math.dist(p[:2], here[:2]),
        )
        near = math.dist(place[:2], here[:2]) < craft.params["RTL_MIN_DIST"]
        up = max(here[2] if near else place[2] + craft.params["RTL_RETURN_ALT"], here[2])
        above = f"{up + craft.ground_amsl_m:.0f} m ({up - place[2]:.0f} m above destination)"
        craft.out.text(INFO, f"RTL: start return at {above}\t")
        craft.pilot.fly_back((place[0], place[1], up), wait_s=craft.params["RTL_LAND_DELAY"])

    def jumped(self, seq: int, *, done: int, times: int) -> None:
        """PX4 says nothing."""

    def route_done(self) -> None:
        if self._craft.flying:
            self._craft.pilot.hold()

    def _tell_reached(self) -> None:
        craft = self._craft
        waits = self._reached_left == REACHED_TIMES and self._who.route.acting
        if self._reached is None or self._reached_left == 0 or waits or craft.now_s < self._reached_due_s:
            return
        craft.out.say(dialect.MAVLink_mission_item_reached_message(self._reached))
        self._reached_left -= 1
        self._reached_due_s = craft.now_s + 1.0
