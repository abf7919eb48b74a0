"""Polygons and lines of the earth as painter paths in local metres."""

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from dronesampler.geo import LocalFrame, Polygon
from dronesampler.geo.polygon import Ring


def points(frame: LocalFrame, lat_deg: ArrayLike, lon_deg: ArrayLike) -> QPolygonF:
    """A chain of points in metres."""
    x_m, y_m = frame.to_xy(lat_deg, lon_deg)
    return chain(x_m, y_m)


def chain(x: ArrayLike, y: ArrayLike) -> QPolygonF:
    """Equal-length columns as a chain; rows with NaN are left out."""
    both = np.stack([np.asarray(x, float), np.asarray(y, float)], axis=1)
    return QPolygonF([QPointF(a, b) for a, b in both[np.isfinite(both).all(axis=1)].tolist()])


def ring(frame: LocalFrame, vertices: Ring) -> QPolygonF:
    return points(frame, [v[0] for v in vertices], [v[1] for v in vertices])


def area(frame: LocalFrame, polygon: Polygon) -> QPainterPath:
    """A closed area with its holes left open."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for vertices in (polygon.outer, *polygon.holes):
        path.addPolygon(ring(frame, vertices))
        path.closeSubpath()
    return path


def cast_shadow(frame: LocalFrame, polygon: Polygon, *, height_m: float, slope: float) -> QPainterPath:
    """The ground a building of that height darkens, sun in the south-west: the outline swept north-east."""
    reach = height_m * slope
    outline = ring(frame, polygon.outer)
    swept = QPainterPath()
    swept.setFillRule(Qt.FillRule.WindingFill)
    swept.addPolygon(outline.translated(reach, reach * 0.7))
    swept.closeSubpath()
    shift = QPointF(reach, reach * 0.7)
    for i in range(outline.size()):
        a, b = outline.at(i), outline.at((i + 1) % outline.size())
        side = QPainterPath()
        side.addPolygon(QPolygonF([a, b, b + shift, a + shift]))
        side.closeSubpath()
        swept = swept.united(side)
    return swept
