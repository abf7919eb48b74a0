"""A dial to set the wind with mouse or keys: the direction it comes from around the rim, its speed outward."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler_ui.theme import Theme

FASTEST_M_S = 12.0


class WindDial(QWidget):
    """Emits direction (from, degrees) and speed (m/s) as they are set."""

    changed = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.from_deg = 225.0
        self.speed_m_s = 3.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Wind"))
        self.setToolTip(
            self.tr("Drag the tail to where the wind comes from; left and right turn it, up and down set the speed.")
        )

    def sizeHint(self) -> QSize:
        return QSize(116, 116)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_wind(self, from_deg: float, speed_m_s: float) -> None:
        self.from_deg, self.speed_m_s = from_deg % 360.0, min(max(speed_m_s, 0.0), FASTEST_M_S)
        self.update()

    def _set(self, from_deg: float, speed_m_s: float) -> None:
        self.show_wind(from_deg, speed_m_s)
        self.changed.emit(self.from_deg, self.speed_m_s)

    def _centre(self) -> tuple[QPointF, float]:
        side = min(self.width(), self.height())
        return QPointF(self.width() / 2, self.height() / 2), side / 2 - 14

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre, radius = self._centre()
        painter.setPen(QPen(QColor(self.theme.accent if self.hasFocus() else self.theme.line), 1.5))
        painter.setBrush(QColor(self.theme.field))
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for speed in (3.0, 6.0):
            ring = radius * math.sqrt(speed / FASTEST_M_S)
            painter.drawEllipse(centre, ring, ring)
        font = painter.font()
        font.setPointSizeF(self.theme.point_size * 0.8)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.soft))
        for k, word in enumerate("NESW"):
            way = QPointF(math.sin(k * math.pi / 2), -math.cos(k * math.pi / 2)) * (radius + 7)
            box = QRectF(0, 0, 14, 14)
            box.moveCenter(centre + way)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), word)
        self._paint_arrow(painter, centre, radius)
        painter.end()

    def _paint_arrow(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        tail = radius * math.sqrt(max(self.speed_m_s / FASTEST_M_S, 0.02))
        painter.translate(centre)
        painter.rotate(self.from_deg)
        painter.setPen(QPen(QColor(self.theme.accent), 3.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(0, -tail), QPointF(0, 0))
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(QPointF(0, -tail), 4.0, 4.0)
        painter.drawPolygon([QPointF(0, 6), QPointF(5, -3), QPointF(-5, -3)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._to(event.position())

    def _to(self, at: QPointF) -> None:
        centre, radius = self._centre()
        way = at - centre
        speed = min(math.hypot(way.x(), way.y()) / radius, 1.0) ** 2 * FASTEST_M_S
        self._set(math.degrees(math.atan2(way.x(), -way.y())), round(speed, 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Left: -5.0, Qt.Key.Key_Right: 5.0}.get(Qt.Key(event.key()))
        speed = {Qt.Key.Key_Up: 0.5, Qt.Key.Key_Down: -0.5}.get(Qt.Key(event.key()))
        if turn is None and speed is None:
            super().keyPressEvent(event)
        else:
            self._set(self.from_deg + (turn or 0.0), self.speed_m_s + (speed or 0.0))
