"""Editing the route on the map: gestures and keys become new missions, nothing is changed in place."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler_ui.parts.map.view import CLICK_SLACK_PX, MapView
from dronesampler_ui.plan import editing
from dronesampler_ui.plan.edit_layer import EditLayer
from dronesampler_ui.plan.editing import Entry
from dronesampler_ui.plan.snapping import Near, nearest_leg, nearest_point, snaps_of

GRAB_PX = SNAP_PX = 8.0
NUDGE_M, FAR_NUDGE_M = 1.0, 10.0
NUDGES = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class RouteEditor(QObject):
    """The hand on the map of Plan. Emits the mission after each change; the one who listens shows it."""

    edited = Signal(object)
    previewed = Signal(object)  # a mission while it is dragged
    chosen_changed = Signal()
    last_kept = Signal()  # the last waypoint was not deleted

    def __init__(self, view: MapView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.layer = EditLayer()
        self.mission: Mission | None = None
        self.chosen: frozenset[int] = frozenset()
        self._park: Park | None = None
        self._stops: tuple[int, ...] = ()
        self._line: Floats = np.zeros((0, 2))
        self._snaps = snaps_of(None, view.camera.frame)
        self._frame: LocalFrame | None = None
        self._pressed_at = QPointF()
        self._grabbed: int | None = None
        self._preview: Mission | None = None
        self._banding = False
        self._pointer: QPointF | None = None
        view.hovered.connect(self._hovered)
        view.left.connect(self._left)
        view.clicked_px.connect(self._clicked)

    def show(self, mission: Mission | None, park: Park | None) -> None:
        """Edit this mission over this park; None where there is nothing to edit."""
        if park is not self._park or self._frame != self._view.camera.frame:
            self._park, self._frame = park, self._view.camera.frame
            self._snaps = snaps_of(park, self._frame)
            self.mission = None
        self._drop()
        if mission is not self.mission or mission is None:
            self._take(mission)
        self.choose(self.chosen.intersection(self._stops))

    def _take(self, mission: Mission | None) -> None:
        self.mission = mission
        self._stops = editing.stops(mission) if mission else ()
        self._line = self._xy(mission, self._stops) if mission else np.zeros((0, 2))

    def choose(self, chosen: Collection[int]) -> None:
        """These items are what the next change is about."""
        before, self.chosen = self.chosen, frozenset(chosen)
        self._show_chosen(self._line)
        if before != self.chosen:
            self.chosen_changed.emit()

    def stop_number(self) -> tuple[int, int]:
        """Which waypoint is chosen (from 1) where it is only one, else how many are chosen; and how many there are."""
        if len(self.chosen) == 1:
            return self._stops.index(next(iter(self.chosen))) + 1, len(self._stops)
        return len(self.chosen), len(self._stops)

    # Changes

    def enter_numbers(self, entry: Entry) -> None:
        """Numbers for all that is chosen."""
        if self.mission:
            self._commit(editing.entered(self.mission, self.chosen, entry), self.chosen)

    def insert(self) -> None:
        """A waypoint on the leg under the pointer, else halfway along the leg after the last chosen waypoint."""
        leg = self._leg_at(self._pointer) if self._pointer is not None else None
        self._insert(leg or self._leg_after_chosen())

    def delete(self) -> None:
        """Take the chosen waypoints out of the route; the next one is chosen."""
        if not self.mission or not self.chosen:
            return
        fresh = editing.without(self.mission, self.chosen)
        if fresh is self.mission:
            self.last_kept.emit()
            return
        left = editing.stops(fresh)
        self._commit(fresh, {min(left, key=lambda i: (i < min(self.chosen), i))})

    def choose_all(self) -> None:
        self.choose(self._stops)

    def step(self, by: int, *, extend: bool = False) -> None:
        """Choose the next waypoint (or the one before with -1), beside those chosen with `extend`."""
        if not self._stops:
            return
        at = [self._stops.index(i) for i in self.chosen]
        place = ((max(at) if by > 0 else min(at)) + by) if at else (0 if by > 0 else -1)
        one = self._stops[place % len(self._stops)]
        self.choose(self.chosen | {one} if extend else {one})

    def nudge(self, east_m: float, north_m: float) -> None:
        """Move what is chosen by metres."""
        if not self.mission or not self.chosen:
            return
        one = self.mission.items[min(self.chosen)]
        lat, lon = LocalFrame(one.lat_deg, one.lon_deg).to_lat_lon(east_m, north_m)
        by = {"north_deg": float(lat) - one.lat_deg, "east_deg": float(lon) - one.lon_deg}
        self._commit(editing.moved(self.mission, self.chosen, **by), self.chosen)

    def _commit(self, mission: Mission, chosen: Collection[int]) -> None:
        if mission is self.mission:
            return
        self._take(mission)
        self.choose(chosen)
        self.edited.emit(mission)

    def _insert(self, leg: Near | None) -> None:
        if not self.mission or leg is None:
            return
        before = self._stops[leg.index + 1]
        lat, lon = self._view.camera.frame.to_lat_lon(*leg.at)
        fresh = editing.inserted(self.mission, before, lat_deg=float(lat), lon_deg=float(lon), part=leg.part)
        self._commit(fresh, {before})

    # The hand on the map

    def press(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        self._pressed_at, self._grabbed, self._preview = at, None, None
        hit = nearest_point(self._line, self._metres(at), reach_m=GRAB_PX * self._view.camera.m_px)
        if hit is None:
            self._banding = bool(keys & SHIFT) and self.mission is not None
            return self._banding
        item = self._stops[hit]
        if keys & SHIFT:
            self.choose(self.chosen ^ {item})
        else:
            self._grabbed = item
            if item not in self.chosen:
                self.choose({item})
        return True

    def drag(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        if self._banding:
            self.layer.band_px = QRectF(self._pressed_at, at).normalized()
            self._view.update()
            return
        far = self._preview is not None or (at - self._pressed_at).manhattanLength() > CLICK_SLACK_PX
        if far and self._grabbed is not None and self.mission:
            self._preview = self._dragged(self.mission, self._grabbed, at, free=bool(keys & ALT))
            self._show_chosen(self._xy(self._preview, self._stops))
            self.previewed.emit(self._preview)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        preview, grabbed, banding = self._preview, self._grabbed, self._banding
        self._drop()
        if banding:
            self.choose(self.chosen | self._inside(QRectF(self._pressed_at, at).normalized()))
        elif preview:
            self._commit(preview, self.chosen)
        elif grabbed is not None:
            self.choose({grabbed})
        self._view.update()

    def double_click(self, at: QPointF) -> bool:
        reach_m = GRAB_PX * self._view.camera.m_px
        if nearest_point(self._line, self._metres(at), reach_m=reach_m) is None:
            self._insert(self._leg_at(at))
        return True

    def key(self, event: QKeyEvent) -> bool:
        key, keys = Qt.Key(event.key()), event.modifiers()
        if key in NUDGES and keys & CTRL:
            far = FAR_NUDGE_M if keys & SHIFT else NUDGE_M
            self.nudge(NUDGES[key][0] * far, NUDGES[key][1] * far)
            return True
        match key:
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.delete()
            case Qt.Key.Key_I:
                self.insert()
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                self.step(1 if key == Qt.Key.Key_PageDown else -1, extend=bool(keys & SHIFT))
            case Qt.Key.Key_A if keys & CTRL:
                self.choose_all()
            case Qt.Key.Key_Escape if self._preview or self.chosen:
                self._give_up()
            case _:
                return False
        return True

    def _give_up(self) -> None:
        """Put back what is being dragged, else let go of what is chosen."""
        dragging = self._preview is not None
        self._drop()
        if dragging:
            self.choose(self.chosen)
            self.previewed.emit(self.mission)
        else:
            self.choose(())

    def _drop(self) -> None:
        self._grabbed, self._preview, self._banding = None, None, False
        self.layer.band_px = self.layer.snap_m = None

    def _dragged(self, mission: Mission, grabbed: int, at: QPointF, *, free: bool) -> Mission:
        """The chosen waypoints moved with the pointer; the one that is held snaps, unless `free`."""
        camera = self._view.camera
        way = (at - self._pressed_at) * camera.m_px
        x, y = self._line[self._stops.index(grabbed)]
        target = (float(x) + way.x(), float(y) - way.y())
        snap = None if free else self._snaps.near(target, reach_m=SNAP_PX * camera.m_px)
        self.layer.snap_m = QPointF(*snap) if snap else None
        lat, lon = camera.frame.to_lat_lon(*(snap or target))
        item = mission.items[grabbed]
        by = {"north_deg": float(lat) - item.lat_deg, "east_deg": float(lon) - item.lon_deg}
        return editing.moved(mission, self.chosen, **by)

    # Where things are

    def _xy(self, mission: Mission, stops: tuple[int, ...]) -> Floats:
        items = [mission.items[i] for i in stops]
        x, y = self._view.camera.frame.to_xy([i.lat_deg for i in items], [i.lon_deg for i in items])
        return np.stack([x, y], axis=1)

    def _show_chosen(self, line: Floats) -> None:
        self.layer.show(line[[i in self.chosen for i in self._stops]] if len(line) else np.zeros((0, 2)))
        self._view.update()

    def _metres(self, at: QPointF) -> tuple[float, float]:
        return self._view.camera.to_m(at)

    @property
    def reach_m(self) -> float:
        """How near the pointer has to be."""
        return GRAB_PX * self._view.camera.m_px

    def away_m(self, at: QPointF) -> float:
        """How far the nearest waypoint is from a point of the map; endless where there is none."""
        if not len(self._line):
            return float("inf")
        return float(np.hypot(*(self._line - self._metres(at)).T).min())

    def leg_near(self, at: QPointF) -> Near | None:
        """The leg at a point of the map, between two waypoints."""
        return self._leg_at(at) if self.away_m(at) > self.reach_m else None

    def _leg_at(self, at: QPointF) -> Near | None:
        return nearest_leg(self._line, self._metres(at), reach_m=GRAB_PX * self._view.camera.m_px)

    def _leg_after_chosen(self) -> Near | None:
        if not self.chosen or len(self._stops) < 2:
            return None
        first = min(self._stops.index(max(self.chosen)), len(self._stops) - 2)
        middle = (self._line[first] + self._line[first + 1]) / 2
        return Near(first, (float(middle[0]), float(middle[1])), 0.5, 0.0)

    def _inside(self, band_px: QRectF) -> frozenset[int]:
        px, py = self._view.camera.to_px(self._line[:, 0], self._line[:, 1])
        inside = (px >= band_px.left()) & (px <= band_px.right()) & (py >= band_px.top()) & (py <= band_px.bottom())
        return frozenset(self._stops[i] for i in np.flatnonzero(inside))

    def _hovered(self, lat_deg: float, lon_deg: float) -> None:
        x, y = self._view.camera.frame.to_xy(lat_deg, lon_deg)
        self._pointer = self._view.camera.point(float(x), float(y))

    def _left(self) -> None:
        self._pointer = None

    def _clicked(self, at: QPointF) -> None:
        """A click beside the route lets go of what is chosen."""
        if (
            self._view.hand is not None
            and nearest_leg(self._line, self._metres(at), reach_m=self._view.camera.m_px) is None
        ):
            self.choose(())
