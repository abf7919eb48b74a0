"""Readings as one raster at any scale: each pixel shows the highest reading in it, so that no peak is hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from dronesampler.columns import Readings
from dronesampler.geo import LocalFrame
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.parts.raster import Levels, image_of, raster, whole_words
from dronesampler_ui.theme import Theme

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]
Rows = tuple[Singles, Singles, Singles]  # x, y, natural logarithm of mg/m3
THINNED_FROM = 20_000  # readings that are worth making ready in several sizes
POWERS = range(-1, 7)
MOST_CELLS = 16_000_000


@dataclass(frozen=True, slots=True)
class Laid:
    """Readings in metres of a frame, lowest first: writing them in that order leaves the highest in every pixel.

    `thinned[p]` holds only the highest of each cell of 2**p / 2 metres. Long patrols are laid off the UI thread.
    """

    frame: LocalFrame
    x: Singles
    y: Singles
    log: Singles
    time_s: Floats
    thinned: Mapping[int, Rows] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        return self.x, self.y, self.log


def lay(readings: Readings | None, frame: LocalFrame) -> Laid:
    """Rows without a value or a place are left out."""
    if readings is None:
        none = np.zeros(0, np.float32)
        return Laid(frame, none, none, none, np.zeros(0))
    r = readings
    good = np.flatnonzero(r.ok & np.isfinite(r.value_mg_m3) & np.isfinite(r.lat_deg) & np.isfinite(r.lon_deg))
    order = good[np.argsort(r.value_mg_m3[good].astype(np.float32))]
    x_m, y_m = frame.to_xy(r.lat_deg[order], r.lon_deg[order])
    log = ramp.log_of(r.value_mg_m3[order])
    return Laid(frame, x_m.astype(np.float32), y_m.astype(np.float32), log, r.time_s[order])


def thinned(laid: Laid) -> Laid:
    """The same with the highest of ever larger cells, each level made of the one before."""
    levels, rows = {}, laid.rows
    for power in POWERS if len(laid.x) > THINNED_FROM else ():
        rows = _highest_of_cells(*rows, cell_m=2.0**power / 2)
        levels[power] = rows
    return replace(laid, thinned=levels)


class ReadingsLayer:
    """Coloured readings."""

    key = "readings"

    def __init__(self) -> None:
        self._readings: Readings | None = None
        self._laid: Laid | None = None
        self._laid_for: Readings | None = None
        self._until_s = np.inf
        self._image: tuple[object, QImage, NDArray[np.uint32]] | None = None
        self._version = 0
        self.scale = ramp.Scale()

    def show(self, readings: Readings | None, *, scale: ramp.Scale | None = None, laid: Laid | None = None) -> None:
        """Show these, or none; `laid` are the same readings, made ready elsewhere."""
        self._readings = readings
        if scale:
            self.scale = scale
        if laid:
            self.take(laid)
        elif self._laid:
            self.placed(self._laid.frame)

    def take(self, laid: Laid) -> None:
        """The readings shown, made ready elsewhere."""
        self._laid, self._laid_for = laid, self._readings
        self._version += 1

    def until(self, time_s: float) -> None:
        """Show only what was read up to that moment (replay)."""
        if time_s != self._until_s:
            self._until_s = time_s
            self._version += 1

    def placed(self, frame: LocalFrame) -> None:
        if self._laid is None or self._laid.frame != frame or self._laid_for is not self._readings:
            self.take(lay(self._readings, frame))

    def extent(self) -> QRectF | None:
        laid = self._laid
        if laid is None or len(laid.x) == 0:
            return None
        left, right, low, high = (float(v) for v in (laid.x.min(), laid.x.max(), laid.y.min(), laid.y.max()))
        return QRectF(left, low, right - left, high - low)

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if self._laid is None or len(self._laid.x) == 0:
            return
        ratio = painter.device().devicePixelRatio()
        key = (camera, theme.name, self.scale, ratio, self._version)
        if self._image is None or self._image[0] != key:
            levels = self._levels(camera, ratio, theme)
            image, pixels = image_of(levels, theme, ratio)
            self._image = (key, image, pixels)
        painter.drawImage(0, 0, self._image[1])

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []

    def _levels(self, camera: Camera, ratio: float, theme: Theme) -> Levels:
        wide, high = whole_words(camera.width_px * ratio), whole_words(camera.height_px * ratio)
        k = np.float32(ratio / camera.m_px)
        x, y, log = self._rows(camera.m_px / ratio)
        px = (x - np.float32(camera.x_m)) * k + np.float32(camera.width_px * ratio / 2)
        py = np.float32(camera.height_px * ratio / 2) - (y - np.float32(camera.y_m)) * k
        level, radius = self.scale.levels(log), _radius(camera.m_px, ratio, theme)
        return raster(px, py, level, wide=wide, high=high, radius=radius)

    def _rows(self, cell_m: float) -> Rows:
        """The rows to draw: those already read, and of many only the highest of each cell smaller than a pixel."""
        laid = self._laid
        assert laid is not None
        if np.isfinite(self._until_s):
            past = laid.time_s <= self._until_s
            return laid.x[past], laid.y[past], laid.log[past]
        return laid.thinned.get(min(int(np.floor(np.log2(cell_m))), POWERS[-1]), laid.rows)


def _highest_of_cells(x: Singles, y: Singles, log: Singles, *, cell_m: float) -> Rows:
    """One row a cell, the highest; rows come sorted by value and leave sorted by value."""
    column, row = ((v - v.min()) / np.float32(cell_m) for v in (x, y))
    wide, high = int(column.max()) + 1, int(row.max()) + 1
    if wide * high > MOST_CELLS:
        return x, y, log
    cell = row.astype(np.intp)
    cell *= wide
    cell += column.astype(np.intp)
    # Written in order of value, so that the highest of each cell is the one that stays.
    last = np.full(wide * high, -1, np.int32)
    last[cell] = np.arange(len(x), dtype=np.int32)
    kept = np.sort(last[last >= 0])
    return x[kept], y[kept], log[kept]


def _radius(m_px: float, ratio: float, theme: Theme) -> int:
    """Dots grow as the map comes closer."""
    near = 1 if m_px > 1.5 else 2 if m_px > 0.5 else 3
    return round((near + (1 if theme.stroke > 1 else 0)) * ratio)
