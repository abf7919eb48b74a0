"""Fly's panel: the concentration, what is suspected, the instruments, preflight, and how to connect."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler.events import Autopilot
from dronesampler_ui.fly.buttons import MotorStop
from dronesampler_ui.fly.checklist import Checklist
from dronesampler_ui.fly.fill_card import FillCard
from dronesampler_ui.fly.live import Live
from dronesampler_ui.fly.readout import Attitude, Readout
from dronesampler_ui.fly.said import Said
from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import EDGE_PX, Figures, column, label, row, scrolled, set_kind
from dronesampler_ui.theme import Theme
from dronesampler_ui.workspace import Room

FACTORS = (1.0, 2.0, 5.0, 10.0, 25.0)


class FlyPanel(QWidget):
    """Shows a Live; emits where to connect. `cards` stand between the concentration and the instruments."""

    simulator = Signal()
    connect_to = Signal(str)
    let_go = Signal()

    def __init__(self, room: Room, said: Said, cards: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self._said = said
        self._cards = cards
        self.readout = Readout()
        self.attitude = Attitude(room.theme)
        self.figures = Figures(
            {
                "doing": self.tr("Doing"),
                "height": self.tr("Height"),
                "speed": self.tr("Speed"),
                "battery": self.tr("Battery"),
                "wind": self.tr("Wind"),
                "gnss": self.tr("Position"),
                "progress": self.tr("Mission"),
                "recording": self.tr("Recording"),
                "traffic": self.tr("Other aircraft"),
            }
        )
        self.link_words = label("", "title")
        self.link_words.setAccessibleName(self.tr("Connection"))
        self.sim = QPushButton(self.tr("Fly the simulator"))
        self.sim.setObjectName("primary")
        self._factor = QComboBox()
        self._factor.setAccessibleName(self.tr("How much faster than the wall clock"))
        for factor in FACTORS:
            self._factor.addItem(f"{factor:g}×", factor)
        self._factor.setCurrentIndex(1)
        self.link = QLineEdit("udpin:0.0.0.0:14550")
        self.link.setAccessibleName(self.tr("Link to the vehicle"))
        self.connect_button = QPushButton(self.tr("Connect"))
        self.leave = QPushButton(self.tr("End the session"))
        self.checklist = Checklist(room.theme, room.lang)
        self.fill = FillCard()
        self.motors = MotorStop(room.theme)
        self._plan_words = label("", "soft", wrap=True)
        self._lay_out()
        self.sim.clicked.connect(self.simulator)
        self.connect_button.clicked.connect(lambda: self.connect_to.emit(self.link.text().strip()))
        self.link.returnPressed.connect(lambda: self.connect_to.emit(self.link.text().strip()))
        self.leave.clicked.connect(self.let_go)

    def _lay_out(self) -> None:
        top = column(head := QWidget(), gap=6)
        top.setContentsMargins(EDGE_PX, EDGE_PX, EDGE_PX, 0)
        top.addWidget(self.link_words)
        top.addWidget(self.readout)  # stays in view whatever is scrolled below it
        inner = QWidget()
        box = column(inner)
        self._start = QWidget()
        start = column(self._start, edge=0)
        start.addWidget(self._plan_words)
        start.addLayout(row(self.sim, self._factor, stretch=0))
        start.addLayout(row(self.link, self.connect_button, stretch=0))
        box.addWidget(self._start)
        box.addLayout(row(self.figures, self.attitude, stretch=0))
        for card in self._cards:
            box.addWidget(card)
        self._preflight_title = label(self.tr("Before take-off"), "heading")
        box.addWidget(self._preflight_title)
        box.addWidget(self.checklist)
        box.addWidget(self.fill)
        box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, EDGE_PX)
        self._scroll = scrolled(inner)
        outer.addWidget(head)
        outer.addWidget(self._scroll, 1)
        bottom = column(foot := QWidget(), edge=0)
        bottom.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        bottom.addWidget(self.motors)
        self.motors.beside(self.leave)
        outer.addWidget(foot)

    def factor(self) -> float:
        """How many times faster than the wall the simulator runs."""
        return float(self._factor.currentData())

    def set_theme(self, theme: Theme) -> None:
        self.attitude.set_theme(theme)
        self.checklist.set_theme(theme)
        self.motors.set_theme(theme)

    def show_plan(self, said: str) -> None:
        """Which plan would be flown."""
        self._plan_words.setText(said)

    def bring_up(self, card: QWidget) -> None:
        """Scroll so that the whole card can be seen, once it has its new size."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(card, 0, EDGE_PX))

    def show_starting(self, starting: bool) -> None:
        for widget in (self.sim, self.connect_button, self.link):
            widget.setEnabled(not starting)

    def show_live(self, live: Live) -> None:
        """Everything that changes while flying."""
        said, kind = self._said.link(live)
        if self.link_words.text() != said:
            self.link_words.setText(said)
        set_kind(self.link_words, kind if kind in ("good", "warn", "danger") else "title")
        self._start.setVisible(not live.attached)
        for widget in (self.readout, self.figures, self.attitude, self.motors, self.leave):
            widget.setVisible(live.attached)
        ground = live.attached and not live.vehicle.in_air
        self._preflight_title.setVisible(ground)
        if live.snapshot and ground:
            self.checklist.show_items(live.snapshot.checklist, fence_off=_fence_off(live))
        self.checklist.setVisible(ground)
        self.fill.show_live(live)
        if live.attached:
            self._show_figures(live)

    def _show_figures(self, live: Live) -> None:
        vehicle, show, said = live.vehicle, self.figures.show_value, self._said
        if live.snapshot and live.snapshot.gauges:
            self.readout.show_gauges(live.snapshot.gauges)
        else:
            age_s = live.snapshot.unix_s - live.reading.unix_s if live.snapshot and live.reading else None
            self.readout.show_reading(live.reading, age_s=age_s)
        show("doing", said.doing(vehicle))
        height = vehicle.height_home_m
        show("height", "–" if height is None else self.tr("{height} above home").format(height=words.metres(height)))
        show("speed", "–" if vehicle.speed_m_s is None else f"{vehicle.speed_m_s:.1f} m/s")
        show("battery", *said.battery(live))
        show("wind", said.wind(vehicle))
        show("gnss", said.gnss(vehicle))
        show("recording", *said.recording(live))
        show("progress", self._progress(live))
        show("traffic", *said.traffic(live))
        self._show_what_matters(live)
        turned = vehicle.attitude
        self.attitude.show_attitude(turned.roll_deg if turned else None, turned.pitch_deg if turned else None)

    def _show_what_matters(self, live: Live) -> None:
        """In the air what is as it should be takes no room."""
        ground, snapshot = not live.vehicle.in_air, live.snapshot
        gnss = live.vehicle.gnss
        self.figures.set_shown("gnss", ground or gnss is None or gnss.fix_type < 3)
        self.figures.set_shown("recording", ground or bool(snapshot and snapshot.recorder_error))
        self.figures.set_shown("traffic", bool(snapshot and snapshot.traffic))

    def _progress(self, live: Live) -> str:
        if live.held_known and live.held is None:
            return self.tr("none on board")
        mission = live.mission
        if mission is None:
            return "–"
        progress = live.vehicle.mission
        if progress is None or progress.item < 0:
            return self.tr("{n} items on board").format(n=len(mission.items))
        return self.tr("item {i} of {n}").format(i=progress.item + 1, n=len(mission.items))


def _fence_off(live: Live) -> bool:
    """A fence is on board, and the vehicle says that its switch for it is off."""
    told = live.vehicle.readiness
    stored = bool(live.held and live.held.fence)
    off = told is not None and told.fence_enabled is False
    return stored and off and live.vehicle.autopilot is Autopilot.ARDUPILOT
