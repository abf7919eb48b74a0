"""Each fault of the simulated vehicle does what it says, on both autopilots where it can."""

from itertools import pairwise

import pytest

from dronesampler.problems import BadInput
from dronesampler.simulator.faults import Faults
from dronesampler.simulator.wire import dialect
from tests.flight.sim_station import Item, Station, place

ACCEPTED, ERROR, NO_SPACE = 0, 1, 4
ITEMS: list[Item] = [place(16, 0, -215, 0, frame=0), *(place(16, 10 * k, 0, 20) for k in range(1, 8))]
BOTH = pytest.mark.parametrize("personality", ["ardupilot", "px4"])


def ready(personality: str, **faults: object) -> Station:
    station = Station(personality=personality, faults=Faults(**faults))  # type: ignore[arg-type]
    station.run(4.0)
    return station


@BOTH
def test_a_reboot_in_the_middle_forgets_the_upload(personality: str) -> None:
    station = ready(personality, reboot_at_item=4)
    assert station.upload(ITEMS, seconds=10) is None
    assert station.vehicle.craft.boot_s > 1_800_000_003.0
    kept = len(station.craft.shelf.items(0))
    assert kept == (4 if personality == "ardupilot" else 0)
    station.run(10.0)
    assert station.upload(ITEMS) == ACCEPTED


@BOTH
def test_the_last_acknowledgement_can_be_lost_though_all_is_stored(personality: str) -> None:
    station = ready(personality, lose_final_acks=1)
    assert station.upload(ITEMS, seconds=6) is None
    assert len(station.craft.shelf.items(0)) == len(ITEMS)
    assert len(station.download()) == len(ITEMS)


@BOTH
def test_a_wrong_sequence_is_asked_for_once(personality: str) -> None:
    station = ready(personality, wrong_sequence_at=3)
    assert station.upload(ITEMS) == ACCEPTED
    asked = [m.seq for m in (*station.of("MISSION_REQUEST"), *station.of("MISSION_REQUEST_INT"))]
    assert sorted(set(asked)) == list(range(len(ITEMS)))
    assert [m.z for m in station.download()[1:]] == [20.0] * (len(ITEMS) - 1)


@BOTH
def test_a_second_station_in_the_middle_is_turned_away(personality: str) -> None:
    station = ready(personality, intruder_at_item=3)
    assert station.upload(ITEMS) == ACCEPTED
    turned_away = [m.type for m in station.of("MISSION_ACK") if m.target_system == 254]
    assert turned_away == ([14, 14, 1] if personality == "ardupilot" else [ERROR])


@BOTH
def test_a_second_station_after_the_upload_replaces_the_plan(personality: str) -> None:
    station = ready(personality, intruder_after_upload=True)
    assert station.upload(ITEMS) == ACCEPTED
    assert len(station.download()) == 3


@BOTH
def test_a_full_store_says_so(personality: str) -> None:
    station = ready(personality, storage_items=5)
    assert station.upload(ITEMS) == NO_SPACE
    assert station.upload(ITEMS[:5]) == ACCEPTED


@BOTH
def test_silence_is_silence_both_ways(personality: str) -> None:
    station = ready(personality, silent=(10.0, 20.0))
    station.run(6.5)
    count = len(station.heard)
    station.send(dialect.MAVLink_mission_clear_all_message(1, 1, 0))
    station.run(19.0)
    assert len(station.heard) == count
    station.run(3.0)
    assert len(station.heard) > count
    assert not station.of("MISSION_ACK")


def test_its_clock_can_jump() -> None:
    station = ready("ardupilot", clock_step=(20.0, -86_400.0))
    station.stream(2, hz=1)
    station.run(30.0)
    times = [m.time_unix_usec / 1e6 for m in station.of("SYSTEM_TIME")]
    steps = [b - a for a, b in pairwise(times)]
    assert min(steps) == pytest.approx(-86_399.0, abs=0.2)
    assert sorted(steps)[1] == pytest.approx(1.0, abs=0.2)


def test_garbage_between_the_frames_is_passed_over() -> None:
    station = ready("ardupilot", garbage=(0.0, 100.0))
    assert station.upload(ITEMS) == ACCEPTED
    assert len(station.download()) == len(ITEMS)


def test_faults_are_read_from_words() -> None:
    assert Faults.read(["silent=30,10", "storage-items=5"]) == Faults(silent=(30.0, 10.0), storage_items=5)
    assert Faults.read([]) == Faults()
    with pytest.raises(BadInput):
        Faults.read(["slow=1"])
    with pytest.raises(BadInput):
        Faults.read(["silent=ten"])
