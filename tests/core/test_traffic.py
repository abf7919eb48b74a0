"""Other aircraft: from the bytes of a receiver to who is around, how close they come, and what is left out."""

import math
import struct
from dataclasses import replace

import pytest

from dronesampler.clock import FakeClock
from dronesampler.events import Moved, Stamp, TrafficSeen, TrafficSource
from dronesampler.flight.traffic import KEPT_S, MOST, Closeness, Neighbour, Traffic
from dronesampler.geo import LocalFrame
from dronesampler.mavlink.dialect import Message
from dronesampler.mavlink.station import Station
from dronesampler.mavlink.translate import Translator
from dronesampler.simulator.traffic import CALLSIGN, HELICOPTER_M_S, HELICOPTER_UP_M
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings

HOME = (35.712, 116.489)
GROUND_M = 40.0


def stamp(now_s: float) -> Stamp:
    return Stamp(now_s, 1_790_000_000.0 + now_s)


def own(*, up_m: float = 60.0, east_m_s: float = 0.0) -> Moved:
    velocity = {"velocity_north_m_s": 0.0, "velocity_east_m_s": east_m_s, "velocity_down_m_s": 0.0}
    heights = {"height_home_m": up_m, "height_sea_m": GROUND_M + up_m}
    return Moved(stamp(0.0), *HOME, **heights, **velocity, heading_deg=0.0)


def seen(east_m: float, north_m: float, *, now_s: float = 0.0, key: str = "A", **told: object) -> TrafficSeen:
    lat, lon = LocalFrame(*HOME).to_lat_lon(east_m, north_m)
    given = {"height_sea_m": 120.0, "track_deg": 90.0, "speed_m_s": 50.0, **told}
    return TrafficSeen(stamp(now_s), TrafficSource.ADSB, key, lat_deg=float(lat), lon_deg=float(lon), **given)


def only(event: TrafficSeen, *, now_s: float = 0.0, mine: Moved | None = None) -> Neighbour:
    (one,) = Traffic().after(event).around(mine or own(), now_s)
    return one


def flown(seconds: float, *, traffic: int) -> tuple[Traffic, list[TrafficSeen]]:
    """What a station hears of the simulated sky, by its bytes."""
    vehicle = SimulatedVehicle(VehicleSettings(*HOME, ground_amsl_m=GROUND_M, traffic=traffic), start_s=0.0)
    clock = FakeClock()
    station = Station(clock)
    heard: list[TrafficSeen] = []
    for tick in range(int(seconds * 20)):
        for frame in vehicle.step(tick / 20):
            heard += [event for event in station.receive(frame).said if isinstance(event, TrafficSeen)]
        clock.advance(0.05)
    return station.traffic, heard


def test_the_bytes_of_both_kinds_become_aircraft() -> None:
    table, heard = flown(5.0, traffic=2)
    around = {one.source: one for one in table.around(own(), heard[-1].at.monotonic_s)}
    assert set(around) == set(TrafficSource)
    plane, drone = around[TrafficSource.ADSB], around[TrafficSource.REMOTE_ID]
    assert (plane.name, plane.track_deg, plane.speed_m_s, plane.simulated) == (CALLSIGN, 90.0, HELICOPTER_M_S, True)
    assert plane.above_m == pytest.approx(HELICOPTER_UP_M - 60.0)
    assert drone.name == "SIM-RID-0001" and drone.distance_m == pytest.approx(380.0, abs=12.0)
    assert drone.above_m == pytest.approx(0.0, abs=0.5) and drone.speed_m_s == pytest.approx(9.0)
    assert any(event.lat_deg is None for event in heard), "a name comes without a place"


def test_no_traffic_is_sent_unless_asked_for() -> None:
    assert flown(3.0, traffic=0)[1] == []


@pytest.mark.parametrize(
    ("event", "closeness"),
    [
        (seen(-2500.0, 100.0), Closeness.CLOSE),
        (seen(-2500.0, 900.0), Closeness.WATCH),
        (seen(2500.0, 100.0), Closeness.WATCH),  # it flies away
        (seen(-2500.0, 100.0, height_sea_m=1200.0), Closeness.FAR),
        (seen(-2500.0, 100.0, height_sea_m=None), Closeness.CLOSE),  # nobody knows how high: it may be ours
        (seen(-20_000.0, 0.0), Closeness.FAR),
        (seen(-1000.0, 0.0, track_deg=None, speed_m_s=None), Closeness.WATCH),
        (seen(-2500.0, 100.0, height_sea_m=500.0, climb_m_s=-10.0), Closeness.CLOSE),
    ],
)
def test_how_close_it_will_come(event: TrafficSeen, closeness: Closeness) -> None:
    assert only(event).closeness is closeness


