"""How ArduCopter answers each command."""

import math
from collections.abc import Callable

from dronesampler.simulator import ardupilot_actions as actions
from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator.ardupilot import ArduPilot
from dronesampler.simulator.ardupilot_modes import AUTO, GUIDED
from dronesampler.simulator.ardupilot_telemetry import mission_current
from dronesampler.simulator.craft import Landed
from dronesampler.simulator.orders import Order, Result
from dronesampler.simulator.route import State

FORCE = 21_196.0
MOVES_TO_GUIDED = 1


def _set_mode(who: ArduPilot, order: Order) -> Result:
    return who.set_mode(int(order.params[1])) if int(order.params[0]) & 1 else Result.UNSUPPORTED


def _arm(who: ArduPilot, order: Order) -> Result:
    force = order.params[1] == FORCE
    if order.params[0] == 1.0:
        return who.arming.arm(force=force)
    return who.arming.disarm(force=force) if order.params[0] == 0.0 else Result.UNSUPPORTED


def _take_off(who: ArduPilot, order: Order) -> Result:
    craft = who.craft
    if not craft.armed or craft.flying or craft.mode not in (GUIDED, modes.LOITER, modes.ALT_HOLD, modes.POSHOLD):
        return Result.FAILED
    if order.z <= 0 or who.failsafes.refuses(craft.body.x_m, craft.body.y_m, order.z):
        return Result.FAILED
    who.started_in_air = True
    craft.pilot.climb(craft.up_m(order.z, 3))
    return Result.ACCEPTED


def _start_mission(who: ArduPilot, order: Order) -> Result:
    craft = who.craft
    if not who.route.ready:
        return Result.FAILED
    who.started_in_air = True
    if craft.mode == AUTO:
        return Result.ACCEPTED
    return who.set_mode(AUTO)


def _set_current(who: ArduPilot, order: Order) -> Result:
    return Result.ACCEPTED if set_current(who, int(order.params[0])) else Result.DENIED


def set_current(who: ArduPilot, seq: int) -> bool:
    """Make an item current and tell it at once."""
    if not who.route.jump_to(seq):
        return False
    who.craft.out.say(mission_current(who))
    return True


def _pause(who: ArduPilot, order: Order) -> Result:
    craft = who.craft
    stop = order.params[0] == 0.0
    if craft.mode == AUTO and craft.flying and who.route.state in (State.ACTIVE, State.PAUSED):
        if stop:
            who.route.pause()
        else:
            who.route.unpause()
        return Result.ACCEPTED
    if craft.mode == GUIDED and craft.flying:
        if stop:
            craft.pilot.hold()
        return Result.ACCEPTED
    return Result.DENIED


def _return(who: ArduPilot, _order: Order) -> Result:
    return who.set_mode(modes.RTL)


def _land(who: ArduPilot, _order: Order) -> Result:
    return who.set_mode(modes.LAND)


def _loiter(who: ArduPilot, _order: Order) -> Result:
    return who.set_mode(modes.LOITER)


def _speed(who: ArduPilot, order: Order) -> Result:
    if order.params[1] <= 0:
        return Result.FAILED
    actions.change_speed(who.craft, kind=int(order.params[0]), speed_m_s=order.params[1])
    return Result.ACCEPTED


def _yaw(who: ArduPilot, order: Order) -> Result:
    if not who.craft.flying or not 0 <= order.params[0] <= 360:
        return Result.FAILED
    p = order.params
    actions.turn(who.craft, degrees=p[0], direction=int(p[2]), relative=bool(p[3]))
    return Result.ACCEPTED


