"""Writing an evidence packet: a canonical ZIP with a BagIt bag, journal, anchors, signatures, stamps and a seal."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from dronesampler.casework import why_not_two
from dronesampler.clock import Clock
from dronesampler.evidence import layout
from dronesampler.evidence.bag import DECLARATION, bag_info, manifest
from dronesampler.evidence.container import ContainerWriter, Member
from dronesampler.evidence.contents import Anchor, PacketContents, case_bytes
from dronesampler.evidence.digests import Digest, chunks_of, digest_of
from dronesampler.evidence.files import whole_file
from dronesampler.evidence.instructions import instructions
from dronesampler.evidence.keys import DeviceKey
from dronesampler.evidence.names import clashes, why_unsafe
from dronesampler.evidence.seal import seal_of
from dronesampler.evidence.stamps import stamp_request
from dronesampler.journal import canonical_json, first_break
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Text

Source = bytes | Path
Sources = dict[str, Source]
Digests = dict[str, Digest]
Stamper = Callable[[bytes], bytes | None]
Signers = Callable[[bytes], Mapping[str, bytes]]

UNSAFE_NAME = Text("证据包不能收入文件“{name}”：{reason}", "a packet cannot hold a file named “{name}”: {reason}")
SAME_NAME = Text(
    "两个文件名在某些系统上相同：“{one}”与“{other}”",
    "two names are one on some systems: “{one}” and “{other}”",
)
CANNOT_READ = Text("无法读取“{name}”：{reason}", "cannot read “{name}”: {reason}")
CHANGED_SINCE = Text(
    "文件“{name}”在采集之后被改动过（采集时 SHA-256 {then}，现在 {now}）；未生成证据包。请从原始载体重新取得该文件",
    "“{name}” has changed since it was captured (SHA-256 then {then}, now {now}); no packet was written. "
    "Fetch the file again from its original medium",
)
CHANGED_MEANWHILE = Text(
    "文件“{name}”在写入证据包时被改动；请停止写入该文件后重做",
    "“{name}” changed while the packet was being written; stop whatever writes it and try again",
)
NO_SUCH_FILE = Text("日志中登记的文件“{name}”不在证据包中", "the journal names “{name}”, which is not in the packet")
BROKEN_JOURNAL = Text(
    "巡查日志在第 {seq} 条处断链；未生成证据包。请用备份恢复日志",
    "the patrol's journal breaks at entry {seq}; no packet was written. Restore the journal from a backup",
)


def write_packet(
    contents: PacketContents,
    path: Path,
    *,
    key: DeviceKey,
    clock: Clock,
    stamper: Stamper | None = None,
    signers: Signers | None = None,
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write the packet to `path` (a folder gives it its own name there) and return where it is.

    Files are read piece by piece and the packet appears whole or not at all. `signers` is given the bytes that the
    officers sign (tagmanifest-sha256.txt) and returns their detached CMS signatures, file name -> DER. `stamper` is
    given an RFC 3161 request over the same bytes and returns the authority's response; without one, or when it returns
    None, the request waits in the packet. `progress` is told how far it is, 0 to 1, and may raise to stop it.
    Raises BadInput for names no system should hold, Refused for a broken rule or a failing disk.
    """
    path = path / contents.file_name if path.is_dir() else path
    _refuse_what_breaks_rules(contents)
    sources: Sources = {layout.PAYLOAD + name: source for name, source in contents.files.items()}
    sources[layout.CASE] = case_bytes(contents.case)
    _refuse_unsafe_names(sources)
    told = _Told(sources.values(), progress)
    payload = {name: _digest(name, source, told) for name, source in sources.items() if name.startswith(layout.PAYLOAD)}
    _refuse_changed_files(contents.captured, payload)
    tags = _tag_files(contents, payload, key=key, clock=clock)
    message = tags[layout.TAG_MANIFESTS["sha256"]]
    sources |= {**tags, **_signatures(message, signers), **_stamp(message, stamper)}
    digests = payload | {name: _digest(name, data) for name, data in sources.items() if name not in payload}
    seal = seal_of(contents, digests, key=key, clock=clock)
    for name, data in ((layout.SEAL, seal), (layout.SEAL_SIGNATURE, key.sign(seal))):
        sources[name], digests[name] = data, _digest(name, data)
    _write(path, sources, digests, told=told)
    return path


