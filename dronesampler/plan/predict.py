"""Time and energy of a mission: every leg with its acceleration, corners, holds and the wind on it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from dronesampler.geo import HeightReference, LocalFrame
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler.plan.aircraft import Aircraft
from dronesampler.plan.energy import power_w

SPOOL_S = 2.0  # from armed to lifting off
RETURN_WAIT_S = 5.0  # over home, before it comes down
TOUCHDOWN_S = 2.0  # on the ground before it stops the motors
SLOW_BELOW_M = 10.0
SHARP = -0.7  # cosine of a turn that is flown with a stop
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of flight, from `start` to `end` (east, north, height above home), hold at its end included."""

    item: int  # index of the mission's item that it flies to; len(items) for the way home
    start: Vector
    end: Vector
    seconds: float
    hold_s: float
    energy_wh: float
    speed_m_s: float  # asked for

    @property
    def length_m(self) -> float:
        return math.dist(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Legs in order, in local metres of `frame`."""

    legs: tuple[Leg, ...]
    frame: LocalFrame

    @property
    def seconds(self) -> float:
        return sum(leg.seconds for leg in self.legs)

    @property
    def energy_wh(self) -> float:
        return sum(leg.energy_wh for leg in self.legs)

    @property
    def length_m(self) -> float:
        return sum(leg.length_m for leg in self.legs)


def predict(mission: Mission, aircraft: Aircraft, *, wind: tuple[float, float]) -> Forecast:
    """How long the mission takes and what it draws; `wind` is (from_deg, speed_m_s). No items, no legs."""
    walk = _Walk(mission, aircraft, wind)
    for index, item in enumerate(mission.items):
        walk.fly(index, item)
    return Forecast(tuple(walk.legs), walk.frame)


def way_home(aircraft: Aircraft, place: Vector, *, wind: tuple[float, float], speed_m_s: float) -> tuple[float, float]:
    """Seconds and watt-hours to return from a place to home at the origin and to land."""
    up = max(aircraft.return_height_m, place[2])
    legs = list(_return_legs(aircraft, place, (0.0, 0.0), up_m=up, speed_m_s=speed_m_s, wind=wind, item=0))
    return sum(leg.seconds for leg in legs), sum(leg.energy_wh for leg in legs)


@dataclass
class _Walk:
    """The state while going through the items."""

    mission: Mission
    aircraft: Aircraft
    wind: tuple[float, float]
    legs: list[Leg] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.frame, self.home = _home_frame(self.mission)
        self.here: Vector = (*self.home, 0.0)
        self.speed_m_s = min(self.mission.cruise_speed_m_s or 5.0, self.aircraft.max_speed_m_s)
        self._entry_m_s = 0.0
        self._places = {i: self._place(item) for i, item in enumerate(self.mission.items) if item.has_place}

    def fly(self, index: int, item: Item) -> None:
        match item.command:
            case Command.CHANGE_SPEED:
                if item.params[1] > 0:
                    self.speed_m_s = min(item.params[1], self.aircraft.max_speed_m_s)
            case Command.TAKEOFF:
                self._take_off(index, item.height_m)
            case Command.RETURN:
                self._return(index)
            case Command.LAND:
                self._go(index, (*self._places[index][:2], self.here[2]), 0.0, then=None)
                self._land(index)
            case Command.DELAY:
                self._hover(index, item.params[0])
            case Command.LOITER_TURNS:
                self._go(index, self._places[index], 0.0, then=None)
                radius = abs(item.params[2]) or 10.0
                self._hover(index, abs(item.params[0]) * 2 * math.pi * radius / min(self.speed_m_s, 3.0))
            case Command.WAYPOINT | Command.LOITER_TIME:
                hold = max(item.params[0], 0.0) if math.isfinite(item.params[0]) else 0.0
                self._go(index, self._places[index], hold, then=None if hold else self._next_waypoint(index))
            case _:
                pass

    def _place(self, item: Item) -> Vector:
        up, home = item.height_m, self.mission.home
        if item.frame is Frame.SEA and home is not None and home.reference is HeightReference.SEA:
            up -= home.height_m
        if not (item.lat_deg or item.lon_deg):
            return (*self.home, up)
        x, y = self.frame.to_xy(item.lat_deg, item.lon_deg)
        return float(x), float(y), up

    def _next_waypoint(self, index: int) -> Vector | None:
        for later in range(index + 1, len(self.mission.items)):
            command = self.mission.items[later].command
            if command == Command.WAYPOINT:
                return self._places[later]
            if command in (Command.TAKEOFF, Command.RETURN, Command.LAND, Command.DELAY, Command.LOITER_TURNS):
                return None
        return None

    def _go(self, index: int, to: Vector, hold_s: float, *, then: Vector | None) -> None:
        leave = _corner_speed(self.here, to, then, self.speed_m_s) if then is not None else 0.0
        leg, leave = _leg(
            self.aircraft,
            (self.here, to),
            speeds=(self._entry_m_s, self.speed_m_s, leave),
            hold_s=hold_s,
            wind=self.wind,
            item=index,
        )
        self.legs.append(leg)
        self.here, self._entry_m_s = to, leave

    def _take_off(self, index: int, height_m: float) -> None:
        climb = _vertical(self.aircraft, self.here, height_m, item=index, wind=self.wind, extra_s=SPOOL_S)
        self.legs.append(climb)
        self.here, self._entry_m_s = climb.end, 0.0

    def _hover(self, index: int, seconds: float) -> None:
        watts = _watts(self.aircraft, (0.0, 0.0), 0.0, self.wind)
        leg = Leg(index, self.here, self.here, seconds, seconds, watts * seconds / 3600, self.speed_m_s)
        self.legs.append(leg)
        self._entry_m_s = 0.0

    def _return(self, index: int) -> None:
        up = max(self.here[2], self.aircraft.return_height_m)
        rally = [tuple(float(v) for v in self.frame.to_xy(p.lat_deg, p.lon_deg)) for p in self.mission.rally]
        goal = min((self.home, *rally), key=lambda p: math.dist(p, self.here[:2]))  # what ArduPilot does
        self.legs += _return_legs(
            self.aircraft, self.here, (goal[0], goal[1]), up_m=up, speed_m_s=self.speed_m_s, wind=self.wind, item=index
        )
        self.here, self._entry_m_s = (goal[0], goal[1], 0.0), 0.0

    def _land(self, index: int) -> None:
        self.legs += _landing(self.aircraft, self.here, item=index, wind=self.wind)
        self.here, self._entry_m_s = (*self.here[:2], 0.0), 0.0


def _home_frame(mission: Mission) -> tuple[LocalFrame, tuple[float, float]]:
    """Metres about home, or about the first place where the mission has no home."""
    if mission.home is not None:
        return LocalFrame(mission.home.lat_deg, mission.home.lon_deg), (0.0, 0.0)
    first = next((i for i in mission.items if i.has_place and (i.lat_deg or i.lon_deg)), None)
    return LocalFrame(first.lat_deg, first.lon_deg) if first else LocalFrame(0.0, 0.0), (0.0, 0.0)


def _corner_speed(before: Vector, here: Vector, after: Vector, speed_m_s: float) -> float:
    """How fast a corner is taken: full speed straight on, a stop where it turns back."""
    a, b = (here[0] - before[0], here[1] - before[1]), (after[0] - here[0], after[1] - here[1])
    la, lb = math.hypot(*a), math.hypot(*b)
    if la < 1.0 or lb < 1.0:
        return 0.0
    cosine = (a[0] * b[0] + a[1] * b[1]) / (la * lb)
    return speed_m_s * max((1.0 + cosine) / 2.0, 0.0) ** 1.5 if cosine > SHARP else 0.0


def _leg(
    aircraft: Aircraft,
    ends: tuple[Vector, Vector],
    *,
    speeds: tuple[float, float, float],
    hold_s: float,
    wind: tuple[float, float],
    item: int,
) -> tuple[Leg, float]:
    """A straight leg: speed up, cruise, brake, settle. Also the speed it is really left with."""
    start, end = ends
    entry, cruise, leave = speeds
    step = tuple(e - s for s, e in zip(start, end, strict=True))
    length, flat = math.dist(start, end), math.hypot(step[0], step[1])
    if length < 0.05:
        watts = _watts(aircraft, (0.0, 0.0), 0.0, wind)
        return Leg(item, start, end, hold_s, hold_s, watts * hold_s / 3600, cruise), 0.0
    top = min(
        _top_speed(aircraft, step, length, cruise), _against_wind(aircraft, step, flat, wind) * length / max(flat, 1e-9)
    )
    up, down = aircraft.acceleration_m_s2, aircraft.acceleration_m_s2 * aircraft.braking_share
    entry, leave = min(entry, top), min(leave, top)
    leave = min(leave, math.sqrt(entry**2 + 2 * up * length))
    entry = min(entry, math.sqrt(leave**2 + 2 * down * length))
    peak = min(top, math.sqrt(max((2 * up * down * length + down * entry**2 + up * leave**2) / (up + down), 0.0)))
    peak = max(peak, entry, leave)
    ramps = (peak - entry) / up + (peak - leave) / down
    cruised = length - (peak**2 - entry**2) / (2 * up) - (peak**2 - leave**2) / (2 * down)
    moving = ramps + max(cruised, 0.0) / max(peak, 0.1)
    settle = aircraft.settle_s if leave == 0.0 else 0.0
    mean = length / max(moving, 1e-6)
    unit = (step[0] / length, step[1] / length)
    watts = _watts(aircraft, (unit[0] * mean, unit[1] * mean), step[2] / max(moving, 1e-6), wind)
    still = _watts(aircraft, (0.0, 0.0), 0.0, wind)
    energy = (watts * moving + still * (settle + hold_s)) / 3600
    return Leg(item, start, end, moving + settle + hold_s, hold_s, energy, cruise), leave


def _top_speed(aircraft: Aircraft, step: tuple[float, ...], length: float, cruise: float) -> float:
    """Speed along a leg: the ground speed asked for, held back by the limits on climb and descent."""
    flat, limits = math.hypot(step[0], step[1]) / length, []
    if flat > 1e-6:
        limits.append(cruise / flat)
    if step[2] > 1e-6:
        limits.append(aircraft.climb_m_s * length / step[2])
    elif step[2] < -1e-6:
        limits.append(aircraft.descent_m_s * length / -step[2])
    return min(limits)


def _against_wind(aircraft: Aircraft, step: tuple[float, ...], flat: float, wind: tuple[float, float]) -> float:
    """The ground speed that the greatest airspeed leaves along a leg; 0.2 m/s where the wind is stronger."""
    east, north = _blowing(wind)
    tail = (step[0] * east + step[1] * north) / max(flat, 1e-9)
    side2 = max(wind[1] ** 2 - tail**2, 0.0)
    room = aircraft.max_airspeed_m_s**2 - side2
    return max(tail + math.sqrt(room), 0.2) if room > 0 else 0.2


def _blowing(wind: tuple[float, float]) -> tuple[float, float]:
    """East and north parts of where the wind blows to."""
    toward = math.radians(wind[0] + 180.0)
    return wind[1] * math.sin(toward), wind[1] * math.cos(toward)


def _watts(aircraft: Aircraft, ground: tuple[float, float], climb_m_s: float, wind: tuple[float, float]) -> float:
    east, north = _blowing(wind)
    air = math.hypot(ground[0] - east, ground[1] - north)
    return float(power_w(aircraft, airspeed_m_s=np.float64(air), climb_m_s=np.float64(climb_m_s)))


def _vertical(
    aircraft: Aircraft, here: Vector, height_m: float, *, item: int, wind: tuple[float, float], extra_s: float = 0.0
) -> Leg:
    change = height_m - here[2]
    rate = aircraft.climb_m_s if change > 0 else aircraft.descent_m_s
    seconds = abs(change) / rate + (1.5 if abs(change) > 1.0 else 0.0)  # speeding up, and easing into the height
    watts = _watts(aircraft, (0.0, 0.0), change / max(seconds, 1e-6), wind)
    energy = (watts * seconds + 0.3 * aircraft.hover_w * extra_s) / 3600
    return Leg(item, here, (here[0], here[1], height_m), seconds + extra_s, 0.0, energy, rate)


def _return_legs(
    aircraft: Aircraft,
    here: Vector,
    home: tuple[float, float],
    *,
    up_m: float,
    speed_m_s: float,
    wind: tuple[float, float],
    item: int,
) -> Iterator[Leg]:
    if up_m > here[2] + 0.5:
        yield _vertical(aircraft, here, up_m, item=item, wind=wind)
    over = (*home, up_m)
    leg, _ = _leg(
        aircraft,
        ((here[0], here[1], up_m), over),
        speeds=(0.0, aircraft.return_speed_m_s or speed_m_s, 0.0),
        hold_s=RETURN_WAIT_S,
        wind=wind,
        item=item,
    )
    yield leg
    yield from _landing(aircraft, over, item=item, wind=wind)


def _landing(aircraft: Aircraft, here: Vector, *, item: int, wind: tuple[float, float]) -> Iterator[Leg]:
    low = min(here[2], SLOW_BELOW_M)
    if here[2] > low:
        yield _vertical(aircraft, here, low, item=item, wind=wind)
    seconds = low / aircraft.landing_m_s + TOUCHDOWN_S
    watts = _watts(aircraft, (0.0, 0.0), -aircraft.landing_m_s, wind)
    yield Leg(item, (here[0], here[1], low), (here[0], here[1], 0.0), seconds, 0.0, watts * seconds / 3600, 0.5)
