"""What a hand holds of the route: rings around chosen waypoints, the rubber band, and what a waypoint snaps to."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

RING_PX, SNAP_PX = 7.0, 12.0


class EditLayer:
    """Painted over the route; has no words of its own."""

    key = "edit"

    def __init__(self) -> None:
        self._chosen = QPolygonF()
        self.band_px: QRectF | None = None
        self.snap_m: QPointF | None = None

    def show(self, chosen_m: Floats) -> None:
        """Rings around these places, shape (n, 2): east, north metres."""
        self._chosen = shapes.chain(chosen_m[:, 0], chosen_m[:, 1])

    def placed(self, frame: LocalFrame) -> None:
        self.snap_m = None

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        to_px = camera.transform()
        chosen = to_px.map(self._chosen)
        painter.setBrush(QColor(theme.accent))
        painter.setPen(QPen(QColor(theme.halo), 2.0 * theme.stroke))
        for i in range(chosen.size()):
            painter.drawEllipse(chosen.at(i), RING_PX, RING_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.snap_m is not None:
            at = to_px.map(self.snap_m)
            for colour, wide in ((theme.halo, 5.0), (theme.accent, 2.5)):
                painter.setPen(QPen(QColor(colour), wide * theme.stroke))
                painter.drawRect(QRectF(at.x() - SNAP_PX, at.y() - SNAP_PX, 2 * SNAP_PX, 2 * SNAP_PX))
        if self.band_px is not None:
            painter.setPen(QPen(QColor(theme.accent), 1.5 * theme.stroke, Qt.PenStyle.DashLine))
            painter.drawRect(self.band_px)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []
