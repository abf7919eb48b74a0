"""The ArduCopter personality: modes, arming, missions in AUTO, and the words it says about them."""

from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator.ardupilot_failsafe import Failsafes
from dronesampler.simulator.ardupilot_missions import ArduPilotMissions
from dronesampler.simulator.ardupilot_modes import AUTO, GUIDED, LAND, NAMES, RTL, SMART_RTL
from dronesampler.simulator.craft import Craft, Landed
from dronesampler.simulator.motion import Vector
from dronesampler.simulator.orders import Result
from dronesampler.simulator.route import Route, State
from dronesampler.simulator.stored import FENCE, MISSION, RALLY, StoredItem
from dronesampler.simulator.wire import dialect

INFO, WARNING, CRITICAL, NOTICE = 6, 4, 2, 5
SILENT_ACTIONS = (181, 182, 183, 184, 203, 206, 211, 216, 217, 600, 601, 2000, 2001, 42600)
SILENT_ARRIVALS = (22, 84, 20)
ITEM_NAMES = {
    16: "WP",
    17: "LoitUnlim",
    18: "LoitTurns",
    19: "LoitTime",
    20: "RTL",
    21: "Land",
    22: "Takeoff",
    31: "LoitAltitude",
    82: "SplineWP",
    84: "VTOLTakeoff",
    92: "GuidedEnable",
    93: "Delay",
    94: "PayloadPlace",
    112: "CondDelay",
    114: "CondDist",
    115: "CondYaw",
    178: "ChangeSpeed",
    179: "SetHome",
    181: "SetRelay",
    182: "RepeatRelay",
    183: "SetServo",
    184: "RepeatServo",
    189: "LandStart",
    195: "SetROI",
    197: "SetROI",
    201: "SetROI",
    203: "DigiCamCtrl",
    206: "SetCamTrigDst",
    207: "FenceEnable",
    211: "Gripper",
    2000: "ImageStartCapture",
    2001: "ImageStopCapture",
    42600: "Winch",
}
PREARM_EVERY_S = 30.0
DISARM_AFTER_LANDING_S = 2.0


