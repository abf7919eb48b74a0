"""What the verification of a packet found, check by check."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dronesampler.evidence import ExitCode, Finding, Status, Verdict
from dronesampler.texts import Lang
from dronesampler_ui.parts.boxes import card, label, set_kind
from dronesampler_ui.theme import Theme

KINDS = {
    ExitCode.SOUND: "good",
    ExitCode.BROKEN: "danger",
    ExitCode.NOT_ESTABLISHED: "warn",
    ExitCode.UNREADABLE: "danger",
}
MARKS = {Status.PASSED: "✓", Status.NOTE: "–", Status.OPEN: "?", Status.FAILED: "✕", Status.ABSENT: "–"}


class VerdictCard(QWidget):
    """Shows a verdict; empty until a packet was checked."""

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._lang = theme, lang
        self._verdict: Verdict | None = None
        frame, box = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.headline = label("", "title", wrap=True)
        self._file = label("", "soft", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Findings of the verification"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for widget in (self.headline, self._file, self.list):
            box.addWidget(widget)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._verdict:
            self.show_verdict(self._verdict)

    def show_verdict(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.headline.setText(verdict.headline().said(self._lang))
        set_kind(self.headline, KINDS[verdict.exit_code])
        self._file.setText(Path(verdict.packet).name)
        self.list.clear()
        for finding in sorted(verdict.findings, key=lambda f: (f.status is not Status.FAILED, f.number)):
            self.list.addItem(self._item(finding))
        self.show()

    def _item(self, finding: Finding) -> QListWidgetItem:
        where = f" [{finding.where}]" if finding.where else ""
        item = QListWidgetItem(f"{MARKS[finding.status]}  {finding.text.said(self._lang)}{where}")
        colour = {Status.FAILED: self._theme.danger, Status.OPEN: self._theme.warn, Status.PASSED: self._theme.good}
        item.setForeground(QColor(colour.get(finding.status, self._theme.text)))
        return item
