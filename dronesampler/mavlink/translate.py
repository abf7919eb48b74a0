"""Messages to events: the only place where degrees·1e7, millimetres and centidegrees become degrees and metres."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from dronesampler.events import (
    Autopilot,
    BatteryReported,
    ClockCompared,
    EstimatorReported,
    Event,
    FenceReported,
    GnssReported,
    HeartbeatSeen,
    HomeMoved,
    ItemReached,
    LandedReported,
    MissionProgressed,
    MissionState,
    ModeIntended,
    Moved,
    OutputsMoved,
    ParameterRead,
    ReadinessReported,
    ShotTaken,
    Stamp,
    Turned,
    VehicleIdentified,
)
from dronesampler.geo import HeightReference, Place
from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT, Message, boot_s_of, finite
from dronesampler.mavlink.modes import INVALID_AUTOPILOT, autopilot_of, mode_name
from dronesampler.mavlink.parameter_value import parameter_number
from dronesampler.mavlink.payload import PAYLOAD_MESSAGES, translate_payload
from dronesampler.mavlink.said import TextJoiner
from dronesampler.mavlink.traffic import TRAFFIC_MESSAGES, translate_traffic
from dronesampler.mavlink.winds import translate_wind

ARMED = 128
CRITICAL_STATES = (5, 6)  # MAV_STATE CRITICAL and EMERGENCY
EKF_POSITION, EKF_VELOCITY = 16, 2
EKF_BAD_ARDUPILOT = 128 | 1024 | 0x8000  # constant position, uninitialised, GPS glitching
EKF_BAD_PX4 = 1024 | 2048  # GPS glitch, accelerometer error
PREARM_CHECK, GEOFENCE = 0x10000000, 0x100000
SENSOR_NAMES = {
    0x01: "gyro",
    0x02: "accelerometer",
    0x04: "compass",
    0x08: "barometer",
    0x20: "GPS",
    0x8000: "motors",
    0x10000: "RC receiver",
    0x200000: "AHRS",
    0x400000: "terrain",
    0x1000000: "logging",
    0x2000000: "battery",
}
MISSION_STATES = {
    0: MissionState.UNKNOWN,
    1: MissionState.NONE,
    2: MissionState.NOT_STARTED,
    3: MissionState.ACTIVE,
    4: MissionState.PAUSED,
    5: MissionState.COMPLETE,
}
NO_MISSION = 65_535


@dataclass(slots=True)
class Translator:
    """Turns messages of one vehicle, and of payloads of any system, into events. One a session; not thread-safe.

    `vehicle` is the system id it listens to; None takes the first autopilot that speaks.
    """

    vehicle: int | None = None
    autopilot: Autopilot = Autopilot.OTHER
    _texts: TextJoiner = field(default_factory=TextJoiner)
    _battery_status_seen: bool = False

    def translate(self, message: Message, at: Stamp) -> list[Event]:
        """The events in a message, most often none or one."""
        boot_s = boot_s_of(message.fields)
        if boot_s is not None:
            at = replace(at, boot_s=boot_s)
        if message.name == "HEARTBEAT":
            return self._heartbeat(message, at)
        if message.name in PAYLOAD_MESSAGES:
            return translate_payload(message, at)
        if message.name in TRAFFIC_MESSAGES:
            return translate_traffic(message, at, own=self.vehicle)
        if message.name in ("STATUSTEXT", "EVENT") and message.system == self.vehicle:
            return list(self._texts.take(message, at))
        if message.system != self.vehicle or message.component != AUTOPILOT_COMPONENT:
            return []
        wind = translate_wind(message, at)
        translated = _VEHICLE.get(message.name)
        return [*wind, *(translated(self, message, at) if translated else ())]

    def _heartbeat(self, m: Message, at: Stamp) -> list[Event]:
        if m["autopilot"] == INVALID_AUTOPILOT or m.component != AUTOPILOT_COMPONENT:
            return []
        if self.vehicle is None:
            self.vehicle = m.system
        if m.system != self.vehicle:
            return []
        self.autopilot = autopilot_of(m["autopilot"])
        return [
            HeartbeatSeen(
                at,
                system_id=m.system,
                component_id=m.component,
                autopilot=self.autopilot,
                armed=bool(m["base_mode"] & ARMED),
                mode=mode_name(self.autopilot, m["custom_mode"]),
                failsafe=m["system_status"] in CRITICAL_STATES,
            )
        ]

    def item_of(self, sequence: int) -> int:
        """Our plan's item: ArduPilot counts its home as 0."""
        return sequence - 1 if self.autopilot is Autopilot.ARDUPILOT else sequence

    def _sys_status(self, m: Message, at: Stamp) -> list[Event]:
        present, enabled, health = (m[f"onboard_control_sensors_{part}"] for part in ("present", "enabled", "health"))
        events: list[Event] = [
            ReadinessReported(
                at,
                ready=bool(health & PREARM_CHECK) if present & PREARM_CHECK else None,
                fence_enabled=bool(enabled & GEOFENCE) if self.autopilot is Autopilot.ARDUPILOT else None,
                unhealthy=tuple(n for bit, n in SENSOR_NAMES.items() if enabled & bit and not health & bit),
            )
        ]
        if not self._battery_status_seen:
            events.append(
                BatteryReported(
                    at,
                    voltage_v=m["voltage_battery"] / 1e3 if m["voltage_battery"] not in (0, 65_535) else None,
                    current_a=m["current_battery"] / 100 if m["current_battery"] >= 0 else None,
                    remaining_percent=float(m["battery_remaining"]) if m["battery_remaining"] >= 0 else None,
                    consumed_mah=None,
                )
            )
        return events

    def _battery(self, m: Message, at: Stamp) -> list[Event]:
        if m["id"] != 0:
            return []
        self._battery_status_seen = True
        cells = [v for v in (*m["voltages"], *m["voltages_ext"]) if v not in (0, 65_535)]
        return [
            BatteryReported(
                at,
                voltage_v=sum(cells) / 1e3 if cells else None,
                current_a=m["current_battery"] / 100 if m["current_battery"] >= 0 else None,
                remaining_percent=float(m["battery_remaining"]) if m["battery_remaining"] >= 0 else None,
                consumed_mah=float(m["current_consumed"]) if m["current_consumed"] >= 0 else None,
            )
        ]

    def _mission_current(self, m: Message, at: Stamp) -> list[Event]:
        # Both stacks leave the home placeholder out of the total; 0 is what firmware without the field sends.
        total = m["total"]
        counted = 0 if total == NO_MISSION else total or None
        return [
            MissionProgressed(
                at,
                item=self.item_of(m["seq"]),
                total=counted,
                state=MissionState.NONE if total == NO_MISSION else MISSION_STATES[min(m["mission_state"], 5)],
                mission_id=m["mission_id"],
                fence_id=m["fence_id"],
                rally_id=m["rally_points_id"],
            )
        ]

    def _estimator(self, m: Message, at: Stamp) -> list[Event]:
        flags = m["flags"]
        bad = flags & (EKF_BAD_PX4 if m.name == "ESTIMATOR_STATUS" else EKF_BAD_ARDUPILOT)
        return [
            EstimatorReported(
                at,
                position_ok=bool(flags & EKF_POSITION) and not bad,
                velocity_ok=bool(flags & EKF_VELOCITY) and not bad,
                flags=flags,
            )
        ]


