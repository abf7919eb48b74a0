"""What a simulated autopilot tells of itself: one function a message, from the aircraft's state."""

import math
from collections.abc import Callable
from typing import Protocol

from dronesampler.simulator.craft import Craft
from dronesampler.simulator.route import Route
from dronesampler.simulator.wire import Message, dialect

UNDULATION_M = -7.4  # the geoid below the ellipsoid, western Shandong
SEA_LEVEL_HPA, TEMPERATURE_C = 1009.0, 21.5
NO_VALUE_16 = 65_535
GPS, GEOFENCE, AHRS, BATTERY, PREARM = 0x20, 0x10_0000, 0x20_0000, 0x200_0000, 0x1000_0000
OTHER_SENSORS = 0x1 | 0x2 | 0x4 | 0x8 | 0x400 | 0x800 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10000


class Speaks(Protocol):
    """What telemetry needs to know of a personality."""

    craft: Craft
    route: Route

    def prearm_good(self) -> bool: ...

    def charge_state(self) -> int:
        """MAV_BATTERY_CHARGE_STATE: 1 good, 2 low, 3 critical, 4 emergency."""

    def fence_on(self) -> bool: ...

    def fence_good(self) -> bool: ...


def sys_status(who: Speaks) -> Message:
    craft = who.craft
    present = OTHER_SENSORS | GPS | AHRS | BATTERY | PREARM | GEOFENCE
    enabled = present & ~(0 if who.fence_on() else GEOFENCE)
    healthy = OTHER_SENSORS | GPS  # ArduPilot keeps saying that the GPS is healthy when it is gone
    healthy |= AHRS if craft.position_ok else 0
    healthy |= BATTERY if who.charge_state() == 1 else 0
    healthy |= PREARM if who.prearm_good() else 0
    healthy |= GEOFENCE if who.fence_good() else 0
    battery = craft.battery
    millivolts, centiamps = int(battery.voltage_v * 1000), int(battery.current_a * 100)
    percent = round(battery.remaining * 100)
    return dialect.MAVLink_sys_status_message(
        present, enabled, healthy, 180, millivolts, centiamps, percent, 0, 0, 0, 0, 0, 0
    )


def system_time(who: Speaks) -> Message:
    craft = who.craft
    return dialect.MAVLink_system_time_message(craft.unix_us if craft.gps_ok else 0, craft.boot_ms)


def gps_raw_int(who: Speaks) -> Message:
    craft = who.craft
    if not craft.gps_ok:
        return dialect.MAVLink_gps_raw_int_message(
            craft.boot_ms * 1000, 1, 0, 0, 0, NO_VALUE_16, NO_VALUE_16, 0, NO_VALUE_16, 0
        )
    lat, lon = craft.told_lat_lon()
    b = craft.body
    alt_mm = int((craft.amsl_m + craft.gps_error_m[2]) * 1000)
    course = int(math.degrees(math.atan2(b.vx_m_s, b.vy_m_s)) % 360.0 * 100)
    return dialect.MAVLink_gps_raw_int_message(
        craft.boot_ms * 1000,
        3,
        round(lat * 1e7),
        round(lon * 1e7),
        alt_mm,
        70,
        110,
        int(b.speed_m_s * 100),
        course,
        craft.satellites,
        alt_mm + int(UNDULATION_M * 1000),
        600,
        900,
        200,
        0,
        0,
    )


def global_position_int(who: Speaks) -> Message:
    craft = who.craft
    lat, lon = craft.told_lat_lon()
    b, error_up = craft.body, craft.gps_error_m[2]
    return dialect.MAVLink_global_position_int_message(
        craft.boot_ms,
        round(lat * 1e7),
        round(lon * 1e7),
        int((craft.amsl_m + error_up * 0.3) * 1000),
        int((craft.home_height_m + error_up * 0.3) * 1000),
        int(b.vy_m_s * 100),
        int(b.vx_m_s * 100),
        int(-b.vz_m_s * 100),
        int(b.yaw_deg * 100),
    )


def local_position_ned(who: Speaks) -> Message:
    craft, b = who.craft, who.craft.body
    home = craft.home_place(0.0)
    return dialect.MAVLink_local_position_ned_message(
        craft.boot_ms, b.y_m - home[1], b.x_m - home[0], -craft.home_height_m, b.vy_m_s, b.vx_m_s, -b.vz_m_s
    )


def attitude(who: Speaks) -> Message:
    craft, b = who.craft, who.craft.body
    roll, pitch = b.tilt_rad(*craft.wind_toward_m_s) if craft.flying else (0.0, 0.0)
    yaw = math.radians((b.yaw_deg + 180.0) % 360.0 - 180.0)
    return dialect.MAVLink_attitude_message(
        craft.boot_ms, roll, pitch, yaw, 0.0, 0.0, math.radians(b.yaw_rate_deg_s if craft.flying else 0.0)
    )


def vfr_hud(who: Speaks) -> Message:
    craft, b = who.craft, who.craft.body
    wind = craft.wind_toward_m_s
    airspeed = math.hypot(b.vx_m_s - wind[0], b.vy_m_s - wind[1]) if craft.flying else 0.0
    throttle = min(int(craft.battery.current_a * 2.0), 100) if craft.armed else 0
    return dialect.MAVLink_vfr_hud_message(
        airspeed, b.speed_m_s, int(b.yaw_deg), throttle, craft.amsl_m, b.vz_m_s if craft.flying else 0.0
    )


