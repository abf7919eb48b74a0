"""One case in words: when it was seen, where, why it was accepted, and which packets hold its evidence."""

from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dronesampler_ui.library import CaseLine
from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import Figures, label, row, scrolled

NARROWEST_PX, BESIDE_PX = 350, 640
EDGES_PX = 2 * 16


class Story(QWidget):
    """Emits what is to be done with the case."""

    seal = Signal(int)  # patrol id
    check = Signal(str)  # path of a packet
    show_patrol = Signal(int)
    told = Signal(str, str)  # story, people

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case: CaseLine | None = None
        self._title = label("", "title")
        self._figures = Figures(
            {
                "status": self.tr("Status"),
                "patrol": self.tr("Patrol"),
                "seen": self.tr("Flown"),
                "place": self.tr("Place"),
                "reason": self.tr("Accepted because"),
                "decided": self.tr("Decided"),
            }
        )
        self.packets = QListWidget()
        self.packets.setAccessibleName(self.tr("Evidence packets"))
        self._none = label(self.tr("No packet yet"), "soft")
        self.build = QPushButton(self.tr("Build a packet"))
        self.build.setObjectName("primary")
        self.verify = QPushButton(self.tr("Verify it"))
        self.review = QPushButton(self.tr("Show in Review"))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(self.tr("Story of the case"))
        self.words.setPlaceholderText(self.tr("What was seen, by whom, and what happened since"))
        self.words.setTabChangesFocus(True)
        self.words.setMinimumHeight(72)
        self.people = QLineEdit()
        self.people.setAccessibleName(self.tr("People"))
        self.people.setPlaceholderText(self.tr("Who has to do with it: name, office"))
        self.keep = QPushButton(self.tr("Keep the story"))
        self._number = label("", "soft")
        middle = QVBoxLayout()
        middle.addWidget(label(self.tr("Story and people"), "heading"))
        middle.addWidget(self.words, 1)
        middle.addWidget(self.people)
        middle.addLayout(row(self._number, self.keep, stretch=0))
        left = QVBoxLayout()
        left.addWidget(self._title)
        self._area = scrolled(self._figures)
        left.addWidget(self._area, 1)
        right = QVBoxLayout()
        right.addWidget(label(self.tr("Evidence packets"), "heading"))
        right.addWidget(self._none)
        right.addWidget(self.packets, 1)
        right.addStretch(0)
        right.addLayout(row(self.build, self.verify, self.review))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 10, 16, 10)
        self._line.setSpacing(22)
        for part, stretch in ((left, 3), (middle, 3), (right, 2)):
            self._line.addLayout(part, stretch)
        self.build.clicked.connect(self._seal)
        self.review.clicked.connect(self._show)
        self.verify.clicked.connect(self._verify)
        self.keep.clicked.connect(lambda: self.told.emit(self.words.toPlainText(), self.people.text()))
        self.show_case(None)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the parts beside one another: then they stand below one another."""
        return QSize(NARROWEST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        across = self.width() >= BESIDE_PX
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom)
        # All of it is scrolled then: not the figures once more.
        self._area.setMinimumHeight(0 if across else self._figures.heightForWidth(self.width() - EDGES_PX))
        super().resizeEvent(event)

    def show_case(self, case: CaseLine | None) -> None:
        """This case, or none."""
        self._case = case
        self.packets.clear()
        for widget in (self.build, self.review, self.keep, self.words, self.people):
            widget.setEnabled(case is not None)
        self.show_told("", "", "", tellings=0)
        if case is None:
            self._title.setText(self.tr("No case chosen"))
            self._figures.clear()
            self._none.show()
            self.packets.hide()
            self.verify.setEnabled(False)
            return
        self._title.setText(self.tr("Suspected place S{n}").format(n=case.decision.number))
        show = self._figures.show_value
        show("status", self.tr("suspected, not verified on site"), "warn")
        mark = self.tr("SIMULATED") if case.patrol.simulated else ""
        show("patrol", f"{case.patrol.name}  {mark}".strip())
        show("seen", words.local_time(case.patrol.began_unix_s) if case.patrol.began_unix_s else "–")
        show("place", words.degrees(case.decision.lat_deg, case.decision.lon_deg))
        show("reason", case.decision.reason)
        show("decided", words.local_time(case.decision.unix_s))
        for path in case.packets:
            self.packets.addItem(Path(path).name)
        self.packets.setCurrentRow(len(case.packets) - 1)
        self._none.setVisible(not case.packets)
        self.packets.setVisible(bool(case.packets))
        self.verify.setEnabled(bool(case.packets))

    def show_told(self, number: str, story: str, people: str, *, tellings: int) -> None:
        """The story as last kept; every earlier one stays on record."""
        self.words.setPlainText(story)
        self.people.setText(people)
        self._number.setText(self.tr("{number}, told {n} times").format(number=number, n=tellings) if number else "")

    def _seal(self) -> None:
        if self._case:
            self.seal.emit(self._case.patrol.id)

    def _show(self) -> None:
        if self._case:
            self.show_patrol.emit(self._case.patrol.id)

    def _verify(self) -> None:
        if self._case and 0 <= self.packets.currentRow() < len(self._case.packets):
            self.check.emit(self._case.packets[self.packets.currentRow()])