def _moved(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [
        Moved(
            at,
            lat_deg=m["lat"] / 1e7,
            lon_deg=m["lon"] / 1e7,
            height_home_m=m["relative_alt"] / 1e3,
            height_sea_m=m["alt"] / 1e3,
            velocity_north_m_s=m["vx"] / 100,
            velocity_east_m_s=m["vy"] / 100,
            velocity_down_m_s=m["vz"] / 100,
            heading_deg=m["hdg"] / 100 if m["hdg"] != 65_535 else None,
        )
    ]


def _turned(_: Translator, m: Message, at: Stamp) -> list[Event]:
    angles = (math.degrees(m[name]) for name in ("roll", "pitch", "yaw"))
    return [Turned(at, *angles)]


def _gnss(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [
        GnssReported(
            at,
            fix_type=m["fix_type"],
            satellites=m["satellites_visible"] if m["satellites_visible"] != 255 else None,
            hdop=m["eph"] / 100 if m["eph"] != 65_535 else None,
            accuracy_m=m["h_acc"] / 1e3 if m["h_acc"] else None,
        )
    ]


def _home(_: Translator, m: Message, at: Stamp) -> list[Event]:
    lat_deg, lon_deg = m["latitude"] / 1e7, m["longitude"] / 1e7
    if abs(lat_deg) > 90.0 or abs(lon_deg) > 180.0:
        return []  # nowhere on the earth: no home, and nothing to end a flight over
    return [HomeMoved(at, Place(lat_deg, lon_deg, m["altitude"] / 1e3, HeightReference.SEA))]


def _landed(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [LandedReported(at, in_air=m["landed_state"] in (2, 3, 4))] if m["landed_state"] else []


def _clock(_: Translator, m: Message, at: Stamp) -> list[Event]:
    # Zero, or a date before 2000, until the vehicle has seen a satellite.
    return [ClockCompared(at, m["time_unix_usec"] / 1e6)] if m["time_unix_usec"] > 946_684_800_000_000 else []


def _reached(translator: Translator, m: Message, at: Stamp) -> list[Event]:
    return [ItemReached(at, translator.item_of(m["seq"]))]


def _identified(_: Translator, m: Message, at: Stamp) -> list[Event]:
    version = m["flight_sw_version"]
    words = ".".join(str(version >> shift & 0xFF) for shift in (24, 16, 8))
    own = bytes(m["uid2"])
    unique = own.hex() if any(own) else f"{m['uid']:016x}" if m["uid"] else ""
    return [VehicleIdentified(at, firmware=words, unique_id=unique, capabilities=m["capabilities"])]


def _fence(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [FenceReported(at, breached=bool(m["breach_status"]))]


def _shot(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [ShotTaken(at, m["img_idx"], m["lat"] / 1e7, m["lng"] / 1e7, finite(m["alt_rel"]) or 0.0)]


def _outputs(_: Translator, m: Message, at: Stamp) -> list[Event]:
    return [OutputsMoved(at, tuple(m[f"servo{n}_raw"] for n in range(1, 17)))] if m["port"] == 0 else []


def _intended(_: Translator, m: Message, at: Stamp) -> list[Event]:
    intended = m["intended_custom_mode"]
    return [ModeIntended(at, mode_name(Autopilot.PX4, intended))] if intended else []


def _parameter(translator: Translator, m: Message, at: Stamp) -> list[Event]:
    value = parameter_number(m["param_value"], m["param_type"], translator.autopilot)
    return [ParameterRead(at, m["param_id"], value, m["param_index"], m["param_count"])]


_VEHICLE: dict[str, Callable[[Any, Message, Stamp], list[Event]]] = {
    "GLOBAL_POSITION_INT": _moved,
    "ATTITUDE": _turned,
    "GPS_RAW_INT": _gnss,
    "HOME_POSITION": _home,
    "EXTENDED_SYS_STATE": _landed,
    "SYSTEM_TIME": _clock,
    "MISSION_ITEM_REACHED": _reached,
    "AUTOPILOT_VERSION": _identified,
    "FENCE_STATUS": _fence,
    "CAMERA_FEEDBACK": _shot,
    "SERVO_OUTPUT_RAW": _outputs,
    "CURRENT_MODE": _intended,
    "PARAM_VALUE": _parameter,
    "SYS_STATUS": Translator._sys_status,
    "BATTERY_STATUS": Translator._battery,
    "MISSION_CURRENT": Translator._mission_current,
    "EKF_STATUS_REPORT": Translator._estimator,
    "ESTIMATOR_STATUS": Translator._estimator,
}
