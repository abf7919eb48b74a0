"""Every command against both simulated autopilots: commanded, accepted, observed; and what is refused, and why."""

import pytest

from dronesampler.commands import (
    Arm,
    ChangeHeight,
    Continue,
    EnableFence,
    Finish,
    GoTo,
    Intent,
    Land,
    LookAt,
    Orbit,
    Pause,
    ReturnHome,
    SetSpeed,
    SmartReturn,
    Start,
    StopMotors,
    SwitchSampler,
)
from dronesampler.events import Stage
from dronesampler.flight.modes import Doing
from dronesampler.simulator.channel import ChannelSettings
from tests.flight.field import HOME, Field, in_air, short_mission

STACKS = pytest.mark.parametrize("stack", ["ardupilot", "px4"])
ALL_THREE = [Stage.COMMANDED, Stage.ACCEPTED, Stage.OBSERVED]
LAT, LON = HOME


@STACKS
def test_a_flight_from_connecting_to_disarming(stack: str) -> None:
    f = in_air(stack)
    assert f.vehicle.doing is Doing.MISSION
    assert f.settle(f.ask(ReturnHome)) == ALL_THREE
    assert f.fly(240.0, until=lambda: not f.vehicle.armed)
    assert not f.vehicle.in_air


@STACKS
def test_pause_holds_height_and_place_by_itself(stack: str) -> None:
    f = in_air(stack)
    assert f.settle(f.ask(Pause)) == ALL_THREE
    assert f.vehicle.mode == ("BRAKE" if stack == "ardupilot" else "AUTO.LOITER")
    f.fly(8.0)
    before = f.vehicle.position
    f.fly(10.0)
    after = f.vehicle.position
    assert before is not None
    assert after is not None
    assert abs(after.height_home_m - before.height_home_m) < 1.0
    assert (f.vehicle.speed_m_s or 0.0) < 0.5


@STACKS
def test_continue_goes_on_at_the_item_where_it_paused(stack: str) -> None:
    f = in_air(stack)
    f.fly(8.0)  # past the climb
    f.settle(f.ask(Pause))
    item = f.vehicle.mission.item if f.vehicle.mission else None
    assert f.settle(f.ask(Continue)) == ALL_THREE
    assert f.vehicle.doing is Doing.MISSION
    f.fly(2.0)
    assert f.vehicle.mission is not None
    assert f.vehicle.mission.item == item


@STACKS
def test_go_to_is_observed_only_on_arrival(stack: str) -> None:
    f = in_air(stack)
    n = f.ask(GoTo, lat_deg=LAT + 0.0006, lon_deg=LON, height_home_m=20.0)
    f.fly(2.0)
    assert f.stages(n) == [Stage.COMMANDED, Stage.ACCEPTED]
    assert f.settle(n, 90.0) == ALL_THREE
    assert f.vehicle.position is not None
    assert f.vehicle.position.lat_deg == pytest.approx(LAT + 0.0006, abs=3e-5)


@STACKS
def test_height_is_changed_above_home_also_where_the_stack_counts_from_the_sea(stack: str) -> None:
    """PX4 takes the height of a reposition from the sea: 40 m of ground must not turn 20 m into 20 m below it."""
    f = in_air(stack)
    f.settle(f.ask(Pause))
    assert f.settle(f.ask(ChangeHeight, height_home_m=20.0), 60.0) == ALL_THREE
    assert f.vehicle.height_home_m == pytest.approx(20.0, abs=1.5)
    lowest = min(20.0, f.vehicle.height_home_m or 0.0)
    assert lowest > 10.0


@STACKS
def test_look_and_speed_are_accepted(stack: str) -> None:
    f = in_air(stack)
    n, m = f.ask(LookAt, lat_deg=LAT, lon_deg=LON), f.ask(SetSpeed, speed_m_s=3.0)
    f.fly(3.0)
    assert f.stages(n) == f.stages(m) == [Stage.COMMANDED, Stage.ACCEPTED]


def test_orbit_on_px4_and_a_sentence_on_ardupilot() -> None:
    f = in_air("px4")
    assert f.settle(f.ask(Orbit, lat_deg=LAT, lon_deg=LON, height_home_m=18.0, radius_m=20.0)) == ALL_THREE
    f = in_air("ardupilot")
    n = f.ask(Orbit, lat_deg=LAT, lon_deg=LON, height_home_m=18.0)
    assert f.stages(n) == [Stage.REFUSED]
    assert "orbit" in f.words(n)


