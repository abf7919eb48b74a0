"""Other aircraft on the map: which way they fly, how much higher, how old that is, and how close they come."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.events import TrafficSource
from dronesampler.flight.traffic import Closeness, Neighbour
from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

OLD_S = 10.0
AHEAD_S = 30.0  # the line before it
SYMBOL_PX = 12.0


class TrafficLayer:
    """Manned aircraft (ADS-B) as an arrowhead, drones (Remote ID) as a square; dotted when the place is old."""

    key = "traffic"

    def __init__(self) -> None:
        self._around: tuple[Neighbour, ...] = ()
        self._frame: LocalFrame | None = None
        self._at: list[QPointF] = []

    def show(self, around: tuple[Neighbour, ...]) -> None:
        if around != self._around:
            self._around = around
            if self._frame:
                self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        chain = shapes.points(frame, [n.lat_deg for n in self._around], [n.lon_deg for n in self._around])
        self._at = [chain.at(i) for i in range(chain.size())]

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        for one, at in zip(self._around, self._at, strict=True):
            px = camera.transform().map(at)
            colour = QColor(_colour(one, theme))
            self._paint_ahead(painter, one, px, camera=camera, theme=theme)
            style = Qt.PenStyle.DotLine if one.age_s > OLD_S else Qt.PenStyle.SolidLine
            painter.save()
            painter.translate(px)
            painter.rotate(one.track_deg or 0.0)
            for pen, brush in (
                (QPen(QColor(theme.halo), 6.0 * theme.stroke), QColor(theme.halo)),
                (QPen(colour, 2.4 * theme.stroke, style), QColor(theme.halo)),
            ):
                painter.setPen(pen)
                painter.setBrush(brush)
                painter.drawPolygon(_symbol(one))
            painter.restore()
            if one.closeness is Closeness.CLOSE:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour, 3.0 * theme.stroke))
                painter.drawEllipse(px, SYMBOL_PX * 2, SYMBOL_PX * 2)

    def _paint_ahead(self, painter: QPainter, one: Neighbour, px: QPointF, *, camera: Camera, theme: Theme) -> None:
        """Where it will be in AHEAD_S if it goes straight on."""
        if one.track_deg is None or not one.speed_m_s:
            return
        way, far_px = math.radians(one.track_deg), one.speed_m_s * AHEAD_S / camera.m_px
        end = px + QPointF(math.sin(way) * far_px, -math.cos(way) * far_px)
        painter.setPen(QPen(QColor(_colour(one, theme)), 1.6 * theme.stroke, Qt.PenStyle.DashLine))
        painter.drawLine(px, end)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return [
            Label(
                label_words(one),
                camera.transform().map(at),
                _colour(one, theme),
                rank=12 if one.closeness is Closeness.CLOSE else 5,
                away_px=SYMBOL_PX + 6,
                bold=one.closeness is not Closeness.FAR,
            )
            for one, at in zip(self._around, self._at, strict=True)
        ]


def label_words(one: Neighbour) -> str:
    """Name, height difference, and its age where it is old: the same in every language."""
    said = one.name
    if one.above_m is not None:
        said += f"  {one.above_m:+.0f} m"
    return said + (f"  {one.age_s:.0f} s" if one.age_s > OLD_S / 2 else "")


def _colour(one: Neighbour, theme: Theme) -> str:
    return {Closeness.CLOSE: theme.danger, Closeness.WATCH: theme.warn, Closeness.FAR: theme.soft}[one.closeness]


def _symbol(one: Neighbour) -> QPolygonF:
    s = SYMBOL_PX
    if one.source is TrafficSource.ADSB:
        return QPolygonF(
            [QPointF(0, -s), QPointF(s * 0.75, s * 0.8), QPointF(0, s * 0.35), QPointF(-s * 0.75, s * 0.8)]
        )
    h = s * 0.7
    return QPolygonF([QPointF(-h, -h), QPointF(0, -h * 1.5), QPointF(h, -h), QPointF(h, h), QPointF(-h, h)])
