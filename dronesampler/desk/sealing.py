"""Use cases: seal a patrol into an evidence packet, and check a packet."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dronesampler import evidence, report
from dronesampler.casework import Officer
from dronesampler.desk import packet_files
from dronesampler.desk.patrol_report import park_of, report_values
from dronesampler.evidence.case_record import CASE_FORMAT
from dronesampler.evidence.contents import case_bytes
from dronesampler.journal import Entry
from dronesampler.park import Park
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Patrol, PatrolName, Store
from dronesampler.texts import Lang, Text

TEAM_FILE = "team.json"
PACKET_WRITTEN = "packet written"  # the store's word in the journal
RETENTION_YEARS = 5

NO_TEAM = Text(
    "没有执法人员信息：请用 --officer 姓名:执法证号 给出两人，或写入 {path}",
    "no officers are known: name two with --officer NAME:CERTIFICATE, or put them into {path}",
)
BAD_TEAM = Text("执法人员文件无法读取：{reason}", "the file of officers cannot be read: {reason}")
NO_FOLDER = Text(
    "数据库在服务器上：请说明密钥放在哪个目录", "the database is on a server: say which folder holds the keys"
)


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for a patrol, and the aircraft they flew."""

    agency: str
    officers: tuple[Officer, ...]
    aircraft: Mapping[str, str]


