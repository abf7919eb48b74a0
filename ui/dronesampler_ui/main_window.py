"""The one window: a rail of four workspaces, their panels, one map, and a place for messages."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dronesampler.cli.wording import place_said
from dronesampler.desk.seen import PHOTO_ENDINGS
from dronesampler.geo.terrain import is_heights
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler.texts import Lang, Text
from dronesampler_ui import icons
from dronesampler_ui.background import Background
from dronesampler_ui.bar import Bar
from dronesampler_ui.basemaps import Basemaps
from dronesampler_ui.cases.workspace import Cases
from dronesampler_ui.diagnostics import known_names, write_diagnostics
from dronesampler_ui.fly.workspace import Fly
from dronesampler_ui.library import Library
from dronesampler_ui.parts.map.pane import MapPane
from dronesampler_ui.parts.notices import Notices
from dronesampler_ui.parts.palette import Palette
from dronesampler_ui.plan.workspace import Planning
from dronesampler_ui.review.next_look import LookPlan
from dronesampler_ui.review.workspace import Review
from dronesampler_ui.settings import Settings
from dronesampler_ui.theme import Theme, ThemeName
from dronesampler_ui.workspace import Room, Workspace

SIDE_PX, FOOT_PX, CASES_FOOT_PX = 340, 236, 330
PREFERRED = QSize(1280, 800)
SMALLEST = QSize(800, 480)  # a screen of 1080 lines at 200 %, with room for the system's bars


class MainWindow(QMainWindow):
    """Composes the workspaces and carries what they say to one another; they do not know each other."""

    theme_chosen = Signal(object)
    lang_chosen = Signal(object)

    def __init__(self, *, data_dir: Path, settings: Settings, look: Theme, lang: Lang) -> None:
        super().__init__()
        self.setWindowTitle("dronesampler")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self._settings = settings
        self.lang = lang
        self.background = Background(self)
        self.library = Library(data_dir)
        self.map = MapPane(look)
        self.notices = Notices()
        self.bar = Bar(look, lang=lang, scale=settings.scale)
        room = Room(
            map=self.map,
            background=self.background,
            library=self.library,
            theme=look,
            lang=lang,
            say=self.notices.say,
            unsay=self.notices.unsay,
        )
        self.basemaps = Basemaps(room, settings)
        self.planning, self.fly, self.review, self.cases = Planning(room), Fly(room), Review(room), Cases(room)
        every: tuple[Workspace, ...] = (self.planning, self.fly, self.review, self.cases)
        self.workspaces: dict[str, Workspace] = {workspace.key: workspace for workspace in every}
        self.current: Workspace | None = None
        self._lay_out(look)
        self.palette_ = Palette(self._centre)
        self._connect()
        self._make_actions()
        self.basemaps.restore()
        self.resize(PREFERRED.boundedTo(self.screen().availableSize()))
        self._restore()

    # Layout

    def _lay_out(self, look: Theme) -> None:
        self._side, self._foot = QStackedWidget(), QStackedWidget()
        self._foot_px = {key: CASES_FOOT_PX if key == "cases" else FOOT_PX for key in self.workspaces}
        self._rail_buttons: dict[str, QToolButton] = {}
        for key, workspace in self.workspaces.items():
            self._side.addWidget(workspace.side)
            if workspace.foot:
                self._foot.addWidget(workspace.foot)
            self._rail_buttons[key] = self._rail_button(key, look)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        # Seen from every workspace: an alarm does not wait until somebody looks at Fly.
        column.addWidget(self.fly.alarms.banner)
        column.addWidget(self.map, 1)
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._right.addWidget(above)
        self._right.addWidget(self._foot)
        self._right.setSizes([600, FOOT_PX])
        self._right.setStretchFactor(0, 1)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.addWidget(self._side)
        self._across.addWidget(self._right)
        self._across.setSizes([SIDE_PX, 900])
        self._across.setStretchFactor(1, 1)
        for splitter in (self._right, self._across):
            splitter.setChildrenCollapsible(False)
        self._side.setMinimumWidth(280)
        right = QWidget()
        right.setObjectName("panel")
        outer = QVBoxLayout(right)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.bar)
        outer.addWidget(self._across, 1)
        centre = QWidget()
        centre.setObjectName("panel")
        whole = QHBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._rail())
        whole.addWidget(right, 1)
        self._centre = centre
        self.setCentralWidget(centre)

    def _rail(self) -> QWidget:
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setFixedWidth(84)
        column = QVBoxLayout(rail)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(6)
        group = QButtonGroup(self)
        for button in self._rail_buttons.values():
            group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        return rail

    def names(self) -> dict[str, str]:
        """The workspaces in the officer's words."""
        return {
            "plan": self.tr("Plan"),
            "fly": self.tr("Fly"),
            "review": self.tr("Review"),
            "cases": self.tr("Cases"),
        }

    def _rail_button(self, key: str, look: Theme) -> QToolButton:
        button = QToolButton()
        button.setObjectName("rail")
        button.setText(self.names()[key])
        button.setAccessibleName(self.names()[key])
        button.setCheckable(True)
        button.setIcon(icons.icon(key, look))
        button.setIconSize(QSize(24, 24))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedSize(68, 62)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.enter(key))
        return button

    def _connect(self) -> None:
        self.background.slow.connect(self.bar.show_slow)
        self.background.over.connect(self.bar.show_over)
        self.background.refused.connect(self._refused)
        self.bar.search.connect(self.search)
        self.bar.theme_chosen.connect(self.theme_chosen)
        self.bar.lang_chosen.connect(self.lang_chosen)
        self.bar.scale_chosen.connect(self._keep_scale)
        self.map.view.simulated_changed.connect(self.bar.simulated.setVisible)
        self.planning.park_shown.connect(self.fly.show_park)
        self.planning.park_shown.connect(self.cases.show_park)
        self.planning.take_to_fly.connect(self._take_to_fly)
        self.fly.link_said.connect(self.bar.show_link)
        self.cases.show_patrol.connect(self._show_patrol)
        self.review.seal_wanted.connect(self._seal)
        self.review.look_planned.connect(self._take_look)
        self.fly.patrol_ended.connect(self._patrol_ended)

    def _make_actions(self) -> None:
        self._own_actions: list[QAction] = []
        for i, (key, name) in enumerate(((k, n) for k, n in self.names().items() if k in self.workspaces), start=1):
            words = self.tr("Go to {workspace}").format(workspace=name)
            self._own_action(words, partial(self.enter, key), f"Ctrl+{i}")
        self._own_action(self.tr("Search actions"), self.search, "Ctrl+K")
        self._own_action(self.tr("Map: show everything"), self.map.view.fit, "Ctrl+0")
        self._own_action(self.tr("Map: measure distances"), self.map.ruler.toggle, "Ctrl+M")
        self._own_action(self.tr("Map: go to the map"), self.map.view.setFocus, "Ctrl+G")
        self._own_action(self.tr("Look: light"), lambda: self.theme_chosen.emit(ThemeName.LIGHT), "")
        self._own_action(self.tr("Look: dark"), lambda: self.theme_chosen.emit(ThemeName.DARK), "")
        self._own_action(self.tr("Look: sunlight"), lambda: self.theme_chosen.emit(ThemeName.SUNLIGHT), "Ctrl+L")
        self._own_action(self.tr("Dismiss all messages"), self.notices.clear, "Ctrl+D")
        self._own_action(self.tr("Alarms seen"), self.fly.acknowledge, "Ctrl+Shift+A")
        self._own_action(self.tr("Help: write a diagnostics bundle"), self._diagnose, "")
        for action in self.basemaps.actions():
            self.addAction(action)
            self._own_actions.append(action)
        self._own_action(self.tr("Quit"), self.close, QKeySequence.StandardKey.Quit)
        for workspace in self.workspaces.values():
            for action in workspace.actions():
                self.addAction(action)

    def _own_action(self, words: str, do: Callable[[], object], keys: str | QKeySequence.StandardKey) -> None:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(do)
        self.addAction(action)
        self._own_actions.append(action)

    # What happens

    def enter(self, key: str) -> None:
        """Go to a workspace."""
        workspace = self.workspaces[key]
        if workspace is not self.current:
            if self.current:
                self._foot_px[self.current.key] = self._foot.height()
                self.current.leave()
            self.current = workspace
            self._fit_foot(key)
            for other in self.workspaces.values():
                for action in other.actions():
                    action.setEnabled(other is workspace)
        self._rail_buttons[key].setChecked(True)
        self._side.setCurrentWidget(workspace.side)
        self._foot.setVisible(workspace.foot is not None)
        if workspace.foot:
            self._foot.setCurrentWidget(workspace.foot)
        self.bar.title.setText(self.names()[key])
        self._settings.workspace = key
        workspace.enter()
        self.map.view.setFocus()

    def _fit_foot(self, key: str) -> None:
        """As high as it was when this workspace was left."""
        self._right.setSizes([max(self._right.height() - self._foot_px[key], 1), self._foot_px[key]])

    def search(self) -> None:
        """Open the command palette."""
        own = self.current.actions() if self.current else []
        self.palette_.open_with([*own, *self._own_actions])

    def set_theme(self, look: Theme) -> None:
        self.map.set_theme(look)
        self.bar.set_theme(look)
        for key, button in self._rail_buttons.items():
            button.setIcon(icons.icon(key, look))
        for workspace in self.workspaces.values():
            workspace.set_theme(look)

    def _refused(self, text: Text, where: str) -> None:
        words = text.said(self.lang)
        place = place_said(where, self.lang)
        self.notices.say(f"{place}: {words}" if place else words, Severity.ERROR)

    def _keep_scale(self, scale: float) -> None:
        self._settings.scale = scale
        self.notices.say(self.tr("The new size is used at the next start."))

    def _take_to_fly(self, mission: Mission, park: Park, wind: tuple[float, float]) -> None:
        self.fly.take_mission(mission, park, wind)
        self.enter("fly")

    def _take_look(self, plan: LookPlan) -> None:
        self.enter("plan")
        self.planning.take_look(plan.mission, plan.park, plan.wind)

    def _diagnose(self) -> None:
        data_dir, library = self.library.data_dir, self.library
        self.background.run(
            lambda progress: write_diagnostics(data_dir, known_names(data_dir, library.store_if_sound())),
            title=self.tr("Writing the diagnostics bundle"),
            done=lambda file: self.notices.say(self.tr("Written without names or places: {file}").format(file=file)),
        )

    def tell_interrupted(self) -> None:
        """The last window did not close by itself."""
        words = self.tr("The last window ended unexpectedly. Everything recorded is on file; the log has the details.")
        self.notices.say(words, Severity.WARNING)

    def _patrol_ended(self) -> None:
        words = self.tr("The patrol is on file: see it in Review (Ctrl+3)")
        self.notices.say(words)

    def _seal(self, patrol_id: int) -> None:
        self.enter("cases")
        self.cases.seal(patrol_id)

    def _show_patrol(self, patrol_id: int) -> None:
        self.enter("review")
        self.review.open(patrol_id)

    # Remembering

    def _restore(self) -> None:
        state = self._settings.layout("window")
        if state is not None:
            self.restoreGeometry(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            # When everything has its size: before that the splitters would be scaled to a guess.
            QTimer.singleShot(0, self, self._restore_splitters)

    def _restore_splitters(self) -> None:
        for name, splitter in (("across", self._across), ("right", self._right)):
            state = self._settings.layout(name)
            if state is not None:
                splitter.restoreState(state)
        if self.current and self._foot.height() < self._foot_px[self.current.key]:
            self._fit_foot(self.current.key)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.keep_layout("window", self.saveGeometry())
        self._settings.keep_layout("across", self._across.saveState())
        self._settings.keep_layout("right", self._right.saveState())
        for workspace in self.workspaces.values():
            workspace.close()
        self.background.close()
        self.map.close_basemap()
        self.library.close()
        super().closeEvent(event)

    # Files dropped on the window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            self.dropped(Path(url.toLocalFile()))

    def dropped(self, path: Path) -> None:
        """A file was dropped on the window: packets are verified, parks planned over, missions and base maps shown."""
        match path.suffix.lower():
            case ".zip":
                self.enter("cases")
                self.cases.check(path)
            case ending if ending in PHOTO_ENDINGS and self.fly.live.attached:
                self.fly.take_file(path)
            case ".toml":
                self.planning.files.open_aircraft(path)
            case ".hgt":
                self.planning.open_terrain([path])
            case ".tif" | ".tiff" if is_heights(path):
                self.planning.open_terrain([path])
            case ".mbtiles" | ".pmtiles" | ".tif" | ".tiff":
                self.basemaps.show(path)
            case _ if path.is_dir():
                self.basemaps.show(path)
            case ".geojson" | ".json" | ".kml" | ".kmz":
                self.enter("plan")
                self.planning.files.open_either(path)
            case ".shp" | ".xlsx":
                self.enter("plan")
                self.planning.open_park(path)
            case ".plan" | ".waypoints" | ".gpx" | ".txt" | ".csv":
                self.enter("plan")
                self.planning.route_desk.open_mission(path)
            case _:
                words = self.tr("Nothing can be done with {file} here.").format(file=path.name)
                self.notices.say(words, Severity.WARNING)