def test_smart_return_on_ardupilot_and_a_sentence_on_px4() -> None:
    f = in_air("ardupilot")
    assert f.settle(f.ask(SmartReturn)) == ALL_THREE
    assert (f.vehicle.mode, f.vehicle.doing) == ("SMART_RTL", Doing.RETURNING)
    assert f.fly(240.0, until=lambda: not f.vehicle.armed)
    f = in_air("px4")
    n = f.ask(SmartReturn)
    assert f.stages(n) == [Stage.REFUSED]
    assert "the way it came" in f.words(n)
    assert f.vehicle.doing is Doing.MISSION


def test_relay_on_ardupilot_actuator_on_px4() -> None:
    f = in_air("ardupilot")
    n = f.ask(SwitchSampler, output=0, relay=True, value=1.0)
    f.fly(3.0)
    assert f.stages(n)[-1] is Stage.ACCEPTED
    f = in_air("px4")
    n, m = f.ask(SwitchSampler, output=1, relay=False, value=0.5), f.ask(SwitchSampler, output=0, relay=True)
    f.fly(3.0)
    assert f.stages(n)[1] is Stage.ACCEPTED
    assert f.stages(m) == [Stage.REFUSED]


@STACKS
def test_land(stack: str) -> None:
    f = in_air(stack)
    assert f.settle(f.ask(Land)) == ALL_THREE
    assert f.fly(60.0, until=lambda: not f.vehicle.armed)


@STACKS
def test_arming_is_done_in_a_mode_that_does_not_start_by_itself(stack: str) -> None:
    f = Field(stack)
    f.connect()
    assert f.upload(short_mission()).good
    f.settle(f.ask(Arm))
    assert f.vehicle.armed
    assert f.vehicle.mode == ("GUIDED" if stack == "ardupilot" else "AUTO.LOITER")
    f.fly(4.0)
    assert not f.vehicle.in_air


@STACKS
def test_refusal_to_arm_has_the_autopilots_own_words(stack: str) -> None:
    f = Field(stack)
    f.fly(1.5, until=lambda: f.vehicle.connected)
    f.aircraft.craft.position_ok = False
    f.aircraft.who.ready_after_s = 1e9
    n = f.ask(Arm)
    assert f.settle(n)[-1] is Stage.REFUSED
    assert not f.vehicle.armed
    assert len(f.words(n)) > 8
    assert f.words(n) not in ("FAILED", "TEMPORARILY_REJECTED")


def test_start_without_arming_is_refused_by_us() -> None:
    f = Field("px4")
    f.connect()
    n = f.ask(Start)
    assert f.stages(n) == [Stage.REFUSED]


@STACKS
@pytest.mark.parametrize("kind", [Pause, ReturnHome, SmartReturn, Land, Continue, GoTo, ChangeHeight])
def test_moving_commands_are_refused_on_the_ground(stack: str, kind: type[Intent]) -> None:
    f = Field(stack)
    f.connect()
    assert f.stages(f.ask(kind)) == [Stage.REFUSED]


@STACKS
def test_motors_are_not_stopped_in_the_air_and_are_on_the_ground(stack: str) -> None:
    f = in_air(stack)
    assert f.stages(f.ask(StopMotors)) == [Stage.REFUSED]
    assert f.vehicle.armed
    f = Field(stack)
    f.connect()
    f.settle(f.ask(Arm))
    assert f.settle(f.ask(StopMotors)) == ALL_THREE


@STACKS
def test_session_is_not_ended_while_armed(stack: str) -> None:
    f = in_air(stack)
    assert f.stages(f.ask(Finish)) == [Stage.REFUSED]


@STACKS
@pytest.mark.parametrize("loss", [0.2, 0.3])
def test_commands_come_through_a_bad_link(stack: str, loss: float) -> None:
    bad = ChannelSettings(loss=loss, latency_s=0.1)
    f = in_air(stack)
    f._up.settings = f._down.settings = bad
    assert f.settle(f.ask(Pause)) == ALL_THREE
    assert f.settle(f.ask(Continue)) == ALL_THREE
    assert f.settle(f.ask(ReturnHome)) == ALL_THREE


@STACKS
def test_moving_intent_past_its_second_is_never_sent(stack: str) -> None:
    """The link is away when the key is pressed; when it is back a minute later nothing happens."""
    f = in_air(stack)
    f.settle(f.ask(Pause))
    f._up.settings = ChannelSettings(loss=1.0)
    n = f.ask(GoTo, expires_s=1.0, lat_deg=LAT + 0.002, lon_deg=LON, height_home_m=20.0)
    f.fly(5.0)
    f._up.settings = ChannelSettings()
    f.fly(20.0)
    assert f.stages(n)[-1] is Stage.EXPIRED
    assert f.vehicle.doing is Doing.HOLDING


