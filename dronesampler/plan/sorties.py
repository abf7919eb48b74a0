"""One route, several batteries: cut at a fraction of a leg, go on with an overlap, in the state it was left in."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from dronesampler.geo import LocalFrame
from dronesampler.mission import Command, Item, Mission
from dronesampler.mission.mission import NAN, change_speed, return_home, takeoff, waypoint
from dronesampler.plan.aircraft import Aircraft
from dronesampler.plan.predict import Forecast, Leg, Vector, predict, way_home
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Text

TOO_FAR = Text(
    "一块电池飞不到第 {item} 项再返航：请换更大的电池、把起飞点移近或减小备用电量",
    "no single battery reaches item {item} and comes back: take a larger one, move home nearer or keep less in reserve",
)
NOT_THERE = Text("任务没有第 {item} 项航点", "the mission has no waypoint {item}")
# Commands that set something that lasts: what was set last of each kind is set again in the next sortie.
LASTING = (
    Command.CHANGE_SPEED,
    Command.SET_RELAY,
    Command.SET_SERVO,
    Command.SET_ROI,
    Command.SET_CAMERA_TRIGGER_DISTANCE,
    Command.IMAGE_START_CAPTURE,
)
_CAPTURE_STOP = 2001
_STEP = 0.02  # of a leg


@dataclass(frozen=True, slots=True)
class Cut:
    """A place on a route: on the leg to item `item`, at a fraction of it (0 at its start)."""

    item: int
    fraction: float


def split(
    mission: Mission, aircraft: Aircraft, *, wind: tuple[float, float], overlap_m: float = 20.0
) -> tuple[Mission, ...]:
    """The mission as sorties that each leave the reserve in the battery; itself alone where one is enough.

    Raises Refused where some place is out of reach of one battery.
    """
    budget = aircraft.battery_wh * (1.0 - aircraft.reserve_fraction)
    rest, sorties = mission, []
    while predict(rest, aircraft, wind=wind).energy_wh > budget:
        cut = last_safe(rest, aircraft, wind=wind, budget_wh=budget)
        if cut is None:
            raise Refused(TOO_FAR.with_(item=_first_waypoint(rest) + 1))
        sorties.append(until(rest, cut))
        after = from_(rest, cut, overlap_m=overlap_m)
        if _cost_ahead(after) >= _cost_ahead(rest):
            raise Refused(TOO_FAR.with_(item=cut.item + 1))
        rest = after
    sorties.append(rest)
    if len(sorties) == 1:
        return (mission,)
    return tuple(dataclasses.replace(s, name=f"{mission.name} {k + 1}/{len(sorties)}") for k, s in enumerate(sorties))


def last_safe(mission: Mission, aircraft: Aircraft, *, wind: tuple[float, float], budget_wh: float) -> Cut | None:
    """The farthest place on the route from which the aircraft still gets home within the budget; None if nowhere."""
    spent, best = 0.0, None
    for leg in predict(mission, aircraft, wind=wind).legs:
        on_route = leg.item < len(mission.items) and mission.items[leg.item].command == Command.WAYPOINT
        for fraction in np.arange(_STEP, 1.0 + 1e-9, _STEP) if on_route else ():
            _, back = way_home(aircraft, _at(leg, float(fraction)), wind=wind, speed_m_s=leg.speed_m_s)
            if spent + leg.energy_wh * float(fraction) + back > budget_wh:
                return best
            best = Cut(leg.item, round(float(fraction), 4))
        spent += leg.energy_wh
    return best


def until(mission: Mission, cut: Cut) -> Mission:
    """The sortie that ends at the cut and returns."""
    items = [*mission.items[: cut.item], dataclasses.replace(_cut_item(mission, cut), note="cut")]
    return dataclasses.replace(mission, items=(*items, return_home()))


def from_(mission: Mission, cut: Cut, *, overlap_m: float = 20.0) -> Mission:
    """The sortie that goes on `overlap_m` before the cut: take-off, the state as it was left, and the rest."""
    if not 0 <= cut.item < len(mission.items) or mission.items[cut.item].command != Command.WAYPOINT:
        raise BadInput(NOT_THERE.with_(item=cut.item + 1))
    item, place = _back(mission, cut, overlap_m)
    frame = _frame(mission)
    lat, lon = frame.to_lat_lon(place[0], place[1])
    first = waypoint(float(lat), float(lon), place[2], note="resume")
    home = mission.home
    start = takeoff(home.lat_deg, home.lon_deg, place[2]) if home else takeoff(first.lat_deg, first.lon_deg, place[2])
    state = _state_before(mission, item)
    return dataclasses.replace(mission, items=(start, *state, first, *mission.items[item:]))


def _state_before(mission: Mission, item: int) -> list[Item]:
    """What lasts of the commands before an item: the last of each kind and, for relays and servos, of each number."""
    lasting: dict[tuple[int, float], Item] = {}
    for one in mission.items[:item]:
        if one.command in LASTING:
            numbered = one.command in (Command.SET_RELAY, Command.SET_SERVO)
            lasting[(int(one.command), one.params[0] if numbered else 0.0)] = one
        elif one.command == _CAPTURE_STOP:
            lasting.pop((int(Command.IMAGE_START_CAPTURE), 0.0), None)
    if mission.cruise_speed_m_s and (int(Command.CHANGE_SPEED), 0.0) not in lasting:
        return [change_speed(mission.cruise_speed_m_s), *lasting.values()]
    return list(lasting.values())


def _cut_item(mission: Mission, cut: Cut) -> Item:
    leg = _leg_to(mission, cut.item)
    x, y, up = _at(leg, cut.fraction)
    lat, lon = _frame(mission).to_lat_lon(x, y)
    old = mission.items[cut.item]
    params = old.params if cut.fraction >= 1.0 else (0.0, old.params[1], old.params[2], NAN)
    return dataclasses.replace(old, lat_deg=float(lat), lon_deg=float(lon), height_m=up, params=params)


def _back(mission: Mission, cut: Cut, overlap_m: float) -> tuple[int, Vector]:
    """The place `overlap_m` before the cut along the route, and the item that is flown to from there."""
    legs = [leg for leg in _forecast(mission).legs if mission.items[leg.item].command == Command.WAYPOINT]
    index = next(i for i, leg in enumerate(legs) if leg.item == cut.item)
    left, fraction = overlap_m, cut.fraction
    while True:
        leg = legs[index]
        travelled = leg.length_m * fraction
        if travelled >= left or index == 0:
            share = max(travelled - left, 0.0) / leg.length_m if leg.length_m > 0 else 0.0
            return leg.item, _at(leg, share)
        left -= travelled
        index, fraction = index - 1, 1.0


def _leg_to(mission: Mission, item: int) -> Leg:
    return next(leg for leg in _forecast(mission).legs if leg.item == item)


def _forecast(mission: Mission) -> Forecast:
    """Only for the geometry of its legs: the same in any wind."""
    return predict(mission, Aircraft(), wind=(0.0, 0.0))


def _frame(mission: Mission) -> LocalFrame:
    return _forecast(mission).frame


def _at(leg: Leg, fraction: float) -> Vector:
    x, y, z = (s + (e - s) * fraction for s, e in zip(leg.start, leg.end, strict=True))
    return x, y, z


def _first_waypoint(mission: Mission) -> int:
    return next((i for i, item in enumerate(mission.items) if item.command == Command.WAYPOINT), 0)


def _cost_ahead(mission: Mission) -> float:
    """Metres of route after its first waypoint: what every sortie has to shorten."""
    legs = [leg for leg in _forecast(mission).legs if mission.items[leg.item].command == Command.WAYPOINT]
    return sum(leg.length_m for leg in legs[1:])
