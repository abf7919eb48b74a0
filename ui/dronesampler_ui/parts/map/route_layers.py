"""Lines of flight on the map: the plan with what has been flown, the track, and the vehicle with its history."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler.columns import Track
from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.parts.map.site_marks import SiteMarks, marks_of
from dronesampler_ui.parts.strokes import draw_legs, draw_line
from dronesampler_ui.theme import Theme

ARROW_EVERY_PX = 110.0
DOTS_BELOW_M_PX = 1.6
NUMBERS_BELOW_M_PX = 0.8
MOST_NUMBERS = 150
EDGE_PX = 8.0  # a line's width beyond its middle
MOST_DETAILED = 600  # places with arrows and dots; more of them would hide the route, and take too long
PLACES = frozenset(
    map(int, (Command.WAYPOINT, Command.TAKEOFF, Command.LAND, Command.LOITER_TIME, Command.LOITER_TURNS))
)


class RouteLayer:
    """A mission's legs, what was flown in another colour, the leg under way thick. Without arrows: a quiet line."""

    key = "route"

    def __init__(self, *, arrows: bool = True) -> None:
        self._arrows = arrows
        self.version = 0
        self._mission: Mission | None = None
        self._frame: LocalFrame | None = None
        self._x = self._y = np.zeros(0)
        self._items: list[int] = []
        self._marks = SiteMarks()
        self.item_now = -1

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
        self._x, self._y = frame.to_xy([o.lat_deg for _, o in items], [o.lon_deg for _, o in items])
        self._marks = marks_of(mission, frame)

    def extent(self) -> QRectF | None:
        return _extent(self._x, self._y)

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        self._marks.paint_fence(painter, camera, theme)
        px, py = camera.to_px(self._x, self._y)
        many = len(px) > MOST_DETAILED
        now = self._items.index(self.item_now) if self.item_now in self._items else None
        flown = len(self._items) if self.item_now > max(self._items, default=-1) else (now or 0)
        # Edges of very many lines are not smoothed: that takes five times as long, and none of them stands alone.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
        legs = _legs(px, py, camera, thinned=many)
        draw_legs(painter, legs, theme.halo, 4.2 * theme.stroke)
        if flown > 1:
            legs = _legs(px[flown - 1 :], py[flown - 1 :], camera, thinned=many)
        draw_legs(painter, legs, theme.route, 1.7 * theme.stroke)
        draw_legs(painter, _legs(px[:flown], py[:flown], camera, thinned=many), theme.flown, 2.6 * theme.stroke)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if now:
            painter.setPen(_pen(theme.accent, 4.5 * theme.stroke))
            painter.drawLine(QPointF(px[now - 1], py[now - 1]), QPointF(px[now], py[now]))
        if self._arrows and not many:
            self._paint_details(painter, shapes.chain(px, py), camera, theme)
        self._marks.paint_home(painter, camera, theme)

    def _paint_details(self, painter: QPainter, chain: QPolygonF, camera: Camera, theme: Theme) -> None:
        painter.setPen(_pen(theme.route, 1.7 * theme.stroke))
        painter.setBrush(QColor(theme.route))
        _paint_arrows(painter, chain)
        if camera.m_px < DOTS_BELOW_M_PX:
            painter.setPen(QPen(QColor(theme.route), 1.4))
            painter.setBrush(QColor(theme.halo))
            for at in chain.toList():
                painter.drawEllipse(at, 3.0, 3.0)

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if not self._arrows or camera.m_px > NUMBERS_BELOW_M_PX:
            return []
        px, py = camera.to_px(self._x, self._y)
        seen = np.flatnonzero((px >= 0) & (px <= camera.width_px) & (py >= 0) & (py <= camera.height_px))
        every = 1 + len(seen) // MOST_NUMBERS  # more would not find room, and looking for it takes seconds
        return [
            Label(str(self._items[i] + 1), QPointF(px[i], py[i]), theme.route, rank=1, size=0.8)
            for i in seen[::every].tolist()
        ]


def _legs(px: Floats, py: Floats, camera: Camera, *, thinned: bool) -> list[QLineF]:
    """The legs that touch the view; thinned, only one of those that run from the same to the same half pixel."""
    if len(px) < 2:
        return []
    ends = np.column_stack([px[:-1], py[:-1], px[1:], py[1:]])
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    size = (camera.width_px + EDGE_PX, camera.height_px + EDGE_PX)
    ends = ends[((high >= -EDGE_PX) & (low <= size)).all(axis=1)]
    if thinned and len(ends):
        order = ends[:, 0] > ends[:, 2]
        cells = np.where(order[:, None], ends[:, [2, 3, 0, 1]], ends)
        _, first = np.unique(np.round(cells * 2.0).astype(np.int64), axis=0, return_index=True)
        ends = ends[np.sort(first)]
    return [QLineF(*row) for row in ends.tolist()]


def _extent(x: Floats, y: Floats) -> QRectF | None:
    if len(x) < 2:
        return None
    left, low = float(x.min()), float(y.min())
    return QRectF(left, low, float(x.max()) - left, float(y.max()) - low)


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
        return _extent(self._x, self._y)

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
    return item.frame is not Frame.NONE and item.command in PLACES and (item.lat_deg != 0.0 or item.lon_deg != 0.0)


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
