"""Whether ArduCopter arms, and the words it has for it when it does not."""

from typing import TYPE_CHECKING

from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator.ardupilot_modes import AUTO, NAMES
from dronesampler.simulator.orders import Result
from dronesampler.simulator.stored import MISSION

if TYPE_CHECKING:
    from dronesampler.simulator.ardupilot import ArduPilot

INFO, WARNING, CRITICAL = 6, 4, 2
PREARM_EVERY_S = 30.0


class Arming:
    """Arms and disarms; complains every half minute of what keeps it from arming."""

    def __init__(self, who: "ArduPilot") -> None:
        self._who = who
        self._complaint_due_s = who.craft.now_s + PREARM_EVERY_S

    def problems(self, *, ignore_mode: bool = False) -> list[str]:
        """Why it does not arm; nothing if it would."""
        craft, mode = self._who.craft, self._who.craft.mode
        checks = [(say, bad) for say, bad in self._checks(mode) if bad]
        problems = [say for say, _ in checks]
        auto_arms = mode == AUTO and int(craft.params["AUTO_OPTIONS"]) & 1
        if not problems and not ignore_mode and mode in modes.NOT_ARMABLE and not auto_arms:
            problems.append(f"{NAMES[mode]} mode not armable")
        return problems

    def _checks(self, mode: int) -> list[tuple[str, bool]]:
        craft, volts = self._who.craft, self._who.craft.battery.voltage_v
        positioned = mode in modes.NEEDS_POSITION
        terrain = any(item.frame == 10 for item in craft.shelf.items(MISSION))
        stage = self._who.failsafes.battery_stage
        no_takeoff = all(item.command != 22 for item in craft.shelf.items(MISSION))
        return [
            ("GPS 1: Bad fix", positioned and not craft.gps_ok),
            ("Need Position Estimate", positioned and craft.gps_ok and not craft.position_ok),
            ("Mode requires mission", mode == AUTO and not self._who.route.ready),
            ("Battery 1 below minimum arming voltage", volts < craft.params["BATT_ARM_VOLT"]),
            ("Battery 1 low voltage failsafe", stage > 0),
            ("Battery failsafe", stage > 0),
            ("Radio failsafe on", craft.radio.sticks_lost),
            ("Missing mission item: takeoff", no_takeoff and bool(int(craft.params["ARMING_MIS_ITEMS"]) & 8)),
            ("waiting for terrain data", terrain),  # nobody here serves any
            ("Vehicle breaching Polygon fence", self._who.failsafes.breached),
        ]

    def arm(self, *, force: bool) -> Result:
        craft = self._who.craft
        if craft.armed:
            return Result.ACCEPTED
        problems = [] if force or craft.params["ARMING_CHECK"] == 0 else self.problems()
        for problem in problems:
            craft.out.text(CRITICAL, f"Arm: {problem}")
        if problems:
            return Result.FAILED
        if craft.params["ARMING_CHECK"] == 0:
            craft.out.text(WARNING, "Warning: Arming Checks Disabled")
        craft.armed, craft.armed_s = True, craft.now_s
        self._who.started_in_air = bool(int(craft.params["AUTO_OPTIONS"]) & 2) and craft.mode == AUTO
        if not craft.home.fixed and craft.position_ok:
            self._who.move_home()
        craft.out.text(INFO, "Arming motors")
        return Result.ACCEPTED

    def disarm(self, *, force: bool) -> Result:
        craft = self._who.craft
        if not craft.armed:
            return Result.ACCEPTED
        if craft.flying and not force:
            return Result.FAILED
        craft.armed = False
        craft.pilot.idle()
        craft.pilot.speed_m_s = craft.limits.speed_m_s
        self._who.started_in_air = False
        self._who.route.rewind()
        self._who.route.stop()
        self._who.route.seq = 0
        craft.out.text(INFO, "Disarming motors")
        return Result.ACCEPTED

    def complain(self) -> None:
        if self._who.craft.now_s < self._complaint_due_s:
            return
        self._complaint_due_s = self._who.craft.now_s + PREARM_EVERY_S
        self.tell()

    def tell(self) -> None:
        """What keeps it from arming, in words."""
        for problem in self.problems(ignore_mode=True) if not self._who.craft.armed else ():
            self._who.craft.out.text(CRITICAL, f"PreArm: {problem}")
