"""What a mission has beside its line: home, fence zones and rally points, as marks on the map."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.geo import LocalFrame
from dronesampler.mission import Mission
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.theme import Theme

HOUSE = ((0, -9), (9, 0), (6, 0), (6, 7), (-6, 7), (-6, 0), (-9, 0))
FLAG = ((-2, 10), (-2, -13), (13, -7), (2, -1), (2, 10))


@dataclass(frozen=True, slots=True)
class Zone:
    """An outline in metres; `inclusion`: the aircraft stays inside, else outside."""

    outline: QPolygonF
    inclusion: bool


@dataclass(frozen=True, slots=True)
class SiteMarks:
    """Home, fence zones and rally points in metres."""

    home: QPointF | None = None
    zones: tuple[Zone, ...] = ()
    rally: tuple[QPointF, ...] = ()

    def paint_fence(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        """Dotted outlines; what may not be entered is dashed and thicker."""
        to_px = camera.transform()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for zone in self.zones:
            style = Qt.PenStyle.DotLine if zone.inclusion else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(theme.warn), (1.2 if zone.inclusion else 2.0) * theme.stroke, style))
            painter.drawPolygon(to_px.map(zone.outline))

    def paint_home(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        """A house for home, flags for rally points."""
        to_px = camera.transform()
        painter.setPen(QPen(QColor(theme.halo), 2.0))
        painter.setBrush(QColor(theme.route))
        marks = [(at, FLAG) for at in self.rally] + ([(self.home, HOUSE)] if self.home is not None else [])
        for at, shape in marks:
            middle = to_px.map(at)
            painter.drawPolygon([middle + QPointF(x, y) for x, y in shape])


def marks_of(mission: Mission | None, frame: LocalFrame) -> SiteMarks:
    """The marks of a mission in this frame."""
    if mission is None:
        return SiteMarks()
    home, rally = mission.home, mission.rally
    zones = [Zone(shapes.ring(frame, p.area.outer), p.inclusion) for p in mission.fence.polygons]
    turn = np.linspace(0.0, 2.0 * np.pi, 49)
    for circle in mission.fence.circles:
        x, y = frame.to_xy(circle.lat_deg, circle.lon_deg)
        ring = shapes.chain(x + circle.radius_m * np.cos(turn), y + circle.radius_m * np.sin(turn))
        zones.append(Zone(ring, circle.inclusion))
    return SiteMarks(
        home=shapes.points(frame, [home.lat_deg], [home.lon_deg]).at(0) if home else None,
        zones=tuple(zones),
        rally=tuple(shapes.points(frame, [p.lat_deg for p in rally], [p.lon_deg for p in rally]).toList()),
    )
