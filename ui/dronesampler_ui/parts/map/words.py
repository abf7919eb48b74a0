"""Labels that do not collide: the ones that matter most are placed first, the rest find room or stay away."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

CACHED_WORDS = 600


class Words:
    """Places and draws labels; keeps drawn words as pixmaps, because outlining text is slow."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, str, str, float, bool, float], QPixmap] = {}

    def paint(self, painter: QPainter, labels: Iterable[Label], theme: Theme, *, within: QRectF) -> list[QRectF]:
        """Draw what finds room; returns where."""
        labels = list(labels)
        marks = [_mark(label) for label in labels if not label.centred]
        taken: list[QRectF] = []
        for label in sorted(labels, key=lambda one: -one.rank):
            if not within.contains(label.at):
                continue
            pixmap = self._pixmap(label, theme, painter)
            size = pixmap.deviceIndependentSize()
            for corner in _corners(label, size.width(), size.height()):
                place = QRectF(corner, size)
                if within.contains(place) and not any(place.intersects(other) for other in (*taken, *marks)):
                    painter.drawPixmap(place.topLeft(), pixmap)
                    taken.append(place.adjusted(1, 1, -1, -1))
                    break
        return taken

    def _pixmap(self, label: Label, theme: Theme, painter: QPainter) -> QPixmap:
        ratio = painter.device().devicePixelRatio()
        points = round(theme.point_size * label.size, 1)
        key = (label.text, label.colour, theme.halo, points, label.bold, ratio)
        if key not in self._drawn:
            if len(self._drawn) > CACHED_WORDS:
                self._drawn.clear()
            self._drawn[key] = _draw(label, QFont(painter.font()), points=points, halo=theme.halo, ratio=ratio)
        return self._drawn[key]


def _mark(label: Label) -> QRectF:
    """The mark that the word stands beside: no word may cover it."""
    half = label.away_px * 0.6
    return QRectF(label.at.x() - half, label.at.y() - half, 2 * half, 2 * half)


def _corners(label: Label, wide: float, high: float) -> list[QPointF]:
    """Where the word may go, best first: right, left, above, below; or centred, moved up and down."""
    x, y, away = label.at.x(), label.at.y(), label.away_px
    if label.centred:
        return [QPointF(x - wide / 2, y - high / 2 + shift * high) for shift in (0, 0.8, -0.8, 1.6, -1.6, 2.4, -2.4)]
    return [
        QPointF(x + away, y - high / 2),
        QPointF(x - away - wide, y - high / 2),
        QPointF(x - wide / 2, y - away - high),
        QPointF(x - wide / 2, y + away),
    ]


def _draw(label: Label, font: QFont, *, points: float, halo: str, ratio: float) -> QPixmap:
    font.setPointSizeF(points)
    font.setBold(label.bold)
    metrics = QFontMetricsF(font)
    lines = label.text.split("\n")
    wide = max(metrics.horizontalAdvance(line) for line in lines) + 6
    pixmap = QPixmap(round(wide * ratio), round((metrics.height() * len(lines) + 4) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    for row, line in enumerate(lines):
        left = (wide - metrics.horizontalAdvance(line)) / 2 if label.centred else 3
        path.addText(left, 2 + metrics.ascent() + row * metrics.height(), font, line)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(halo), 3.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, QColor(label.colour))
    painter.end()
    return pixmap
