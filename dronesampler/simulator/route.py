"""Flying a stored mission: which item is current, when it is done, and the actions between the legs."""

import math
from collections import deque
from enum import IntEnum
from typing import Protocol

from dronesampler.simulator.craft import Craft, Landed
from dronesampler.simulator.motion import Vector
from dronesampler.simulator.stored import MISSION, StoredItem

TAKEOFFS, WAYPOINTS, LANDS = (22, 84), (16, 82, 31), (21, 85, 94)
LOITER_UNLIMITED, LOITER_TURNS, LOITER_TIME, RETURN, DELAY, GUIDED_ENABLE = 17, 18, 19, 20, 93, 92
NAVIGATION = (*TAKEOFFS, *WAYPOINTS, *LANDS, LOITER_UNLIMITED, LOITER_TURNS, LOITER_TIME, RETURN, DELAY, GUIDED_ENABLE)
CONDITION_DELAY, CONDITION_DISTANCE, CONDITION_YAW = 112, 114, 115
JUMP = 177
FOREVER = -1


class State(IntEnum):
    """MISSION_STATE."""

    NO_MISSION = 1
    NOT_STARTED = 2
    ACTIVE = 3
    PAUSED = 4
    COMPLETE = 5


class Crew(Protocol):
    """Who carries a route out: the personality."""

    def nav_started(self, seq: int, item: StoredItem) -> None: ...

    def action_started(self, seq: int, item: StoredItem) -> None:
        """Carry a DO item out (conditions are the route's own business)."""

    def item_done(self, seq: int, item: StoredItem) -> None: ...

    def return_home(self) -> None: ...

    def jumped(self, seq: int, *, done: int, times: int) -> None: ...

    def route_done(self) -> None: ...


