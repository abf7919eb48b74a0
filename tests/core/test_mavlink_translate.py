"""Messages to events: units, the meaning of "not known", and the words of both stacks."""

import math
from typing import Any

import pytest

from dronesampler.events import (
    AirReported,
    Autopilot,
    BatteryReported,
    ClockCompared,
    EstimatorReported,
    Event,
    GasReported,
    GnssReported,
    HeartbeatSeen,
    ItemReached,
    LandedReported,
    MissionProgressed,
    MissionState,
    Moved,
    ReadinessReported,
    Stamp,
    TextSaid,
    VehicleIdentified,
    WindEstimated,
)
from dronesampler.mavlink import Draft, FrameReader, FrameWriter, Translator, decode
from dronesampler.mavlink.modes import mode_name, mode_number

AT = Stamp(100.0, 1.8e9)


def said(translator: Translator, name: str, /, *, component: int = 1, system: int = 1, **fields: Any) -> list[Event]:
    (frame,) = FrameReader().feed(FrameWriter(system, component).frame(Draft(name, fields)))
    message = decode(frame)
    assert message is not None
    return translator.translate(message, AT)


@pytest.fixture(params=["ardupilot", "px4"])
def stack(request: pytest.FixtureRequest) -> Translator:
    return {"ardupilot": ardupilot, "px4": px4}[request.param]()


def ardupilot() -> Translator:
    translator = Translator()
    said(translator, "HEARTBEAT", type=2, autopilot=3, base_mode=209, custom_mode=3, system_status=4)
    return translator


def px4() -> Translator:
    translator = Translator()
    said(translator, "HEARTBEAT", type=2, autopilot=12, base_mode=157, custom_mode=0x04040000, system_status=4)
    return translator


def test_first_autopilot_is_the_vehicle_and_others_are_not_listened_to() -> None:
    translator = Translator()
    assert said(translator, "HEARTBEAT", system=9, component=25, type=18, autopilot=8) == []
    assert said(translator, "HEARTBEAT", system=255, component=190, type=6, autopilot=8) == []
    (seen,) = said(translator, "HEARTBEAT", system=4, type=2, autopilot=3, base_mode=209, custom_mode=4)
    assert isinstance(seen, HeartbeatSeen)
    assert (seen.system_id, seen.autopilot, seen.armed, seen.mode) == (4, Autopilot.ARDUPILOT, True, "GUIDED")
    assert said(translator, "HEARTBEAT", system=5, type=2, autopilot=3) == []
    assert said(translator, "GLOBAL_POSITION_INT", system=5, lat=1) == []


@pytest.mark.parametrize(("status", "failsafe"), [(3, False), (4, False), (5, True), (6, True)])
def test_critical_is_a_failsafe(status: int, failsafe: bool) -> None:
    (seen,) = said(Translator(), "HEARTBEAT", type=2, autopilot=3, system_status=status)
    assert isinstance(seen, HeartbeatSeen)
    assert seen.failsafe is failsafe


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0x03040000, "AUTO.LOITER"),
        (0x04040000, "AUTO.MISSION"),
        (0x05040000, "AUTO.RTL"),
        (0x06040000, "AUTO.LAND"),
        (0x02040000, "AUTO.TAKEOFF"),
        (0x00030000, "POSCTL"),
        (0x01030000, "POSCTL.ORBIT"),
        (0x00060000, "OFFBOARD"),
    ],
)
def test_px4_modes(number: int, name: str) -> None:
    assert mode_name(Autopilot.PX4, number) == name
    assert mode_number(Autopilot.PX4, name) == number


@pytest.mark.parametrize(
    ("number", "name"), [(0, "STABILIZE"), (3, "AUTO"), (4, "GUIDED"), (6, "RTL"), (9, "LAND"), (17, "BRAKE")]
)
def test_ardupilot_modes(number: int, name: str) -> None:
    assert mode_name(Autopilot.ARDUPILOT, number) == name
    assert mode_number(Autopilot.ARDUPILOT, name) == number


