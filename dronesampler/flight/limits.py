"""Limits of a patrol: they pause, then return, then land; never against a failsafe, a landing or the pilot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import LocalFrame
from dronesampler.mission import Fence
from dronesampler.texts import Text

STALE_S = 10.0  # a figure older than this is no reason to move an aircraft

BATTERY = Text("电量 {value:.0f}% 低于 {limit:.0f}%", "battery at {value:.0f} %, limit {limit:.0f} %")
WIND = Text("风速 {value:.1f} m/s 超过 {limit:.1f} m/s", "wind of {value:.1f} m/s, limit {limit:.1f} m/s")
HEIGHT = Text("高度 {value:.0f} m 超过 {limit:.0f} m", "height of {value:.0f} m, limit {limit:.0f} m")
DISTANCE = Text("离返航点 {value:.0f} m，超过 {limit:.0f} m", "{value:.0f} m from home, limit {limit:.0f} m")
FENCE = Text("已越出围栏", "outside of the fence")
LINK = Text("链路丢包 {value:.0%}，超过 {limit:.0%}", "{value:.0%} of the frames are lost, limit {limit:.0%}")
RECORDER = Text("记录器无法写入：{reason}", "the recorder cannot write: {reason}")
WILL = {
    "battery": Text(
        "电量低于 {return_}% 返航，低于 {land}% 降落", "battery below {return_} %: return; below {land} %: land"
    ),
    "wind": Text(
        "风速超过 {pause} m/s 悬停，超过 {return_} m/s 返航",
        "wind above {pause} m/s: hold; above {return_} m/s: return",
    ),
    "height": Text("高度超过 {pause} m 悬停", "height above {pause} m: hold"),
    "distance": Text(
        "离返航点超过 {pause} m 悬停，超过 {return_} m 返航",
        "farther from home than {pause} m: hold; {return_} m: return",
    ),
    "fence": Text("越出围栏：返航", "outside of the fence: return"),
    "link": Text("丢包超过 {pause} 悬停", "more than {pause} of the frames lost: hold"),
}


class Action(StrEnum):
    """What a limit may ask for, weakest first."""

    PAUSE = "pause"
    RETURN = "return"
    LAND = "land"


ORDER = (Action.PAUSE, Action.RETURN, Action.LAND)
ESCALATES_AFTER_S = 30.0  # a breach that a pause does not end


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures; None switches one off. Percent, metres a second, metres, parts of frames."""

    battery_return_percent: float | None = 30.0
    battery_land_percent: float | None = 12.0
    wind_pause_m_s: float | None = 10.0
    wind_return_m_s: float | None = 12.0
    height_m: float | None = 120.0
    distance_pause_m: float | None = 1500.0
    distance_return_m: float | None = 2000.0
    link_loss_pause: float | None = 0.6
    fence: Fence = field(default_factory=Fence)

    def words(self) -> tuple[Text, ...]:
        """What was armed, in words, for the preflight and the record."""
        said = []
        if self.battery_return_percent is not None:
            figures = {"return_": _figure(self.battery_return_percent), "land": _figure(self.battery_land_percent)}
            said.append(WILL["battery"].with_(**figures))
        if self.wind_pause_m_s is not None:
            said.append(WILL["wind"].with_(pause=f"{self.wind_pause_m_s:g}", return_=_figure(self.wind_return_m_s)))
        if self.height_m is not None:
            said.append(WILL["height"].with_(pause=f"{self.height_m:g}"))
        if self.distance_pause_m is not None:
            figures = {"pause": f"{self.distance_pause_m:g}", "return_": _figure(self.distance_return_m)}
            said.append(WILL["distance"].with_(**figures))
        if self.fence:
            said.append(WILL["fence"])
        if self.link_loss_pause is not None:
            said.append(WILL["link"].with_(pause=f"{self.link_loss_pause:.0%}"))
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that is passed now, and the least that it asks for."""

    rule: str
    action: Action
    text: Text


@dataclass(frozen=True, slots=True)
class Ask:
    """What a limit wants done. The session sends it as an automatic intent."""

    rule: str
    action: Action
    text: Text


@dataclass(frozen=True, slots=True)
class Guard:
    """Watches the limits of a flight. A breach must last before it counts, and asks for each action only once."""

    limits: Limits = field(default_factory=Limits)
    lasts_s: float = 3.0
    since_s: Mapping[str, float] = field(default_factory=dict)
    asked: Mapping[str, tuple[Action, float]] = field(default_factory=dict)

    def after(self, vehicle: Vehicle, now_s: float, *, recorder_error: str = "") -> "tuple[Guard, tuple[Ask, ...]]":
        """The guard a moment later, and what it asks for: nothing while someone or something else flies."""
        found = {b.rule: b for b in breaches(self.limits, vehicle, now_s, recorder_error=recorder_error)}
        since_s = {rule: self.since_s.get(rule, now_s) for rule in found}
        asked = {rule: told for rule, told in self.asked.items() if rule in found}
        guard = replace(self, since_s=since_s, asked=asked)
        if not vehicle.armed or not vehicle.in_air or vehicle.pilot_has_it or vehicle.failsafe:
            return guard, ()
        asks = []
        for rule, breach in found.items():
            if now_s - since_s[rule] < self.lasts_s:
                continue
            action = self._next_action(breach, now_s)
            if action is None or not _adds(action, vehicle):
                continue
            asked[rule] = (action, now_s)
            asks.append(Ask(rule, action, breach.text))
        if asks:
            asks = [max(asks, key=lambda ask: ORDER.index(ask.action))]
        return guard, tuple(asks)

    def _next_action(self, breach: Breach, now_s: float) -> Action | None:
        """The breach's own action at first, the next stronger one when that did not end it in time."""
        if breach.rule not in self.asked:
            return breach.action
        last, when_s = self.asked[breach.rule]
        if ORDER.index(breach.action) > ORDER.index(last):
            return breach.action
        if last is Action.PAUSE and now_s - when_s >= ESCALATES_AFTER_S:
            return Action.RETURN
        return None


