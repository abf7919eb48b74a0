"""The ArduCopter personality: modes, arming, missions in AUTO, and the words it says about them."""

from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator import telemetry
from dronesampler.simulator.ardupilot_arming import Arming
from dronesampler.simulator.ardupilot_crew import MissionCrew
from dronesampler.simulator.ardupilot_failsafe import Failsafes
from dronesampler.simulator.ardupilot_missions import ArduPilotMissions
from dronesampler.simulator.ardupilot_modes import AUTO, GUIDED, LAND, NAMES, RTL, SMART_RTL
from dronesampler.simulator.ardupilot_telemetry import camera_feedback
from dronesampler.simulator.craft import Craft, Landed
from dronesampler.simulator.orders import Result
from dronesampler.simulator.route import Route, State
from dronesampler.simulator.stored import FENCE, MISSION, StoredItem

INFO, WARNING, CRITICAL = 6, 4, 2
DISARM_AFTER_LANDING_S = 2.0


class ArduPilot:
    """Flies the craft as ArduCopter would."""

    def __init__(self, craft: Craft, *, ready_after_s: float) -> None:
        self.craft = craft
        self.crew = MissionCrew(craft)
        self.route = Route(craft, self.crew, first=1)
        self.arming = Arming(self)
        self.missions = ArduPilotMissions(craft.shelf, craft.out)
        self.missions.place_home = self.place_home
        self.missions.may_clear = lambda: not (craft.mode == AUTO and craft.armed)
        self.failsafes = Failsafes(self)
        self.ready_after_s = ready_after_s
        self.started_in_air = False  # MISSION_START was given, or it already flies
        self._shelf_version = 0
        modes.apply_parameters(craft)

    # What the vehicle around it calls.

    def tick(self, dt_s: float) -> None:
        craft = self.craft
        modes.apply_parameters(craft)
        self._notice_position()
        self._notice_mission()
        if craft.mode == AUTO and craft.armed and (craft.flying or self.started_in_air):
            self.started_in_air = True  # also where MISSION_START was lost: the route must end after the landing
            self.route.tick()
        craft.move(dt_s)
        self.failsafes.tick()
        self._notice_landing()
        self.missions.tick(craft.now_s)
        self.crew.tell_reached()
        self._tell_shots()
        self.arming.complain()

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
        return self.craft.params["ARMING_CHECK"] != 0 and not self.arming.problems(ignore_mode=True)

    def charge_state(self) -> int:
        return 1 + self.failsafes.battery_stage

    def fence_on(self) -> bool:
        return bool(self.craft.params["FENCE_ENABLE"])

    def fence_good(self) -> bool:
        return not self.failsafes.breached

    # Modes and home.

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
            self.crew.return_home()
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

    def move_home(self) -> None:
        """Home is where the aircraft stands."""
        home = self.craft.home
        home.lat_deg, home.lon_deg = self.craft.told_lat_lon()
        home.amsl_m = self.craft.amsl_m
        self.tell_home()

    def tell_home(self) -> None:
        self.craft.out.say(telemetry.gps_global_origin(self))
        self.craft.out.say(telemetry.home_position(self))

    def place_home(self) -> None:
        home = self.craft.home
        if not self.craft.shelf.items(MISSION) and self._shelf_version == 0 and home.is_set:
            self.craft.shelf.put(MISSION, 0, StoredItem(0, 16))
        self.craft.shelf.home_item(home.lat_deg, home.lon_deg, home.amsl_m)

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
            self.arming.disarm(force=False)
        elif stood_s >= craft.params["DISARM_DELAY"] > 0 and not self.started_in_air and craft.body.vz_m_s <= 0.0:
            self.arming.disarm(force=False)

    def _tell_shots(self) -> None:
        for number in self.craft.untold_shots:
            self.craft.out.say(camera_feedback(self.craft, number))
        self.craft.untold_shots.clear()
