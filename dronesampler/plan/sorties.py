"""One route, several batteries: cut at a fraction of a leg, go on with an overlap, in the state it was left in."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from dronesampler.geo import HeightReference, LocalFrame
from dronesampler.geo.local import distance_m
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler.mission.mission import NAN, change_speed, return_home, takeoff
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
LASTING = {
    Command.CHANGE_SPEED,
    Command.SET_RELAY,
    Command.SET_SERVO,
    Command.SET_ROI,
    Command.SET_CAMERA_TRIGGER_DISTANCE,
    Command.IMAGE_START_CAPTURE,
    187,  # DO_SET_ACTUATOR, PX4's pump or valve
    195,  # DO_SET_ROI_LOCATION
    205,  # DO_MOUNT_CONTROL
    216,  # DO_SPRAYER, a pump by another name
    2500,  # VIDEO_START_CAPTURE
}
NUMBERED = {Command.SET_RELAY, Command.SET_SERVO}  # one state for each relay or servo
ENDS = {2001: Command.IMAGE_START_CAPTURE, 2501: 2500, 197: 195}  # commands that end what another began
STOPS = {Command.WAYPOINT, Command.LOITER_TIME, Command.LOITER_TURNS}
SAME_PLACE_M = 0.5
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
    """The sortie that ends at the cut and returns. Raises BadInput where there is no such waypoint."""
    _check(mission, cut)
    kept = [item for item in mission.items[: cut.item] if item.command != Command.JUMP or item.params[0] < cut.item]
    return dataclasses.replace(mission, items=(*kept, _place_of(mission, cut, note="cut"), return_home()))


def from_(mission: Mission, cut: Cut, *, overlap_m: float = 20.0) -> Mission:
    """The sortie that goes on `overlap_m` before the cut: take-off, the state as it was left, and the rest.

    Raises BadInput where there is no such waypoint.
    """
    _check(mission, cut)
    back = _back(mission, cut, overlap_m)
    first = _place_of(mission, back, note="resume")
    item, home = mission.items[back.item], mission.home
    again = distance_m(first.lat_deg, first.lon_deg, item.lat_deg, item.lon_deg) < SAME_PLACE_M
    up = _above_home_m(mission, first)
    start = takeoff(home.lat_deg, home.lon_deg, up) if home else takeoff(first.lat_deg, first.lon_deg, up)
    head = [start, *_state_before(mission, back.item), *([] if again and first.height_m == item.height_m else [first])]
    rest = [_jump(one, len(head) - back.item, back.item) for one in mission.items[back.item :]]
    return dataclasses.replace(mission, items=(*head, *rest))


def _check(mission: Mission, cut: Cut) -> None:
    if not 0 <= cut.item < len(mission.items) or mission.items[cut.item].command not in STOPS:
        raise BadInput(NOT_THERE.with_(item=cut.item + 1))


def _jump(item: Item, by: int, first: int) -> Item:
    """A jump to the same item in its new place; one to what is already flown goes to where this sortie begins."""
    if item.command != Command.JUMP:
        return item
    target = max(item.params[0], float(first)) + by
    return dataclasses.replace(item, params=(target, *item.params[1:]))


def _above_home_m(mission: Mission, item: Item) -> float:
    by_sea = item.frame is Frame.SEA and mission.home is not None and mission.home.reference is HeightReference.SEA
    return item.height_m - (mission.home.height_m if by_sea and mission.home else 0.0)


def _state_before(mission: Mission, item: int) -> list[Item]:
    """What lasts of the commands before an item: the last of each kind and, for relays and servos, of each number."""
    lasting: dict[tuple[int, float], Item] = {}
    for one in mission.items[:item]:
        if one.command in LASTING:
            lasting[(int(one.command), one.params[0] if one.command in NUMBERED else 0.0)] = one
        elif one.command in ENDS:
            lasting.pop((int(ENDS[one.command]), 0.0), None)
    if mission.cruise_speed_m_s and (int(Command.CHANGE_SPEED), 0.0) not in lasting:
        return [change_speed(mission.cruise_speed_m_s), *lasting.values()]
    return list(lasting.values())


def _place_of(mission: Mission, cut: Cut, *, note: str) -> Item:
    """A waypoint at the cut, its height over what the item that is flown to counts from."""
    old, leg = mission.items[cut.item], _leg_to(mission, cut.item)
    x, y, up = _at(leg, cut.fraction)
    lat, lon = _frame(mission).to_lat_lon(x, y)
    height = up + old.height_m - _above_home_m(mission, old)
    whole = cut.fraction >= 1.0 and note == "cut"
    params = old.params if whole else (0.0, old.params[1], old.params[2], NAN)
    command = old.command if whole else Command.WAYPOINT
    return dataclasses.replace(
        old, command=command, lat_deg=float(lat), lon_deg=float(lon), height_m=height, params=params, note=note
    )


def _back(mission: Mission, cut: Cut, overlap_m: float) -> Cut:
    """The place `overlap_m` before the cut along the route."""
    legs = [leg for leg in _forecast(mission).legs if mission.items[leg.item].command in STOPS]
    index = next(i for i, leg in enumerate(legs) if leg.item == cut.item)
    left, fraction = overlap_m, cut.fraction
    while True:
        leg = legs[index]
        travelled = leg.length_m * fraction
        if travelled >= left or index == 0:
            share = max(travelled - left, 0.0) / leg.length_m if leg.length_m > 0 else fraction
            return Cut(leg.item, share)
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
