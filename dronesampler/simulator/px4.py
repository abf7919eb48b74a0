"""The PX4 multirotor personality: modes, arming, missions, and the words it says about them."""

import math
import struct

from dronesampler.simulator import px4_events as events
from dronesampler.simulator import px4_modes as modes
from dronesampler.simulator.craft import Craft, Landed
from dronesampler.simulator.fence import Zones
from dronesampler.simulator.orders import Result
from dronesampler.simulator.pilot import Task
from dronesampler.simulator.px4_actions import PassedOn, carry_out
from dronesampler.simulator.px4_events import Events
from dronesampler.simulator.px4_failsafe import Failsafes
from dronesampler.simulator.px4_items import cannot_fly, takeoff_comes_late
from dronesampler.simulator.px4_missions import PX4Missions
from dronesampler.simulator.px4_modes import LAND, LOITER, MISSION, RTL, TAKEOFF
from dronesampler.simulator.route import Route, State
from dronesampler.simulator.stored import FENCE, RALLY, StoredItem
from dronesampler.simulator.stored import MISSION as MISSIONS
from dronesampler.simulator.wire import dialect

INFO, WARNING, CRITICAL = 6, 4, 2
REACHED_TIMES = 11  # once, and ten times again
RALLY_COMPLAINT_S = 2.0


