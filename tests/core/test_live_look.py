"""What is suspected while the flight goes on: judged in another process, told, journaled, and never in the way."""

import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import live_work
from attribution_patrol import BYPASS, FRAME, INSTRUMENT, PERMITTED, Patrol, patrol

from dronesampler.clock import FakeClock, SystemClock
from dronesampler.commands import MarkSighting
from dronesampler.desk.live_look import live_work as work_over
from dronesampler.events import BatteryReported, HomeMoved, LandedReported, Moved, Stamp
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mission import Command
from dronesampler.park import Park
from dronesampler.sampler.profile import Profile
from dronesampler.session.client import Suspects
from dronesampler.session.feed import LiveReading, Told
from dronesampler.session.live_look import GAVE_UP, MOST_FAILURES, LiveLook, Work, suspects_note
from dronesampler.session.session import Session, SessionOrder
from dronesampler.store import Store
from dronesampler.store.records import WindRow

PATIENCE_S = 120.0  # of the wall, for a loaded computer
PROFILE = Profile("test", t90_s=INSTRUMENT.t90_s, noise_mg_m3=INSTRUMENT.noise_mg_m3)


def at(s: float) -> Stamp:
    return Stamp(s, 1_800_000_000.0 + s)


def flying(p: Patrol, *, in_air: bool = True, battery_percent: float = 60.0) -> Vehicle:
    """An aircraft over the last place of the patrol."""
    lat, lon = float(p.readings.lat_deg[-1]), float(p.readings.lon_deg[-1])
    home = tuple(float(v) for v in FRAME.to_lat_lon(200.0, -20.0))
    vehicle = Vehicle(connected=True, armed=in_air)
    for event in (
        Moved(at(1.0), lat, lon, 20.0, 60.0, 0.0, 0.0, 0.0, 0.0),
        BatteryReported(at(1.0), 24.0, 12.0, battery_percent, None),
        HomeMoved(at(1.0), Place(home[0], home[1], 40.0, HeightReference.SEA)),
        LandedReported(at(1.0), in_air),
    ):
        vehicle = vehicle.after(event)
    return vehicle


def park_of(p: Patrol) -> Park:
    corners = ((-40.0, -40.0), (440.0, -40.0), (440.0, 480.0), (-40.0, 480.0))
    ring = tuple((float(a), float(b)) for a, b in (FRAME.to_lat_lon(x, y) for x, y in corners))
    return Park("live", Polygon(ring), outlets=p.outlets, simulated=True)


def told_of(p: Patrol) -> tuple[deque[LiveReading], list[WindRow]]:
    r, w = p.readings, p.wind
    rows = zip(r.time_s, r.lat_deg, r.lon_deg, r.height_agl_m, r.value_mg_m3, strict=True)
    readings = [LiveReading(k, *map(float, row), quantity="NMHC", ok=True) for k, row in enumerate(rows)]
    winds = zip(w.time_s, w.from_deg, w.speed_m_s, w.height_agl_m, strict=True)
    return deque(readings), [WindRow(*map(float, row), source="vehicle") for row in winds]


@pytest.fixture(scope="module")
def flown() -> Patrol:
    return patrol((PERMITTED, BYPASS))


@pytest.fixture
def looking() -> Iterator[Callable[..., LiveLook]]:
    made: list[LiveLook] = []

    def make(work: Work, clock: FakeClock, **more: float) -> LiveLook:
        made.append(LiveLook(work, clock, **more))
        return made[-1]

    yield make
    for look in made:
        look.close()


def answer(look: LiveLook, vehicle: Vehicle, readings: deque[LiveReading]) -> Suspects:
    """Look again and again until there is something to tell."""
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        told = look.look(vehicle, readings, simulated=True)
        if told is not None:
            return told
        time.sleep(0.01)
    raise AssertionError("nothing was told")


def test_a_place_is_told_in_flight_with_a_look_that_fits_the_battery(
    flown: Patrol, looking: Callable[..., LiveLook]
) -> None:
    readings, winds = told_of(flown)
    look = looking(work_over(park_of(flown), PROFILE), FakeClock())
    look.note(winds)
    vehicle = flying(flown)
    told = answer(look, vehicle, readings)
    assert told.trouble is None
    assert (told.number, told.readings, told.simulated) == (1, len(readings), True)
    (suspect,) = told.suspected
    x, y = FRAME.to_xy(suspect.lat_deg, suspect.lon_deg)
    assert math.hypot(x - BYPASS[0], y - BYPASS[1]) < 40.0
    assert told.look is not None and told.no_look is None
    assert told.look.battery_percent is not None and told.look.battery_percent <= 60.0 - 25.0
    commands = [i.command for i in told.look.mission.items]
    assert Command.TAKEOFF not in commands and commands[-1] == Command.RETURN
    assert look.latest is told
    note = suspects_note(told)
    assert note["number"] == 1 and len(note["places"]) == 1  # type: ignore[arg-type]


