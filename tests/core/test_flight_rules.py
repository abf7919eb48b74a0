"""The vehicle as a value, what limits ask for and when they keep still, the phases of a patrol."""

from dataclasses import replace

import pytest

from dronesampler.commands import (
    Arm,
    ChangeHeight,
    Continue,
    GoTo,
    Land,
    Orbit,
    Pause,
    ReturnHome,
    Start,
    SwitchSampler,
    Upload,
)
from dronesampler.events import (
    Autopilot,
    BatteryReported,
    ClockCompared,
    Event,
    HeartbeatSeen,
    HomeMoved,
    ItemReached,
    LandedReported,
    LinkBack,
    LinkLost,
    LinkMeasured,
    MissionProgressed,
    MissionState,
    Moved,
    PlanStored,
    PreflightPassed,
    RecorderFailed,
    Stamp,
    WindEstimated,
)
from dronesampler.flight.home import home_moved
from dronesampler.flight.limits import Action, Guard, Limits, breaches, inside_fence
from dronesampler.flight.modes import Doing, doing_in
from dronesampler.flight.patrol import Patrol, Phase, intent_of
from dronesampler.flight.rules import may_resend, refusal
from dronesampler.flight.steps import HeightSteps
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission import Circle, Fence, Mission, PolygonFence
from dronesampler.mission.mission import waypoint

HOME = Place(35.712, 116.489, 40.0, HeightReference.SEA)


def at(seconds: float) -> Stamp:
    return Stamp(seconds, 1.8e9 + seconds)


def beat(seconds: float, mode: str, *, armed: bool = True, failsafe: bool = False) -> HeartbeatSeen:
    return HeartbeatSeen(at(seconds), 1, 1, Autopilot.ARDUPILOT, armed, mode, failsafe)


def moved(seconds: float, *, height_m: float = 20.0, north_m: float = 0.0) -> Moved:
    return Moved(at(seconds), 35.712 + north_m / 111_000, 116.489, height_m, 40.0 + height_m, 1.0, 0.0, 0.0, None)


def after(vehicle: Vehicle, *events: Event) -> Vehicle:
    for event in events:
        vehicle = vehicle.after(event)
    return vehicle


def flying(seconds: float = 100.0, *, mode: str = "AUTO", failsafe: bool = False) -> Vehicle:
    return after(
        Vehicle(),
        HomeMoved(at(seconds), HOME),
        beat(seconds, mode, failsafe=failsafe),
        LandedReported(at(seconds), True),
        moved(seconds),
        BatteryReported(at(seconds), 15.0, 10.0, 80.0, 100.0),
        WindEstimated(at(seconds), 90.0, 3.0, None, "WIND"),
    )


def test_vehicle_is_replaced_never_edited() -> None:
    old = flying()
    new = old.after(moved(101.0, height_m=30.0))
    assert old.height_home_m == 20.0
    assert new.height_home_m == 30.0
    assert old.after(ClockCompared(at(1.0), 1.8e9 + 3.5)).clock_offset_s == 2.5


def test_figures_that_a_message_lacks_are_kept() -> None:
    v = flying().after(BatteryReported(at(101.0), 14.9, None, None, None))
    assert v.battery is not None
    assert (v.battery.voltage_v, v.battery.remaining_percent) == (14.9, 80.0)


def test_time_in_a_mode_is_counted_from_its_first_heartbeat() -> None:
    v = after(Vehicle(), beat(1.0, "AUTO"), beat(2.0, "AUTO"), beat(3.0, "RTL"), beat(4.0, "RTL"))
    assert v.mode_since_s == 3.0
    assert v.armed_since_s == 1.0


def test_reached_items_are_noted_once() -> None:
    v = after(flying(), ItemReached(at(1.0), 2), ItemReached(at(2.0), 2), ItemReached(at(3.0), 4))
    assert v.reached == (2, 4)


