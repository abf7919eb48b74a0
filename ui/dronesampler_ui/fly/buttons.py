"""What the officer may ask the aircraft: hold to confirm, except Pause, which is safe and acts at once."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dronesampler.events import Autopilot
from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler_ui.fly.outputs import Output, OutputChoice
from dronesampler_ui.parts.flow import FlowLayout
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.parts.number_field import NumberField
from dronesampler_ui.theme import Theme

STEP_M = 5.0
SPEEDS_M_S = (1.0, 12.0)


@dataclass(frozen=True, slots=True)
class May:
    """Which buttons make sense now."""

    upload: bool = False
    arm: bool = False
    start: bool = False
    pause: bool = False
    go_on: bool = False
    back: bool = False
    land: bool = False
    mark: bool = False
    steer: bool = False  # height and speed
    equip: bool = False  # camera and sampler


def may_now(vehicle: Vehicle, *, linked: bool, has_plan: bool) -> May:
    """What may be asked: nothing without a link; on the ground upload, arm, start; in the air the rest."""
    if not linked:
        return May()
    air = vehicle.in_air
    return May(
        upload=has_plan and (not air or vehicle.doing is Doing.HOLDING),
        arm=not vehicle.armed,
        start=vehicle.armed and not air,
        pause=air and vehicle.doing in (Doing.MISSION, Doing.GUIDED, Doing.RETURNING, Doing.TAKING_OFF),
        go_on=air and vehicle.doing in (Doing.HOLDING, Doing.GUIDED),
        back=air and vehicle.doing is not Doing.RETURNING,
        land=air and vehicle.doing is not Doing.LANDING,
        mark=True,
        steer=air and not vehicle.failsafe,
        equip=True,
    )


class FlightButtons(QWidget):
    """Emits the name of what is asked."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.upload = HoldButton(self.tr("Upload"), theme)
        self.arm = HoldButton(self.tr("Arm"), theme, tone="warn")
        self.start = HoldButton(self.tr("Start"), theme)
        self.pause = QPushButton(self.tr("Pause"))
        self.pause.setObjectName("primary")
        self.pause.setToolTip(self.tr("Hold position and height now (P)"))
        self.go_on = HoldButton(self.tr("Continue"), theme)
        self.back = HoldButton(self.tr("Return"), theme)
        self.land = HoldButton(self.tr("Land"), theme, tone="warn")
        self.mark = QPushButton(self.tr("Mark sighting"))
        self.mark.setToolTip(self.tr("Keep this moment and place in the journal (K)"))
        self.more = QPushButton(self.tr("More…"))
        self.more.setCheckable(True)
        self.more.setToolTip(self.tr("Height, speed, camera and sampler (Ctrl+E)"))
        self.extra = MoreButtons(theme)
        self.extra.hide()
        self.more.toggled.connect(self._show_more)
        self._held = {
            "Upload": self.upload,
            "Arm": self.arm,
            "Start": self.start,
            "Continue": self.go_on,
            "ReturnHome": self.back,
            "Land": self.land,
        }
        for name, button in self._held.items():
            button.held.connect(lambda name=name: self.asked.emit(name))
        self.pause.clicked.connect(lambda: self.asked.emit("Pause"))
        self.mark.clicked.connect(lambda: self.asked.emit("MarkSighting"))
        self.extra.asked.connect(self.asked)
        self._lay_out()
        self.show_may(May())

    def _lay_out(self) -> None:
        line = FlowLayout()
        for button in (self.upload, self.arm, self.start):
            line.addWidget(button)
        line.addWidget(_gap())
        for widget in (self.pause, self.go_on, self.back, self.land):
            widget.setMinimumWidth(72)
            line.addWidget(widget)
        line.addWidget(_gap())
        line.addWidget(self.mark)
        line.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.extra)

    def _show_more(self, on: bool) -> None:
        self.extra.setVisible(on)
        self._keep_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_lines()

    def _keep_lines(self) -> None:
        """In a narrow window the rows break into more lines, and none may be squeezed."""
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.heightForWidth(self.width()))

    def set_theme(self, theme: Theme) -> None:
        for button in self._held.values():
            button.set_theme(theme)
        self.extra.set_theme(theme)

    def show_may(self, may: May, stack: Autopilot = Autopilot.ARDUPILOT) -> None:
        for name in ("upload", "arm", "start", "pause", "go_on", "back", "land", "mark"):
            button: QPushButton = getattr(self, name)
            if button.isEnabled() != getattr(may, name):
                button.setEnabled(getattr(may, name))
        self.extra.show_may(may, stack)


