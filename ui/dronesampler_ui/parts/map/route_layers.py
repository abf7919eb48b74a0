"""Lines of flight on the map: the plan with what has been flown, the track, and the vehicle with its history."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.columns import Track
from dronesampler.geo import LocalFrame
from dronesampler.mission import Command, Item, Mission
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.parts.strokes import draw_line
from dronesampler_ui.theme import Theme

ARROW_EVERY_PX = 110.0
DOTS_BELOW_M_PX = 1.6
NUMBERS_BELOW_M_PX = 0.8
MOST_NUMBERS = 150
MOST_DETAILED = 600  # places with arrows and dots; more of them would hide the route, and take too long
PLACES = (Command.WAYPOINT, Command.TAKEOFF, Command.LAND, Command.LOITER_TIME, Command.LOITER_TURNS)


class RouteLayer:
    """A mission's legs, what was flown in another colour, the leg under way thick. Without arrows: a quiet line."""

    key = "route"

    def __init__(self, *, arrows: bool = True) -> None:
        self._arrows = arrows
        self.version = 0
        self._mission: Mission | None = None
        self._frame: LocalFrame | None = None
        self._chain = QPolygonF()
        self._items: list[int] = []
        self._home: QPointF | None = None
        self._fence: list[QPolygonF] = []
        self.item_now = -1
        self.marked: int | None = None

    def show(self, mission: Mission | None, *, item_now: int = -1) -> None:
        if item_now != self.item_now:
            self.item_now = item_now
            self.version += 1
        if mission is self._mission:
            return
        self._mission = mission
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self.version += 1
        mission = self._mission
        items = [(i, item) for i, item in enumerate(mission.items if mission else ()) if _drawn(item)]
        self._items = [i for i, _ in items]
        self._chain = shapes.points(frame, [o.lat_deg for _, o in items], [o.lon_deg for _, o in items])
        home = mission.home if mission else None
        self._home = shapes.points(frame, [home.lat_deg], [home.lon_deg]).at(0) if home else None
        self._fence = [shapes.ring(frame, p.area.outer) for p in (mission.fence.polygons if mission else ())]

    def extent(self) -> QRectF | None:
        return None if self._chain.size() < 2 else self._chain.boundingRect()

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        to_px = camera.transform()
        self._paint_fence(painter, camera, theme)
        chain = to_px.map(self._chain)
        now = self._items.index(self.item_now) if self.item_now in self._items else None
        flown = len(self._items) if self.item_now > max(self._items, default=-1) else (now or 0)
        for colour, wide, part in (
            (theme.halo, 4.2, (0, chain.size())),
            (theme.route, 1.7, (max(flown - 1, 0), chain.size())),
            (theme.flown, 2.6, (0, flown)),
        ):
            draw_line(painter, QPolygonF([chain.at(i) for i in range(*part)]), colour, wide * theme.stroke)
        if now:
            painter.setPen(_pen(theme.accent, 4.5 * theme.stroke))
            painter.drawLine(chain.at(now - 1), chain.at(now))
        painter.setPen(_pen(theme.route, 1.7 * theme.stroke))
        painter.setBrush(QColor(theme.route))
        detailed = self._arrows and chain.size() <= MOST_DETAILED
        if detailed:
            _paint_arrows(painter, chain)
        if detailed and camera.m_px < DOTS_BELOW_M_PX:
            self._paint_stops(painter, chain, theme)
        if self._home is not None:
            _paint_home(painter, to_px.map(self._home), theme)

    def _paint_stops(self, painter: QPainter, chain: QPolygonF, theme: Theme) -> None:
        for i in range(chain.size()):
            marked = self._items[i] == self.marked
            painter.setPen(QPen(QColor(theme.accent if marked else theme.route), 3.0 if marked else 1.4))
            painter.setBrush(QColor(theme.halo))
            painter.drawEllipse(chain.at(i), 6.0 if marked else 3.0, 6.0 if marked else 3.0)

    def _paint_fence(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.warn), 1.2 * theme.stroke, Qt.PenStyle.DotLine))
        for area in self._fence:
            painter.drawPolygon(camera.transform().map(area))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if not self._arrows or camera.m_px > NUMBERS_BELOW_M_PX:
            return []
        chain, seen = camera.transform().map(self._chain), QRectF(0, 0, camera.width_px, camera.height_px)
        stops = [(item, chain.at(i)) for i, item in enumerate(self._items) if seen.contains(chain.at(i))]
        every = 1 + len(stops) // MOST_NUMBERS  # more would not find room, and looking for it takes seconds
        return [Label(str(item + 1), at, theme.route, rank=1, size=0.8) for item, at in stops[::every]]