def test_distances_and_heights() -> None:
    v = flying().after(moved(101.0, north_m=111.0))
    assert v.home_distance_m == pytest.approx(111.0, abs=0.5)
    assert v.home_height_sea_m == 40.0
    assert replace(v, home=None).home_height_sea_m == 40.0
    assert replace(v, home=None).home_distance_m is None


def test_in_the_air_is_judged_by_height_where_nobody_tells() -> None:
    v = replace(flying(), in_air_told=None)
    assert v.in_air
    assert not replace(v, armed=False).in_air
    assert not v.after(moved(101.0, height_m=0.1)).in_air


def test_link_state_is_the_vehicles() -> None:
    v = flying()
    assert not v.after(LinkLost(at(103.0), 3.0)).connected
    assert v.after(LinkLost(at(103.0), 3.0)).after(LinkBack(at(104.0), 4.0)).connected


@pytest.mark.parametrize(
    ("stack", "mode", "doing"),
    [
        (Autopilot.ARDUPILOT, "LOITER", Doing.PILOT),
        (Autopilot.ARDUPILOT, "BRAKE", Doing.HOLDING),
        (Autopilot.PX4, "AUTO.LOITER", Doing.HOLDING),
        (Autopilot.PX4, "POSCTL", Doing.PILOT),
        (Autopilot.ARDUPILOT, "MODE 99", Doing.UNKNOWN),
    ],
)
def test_what_modes_do(stack: Autopilot, mode: str, doing: Doing) -> None:
    assert doing_in(stack, mode) is doing


# What may be asked.


@pytest.mark.parametrize("kind", [Pause, ReturnHome, Land])
def test_hold_return_and_land_stay_possible_in_a_failsafe(kind: type) -> None:
    assert refusal(kind(1, 999.0), flying(mode="RTL", failsafe=True)) is None


@pytest.mark.parametrize("kind", [Continue, Start, GoTo, ChangeHeight, Orbit])
def test_nothing_that_ends_a_failsafe_is_sent(kind: type) -> None:
    """An accepted mode command ends a PX4 failsafe for good."""
    assert refusal(kind(1, 999.0), flying(mode="RTL", failsafe=True)) is not None


@pytest.mark.parametrize("kind", [Pause, ReturnHome])
@pytest.mark.parametrize("mode", ["RTL", "LAND", "STABILIZE", "LOITER"])
def test_nothing_automatic_against_return_landing_or_pilot(kind: type, mode: str) -> None:
    assert refusal(kind(1, 999.0), flying(mode=mode), automatic=True) is not None
    assert refusal(kind(1, 999.0), flying(mode="AUTO"), automatic=True) is None


def test_a_low_battery_may_still_turn_a_return_into_a_landing() -> None:
    assert refusal(Land(1, 999.0), flying(mode="RTL"), automatic=True) is None
    assert refusal(Land(1, 999.0), flying(mode="RTL", failsafe=True), automatic=True) is not None


def test_upload_in_the_air_only_while_holding() -> None:
    assert refusal(Upload(1, 999.0), flying(mode="AUTO")) is not None
    assert refusal(Upload(1, 999.0), flying(mode="BRAKE")) is None
    assert refusal(Upload(1, 999.0), after(Vehicle(), beat(1.0, "STABILIZE", armed=False))) is None


def test_nothing_is_sent_without_a_heartbeat() -> None:
    assert refusal(Arm(1, 999.0), Vehicle()) is not None
    assert refusal(Pause(1, 999.0), flying().after(LinkLost(at(104.0), 4.0))) is not None


def test_px4_is_not_sent_anywhere_without_a_home_height() -> None:
    v = replace(flying(), autopilot=Autopilot.PX4, mode="AUTO.LOITER", home=None)
    assert refusal(GoTo(1, 999.0), v) is None  # the two heights of the position tell it
    assert refusal(GoTo(1, 999.0), replace(v, position=None)) is not None


