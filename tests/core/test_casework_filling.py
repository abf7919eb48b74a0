"""Filling at the axis of a plume: past a real top, once a top, one vessel at a time, armed on the ground only."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from dronesampler.casework.filling import AxisWatch, FillOrder, Move, Valve
from dronesampler.clock import FakeClock
from dronesampler.commands import ArmFilling, SwitchSampler
from dronesampler.events import CommandProgressed, Stage, Stamp
from dronesampler.flight.vehicle import Vehicle
from dronesampler.session.feed import LiveReading
from dronesampler.session.filling import Filling, valve_note

ORDER = FillOrder(vessels=("BAG-1", "BAG-2"), seconds=20.0)


def air(*plumes: tuple[float, float, float], seconds: int = 400, noise: float = 0.05, seed: int = 3) -> np.ndarray:
    """One reading a second: background 0.6, and plumes (centre s, height, width s)."""
    t = np.arange(seconds, dtype=float)
    value = 0.6 + np.random.default_rng(seed).normal(0.0, noise, seconds)
    for centre, height, width in plumes:
        value = value + height * np.exp(-0.5 * ((t - centre) / width) ** 2)
    return value


def moves(values: Iterable[float], order: FillOrder = ORDER) -> list[Valve]:
    watch = AxisWatch(order)
    return [move for t, value in enumerate(values) for move in watch.after(float(t), float(value))]


def test_opens_just_past_the_top_and_shuts_in_time() -> None:
    opened, shut = moves(air((200.0, 3.0, 8.0)))
    assert (opened.move, shut.move, opened.vessel, shut.vessel) == (Move.OPEN, Move.SHUT, "BAG-1", "BAG-1")
    assert 200.0 <= opened.at_s <= 210.0  # one and a quarter widths at most behind the axis
    assert opened.top_s == pytest.approx(200.0, abs=4.0)
    assert opened.top_mg_m3 == pytest.approx(3.6, abs=0.2)
    assert opened.background_mg_m3 == pytest.approx(0.6, abs=0.05)
    assert opened.sigmas > 20.0
    assert shut.at_s == opened.at_s + 20.0


@pytest.mark.parametrize("seed", range(12))
def test_noise_and_a_wandering_background_open_nothing(seed: int) -> None:
    drift = 0.3 * np.sin(np.arange(3000) / 300.0)
    assert moves(air(seconds=3000, seed=seed) + drift) == []


def test_one_vessel_a_top_and_the_next_for_the_next() -> None:
    found = moves(air((120.0, 3.0, 6.0), (280.0, 2.0, 6.0), (380.0, 4.0, 5.0), seconds=450))
    assert [(v.move, v.vessel) for v in found] == [
        *((Move.OPEN, "BAG-1"), (Move.SHUT, "BAG-1")),
        *((Move.OPEN, "BAG-2"), (Move.SHUT, "BAG-2")),
    ]
    assert found[2].top_s == pytest.approx(280.0, abs=4.0)


def test_a_long_shoulder_is_answered_once() -> None:
    """After the top the concentration stays far above the background: no second bag for the same top."""
    t = np.arange(600, dtype=float)
    value = air(seconds=600) + np.where(t > 200, 4.0 * np.exp(-(t - 200) / 400.0), 0.0)
    assert [v.vessel for v in moves(value) if v.move is Move.OPEN] == ["BAG-1"]


def test_what_the_instrument_flags_and_no_numbers_count_for_nothing() -> None:
    watch = AxisWatch(ORDER)
    found: list[Valve] = []
    for t, value in enumerate(air((200.0, 3.0, 8.0))):
        found += watch.after(float(t), float(value), ok=t < 150)
        found += watch.after(t + 0.5, math.nan)
    assert found == []


def test_on_the_ground_nothing_opens() -> None:
    watch = AxisWatch(ORDER)
    assert [
        v for t, x in enumerate(air((200.0, 3.0, 8.0))) for v in watch.after(float(t), float(x), in_air=False)
    ] == []
    assert watch.left == ("BAG-1", "BAG-2")


def test_a_small_rise_is_not_worth_a_bag_where_the_order_says_so() -> None:
    assert moves(air((200.0, 1.0, 8.0)), replace(ORDER, least_excess_mg_m3=2.0)) == []
    assert moves(air((200.0, 1.0, 8.0)))


def test_shuts_though_readings_stop() -> None:
    watch = AxisWatch(ORDER)
    for t, value in enumerate(air((200.0, 3.0, 8.0))[:212]):
        list(watch.after(float(t), float(value)))
    assert watch.filling == "BAG-1"
    assert [v.move for v in watch.tick(300.0)] == [Move.SHUT]
    assert watch.filling is None


@pytest.mark.parametrize(
    ("order", "state"),
    [
        (ORDER, {"armed": True, "in_air": False}),
        (ORDER, {"armed": True, "in_air": True}),
        (replace(ORDER, vessels=()), {"armed": False, "in_air": False}),
        (replace(ORDER, vessels=("A", "A")), {"armed": False, "in_air": False}),
        (replace(ORDER, seconds=0.0), {"armed": False, "in_air": False}),
    ],
)
def test_orders_that_cannot_be_armed_say_why(order: FillOrder, state: dict[str, bool]) -> None:
    assert order.why_not(**state) is not None
    assert ORDER.why_not(armed=False, in_air=False) is None


def reading(t: float, value: float) -> LiveReading:
    return LiveReading(int(t), t, 35.0, 116.0, 30.0, value, "NMHC", True)


def test_in_a_session_it_is_armed_on_the_ground_and_moves_the_valve_by_intents() -> None:
    clock, ground = FakeClock(), Vehicle()
    flying = replace(ground, armed=True, in_air_told=True)
    filling = Filling(clock)
    order = ArmFilling(1, 9e9, "pilot", vessels=("BAG-1", "BAG-2"), seconds=20.0, output=3, open_value=1.0)
    assert filling.arm(order, flying) is not None
    assert filling.arm(order, ground) is None
    asked = []
    for t, value in enumerate(air((200.0, 3.0, 8.0))):
        clock.advance(1.0)
        filling.hear([reading(float(t), float(value))], flying)
        asked += [(valve_note(v)["move"], filling.intent(v, id=-5)) for v in filling.moves()]
    assert [(move, i.output, i.relay, i.value) for move, i in asked] == [("open", 3, True, 1.0), ("shut", 3, True, 0.0)]
    assert filling.left == ("BAG-2",)
    assert filling.arm(replace(order, vessels=()), flying) is None  # may be called off in the air
    assert filling.left == ()


ORDERED = ArmFilling(1, 9e9, "pilot", vessels=("BAG-1", "BAG-2"), seconds=20.0, output=3)
FLYING = replace(Vehicle(), armed=True, in_air_told=True)


def told(move_id: int, stage: Stage) -> CommandProgressed:
    return CommandProgressed(Stamp(0.0, 0.0), "SwitchSampler", move_id, stage)


def opened(filling: Filling, clock: FakeClock) -> None:
    """Flown through a plume until the first vessel is being filled."""
    for t, value in enumerate(air((200.0, 3.0, 8.0))):
        clock.advance(1.0)
        filling.hear([reading(float(t), float(value))], FLYING)
        if moved := filling.moves():
            assert [v.move for v in moved] == [Move.OPEN]
            filling.intent(moved[0], id=-1)
            return
    pytest.fail("nothing was opened")


@pytest.mark.parametrize("end", [Stage.EXPIRED, Stage.UNANSWERED, Stage.REFUSED])
def test_a_valve_that_was_not_shut_is_told_again_until_it_is(end: Stage) -> None:
    clock = FakeClock()
    filling = Filling(clock)
    filling.arm(ORDERED, Vehicle())
    opened(filling, clock)
    asked = []
    for n in range(200):
        clock.advance(1.0)
        for valve in filling.moves():
            asked.append((n, valve.move))
            assert filling.intent(valve, id=n).value == 0.0
            filling.progressed(told(n, end if len(asked) < 4 else Stage.ACCEPTED))
        filling.progressed(told(77_000, Stage.UNANSWERED))  # another command's
    assert [move for _, move in asked] == [Move.SHUT, *[Move.SHUT_AGAIN] * 3]
    waits = np.diff([n for n, _ in asked])
    assert (waits[1:] > waits[:-1]).all()


def test_what_a_person_switches_is_not_switched_back() -> None:
    clock = FakeClock()
    filling = Filling(clock)
    filling.arm(ORDERED, Vehicle())
    opened(filling, clock)
    clock.advance(20.0)
    (shut,) = filling.moves()
    filling.intent(shut, id=-2)
    filling.progressed(told(-2, Stage.UNANSWERED))
    filling.switched(SwitchSampler(5, 9e9, output=3, relay=True, value=1.0))
    clock.advance(600.0)
    assert filling.moves() == []


def test_a_wall_clock_that_is_set_back_holds_no_valve_open() -> None:
    clock = FakeClock()
    filling = Filling(clock)
    filling.arm(ORDERED, Vehicle())
    opened(filling, clock)
    clock.step(-3600.0)
    clock.advance(20.0)
    (shut,) = filling.moves()
    assert shut.move is Move.SHUT
    assert shut.at_s == clock.unix_s()


def test_one_instrument_is_followed_and_another_beside_it_changes_nothing() -> None:
    """An instrument that reads ten times as much, between the readings of the first, is no plume."""
    clock = FakeClock()
    filling = Filling(clock)
    filling.arm(replace(ORDERED, quantity="NMHC"), Vehicle())
    found = []
    for t, value in enumerate(air((200.0, 3.0, 8.0))):
        clock.advance(1.0)
        other = replace(reading(float(t), 10.0 if t % 7 else 30.0), quantity="CH4", component="serial:COM5")
        filling.hear([other, reading(float(t), float(value))], FLYING)
        for valve in filling.moves():
            filling.intent(valve, id=t)
            filling.progressed(told(t, Stage.ACCEPTED))
            found.append((t, filling.valve_note(valve)))
    assert [(note["move"], note["quantity"]) for _, note in found] == [("open", "NMHC"), ("shut", "NMHC")]
    assert 200 <= found[0][0] <= 210


def test_a_session_ends_with_the_valve_shut_and_nothing_is_armed_anew_before() -> None:
    clock = FakeClock()
    filling = Filling(clock)
    filling.arm(ORDERED, Vehicle())
    assert filling.end() == []
    opened(filling, clock)
    assert filling.arm(ORDERED, Vehicle()) is not None
    (shut,) = filling.end()
    assert (shut.move, shut.vessel, shut.at_s) == (Move.SHUT, "BAG-1", clock.unix_s())
