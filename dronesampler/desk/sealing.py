"""Use cases: seal a patrol into an evidence packet, and check a packet."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dronesampler import evidence
from dronesampler.desk import packet_contents, packet_files
from dronesampler.desk.progress import Progress, Unseen
from dronesampler.desk.stamping import fetch_stamp
from dronesampler.desk.team import Team, team_of
from dronesampler.evidence.packet import CANNOT_READ, CHANGED_SINCE
from dronesampler.journal import Entry
from dronesampler.problems import Refused, system_said
from dronesampler.store import Patrol, PatrolName, Store
from dronesampler.texts import Lang, Text

PACKET_WRITTEN = "packet written"  # the store's word in the journal

NO_FOLDER = Text(
    "数据库在服务器上：请说明密钥放在哪个目录", "the database is on a server: say which folder holds the keys"
)
STAMP_LATER = Text("时间戳留待以后：{reason}", "the time stamp is left for later: {reason}")
STANDS_THERE = Text(
    "{path} 已存在：证据包不会被覆盖，请换一个文件名或文件夹",
    "{path} is there already: evidence is not written over, choose another name or folder",
)
SEALING = Text("写入并封存", "writing and sealing")


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
    progress: Progress | None = None,
    tsa_url: str = "",
) -> Sealed:
    """Gather a patrol from the store, write its packet and remember that; a second one supersedes the first.

    `out` is a folder or the packet's path, where nothing must be yet (default: packets/ in the data folder); `data` the
    folder that holds raw logs and keys (default: the store's); `lang` the language that comes first in the PDF.
    `progress` may raise to stop it: then there is no packet. `tsa_url` is asked for a time stamp; when it does not
    answer, the packet is sealed all the same, `progress` says so, and the request waits in it (`desk.stamping`). Raises
    Refused with the reason, e.g. a raw file that changed since it was captured.
    """
    found = store.patrol(patrol)
    folder = data or store.folder
    if folder is None:
        raise Refused(NO_FOLDER)
    progress = progress or Unseen()
    team = team or team_of(folder, found)
    key = evidence.DeviceKey.open_or_create(folder / "keys", owner=team.agency)
    trust = _trust_file(folder / "keys", key)
    lab = packet_contents.lab_files(store, found, folder=folder)
    raw = _raw_files(store, found, folder=folder) | {name: path for name, (path, _) in lab.items()}
    _note_new_files(store, found, raw=raw, attached={name: sha256 for name, (_, sha256) in lab.items()})
    with tempfile.TemporaryDirectory(prefix="dronesampler-") as scratch:
        files, case = packet_contents.gather(
            store, found, team=team, raw=raw, scratch=Path(scratch), lang=lang, progress=progress
        )
        contents = _contents(store, found, team=team, files=files, case=case)
        target = _target(out or folder / "packets", contents.file_name)
        # In a folder the name tells the version: only one whose sealing broke off can stand there.
        if target == out and target.exists():
            raise Refused(STANDS_THERE.with_(path=target))
        progress.stage(SEALING)
        path = evidence.write_packet(
            contents,
            target,
            key=key,
            clock=store.clock,
            stamper=_stamper(tsa_url, progress) if tsa_url else None,
            progress=lambda part: progress.at(0.8 + 0.2 * part),
        )
    sha256 = evidence.digest_of(evidence.chunks_of(path)).sha256
    with store.transaction() as batch:
        batch.put_packet(found.id, path=str(path), sha256=sha256)
    return Sealed(path, trust, contents.version, sha256)


def _stamper(url: str, progress: Progress) -> Callable[[bytes], bytes | None]:
    """Asks the authority; without an answer the stamp is left for later."""

    def ask(request: bytes) -> bytes | None:
        try:
            return fetch_stamp(request, url)
        except Refused as reason:
            progress.say(STAMP_LATER.with_(reason=reason.text))
            return None

    return ask


def _contents(
    store: Store, patrol: Patrol, *, team: Team, files: packet_contents.Files, case: Mapping[str, object]
) -> evidence.PacketContents:
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


def _note_new_files(store: Store, patrol: Patrol, *, raw: Mapping[str, Path], attached: Mapping[str, str]) -> None:
    """Enter into the journal what it has not taken in yet, with its digest: later changes are then seen.

    A laboratory's file must still be the one that was attached.
    """
    known = _captured(store.journal(patrol))
    digests = {name: _digest(name, path) for name, path in raw.items() if name not in known}
    for name, digest in digests.items():
        if attached.get(name, digest.sha256) != digest.sha256:
            raise Refused(CHANGED_SINCE.with_(name=name, then=attached[name], now=digest.sha256))
    with store.transaction() as batch:
        for name, digest in digests.items():
            batch.note(patrol.id, evidence.FILE_ADDED, {"name": name, "size": digest.size, "sha256": digest.sha256})


def _digest(name: str, path: Path) -> evidence.Digest:
    try:
        return evidence.digest_of(evidence.chunks_of(path))
    except OSError as reason:
        raise Refused(CANNOT_READ.with_(name=name, reason=system_said(reason))) from reason


def _captured(journal: Sequence[Entry]) -> dict[str, str]:
    return {e.body["name"]: e.body["sha256"] for e in journal if e.kind == evidence.FILE_ADDED}


def _previous(patrol: Patrol, journal: Sequence[Entry]) -> evidence.Supersedes | None:
    """The packet before this one: its journal is what stood before the entry that remembers it."""
    written = [entry for entry in journal if entry.kind == PACKET_WRITTEN]
    if not written:
        return None
    last = written[-1]
    anchor = evidence.Anchor.of(journal[: last.seq], journal_id=patrol.uuid, published=f"v{len(written)}")
    return evidence.Supersedes(str(last.body["sha256"]), len(written), anchor)
