"""ArduCopter's failsafes: ground station lost, battery low and critical, position lost, fence broken."""

from typing import TYPE_CHECKING

from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator.fence import Zones
from dronesampler.simulator.orders import Result
from dronesampler.simulator.stored import FENCE

if TYPE_CHECKING:
    from dronesampler.simulator.ardupilot import ArduPilot

INFO, NOTICE, WARNING, CRITICAL = 6, 5, 4, 2
CONTINUE_IN_AUTO = 2  # FS_OPTIONS bit 1
FENCE_MAX_ALT, FENCE_CIRCLE, FENCE_POLYGON = 1, 2, 4
BREACH_NONE, BREACH_MAXALT, BREACH_BOUNDARY = 0, 2, 3
POSITION_LOSS_S = 7.0
LOOK_EVERY_S = 0.2


class Failsafes:
    """Looks five times a second at what could go wrong and acts as the parameters say."""

    def __init__(self, who: "ArduPilot") -> None:
        self._who = who
        self.battery_stage = 0  # 1 low, 2 critical
        self.breached = False
        self.breaches = 0
        self.breach_type = BREACH_NONE
        self.breach_ms = 0
        self._sticks_lost = False
        self._low_since_s: float | None = None
        self._gps_lost_s: float | None = None
        self._position_lost = False
        self._looked_s = -1e9
        self._zones = Zones((), who.craft.frame)
        self._zones_version = -1

    def tick(self) -> None:
        now_s = self._who.craft.now_s
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        self._station()
        self._sticks()
        self._battery()
        self._position()
        self._fence()
        craft = self._who.craft
        wrong = craft.radio.lost or craft.radio.sticks_lost or self.battery_stage > 0 or self._position_lost
        craft.failsafe = wrong and craft.armed

    def mode_changed(self) -> None:
        """A mode change while the fence is broken."""
        if self.breached:
            self._who.craft.out.text(INFO, "Manual recovery started")

    def _station(self) -> None:
        craft = self._who.craft
        radio, enabled = craft.radio, craft.params["FS_GCS_ENABLE"] > 0
        if radio.station_heard_s is None or not enabled:
            radio.lost = False
            return
        silent = craft.now_s - radio.station_heard_s > craft.params["FS_GCS_TIMEOUT"]
        if radio.lost and not silent:
            radio.lost = False
            craft.out.text(WARNING, "GCS Failsafe Cleared")
        elif silent and not radio.lost and craft.armed:
            radio.lost = True
            self._station_lost()

    def _station_lost(self) -> None:
        craft = self._who.craft
        if craft.mode == modes.AUTO and int(craft.params["FS_OPTIONS"]) & CONTINUE_IN_AUTO:
            return craft.out.text(WARNING, "GCS Failsafe - Continuing Auto Mode")
        craft.out.text(WARNING, "GCS Failsafe")
        if craft.landed.value == 1:
            self._who.arming.disarm(force=True)
            return None
        action = int(craft.params["FS_GCS_ENABLE"])
        return self._go(modes.LAND if action == 5 else modes.RTL)

    def _sticks(self) -> None:
        craft = self._who.craft
        lost = craft.radio.sticks_lost and craft.params["FS_THR_ENABLE"] > 0
        if lost == self._sticks_lost:
            return
        self._sticks_lost = lost
        if not lost:
            craft.out.text(WARNING, "Radio Failsafe Cleared")
        elif craft.armed and not craft.flying:
            craft.out.text(WARNING, "Radio Failsafe - Disarming")
            self._who.arming.disarm(force=True)
        else:
            craft.out.text(WARNING, "Radio Failsafe")
            if craft.flying:
                self._go(modes.RTL)

    def _battery(self) -> None:
        craft, params = self._who.craft, self._who.craft.params
        volts = craft.battery.voltage_v
        stage = 2 if volts < params["BATT_CRT_VOLT"] else 1 if volts < params["BATT_LOW_VOLT"] else 0
        if stage <= self.battery_stage:
            self._low_since_s = None
            return
        if self._low_since_s is None:
            self._low_since_s = craft.now_s
        if craft.now_s - self._low_since_s < params["BATT_LOW_TIMER"]:
            return
        self.battery_stage, self._low_since_s = stage, None
        word = "critical" if stage == 2 else "low"
        craft.out.text(CRITICAL, f"Battery 1 is {word} {volts:.2f}V used {craft.battery.drawn_mah:.0f} mAh")
        action = int(params["BATT_FS_CRT_ACT"] if stage == 2 else params["BATT_FS_LOW_ACT"])
        if craft.flying and action:
            craft.out.text(WARNING, "Battery Failsafe")
            self._go(modes.LAND if action == 1 else modes.RTL)

    def _position(self) -> None:
        craft = self._who.craft
        if craft.gps_ok:
            self._gps_lost_s = None
            if self._position_lost:
                self._position_lost = False
                craft.out.text(CRITICAL, "EKF Failsafe Cleared")
            return
        self._gps_lost_s = craft.now_s if self._gps_lost_s is None else self._gps_lost_s
        if craft.now_s - self._gps_lost_s < POSITION_LOSS_S or not craft.position_ok:
            return
        craft.position_ok = False
        if craft.flying:
            self._position_lost = True
            craft.out.text(CRITICAL, "EKF variance")
            self._go(modes.LAND)
            craft.out.text(CRITICAL, "EKF Failsafe: changed to LAND Mode")

    def _fence(self) -> None:
        craft = self._who.craft
        if craft.shelf.version[FENCE] != self._zones_version:
            self._zones_version = craft.shelf.version[FENCE]
            self._zones = Zones(craft.shelf.items(FENCE), craft.frame)
        broken, kind, words = self._broken()
        if broken and not self.breached:
            self.breached, self.breach_type = True, kind
            self.breaches += 1
            self.breach_ms = craft.boot_ms
            if craft.flying:
                craft.out.text(NOTICE, f"{words} fence breached")
                if craft.params["FENCE_ACTION"] > 0:
                    self._go(modes.LAND if craft.params["FENCE_ACTION"] == 2 else modes.RTL)
        elif not broken and self.breached:
            self.breached, self.breach_type = False, BREACH_NONE
            if craft.flying:
                craft.out.text(NOTICE, "Fence breach cleared")

    def _broken(self) -> tuple[bool, int, str]:
        craft, params = self._who.craft, self._who.craft.params
        kinds = int(params["FENCE_TYPE"])
        if not params["FENCE_ENABLE"]:
            return False, BREACH_NONE, ""
        if kinds & FENCE_POLYGON and self._zones.broken_at(craft.body.x_m, craft.body.y_m):
            return True, BREACH_BOUNDARY, "Polygon"
        if kinds & FENCE_MAX_ALT and craft.home_height_m > params["FENCE_ALT_MAX"] - params["FENCE_MARGIN"]:
            return True, BREACH_MAXALT, "Max Alt"
        home = craft.home_place(0.0)
        away2 = (craft.body.x_m - home[0]) ** 2 + (craft.body.y_m - home[1]) ** 2
        if kinds & FENCE_CIRCLE and away2 > params["FENCE_RADIUS"] ** 2:
            return True, BREACH_BOUNDARY, "Circle"
        return False, BREACH_NONE, ""

    def refuses(self, x_m: float, y_m: float, home_height_m: float) -> bool:
        """Whether a destination lies outside of the fence."""
        params = self._who.craft.params
        if not params["FENCE_ENABLE"]:
            return False
        too_high = int(params["FENCE_TYPE"]) & FENCE_MAX_ALT and home_height_m > params["FENCE_ALT_MAX"]
        return bool(too_high) or self._zones.broken_at(x_m, y_m)

    def _go(self, mode: int) -> None:
        # RTL needs a position; without one it comes down where it is.
        if self._who.set_mode(mode) is not Result.ACCEPTED:
            self._who.set_mode(modes.LAND)