def test_unknown_mode_is_told_by_its_number() -> None:
    assert mode_name(Autopilot.ARDUPILOT, 99) == "MODE 99"
    assert mode_name(Autopilot.PX4, 9 << 16) == "MODE 9.0"


def test_position_in_degrees_and_metres(stack: Translator) -> None:
    fields = {"lat": 357120000, "lon": 1164890000, "alt": 55_000, "relative_alt": 15_000, "vx": 300, "vy": -150}
    (moved,) = said(stack, "GLOBAL_POSITION_INT", **fields, vz=-50, hdg=9000, time_boot_ms=12_345)
    assert isinstance(moved, Moved)
    assert (moved.lat_deg, moved.lon_deg) == (35.712, 116.489)
    assert (moved.height_home_m, moved.height_sea_m, moved.heading_deg) == (15.0, 55.0, 90.0)
    assert (moved.velocity_north_m_s, moved.velocity_east_m_s, moved.velocity_down_m_s) == (3.0, -1.5, -0.5)
    assert moved.at.boot_s == 12.345


def test_heading_that_is_not_known(stack: Translator) -> None:
    (moved,) = said(stack, "GLOBAL_POSITION_INT", hdg=65535)
    assert isinstance(moved, Moved)
    assert moved.heading_deg is None


def test_gnss_and_what_it_does_not_know(stack: Translator) -> None:
    (good,) = said(stack, "GPS_RAW_INT", fix_type=4, satellites_visible=14, eph=70, h_acc=350)
    assert isinstance(good, GnssReported)
    assert (good.fix_type, good.satellites, good.hdop, good.accuracy_m) == (4, 14, 0.7, 0.35)
    (blind,) = said(stack, "GPS_RAW_INT", fix_type=0, satellites_visible=255, eph=65535)
    assert isinstance(blind, GnssReported)
    assert (blind.satellites, blind.hdop, blind.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    ("flags", "ok"), [(831, True), (33_599, False), (37, False), (1024, False), (0, False), (167, False)]
)
def test_ardupilot_estimator_flags_as_recorded(flags: int, ok: bool) -> None:
    (told,) = said(ardupilot(), "EKF_STATUS_REPORT", flags=flags)
    assert isinstance(told, EstimatorReported)
    assert told.position_ok is ok


def test_battery_in_volts_amperes_and_percent(stack: Translator) -> None:
    cells = (4100, 4100, 4100, 65535, 65535, 65535, 65535, 65535, 65535, 65535)
    (told,) = said(
        stack, "BATTERY_STATUS", voltages=cells, current_battery=1250, battery_remaining=63, current_consumed=2100
    )
    assert isinstance(told, BatteryReported)
    assert told.voltage_v == pytest.approx(12.3)
    assert (told.current_a, told.remaining_percent, told.consumed_mah) == (12.5, 63.0, 2100.0)


def test_battery_that_does_not_know(stack: Translator) -> None:
    events = said(stack, "SYS_STATUS", voltage_battery=65535, current_battery=-1, battery_remaining=-1)
    (told,) = [e for e in events if isinstance(e, BatteryReported)]
    assert (told.voltage_v, told.current_a, told.remaining_percent) == (None, None, None)


def test_readiness_and_what_is_not_healthy() -> None:
    bits = 0x10000000 | 0x20 | 0x100000
    (told, _) = said(
        ardupilot(),
        "SYS_STATUS",
        onboard_control_sensors_present=bits,
        onboard_control_sensors_enabled=bits,
        onboard_control_sensors_health=0x100000,
    )
    assert isinstance(told, ReadinessReported)
    assert told.ready is False
    assert told.fence_enabled is True
    assert told.unhealthy == ("GPS",)


def test_px4_has_no_fence_bit() -> None:
    (told, _) = said(px4(), "SYS_STATUS", onboard_control_sensors_present=0x10000000)
    assert isinstance(told, ReadinessReported)
    assert told.fence_enabled is None