def _refuse_what_breaks_rules(contents: PacketContents) -> None:
    reason = why_not_two(contents.officers)
    if reason is not None:
        raise Refused(reason)
    broken = first_break(contents.journal)
    if broken is not None:
        raise Refused(BROKEN_JOURNAL.with_(seq=broken))


def _refuse_unsafe_names(sources: Sources) -> None:
    for name in sources:
        reason = why_unsafe(name)
        if reason is not None:
            raise BadInput(UNSAFE_NAME.with_(name=name, reason=reason))
    for one, other in clashes(sources):
        raise BadInput(SAME_NAME.with_(one=one, other=other))


class _Told:
    """Counts the bytes of the payload that went by: each is read twice, once to digest and once to write."""

    def __init__(self, sources: Iterable[Source], tell: Callable[[float], None] | None) -> None:
        self._tell = tell
        self._total = 2 * sum(len(s) if isinstance(s, bytes) else _size(s) for s in sources) if tell else 0
        self._past = 0

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, told."""
        for chunk in chunks:
            yield chunk
            self._past += len(chunk)
            if self._tell is not None:
                self._tell(min(self._past / max(self._total, 1), 1.0))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say why


def _digest(name: str, source: Source, told: _Told | None = None) -> Digest:
    try:
        return digest_of(told.through(chunks_of(source)) if told else chunks_of(source))
    except OSError as reason:
        raise Refused(CANNOT_READ.with_(name=name, reason=reason)) from reason


def _refuse_changed_files(captured: Mapping[str, str], payload: Mapping[str, Digest]) -> None:
    for name, then in captured.items():
        found = payload.get(layout.PAYLOAD + name)
        if found is None:
            raise Refused(NO_SUCH_FILE.with_(name=name))
        if found.sha256 != then:
            raise Refused(CHANGED_SINCE.with_(name=name, then=then, now=found.sha256))


def _tag_files(contents: PacketContents, payload: Digests, *, key: DeviceKey, clock: Clock) -> dict[str, bytes]:
    """Everything beside the payload that the tag manifests name, and these: they close what is signed and stamped."""
    journal = b"".join(entry.line() + b"\n" for entry in contents.journal)
    own = Anchor.of(contents.journal, journal_id=contents.journal_id, published="seal.json")
    tags: dict[str, bytes] = {
        layout.BAGIT: DECLARATION,
        layout.BAG_INFO: bag_info(contents, payload, sealed_unix_s=clock.unix_s()),
        layout.JOURNAL: journal,
        layout.ANCHORS: canonical_json([anchor.as_json() for anchor in (*contents.anchors, own)]) + b"\n",
        layout.DEVICE_KEY: key.public_pem(),
        layout.INSTRUCTIONS: instructions(contents, key=key),
    }
    tags |= {name: manifest(payload, algorithm) for algorithm, name in layout.MANIFESTS.items()}
    digests = {name: digest_of([data]) for name, data in tags.items()}
    return tags | {name: manifest(digests, algorithm) for algorithm, name in layout.TAG_MANIFESTS.items()}


def _signatures(message: bytes, signers: Signers | None) -> dict[str, bytes]:
    made = signers(message) if signers else {}
    return {layout.SIGNATURES + name: signature for name, signature in made.items()}


def _stamp(message: bytes, stamper: Stamper | None) -> dict[str, bytes]:
    request = stamp_request(message)
    response = stamper(request) if stamper else None
    stamp = {layout.STAMP_REQUEST: request}
    return stamp | {layout.STAMP_RESPONSE: response} if response is not None else stamp


def _write(path: Path, sources: Sources, digests: Digests, *, told: _Told) -> None:
    with whole_file(path) as out:
        writer = ContainerWriter(out)
        for name in sorted(sources):
            _copy(writer, name, sources[name], expected=digests[name], told=told)
        writer.close()


def _copy(writer: ContainerWriter, name: str, source: Source, *, expected: Digest, told: _Told) -> None:
    """Copy a file while digesting it a second time: what lands in the packet is what the seal names."""
    member = Member(name, expected.size, expected.crc32)
    if isinstance(source, bytes):
        writer.add(member, told.through([source]))
        return
    sha256 = hashlib.sha256()
    try:
        writer.add(member, _seen(told.through(chunks_of(source)), sha256))
    except ValueError as reason:
        raise Refused(CHANGED_MEANWHILE.with_(name=name)) from reason
    if sha256.hexdigest() != expected.sha256:
        raise Refused(CHANGED_MEANWHILE.with_(name=name))


def _seen(chunks: Iterable[bytes], sha256: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        sha256.update(chunk)
        yield chunk
