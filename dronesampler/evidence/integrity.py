"""Checks V1, V2 and V4 to V7: the container, the seal's spelling, and that every file is the one that was sealed."""

from collections.abc import Iterator

from dronesampler.evidence import layout
from dronesampler.evidence.bag_reader import PacketBag, bag_faults
from dronesampler.evidence.digests import Digest
from dronesampler.evidence.names import clashes, why_unsafe
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.seal import read_seal
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.texts import Text

NAMES_GOOD = Text("文件名安全、无重复、无链接", "file names are safe, none is doubled, none is a link")
DOUBLED = Text("同名文件出现两次", "two files of this name")
CLASHES = Text("与“{other}”在某些系统上是同一个文件", "the same file as “{other}” on some systems")
CANONICAL = Text("容器是标准写法，逐字节可重现", "the container is canonical, byte for byte")
CRC_DIFFERS = Text("ZIP 校验码与内容不符", "the ZIP's checksum is not that of the bytes")
SEAL_CANONICAL = Text("封条是标准写法", "the seal is spelled canonically")
SEAL_MISSING = Text("没有封条", "there is no seal")
SEAL_BROKEN = Text("封条无法解析：{reason}", "the seal cannot be parsed: {reason}")
SEAL_SPELLED = Text("封条不是标准写法", "the seal is not spelled canonically")
SET_GOOD = Text("文件与封条所列一致，共 {count} 个", "the files are those that the seal names, {count} of them")
MISSING = Text("封条列有、包内缺失", "the seal names it and it is missing")
EXTRA = Text("包内有、封条未列", "it is in the packet and the seal does not name it")
DIGESTS_GOOD = Text(
    "每个文件的大小、SHA-256、SM3 与封条一致（共 {size} 字节）",
    "size, SHA-256 and SM3 of every file are as sealed ({size} bytes in all)",
)
CHANGED = Text("内容与封存时不同", "its content is not what was sealed")
BAG_GOOD = Text("符合 BagIt 1.0，清单与内容一致", "a valid BagIt 1.0 bag, manifests agree with the payload")


def check_names(packet: OpenedPacket) -> Iterator[Finding]:
    """V1."""
    names = [entry.name for entry in packet.container.entries]
    faults = [(name, reason) for name in names if (reason := why_unsafe(name)) is not None]
    faults += (
        [(name, DOUBLED) for i, name in enumerate(names) if name in names[:i]] if len(set(names)) < len(names) else []
    )
    faults += [(one, CLASHES.with_(other=other)) for one, other in clashes(set(names))]
    for name, reason in faults:
        yield Finding("V1", Status.FAILED, reason, name)
    if not faults:
        yield Finding("V1", Status.PASSED, NAMES_GOOD)


def check_container(packet: OpenedPacket) -> Iterator[Finding]:
    """V2: packing the same files again gives the same bytes."""
    faults = list(packet.container.oddities)
    for entry in packet.container.entries:
        digest = packet.digests[entry.name]
        if digest.crc32 != entry.member.crc32:
            faults.append((entry.name, CRC_DIFFERS))
    for name, reason in faults:
        yield Finding("V2", Status.FAILED, reason, name)
    if not faults:
        yield Finding("V2", Status.PASSED, CANONICAL)


def check_seal_spelling(packet: OpenedPacket) -> Iterator[Finding]:
    """V4. Sets the packet's seal when it can be parsed."""
    data = packet.kept.get(layout.SEAL)
    if data is None:
        yield Finding("V4", Status.FAILED, SEAL_MISSING, layout.SEAL)
        return
    try:
        packet.seal, canonical = read_seal(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as reason:
        yield Finding("V4", Status.FAILED, SEAL_BROKEN.with_(reason=repr(reason)), layout.SEAL)
        return
    if canonical:
        yield Finding("V4", Status.PASSED, SEAL_CANONICAL)
    else:
        yield Finding("V4", Status.FAILED, SEAL_SPELLED, layout.SEAL)


def check_file_set(packet: OpenedPacket) -> Iterator[Finding]:
    """V5."""
    if packet.seal is None:
        return
    sealed = set(packet.seal["files"]) | {layout.SEAL, layout.SEAL_SIGNATURE}
    found = set(packet.digests)
    for name in sorted(sealed - found):
        yield Finding("V5", Status.FAILED, MISSING, name)
    for name in sorted(found - sealed):
        yield Finding("V5", Status.FAILED, EXTRA, name)
    if sealed == found:
        yield Finding("V5", Status.PASSED, SET_GOOD.with_(count=len(found)))


def check_digests(packet: OpenedPacket) -> Iterator[Finding]:
    """V6."""
    if packet.seal is None:
        return
    changed = [
        name
        for name, sealed in packet.seal["files"].items()
        if name in packet.digests and not _is(packet.digests[name], sealed)
    ]
    for name in changed:
        yield Finding("V6", Status.FAILED, CHANGED, name)
    if not changed:
        size = sum(digest.size for digest in packet.digests.values())
        yield Finding("V6", Status.PASSED, DIGESTS_GOOD.with_(size=size))


def _is(found: Digest, sealed: dict[str, object]) -> bool:
    return found.as_json() == sealed


def check_bag(packet: OpenedPacket) -> Iterator[Finding]:
    """V7."""
    faults = bag_faults(PacketBag(packet))
    for where, reason in faults:
        yield Finding("V7", Status.FAILED, reason, where)
    if not faults:
        yield Finding("V7", Status.PASSED, BAG_GOOD)
