"""The Fly workspace: attached to the session, shows what it tells thirty times a second, sends what is asked."""

import itertools
import secrets
from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from dronesampler.commands import (
    Arm,
    Continue,
    Finish,
    GoTo,
    Intent,
    Land,
    LookAt,
    MarkSighting,
    Pause,
    ReturnHome,
    Start,
    StopMotors,
    Upload,
)
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler.session.client import SessionClient, Told
from dronesampler_ui.feed import Feed
from dronesampler_ui.fly.buttons import FlightButtons, may_now
from dronesampler_ui.fly.live import Live, LiveLog
from dronesampler_ui.fly.map_view import Columns, LiveMap
from dronesampler_ui.fly.panel import FlyPanel
from dronesampler_ui.fly.said import Said
from dronesampler_ui.fly.starting import Simulated, Started, start_session, start_simulator
from dronesampler_ui.parts import words
from dronesampler_ui.parts.chart import StripChart, Trace
from dronesampler_ui.theme import Theme
from dronesampler_ui.workspace import Room

PLAIN: dict[str, type[Intent]] = {
    "Arm": Arm,
    "Start": Start,
    "Pause": Pause,
    "Continue": Continue,
    "ReturnHome": ReturnHome,
    "Land": Land,
    "StopMotors": StopMotors,
    "Finish": Finish,
}
EXPIRES_S = 5.0
LAST_S = 300.0  # of the chart
REDRAW_BEATS = 6  # readings and track are laid out anew five times a second