def test_on_the_ground_and_with_nothing_new_nothing_is_asked(flown: Patrol, looking: Callable[..., LiveLook]) -> None:
    readings, _ = told_of(flown)
    clock = FakeClock()
    look = looking(live_work.raises, clock)
    for _ in range(5):
        assert look.look(flying(flown, in_air=False), readings, simulated=True) is None
    assert answer(look, flying(flown), readings).number == 1
    for _ in range(50):
        clock.advance(60.0)
        assert look.look(flying(flown), readings, simulated=True) is None  # no new reading since


@pytest.mark.parametrize("work", [live_work.hangs, live_work.dies])
def test_an_analysis_that_fails_is_told_once_and_given_up_in_words(
    flown: Patrol, looking: Callable[..., LiveLook], work: Work
) -> None:
    readings, _ = told_of(flown)
    clock = FakeClock()
    look = looking(work, clock, patience_s=0.2)
    said = []
    for turn in range(MOST_FAILURES + 2):
        readings.append(readings[-1])
        clock.advance(600.0)
        if turn in (0, MOST_FAILURES - 1):
            said.append(answer(look, flying(flown), readings))
        elif turn < MOST_FAILURES:
            wait_until_idle(look, flying(flown), readings)
        else:
            assert look.look(flying(flown), readings, simulated=True) is None
    assert [s.trouble is not None for s in said] == [True, True]
    assert said[-1].trouble is not None and str(MOST_FAILURES) in said[-1].trouble.en
    assert said[-1].trouble.en.endswith(GAVE_UP.en[-20:])
    assert said[-1].suspected == ()


def wait_until_idle(look: LiveLook, vehicle: Vehicle, readings: deque[LiveReading]) -> None:
    """One analysis begins, fails, and is not told."""
    assert look.look(vehicle, readings, simulated=True) is None
    assert look.busy
    give_up_s = time.monotonic() + PATIENCE_S
    while look.busy and time.monotonic() < give_up_s:
        assert look.look(vehicle, readings, simulated=True) is None
        time.sleep(0.01)
    assert not look.busy


def session_with(look: LiveLook, store: Store, tmp_path: Path, heard: list[Told]) -> Session:
    order = SessionOrder("live", ("udpin:127.0.0.1:0",), tmp_path, simulated=True, preflight_needed=False)
    ports = PortsInUse(list(order.links), SystemClock())
    return Session(order, store, clock=SystemClock(), ports=ports, tell=heard.append, live_look=look)


def test_a_session_tells_and_journals_what_the_analysis_says(flown: Patrol, tmp_path: Path) -> None:
    readings, _ = told_of(flown)
    heard: list[Told] = []
    with Store.open(tmp_path, clock=SystemClock()) as store:
        look = LiveLook(live_work.raises, SystemClock())
        session = session_with(look, store, tmp_path, heard)
        assert look.look(flying(flown), readings, simulated=True) is None
        give_up_s = time.monotonic() + PATIENCE_S
        while not any(isinstance(told, Suspects) for told in heard) and time.monotonic() < give_up_s:
            session.turn()
        (told,) = (told for told in heard if isinstance(told, Suspects))
        assert told.trouble is not None and "no plume" in told.trouble.en
        assert session.hello().suspects == told  # for a window that comes later
        session.close()
        (entry,) = (entry for entry in store.journal(session.patrol.id) if entry.kind == "suspects")
    assert entry.body == suspects_note(told)


def test_a_session_with_a_hanging_analysis_goes_on_and_ends(flown: Patrol, tmp_path: Path) -> None:
    readings, _ = told_of(flown)
    with Store.open(tmp_path, clock=SystemClock()) as store:
        look = LiveLook(live_work.hangs, SystemClock())
        session = session_with(look, store, tmp_path, [])
        assert look.look(flying(flown), readings, simulated=True) is None
        session.hear(MarkSighting(1, SystemClock().monotonic_s() + 60.0, "officer", note="smoke"))
        for _ in range(20):
            session.turn(0.0)
        assert look.busy
        begun_s = time.monotonic()
        session.close()
        assert time.monotonic() - begun_s < PATIENCE_S
        kinds = [entry.kind for entry in store.journal(session.patrol.id)]
    assert "sighting" in kinds


def test_one_instrument_is_looked_at_and_not_another_that_measures_the_same(
    flown: Patrol, looking: Callable[..., LiveLook]
) -> None:
    """A second one with another zero, read less often, and warming up half of the time."""
    readings = deque(replace(r, instrument="first") for r in told_of(flown)[0])
    other = [replace(r, instrument="second", component="serial:COM5", value_mg_m3=50.0) for r in list(readings)[::2]]
    warming = [replace(r, instrument="third", component="serial:COM6", ok=False) for r in (*readings, *readings)]
    mixed = deque((*readings, *warming, *other))
    look = looking(live_work.largest, FakeClock())
    told = answer(look, flying(flown), mixed)
    assert told.readings == len(readings)
    assert told.words.en == "first"
    assert told.unix_s == max(r.value_mg_m3 for r in readings)


def test_an_analysis_that_cannot_be_sent_to_a_process_is_told(flown: Patrol, looking: Callable[..., LiveLook]) -> None:
    readings, _ = told_of(flown)
    look = looking(lambda flight: None, FakeClock())
    assert answer(look, flying(flown), readings).trouble is not None
