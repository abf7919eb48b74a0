"""The Review workspace: patrols on file, one on the map, its readings over time, its suspected places."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from dronesampler.columns import Floats, Readings
from dronesampler.problems import Severity
from dronesampler.texts import Text
from dronesampler_ui.parts import ramp, words
from dronesampler_ui.parts.boxes import column, label, row
from dronesampler_ui.parts.chart import StripChart, Trace
from dronesampler_ui.parts.map.flag_layers import FlagsLayer, PointerLayer
from dronesampler_ui.parts.map.furniture import WindShown
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.picture import save_view
from dronesampler_ui.parts.map.readings_layer import ReadingsLayer
from dronesampler_ui.parts.map.route_layers import RouteLayer, TrackLayer, VehicleLayer
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.parts.scrubber import Scrubber
from dronesampler_ui.review.flag_card import FlagCard
from dronesampler_ui.review.patrol_list import PatrolList
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import (
    Decision,
    Flag,
    PatrolLine,
    PatrolShown,
    Verdict,
    background_of,
    explained_of,
    frame_of,
    look_again_of,
    verdict_of,
)
from dronesampler_ui.workspace import Room

CLOSE_M_PX = 0.35


class Review(QObject):
    """Composes the parts; everything that takes time goes through the room's background."""

    shown = Signal(object)  # PatrolShown
    decided = Signal()
    seal_wanted = Signal(int)

    key = "review"

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._patrol: PatrolShown | None = None
        self._entered = False
        self._ground = Ground()
        self.readings = ReadingsLayer()
        self._track = TrackLayer()
        self._route = RouteLayer(arrows=False)
        self._flags = FlagsLayer()
        self._look_again = FlagsLayer("look_again", tone="warn", letter="L")
        self._pointer = PointerLayer()
        self._vehicle = VehicleLayer()
        self.patrols = PatrolList()
        self.flag_list = QListWidget()
        self.flag_list.setAccessibleName(self.tr("Suspected places"))
        self.flag_card = FlagCard()
        self.chart = StripChart(room.theme)
        self.chart.empty_words = self.tr("Choose a patrol to see its readings")
        self.scrubber = Scrubber(room.theme)
        self.export = QPushButton(self.tr("Export…"))
        self.seal = QPushButton(self.tr("Seal it"))
        self.seal.setToolTip(self.tr("Build an evidence packet of this patrol"))
        self.judge = QPushButton(self.tr("Find sources"))
        self.judge.setObjectName("primary")
        self.judge.setToolTip(self.tr("Look for what no permitted outlet explains"))
        self.judge.hide()
        self._verdict = label("", "soft", wrap=True)
        self._verdict.hide()
        self.side = self._build_side()
        self.foot: QWidget | None = self._build_foot()
        self._connect()
        self._actions = self._build_actions()
        self._flags_title.hide()

    def _build_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("side")
        box = column(side)
        box.addWidget(label(self.tr("Patrols"), "title"))
        box.addWidget(self.patrols, 2)
        self._flags_title = label(self.tr("Suspected places"), "title")
        box.addWidget(self._flags_title)
        box.addWidget(self._verdict)
        box.addWidget(self.flag_list, 1)
        box.addWidget(self.flag_card)
        box.addStretch(0)
        box.addWidget(self.judge)
        box.addLayout(row(self.export, self.seal, stretch=0))
        return side

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("foot")
        box = QVBoxLayout(foot)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.chart, 1)
        box.addWidget(self.scrubber)
        return foot

    def _connect(self) -> None:
        self.patrols.chosen.connect(self.open)
        self.flag_list.currentRowChanged.connect(self._choose_flag)
        self.flag_card.decided.connect(self._decide)
        self.scrubber.moved.connect(self._show_moment)
        self.chart.picked.connect(self._pick)
        self.export.clicked.connect(self.ask_export)
        self.judge.clicked.connect(self.find_sources)
        self.seal.clicked.connect(self._seal)
        self._room.map.legend.scale_changed.connect(self._rescale)
        self._room.map.view.clicked_px.connect(self._click)

    def _build_actions(self) -> list[QAction]:
        return [
            self._action(self.tr("Review: read the list of patrols again"), self.refresh, "F5"),
            self._action(self.tr("Review: play or pause the replay"), self.scrubber.play.toggle, "Ctrl+Space"),
            self._action(self.tr("Review: next suspected place"), self._next_flag, "Ctrl+J"),
            self._action(self.tr("Review: export this view"), self.ask_export, "Ctrl+E"),
            self._action(self.tr("Review: find sources"), self.find_sources, "Ctrl+R"),
            self._action(self.tr("Review: seal this patrol into a packet"), self._seal, "Ctrl+B"),
        ]

    def _action(self, name: str, do: Callable[[], None], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(do)
        return action

    def actions(self) -> list[QAction]:
        return self._actions

    def set_theme(self, theme: Theme) -> None:
        self.chart.set_theme(theme)
        self.scrubber.set_theme(theme)

    def enter(self) -> None:
        self._entered = True
        self._take_map()
        self.refresh()

    def leave(self) -> None:
        self._entered = False
        self.scrubber.stop()

    def close(self) -> None:
        self.scrubber.stop()

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
            lambda progress: library.patrol(patrol_id, lang), title=self.tr("Opening the patrol"), done=self.show_patrol
        )

    def find_sources(self) -> None:
        """Look for what no permitted outlet explains, and keep the finding."""
        if self._patrol is None or self._patrol.readings is None:
            return
        library, patrol_id = self._room.library, self._patrol.line.id
        self.judge.setEnabled(False)
        self._room.background.run(
            lambda progress: library.judge(patrol_id, progress.at),
            title=self.tr("Looking for sources"),
            done=self._judged,
            failed=self._not_judged,
        )

    def _judged(self, patrol_id: int) -> None:
        self.judge.setEnabled(True)
        self.open(patrol_id)

    def _not_judged(self, text: Text, where: str) -> None:
        self.judge.setEnabled(True)
        self._room.say(self._room.said(text), Severity.ERROR)

    def _list(self, patrols: tuple[PatrolLine, ...]) -> None:
        self.patrols.show_patrols(patrols)
        if self._patrol is None and patrols and self.patrols.current() is None:
            self.patrols.choose(patrols[0].id)

    # Showing

    def show_patrol(self, patrol: PatrolShown) -> None:
        """Put a patrol on the map and into the chart."""
        self._patrol = patrol
        readings = patrol.readings
        scale = ramp.fitting(readings.value_mg_m3) if readings is not None else ramp.Scale()
        self._ground.show(patrol.park, self._room.lang)
        self.readings.show(readings, scale=scale)
        self.readings.until(np.inf)
        self._track.show(patrol.track)
        self._route.show(patrol.mission)
        self._pointer.show(None)
        self._vehicle.show(None)
        self._show_flags(patrol)
        self._show_time(readings, scale, background_of(patrol.analysis))
        if self._entered:
            self._take_map()
        self.shown.emit(patrol)

    def _show_time(
        self, readings: Readings | None, scale: ramp.Scale, background: tuple[Floats, Floats] | None
    ) -> None:
        if readings is None:
            self.chart.empty_words = self.tr("This patrol has no readings")
            self.chart.show_traces([])
            self.scrubber.show_readings(Pyramid.of(np.zeros(0), np.zeros(0)), scale)
            return
        name = readings.quantity or self.tr("Reading")
        traces = [Trace(name, readings.time_s, readings.value_mg_m3, "accent", filled=True)]
        if background is not None:
            traces.append(Trace(self.tr("Background"), *background, "suspect"))
        self.chart.show_traces(traces)
        self.scrubber.show_readings(Pyramid.of(readings.time_s, readings.value_mg_m3), scale)
        self.chart.show_moment(None)

    def _show_flags(self, patrol: PatrolShown) -> None:
        self._flags.show(patrol.flags)
        self._look_again.show(look_again_of(patrol.analysis, self._room.lang.value))
        self.flag_list.blockSignals(True)
        self.flag_list.clear()
        for flag in patrol.flags:
            self.flag_list.addItem(QListWidgetItem(self._flag_words(flag)))
        self.flag_list.blockSignals(False)
        self._flags_title.setVisible(patrol.finding_id is not None)
        self.judge.setVisible(patrol.finding_id is None and patrol.readings is not None)
        why = verdict_of(patrol.analysis, self._room.lang.value)
        said = [] if patrol.flags else [why or self.tr("Nothing that the permitted outlets do not explain")]
        explained = ", ".join(f"{code} {rate:.2g} g/s" for code, rate in explained_of(patrol.analysis)[:4])
        if explained:
            said.append(self.tr("Explained by permitted outlets: {outlets}").format(outlets=explained))
        self._verdict.setText("\n".join(said))
        self._verdict.setVisible(patrol.finding_id is not None and bool(said))
        self.flag_list.setVisible(bool(patrol.flags))
        self.flag_card.show_flag(None)

    def _flag_words(self, flag: Flag) -> str:
        decision = self._decision(flag)
        state = {
            None: self.tr("not decided"),
            Verdict.ACCEPTED: self.tr("accepted"),
            Verdict.DISMISSED: self.tr("dismissed"),
        }[decision.verdict if decision else None]
        rate = f"{flag.rate_g_s:.2g} g/s" if flag.rate_g_s is not None else "–"
        return f"S{flag.number}   {rate}   {state}"

    def _take_map(self) -> None:
        pane, patrol = self._room.map, self._patrol
        frame = None
        if patrol and patrol.park:
            frame = patrol.park.frame()
        elif patrol:
            frame = frame_of(patrol.readings if patrol.readings is not None else patrol.track)
        if frame:
            pane.view.set_frame(frame)
        below = (*self._ground.below, self._route, self._track, self.readings)
        pane.show_layers((*below, *self._ground.above, self._look_again, self._flags, self._pointer, self._vehicle))
        pane.legend.show_scale(self.readings.scale, patrol.readings.quantity if patrol and patrol.readings else "")
        pane.view.set_simulated(bool(patrol and patrol.line.simulated))
        pane.view.wind = self._wind_at(None)
        pane.view.fit_soon()

    def _wind_at(self, time_s: float | None) -> WindShown | None:
        wind = self._patrol.wind if self._patrol else None
        if wind is None or len(wind) == 0:
            return None
        part = wind if time_s is None else wind.rows([np.clip(np.searchsorted(wind.time_s, time_s), 0, len(wind) - 1)])
        way = np.radians(part.from_deg)
        from_deg = np.degrees(np.arctan2(np.nanmean(np.sin(way)), np.nanmean(np.cos(way)))) % 360.0
        return WindShown(float(from_deg), float(np.nanmean(part.speed_m_s)))

    # What the officer does

    def _show_moment(self, time_s: float) -> None:
        self.readings.until(
            time_s if time_s < (self.scrubber.bar.span.end_s if self.scrubber.bar.span else 0) else np.inf
        )
        self.chart.show_moment(time_s)
        track = self._patrol.track if self._patrol else None
        if track is not None:
            i = int(np.clip(np.searchsorted(track.time_s, time_s), 0, len(track) - 1))
            heading = float(track.heading_deg[i])
            at = (float(track.lat_deg[i]), float(track.lon_deg[i]))
            self._vehicle.show(
                at if np.isfinite(at).all() else None, heading_deg=heading if np.isfinite(heading) else 0.0
            )
        self._room.map.view.wind = self._wind_at(time_s)
        self._room.map.view.update()

    def _pick(self, time_s: float) -> None:
        """A moment of the chart was clicked: show the reading nearest to it."""
        readings = self._patrol.readings if self._patrol else None
        if readings is None:
            return
        i = int(np.argmin(np.abs(readings.time_s - time_s)))
        said = f"{readings.value_mg_m3[i]:.2f} mg/m³  {words.clock_time(float(readings.time_s[i]))}"
        if np.isfinite(readings.lat_deg[i]):
            self._pointer.show((float(readings.lat_deg[i]), float(readings.lon_deg[i])), said)
        self.scrubber.show_moment(float(readings.time_s[i]))

    def _rescale(self, scale: ramp.Scale) -> None:
        if self._entered:
            self.readings.scale = scale
            self._room.map.view.update()

    def _click(self, px: QPointF) -> None:
        if self._entered:
            flag = self._flags.at_px(self._room.map.view.camera, px)
            if flag:
                self.flag_list.setCurrentRow(flag.number - 1)

    def _choose_flag(self, index: int) -> None:
        if self._patrol is None or not 0 <= index < len(self._patrol.flags):
            return
        flag = self._patrol.flags[index]
        self._flags.show(self._patrol.flags, chosen=flag.number)
        self.flag_card.show_flag(flag, self._decision(flag))
        self._room.map.view.centre_on(flag.lat_deg, flag.lon_deg, m_px=CLOSE_M_PX)

    def _next_flag(self) -> None:
        if self.flag_list.count():
            self.flag_list.setCurrentRow((self.flag_list.currentRow() + 1) % self.flag_list.count())

    def _decision(self, flag: Flag) -> Decision | None:
        patrol = self._patrol
        found = [d for d in (patrol.decisions if patrol else ()) if patrol and d.finding_id == patrol.finding_id]
        return next((d for d in found if d.number == flag.number), None)

    def _decide(self, number: int, verdict: str, reason: str) -> None:
        patrol = self._patrol
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

    def _kept(self, decisions: tuple[Decision, ...]) -> None:
        if self._patrol is None:
            return
        self._patrol = replace(self._patrol, decisions=decisions)
        for row_, flag in enumerate(self._patrol.flags):
            self.flag_list.item(row_).setText(self._flag_words(flag))
        index = self.flag_list.currentRow()
        if 0 <= index < len(self._patrol.flags):
            self.flag_card.show_flag(self._patrol.flags[index], self._decision(self._patrol.flags[index]))
        self.decided.emit()

    def _seal(self) -> None:
        if self._patrol is not None:
            self.seal_wanted.emit(self._patrol.line.id)

    def ask_export(self) -> None:
        """Choose a file and write the map as it is shown."""
        name, _ = QFileDialog.getSaveFileName(
            self.side, self.tr("Export this view"), "dronesampler.png", "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
        )
        if name:
            save_view(self._room.map.view, Path(name))
            self._room.say(self.tr("Written: {file}").format(file=name), Severity.NOTE)
