"""Below the map in Cases: the story, the samples, their custody, and what a packet would lack."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dronesampler.problems import Severity
from dronesampler.texts import Lang
from dronesampler_ui.cases.samples_page import SamplesPage
from dronesampler_ui.cases.sampling import CaseSamples
from dronesampler_ui.cases.story import Story
from dronesampler_ui.library import CaseLine
from dronesampler_ui.parts.boxes import flowing, scrolled
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.theme import Theme

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "·", Severity.NOTE: "–"}


class CaseFoot(QWidget):
    """One page at a time; buttons and the keyboard choose it."""

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._theme, self._lang = theme, lang
        self.story = Story()
        self.samples = SamplesPage(theme, lang)
        self.missing = QListWidget()
        self.missing.setAccessibleName(self.tr("What a packet would lack"))
        self.missing.setWordWrap(True)
        self._missing: CaseSamples | None = None
        self.export = QToolButton()
        self.export.setText(self.tr("Export"))
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export.setObjectName("quiet")
        self._pages = QStackedWidget()
        self._custody = scrolled(self.samples.custody)
        self._group = QButtonGroup(self)
        head = QHBoxLayout()
        head.setContentsMargins(10, 0, 10, 0)
        head.setSpacing(4)
        self.views: dict[str, QToolButton] = {}
        pages = {
            "story": scrolled(self.story),
            "samples": self.samples,
            "custody": self._custody,
            "missing": self.missing,
        }
        for key, page in pages.items():
            self._pages.addWidget(page)
            self.views[key] = self._view(key, page)
        head.addWidget(flowing(*self.views.values(), gap=4), 1)
        head.addWidget(self.export, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        self.show_view("story")

    def names(self) -> dict[str, str]:
        """The pages in the officer's words."""
        return {
            "story": self.tr("Case"),
            "samples": self.tr("Samples"),
            "custody": self.tr("Custody"),
            "missing": self.tr("Before sealing"),
        }

    def _view(self, key: str, page: QWidget) -> QToolButton:
        button = QToolButton()
        button.setObjectName("view")
        button.setText(self.names()[key])
        button.setCheckable(True)
        self._group.addButton(button)
        button.toggled.connect(lambda on: self._pages.setCurrentWidget(page) if on else None)
        return button

    def show_view(self, key: str) -> None:
        """story, samples, custody or missing."""
        self.views[key].setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.samples.set_theme(theme)
        self.show_missing(self._missing)

    def show_case(self, case: CaseLine | None) -> None:
        self.story.show_case(case)
        self.samples.show_samples(None)
        self.show_missing(None)

    def show_samples(self, samples: CaseSamples) -> None:
        self.samples.show_samples(samples)
        self.show_missing(samples)
        if samples.case is not None:
            told = samples.case.told
            self.story.show_told(samples.case.number, told.story, told.people, tellings=samples.case.tellings)
        count = len(samples.lines)
        self.views["samples"].setText(f"{self.names()['samples']} {count}" if count else self.names()["samples"])

    def show_missing(self, samples: CaseSamples | None) -> None:
        """What stands against sealing, then what the packet would lack."""
        self._missing = samples
        self.missing.clear()
        if samples is None:
            return
        colours = {Severity.ERROR: self._theme.danger, Severity.WARNING: self._theme.warn}
        for problem in samples.missing:
            where = f"  [{problem.where}]" if problem.where else ""
            item = QListWidgetItem(f"{MARKS[problem.severity]}  {problem.text.said(self._lang)}{where}")
            item.setForeground(QColor(colours.get(problem.severity, self._theme.text)))
            self.missing.addItem(item)
        if not samples.missing:
            self.missing.addItem(self.tr("Nothing is missing."))

    def sheet(self) -> Sheet:
        """The custody picture, whatever is shown."""
        return self.samples.custody.sheet()