def battery_status(who: Speaks) -> Message:
    battery = who.craft.battery
    cells = [int(battery.voltage_v * 1000)] + [NO_VALUE_16] * 9
    left_s = int(battery.remaining * battery.capacity_mah * 3.6 / battery.current_a) if battery.current_a > 3 else 0
    return dialect.MAVLink_battery_status_message(
        0,
        0,
        0,
        3200,
        cells,
        int(battery.current_a * 100),
        int(battery.drawn_mah),
        int(battery.drawn_wh * 36.0),
        round(battery.remaining * 100),
        left_s,
        who.charge_state(),
    )


def scaled_pressure(who: Speaks) -> Message:
    craft = who.craft
    height = craft.amsl_m
    hpa = SEA_LEVEL_HPA * (1.0 - 2.255_77e-5 * height) ** 5.255_88  # ICAO standard atmosphere
    return dialect.MAVLink_scaled_pressure_message(
        craft.boot_ms, hpa, 0.0, int((TEMPERATURE_C - 0.0065 * height) * 100)
    )


def servo_output_raw(who: Speaks) -> Message:
    craft = who.craft
    motor = 1000 if not craft.armed else 1150 if not craft.flying else 1520
    channel = [motor] * 4 + [craft.servos.get(k, 0) for k in range(5, 17)]
    return dialect.MAVLink_servo_output_raw_message(craft.boot_ms * 1000 % 2**32, 0, *channel)


def rc_channels(who: Speaks) -> Message:
    values = [1500, 1500, 1000, 1500, 1800, 1000, 1000, 1800] + [0] * 10
    return dialect.MAVLink_rc_channels_message(who.craft.boot_ms, 16, *values, 255)


def nav_controller_output(who: Speaks) -> Message:
    craft, b = who.craft, who.craft.body
    target = craft.pilot.target
    dx, dy = target[0] - b.x_m, target[1] - b.y_m
    bearing = int(math.degrees(math.atan2(dx, dy)))
    return dialect.MAVLink_nav_controller_output_message(
        0.0, 0.0, bearing, bearing, min(int(math.hypot(dx, dy)), NO_VALUE_16), target[2] - b.z_m, 0.0, 0.0
    )


def extended_sys_state(who: Speaks) -> Message:
    return dialect.MAVLink_extended_sys_state_message(0, int(who.craft.landed))


def vibration(who: Speaks) -> Message:
    shake = 9.0 if who.craft.flying else 0.1
    return dialect.MAVLink_vibration_message(who.craft.boot_ms * 1000, shake, shake, 1.4 * shake, 0, 0, 0)


def home_position(who: Speaks) -> Message:
    craft, home = who.craft, who.craft.home
    place = craft.home_place(0.0)
    return dialect.MAVLink_home_position_message(
        round(home.lat_deg * 1e7),
        round(home.lon_deg * 1e7),
        round(home.amsl_m * 1000),
        place[1],
        place[0],
        -(home.amsl_m - craft.ground_amsl_m),
        [1.0, 0.0, 0.0, 0.0],
        0.0,
        0.0,
        0.0,
        craft.unix_us,
    )


def gps_global_origin(who: Speaks) -> Message:
    frame, up_mm = who.craft.frame, int(who.craft.ground_amsl_m * 1000)
    return dialect.MAVLink_gps_global_origin_message(
        round(frame.lat_deg * 1e7), round(frame.lon_deg * 1e7), up_mm, who.craft.unix_us
    )


def position_target_global_int(who: Speaks) -> Message:
    craft = who.craft
    lat, lon = craft.frame.to_lat_lon(*craft.pilot.target[:2])
    up = craft.pilot.target[2] + craft.ground_amsl_m
    return dialect.MAVLink_position_target_global_int_message(
        craft.boot_ms, 5, 0xDF8, round(float(lat) * 1e7), round(float(lon) * 1e7), up, 0, 0, 0, 0, 0, 0, 0, 0
    )


def high_latency2(who: Speaks) -> Message:
    craft, b = who.craft, who.craft.body
    lat, lon = craft.told_lat_lon()
    known = craft.wind_estimate is not None and craft.wind_estimate.known
    from_deg, speed = craft.wind_estimate.told(craft.rng) if known and craft.wind_estimate else (0.0, 0.0)
    target = craft.pilot.target
    far_dm = min(int(math.dist(target[:2], b.place[:2]) / 10), NO_VALUE_16)
    return dialect.MAVLink_high_latency2_message(
        craft.boot_ms,
        2,
        3,
        0,
        round(lat * 1e7),
        round(lon * 1e7),
        int(craft.amsl_m),
        int(target[2] + craft.ground_amsl_m),
        int(b.yaw_deg / 2),
        0,
        far_dm,
        min(int(craft.battery.current_a * 2), 100),
        0,
        0,
        int(b.speed_m_s * 5),
        int(speed * 5),
        int(from_deg / 2),
        7,
        11,
        int(TEMPERATURE_C),
        max(min(int(b.vz_m_s * 10), 127), -128),
        round(craft.battery.remaining * 100),
        who.route.seq,
        0,
        0,
        0,
        0,
    )


Builder = Callable[[Speaks], Message | None]

SHARED: dict[int, Builder] = {
    1: sys_status,
    2: system_time,
    24: gps_raw_int,
    29: scaled_pressure,
    30: attitude,
    32: local_position_ned,
    33: global_position_int,
    36: servo_output_raw,
    62: nav_controller_output,
    65: rc_channels,
    74: vfr_hud,
    87: position_target_global_int,
    147: battery_status,
    235: high_latency2,
    241: vibration,
    242: home_position,
    49: gps_global_origin,
    245: extended_sys_state,
}
