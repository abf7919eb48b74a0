"""The proposed next look: a dashed way that nobody has asked for yet, told apart from the plan."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dronesampler.geo import LocalFrame
from dronesampler.mission import Mission
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme


class LookLayer:
    """Drawn only where a proposal is shown."""

    key = "look"

    def __init__(self) -> None:
        self._mission: Mission | None = None
        self._frame: LocalFrame | None = None
        self._x = self._y = np.zeros(0)
        self.words = ""

    def show(self, mission: Mission | None, words: str = "") -> None:
        self.words = words
        if mission is not self._mission:
            self._mission = mission
            if self._frame:
                self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        items = [i for i in (self._mission.items if self._mission else ()) if i.has_place and (i.lat_deg or i.lon_deg)]
        self._x, self._y = frame.to_xy([i.lat_deg for i in items], [i.lon_deg for i in items])

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if len(self._x) == 0:
            return
        chain = shapes.chain(*camera.to_px(self._x, self._y))
        for colour, wide, style in (
            (theme.halo, 5.0, Qt.PenStyle.SolidLine),
            (theme.suspect, 2.2, Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(QColor(colour), wide * theme.stroke, style))
            painter.drawPolyline(chain)
        painter.setBrush(QColor(theme.halo))
        painter.setPen(QPen(QColor(theme.suspect), 1.8 * theme.stroke))
        for at in chain.toList():
            painter.drawEllipse(at, 3.5, 3.5)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if len(self._x) == 0 or not self.words:
            return []
        px, py = camera.to_px(self._x, self._y)
        return [Label(self.words, QPointF(px[0], py[0]), theme.suspect, rank=7, away_px=8, bold=True)]
