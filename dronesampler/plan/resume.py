"""Where a flight broke off, and the two halves of its route: what was flown, and what is left."""

import math
import re
from dataclasses import dataclass

from dronesampler.geo import LocalFrame
from dronesampler.mission import Mission
from dronesampler.plan.sorties import STOPS, Cut, from_, until
from dronesampler.problems import BadInput
from dronesampler.texts import Text

BAD_PLACE = Text(
    "“{text}”应写作 项号，或 项号+航段分数，如 12 或 12+0.4（第 12 项之后飞了下一航段的四成）",
    "“{text}” must be written ITEM or ITEM+FRACTION, such as 12 or 12+0.4: four tenths of the leg after item 12",
)
NO_ITEM = Text(
    "任务没有第 {item} 项航点；航点是第 {first} 至 {last} 项",
    "item {item} of the mission is no waypoint; its waypoints are items {first} to {last}",
)
NO_WAYPOINT = Text("任务没有航点", "the mission has no waypoints")
AT_THE_END = Text(
    "第 {item} 项是最后一个航点，之后没有航段可续飞", "item {item} is the last waypoint: there is nothing to resume"
)
BAD_OVERLAP = Text("重叠距离应为 0 至 {most:.0f} m", "the overlap must be from 0 to {most:.0f} m")
MOST_OVERLAP_M = 2000.0
_FORM = re.compile(r"\s*(\d+)\s*(?:\+\s*(0?\.\d+|0|1|1\.0+))?\s*")


@dataclass(frozen=True, slots=True)
class Halves:
    """A route broken at a place: `flown` ends there and returns, `rest` takes off and goes on there."""

    flown: Mission
    rest: Mission
    cut: Cut


def broken_at(mission: Mission, place: str, *, overlap_m: float = 20.0) -> Halves:
    """The halves at "12" or "12+0.4" (items count from 1, as a vehicle counts them). Raises BadInput."""
    return halves(mission, cut_at(mission, place), overlap_m=overlap_m)


def halves(mission: Mission, cut: Cut, *, overlap_m: float = 20.0) -> Halves:
    """The halves at a cut. Raises BadInput for an overlap that cannot be."""
    if not 0.0 <= overlap_m <= MOST_OVERLAP_M:
        raise BadInput(BAD_OVERLAP.with_(most=MOST_OVERLAP_M))
    return Halves(until(mission, cut), from_(mission, cut, overlap_m=overlap_m), cut)


def cut_at(mission: Mission, place: str) -> Cut:
    """The cut that a text names. Raises BadInput."""
    said = _FORM.fullmatch(place)
    if said is None:
        raise BadInput(BAD_PLACE.with_(text=place))
    stops = _stops(mission)
    item, fraction = int(said[1]) - 1, float(said[2] or 0.0)
    if item not in stops:
        raise BadInput(NO_ITEM.with_(item=item + 1, first=stops[0] + 1, last=stops[-1] + 1))
    if fraction == 0.0:
        return Cut(item, 1.0)
    if item == stops[-1]:
        raise BadInput(AT_THE_END.with_(item=item + 1))
    return Cut(stops[stops.index(item) + 1], fraction)


def cut_near(mission: Mission, lat_deg: float, lon_deg: float) -> Cut:
    """The place on the route nearest to a point of the map. Raises BadInput for a mission without waypoints."""
    stops = _stops(mission)
    frame = LocalFrame(lat_deg, lon_deg)
    places = [mission.items[i] for i in stops]
    x, y = frame.to_xy([p.lat_deg for p in places], [p.lon_deg for p in places])
    best, away = Cut(stops[0], 1.0), math.hypot(float(x[0]), float(y[0]))
    for k in range(1, len(stops)):
        dx, dy = float(x[k] - x[k - 1]), float(y[k] - y[k - 1])
        share = -(x[k - 1] * dx + y[k - 1] * dy) / max(dx * dx + dy * dy, 1e-9)
        part = min(max(float(share), 0.0), 1.0)
        here = math.hypot(float(x[k - 1]) + dx * part, float(y[k - 1]) + dy * part)
        if here < away:
            best, away = Cut(stops[k], part), here
    return best


def place_said(mission: Mission, cut: Cut) -> str:
    """The cut as `cut_at` reads it."""
    stops = _stops(mission)
    if cut.fraction >= 1.0 or cut.item == stops[0]:
        return str(cut.item + 1)
    return f"{stops[stops.index(cut.item) - 1] + 1}+{cut.fraction:.2f}"


def _stops(mission: Mission) -> list[int]:
    stops = [i for i, item in enumerate(mission.items) if item.command in STOPS and item.has_place]
    if not stops:
        raise BadInput(NO_WAYPOINT)
    return stops
