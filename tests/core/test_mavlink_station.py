"""The whole station: both directions on record, replay into the same code, several radios, signed links."""

from pathlib import Path

import pytest

from dronesampler.clock import FakeClock
from dronesampler.events import Event, GasReported, HeartbeatSeen, LinkLost, LinkMeasured, TextSaid
from dronesampler.mavlink import Draft, FrameReader, FrameWriter, RawLog, Signing, Station, decode, read_log

BEAT = Draft("HEARTBEAT", {"type": 2, "autopilot": 3, "base_mode": 81, "custom_mode": 4, "system_status": 3})
POSITION = Draft("GLOBAL_POSITION_INT", {"lat": 357120000, "lon": 1164890000, "alt": 55_000, "relative_alt": 15_000})
GAS = Draft("NAMED_VALUE_FLOAT", {"name": "NMHC", "value": 1.5, "time_boot_ms": 1000})


def sent_names(frames: tuple[bytes, ...]) -> list[str]:
    got = FrameReader().feed(b"".join(frames))
    return [m.name for f in got if (m := decode(f))]


def test_it_says_nothing_to_nobody_but_its_heartbeat() -> None:
    clock = FakeClock()
    station, sent = Station(clock), []
    for _ in range(100):
        clock.advance(0.05)
        sent += sent_names(station.tick().send)
    assert set(sent) == {"HEARTBEAT"}
    assert len(sent) == 5


def test_first_heartbeat_brings_streams_version_and_clock() -> None:
    clock = FakeClock()
    station = Station(clock)
    station.receive(FrameWriter(1, 1).frame(BEAT))
    clock.advance(0.05)
    names = sent_names(station.tick().send)
    assert "COMMAND_LONG" in names
    assert "TIMESYNC" in names
    assert station.vehicle.system_id == 1


def test_both_directions_are_on_record_and_replay_gives_the_same_vehicle(tmp_path: Path) -> None:
    clock = FakeClock()
    log = RawLog(tmp_path, clock)
    station, vehicle = Station(clock, log=log.write), FrameWriter(1, 1)
    said: list[Event] = []
    for n in range(40):
        clock.advance(0.25)
        for draft in (BEAT, POSITION) if n % 4 == 0 else (POSITION, GAS):
            said += station.receive(vehicle.frame(draft)).said
        station.tick()
    log.close()
    recorded = list(read_log(tmp_path))
    assert {entry.frame.system for entry in recorded} == {1, 255}
    again = Station(FakeClock())
    replayed: list[Event] = []
    for entry in recorded:
        if entry.frame.system == 1:
            replayed += again.receive(entry.frame.raw).said
    same = [type(e) for e in said if not isinstance(e, LinkMeasured)]
    assert [type(e) for e in replayed] == same
    assert again.vehicle.mode == station.vehicle.mode
    assert again.vehicle.height_home_m == station.vehicle.height_home_m


def test_two_radios_that_hear_one_vehicle_double_no_reading() -> None:
    clock, vehicle, logged = FakeClock(), FrameWriter(1, 1), []
    station = Station(clock, log=lambda frame, unix_s: logged.append(frame))
    gas = []
    for n in range(20):
        frames = vehicle.frame(BEAT) + vehicle.frame(GAS)
        for port in (0, 1) if n % 3 else (1, 0):
            gas += [e for e in station.receive(frames, port=port).said if isinstance(e, GasReported)]
        clock.advance(0.1)
    assert len(gas) == 20
    assert len(logged) == 80  # the record holds every frame of both


def test_frame_that_only_one_radio_heard_is_not_lost() -> None:
    station, vehicle = Station(FakeClock()), FrameWriter(1, 1)
    station.receive(vehicle.frame(BEAT), port=0)
    station.receive(vehicle.frame(BEAT), port=1)
    said = [*station.receive(vehicle.frame(GAS), port=1).said, *station.receive(vehicle.frame(GAS), port=0).said]
    assert len([e for e in said if isinstance(e, GasReported)]) == 2


def test_only_the_wanted_vehicle_is_bound() -> None:
    station = Station(FakeClock(), vehicle=7)
    station.receive(FrameWriter(1, 1).frame(BEAT))
    assert not station.vehicle.connected
    station.receive(FrameWriter(7, 1).frame(BEAT))
    assert station.vehicle.system_id == 7


def test_other_ground_stations_are_seen() -> None:
    station = Station(FakeClock())
    station.receive(FrameWriter(254, 190).frame(Draft("HEARTBEAT", {"type": 6, "autopilot": 8})))
    assert station.other_stations == {(254, 190)}


