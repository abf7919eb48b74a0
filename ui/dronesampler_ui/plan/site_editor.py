"""Home, fence corners and rally points under the hand: taken hold of on the map, moved, deleted with what is chosen."""

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal

from dronesampler.geo.local import Floats
from dronesampler.mission import Mission
from dronesampler_ui.parts.map.view import CLICK_SLACK_PX, MapView
from dronesampler_ui.plan import site_editing
from dronesampler_ui.plan.site_editing import Kind, Spot
from dronesampler_ui.plan.snapping import nearest_leg, nearest_point

GRAB_PX = 9.0


class SiteEditor(QObject):
    """Emits the mission after each change; the one who listens shows it."""

    edited = Signal(object)
    previewed = Signal(object)  # a mission while a spot is dragged

    def __init__(self, view: MapView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.mission: Mission | None = None
        self._spots: tuple[Spot, ...] = ()
        self._at: Floats = np.zeros((0, 2))
        self._held: Spot | None = None
        self._preview: Mission | None = None
        self._pressed_at = QPointF()

    def show(self, mission: Mission | None) -> None:
        """Edit this mission; None where there is nothing to edit."""
        if mission is not self.mission or mission is None:
            self.mission, self._held, self._preview = mission, None, None
            self._spots = site_editing.spots(mission) if mission else ()
        x, y = self._view.camera.frame.to_xy([s.lat_deg for s in self._spots], [s.lon_deg for s in self._spots])
        self._at = np.stack([x, y], axis=1) if self._spots else np.zeros((0, 2))

    def at(self, at: QPointF) -> tuple[Spot, float] | None:
        """The spot under a point of the map, and how far from it in metres."""
        metres = self._view.camera.to_m(at)
        found = nearest_point(self._at, metres, reach_m=GRAB_PX * self._view.camera.m_px)
        if found is None:
            return None
        away = self._at[found] - metres
        return self._spots[found], float(np.hypot(*away))

    def edge_at(self, at: QPointF) -> tuple[int, int] | None:
        """Zone and corner that a new corner at this point of the map would come before; None where no edge is near."""
        if self.mission is None:
            return None
        reach_m = GRAB_PX * self._view.camera.m_px
        for zone in range(len(self.mission.fence.polygons)):
            places = [k for k, s in enumerate(self._spots) if s.kind is Kind.CORNER and s.index == zone]
            ring = self._at[[*places, places[0]]]
            near = nearest_leg(ring, self._view.camera.to_m(at), reach_m=reach_m)
            if near is not None:
                return zone, near.index + 1
        return None

    def press(self, at: QPointF) -> bool:
        """Take hold of the spot there."""
        found = self.at(at)
        self._held, self._pressed_at, self._preview = (found[0] if found else None), at, None
        return found is not None

    def drag(self, at: QPointF) -> None:
        far = self._preview is not None or (at - self._pressed_at).manhattanLength() > CLICK_SLACK_PX
        if far and self._held is not None and self.mission is not None:
            lat, lon = self._view.camera.lat_lon(at)
            self._preview = site_editing.moved(self.mission, self._held, lat_deg=lat, lon_deg=lon)
            self.previewed.emit(self._preview)

    def release(self) -> None:
        fresh, self._preview, self._held = self._preview, None, None
        if fresh is not None:
            self.edited.emit(fresh)

    def give_up(self) -> bool:
        """Put back what is dragged; whether anything was."""
        if self._held is None:
            return False
        dragged, self._held, self._preview = self._preview is not None, None, None
        if dragged:
            self.previewed.emit(self.mission)
        return True

    def insert_corner(self, at: QPointF) -> bool:
        """A corner on the fence's edge there."""
        edge = self.edge_at(at)
        if edge is None or self.mission is None:
            return False
        lat, lon = self._view.camera.lat_lon(at)
        self.edited.emit(site_editing.with_corner(self.mission, *edge, lat_deg=lat, lon_deg=lon))
        return True

    def delete(self, spot: Spot) -> None:
        """Take a spot away."""
        if self.mission is not None:
            fresh = site_editing.without(self.mission, spot)
            if fresh is not self.mission:
                self.edited.emit(fresh)
