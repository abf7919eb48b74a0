"""Checks V8, V9, V10 and V14: the journal's chain, outside anchors, its clocks, and the files it took in."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dronesampler.evidence import layout
from dronesampler.evidence.contents import FILE_ADDED, Anchor, anchor_from_json
from dronesampler.evidence.digests import leaf_hash, merkle_root
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.journal import GENESIS, Entry, first_break
from dronesampler.texts import Text

CLOCK_BACK_S = 2.0
MOST_NAMED = 16

NO_JOURNAL = Text("没有日志", "there is no journal")
BAD_ENTRY = Text("第 {line} 行不是标准写法的日志条目：{reason}", "line {line} is not a canonical entry: {reason}")
CHAIN_BREAKS = Text("哈希链在第 {seq} 条断开", "the hash chain breaks at entry {seq}")
NOT_AS_SEALED = Text("日志的条数、末条或 Merkle 根与封条不符", "count, head or Merkle root are not the seal's")
JOURNAL_GOOD = Text("日志 {count} 条，哈希链与 Merkle 根完好", "{count} journal entries, chain and Merkle root hold")
BAD_ANCHORS = Text("锚点文件无法解析：{reason}", "the anchors cannot be parsed: {reason}")
ANCHOR_BROKEN = Text(
    "日志与锚点不符：锚点“{published}”记载 {count} 条、末条 {head}…；日志在此之后被截短或改写",
    "the journal contradicts an anchor: “{published}” has {count} entries ending in {head}…; "
    "the journal was cut short or rewritten since",
)
ANCHORS_GOOD = Text("与 {count} 个外部锚点一致：{published}", "agrees with {count} outside anchors: {published}")
NO_OUTSIDE_ANCHOR = Text(
    "没有给外部锚点：持有密钥者重写日志不能被发现",
    "no outside anchor was given: a rewriting by someone who holds the key would not be seen",
)
SUPERSEDES_GOOD = Text(
    "承接第 {version} 版，其日志是本包日志的前段", "continues version {version}, whose journal it begins with"
)
CLOCK_BACK = Text("墙上时钟在第 {seq} 条倒退 {seconds} 秒", "the wall clock goes back {seconds} s at entry {seq}")
CLOCK_GOOD = Text("日志时间不倒退", "the journal's times do not go back")
FILE_GONE = Text(
    "日志登记过、包内没有或内容不同", "the journal took it in; the packet does not have it, or has other bytes"
)
FILES_GOOD = Text(
    "日志登记的 {count} 个文件都在包内且未变", "the {count} files that the journal took in are here, unchanged"
)
NOT_TAKEN_IN = Text(
    "{count} 个文件未在日志登记（由程序导出）：{names}", "{count} files are not in the journal: {names}"
)
NO_FILES = Text("日志没有登记文件", "the journal took in no files")


@dataclass(frozen=True, slots=True)
class Journal:
    """The packet's journal as read; `faults` are (place, reason)."""

    entries: tuple[Entry, ...]
    leaves: tuple[bytes, ...]
    faults: tuple[tuple[str, Text], ...]

    def anchor(self, count: int) -> tuple[str, str] | None:
        """Head and Merkle root of the first `count` entries, or None when there are fewer."""
        if not 0 <= count <= len(self.entries):
            return None
        return self.entries[count - 1].digest() if count else GENESIS, merkle_root(self.leaves[:count])


def read_journal(packet: OpenedPacket) -> Journal:
    """Every line of journal.jsonl."""
    data = packet.kept.get(layout.JOURNAL)
    if data is None:
        return Journal((), (), ((layout.JOURNAL, NO_JOURNAL),))
    entries: list[Entry] = []
    faults: list[tuple[str, Text]] = []
    lines = data.split(b"\n")
    if lines.pop() != b"":
        faults.append((layout.JOURNAL, BAD_ENTRY.with_(line=len(lines) + 1, reason="LF")))
    for number, line in enumerate(lines, 1):
        try:
            entries.append(_entry(line))
        except (ValueError, KeyError, TypeError, RecursionError) as reason:
            faults.append((layout.JOURNAL, BAD_ENTRY.with_(line=number, reason=repr(reason))))
    broken = first_break(entries)
    if broken is not None:
        faults.append((f"{layout.JOURNAL}:{broken + 1}", CHAIN_BREAKS.with_(seq=broken)))
    return Journal(tuple(entries), tuple(leaf_hash(entry.line()) for entry in entries), tuple(faults))


def _entry(line: bytes) -> Entry:
    values = json.loads(line)
    entry = Entry(values["seq"], values["unix_s"], values["kind"], values["body"], values["previous"])
    if entry.line() != line:
        raise ValueError("not canonical")
    if not isinstance(entry.seq, int) or not isinstance(entry.body, dict) or not isinstance(entry.kind, str):
        raise TypeError("fields of a wrong type")
    float(entry.unix_s)
    return entry


