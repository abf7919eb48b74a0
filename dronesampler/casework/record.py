"""The record of one sample: an append-only, hash-chained journal of its own, and what it says when read from the start.

Nothing in it is ever changed: a wrong entry is followed by a right one that names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dronesampler.casework.bodies import body_of, value_of
from dronesampler.casework.custody import Handover, Sealing, Span, custody_problems, spans_of
from dronesampler.casework.holding import Holding, holding_of, holding_problems
from dronesampler.casework.results import LabResult, result_problems
from dronesampler.casework.samples import Sample, sample_problems
from dronesampler.journal import Entry
from dronesampler.problems import Problem, Severity

TAKEN = "sample taken"
CORRECTED = "sample corrected"  # body {"sample": the whole, corrected; "why", "by"}
SEALED = "sample sealed"
HANDED = "sample handed over"
RESULT = "laboratory result"
NOTED = "sample noted"  # body {"note", "by"}
KINDS = (TAKEN, CORRECTED, SEALED, HANDED, RESULT, NOTED)
ENTERED = "dossier entry"  # the patrol journal's word for an entry here: body {dossier, number, seq, kind, digest}
CREW = "机组 crew"  # who has it in view where no officer is named


@dataclass(frozen=True, slots=True)
class Correction:
    """That the record of a sample was corrected: in which entry, why and by whom."""

    seq: int
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """Everything on record of one sample. `sample` is as last corrected, `first` as it was first written."""

    first: Sample
    sample: Sample
    corrections: tuple[Correction, ...]
    seals: tuple[Sealing, ...]
    handovers: tuple[Handover, ...]
    results: tuple[tuple[int, LabResult], ...]  # with the number of the entry
    entries: tuple[Entry, ...]

    @property
    def crew(self) -> str:
        return self.sample.officers[0].name if self.sample.officers else CREW

    @property
    def spans(self) -> tuple[Span, ...]:
        """Who held it, from its taking on."""
        return spans_of(self.crew, self.sample.ended_unix_s, self.handovers)

    @property
    def holder(self) -> str:
        """Who has it now."""
        return self.spans[-1].holder

    @property
    def results_in_force(self) -> tuple[tuple[int, LabResult], ...]:
        """Those that no later one corrects."""
        corrected = {result.corrects for _, result in self.results}
        return tuple((seq, result) for seq, result in self.results if seq not in corrected)

    def holding(self, now_unix_s: float) -> Holding:
        return holding_of(self.sample, [r for _, r in self.results_in_force], now_unix_s=now_unix_s)

    def problems(self, now_unix_s: float) -> tuple[Problem, ...]:
        """What is wrong and what is missing, the errors first."""
        sample = self.sample
        number, method = sample.number, sample.method
        found = [
            *sample_problems(sample),
            *custody_problems(number, self.crew, sample.ended_unix_s, seals=self.seals, handovers=self.handovers),
            *(p for _, r in self.results_in_force for p in result_problems(number, r, asked_method=method)),
            *holding_problems(number, self.holding(now_unix_s)),
        ]
        return tuple(sorted(found, key=lambda p: p.severity is not Severity.ERROR))


def record_of(entries: Sequence[Entry]) -> SampleRecord:
    """The record that these entries tell. Raises ValueError, KeyError or TypeError where they tell none."""
    if not entries or entries[0].kind != TAKEN:
        raise ValueError("a record begins with the taking of its sample")
    first = value_of(Sample, dict(entries[0].body))
    sample, corrections = first, []
    seals = [Sealing(first.seal, first.ended_unix_s, first.officers[0].name if first.officers else CREW)]
    handovers: list[Handover] = []
    results: list[tuple[int, LabResult]] = []
    for entry in entries[1:]:
        body: dict[str, Any] = dict(entry.body)
        match entry.kind:
            case k if k == CORRECTED:
                sample = value_of(Sample, body["sample"])
                corrections.append(Correction(entry.seq, str(body["why"]), str(body["by"])))
            case k if k == SEALED:
                seals.append(value_of(Sealing, body))
            case k if k == HANDED:
                handovers.append(value_of(Handover, body))
            case k if k == RESULT:
                results.append((entry.seq, value_of(LabResult, body)))
            case k if k == NOTED:
                pass
            case _:
                raise ValueError(f"unknown kind of entry: {entry.kind}")
    if sample.number != first.number or sample.patrol != first.patrol:
        raise ValueError("a correction cannot make another sample of it")
    seals[0] = replace(seals[0], seal=sample.seal)
    return SampleRecord(
        first=first,
        sample=sample,
        corrections=tuple(corrections),
        seals=tuple(s for s in seals if s.seal),
        handovers=tuple(handovers),
        results=tuple(results),
        entries=tuple(entries),
    )


def taken_body(sample: Sample) -> dict[str, Any]:
    body: dict[str, Any] = body_of(sample)
    return body


def corrected_body(sample: Sample, *, why: str, by: str) -> dict[str, Any]:
    return {"sample": body_of(sample), "why": why, "by": by}
