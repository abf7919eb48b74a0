"""Suspected places beside the map: the list, the card with the evidence, and what is said when there is none."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import GAP_PX, label
from dronesampler_ui.review.flag_card import FlagCard
from dronesampler_ui.values import Decision, Flag, PatrolShown, Verdict, explained_of, verdict_of

MOST_ROWS = 5  # before the list scrolls
EDGES_PX = 6


class FlagPanel(QWidget):
    """Emits the flag that was chosen, or None."""

    chosen = Signal(object)

    def __init__(self, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lang = lang
        self._patrol: PatrolShown | None = None
        self._title = label(self.tr("Suspected places"), "title")
        self._verdict = label("", "soft", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Suspected places"))
        self.card = FlagCard()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP_PX)
        for widget in (self._title, self._verdict, self.list, self.card):
            box.addWidget(widget)
        box.addStretch(1)
        self.list.currentRowChanged.connect(self._choose)
        self._title.hide()
        self._verdict.hide()

    def show_patrol(self, patrol: PatrolShown) -> None:
        self._patrol = patrol
        self.list.blockSignals(True)
        self.list.clear()
        for flag in patrol.flags:
            self.list.addItem(QListWidgetItem(self._words(flag)))
        self.list.blockSignals(False)
        self._title.setVisible(patrol.finding_id is not None)
        said = [] if patrol.flags else [verdict_of(patrol.analysis, self._lang) or self._nothing()]
        explained = ", ".join(f"{code} {rate:.2g} g/s" for code, rate in explained_of(patrol.analysis)[:4])
        if explained:
            said.append(self.tr("Explained by permitted outlets: {outlets}").format(outlets=explained))
        self._verdict.setText("\n".join(said))
        self._verdict.setVisible(patrol.finding_id is not None and bool(said))
        self.list.setVisible(bool(patrol.flags))
        rows = min(len(patrol.flags), MOST_ROWS)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 1) + EDGES_PX)
        self.card.show_flag(None)

    def show_decisions(self, patrol: PatrolShown) -> None:
        """The officer has decided."""
        self._patrol = patrol
        for row, flag in enumerate(patrol.flags):
            self.list.item(row).setText(self._words(flag))
        if self.flag is not None:
            self.card.show_flag(self.flag, self.decision(self.flag))

    @property
    def flag(self) -> Flag | None:
        """The one that is chosen."""
        row = self.list.currentRow()
        flags = self._patrol.flags if self._patrol else ()
        return flags[row] if 0 <= row < len(flags) else None

    def next(self) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + 1) % self.list.count())

    def decision(self, flag: Flag) -> Decision | None:
        """On this analysis: an earlier one's decisions are about other places."""
        patrol = self._patrol
        found = [d for d in (patrol.decisions if patrol else ()) if patrol and d.finding_id == patrol.finding_id]
        return next((d for d in found if d.number == flag.number), None)

    def _choose(self, _: int) -> None:
        flag = self.flag
        self.card.show_flag(flag, self.decision(flag) if flag else None)
        self.chosen.emit(flag)

    def _nothing(self) -> str:
        return self.tr("Nothing that the permitted outlets do not explain")

    def _words(self, flag: Flag) -> str:
        decision = self.decision(flag)
        state = {
            None: self.tr("not decided"),
            Verdict.ACCEPTED: self.tr("accepted"),
            Verdict.DISMISSED: self.tr("dismissed"),
        }[decision.verdict if decision else None]
        rate = f"{flag.rate_g_s:.2g} g/s" if flag.rate_g_s is not None else "–"
        return f"S{flag.number}   {rate}   {state}"
