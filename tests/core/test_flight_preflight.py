"""The preflight: every machine-checked item good, bad and unknown, ticks and overrides; link loss in words."""

from dataclasses import replace

import pytest

from dronesampler.events import (
    Autopilot,
    BatteryReported,
    ClockCompared,
    EstimatorReported,
    Event,
    GnssReported,
    HeartbeatSeen,
    HomeMoved,
    LinkLost,
    MissionProgressed,
    MissionState,
    ReadinessReported,
    Stamp,
    TextSaid,
)
from dronesampler.flight.linkloss import on_link_loss
from dronesampler.flight.preflight import (
    HAND,
    TITLES,
    CheckItem,
    Facts,
    Override,
    Result,
    Tick,
    passes,
    preflight,
    problems,
)
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission import Fence, Mission, PolygonFence
from dronesampler.mission.mission import return_home, takeoff, waypoint

AT = Stamp(100.0, 1.8e9)
HOME = Place(35.712, 116.489, 40.0, HeightReference.SEA)
SQUARE = Polygon(((35.711, 116.488), (35.711, 116.490), (35.713, 116.490), (35.713, 116.488)))
MISSION = Mission(
    "m",
    (takeoff(35.712, 116.489, 20.0), waypoint(35.7125, 116.489, 20.0), return_home()),
    home=HOME,
    fence=Fence((PolygonFence(SQUARE),)),
)
PARAMETERS = {"FS_GCS_ENABLE": 1.0, "MAV_GCS_SYSID": 255.0, "FS_OPTIONS": 0.0, "RTL_ALT": 6000.0}


def vehicle(*events: Event) -> Vehicle:
    v = Vehicle(parameters=PARAMETERS)
    good: tuple[Event, ...] = (
        HeartbeatSeen(AT, 1, 1, Autopilot.ARDUPILOT, False, "GUIDED", False),
        GnssReported(AT, 3, 14, 0.8, 0.5),
        EstimatorReported(AT, True, True, 831),
        ReadinessReported(AT, True, True),
        HomeMoved(AT, HOME),
        MissionProgressed(AT, 0, 3, MissionState.NOT_STARTED, 0, 0, 0),
        BatteryReported(AT, 16.5, 0.3, 96.0, 0.0),
        ClockCompared(AT, 1.8e9 + 0.2),
    )
    for event in (*good, *events):
        v = v.after(event)
    return v


def facts(*events: Event, **more: object) -> Facts:
    good = {
        "mission": MISSION,
        "plan_proven": True,
        "fence_proven": True,
        "energy_needed_percent": 40.0,
        "free_minutes": 900.0,
        "sampler_checked_s_ago": 3600.0,
        "approval_number": "济空批-2026-1",
        "tallest_obstacle_m": 35.0,
        "ticks": {key: Tick("演示员", "09:00") for key in HAND},
    }
    return Facts(vehicle(*events), 101.0, **{**good, **more})  # type: ignore[arg-type]


def item(key: str, f: Facts) -> CheckItem:
    return next(i for i in preflight(f) if i.key == key)


def test_all_good_passes_and_every_item_is_there() -> None:
    items = preflight(facts())
    assert [i.key for i in items] == [*TITLES, *HAND]
    assert passes(items), [i for i in items if not i.passes]
    assert problems(items) == ()


@pytest.mark.parametrize(
    ("key", "f", "result"),
    [
        ("link", facts(LinkLost(AT, 3.0)), Result.BAD),
        ("gnss", facts(GnssReported(AT, 2, 14, 0.8, None)), Result.BAD),
        ("gnss", facts(GnssReported(AT, 3, 5, 0.8, None)), Result.BAD),
        ("gnss", facts(GnssReported(AT, 3, 14, 2.5, None)), Result.BAD),
        ("estimator", facts(EstimatorReported(AT, False, False, 167)), Result.BAD),
        ("autopilot", facts(ReadinessReported(AT, False, True, ("GPS",))), Result.BAD),
        ("autopilot", facts(ReadinessReported(AT, None, True)), Result.GOOD),
        ("home", facts(HomeMoved(AT, replace(HOME, lat_deg=35.713))), Result.BAD),
        ("plan", facts(plan_proven=False), Result.BAD),
        ("plan", facts(mission=None), Result.BAD),
        ("plan", facts(MissionProgressed(AT, 0, 5, MissionState.NOT_STARTED, 0, 0, 0)), Result.BAD),
        ("fence", facts(mission=replace(MISSION, fence=Fence())), Result.BAD),
        ("fence", facts(fence_proven=False), Result.BAD),
        ("fence", facts(ReadinessReported(AT, True, False)), Result.BAD),
        ("fence", facts(ReadinessReported(AT, True, None)), Result.UNKNOWN),
        ("battery", facts(BatteryReported(AT, 15.0, 0.3, 60.0, None)), Result.BAD),
        ("battery", facts(energy_needed_percent=None), Result.UNKNOWN),
        ("clock", facts(ClockCompared(AT, 1.8e9 + 30.0)), Result.BAD),
        ("storage", facts(free_minutes=20.0), Result.BAD),
        ("storage", facts(free_minutes=None), Result.UNKNOWN),
        ("sampler", facts(sampler_checked_s_ago=None), Result.BAD),
        ("sampler", facts(sampler_checked_s_ago=100_000.0), Result.BAD),
        ("airspace", facts(approval_number="  "), Result.BAD),
        ("return-height", facts(tallest_obstacle_m=55.0), Result.BAD),
        ("return-height", facts(tallest_obstacle_m=None), Result.UNKNOWN),
        ("propellers", facts(ticks={}), Result.OPEN),
    ],
)
def test_each_item_that_does_not_pass(key: str, f: Facts, result: Result) -> None:
    found = item(key, f)
    assert found.result is result
    assert found.reason.zh
    assert found.reason.en
    if result is not Result.GOOD:
        assert not passes(preflight(f))
        assert f"preflight-{key}" in [p.rule for p in problems(preflight(f))]


