"""The Fly workspace: attached to the session, shows what it tells thirty times a second, sends what is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dronesampler.events import (
    CommandProgressed,
    Event,
    InstrumentChecked,
    LinkBack,
    LinkLost,
    RecorderFailed,
    RecorderRecovered,
    Stage,
)
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler.session.client import SessionClient, Told
from dronesampler_ui.feed import Feed
from dronesampler_ui.fly.alarms import Alarms
from dronesampler_ui.fly.asking import Asking
from dronesampler_ui.fly.buttons import may_now
from dronesampler_ui.fly.check_card import CheckCard, Wanted
from dronesampler_ui.fly.foot import FlyFoot
from dronesampler_ui.fly.keys import FlyKeys
from dronesampler_ui.fly.live import Live, LiveLog
from dronesampler_ui.fly.map_menu import MapMenu
from dronesampler_ui.fly.map_view import Columns, LiveMap
from dronesampler_ui.fly.panel import FlyPanel
from dronesampler_ui.fly.said import Said
from dronesampler_ui.fly.sightings import Sightings
from dronesampler_ui.fly.starting import Simulated, Started, start_session, start_simulator
from dronesampler_ui.fly.suspects_card import SuspectsCard
from dronesampler_ui.theme import Theme
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:
    from dronesampler.session.readiness import Briefing

REDRAW_BEATS = 6  # readings and track are laid out anew five times a second
INTERRUPTED = "interrupted"  # the goodbye of a session that met an error of this program
ENDS: dict[type[Event], type[Event]] = {LinkBack: LinkLost, RecorderRecovered: RecorderFailed}
UNDONE = (Stage.REFUSED, Stage.EXPIRED, Stage.UNANSWERED)


class Fly(QObject):
    """Folds the feed into a Live and hands it to the views."""

    link_said = Signal(str, str)
    patrol_ended = Signal()

    key = "fly"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._said = Said(room.lang, self)
        self.log = LiveLog()
        self.feed = Feed(self)
        self._started: Started | None = None
        self._mission: Mission | None = None
        self._park: Park | None = None
        self._wind = Simulated().wind
        self._entered = False
        self._beats = self._version = 0
        self._standing: dict[type[Event], str] = {}  # what was said last of each kind of event
        self._look_upload: int | None = None  # the intent that stores a proposed look
        self.asking = Asking(self.feed, lambda: self.live)
        self.map = LiveMap(room.map, room.lang)
        self.map_menu = MapMenu(room.map.view, self.asking, lambda: self.live)
        self.alarms = Alarms(room, self.asking)
        self.suspects = SuspectsCard(room)
        self.sightings = Sightings(room, self.asking, lambda: self.live, marks=self.map.marks)
        self.check = CheckCard(room.lang)
        self.panel = FlyPanel(room, self._said, (self.check, self.sightings.card, self.suspects))
        self.side: QWidget = self.panel
        self._foot = FlyFoot(room.theme)
        self.foot: QWidget | None = self._foot
        self.buttons = self._foot.buttons
        self._connect()
        self._keys = FlyKeys(self)
        self.panel.show_plan(self.tr("No plan taken yet: make one in Plan and take it to Fly."))
        self._show()

    def _connect(self) -> None:
        self.feed.told.connect(self._told)
        self.feed.lost.connect(self._lost)
        self.buttons.asked.connect(self.ask)
        self.panel.motors.asked.connect(self.ask)
        self.panel.simulator.connect(self.fly_simulator)
        self.panel.connect_to.connect(self.connect_to)
        self.panel.let_go.connect(lambda: self.ask("Finish"))
        self._room.map.view.asked_menu.connect(self._menu)
        extra, checklist, suspects = self.buttons.extra, self.panel.checklist, self.suspects
        extra.stepped.connect(self._step_height)
        extra.sped.connect(self.asking.set_speed)
        extra.switched.connect(self.asking.switch)
        checklist.ticked.connect(self.asking.tick)
        checklist.let_pass.connect(self.asking.override)
        checklist.fence_wanted.connect(lambda: self.ask("EnableFence"))
        checklist.named.connect(self._named)
        checklist.approved.connect(self.asking.approve)
        checklist.check_wanted.connect(self.open_check)
        self.check.begun.connect(self._begin_check)
        self.check.stopped.connect(lambda: self.ask("AbortCheck"))
        self.panel.fill.send = self.asking.fill
        suspects.pointed.connect(self._point)
        suspects.shown.connect(lambda _: self._show())
        suspects.pause.connect(lambda: self.ask("Pause"))
        suspects.upload.connect(self._upload_look)
        suspects.asked.connect(self._bring_up_suspects)
        suspects.start.connect(lambda: self.ask("Start"))

    # The room's protocol

    @property
    def live(self) -> Live:
        return self.log.state

    def actions(self) -> list[QAction]:
        return self._keys.actions

    def set_theme(self, theme: Theme) -> None:
        self.panel.set_theme(theme)
        self._foot.set_theme(theme)
        self.alarms.banner.set_theme(theme)
        self.suspects.set_theme(theme)

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
        self.sightings.close()
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
        self.forget()
        self.feed.attach(client)

    def forget(self) -> None:
        """Nothing is known of any patrol."""
        self.log = LiveLog()
        self._version = 0
        self.map.clear()
        self._foot.chart.show_traces([])
        self.sightings.forget()
        self._show()

    # The beat

    def _told(self, told: list[Told]) -> None:
        before = self.live.snapshot
        happened = self.log.take(told)
        fell_asleep = self._said.fell_asleep(before, self.live.snapshot)
        if fell_asleep:
            self._room.say(fell_asleep, Severity.WARNING)
        for event in happened:
            self._note(event)
            over = ENDS.get(type(event))
            if over is not None and over in self._standing:
                self._room.unsay(self._standing.pop(over))
            said = self._said.happened(event)
            if said:
                self._room.say(*said)
                self._standing[type(event)] = said[0]
        self._beats += 1
        if self._entered:
            columns = self._columns() if self._beats % REDRAW_BEATS == 0 else Columns()
            self.map.show_live(self.live, columns)
            self._foot.show_readings(columns.readings)
        self._show()
        if self.live.goodbye is not None:
            if self.live.goodbye == INTERRUPTED:
                words = self.tr(
                    "The session ended by an error of this program; what it recorded is safe (see the log)."
                )
                self._room.say(words, Severity.ERROR)
            self._ended()

    def _columns(self) -> Columns:
        grown = self.log.readings_version != self._version
        self._version = self.log.readings_version
        return Columns(self.log.readings() if grown else None, self.log.track())

    def _show_columns(self) -> None:
        columns = Columns(self.log.readings(), self.log.track())
        if self.live.hello is not None:
            self.map.show_live(self.live, columns)
        self._foot.show_readings(columns.readings)

    def _show(self) -> None:
        live = self.live
        self.panel.show_live(live)
        has_plan = self._mission is not None or live.mission is not None
        linked = live.attached and live.snapshot is not None and not live.snapshot.lost
        self.buttons.show_may(may_now(live.vehicle, linked=linked, has_plan=has_plan), live.vehicle.autopilot)
        self.alarms.show_live(live)
        self.suspects.show_live(live)
        if live.snapshot is not None and self.check.isVisible():
            self.check.show_snapshot(live.snapshot)
        look = self.suspects.look if live.attached and self.suspects.on_map.isChecked() else None
        self.map.look.show(look.mission if look else None, self.tr("Next look") if look else "")
        self.link_said.emit(*self._said.link(live))

    def _note(self, event: Event) -> None:
        """A step of a takeover that was not done is offered again; what a check read is shown where it was asked."""
        self.panel.fill.note(event)
        if isinstance(event, InstrumentChecked):
            self.check.show_result(event)
        if not isinstance(event, CommandProgressed) or event.name not in ("Upload", "Start"):
            return
        if event.stage in UNDONE:
            self.suspects.refused()
        elif event.name == "Upload" and event.stage is Stage.OBSERVED and event.command_id == self._look_upload:
            self.suspects.read_back()

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

    def press(self, name: str) -> None:
        """As the button would be pressed, where it may be."""
        button = self.buttons.pause if name == "Pause" else self.buttons.mark
        if button.isEnabled():
            self.ask(name)

    def ask(self, name: str) -> None:
        """Send an intent by name."""
        mission = self._mission or self.live.mission
        if name == "Upload" and mission is not None:
            self.asking.upload(mission)
            self._brief(mission)
        elif name == "MarkSighting":
            self.mark_sighting()
        else:
            self.asking.plain(name)

    def mark_sighting(self, note: str = "") -> None:
        """Keep this moment, place and heading."""
        self.sightings.mark(note)

    def take_file(self, file: Path) -> None:
        """A photograph was dropped on the window."""
        self.sightings.add_photograph(file)

    def acknowledge(self) -> None:
        """All alarms that stand were seen."""
        self.alarms.acknowledge()
        self._show()

    def _named(self, name: str) -> None:
        self.asking.operator = name

    def _step_height(self, step_m: float) -> None:
        if not self.asking.step_height(step_m):
            self._room.say(self.tr("The height is not known, or it is at its bound"), Severity.WARNING)

    def open_check(self) -> None:
        """The zero and span check."""
        if self.live.snapshot is None:
            return
        self.check.open_for(self.asking.operator)
        self.check.show_snapshot(self.live.snapshot)
        self.panel.bring_up(self.check)

    def _begin_check(self, wanted: Wanted) -> None:
        if wanted.who:
            self.asking.operator = wanted.who
        self.asking.check(wanted)

    def _brief(self, mission: Mission) -> None:
        """The preflight is told what the plan takes and what it flies over, as the office has it."""
        park, wind = self._park, self._wind

        def work_out(progress: object) -> "Briefing":
            from dronesampler.desk.briefing import briefing_of  # the planning rooms take half a second to import

            return briefing_of(mission, park, officer="", unix_s=0.0, wind=wind)

        title = self.tr("Working out what the plan takes")
        self._room.background.run(work_out, title=title, done=self.asking.brief)

    def _upload_look(self, mission: Mission) -> None:
        self._look_upload = self.asking.upload(mission)

    def _bring_up_suspects(self) -> None:
        self._show()
        self.panel.bring_up(self.suspects)

    def _point(self, lat_deg: float, lon_deg: float) -> None:
        self.map.follow = False
        self.map.pointer.show((lat_deg, lon_deg))
        self._room.map.view.centre_on(lat_deg, lon_deg)

    def _menu(self, lat_deg: float, lon_deg: float, at: QPointF) -> None:
        """The map was clicked with the right button (or the menu key)."""
        if not (self._entered and self.live.attached and self.live.vehicle.in_air):
            return
        self.map.pointer.show((lat_deg, lon_deg))
        self.map_menu.popup(lat_deg, lon_deg, at)

    def toggle_follow(self) -> None:
        """Whether the map follows the vehicle."""
        self.map.follow = not self.map.follow
        self._room.say(
            self.tr("The map follows the vehicle") if self.map.follow else self.tr("The map stays"), Severity.NOTE
        )
