"""A mission, its fence and its rally points, in degrees and metres, as any autopilot or file would hold them."""

import math
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from dronesampler.geo import Place, Polygon

NAN = math.nan


class Frame(StrEnum):
    """What an item's height is measured from; NONE for items that have no place."""

    SEA = "sea"
    HOME = "home"
    TERRAIN = "terrain"
    NONE = "none"


class Command(IntEnum):
    """The MAV_CMD numbers that plans of ours use. Items of other programs may hold any number."""

    WAYPOINT = 16
    LOITER_UNLIMITED = 17
    LOITER_TURNS = 18
    LOITER_TIME = 19
    RETURN = 20
    LAND = 21
    TAKEOFF = 22
    DELAY = 93
    CONDITION_YAW = 115
    JUMP = 177
    CHANGE_SPEED = 178
    SET_RELAY = 181
    SET_SERVO = 183
    SET_ROI = 201
    SET_CAMERA_TRIGGER_DISTANCE = 206
    IMAGE_START_CAPTURE = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """One mission item. NaN stands for "as it is" in params 1 to 4; a command without a place has Frame.NONE.

    For commands without a place, lat_deg, lon_deg and height_m carry raw params 5, 6 and 7.
    """

    command: int
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    height_m: float = 0.0
    frame: Frame = Frame.HOME
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, NAN)
    autocontinue: bool = True
    note: str = ""  # what this item is for, e.g. "transect 3" or the outlet's code; not sent to the vehicle

    @property
    def has_place(self) -> bool:
        return self.frame is not Frame.NONE


def waypoint(lat_deg: float, lon_deg: float, height_m: float, *, hold_s: float = 0.0, note: str = "") -> Item:
    """Fly there, above home, and stay `hold_s` seconds."""
    return Item(Command.WAYPOINT, lat_deg, lon_deg, height_m, params=(hold_s, 0.0, 0.0, NAN), note=note)


def takeoff(lat_deg: float, lon_deg: float, height_m: float) -> Item:
    return Item(Command.TAKEOFF, lat_deg, lon_deg, height_m, params=(0.0, 0.0, 0.0, NAN), note="take-off")


def change_speed(speed_m_s: float) -> Item:
    """Ground speed from here on."""
    return Item(Command.CHANGE_SPEED, frame=Frame.NONE, params=(1.0, speed_m_s, -1.0, 0.0), note="speed")


def return_home() -> Item:
    return Item(Command.RETURN, frame=Frame.NONE, params=(0.0, 0.0, 0.0, 0.0), note="return")


@dataclass(frozen=True, slots=True)
class Circle:
    """A circular fence zone."""

    lat_deg: float
    lon_deg: float
    radius_m: float
    inclusion: bool = True


@dataclass(frozen=True, slots=True)
class PolygonFence:
    """A polygonal fence zone."""

    area: Polygon
    inclusion: bool = True


@dataclass(frozen=True, slots=True)
class Fence:
    """Where the aircraft may be."""

    polygons: tuple[PolygonFence, ...] = ()
    circles: tuple[Circle, ...] = ()
    return_point: Place | None = None  # where ArduPilot flies to when a zone is left, instead of home

    def __bool__(self) -> bool:
        return bool(self.polygons or self.circles)


@dataclass(frozen=True, slots=True)
class Mission:
    """A route with its home, fence and rally points. Item 0 is the first real item: no placeholder for home."""

    name: str
    items: tuple[Item, ...]
    home: Place | None = None
    cruise_speed_m_s: float | None = None
    fence: Fence = field(default_factory=Fence)
    rally: tuple[Place, ...] = ()
    pattern: str = ""
    settings: tuple[tuple[str, str], ...] = ()  # the pattern's parameters as they were used
    simulated: bool = False
