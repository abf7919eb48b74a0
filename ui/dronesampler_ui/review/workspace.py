"""The Review workspace: patrols on file, one on the map, its readings over time, its suspected places."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

from dronesampler_ui.background import Work
from dronesampler_ui.parts import ramp, words
from dronesampler_ui.parts.boxes import column, label, row, scrolled
from dronesampler_ui.parts.exporting import Exporting
from dronesampler_ui.parts.map.picture import map_sheet
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.review.comparing import Comparing
from dronesampler_ui.review.flags import FlagPanel
from dronesampler_ui.review.foot import Foot
from dronesampler_ui.review.looking import Looking
from dronesampler_ui.review.map_layers import MapLayers
from dronesampler_ui.review.next_look import LookPlan, NextLook
from dronesampler_ui.review.patrol_list import PatrolList
from dronesampler_ui.review.sections import Sections
from dronesampler_ui.review.study import Opened, Study, open_patrol, study
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import Decision, Flag, PatrolLine, PatrolShown, Verdict
from dronesampler_ui.workspace import Room

CLOSE_M_PX = 0.35


class Review(QObject):
    """Composes the parts; everything that takes time goes through the room's background."""

    shown = Signal(object)  # PatrolShown
    decided = Signal()
    seal_wanted = Signal(int)
    look_planned = Signal(object)  # LookPlan

    key = "review"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.opened: Opened | None = None
        self.study: Study | None = None
        self._studying: Work | None = None
        self._judging: Work | None = None
        self._entered = False
        self.layers = MapLayers()
        self.patrols = PatrolList()
        self.flags = FlagPanel(room.lang.value)
        self.below = Foot(room.theme)
        self.foot: QWidget | None = self.below
        self.export = QPushButton(self.tr("Export…"))
        self.compare = QPushButton(self.tr("Compare…"))
        self.compare.setToolTip(self.tr("Two patrols of one park side by side, before and after"))
        self.seal = QPushButton(self.tr("Seal it"))
        self.seal.setToolTip(self.tr("Build an evidence packet of this patrol"))
        self.judge = QPushButton(self.tr("Find sources"))
        self.judge.setObjectName("primary")
        self.judge.setToolTip(self.tr("Look for what no permitted outlet explains"))
        self.judge.hide()
        self.look = NextLook(room, lambda: self.patrol)
        self.side = self._build_side()
        self.exporting = Exporting(self.side, room.say)
        self.export.setMenu(self.exporting.menu(self.views()))
        self.looking = Looking(room, self.below.photos)
        self.sections = Sections(room, self.below)
        self.comparing = Comparing(room, self.side)
        room.map.view.set_hidden("isolines", True)
        self._connect()
        self._actions = self._build_actions()

    def _build_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("side")
        box = column(side)
        box.addWidget(label(self.tr("Patrols"), "title"))
        box.addWidget(self.patrols, 1)
        box.addWidget(scrolled(self.flags), 4)
        box.addWidget(self.judge)
        box.addWidget(self.look.button)
        box.addLayout(row(self.export, self.compare, self.seal))
        return side

    def _connect(self) -> None:
        self.patrols.chosen.connect(self.open)
        self.flags.chosen.connect(self._show_flag)
        self.flags.card.decided.connect(self._decide)
        self.below.scrubber.moved.connect(self._show_moment)
        self.below.strips.picked.connect(self._pick)
        self.below.curtain.picked.connect(self._pick)
        self.below.photos.chosen.connect(lambda picture: self._pick(picture.unix_s, picture.place))
        self.judge.clicked.connect(self.find_sources)
        self.look.planned.connect(self._look_planned)
        self._room.background.over.connect(self._ended)
        self.seal.clicked.connect(self._seal)
        self.compare.clicked.connect(self.ask_compare)
        self._room.map.legend.scale_changed.connect(self._rescale)
        self._room.map.view.clicked_px.connect(self._click)

    def _build_actions(self) -> list[QAction]:
        foot, strips = self.below, self.below.strips
        done = [
            (self.tr("Review: read the list of patrols again"), self.refresh, "F5"),
            (self.tr("Review: play or pause the replay"), foot.scrubber.play.toggle, "Ctrl+Space"),
            (self.tr("Review: next suspected place"), self.flags.next, "Ctrl+J"),
            (self.tr("Review: accept the suspected place"), self.flags.card.accept.click, "Ctrl+Y"),
            (self.tr("Review: dismiss the suspected place"), self.flags.card.dismiss.click, "Ctrl+Shift+Y"),
            (self.tr("Review: charts or curtain"), foot.switch, "Ctrl+H"),
            (self.tr("Review: show or hide the lag taken back"), lambda: strips.toggle("corrected"), "Ctrl+Shift+L"),
            (self.tr("Review: show or hide the fit by source"), lambda: strips.toggle("fit"), "Ctrl+Shift+F"),
            (self.tr("Review: show or hide what is not explained"), lambda: strips.toggle("residual"), "Ctrl+Shift+R"),
            (self.tr("Review: show or hide isolines"), self._toggle_isolines, "Ctrl+Shift+I"),
            (self.tr("Review: next photograph or sighting"), self.looking.next, "Ctrl+I"),
            (self.tr("Review: compare two patrols"), self.ask_compare, "Ctrl+T"),
            (self.tr("Review: export the map"), lambda: self._ask_file("map"), "Ctrl+E"),
            (self.tr("Review: export the chart or curtain"), lambda: self._ask_file("chart"), "Ctrl+Shift+E"),
            (self.tr("Review: print the map"), lambda: self._ask_printer("map"), "Ctrl+P"),
            (self.tr("Review: print the chart or curtain"), lambda: self._ask_printer("chart"), "Ctrl+Shift+P"),
            (self.tr("Review: find sources"), self.find_sources, "Ctrl+R"),
            (self.tr("Review: plan the next look and take it to Plan"), self.look.ask, "Ctrl+Return"),
            (self.tr("Review: seal this patrol into a packet"), self._seal, "Ctrl+B"),
        ]
        return [self._action(name, do, keys) for name, do, keys in done]

    def _action(self, name: str, do: Callable[[], object], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(lambda: do())
        return action

    def actions(self) -> list[QAction]:
        return self._actions

    @property
    def patrol(self) -> PatrolShown | None:
        return self.opened.shown if self.opened else None

    def views(self) -> dict[str, tuple[str, Callable[[], Sheet]]]:
        """What can be exported, by key: its name and how it looks now."""
        return {
            "map": (self.tr("Map"), lambda: map_sheet(self._room.map.view, self._room.map.legend)),
            "chart": (self.tr("Chart or curtain"), self.below.sheet),
        }

    def set_theme(self, theme: Theme) -> None:
        self.below.set_theme(theme)
        self.comparing.set_theme(theme)

    def enter(self) -> None:
        self._entered = True
        self._take_map()
        self.refresh()

    def leave(self) -> None:
        self._entered = False
        self.below.scrubber.stop()
        self.looking.hide()

    def close(self) -> None:
        self.below.scrubber.stop()
        self.comparing.close()

    # Reading

    def refresh(self) -> None:
        """Read the list of patrols again."""
        library = self._room.library
        self._room.background.run(
            lambda progress: library.patrols(), title=self.tr("Reading the list of patrols"), done=self._list
        )

    def open(self, patrol_id: int) -> None:
        """Show a patrol."""
        library, lang = self._room.library, self._room.lang.value
        self._room.background.run(
            lambda progress: open_patrol(library, patrol_id, lang),
            title=self.tr("Opening the patrol"),
            done=self.show_patrol,
        )

    def find_sources(self) -> None:
        """Look for what no permitted outlet explains, and keep the finding."""
        patrol = self.patrol
        if patrol is None or patrol.readings is None:
            return
        library, patrol_id = self._room.library, patrol.line.id
        self.judge.setEnabled(False)
        self._judging = self._room.background.run(
            lambda progress: library.judge(patrol_id, progress.at),
            title=self.tr("Looking for sources"),
            done=self.open,
        )

    def _ended(self, work: Work) -> None:
        """Done, failed or cancelled: it may be asked for again."""
        if work is self._judging:
            self.judge.setEnabled(True)

    def _list(self, patrols: tuple[PatrolLine, ...]) -> None:
        self.patrols.show_patrols(patrols)
        self.comparing.show_patrols(patrols)
        if self.opened is None and patrols and self.patrols.current() is None:
            self.patrols.choose(patrols[0].id)

    # Showing

    def show_patrol(self, opened: Opened) -> None:
        """Put a patrol on the map and into the chart; the rest is worked out behind it."""
        self.opened, self.study = opened, None
        self.layers.show_patrol(opened, self._room.lang)
        self.sections.show_patrol(opened.shown)
        self.flags.show_patrol(opened.shown)
        self.judge.setVisible(opened.shown.finding_id is None and opened.shown.readings is not None)
        self.look.show_patrol(opened.shown)
        self.below.show_patrol(opened)
        if opened.shown.readings is None:
            self.below.strips.chart.empty_words = self.tr("This patrol has no readings")
        self.looking.show_pictures(opened.pictures)
        if self._entered:
            self._take_map()
        self._study(opened)
        self.shown.emit(opened.shown)

    def _study(self, opened: Opened) -> None:
        if self._studying is not None:
            self._studying.progress.stop()
        self._studying = self._room.background.run(
            lambda progress: study(opened, progress.at),
            title=self.tr("Working out the charts"),
            done=lambda found: self._studied(opened, found),
        )

    def _studied(self, opened: Opened, found: Study | None) -> None:
        if found is None or opened is not self.opened:
            return
        self.study = found
        self.layers.show_study(found)
        self.below.show_study(found)
        self._show_flag(self.flags.flag, move=False)
        self._room.map.view.update()

    def _take_map(self) -> None:
        pane, opened = self._room.map, self.opened
        if opened and opened.frame:
            pane.view.set_frame(opened.frame)
        pane.show_layers(self.layers.every())
        patrol = self.patrol
        pane.legend.show_scale(
            self.layers.readings.scale, patrol.readings.quantity if patrol and patrol.readings else ""
        )
        pane.view.set_simulated(bool(patrol and patrol.line.simulated))
        pane.view.wind = self.layers.wind_at(None)
        pane.view.fit_soon()

    # What the officer does

    def _show_moment(self, time_s: float) -> None:
        span = self.below.scrubber.bar.span
        self.layers.show_moment(time_s, span.end_s if span else 0.0)
        self.below.show_moment(time_s)
        if self._entered:
            self._room.map.view.wind = self.layers.wind_at(time_s)
            self._room.map.view.update()

    def _pick(self, time_s: float | None, place: tuple[float, float] | None = None) -> None:
        """A moment was clicked: show the reading nearest to it, or the place of a picture."""
        if time_s is None:
            return
        patrol = self.patrol
        readings = patrol.readings if patrol else None
        row_ = self.layers.nearest_row(time_s)
        if readings is not None and row_ is not None:
            time_s = float(readings.time_s[row_])
            said = f"{readings.value_mg_m3[row_]:.2f} mg/m³  {words.clock_time(time_s)}"
            self.layers.point_at(place or (float(readings.lat_deg[row_]), float(readings.lon_deg[row_])), said)
        self.below.scrubber.show_moment(time_s)

    def _rescale(self, scale: ramp.Scale) -> None:
        if self._entered:
            self.layers.readings.scale = self.layers.isolines.scale = scale
            self.below.recolour(scale)
            self._room.map.view.update()

    def _click(self, px: QPointF) -> None:
        if not self._entered:
            return
        camera = self._room.map.view.camera
        flag = self.layers.flags.at_px(camera, px)
        picture = self.layers.picture_at(camera, px)
        if flag:
            self.flags.list.setCurrentRow(flag.number - 1)
        elif picture:
            self.looking.show(picture)

    def _show_flag(self, flag: Flag | None, *, move: bool = True) -> None:
        """The chosen place in the middle, with the lines that speak for it on the map and in the chart."""
        spans = self.study.lines.get(f"S{flag.number}", ()) if flag and self.study else ()
        self.layers.show_flag(flag, spans)
        self.below.strips.chart.show_spans(spans)
        if flag and move:
            self._room.map.view.centre_on(flag.lat_deg, flag.lon_deg, m_px=CLOSE_M_PX)
        self._room.map.view.update()

    def _decide(self, number: int, verdict: str, reason: str) -> None:
        patrol = self.patrol
        if patrol is None or patrol.finding_id is None:
            return
        flag = patrol.flags[number - 1]
        decision = Decision(
            finding_id=patrol.finding_id,
            number=number,
            verdict=Verdict(verdict),
            reason=reason,
            lat_deg=flag.lat_deg,
            lon_deg=flag.lon_deg,
        )
        library = self._room.library
        self._room.background.run(
            lambda progress: library.decide(patrol.line.id, decision),
            title=self.tr("Keeping the decision"),
            done=self._kept,
        )

    def _toggle_isolines(self) -> None:
        self._room.map.toggle("isolines")

    def _kept(self, decisions: tuple[Decision, ...]) -> None:
        if self.opened is not None:
            self.opened = replace(self.opened, shown=replace(self.opened.shown, decisions=decisions))
            self.flags.show_decisions(self.opened.shown)
            self.decided.emit()

    def _seal(self) -> None:
        if self.patrol is not None:
            self.seal_wanted.emit(self.patrol.line.id)

    def _look_planned(self, plan: LookPlan) -> None:
        """Shown here too, for who comes back, and handed on."""
        self.layers.look.show(plan.mission, self.tr("Next look"))
        self.look_planned.emit(plan)

    def ask_compare(self) -> None:
        """Open the window with two patrols side by side."""
        self.comparing.open(self.patrol.line.id if self.patrol else None)

    def _ask_file(self, key: str) -> None:
        self.exporting.ask_file(key, self.views()[key][1])

    def _ask_printer(self, key: str) -> None:
        self.exporting.ask_printer(self.views()[key][1])
