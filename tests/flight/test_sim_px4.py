"""The simulated PX4 multirotor: its traps, its missions and its failsafes."""

import math
import struct

import pytest

from dronesampler.simulator.faults import Faults
from dronesampler.simulator.wire import dialect
from tests.flight.sim_station import Item, Station, action, place

ROUTE: list[Item] = [
    place(22, 0, -215, 20, frame=6),
    action(178, 1, 6, -1),
    place(16, -100, -150, 20, frame=6),
    place(16, 100, -150, 25, hold_s=3, frame=6),
    action(187, 0.9, math.nan, math.nan, math.nan),
    action(93, 5, -1, -1, -1),
    place(16, 100, -100, 15, frame=6),
    action(20),
]
AUTO, TAKEOFF, LOITER, MISSION, RTL, LAND = 4, 2, 3, 4, 5, 6
ACCEPTED, REJECTED, DENIED, UNSUPPORTED, FAILED = 0, 1, 2, 3, 4


def mode(sub: int) -> int:
    return AUTO << 16 | sub << 24


def ready(**options: object) -> Station:
    station = Station(personality="px4", **options)  # type: ignore[arg-type]
    station.run(4.0)
    return station


def start(station: Station, items: list[Item] = ROUTE) -> Station:
    assert station.upload(items) == ACCEPTED
    assert station.command(400, 1) == [ACCEPTED]
    assert station.command(300) == [ACCEPTED]
    return station


def hover(station: Station, height_m: float = 20.0) -> Station:
    amsl = station.craft.ground_amsl_m + height_m
    assert station.command(22, 0, 0, 0, math.nan, math.nan, math.nan, amsl) == [ACCEPTED]
    assert station.command(400, 1) == [ACCEPTED]
    station.run(25.0)
    assert station.craft.mode == mode(LOITER)
    assert station.craft.body.z_m == pytest.approx(height_m, abs=0.7)
    return station


def test_a_mission_is_flown_in_order() -> None:
    station = start(ready())
    assert station.run(300, until=lambda m: m.get_type() == "STATUSTEXT" and "Disarmed" in m.text) is not None
    told = [m.seq for m in station.of("MISSION_ITEM_REACHED")]
    assert list(dict.fromkeys(told)) == [1, 2, 4, 5, 6, 7]  # 0 and 3 are lost to the actions that follow
    assert max(told.count(seq) for seq in set(told)) == 11  # once, and ten times again
    passed_on = [m.command for m in station.of("COMMAND_LONG")]
    assert passed_on.count(187) == 4 and passed_on.count(178) == 4 and passed_on.count(93) == 1
    said = station.texts()
    order = ["Executing Mission", "Takeoff detected", "Returning to launch", "RTL: land at destination"]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
    assert said[-2:] == ["Landing detected", "Disarmed by landing"]
    assert math.dist(station.craft.body.place[:2], station.craft.home_place(0.0)[:2]) < 3.0


def test_a_mode_has_two_answers_and_the_second_is_the_true_one() -> None:
    station = ready()
    assert station.command(176, 1, AUTO, MISSION) == [ACCEPTED, ACCEPTED]  # disarmed: anything goes
    assert station.command(400, 1) == [REJECTED]
    assert "Arming denied: Resolve system health failures first" in "".join(m.text for m in station.of("STATUSTEXT"))
    assert station.command(176, 1, AUTO, 77) == [ACCEPTED, REJECTED]
    assert "Unsupported auto mode" in station.texts()
    assert station.command(176, 1, AUTO, LOITER) == [ACCEPTED, ACCEPTED]
    hover(station)
    assert station.command(176, 1, AUTO, MISSION) == [ACCEPTED, REJECTED]
    assert station.craft.mode == mode(LOITER)


def test_a_reposition_height_is_above_the_sea_whatever_its_frame_says() -> None:
    station = hover(ready())
    x, y = station.item(0, ROUTE[2]).x, station.item(0, ROUTE[2]).y
    station.send(dialect.MAVLink_command_int_message(1, 1, 6, 192, 0, 0, -1, 1, 0, math.nan, x, y, 12.0))
    answer = station.run(1.0, until=lambda m: m.get_type() == "COMMAND_ACK" and m.command == 192)
    assert answer.result == ACCEPTED
    station.run(8.0)
    assert station.craft.body.z_m < 16.0  # on its way down to 12 m above the sea, far below the ground
    amsl = station.craft.ground_amsl_m + 30.0
    station.send(dialect.MAVLink_command_int_message(1, 1, 5, 192, 0, 0, -1, 1, 0, math.nan, x, y, amsl))
    station.run(40.0)
    assert station.craft.body.z_m == pytest.approx(30.0, abs=0.7)


def test_arming_in_mission_mode_starts_the_mission() -> None:
    station = ready()
    assert station.upload(ROUTE) == ACCEPTED
    assert station.command(176, 1, AUTO, MISSION) == [ACCEPTED, ACCEPTED]
    assert station.command(400, 1) == [ACCEPTED]
    station.run(10.0)
    assert station.craft.body.z_m > 5.0


