"""Suspected places with their ellipses, leads, places a check points at, and the measuring line."""

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import Ellipse, Flag

RING_PX = 11.0


class FlagsLayer:
    """Red rings, never filled: suspected, not proven."""

    def __init__(self, key: str = "flags", *, tone: str = "suspect", letter: str = "S") -> None:
        self.key = key
        self._tone, self._letter = tone, letter
        self._flags: tuple[Flag, ...] = ()
        self._frame: LocalFrame | None = None
        self._at: list[QPointF] = []
        self.chosen: int | None = None

    def show(self, flags: tuple[Flag, ...], *, chosen: int | None = None) -> None:
        self._flags, self.chosen = flags, chosen
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        chain = shapes.points(frame, [f.lat_deg for f in self._flags], [f.lon_deg for f in self._flags])
        self._at = [chain.at(i) for i in range(chain.size())]

    def at_px(self, camera: Camera, px: QPointF) -> Flag | None:
        """The flag under the pointer."""
        for flag, at in zip(self._flags, self._at, strict=True):
            if (camera.transform().map(at) - px).manhattanLength() < RING_PX * 1.6:
                return flag
        return None

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for flag, at in zip(self._flags, self._at, strict=True):
            px = camera.transform().map(at)
            chosen = flag.number == self.chosen
            _paint_ellipse(painter, px, flag.ellipse95, camera=camera, theme=theme, style=Qt.PenStyle.DashLine)
            _paint_ellipse(painter, px, flag.ellipse68, camera=camera, theme=theme, style=Qt.PenStyle.SolidLine)
            for colour, wide in ((theme.halo, 6.0), (getattr(theme, self._tone), 4.0 if chosen else 2.6)):
                painter.setPen(QPen(QColor(colour), wide * theme.stroke))
                painter.drawEllipse(px, RING_PX, RING_PX)
            painter.setPen(QPen(QColor(getattr(theme, self._tone)), 2.0 * theme.stroke))
            painter.drawLine(px - QPointF(4, 0), px + QPointF(4, 0))
            painter.drawLine(px - QPointF(0, 4), px + QPointF(0, 4))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return [
            Label(
                f"{self._letter}{f.number}",
                camera.transform().map(at),
                getattr(theme, self._tone),
                rank=8,
                away_px=RING_PX + 4,
                bold=True,
            )
            for f, at in zip(self._flags, self._at, strict=True)
        ]


class PointerLayer:
    """One place that something else on the screen talks about: a check, a reading, a lead."""

    key = "pointer"

    def __init__(self) -> None:
        self._lat_lon: tuple[float, float] | None = None
        self._frame: LocalFrame | None = None
        self._at: QPointF | None = None
        self._words = ""

    def show(self, lat_lon: tuple[float, float] | None, words: str = "") -> None:
        self._lat_lon, self._words = lat_lon, words
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        at = self._lat_lon
        self._at = shapes.points(frame, [at[0]], [at[1]]).at(0) if at else None

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if self._at is None:
            return
        px = camera.transform().map(self._at)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((theme.halo, 4.0), (theme.accent, 2.0)):
            painter.setPen(QPen(QColor(colour), wide * theme.stroke))
            painter.drawEllipse(px, 8, 8)
            for k in range(4):
                way = QPointF(math.cos(k * math.pi / 2), math.sin(k * math.pi / 2))
                painter.drawLine(px + way * 8, px + way * 15)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if self._at is None or not self._words:
            return []
        at = camera.transform().map(self._at)
        return [Label(self._words, at, theme.text, rank=10, away_px=18, bold=True)]


class MeasureLayer:
    """A chain of clicked points with the lengths between them."""

    key = "measure"

    def __init__(self) -> None:
        self._points: list[tuple[float, float]] = []
        self._frame: LocalFrame | None = None

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame

    def clear(self) -> None:
        self._points = []

    def add(self, lat_lon: tuple[float, float]) -> None:
        self._points.append(lat_lon)

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """First and last point as lat_deg, lon_deg; None of fewer than two."""
        return (self._points[0], self._points[-1]) if len(self._points) > 1 else None

    @property
    def length_m(self) -> float:
        chain = self._chain()
        return sum(_length(chain[i] - chain[i - 1]) for i in range(1, len(chain)))

    def _chain(self) -> list[QPointF]:
        if self._frame is None:
            return []
        chain = shapes.points(self._frame, [p[0] for p in self._points], [p[1] for p in self._points])
        return [chain.at(i) for i in range(chain.size())]

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        chain = [camera.transform().map(p) for p in self._chain()]
        for colour, wide in ((theme.halo, 5.0), (theme.text, 2.0)):
            painter.setPen(QPen(QColor(colour), wide * theme.stroke))
            painter.drawPolyline(chain)
        painter.setBrush(QColor(theme.halo))
        for at in chain:
            painter.drawEllipse(at, 4, 4)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        chain = self._chain()
        found = []
        for a, b in pairwise(chain):
            middle = camera.transform().map((a + b) / 2)
            found.append(Label(f"{_length(b - a):.1f} m", middle, theme.text, rank=11, bold=True))
        return found


def _length(way: QPointF) -> float:
    return math.hypot(way.x(), way.y())


def _paint_ellipse(
    painter: QPainter, at: QPointF, ellipse: Ellipse | None, *, camera: Camera, theme: Theme, style: Qt.PenStyle
) -> None:
    if ellipse is None:
        return
    painter.save()
    painter.translate(at)
    painter.rotate(ellipse.azimuth_deg)
    painter.setPen(QPen(QColor(theme.suspect), 1.3 * theme.stroke, style))
    painter.drawEllipse(QPointF(0, 0), ellipse.minor_m / camera.m_px, ellipse.major_m / camera.m_px)
    painter.restore()


class MarksLayer:
    """Sightings: what an officer saw, where and when."""

    key = "sightings"

    def __init__(self) -> None:
        self._marks: list[tuple[float, float, str]] = []
        self._frame: LocalFrame | None = None

    def add(self, lat_deg: float, lon_deg: float, words: str) -> None:
        self._marks.append((lat_deg, lon_deg, words))

    def clear(self) -> None:
        self._marks = []

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame

    def _places(self, camera: Camera) -> list[tuple[QPointF, str]]:
        if self._frame is None:
            return []
        chain = shapes.points(self._frame, [m[0] for m in self._marks], [m[1] for m in self._marks])
        return [(camera.transform().map(chain.at(i)), mark[2]) for i, mark in enumerate(self._marks)]

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        painter.setPen(QPen(QColor(theme.halo), 1.6))
        painter.setBrush(QColor(theme.warn))
        for at, _ in self._places(camera):
            painter.drawPolygon([at, at + QPointF(-6, -12), at + QPointF(6, -12)])

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return [Label(words, at, theme.warn, rank=6, away_px=10, bold=True) for at, words in self._places(camera)]
