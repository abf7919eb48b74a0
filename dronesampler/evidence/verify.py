"""Verifying a packet: reads it once, runs every check, and returns a verdict; never raises for a bad packet."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509

from dronesampler.evidence import layout
from dronesampler.evidence.authorship import (
    check_seal_signature,
    check_signatures,
    check_stamp,
    said_time,
    stamp_of,
)
from dronesampler.evidence.completeness import check_completeness
from dronesampler.evidence.container_reader import Container, Unreadable
from dronesampler.evidence.contents import Anchor
from dronesampler.evidence.document import check_report
from dronesampler.evidence.integrity import (
    check_bag,
    check_container,
    check_digests,
    check_file_set,
    check_names,
    check_seal_spelling,
)
from dronesampler.evidence.journal_checks import (
    check_anchors,
    check_chain_of,
    check_clock,
    check_taken_in,
    read_journal,
)
from dronesampler.evidence.keys import Trust
from dronesampler.evidence.opened import OpenedPacket, read_through
from dronesampler.evidence.sample_checks import check_samples
from dronesampler.evidence.verdict import Finding, Status, Verdict
from dronesampler.problems import system_said
from dronesampler.texts import Text

LARGEST_STAMP_BYTES = 1 << 20
CANNOT_OPEN = Text("无法打开：{reason}", "cannot be opened: {reason}")


def verify(
    path: Path,
    *,
    trust: Trust | None = None,
    anchors: Sequence[Anchor] = (),
    tsa_roots: Sequence[x509.Certificate] = (),
) -> Verdict:
    """Judge a packet.

    A time stamp that came after sealing may lie beside the packet as NAME.evp.zip.tsr.

    Sound (0): nothing was changed and a trusted key sealed it. Where the packet has no time stamp, that its time
    rests on the device's clock is noted; giving `tsa_roots` demands a stamp that leads to them. Broken (1). Not
    established (2): unchanged, but the key is not trusted, or the demanded time is not shown. Unreadable (3).
    """
    try:
        container = Container.open(path)
    except Unreadable as reason:
        return _unreadable(path, reason.text)
    except OSError as reason:
        return _unreadable(path, CANNOT_OPEN.with_(reason=system_said(reason)))
    try:
        packet = read_through(container)
        packet.later_stamp = _later_stamp(path)
        findings = tuple(_findings(packet, trust=trust, anchors=anchors, tsa_roots=tsa_roots))
    except OSError as reason:
        return _unreadable(path, CANNOT_OPEN.with_(reason=system_said(reason)))
    finally:
        container.close()
    return Verdict(str(path), findings, _is_simulated(packet), facts=_facts(packet))


def _findings(
    packet: OpenedPacket, *, trust: Trust | None, anchors: Sequence[Anchor], tsa_roots: Sequence[x509.Certificate]
) -> Iterator[Finding]:
    yield from check_names(packet)
    yield from check_container(packet)
    yield from check_seal_spelling(packet)  # sets packet.seal, which the checks below read
    stamp = stamp_of(packet, tsa_roots)
    journal = read_journal(packet)
    last_s = journal.entries[-1].unix_s if journal.entries else None
    yield from check_seal_signature(packet, trust, stamp=stamp)
    yield from check_file_set(packet)
    yield from check_digests(packet)
    yield from check_bag(packet)
    yield from check_chain_of(journal, packet)
    yield from check_anchors(journal, packet, outside=anchors)
    yield from check_clock(journal)
    yield from check_stamp(packet, stamp, demanded=bool(tsa_roots), last_entry_unix_s=last_s)
    yield from check_signatures(packet, trust, stamp=stamp)
    yield from check_report(packet)
    yield from check_taken_in(journal, packet)
    yield from check_samples(journal, packet)
    yield from check_completeness(packet)


def _later_stamp(path: Path) -> bytes | None:
    beside = path.with_name(path.name + layout.LATER_STAMP)
    if not beside.is_file():
        return None
    with beside.open("rb") as file:
        return file.read(LARGEST_STAMP_BYTES)


def _unreadable(path: Path, reason: Text) -> Verdict:
    return Verdict(str(path), (Finding("V1", Status.FAILED, reason),), unreadable=True)


def _is_simulated(packet: OpenedPacket) -> bool:
    return bool(packet.seal and packet.seal["simulated"])


def _facts(packet: OpenedPacket) -> tuple[tuple[str, str], ...]:
    if packet.seal is None:
        return ()
    seal = packet.seal
    return (
        ("name", f"{seal.get('name')}_v{seal.get('version')}"),
        ("sealed", said_time(float(seal["sealed_unix_s"]))),
        ("files", str(len(packet.digests))),
        ("journal", f"{seal['journal']['count']} {str(seal['journal'].get('head'))[:16]}…"),
        ("key", str(seal["key"].get("fingerprint"))),
    )