def test_an_upload_is_stored_whole_or_not_at_all() -> None:
    station = ready()
    assert station.upload(ROUTE) == ACCEPTED
    number = _mission_id(station)
    assert station.upload([*ROUTE[:3], action(183, 9, 1500), *ROUTE[4:]]) == UNSUPPORTED
    assert [m.command for m in station.download()] == [item[0] for item in ROUTE]
    assert _mission_id(station) == number != 0
    assert station.upload(ROUTE[:3]) == ACCEPTED
    assert _mission_id(station) != number


def _mission_id(station: Station) -> int:
    """MISSION_CURRENT.mission_id, from the bytes: the library does not know the field."""
    numbers = []
    for _ in range(40):
        station.now_s += 0.1
        for frame in station.end.step(station.now_s):
            if int.from_bytes(frame[7:10], "little") == 42:
                payload = frame[10:-2].ljust(18, b"\0")
                numbers.append(struct.unpack("<HHBBIII", payload)[4])
    return int(numbers[-1])


def test_what_it_cannot_fly_is_accepted_and_then_rejected_by_event() -> None:
    station = ready()
    assert station.upload([ROUTE[0], action(112, 5), *ROUTE[2:]]) == ACCEPTED
    station.run(1.0)
    assert station.command(300) == [DENIED]
    assert "Mission start denied! No valid mission" in station.texts()


def test_integer_parameters_are_bytes_in_a_float() -> None:
    station = ready()
    seven = struct.unpack("<f", struct.pack("<i", 7))[0]
    station.send(dialect.MAVLink_param_set_message(1, 1, b"COM_DL_LOSS_T", seven, 6))
    station.run(0.2)
    assert station.craft.params["COM_DL_LOSS_T"] == 7
    station.send(dialect.MAVLink_param_set_message(1, 1, b"COM_DL_LOSS_T", 12.0, 6))
    station.run(0.2)
    assert station.craft.params["COM_DL_LOSS_T"] == 1_094_713_344  # the trap
    station.send(dialect.MAVLink_param_set_message(1, 1, b"COM_DL_LOSS_T", 12.0, 9))
    station.run(0.2)
    assert station.craft.params["COM_DL_LOSS_T"] == 1_094_713_344  # a wrong type changes nothing
    station.send(dialect.MAVLink_param_request_list_message(1, 1))
    station.run(2.0)
    assert station.of("PARAM_VALUE")[-1].param_id == "_HASH_CHECK"


def test_a_lost_station_holds_for_five_seconds_and_then_returns() -> None:
    station = start(ready())
    station.craft.params.set("NAV_DLL_ACT", 2)
    station.run(25.0)
    station.beats = False
    station.run(12.0)
    assert station.craft.mode == mode(LOITER) and station.vehicle.who.intended_mode == mode(MISSION)
    assert not any("Failsafe" in text for text in station.texts())  # texts wait for the station's heartbeat
    station.run(5.0)
    assert station.craft.mode == mode(RTL)
    station.beats = True
    station.run(2.0)
    assert station.craft.mode == mode(RTL) and "GCS connection regained" in station.texts()
    assert "Failsafe activated: entering Hold for 5 seconds" in "".join(m.text for m in station.of("STATUSTEXT"))
    assert station.command(176, 1, AUTO, MISSION) == [ACCEPTED, ACCEPTED]
    assert station.craft.mode == mode(MISSION)


def test_when_the_position_is_back_it_goes_on_by_itself() -> None:
    station = start(ready(faults=Faults(no_gps=(30.0, 12.0))))
    station.run(33.0)
    assert station.craft.mode == mode(LAND)
    assert station.command(176, 1, AUTO, RTL) == [ACCEPTED, REJECTED]
    station.run(8.0)
    assert station.craft.mode == mode(MISSION)


def test_an_emptying_battery_warns_then_holds_and_returns() -> None:
    station = start(ready(faults=Faults(battery_left=(30.0, 0.065))))
    station.run(27.0)
    assert station.craft.mode == mode(LOITER)
    assert "Critical battery" in station.texts()
    station.run(5.0)
    assert station.craft.mode == mode(RTL)


def test_an_orbit_is_round() -> None:
    station = hover(ready())
    middle = station.item(0, place(16, 60, -150, 0))
    head = (1, 1, 5, 34, 0, 0, 20.0, 4.0, 0, math.nan)
    amsl = station.craft.ground_amsl_m + 20.0
    station.send(dialect.MAVLink_command_int_message(*head, middle.x, middle.y, amsl))
    station.run(40.0)
    far = []
    for _ in range(30):
        station.run(1.0)
        far.append(math.dist(station.craft.body.place[:2], (60.0, -150.0)))
    assert 18.0 < min(far) <= max(far) < 22.0


def test_wind_comes_as_north_and_east_to_where_it_blows() -> None:
    station = ready(with_world=True)
    start(station)
    station.run(60.0)
    assert station.world is not None
    east, north = station.world.wind.toward_at(station.now_s - 5.0, 20.0)
    told = station.of("WIND_COV")[-5:]
    assert math.copysign(1, told[-1].wind_x) == math.copysign(1, north)
    assert math.copysign(1, told[-1].wind_y) == math.copysign(1, east)
    mean = math.hypot(sum(m.wind_x for m in told) / 5, sum(m.wind_y for m in told) / 5)
    assert mean == pytest.approx(math.hypot(east, north), rel=0.5)