def test_items_are_counted_as_in_the_plan() -> None:
    (reached,) = said(ardupilot(), "MISSION_ITEM_REACHED", seq=5)
    assert reached == ItemReached(AT, 4)
    (reached,) = said(px4(), "MISSION_ITEM_REACHED", seq=5)
    assert reached == ItemReached(AT, 5)


def test_mission_progress_of_both() -> None:
    (told,) = said(ardupilot(), "MISSION_CURRENT", seq=3, total=20, mission_state=3)
    assert isinstance(told, MissionProgressed)
    assert (told.item, told.total, told.state) == (2, 20, MissionState.ACTIVE)
    (none,) = said(px4(), "MISSION_CURRENT", seq=0, total=65535)
    assert isinstance(none, MissionProgressed)
    assert (none.total, none.state) == (0, MissionState.NONE)


@pytest.mark.parametrize("direction", [-180.0, 0.0, 90.0])
def test_ardupilot_wind_of_zero_is_no_estimate(direction: float) -> None:
    assert said(ardupilot(), "WIND", direction=direction, speed=0.0) == []


def test_ardupilot_wind_comes_from() -> None:
    (wind,) = said(ardupilot(), "WIND", direction=-45.0, speed=6.0)
    assert isinstance(wind, WindEstimated)
    assert (wind.from_deg, wind.speed_m_s) == (315.0, 6.0)


def test_px4_wind_components_say_where_it_goes() -> None:
    (wind,) = said(px4(), "WIND_COV", wind_x=3.0, wind_y=0.0)
    assert isinstance(wind, WindEstimated)
    assert (wind.from_deg, wind.speed_m_s) == (180.0, 3.0)
    assert said(px4(), "WIND_COV", wind_x=math.nan, wind_y=math.nan) == []


def test_high_latency_wind_is_from_on_one_stack_and_to_on_the_other() -> None:
    (wind,) = said(ardupilot(), "HIGH_LATENCY2", autopilot=3, windspeed=40, wind_heading=32)
    assert isinstance(wind, WindEstimated)
    assert (wind.from_deg, wind.speed_m_s) == (64.0, 8.0)
    (wind,) = said(px4(), "HIGH_LATENCY2", autopilot=12, windspeed=40, wind_heading=32)
    assert isinstance(wind, WindEstimated)
    assert wind.from_deg == 244.0
    assert said(ardupilot(), "HIGH_LATENCY2", autopilot=3, windspeed=0) == []


@pytest.mark.parametrize(("state", "in_air"), [(1, False), (2, True), (3, True), (4, True)])
def test_landed_state(stack: Translator, state: int, in_air: bool) -> None:
    assert said(stack, "EXTENDED_SYS_STATE", landed_state=state) == [LandedReported(AT, in_air)]
    assert said(stack, "EXTENDED_SYS_STATE", landed_state=0) == []


def test_vehicle_clock_before_the_first_satellite_is_no_clock(stack: Translator) -> None:
    assert said(stack, "SYSTEM_TIME", time_unix_usec=0) == []
    (told,) = said(stack, "SYSTEM_TIME", time_unix_usec=1_800_000_000_500_000)
    assert isinstance(told, ClockCompared)
    assert told.vehicle_unix_s == 1_800_000_000.5


def test_unique_id_prefers_the_long_one(stack: Translator) -> None:
    (told,) = said(stack, "AUTOPILOT_VERSION", flight_sw_version=0x04070000, uid=5, uid2=tuple(b"0123456789abcdefgh"))
    assert isinstance(told, VehicleIdentified)
    assert told.firmware == "4.7.0"
    assert told.unique_id == b"0123456789abcdefgh".hex()
    (told,) = said(stack, "AUTOPILOT_VERSION", uid=5)
    assert isinstance(told, VehicleIdentified)
    assert told.unique_id == "0000000000000005"


