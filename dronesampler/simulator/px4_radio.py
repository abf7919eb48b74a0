"""What PX4 does with each message a ground station sends, and how it answers each command."""

import math
from collections.abc import Callable

from dronesampler.simulator import px4_events as events
from dronesampler.simulator import px4_modes as modes
from dronesampler.simulator import px4_telemetry as telling
from dronesampler.simulator import wire
from dronesampler.simulator.available_modes import AVAILABLE_MODES, PX4_MODES, tell_modes
from dronesampler.simulator.orders import Order, Result, ack, order_of
from dronesampler.simulator.px4 import PX4
from dronesampler.simulator.px4_actions import carry_out
from dronesampler.simulator.px4_modes import LAND, LOITER, MISSION, RTL, TAKEOFF
from dronesampler.simulator.stored import MISSION as MISSIONS
from dronesampler.simulator.stored import StoredItem
from dronesampler.simulator.streams import Streams
from dronesampler.simulator.wire import Message, dialect

SET_MODE, SET_STANDARD_MODE, GET_INTERVAL, SET_INTERVAL, REQUEST_MESSAGE, DIGICAM = 176, 262, 510, 511, 512, 203
INJECT_FAILURE, BATTERY_UNIT = 420, 100
FORCE = 21_196.0
STANDARD_MODES = {1: modes.POSITION, 5: RTL, 6: MISSION, 7: LAND, 8: TAKEOFF}
CRITICAL = 2


