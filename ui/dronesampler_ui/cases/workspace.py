"""The Cases workspace: accepted places as a list, one with its story, packets built and verified."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QListWidget, QPushButton, QWidget

from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler.texts import Text
from dronesampler_ui.cases import sampling, sealing
from dronesampler_ui.cases.foot import CaseFoot
from dronesampler_ui.cases.sampling import CaseSamples
from dronesampler_ui.cases.sealing import VerdictShown
from dronesampler_ui.cases.stamping import Stamping
from dronesampler_ui.cases.verdict_card import VerdictCard
from dronesampler_ui.library import CaseLine
from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import column, label, row
from dronesampler_ui.parts.exporting import Exporting
from dronesampler_ui.parts.map.flag_layers import FlagsLayer
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import Flag
from dronesampler_ui.workspace import Room


class Cases(QObject):
    """Reads cases from the journals; builds and verifies packets in the background."""

    show_patrol = Signal(int)

    key = "cases"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._cases: tuple[CaseLine, ...] = ()
        self._entered = False
        self._ground = Ground()
        self._flags = FlagsLayer()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Cases"))
        self._empty = label(
            self.tr("No case yet. Accept a suspected place in Review and it appears here."), "soft", wrap=True
        )
        self.verdict = VerdictCard(room.theme)
        self.verify = QPushButton(self.tr("Verify a packet…"))
        self.stamping = Stamping(room)
        self.side = self._build_side()
        self.below = CaseFoot(room.theme, room.lang)
        self.story = self.below.story
        self.foot: QWidget | None = self.below
        self.exporting = Exporting(self.below, room.say)
        self.below.export.setMenu(self.exporting.menu({"custody": (self.tr("Custody"), self.below.sheet)}))
        self.list.currentRowChanged.connect(self._choose)
        self.verify.clicked.connect(self.ask_verify)
        self.story.seal.connect(self.seal)
        self.story.check.connect(lambda path: self.check(Path(path)))
        self.story.show_patrol.connect(self.show_patrol)
        self.story.told.connect(self.tell)
        self.below.samples.entered.connect(self.enter_sample)
        self.below.samples.labels.connect(self.ask_labels)
        self._actions = [
            self._action(self.tr("Cases: verify a packet"), self.ask_verify, "Ctrl+Shift+V"),
            self._action(self.tr("Cases: build a packet of the chosen case"), self.story.build.click, "Ctrl+Shift+B"),
            self._action(self.tr("Cases: fetch time stamps"), self.stamping.ask, "Ctrl+Shift+T"),
            self._action(self.tr("Cases: the case"), lambda: self.below.show_view("story"), "Alt+1"),
            self._action(self.tr("Cases: samples"), lambda: self.below.show_view("samples"), "Alt+2"),
            self._action(self.tr("Cases: custody"), lambda: self.below.show_view("custody"), "Alt+3"),
            self._action(self.tr("Cases: what is missing before sealing"), self._show_missing, "Alt+4"),
            self._action(self.tr("Cases: new sample"), self.new_sample, "Ctrl+N"),
            self._action(self.tr("Cases: hand the sample over"), self.hand_over, "Ctrl+H"),
        ]

    def _build_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("side")
        box = column(side)
        box.addWidget(label(self.tr("Cases"), "title"))
        box.addWidget(self._empty)
        box.addWidget(self.list, 1)
        box.addWidget(label(self.tr("Drop a packet on the window to verify it."), "soft", wrap=True))
        box.addWidget(self.verify)
        box.addLayout(row(self.stamping.url, self.stamping.fetch, stretch=0))
        box.addWidget(self.verdict, 2)
        box.addStretch(0)
        return side

    def _action(self, name: str, do: Callable[[], object], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(do)
        return action

    def actions(self) -> list[QAction]:
        return self._actions

    def set_theme(self, theme: Theme) -> None:
        self.verdict.set_theme(theme)
        self.below.set_theme(theme)

    def enter(self) -> None:
        self._entered = True
        self._take_map()
        self.refresh()
        self.look_at_clocks()

    def show_park(self, park: Park) -> None:
        """The park to show while there is no case."""
        if self._ground.park is None:
            self._ground.show(park, self._room.lang)
            if self._entered:
                self._take_map()

    def leave(self) -> None:
        self._entered = False

    def close(self) -> None:
        """Nothing is left open."""

    def refresh(self) -> None:
        """Read the cases again."""
        library = self._room.library
        self._room.background.run(
            lambda progress: library.cases(), title=self.tr("Reading cases"), done=self.show_cases
        )

    def show_cases(self, cases: tuple[CaseLine, ...]) -> None:
        """Fill the list; the chosen line stays."""
        row = max(self.list.currentRow(), 0)
        self._cases = cases
        self.list.blockSignals(True)
        self.list.clear()
        for case in cases:
            when = words.local_time(case.decision.unix_s)
            self.list.addItem(f"S{case.decision.number}   {case.patrol.name}\n{when}")
        self.list.blockSignals(False)
        self._empty.setVisible(not cases)
        self.list.setVisible(bool(cases))
        if cases:
            self.list.setCurrentRow(min(row, len(cases) - 1))
        else:
            self._choose(-1)

    def _choose(self, row: int) -> None:
        case = self._cases[row] if 0 <= row < len(self._cases) else None
        self.below.show_case(case)
        if case is None:
            return
        library = self._room.library
        self.reload_samples()
        self._room.background.run(
            lambda progress: library.patrol(case.patrol.id, self._room.lang.value).park,
            title=self.tr("Reading the park"),
            done=lambda park: self._show_place(case, park),
        )

    def _show_place(self, case: CaseLine, park: Park | None) -> None:
        self._ground.show(park, self._room.lang)
        d = case.decision
        self._flags.show((Flag(number=d.number, lat_deg=d.lat_deg, lon_deg=d.lon_deg),), chosen=d.number)
        if self._entered:
            self._take_map()
            self._room.map.view.set_simulated(case.patrol.simulated)
            self._room.map.view.update()

    def _take_map(self) -> None:
        pane = self._room.map
        if self._ground.park:
            pane.view.set_frame(self._ground.park.frame())
        pane.show_layers((*self._ground.below, *self._ground.above, self._flags), legend=False)
        pane.view.set_simulated(bool(self._ground.park and self._ground.park.simulated))
        pane.view.wind = None
        pane.view.fit_soon()

    # Samples

    @property
    def chosen(self) -> CaseLine | None:
        row = self.list.currentRow()
        return self._cases[row] if 0 <= row < len(self._cases) else None

    def reload_samples(self) -> None:
        """Read the chosen case's samples, and what its packet would lack."""
        case, library = self.chosen, self._room.library
        if case is None:
            return
        self._room.background.run(
            lambda progress: sampling.load(library, case.patrol.id, case.decision),
            title=self.tr("Reading samples"),
            done=self._show_samples,
        )

    def _show_samples(self, samples: CaseSamples) -> None:
        if self.chosen is not None and self.chosen.patrol.id == samples.patrol_id:
            self.below.show_samples(samples)

    def look_at_clocks(self) -> None:
        """Say which samples have waited too long, or nearly: of all patrols, whatever case is chosen."""
        library = self._room.library
        self._room.background.run(
            lambda progress: sampling.urgent(library), title=self.tr("Reading samples"), done=self._say_urgent
        )

    def _say_urgent(self, samples: tuple[tuple[str, Text], ...]) -> None:
        for number, clock in samples:
            words = self.tr("Sample {number}: {clock}").format(number=number, clock=self._room.said(clock))
            self._room.say(words, Severity.WARNING)

    def enter_sample(self, what: str, fields: dict[str, str]) -> None:
        """Keep what a form says; it stays open with what was typed when the core refuses it."""
        case, library = self.chosen, self._room.library
        if case is None:
            return
        flag = case.decision.number
        self._room.background.run(
            lambda progress: sampling.enter(library, case.patrol.id, what, fields, flag=flag),
            title=self.tr("Keeping the entry"),
            done=self._sample_kept,
        )

    def _sample_kept(self, number: str) -> None:
        self._room.say(self.tr("Entered: {sample}").format(sample=number), Severity.NOTE)
        self.reload_samples()

    def tell(self, story: str, people: str) -> None:
        """Keep the story of the chosen case; the ones before stay on record."""
        case, library = self.chosen, self._room.library
        if case is None:
            return
        self._room.background.run(
            lambda progress: sampling.tell(library, case.patrol.id, case.decision, story=story, people=people),
            title=self.tr("Keeping the story"),
            done=self._sample_kept,
        )

    def new_sample(self) -> None:
        """The form for a sample, filled with what is known."""
        self.below.show_view("samples")
        self.below.samples.begin_taken()

    def hand_over(self) -> None:
        """The form for a hand-over of the chosen sample."""
        self.below.show_view("samples")
        self.below.samples.begin_handed()

    def ask_labels(self) -> None:
        """Where the sheet of labels goes."""
        name, _ = QFileDialog.getSaveFileName(
            self.side, self.tr("Labels to print"), "labels.pdf", self.tr("Sheet of labels (*.pdf)")
        )
        if name:
            self.write_labels(Path(name))

    def write_labels(self, path: Path) -> None:
        """The labels of all samples of the chosen case's patrol."""
        case, library = self.chosen, self._room.library
        if case is None:
            return
        self._room.background.run(
            lambda progress: sampling.label_sheet(library, case.patrol.id, path),
            title=self.tr("Drawing labels"),
            done=lambda file: self._room.say(self.tr("Labels written: {file}").format(file=str(file)), Severity.NOTE),
        )

    def _show_missing(self) -> None:
        self.below.show_view("missing")
        self.reload_samples()

    # Packets

    def seal(self, patrol_id: int) -> None:
        """Build a packet of the patrol."""
        library, lang = self._room.library, self._room.lang
        self._room.background.run(
            lambda progress: sealing.seal(library, patrol_id, lang, progress.at),
            title=self.tr("Building the packet"),
            done=self._sealed,
        )

    def _sealed(self, path: Path) -> None:
        self._room.say(self.tr("Packet written: {file}").format(file=str(path)), Severity.NOTE)
        self.refresh()
        self.check(path)

    def ask_verify(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.side, self.tr("Verify a packet"), "", self.tr("Evidence packets (*.zip)")
        )
        if name:
            self.check(Path(name))

    def check(self, path: Path) -> None:
        """Verify a packet and show what was found."""
        library, lang = self._room.library, self._room.lang
        self._room.background.run(
            lambda progress: sealing.check(library, path, lang),
            title=self.tr("Verifying the packet"),
            done=self._checked,
        )

    def _checked(self, verdict: VerdictShown) -> None:
        self.verdict.show_verdict(verdict)
