"""What Cases asks of the core about samples, as functions that run off the UI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.texts import Lang, Text
from dronesampler_ui.library import Library
from dronesampler_ui.values import Decision

if TYPE_CHECKING:
    from dronesampler.casework.cases import Case
    from dronesampler.casework.lines import SampleLine
    from dronesampler.problems import Problem

URGENT_S = 4 * 3600.0

# The rooms behind take a second to import: they are, on the work thread that needs them first.


@dataclass(frozen=True, slots=True)
class CaseSamples:
    """The samples of a case's patrol, what its packet would lack, and what forms are filled with beforehand."""

    patrol_id: int
    lines: tuple[SampleLine, ...] = ()
    missing: tuple[Problem, ...] = ()
    officers: str = ""
    began: str = ""
    now: str = ""
    now_unix_s: float = 0.0
    simulated: bool = False
    methods: tuple[str, ...] = ()
    case: Case | None = None


def load(library: Library, patrol_id: int, decision: Decision) -> CaseSamples:
    """Everything the views of a case and of its samples show."""
    from dronesampler.casework.lines import line_of
    from dronesampler.desk.cases import case_about
    from dronesampler.desk.packet_missing import missing
    from dronesampler.desk.sample_entry import written
    from dronesampler.desk.samples import samples_of
    from dronesampler.rules.holding import HOLDING_TIMES

    store = library.store()
    patrol = store.patrol(patrol_id)
    now_s = store.clock.unix_s()
    return CaseSamples(
        patrol_id=patrol_id,
        lines=tuple(line_of(record, now_unix_s=now_s) for record in samples_of(store, patrol)),
        missing=missing(store, patrol, folder=library.data_dir),
        officers=_officers(library, patrol_id),
        began=written(patrol.started_unix_s),
        now=written(now_s),
        now_unix_s=now_s,
        simulated=patrol.simulated,
        case=case_about(store, patrol, finding=decision.finding_id, flag=decision.number),
        methods=tuple(dict.fromkeys(row.method for row in HOLDING_TIMES if row.valid_to is None)),
    )


def urgent(library: Library) -> tuple[tuple[str, Text], ...]:
    """Samples of all patrols that have waited too long, or nearly: number and what their clock says."""
    from dronesampler.desk.samples import samples_of

    store = library.store()
    now_s = store.clock.unix_s()
    clocks = [(r.sample.number, r.holding(now_s)) for r in samples_of(store) if not r.sample.simulated]
    waiting = [(n, h) for n, h in clocks if h.analysed_unix_s is None and h.left_s is not None and h.left_s < URGENT_S]
    return tuple((number, holding.text) for number, holding in waiting)


def _officers(library: Library, patrol_id: int) -> str:
    """The team on file, as the form takes officers."""
    from dronesampler.desk.team import team_of
    from dronesampler.problems import BadInput, Refused

    try:
        team = team_of(library.data_dir, library.store().patrol(patrol_id))
    except (BadInput, Refused):
        return ""
    return "; ".join(f"{o.name}:{o.certificate}" for o in team.officers)


def enter(library: Library, patrol_id: int, what: str, fields: Mapping[str, str], *, flag: int | None) -> str:
    """Keep what a form says; the sample's number. `what`: taken, handed, sealed, result. Raises BadInput, Refused."""
    from dronesampler.desk import sample_entry

    store, number = library.store(), fields.get("sample", "")
    match what:
        case "taken":
            record = sample_entry.enter_sample(store, patrol_id, fields, flag=flag)
        case "handed":
            record = sample_entry.enter_handover(store, number, fields)
        case "sealed":
            record = sample_entry.enter_seal(store, number, fields)
        case _:
            record = sample_entry.enter_result(store, number, fields)
    return record.sample.number


def tell(library: Library, patrol_id: int, decision: Decision, *, story: str, people: str) -> str:
    """Keep the story of a case; its number. Raises BadInput for an empty one."""
    from dronesampler.casework.cases import CaseTold
    from dronesampler.desk.cases import tell_case

    case = tell_case(
        library.store(),
        patrol_id,
        CaseTold(story.strip(), people.strip()),
        finding=decision.finding_id,
        flag=decision.number,
        place=(decision.lat_deg, decision.lon_deg),
        reason=decision.reason,
    )
    return case.number


def label_sheet(library: Library, patrol_id: int, path: Path) -> Path:
    """A sheet with the labels of all samples of the patrol."""
    from dronesampler.desk.sample_labels import write_labels
    from dronesampler.desk.samples import samples_of

    write_labels(samples_of(library.store(), patrol_id), path)
    return path


def sentences(line: SampleLine, lang: Lang) -> tuple[str, ...]:
    """What is to be said of a sample: its clock, what the laboratory found, what is wrong or missing."""
    problems = (f"{p.mark} {p.text.said(lang)}" for p in line.problems)
    return (line.clock.said(lang), *(text.said(lang) for text in line.results), *problems)
