"""Uploads and downloads over every kind of bad link: stored and equal, in both stacks' ways."""

from dataclasses import replace

import pytest

from dronesampler.mavlink import ARDUPILOT, PX4, Clear, Download, Draft, Ending, Message, PlanKind, Upload
from dronesampler.mavlink.compare import difference
from dronesampler.mavlink.personality import Personality
from dronesampler.simulator.channel import ChannelSettings
from tests.flight.conversation import Conversation, Store, route

STACKS = pytest.mark.parametrize("stack", [ARDUPILOT, PX4], ids=["ardupilot", "px4"])
RTT = 0.025

LINKS = {
    "clean": ChannelSettings(latency_s=RTT),
    "loss 1 %": ChannelSettings(loss=0.01, latency_s=RTT),
    "loss 2 %": ChannelSettings(loss=0.02, latency_s=RTT),
    "loss 5 %": ChannelSettings(loss=0.05, latency_s=RTT),
    "loss 10 %": ChannelSettings(loss=0.10, latency_s=RTT),
    "loss 20 %": ChannelSettings(loss=0.20, latency_s=RTT),
    "loss 30 %": ChannelSettings(loss=0.30, latency_s=RTT),
    "bursts of 5, 10 %": ChannelSettings(loss=0.10, burst=5.0, latency_s=RTT),
    "bursts of 5, 20 %": ChannelSettings(loss=0.20, burst=5.0, latency_s=RTT),
    "bursts of 5, 30 %": ChannelSettings(loss=0.30, burst=5.0, latency_s=RTT),
    "bursts of 10, 30 %": ChannelSettings(loss=0.30, burst=10.0, latency_s=RTT),
    "no latency": ChannelSettings(),
    "round trip 0.5 s": ChannelSettings(latency_s=0.25),
    "round trip 1 s": ChannelSettings(latency_s=0.5),
    "round trip 2 s": ChannelSettings(latency_s=1.0),
    "round trip 2 s, loss 10 %": ChannelSettings(latency_s=1.0, loss=0.1),
    "jitter 0.2 s": ChannelSettings(latency_s=RTT, jitter_s=0.2),
    "duplicates 20 %": ChannelSettings(latency_s=RTT, duplicate=0.2),
    "out of order 10 %": ChannelSettings(latency_s=RTT, reorder=0.1, reorder_s=0.3),
    "flipped bits 5 %": ChannelSettings(latency_s=RTT, corrupt=0.05),
    "half frames": ChannelSettings(latency_s=RTT, halve=0.5),
    "cut frames 5 %": ChannelSettings(latency_s=RTT, truncate=0.05),
    "everything at once": ChannelSettings(
        latency_s=0.1,
        jitter_s=0.1,
        loss=0.1,
        burst=3.0,
        duplicate=0.05,
        reorder=0.05,
        corrupt=0.03,
        halve=0.1,
        truncate=0.02,
    ),
}


@STACKS
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_an_upload_is_stored_and_equal(stack: Personality, link: ChannelSettings) -> None:
    store = Store(stack)
    conversation = Conversation(store, link, link, seed=11)
    items = route(40, personality=stack)
    outcome = conversation.run(Upload(conversation.party, PlanKind.MISSION, items))
    assert outcome.ending is Ending.STORED, outcome.reason.en
    assert difference(items, store.holds(PlanKind.MISSION), kind=PlanKind.MISSION, personality=stack) is None
    assert len(outcome.stored) == 40


@STACKS
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_a_download_is_what_is_on_board(stack: Personality, link: ChannelSettings) -> None:
    store = Store(stack)
    conversation = Conversation(store)
    items = route(40, personality=stack)
    assert conversation.run(Upload(conversation.party, PlanKind.MISSION, items)).good
    conversation = Conversation(store, link, link, seed=12)
    outcome = conversation.run(Download(conversation.party, PlanKind.MISSION))
    assert outcome.ending is Ending.STORED, outcome.reason.en
    assert outcome.stored == store.holds(PlanKind.MISSION)


