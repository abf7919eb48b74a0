"""Each check finds what it is for, says where and why, and stays silent otherwise."""

import dataclasses
import math

import numpy as np
import pytest
from numpy.typing import ArrayLike

from dronesampler.geo import HeightReference, LocalFrame, Place, Polygon
from dronesampler.mission import Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint
from dronesampler.park import Airspace, Building, Outlet, Park
from dronesampler.plan import Aircraft, Sampler
from dronesampler.plan.approval import APPLICATION_ITEMS, Approval
from dronesampler.plan.check import check
from dronesampler.problems import Problem, Severity

FRAME = LocalFrame(35.7, 116.4)
DAY = "2026-06-17T02:00:00+00:00"


def at(x: float, y: float) -> tuple[float, float]:
    lat, lon = FRAME.to_lat_lon(x, y)
    return float(lat), float(lon)


def square(x: float, y: float, half: float) -> Polygon:
    return Polygon((at(x - half, y - half), at(x + half, y - half), at(x + half, y + half), at(x - half, y + half)))


def route(*points: tuple[float, float, float], speed: float = 3.0, hold_s: float = 0.0) -> Mission:
    items = [takeoff(*at(0, 0), points[0][2]), change_speed(speed)]
    items += [waypoint(*at(x, y), z, hold_s=hold_s) for x, y, z in points]
    fence = Fence((PolygonFence(square(150, 150, 400)),))
    home = Place(*at(0, 0), 0.0, HeightReference.GROUND)
    return Mission("m", (*items, return_home()), home, speed, fence, pattern="crosswind-ladder")


PARK = Park(
    "p", square(150, 150, 200), airspaces=(Airspace("A", square(2000, 2000, 50), layer="L", layer_version="7"),)
)
LEVEL = route((50, 0, 30), (300, 0, 30), (300, 100, 30))
HIGH_RETURN = Aircraft(return_height_m=60.0)


class Slope:
    """Ground that rises to the east, 0.2 m a metre, with nothing known north of y = 80."""

    def height_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> np.ndarray:
        x, y = FRAME.to_xy(lat_deg, lon_deg)
        return np.where(y > 80.0, math.nan, 100.0 + 0.2 * x)


def found(problems: tuple[Problem, ...], rule: str) -> list[Problem]:
    return [p for p in problems if p.rule == rule]


def only(problems: tuple[Problem, ...], rule: str) -> Problem:
    (one,) = found(problems, rule)
    assert one.text.zh and one.text.en
    return one


def test_a_plain_route_over_open_ground_has_nothing_but_what_is_not_known() -> None:
    rules = {p.rule for p in check(LEVEL, park=PARK)}
    assert rules == {"terrain.no-data", "airspace.clear"}
    assert {p.rule for p in check(LEVEL)} == {"terrain.no-data", "park.none"}


def test_true_height_comes_from_the_terrain_and_no_data_is_said() -> None:
    problems = check(LEVEL, park=PARK, terrain=Slope())
    low = found(problems, "height.ground")
    assert [p.where for p in low] == ["item 4", "item 5", "item 6 (return)"] and "-30" in low[0].text.en
    assert "places" in only(problems, "terrain.no-data").text.en
    flat = check(route((50, 0, 30), (60, 0, 30)), park=PARK, terrain=Slope())
    assert not found(flat, "height.ground") and not found(flat, "terrain.no-data")


@pytest.mark.parametrize(("height", "severity"), [(108.0, None), (115.0, Severity.WARNING), (125.0, Severity.ERROR)])
def test_the_120_m_rule_with_its_margin(height: float, severity: Severity | None) -> None:
    problems = found(check(route((50, 0, height), (90, 0, height)), park=PARK), "height.limit")
    assert {p.severity for p in problems} == ({severity} if severity else set())


