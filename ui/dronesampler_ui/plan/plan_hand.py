"""The hand on the map of Plan: the route's editor and the site's, whichever is nearer to the pointer."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from dronesampler_ui.plan.route_editor import RouteEditor
from dronesampler_ui.plan.site_editing import Kind
from dronesampler_ui.plan.site_editor import SiteEditor

CHANGING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_I)


class PlanHand:
    """Where only a part of the route is shown, `unlock` is asked to show all of it before anything is changed."""

    def __init__(self, route: RouteEditor, site: SiteEditor, unlock: Callable[[], bool]) -> None:
        self._route, self._site, self._unlock = route, site, unlock
        self._on_site = False

    def press(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        self._on_site = self._site_is_nearer(at) and not keys & Qt.KeyboardModifier.ShiftModifier
        if self._on_site:
            return self._site.press(at)
        return self._route.press(at, keys)

    def drag(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        if self._on_site:
            self._site.drag(at)
        else:
            self._route.drag(at, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        if self._on_site:
            self._on_site = False
            self._site.release()
        else:
            self._route.release(at, keys)

    def double_click(self, at: QPointF) -> bool:
        if self._unlock():
            return True
        if self._route.leg_near(at) is None and self._site.insert_corner(at):
            return True
        return self._route.double_click(at)

    def key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in CHANGING and self._unlock():
            return True
        if key == Qt.Key.Key_Escape and self._site.give_up():
            return True
        return self._route.key(event)

    def _site_is_nearer(self, at: QPointF) -> bool:
        """Home wins over the take-off that lies on it; any other tie is the waypoint's."""
        found = self._site.at(at)
        if found is None:
            return False
        spot, away_m = found
        waypoint_m = self._route.away_m(at)
        return away_m < waypoint_m or (spot.kind is Kind.HOME and bool(np.isclose(away_m, waypoint_m, atol=1.0)))
