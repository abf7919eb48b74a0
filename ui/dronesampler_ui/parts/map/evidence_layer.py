"""The stretches of track that speak for the suspected place that is chosen, as a broad band under the readings."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.columns import Readings
from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

MOST_POINTS = 400  # of one stretch: more would not be told apart


class EvidenceLayer:
    """Shows stretches of time as the places that were flown then."""

    key = "evidence"

    def __init__(self) -> None:
        self._places: list[tuple[np.ndarray, np.ndarray]] = []
        self._lines: list[QPolygonF] = []
        self._frame: LocalFrame | None = None

    def show(self, readings: Readings | None, spans: Sequence[tuple[float, float]]) -> None:
        self._places = []
        for begin_s, end_s in spans if readings is not None else ():
            a, b = np.searchsorted(readings.time_s, (begin_s, end_s + 1e-6))  # type: ignore[union-attr]
            rows = np.unique(np.linspace(a, b - 1, min(b - a, MOST_POINTS)).astype(int)) if b > a else np.zeros(0, int)
            self._places.append((readings.lat_deg[rows], readings.lon_deg[rows]))  # type: ignore[union-attr]
        if self._frame:
            self.placed(self._frame)

    @property
    def count(self) -> int:
        """How many stretches are shown."""
        return len(self._places)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self._lines = [shapes.points(frame, lat, lon) for lat, lon in self._places]

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        colour = QColor(theme.suspect)
        colour.setAlphaF(0.3)
        pen = QPen(colour, 11.0 * theme.stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in self._lines:
            painter.drawPolyline(camera.transform().map(line))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []
