"""Isolines on the map: lines in the ramp's colours, each with its concentration, ending where nothing was flown."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dronesampler.geo import LocalFrame
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.contours import Isolines
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

NUMBERS_BELOW_M_PX = 3.0


class IsolinesLayer:
    """Shows what it is given; asks for nothing."""

    key = "isolines"

    def __init__(self) -> None:
        self._shown: Isolines | None = None
        self._lines: list[tuple[float, list[QLineF], QPointF]] = []
        self.scale = ramp.Scale()

    def show(self, isolines: Isolines | None) -> None:
        self._shown = isolines
        self._lines = []
        for line in isolines.lines if isolines else ():
            pieces = [QLineF(*piece) for piece in line.pieces_m.tolist()]
            if pieces:
                middle = pieces[int(np.argmax(line.pieces_m[:, 1]))]
                self._lines.append((line.level_mg_m3, pieces, middle.center()))

    @property
    def shown(self) -> Isolines | None:
        return self._shown

    def placed(self, frame: LocalFrame) -> None:
        if self._shown is not None and self._shown.frame != frame:
            self.show(None)  # made for another place

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        painter.setTransform(camera.transform(), True)
        for level, pieces, _ in self._lines:
            for colour, wide in ((QColor(theme.halo), 3.4), (_colour(theme, self.scale, level), 1.7)):
                pen = QPen(colour, wide * theme.stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.drawLines(pieces)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if camera.m_px > NUMBERS_BELOW_M_PX:
            return []
        to_px = camera.transform()
        return [
            Label(f"{level:g}", to_px.map(middle), theme.text, rank=4, away_px=3, bold=True, size=0.85)
            for level, _, middle in self._lines
        ]


def _colour(theme: Theme, scale: ramp.Scale, level_mg_m3: float) -> QColor:
    """The ramp's colour, drawn towards the text's colour so that low levels can be seen as lines."""
    return _towards(ramp.colour(theme, scale.part(level_mg_m3)), QColor(theme.text), 0.45)


def _towards(colour: QColor, other: QColor, part: float) -> QColor:
    pairs = zip(colour.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * part) for a, b in pairs))