class PX4Radio:
    """The receiving half of the personality."""

    def __init__(self, who: PX4) -> None:
        self.who = who
        self.streams = Streams(telling.BUILDERS, defaults_hz=telling.DEFAULTS_HZ)
        self.wants_reboot = False

    def hear(self, message: Message) -> None:
        """Answer one message that is meant for us."""
        craft = self.who.craft
        match message.get_type():
            case "COMMAND_LONG" | "COMMAND_INT":
                self._command(order_of(message))
            case "SET_MODE":
                sender = (message.get_srcSystem(), message.get_srcComponent())
                order = Order(SET_MODE, (1.0, 0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0, False, sender)
                craft.out.say(ack(order, self.who.command_mode(message.custom_mode)))
            case wire.REQUEST_EVENT:
                self.who.events.again(wire.payload_of(message))
            case "MISSION_SET_CURRENT":
                self._set_current(message.seq)
            case "SET_POSITION_TARGET_LOCAL_NED":
                if craft.mode == modes.OFFBOARD and craft.flying and not message.type_mask & 0x38:
                    craft.pilot.fly_velocity((message.vy, message.vx, -message.vz))
            case _:
                pass

    def heartbeat(self) -> Message:
        return telling.heartbeat(self.who)

    def _command(self, order: Order) -> None:
        out = self.who.craft.out
        if order.command == SET_MODE:
            out.say(ack(order, Result.ACCEPTED))  # always, whatever comes next
            out.say(ack(order, self._mode(order)))
        elif order.command == REQUEST_MESSAGE:
            known = self.streams.knows(int(order.params[0])) or int(order.params[0]) == AVAILABLE_MODES
            if int(order.params[0]) == AVAILABLE_MODES:
                tell_modes(out, PX4_MODES, int(order.params[1]))
            elif known:
                self.streams.say_once(int(order.params[0]), self.who, out)
            out.say(ack(order, Result.ACCEPTED if known else Result.DENIED))
        elif order.command == SET_INTERVAL:
            known = self.streams.set_interval(int(order.params[0]), order.params[1])
            out.say(ack(order, Result.ACCEPTED if known else Result.FAILED))
        elif order.command == GET_INTERVAL:
            asked = int(order.params[0])
            out.say(dialect.MAVLink_message_interval_message(asked, self.streams.interval_us(asked)))
            out.say(ack(order, Result.ACCEPTED))
        elif order.command == INJECT_FAILURE:
            if order.params[0] == BATTERY_UNIT:  # other units have no answer in this simulator's model
                out.say(ack(order, Result.ACCEPTED))
        elif order.command != DIGICAM:  # that one has no answer
            known_answer = ANSWERS.get(order.command)
            out.say(ack(order, known_answer(self.who, order) if known_answer else Result.UNSUPPORTED))

    def _mode(self, order: Order) -> Result:
        main, sub = int(order.params[1]), int(order.params[2])
        if main == modes.AUTO and sub not in modes.KNOWN_AUTO:
            self.who.craft.out.text(CRITICAL, "Unsupported auto mode\t")
            return Result.TEMPORARILY_REJECTED
        if not 1 <= main <= 7:
            return Result.ACCEPTED  # an unknown main mode is accepted and changes nothing
        mode = modes.custom(main, sub if main == modes.AUTO else 0)
        return self.who.command_mode(mode)

    def _set_current(self, seq: int) -> None:
        who = self.who
        if seq >= len(who.craft.shelf.items(MISSIONS)):
            return who.craft.out.text(CRITICAL, "WPM: WP CURR CMD: Not in list\t")
        who.route.jump_to(seq)
        return telling.mission_current(who)


def _arm(who: PX4, order: Order) -> Result:
    force = order.params[1] == FORCE
    return who.arming.arm(force=force) if order.params[0] == 1.0 else who.arming.disarm(force=force)


def _take_off(who: PX4, order: Order) -> Result:
    """The height is above sea level, whatever anybody says."""
    craft = who.craft
    above_ground = order.z - craft.ground_amsl_m
    default_m = craft.params["MIS_TAKEOFF_ALT"]
    who.takeoff_up_m = max(above_ground, default_m) if math.isfinite(order.z) else default_m
    return who.command_mode(TAKEOFF)


def _start_mission(who: PX4, order: Order) -> Result:
    if not who.plans.mission_valid:
        who.craft.out.text(CRITICAL, "Mission start denied! No valid mission\t")
        who.events.tell(events.START_DENIED, levels=events.CRITICAL_LEVELS)
        return Result.DENIED
    if order.params[0] > 0:
        who.route.jump_to(int(order.params[0]))
    return who.command_mode(MISSION)


def _reposition(who: PX4, order: Order) -> Result:
    """Height above sea level whatever the frame says."""
    craft = who.craft
    if not (order.has_place or math.isfinite(order.z)):
        return Result.UNSUPPORTED
    up_m = order.z - craft.ground_amsl_m if math.isfinite(order.z) else craft.body.z_m
    place = craft.place_of(order.x, order.y, up_m) if order.has_place else (*craft.body.place[:2], up_m)
    if who.plans.zones.broken_at(place[0], place[1]):
        craft.out.text(CRITICAL, "Reposition is outside geofence\t")
        who.events.tell(events.REPOSITION_OUTSIDE)
        return Result.ACCEPTED
    result = who.command_mode(LOITER)
    if result is Result.ACCEPTED and craft.flying:
        if order.params[0] > 0:
            craft.pilot.speed_m_s = order.params[0]
        craft.pilot.leg(place)
    return result


def _orbit(who: PX4, order: Order) -> Result:
    craft = who.craft
    if not craft.flying:
        return Result.DENIED
    up_m = order.z - craft.ground_amsl_m if math.isfinite(order.z) else craft.body.z_m
    centre = craft.place_of(order.x, order.y, up_m) if order.has_place else (*craft.body.place[:2], up_m)
    result = who.command_mode(modes.ORBIT)
    if result is Result.ACCEPTED:
        radius_m = order.params[0] if math.isfinite(order.params[0]) else 15.0
        speed_m_s = abs(order.params[1]) if math.isfinite(order.params[1]) else 2.0
        craft.pilot.orbit(centre, radius_m=radius_m, speed_m_s=speed_m_s)
    return result


def _item(who: PX4, order: Order) -> Result:
    """The same thing as the DO item of that number."""
    x, y = (round(v * 1e7) if math.isfinite(v) else 0 for v in (order.x, order.y))
    carry_out(who.craft, StoredItem(5, order.command, order.params, x, y, order.z))
    return Result.ACCEPTED


def _set_home(who: PX4, order: Order) -> Result:
    home, craft = who.craft.home, who.craft
    if order.params[0] == 1.0:
        home.lat_deg, home.lon_deg = craft.told_lat_lon()
        home.amsl_m = craft.amsl_m
    elif order.has_place:
        home.lat_deg, home.lon_deg, home.amsl_m = order.x, order.y, order.z
    else:
        return Result.DENIED
    return Result.ACCEPTED


def _standard_mode(who: PX4, order: Order) -> Result:
    mode = STANDARD_MODES.get(int(order.params[0]))
    return who.command_mode(mode) if mode is not None else Result.DENIED


def _checks(who: PX4, _order: Order) -> Result:
    event = who.arming.event()
    if event is not None:
        who.events.tell(event)
        if event == events.GPS_TOO_LOW:
            who.craft.out.text(4, "Preflight: GPS fix too low")
    return Result.ACCEPTED


def _calibrate(who: PX4, _order: Order) -> Result:
    return Result.TEMPORARILY_REJECTED if who.craft.flying else Result.ACCEPTED


def _denied(_who: PX4, _order: Order) -> Result:
    return Result.DENIED


def _accepted(_who: PX4, _order: Order) -> Result:
    return Result.ACCEPTED


def _mode_of(mode: int) -> Callable[[PX4, Order], Result]:
    return lambda who, _order: who.command_mode(mode)


def _return(who: PX4, _order: Order) -> Result:
    result = who.command_mode(RTL)
    if result is Result.ACCEPTED:
        who.craft.out.text(6, "Returning to launch\t")
    return result


ANSWERS: dict[int, Callable[[PX4, Order], Result]] = {
    17: _mode_of(LOITER),
    20: _return,
    21: _mode_of(LAND),
    22: _take_off,
    34: _orbit,
    178: _item,
    179: _set_home,
    187: _item,
    192: _reposition,
    195: _item,
    197: _item,
    206: _item,
    241: _calibrate,
    246: _denied,
    SET_STANDARD_MODE: _standard_mode,
    300: _start_mission,
    400: _arm,
    401: _checks,
    519: _accepted,
    520: _accepted,
}
