"""The clock of a sample: how long it may still wait for its analysis, by the dated table of methods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from dronesampler.casework.results import LabResult
from dronesampler.casework.samples import Sample
from dronesampler.problems import Problem, Severity
from dronesampler.rules.holding import HoldingTime, holding_time
from dronesampler.texts import Text


class HoldingState(StrEnum):
    """How the clock stands."""

    RUNNING = "running"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"  # analysed too late
    UNKNOWN = "unknown"  # no row in the table, or no figure in it

    @property
    def bad(self) -> bool:
        return self in (HoldingState.OVERDUE, HoldingState.MISSED)


@dataclass(frozen=True, slots=True)
class Holding:
    """The clock of one sample. `left_s` is negative when it is over; `rule` None where the table has no row."""

    state: HoldingState
    rule: HoldingTime | None
    due_unix_s: float | None
    left_s: float | None
    analysed_unix_s: float | None = None

    @property
    def text(self) -> Text:
        """The state as a sentence, with the mark of figures that nobody has read in the standard."""
        said = _SAID[self.state].with_(left=_duration(self.left_s), method=self.rule.method if self.rule else "")
        unread = self.rule is not None and self.rule.max_hours is not None and not self.rule.verified
        return Text(said.zh + UNVERIFIED.zh, said.en + UNVERIFIED.en) if unread else said

    @property
    def short(self) -> Text:
        """The state in a word or two, for a table."""
        return _SHORT[self.state].with_(left=_duration(self.left_s))


_SHORT = {
    HoldingState.RUNNING: Text("剩 {left}", "{left} left"),
    HoldingState.OVERDUE: Text("超 {left}", "over by {left}"),
    HoldingState.MET: Text("按时", "in time"),
    HoldingState.MISSED: Text("迟 {left}", "late by {left}"),
    HoldingState.UNKNOWN: Text("未知", "not known"),
}
_SAID = {
    HoldingState.RUNNING: Text("保存时限剩余 {left}", "{left} of holding time left"),
    HoldingState.OVERDUE: Text("已超过保存时限 {left}，尚无分析记录", "overdue by {left}, and no analysis on record"),
    HoldingState.MET: Text("在保存时限内分析，尚余 {left}", "analysed in time, with {left} to spare"),
    HoldingState.MISSED: Text("超过保存时限 {left} 才分析", "analysed {left} too late"),
    HoldingState.UNKNOWN: Text("保存时限未知：查阅方法标准", "holding time not known: see the standard"),
}
UNVERIFIED = Text("（时限未经标准正文核对）", " (the limit was not checked against the standard)")
HOURS = Text("{hours:.0f} 小时 {minutes:02.0f} 分", "{hours:.0f} h {minutes:02.0f} min")
DAYS = Text("{days:.0f} 天 {hours:.0f} 小时", "{days:.0f} d {hours:.0f} h")


def _duration(seconds: float | None) -> Text:
    """The length of a time without its sign, rounded away from zero to minutes: one late minute is never none."""
    minutes = -(-abs(seconds or 0.0) // 60)
    if minutes >= 72 * 60:
        return DAYS.with_(days=minutes // 1440, hours=minutes % 1440 // 60)
    return HOURS.with_(hours=minutes // 60, minutes=minutes % 60)


def holding_of(sample: Sample, results: Sequence[LabResult], *, now_unix_s: float) -> Holding:
    """The clock of a sample now. With several analyses the first counts: later ones repeat it."""
    day = datetime.fromtimestamp(sample.ended_unix_s, UTC).date()
    rule = holding_time(sample.method, sample.vessel.value, day, analytes=sample.analytes)
    analysed_s = min((r.analysed_unix_s for r in results if r.analysed_unix_s is not None), default=None)
    if rule is None or rule.max_hours is None:
        return Holding(HoldingState.UNKNOWN, rule, None, None, analysed_s)
    due_s = sample.ended_unix_s + rule.max_hours * 3600.0
    left_s = due_s - (now_unix_s if analysed_s is None else analysed_s)
    good, late = (
        (HoldingState.RUNNING, HoldingState.OVERDUE)
        if analysed_s is None
        else (
            HoldingState.MET,
            HoldingState.MISSED,
        )
    )
    return Holding(good if left_s >= 0 else late, rule, due_s, left_s, analysed_s)


def holding_problems(number: str, holding: Holding) -> tuple[Problem, ...]:
    """Over time is an error; a limit nobody knows is a warning."""
    if holding.state.bad:
        return (Problem("holding.over", Severity.ERROR, holding.text, number),)
    if holding.state is HoldingState.UNKNOWN:
        return (Problem("holding.unknown", Severity.WARNING, holding.text, number),)
    return ()
