"""Where the window says what went wrong and what to do: a strip that never blocks, and stays until it is read."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dronesampler.problems import Severity

SHOWN_AT_ONCE = 3
NOTE_GOES_AFTER_MS = 8000


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the officer."""

    severity: Severity
    words: str
    at: str


class Notices(QWidget):
    """The newest sentences on top. Notes go by themselves, warnings and errors wait for the officer."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said: list[Notice] = []
        self._cards: list[QFrame] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 0)
        self._column.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Messages"))
        self.hide()

    def say(self, words: str, severity: Severity = Severity.NOTE) -> None:
        self.said.append(Notice(severity, words, datetime.now().astimezone().strftime("%H:%M:%S")))
        card = self._card(words, severity)
        self._column.insertWidget(0, card)
        self._cards.append(card)
        if severity is Severity.NOTE:
            QTimer.singleShot(NOTE_GOES_AFTER_MS, card, lambda: self._drop(card))
        while len(self._cards) > SHOWN_AT_ONCE:
            self._drop(self._cards[0])
        self.show()
        self.changed.emit()

    def clear(self) -> None:
        while self._cards:
            self._drop(self._cards[0])

    def _card(self, words: str, severity: Severity) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        mark = QLabel(
            {
                Severity.NOTE: self.tr("Note"),
                Severity.WARNING: self.tr("Attention"),
                Severity.ERROR: self.tr("Failed"),
            }[severity]
        )
        mark.setObjectName({Severity.NOTE: "good", Severity.WARNING: "warn", Severity.ERROR: "danger"}[severity])
        sentence = QLabel(words)
        sentence.setWordWrap(True)
        sentence.setAccessibleName(words)
        close = QPushButton(self.tr("Dismiss"))
        close.setObjectName("link")
        close.clicked.connect(lambda: self._drop(card))
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(12)
        row.addWidget(mark)
        row.addWidget(sentence, 1)
        row.addWidget(close)
        return card

    def _drop(self, card: QFrame) -> None:
        if card not in self._cards:
            return
        self._cards.remove(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        self.setVisible(bool(self._cards))
