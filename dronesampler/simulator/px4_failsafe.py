"""PX4's failsafes: ground station lost, battery, position lost, fence; Hold first, then the action."""

from typing import TYPE_CHECKING

from dronesampler.simulator import px4_events as events
from dronesampler.simulator.px4_modes import LAND, LOITER, MISSION, RTL

if TYPE_CHECKING:
    from dronesampler.simulator.px4 import PX4

INFO, CRITICAL, EMERGENCY = 6, 2, 0
POSITION_LOSS_S = 5.0
LOOK_EVERY_S = 0.2
# NAV_DLL_ACT and the like: 1 hold, 2 return, 3 land.
ACTIONS = {1: LOITER, 2: RTL, 3: LAND}


class Failsafes:
    """Looks five times a second. A commanded mode ends what is flown, and that cause does not act again."""

    def __init__(self, who: "PX4") -> None:
        self._who = who
        self.battery_stage = 0
        self.station_lost = False
        self.outside = False
        self._too_high = False
        self._pending: tuple[float, int] | None = None  # when the action begins, and which
        self._gps_lost_s: float | None = None
        self._descending = False
        self._looked_s = -1e9

    def clear(self) -> None:
        """A mode was commanded, or it was disarmed."""
        self._pending = None
        self._descending = False
        self._who.craft.failsafe = False

    def tick(self) -> None:
        now_s = self._who.craft.now_s
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        self._station()
        self._battery()
        self._position()
        self._fence()
        self._act_when_due()

    def _station(self) -> None:
        who, craft = self._who, self._who.craft
        heard_s = craft.radio.station_heard_s
        silent = heard_s is not None and craft.now_s - heard_s > craft.params["COM_DL_LOSS_T"]
        if silent and not self.station_lost:
            self.station_lost = craft.out.hold_texts = True  # texts wait for the next heartbeat
            craft.out.text(INFO, "Connection to ground station lost\t")
            who.events.tell(events.STATION_LOST, levels=0x46)
            excepted = int(craft.params["COM_DLL_EXCEPT"]) & 1 and craft.mode == MISSION
            if craft.flying and not excepted:
                self._begin(int(craft.params["NAV_DLL_ACT"]))
        elif self.station_lost and not silent:
            self.station_lost = craft.out.hold_texts = False
            who.events.tell(events.STATION_BACK, levels=events.INFO_LEVELS)
            craft.out.text(INFO, "GCS connection regained\t")

    def _battery(self) -> None:
        who, craft, p = self._who, self._who.craft, self._who.craft.params
        left = craft.battery.remaining
        stage = (
            3 if left < p["BAT_EMERGEN_THR"] else 2 if left < p["BAT_CRIT_THR"] else 1 if left < p["BAT_LOW_THR"] else 0
        )
        if stage <= self.battery_stage:
            return
        self.battery_stage = stage
        text, event = (
            ("Low battery\t", events.LOW),
            ("Critical battery\t", events.CRITICAL),
            ("Emergency battery level\t", events.EMERGENCY),
        )[stage - 1]
        craft.out.text(EMERGENCY, text)
        who.events.tell(event)
        if not craft.flying:
            return
        action = int(p["COM_LOW_BAT_ACT"])
        if stage == 1 or action == 0:
            craft.out.text(CRITICAL, "Failsafe activated\t")
        elif stage == 2:
            self._begin(2 if action == 3 else 3)
        else:
            self._go(LAND)

    def _position(self) -> None:
        who, craft = self._who, self._who.craft
        if craft.gps_ok:
            if self._descending and craft.position_ok:
                # It goes back to what was commanded by itself.
                self._descending, craft.failsafe = False, False
                who.fly_mode(who.intended_mode)
            self._gps_lost_s = None
            return
        self._gps_lost_s = craft.now_s if self._gps_lost_s is None else self._gps_lost_s
        if craft.now_s - self._gps_lost_s >= POSITION_LOSS_S and craft.position_ok:
            craft.position_ok = False
            if craft.flying:
                craft.out.text(CRITICAL, "Failsafe activated\t")
                self._go(LAND)
                self._descending = True

    def _fence(self) -> None:
        who, craft, p = self._who, self._who.craft, self._who.craft.params
        outside = bool(who.plans.zones) and who.plans.zones.broken_at(craft.body.x_m, craft.body.y_m)
        if outside and not self.outside:
            self._broken("Geofence: approaching or outside geofence", events.OUTSIDE_FENCE)
        self.outside = outside
        limit_m = p["GF_MAX_VER_DIST"]
        too_high = limit_m > 0 and craft.home_height_m > limit_m
        if too_high and not self._too_high:
            self._broken("Geofence: exceeding maximum altitude above Home", events.TOO_HIGH)
        self._too_high = too_high

    def _broken(self, text: str, event: int) -> None:
        craft = self._who.craft
        craft.out.text(CRITICAL, text)
        self._who.events.tell(event)
        if not craft.flying:
            return
        action = int(craft.params["GF_ACTION"])
        if action == 1:
            craft.out.text(CRITICAL, "Failsafe activated\t")
        elif action == 2:
            craft.out.text(CRITICAL, "Failsafe activated\t")
            self._go(LOITER)
        elif action in (3, 5):
            self._begin(2 if action == 3 else 3)

    def _begin(self, action: int) -> None:
        """Hold for COM_FAIL_ACT_T, then act."""
        craft = self._who.craft
        mode = ACTIONS.get(action)
        if mode is None:
            return None
        wait_s = craft.params["COM_FAIL_ACT_T"]
        if mode == LOITER or wait_s <= 0:
            craft.out.text(CRITICAL, "Failsafe activated\t")
            return self._go(mode)
        craft.out.text(CRITICAL, f"Failsafe activated: entering Hold for {wait_s:.0f} seconds\t")
        self._go(LOITER)
        self._pending = (craft.now_s + wait_s, mode)
        return None

    def _act_when_due(self) -> None:
        craft = self._who.craft
        if self._pending is not None and craft.now_s >= self._pending[0]:
            mode, self._pending = self._pending[1], None
            craft.out.text(CRITICAL, "Failsafe activated\t")
            self._go(mode)

    def _go(self, mode: int) -> None:
        self._who.craft.failsafe = True
        self._who.fly_mode(mode)
