"""What the officer may ask the aircraft: hold to confirm, except Pause, which is safe and acts at once."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.theme import Theme


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


def may_now(vehicle: Vehicle, *, linked: bool, has_plan: bool) -> May:
    """What may be asked: nothing without a link; on the ground upload, arm, start; in the air the rest."""
    if not linked:
        return May()
    air = vehicle.in_air
    return May(
        upload=has_plan and not air,
        arm=not vehicle.armed,
        start=vehicle.armed and not air,
        pause=air and vehicle.doing in (Doing.MISSION, Doing.GUIDED, Doing.RETURNING, Doing.TAKING_OFF),
        go_on=air and vehicle.doing in (Doing.HOLDING, Doing.GUIDED),
        back=air and vehicle.doing is not Doing.RETURNING,
        land=air and vehicle.doing is not Doing.LANDING,
        mark=True,
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
        self._held = {
            "Upload": self.upload,
            "Arm": self.arm,
            "Start": self.start,
            "Continue": self.go_on,
            "ReturnHome": self.back,
            "Land": self.land,
        }
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 8, 14, 8)
        line.setSpacing(8)
        for name, button in self._held.items():
            button.held.connect(lambda name=name: self.asked.emit(name))
        for button in (self.upload, self.arm, self.start):
            line.addWidget(button)
        line.addSpacing(18)
        for widget in (self.pause, self.go_on, self.back, self.land):
            widget.setMinimumWidth(92)
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.mark)
        self.pause.clicked.connect(lambda: self.asked.emit("Pause"))
        self.mark.clicked.connect(lambda: self.asked.emit("MarkSighting"))
        self.show_may(May())

    def set_theme(self, theme: Theme) -> None:
        for button in self._held.values():
            button.set_theme(theme)

    def show_may(self, may: May) -> None:
        for name in ("upload", "arm", "start", "pause", "go_on", "back", "land", "mark"):
            button: QPushButton = getattr(self, name)
            if button.isEnabled() != getattr(may, name):
                button.setEnabled(getattr(may, name))


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
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.unlock)
        line.addWidget(self.stop, 1)
        self.unlock.toggled.connect(self.stop.setVisible)
        self.stop.held.connect(self._stop)

    def set_theme(self, theme: Theme) -> None:
        self.stop.set_theme(theme)

    def _stop(self) -> None:
        self.unlock.setChecked(False)
        self.asked.emit("StopMotors")
