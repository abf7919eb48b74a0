"""Messages that only ArduPilot sends, or that it fills in its own way."""

import math
from typing import TYPE_CHECKING

from dronesampler.simulator import telemetry
from dronesampler.simulator.ardupilot_modes import AUTO
from dronesampler.simulator.craft import Craft
from dronesampler.simulator.route import State
from dronesampler.simulator.telemetry import Builder, Speaks
from dronesampler.simulator.wire import Message, dialect

if TYPE_CHECKING:
    from dronesampler.simulator.ardupilot import ArduPilot

READY_FLAGS, WAITING_FLAGS, LOST_FLAGS = 831, 167, 37
# As recorded (0xFBEF), less MAVLink FTP (0x20), which is not simulated.
CAPABILITIES = 0xFBCF
UID2 = b"SIMULATED-COPTER-1"


def heartbeat(who: "ArduPilot") -> Message:
    return dialect.MAVLink_heartbeat_message(2, 3, who.base_mode(), who.craft.mode, who.system_status(), 3)


def mission_current(who: Speaks) -> Message:
    route, craft = who.route, who.craft
    total = max(route.count - 1, 0)
    in_mission = 1 if craft.mode == AUTO else 0
    state = route.state if route.ready else State.NO_MISSION
    seq = route.seq if state is not State.NO_MISSION else 0
    return dialect.MAVLink_mission_current_message(seq, total, int(state), in_mission)


def wind(who: Speaks) -> Message | None:
    """Speed 0 means "not estimated", and that is what it says until it has flown a while."""
    craft = who.craft
    if not craft.position_ok:
        return None
    if craft.wind_estimate is None or not craft.wind_estimate.known:
        return dialect.MAVLink_wind_message(-180.0, 0.0, 0.0)
    from_deg, speed = craft.wind_estimate.told(craft.rng)
    return dialect.MAVLink_wind_message((from_deg + 180.0) % 360.0 - 180.0, speed, 0.0)


def ekf_status_report(who: Speaks) -> Message:
    craft = who.craft
    flags = READY_FLAGS if craft.position_ok else LOST_FLAGS if craft.flying else WAITING_FLAGS
    poor = 0.02 if craft.position_ok else 0.9
    return dialect.MAVLink_ekf_status_report_message(flags, poor, poor, 0.01, 0.02, 0.0, 0.0)


def fence_status(who: Speaks) -> Message | None:
    if not who.fence_on():
        return None
    failsafes = who.failsafes  # type: ignore[attr-defined]
    return dialect.MAVLink_fence_status_message(
        int(failsafes.breached), failsafes.breaches, failsafes.breach_type, failsafes.breach_ms, 1
    )


def meminfo(_who: Speaks) -> Message:
    return dialect.MAVLink_meminfo_message(0, 65_535, 131_072)


def power_status(_who: Speaks) -> Message:
    return dialect.MAVLink_power_status_message(5_000, 5_000, 3)


def autopilot_version(_who: Speaks) -> Message:
    return dialect.MAVLink_autopilot_version_message(
        CAPABILITIES, 0x0407_0000, 0, 0, 0, list(b"2598e9d4"), [0] * 8, [0] * 8, 0, 0, 0, list(UID2)
    )


def camera_feedback(craft: Craft, number: int) -> Message:
    lat, lon = craft.told_lat_lon()
    roll, pitch = (math.degrees(v) for v in craft.body.tilt_rad(*craft.wind_toward_m_s))
    amsl, above_home = craft.amsl_m, craft.home_height_m
    return dialect.MAVLink_camera_feedback_message(
        craft.unix_us,
        1,
        0,
        number,
        round(lat * 1e7),
        round(lon * 1e7),
        amsl,
        above_home,
        roll,
        pitch,
        craft.body.yaw_deg,
        0.0,
        0,
        number,
    )


BUILDERS: dict[int, Builder] = {
    **telemetry.SHARED,
    42: mission_current,
    125: power_status,
    148: autopilot_version,
    152: meminfo,
    162: fence_status,
    168: wind,
    180: lambda _who: None,  # CAMERA_FEEDBACK comes with each photograph, not at a rate
    193: ekf_status_report,
}
DEFAULTS_HZ: dict[int, float] = {}  # nothing but heartbeats until a station asks
GROUPS: dict[int, tuple[int, ...]] = {
    1: (29,),
    2: (1, 24, 42, 62, 125, 152, 162),
    3: (36, 65),
    6: (32, 33),
    10: (30,),
    11: (74,),
    12: (2, 147, 168, 193, 241, 245),
}
GROUPS[0] = tuple(sorted({message_id for group in GROUPS.values() for message_id in group}))