def _reposition(who: ArduPilot, order: Order) -> Result:
    craft = who.craft
    if not order.as_int:
        return Result.NEED_INT
    if not craft.flying or not order.has_place:
        return Result.DENIED
    if order.frame not in (0, 3, 5, 6, 10, 11):
        return Result.UNSUPPORTED_FRAME
    up_m = craft.up_m(order.z, order.frame) if math.isfinite(order.z) else craft.body.z_m
    place = craft.place_of(order.x, order.y, up_m)
    if who.failsafes.refuses(place[0], place[1], up_m + craft.ground_amsl_m - craft.home.amsl_m):
        return Result.FAILED
    if craft.mode != GUIDED:
        if not int(order.params[1]) & MOVES_TO_GUIDED:
            return Result.DENIED
        if who.set_mode(GUIDED) is not Result.ACCEPTED:
            return Result.FAILED
    if order.params[0] > 0:
        craft.pilot.speed_m_s = order.params[0]
    craft.pilot.leg(place)
    return Result.ACCEPTED


def _look(who: ArduPilot, order: Order) -> Result:
    actions.look_at(who.craft, order.x, order.y)
    return Result.ACCEPTED


def _look_away(who: ArduPilot, _order: Order) -> Result:
    who.craft.pilot.yaw_deg = None
    return Result.ACCEPTED


def _servo(who: ArduPilot, order: Order) -> Result:
    done = actions.set_servo(who.craft, channel=int(order.params[0]), pwm=int(order.params[1]))
    return Result.ACCEPTED if done else Result.FAILED


def _relay(who: ArduPilot, order: Order) -> Result:
    if not 0 <= order.params[0] <= 15:
        return Result.FAILED
    who.craft.relays[int(order.params[0])] = bool(order.params[1])
    return Result.ACCEPTED


def _photograph(who: ArduPilot, _order: Order) -> Result:
    return Result.ACCEPTED if actions.photograph(who.craft) else Result.FAILED


def _trigger_distance(who: ArduPilot, order: Order) -> Result:
    who.craft.shot_spacing_m = order.params[0]
    return Result.ACCEPTED


def _fence(who: ArduPilot, order: Order) -> Result:
    who.craft.params.set("FENCE_ENABLE", float(order.params[0] == 1.0))
    return Result.ACCEPTED


def _prearm(who: ArduPilot, _order: Order) -> Result:
    if who.craft.armed:
        return Result.TEMPORARILY_REJECTED
    who.arming.tell()
    return Result.ACCEPTED


def _set_home(who: ArduPilot, order: Order) -> Result:
    home = who.craft.home
    if order.params[0] == 1.0:
        home.fixed = False
        who.move_home()
        return Result.ACCEPTED
    if not order.has_place or not order.as_int:
        return Result.FAILED
    home.lat_deg, home.lon_deg, home.fixed = order.x, order.y, True
    home.amsl_m = order.z if order.frame in (0, 5) else who.craft.ground_amsl_m + order.z
    who.tell_home()
    return Result.ACCEPTED


def _tell_home(who: ArduPilot, _order: Order) -> Result:
    who.tell_home()
    return Result.ACCEPTED


def _new_battery(who: ArduPilot, _order: Order) -> Result:
    """BATTERY_RESET: it takes the pack for full again; a failsafe stays."""
    who.craft.battery.drawn_mah = 0.0
    return Result.ACCEPTED


def _unarmed_only(who: ArduPilot, _order: Order) -> Result:
    return Result.FAILED if who.craft.landed is not Landed.ON_GROUND else Result.ACCEPTED


ANSWERS: dict[int, Callable[[ArduPilot, Order], Result]] = {
    17: _loiter,
    20: _return,
    21: _land,
    22: _take_off,
    115: _yaw,
    176: _set_mode,
    178: _speed,
    179: _set_home,
    181: _relay,
    183: _servo,
    192: _reposition,
    193: _pause,
    195: _look,
    197: _look_away,
    201: _look,
    203: _photograph,
    206: _trigger_distance,
    207: _fence,
    224: _set_current,
    241: _unarmed_only,
    300: _start_mission,
    400: _arm,
    401: _prearm,
    410: _tell_home,
    2000: _photograph,
    42651: _new_battery,
}


def answer(who: ArduPilot, order: Order) -> Result:
    """Do what is ordered and say how it went."""
    known = ANSWERS.get(order.command)
    return known(who, order) if known is not None else Result.UNSUPPORTED