def test_obstacles_are_found_in_the_middle_of_a_leg() -> None:
    tower = dataclasses.replace(PARK, buildings=(Building(square(175, 0, 5), 28.0, "tower"),))
    problem = only(check(LEVEL, park=tower, aircraft=HIGH_RETURN), "obstacle.leg")
    assert "tower" in problem.text.en and problem.where == "item 4" and problem.severity is Severity.WARNING
    assert problem.lon_deg == pytest.approx(at(175, 0)[1], abs=2e-4)
    taller = dataclasses.replace(PARK, buildings=(Building(square(175, 0, 5), 45.0, "tower"),))
    assert only(check(LEVEL, park=taller, aircraft=HIGH_RETURN), "obstacle.leg").severity is Severity.ERROR
    beside = dataclasses.replace(PARK, buildings=(Building(square(175, 20, 5), 45.0, "tower"),))
    assert not found(check(LEVEL, park=beside, aircraft=HIGH_RETURN), "obstacle.leg")


def test_the_way_back_is_looked_at_too() -> None:
    stack = dataclasses.replace(PARK, outlets=(Outlet("DA001", *at(150, 50), 50.0),))
    problem = only(check(LEVEL, park=stack, aircraft=Aircraft(return_height_m=35.0)), "obstacle.return")
    assert "DA001" in problem.text.en and "55 m" in problem.text.en and problem.severity is Severity.ERROR
    assert not found(check(LEVEL, park=stack, aircraft=HIGH_RETURN), "obstacle.return")


def zone(**values: object) -> Park:
    airspace = Airspace("Z", square(300, 50, 20), layer="L", layer_version="7", **values)  # type: ignore[arg-type]
    return dataclasses.replace(PARK, airspaces=(airspace,))


def approval(**values: object) -> Approval:
    standard = Approval("2026-17", square(300, 50, 60), 60.0, "2026-06-17T00:00:00Z", "2026-06-17T08:00:00Z")
    return dataclasses.replace(standard, **values)  # type: ignore[arg-type]


def test_controlled_airspace_without_an_approval_is_not_allowed() -> None:
    problem = only(check(LEVEL, park=zone()), "airspace.not-allowed")
    assert problem.severity is Severity.ERROR and "L" in problem.text.en and "7" in problem.text.en
    assert not found(check(LEVEL, park=zone(floor_agl_m=60.0)), "airspace.not-allowed")


def test_an_approval_must_cover_place_height_and_time() -> None:
    allowed = check(LEVEL, park=zone(), approvals=(approval(),), at_utc=DAY)
    assert "2026-17" in only(allowed, "airspace.allowed").text.en
    for bad in (
        approval(area=None),
        approval(area=square(300, 50, 10)),
        approval(ceiling_agl_m=25.0),
        approval(ends_utc="2026-06-17T01:00:00Z"),
    ):
        assert found(check(LEVEL, park=zone(), approvals=(bad,), at_utc=DAY), "airspace.not-allowed")
    assert found(check(LEVEL, park=zone(), approvals=(approval(),)), "airspace.not-allowed")  # no time, no cover


def test_timed_airspace_is_unknown_until_the_time_is_said() -> None:
    park = zone(begins_utc="2026-06-17T10:00:00Z", ends_utc="2026-06-17T12:00:00Z")
    assert "ask" in only(check(LEVEL, park=park), "airspace.unknown").text.en
    assert found(check(LEVEL, park=park, at_utc="2026-06-17T11:00:00Z"), "airspace.not-allowed")
    assert found(check(LEVEL, park=park, at_utc=DAY), "airspace.clear")


def test_without_a_layer_the_answer_is_unknown_and_the_way_back_counts() -> None:
    assert only(check(LEVEL, park=dataclasses.replace(PARK, airspaces=())), "airspace.unknown")
    between = dataclasses.replace(PARK, airspaces=(Airspace("Z", square(150, 50, 10)),))
    assert found(check(LEVEL, park=between), "airspace.not-allowed")  # the return is a leg of the mission
    no_return = dataclasses.replace(LEVEL, items=LEVEL.items[:-1])
    assert only(check(no_return, park=between), "airspace.return").severity is Severity.WARNING
    assert len(APPLICATION_ITEMS) == 13


