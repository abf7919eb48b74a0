"""The preflight: items the machine checks, each with its reason, items a person ticks, and overrides with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dronesampler.events import Autopilot
from dronesampler.flight.linkloss import LinkLoss, on_link_loss
from dronesampler.flight.preflight_words import (
    APPROVAL,
    BATTERY_SHORT,
    CLOCK_OFF,
    ESTIMATOR_BAD,
    FENCE_LOADED,
    FENCE_MISSING,
    FENCE_NONE,
    FENCE_OFF,
    FENCE_ON,
    FIX,
    HAND,
    HOME_FAR,
    HOME_NEAR,
    NEVER_ZEROED,
    NO_APPROVAL,
    NO_LINK,
    NO_PLAN,
    NOT_KNOWN,
    NOT_READY,
    NOT_TICKED,
    NOT_TOLD,
    OK,
    OLD,
    OTHER_COUNT,
    OVERRIDDEN,
    PLAN_ON_BOARD,
    RETURN_LOW,
    RETURN_OK,
    STORAGE_LOW,
    STORAGE_OK,
    TICKED,
    TITLES,
    ZERO_OLD,
)
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo.local import distance_m
from dronesampler.mission import Mission
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

STALE_S = 10.0
FEWEST_SATELLITES = 8
HIGHEST_HDOP = 1.6
HOME_OFF_M = 50.0
LARGEST_CLOCK_OFFSET_S = 2.0
LEAST_FREE_MINUTES = 120.0
ZERO_VALID_S = 24 * 3600.0
OBSTACLE_MARGIN_M = 10.0


class Result(StrEnum):
    """How an item stands."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    OPEN = "open"  # a person has not ticked it yet
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of the list."""

    key: str
    title: Text
    result: Result
    reason: Text

    @property
    def passes(self) -> bool:
        return self.result in (Result.GOOD, Result.OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody let an item pass: goes on record."""

    who: str
    why: str
    unix_s: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody looked: goes on record."""

    who: str
    when: str


NOT_OVERRIDABLE = frozenset({"link", "estimator", "gnss"})  # wrong position is nobody's to wave through


@dataclass(frozen=True, slots=True)
class Facts:
    """What the preflight is judged by. None where nobody knows."""

    vehicle: Vehicle
    now_s: float
    mission: Mission | None = None
    plan_proven: bool = False
    fence_proven: bool = False
    energy_needed_percent: float | None = None
    reserve_percent: float = 25.0
    free_minutes: float | None = None
    sampler_checked_s_ago: float | None = None
    approval_number: str = ""
    tallest_obstacle_m: float | None = None
    station: int = 255
    ticks: Mapping[str, Tick] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)


def preflight(facts: Facts) -> tuple[CheckItem, ...]:
    """All items, the machine's first."""
    machine = [_machine_item(key, facts) for key in TITLES]
    return (*machine, *(_hand_item(key, title, facts) for key, title in HAND.items()))


def passes(items: tuple[CheckItem, ...]) -> bool:
    """Whether the aircraft may be armed from here."""
    return all(item.passes for item in items)


def problems(items: tuple[CheckItem, ...]) -> tuple[Problem, ...]:
    """What does not pass, as problems."""
    return tuple(Problem(f"preflight-{item.key}", Severity.ERROR, _titled(item)) for item in items if not item.passes)


def _titled(item: CheckItem) -> Text:
    return Text(f"{item.title.zh}：{item.reason.zh}", f"{item.title.en}: {item.reason.en}")


def _machine_item(key: str, facts: Facts) -> CheckItem:
    result, reason = _CHECKS[key](facts)
    return _overridden(CheckItem(key, TITLES[key], result, reason), facts)


def _hand_item(key: str, title: Text, facts: Facts) -> CheckItem:
    tick = facts.ticks.get(key)
    if tick is None:
        return _overridden(CheckItem(key, title, Result.OPEN, NOT_TICKED), facts)
    return CheckItem(key, title, Result.GOOD, TICKED.with_(who=tick.who, when=tick.when))


