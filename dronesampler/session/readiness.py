"""The preflight of a live patrol: the facts it is judged by, who ticked what, and whether arming may be asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dronesampler.commands import Brief, OverrideItem, TickItem
from dronesampler.flight.linkloss import NAMES
from dronesampler.flight.preflight import NOT_OVERRIDABLE, CheckItem, Facts, Override, Tick, passes, preflight
from dronesampler.mavlink.station import Station
from dronesampler.mission import Mission
from dronesampler.texts import Text

NOT_PASSED = Text(
    "起飞前检查未通过：{items}。请处理，或写明理由放行",
    "the preflight does not pass: {items}. Mend it, or let it pass with a written reason",
)
ITEM = Text("{key}（{title}：{reason}）", "{key} ({title}: {reason})")
ASK_AGAIN_S = 30.0
NO_REASON = Text("放行必须写明理由", "an override needs a written reason")
NEVER = Text("{key} 不能放行", "{key} cannot be overridden")

BriefIntent = TickItem | OverrideItem | Brief
Note = Callable[[str, dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the officer brought: figures that neither the vehicle nor the session knows."""

    energy_needed_percent: float | None = None
    sampler_checked_s_ago: float | None = None
    approval_number: str = ""
    tallest_obstacle_m: float | None = None
    ticks: Mapping[str, Tick] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)


class Readiness:
    """Owned by the session's thread."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.items: tuple[CheckItem, ...] = ()
        self._asked_s = float("-inf")
        self.checked_unix_s: float | None = None  # a check of the sampler that was made in this session

    def look(
        self,
        station: Station,
        now_s: float,
        *,
        held: Mission | None,
        free_minutes: float | None,
        unix_s: float = 0.0,
    ) -> None:
        """Judge anew; asks for the parameters that say what the vehicle does on link loss.

        Names that its firmware does not have are met with silence, which on a bad link the others may be too.
        """
        unread = [name for name in NAMES[station.vehicle.autopilot] if name not in station.parameters.values]
        if station.vehicle.connected and unread and now_s - self._asked_s > ASK_AGAIN_S:
            self._asked_s = now_s
            station.parameters.read(*unread)
        b = self.briefing
        facts = Facts(
            vehicle=station.vehicle,
            now_s=now_s,
            mission=held,
            plan_proven=held is not None,
            fence_proven=held is not None and bool(held.fence),
            energy_needed_percent=b.energy_needed_percent,
            free_minutes=free_minutes,
            sampler_checked_s_ago=self._checked_s_ago(unix_s),
            approval_number=b.approval_number,
            tallest_obstacle_m=b.tallest_obstacle_m,
            ticks=b.ticks,
            overrides=b.overrides,
        )
        self.items = preflight(facts)

    def _checked_s_ago(self, unix_s: float) -> float | None:
        told = self.briefing.sampler_checked_s_ago
        if self.checked_unix_s is None:
            return told
        here_s = max(unix_s - self.checked_unix_s, 0.0)
        return here_s if told is None else min(told, here_s)

    @property
    def passed(self) -> bool:
        return bool(self.items) and passes(self.items)

    @property
    def overridden(self) -> tuple[str, ...]:
        return tuple(self.briefing.overrides)

    def refusal(self) -> Text | None:
        """Why arming may not be asked for, naming every item that stands against it."""
        if self.passed:
            return None
        against = [ITEM.with_(key=i.key, title=i.title, reason=i.reason) for i in self.items if not i.passes]
        return NOT_PASSED.with_(items=Text("；".join(t.zh for t in against), "; ".join(t.en for t in against)))

    def answer(self, intent: BriefIntent, unix_s: float, *, note: Note) -> Text | None:
        """Put on record what somebody says of the preflight, then let it count; why not, or None."""
        if isinstance(intent, Brief):
            told = {name: getattr(intent, name) for name in ("energy_needed_percent", "tallest_obstacle_m")}
            note("briefed", {**told, "approval_number": intent.approval_number, "who": intent.operator})
            self.told(intent)
            return None
        if isinstance(intent, TickItem):
            note("ticked", {"item": intent.key, "who": intent.operator})
            self.tick(intent, datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="seconds"))
            return None
        note("overridden", {"item": intent.key, "who": intent.operator, "why": intent.why})
        return self.override(intent, unix_s)

    def tick(self, intent: TickItem, when: str) -> None:
        """Somebody looked."""
        ticks = {**self.briefing.ticks, intent.key: Tick(intent.operator or "-", when)}
        self.briefing = replace(self.briefing, ticks=ticks)

    def told(self, intent: Brief) -> None:
        """What the office knows; None leaves a figure as it was."""
        names = ("energy_needed_percent", "tallest_obstacle_m", "approval_number")
        given = {name: getattr(intent, name) for name in names if getattr(intent, name) is not None}
        self.briefing = replace(self.briefing, **given)

    def override(self, intent: OverrideItem, unix_s: float) -> Text | None:
        """Let an item pass for a written reason; the reason why not, or None."""
        if not intent.why.strip():
            return NO_REASON
        if intent.key in NOT_OVERRIDABLE:
            return NEVER.with_(key=intent.key)
        made = Override(intent.operator or "-", intent.why, unix_s)
        self.briefing = replace(self.briefing, overrides={**self.briefing.overrides, intent.key: made})
        return None
