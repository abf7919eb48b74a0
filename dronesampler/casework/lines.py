"""A sample's record as it is listed: one line, its custody in sentences, and what is wrong or missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dronesampler.casework.bodies import body_of
from dronesampler.casework.custody import Span
from dronesampler.casework.record import SampleRecord
from dronesampler.casework.results import Value
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

WHAT = Text("{kind}（{vessel}{litres}）", "{kind} ({vessel}{litres})")
SPAN = Text("{since} – {until}  {who}，{mode}{place}", "{since} – {until}  {who}, {mode}{place}")
GAP = Text("{since} – {until}  ✗ 无人保管", "{since} – {until}  ✗ nobody held it")
NOW = Text("至今", "now")
COURIER = Text("运输途中", "in transit")
RESULT = Text(
    "检测结果（第 {seq} 条）：{laboratory} {report}：{values}", "result (entry {seq}): {laboratory} {report}: {values}"
)
BELOW = Text("低于检出限", "below the limit")
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "·", Severity.NOTE: "·"}


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with the mark of its severity."""

    mark: str
    rule: str
    severity: Severity
    text: Text


@dataclass(frozen=True, slots=True)
class SampleLine:
    """What lists, windows and reports say of one sample."""

    record: SampleRecord
    number: str
    what: Text
    holder: str
    mode: Text
    clock: Text
    clock_short: Text
    clock_state: str
    due_unix_s: float | None
    custody: tuple[Text, ...]
    results: tuple[Text, ...]
    problems: tuple[ProblemLine, ...]
    simulated: bool

    def as_json(self) -> dict[str, Any]:
        r = self.record
        return {
            "number": self.number,
            "simulated": self.simulated,
            "sample": body_of(r.sample),
            "holder": self.holder,
            "holding": {"state": self.clock_state, "due_unix_s": self.due_unix_s, **_both(self.clock)},
            "custody": [
                {"holder": s.holder, "mode": s.mode, "from_unix_s": s.from_unix_s, "to_unix_s": s.to_unix_s}
                for s in r.spans
            ],
            "handovers": [body_of(h) for h in r.handovers],
            "seals": [body_of(s) for s in r.seals],
            "results": [{"entry": seq, **body_of(result)} for seq, result in r.results],
            "corrections": [body_of(c) for c in r.corrections],
            "problems": [{"rule": p.rule, "severity": p.severity.value, **_both(p.text)} for p in self.problems],
            "entries": len(r.entries),
            "head": r.entries[-1].digest(),
        }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def line_of(record: SampleRecord, *, now_unix_s: float) -> SampleLine:
    """The record as it stands now."""
    sample, holding, spans = record.sample, record.holding(now_unix_s), record.spans
    litres = sample.litres
    amount = "" if litres is None else f" {litres:.3g} L"
    mode = spans[-1].mode
    return SampleLine(
        record=record,
        number=sample.number,
        what=WHAT.with_(kind=sample.kind.word, vessel=sample.vessel.word, litres=amount),
        holder=record.holder,
        mode=mode.word if mode else Text("", ""),
        clock=holding.text,
        clock_short=holding.short,
        clock_state=holding.state.value,
        due_unix_s=holding.due_unix_s,
        custody=tuple(_span(span) for span in spans),
        results=tuple(_results(record)),
        problems=tuple(_problem(p) for p in record.problems(now_unix_s)),
        simulated=sample.simulated,
    )


def _problem(problem: Problem) -> ProblemLine:
    return ProblemLine(MARKS[problem.severity], problem.rule, problem.severity, problem.text)


def _span(span: Span) -> Text:
    until = NOW if span.to_unix_s is None else said_time(span.to_unix_s)
    since = said_time(span.from_unix_s)
    if span.mode is None:
        return GAP.with_(since=since, until=until)
    place = f" @ {span.place}" if span.place else ""
    return SPAN.with_(since=since, until=until, who=span.holder or COURIER, mode=span.mode.word, place=place)


def _results(record: SampleRecord) -> Iterator[Text]:
    for seq, result in record.results_in_force:
        said = [said_value(value) for value in result.values]
        values = Text("；".join(t.zh for t in said) or "–", "; ".join(t.en for t in said) or "–")
        yield RESULT.with_(seq=seq, laboratory=result.laboratory, report=result.report_number, values=values)


def said_value(value: Value) -> Text:
    """ "benzene 0.12 mg/m3 (limit 0.003)"."""
    limit = "" if value.detection_limit is None else f" (< {value.detection_limit:g})"
    if value.value is None:
        return Text(
            f"{value.analyte} {BELOW.zh}{limit} {value.unit}", f"{value.analyte} {BELOW.en}{limit} {value.unit}"
        )
    return Text(*(f"{value.analyte} {value.value:g} {value.unit}{limit.replace('<', 'LOD')}",) * 2)


def said_time(unix_s: float, *, utc_offset_h: float = 8.0) -> str:
    """The time on the clocks of the place, with its offset."""
    moment = datetime.fromtimestamp(unix_s + utc_offset_h * 3600.0, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC{utc_offset_h:+03.0f}:00"
