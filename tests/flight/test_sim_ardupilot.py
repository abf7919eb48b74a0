"""The simulated ArduCopter: a whole mission, its limits, its refusals and its failsafes."""

import math

import numpy as np
import pytest

from dronesampler.simulator.faults import Faults
from dronesampler.simulator.wire import dialect
from tests.flight.sim_station import Item, Station, action, place

HOME: Item = place(16, 0, -215, 0, frame=0)
ROUTE: list[Item] = [
    HOME,
    place(22, 0, -215, 20),
    action(178, 1, 6, -1),
    place(16, -100, -150, 20),
    place(16, 100, -150, 25, hold_s=3),
    action(183, 9 + 1, 1900),
    place(19, 100, -50, 15, hold_s=5),
    action(20),
]
AUTO, GUIDED, LOITER, RTL, LAND, BRAKE = 3, 4, 5, 6, 9, 17
ACCEPTED, DENIED, UNSUPPORTED, FAILED = 0, 2, 3, 4


def ready(**options: object) -> Station:
    station = Station(**options)  # type: ignore[arg-type]
    station.run(4.0)
    return station


def take_off(station: Station, height_m: float = 20.0) -> Station:
    assert station.command(176, 1, GUIDED) == [ACCEPTED]
    assert station.command(400, 1) == [ACCEPTED]
    assert station.command(22, 0, 0, 0, 0, 0, 0, height_m) == [ACCEPTED]
    station.run(25.0)
    assert station.craft.body.z_m == pytest.approx(height_m, abs=0.7)
    return station


def start(station: Station, items: list[Item] = ROUTE) -> Station:
    assert station.upload(items) == ACCEPTED
    assert station.command(176, 1, GUIDED) == [ACCEPTED]
    assert station.command(400, 1) == [ACCEPTED]
    assert station.command(176, 1, AUTO) == [ACCEPTED]
    assert station.command(300) == [ACCEPTED]
    return station


def test_a_mission_is_flown_in_order_within_the_limits() -> None:
    station = ready()
    station.stream(33, 147, 42, hz=10)
    start(station)
    assert station.run(300, until=lambda m: m.get_type() == "STATUSTEXT" and "Disarming" in m.text) is not None
    reached = [m.seq for m in station.of("MISSION_ITEM_REACHED")]
    assert reached == [2, 3, 4, 6, 7]  # 1 is lost to the action that ends with it
    announced = [t for t in station.texts() if t.startswith("Mission:")]
    assert announced == [
        "Mission: 1 Takeoff",
        *("Mission: 2 ChangeSpeed", "Mission: 3 WP", "Mission: 4 WP"),
        *("Mission: 5 SetServo", "Mission: 6 LoitTime", "Mission: 7 RTL"),
    ]
    fixes = station.of("GLOBAL_POSITION_INT")
    time_s = np.array([m.time_boot_ms for m in fixes]) / 1000.0
    velocity = np.array([(m.vx, m.vy, m.vz) for m in fixes]) / 100.0
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    assert 5.5 < speed.max() <= 10.1  # 6 m/s along the route, 10 m/s on the way back
    assert -velocity[:, 2].max() >= -1.6 and velocity[:, 2].min() >= -2.6
    change = np.hypot(*np.diff(velocity[:, :2], axis=0).T) / np.diff(time_s)
    assert change.max() < 2.5 + 0.3  # centimetres a second are whole numbers
    drawn = [m.current_consumed for m in station.of("BATTERY_STATUS")]
    assert drawn == sorted(drawn) and drawn[-1] > drawn[0] + 200
    home = station.craft.home_place(0.0)
    assert math.dist(station.craft.body.place[:2], home[:2]) < 3.0
    last = station.of("MISSION_CURRENT")[-1]
    assert (last.seq, last.total, last.mission_state) == (0, 7, 5)
    assert station.craft.servos == {10: 1900}


