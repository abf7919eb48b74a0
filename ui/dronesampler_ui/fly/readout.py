"""The live concentration, large enough for arm's length, with its trend and alarm; and the attitude beside it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from dronesampler.session.client import LiveReading
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.ramp import LIMITS_MG_M3
from dronesampler_ui.theme import Theme

STEADY = 0.08  # relative change that counts as none
OLD_AFTER_S = 5.0


class Readout(QFrame):
    """One figure and what it means."""

    def __init__(self, limits: Sequence[float] = LIMITS_MG_M3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._limits = sorted(limits)
        self.value = label("–", "huge")
        self.value.setAccessibleName(self.tr("Concentration"))
        self.unit = label("mg/m³", "title")
        self.trend = label("", "title")
        self.words = label(self.tr("No readings yet"), "soft", wrap=True)
        self.words.setAccessibleName(self.tr("What the concentration means"))
        side = QVBoxLayout()
        side.addStretch(1)
        side.addWidget(self.trend)
        side.addWidget(self.unit)
        side.addSpacing(12)
        line = row(self.value)
        line.addLayout(side)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 2, 14, 10)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.words)

    def show_reading(self, reading: LiveReading | None, before: LiveReading | None, *, age_s: float | None) -> None:
        """The latest reading, an earlier one for the trend, and how old the latest is (patrol seconds)."""
        if reading is None or not math.isfinite(reading.value_mg_m3):
            self.value.setText("–")
            self.trend.setText("")
            self._say(self.tr("No readings yet"), "soft")
            return
        self.value.setText(_figure(reading.value_mg_m3))
        self.unit.setText(f"mg/m³ {reading.quantity}")
        self.trend.setText(self._trend(reading, before))
        if age_s is not None and age_s > OLD_AFTER_S:
            set_kind(self.value, "huge")
            self._say(self.tr("Old: last reading {s:.0f} s ago").format(s=age_s), "danger")
            return
        over = [limit for limit in self._limits if reading.value_mg_m3 >= limit]
        if over:
            kind = "warn" if len(over) == 1 else "danger"
            self._say(self.tr("Above {limit:g} mg/m³ – a clue, not evidence").format(limit=over[-1]), kind)
        else:
            self._say(self.tr("Below {limit:g} mg/m³").format(limit=self._limits[0]), "soft")

    def _trend(self, reading: LiveReading, before: LiveReading | None) -> str:
        if before is None or before.value_mg_m3 <= 0:
            return ""
        change = reading.value_mg_m3 / before.value_mg_m3 - 1.0
        return "→" if abs(change) < STEADY else "↗" if change > 0 else "↘"

    def _say(self, words: str, kind: str) -> None:
        if self.words.text() != words:
            self.words.setText(words)
        set_kind(self.words, kind)


class Attitude(QWidget):
    """A small horizon."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._roll_deg = self._pitch_deg = 0.0
        self._known = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Attitude"))

    def sizeHint(self) -> QSize:
        return QSize(76, 76)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_attitude(self, roll_deg: float | None, pitch_deg: float | None) -> None:
        known = roll_deg is not None and pitch_deg is not None
        fresh = (known, roll_deg or 0.0, pitch_deg or 0.0)
        if fresh != (self._known, self._roll_deg, self._pitch_deg):
            self._known, self._roll_deg, self._pitch_deg = fresh
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        centre, radius = QPointF(self.width() / 2, self.height() / 2), side / 2 - 3
        disc = QPainterPath()
        disc.addEllipse(centre, radius, radius)
        painter.setClipPath(disc)
        painter.fillPath(disc, QColor(self.theme.selected))
        painter.save()
        painter.translate(centre)
        painter.rotate(-self._roll_deg)
        horizon = min(max(self._pitch_deg, -40.0), 40.0) / 40.0 * radius
        painter.fillRect(QRectF(-side, horizon, 2 * side, 2 * side), QColor(self.theme.roof_high))
        painter.setPen(QPen(QColor(self.theme.text), 1.4))
        painter.drawLine(QPointF(-side, horizon), QPointF(side, horizon))
        painter.restore()
        painter.setClipping(False)
        painter.setPen(QPen(QColor(self.theme.accent if self._known else self.theme.line), 2.4))
        painter.drawLine(centre - QPointF(22, 0), centre - QPointF(8, 0))
        painter.drawLine(centre + QPointF(8, 0), centre + QPointF(22, 0))
        painter.setPen(QPen(QColor(self.theme.line), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
        painter.end()


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
