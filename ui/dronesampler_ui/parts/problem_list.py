"""Findings of a check as a list; choosing one points at its place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dronesampler.problems import Problem, Severity
from dronesampler.texts import Lang
from dronesampler_ui.parts.boxes import label, set_kind
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.theme import Theme

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class ProblemList(QWidget):
    """The worst first. Emits the problem that was chosen."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._lang = theme, lang
        self._problems: list[Problem] | None = None
        self._sum = label("", "soft", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Checks"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.list.hide()
        column.addWidget(self._sum)
        column.addWidget(self.list)
        column.addStretch(0)
        self.list.currentRowChanged.connect(self._choose)
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_problems(tuple(self._problems or ()))

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        ranked = sorted(problems, key=lambda p: RANK[p.severity])
        self._problems = ranked
        self.list.blockSignals(True)
        self.list.clear()
        for problem in ranked:
            item = QListWidgetItem(f"{self._mark(problem.severity)}  {sentence(problem.text.said(self._lang))}")
            item.setForeground(QColor(self._colour(problem.severity)))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setVisible(bool(problems))
        self._say_sum(ranked)

    def _say_sum(self, problems: list[Problem]) -> None:
        errors = sum(p.severity is Severity.ERROR for p in problems)
        warnings = sum(p.severity is Severity.WARNING for p in problems)
        if errors:
            self._sum.setText(self.tr("Not to be flown like this: {n} errors").format(n=errors))
        elif warnings:
            self._sum.setText(self.tr("Look at {n} points before flying").format(n=warnings))
        else:
            self._sum.setText(self.tr("All checks passed"))
        set_kind(self._sum, "danger" if errors else "warn" if warnings else "good")

    def _mark(self, severity: Severity) -> str:
        return {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "–"}[severity]

    def _colour(self, severity: Severity) -> str:
        t = self._theme
        return {Severity.ERROR: t.danger, Severity.WARNING: t.warn, Severity.NOTE: t.text}[severity]

    def _choose(self, index: int) -> None:
        if self._problems and 0 <= index < len(self._problems):
            self.chosen.emit(self._problems[index])

    def show_if_new(self, problems: tuple[Problem, ...]) -> None:
        """As `show_problems`, but keeps what the officer has chosen while nothing changes."""
        if sorted(problems, key=lambda p: RANK[p.severity]) != self._problems:
            self.show_problems(problems)