def test_the_closest_approach_is_that_of_both_in_straight_lines() -> None:
    one = only(seen(-1000.0, 300.0, speed_m_s=40.0), mine=own(east_m_s=-10.0))
    assert one.in_s == pytest.approx(1000.0 / 50.0, rel=1e-3)
    assert one.closest_m == pytest.approx(300.0, rel=1e-3)
    assert one.distance_m == pytest.approx(math.hypot(1000.0, 300.0), rel=1e-3)


def test_an_old_place_is_thought_on_along_its_track() -> None:
    one = only(seen(-1000.0, 0.0), now_s=10.0)
    assert one.age_s == 10.0
    assert one.distance_m == pytest.approx(500.0, rel=1e-2)


def test_the_silent_are_forgotten_and_the_pressing_come_first() -> None:
    table = Traffic().after(seen(9000.0, 0.0, key="far")).after(seen(-2000.0, 0.0, key="close", now_s=30.0))
    assert [one.name for one in table.around(own(), 31.0)] == ["close", "far"]
    assert [one.name for one in table.around(own(), KEPT_S + 5.0)] == ["close"]
    assert len(table.after(seen(0.0, 0.0, key="new", now_s=KEPT_S + 40.0)).seen) == 1


def test_a_crowded_sky_is_cut_to_the_nearest() -> None:
    table = Traffic()
    for k in range(3 * MOST):
        table = table.after(seen(5000.0 + 100.0 * k, 0.0, key=str(k)))
    around = table.around(own(), 1.0)
    assert len(around) == MOST and around[0].name == "0"


def test_without_our_own_place_they_are_shown_all_the_same() -> None:
    (one,) = Traffic().after(seen(0.0, 500.0)).around(None, 0.0)
    assert one.distance_m is None and one.closeness is Closeness.WATCH


def location(**fields: object) -> Message:
    told = {
        "id_or_mac": bytes([7] * 6).ljust(20, b"\0"),
        "latitude": 357120000,
        "longitude": 1164890000,
        "altitude_barometric": -1000.0,
        "altitude_geodetic": 100.0,
        "direction": 4500,
        "speed_horizontal": 800,
        "speed_vertical": -100,
        **fields,
    }
    return Message("OPEN_DRONE_ID_LOCATION", 1, 236, told)


def test_what_remote_id_does_not_know_is_not_known() -> None:
    unknown = {"direction": 36_100, "speed_horizontal": 25_500, "speed_vertical": 6_300, "altitude_geodetic": -1000.0}
    (event,) = Translator(1).translate(location(**unknown), stamp(0.0))
    assert isinstance(event, TrafficSeen)
    assert (event.track_deg, event.speed_m_s, event.climb_m_s, event.height_sea_m) == (None, None, None, None)
    (told,) = Translator(1).translate(location(), stamp(0.0))
    assert isinstance(told, TrafficSeen)
    assert (told.track_deg, told.speed_m_s, told.climb_m_s, told.height_sea_m) == (45.0, 8.0, -1.0, 100.0)
    (nowhere,) = Translator(1).translate(location(latitude=0, longitude=0), stamp(0.0))
    assert isinstance(nowhere, TrafficSeen) and nowhere.lat_deg is None


def test_our_own_remote_id_is_no_traffic_and_another_systems_is() -> None:
    own_words = location(id_or_mac=bytes(20))
    assert Translator(1).translate(own_words, stamp(0.0)) == []
    assert len(Translator(1).translate(replace(own_words, system=9), stamp(0.0))) == 1


@pytest.mark.parametrize(
    ("part", "speed_m_s", "track_deg"),
    [((0x20, 90, 40), 10.0, 90.0), ((0x23, 10, 100), 138.75, 190.0), ((0x21, 181, 255), None, None)],
)
def test_a_packed_location_has_two_ranges_of_speed_and_direction(
    part: tuple[int, int, int], speed_m_s: float | None, track_deg: float | None
) -> None:
    body = bytes([0x12, *part, 0]) + struct.pack("<iiHHH", 357120000, 1164890000, 0, 2300, 0) + bytes(6)
    fields = {"id_or_mac": bytes([1] * 20), "single_message_size": 25, "msg_pack_size": 1, "messages": body.ljust(225)}
    (event,) = Translator(1).translate(Message("OPEN_DRONE_ID_MESSAGE_PACK", 1, 236, fields), stamp(0.0))
    assert isinstance(event, TrafficSeen)
    assert (event.speed_m_s, event.track_deg, event.height_sea_m) == (speed_m_s, track_deg, 150.0)


def test_a_pack_of_another_size_is_passed_over() -> None:
    fields = {"id_or_mac": bytes([1] * 20), "single_message_size": 30, "msg_pack_size": 1, "messages": bytes(225)}
    assert Translator(1).translate(Message("OPEN_DRONE_ID_MESSAGE_PACK", 1, 236, fields), stamp(0.0)) == []
