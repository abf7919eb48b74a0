"""Changes to a route by hand: a frozen mission in, a frozen mission out. Knows nothing of windows.

Every change marks what it touched with the note "edited"; the mission keeps its pattern and says so among its settings.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from dronesampler.mission import Command, Frame, Item, Mission

EDITED = "edited"
# Plain numbers: asked of every item at every change, and an enum's equality takes ten times as long.
STOPS = frozenset(
    map(int, (Command.WAYPOINT, Command.TAKEOFF, Command.LAND, Command.LOITER_TIME, Command.LOITER_TURNS))
)
HOLDING = (Command.WAYPOINT, Command.LOITER_TIME)  # their first param is a time to stay, in seconds


@dataclass(frozen=True, slots=True)
class Entry:
    """Numbers for all chosen waypoints; None leaves a number as it is."""

    lat_deg: float | None = None
    lon_deg: float | None = None
    height_m: float | None = None
    hold_s: float | None = None


def is_stop(item: Item) -> bool:
    """Whether the item is a point of the line that is flown; (0, 0) is "here" to an autopilot."""
    return item.frame is not Frame.NONE and item.command in STOPS and (item.lat_deg != 0.0 or item.lon_deg != 0.0)


def stops(mission: Mission) -> tuple[int, ...]:
    """The items that can be edited, as places in `mission.items`."""
    return tuple(i for i, item in enumerate(mission.items) if is_stop(item))


def is_edited(mission: Mission) -> bool:
    """Whether a hand has been laid on the mission since its pattern made it."""
    return (EDITED, "yes") in mission.settings


def moved(mission: Mission, chosen: Collection[int], *, north_deg: float, east_deg: float) -> Mission:
    """The chosen waypoints shifted together by differences of latitude and longitude."""

    def shifted(item: Item) -> Item:
        lat = min(max(item.lat_deg + north_deg, -90.0), 90.0)
        return replace(item, lat_deg=lat, lon_deg=_round_the_earth(item.lon_deg + east_deg))

    return _changed(mission, chosen, shifted)


def entered(mission: Mission, chosen: Collection[int], entry: Entry) -> Mission:
    """The chosen waypoints with these numbers; a hold only where the command has one."""

    def filled(item: Item) -> Item:
        lat = item.lat_deg if entry.lat_deg is None else entry.lat_deg
        lon = item.lon_deg if entry.lon_deg is None else entry.lon_deg
        height = item.height_m if entry.height_m is None else entry.height_m
        params = item.params
        if entry.hold_s is not None and item.command in HOLDING:
            params = (entry.hold_s, *params[1:])
        return replace(item, lat_deg=lat, lon_deg=lon, height_m=height, params=params)

    return _changed(mission, chosen, filled)


def inserted(mission: Mission, before: int, *, lat_deg: float, lon_deg: float, part: float = 0.5) -> Mission:
    """A new waypoint at place `before`, on the leg that ends there.

    `part` (0 to 1) says how far along the leg: the height is that of the leg where both ends count from the same
    level. Commands between the two ends stay before the new waypoint, so that they act where they acted.
    """
    end = mission.items[before]
    start = next((mission.items[i] for i in range(before - 1, -1, -1) if is_stop(mission.items[i])), end)
    height = end.height_m
    if start.frame is end.frame:
        height = start.height_m + (end.height_m - start.height_m) * part
    fresh = Item(Command.WAYPOINT, lat_deg, lon_deg, height, frame=end.frame, note=EDITED)
    old = mission.items
    places = [i if i < before else i + 1 for i in range(len(old))]
    return _marked(mission, _jumps_kept((*old[:before], fresh, *old[before:]), places))


def without(mission: Mission, chosen: Collection[int]) -> Mission:
    """The mission without the chosen waypoints; unchanged where no waypoint would be left."""
    gone = {i for i in chosen if 0 <= i < len(mission.items) and is_stop(mission.items[i])}
    left = [i for i in stops(mission) if i not in gone and mission.items[i].command != Command.TAKEOFF]
    if not gone or not left:
        return mission
    places, kept = [], 0
    for i in range(len(mission.items)):
        places.append(kept)  # a jump to what is gone lands on what follows it
        kept += i not in gone
    items = tuple(item for i, item in enumerate(mission.items) if i not in gone)
    return _marked(mission, _jumps_kept(items, places))


def shared(mission: Mission, chosen: Collection[int]) -> Entry:
    """The numbers that all chosen waypoints agree on; None where they differ or have none."""
    items = [mission.items[i] for i in sorted(chosen)]
    return Entry(
        _agreed([item.lat_deg for item in items]),
        _agreed([item.lon_deg for item in items]),
        _agreed([item.height_m for item in items]),
        _agreed([item.params[0] for item in items if item.command in HOLDING]),
    )


def _agreed(values: list[float]) -> float | None:
    return values[0] if values and all(value == values[0] for value in values) else None


def _changed(mission: Mission, chosen: Collection[int], change: Callable[[Item], Item]) -> Mission:
    items = list(mission.items)
    for i in chosen:
        if 0 <= i < len(items) and is_stop(items[i]):
            fresh = change(items[i])
            if fresh != items[i]:
                items[i] = replace(fresh, note=_noted(fresh.note))
    fresh_items = tuple(items)
    return mission if fresh_items == mission.items else _marked(mission, fresh_items)


def marked(mission: Mission) -> Mission:
    """The mission, said to be changed by hand."""
    return mission if is_edited(mission) else replace(mission, settings=(*mission.settings, (EDITED, "yes")))


def _marked(mission: Mission, items: tuple[Item, ...]) -> Mission:
    return marked(replace(mission, items=items))


def _noted(note: str) -> str:
    if not note or note == EDITED:
        return EDITED
    return note if note.endswith(f", {EDITED}") else f"{note}, {EDITED}"


def _jumps_kept(items: tuple[Item, ...], places: list[int]) -> tuple[Item, ...]:
    """Jumps still lead to the item they led to; `places` says where each old place has gone."""
    return tuple(_jump(item, places) if item.command == Command.JUMP else item for item in items)


def _jump(item: Item, places: list[int]) -> Item:
    target = item.params[0]
    if not 0 <= target < len(places):  # leads nowhere, or is "as it is": the checks say so
        return item
    return replace(item, params=(float(places[int(target)]), *item.params[1:]))


def _round_the_earth(lon_deg: float) -> float:
    return lon_deg if -180.0 <= lon_deg <= 180.0 else (lon_deg + 180.0) % 360.0 - 180.0
