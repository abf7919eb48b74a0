"""Park files opened, terrain files opened, and missions saved: dialogues, and the work behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dronesampler.cli.wording import place_said
from dronesampler.mission import Mission
from dronesampler.mission.files import FORMATS, MissionImport
from dronesampler.park import Park
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text
from dronesampler_ui.aircraft import keep_aircraft
from dronesampler_ui.plan import making
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:
    from dronesampler.geo.terrain import Tiles
    from dronesampler.plan import Aircraft

PARK_ENDINGS = (".geojson", ".json", ".kml", ".kmz", ".shp", ".csv", ".xlsx")
TERRAIN_ENDINGS = (".hgt", ".tif", ".tiff")


class FilesDesk(QObject):
    """Emits what was read; says what was written and what a format lost."""

    park_read = Signal(object)  # Park
    terrain_read = Signal(object)  # Tiles
    mission_read = Signal(object)  # MissionImport
    aircraft_read = Signal()

    def __init__(self, room: Room, over: QWidget) -> None:
        super().__init__()
        self._room, self._over = room, over

    def ask_park(self) -> None:
        endings = " ".join(f"*{ending}" for ending in PARK_ENDINGS)
        title = self.tr("Open a park file")
        name, _ = QFileDialog.getOpenFileName(self._over, title, "", f"{self.tr('Parks')} ({endings})")
        if name:
            self.open_park(Path(name))

    def open_park(self, path: Path) -> None:
        """Read a park file."""
        self._room.background.run(
            lambda progress: making.open_park(path), title=self.tr("Reading the park"), done=self._opened
        )

    def open_either(self, path: Path) -> None:
        """Read a file that may hold a route or a park."""

        def take(found: MissionImport | tuple[Park, tuple[Problem, ...]]) -> None:
            if isinstance(found, tuple):
                self._opened(found)
            else:
                self.mission_read.emit(found)

        self._room.background.run(
            lambda progress: making.open_either(path), title=self.tr("Reading {file}").format(file=path.name), done=take
        )

    def _opened(self, found: tuple[Park, tuple[Problem, ...]]) -> None:
        park, refused = found
        for problem in refused:
            place = place_said(problem.where, self._room.lang)
            self._room.say(f"{place}: {self._room.said(problem.text)}", Severity.WARNING)
        self.park_read.emit(park)

    def ask_terrain(self) -> None:
        endings = " ".join(f"*{ending}" for ending in TERRAIN_ENDINGS)
        title = self.tr("Open terrain files")
        names, _ = QFileDialog.getOpenFileNames(self._over, title, "", f"{self.tr('Terrain')} ({endings})")
        if names:
            self.open_terrain([Path(name) for name in names])

    def open_terrain(self, paths: Sequence[Path]) -> None:
        """Read heights of the ground."""

        def read(tiles: Tiles) -> None:
            files = ", ".join(path.name for path in paths)
            self._room.say(self.tr("Heights of the ground from {files}").format(files=files), Severity.NOTE)
            self.terrain_read.emit(tiles)

        self._room.background.run(
            lambda progress: making.open_terrain(paths), title=self.tr("Reading terrain"), done=read
        )

    def ask_aircraft(self) -> None:
        title = self.tr("Choose the aircraft's file")
        name, _ = QFileDialog.getOpenFileName(self._over, title, "", f"{self.tr('Aircraft')} (*.toml *.json)")
        if name:
            self.open_aircraft(Path(name))

    def open_aircraft(self, path: Path) -> None:
        """Plan with this aircraft from now on: its figures are kept in the data folder."""

        def read(aircraft: Aircraft) -> None:
            words = self.tr("Planned for {name}: hover {watts:.0f} W, battery {wh:.0f} Wh")
            values = {"name": aircraft.name, "watts": aircraft.hover_w, "wh": aircraft.battery_wh}
            self._room.say(words.format(**values), Severity.NOTE)
            self.aircraft_read.emit()

        data_dir = self._room.library.data_dir
        self._room.background.run(
            lambda progress: keep_aircraft(path, data_dir), title=self.tr("Reading the aircraft"), done=read
        )

    def ask_save(self, mission: Mission) -> None:
        kinds = " ".join(f"*{ending}" for ending in FORMATS if ending not in (".txt", ".json"))
        title = self.tr("Save the mission")
        name, _ = QFileDialog.getSaveFileName(self._over, title, "mission.plan", f"{self.tr('Missions')} ({kinds})")
        if name:
            self.save(mission, Path(name))

    def save(self, mission: Mission, path: Path) -> None:
        """Write a mission."""
        self._room.background.run(
            lambda progress: making.save(mission, path),
            title=self.tr("Saving"),
            done=lambda lost: self._saved(path, lost),
        )

    def _saved(self, path: Path, lost: tuple[Text, ...]) -> None:
        self._room.say(self.tr("Written: {file}").format(file=path.name), Severity.NOTE)
        for text in lost:
            self._room.say(self._room.said(text), Severity.WARNING)