class TrackLayer:
    """Where the aircraft was, as a thin line under the readings."""

    key = "track"

    def __init__(self) -> None:
        self._track: Track | None = None
        self._frame: LocalFrame | None = None
        self._x = self._y = np.zeros(0)

    def show(self, track: Track | None) -> None:
        self._track = track
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        if self._track is None:
            self._x = self._y = np.zeros(0)
            return
        known = np.isfinite(self._track.lat_deg) & np.isfinite(self._track.lon_deg)
        self._x, self._y = frame.to_xy(self._track.lat_deg[known], self._track.lon_deg[known])

    def extent(self) -> QRectF | None:
        if len(self._x) < 2:
            return None
        left, low = float(self._x.min()), float(self._y.min())
        return QRectF(left, low, float(self._x.max()) - left, float(self._y.max()) - low)

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if len(self._x) < 2:
            return
        px, py = camera.to_px(self._x, self._y)
        # Points that fall on the pixel before are left out: a long patrol stays as quick as a short one.
        cell = np.round(px) * 1e6 + np.round(py)
        kept = np.concatenate(([True], cell[1:] != cell[:-1]))
        draw_line(painter, shapes.chain(px[kept], py[kept]), theme.trail, theme.stroke)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []


class VehicleLayer:
    """The aircraft itself, pointing where its nose points."""

    key = "vehicle"

    def __init__(self) -> None:
        self._frame: LocalFrame | None = None
        self._lat_lon: tuple[float, float] | None = None
        self._at: QPointF | None = None
        self.heading_deg = 0.0
        self.words = ""
        self.stale = False

    def show(
        self, lat_lon: tuple[float, float] | None, *, heading_deg: float = 0.0, words: str = "", stale: bool = False
    ) -> None:
        """`stale`: the position is old because the link is lost; drawn hollow."""
        self._lat_lon, self.heading_deg, self.words, self.stale = lat_lon, heading_deg, words, stale
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        at = self._lat_lon
        self._at = shapes.points(frame, [at[0]], [at[1]]).at(0) if at else None

    @property
    def at_m(self) -> QPointF | None:
        return self._at

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if self._at is None:
            return
        painter.translate(camera.transform().map(self._at))
        painter.rotate(self.heading_deg)
        painter.scale(theme.stroke, theme.stroke)
        painter.setPen(QPen(QColor(theme.halo), 2.0))
        painter.setBrush(QColor(theme.halo if self.stale else theme.accent))
        if self.stale:
            painter.setPen(QPen(QColor(theme.danger), 2.0, Qt.PenStyle.DotLine))
        painter.drawPolygon([QPointF(0, -15), QPointF(10, 11), QPointF(0, 6), QPointF(-10, 11)])

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if self._at is None or not self.words:
            return []
        return [Label(self.words, camera.transform().map(self._at), theme.text, rank=9, away_px=18, bold=True)]


def _drawn(item: Item) -> bool:
    return item.has_place and item.command in PLACES and (item.lat_deg, item.lon_deg) != (0.0, 0.0)


def _pen(colour: str, wide: float) -> QPen:
    return QPen(QColor(colour), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _paint_arrows(painter: QPainter, chain: QPolygonF) -> None:
    """Small heads along the legs say which way they are flown."""
    for i in range(1, chain.size()):
        leg = QLineF(chain.at(i - 1), chain.at(i))
        count = int(leg.length() // ARROW_EVERY_PX)
        turn = math.atan2(leg.dy(), leg.dx())
        for k in range(count):
            tip = leg.pointAt((k + 0.5) / count)
            wings = [tip - QPointF(math.cos(turn + side) * 8.0, math.sin(turn + side) * 8.0) for side in (-0.45, 0.45)]
            painter.drawPolygon([tip, *wings])


def _paint_home(painter: QPainter, at: QPointF, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.halo), 2.0))
    painter.setBrush(QColor(theme.route))
    roof = [QPointF(0, -9), QPointF(9, 0), QPointF(6, 0), QPointF(6, 7), QPointF(-6, 7), QPointF(-6, 0), QPointF(-9, 0)]
    painter.drawPolygon([at + p for p in roof])