def test_the_sampler_reads_more_downwind_and_the_wind_is_not_estimated_on_the_ground() -> None:
    station = ready(with_world=True)
    station.stream(168, hz=2)
    station.run(5.0)
    assert {m.speed for m in station.of("WIND")} == {0.0}
    start(station)
    station.run(120.0)
    flown = [m for m in station.of("WIND") if m.speed > 0][-40:]
    assert station.world is not None
    truth = station.world.wind.history(station.now_s - 20, station.now_s).from_deg
    east = np.mean([math.sin(math.radians(m.direction)) for m in flown])
    north = np.mean([math.cos(math.radians(m.direction)) for m in flown])
    off = (math.degrees(math.atan2(east, north)) - truth.mean() + 180.0) % 360.0 - 180.0
    assert abs(off) < 25.0
    readings = [m for m in station.of("NAMED_VALUE_FLOAT") if m.name == "NMHC"]
    assert len(readings) == pytest.approx(station.now_s - 1_800_000_000.0, abs=2)
    assert len(station.of("TUNNEL")) == len(readings)


def test_refusals_come_with_the_autopilots_own_words() -> None:
    station = ready()
    assert station.command(22, 0, 0, 0, 0, 0, 0, 20) == [FAILED]
    assert station.upload(ROUTE) == ACCEPTED
    assert station.command(176, 1, AUTO) == [ACCEPTED]
    assert station.command(400, 1) == [FAILED]
    assert "Arm: AUTO mode not armable" in station.texts()
    assert station.command(176, 1, 99) == [FAILED]
    assert "No such mode 99" in station.texts()
    assert station.command(31010) == [UNSUPPORTED]
    assert station.command(511, 231, 1e6) == [DENIED]
    take_off(station)
    assert station.command(400, 0) == [FAILED]
    assert station.command(183, 1, 1700) == [FAILED]
    assert "ServoRelayEvent: Channel 1 is already in use" in station.texts()


def test_a_refused_upload_leaves_a_mix_of_old_and_new() -> None:
    station = ready()
    assert station.upload(ROUTE) == ACCEPTED
    spoilt = [HOME, place(22, 0, -215, 44), place(16, 0, 0, 44), (31010, 0.0, 0.0, 0.0, (0, 0, 0, 0), 2), *ROUTE[4:]]
    assert station.upload(spoilt) == UNSUPPORTED
    heights = [m.z for m in station.download()[1:5]]
    assert heights == [44.0, 44.0, 20.0, 25.0]


def test_the_store_is_full_at_651_items() -> None:
    station = ready()
    many = [HOME] + [place(16, 10, 10, 20)] * 650
    assert station.upload(many) == 4
    assert "Only 650 items are supported" in station.texts()
    assert station.upload(many[:650], seconds=90) == ACCEPTED
    assert len(station.craft.shelf.items(0)) == 650


def test_pause_keeps_the_place_and_brake_the_height_while_loiter_sinks() -> None:
    station = start(ready())
    station.run(18.0)
    assert station.command(193, 0) == [ACCEPTED]
    station.run(5.0)
    held = station.craft.body.place
    station.run(10.0)
    assert math.dist(station.craft.body.place, held) < 0.5
    assert station.command(193, 1) == [ACCEPTED]
    station.run(3.0)
    assert station.craft.body.speed_m_s > 3.0
    assert station.command(176, 1, BRAKE) == [ACCEPTED]
    station.run(4.0)
    height_m = station.craft.body.z_m
    station.run(4.0)
    assert station.craft.body.z_m == pytest.approx(height_m, abs=0.3)
    assert station.command(176, 1, LOITER) == [ACCEPTED]
    station.run(4.0)
    assert station.craft.body.z_m < height_m - 3.0


def test_going_somewhere_outside_of_the_fence_is_refused_and_a_breach_returns() -> None:
    station = ready()
    corners = [(-150, -225), (150, -225), (150, 0), (-150, 0)]
    fence: list[Item] = [(5001, x, y, 0.0, (4.0, 0.0, 0.0, 0.0), 0) for x, y in corners]
    assert station.upload(fence, kind=1) == ACCEPTED
    station.craft.params.set("FENCE_ENABLE", 1)
    station.craft.params.set("FENCE_RADIUS", 1000)
    take_off(station)
    outside = station.item(0, place(16, 0, 60, 20))
    station.send(dialect.MAVLink_command_int_message(1, 1, 6, 192, 0, 0, -1, 1, 0, 0, outside.x, outside.y, 20))
    answer = station.run(1.0, until=lambda m: m.get_type() == "COMMAND_ACK" and m.command == 192)
    assert answer.result == FAILED
    station.send(
        dialect.MAVLink_set_position_target_global_int_message(0, 1, 1, 6, 0xDC7, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0)
    )
    station.run(40.0, until=lambda m: m.get_type() == "STATUSTEXT" and "breached" in m.text)
    assert station.craft.mode == RTL
    assert "Polygon fence breached" in station.texts()


