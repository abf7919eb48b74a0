"""Plan's panel: park, pattern and settings, wind, and what to do with the plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import EDGE_PX, column, label, row, scrolled
from dronesampler_ui.parts.number_field import NumberField
from dronesampler_ui.parts.wind_dial import FASTEST_M_S, WindDial
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.plan.form import SettingsForm
from dronesampler_ui.plan.inputs import PlanInputs
from dronesampler_ui.plan.preset_menu import PresetMenu
from dronesampler_ui.plan.route_card import RouteCard
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:
    from dronesampler.plan import Pattern


class PlanPanel(QWidget):
    """Shows inputs; emits what was changed."""

    park_chosen = Signal(int)
    pattern_chosen = Signal(str)
    preset_chosen = Signal(str)
    own_chosen = Signal(object)  # the settings of an own preset
    wind_set = Signal(float, float)
    template_chosen = Signal(object)  # Path

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self.setObjectName("side")
        self.park = self._combo(self.tr("Park"))
        self.open_park = QPushButton(self.tr("Open…"))
        self.open_park.setToolTip(self.tr("Open a park file (GeoJSON)"))
        self.pattern = self._combo(self.tr("Pattern"))
        self.preset = self._combo(self.tr("Preset"))
        self.own = PresetMenu(room, self)
        self.open_mission = QPushButton(self.tr("Mission file…"))
        self.open_mission.setToolTip(self.tr("Open a mission file instead of planning one"))
        self.templates = QPushButton(self.tr("Templates"))
        self.templates.setMenu(QMenu(self.templates))
        self.route = RouteCard()
        self.reason = label("", "soft", wrap=True)
        self.form = SettingsForm(room.lang)
        self.dial = WindDial(room.theme)
        self.wind_from = NumberField(self.tr("Wind from"), top=360.0, step=5.0)
        self.wind_speed = NumberField(self.tr("Wind speed"), top=FASTEST_M_S, step=0.5, digits=1)
        self.sortie = self._combo(self.tr("Sortie"))
        self.sortie.hide()
        self.save = QPushButton(self.tr("Save…"))
        self.fly = QPushButton(self.tr("Take to Fly"))
        self.fly.setObjectName("primary")
        self.patterns: Mapping[str, Pattern] = {}
        self._lay_out()
        self._connect()

    def show_patterns(self, patterns: Mapping[str, Pattern]) -> None:
        """What can be chosen."""
        self.patterns = patterns
        self.pattern.clear()
        for name in patterns:
            self.pattern.addItem(self.pattern_words(name), name)

    def show_templates(self, files: tuple[Path, ...]) -> None:
        """The missions that ship."""
        menu = self.templates.menu()
        menu.clear()
        for file in files:
            menu.addAction(self.pattern_words(file.stem), partial(self.template_chosen.emit, file))

    def show_sorties(self, count: int) -> None:
        """Let one be chosen where there are several, or the whole route, which is the last entry."""
        if self.sortie.count() != count + 1:
            whole = self.whole_shown and self.sortie.count() > 0
            self.sortie.blockSignals(True)
            self.sortie.clear()
            for i in range(count):
                self.sortie.addItem(self.tr("Sortie {i} of {n}").format(i=i + 1, n=count))
            self.sortie.addItem(self.tr("Whole route (to edit it)"))
            self.sortie.setToolTip(self.tr("To edit, choose the whole route, or double-click the map"))
            self.sortie.setCurrentIndex(count if whole and count > 1 else 0)
            self.sortie.blockSignals(False)
        self.sortie.setVisible(count > 1)

    @property
    def whole_shown(self) -> bool:
        """Whether the route is shown uncut, as one that is one sortie always is."""
        return self.sortie.count() <= 2 or self.sortie.currentIndex() == self.sortie.count() - 1

    def pattern_words(self, name: str) -> str:
        """A pattern's name for the officer; a new pattern shows its code."""
        return {
            "crosswind-ladder": self.tr("Crosswind lines"),
            "outlet-tour": self.tr("Tour of the outlets"),
            "fence-line": self.tr("Fence line"),
            "stack-orbit": self.tr("Orbit around a stack"),
            "vertical-profile": self.tr("Vertical profile"),
            "flux-curtain": self.tr("Curtain downwind"),
            "area-grid": self.tr("Area grid"),
            "corridor": self.tr("Corridor"),
            "look-here": self.tr("Look here"),
        }.get(name, name)

    def _combo(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _lay_out(self) -> None:
        inner = QWidget()
        box = column(inner)
        box.addWidget(label(self.tr("Park"), "heading"))
        box.addLayout(row(self.park, self.open_park, stretch=0))
        box.addWidget(label(self.tr("Pattern"), "heading"))
        box.addWidget(self.pattern)
        box.addLayout(row(self.preset, self.own.button, stretch=0))
        box.addLayout(row(self.open_mission, self.templates))
        box.addWidget(self.reason)
        box.addWidget(self.form)
        box.addWidget(label(self.tr("Wind"), "heading"))
        winds = QVBoxLayout()
        winds.addStretch(1)
        winds.addWidget(label(self.tr("From (°)"), "soft"))
        winds.addWidget(self.wind_from)
        winds.addWidget(label(self.tr("Speed (m/s)"), "soft"))
        winds.addWidget(self.wind_speed)
        winds.addStretch(1)
        line = row(self.dial)
        line.addLayout(winds, 1)
        box.addLayout(line)
        box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, EDGE_PX)
        outer.addWidget(scrolled(inner), 1)
        edits = row(self.route, stretch=0)
        edits.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        outer.addLayout(edits)
        sorties = row(self.sortie, stretch=0)
        sorties.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        outer.addLayout(sorties)
        buttons = row(self.save, self.fly, stretch=1)
        buttons.setContentsMargins(EDGE_PX, 4, EDGE_PX, 0)
        outer.addLayout(buttons)

    def _connect(self) -> None:
        self.park.activated.connect(self.park_chosen)
        self.pattern.activated.connect(lambda _: self.pattern_chosen.emit(str(self.pattern.currentData())))
        self.preset.activated.connect(self._choose_preset)
        self.dial.changed.connect(self.wind_set)
        self.wind_from.changed.connect(lambda v: self.wind_set.emit(v, self.dial.speed_m_s))
        self.wind_speed.changed.connect(lambda v: self.wind_set.emit(self.dial.from_deg, v))

    def show_inputs(self, inputs: PlanInputs) -> None:
        """Put these choices into the fields; nothing is emitted."""
        pattern = self.patterns.get(inputs.pattern) or next(iter(self.patterns.values()))
        self.pattern.setCurrentIndex(self.pattern.findData(pattern.name))
        self._show_presets(pattern, inputs)
        self.reason.setText(sentence(self._room.said(pattern.reason)))
        self.form.show_pattern(pattern, dict(pattern.presets.get(inputs.preset, {})) | dict(inputs.settings))
        self.dial.show_wind(inputs.wind_from_deg, inputs.wind_m_s)
        self.wind_from.show_value(inputs.wind_from_deg)
        self.wind_speed.show_value(inputs.wind_m_s)

    def _show_presets(self, pattern: Pattern, inputs: PlanInputs) -> None:
        """Those of the pattern, then the officer's own, which are settings under a name."""
        self.own.show(inputs)
        self.preset.clear()
        self.preset.addItem(self.tr("Usual settings"), "")
        for name in pattern.presets:
            self.preset.addItem(self.preset_words(name), name)
        for name, values in self.own.presets.of(pattern.name).items():
            self.preset.addItem(name, values)
        place = self.preset.findText(self.own.name) if self.own.name else self.preset.findData(inputs.preset)
        self.preset.setCurrentIndex(max(place, 0))

    def _choose_preset(self) -> None:
        chosen = self.preset.currentData()
        if isinstance(chosen, str):
            self.preset_chosen.emit(chosen)
        else:
            self.own_chosen.emit(tuple((str(k), str(v)) for k, v in chosen))

    def preset_words(self, name: str) -> str:
        """A preset's name for the officer."""
        return {
            "quick": self.tr("Quick look"),
            "twice": self.tr("Twice, offset"),
            "low-vents": self.tr("Low vents"),
        }.get(name, name)
