"""What may be asked about a place on the map: opened by the right button or the menu key, chosen in a second step."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QMenu

from dronesampler_ui.fly.asking import Asking
from dronesampler_ui.fly.live import Live
from dronesampler_ui.parts.map.view import MapView

ORBIT_M = 20.0
GUIDED_M = 20.0  # height above home where the aircraft's own is not known


class MapMenu(QObject):
    """Look here, fly here, orbit here."""

    def __init__(self, view: MapView, asking: Asking, live: Callable[[], Live]) -> None:
        super().__init__(view)
        self._view, self._asking, self._live = view, asking, live

    def menu(self, lat_deg: float, lon_deg: float) -> QMenu:
        """The choices for a place, at the height the aircraft has now."""
        made, ask, place = QMenu(self._view), self._asking, (lat_deg, lon_deg)
        height = self._live().vehicle.height_home_m or GUIDED_M
        made.addAction(self.tr("Look here"), lambda: ask.look_at(*place))
        made.addAction(
            self.tr("Fly here at {h:.0f} m").format(h=height), lambda: ask.go_to(*place, height_home_m=height)
        )
        made.addAction(
            self.tr("Orbit here at {h:.0f} m, {r:.0f} m around").format(h=height, r=ORBIT_M),
            lambda: ask.orbit(*place, height_home_m=height, radius_m=ORBIT_M),
        )
        return made

    def popup(self, lat_deg: float, lon_deg: float, at: QPointF) -> None:
        self.menu(lat_deg, lon_deg).popup(self._view.mapToGlobal(at.toPoint()))
