"""Offline base maps: raster tiles of MBTiles, PMTiles or GeoTIFF files, read on a thread of their own, drawn under
everything else; maps in a shifted datum are put back where they belong."""

import logging
import math
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from dronesampler.geo import LocalFrame
from dronesampler.geo.datum import Datum, from_wgs84
from dronesampler.geo.tiles import TileSource, open_tiles, tile_bounds_wgs84
from dronesampler.problems import BadInput
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

log = logging.getLogger(__name__)
EQUATOR_M_PX = 156_543.034  # metres a pixel of zoom 0 at the equator (EPSG:3857, tiles of 256 pixels)
KEPT_TILES = 400
DIMMED = 0.55  # of the tiles in the dark theme


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place in the pyramid, y from the north."""

    zoom: int
    x: int
    y: int

    def corners(self, datum: Datum = Datum.WGS84) -> tuple[float, float, float, float]:
        """North, west, south, east in WGS 84 degrees of a tile of a map in that datum."""
        west, south, east, north = tile_bounds_wgs84(self.zoom, self.x, self.y, datum)
        return north, west, south, east


def tile_of(lat_deg: float, lon_deg: float, zoom: int, datum: Datum = Datum.WGS84) -> Tile:
    """The tile of a map in that datum that holds a WGS 84 place."""
    shifted_lat, shifted_lon = from_wgs84(lat_deg, lon_deg, datum)
    lat = math.radians(min(max(float(shifted_lat), -85.0), 85.0))
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom
    return Tile(zoom, int((float(shifted_lon) + 180.0) / 360.0 * 2**zoom), int(y))


class Tiles(QObject):
    """The tiles of one file. `arrived` is emitted on the UI thread when some were read."""

    arrived = Signal()
    _read = Signal(object, QImage)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="tiles")
        self._images: OrderedDict[Tile, QImage | None] = OrderedDict()
        self._source: TileSource | None = None
        self.zooms = (0, 22)
        self.datum = Datum.WGS84
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

    def _open(self) -> None:
        """Runs on the tiles' thread. A file that is no base map has no tiles."""
        try:
            self._source = open_tiles(self._file)
        except BadInput as problem:
            log.warning("no base map: %s", problem)
            return
        self.zooms, self.datum = (self._source.min_zoom, self._source.max_zoom), self._source.datum

    def _load(self, tile: Tile) -> None:
        """Runs on the tiles' thread."""
        if self._source is None:
            return
        try:
            data = self._source.tile(tile.zoom, tile.x, tile.y)
        except BadInput as problem:
            log.warning("a tile cannot be read: %s", problem)
            return
        image = QImage.fromData(data) if data else QImage()
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
                painter.drawImage(_place(camera, tile, self._tiles.datum), image)

    def _wanted(self, camera: Camera) -> list[Tile]:
        """The tiles in view at the zoom whose pixels are about the screen's."""
        assert self._tiles is not None
        low, high = self._tiles.zooms
        north, west = camera.lat_lon(QPointF(0, 0))
        south, east = camera.lat_lon(QPointF(camera.width_px, camera.height_px))
        at_equator = camera.m_px / math.cos(math.radians((north + south) / 2))
        zoom = min(max(round(math.log2(EQUATOR_M_PX / at_equator)), low), high)
        datum = self._tiles.datum
        first, last = tile_of(north, west, zoom, datum), tile_of(south, east, zoom, datum)
        if (last.x - first.x + 1) * (last.y - first.y + 1) > KEPT_TILES // 2:
            return []  # far outside what the file was made for
        return [Tile(zoom, x, y) for y in range(first.y, last.y + 1) for x in range(first.x, last.x + 1)]

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []


def _place(camera: Camera, tile: Tile, datum: Datum) -> QRectF:
    north, west, south, east = tile.corners(datum)
    x, y = camera.frame.to_xy([north, south], [west, east])
    return QRectF(camera.point(float(x[0]), float(y[0])), camera.point(float(x[1]), float(y[1])))
