"""The map's menu in Plan: what can be done with the place it was opened at."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QMenu

from dronesampler.problems import BadInput, Severity
from dronesampler_ui.parts.map.view import MapView
from dronesampler_ui.plan import editing, site_editing
from dronesampler_ui.plan.route_editor import RouteEditor
from dronesampler_ui.plan.site_editing import Kind
from dronesampler_ui.plan.site_editor import SiteEditor
from dronesampler_ui.workspace import Room

OVERLAP_M = 20.0
Offers = list[tuple[str, Callable[[], object]]]


class MapMenu(QObject):
    """Offers what fits the place; changes go through the editors, so that they can be undone."""

    def __init__(self, room: Room, route: RouteEditor, site: SiteEditor, unlock: Callable[[], bool]) -> None:
        super().__init__()
        self._room, self._route, self._site, self._unlock = room, route, site, unlock

    def open(self, lat_deg: float, lon_deg: float, at: QPointF) -> None:
        """Show the menu at a point of the map."""
        offers = self.offers(lat_deg, lon_deg, at)
        if not offers:
            return
        view: MapView = self._room.map.view
        menu = QMenu(view)
        for words, do in offers:
            menu.addAction(words).triggered.connect(lambda _=False, do=do: do())
        menu.popup(view.mapToGlobal(at.toPoint()))
        menu.aboutToHide.connect(menu.deleteLater)

    def offers(self, lat_deg: float, lon_deg: float, at: QPointF) -> Offers:
        """Words and what they do, for one place."""
        mission = self._route.mission
        if mission is None:
            return [(self.tr("Edit the whole route"), self._unlock)]
        found: Offers = []
        if self._route.away_m(at) < self._route.reach_m or self._route.leg_near(at) is not None:
            found.append((self.tr("Resume from here"), partial(self.resume, lat_deg, lon_deg)))
        if self._route.leg_near(at) is not None:
            found.append((self.tr("Insert a waypoint here"), partial(self._route.double_click, at)))
        found += self._site_offers(at)
        for words, change in (
            (self.tr("Home here"), site_editing.with_home),
            (self.tr("Rally point here"), site_editing.with_rally),
            (self.tr("Keep out of here (round fence zone)"), site_editing.with_keep_out),
        ):
            fresh = change(mission, lat_deg=lat_deg, lon_deg=lon_deg)
            found.append((words, partial(self._site.edited.emit, fresh)))
        return found

    def _site_offers(self, at: QPointF) -> Offers:
        spot = self._site.at(at)
        if spot is not None and spot[0].kind is not Kind.HOME:
            words = {
                Kind.RALLY: self.tr("Delete this rally point"),
                Kind.CORNER: self.tr("Delete this corner of the fence"),
                Kind.CIRCLE: self.tr("Delete this zone of the fence"),
            }
            return [(words[spot[0].kind], partial(self._site.delete, spot[0]))]
        if self._site.edge_at(at) is not None:
            return [(self.tr("Insert a corner of the fence here"), partial(self._site.insert_corner, at))]
        return []

    def resume(self, lat_deg: float, lon_deg: float) -> None:
        """What is left of the route from its place nearest to this one, in the place of the route."""
        from dronesampler.plan.resume import cut_near, halves, place_said

        mission = self._route.mission
        if mission is None:
            return
        try:
            cut = cut_near(mission, lat_deg, lon_deg)
            rest = halves(mission, cut, overlap_m=OVERLAP_M).rest
        except BadInput as problem:
            self._room.say(self._room.said(problem.text), Severity.WARNING)
            return
        self._site.edited.emit(editing.marked(rest))
        words = self.tr(
            "The route goes on at item {place}; the {m:.0f} m before it are flown again. Undo brings it back."
        )
        self._room.say(words.format(place=place_said(mission, cut), m=OVERLAP_M), Severity.NOTE)