@STACKS
@pytest.mark.parametrize("name", ["clean", "loss 20 %", "bursts of 5, 30 %", "round trip 2 s", "everything at once"])
def test_a_cleared_plan_is_seen_to_be_gone(stack: Personality, name: str) -> None:
    store = Store(stack)
    conversation = Conversation(store)
    conversation.run(Upload(conversation.party, PlanKind.MISSION, route(10, personality=stack)))
    conversation = Conversation(store, LINKS[name], LINKS[name], seed=13)
    outcome = conversation.run(Clear(conversation.party, PlanKind.MISSION))
    assert outcome.ending is Ending.STORED
    assert len(store.holds(PlanKind.MISSION)) <= (1 if stack.home_item else 0)


@STACKS
def test_four_hundred_items_go_up_within_the_announced_time(stack: Personality) -> None:
    """Patrol time on a link of 50 ms round trip, reading back included; not a timing of this computer."""
    link = ChannelSettings(latency_s=RTT)
    conversation = Conversation(Store(stack), link, link)
    outcome = conversation.run(Upload(conversation.party, PlanKind.MISSION, route(400, personality=stack)))
    assert outcome.good
    assert outcome.seconds <= 2.7


@STACKS
def test_four_hundred_items_come_down_within_the_announced_time(stack: Personality) -> None:
    store = Store(stack)
    conversation = Conversation(store)
    conversation.run(Upload(conversation.party, PlanKind.MISSION, route(400, personality=stack)))
    link = ChannelSettings(latency_s=0.125)
    conversation = Conversation(store, link, link)
    outcome = conversation.run(Download(conversation.party, PlanKind.MISSION))
    assert outcome.good
    assert outcome.seconds <= 5.3


@STACKS
@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_slow_serial_line_is_never_pushed_ahead(stack: Personality, loss: float) -> None:
    """At 57600 baud the radio's buffer is all that pushing would fill: an item goes out only once it was asked for."""
    link = ChannelSettings(latency_s=0.1, loss=loss)
    conversation = Conversation(Store(stack), link, link, seed=4)
    asked, ahead = -1, []

    def note_asked(message: Message) -> bool:
        nonlocal asked
        if message.name.startswith("MISSION_REQUEST"):
            asked = max(asked, message["seq"])
        return False

    def note_sent(draft: Draft) -> bool:
        if draft.name == "MISSION_ITEM_INT" and draft["seq"] > asked:
            ahead.append(draft["seq"])
        return False

    conversation.drop_down, conversation.drop_up = note_asked, note_sent
    party = replace(conversation.party, bytes_per_s=5760.0)
    assert conversation.run(Upload(party, PlanKind.MISSION, route(30, personality=stack))).good
    assert ahead == []


@pytest.mark.soak
@pytest.mark.parametrize("burst", [1.0, 5.0])
@STACKS
def test_soak_a_hundred_items_at_heavy_loss(stack: Personality, burst: float) -> None:
    """500 runs at 20 % loss: all stored; 500 at 30 % in bursts: 99 %; no failure that is none, no silent part."""
    loss = 0.2 if burst == 1.0 else 0.3
    link = ChannelSettings(loss=loss, burst=burst, latency_s=RTT)
    items = route(100, personality=stack)
    seconds, stored = [], 0
    for seed in range(500):
        store = Store(stack)
        conversation = Conversation(store, link, link, seed=seed)
        outcome = conversation.run(Upload(conversation.party, PlanKind.MISSION, items), limit_s=3600.0)
        equal = difference(items, store.holds(PlanKind.MISSION), kind=PlanKind.MISSION, personality=stack) is None
        assert outcome.good == equal, f"seed {seed}: says {outcome.ending}, and equal is {equal}"
        stored += outcome.good
        seconds.append(outcome.seconds)
    assert stored >= (500 if burst == 1.0 else 495)
    if burst == 1.0:
        assert sorted(seconds)[474] <= 90.0
