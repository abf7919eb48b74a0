"""The PX4 multirotor personality: modes, arming, missions, and the words it says about them."""

from dronesampler.simulator import px4_modes as modes
from dronesampler.simulator.craft import Craft, Landed
from dronesampler.simulator.orders import Result
from dronesampler.simulator.pilot import Task
from dronesampler.simulator.px4_arming import Arming
from dronesampler.simulator.px4_crew import MissionCrew
from dronesampler.simulator.px4_events import Events
from dronesampler.simulator.px4_failsafe import Failsafes
from dronesampler.simulator.px4_missions import PX4Missions
from dronesampler.simulator.px4_modes import LAND, LOITER, MISSION, RTL, TAKEOFF
from dronesampler.simulator.px4_plans import Plans
from dronesampler.simulator.route import Route, State

INFO, WARNING, CRITICAL = 6, 4, 2
REACHED_TIMES = 11  # once, and ten times again
RALLY_COMPLAINT_S = 2.0


class PX4:
    """Flies the craft as PX4 would. `craft.mode` is what is flown, `intended_mode` what was commanded."""

    def __init__(self, craft: Craft, *, ready_after_s: float) -> None:
        self.craft = craft
        self.events = Events(craft)
        self.crew = MissionCrew(self)
        self.route = Route(craft, self.crew, first=0)
        self.missions = PX4Missions(craft.shelf, craft.out)
        self.missions.told_event = self.events.tell
        self.plans = Plans(self)
        self.arming = Arming(self)
        self.failsafes = Failsafes(self)
        self.ready_after_s = ready_after_s
        self.takeoff_up_m = 2.5  # above ground
        craft.mode = self.intended_mode = LOITER
        self._landing_told = self._descent_told = False

    # What the vehicle around it calls.

    def tick(self, dt_s: float) -> None:
        craft = self.craft
        self._apply_parameters()
        self._notice_position()
        self.plans.notice()
        if craft.armed:
            self._fly()
        craft.move(dt_s)
        self.failsafes.tick()
        self._notice_ground()
        self.missions.tick(craft.now_s)
        self.crew.tick()
        self.plans.complain()
        self.events.tick()

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
        return self.arming.event() is None

    def charge_state(self) -> int:
        return (1, 2, 3, 4)[self.failsafes.battery_stage]

    def fence_on(self) -> bool:
        return False  # SYS_STATUS has no fence bit

    def fence_good(self) -> bool:
        return True

    # Modes.

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
            self.begin(mode)

    def _possible(self, mode: int) -> bool:
        craft = self.craft
        if mode in (TAKEOFF, LOITER, RTL, MISSION, modes.ORBIT, modes.POSITION) and not craft.position_ok:
            return False
        return mode != MISSION or self.plans.mission_valid

    def begin(self, mode: int) -> None:
        """Do what the mode does."""
        craft, pilot = self.craft, self.craft.pilot
        pilot.yaw_deg = None
        if mode == MISSION and self.plans.mission_valid:
            craft.out.text(INFO, "Executing Mission\t")
            self.route.start_or_resume()
        elif mode == TAKEOFF:
            pilot.climb(max(self.takeoff_up_m, craft.body.z_m))
        elif not craft.flying:
            pilot.idle()
        elif mode == RTL:
            self.crew.return_home()
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

    def _notice_ground(self) -> None:
        craft = self.craft
        if not craft.armed:
            return
        if craft.landed is not Landed.ON_GROUND:
            self._landing_told = False
            self._tell_descent()
            if not self.arming.took_off and craft.body.z_m > 0.3:
                self.arming.took_off = True
                craft.out.text(INFO, "Takeoff detected\t")
            return
        stood_s = craft.now_s - max(craft.grounded_s, craft.armed_s)
        if self.arming.took_off:
            if not self._landing_told:
                self._landing_told = True
                craft.out.text(INFO, "Landing detected\t")
            elif stood_s >= craft.params["COM_DISARM_LAND"] > 0:
                self.arming.disarm(force=True, words="Disarmed by landing\t")
        elif stood_s >= craft.params["COM_DISARM_PRFLT"] > 0 and craft.pilot.task.value == "idle":
            self.arming.disarm(force=True, words="Disarmed by auto preflight disarming\t")

    def _tell_descent(self) -> None:
        down = self.craft.mode == RTL and self.craft.pilot.task is Task.LAND
        if down and not self._descent_told:
            self.craft.out.text(INFO, "RTL: land at destination\t")
        self._descent_told = down