def breaches(limits: Limits, vehicle: Vehicle, now_s: float, *, recorder_error: str = "") -> tuple[Breach, ...]:
    """All limits that are passed now, by figures that are fresh."""
    found = [
        _battery(limits, vehicle, now_s),
        _wind(limits, vehicle, now_s),
        _height(limits, vehicle, now_s),
        _distance(limits, vehicle, now_s),
        _fence(limits, vehicle, now_s),
        _link(limits, vehicle, now_s),
    ]
    if recorder_error:
        found.append(Breach("recorder", Action.PAUSE, RECORDER.with_(reason=recorder_error)))
    return tuple(b for b in found if b is not None)


def _fresh(vehicle_event: object, now_s: float) -> bool:
    at = getattr(vehicle_event, "at", None)
    return at is not None and now_s - at.monotonic_s <= STALE_S


def _adds(action: Action, vehicle: Vehicle) -> bool:
    """Whether it would change anything: a return that runs is not paused, a landing is not turned into a return."""
    done = {
        Action.PAUSE: (Doing.HOLDING, Doing.RETURNING, Doing.LANDING),
        Action.RETURN: (Doing.RETURNING, Doing.LANDING),
        Action.LAND: (Doing.LANDING,),
    }
    return vehicle.doing not in done[action]


def _battery(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    battery = vehicle.battery
    if battery is None or battery.remaining_percent is None or not _fresh(battery, now_s):
        return None
    value = battery.remaining_percent
    steps = ((limits.battery_land_percent, Action.LAND), (limits.battery_return_percent, Action.RETURN))
    for limit, action in steps:
        if limit is not None and value < limit:
            return Breach("battery", action, BATTERY.with_(value=value, limit=limit))
    return None


def _above(rule: str, text: Text, value: float, steps: tuple[tuple[float | None, Action], ...]) -> Breach | None:
    for limit, action in steps:
        if limit is not None and value > limit:
            return Breach(rule, action, text.with_(value=value, limit=limit))
    return None


def _wind(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    wind = vehicle.wind
    if wind is None or not _fresh(wind, now_s):
        return None
    steps = ((limits.wind_return_m_s, Action.RETURN), (limits.wind_pause_m_s, Action.PAUSE))
    return _above("wind", WIND, wind.speed_m_s, steps)


def _height(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    if vehicle.height_home_m is None or not _fresh(vehicle.position, now_s):
        return None
    return _above("height", HEIGHT, vehicle.height_home_m, ((limits.height_m, Action.PAUSE),))


def _distance(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    if vehicle.home_distance_m is None or not _fresh(vehicle.position, now_s):
        return None
    steps = ((limits.distance_return_m, Action.RETURN), (limits.distance_pause_m, Action.PAUSE))
    return _above("distance", DISTANCE, vehicle.home_distance_m, steps)


def _link(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    if vehicle.link is None or not _fresh(vehicle.link, now_s):
        return None
    return _above("link", LINK, vehicle.link.loss, ((limits.link_loss_pause, Action.PAUSE),))


def _fence(limits: Limits, vehicle: Vehicle, now_s: float) -> Breach | None:
    here = vehicle.position
    if not limits.fence or here is None or not _fresh(here, now_s):
        return None
    outside = not inside_fence(limits.fence, here.lat_deg, here.lon_deg)
    return Breach("fence", Action.RETURN, FENCE) if outside else None


def inside_fence(fence: Fence, lat_deg: float, lon_deg: float) -> bool:
    """In every inclusion zone and in no exclusion zone."""
    frame = LocalFrame(lat_deg, lon_deg)
    for polygon in fence.polygons:
        lats, lons = zip(*polygon.area.outer, strict=True)
        x, y = frame.to_xy(lats, lons)
        if _origin_inside(x.tolist(), y.tolist()) != polygon.inclusion:
            return False
    for circle in fence.circles:
        x, y = frame.to_xy([circle.lat_deg], [circle.lon_deg])
        within = float(x[0]) ** 2 + float(y[0]) ** 2 <= circle.radius_m**2
        if within != circle.inclusion:
            return False
    return True


def _origin_inside(x: list[float], y: list[float]) -> bool:
    """Even-odd rule for the point (0, 0)."""
    inside = False
    for i in range(len(x)):
        j = i - 1
        if (y[i] > 0) != (y[j] > 0) and (x[j] - x[i]) * (0 - y[i]) / (y[j] - y[i]) + x[i] > 0:
            inside = not inside
    return inside


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