def test_without_a_station_it_returns_only_when_told_to() -> None:
    station = start(ready())
    station.run(20.0)
    station.beats = False
    station.run(15.0)
    assert station.craft.mode == AUTO  # FS_GCS_ENABLE is 0 by default
    station.craft.params.set("FS_GCS_ENABLE", 1)
    station.beats = True
    station.run(2.0)
    station.beats = False
    station.run(7.0)
    assert station.craft.mode == RTL and "GCS Failsafe" in station.texts()
    station.beats = True
    station.run(2.0)
    assert station.craft.mode == RTL and "GCS Failsafe Cleared" in station.texts()


@pytest.mark.parametrize(("volts", "mode", "words"), [(20.8, RTL, "is low"), (20.0, LAND, "is critical")])
def test_a_low_battery_returns_and_a_critical_one_lands(volts: float, mode: int, words: str) -> None:
    station = start(ready(faults=Faults(battery_volts=(40.0, volts))))
    station.run(60.0)
    assert station.craft.mode == mode
    assert any(words in text for text in station.texts())
    assert station.command(400, 0) == [FAILED]


def test_without_gps_it_lands_and_will_not_return() -> None:
    station = start(ready(faults=Faults(no_gps=(30.0, 60.0))))
    station.run(45.0)
    assert station.craft.mode == LAND
    assert "EKF Failsafe: changed to LAND Mode" in station.texts()
    assert station.command(176, 1, RTL) == [FAILED]
    assert "Mode change to RTL failed: requires position" in station.texts()


def test_parameters_are_plain_numbers_and_unknown_names_get_no_answer() -> None:
    station = ready()
    station.send(dialect.MAVLink_param_request_list_message(1, 1))
    station.run(2.0)
    listed = station.of("PARAM_VALUE")
    assert len(listed) == listed[0].param_count >= 80
    assert {m.param_index for m in listed} == set(range(len(listed)))
    before = len(listed)
    station.send(dialect.MAVLink_param_set_message(1, 1, b"FS_GCS_ENABLE", 1.0, 9))
    station.run(0.2)
    answer = station.of("PARAM_VALUE")[-1]
    assert (answer.param_id, answer.param_value, answer.param_type) == ("FS_GCS_ENABLE", 1.0, 2)
    station.send(dialect.MAVLink_param_request_read_message(1, 1, b"NO_SUCH_PARAM", -1))
    station.run(0.5)
    assert len(station.of("PARAM_VALUE")) == before + 1


def test_streams_are_silent_until_asked_for() -> None:
    station = ready()
    station.run(10.0)
    assert {m.get_type() for _, m in station.heard} == {"HEARTBEAT", "STATUSTEXT"}
    station.send(dialect.MAVLink_request_data_stream_message(1, 1, 6, 4, 1))
    station.run(10.0)
    assert len(station.of("GLOBAL_POSITION_INT")) == pytest.approx(40, abs=1)
    station.command(511, 33, -1)
    count = len(station.of("GLOBAL_POSITION_INT"))
    station.run(5.0)
    assert len(station.of("GLOBAL_POSITION_INT")) == count
    assert station.command(512, 148) == [ACCEPTED]
    assert station.of("AUTOPILOT_VERSION")


def test_another_day_is_another_day_and_the_same_seed_the_same() -> None:
    def flight(seed: int) -> list[float]:
        station = start(ready(with_world=True, seed=seed))
        station.run(60.0)
        return [m.value for m in station.of("NAMED_VALUE_FLOAT")]

    assert flight(5) == flight(5)
    assert flight(5) != flight(6)


def test_a_clock_of_microseconds_in_32_bits_wraps_after_71_minutes() -> None:
    station = ready()
    station.command(511, 36, 100_000)
    station.vehicle.craft.boot_s -= 4300.0
    station.run(1.0)
    last = station.of("SERVO_OUTPUT_RAW")[-1].time_usec
    assert 0 < last < 300_000_000
