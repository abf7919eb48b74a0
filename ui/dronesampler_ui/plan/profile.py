"""Height over the way: the plan seen from the side."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.geo.terrain import Terrain
from dronesampler.mission import Item, Mission
from dronesampler_ui.parts import words
from dronesampler_ui.parts.strokes import draw_line
from dronesampler_ui.theme import Theme

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 46.0, 14.0, 22.0, 22.0
GROUND_POINTS = 300


def heights(mission: Mission) -> tuple[Floats, Floats]:
    """Distance along the way and height of every place of the mission, metres, shape (n,) each."""
    places = _places(mission)
    if not places:
        return np.zeros(0), np.zeros(0)
    frame = LocalFrame(places[0].lat_deg, places[0].lon_deg)
    x, y = frame.to_xy([p.lat_deg for p in places], [p.lon_deg for p in places])
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    return along, np.array([p.height_m for p in places])


def _places(mission: Mission) -> list[Item]:
    return [item for item in mission.items if item.has_place and (item.lat_deg or item.lon_deg)]


def ground_heights(mission: Mission, terrain: Terrain) -> tuple[Floats, Floats]:
    """Distance along the way and height of the ground over that at home, metres, shape (n,) each; NaN without data."""
    places = _places(mission)
    along, _ = heights(mission)
    if len(along) < 2:
        return np.zeros(0), np.zeros(0)
    at = np.linspace(0.0, along[-1], GROUND_POINTS)
    frame = LocalFrame(places[0].lat_deg, places[0].lon_deg)
    x, y = frame.to_xy([p.lat_deg for p in places], [p.lon_deg for p in places])
    lat, lon = frame.to_lat_lon(np.interp(at, along, x), np.interp(at, along, y))
    home = mission.home or places[0]
    return at, terrain.height_m(lat, lon) - float(terrain.height_m(home.lat_deg, home.lon_deg))


class HeightProfile(QWidget):
    """Painted, not clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._along = self._height = np.zeros(0)
        self._terrain: Terrain | None = None
        self._mission: Mission | None = None
        self._ground: tuple[Floats, Floats] = (np.zeros(0), np.zeros(0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Height over the way"))

    def sizeHint(self) -> QSize:
        return QSize(600, 120)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_ground(self, terrain: Terrain | None) -> None:
        """Draw the ground below from these heights, or none."""
        self._terrain = terrain
        self.show_mission(self._mission)

    @property
    def ground(self) -> tuple[Floats, Floats]:
        """Distance along the way and height of the ground over home, as drawn."""
        return self._ground

    def show_mission(self, mission: Mission | None) -> None:
        self._mission = mission
        self._ground = (np.zeros(0), np.zeros(0))
        if mission is not None and self._terrain is not None:
            self._ground = ground_heights(mission, self._terrain)
        self._along, self._height = heights(mission) if mission else (np.zeros(0), np.zeros(0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self.theme.panel))
        font = painter.font()
        font.setPointSizeF(self.theme.point_size * 0.86)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.soft))
        title = self.tr("Height above home, m")
        painter.drawText(QRectF(LEFT_PX, 2, 300, 18), int(Qt.AlignmentFlag.AlignVCenter), title)
        if len(self._along) > 1:
            self._paint_line(painter)
        painter.end()

    def _paint_line(self, painter: QPainter) -> None:
        wide = self.width() - LEFT_PX - RIGHT_PX
        high = self.height() - TOP_PX - BOTTOM_PX
        bottom = TOP_PX + high
        ground = self._ground[1][np.isfinite(self._ground[1])]
        low_m = min(0.0, float(self._height.min()), float(ground.min(initial=0.0)))
        top_m = max(float(self._height.max()), float(ground.max(initial=0.0)), 8.0) * 1.3
        px_m = high / (top_m - low_m)
        x = LEFT_PX + self._along / max(self._along[-1], 1.0) * wide
        y = bottom - (self._height - low_m) * px_m
        line = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        fill = QColor(self.theme.accent)
        fill.setAlphaF(0.14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([QPointF(LEFT_PX, bottom), *line, QPointF(line[-1].x(), bottom)]))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(LEFT_PX, bottom), QPointF(LEFT_PX + wide, bottom))
        self._paint_ground(painter, QRectF(LEFT_PX, TOP_PX, wide, high), low_m=low_m, px_m=px_m)
        draw_line(painter, QPolygonF(line), self.theme.accent, 1.8 * self.theme.stroke)
        painter.setPen(QColor(self.theme.soft))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        highest = float(self._height.max())
        for metres in (0.0, highest):
            at = bottom - (metres - low_m) * px_m
            painter.drawText(QRectF(0, at - 9, LEFT_PX - 6, 18), right, f"{metres:.0f}")
        box = QRectF(LEFT_PX, bottom + 2, wide, 18)
        painter.drawText(box, right, words.length_m(float(self._along[-1])))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "0 m")

    def _paint_ground(self, painter: QPainter, area: QRectF, *, low_m: float, px_m: float) -> None:
        """The ground as a filled band; where no terrain file knows it, it is left open."""
        along, height = self._ground
        if not np.isfinite(height).any():
            return
        x = area.left() + along / max(along[-1], 1.0) * area.width()
        y = area.bottom() - (height - low_m) * px_m
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(self.theme.soft)
        fill.setAlphaF(0.45)
        painter.setBrush(fill)
        known = np.flatnonzero(np.isfinite(y))
        for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
            edge = [QPointF(a, b) for a, b in zip(x[run].tolist(), y[run].tolist(), strict=True)]
            foot = [QPointF(edge[-1].x(), area.bottom()), QPointF(edge[0].x(), area.bottom())]
            painter.drawPolygon(QPolygonF([*edge, *foot]))
