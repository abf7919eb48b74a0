"""Whether PX4 arms; the reason comes as an event, the words are always the same."""

from typing import TYPE_CHECKING

from dronesampler.simulator import px4_events as events
from dronesampler.simulator import px4_modes as modes
from dronesampler.simulator.orders import Result
from dronesampler.simulator.px4_modes import MISSION

if TYPE_CHECKING:
    from dronesampler.simulator.px4 import PX4

INFO, CRITICAL = 6, 2


class Arming:
    """Arms and disarms."""

    def __init__(self, who: "PX4") -> None:
        self._who = who
        self.took_off = False  # since it was armed

    def event(self) -> int | None:
        """The event that says why it does not arm in the present mode, None if it would."""
        craft, mode = self._who.craft, self._who.intended_mode
        if not craft.gps_ok:
            return events.GPS_TOO_LOW
        if not craft.position_ok:
            return events.NO_POSITION
        if mode in modes.NOT_ARMABLE or mode in modes.BY_STICKS or mode == modes.OFFBOARD:
            return events.NOT_SUITABLE
        if (mode == MISSION or craft.params["COM_ARM_MIS_REQ"]) and not self._who.plans.mission_valid:
            return events.NO_MISSION
        if not craft.params["COM_ARMABLE"]:
            return 0x01797473
        if self._who.failsafes.station_lost and craft.params["NAV_DLL_ACT"] > 0:
            return 0x0167C97B
        if self._who.failsafes.outside and craft.params["GF_ACTION"] > 1:
            return events.OUTSIDE_FENCE
        return None

    def arm(self, *, force: bool) -> Result:
        craft = self._who.craft
        if craft.armed:
            return Result.ACCEPTED
        if self.event() is not None and not force:
            craft.out.text(CRITICAL, "Arming denied: Resolve system health failures first\t")
            self._who.events.tell(events.ARMING_DENIED, levels=events.CRITICAL_LEVELS)
            return Result.TEMPORARILY_REJECTED
        craft.armed, craft.armed_s, self.took_off = True, craft.now_s, False
        if craft.position_ok:
            craft.home.lat_deg, craft.home.lon_deg = craft.told_lat_lon()
            craft.home.amsl_m = craft.amsl_m
        craft.out.text(INFO, "Armed by external command\t")
        self._who.begin(craft.mode)
        return Result.ACCEPTED

    def disarm(self, *, force: bool, words: str = "Disarmed by external command\t") -> Result:
        craft = self._who.craft
        if not craft.armed:
            return Result.ACCEPTED
        if craft.flying and not force:
            craft.out.text(CRITICAL, "Disarming denied: not landed\t")
            self._who.events.tell(events.NOT_LANDED, levels=events.CRITICAL_LEVELS)
            return Result.TEMPORARILY_REJECTED
        craft.armed = False
        craft.pilot.idle()
        self._who.route.stop()
        self._who.route.rewind()
        self._who.failsafes.clear()
        craft.mode = self._who.intended_mode
        craft.out.text(INFO, words)
        return Result.ACCEPTED
