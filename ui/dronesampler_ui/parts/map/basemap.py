"""Offline base maps: raster tiles of an MBTiles file, read on a thread of their own, drawn under everything else."""

import math
import sqlite3
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

EQUATOR_M_PX = 156_543.034  # metres a pixel of zoom 0 at the equator (EPSG:3857, tiles of 256 pixels)
KEPT_TILES = 400
DIMMED = 0.55  # of the tiles in the dark theme


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place in the pyramid, y from the north."""

    zoom: int
    x: int
    y: int

    def corners(self) -> tuple[float, float, float, float]:
        """North, west, south, east in degrees."""
        return (
            _lat(self.y, self.zoom),
            _lon(self.x, self.zoom),
            _lat(self.y + 1, self.zoom),
            _lon(self.x + 1, self.zoom),
        )


def _lon(x: float, zoom: int) -> float:
    return x / float(2**zoom) * 360.0 - 180.0


def _lat(y: float, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**zoom))))


def tile_of(lat_deg: float, lon_deg: float, zoom: int) -> Tile:
    """The tile that holds a place."""
    lat = math.radians(min(max(lat_deg, -85.0), 85.0))
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom
    return Tile(zoom, int((lon_deg + 180.0) / 360.0 * 2**zoom), int(y))


class Tiles(QObject):
    """The tiles of one file. `arrived` is emitted on the UI thread when some were read."""

    arrived = Signal()
    _read = Signal(object, QImage)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="tiles")
        self._images: OrderedDict[Tile, QImage | None] = OrderedDict()
        self._database: sqlite3.Connection | None = None
        self.zooms = (0, 22)
        self._read.connect(self._keep)
        self._pool.submit(self._open)

    def get(self, tile: Tile) -> QImage | None:
        """The tile, or None while it is read (or when the file has none)."""
        if tile not in self._images:
            self._images[tile] = None
            self._pool.submit(self._load, tile)
        self._images.move_to_end(tile)
        while len(self._images) > KEPT_TILES:
            self._images.popitem(last=False)
        return self._images[tile]

    def close(self) -> None:
        """Stop reading and let the file go."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._database is not None:
            self._database.close()

    def _open(self) -> None:
        """Runs on the tiles' thread. A file that is no base map has no tiles."""
        try:
            self._database = sqlite3.connect(
                self._file.absolute().as_uri() + "?mode=ro", uri=True, check_same_thread=False
            )
            low, high = self._database.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
            self.zooms = (int(low), int(high))
        except (sqlite3.Error, TypeError):
            self._database = None

    def _load(self, tile: Tile) -> None:
        """Runs on the tiles' thread. MBTiles count rows from the south."""
        if self._database is None:
            return
        words = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        row = self._database.execute(words, (tile.zoom, tile.x, 2**tile.zoom - 1 - tile.y)).fetchone()
        image = QImage.fromData(row[0]) if row else QImage()
        if not image.isNull():
            self._read.emit(tile, image.convertToFormat(QImage.Format.Format_RGB32))

    def _keep(self, tile: Tile, image: QImage) -> None:
        self._images[tile] = image
        self.arrived.emit()


class BasemapLayer:
    """Draws what tiles there are; the ground colour shows where there are none."""

    key = "basemap"

    def __init__(self) -> None:
        self.version = 0
        self._tiles: Tiles | None = None
        self._frame: LocalFrame | None = None

    def show(self, tiles: Tiles | None) -> None:
        self._tiles = tiles
        self.version += 1
        if tiles is not None:
            tiles.arrived.connect(self._arrived)

    def _arrived(self) -> None:
        self.version += 1

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self.version += 1

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if self._tiles is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(DIMMED if theme.dark else 1.0)
        for tile in self._wanted(camera):
            image = self._tiles.get(tile)
            if image is not None:
                painter.drawImage(_place(camera, tile), image)

    def _wanted(self, camera: Camera) -> list[Tile]:
        """The tiles in view at the zoom whose pixels are about the screen's."""
        assert self._tiles is not None
        low, high = self._tiles.zooms
        north, west = camera.lat_lon(QPointF(0, 0))
        south, east = camera.lat_lon(QPointF(camera.width_px, camera.height_px))
        at_equator = camera.m_px / math.cos(math.radians((north + south) / 2))
        zoom = min(max(round(math.log2(EQUATOR_M_PX / at_equator)), low), high)
        first, last = tile_of(north, west, zoom), tile_of(south, east, zoom)
        if (last.x - first.x + 1) * (last.y - first.y + 1) > KEPT_TILES // 2:
            return []  # far outside what the file was made for
        return [Tile(zoom, x, y) for y in range(first.y, last.y + 1) for x in range(first.x, last.x + 1)]

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []


def _place(camera: Camera, tile: Tile) -> QRectF:
    north, west, south, east = tile.corners()
    x, y = camera.frame.to_xy([north, south], [west, east])
    return QRectF(camera.point(float(x[0]), float(y[0])), camera.point(float(x[1]), float(y[1])))