@STACKS
def test_newest_intent_wins_over_one_that_is_still_repeated(stack: str) -> None:
    f = in_air(stack)
    f._up.settings = ChannelSettings(loss=1.0)
    n = f.ask(GoTo, lat_deg=LAT + 0.002, lon_deg=LON, height_home_m=20.0)
    f.fly(0.5)
    f._up.settings = ChannelSettings()
    m = f.ask(ReturnHome)
    f.fly(10.0)
    assert f.stages(n)[-1] is Stage.EXPIRED
    assert f.words(n) == "superseded"
    assert f.stages(m) == ALL_THREE
    assert f.vehicle.doing is Doing.RETURNING


@STACKS
@pytest.mark.parametrize("kind", [Pause, ReturnHome])
def test_nothing_automatic_is_sent_while_it_returns(stack: str, kind: type[Intent]) -> None:
    f = in_air(stack)
    f.settle(f.ask(ReturnHome))
    assert f.stages(f.ask(kind, automatic=True)) == [Stage.REFUSED]


@STACKS
def test_nothing_automatic_is_sent_after_the_pilot_took_over(stack: str) -> None:
    f = in_air(stack)
    mode = {"ardupilot": 5, "px4": 3 << 16}[stack]
    f.aircraft.craft.mode = mode
    f.fly(3.0, until=lambda: f.vehicle.pilot_has_it)
    assert f.vehicle.pilot_has_it
    assert f.stages(f.ask(Pause, automatic=True)) == [Stage.REFUSED]
    assert f.stages(f.ask(ReturnHome, automatic=True)) == [Stage.REFUSED]


@STACKS
def test_a_repeated_mode_command_stops_when_the_pilot_takes_over(stack: str) -> None:
    f = in_air(stack)
    f._up.settings = ChannelSettings(loss=1.0)
    n = f.ask(ReturnHome, expires_s=60.0)
    f.fly(1.0)
    f.aircraft.craft.mode = {"ardupilot": 5, "px4": 3 << 16}[stack]
    f.fly(2.0, until=lambda: f.vehicle.pilot_has_it)
    f._up.settings = ChannelSettings()
    f.fly(10.0)
    assert f.stages(n)[-1] is Stage.EXPIRED
    assert f.vehicle.pilot_has_it


def test_wrong_aircraft_gets_no_command() -> None:
    f = in_air("ardupilot")
    f.station.commander.bound_to = "another aircraft"
    n = f.ask(Pause)
    assert f.stages(n) == [Stage.REFUSED]
    assert "another aircraft" in f.words(n)


@STACKS
def test_link_loss_is_told_within_three_seconds_and_the_return_at_once(stack: str) -> None:
    from dronesampler.events import LinkBack, LinkLost

    f = in_air(stack)
    f.fly(5.0)
    down = f._down.settings
    f._down.settings = ChannelSettings(loss=1.0)
    cut_s = f.clock.monotonic_s()
    assert f.fly(10.0, until=lambda: not f.vehicle.connected)
    (lost,) = [e for e in f.said if isinstance(e, LinkLost)]
    assert lost.at.monotonic_s - cut_s <= 3.05
    n = f.ask(Pause)
    assert f.stages(n) == [Stage.REFUSED]
    f._down.settings = down
    heard_s = f.clock.monotonic_s()
    assert f.fly(5.0, until=lambda: f.vehicle.connected)
    assert f.clock.monotonic_s() - heard_s <= 1.5
    assert [e for e in f.said if isinstance(e, LinkBack)]
    assert f.settle(f.ask(Pause)) == ALL_THREE


def test_fence_is_switched_on_where_there_is_a_switch() -> None:
    from dronesampler.mavlink import PlanKind, Upload
    from dronesampler.mavlink.wire import WireItem

    f = Field("ardupilot")
    f.connect()
    zone = (WireItem(5003, 0, (200.0, 0.0, 0.0, 0.0), 357120000, 1164890000, 0.0),)
    assert f.transfer(Upload(f.station.party, PlanKind.FENCE, zone)).good
    f.fly(2.0)
    assert f.vehicle.readiness is not None
    assert f.vehicle.readiness.fence_enabled is False
    assert f.settle(f.ask(EnableFence)) == ALL_THREE
    f = Field("px4")
    f.connect()
    n = f.ask(EnableFence)
    assert f.stages(n) == [Stage.REFUSED]
    assert "as soon as it is stored" in f.words(n)
