"""Use case: plan the second look at what a patrol left in doubt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dronesampler.attribution.next_look import Look, looks
from dronesampler.geo import HeightReference, LocalFrame, Place
from dronesampler.mission import Item, Mission
from dronesampler.mission.files import write_mission
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint
from dronesampler.problems import BadInput, Refused
from dronesampler.safe_files import json_file
from dronesampler.texts import Text

BATTERY_M = 6000.0  # what one battery flies at sampling speed, with reserve
LONGEST_M = 1e6
NOTHING = Text("没有需要再看的地点：{why}", "there is nothing to look at again: {why}")
TOO_FAR = Text(
    "有疑似或待查的来源，但起飞点太远或电量太少：{battery:.0f} m 的航程内没有值得飞的航线",
    "a source is suspected or in doubt, but home is too far or the battery too low: no line worth flying fits into "
    "{battery:.0f} m of flight",
)
NO_GAIN = Text(
    "有疑似或待查的来源，但再飞任何一段都不会明显减少疑问",
    "a source is suspected or in doubt, but no further line would shrink the doubt enough to be worth its flight",
)
BAD_BATTERY = Text("剩余航程 {battery} m 不可能：应大于 0", "{battery} m of flight left cannot be: it must be above 0")
NO_DOUBT = Text("没有疑似或待查的来源。", "no source is suspected or in doubt.")


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The mission, the looks it is made of in the order flown, and what the file could not hold."""

    mission: Mission
    looks: tuple[Look, ...]
    lost: tuple[Text, ...] = ()


def second_look(
    analysis: Mapping[str, Any], *, home: tuple[float, float] | None = None, battery_m: float = BATTERY_M
) -> SecondLook:
    """The lines and hover points that shrink the doubt most for their flight, as one mission.

    `analysis` is `Analysis.as_json()`. Raises Refused where nothing is in doubt or no line can be flown, BadInput for
    a battery that cannot be.
    """
    if not 0.0 < battery_m < math.inf:
        raise BadInput(BAD_BATTERY.with_(battery=f"{battery_m:g}"))
    why = analysis.get("cannot_say")
    if why:
        raise Refused(NOTHING.with_(why=Text(why["zh"], why["en"])))
    chosen = looks(analysis, home=home, budget_m=battery_m)
    if not chosen:
        raise Refused(_why_none(analysis, battery_m))
    return SecondLook(_mission(chosen, home=home, simulated=bool(analysis.get("simulated"))), chosen)


def _why_none(analysis: Mapping[str, Any], battery_m: float) -> Text:
    """No doubt, none that a flight would shrink, or a flight that does not fit into the battery."""
    if not (analysis.get("suspected") or analysis.get("look_again")):
        return NOTHING.with_(why=NO_DOUBT)
    if not looks(analysis, budget_m=LONGEST_M):
        return NO_GAIN
    return TOO_FAR.with_(battery=battery_m)


def write_second_look(analysis_file: Path, out: Path, *, home: tuple[float, float] | None = None) -> SecondLook:
    """From OUT.json to a mission file."""
    found = second_look(json_file(analysis_file), home=home)
    return SecondLook(found.mission, found.looks, write_mission(found.mission, out))


def _mission(chosen: tuple[Look, ...], *, home: tuple[float, float] | None, simulated: bool) -> Mission:
    start = home or (chosen[0].begin[0], chosen[0].begin[1])
    items: list[Item] = [takeoff(start[0], start[1], chosen[0].height_m), change_speed(chosen[0].speed_m_s)]
    speed = chosen[0].speed_m_s
    for look in chosen:
        if look.speed_m_s != speed:
            speed = look.speed_m_s
            items.append(change_speed(speed))
        items.append(waypoint(*look.begin, look.height_m, hold_s=look.hold_s, note=look.note))
        if look.end != look.begin:
            items.append(waypoint(*look.end, look.height_m, note=look.note))
    place = Place(start[0], start[1], 0.0, HeightReference.GROUND)
    return Mission("second look", (*items, return_home()), home=place, cruise_speed_m_s=speed,
                   pattern="second-look", simulated=simulated)  # fmt: skip


def length_m(mission: Mission) -> float:
    """Over the ground, between the items that have a place."""
    places = [(i.lat_deg, i.lon_deg) for i in mission.items if i.has_place]
    frame = LocalFrame(*places[0])
    x, y = frame.to_xy([p[0] for p in places], [p[1] for p in places])
    return float(sum(((x[1:] - x[:-1]) ** 2 + (y[1:] - y[:-1]) ** 2) ** 0.5))