def check_chain_of(journal: Journal, packet: OpenedPacket) -> Iterator[Finding]:
    """V8."""
    for where, reason in journal.faults:
        yield Finding("V8", Status.FAILED, reason, where)
    if packet.seal is None:
        return
    sealed: dict[str, Any] = packet.seal["journal"]
    count = len(journal.entries)
    if (count, *(journal.anchor(count) or ())) != (sealed["count"], sealed["head"], sealed["merkle_root"]):
        yield Finding("V8", Status.FAILED, NOT_AS_SEALED, layout.JOURNAL)
    elif not journal.faults:
        yield Finding("V8", Status.PASSED, JOURNAL_GOOD.with_(count=count))


def check_anchors(journal: Journal, packet: OpenedPacket, *, outside: Sequence[Anchor]) -> Iterator[Finding]:
    """V9: the packet's own anchors, what it supersedes, and the anchors that the verifier brings."""
    try:
        own = [anchor_from_json(row) for row in json.loads(packet.kept[layout.ANCHORS])]
        previous = packet.seal["supersedes"] if packet.seal else None
        earlier = [anchor_from_json(previous["journal"])] if previous else []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as reason:
        yield Finding("V9", Status.FAILED, BAD_ANCHORS.with_(reason=repr(reason)), layout.ANCHORS)
        return
    journal_id = packet.seal["journal"].get("journal_id", "") if packet.seal else ""
    brought = [a for a in outside if not a.journal_id or not journal_id or a.journal_id == journal_id]
    broken = [anchor for anchor in (*own, *earlier, *brought) if not _holds(journal, anchor)]
    for anchor in broken:
        values = {"published": anchor.published, "count": anchor.count, "head": anchor.head[:16]}
        yield Finding("V9", Status.FAILED, ANCHOR_BROKEN.with_(**values), layout.JOURNAL)
    if previous and not broken:
        yield Finding("V9", Status.PASSED, SUPERSEDES_GOOD.with_(version=previous["version"]))
    if brought and not broken:
        published = "; ".join(anchor.published or "?" for anchor in brought)
        yield Finding("V9", Status.PASSED, ANCHORS_GOOD.with_(count=len(brought), published=published))
    elif not brought:
        yield Finding("V9", Status.NOTE, NO_OUTSIDE_ANCHOR)


def _holds(journal: Journal, anchor: Anchor) -> bool:
    found = journal.anchor(anchor.count)
    return found is not None and found[0] == anchor.head and anchor.merkle_root in ("", found[1])


def check_clock(journal: Journal) -> Iterator[Finding]:
    """V10: shown, never hidden; a clock set back is no proof of tampering.

    Where a simulated patrol ran faster than the wall, the moment between an event and its entry counts as often.
    """
    factor = journal.entries[0].body.get("clock_factor", 1.0) if journal.entries else 1.0
    tolerance_s = CLOCK_BACK_S * (max(float(factor), 1.0) if isinstance(factor, int | float) else 1.0)
    backwards = False
    for before, after in zip(journal.entries, journal.entries[1:], strict=False):
        if after.unix_s < before.unix_s - tolerance_s:
            backwards = True
            seconds = round(before.unix_s - after.unix_s, 1)
            yield Finding("V10", Status.NOTE, CLOCK_BACK.with_(seq=after.seq, seconds=seconds), layout.JOURNAL)
    if not backwards:
        yield Finding("V10", Status.PASSED, CLOCK_GOOD)


def check_taken_in(journal: Journal, packet: OpenedPacket) -> Iterator[Finding]:
    """V14: every file that the journal took in is here with those bytes; what it did not take in is named."""
    bodies = [entry.body for entry in journal.entries if entry.kind == FILE_ADDED]
    taken = {layout.PAYLOAD + str(body.get("name")): body.get("sha256") for body in bodies}
    lost = [name for name, sha256 in taken.items() if _sha256(packet, name) != sha256]
    for name in lost:
        yield Finding("V14", Status.FAILED, FILE_GONE, name)
    if not lost and taken:
        yield Finding("V14", Status.PASSED, FILES_GOOD.with_(count=len(taken)))
    # Chains are named in the journal entry by entry (sample_checks).
    derived = sorted(name for name in set(packet.payload) - set(taken) if not name.endswith(layout.CHAIN))
    if taken and derived:
        names = ", ".join(name.removeprefix(layout.PAYLOAD) for name in derived[:MOST_NAMED])
        names += " …" if len(derived) > MOST_NAMED else ""
        yield Finding("V14", Status.NOTE, NOT_TAKEN_IN.with_(count=len(derived), names=names))
    if not taken:
        yield Finding("V14", Status.ABSENT, NO_FILES)


def _sha256(packet: OpenedPacket, name: str) -> str | None:
    digest = packet.digests.get(name)
    return digest.sha256 if digest else None
