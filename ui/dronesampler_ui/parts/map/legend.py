"""The legend: the ramp with the limits marked; its ends are dragged, or moved with the arrow keys."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.ramp import LIMITS_MG_M3, Scale
from dronesampler_ui.theme import Theme

SIDE_PX = 16.0
BAR_TOP_PX = 24.0
BAR_HIGH_PX = 11.0
SPAN_MG_M3 = (0.05, 100.0)  # what the whole legend covers; the ramp lies between the two grips
STEP = 1.1


class Legend(QWidget):
    """Shows and changes the scale of the readings' colours."""

    scale_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.scale = Scale()
        self.quantity = ""
        self._grip: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colour scale"))
        self.setToolTip(
            self.tr(
                "Drag the two grips, or use the arrow keys: left and right move the upper end, with Shift the lower."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(300, 62)

    def show_scale(self, scale: Scale, quantity: str = "") -> None:
        self.scale = scale
        self.quantity = quantity or self.quantity
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def _x(self, value_mg_m3: float) -> float:
        part = Scale(*SPAN_MG_M3).part(value_mg_m3)
        return SIDE_PX + part * (self.width() - 2 * SIDE_PX)

    def _value(self, x: float) -> float:
        part = min(max((x - SIDE_PX) / (self.width() - 2 * SIDE_PX), 0.0), 1.0)
        low, high = SPAN_MG_M3
        return float(low * (high / low) ** part)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """The legend, on the widget or on a picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QColor(self.theme.raised)
        plate.setAlphaF(0.94)
        painter.setPen(QPen(QColor(self.theme.accent if self.hasFocus() else self.theme.line), 1))
        painter.setBrush(plate)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        font = painter.font()
        font.setPointSizeF(self.theme.point_size * 0.86)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.soft))
        title = f"{self.quantity} mg/m³".strip()
        painter.drawText(QRectF(SIDE_PX, 4, 160, 16), int(Qt.AlignmentFlag.AlignLeft), title)
        self._paint_bar(painter)
        self._paint_ticks(painter)

    def _paint_bar(self, painter: QPainter) -> None:
        bar = QRectF(SIDE_PX, BAR_TOP_PX, self.width() - 2 * SIDE_PX, BAR_HIGH_PX)
        low, high = self._x(self.scale.low_mg_m3), self._x(self.scale.high_mg_m3)
        gradient = QLinearGradient(low, 0, high, 0)
        for k in range(17):
            gradient.setColorAt(k / 16, ramp.colour(self.theme, k / 16))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.setBrush(QColor(self.theme.raised))
        for x in (low, high):
            painter.drawRoundedRect(QRectF(x - 4, bar.top() - 4, 8, BAR_HIGH_PX + 8), 3, 3)

    def _paint_ticks(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(painter.font())
        taken: list[QRectF] = []
        wanted = [(v, True) for v in LIMITS_MG_M3]
        wanted += [(self.scale.high_mg_m3, False), (self.scale.low_mg_m3, False), (1.0, False)]
        top = BAR_TOP_PX + BAR_HIGH_PX
        for value, limit in wanted:
            word, x = f"{value:.3g}", self._x(value)
            place = QRectF(x - metrics.horizontalAdvance(word) / 2, top + 7, metrics.horizontalAdvance(word), 15)
            if limit:
                painter.setPen(QPen(QColor(self.theme.text), 1.4))
                painter.drawLine(QPointF(x, BAR_TOP_PX), QPointF(x, top + 5))
            if any(place.adjusted(-3, 0, 3, 0).intersects(other) for other in taken):
                continue
            taken.append(place)
            painter.setPen(QColor(self.theme.text if limit else self.theme.soft))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), word)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        low, high = self._x(self.scale.low_mg_m3), self._x(self.scale.high_mg_m3)
        self._grip = "low" if abs(x - low) < abs(x - high) else "high"
        self._move(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip:
            self._move(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def _move(self, x: float) -> None:
        value = self._value(x)
        self._set(self.scale.with_low(value) if self._grip == "low" else self.scale.with_high(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        factor = {Qt.Key.Key_Left: 1 / STEP, Qt.Key.Key_Right: STEP}.get(Qt.Key(event.key()))
        if factor is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set(self.scale.with_low(self.scale.low_mg_m3 * factor))
        else:
            self._set(self.scale.with_high(self.scale.high_mg_m3 * factor))

    def _set(self, scale: Scale) -> None:
        self.scale = scale
        self.update()
        self.scale_changed.emit(scale)
