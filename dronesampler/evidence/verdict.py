"""What a verification found: one row a check, and the exit code that follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from dronesampler.texts import SIMULATED, Lang, Text


class Status(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    NOTE = "note"  # true, and the reader should know
    OPEN = "open"  # cannot be told with what was given
    FAILED = "failed"
    ABSENT = "absent"  # there is nothing of the kind in the packet


class Group(StrEnum):
    """Which question a check answers: the four properties of an electronic archive."""

    AUTHENTIC = "authenticity"
    WHOLE = "integrity"
    USABLE = "usability"
    SAFE = "safety"


class ExitCode(IntEnum):
    """What the command line returns."""

    SOUND = 0
    BROKEN = 1
    NOT_ESTABLISHED = 2
    UNREADABLE = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check. `where` names the file, entry or row."""

    code: str  # V1 ... V24
    status: Status
    text: Text
    where: str = ""

    @property
    def number(self) -> int:
        return int(self.code[1:])


GROUPS: Mapping[Group, tuple[Text, frozenset[int]]] = {
    Group.AUTHENTIC: (Text("真实性", "authenticity"), frozenset({3, 9, 11, 12, 17, 20})),
    Group.WHOLE: (Text("完整性", "integrity"), frozenset({2, 4, 5, 6, 7, 8, 10, 14, 16, 18, 21})),
    Group.USABLE: (Text("可用性", "usability"), frozenset({13, 15, 19, 22, 23})),
    Group.SAFE: (Text("安全性", "safety"), frozenset({1, 24})),
}
LAST_INTEGRITY_CHECK = 14

HEADLINES = {
    ExitCode.SOUND: Text("证据包完好", "SOUND"),
    ExitCode.BROKEN: Text("证据包已被破坏", "BROKEN"),
    ExitCode.NOT_ESTABLISHED: Text(
        "内容未被改动，但封存人或时间尚不能确认", "unchanged, but who sealed it or when is NOT ESTABLISHED"
    ),
    ExitCode.UNREADABLE: Text("无法读取", "UNREADABLE"),
}
FACTS = {
    "name": Text("名称", "name"),
    "sealed": Text("封存时间", "sealed"),
    "files": Text("文件数", "files"),
    "journal": Text("操作日志", "journal"),
    "key": Text("设备密钥", "key"),
}
MARKS = {Status.PASSED: "✓", Status.NOTE: "·", Status.OPEN: "?", Status.FAILED: "✗", Status.ABSENT: "–"}
INCOMPLETE = Text("（内容有欠缺：{codes}）", " (incomplete: {codes})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings about one packet."""

    packet: str
    findings: tuple[Finding, ...]
    simulated: bool = False
    unreadable: bool = False
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        if self.unreadable:
            return ExitCode.UNREADABLE
        integrity = [f for f in self.findings if f.number <= LAST_INTEGRITY_CHECK]
        if any(f.status is Status.FAILED for f in integrity):
            return ExitCode.BROKEN
        if any(f.status is Status.OPEN for f in integrity):
            return ExitCode.NOT_ESTABLISHED
        return ExitCode.SOUND

    @property
    def sound(self) -> bool:
        return self.exit_code is ExitCode.SOUND

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Codes of the completeness checks that failed; they do not touch integrity."""
        late = (f.code for f in self.findings if f.status is Status.FAILED and f.number > LAST_INTEGRITY_CHECK)
        return tuple(dict.fromkeys(late))

    def headline(self) -> Text:
        head = HEADLINES[self.exit_code]
        missing = INCOMPLETE.with_(codes=", ".join(self.incomplete)) if self.incomplete else Text("", "")
        mark = Text(f"【{SIMULATED.zh}】", f"[{SIMULATED.en}] ") if self.simulated else Text("", "")
        return Text(mark.zh + head.zh + missing.zh, mark.en + head.en + missing.en)

    def as_json(self) -> dict[str, Any]:
        return {
            "packet": self.packet,
            "outcome": self.exit_code.name.lower().replace("_", " "),
            "exit_code": int(self.exit_code),
            "sound": self.sound,
            "simulated": self.simulated,
            "headline": {"zh": self.headline().zh, "en": self.headline().en},
            "incomplete": list(self.incomplete),
            "properties": {group.value: _worst(self._of(numbers)) for group, (_, numbers) in GROUPS.items()},
            "facts": dict(self.facts),
            "findings": [
                {"code": f.code, "status": f.status.value, "where": f.where, "zh": f.text.zh, "en": f.text.en}
                for f in self.findings
            ],
        }

    def lines(self, lang: Lang) -> list[str]:
        """The verdict for people: the headline, then the four properties with their findings."""
        said = [f"{self.headline().said(lang)}: {self.packet}"]
        said += [f"  {FACTS[name].said(lang) if name in FACTS else name}: {value}" for name, value in self.facts]
        for name, numbers in GROUPS.values():
            found = self._of(numbers)
            if found:
                said.append(f"{name.said(lang)}")
                said += [_line(finding, lang) for finding in found]
        return said

    def _of(self, numbers: frozenset[int]) -> list[Finding]:
        return sorted((f for f in self.findings if f.number in numbers), key=lambda f: f.number)


def _line(finding: Finding, lang: Lang) -> str:
    where = f" [{finding.where}]" if finding.where else ""
    return f"  {MARKS[finding.status]} {finding.code:<3} {finding.text.said(lang)}{where}"


def _worst(findings: Iterable[Finding]) -> str:
    order = [Status.FAILED, Status.OPEN, Status.NOTE, Status.PASSED, Status.ABSENT]
    statuses = {finding.status for finding in findings}
    return next((status.value for status in order if status in statuses), Status.ABSENT.value)
