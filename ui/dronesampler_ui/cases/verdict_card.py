"""What the verification of a packet found, check by check."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dronesampler_ui.cases.sealing import FindingShown, VerdictShown
from dronesampler_ui.parts.boxes import card, label, set_kind
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.theme import Theme


class VerdictCard(QWidget):
    """Shows a verdict; hidden until a packet was checked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._verdict: VerdictShown | None = None
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

    @property
    def verdict(self) -> VerdictShown | None:
        return self._verdict

    def show_verdict(self, verdict: VerdictShown) -> None:
        self._verdict = verdict
        self.headline.setText(verdict.headline)
        set_kind(self.headline, verdict.kind)
        self._file.setText(verdict.file)
        self.list.clear()
        for finding in verdict.findings:
            self.list.addItem(self._item(finding))
        self.show()

    def _item(self, finding: FindingShown) -> QListWidgetItem:
        item = QListWidgetItem(f"{finding.mark}  {sentence(finding.words)}")
        item.setForeground(QColor(getattr(self._theme, finding.kind)))
        return item
