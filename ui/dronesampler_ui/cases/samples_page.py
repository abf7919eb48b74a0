"""Samples of a case: a table with what is wrong beside it, custody as a picture, and the forms for new entries."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dronesampler.casework.lines import SampleLine
from dronesampler.texts import Lang
from dronesampler_ui.cases.custody_picture import CustodyPicture
from dronesampler_ui.cases.entry_form import EntryForm
from dronesampler_ui.cases.sample_forms import HandedForm, ResultForm, SealedForm, TakenForm
from dronesampler_ui.cases.sampling import CaseSamples, sentences
from dronesampler_ui.parts.boxes import flowing, label, scrolled
from dronesampler_ui.theme import Theme

BAD = ("overdue", "missed")


class SamplesPage(QStackedWidget):
    """Emits what was typed into a form; a file dropped on it begins a laboratory result of the chosen sample."""

    entered = Signal(str, dict)  # what, fields
    labels = Signal()

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._lang = theme, lang
        self.samples = CaseSamples(0)
        self.setAcceptDrops(True)
        self.table = self._build_table()
        self.remarks = QListWidget()
        self.remarks.setAccessibleName(self.tr("What is to be said of the sample"))
        self.remarks.setWordWrap(True)
        self.remarks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.custody = CustodyPicture(theme, lang)
        self.taken, self.handed = TakenForm(lang), HandedForm(lang)
        self.sealed, self.result = SealedForm(), ResultForm()
        self.add = self._button(self.tr("New sample…"), self.begin_taken)
        self.hand = self._button(self.tr("Hand over…"), self.begin_handed)
        self.seal = self._button(self.tr("Seal…"), lambda: self._begin(self.sealed, {}))
        self.attach = self._button(self.tr("Result…"), self.begin_result)
        self.print_labels = self._button(self.tr("Labels…"), self.labels.emit)
        self._overview = self._build_overview()
        self.addWidget(self._overview)
        self._forms: tuple[EntryForm, ...] = (self.taken, self.handed, self.sealed, self.result)
        self._areas: dict[EntryForm, QScrollArea] = {}
        for form in self._forms:
            self._areas[form] = scrolled(form)
            self.addWidget(self._areas[form])
            form.saved.connect(self.entered)
            form.left.connect(self.show_overview)
        self.table.currentCellChanged.connect(lambda row, *_: self._choose(row))
        self.custody.chosen.connect(self.table.selectRow)
        self.show_samples(None)

    def _build_table(self) -> QTableWidget:
        table = QTableWidget(0, 5)
        table.setAccessibleName(self.tr("Samples"))
        heads = (self.tr("Number"), self.tr("What"), self.tr("Held by"), self.tr("Holding time"), self.tr("To mend"))
        table.setHorizontalHeaderLabels(list(heads))
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return table

    def _button(self, words: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName("tight")
        button.clicked.connect(lambda: do())
        return button

    def _build_overview(self) -> QWidget:
        page = QWidget()
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(self.table, 9)
        across.addWidget(self.remarks, 4)
        box = QVBoxLayout(page)
        box.setContentsMargins(12, 6, 12, 8)
        box.setSpacing(6)
        self._hint = label(self.tr("A laboratory's file may be dropped here."), "soft")
        box.addWidget(flowing(self.add, self.hand, self.seal, self.attach, self.print_labels, self._hint))
        box.addLayout(across, 1)
        return page

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.custody.set_theme(theme)
        self._fill()

    # What is shown

    def show_samples(self, samples: CaseSamples | None) -> None:
        """Those of a case, or of none."""
        self.samples = samples or CaseSamples(0)
        self._fill()
        self.custody.show_lines(self.samples.lines, now_s=self.samples.now_unix_s, simulated=self.samples.simulated)
        self.add.setEnabled(samples is not None)
        self.taken.offer(self.samples)
        self.show_overview()

    def show_overview(self) -> None:
        self.setCurrentWidget(self._overview)

    @property
    def chosen(self) -> SampleLine | None:
        row = self.table.currentRow()
        return self.samples.lines[row] if 0 <= row < len(self.samples.lines) else None

    def _fill(self) -> None:
        row = max(self.table.currentRow(), 0)
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.samples.lines))
        for i, line in enumerate(self.samples.lines):
            for column, (words, colour) in enumerate(self._cells(line)):
                item = QTableWidgetItem(words)
                item.setForeground(QColor(colour))
                self.table.setItem(i, column, item)
        self.table.blockSignals(False)
        if self.samples.lines:
            self.table.selectRow(min(row, len(self.samples.lines) - 1))
        self._choose(self.table.currentRow())

    def _cells(self, line: SampleLine) -> list[tuple[str, str]]:
        theme, lang = self._theme, self._lang
        errors = sum(p.mark == "✗" for p in line.problems)
        mode = line.mode.said(lang)
        clock = theme.danger if line.clock_state in BAD else theme.warn if line.clock_state == "unknown" else theme.text
        mend = f"✗ {errors}" if errors else f"· {len(line.problems)}" if line.problems else "✓"
        mend_colour = theme.danger if errors else theme.warn if line.problems else theme.good
        return [
            (line.number, theme.text),
            (line.what.said(lang), theme.text),
            (f"{line.holder} · {mode}", theme.text),
            (line.clock_short.said(lang), clock),
            (mend, mend_colour),
        ]

    def _choose(self, row: int) -> None:
        line = self.chosen
        for button in (self.hand, self.seal, self.attach, self.print_labels):
            button.setEnabled(line is not None)
        self.remarks.clear()
        if line is None:
            return
        self.custody.choose(row)
        for words in sentences(line, self._lang):
            item = QListWidgetItem(words)
            if words.startswith("✗"):
                item.setForeground(QColor(self._theme.danger))
            self.remarks.addItem(item)

    # Forms

    def _begin(self, form: EntryForm, values: dict[str, str]) -> None:
        line = self.chosen
        if line is None and form is not self.taken:
            return
        self.setCurrentWidget(self._areas[form])
        form.begin("" if form is self.taken or line is None else line.number, values)

    def begin_taken(self) -> None:
        s = self.samples
        self._begin(self.taken, {"started": s.began, "officers": s.officers})

    def begin_handed(self) -> None:
        line = self.chosen
        if line is not None:
            seal = line.record.seals[-1].seal if line.record.seals else ""
            self._begin(self.handed, {"giver": line.holder, "received": self.samples.now, "seal": seal})

    def begin_result(self, files: str = "") -> None:
        line = self.chosen
        method = line.record.sample.method if line else ""
        self._begin(self.result, {"files": files, "method": method, "received": self.samples.now})

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.chosen is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped([url.toLocalFile() for url in event.mimeData().urls()])
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropped(self, files: list[str]) -> None:
        """A laboratory's files: they begin a result of the chosen sample."""
        self.begin_result("; ".join(files))