def _overridden(item: CheckItem, facts: Facts) -> CheckItem:
    override = facts.overrides.get(item.key)
    if item.passes or override is None or not override.why.strip() or item.key in NOT_OVERRIDABLE:
        return item
    reason = OVERRIDDEN.with_(who=override.who, why=override.why, reason=item.reason)
    return CheckItem(item.key, item.title, Result.OVERRIDDEN, reason)


def _age(event: object, facts: Facts) -> float | None:
    at = getattr(event, "at", None)
    return None if at is None else facts.now_s - at.monotonic_s


def _fresh(event: object, facts: Facts) -> tuple[Result, Text] | None:
    """Why a figure cannot be judged, or None where it can."""
    age_s = _age(event, facts)
    if age_s is None:
        return Result.UNKNOWN, NOT_TOLD
    return (Result.UNKNOWN, OLD.with_(age=age_s)) if age_s > STALE_S else None


def _link(facts: Facts) -> tuple[Result, Text]:
    return (Result.GOOD, OK) if facts.vehicle.connected else (Result.BAD, NO_LINK)


def _gnss(facts: Facts) -> tuple[Result, Text]:
    gnss = facts.vehicle.gnss
    wrong = _fresh(gnss, facts)
    if wrong or gnss is None:
        return wrong or (Result.UNKNOWN, NOT_TOLD)
    shown = FIX.with_(
        fix=gnss.fix_type,
        satellites="?" if gnss.satellites is None else gnss.satellites,
        hdop="?" if gnss.hdop is None else f"{gnss.hdop:.1f}",
    )
    enough = gnss.satellites is None or gnss.satellites >= FEWEST_SATELLITES
    sharp = gnss.hdop is None or gnss.hdop <= HIGHEST_HDOP
    return (Result.GOOD if gnss.fix_type >= 3 and enough and sharp else Result.BAD), shown


def _estimator(facts: Facts) -> tuple[Result, Text]:
    """The estimator's own flags: SYS_STATUS says "healthy" of a GPS that is gone."""
    told = facts.vehicle.estimator
    wrong = _fresh(told, facts)
    if wrong or told is None:
        return wrong or (Result.UNKNOWN, NOT_TOLD)
    if told.position_ok and told.velocity_ok:
        return Result.GOOD, OK
    return Result.BAD, ESTIMATOR_BAD.with_(flags=told.flags)


def _autopilot(facts: Facts) -> tuple[Result, Text]:
    told = facts.vehicle.readiness
    wrong = _fresh(told, facts)
    if wrong or told is None:
        return wrong or (Result.UNKNOWN, NOT_TOLD)
    if told.ready is not False:
        return Result.GOOD, OK
    words = [w.text for w in facts.vehicle.words if w.text.startswith(("PreArm", "Preflight Fail", "Arm"))]
    sensors = ", ".join(told.unhealthy)
    reason = NOT_READY.with_(sensors=f" ({sensors})" if sensors else "", words=f": {'; '.join(words)}" if words else "")
    return Result.BAD, reason


def _home(facts: Facts) -> tuple[Result, Text]:
    home, planned = facts.vehicle.home, facts.mission.home if facts.mission else None
    if home is None or planned is None:
        return Result.UNKNOWN, NOT_TOLD
    off_m = distance_m(home.lat_deg, home.lon_deg, planned.lat_deg, planned.lon_deg)
    return (Result.BAD, HOME_FAR.with_(off=off_m)) if off_m > HOME_OFF_M else (Result.GOOD, HOME_NEAR.with_(off=off_m))


def _plan(facts: Facts) -> tuple[Result, Text]:
    if facts.mission is None or not facts.plan_proven:
        return Result.BAD, NO_PLAN
    told = facts.vehicle.mission
    if told is not None and told.total is not None and told.total != len(facts.mission.items):
        return Result.BAD, OTHER_COUNT.with_(got=told.total, sent=len(facts.mission.items))
    return Result.GOOD, PLAN_ON_BOARD.with_(items=len(facts.mission.items))