def test_output_that_the_autopilot_drives_is_not_switched() -> None:
    v = replace(flying(), parameters={"SERVO1_FUNCTION": 33.0, "SERVO9_FUNCTION": 0.0})
    taken = refusal(SwitchSampler(1, 999.0, output=1, relay=False), v)
    assert taken is not None
    assert "33" in taken.en
    assert refusal(SwitchSampler(1, 999.0, output=9, relay=False), v) is None


def test_repeating_stops_when_something_else_took_over() -> None:
    v = flying(100.0, mode="AUTO")
    assert may_resend(ReturnHome(1, 999.0), v, first_sent_s=101.0)
    assert not may_resend(ReturnHome(1, 999.0), v.after(beat(102.0, "LOITER")), first_sent_s=101.0)
    assert not may_resend(Pause(1, 999.0), v.after(beat(102.0, "RTL", failsafe=True)), first_sent_s=101.0)


# Limits.


def test_good_figures_breach_nothing() -> None:
    assert breaches(Limits(), flying(), 100.0) == ()


@pytest.mark.parametrize(
    ("event", "rule", "action"),
    [
        (BatteryReported(at(100.0), 14.0, 10.0, 29.0, None), "battery", Action.RETURN),
        (BatteryReported(at(100.0), 14.0, 10.0, 11.0, None), "battery", Action.LAND),
        (WindEstimated(at(100.0), 90.0, 10.5, None, "WIND"), "wind", Action.PAUSE),
        (WindEstimated(at(100.0), 90.0, 12.5, None, "WIND"), "wind", Action.RETURN),
        (moved(100.0, height_m=121.0), "height", Action.PAUSE),
        (moved(100.0, north_m=1600.0), "distance", Action.PAUSE),
        (moved(100.0, north_m=2100.0), "distance", Action.RETURN),
        (LinkMeasured(at(100.0), 0.7), "link", Action.PAUSE),
    ],
)
def test_each_limit(event: Event, rule: str, action: Action) -> None:
    (breach,) = breaches(Limits(), flying().after(event), 100.0)
    assert (breach.rule, breach.action) == (rule, action)
    assert breach.text.zh
    assert breach.text.en


def test_stale_figures_are_no_reason() -> None:
    v = flying().after(WindEstimated(at(100.0), 90.0, 15.0, None, "WIND"))
    assert breaches(Limits(), v, 100.0)
    assert not [b for b in breaches(Limits(), v, 120.0) if b.rule == "wind"]


SQUARE = Polygon(((35.711, 116.488), (35.711, 116.490), (35.713, 116.490), (35.713, 116.488)))


def test_fence_inside_and_outside() -> None:
    fence = Fence((PolygonFence(SQUARE),), (Circle(35.712, 116.4895, 20.0, inclusion=False),))
    assert inside_fence(fence, 35.712, 116.489)
    assert not inside_fence(fence, 35.714, 116.489)
    assert not inside_fence(fence, 35.712, 116.4895)
    v = flying().after(moved(100.0, north_m=300.0))
    (breach,) = breaches(Limits(fence=fence), v, 100.0)
    assert (breach.rule, breach.action) == ("fence", Action.RETURN)


def windy(seconds: float, speed: float, *, mode: str = "AUTO") -> Vehicle:
    return flying(seconds, mode=mode).after(WindEstimated(at(seconds), 90.0, speed, None, "WIND"))


def test_a_gust_is_no_breach_and_a_lasting_wind_pauses_once() -> None:
    guard = Guard(Limits())
    guard, asks = guard.after(windy(100.0, 11.0), 100.0)
    assert asks == ()
    guard, asks = guard.after(windy(102.0, 5.0), 102.0)
    guard, asks = guard.after(windy(103.0, 11.0), 103.0)
    guard, asks = guard.after(windy(107.0, 11.0), 107.0)
    assert [a.action for a in asks] == [Action.PAUSE]
    guard, asks = guard.after(windy(108.0, 11.0), 108.0)
    assert asks == ()


