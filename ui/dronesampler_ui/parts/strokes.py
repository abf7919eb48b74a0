"""Long lines drawn fast: Qt strokes a wide polyline as one path, a hundred times slower than its legs."""

from itertools import pairwise

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def draw_line(painter: QPainter, line: QPolygonF, colour: str | QColor, wide: float = 1.0) -> None:
    """The chain of points; up to a pixel as a hairline, wider as separate legs with flat ends."""
    if line.size() < 2:
        return
    pen = QPen(QColor(colour), wide if wide > 1.0 else 1.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    if wide <= 1.0:
        painter.drawPolyline(line)
        return
    points = [line.at(i) for i in range(line.size())]
    painter.drawLines([QLineF(a, b) for a, b in pairwise(points)])