class Fly(QObject):
    """Folds the feed into a Live and hands it to the views."""

    link_said = Signal(str, str)
    patrol_ended = Signal()

    key = "fly"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._said = Said(self)
        self.log = LiveLog()
        self.feed = Feed(self)
        self._started: Started | None = None
        self._mission: Mission | None = None
        self._park: Park | None = None
        self._wind = Simulated().wind
        self._entered = False
        self._beats = self._version = 0
        self._ids = itertools.count(secrets.randbits(40) << 8)
        self.map = LiveMap(room.map, room.lang)
        self.panel = FlyPanel(room, self._said)
        self.side: QWidget = self.panel
        self.buttons = FlightButtons(room.theme)
        self.chart = StripChart(room.theme)
        self.chart.empty_words = self.tr("Readings appear here while flying")
        self.foot: QWidget | None = self._build_foot()
        self._connect()
        self._actions = self._build_actions()
        self.panel.show_plan(self.tr("No plan taken yet: make one in Plan and take it to Fly."))
        self._show()

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("foot")
        box = QVBoxLayout(foot)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.buttons)
        box.addWidget(self.chart, 1)
        return foot

    def _connect(self) -> None:
        self.feed.told.connect(self._told)
        self.feed.lost.connect(self._lost)
        self.buttons.asked.connect(self.ask)
        self.panel.motors.asked.connect(self.ask)
        self.panel.simulator.connect(self.fly_simulator)
        self.panel.connect_to.connect(self.connect_to)
        self.panel.let_go.connect(lambda: self.ask("Finish"))
        view = self._room.map.view
        view.asked_menu.connect(self._menu)

    def _build_actions(self) -> list[QAction]:
        return [
            self._action(self.tr("Fly: pause now"), lambda: self._press("Pause"), "P"),
            self._action(self.tr("Fly: mark a sighting"), lambda: self._press("MarkSighting"), "K"),
            self._action(self.tr("Fly: follow the vehicle"), self._follow, "Ctrl+F"),
            self._action(self.tr("Fly: fly the simulator"), self.fly_simulator, "Ctrl+Shift+F"),
        ]

    def _action(self, name: str, do: Callable[[], object], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(do)
        return action

    # The room's protocol

    @property
    def live(self) -> Live:
        return self.log.state

    def actions(self) -> list[QAction]:
        return self._actions

    def set_theme(self, theme: Theme) -> None:
        self.panel.set_theme(theme)
        self.buttons.set_theme(theme)
        self.chart.set_theme(theme)

    def enter(self) -> None:
        self._entered = True
        self.map.take()
        self._show()
        self._show_columns()
        if not self.feed.attached:
            self.attach()

    def leave(self) -> None:
        self._entered = False

    def close(self) -> None:
        """The session is a process of its own and flies on; the simulator that we started ends with us."""
        self.feed.detach()
        if self._started:
            self._started.close()

    # Starting and attaching

    def take_mission(self, mission: Mission, park: Park, wind: tuple[float, float]) -> None:
        """The plan that is to be flown, and the wind it was made for (from_deg, speed_m_s)."""
        self._mission, self._park, self._wind = mission, park, wind
        self.map.show_park(park)
        self.map.planned = mission
        self.map.show_mission(mission)
        self.panel.show_plan(self.tr("Plan: {name}, {n} items").format(name=mission.name, n=len(mission.items)))
        if self._entered:
            self.map.take()

    def show_park(self, park: Park) -> None:
        """The park to show while nothing else is known."""
        if self._park is None:
            self.map.show_park(park)
            if self._entered:
                self.map.take()

    def attach(self) -> None:
        """Attach to a session that is already running, if there is one."""
        data_dir = self._room.library.data_dir
        self._room.background.run(
            lambda progress: SessionClient(data_dir),
            title=self.tr("Looking for a running session"),
            done=self._attached,
            failed=lambda text, where: None,  # none is running: that is the usual case
        )

    def fly_simulator(self) -> None:
        """Start simulator and session, then attach."""
        library, lang, park = self._room.library, self._room.lang, self._park
        simulated = Simulated(factor=self.panel.factor(), wind=self._wind)
        self._start(
            lambda progress: start_simulator(library, simulated, lang=lang, park=park),
            self.tr("Starting the simulator"),
        )

    def connect_to(self, link: str) -> None:
        """Start a session on that link."""
        library, lang, park = self._room.library, self._room.lang, self._park
        self._start(
            lambda progress: start_session(library, link, lang=lang, park=park), self.tr("Starting the session")
        )

    def _start(self, job: Callable[[object], Started], title: str) -> None:
        if self.feed.attached:
            return
        self.panel.show_starting(True)
        self._room.background.run(job, title=title, done=self._ready, failed=self._not_started)

    def _ready(self, started: Started) -> None:
        self.panel.show_starting(False)
        self._started = started
        self._attached(started.client)

    def _not_started(self, text: object, where: str) -> None:
        self.panel.show_starting(False)
        self._room.background.refused.emit(text, where)

    def _attached(self, client: SessionClient) -> None:
        self.log = LiveLog()
        self._version = 0
        self.map.marks.clear()
        self.feed.attach(client)

    # The beat

    def _told(self, told: list[Told]) -> None:
        happened = self.log.take(told)
        for event in happened:
            said = self._said.happened(event)
            if said:
                self._room.say(*said)
        self._beats += 1
        if self._entered:
            columns = self._columns() if self._beats % REDRAW_BEATS == 0 else Columns()
            self.map.show_live(self.live, columns)
            if columns.readings is not None:
                self._show_chart(columns)
        self._show()
        if self.live.goodbye is not None:
            self._ended()

    def _columns(self) -> Columns:
        grown = self.log.readings_version != self._version
        self._version = self.log.readings_version
        return Columns(self.log.readings() if grown else None, self.log.track())

    def _show_columns(self) -> None:
        columns = Columns(self.log.readings(), self.log.track())
        if self.live.hello is not None:
            self.map.show_live(self.live, columns)
        if columns.readings is not None:
            self._show_chart(columns)

    def _show_chart(self, columns: Columns) -> None:
        readings = columns.readings
        if readings is None:
            return
        name = readings.quantity or self.tr("Reading")
        trace = Trace(name, readings.time_s, readings.value_mg_m3, "accent", filled=True)
        self.chart.show_traces([trace], whole=False)
        end = float(readings.time_s[-1])
        self.chart.show_range(end - LAST_S, end + LAST_S * 0.02)

    def _show(self) -> None:
        live = self.live
        self.panel.show_live(live)
        has_plan = self._mission is not None or live.mission is not None
        linked = live.attached and live.snapshot is not None and not live.snapshot.lost
        self.buttons.show_may(may_now(live.vehicle, linked=linked, has_plan=has_plan))
        self.link_said.emit(*self._said.link(live))

    def _lost(self) -> None:
        self.log.end("lost")
        self._show()
        self._room.say(self.tr("The session does not answer any more. What it recorded is safe."), Severity.WARNING)
        self._ended()

    def _ended(self) -> None:
        self.feed.detach()
        self._show()
        started, self._started = self._started, None
        if started is not None:
            self._room.background.run(
                lambda progress: started.close(session_over=True),
                title=self.tr("Closing the session"),
                done=lambda _: None,
            )
        self.patrol_ended.emit()

    # What the officer asks

    def _press(self, name: str) -> None:
        button = self.buttons.pause if name == "Pause" else self.buttons.mark
        if button.isEnabled():
            self.ask(name)

    def ask(self, name: str) -> None:
        """Send an intent by name."""
        if name == "Upload":
            self._send(lambda i, s: Upload(i, s, mission=self._mission or self.live.mission))
        elif name == "MarkSighting":
            self.mark_sighting()
        else:
            self._send(PLAIN[name])

    def mark_sighting(self, note: str = "") -> None:
        """Keep this moment, place and heading."""
        position = self.live.vehicle.position
        heading = position.heading_deg if position else None
        self._send(lambda i, s: MarkSighting(i, s, note=note, bearing_deg=heading))
        if position and self.live.snapshot:
            self.map.marks.add(position.lat_deg, position.lon_deg, words.clock_time(self.live.snapshot.unix_s))
            self._room.say(self.tr("Sighting kept in the journal"), Severity.NOTE)

    def _send(self, make: Callable[[int, float], Intent]) -> None:
        snapshot, hello = self.live.snapshot, self.live.hello
        if snapshot is None or hello is None:
            return
        self.feed.ask(make(next(self._ids), snapshot.monotonic_s + EXPIRES_S * max(hello.clock_factor, 1.0)))

    def _menu(self, lat_deg: float, lon_deg: float, at: QPointF) -> None:
        """The map was clicked with the right button (or the menu key)."""
        if not (self._entered and self.live.attached and self.live.vehicle.in_air):
            return
        view = self._room.map.view
        menu = QMenu(view)
        height = self.live.vehicle.height_home_m or 20.0
        menu.addAction(
            self.tr("Look here"), lambda: self._send(lambda i, s: LookAt(i, s, lat_deg=lat_deg, lon_deg=lon_deg))
        )
        go = GoTo
        menu.addAction(
            self.tr("Fly here at {h:.0f} m").format(h=height),
            lambda: self._send(lambda i, s: go(i, s, lat_deg=lat_deg, lon_deg=lon_deg, height_home_m=height)),
        )
        self.map.pointer.show((lat_deg, lon_deg))
        menu.popup(view.mapToGlobal(at.toPoint()))

    def _follow(self) -> None:
        self.map.follow = not self.map.follow
        self._room.say(
            self.tr("The map follows the vehicle") if self.map.follow else self.tr("The map stays"), Severity.NOTE
        )
