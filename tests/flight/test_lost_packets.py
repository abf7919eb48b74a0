"""Nothing may hang on one packet: what a vehicle tells once, and what it is asked once, is asked for again."""

from dataclasses import replace

import pytest

from dronesampler.events import TextSaid
from dronesampler.mavlink import Ending
from dronesampler.mavlink.dialect import Message
from dronesampler.mavlink.frames import FrameReader
from dronesampler.mavlink.px4_event_gaps import MOST, TRIES, EventGaps
from dronesampler.session.readiness import Briefing, Readiness
from dronesampler.simulator.channel import Channel, ChannelSettings
from tests.flight.field import Field, short_mission

EVENT = 410


class LosesEvents(Channel):
    """Every event is lost as often as told; all else passes."""

    def __init__(self, times: int) -> None:
        super().__init__(ChannelSettings(), seed=1)
        self.times = times
        self.lost: dict[bytes, int] = {}

    def put(self, frame: bytes, now_s: float) -> None:
        for read in FrameReader().feed(frame):
            if read.message_id == EVENT:
                seen = self.lost.get(read.payload, 0)
                self.lost[read.payload] = seen + 1
                if seen < self.times:
                    return
        super().put(frame, now_s)


def refused_later() -> "tuple[Field, LosesEvents]":
    field = Field("px4")
    field.connect()
    field.fly(4.0)  # the number of the newest event has been told
    losing = LosesEvents(0)
    field._down = losing
    return field, losing


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_rejection_that_the_link_loses_is_still_a_rejection(times: int) -> None:
    field, losing = refused_later()
    good = short_mission()
    assert field.upload(good).ending is Ending.STORED
    losing.times = times
    takeoff, first, *rest = good.items
    outcome = field.upload(replace(good, items=(first, takeoff, *rest)))
    assert len(losing.lost) >= 1, "the vehicle told no event"
    assert outcome.ending is Ending.REFUSED
    assert "takeoff is not the first" in outcome.words
    assert outcome.restored is True
    said = [e.text for e in field.said if isinstance(e, TextSaid) and "takeoff is not the first" in e.text]
    assert len(said) == 1, "told once, however often it was sent"


def test_the_rejection_of_an_older_plan_that_comes_late_is_none_of_the_new_one() -> None:
    field, losing = refused_later()
    good = short_mission()
    takeoff, first, *rest = good.items
    losing.times = 1_000  # nothing told by event comes through
    assert field.upload(replace(good, items=(first, takeoff, *rest))).ending is Ending.STORED
    losing.times = 0
    assert field.upload(good).ending is Ending.STORED


def test_what_the_vehicle_does_on_link_loss_is_asked_for_until_it_is_known() -> None:
    field = Field("ardupilot")
    field.connect()
    readiness = Readiness(Briefing())
    field.deaf = True  # the link is away while all tries are made
    for wanted in (False, True):
        for _ in range(60):
            readiness.look(field.station, field.clock.monotonic_s(), held=None, free_minutes=None)
            field.do(field.station.tick())
            field.fly(1.0)
        known = "FS_GCS_ENABLE" in field.station.parameters.values
        assert known is wanted
        field.deaf = False


def event(sequence: int) -> Message:
    return Message("EVENT", 1, 1, {"sequence": sequence})


def newest(sequence: int, flags: int = 0) -> Message:
    return Message("CURRENT_EVENT_SEQUENCE", 1, 1, {"sequence": sequence, "flags": flags})


def asked(gaps: EventGaps, now_s: float) -> list[tuple[int, int]]:
    return [(d["first_sequence"], d["last_sequence"]) for d in gaps.tick(now_s)]


def test_gaps_are_asked_for_across_the_turn_of_the_counter() -> None:
    gaps = EventGaps()
    assert gaps.take(event(65_533))
    assert gaps.take(event(1))
    assert asked(gaps, 1.0) == [(65_534, 0)]
    assert gaps.take(event(65_535))
    assert not gaps.settled
    assert asked(gaps, 2.0) == [(65_534, 65_534)]
    assert gaps.take(event(65_534))
    assert gaps.take(event(0))
    assert gaps.settled
    assert not gaps.take(event(0)), "heard before"


def test_a_vehicle_that_began_anew_is_not_asked_for_its_past() -> None:
    gaps = EventGaps()
    gaps.take(event(40_000))
    assert gaps.take(event(5))
    assert gaps.settled
    gaps.take(newest(5 + MOST + 2))
    assert gaps.settled
    gaps.take(newest(900, flags=1))
    assert gaps.settled
    assert gaps.take(event(901))


def test_firmware_that_does_not_answer_is_asked_only_so_often() -> None:
    gaps = EventGaps()
    gaps.take(newest(10))
    gaps.probe()
    assert sum(len(gaps.tick(n / 10)) for n in range(600)) == TRIES
    assert gaps.settled


def test_what_the_vehicle_no_longer_has_is_let_go() -> None:
    gaps = EventGaps()
    gaps.take(newest(10))
    gaps.take(newest(12))
    assert asked(gaps, 1.0) == [(11, 12)]
    gaps.take(Message("RESPONSE_EVENT_ERROR", 1, 1, {"sequence": 11}))
    assert asked(gaps, 2.0) == [(12, 12)]
    gaps.take(event(12))
    assert gaps.settled
