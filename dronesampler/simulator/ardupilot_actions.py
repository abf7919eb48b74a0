"""What ArduCopter's DO items and commands do to the aircraft: speed, servo, relay, camera, heading."""

import math

from dronesampler.simulator.craft import Craft
from dronesampler.simulator.stored import StoredItem

INFO = 6
GROUND_SPEED, CLIMB_SPEED, DESCENT_SPEED = 1, 2, 3


def carry_out(craft: Craft, item: StoredItem) -> None:
    """A DO item of a mission; a refused one is only a text, the mission goes on."""
    p = item.params
    match item.command:
        case 178:
            change_speed(craft, kind=int(p[0]), speed_m_s=p[1])
        case 115:
            turn(craft, degrees=p[0], direction=int(p[2]), relative=bool(p[3]))
        case 183:
            set_servo(craft, channel=int(p[0]), pwm=int(p[1]))
        case 181:
            craft.relays[int(p[0])] = bool(p[1])
        case 203:
            if item.x or item.y or item.z or p[3] == 0.0:
                photograph(craft)
        case 2000:
            photograph(craft)
        case 206:
            craft.shot_spacing_m = p[0]
        case 207:
            craft.params.set("FENCE_ENABLE", float(p[0] == 1))
        case 195 | 201:
            look_at(craft, item.lat_deg, item.lon_deg)
        case 197:
            craft.pilot.yaw_deg = None
        case _:
            pass


def change_speed(craft: Craft, *, kind: int, speed_m_s: float) -> None:
    if not math.isfinite(speed_m_s) or speed_m_s <= 0:
        return
    if kind in (0, GROUND_SPEED):
        craft.pilot.speed_m_s = speed_m_s
    elif kind == CLIMB_SPEED:
        craft.params.set("WPNAV_SPEED_UP", speed_m_s * 100.0)
    elif kind == DESCENT_SPEED:
        craft.params.set("WPNAV_SPEED_DN", speed_m_s * 100.0)


def turn(craft: Craft, *, degrees: float, direction: int, relative: bool) -> None:
    turned = (craft.body.yaw_deg + degrees * (direction or 1)) if relative else degrees
    craft.pilot.yaw_deg = turned % 360.0


def look_at(craft: Craft, lat_deg: float, lon_deg: float) -> None:
    """Turn the nose to a place. The simulated aircraft has no gimbal; it looks once, where it is."""
    x, y, _ = craft.place_of(lat_deg, lon_deg, 0.0)
    craft.pilot.yaw_deg = math.degrees(math.atan2(x - craft.body.x_m, y - craft.body.y_m)) % 360.0


def set_servo(craft: Craft, *, channel: int, pwm: int) -> bool:
    """False when the output has another function."""
    if craft.params.get(f"SERVO{channel}_FUNCTION", -1.0) not in (0.0, 1.0):
        craft.out.text(INFO, f"ServoRelayEvent: Channel {channel} is already in use")
        return False
    craft.servos[channel] = pwm
    return True


def photograph(craft: Craft) -> bool:
    """False when there is no camera."""
    if craft.params.get("CAM1_TYPE") == 0:
        return False
    craft.shoot()
    return True