class ArduPilot:
    """Flies the craft as ArduCopter would."""

    def __init__(self, craft: Craft, *, ready_after_s: float) -> None:
        self.craft = craft
        self.route = Route(craft, self, first=1)
        self.missions = ArduPilotMissions(craft.shelf, craft.out)
        self.missions.place_home = self.place_home
        self.missions.may_clear = lambda: not (craft.mode == AUTO and craft.armed)
        self.failsafes = Failsafes(self)
        self.ready_after_s = ready_after_s
        self.started_in_air = False  # MISSION_START was given, or it already flies
        self._reached: int | None = None
        self._shelf_version = 0
        self._complaint_due_s = craft.now_s + PREARM_EVERY_S
        modes.apply_parameters(craft)

    # What the vehicle around it calls.

    def tick(self, dt_s: float) -> None:
        craft = self.craft
        modes.apply_parameters(craft)
        self._notice_position()
        self._notice_mission()
        if craft.mode == AUTO and craft.armed and (craft.flying or self.started_in_air):
            self.route.tick()
        craft.move(dt_s)
        self.failsafes.tick()
        self._notice_landing()
        self.missions.tick(craft.now_s)
        self._tell_reached()
        self._tell_shots()
        self._complain()

    def base_mode(self) -> int:
        guided = 0x08 if self.craft.mode in (AUTO, GUIDED, RTL, LAND, SMART_RTL, 17, 7) else 0
        return 0x01 | 0x10 | 0x40 | guided | (0x80 if self.craft.armed else 0)

    def system_status(self) -> int:
        craft = self.craft
        if craft.now_s - craft.boot_s < min(2.0, self.ready_after_s):
            return 1
        if craft.failsafe:
            return 5
        return 4 if craft.flying else 3

    def prearm_good(self) -> bool:
        return self.craft.params["ARMING_CHECK"] != 0 and not self.arming_problems(ignore_mode=True)

    def charge_state(self) -> int:
        return 1 + self.failsafes.battery_stage

    def fence_on(self) -> bool:
        return bool(self.craft.params["FENCE_ENABLE"])

    def fence_good(self) -> bool:
        return not self.failsafes.breached

    # Modes and arming.

    def set_mode(self, mode: int) -> Result:
        """As commanded by a station or by a failsafe."""
        craft = self.craft
        if mode not in NAMES:
            craft.out.text(WARNING, f"No such mode {mode}")
            return Result.FAILED
        if craft.armed and mode in modes.NEEDS_POSITION and not craft.position_ok:
            craft.out.text(WARNING, f"Mode change to {NAMES[mode]} failed: requires position")
            return Result.FAILED
        if craft.armed and mode == AUTO and not self.route.ready:
            craft.out.text(WARNING, f"Mode change to {NAMES[mode]} failed: requires mission")
            return Result.FAILED
        if mode == craft.mode:
            return Result.ACCEPTED
        if craft.mode == AUTO:
            self.route.stop()
        craft.mode = mode
        self.failsafes.mode_changed()
        self._begin_mode(mode)
        return Result.ACCEPTED

    def _begin_mode(self, mode: int) -> None:
        craft, pilot = self.craft, self.craft.pilot
        pilot.yaw_deg = None
        pilot.speed_m_s = craft.limits.speed_m_s
        if mode == AUTO and self.route.ready:
            self.route.start_or_resume()
        if not craft.flying:
            if mode != AUTO:
                pilot.idle()
        elif mode in (RTL, SMART_RTL):
            self.return_home()
        elif mode == LAND:
            pilot.land()
        elif mode in modes.BY_STICKS:
            pilot.sink()
        elif mode == modes.CIRCLE:
            radius_m = craft.params["CIRCLE_RADIUS"] / 100.0
            place = craft.body.place
            pilot.orbit((place[0], place[1] + radius_m, place[2]), radius_m=radius_m, speed_m_s=3.0)
        elif mode != AUTO:
            pilot.hold()

    def arming_problems(self, *, ignore_mode: bool = False) -> list[str]:
        """Why it does not arm; nothing if it would."""
        craft, mode = self.craft, self.craft.mode
        checks = [(say, bad) for say, bad in self._checks(mode) if bad]
        problems = [say for say, _ in checks]
        auto_arms = mode == AUTO and int(craft.params["AUTO_OPTIONS"]) & 1
        if not problems and not ignore_mode and mode in modes.NOT_ARMABLE and not auto_arms:
            problems.append(f"{NAMES[mode]} mode not armable")
        return problems

    def _checks(self, mode: int) -> list[tuple[str, bool]]:
        craft, volts = self.craft, self.craft.battery.voltage_v
        positioned = mode in modes.NEEDS_POSITION
        terrain = any(item.frame == 10 for item in craft.shelf.items(MISSION))
        stage = self.failsafes.battery_stage
        no_takeoff = all(item.command != 22 for item in craft.shelf.items(MISSION))
        return [
            ("GPS 1: Bad fix", positioned and not craft.gps_ok),
            ("Need Position Estimate", positioned and craft.gps_ok and not craft.position_ok),
            ("Mode requires mission", mode == AUTO and not self.route.ready),
            ("Battery 1 below minimum arming voltage", volts < craft.params["BATT_ARM_VOLT"]),
            ("Battery 1 low voltage failsafe", stage > 0),
            ("Battery failsafe", stage > 0),
            ("Radio failsafe on", craft.radio.sticks_lost),
            ("Missing mission item: takeoff", no_takeoff and bool(int(craft.params["ARMING_MIS_ITEMS"]) & 8)),
            ("waiting for terrain data", terrain),  # nobody here serves any
            ("Vehicle breaching Polygon fence", self.failsafes.breached),
        ]

    def arm(self, *, force: bool) -> Result:
        craft = self.craft
        if craft.armed:
            return Result.ACCEPTED
        problems = [] if force or craft.params["ARMING_CHECK"] == 0 else self.arming_problems()
        for problem in problems:
            craft.out.text(CRITICAL, f"Arm: {problem}")
        if problems:
            return Result.FAILED
        if craft.params["ARMING_CHECK"] == 0:
            craft.out.text(WARNING, "Warning: Arming Checks Disabled")
        craft.armed, craft.armed_s = True, craft.now_s
        self.started_in_air = bool(int(craft.params["AUTO_OPTIONS"]) & 2) and craft.mode == AUTO
        if not craft.home.fixed and craft.position_ok:
            self.move_home()
        craft.out.text(INFO, "Arming motors")
        return Result.ACCEPTED

    def disarm(self, *, force: bool) -> Result:
        craft = self.craft
        if not craft.armed:
            return Result.ACCEPTED
        if craft.flying and not force:
            return Result.FAILED
        craft.armed = False
        craft.pilot.idle()
        craft.pilot.speed_m_s = craft.limits.speed_m_s
        self.started_in_air = False
        self.route.rewind()
        self.route.stop()
        self.route.seq = 0
        craft.out.text(INFO, "Disarming motors")
        return Result.ACCEPTED

    def move_home(self) -> None:
        """Home is where the aircraft stands."""
        home = self.craft.home
        home.lat_deg, home.lon_deg = self.craft.told_lat_lon()
        home.amsl_m = self.craft.amsl_m
        self.tell_home()

    def tell_home(self) -> None:
        from dronesampler.simulator import telemetry

        self.craft.out.say(telemetry.gps_global_origin(self))
        self.craft.out.say(telemetry.home_position(self))

    def place_home(self) -> None:
        home = self.craft.home
        if not self.craft.shelf.items(MISSION) and self._shelf_version == 0 and home.is_set:
            self.craft.shelf.put(MISSION, 0, StoredItem(0, 16))
        self.craft.shelf.home_item(home.lat_deg, home.lon_deg, home.amsl_m)

    # Crew of the route.

    def nav_started(self, seq: int, item: StoredItem) -> None:
        self._announce(seq, item)

    def action_started(self, seq: int, item: StoredItem) -> None:
        from dronesampler.simulator.ardupilot_actions import carry_out

        self._announce(seq, item)
        carry_out(self.craft, item)

    def item_done(self, seq: int, item: StoredItem) -> None:
        if item.command not in SILENT_ACTIONS:
            self._reached = seq
        if item.command in (16, 17, 18, 19, 31, 82):
            self.craft.out.text(INFO, f"Reached command #{seq}")

    def return_home(self) -> None:
        """To the nearest rally point, or home."""
        craft = self.craft
        up = craft.up_m(modes.return_height_m(craft), 3)
        place: Vector = min(
            (craft.home_place(up), *(craft.place_of(r.lat_deg, r.lon_deg, up) for r in craft.shelf.items(RALLY))),
            key=lambda p: (p[0] - craft.body.x_m) ** 2 + (p[1] - craft.body.y_m) ** 2,
        )
        craft.pilot.fly_back(place, wait_s=craft.params["RTL_LOIT_TIME"] / 1000.0)

    def jumped(self, seq: int, *, done: int, times: int) -> None:
        self.craft.out.text(INFO, f"Mission: {seq} Jump {done}/{times}")

    def route_done(self) -> None:
        if self.craft.flying:
            self.craft.pilot.hold()

    def _announce(self, seq: int, item: StoredItem) -> None:
        self.craft.out.text(INFO, f"Mission: {seq} {ITEM_NAMES.get(item.command, item.command)}")

    # What it notices.

    def _notice_position(self) -> None:
        craft = self.craft
        ready = craft.gps_ok and craft.now_s - craft.boot_s >= self.ready_after_s
        if ready and not craft.position_ok:
            if not craft.home.is_set:
                craft.home.is_set = True
                self.tell_home()
            craft.out.text(INFO, "EKF3 IMU0 is using GPS")
        if not ready and craft.position_ok and craft.gps_ok:
            craft.position_ok = False
        elif ready:
            craft.position_ok = True

    def _notice_mission(self) -> None:
        version = self.craft.shelf.version[MISSION]
        if version == self._shelf_version:
            return
        changes = version - self._shelf_version
        self._shelf_version = version
        self.craft.params.set("MIS_TOTAL", max(len(self.craft.shelf.items(MISSION)) - 1, 0))
        self.craft.params.set("FENCE_TOTAL", len(self.craft.shelf.items(FENCE)))
        running = self.route.state is State.ACTIVE and self.craft.mode == AUTO and self.craft.flying
        self.route.refresh()
        if running and self.route.ready:
            for _ in range(changes):
                self.route.start_or_resume()
                self.craft.out.text(CRITICAL, "Auto mission changed, restarted command")

    def _notice_landing(self) -> None:
        craft = self.craft
        if not craft.armed or craft.landed is not Landed.ON_GROUND:
            return
        stood_s = craft.now_s - max(craft.grounded_s, craft.armed_s)
        landing = craft.pilot.task.value == "land"
        if landing and stood_s >= DISARM_AFTER_LANDING_S:
            if craft.mode == AUTO and self.route.state is State.ACTIVE:
                return  # the route's own last item ends first
            self.disarm(force=False)
        elif stood_s >= craft.params["DISARM_DELAY"] > 0 and not self.started_in_air and craft.body.vz_m_s <= 0.0:
            self.disarm(force=False)

    def _complain(self) -> None:
        if self.craft.now_s < self._complaint_due_s:
            return
        self._complaint_due_s = self.craft.now_s + PREARM_EVERY_S
        self.tell_prearm()

    def tell_prearm(self) -> None:
        """What keeps it from arming, in words."""
        for problem in self.arming_problems(ignore_mode=True) if not self.craft.armed else ():
            self.craft.out.text(CRITICAL, f"PreArm: {problem}")

    def _tell_reached(self) -> None:
        if self._reached is not None:
            self.craft.out.say(dialect.MAVLink_mission_item_reached_message(self._reached))
            self._reached = None

    def _tell_shots(self) -> None:
        from dronesampler.simulator.ardupilot_telemetry import camera_feedback

        for number in self.craft.untold_shots:
            self.craft.out.say(camera_feedback(self.craft, number))
        self.craft.untold_shots.clear()
