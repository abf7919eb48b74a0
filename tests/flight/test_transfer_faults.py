"""What goes wrong in an upload besides the link, each with the outcome named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dronesampler.mavlink import ARDUPILOT, PX4, Clear, Download, Draft, Ending, FrameWriter, Message, PlanKind, Upload
from dronesampler.mavlink.compare import difference
from dronesampler.mavlink.personality import Personality
from dronesampler.mavlink.wire import MissionResult, WireItem, draft_of
from dronesampler.simulator.channel import ChannelSettings
from tests.flight.conversation import Conversation, Store, route

STACKS = pytest.mark.parametrize("stack", [ARDUPILOT, PX4], ids=["ardupilot", "px4"])
LINK = ChannelSettings(latency_s=0.025)
MISSION = PlanKind.MISSION


def holds(store: Store, items: tuple[WireItem, ...], kind: PlanKind = MISSION) -> bool:
    return difference(items, store.holds(kind), kind=kind, personality=store.personality) is None


def talk(stack: Personality, *, old: int = 0, **more: object) -> Conversation:
    """A conversation with a vehicle that already holds a route of `old` items, ten metres lower than the new one."""
    store = Store(stack)
    if old:
        first = Conversation(store)
        old_items = route(old, personality=stack, height_m=20.0)
        assert first.run(Upload(first.party, MISSION, old_items)).good
    return Conversation(store, LINK, LINK, **more)  # type: ignore[arg-type]


def old_route(stack: Personality, count: int) -> tuple[WireItem, ...]:
    return route(count, personality=stack, height_m=20.0)


def first_few(name: str, count: int) -> Callable[[Message | Draft], bool]:
    """Loses the first `count` messages of a name."""
    seen = 0

    def drop(message: Message | Draft) -> bool:
        nonlocal seen
        if message.name.startswith(name):
            seen += 1
            return seen <= count
        return False

    return drop


@STACKS
def test_lost_final_ack(stack: Personality) -> None:
    c = talk(stack)
    c.drop_down = lambda m: m.name == "MISSION_ACK" and m["type"] == 0
    items = route(20, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).ending is Ending.STORED
    assert holds(c.store, items)


@STACKS
def test_lost_first_requests(stack: Personality) -> None:
    c = talk(stack)
    c.drop_down = first_few("MISSION_REQUEST", 3)
    assert c.run(Upload(c.party, MISSION, route(20, personality=stack))).good


@STACKS
def test_lost_counts(stack: Personality) -> None:
    c = talk(stack)
    c.drop_up = first_few("MISSION_COUNT", 3)
    assert c.run(Upload(c.party, MISSION, route(20, personality=stack))).good


@STACKS
def test_lost_last_item(stack: Personality) -> None:
    c = talk(stack)
    lose = first_few("MISSION_ITEM_INT", 2)
    c.drop_up = lambda d: d.name == "MISSION_ITEM_INT" and d["seq"] == 19 and lose(d)
    assert c.run(Upload(c.party, MISSION, route(20, personality=stack))).good


@STACKS
def test_answers_to_the_reading_back_are_lost(stack: Personality) -> None:
    c = talk(stack)
    c.drop_down = first_few("MISSION_COUNT", 4)
    assert c.run(Upload(c.party, MISSION, route(20, personality=stack))).good


@STACKS
def test_reboot_in_the_middle(stack: Personality) -> None:
    c = talk(stack, old=12)
    c.at = [(0.35, lambda c: c.store.missions.forget())]
    items = route(150, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


@STACKS
def test_reboot_while_reading_back(stack: Personality) -> None:
    c = talk(stack)
    c.at = [(0.75, lambda c: c.store.missions.forget())]
    items = route(150, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good


@STACKS
def test_port_pulled_for_twenty_seconds_and_back(stack: Personality) -> None:
    c = talk(stack)
    pulled = [False]
    c.drop_up = c.drop_down = lambda _: pulled[0]
    c.at = [(0.3, lambda _: pulled.__setitem__(0, True)), (20.3, lambda _: pulled.__setitem__(0, False))]
    items = route(120, personality=stack)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.good
    assert holds(c.store, items)


@STACKS
def test_the_computer_sleeps_for_a_minute(stack: Personality) -> None:
    c = talk(stack)
    c.at = [
        (0.3, lambda c: setattr(c, "suspended", True)),
        (60.3, lambda c: setattr(c, "suspended", False)),
    ]
    items = route(120, personality=stack)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert holds(c.store, items) == outcome.good
    assert outcome.good


@STACKS
def test_the_link_never_comes_back(stack: Personality) -> None:
    c = talk(stack)
    pulled = [False]
    c.drop_up = c.drop_down = lambda _: pulled[0]
    c.at = [(0.3, lambda _: pulled.__setitem__(0, True))]
    outcome = c.run(Upload(c.party, MISSION, route(120, personality=stack)))
    assert outcome.ending is Ending.FAILED
    assert "does not answer" in outcome.reason.en
    assert outcome.restored is None  # nobody can know


@STACKS
def test_nobody_answers(stack: Personality) -> None:
    c = talk(stack)
    c.store.deaf = True
    outcome = c.run(Upload(c.party, MISSION, route(5, personality=stack)))
    assert outcome.ending is Ending.FAILED
    assert outcome.restored is True  # nothing was sent that could have changed anything


def second_writer(c: Conversation) -> None:
    """Another station stores one item of its own, whatever the vehicle says to it."""
    item = WireItem(16, 6, (0.0, 0.0, 0.0, 0.0), 357000000, 1164000000, 99.0)
    c.store.missions.forget()
    c.other_station(draft_of("MISSION_COUNT", system=1, kind=MISSION, count=1))
    c.store.speak(c.now_s)
    c.other_station(item.draft(0, kind=MISSION, system=1))
    c.store.speak(c.now_s)


@STACKS
def test_second_station_writes_in_between(stack: Personality) -> None:
    c = talk(stack)
    c.at = [(0.4, second_writer)]
    items = route(150, personality=stack)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.good
    assert holds(c.store, items)


@STACKS
def test_second_station_writes_before_the_reading_back(stack: Personality) -> None:
    c = talk(stack)
    written = []

    def sneak(message: Message) -> bool:
        if message.name == "MISSION_ACK" and message["type"] == 0 and not written:
            written.append(1)
            second_writer(c)
        return False

    c.drop_down = sneak
    items = route(10, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


@STACKS
def test_second_station_holds_the_vehicle_and_lets_go(stack: Personality) -> None:
    c = talk(stack)
    c.other_station(draft_of("MISSION_COUNT", system=1, kind=MISSION, count=5))
    c.store.speak(0.0)
    items = route(10, personality=stack)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.good
    assert outcome.seconds > 4.0  # it waited until the vehicle gave the other transfer up


@STACKS
def test_second_station_never_lets_go(stack: Personality) -> None:
    c = talk(stack)

    def hold(_: Conversation) -> None:
        c.other_station(draft_of("MISSION_COUNT", system=1, kind=MISSION, count=5))
        c.store.speak(c.now_s)

    c.at = [(0.5 * n, hold) for n in range(200)]
    outcome = c.run(Upload(c.party, MISSION, route(10, personality=stack)))
    assert outcome.ending is not Ending.STORED
    assert outcome.reason.en


def test_other_system_with_the_same_protocol_is_not_listened_to() -> None:
    c = talk(ARDUPILOT)
    other = FrameWriter(system=7, component=1)
    refused = Draft("MISSION_ACK", {"target_system": 255, "target_component": 190, "type": 3, "mission_type": 0})
    c.at = [(0.1 * n, lambda c: c.inject(other.frame(refused))) for n in range(1, 9)]
    assert c.run(Upload(c.party, MISSION, route(60))).good


def test_clashing_system_id_acks_of_another_transfer() -> None:
    """A second vehicle with our vehicle's own id refuses something: reading back tells the truth."""
    c = talk(ARDUPILOT)
    twin = FrameWriter(system=1, component=1)
    noise = Draft("MISSION_ACK", {"target_system": 255, "target_component": 190, "type": 0, "mission_type": 0})
    c.at = [(0.05 * n, lambda c: c.inject(twin.frame(noise))) for n in range(1, 9)]
    items = route(60)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