class PX4:
    """Flies the craft as PX4 would. `craft.mode` is what is flown, `intended_mode` what was commanded."""

    def __init__(self, craft: Craft, *, ready_after_s: float) -> None:
        self.craft = craft
        self.route = Route(craft, self, first=0)
        self.events = Events(craft)
        self.missions = PX4Missions(craft.shelf, craft.out)
        self.missions.told_event = self.events.tell
        self.passed_on = PassedOn(craft)
        self.failsafes = Failsafes(self)
        self.ready_after_s = ready_after_s
        self.mission_valid = False
        self.zones = Zones((), craft.frame)
        self.takeoff_up_m = 2.5  # above ground
        craft.mode = self.intended_mode = LOITER
        self._seen = dict(craft.shelf.version)
        self._reached: int | None = None
        self._reached_left = 0
        self._reached_due_s = 0.0
        self._complaint_due_s = 0.0
        self._took_off = self._landing_told = self._descent_told = False

    # What the vehicle around it calls.

    def tick(self, dt_s: float) -> None:
        craft = self.craft
        self._apply_parameters()
        self._notice_position()
        self._notice_plans()
        if craft.armed:
            self._fly()
        craft.move(dt_s)
        self.failsafes.tick()
        self._notice_ground()
        self.passed_on.tick()
        self.missions.tick(craft.now_s)
        self._tell_reached()
        self._complain_of_rally()

    def base_mode(self) -> int:
        if self.craft.mode in modes.BY_STICKS:
            mode = 65 if self.craft.mode == modes.custom(modes.ACRO) else 81
        else:
            mode = 1 if self.craft.mode == modes.OFFBOARD and not self.craft.armed else 29
        return mode | (128 if self.craft.armed else 0)

    def system_status(self) -> int:
        if self.craft.failsafe:
            return 5
        if self.craft.armed:
            return 4
        return 3 if self.prearm_good() else 0

    def prearm_good(self) -> bool:
        return self.arming_event() is None

    def charge_state(self) -> int:
        return (1, 2, 3, 4)[self.failsafes.battery_stage]

    def fence_on(self) -> bool:
        return False  # SYS_STATUS has no fence bit

    def fence_good(self) -> bool:
        return True

    # Modes and arming.

    def arming_event(self) -> int | None:
        """The event that says why it does not arm in the present mode, None if it would."""
        craft, mode = self.craft, self.intended_mode
        if not craft.gps_ok:
            return events.GPS_TOO_LOW
        if not craft.position_ok:
            return events.NO_POSITION
        if mode in modes.NOT_ARMABLE or mode in modes.BY_STICKS or mode == modes.OFFBOARD:
            return events.NOT_SUITABLE
        if (mode == MISSION or craft.params["COM_ARM_MIS_REQ"]) and not self.mission_valid:
            return events.NO_MISSION
        if not craft.params["COM_ARMABLE"]:
            return 0x01797473
        if self.failsafes.station_lost and craft.params["NAV_DLL_ACT"] > 0:
            return 0x0167C97B
        if self.failsafes.outside and craft.params["GF_ACTION"] > 1:
            return events.OUTSIDE_FENCE
        return None

    def arm(self, *, force: bool) -> Result:
        craft = self.craft
        if craft.armed:
            return Result.ACCEPTED
        if self.arming_event() is not None and not force:
            craft.out.text(CRITICAL, "Arming denied: Resolve system health failures first\t")
            self.events.tell(events.ARMING_DENIED, levels=events.CRITICAL_LEVELS)
            return Result.TEMPORARILY_REJECTED
        craft.armed, craft.armed_s, self._took_off = True, craft.now_s, False
        if craft.position_ok:
            craft.home.lat_deg, craft.home.lon_deg = craft.told_lat_lon()
            craft.home.amsl_m = craft.amsl_m
        craft.out.text(INFO, "Armed by external command\t")
        self._begin(craft.mode)
        return Result.ACCEPTED

    def disarm(self, *, force: bool, words: str = "Disarmed by external command\t") -> Result:
        craft = self.craft
        if not craft.armed:
            return Result.ACCEPTED
        if craft.flying and not force:
            craft.out.text(CRITICAL, "Disarming denied: not landed\t")
            self.events.tell(events.NOT_LANDED, levels=events.CRITICAL_LEVELS)
            return Result.TEMPORARILY_REJECTED
        craft.armed = False
        craft.pilot.idle()
        self.route.stop()
        self.route.rewind()
        self.failsafes.clear()
        craft.mode = self.intended_mode
        craft.out.text(INFO, words)
        return Result.ACCEPTED

    def command_mode(self, mode: int) -> Result:
        """A mode as a station commands it; ends a failsafe that is flown."""
        craft = self.craft
        if craft.armed and not self._possible(mode):
            word = modes.WORDS.get(mode, "this mode")
            craft.out.text(CRITICAL, f"Switching to {word} is currently not available\t")
            return Result.TEMPORARILY_REJECTED
        self.intended_mode = mode
        self.failsafes.clear()
        self.fly_mode(mode)
        return Result.ACCEPTED

    def fly_mode(self, mode: int) -> None:
        """Fly in a mode without its being commanded."""
        craft = self.craft
        if mode != MISSION:
            self.route.stop()  # also when its own last item is flying home
        again = craft.mode == mode
        craft.mode = mode
        if craft.armed and not (again and mode in (MISSION, LOITER)):
            self._begin(mode)

    def _possible(self, mode: int) -> bool:
        craft = self.craft
        if mode in (TAKEOFF, LOITER, RTL, MISSION, modes.ORBIT, modes.POSITION) and not craft.position_ok:
            return False
        return mode != MISSION or self.mission_valid

    def _begin(self, mode: int) -> None:
        craft, pilot = self.craft, self.craft.pilot
        pilot.yaw_deg = None
        if mode == MISSION and self.mission_valid:
            craft.out.text(INFO, "Executing Mission\t")
            self.route.start_or_resume()
        elif mode == TAKEOFF:
            pilot.climb(max(self.takeoff_up_m, craft.body.z_m))
        elif not craft.flying:
            pilot.idle()
        elif mode == RTL:
            self.return_home()
        elif mode == LAND:
            pilot.land()
        elif mode in modes.BY_STICKS:
            pilot.hold()  # a centred stick holds
        elif mode != modes.ORBIT:
            pilot.hold()

    def _fly(self) -> None:
        craft = self.craft
        if craft.mode == MISSION or self.route.state is State.ACTIVE:
            self.route.tick()
        elif craft.mode == TAKEOFF and craft.pilot.arrived:
            self.intended_mode = LOITER
            self.fly_mode(LOITER)

    # Crew of the route.

    def nav_started(self, seq: int, item: StoredItem) -> None:
        del seq
        if item.command in (22, 84) and self.craft.body.z_m < self.craft.up_m(item.z, item.frame) - 1.0:
            up = self.craft.up_m(item.z, item.frame) + self.craft.ground_amsl_m - self.craft.home.amsl_m
            self.craft.out.text(INFO, f"Climb to {up:.1f} meters above home\t")
        if item.command == 93:
            self.passed_on.once(item)
        if item.command == 20:
            self.craft.out.text(INFO, "Returning to launch\t")

    def action_started(self, seq: int, item: StoredItem) -> None:
        del seq
        carry_out(self.craft, item)
        self.passed_on.add(item)

    def item_done(self, seq: int, item: StoredItem) -> None:
        self._reached, self._reached_left = seq, REACHED_TIMES
        self._reached_due_s = self.craft.now_s
        if item.command == 19:
            self._tell_reached()

    def return_home(self) -> None:
        """To the nearest rally point or home, at the return height, then down."""
        craft = self.craft
        craft.mode = RTL
        rallies = [r for r in craft.shelf.items(RALLY) if not self.rally_is_bad]
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
        if self.craft.flying:
            self.craft.pilot.hold()

    @property
    def rally_is_bad(self) -> bool:
        """A rally point came in frame 6: the firmware takes none."""
        return self.failsafes.rally_frame_bad

    # What it notices.

    def _apply_parameters(self) -> None:
        p, limits = self.craft.params, self.craft.limits
        limits.climb_m_s, limits.descent_m_s = p["MPC_Z_VEL_MAX_UP"], p["MPC_Z_VEL_MAX_DN"]
        limits.acceleration_m_s2 = p["MPC_ACC_HOR"]
        if limits.speed_m_s != p["MPC_XY_CRUISE"]:
            limits.speed_m_s = self.craft.pilot.speed_m_s = p["MPC_XY_CRUISE"]
        self.craft.pilot.land_speed_m_s = p["MPC_LAND_SPEED"]

    def _notice_position(self) -> None:
        craft = self.craft
        if craft.gps_ok and craft.now_s - craft.boot_s >= self.ready_after_s:
            craft.position_ok = True

    def _notice_plans(self) -> None:
        shelf = self.craft.shelf
        if self._seen == shelf.version:
            return
        changed = [kind for kind, version in shelf.version.items() if self._seen[kind] != version]
        self._seen = dict(shelf.version)
        if FENCE in changed:
            self._judge_fence()
        if MISSIONS in changed or FENCE in changed:
            self._judge_mission(new=MISSIONS in changed)
        self.failsafes.rally_frame_bad = RALLY in changed and self.missions.rally_frame == 6

    def _judge_fence(self) -> None:
        craft = self.craft
        self.zones = Zones(craft.shelf.items(FENCE), craft.frame)
        home = craft.home_place(0.0)
        if self.zones.inside and self.zones.broken_at(home[0], home[1]):
            self.zones = Zones((), craft.frame)
            craft.out.text(CRITICAL, "Geofence invalid, doesn't contain Home position\t")
            self.events.tell(events.FENCE_AGAINST_HOME)

    def _judge_mission(self, *, new: bool) -> None:
        craft = self.craft
        if new:
            self.route.refresh()
            self.route.rewind()
            self._reached = None
        items = self.route.items
        bad = cannot_fly(items)
        outside = self._outside_item(items)
        self.mission_valid = bool(items) and bad is None and outside is None and not takeoff_comes_late(items)
        if bad is not None:
            self.events.tell(events.UNSUPPORTED_COMMAND, struct.pack("<HH", *bad))
        elif outside is not None:
            craft.out.text(CRITICAL, f"Geofence violation for waypoint {outside}\t")
            self.events.tell(events.WAYPOINT_OUTSIDE, struct.pack("<H", outside))
        elif items and not self.mission_valid:
            self.events.tell(events.TAKEOFF_NOT_FIRST)
        if craft.armed and craft.mode == MISSION and new:
            if self.mission_valid:
                self.route.start_or_resume()
            else:
                craft.out.text(CRITICAL, "No valid mission available, loitering\t")
                craft.pilot.hold()

    def _outside_item(self, items: list[StoredItem]) -> int | None:
        for k, item in enumerate(items, 1):
            if item.frame != 2 and item.command in (16, 17, 19, 21, 22, 31):
                x, y, _ = self.craft.place_of(item.lat_deg, item.lon_deg, 0.0)
                if self.zones.broken_at(x, y):
                    return k
        return None

    def _notice_ground(self) -> None:
        craft = self.craft
        if not craft.armed:
            return
        if craft.landed is not Landed.ON_GROUND:
            self._landing_told = False
            self._tell_descent()
            if not self._took_off and craft.body.z_m > 0.3:
                self._took_off = True
                craft.out.text(INFO, "Takeoff detected\t")
            return
        stood_s = craft.now_s - max(craft.grounded_s, craft.armed_s)
        if self._took_off:
            if not self._landing_told:
                self._landing_told = True
                craft.out.text(INFO, "Landing detected\t")
            elif stood_s >= craft.params["COM_DISARM_LAND"] > 0:
                self.disarm(force=True, words="Disarmed by landing\t")
        elif stood_s >= craft.params["COM_DISARM_PRFLT"] > 0 and craft.pilot.task.value == "idle":
            self.disarm(force=True, words="Disarmed by auto preflight disarming\t")

    def _tell_descent(self) -> None:
        down = self.craft.mode == RTL and self.craft.pilot.task is Task.LAND
        if down and not self._descent_told:
            self.craft.out.text(INFO, "RTL: land at destination\t")
        self._descent_told = down

    def _tell_reached(self) -> None:
        craft = self.craft
        waits = self._reached_left == REACHED_TIMES and self.route.acting
        if self._reached is None or self._reached_left == 0 or waits or craft.now_s < self._reached_due_s:
            return
        craft.out.say(dialect.MAVLink_mission_item_reached_message(self._reached))
        self._reached_left -= 1
        self._reached_due_s = craft.now_s + 1.0

    def _complain_of_rally(self) -> None:
        if self.rally_is_bad and self.craft.now_s >= self._complaint_due_s:
            self._complaint_due_s = self.craft.now_s + RALLY_COMPLAINT_S
            self.craft.out.text(CRITICAL, "RTL: unsupported MAV_FRAME\t")
            self.events.tell(events.RALLY_FRAME, bytes([6]))
