"""Long lines drawn fast: Qt strokes a wide polyline as one path, a hundred times slower than its legs."""

from itertools import pairwise

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def draw_line(painter: QPainter, line: QPolygonF, colour: str | QColor, wide: float = 1.0) -> None:
    """The chain of points; up to a pixel as a hairline, wider as separate legs with flat ends."""
    if line.size() >= 2 and wide <= 1.0:
        painter.setPen(_pen(colour, 1.0))
        painter.drawPolyline(line)
    elif line.size() >= 2:
        points = line.toList()
        draw_legs(painter, [QLineF(a, b) for a, b in pairwise(points)], colour, wide)


def draw_legs(painter: QPainter, legs: list[QLineF], colour: str | QColor, wide: float) -> None:
    """Separate legs with flat ends."""
    painter.setPen(_pen(colour, wide))
    painter.drawLines(legs)


def _pen(colour: str | QColor, wide: float) -> QPen:
    pen = QPen(QColor(colour), wide)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