def test_messages_for_another_station_are_passed_over() -> None:
    c = talk(ARDUPILOT)
    same = FrameWriter(system=1, component=1)
    for_other = Draft("MISSION_ACK", {"target_system": 254, "target_component": 190, "type": 14, "mission_type": 0})
    c.at = [(0.05 * n, lambda c: c.inject(same.frame(for_other))) for n in range(1, 9)]
    assert c.run(Upload(c.party, MISSION, route(60))).good


def test_messages_about_another_list_are_passed_over() -> None:
    c = talk(ARDUPILOT)
    same = FrameWriter(system=1, component=1)
    fence = Draft("MISSION_ACK", {"target_system": 255, "target_component": 190, "type": 3, "mission_type": 1})
    c.at = [(0.05 * n, lambda c: c.inject(same.frame(fence))) for n in range(1, 9)]
    assert c.run(Upload(c.party, MISSION, route(60))).good


@STACKS
def test_early_final_ack(stack: Personality) -> None:
    c = talk(stack)
    same = FrameWriter(system=1, component=1)
    done = Draft("MISSION_ACK", {"target_system": 255, "target_component": 190, "type": 0, "mission_type": 0})
    c.at = [(0.12, lambda c: c.inject(same.frame(done)))]
    items = route(100, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


@STACKS
@pytest.mark.parametrize("sequence", [0, 3, 500])
def test_request_out_of_nowhere(stack: Personality, sequence: int) -> None:
    c = talk(stack)
    same = FrameWriter(system=1, component=1)
    fields = {"target_system": 255, "target_component": 190, "seq": sequence, "mission_type": 0}
    c.at = [(0.2, lambda c: c.inject(same.frame(Draft("MISSION_REQUEST_INT", fields))))]
    items = route(100, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


@STACKS
def test_count_that_comes_twice_restarts_the_vehicle(stack: Personality) -> None:
    """A late copy of our count makes ArduPilot begin anew in the middle."""
    c = talk(stack)
    count = draft_of("MISSION_COUNT", system=1, kind=MISSION, count=100)
    c.at = [(0.3, lambda c: c.store.hear(FrameWriter().frame(count), c.now_s))]
    items = route(100, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    assert holds(c.store, items)


# What the vehicle refuses: the reason names the item, and the old plan is on board, read back.


@STACKS
def test_refused_item_is_named_and_the_old_plan_is_on_board(stack: Personality) -> None:
    c = talk(stack, old=12)
    items = list(route(40, personality=stack))
    items[25] = replace(items[25], command=31_010)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.ending is Ending.REFUSED
    assert outcome.item == (24 if stack.home_item else 25)
    assert "31010" in outcome.reason.en
    assert "UNSUPPORTED" in outcome.reason.en
    assert outcome.restored is True
    assert holds(c.store, old_route(stack, 12))


def test_refused_value_is_named() -> None:
    c = talk(ARDUPILOT, old=5)
    items = list(route(20))
    items[10] = replace(items[10], x=910000000)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.ending is Ending.REFUSED
    assert outcome.item == 9
    assert "param5 = 910000000" in outcome.reason.en
    assert holds(c.store, old_route(ARDUPILOT, 5))


def test_refusal_under_loss_still_names_the_right_item() -> None:
    c = talk(ARDUPILOT, old=8, seed=5)
    c = Conversation(
        c.store, ChannelSettings(loss=0.15, latency_s=0.05), ChannelSettings(loss=0.15, latency_s=0.05), seed=5
    )
    items = list(route(60))
    items[33] = replace(items[33], command=31_010)
    outcome = c.run(Upload(c.party, MISSION, items))
    assert outcome.ending is Ending.REFUSED
    assert outcome.item == 32
    assert outcome.restored is True
    assert holds(c.store, old_route(ARDUPILOT, 8))


@STACKS
def test_storage_full(stack: Personality) -> None:
    c = talk(stack, old=5)
    c.store.missions.limits[0] = 30
    outcome = c.run(Upload(c.party, MISSION, route(31, personality=stack)))
    assert outcome.ending is Ending.REFUSED
    assert "NO_SPACE" in outcome.reason.en
    assert outcome.restored is True
    assert holds(c.store, old_route(stack, 5))


def test_storage_full_gives_the_autopilots_own_words() -> None:
    c = talk(ARDUPILOT)
    c.store.missions.limits[0] = 30
    outcome = c.run(Upload(c.party, MISSION, route(31)))
    assert "Only 30 items are supported" in outcome.words
    assert "Only 30 items are supported" in outcome.reason.en


def fence(*, claimed: float = 4.0, radius: float = 10.0) -> tuple[WireItem, ...]:
    corners = ((0, 0), (0, 30000), (30000, 30000), (30000, 0))
    vertices = [WireItem(5001, 0, (claimed, 0.0, 0.0, 0.0), 357120000 + dx, 1164890000 + dy, 0.0) for dx, dy in corners]
    return (*vertices, WireItem(5004, 0, (radius, 0.0, 0.0, 0.0), 357125000, 1164895000, 0.0))


@STACKS
def test_fence_is_stored_and_equal(stack: Personality) -> None:
    c = talk(stack)
    outcome = c.run(Upload(c.party, PlanKind.FENCE, fence()))
    assert outcome.good
    assert holds(c.store, fence(), PlanKind.FENCE)


def test_fence_that_is_wrong_as_a_whole_leaves_the_old_one() -> None:
    c = talk(ARDUPILOT)
    assert c.run(Upload(c.party, PlanKind.FENCE, fence())).good
    outcome = c.run(Upload(c.party, PlanKind.FENCE, fence(claimed=5.0, radius=20.0)))
    assert outcome.ending is Ending.REFUSED
    assert "Fence validation failed" in outcome.words
    assert outcome.restored is True
    assert holds(c.store, fence(), PlanKind.FENCE)


@STACKS
def test_rally_points_are_stored_and_equal(stack: Personality) -> None:
    c = talk(stack)
    points = tuple(WireItem(5100, 3, (0.0, 0.0, 0.0, 0.0), 357118203 + n, 1164887787, 15.0 + n) for n in range(4))
    outcome = c.run(Upload(c.party, PlanKind.RALLY, points))
    assert outcome.good
    assert holds(c.store, points, PlanKind.RALLY)


def test_refused_rally_list_is_put_back() -> None:
    """ArduPilot overwrites rally points one by one: the first is gone when the second is refused."""
    c = talk(ARDUPILOT)
    points = tuple(WireItem(5100, 3, (0.0, 0.0, 0.0, 0.0), 357118203 + n, 1164887787, 15.0) for n in range(2))
    assert c.run(Upload(c.party, PlanKind.RALLY, points)).good
    wrong = (replace(points[0], x=357000000), replace(points[1], command=16))
    outcome = c.run(Upload(c.party, PlanKind.RALLY, wrong))
    assert outcome.ending is Ending.REFUSED
    assert outcome.restored is True
    assert holds(c.store, points, PlanKind.RALLY)


def test_px4_rally_points_are_never_sent_back_in_the_frame_they_are_told_in() -> None:
    c = talk(PX4)
    points = tuple(WireItem(5100, 3, (0.0, 0.0, 0.0, 0.0), 357118203 + n, 1164887787, 15.0) for n in range(2))
    assert c.run(Upload(c.party, PlanKind.RALLY, points)).good
    sent: list[Draft] = []
    c.drop_up = lambda d: bool(sent.append(d))
    upload = Upload(c.party, PlanKind.RALLY, (replace(points[0], z=40.0),))
    c.at = [(c.now_s + 0.3, lambda c: c.send(upload.cancel(c.now_s)))]
    c.run(upload)
    assert all(d["frame"] == 3 for d in sent if d.name == "MISSION_ITEM_INT")


def test_rejection_after_the_ack_puts_the_old_plan_back() -> None:
    """PX4 accepts, then says by an event that it will not fly it."""
    c = talk(PX4, old=6)
    event = Draft("EVENT", {"id": 0x0185E823, "log_levels": 0x43, "arguments": (3, 0, 0x70)})
    told = []

    def tell(message: Message) -> bool:
        if message.name == "MISSION_ACK" and message["type"] == 0 and not told:
            told.append(1)
            c.inject(FrameWriter(system=1, component=1).frame(event))
        return False

    c.drop_down = tell
    outcome = c.run(Upload(c.party, MISSION, route(10, personality=PX4)))
    assert outcome.ending is Ending.REFUSED
    assert "item 3: unsupported command: 112" in outcome.reason.en
    assert outcome.restored is True
    assert holds(c.store, old_route(PX4, 6))


@STACKS
def test_cancel_puts_the_old_plan_back(stack: Personality) -> None:
    c = talk(stack, old=12)
    upload = Upload(c.party, MISSION, route(150, personality=stack))
    c.at = [(0.4, lambda c: c.send(upload.cancel(c.now_s)))]
    outcome = c.run(upload)
    assert outcome.ending is Ending.FAILED
    assert "cancelled" in outcome.reason.en
    assert outcome.restored is True
    assert holds(c.store, old_route(stack, 12))


@STACKS
def test_cancel_of_the_first_plan_leaves_none(stack: Personality) -> None:
    c = talk(stack)
    upload = Upload(c.party, MISSION, route(150, personality=stack))
    c.at = [(0.4, lambda c: c.send(upload.cancel(c.now_s)))]
    assert c.run(upload).restored is True
    assert len(c.store.holds(MISSION)) <= (1 if stack.home_item else 0)


@STACKS
def test_a_store_that_changes_an_item_is_found_out(stack: Personality) -> None:
    """Bits that rot in the vehicle: the item, the field and both values are named."""
    c = talk(stack)
    put = c.store.shelf.items

    def rotten(kind: int) -> tuple[object, ...]:
        items = tuple(put(kind))
        if len(items) < 15:
            return items
        return (*items[:14], replace(items[14], z=77.0), *items[15:])

    c.store.shelf.items = rotten  # type: ignore[method-assign, assignment]
    outcome = c.run(Upload(c.party, MISSION, route(20, personality=stack)))
    assert outcome.ending is Ending.FAILED
    assert f"height of item {14 if stack.home_item else 15}" in outcome.reason.en
    assert "77.0" in outcome.reason.en


@STACKS
def test_equal_plan_is_not_sent_again(stack: Personality) -> None:
    c = talk(stack)
    items = route(30, personality=stack)
    assert c.run(Upload(c.party, MISSION, items)).good
    sent: list[str] = []
    c.drop_up = lambda d: bool(sent.append(d.name))
    assert c.run(Upload(c.party, MISSION, items)).good
    assert "MISSION_COUNT" not in sent


@STACKS
def test_empty_plan(stack: Personality) -> None:
    c = talk(stack, old=9)
    assert c.run(Upload(c.party, MISSION, ())).good
    assert len(c.store.holds(MISSION)) <= (1 if stack.home_item else 0)


@STACKS
def test_longer_plan_over_a_shorter_one_and_back(stack: Personality) -> None:
    c = talk(stack, old=5)
    assert c.run(Upload(c.party, MISSION, route(50, personality=stack))).good
    assert c.run(Upload(c.party, MISSION, route(7, personality=stack))).good
    assert holds(c.store, route(7, personality=stack))


@STACKS
def test_unfinished_download_of_ours_does_not_block(stack: Personality) -> None:
    c = talk(stack, old=30)
    first = Download(c.party, MISSION)
    c.at = [(0.12, lambda c: c.send(first.cancel(c.now_s)))]
    assert c.run(first).ending is Ending.FAILED
    assert c.run(Upload(c.party, MISSION, route(10, personality=stack))).good


def test_clear_is_refused_while_the_mission_flies() -> None:
    c = talk(ARDUPILOT, old=9)
    c.store.missions.may_clear = lambda: False
    outcome = c.run(Clear(c.party, MISSION))
    assert outcome.ending is Ending.REFUSED
    assert "ERROR" in outcome.reason.en
    assert holds(c.store, old_route(ARDUPILOT, 9))


@STACKS
def test_clear_with_lost_acks_is_seen_by_reading(stack: Personality) -> None:
    c = talk(stack, old=9)
    c.drop_down = lambda m: m.name == "MISSION_ACK"
    assert c.run(Clear(c.party, MISSION)).good


@STACKS
def test_clear_that_nobody_answers(stack: Personality) -> None:
    c = talk(stack, old=9)
    c.store.deaf = True
    assert c.run(Clear(c.party, MISSION)).ending is Ending.FAILED


def test_unknown_list_is_refused_at_once() -> None:
    c = talk(ARDUPILOT)
    same = FrameWriter(system=1, component=1)
    unsupported = int(MissionResult.UNSUPPORTED)
    fields = {"target_system": 255, "target_component": 190, "type": unsupported, "mission_type": 2}
    c.store.deaf = True
    c.at = [(0.1, lambda c: c.inject(same.frame(Draft("MISSION_ACK", fields))))]
    outcome = c.run(Download(c.party, PlanKind.RALLY))
    assert outcome.ending is Ending.REFUSED
    assert "UNSUPPORTED" in outcome.reason.en