class Route:
    """The mission on the shelf, being flown. `first` is the first real item's number (1 where item 0 is home)."""

    def __init__(self, craft: Craft, crew: Crew, *, first: int) -> None:
        self.craft, self.crew, self.first = craft, crew, first
        self.seq = first
        self.state = State.NO_MISSION
        self._nav_on = False
        self._reached_s: float | None = None
        self._started_s = 0.0
        self._actions: deque[int] = deque()
        self._action: int | None = None
        self._action_s = 0.0
        self._jumps: dict[int, int] = {}
        self._turned_deg = 0.0
        self._bearing_deg: float | None = None

    @property
    def items(self) -> list[StoredItem]:
        return list(self.craft.shelf.items(MISSION))

    @property
    def count(self) -> int:
        return len(self.craft.shelf.items(MISSION))

    @property
    def ready(self) -> bool:
        """There is something to fly."""
        return self.count > self.first

    @property
    def acting(self) -> bool:
        """Actions between the legs are still going on."""
        return self._action is not None or bool(self._actions)

    def refresh(self) -> None:
        """Notice that the mission on the shelf came or went."""
        if not self.ready:
            self.state, self.seq = State.NO_MISSION, 0
            self._nav_on = False
        elif self.state is State.NO_MISSION:
            self.state = State.NOT_STARTED

    def start_or_resume(self) -> None:
        """Begin, or go on at the item where it was left."""
        if not self.ready:
            return
        if self.state in (State.COMPLETE, State.NO_MISSION) or not self.first <= self.seq < self.count:
            self.rewind()
        self.state = State.ACTIVE
        self._nav_on = False
        self._actions.clear()
        self._action = None
        self._begin_from(self.seq)

    def rewind(self) -> None:
        self.seq, self._jumps = self.first, {}

    def stop(self) -> None:
        if self.state in (State.ACTIVE, State.PAUSED):
            self.state = State.NOT_STARTED

    def pause(self) -> None:
        self.state = State.PAUSED
        self.craft.pilot.hold()

    def unpause(self) -> None:
        self.state = State.ACTIVE
        if self._nav_on:
            self._begin_nav(self.items[self.seq])

    def jump_to(self, seq: int) -> bool:
        """Make an item current; False if there is none."""
        if not 0 <= seq < self.count:
            return False
        self.seq = max(seq, self.first)
        self._jumps.clear()
        if self.state is State.COMPLETE:
            self.state = State.NOT_STARTED
        if self.state is State.ACTIVE:
            self.start_or_resume()
        return True

    def tick(self) -> None:
        """Look whether the present leg and action are done and go on."""
        if self.state is not State.ACTIVE:
            return
        if self._nav_on and self.seq < self.count and self._nav_done(self.items[self.seq]):
            self._nav_on = False
            self.crew.item_done(self.seq, self.items[self.seq])
            self._begin_from(self.seq + 1)
        if self.state is State.ACTIVE:
            self._go_on_with_actions()

    def _begin_from(self, seq: int) -> None:
        first_action = True
        items = self.items
        hops = 0
        while seq < len(items) and hops < 2 * len(items):
            hops += 1
            item = items[seq]
            if item.command in NAVIGATION:
                self.seq, self._nav_on = seq, True
                self.crew.nav_started(seq, item)
                self._begin_nav(item)
                return
            if item.command == JUMP:
                seq = self._jumped(seq, item)
                continue
            if first_action and self._action is None:
                self._begin_action(seq, item)
                first_action = False
            else:
                self._actions.append(seq)
            seq += 1
        self.state, self.seq = State.COMPLETE, 0
        self.crew.route_done()

    def _jumped(self, seq: int, item: StoredItem) -> int:
        target, times = int(item.params[0]), int(item.params[1])
        done = self._jumps.get(seq, 0)
        if times == FOREVER or done < times:
            self._jumps[seq] = done + 1
            self.crew.jumped(seq, done=done + 1, times=times)
            return max(target, self.first)
        return seq + 1

    def _begin_nav(self, item: StoredItem) -> None:
        self._reached_s, self._started_s = None, self.craft.now_s
        self._turned_deg, self._bearing_deg = 0.0, None
        pilot = self.craft.pilot
        match item.command:
            case c if c in TAKEOFFS:
                pilot.climb(self.craft.up_m(item.z, item.frame))
            case c if c == RETURN:
                self.crew.return_home()
            case c if c == DELAY:
                pilot.hold()
            case c if c in LANDS and not (item.x or item.y):
                pilot.land()
            case c if c == GUIDED_ENABLE:
                pilot.hold()
            case _:
                pilot.leg(self.place(item), then=self._then(item))

    def place(self, item: StoredItem) -> Vector:
        """Where an item is; 0/0 means here, and a landing's place is above it, at the present height."""
        craft = self.craft
        up = craft.body.z_m if item.command in LANDS else craft.up_m(item.z, item.frame)
        if not (item.x or item.y):
            return craft.body.x_m, craft.body.y_m, up
        return craft.place_of(item.lat_deg, item.lon_deg, up)

    def _then(self, item: StoredItem) -> Vector | None:
        if item.command not in WAYPOINTS or item.params[0] > 0.0:
            return None
        following = next((i for i in self.items[self.seq + 1 :] if i.command in NAVIGATION), None)
        return self.place(following) if following is not None and following.command in WAYPOINTS else None

    def _nav_done(self, item: StoredItem) -> bool:
        craft, command = self.craft, item.command
        if command == RETURN:
            return craft.landed is Landed.ON_GROUND and self._stood_s() > 2.0
        if command in LANDS:
            return self._landing_done(item)
        if command == DELAY:
            return craft.now_s - self._started_s >= item.params[0]
        if command == GUIDED_ENABLE:
            return True
        if not craft.pilot.arrived:
            return False
        if self._reached_s is None:
            self._reached_s = craft.now_s
        if command == LOITER_TURNS:
            return self._turns_done(item)
        hold_s = item.params[0] if command in (16, 82, LOITER_TIME) else 0.0
        return command != LOITER_UNLIMITED and craft.now_s - self._reached_s >= hold_s

    def _landing_done(self, item: StoredItem) -> bool:
        craft = self.craft
        if craft.pilot.arrived:
            craft.pilot.land()
        return craft.landed is Landed.ON_GROUND and self._stood_s() > 2.0

    def _stood_s(self) -> float:
        return self.craft.now_s - max(self.craft.grounded_s, self._started_s)

    def _turns_done(self, item: StoredItem) -> bool:
        craft = self.craft
        centre = self.place(item)
        if self._bearing_deg is None:
            craft.pilot.orbit(centre, radius_m=item.params[2] or 10.0, speed_m_s=min(3.0, craft.pilot.speed_m_s))
            craft.pilot.arrived = True
        bearing = math.degrees(math.atan2(craft.body.x_m - centre[0], craft.body.y_m - centre[1]))
        if self._bearing_deg is not None and math.dist(craft.body.place[:2], centre[:2]) > 2.0:
            self._turned_deg += abs((bearing - self._bearing_deg + 180.0) % 360.0 - 180.0)
        self._bearing_deg = bearing
        return self._turned_deg >= 360.0 * item.params[0]

    def _begin_action(self, seq: int, item: StoredItem) -> None:
        self._action, self._action_s = seq, self.craft.now_s
        self.crew.action_started(seq, item)

    def _go_on_with_actions(self) -> None:
        items = self.items
        if self._action is not None and self._action < len(items):
            if not self._action_done(items[self._action]):
                return
            self.crew.item_done(self._action, items[self._action])
        self._action = None
        if self._actions:
            seq = self._actions.popleft()
            if seq < len(items):
                self._begin_action(seq, items[seq])

    def _action_done(self, item: StoredItem) -> bool:
        craft = self.craft
        if item.command == CONDITION_DELAY:
            return craft.now_s - self._action_s >= item.params[0]
        if item.command == CONDITION_DISTANCE:
            return math.dist(craft.body.place, craft.pilot.target) <= item.params[0]
        return True