def test_text_in_chunks_is_joined() -> None:
    translator = ardupilot()
    whole = "PreArm: " + "x" * 60 + " end"
    assert said(translator, "STATUSTEXT", severity=2, text=whole[:50], id=7, chunk_seq=0) == []
    (told,) = said(translator, "STATUSTEXT", severity=2, text=whole[50:], id=7, chunk_seq=1)
    assert isinstance(told, TextSaid)
    assert told.text == whole


def test_lost_chunk_is_marked() -> None:
    translator = ardupilot()
    assert said(translator, "STATUSTEXT", severity=2, text="a" * 50, id=7, chunk_seq=0) == []
    (told,) = said(translator, "STATUSTEXT", severity=2, text="c", id=7, chunk_seq=2)
    assert isinstance(told, TextSaid)
    assert told.text == "a" * 50 + "[…]" + "c"


def test_px4_tab_is_cut_and_events_have_words() -> None:
    (told,) = said(px4(), "STATUSTEXT", severity=2, text="Operation timeout\t")
    assert isinstance(told, TextSaid)
    assert told.text == "Operation timeout"
    (told,) = said(px4(), "EVENT", id=0x0185E823, log_levels=0x43, arguments=(3, 0, 0x70))
    assert isinstance(told, TextSaid)
    assert (told.severity, told.text) == (3, "Mission rejected: item 3: unsupported command: 112")
    assert said(px4(), "EVENT", id=1) == []


def test_gas_from_any_component() -> None:
    (gas,) = said(ardupilot(), "NAMED_VALUE_FLOAT", component=25, name="NMHC", value=1.25, time_boot_ms=5000)
    assert isinstance(gas, GasReported)
    assert (gas.component, gas.name, gas.value, gas.instrument_s) == ("1/25", "NMHC", 1.25, 5.0)
    assert gas.raw
    (gas,) = said(ardupilot(), "NAMED_VALUE_INT", system=44, component=158, name="pump", value=1)
    assert isinstance(gas, GasReported)
    assert (gas.component, gas.value) == ("44/158", 1.0)
    assert said(ardupilot(), "NAMED_VALUE_FLOAT", component=25, name="NMHC", value=math.nan) == []


def test_vectors_and_arrays_become_named_values() -> None:
    three = said(ardupilot(), "DEBUG_VECT", component=25, name="VOC", x=1.0, y=2.0, z=3.0, time_usec=2_000_000)
    assert [(e.name, e.value) for e in three if isinstance(e, GasReported)] == [
        ("VOC.x", 1.0),
        ("VOC.y", 2.0),
        ("VOC.z", 3.0),
    ]
    some = said(ardupilot(), "DEBUG_FLOAT_ARRAY", component=25, name="gas", data=(0.5, 0.0, 7.0))
    assert [(e.name, e.value) for e in some if isinstance(e, GasReported)] == [
        ("gas.0", 0.5),
        ("gas.1", 0.0),
        ("gas.2", 7.0),
    ]


def test_tunnel_is_handed_on_as_bytes() -> None:
    (gas,) = said(ardupilot(), "TUNNEL", component=25, payload_type=0x9A01, payload_length=3, payload=(1, 2, 3, 4))
    assert isinstance(gas, GasReported)
    assert (gas.name, gas.raw) == ("TUNNEL 39425", b"\x01\x02\x03")
    assert math.isnan(gas.value)
    assert said(ardupilot(), "TUNNEL", component=25, payload_type=5, payload_length=3) == []


def test_air_from_pressure_and_hygrometer() -> None:
    (air,) = said(ardupilot(), "SCALED_PRESSURE", press_abs=1008.5, temperature=2150)
    assert isinstance(air, AirReported)
    assert (air.pressure_hpa, air.temperature_c, air.humidity_percent) == (1008.5, 21.5, None)
    (air,) = said(ardupilot(), "HYGROMETER_SENSOR", component=25, temperature=2150, humidity=5600)
    assert isinstance(air, AirReported)
    assert (air.temperature_c, air.humidity_percent) == (21.5, 56.0)
