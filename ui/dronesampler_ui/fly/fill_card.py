"""Vessels that fill by themselves past the top of a plume: armed on the ground, called off at any time."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler.events import CommandProgressed, Stage
from dronesampler_ui.fly.live import Live
from dronesampler_ui.fly.outputs import FIRST_RELAY, Output, OutputChoice
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.number_field import NumberField

SECONDS, LONGEST_S = 60.0, 3600.0
UNDONE = (Stage.REFUSED, Stage.EXPIRED, Stage.UNANSWERED)


@dataclass(frozen=True, slots=True)
class FillWanted:
    """Which vessels, in this order, how long each, on which output; without vessels it is called off."""

    vessels: tuple[str, ...] = ()
    seconds: float = SECONDS
    output: Output = FIRST_RELAY


class FillCard(QFrame):
    """Shows what was armed from here. `send` gives the intent's number, None while no session is attached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.send: Callable[[FillWanted], int | None] = lambda wanted: None
        self._asked: tuple[int, FillWanted] | None = None  # not answered yet
        self._armed: FillWanted | None = None
        self._patrol = ""
        self._joined_in_air: bool | None = None  # another window may have armed it: None before the first snapshot
        self.open = QPushButton(self.tr("Fill vessels by itself…"))
        self.open.setObjectName("link")
        self.open.setCheckable(True)
        self.vessels = QLineEdit()
        self.vessels.setPlaceholderText(self.tr("Vessels in order, e.g. BAG-1, BAG-2"))
        self.vessels.setAccessibleName(self.tr("Vessels to fill, in order"))
        self.seconds = NumberField(self.tr("Seconds to fill each vessel"), bottom=1.0, top=LONGEST_S, step=5.0)
        self.seconds.setFixedWidth(64)
        self.seconds.show_value(SECONDS)
        self.output = OutputChoice(self.tr("Output of the valve"))
        self.what = label("", "soft", wrap=True)
        self.what.setAccessibleName(self.tr("What will open, and when"))
        self.state = label("", "good", wrap=True)
        self.state.setAccessibleName(self.tr("Filling by itself"))
        self.arm = QPushButton(self.tr("Arm the filling"))
        self.disarm = QPushButton(self.tr("Call it off"))
        self._lay_out()
        self.open.toggled.connect(lambda _: self._show())
        self.vessels.textChanged.connect(lambda _: self._show())
        self.vessels.returnPressed.connect(self.arm.click)
        self.seconds.changed.connect(lambda _: self._show())
        self.output.currentIndexChanged.connect(lambda _: self._show())
        self.arm.clicked.connect(lambda: self._send(self.wanted()))
        self.disarm.clicked.connect(lambda: self._send(FillWanted()))
        self._ground = False
        self._show()

    def _lay_out(self) -> None:
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(6)
        form.addWidget(self.vessels)
        form.addLayout(row(self.seconds, label(self.tr("s each"), "soft"), self.output, stretch=2))
        form.addWidget(self.what)
        form.addWidget(self.arm)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 6)
        box.setSpacing(6)
        for widget in (self.open, self._form, self.state, self.disarm):
            box.addWidget(widget)

    def wanted(self) -> FillWanted:
        """What the fields say."""
        names = tuple(name.strip() for name in re.split("[,，、;；]", self.vessels.text()))
        output = self.output.currentData()
        chosen = output if isinstance(output, Output) else FIRST_RELAY
        return FillWanted(tuple(name for name in names if name), self.seconds.value, chosen)

    def show_live(self, live: Live) -> None:
        """Offered on the ground; what is armed stays in view in the air."""
        patrol = live.hello.patrol if live.hello else ""
        if patrol != self._patrol:
            self._patrol, self._asked, self._armed, self._joined_in_air = patrol, None, None, None
            self.state.clear()
        self.output.show_of(live.vehicle.autopilot)
        self._ground = live.attached and not live.vehicle.in_air and not live.vehicle.armed
        if self._joined_in_air is None and live.snapshot is not None:
            self._joined_in_air = bool(live.vehicle.in_air)
        self._show()
        wanted_in_air = self._armed is not None or bool(self._joined_in_air)
        self.setVisible(live.attached and (not live.vehicle.in_air or wanted_in_air))

    def note(self, event: object) -> None:
        """The session has answered."""
        if not isinstance(event, CommandProgressed) or self._asked is None or event.command_id != self._asked[0]:
            return
        if event.stage is Stage.OBSERVED:
            self._armed = self._asked[1] if self._asked[1].vessels else None
            said = self.tr("Armed: {what}").format(what=self._words(self._armed)) if self._armed else ""
            self._say(said or self.tr("Called off: no further vessel is filled."), "good" if said else "soft")
        elif event.stage in UNDONE:
            self._say(event.words or self.tr("No answer: nothing has changed."), "danger")
        else:
            return
        self._asked = None
        self._show()

    def _send(self, wanted: FillWanted) -> None:
        number = self.send(wanted)
        if number is not None:
            self._asked = number, wanted
            self._show()

    def _say(self, words: str, kind: str) -> None:
        self.state.setText(words)
        set_kind(self.state, kind)

    def _show(self) -> None:
        wanted, waiting = self.wanted(), self._asked is not None
        self._form.setVisible(self.open.isChecked() and self._armed is None)
        self.arm.setEnabled(self._ground and bool(wanted.vessels) and not waiting)
        # Also where nothing was armed from here: an earlier window of this patrol may have done it.
        self.disarm.setVisible(self._armed is not None or self.open.isChecked())
        self.disarm.setEnabled(not waiting)
        self.state.setVisible(bool(self.state.text()))
        if not self._ground:
            words = self.tr("Armed on the ground only, before the motors are.")
        elif wanted.vessels:
            words = self._words(wanted)
        else:
            words = self.tr("The valve opens in the air, just past the top of each plume, for one vessel at a time.")
        if self.what.text() != words:
            self.what.setText(words)

    def _words(self, wanted: FillWanted) -> str:
        """What will open, and when."""
        words = self.tr("{output} opens for {s:.0f} s just past the top of a plume, in the air: {vessels}, one each")
        index = self.output.findData(wanted.output)
        output = self.output.itemText(index) if index >= 0 else str(wanted.output.number)
        return words.format(output=output, s=wanted.seconds, vessels=", ".join(wanted.vessels))
