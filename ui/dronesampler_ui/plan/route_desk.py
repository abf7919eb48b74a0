"""Where a route is worked on by hand: the editor on the map, its card, its actions, and missions opened from files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from dronesampler.geo.local import distance_m
from dronesampler.mission import Mission
from dronesampler.mission.files import FORMATS, MissionImport
from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler_ui.parts import words
from dronesampler_ui.plan import editing, making
from dronesampler_ui.plan.edit_layer import EditLayer
from dronesampler_ui.plan.inputs import PlanInputs
from dronesampler_ui.plan.map_menu import MapMenu
from dronesampler_ui.plan.panel import PlanPanel
from dronesampler_ui.plan.plan_hand import PlanHand
from dronesampler_ui.plan.route_editor import RouteEditor
from dronesampler_ui.plan.site_editor import SiteEditor
from dronesampler_ui.workspace import Room

SECOND_LOOK = "second-look"  # what desk.look_next calls the pattern of its missions
FAR_M = 5000.0  # a route this far from the park belongs to another one


class RouteDesk(QObject):
    """Knows the route and the park as they are shown; emits what the officer made of them."""

    edited = Signal(object)  # Mission
    previewed = Signal(object)  # Mission, while it is dragged
    opened = Signal(object, object)  # Mission or None, PlanInputs of its pattern
    whole_wanted = Signal()  # something was to be changed while only a sortie was shown

    def __init__(self, room: Room, panel: PlanPanel) -> None:
        super().__init__()
        self._room, self._panel = room, panel
        self._park: Park | None = None
        self._inputs = PlanInputs()
        self.editor = RouteEditor(room.map.view, self)
        self.site = SiteEditor(room.map.view, self)
        self.hand = PlanHand(self.editor, self.site, self._unlock)
        self.menu = MapMenu(room, self.editor, self.site, self._unlock)
        self._connect()
        self.actions = [
            self._action(self.tr("Plan: open a mission file"), self.ask_mission, "Ctrl+Shift+O"),
            self._action(self.tr("Route: next waypoint (Page Down)"), lambda: self.editor.step(1)),
            self._action(self.tr("Route: previous waypoint (Page Up)"), lambda: self.editor.step(-1)),
            self._action(self.tr("Route: choose every waypoint"), self.editor.choose_all),
            self._action(self.tr("Route: insert a waypoint (I)"), self.editor.insert),
            self._action(self.tr("Route: delete the chosen waypoints (Del)"), self.editor.delete),
        ]

    @property
    def layer(self) -> EditLayer:
        return self.editor.layer

    def _connect(self) -> None:
        editor, card = self.editor, self._panel.route
        self.site.edited.connect(self.edited)
        self.site.previewed.connect(self.previewed)
        editor.edited.connect(self.edited)
        editor.previewed.connect(self.previewed)
        editor.chosen_changed.connect(self._show_chosen)
        editor.last_kept.connect(
            lambda: self._room.say(self.tr("The last waypoint stays: a route needs one."), Severity.NOTE)
        )
        card.entered.connect(editor.enter_numbers)
        card.insert.clicked.connect(editor.insert)
        card.delete.clicked.connect(editor.delete)
        self._panel.open_mission.clicked.connect(self.ask_mission)
        self._panel.template_chosen.connect(self.open_template)

    def _action(self, name: str, do: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(lambda: do())
        return action

    def _unlock(self) -> bool:
        """Ask for the whole route where only a sortie of it is shown; whether it was asked for."""
        if self._panel.whole_shown:
            return False
        self.whole_wanted.emit()
        return True

    def show(self, mission: Mission | None, park: Park | None, inputs: PlanInputs) -> None:
        """Work on this route; None while there is none that can be edited."""
        self._park, self._inputs = park, inputs
        self.editor.show(mission, park)
        self.site.show(mission)
        self._show_chosen()
        self._panel.route.show_state(self._state(inputs.edited))

    def _state(self, mission: Mission | None) -> str:
        if mission is None:
            return ""
        if editing.is_edited(mission):
            return self.tr("Edited by hand")
        return self.tr("The next look") if mission.pattern == SECOND_LOOK else self.tr("From a mission file")

    def _show_chosen(self) -> None:
        editor = self.editor
        if editor.mission is None or not editor.chosen:
            self._panel.route.show_chosen(0, 0, editing.Entry())
            return
        number, total = editor.stop_number()
        entry = editing.shared(editor.mission, editor.chosen)
        self._panel.route.show_chosen(number, total, entry, several=len(editor.chosen) > 1)

    # Files

    def ask_mission(self) -> None:
        endings = " ".join(f"*{ending}" for ending in FORMATS)
        name, _ = QFileDialog.getOpenFileName(
            self._panel, self.tr("Open a mission file"), "", f"{self.tr('Missions')} ({endings})"
        )
        if name:
            self.open_mission(Path(name))

    def open_mission(self, path: Path) -> None:
        """Read a mission file and show it in the place of the plan."""
        self._read(path, self.show_opened)

    def open_template(self, path: Path) -> None:
        """A mission that ships: as it is over its own park, over any other its pattern with its settings."""
        self._read(path, self._show_template)

    def _read(self, path: Path, done: Callable[[MissionImport], None]) -> None:
        self._room.background.run(
            lambda progress: making.open_mission(path), title=self.tr("Reading the mission"), done=done
        )

    def show_opened(self, found: MissionImport) -> None:
        """Show a mission that was read in the place of the plan, and say what of its file was left out."""
        if not editing.stops(found.mission):
            self._room.say(self.tr("There is no waypoint in this file."), Severity.WARNING)
            return
        for text in found.lost:
            self._room.say(self._room.said(text), Severity.WARNING)
        away_m = self._away_m(found.mission)
        if away_m > FAR_M:
            away = self.tr("The route lies {away} from the park: open its park too.")
            self._room.say(away.format(away=words.length_m(away_m)), Severity.WARNING)
        self.opened.emit(found.mission, self._inputs_of(found.mission))

    def _show_template(self, found: MissionImport) -> None:
        if self._away_m(found.mission) > FAR_M:
            self.opened.emit(None, self._inputs_of(found.mission))
        else:
            self.show_opened(found)

    def _away_m(self, mission: Mission) -> float:
        if self._park is None:
            return 0.0
        middle, first = self._park.frame(), mission.items[editing.stops(mission)[0]]
        return distance_m(middle.lat_deg, middle.lon_deg, first.lat_deg, first.lon_deg)

    def _inputs_of(self, mission: Mission) -> PlanInputs:
        """The mission's pattern with its settings where we know it, so that it can be planned anew."""
        pattern = self._panel.patterns.get(mission.pattern)
        if pattern is None:
            return self._inputs
        usual = {parameter.key: parameter.default for parameter in pattern.parameters}
        own = tuple(sorted((k, v) for k, v in mission.settings if k in usual and usual[k] != v))
        return replace(self._inputs, pattern=pattern.name, preset="", settings=own)
