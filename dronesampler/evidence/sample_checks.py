"""Samples in a packet: their records are those the journal names (V14), and their custody and holding time (V18).

A record that was changed, cut or lengthened breaks the packet. A gap of custody or a sample analysed too late does not:
it is true, and it is said.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dronesampler.casework import SampleRecord, record_of
from dronesampler.casework.cases import Case, case_of
from dronesampler.casework.record import ENTERED
from dronesampler.evidence import layout
from dronesampler.evidence.journal_checks import Journal
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.journal import Entry, first_break
from dronesampler.problems import Severity
from dronesampler.texts import Text

SAMPLE = "sample"
FOLDERS = {SAMPLE: layout.SAMPLES, "case": layout.CASES}

NO_SAMPLES = Text("没有实物样品", "there are no physical samples")
RECORD_GONE = Text("日志登记了 {number}，包内没有其记录", "the journal names {number}; its record is not here")
NOT_NAMED = Text("记录未登记在日志中", "a record that the journal does not name")
UNREADABLE = Text("记录无法解析：{reason}", "the record cannot be parsed: {reason}")
CHAIN_BREAKS = Text("记录在第 {seq} 条断链", "the record breaks at entry {seq}")
CHANGED = Text("记录第 {seq} 条与日志所登记的不同", "entry {seq} of the record is not the one that the journal names")
COUNT = Text("记录有 {found} 条，日志登记了 {noted} 条", "the record has {found} entries; the journal names {noted}")
LAB_FILE = Text(
    "检测报告“{name}”不在包内，或不是收到时的文件",
    "the laboratory's file {name!r} is not here, or not as it was received",
)
RECORDS_GOOD = Text(
    "{count} 份样品和案件记录与日志登记一致，检测报告为收到时的原件",
    "the records of {count} samples and cases are those that the journal names; laboratory files are as received",
)
CUSTODY_GOOD = Text("样品 {number}：保管未中断，{clock}", "sample {number}: custody unbroken, {clock}")


def check_samples(journal: Journal, packet: OpenedPacket) -> Iterator[Finding]:
    """V14 of the records of samples and cases, and V18."""
    samples: dict[str, SampleRecord] = {}
    faults: list[Finding] = []
    count = 0
    for dossier, folder in FOLDERS.items():
        noted, chains = _noted(journal, dossier), _chains(packet, folder)
        for number in sorted(noted.keys() | chains.keys()):
            read = _read(packet, chains.get(number), number=number, noted=noted.get(number, ()))
            count += 1
            if isinstance(read, Finding):
                faults.append(read)
            elif isinstance(read, SampleRecord):
                samples[number] = read
                faults += _lab_files(packet, number, read)
    yield from faults
    if count and not faults:
        yield Finding("V14", Status.PASSED, RECORDS_GOOD.with_(count=count))
    sealed_s = float(packet.seal["sealed_unix_s"]) if packet.seal else 0.0
    for number, record in samples.items():
        yield from _custody(number, record, sealed_s)
    if not _noted(journal, SAMPLE) and not _chains(packet, layout.SAMPLES):
        yield Finding("V18", Status.ABSENT, NO_SAMPLES)


def _chains(packet: OpenedPacket, folder: str) -> Mapping[str, str]:
    """Number of a record -> name of its chain."""
    names = (name for name in packet.kept if name.startswith(folder) and name.endswith(layout.CHAIN))
    return {name.removeprefix(folder).removesuffix(layout.CHAIN): name for name in names}


def _noted(journal: Journal, dossier: str) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Number of a record -> (entry, digest) in the order in which the journal names them."""
    found: dict[str, list[tuple[int, str]]] = {}
    for entry in journal.entries:
        body = entry.body
        if entry.kind == ENTERED and body.get("dossier") == dossier:
            found.setdefault(str(body.get("number")), []).append((_int(body.get("seq")), str(body.get("digest"))))
    return found


def _int(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _read(
    packet: OpenedPacket, name: str | None, *, number: str, noted: Sequence[tuple[int, str]]
) -> SampleRecord | Case | Finding:
    """The record where it is the one that the journal names, else what is wrong with it."""
    if name is None:
        return Finding("V14", Status.FAILED, RECORD_GONE.with_(number=number), number)
    if not noted:
        return Finding("V14", Status.FAILED, NOT_NAMED, name)
    try:
        entries = [_entry(line) for line in packet.kept[name].split(b"\n")[:-1]]
        broken = first_break(entries)
        if broken is not None:
            return Finding("V14", Status.FAILED, CHAIN_BREAKS.with_(seq=broken), name)
        for (seq, digest), entry in zip(noted, entries, strict=False):
            if (entry.seq, entry.digest()) != (seq, digest):
                return Finding("V14", Status.FAILED, CHANGED.with_(seq=entry.seq), name)
        if len(entries) != len(noted):
            return Finding("V14", Status.FAILED, COUNT.with_(found=len(entries), noted=len(noted)), name)
        return record_of(entries) if name.startswith(layout.SAMPLES) else case_of(entries)
    except (ValueError, KeyError, TypeError, RecursionError) as reason:
        return Finding("V14", Status.FAILED, UNREADABLE.with_(reason=repr(reason)), name)


def _entry(line: bytes) -> Entry:
    """One line of a chain, which must be spelled as we spell it."""
    values = json.loads(line)
    entry = Entry(**values)
    if entry.line() != line:
        raise ValueError("not canonical")
    return entry


def _lab_files(packet: OpenedPacket, number: str, record: SampleRecord) -> Iterator[Finding]:
    below = f"{layout.SAMPLES}{number}/lab/"
    present = {digest.sha256 for name, digest in packet.payload.items() if name.startswith(below)}
    for _, result in record.results:
        for file in result.files:
            if file.sha256 not in present:
                yield Finding("V14", Status.FAILED, LAB_FILE.with_(name=file.name), number)


def _custody(number: str, record: SampleRecord, sealed_unix_s: float) -> Iterator[Finding]:
    """V18: what is wrong with it by the time it was sealed."""
    try:
        problems, clock = record.problems(sealed_unix_s), record.holding(sealed_unix_s).text
    except (ValueError, OverflowError, OSError) as reason:  # times that no calendar holds
        yield Finding("V18", Status.FAILED, UNREADABLE.with_(reason=reason), number)
        return
    for problem in problems:
        status = Status.FAILED if problem.severity is Severity.ERROR else Status.NOTE
        yield Finding("V18", status, problem.text, number)
    if not any(problem.severity is Severity.ERROR for problem in problems):
        yield Finding("V18", Status.PASSED, CUSTODY_GOOD.with_(number=number, clock=clock), number)
