"""A zero or span check of an instrument, step by step: which gas is on, wait, and what it read."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dronesampler.events import InstrumentChecked
from dronesampler.sampler.gauges import Gauge
from dronesampler.session.client import Snapshot
from dronesampler.texts import Lang, Text
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.number_field import NumberField
from dronesampler_ui.parts.words import sentence

SECONDS = 30.0
HIGHEST_MG_M3 = 100_000.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer is about to check."""

    gas: str
    component: str
    quantity: str
    certified_mg_m3: float
    cylinder: str
    who: str


class CheckCard(QFrame):
    """Shows what the session tells of a check; emits that one is to begin or to stop."""

    begun = Signal(object)  # Wanted
    stopped = Signal()

    def __init__(self, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._lang = lang
        self._channels: tuple[tuple[str, str], ...] = ()
        self._longest_s = 0.0
        self.channel = QComboBox()
        self.channel.setAccessibleName(self.tr("Which instrument and quantity"))
        self.gas = QComboBox()
        self.gas.setAccessibleName(self.tr("Which gas"))
        self.gas.addItem(self.tr("Zero gas"), "zero")
        self.gas.addItem(self.tr("Span gas"), "span")
        self.certified = NumberField(self.tr("Certified concentration in mg/m³"), top=HIGHEST_MG_M3, step=1.0, digits=2)
        self.cylinder = QLineEdit()
        self.cylinder.setPlaceholderText(self.tr("Cylinder and certificate"))
        self.cylinder.setAccessibleName(self.tr("Cylinder and certificate"))
        self.who = QLineEdit()
        self.who.setPlaceholderText(self.tr("Who makes the check (goes on record)"))
        self.who.setAccessibleName(self.tr("Who makes the check"))
        self.hint = label("", "soft", wrap=True)
        self.begin = QPushButton(self.tr("The gas is on: begin"))
        self.begin.setObjectName("primary")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the check"))
        self.stop = QPushButton(self.tr("Stop the check"))
        self.close_ = QPushButton(self.tr("Done"))
        self.result = label("", "good", wrap=True)
        self.result.setAccessibleName(self.tr("Result of the check"))
        self._lay_out()
        self.gas.currentIndexChanged.connect(lambda _: self._show_gas())
        self.begin.clicked.connect(self._begin)
        self.stop.clicked.connect(self.stopped)
        self.close_.clicked.connect(self.hide)
        self._show_gas()
        self.hide()

    def _lay_out(self) -> None:
        self._span = QWidget()
        span = row(self.certified, label("mg/m³", "soft"), self.cylinder, stretch=2)
        self._span.setLayout(span)
        span.setContentsMargins(0, 0, 0, 0)
        self.certified.setFixedWidth(76)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 10)
        box.setSpacing(6)
        box.addWidget(label(self.tr("Zero and span check"), "title"))
        box.addLayout(row(self.channel, self.gas, stretch=0))
        for widget in (self._span, self.who, self.hint, self.progress, self.result, self.begin):
            box.addWidget(widget)
        box.addLayout(row(self.stop, self.close_))

    def open_for(self, who: str) -> None:
        """Show the card; the name that is known already need not be typed again."""
        if not self.who.text().strip():
            self.who.setText(who)
        self.result.clear()
        self.result.hide()
        self.show()
        self.begin.setFocus()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """The channels that are heard, and the check that runs."""
        self._fill(snapshot.gauges)
        running, left_s = snapshot.checking, snapshot.checking_left_s
        self._longest_s = max(self._longest_s, left_s) if running else 0.0
        for widget in (self.channel, self.gas, self.certified, self.cylinder, self.who):
            widget.setEnabled(running is None)
        self.begin.setVisible(running is None)
        self.begin.setEnabled(bool(snapshot.gauges))
        self.stop.setVisible(running is not None)
        self.progress.setVisible(running is not None)
        if running is not None:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(1000 * (1.0 - left_s / max(self._longest_s, 1e-6))))
            now = next(
                (g for g in snapshot.gauges if (g.component, g.quantity) == (running.component, running.quantity)), None
            )
            value = f"{now.value_mg_m3:.2f} mg/m³" if now is not None else "–"
            self.hint.setText(self.tr("Leave the gas on: {s:.0f} s to go, now {value}").format(s=left_s, value=value))
        elif not snapshot.gauges:
            self.hint.setText(self.tr("No instrument is heard yet."))
        else:
            self._show_gas()

    def show_result(self, event: InstrumentChecked) -> None:
        """What it read; after a zero the span is offered."""
        self.result.setText(sentence(Text(event.zh, event.en).said(self._lang)))
        set_kind(self.result, "good" if event.read_mg_m3 is not None else "danger")
        self.result.show()
        if event.gas == "zero" and event.read_mg_m3 is not None:
            self.gas.setCurrentIndex(1)

    def _fill(self, gauges: Sequence[Gauge]) -> None:
        channels = tuple((g.component, g.quantity) for g in gauges)
        if channels == self._channels:
            return
        self._channels = channels
        chosen = self.channel.currentData()
        self.channel.clear()
        for gauge in gauges:
            self.channel.addItem(f"{gauge.instrument} {gauge.quantity}", (gauge.component, gauge.quantity))
        if chosen in channels:
            self.channel.setCurrentIndex(channels.index(chosen))

    def _show_gas(self) -> None:
        span = self.gas.currentData() == "span"
        self._span.setVisible(span)
        self.hint.setText(
            self.tr("Put the span gas on the inlet, wait until the value stands, then begin.")
            if span
            else self.tr("Put zero gas on the inlet, wait until the value stands, then begin.")
        )

    def _begin(self) -> None:
        channel = self.channel.currentData()
        if channel is None:
            return
        span = self.gas.currentData() == "span"
        wanted = Wanted(
            gas=self.gas.currentData(),
            component=channel[0],
            quantity=channel[1],
            certified_mg_m3=self.certified.value if span else 0.0,
            cylinder=self.cylinder.text().strip() if span else "",
            who=self.who.text().strip(),
        )
        if not wanted.who:
            self.who.setFocus()
        # Without a name, or without a concentration, the session refuses with the reason.
        self.begun.emit(wanted)