def test_a_pause_that_does_not_end_it_becomes_a_return_and_never_the_other_way() -> None:
    guard = Guard(Limits(), since_s={"wind": 0.0}, asked={"wind": (Action.PAUSE, 100.0)})
    guard, asks = guard.after(windy(110.0, 11.0, mode="BRAKE"), 110.0)
    assert asks == ()
    guard, asks = guard.after(windy(131.0, 11.0, mode="BRAKE"), 131.0)
    assert [a.action for a in asks] == [Action.RETURN]
    guard, asks = guard.after(windy(170.0, 11.0, mode="RTL"), 170.0)
    assert asks == ()


@pytest.mark.parametrize("mode", ["RTL", "LAND", "LOITER", "STABILIZE"])
def test_limits_keep_still_while_something_else_flies(mode: str) -> None:
    guard = Guard(Limits(), since_s={"wind": 0.0})
    assert guard.after(windy(100.0, 20.0, mode=mode), 100.0)[1] == ()


def test_limits_keep_still_in_a_failsafe() -> None:
    v = flying(mode="BRAKE", failsafe=True).after(WindEstimated(at(100.0), 90.0, 20.0, None, "WIND"))
    assert Guard(Limits(), since_s={"wind": 0.0}).after(v, 100.0)[1] == ()


def test_of_several_breaches_the_strongest_is_asked() -> None:
    v = windy(100.0, 11.0).after(BatteryReported(at(100.0), 13.0, 5.0, 8.0, None))
    guard = Guard(Limits(), since_s={"wind": 0.0, "battery": 0.0})
    assert [a.action for a in guard.after(v, 100.0)[1]] == [Action.LAND]


def test_recorder_that_fails_pauses() -> None:
    guard = Guard(Limits(), since_s={"recorder": 0.0})
    assert [a.rule for a in guard.after(flying(), 100.0, recorder_error="disk full")[1]] == ["recorder"]


def test_limits_are_said_in_words() -> None:
    words = Limits(fence=Fence((PolygonFence(SQUARE),))).words()
    assert len(words) == 6
    assert "30" in words[0].zh
    assert "12" in words[0].en


# Phases.


def test_a_patrol_from_first_heartbeat_to_landing() -> None:
    story: list[tuple[Event, Phase]] = [
        (beat(1.0, "STABILIZE", armed=False), Phase.CONNECTED),
        (PlanStored(at(2.0), 20), Phase.UPLOADED),
        (PreflightPassed(at(3.0)), Phase.PREFLIGHT),
        (beat(4.0, "GUIDED"), Phase.ARMED),
        (LandedReported(at(5.0), True), Phase.FLYING),
        (beat(6.0, "AUTO"), Phase.FLYING),
        (LinkLost(at(9.0), 3.0), Phase.FLYING),
        (LinkBack(at(10.0), 4.0), Phase.FLYING),
        (beat(11.0, "RTL"), Phase.RETURNING),
        (LandedReported(at(12.0), False), Phase.RETURNING),
        (beat(13.0, "RTL", armed=False), Phase.LANDED),
    ]
    patrol, vehicle = Patrol(), Vehicle()
    for event, phase in story:
        vehicle = vehicle.after(event)
        patrol, _ = patrol.after(event, vehicle)
        assert patrol.phase is phase, event
    assert (patrol.took_off_s, patrol.landed_s) == (5.0, 13.0)


def test_arming_and_disarming_on_the_ground_is_no_flight() -> None:
    patrol, vehicle = Patrol(Phase.PREFLIGHT), Vehicle()
    for event in (beat(1.0, "GUIDED"), beat(2.0, "GUIDED", armed=False)):
        vehicle = vehicle.after(event)
        patrol, _ = patrol.after(event, vehicle)
    assert patrol.phase is Phase.PREFLIGHT
    assert patrol.landed_s is None


def test_preflight_before_the_plan_does_not_count() -> None:
    patrol, _ = Patrol(Phase.CONNECTED).after(PreflightPassed(at(1.0)), Vehicle())
    assert patrol.phase is Phase.CONNECTED