DEMONSTRATION_TEAM = Team(
    "示范县生态环境保护综合执法大队（演示，非真实机构）",
    (
        Officer("示例甲（演示）", "DEMO-0001", valid_to="2099-12-31", name_en="Example A (demonstration)"),
        Officer("示例乙（演示）", "DEMO-0002", valid_to="2099-12-31", name_en="Example B (demonstration)"),
    ),
    {"model": "模拟多旋翼 simulated multirotor", "serial": "SIM-0001", "registration": "SIMULATED"},
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A packet that was written. `trust` is the trust file that names this device's key."""

    path: Path
    trust: Path
    version: int
    sha256: str


def seal_patrol(
    store: Store,
    patrol: PatrolName,
    *,
    out: Path | None = None,
    team: Team | None = None,
    data: Path | None = None,
    lang: Lang = Lang.ZH,
) -> Sealed:
    """Gather a patrol from the store, write its packet and remember that; a second one supersedes the first.

    `out` is a folder or the packet's path (default: packets/ in the data folder); `data` the folder that holds raw
    logs and keys (default: the store's). Raises Refused with the reason, e.g. a raw file that changed since capture.
    """
    found = store.patrol(patrol)
    folder = data or store.folder
    if folder is None:
        raise Refused(NO_FOLDER)
    team = team or team_of(folder, found)
    key = evidence.DeviceKey.open_or_create(folder / "keys", owner=team.agency)
    trust = _trust_file(folder / "keys", key)
    raw = _raw_files(store, found, folder)
    _note_new_files(store, found, raw)
    with tempfile.TemporaryDirectory(prefix="dronesampler-") as scratch:
        contents = _contents(store, found, team, raw, Path(scratch))
        target = _target(out, folder, contents.file_name)
        path = evidence.write_packet(contents, target, key=key, clock=store.clock)
    sha256 = evidence.digest_of(evidence.chunks_of(path)).sha256
    with store.transaction() as batch:
        batch.put_packet(found.id, path=str(path), sha256=sha256)
    return Sealed(path, trust, contents.version, sha256)


def verify_packet(
    path: Path, *, trust: Path | None = None, anchors: Path | None = None, tsa_roots: Path | None = None
) -> evidence.Verdict:
    """Judge a packet by files that the verifier brings. Raises BadInput for what is wrong with those."""
    return evidence.verify(
        path,
        trust=evidence.read_trust(trust) if trust else None,
        anchors=evidence.read_anchors(anchors) if anchors else (),
        tsa_roots=evidence.read_roots(tsa_roots) if tsa_roots else (),
    )


def team_of(folder: Path, patrol: Patrol) -> Team:
    """The team on file in the data folder; a simulated patrol without one is the demonstration team's."""
    path = folder / TEAM_FILE
    if not path.exists():
        if patrol.simulated:
            return DEMONSTRATION_TEAM
        raise Refused(NO_TEAM.with_(path=path))
    try:
        values = json.loads(path.read_bytes())
        officers = tuple(Officer(**row) for row in values["officers"])
        return Team(str(values["agency"]), officers, dict(values.get("aircraft", {})))
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise BadInput(BAD_TEAM.with_(reason=repr(reason)), where=str(path)) from reason


def _trust_file(keys: Path, key: evidence.DeviceKey) -> Path:
    """The device's own trust file: made on first use, never changed once it names the key (it may be revoked)."""
    path = keys / evidence.TRUST_FILE
    trust = evidence.read_trust(path) if path.exists() else evidence.Trust()
    if trust.key(key.public_key) is None:
        evidence.write_trust(trust.with_key(evidence.TrustedKey(key.public_key, key.owner)), path)
    return path


def _target(out: Path | None, folder: Path, file_name: str) -> Path:
    if out is None:
        return folder / "packets" / file_name
    return out if out.suffix == ".zip" and not out.is_dir() else out / file_name


def _raw_files(store: Store, patrol: Patrol, folder: Path) -> dict[str, Path]:
    """What was captured and is never touched: raw logs of the flight, and media as they came."""
    raw = folder / "raw" / patrol.uuid
    files = packet_files.named(packet_files.files_below(raw), raw, f"flights/{patrol.uuid}/raw")
    for media in store.media(patrol):
        files[f"media/original/{Path(media.path).name}"] = folder / media.path
    return files


def _note_new_files(store: Store, patrol: Patrol, raw: Mapping[str, Path]) -> None:
    """Enter into the journal what it has not taken in yet, with its digest: later changes are then seen."""
    known = _captured(store.journal(patrol))
    new = {name: path for name, path in raw.items() if name not in known}
    digests = {name: evidence.digest_of(evidence.chunks_of(path)) for name, path in new.items()}
    with store.transaction() as batch:
        for name, digest in digests.items():
            batch.note(patrol.id, evidence.FILE_ADDED, {"name": name, "size": digest.size, "sha256": digest.sha256})


def _captured(journal: Sequence[Entry]) -> dict[str, str]:
    return {e.body["name"]: e.body["sha256"] for e in journal if e.kind == evidence.FILE_ADDED}


def _contents(
    store: Store, patrol: Patrol, team: Team, raw: Mapping[str, Path], scratch: Path
) -> evidence.PacketContents:
    park = park_of(store, patrol, store.track(patrol))
    files: dict[str, bytes | Path] = {**raw, **_exported(store, patrol, park, scratch)}
    facts = [_fact(name, source) for name, source in sorted(files.items())]
    values = report_values(
        store, patrol, park, agency=team.agency, officers=team.officers, aircraft=_aircraft(team, patrol), files=facts
    )
    case = _case(store, patrol, park, team, values)
    files |= _pictures(values, case)
    journal = store.journal(patrol)
    previous = _previous(store, patrol, journal)
    return evidence.PacketContents(
        name=f"{datetime.fromtimestamp(patrol.started_unix_s, UTC):%Y%m%d}-{patrol.uuid[:8]}",
        case=case,
        files=files,
        officers=team.officers,
        journal=journal,
        journal_id=patrol.uuid,
        version=previous.version + 1 if previous else 1,
        organization=team.agency,
        simulated=patrol.simulated,
        anchors=[previous.journal] if previous else [],
        captured=_captured(journal),
        supersedes=previous,
    )


def _aircraft(team: Team, patrol: Patrol) -> dict[str, str]:
    return {**({"reported": patrol.aircraft} if patrol.aircraft else {}), **team.aircraft}


def _fact(name: str, source: bytes | Path) -> report.FileFact:
    digest = evidence.digest_of(evidence.chunks_of(source))
    return report.FileFact(name, digest.size, digest.sha256)


def _exported(store: Store, patrol: Patrol, park: Park, scratch: Path) -> dict[str, Path]:
    """What is written anew from the database."""
    flight = f"flights/{patrol.uuid}"
    packet_files.write_readings(store.readings(patrol), scratch / "readings.csv")
    packet_files.write_raw_readings(store, patrol, scratch / "raw.csv")
    packet_files.write_track(store.track(patrol), scratch / "track.csv")
    packet_files.write_wind(store.wind(patrol), scratch / "wind.csv")
    files = {
        "readings/readings.csv": scratch / "readings.csv",
        "readings/raw.csv": scratch / "raw.csv",
        f"{flight}/track.csv": scratch / "track.csv",
        f"{flight}/wind.csv": scratch / "wind.csv",
    }
    for name, path in packet_files.write_documents(store, patrol, park, scratch):
        files[f"{flight}/{name}" if name.startswith("plan/") else name] = path
    return files


def _case(store: Store, patrol: Patrol, park: Park, team: Team, values: report.ReportValues) -> dict[str, Any]:
    """data/case.json: the whole machine record."""
    findings = store.findings(patrol)
    return {
        "format": CASE_FORMAT,
        "id": patrol.uuid,
        "simulated": patrol.simulated,
        "wording": "疑似 / suspected",
        "agency": team.agency,
        "officers": [officer.as_json() for officer in team.officers],
        "patrol": {
            "uuid": patrol.uuid,
            "name": patrol.name,
            "started_unix_s": patrol.started_unix_s,
            "ended_unix_s": patrol.ended_unix_s,
            "aircraft": dict(values.patrol.aircraft),
            "clock_factor": patrol.clock_factor,
            "counts": dict(patrol.counts),
        },
        "park": {"name": park.name, "simulated": park.simulated, "bounds_deg": _bounds(park)},
        "instruments": [
            {
                "instrument": s.instrument,
                "quantity": s.quantity,
                "unit": s.unit,
                "grade": "线索",
                "simulated": s.simulated,
            }
            for s in store.streams(patrol)
        ],
        "readings": {"count": len(values.readings), "maximum_mg_m3": _maximum(values)},
        "track": {"points": len(values.track), "length_m": round(report.track_length_m(values.track), 1)},
        "findings": {"suspected": [], **(findings[-1].analysis if findings else {})},
        "files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in values.files],
        "environment": packet_files.environment(),
        "retention_until": f"{datetime.fromtimestamp(patrol.started_unix_s, UTC).year + RETENTION_YEARS}-12-31",
    }


def _bounds(park: Park) -> list[float]:
    lat, lon = zip(*park.boundary.outer, strict=True)
    return [min(lat), min(lon), max(lat), max(lon)]


def _maximum(values: report.ReportValues) -> float | None:
    good = values.readings.value_mg_m3[values.readings.ok & np.isfinite(values.readings.value_mg_m3)]
    return float(good.max()) if len(good) else None


def _pictures(values: report.ReportValues, case: Mapping[str, Any]) -> dict[str, bytes | Path]:
    """Map, page and PDF. The PDF carries case.json, which names every file but these."""
    files: dict[str, bytes | Path] = {}
    for lang in Lang:
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
        files[f"report/page.{lang.value}.html"] = report.page_html(values, lang=lang).encode()
    attached = report.Attachment("case.json", case_bytes(case).decode(), about="case.json")
    files["report/report.pdf"] = report.report_pdf(values, attachments=[attached])
    return files


def _previous(store: Store, patrol: Patrol, journal: Sequence[Entry]) -> evidence.Supersedes | None:
    """The packet before this one: its journal is what stood before the entry that remembers it."""
    written = [entry for entry in journal if entry.kind == PACKET_WRITTEN]
    if not written:
        return None
    last = written[-1]
    anchor = evidence.Anchor.of(journal[: last.seq], journal_id=patrol.uuid, published=f"v{len(written)}")
    return evidence.Supersedes(str(last.body["sha256"]), len(written), anchor)
