"""Which offline base map lies under everything: asked for, dropped, remembered, and tried before it is shown."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from dronesampler.geo.tiles import ENDINGS, open_tiles
from dronesampler.problems import BadInput, Severity
from dronesampler_ui.settings import Settings
from dronesampler_ui.workspace import Room


class Basemaps(QObject):
    """Files (MBTiles, PMTiles, GeoTIFF) and folders zoom/column/row.png."""

    def __init__(self, room: Room, settings: Settings) -> None:
        super().__init__()
        self._room, self._settings = room, settings

    def restore(self) -> None:
        """The map of the last time, where it is still there."""
        if self._settings.basemap and Path(self._settings.basemap).exists():
            self._room.map.show_basemap(Path(self._settings.basemap))

    def show(self, path: Path) -> None:
        """Show this one; what is no base map is said, and the one before stays."""
        try:
            open_tiles(path)
        except BadInput as problem:
            self._room.say(f"{path.name}: {self._room.said(problem.text)}", Severity.WARNING)
            return
        self._settings.basemap = str(path)
        self._room.map.show_basemap(path)

    def hide(self) -> None:
        self._settings.basemap = ""
        self._room.map.show_basemap(None)

    def ask_file(self) -> None:
        endings = " ".join(f"*{ending}" for ending in ENDINGS)
        title = self.tr("Open a base map")
        name, _ = QFileDialog.getOpenFileName(self._room.map, title, "", f"{self.tr('Base maps')} ({endings})")
        if name:
            self.show(Path(name))

    def ask_folder(self) -> None:
        title = self.tr("Open a folder of map tiles (zoom/column/row.png)")
        name = QFileDialog.getExistingDirectory(self._room.map, title)
        if name:
            self.show(Path(name))

    def actions(self) -> list[QAction]:
        """For the palette."""
        made = []
        for words, do in (
            (self.tr("Map: open a base map file"), self.ask_file),
            (self.tr("Map: open a folder of map tiles"), self.ask_folder),
            (self.tr("Map: no base map"), self.hide),
        ):
            action = QAction(words, self)
            action.triggered.connect(lambda _=False, do=do: do())
            made.append(action)
        return made
