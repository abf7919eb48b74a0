"""Messages that only PX4 sends, or that it fills in its own way."""

import math
import struct
from typing import TYPE_CHECKING

from dronesampler.simulator import telemetry
from dronesampler.simulator.px4_items import opaque_id
from dronesampler.simulator.stored import FENCE, MISSION, RALLY
from dronesampler.simulator.telemetry import Builder, Speaks
from dronesampler.simulator.wire import Message, dialect

if TYPE_CHECKING:
    from dronesampler.simulator.px4 import PX4

NAN = math.nan
READY_FLAGS, WAITING_FLAGS = 895, 229
# As recorded (0xE8FF), less MAVLink FTP (0x20), which is not simulated.
CAPABILITIES = 0xE8DF
UID = 0x494D_5544_5241_5453
UID2 = b"SIMULATED-PX4-0001"  # eighteen bytes; by them everything of this flight is marked
CURRENT_MODE, CURRENT_MODE_CRC = 436, 193


def heartbeat(who: "PX4") -> Message:
    return dialect.MAVLink_heartbeat_message(2, 12, who.base_mode(), who.craft.mode, who.system_status(), 3)


def mission_current(who: Speaks) -> None:
    """With the ids of all three plans, which the library's dialect does not know."""
    shelf = who.craft.shelf
    count = len(shelf.items(MISSION))
    ids = [opaque_id(shelf.items(kind)) for kind in (MISSION, FENCE, RALLY)]
    seq = who.route.seq if count else 0
    payload = struct.pack("<HHBBIII", seq, count or 65_535, 0, 0, *ids)
    who.craft.out.say_raw(42, payload, crc_extra=dialect.MAVLink_mission_current_message.crc_extra)


def current_mode(who: Speaks) -> None:
    intended = who.intended_mode  # type: ignore[attr-defined]
    payload = struct.pack("<IIB", who.craft.mode, intended, 0)
    who.craft.out.say_raw(CURRENT_MODE, payload, crc_extra=CURRENT_MODE_CRC)


def wind_cov(who: Speaks) -> Message | None:
    """North and east where the wind blows TO; nothing while there is no estimate."""
    craft = who.craft
    estimate = craft.wind_estimate
    if estimate is None or not estimate.known or not craft.params["EKF2_DRAG_CTRL"]:
        return None
    from_deg, speed = estimate.told(craft.rng)
    toward = math.radians(from_deg + 180.0)
    north, east = speed * math.cos(toward), speed * math.sin(toward)
    return dialect.MAVLink_wind_cov_message(craft.boot_ms * 1000, north, east, NAN, 0.2, NAN, craft.amsl_m, 0.5, NAN)


def estimator_status(who: Speaks) -> Message:
    craft = who.craft
    flags = READY_FLAGS if craft.position_ok else WAITING_FLAGS
    return dialect.MAVLink_estimator_status_message(
        craft.boot_ms * 1000, flags, 0.02, 0.02, 0.05, 0.01, 0.0, 0.0, 0.4, 0.6
    )


def altitude(who: Speaks) -> Message:
    craft = who.craft
    above_home = craft.home_height_m
    return dialect.MAVLink_altitude_message(
        craft.boot_ms * 1000, craft.amsl_m, craft.amsl_m, above_home, above_home, NAN, NAN
    )


def autopilot_version(_who: Speaks) -> Message:
    version = list(bytes.fromhex("573951a36e000000"))
    return dialect.MAVLink_autopilot_version_message(
        CAPABILITIES, 0x0110_00FF, 0, 0, 1, version, [0] * 8, [0] * 8, 0, 0, UID, list(UID2)
    )


def gps_raw_int(who: Speaks) -> Message:
    if who.craft.gps_ok:
        return telemetry.gps_raw_int(who)
    return dialect.MAVLink_gps_raw_int_message(who.craft.boot_ms * 1000, 0, 0, 0, 0, 65_535, 65_535, 0, 65_535, 0)


def sys_status(who: Speaks) -> Message:
    """No geofence bit; a lost GPS is no longer present."""
    message = telemetry.sys_status(who)
    gone = telemetry.GEOFENCE | (0 if who.craft.gps_ok else telemetry.GPS)
    message.onboard_control_sensors_present &= ~gone
    message.onboard_control_sensors_enabled &= ~gone
    return message


def servo_output_raw(who: Speaks) -> Message:
    """Actuator set 1 on output 5: 900 disarmed, else -1..1 to 1000..2000."""
    craft = who.craft
    motor = 900 if not craft.armed else 1100 if not craft.flying else 1500
    fifth = 900 if not craft.armed else int(1500 + 500 * craft.actuators.get(1, 0.0))
    channels = [motor] * 4 + [fifth] + [0] * 11
    return dialect.MAVLink_servo_output_raw_message(craft.boot_ms * 1000 % 2**32, 0, *channels)


def _silent(_who: Speaks) -> None:
    """A message that the real one has and this one only pretends to send when asked."""


# Accepted by SET_MESSAGE_INTERVAL as by the real one, but there is nothing in them that anybody here reads.
SILENT = (8, 26, 31, 65, 83, 85, 116, 132, 300, 331, 397, 12901, 12904)


def high_latency2(who: Speaks) -> Message:
    """As ArduPilot's, but the wind's heading is where it blows to."""
    message = telemetry.high_latency2(who)
    message.autopilot = 12
    message.wind_heading = (message.wind_heading + 90) % 180
    return message


BUILDERS: dict[int, Builder] = {
    **dict.fromkeys(SILENT, _silent),
    **{k: v for k, v in telemetry.SHARED.items() if k not in (62, 65)},
    1: sys_status,
    24: gps_raw_int,
    36: servo_output_raw,
    42: mission_current,
    141: altitude,
    148: autopilot_version,
    230: estimator_status,
    231: wind_cov,
    235: high_latency2,
    436: current_mode,
}
# The rates of a normal telemetry link, before any station asks.
DEFAULTS_HZ = {
    1: 2.0,
    2: 1.0,
    24: 1.0,
    29: 0.5,
    30: 4.0,
    32: 1.0,
    33: 4.0,
    36: 1.0,
    42: 1.0,
    74: 2.0,
    87: 1.0,
    141: 0.5,
    147: 0.5,
    230: 0.5,
    241: 0.1,
    242: 0.5,
    245: 2.0,
    436: 0.5,
    231: 0.5,
}