def test_old_figures_are_not_known() -> None:
    late = replace(facts(), now_s=130.0)
    assert item("gnss", late).result is Result.UNKNOWN
    assert "30" in item("gnss", late).reason.en


def test_the_autopilots_words_are_shown() -> None:
    words = TextSaid(AT, 2, "PreArm: Compass not calibrated", 1, 1)
    found = item("autopilot", facts(ReadinessReported(AT, False, True, ("compass",)), words))
    assert "PreArm: Compass not calibrated" in found.reason.en
    assert "compass" in found.reason.en


def test_override_needs_a_reason_and_goes_on_record() -> None:
    f = facts(approval_number="", overrides={"airspace": Override("李某（演示）", "口头批准", 1.8e9)})
    found = item("airspace", f)
    assert found.result is Result.OVERRIDDEN
    assert "口头批准" in found.reason.zh
    assert passes(preflight(f))
    silent = replace(f, overrides={"airspace": Override("李某（演示）", "  ", 1.8e9)})
    assert item("airspace", silent).result is Result.BAD


@pytest.mark.parametrize("key", ["link", "gnss", "estimator"])
def test_a_wrong_position_is_nobodys_to_wave_through(key: str) -> None:
    bad = (LinkLost(AT, 3.0), GnssReported(AT, 0, 0, None, None), EstimatorReported(AT, False, False, 0))
    f = facts(*bad, overrides={key: Override("x", "because", 1.8e9)})
    assert item(key, f).result is Result.BAD


def test_a_tick_names_who_and_when() -> None:
    assert "演示员" in item("pilot", facts()).reason.zh
    assert "09:00" in item("pilot", facts()).reason.en


# What it will do if the link drops.


def said(stack: Autopilot, **parameters: float) -> tuple[str, bool]:
    told = on_link_loss(stack, parameters)
    return "; ".join(t.en for t in told.sentences), told.acts


@pytest.mark.parametrize(
    ("parameters", "words", "acts"),
    [
        ({}, "not read", False),
        ({"FS_GCS_ENABLE": 0}, "does not come back", False),
        ({"FS_GCS_ENABLE": 1, "FS_GCS_TIMEOUT": 5}, "5 s after the last heartbeat of this station: return home", True),
        ({"FS_GCS_ENABLE": 5}, "land where it is", True),
        ({"FS_GCS_ENABLE": 3}, "return the way it came", True),
        ({"FS_GCS_ENABLE": 1, "FS_OPTIONS": 2}, "flies the mission to its end", True),
        ({"FS_GCS_ENABLE": 1, "SYSID_MYGCS": 254}, "will never start", False),
        ({"FS_GCS_ENABLE": 1, "MAV_GCS_SYSID": 250, "MAV_GCS_SYSID_HI": 255}, "return home", True),
        ({"FS_GCS_ENABLE": 1, "MAV_GCS_SYSID": 255, "MAV_GCS_SYSID_HI": 0}, "return home", True),
        ({"FS_GCS_ENABLE": 1, "RTL_ALT": 1500}, "returns at 15 m", True),
        ({"FS_GCS_ENABLE": 1, "RTL_ALT_M": 25}, "returns at 25 m", True),
        ({"FS_GCS_ENABLE": 1, "RTL_ALT": 0}, "present height", True),
        ({"FS_GCS_ENABLE": 1, "FS_THR_ENABLE": 3}, "remote control is lost: land", True),
    ],
)
def test_ardupilot_in_words(parameters: dict[str, float], words: str, acts: bool) -> None:
    sentence, does = said(Autopilot.ARDUPILOT, **parameters)
    assert words in sentence
    assert does is acts


@pytest.mark.parametrize(
    ("parameters", "words", "acts"),
    [
        ({}, "not read", False),
        ({"NAV_DLL_ACT": 0}, "does not come back", False),
        ({"NAV_DLL_ACT": 2, "COM_DL_LOSS_T": 10}, "10 s after the last heartbeat of this station: hold for 5 s", True),
        ({"NAV_DLL_ACT": 2, "COM_FAIL_ACT_T": 0}, "station: return home", True),
        ({"NAV_DLL_ACT": 3}, "land", True),
        ({"NAV_DLL_ACT": 5}, "motors stop", True),
        ({"NAV_DLL_ACT": 2, "COM_DLL_EXCEPT": 1}, "flies the mission to its end", True),
        ({"NAV_DLL_ACT": 2, "RTL_RETURN_ALT": 60}, "returns at 60 m", True),
        ({"NAV_DLL_ACT": 2, "NAV_RCL_ACT": 2, "COM_RC_IN_MODE": 1}, "remote control is lost: return home", True),
    ],
)
def test_px4_in_words(parameters: dict[str, float], words: str, acts: bool) -> None:
    sentence, does = said(Autopilot.PX4, **parameters)
    assert words in sentence
    assert does is acts


def test_both_languages_say_it() -> None:
    told = on_link_loss(Autopilot.ARDUPILOT, {"FS_GCS_ENABLE": 1.0})
    assert "返航" in told.sentences[0].zh
    assert "{" not in "".join(t.zh + t.en for t in told.sentences)