def test_a_second_flight_of_the_same_patrol() -> None:
    patrol, vehicle = Patrol(Phase.LANDED), flying()
    patrol, _ = patrol.after(beat(101.0, "AUTO"), vehicle)
    assert patrol.phase is Phase.FLYING


def test_recorder_failure_becomes_an_ask_for_a_pause() -> None:
    patrol, vehicle = Patrol(Phase.FLYING), flying()
    patrol, asks = patrol.after(RecorderFailed(at(100.0), "disk full"), vehicle)
    assert asks == ()
    patrol, asks = patrol.after(beat(104.0, "AUTO"), vehicle.after(beat(104.0, "AUTO")))
    (ask,) = asks
    intent = intent_of(ask, id=7, now_s=104.0)
    assert isinstance(intent, Pause)
    assert intent.operator == "limit: recorder"
    assert intent.expires_s == 109.0


def test_px4_mission_that_never_tells_its_state_is_active_in_its_mode() -> None:
    v = replace(flying(), autopilot=Autopilot.PX4, mode="AUTO.MISSION")
    v = v.after(MissionProgressed(at(1.0), 3, 20, MissionState.UNKNOWN, 1, 2, 3))
    assert v.mission is not None
    assert v.mission.state is MissionState.ACTIVE


def test_plan_that_another_station_changed_is_noticed() -> None:
    patrol, v = Patrol(Phase.CONNECTED), flying()
    patrol, _ = patrol.after(PlanStored(at(1.0), 20, mission_id=77), v)
    patrol, _ = patrol.after(MissionProgressed(at(2.0), 0, 20, MissionState.ACTIVE, 77, 0, 0), v)
    assert not patrol.plan_changed
    patrol, _ = patrol.after(MissionProgressed(at(3.0), 0, 9, MissionState.ACTIVE, 78, 0, 0), v)
    assert patrol.plan_changed


# Relative wishes.


def test_steps_add_up_to_one_absolute_target() -> None:
    steps, v = HeightSteps(), flying()
    steps, first = steps.step(5.0, v, id=1, now_s=100.0)
    steps, second = steps.step(5.0, v.after(moved(101.0, height_m=21.0)), id=2, now_s=101.0)
    assert first is not None
    assert second is not None
    assert (first.height_home_m, second.height_home_m) == (25.0, 30.0)
    assert second.expires_s == 102.0


def test_an_old_target_is_no_start_for_a_step() -> None:
    steps = HeightSteps(target_m=60.0, at_s=0.0)
    _, intent = steps.step(-5.0, flying(), id=1, now_s=100.0)
    assert intent is not None
    assert intent.height_home_m == 15.0


def test_steps_stop_at_the_bounds_and_never_turn_round() -> None:
    low = flying().after(moved(100.0, height_m=2.0))
    assert HeightSteps().step(-5.0, low, id=1, now_s=100.0)[1] is None
    _, up = HeightSteps().step(5.0, flying().after(moved(100.0, height_m=118.0)), id=1, now_s=100.0)
    assert up is not None
    assert up.height_home_m == 120.0
    assert HeightSteps().step(5.0, Vehicle(), id=1, now_s=100.0)[1] is None


# Home that moves at arming.


def test_home_that_moved_is_told_and_a_metre_is_not() -> None:
    mission = Mission("m", (waypoint(35.712, 116.489, 15.0), waypoint(35.713, 116.489, 30.0)), home=HOME)
    assert home_moved(HOME, replace(HOME, lat_deg=35.71201, height_m=41.0), mission) == ()
    (far,) = home_moved(HOME, replace(HOME, lat_deg=35.7125), mission)
    assert far.rule == "home-moved"
    (low,) = home_moved(HOME, replace(HOME, height_m=30.0), mission)
    assert low.rule == "home-height"
    assert "about 5 m instead of 15 m" in low.text.en
    assert home_moved(None, HOME, mission) == ()
