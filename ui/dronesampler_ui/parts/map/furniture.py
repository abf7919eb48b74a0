"""What lies over every map: scale bar, north, wind, and the word that says it was simulated."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.theme import Theme

BAR_PX = 120.0


@dataclass(frozen=True, slots=True)
class WindShown:
    """Wind as the map shows it: where it comes from, and how fast."""

    from_deg: float
    speed_m_s: float


def paint_scale_bar(painter: QPainter, camera: Camera, theme: Theme, *, left: float, bottom: float) -> None:
    """A bar of a round length."""
    length_m = _round_below(BAR_PX * camera.m_px)
    wide = length_m / camera.m_px
    word = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    for colour, pen in ((theme.halo, 5.0), (theme.text, 2.0)):
        painter.setPen(QPen(QColor(colour), pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawPolyline(
            [
                QPointF(left, bottom - 6),
                QPointF(left, bottom),
                QPointF(left + wide, bottom),
                QPointF(left + wide, bottom - 6),
            ]
        )
    painter.setPen(QColor(theme.text))
    painter.drawText(QPointF(left + 6, bottom - 6), word)


def paint_wind(painter: QPainter, centre: QPointF, theme: Theme, *, wind: WindShown, word: str) -> None:
    """A round plate with an arrow that flies with the wind, speed beneath, north marked at the rim."""
    radius = 30.0
    plate = QColor(theme.raised)
    plate.setAlphaF(0.92)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(plate)
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(QColor(theme.soft))
    painter.drawText(QRectF(centre.x() - 10, centre.y() - radius + 1, 20, 14), int(Qt.AlignmentFlag.AlignCenter), "N")
    painter.save()
    painter.translate(centre)
    painter.rotate(wind.from_deg + 180.0)
    painter.setPen(QPen(QColor(theme.accent), 3.0 * theme.stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(0, 15), QPointF(0, -8))
    painter.setBrush(QColor(theme.accent))
    painter.drawPolygon([QPointF(0, -16), QPointF(5, -7), QPointF(-5, -7)])
    painter.restore()
    metrics = QFontMetricsF(painter.font())
    box = QRectF(0, 0, metrics.horizontalAdvance(word) + 14, metrics.height() + 4)
    box.moveCenter(QPointF(centre.x(), centre.y() + radius + 13))
    box.moveRight(min(box.right(), centre.x() + radius + 4))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(plate)
    painter.drawRoundedRect(box, 8, 8)
    painter.setPen(QColor(theme.text))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), word)


def paint_watermark(painter: QPainter, camera: Camera, theme: Theme, *, word: str) -> None:
    """Large and pale over the whole map, so that no screenshot of a simulation passes for a real patrol."""
    font = QFont(painter.font())
    font.setPointSizeF(theme.point_size * 4.2)
    font.setBold(True)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 8)
    painter.setFont(font)
    colour = QColor(theme.text)
    colour.setAlphaF(0.10 if theme.stroke == 1.0 else 0.2)
    painter.setPen(colour)
    painter.translate(camera.width_px / 2, camera.height_px / 2)
    painter.rotate(-math.degrees(math.atan2(camera.height_px, camera.width_px)) * 0.6)
    painter.drawText(QRectF(-800, -120, 1600, 240), int(Qt.AlignmentFlag.AlignCenter), word)


def _round_below(length_m: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no longer."""
    power = 10.0 ** math.floor(math.log10(length_m))
    return float(next(k * power for k in (5, 2, 1) if k * power <= length_m))
