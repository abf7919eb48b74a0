"""The map with what is laid over it: tools, layers, legend, and where the pointer is."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from dronesampler_ui import icons
from dronesampler_ui.parts import words
from dronesampler_ui.parts.contours import REACH_M
from dronesampler_ui.parts.map.basemap import BasemapLayer, Tiles
from dronesampler_ui.parts.map.flag_layers import MeasureLayer
from dronesampler_ui.parts.map.layer import Layer
from dronesampler_ui.parts.map.legend import Legend
from dronesampler_ui.parts.map.park_layer import ParkLayer
from dronesampler_ui.parts.map.view import ZOOM_STEP, MapView, Tool
from dronesampler_ui.theme import Theme

MARGIN_PX = 12


class MapPane(QWidget):
    """One map for all workspaces. A workspace hands in its layers when it is entered."""

    measured = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.view = MapView(theme, self)
        self.legend = Legend(theme, self)
        self.measure = MeasureLayer()
        self._basemap = BasemapLayer()
        self._tiles: Tiles | None = None
        self._layers: tuple[Layer, ...] = ()
        self._pointer = QLabel(self)
        self._pointer.setObjectName("soft")
        self._tools = QWidget(self)
        self._menu = QMenu(self)
        column = QVBoxLayout(self._tools)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.zoom_in = self._tool("plus", self.tr("Zoom in"), column)
        self.zoom_out = self._tool("minus", self.tr("Zoom out"), column)
        self.fit = self._tool("fit", self.tr("Show everything (F)"), column)
        self.ruler = self._tool("measure", self.tr("Measure distances (M)"), column)
        self.ruler.setCheckable(True)
        self.choose = self._tool("layers", self.tr("Choose layers (L)"), column)
        self.choose.setMenu(self._menu)
        self.choose.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.zoom_in.clicked.connect(lambda: self.view.zoom(ZOOM_STEP))
        self.zoom_out.clicked.connect(lambda: self.view.zoom(1 / ZOOM_STEP))
        self.fit.clicked.connect(self.view.fit)
        self.ruler.toggled.connect(self._measuring)
        self.view.clicked.connect(self._clicked)
        self.view.hovered.connect(self._hovered)
        self.view.left.connect(self._pointer.clear)
        self.view.installEventFilter(self)
        self.set_theme(theme)

    def _tool(self, name: str, words_: str, column: QVBoxLayout) -> QToolButton:
        button = QToolButton()
        button.setObjectName("map")
        button.setProperty("icon_name", name)
        button.setIconSize(QSize(18, 18))
        button.setToolTip(words_)
        button.setAccessibleName(words_)
        column.addWidget(button)
        return button

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.view.set_theme(theme)
        self.legend.set_theme(theme)
        for button in self._tools.findChildren(QToolButton):
            button.setIcon(icons.icon(button.property("icon_name"), theme))

    def show_layers(self, layers: tuple[Layer, ...], *, legend: bool = True) -> None:
        """A workspace takes the map."""
        self._layers = (self._basemap, *layers) if self._tiles else layers
        for layer in layers:
            if isinstance(layer, ParkLayer):
                layer.sheer = self._tiles is not None
                layer.version += 1
        self.view.set_layers((*self._layers, self.measure))
        self.legend.setVisible(legend)
        self._fill_menu()

    def show_basemap(self, file: Path | None) -> None:
        """Draw this MBTiles file under everything, or none."""
        self.close_basemap()
        self._tiles = Tiles(file, self) if file else None
        self._basemap.show(self._tiles)
        if self._tiles:
            self._tiles.arrived.connect(self.view.update)
        self.show_layers(tuple(layer for layer in self._layers if layer is not self._basemap))

    def close_basemap(self) -> None:
        """Let the file of the base map go."""
        if self._tiles:
            self._tiles.close()
            self._tiles = None

    def names(self) -> dict[str, str]:
        """Layers in the officer's words."""
        return {
            "basemap": self.tr("Base map"),
            "park": self.tr("Park and buildings"),
            "outlets": self.tr("Permitted outlets"),
            "airspace": self.tr("Controlled airspace"),
            "coverage": self.tr("What the route would see"),
            "isolines": self.tr("Isolines, within {reach:.0f} m of the track").format(reach=REACH_M),
            "readings": self.tr("Readings"),
            "track": self.tr("Track"),
            "route": self.tr("Plan"),
            "held": self.tr("Plan the vehicle holds"),
            "flags": self.tr("Suspected places"),
            "look_again": self.tr("Worth another look"),
            "vehicle": self.tr("Vehicle"),
            "sightings": self.tr("Sightings"),
            "evidence": self.tr("Lines that speak for the chosen place"),
            "look": self.tr("Proposed next look"),
            "traffic": self.tr("Other aircraft"),
        }

    def _fill_menu(self) -> None:
        self._menu.clear()
        names = self.names()
        for layer in reversed(self._layers):
            if layer.key not in names:
                continue
            action = QAction(names[layer.key], self._menu)
            action.setCheckable(True)
            action.setChecked(layer.key not in self.view.hidden)
            action.toggled.connect(lambda on, key=layer.key: self.view.set_hidden(key, not on))
            self._menu.addAction(action)

    def toggle(self, key: str) -> None:
        """Show a layer or hide it."""
        self.view.set_hidden(key, key not in self.view.hidden)
        self._fill_menu()

    def _measuring(self, on: bool) -> None:
        self.view.tool = Tool.MEASURE if on else Tool.LOOK
        self.view.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self.measure.clear()
        self.view.update()

    def _clicked(self, lat_deg: float, lon_deg: float) -> None:
        if self.view.tool is Tool.MEASURE:
            self.measure.add((lat_deg, lon_deg))
            self.view.update()
            self.measured.emit(self.measure.length_m)
            total = self.tr("Length {length}").format(length=words.length_m(self.measure.length_m))
            self._say_pointer(total)

    def _hovered(self, lat_deg: float, lon_deg: float) -> None:
        if self.view.tool is not Tool.MEASURE or self.measure.length_m == 0.0:
            self._say_pointer(words.degrees(lat_deg, lon_deg))

    def _say_pointer(self, said: str) -> None:
        self._pointer.setText(said)
        self._pointer.adjustSize()
        self._pointer.move(MARGIN_PX + 150, self.height() - self._pointer.height() - MARGIN_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            if key == Qt.Key.Key_M:
                self.ruler.toggle()
                return True
            if key == Qt.Key.Key_L:
                self.choose.showMenu()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        self._tools.adjustSize()
        self._tools.move(MARGIN_PX, MARGIN_PX)
        size = self.legend.sizeHint()
        self.legend.setGeometry(
            self.width() - size.width() - MARGIN_PX,
            self.height() - size.height() - MARGIN_PX,
            size.width(),
            size.height(),
        )
