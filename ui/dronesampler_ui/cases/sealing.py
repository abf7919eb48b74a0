"""What Cases asks of the core about packets, as functions that run off the UI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dronesampler.desk.progress import Unseen
from dronesampler.texts import Lang, Text
from dronesampler_ui.library import Library

# The rooms that seal and verify take a second to import: they are, on the work thread that needs them first.


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One check: a mark, the kind of colour, the sentence."""

    mark: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """A verdict as the window shows it, the worst findings first."""

    file: str
    headline: str
    kind: str
    exit_code: int
    findings: tuple[FindingShown, ...]


MARKS = {"passed": ("✓", "good"), "note": ("–", "text"), "open": ("?", "warn"), "failed": ("✕", "danger")}
KINDS = {0: "good", 1: "danger", 2: "warn", 3: "danger"}


def seal(library: Library, patrol_id: int, lang: Lang, at: Callable[[float], None]) -> Path:
    """Write a packet of the patrol into the data folder's packets; where it is. `at` may raise to stop it."""
    from dronesampler.desk.sealing import seal_patrol

    return seal_patrol(library.store(), patrol_id, lang=lang, progress=_Told(at)).path


class _Told(Unseen):
    """Progress that only tells how far it is: the window shows its own title."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell

    def at(self, fraction: float, text: Text | None = None) -> None:
        self._tell(fraction)


def check(library: Library, path: Path, lang: Lang) -> VerdictShown:
    """Verify a packet with the trust file of this data folder, where there is one."""
    from dronesampler.desk.sealing import verify_packet
    from dronesampler.evidence import TRUST_FILE

    trust = library.data_dir / "keys" / TRUST_FILE
    verdict = verify_packet(path, trust=trust if trust.exists() else None)
    rank = {"failed": 0, "open": 1}
    ordered = sorted(verdict.findings, key=lambda f: (rank.get(f.status.value, 2), f.number))
    findings = []
    for finding in ordered:
        mark, kind = MARKS.get(finding.status.value, ("–", "text"))
        where = f" [{finding.where}]" if finding.where else ""
        findings.append(FindingShown(mark, kind, f"{finding.text.said(lang)}{where}"))
    return VerdictShown(
        file=path.name,
        headline=verdict.headline().said(lang),
        kind=KINDS[int(verdict.exit_code)],
        exit_code=int(verdict.exit_code),
        findings=tuple(findings),
    )