def test_fence_against_route_home_and_rally() -> None:
    def rules(fence: Fence, rally: tuple[Place, ...] = ()) -> set[str]:
        mission = dataclasses.replace(LEVEL, fence=fence, rally=rally)
        return {p.rule for p in check(mission, park=PARK) if p.rule.startswith("fence")}

    assert rules(Fence()) == {"fence.none"}
    assert rules(Fence((PolygonFence(square(250, 0, 120)),))) == {"fence.home", "fence.route", "fence.close"}
    assert rules(Fence((), (Circle(*at(150, 0), 500.0),))) == set()
    assert rules(Fence((), (Circle(*at(150, 0), 500.0), Circle(*at(300, 60), 15.0, inclusion=False)))) == {
        "fence.route",
        "fence.close",
    }
    assert rules(Fence((PolygonFence(square(150, 0, 155)),))) == {"fence.close"}
    assert rules(Fence((), (Circle(*at(150, 0), 400.0),)), (Place(*at(900, 0), 30.0),)) == {"fence.rally"}


def test_limits_of_items_frames_legs_speed_wind_and_mass() -> None:
    many = dataclasses.replace(LEVEL, items=(*LEVEL.items[:-1], *(LEVEL.items[2],) * 700, LEVEL.items[-1]))
    assert "650" in only(check(many), "limits.items").text.en
    sea = dataclasses.replace(LEVEL.items[3], frame=Frame.SEA)
    terrain = dataclasses.replace(LEVEL.items[4], frame=Frame.TERRAIN)
    frames = dataclasses.replace(LEVEL, items=(*LEVEL.items[:3], sea, terrain, return_home()))
    assert [p.where for p in found(check(frames), "limits.frame")] == ["item 4", "item 5"]
    assert only(check(route((2500, 0, 30), (2500, 50, 30))), "limits.first-leg").severity is Severity.ERROR
    assert only(check(route((50, 0, 30), (4000, 0, 30))), "limits.leg").where == "item 4"
    assert only(check(route((50, 0, 30), (50.1, 0, 30), (80, 0, 30))), "limits.short-leg").severity is Severity.NOTE
    assert only(check(route((50, 0, 30), (80, 0, 30), speed=25.0)), "limits.speed").severity is Severity.ERROR
    assert only(check(LEVEL, wind=(0, 12)), "limits.wind").severity is Severity.ERROR
    assert only(check(LEVEL, aircraft=Aircraft(payload_kg=2.0)), "aircraft.mass").severity is Severity.ERROR
    assert only(check(Mission("m", ())), "mission.empty").severity is Severity.ERROR
    assert "batter" in only(check(LEVEL, aircraft=Aircraft(battery_wh=20)), "energy.battery").rule


def test_the_samplers_needs() -> None:
    fast = route((50, 0, 30), (300, 0, 30), speed=9.0)
    assert "slow down" in only(check(fast, wind=(0, 4), sampler=Sampler(t90_s=8)), "sampler.speed").text.en
    assert not found(check(LEVEL, wind=(0, 4), sampler=Sampler(t90_s=3)), "sampler.speed")
    short = route((50, 0, 30), (300, 0, 30), hold_s=5.0)
    assert len(found(check(short, sampler=Sampler(t90_s=30)), "sampler.hold")) == 2
    assert not found(check(short, sampler=Sampler(t90_s=3)), "sampler.hold")


def test_errors_come_first_and_free_items_are_taken_as_they_are() -> None:
    odd = Item(Command.LOITER_TURNS, *at(80, 0), 130.0, Frame.HOME, (2.0, 0.0, 15.0, math.nan))
    mission = dataclasses.replace(
        LEVEL, items=(*LEVEL.items[:3], odd, Item(Command.DELAY, frame=Frame.NONE), LEVEL.items[-1])
    )
    problems = check(mission, park=PARK)
    order = [p.severity for p in problems]
    assert order == sorted(order, key=list(reversed(Severity)).index) and problems[0].rule == "height.limit"
