"""Limits on a whole flight: they pause, return and land, and keep still while something or somebody else flies."""

from dataclasses import replace

import pytest

from dronesampler.commands import Continue, Land, Pause, ReturnHome
from dronesampler.events import BatteryReported, Event, PlanStored, Stage, WindEstimated
from dronesampler.flight.limits import Action, Ask, Limits
from dronesampler.flight.modes import Doing
from dronesampler.flight.patrol import Patrol, Phase
from tests.flight.field import Field, in_air

STACKS = pytest.mark.parametrize("stack", ["ardupilot", "px4"])


class Watched:
    """A flight whose limits are watched, as the session does it. `wind_m_s` and `percent` are what it is told."""

    def __init__(self, stack: str, limits: Limits) -> None:
        self.field: Field = in_air(stack)
        self.patrol = replace(Patrol.with_limits(limits), phase=Phase.FLYING)
        self.asks: list[Ask] = []
        self.wind_m_s = 2.0
        self.percent = 90.0
        self.field.on_event = self._see

    def _see(self, event: Event) -> None:
        at = event.at
        wind = WindEstimated(at, 90.0, self.wind_m_s, None, "WIND")
        battery = BatteryReported(at, 15.0, 10.0, self.percent, None)
        vehicle = self.field.vehicle.after(wind).after(battery)
        self.patrol, asks = self.patrol.after(event, vehicle)
        for ask in asks:
            self.asks.append(ask)
            kind = {Action.PAUSE: Pause, Action.RETURN: ReturnHome, Action.LAND: Land}[ask.action]
            self.field.ask(kind, automatic=True)

    @property
    def actions(self) -> list[Action]:
        return [ask.action for ask in self.asks]


@STACKS
def test_good_figures_ask_for_nothing(stack: str) -> None:
    w = Watched(stack, Limits())
    w.field.fly(20.0)
    assert w.asks == []
    assert w.patrol.phase is Phase.FLYING


@STACKS
def test_lasting_wind_pauses_and_then_returns(stack: str) -> None:
    w = Watched(stack, Limits(wind_pause_m_s=8.0, wind_return_m_s=14.0))
    w.wind_m_s = 9.0
    w.field.fly(8.0)
    assert w.actions == [Action.PAUSE]
    assert w.field.vehicle.doing is Doing.HOLDING
    w.field.fly(40.0)
    assert w.actions == [Action.PAUSE, Action.RETURN]
    assert w.patrol.phase is Phase.RETURNING


@STACKS
def test_low_battery_returns_and_a_very_low_one_lands(stack: str) -> None:
    w = Watched(stack, Limits())
    w.percent = 25.0
    w.field.fly(6.0)
    assert w.actions == [Action.RETURN]
    assert w.field.vehicle.doing is Doing.RETURNING
    w.percent = 10.0
    w.field.fly(6.0)
    assert w.actions == [Action.RETURN, Action.LAND]
    assert w.field.vehicle.doing is Doing.LANDING
    assert w.field.fly(120.0, until=lambda: w.patrol.phase is Phase.LANDED)


@STACKS
def test_who_goes_on_after_a_pause_is_not_paused_again_at_once(stack: str) -> None:
    w = Watched(stack, Limits(wind_pause_m_s=8.0))
    w.wind_m_s = 9.0
    w.field.fly(8.0)
    w.field.settle(w.field.ask(Continue))
    w.field.fly(10.0)
    assert w.actions == [Action.PAUSE]
    assert w.field.vehicle.doing is Doing.MISSION


@STACKS
def test_limits_keep_still_once_the_pilot_flies(stack: str) -> None:
    w = Watched(stack, Limits())
    w.field.aircraft.craft.mode = {"ardupilot": 5, "px4": 3 << 16}[stack]
    w.field.fly(3.0, until=lambda: w.field.vehicle.pilot_has_it)
    w.percent, w.wind_m_s = 5.0, 30.0
    w.field.fly(20.0)
    assert w.asks == []
    assert w.field.vehicle.pilot_has_it


@STACKS
def test_no_mode_command_of_ours_is_refused_or_repeated_in_a_limit(stack: str) -> None:
    w = Watched(stack, Limits())
    w.percent = 25.0
    w.field.fly(30.0)
    stages = [e.stage for e in w.field.said if getattr(e, "name", "") == "ReturnHome"]
    assert stages == [Stage.COMMANDED, Stage.ACCEPTED, Stage.OBSERVED]


def test_stored_plan_and_landing_make_the_phases_of_a_flight() -> None:
    w = Watched("ardupilot", Limits())
    phases = [w.patrol.phase]

    def note(event: Event) -> None:
        w._see(event)
        if w.patrol.phase is not phases[-1]:
            phases.append(w.patrol.phase)

    w.field.on_event = note
    w.field.settle(w.field.ask(ReturnHome))
    assert w.field.fly(240.0, until=lambda: not w.field.vehicle.armed)
    assert phases == [Phase.FLYING, Phase.RETURNING, Phase.LANDED]
    w.patrol, _ = w.patrol.after(PlanStored(w.field.station.stamp(), 4), w.field.vehicle)
    assert w.patrol.phase is Phase.UPLOADED
