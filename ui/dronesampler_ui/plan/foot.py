"""What lies below the map in Plan: the plan from the side, its figures, and what its checks say."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import Figures, label
from dronesampler_ui.parts.problem_list import ProblemList
from dronesampler_ui.plan.profile import HeightProfile
from dronesampler_ui.workspace import Room

FIGURES_PX = 180


class PlanFoot(QWidget):
    """Shows what it is told."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.profile = HeightProfile(room.theme)
        self.figures = Figures(
            {
                "length": self.tr("Way"),
                "time": self.tr("Time"),
                "energy": self.tr("Energy"),
                "items": self.tr("Items"),
                "seen": self.tr("Inspected"),
            }
        )
        self.checks = ProblemList(room.theme, room.lang)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 6, 16, 6)
        line.setSpacing(16)
        line.addWidget(self.profile, 1)
        self.figures.setFixedWidth(FIGURES_PX)
        line.addWidget(self.figures)
        checks = QVBoxLayout()
        checks.setSpacing(4)
        checks.addWidget(label(self.tr("Checks"), "heading"))
        checks.addWidget(self.checks, 1)
        checks.addStretch(0)
        line.addLayout(checks, 1)
