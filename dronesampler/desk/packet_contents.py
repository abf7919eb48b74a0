"""What goes into a packet: raw files as they were, what is written anew from the store, samples, the report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dronesampler import evidence, report
from dronesampler.casework.lines import SampleLine, line_of
from dronesampler.desk import packet_files
from dronesampler.desk.case_document import case_document
from dronesampler.desk.cases import cases_of
from dronesampler.desk.patrol_report import park_of, report_values
from dronesampler.desk.progress import Progress
from dronesampler.desk.samples import lab_path, samples_of
from dronesampler.desk.team import Team, aircraft_of
from dronesampler.evidence.contents import case_bytes
from dronesampler.journal import canonical_json
from dronesampler.park import Park
from dronesampler.report.sample_labels import label_svg
from dronesampler.store import Patrol, Store
from dronesampler.texts import Lang, Text

EXPORTING = Text("导出读数", "writing the readings out")
DRAWING = Text("绘图与报告", "drawing maps and report")

Files = dict[str, bytes | Path]


def gather(
    store: Store,
    patrol: Patrol,
    *,
    team: Team,
    raw: Mapping[str, Path],
    scratch: Path,
    lang: Lang,
    progress: Progress,
) -> tuple[Files, Mapping[str, Any]]:
    """The payload's files by name, and case.json. `raw` is what was captured and goes in as it is."""
    park = park_of(store, patrol)
    now_s = store.clock.unix_s()
    samples = [line_of(record, now_unix_s=now_s) for record in samples_of(store, patrol)]
    progress.stage(EXPORTING)
    files: Files = {**raw, **_exported(store, patrol, park=park, scratch=scratch, progress=progress)}
    files |= _sample_files(samples) | _case_files(store, patrol)
    progress.stage(DRAWING)
    progress.at(0.45)
    facts = [_fact(name, source) for name, source in sorted(files.items())]
    values = report_values(
        store, patrol, park, agency=team.agency, officers=team.officers, aircraft=aircraft_of(team, patrol), files=facts
    )
    values = replace(values, samples=tuple(samples))
    progress.at(0.5)
    case = case_document(store, patrol, team=team, values=values)
    return files | _pictures(values, case, first=lang, progress=progress), case


def lab_files(store: Store, patrol: Patrol, *, folder: Path) -> dict[str, tuple[Path, str]]:
    """Name in the packet -> where a laboratory's file lies, and the SHA-256 it had when it was attached."""
    return {
        f"samples/{record.sample.number}/lab/{Path(lab_path(file)).name}": (folder / lab_path(file), file.sha256)
        for record in samples_of(store, patrol)
        for _, result in record.results
        for file in result.files
    }


def _sample_files(samples: Sequence[SampleLine]) -> Files:
    """Of every sample: its chain as it is, what it comes to, and its label."""
    files: Files = {}
    for line in samples:
        below = f"samples/{line.number}"
        files[f"{below}/chain.jsonl"] = b"".join(entry.line() + b"\n" for entry in line.record.entries)
        files[f"{below}/record.json"] = canonical_json(line.as_json()) + b"\n"
        files[f"{below}/label.svg"] = label_svg(line.record).encode()
    return files


def _case_files(store: Store, patrol: Patrol) -> Files:
    """The chains of the patrol's cases as they are."""
    return {
        f"cases/{case.number}/chain.jsonl": b"".join(entry.line() + b"\n" for entry in case.entries)
        for case in cases_of(store, patrol)
    }


def _fact(name: str, source: bytes | Path) -> report.FileFact:
    digest = evidence.digest_of(evidence.chunks_of(source))
    return report.FileFact(name, digest.size, digest.sha256)


def _exported(store: Store, patrol: Patrol, *, park: Park, scratch: Path, progress: Progress) -> dict[str, Path]:
    """What is written anew from the database."""
    flight = f"flights/{patrol.uuid}"
    total = max(int(patrol.counts.get("readings", 0)), 1)
    packet_files.write_readings(store.readings(patrol), scratch / "readings.csv")
    progress.at(0.1)

    def told(count: int) -> None:
        progress.at(0.1 + 0.25 * min(count / total, 1.0))

    packet_files.write_raw_readings(store, patrol, path=scratch / "raw.csv", at=told)
    packet_files.write_track(store.track(patrol), scratch / "track.csv")
    packet_files.write_wind(store.wind(patrol), scratch / "wind.csv")
    files = {
        "readings/readings.csv": scratch / "readings.csv",
        "readings/raw.csv": scratch / "raw.csv",
        f"{flight}/track.csv": scratch / "track.csv",
        f"{flight}/wind.csv": scratch / "wind.csv",
    }
    for name, path in packet_files.write_documents(store, patrol, park=park, folder=scratch):
        files[f"{flight}/{name}" if name.startswith("plan/") else name] = path
    return files


def _pictures(values: report.ReportValues, case: Mapping[str, Any], *, first: Lang, progress: Progress) -> Files:
    """Map, page and PDF. The PDF carries case.json, which names every file but these."""
    files: Files = {}
    for i, lang in enumerate(Lang):
        picture = report.map_picture(
            values.park,
            values.track,
            values.readings,
            values.suspected,
            wind=values.wind,
            lang=lang,
            simulated=values.simulated,
        )
        files[f"report/map.{lang.value}.svg"] = picture.encode()
        files[f"report/page.{lang.value}.html"] = report.page_html(values, lang=lang, map_svg=picture).encode()
        progress.at(0.55 + 0.1 * i)
    attached = report.Attachment("case.json", case_bytes(case).decode(), about="case.json")
    files["report/report.pdf"] = report.report_pdf(values, first=first, attachments=[attached])
    progress.at(0.8)
    return files
