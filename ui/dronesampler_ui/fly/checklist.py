"""Before take-off: what does not pass yet, each with its reason and what can be done about it here."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler.flight.preflight import HAND, NOT_OVERRIDABLE, CheckItem, Result
from dronesampler.texts import Lang
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.theme import Theme

MARKS = {
    Result.GOOD: ("✓", "good"),
    Result.BAD: ("✕", "danger"),
    Result.UNKNOWN: ("?", "warn"),
    Result.OPEN: ("☐", "warn"),
    Result.OVERRIDDEN: ("!", "warn"),
}


class Checklist(QWidget):
    """Shows the items of the preflight as they come. Emits what a person decides; nothing here blocks."""

    ticked = Signal(str)
    let_pass = Signal(str, str)
    fence_wanted = Signal()
    check_wanted = Signal()
    approved = Signal(str)
    named = Signal(str)

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._lang = theme, lang
        self._items: tuple[CheckItem, ...] = ()
        self._fence_off = False
        self.rows: dict[str, Row] = {}
        self.sum = label("", "soft", wrap=True)
        self.sum.setAccessibleName(self.tr("Checks before take-off"))
        self.who = QLineEdit()
        self.who.setPlaceholderText(self.tr("Who checks (goes on record)"))
        self.who.setAccessibleName(self.tr("Who checks"))
        self.who.editingFinished.connect(lambda: self.named.emit(self.who.text().strip()))
        self.passed = QPushButton()
        self.passed.setObjectName("link")
        self.passed.setCheckable(True)
        self.passed.toggled.connect(lambda _: self._arrange())
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.sum)
        outer.addWidget(self.who)
        outer.addLayout(self._column)
        outer.addWidget(self.passed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for one in self.rows.values():
            one.set_theme(theme)

    def show_items(self, items: tuple[CheckItem, ...], *, fence_off: bool = False) -> None:
        """The items now; what did not change costs nothing, and what is being typed stays.

        `fence_off`: a fence is on board, but the vehicle's switch for it is off.
        """
        if (items, fence_off) == (self._items, self._fence_off):
            return
        self._items, self._fence_off = items, fence_off
        for item in items:
            if item.key not in self.rows:
                self._add(item.key)
            self.rows[item.key].show_item(item, self._lang, fence_off=fence_off)
        self._arrange()

    def _add(self, key: str) -> None:
        made = Row(key, self._theme)
        made.tick.clicked.connect(lambda: self.ticked.emit(key))
        made.let_pass.connect(lambda why: self.let_pass.emit(key, why))
        made.fence.held.connect(self.fence_wanted)
        made.check.clicked.connect(self.check_wanted)
        made.approved.connect(self.approved)
        self.rows[key] = made
        self._column.addWidget(made)

    def _arrange(self) -> None:
        against = [item for item in self._items if not item.passes]
        for item in self._items:
            self.rows[item.key].setVisible(not item.passes or self.passed.isChecked())
        good = len(self._items) - len(against)
        self.sum.setText(
            self.tr("{n} of {all} items still stand against take-off").format(n=len(against), all=len(self._items))
            if against
            else self.tr("All {all} items pass: arming is open").format(all=len(self._items))
        )
        set_kind(self.sum, "warn" if against else "good")
        self.passed.setVisible(good > 0)
        shown = self.tr("Hide the {n} that pass") if self.passed.isChecked() else self.tr("Show the {n} that pass")
        self.passed.setText(shown.format(n=good))
        self.setVisible(bool(self._items))


class Row(QFrame):
    """One item: its mark and reason, and below them what a person may do."""

    let_pass = Signal(str)
    approved = Signal(str)

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.key = key
        self._mark = label("", "warn")
        self._words = label("", wrap=True)
        self.tick = QPushButton(self.tr("I have looked: it is so"))
        self.fence = HoldButton(self.tr("Switch the fence on"), theme, tone="warn")
        self._fence_words = label(
            self.tr("It also switches on the vehicle's own circle and height fences, as its parameters have them."),
            "soft",
            wrap=True,
        )
        self.check = QPushButton(self.tr("Zero and span check…"))
        self.number = QLineEdit()
        self.number.setPlaceholderText(self.tr("Number of the approval (Enter keeps it)"))
        self.number.setAccessibleName(self.tr("Number of the airspace approval"))
        self.number.returnPressed.connect(self._approve)
        self.why = QLineEdit()
        self.why.setPlaceholderText(self.tr("Let it pass because…"))
        self.let = QPushButton(self.tr("Let pass"))
        self.open = QPushButton(self.tr("Let it pass with a reason…"))
        self.open.setObjectName("link")
        self.open.setCheckable(True)
        self.open.toggled.connect(self._open)
        self.why.returnPressed.connect(self._let)
        self.let.clicked.connect(self._let)
        self._lay_out()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 6)
        box.setSpacing(5)
        box.addLayout(row(self._mark, self._words, stretch=1))
        for widget in (self.tick, self._fence_words, self.fence, self.check, self.number, self.open):
            box.addWidget(widget)
        box.addLayout(row(self.why, self.let, stretch=0))

    def set_theme(self, theme: Theme) -> None:
        self.fence.set_theme(theme)

    def show_item(self, item: CheckItem, lang: Lang, *, fence_off: bool) -> None:
        mark, kind = MARKS[item.result]
        self._mark.setText(mark)
        set_kind(self._mark, kind)
        title = sentence(item.title.said(lang))
        words = f"{title}: {item.reason.said(lang)}" if lang is Lang.EN else f"{title}：{item.reason.said(lang)}"
        if self._words.text() != words:
            self._words.setText(words)
        self.setAccessibleName(f"{mark} {words}")
        hand, open_ = item.key in HAND, not item.passes
        for button in (self.tick, self.let, self.open):
            button.setAccessibleName(f"{title}: {button.text()}")
        self.why.setAccessibleName(f"{title}: {self.why.placeholderText()}")
        self.tick.setVisible(hand and open_)
        switch = item.key == "fence" and open_ and fence_off
        self.fence.setVisible(switch)
        self._fence_words.setVisible(switch)
        self.check.setVisible(item.key == "sampler" and open_)
        self.number.setVisible(item.key == "airspace" and open_)
        may_pass = open_ and not hand and item.key not in NOT_OVERRIDABLE
        self.open.setVisible(may_pass)
        if not may_pass:
            self.open.setChecked(False)
        self._open(self.open.isChecked())

    def _open(self, on: bool) -> None:
        self.why.setVisible(on)
        self.let.setVisible(on)
        if on and not self.why.text():
            self.why.setFocus()

    def _approve(self) -> None:
        if self.number.text().strip():
            self.approved.emit(self.number.text().strip())

    def _let(self) -> None:
        if self.why.text().strip():
            self.let_pass.emit(self.why.text().strip())
