"""Use cases: seal a patrol into an evidence packet, and check a packet."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dronesampler import evidence, report
from dronesampler.desk import packet_files
from dronesampler.desk.case_document import case_document
from dronesampler.desk.patrol_report import park_of, report_values
from dronesampler.desk.team import Team, aircraft_of, team_of
from dronesampler.evidence.contents import case_bytes
from dronesampler.journal import Entry
from dronesampler.park import Park
from dronesampler.problems import Refused
from dronesampler.store import Patrol, PatrolName, Store
from dronesampler.texts import Lang, Text

PACKET_WRITTEN = "packet written"  # the store's word in the journal

NO_FOLDER = Text(
    "数据库在服务器上：请说明密钥放在哪个目录", "the database is on a server: say which folder holds the keys"
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
    logs and keys (default: the store's); `lang` the language that comes first in the PDF. Raises Refused with the
    reason, e.g. a raw file that changed since it was captured.
    """
    found = store.patrol(patrol)
    folder = data or store.folder
    if folder is None:
        raise Refused(NO_FOLDER)
    team = team or team_of(folder, found)
    key = evidence.DeviceKey.open_or_create(folder / "keys", owner=team.agency)
    trust = _trust_file(folder / "keys", key)
    raw = _raw_files(store, found, folder=folder)
    _note_new_files(store, found, raw=raw)
    with tempfile.TemporaryDirectory(prefix="dronesampler-") as scratch:
        contents = _contents(store, found, team=team, raw=raw, scratch=Path(scratch), lang=lang)
        target = _target(out or folder / "packets", contents.file_name)
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


def _trust_file(keys: Path, key: evidence.DeviceKey) -> Path:
    """The device's own trust file: made on first use, never changed once it names the key (it may be revoked)."""
    path = keys / evidence.TRUST_FILE
    trust = evidence.read_trust(path) if path.exists() else evidence.Trust()
    if trust.key(key.public_key) is None:
        evidence.write_trust(trust.with_key(evidence.TrustedKey(key.public_key, key.owner)), path)
    return path


def _target(out: Path, file_name: str) -> Path:
    """The packet's path where a folder or a path ending in .zip is given."""
    return out if out.suffix == ".zip" and not out.is_dir() else out / file_name


def _raw_files(store: Store, patrol: Patrol, *, folder: Path) -> dict[str, Path]:
    """What was captured and is never touched: raw logs of the flight, and media as they came."""
    raw = folder / "raw" / patrol.uuid
    files = packet_files.files_below(raw, prefix=f"flights/{patrol.uuid}/raw")
    for media in store.media(patrol):
        files[f"media/original/{Path(media.path).name}"] = folder / media.path
    return files


def _note_new_files(store: Store, patrol: Patrol, *, raw: Mapping[str, Path]) -> None:
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
    store: Store, patrol: Patrol, *, team: Team, raw: Mapping[str, Path], scratch: Path, lang: Lang
) -> evidence.PacketContents:
    park = park_of(store, patrol)
    files: dict[str, bytes | Path] = {**raw, **_exported(store, patrol, park=park, scratch=scratch)}
    facts = [_fact(name, source) for name, source in sorted(files.items())]
    values = report_values(
        store, patrol, park, agency=team.agency, officers=team.officers, aircraft=aircraft_of(team, patrol), files=facts
    )
    case = case_document(store, patrol, team=team, values=values)
    files |= _pictures(values, case, first=lang)
    journal = store.journal(patrol)
    previous = _previous(patrol, journal)
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


def _fact(name: str, source: bytes | Path) -> report.FileFact:
    digest = evidence.digest_of(evidence.chunks_of(source))
    return report.FileFact(name, digest.size, digest.sha256)


def _exported(store: Store, patrol: Patrol, *, park: Park, scratch: Path) -> dict[str, Path]:
    """What is written anew from the database."""
    flight = f"flights/{patrol.uuid}"
    packet_files.write_readings(store.readings(patrol), scratch / "readings.csv")
    packet_files.write_raw_readings(store, patrol, path=scratch / "raw.csv")
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


def _pictures(values: report.ReportValues, case: Mapping[str, Any], *, first: Lang) -> dict[str, bytes | Path]:
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
    files["report/report.pdf"] = report.report_pdf(values, first=first, attachments=[attached])
    return files


def _previous(patrol: Patrol, journal: Sequence[Entry]) -> evidence.Supersedes | None:
    """The packet before this one: its journal is what stood before the entry that remembers it."""
    written = [entry for entry in journal if entry.kind == PACKET_WRITTEN]
    if not written:
        return None
    last = written[-1]
    anchor = evidence.Anchor.of(journal[: last.seq], journal_id=patrol.uuid, published=f"v{len(written)}")
    return evidence.Supersedes(str(last.body["sha256"]), len(written), anchor)
