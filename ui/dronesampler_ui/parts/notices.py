"""Where the window says what went wrong and what to do: a strip that never blocks, and stays until it is read."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dronesampler.problems import Severity

SHOWN_AT_ONCE = 3
NOTE_GOES_AFTER_MS = 8000
RANK = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the officer."""

    severity: Severity
    words: str
    at: str


class Notices(QWidget):
    """The newest sentences on top. Notes go by themselves, warnings and errors wait for the officer.

    What is said again while it still stands there is counted, not repeated; an error makes no room for a note.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said: list[Notice] = []
        self._cards: list[Card] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 0)
        self._column.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Messages"))
        self.hide()

    def say(self, words: str, severity: Severity = Severity.NOTE) -> None:
        self.said.append(Notice(severity, words, datetime.now().astimezone().strftime("%H:%M:%S")))
        again = next((card for card in self._cards if (card.words, card.severity) == (words, severity)), None)
        if again is not None:
            again.count()
        else:
            self._add(Card(words, severity))
        self.show()
        self.changed.emit()

    def _add(self, card: "Card") -> None:
        card.shut.clicked.connect(lambda: self._drop(card))
        self._column.insertWidget(0, card)
        self._cards.append(card)
        if card.severity is Severity.NOTE:
            QTimer.singleShot(NOTE_GOES_AFTER_MS, card, lambda: self._drop(card))
        while len(self._cards) > SHOWN_AT_ONCE:
            # The oldest of the least serious; Python's min keeps the first of equals.
            self._drop(min(self._cards, key=lambda one: RANK[one.severity]))

    def unsay(self, words: str) -> None:
        """It does not hold any more: nobody need dismiss it."""
        for card in [card for card in self._cards if card.words == words]:
            self._drop(card)

    def clear(self) -> None:
        while self._cards:
            self._drop(self._cards[0])

    def _drop(self, card: "Card") -> None:
        if card not in self._cards:
            return
        self._cards.remove(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        self.setVisible(bool(self._cards))


class Card(QFrame):
    """One sentence, and how often it was said."""

    def __init__(self, words: str, severity: Severity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.severity = words, severity
        self._times = 1
        self.setObjectName("card")
        mark = QLabel(
            {
                Severity.NOTE: self.tr("Note"),
                Severity.WARNING: self.tr("Attention"),
                Severity.ERROR: self.tr("Failed"),
            }[severity]
        )
        mark.setObjectName({Severity.NOTE: "good", Severity.WARNING: "warn", Severity.ERROR: "danger"}[severity])
        self._sentence = QLabel(words)
        self._sentence.setWordWrap(True)
        self._sentence.setAccessibleName(words)
        self.shut = QPushButton(self.tr("Dismiss"))
        self.shut.setObjectName("link")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(12)
        row.addWidget(mark)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.shut)

    def count(self) -> None:
        """It was said once more."""
        self._times += 1
        self._sentence.setText(f"{self.words}  (×{self._times})")
