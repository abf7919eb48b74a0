"""What is suspected so far and where to look next: a card beside the map, updated while flying."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dronesampler.session.client import ProposedLook, Suspects
from dronesampler_ui.fly.live import Live
from dronesampler_ui.fly.takeover import Step, Takeover
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import Flag, flags_of
from dronesampler_ui.workspace import Room

MOST_SHOWN = 3


class SuspectsCard(QFrame):
    """Shows Suspects; emits a place to look at on the map, and the steps of taking a proposal over."""

    pointed = Signal(float, float)
    shown = Signal(bool)  # whether the proposal is drawn
    upload = Signal(object)
    start = Signal()
    pause = Signal()
    asked = Signal()  # a takeover began: the card has more to show

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._room = room
        self._suspects: Suspects | None = None
        self.takeover = Takeover()
        self.words = label("", "title", wrap=True)
        self.words.setAccessibleName(self.tr("Suspected places so far"))
        self.trouble = label("", "warn", wrap=True)
        self._flags: tuple[Flag, ...] = ()
        self.places = [self._place(k) for k in range(MOST_SHOWN)]
        self.next = label("", "", wrap=True)
        self.next.setAccessibleName(self.tr("Where to look next"))
        self.costs = label("", "soft", wrap=True)
        self.hint = label("", "warn", wrap=True)
        self.on_map = QPushButton(self.tr("On the map"))
        self.on_map.setCheckable(True)
        self.on_map.setChecked(True)
        self.take = QPushButton(self.tr("Take it over…"))
        self.hold_now = QPushButton(self.tr("Pause now"))
        self.send = HoldButton(self.tr("Hold: upload as the new plan"), room.theme, tone="warn")
        self.go = HoldButton(self.tr("Hold: fly the new plan"), room.theme, tone="warn")
        self.drop = QPushButton(self.tr("Leave it"))
        self._connect()
        self._lay_out()
        self.hide()

    def _place(self, k: int) -> QPushButton:
        button = QPushButton()
        button.setObjectName("place")
        button.setAccessibleName(self.tr("Suspected place"))
        # Never wider than the panel: the words break into two lines instead.
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.pointed.emit(self._flags[k].lat_deg, self._flags[k].lon_deg))
        button.hide()
        return button

    def _connect(self) -> None:
        self.on_map.toggled.connect(self.shown)
        self.take.clicked.connect(self._ask)
        self.drop.clicked.connect(self._let_go)
        self.hold_now.clicked.connect(self.pause)
        self.send.held.connect(self._send)
        self.go.held.connect(self._start)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 10)
        box.setSpacing(5)
        for widget in (self.words, self.trouble, *self.places, self.next, self.costs, self.hint):
            box.addWidget(widget)
        for button in (self.hold_now, self.send, self.go):
            box.addWidget(button)
        box.addLayout(row(self.on_map, self.take, self.drop, stretch=1))

    def set_theme(self, theme: Theme) -> None:
        self.send.set_theme(theme)
        self.go.set_theme(theme)

    @property
    def look(self) -> ProposedLook | None:
        """The proposal that is spoken of."""
        return self.takeover.look

    def show_live(self, live: Live) -> None:
        """The latest analysis, and what the vehicle makes of a plan that was taken over."""
        self.setVisible(live.attached and live.suspects is not None)
        suspects = live.suspects
        if suspects is None:
            self._suspects, self.takeover = None, Takeover()
            return
        if suspects is not self._suspects:
            self._suspects = suspects
            self.takeover = self.takeover.offered(suspects.look)
            self._show_suspects(suspects)
        self._show_step(self.takeover.step(live.vehicle))

    def read_back(self) -> None:
        """The plan that was sent is on board, proven."""
        self.takeover = self.takeover.read_back()

    def refused(self) -> None:
        """What was asked for last was not done."""
        self.takeover = self.takeover.failed()

    def _show_suspects(self, suspects: Suspects) -> None:
        self.words.setText(sentence(self._room.said(suspects.words)))
        self.trouble.setText(self._room.said(suspects.trouble) if suspects.trouble else "")
        self.trouble.setVisible(suspects.trouble is not None)
        self._flags = flags_of(suspects.analysis, self._room.lang.value)[:MOST_SHOWN]
        for k, button in enumerate(self.places):
            button.setVisible(k < len(self._flags))
            if k < len(self._flags):
                button.setText(self._place_words(self._flags[k]))
                button.setAccessibleName(button.text())

    def _place_words(self, flag: Flag) -> str:
        said = self.tr("S{n} suspected").format(n=flag.number)
        if flag.rate_g_s is not None:
            said += f" · {flag.rate_g_s:.2g} g/s"
        sure = []
        if flag.rate_low_g_s is not None and flag.rate_high_g_s is not None:
            sure.append(f"{flag.rate_low_g_s:.2g}–{flag.rate_high_g_s:.2g} g/s")
        if flag.ellipse95 is not None:
            sure.append(f"±{flag.ellipse95.major_m:.0f}×{flag.ellipse95.minor_m:.0f} m")
        if sure:
            said += "\n95 %: " + ", ".join(sure)
        return said

    def _show_step(self, step: Step) -> None:
        look = self.takeover.look
        known = look is not None
        self.next.setText(self._next_words(look))
        set_kind(self.next, "" if known else "soft")
        self.costs.setText(self._cost_words(look) if look else "")
        self.costs.setVisible(known)
        for widget, steps in (
            (self.take, (Step.LOOK,)),
            (self.hold_now, (Step.HOLD,)),
            (self.send, (Step.UPLOAD,)),
            (self.go, (Step.START,)),
            (self.drop, (Step.HOLD, Step.UPLOAD, Step.START, Step.FLYING)),
        ):
            widget.setVisible(known and step in steps)
        self.on_map.setVisible(known)
        self.hint.setText(self._hint(step))
        self.hint.setVisible(known and bool(self.hint.text()))

    def _next_words(self, look: ProposedLook | None) -> str:
        if look is not None:
            return sentence(self._room.said(look.words))
        no_look = self._suspects.no_look if self._suspects else None
        return sentence(self._room.said(no_look)) if no_look else ""

    def _cost_words(self, look: ProposedLook) -> str:
        costs = self.tr("{length:.0f} m with the way there and home, {minutes:.1f} min")
        said = costs.format(length=look.length_m, minutes=look.minutes)
        if look.battery_percent is None:
            return said
        return said + self.tr(", {percent:.0f} % of the battery").format(percent=look.battery_percent)

    def _hint(self, step: Step) -> str:
        return {
            Step.HOLD: self.tr("A plan is only uploaded while the aircraft holds. Pause first."),
            Step.UPLOAD: self.tr("The plan on board is replaced; the aircraft keeps holding."),
            Step.WAIT: self.tr("Uploading, and reading it back…"),
            Step.START: self.tr("On board and read back. It flies when you hold the button."),
            Step.FLYING: self.tr("The new plan is being flown."),
        }.get(step, "")

    def _ask(self) -> None:
        self.takeover = self.takeover.ask()
        self.asked.emit()

    def _let_go(self) -> None:
        self.takeover = self.takeover.let_go().offered(self._suspects.look if self._suspects else None)

    def _send(self) -> None:
        look = self.takeover.look
        if look is not None:
            self.takeover = self.takeover.send()
            self.upload.emit(look.mission)

    def _start(self) -> None:
        self.takeover = self.takeover.start()
        self.start.emit()