def _gap() -> QWidget:
    """Some room between two groups of buttons."""
    made = QWidget()
    made.setFixedSize(6, 1)
    return made


class MoreButtons(QWidget):
    """A second row for what is asked less often: steps of height, speed, the way back, camera, pump and valve."""

    asked = Signal(str)
    stepped = Signal(float)
    sped = Signal(float)
    switched = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step_up = HoldButton(self.tr("+5 m"), theme)
        self.step_up.setAccessibleName(self.tr("5 m higher"))
        self.step_down = HoldButton(self.tr("−5 m"), theme)
        self.step_down.setAccessibleName(self.tr("5 m lower"))
        self.speed = NumberField(self.tr("Speed in m/s"), bottom=SPEEDS_M_S[0], top=SPEEDS_M_S[1], step=0.5, digits=1)
        self.speed.setFixedWidth(54)
        self.speed.show_value(5.0)
        self.set_speed = HoldButton(self.tr("Set m/s"), theme)
        self.same_way = HoldButton(self.tr("Same way back"), theme)
        self.photograph = QPushButton(self.tr("Photograph"))
        self.output = OutputChoice(self.tr("Output of the pump or valve"))
        self.on = QPushButton(self.tr("Pump on"))
        self.off = QPushButton(self.tr("Pump off"))
        for button in (*self._held(), self.photograph, self.on, self.off):
            button.setObjectName("tight")
        self._lay_out()
        self.step_up.held.connect(lambda: self.stepped.emit(STEP_M))
        self.step_down.held.connect(lambda: self.stepped.emit(-STEP_M))
        self.set_speed.held.connect(lambda: self.sped.emit(self.speed.value))
        self.same_way.held.connect(lambda: self.asked.emit("SmartReturn"))
        self.photograph.clicked.connect(lambda: self.asked.emit("Photograph"))
        self.on.clicked.connect(lambda: self._switch(True))
        self.off.clicked.connect(lambda: self._switch(False))

    def _lay_out(self) -> None:
        line = FlowLayout()
        self.setLayout(line)
        for step in (self.step_up, self.step_down):
            line.addWidget(step)
        for part in (self.speed, self.set_speed):
            line.addWidget(part)
        line.addWidget(self.same_way)
        line.addWidget(_gap())
        for widget in (self.photograph, self.output, self.on, self.off):
            line.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        for button in self._held():
            button.set_theme(theme)

    def _held(self) -> tuple[HoldButton, ...]:
        return self.step_up, self.step_down, self.set_speed, self.same_way

    def show_may(self, may: May, stack: Autopilot) -> None:
        self.output.show_of(stack)
        for button in (self.step_up, self.step_down, self.set_speed):
            if button.isEnabled() != may.steer:
                button.setEnabled(may.steer)
        if self.same_way.isEnabled() != may.back:
            self.same_way.setEnabled(may.back)
        for plain in (self.photograph, self.on, self.off):
            if plain.isEnabled() != may.equip:
                plain.setEnabled(may.equip)

    def _switch(self, on: bool) -> None:
        chosen = self.output.currentData()
        if isinstance(chosen, Output):
            self.switched.emit(chosen, on)


class MotorStop(QWidget):
    """Two steps, and far from everything else: unlock, then hold. Locks itself again."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unlock = QPushButton(self.tr("Stop motors…"))
        self.unlock.setCheckable(True)
        self.unlock.setToolTip(self.tr("The aircraft falls. Only on the ground, or as the last resort."))
        self.stop = HoldButton(self.tr("Hold: stop motors, it falls"), theme, tone="danger")
        self.stop.hide()
        self._line = QHBoxLayout()
        self._line.addWidget(self.unlock, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stop)
        column.addLayout(self._line)
        self.unlock.toggled.connect(self.stop.setVisible)
        self.stop.held.connect(self._stop)

    def set_theme(self, theme: Theme) -> None:
        self.stop.set_theme(theme)

    def beside(self, widget: QWidget) -> None:
        """Something harmless that shares the line."""
        self._line.addWidget(widget, 1)

    def _stop(self) -> None:
        self.unlock.setChecked(False)
        self.asked.emit("StopMotors")