def test_signed_link_speaks_and_hears_signed_only() -> None:
    clock = FakeClock()
    station = Station(clock, signing=Signing(b"k" * 32))
    said = station.receive(FrameWriter(1, 1).frame(BEAT)).said
    assert said == ()
    signing = Signing(b"k" * 32)
    signing.catch_up(clock.unix_s())
    said = station.receive(FrameWriter(1, 1, signing).frame(BEAT)).said
    assert any(isinstance(e, HeartbeatSeen) for e in said)
    (beat,) = [f for f in FrameReader().feed(b"".join(station.tick().send)) if f.message_id == 0]
    assert beat.signed
    assert Signing(b"k" * 32).accepts(beat)
    assert station.signing_ticks is not None


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0])
def test_wall_clock_that_is_set_disturbs_nothing(step_s: float) -> None:
    clock, vehicle = FakeClock(), FrameWriter(1, 1)
    station = Station(clock)
    said: list[Event] = []
    for n in range(100):
        clock.advance(0.1)
        if n == 50:
            clock.step(step_s)
        if n % 10 == 0:
            said += station.receive(vehicle.frame(BEAT)).said
        said += station.tick().said
    assert not [e for e in said if isinstance(e, LinkLost)]


def test_fast_simulation_does_not_lose_the_link_by_a_hiccup() -> None:
    class Fast(FakeClock):
        factor = 25.0

    clock = Fast()
    station = Station(clock)
    station.receive(FrameWriter(1, 1).frame(BEAT))
    clock.advance(4.0)  # 0.16 s of the wall
    assert not [e for e in station.tick().said if isinstance(e, LinkLost)]
    clock.advance(4.0)
    assert [e for e in station.tick().said if isinstance(e, LinkLost)]


def test_rebooted_vehicle_is_asked_for_its_streams_again() -> None:
    clock, vehicle = FakeClock(), FrameWriter(1, 1)
    station = Station(clock)
    ack = Draft("COMMAND_ACK", {"command": 511, "result": 0})
    sent: list[str] = []

    def second(boot_ms: int) -> None:
        for draft in (BEAT, Draft(POSITION.name, {**POSITION.fields, "time_boot_ms": boot_ms})):
            station.receive(vehicle.frame(draft))
        for _ in range(20):
            clock.advance(0.05)
            names = sent_names(station.tick().send)
            sent.extend(names)
            for _ in range(names.count("COMMAND_LONG")):
                station.receive(vehicle.frame(ack))

    for n in range(40):
        second(100_000 + 1000 * n)
    sent.clear()
    for n in range(4):
        second(140_000 + 1000 * n)
    assert sent.count("COMMAND_LONG") <= 2  # what is promised and never comes, now and then
    second(1_500)
    second(2_500)
    assert sent.count("COMMAND_LONG") > 5


def test_events_of_a_rebooted_vehicle_are_new_though_their_numbers_are_old() -> None:
    clock, vehicle = FakeClock(), FrameWriter(1, 1)
    station = Station(clock)

    def told(sequence: int, boot_ms: int) -> int:
        """How many words come of a failsafe's event with that number."""
        station.receive(vehicle.frame(Draft(POSITION.name, {**POSITION.fields, "time_boot_ms": boot_ms})))
        fields = {"id": 0x01DEDBD0, "sequence": sequence, "log_levels": 0x33}
        clock.advance(0.1)
        frame = vehicle.frame(Draft("EVENT", {**fields, "event_time_boot_ms": boot_ms, "arguments": [0] * 40}))
        return sum(isinstance(e, TextSaid) for e in station.receive(frame).said)

    station.receive(vehicle.frame(BEAT))
    assert told(20, 100_000) == 1
    assert told(20, 100_100) == 0  # told again
    assert told(3, 1_500) == 1


def test_commands_wait_as_long_as_the_link_takes() -> None:
    clock, vehicle = FakeClock(), FrameWriter(1, 1)
    station = Station(clock)
    station.receive(vehicle.frame(BEAT))
    assert station.commander.round_trip_s == pytest.approx(0.1)
    for _ in range(20):
        clock.advance(0.5)
        for frame in FrameReader().feed(b"".join(station.tick().send)):
            message = decode(frame)
            if message is not None and message.name == "TIMESYNC":
                asked = message["ts1"]
                clock.advance(1.5)
                answer = {"tc1": 1, "ts1": asked, "target_system": 255, "target_component": 190}
                station.receive(vehicle.frame(BEAT))
                station.receive(vehicle.frame(Draft("TIMESYNC", answer)))
    station.tick()
    assert station.commander.round_trip_s == pytest.approx(1.5)


@pytest.mark.parametrize(("lat", "lon"), [(-1_761_607_680, 1_258_290_944), (357_120_000, 2_000_000_000)])
def test_a_home_that_is_nowhere_on_the_earth_is_no_home(lat: int, lon: int) -> None:
    vehicle, station = FrameWriter(1, 1), Station(FakeClock())
    station.receive(vehicle.frame(BEAT))
    assert station.receive(vehicle.frame(Draft("HOME_POSITION", {"latitude": lat, "longitude": lon}))).said == ()
    assert station.vehicle.home is None
