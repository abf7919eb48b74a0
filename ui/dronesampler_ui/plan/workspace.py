"""The Plan workspace: every change is planned anew in the background and shown on the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dronesampler.mission import Mission
from dronesampler.mission.files import MissionImport
from dronesampler.park import Park
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Lang, Text
from dronesampler_ui.aircraft import aircraft_of
from dronesampler_ui.background import Work
from dronesampler_ui.parts import words
from dronesampler_ui.parts.map.coverage_layer import CoverageLayer, CoverageShown
from dronesampler_ui.parts.map.flag_layers import PointerLayer
from dronesampler_ui.parts.map.furniture import WindShown
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.layer import Live
from dronesampler_ui.parts.map.route_layers import RouteLayer
from dronesampler_ui.plan import making
from dronesampler_ui.plan.files_desk import FilesDesk
from dronesampler_ui.plan.foot import PlanFoot
from dronesampler_ui.plan.inputs import History, PlanInputs
from dronesampler_ui.plan.making import Made
from dronesampler_ui.plan.panel import PlanPanel
from dronesampler_ui.plan.route_desk import RouteDesk
from dronesampler_ui.theme import Theme
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:
    from dronesampler.geo.terrain import Tiles

SETTLE_MS = 180


class Planning(QObject):
    """Inputs change, a plan is made, the map shows it. Hands a finished mission on as an intent."""

    take_to_fly = Signal(object, object, object)  # Mission, Park, (from_deg, speed_m_s)
    park_shown = Signal(object)

    key = "plan"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._parks: list[Park] = []
        self._history = History(PlanInputs())
        self._made: Made | None = None
        self._work: Work | None = None
        self._entered = self._begun = False
        self._ground = Ground()
        self._route = RouteLayer()
        self._coverage = CoverageLayer()
        self._pointer = PointerLayer()
        self.panel = PlanPanel(room)
        self.route_desk = RouteDesk(room, self.panel)
        self.side: QWidget = self.panel
        self.files = FilesDesk(room, self.side)
        self._below = PlanFoot(room)
        self.foot: QWidget | None = self._below
        self.profile, self.figures, self.checks = self._below.profile, self._below.figures, self._below.checks
        self._terrain: Tiles | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._plan)
        self._connect()
        self._actions = [
            self._action(self.tr("Plan: undo"), self.undo, "Ctrl+Z"),
            self._action(self.tr("Plan: do again"), self.redo, "Ctrl+Shift+Z"),
            self._action(self.tr("Plan: open a park file"), self.files.ask_park, "Ctrl+O"),
            self._action(self.tr("Plan: open terrain files"), self.files.ask_terrain, ""),
            self._action(self.tr("Plan: choose the aircraft's file"), self.files.ask_aircraft, ""),
            self._action(self.tr("Plan: save the mission"), self.ask_save, "Ctrl+S"),
            self._action(self.tr("Plan: take the mission to Fly"), self._take, "Ctrl+Return"),
            *self.route_desk.actions,
        ]

    def _connect(self) -> None:
        panel = self.panel
        panel.park_chosen.connect(lambda i: self.show_park(self._parks[i]))
        panel.pattern_chosen.connect(
            lambda name: self._step(replace(self.inputs, pattern=name, preset="", settings=(), edited=None))
        )
        panel.preset_chosen.connect(
            lambda name: self._step(replace(self.inputs, preset=name, settings=(), edited=None))
        )
        panel.own_chosen.connect(
            lambda values: self._step(replace(self.inputs, preset="", settings=values, edited=None))
        )
        panel.own.changed.connect(lambda: self.panel.show_inputs(self.inputs))
        panel.form.changed.connect(lambda key, value: self._step(self.inputs.with_setting(key, value)))
        panel.sortie.currentIndexChanged.connect(self._show_sortie)
        panel.route.anew.clicked.connect(lambda: self._step(replace(self.inputs, edited=None)))
        desk = self.route_desk
        desk.edited.connect(lambda mission: self._step(replace(self.inputs, edited=mission)))
        desk.previewed.connect(self._show_line)
        desk.opened.connect(self.show_mission)
        desk.whole_wanted.connect(self._show_whole)
        self._room.map.view.asked_menu.connect(self._open_menu)
        panel.wind_set.connect(self._set_wind)
        panel.open_park.clicked.connect(self.files.ask_park)
        self.files.park_read.connect(self.show_park)
        self.files.terrain_read.connect(self._take_terrain)
        self.files.aircraft_read.connect(self._plan)
        self.files.mission_read.connect(desk.show_opened)
        panel.save.clicked.connect(self.ask_save)
        panel.fly.clicked.connect(self._take)
        self.checks.chosen.connect(self._point)

    def _open_menu(self, lat_deg: float, lon_deg: float, at: QPointF) -> None:
        if self._entered:
            self.route_desk.menu.open(lat_deg, lon_deg, at)

    def _show_whole(self) -> None:
        """Something was to be changed: a sortie is only a part, so the whole route comes into view first."""
        self.panel.sortie.setCurrentIndex(self.panel.sortie.count() - 1)
        self._room.say(self.tr("The whole route is shown now: change it here."), Severity.NOTE)

    def _action(self, name: str, do: Callable[[], object], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(do)
        return action

    # The room's protocol

    @property
    def inputs(self) -> PlanInputs:
        return self._history.now

    @property
    def made(self) -> Made | None:
        """The plan as shown."""
        return self._made

    @property
    def park(self) -> Park | None:
        return self._ground.park

    def actions(self) -> list[QAction]:
        return self._actions

    def set_theme(self, theme: Theme) -> None:
        self.profile.set_theme(theme)
        self.panel.dial.set_theme(theme)
        self.checks.set_theme(theme)

    def enter(self) -> None:
        self._entered = True
        self._take_map()
        self._room.map.view.hand = self.route_desk.hand
        self.begin()

    def begin(self) -> None:
        """Read the parks and the draft, once."""
        if self._begun:
            return
        self._begun = True
        library = self._room.library
        self._room.background.run(
            lambda progress: making.beginnings(library),
            title=self.tr("Reading parks"),
            done=self._begin,
        )

    def leave(self) -> None:
        self._entered = False
        self._room.map.view.hand = None

    def close(self) -> None:
        self._settle.stop()

    def _begin(self, found: making.Beginnings) -> None:
        self.panel.own.read()
        self.panel.show_patterns(found.patterns)
        self.panel.show_templates(making.templates())
        shipped, stored, draft = found.shipped, found.stored, found.draft
        self._history = History(draft)
        known = [shipped, *(park for park in stored if park != shipped)]
        for park in known:
            self._add_park(park)
        self.show_park(next((park for park in known if park.name == draft.park), shipped))

    def _add_park(self, park: Park) -> None:
        if park not in self._parks:
            self._parks.append(park)
            zh = self._room.lang is Lang.ZH
            self.panel.park.addItem(park.name if zh else park.name_en or park.name)

    def show_park(self, park: Park) -> None:
        """Plan over this park."""
        self._add_park(park)
        self.panel.park.setCurrentIndex(self._parks.index(park))
        self._ground.show(park, self._room.lang)
        self._route.show(None)
        self._made = None
        if self._entered:
            self._take_map()
        self.park_shown.emit(park)
        # A route by hand belongs to its park.
        edited = self.inputs.edited if self.inputs.park == park.name else None
        self._step(replace(self.inputs, park=park.name, edited=edited))
        self.panel.show_inputs(self.inputs)
        self._plan()

    def _take_map(self) -> None:
        pane = self._room.map
        if self._ground.park:
            pane.view.set_frame(self._ground.park.frame())
        pane.show_layers(
            (
                *self._ground.below,
                self._coverage,
                *self._ground.above,
                Live(self._route),
                self.route_desk.layer,
                self._pointer,
            ),
            legend=False,
        )
        pane.view.set_simulated(bool(self._ground.park and self._ground.park.simulated))
        pane.view.wind = WindShown(self.inputs.wind_from_deg, self.inputs.wind_m_s)
        pane.view.fit_soon()

    # Changes

    def _step(self, inputs: PlanInputs) -> None:
        self._history.step(inputs)
        self._refresh()

    def _refresh(self) -> None:
        self.panel.show_inputs(self.inputs)
        if self._entered:
            self._room.map.view.wind = WindShown(self.inputs.wind_from_deg, self.inputs.wind_m_s)
            self._room.map.view.update()
        if self._work:
            self._work.progress.stop()
        self._show_edited()
        self._settle.start()

    def _show_edited(self) -> None:
        """A route by hand is shown at once; its checks follow. What is being planned cannot be edited meanwhile."""
        mission = self.inputs.edited
        self.panel.fly.setEnabled(False)
        self.route_desk.show(mission, self._ground.park, self.inputs)
        if mission is not None:
            self._show_line(mission)
            self.figures.show_value("items", str(len(mission.items)))

    def _show_line(self, mission: Mission) -> None:
        self._route.show(mission)
        self.profile.show_mission(mission)
        self._room.map.view.update()

    def show_mission(self, mission: Mission | None, inputs: PlanInputs) -> None:
        """Show a mission that was opened, or what `inputs`, those of its pattern, lay out."""
        self._step(replace(inputs, edited=mission))
        self._room.map.view.fit_soon()

    def take_look(self, mission: Mission, park: Park | None, wind: tuple[float, float]) -> None:
        """The next look, over its park and in the wind (from_deg, speed_m_s) that it was made for."""
        if park is not None:
            self.show_park(park)
        self._set_wind(*wind)
        self.route_desk.show_opened(MissionImport(mission))

    def _set_wind(self, from_deg: float, speed_m_s: float) -> None:
        self._step(replace(self.inputs, wind_from_deg=round(from_deg) % 360.0, wind_m_s=round(speed_m_s, 1)))

    def undo(self) -> None:
        self._history.undo()
        self._refresh()

    def redo(self) -> None:
        self._history.redo()
        self._refresh()

    def _plan(self) -> None:
        """Plan in the background; what an earlier change began is not waited for."""
        self._settle.stop()
        park, inputs, data_dir = self._ground.park, self.inputs, self._room.library.data_dir
        terrain = self._terrain
        if park is None:
            return
        if self._work:
            self._work.progress.stop()

        def job(progress: object) -> Made:
            making.keep_draft(data_dir, inputs)
            return making.make(park, inputs, terrain, aircraft_of(data_dir))

        self._work = self._room.background.run(
            job, title=self.tr("Planning"), done=self.show_made, failed=self._impossible
        )

    def show_made(self, made: Made) -> None:
        """Show a plan and its checks, unless the route was changed meanwhile."""
        if not made.is_of(self.inputs):
            return
        self._made = made
        self._pointer.show(None)
        self.checks.show_problems(made.problems)
        self.panel.show_sorties(len(made.sorties))
        seen = made.coverage
        self._coverage.show(CoverageShown(seen.frame, seen.cell_m, seen.x_m, seen.y_m, seen.rate_g_s))
        self.figures.show_value("seen", self.tr("{part:.0%} of the park").format(part=seen.inspected))
        self._show_sortie(max(self.panel.sortie.currentIndex(), 0))
        # A mission over an invented park is only ever flown by the simulator: there, an error is a lesson.
        wrong = any(p.severity is Severity.ERROR for p in made.problems)
        park = self._ground.park
        invented = made.plan.mission.simulated and bool(park and park.simulated)
        self.panel.fly.setEnabled(invented or not wrong)
        if self._entered and self.inputs.edited is None:
            self._room.map.view.fit_if_untouched()
        self._room.map.view.update()

    def _show_sortie(self, index: int) -> None:
        mission = self.mission
        if self._made is None or mission is None or not self._made.is_of(self.inputs):
            return
        whole = self.panel.whole_shown
        flown = self._made.sorties if whole else self._made.sorties[index : index + 1]
        self._show_line(mission)
        self.route_desk.show(mission if whole else None, self._ground.park, self.inputs)
        self.figures.show_value("length", words.length_m(sum(s.length_m for s in flown)))
        self.figures.show_value(
            "time", self.tr("{time} min").format(time=words.duration(sum(s.seconds for s in flown)))
        )
        self.figures.show_value("energy", f"{sum(s.energy_wh for s in flown):.0f} Wh")
        self.figures.show_value("items", str(len(mission.items)))

    @property
    def mission(self) -> Mission | None:
        """The sortie that is shown, or the whole route where it is not cut or just now edited."""
        if self._made is None or not self._made.is_of(self.inputs):
            return self.inputs.edited
        if self.panel.whole_shown:
            return self._made.plan.mission
        return self._made.sorties[max(self.panel.sortie.currentIndex(), 0)].mission

    def _impossible(self, text: Text, where: str) -> None:
        """The inputs cannot be planned: say so among the checks, keep the last plan on the map in view."""
        self._made = None
        self._coverage.show(None)
        self.figures.clear()
        if self.inputs.edited is None:
            self._route.show(None)
            self.profile.show_mission(None)
        self.checks.show_problems((Problem("plan", Severity.ERROR, text, where),))
        self.panel.fly.setEnabled(False)
        self._room.map.view.update()

    def _point(self, problem: Problem) -> None:
        if problem.lat_deg is not None and problem.lon_deg is not None:
            self._pointer.show((problem.lat_deg, problem.lon_deg))
            self._room.map.view.centre_on(problem.lat_deg, problem.lon_deg)

    # Files

    def open_park(self, path: Path) -> None:
        """Read a park file and plan over it."""
        self.files.open_park(path)

    def open_terrain(self, paths: list[Path]) -> None:
        """Read heights of the ground: routes follow them, checks count from them, the profile shows them."""
        self.files.open_terrain(paths)

    def _take_terrain(self, tiles: Tiles) -> None:
        self._terrain = tiles
        self.profile.show_ground(tiles)
        self._plan()

    def ask_save(self) -> None:
        if self.mission is not None:
            self.files.ask_save(self.mission)

    def save(self, path: Path) -> None:
        """Write the mission shown."""
        if self.mission is not None:
            self.files.save(self.mission, path)

    def _take(self) -> None:
        mission = self.mission
        if mission is not None and self._ground.park is not None and self.panel.fly.isEnabled():
            wind = (self.inputs.wind_from_deg, self.inputs.wind_m_s)
            self.take_to_fly.emit(mission, self._ground.park, wind)
