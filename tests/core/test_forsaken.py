"""When a live session whose window died may end by itself."""

from dataclasses import replace

import pytest

from dronesampler.clock import FakeClock
from dronesampler.desk.live import LEFT_ALONE_S, LEFT_ARMED_S, forsaken
from dronesampler.mavlink.station import Station


def left_for(seconds: float, *, armed: bool, silent_s: float) -> bool:
    clock = FakeClock()
    station = Station(clock, announced_s=30.0)
    station.heartbeat.operator_seen(clock.monotonic_s())
    clock.sleep(seconds)
    heard_s = clock.monotonic_s() - silent_s
    station.vehicle = replace(station.vehicle, connected=True, armed=armed, heartbeat_s=heard_s)
    return forsaken(station, clock)


@pytest.mark.parametrize("armed", [False, True])
def test_a_window_may_die_and_come_back(armed: bool) -> None:
    assert not left_for(LEFT_ALONE_S - 1.0, armed=armed, silent_s=LEFT_ALONE_S)


def test_nobody_and_nothing_to_watch_ends_it() -> None:
    assert left_for(LEFT_ALONE_S + 1.0, armed=False, silent_s=0.5)


def test_an_armed_aircraft_that_is_heard_keeps_its_session() -> None:
    assert not left_for(100 * LEFT_ARMED_S, armed=True, silent_s=0.5)
    assert not left_for(LEFT_ARMED_S - 1.0, armed=True, silent_s=LEFT_ARMED_S)
    assert left_for(LEFT_ARMED_S + 1.0, armed=True, silent_s=LEFT_ARMED_S + 1.0)


def test_without_a_window_ever_it_waits_for_one() -> None:
    clock = FakeClock()
    station = Station(clock, announced_s=30.0)
    clock.sleep(100 * LEFT_ALONE_S)
    assert not forsaken(station, clock)