def _fence(facts: Facts) -> tuple[Result, Text]:
    if facts.mission is None or not facts.mission.fence:
        return Result.BAD, FENCE_NONE
    if not facts.fence_proven:
        return Result.BAD, FENCE_MISSING
    if facts.vehicle.autopilot is not Autopilot.ARDUPILOT:
        return Result.GOOD, FENCE_LOADED
    told = facts.vehicle.readiness
    if told is None or told.fence_enabled is None:
        return Result.UNKNOWN, NOT_TOLD
    return (Result.GOOD, FENCE_ON) if told.fence_enabled else (Result.BAD, FENCE_OFF)


def _battery(facts: Facts) -> tuple[Result, Text]:
    told = facts.vehicle.battery
    wrong = _fresh(told, facts)
    if wrong or told is None or told.remaining_percent is None:
        return wrong or (Result.UNKNOWN, NOT_TOLD)
    need = facts.energy_needed_percent
    if need is None:
        return Result.UNKNOWN, NOT_KNOWN
    shown = BATTERY_SHORT.with_(have=told.remaining_percent, need=need, reserve=facts.reserve_percent)
    return (Result.GOOD if told.remaining_percent >= need + facts.reserve_percent else Result.BAD), shown


def _clock(facts: Facts) -> tuple[Result, Text]:
    offset_s = facts.vehicle.clock_offset_s
    if offset_s is None:
        return Result.UNKNOWN, NOT_TOLD
    shown = CLOCK_OFF.with_(offset=offset_s)
    return (Result.GOOD if abs(offset_s) <= LARGEST_CLOCK_OFFSET_S else Result.BAD), shown


def _storage(facts: Facts) -> tuple[Result, Text]:
    minutes = facts.free_minutes
    if minutes is None:
        return Result.UNKNOWN, NOT_KNOWN
    if minutes < LEAST_FREE_MINUTES:
        return Result.BAD, STORAGE_LOW.with_(minutes=minutes)
    return Result.GOOD, STORAGE_OK.with_(minutes=minutes)


def _sampler(facts: Facts) -> tuple[Result, Text]:
    ago_s = facts.sampler_checked_s_ago
    if ago_s is None:
        return Result.BAD, NEVER_ZEROED
    shown = ZERO_OLD.with_(hours=ago_s / 3600)
    return (Result.GOOD if ago_s <= ZERO_VALID_S else Result.BAD), shown


def _airspace(facts: Facts) -> tuple[Result, Text]:
    number = facts.approval_number.strip()
    return (Result.GOOD, APPROVAL.with_(number=number)) if number else (Result.BAD, NO_APPROVAL)


def link_loss(facts: Facts) -> LinkLoss:
    """What it will do on link loss, for the list and for the record."""
    return on_link_loss(facts.vehicle.autopilot, facts.vehicle.parameters, station=facts.station)


def _link_loss(facts: Facts) -> tuple[Result, Text]:
    told = link_loss(facts)
    reason = Text("；".join(t.zh for t in told.sentences), "; ".join(t.en for t in told.sentences))
    if not told.known:
        return Result.UNKNOWN, reason
    return (Result.GOOD if told.acts else Result.BAD), reason


def _return_height(facts: Facts) -> tuple[Result, Text]:
    height_m, top_m = link_loss(facts).return_height_m, facts.tallest_obstacle_m
    if height_m is None or top_m is None:
        return Result.UNKNOWN, NOT_KNOWN
    if height_m < top_m + OBSTACLE_MARGIN_M:
        return Result.BAD, RETURN_LOW.with_(height=height_m, top=top_m, margin=OBSTACLE_MARGIN_M)
    return Result.GOOD, RETURN_OK.with_(height=height_m, clear=height_m - top_m)


_CHECKS = {
    "link": _link,
    "gnss": _gnss,
    "estimator": _estimator,
    "autopilot": _autopilot,
    "home": _home,
    "plan": _plan,
    "fence": _fence,
    "battery": _battery,
    "clock": _clock,
    "storage": _storage,
    "sampler": _sampler,
    "airspace": _airspace,
    "link-loss": _link_loss,
    "return-height": _return_height,
}

__all__ = [
    "HAND",
    "NOT_OVERRIDABLE",
    "TITLES",
    "CheckItem",
    "Facts",
    "Override",
    "Result",
    "Tick",
    "link_loss",
    "passes",
    "preflight",
    "problems",
]
