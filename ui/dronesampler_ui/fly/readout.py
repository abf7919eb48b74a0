"""The live concentration, large enough for arm's length, with its trend; and the attitude beside it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from dronesampler.sampler.gauges import Gauge, Trend
from dronesampler.session.client import LiveReading
from dronesampler_ui.parts.boxes import label, row, set_kind
from dronesampler_ui.parts.ramp import LIMITS_MG_M3
from dronesampler_ui.theme import Theme

ARROWS = {Trend.RISING: "↗", Trend.FALLING: "↘", Trend.STEADY: "→", Trend.UNKNOWN: ""}
OLD_AFTER_S = 3.0  # where the session tells no gauge


class Readout(QFrame):
    """One figure and what it means, and the other quantities below it. A stale figure is struck through and grey."""

    def __init__(self, limits: Sequence[float] = LIMITS_MG_M3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._limits = sorted(limits)
        self.value = label("–", "huge")
        self.value.setAccessibleName(self.tr("Concentration"))
        self.unit = label("mg/m³", "title")
        self.trend = label("", "big")
        self.trend.setAccessibleName(self.tr("Trend"))
        self.words = label(self.tr("No readings yet"), "soft", wrap=True)
        self.words.setAccessibleName(self.tr("What the concentration means"))
        self.others = label("", "soft", wrap=True)
        self.others.setAccessibleName(self.tr("Other quantities"))
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addStretch(1)
        side.addWidget(self.trend)
        side.addWidget(self.unit)
        side.addSpacing(8)
        line = row(self.value)
        line.addLayout(side)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 2, 14, 10)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.words)
        column.addWidget(self.others)

    def show_gauges(self, gauges: Sequence[Gauge]) -> None:
        """Every quantity of every instrument; the first is the large one."""
        if not gauges:
            return
        first, *more = gauges
        known = math.isfinite(first.value_mg_m3)
        self.value.setText(_figure(first.value_mg_m3) if known else "–")
        self.unit.setText(f"{first.quantity}\nmg/m³")
        self.trend.setText(ARROWS[first.trend])
        self.trend.setToolTip(self._trend_words(first.trend))
        self._look_stale(first.stale)
        if first.stale:
            self._say(self.tr("STALE: last reading {s:.0f} s ago").format(s=first.age_s), "danger")
        elif known:
            self._say_level(first.value_mg_m3, first.above_mg_m3)
        self.others.setText("\n".join(self._line(gauge) for gauge in more))
        self.others.setVisible(bool(more))

    def show_reading(self, reading: LiveReading | None, *, age_s: float | None) -> None:
        """The latest reading where no gauges are told, and how old it is (patrol seconds)."""
        self.trend.setText("")
        self.others.hide()
        if reading is None or not math.isfinite(reading.value_mg_m3):
            self.value.setText("–")
            self._say(self.tr("No readings yet"), "soft")
            return
        self.value.setText(_figure(reading.value_mg_m3))
        self.unit.setText(f"{reading.quantity}\nmg/m³")
        stale = age_s is not None and age_s > OLD_AFTER_S
        self._look_stale(stale)
        if stale:
            self._say(self.tr("STALE: last reading {s:.0f} s ago").format(s=age_s), "danger")
        else:
            self._say_level(reading.value_mg_m3, math.nan)

    def _say_level(self, value_mg_m3: float, above_mg_m3: float) -> None:
        over = [limit for limit in self._limits if value_mg_m3 >= limit]
        if over:
            kind = "warn" if len(over) == 1 else "danger"
            self._say(self.tr("Above {limit:g} mg/m³ – a clue, not evidence").format(limit=over[-1]), kind)
            return
        words = self.tr("Below {limit:g} mg/m³").format(limit=self._limits[0])
        if math.isfinite(above_mg_m3):
            words += self.tr(", {above:+.2f} over the background").format(above=above_mg_m3)
        self._say(words, "soft")

    def _line(self, gauge: Gauge) -> str:
        """Another quantity: value, unit, share of the explosive limit, and whether it is stale."""
        value = _figure(gauge.value) if math.isfinite(gauge.value) else "–"
        unit = gauge.unit.replace("m3", "m³")
        said = f"{gauge.quantity} {value} {unit} {ARROWS[gauge.trend]}"
        if gauge.lel_percent is not None:
            said += f"  {gauge.lel_percent:.1f} %LEL"
        return said + (self.tr("  stale, {s:.0f} s").format(s=gauge.age_s) if gauge.stale else "")

    def _trend_words(self, trend: Trend) -> str:
        return {
            Trend.RISING: self.tr("rising"),
            Trend.FALLING: self.tr("falling"),
            Trend.STEADY: self.tr("steady"),
            Trend.UNKNOWN: "",
        }[trend]

    def _look_stale(self, stale: bool) -> None:
        set_kind(self.value, "huge_stale" if stale else "huge")
        font = self.value.font()
        if font.strikeOut() != stale:
            font.setStrikeOut(stale)
            self.value.setFont(font)

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
