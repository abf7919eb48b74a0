"""Readings as one raster at any scale: each pixel shows the highest reading in it, so that no peak is hidden."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from dronesampler.columns import Readings
from dronesampler.geo import LocalFrame
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

Levels = NDArray[np.uint8]
THINNED_ABOVE = 200_000


class ReadingsLayer:
    """Coloured readings. Kept sorted by value: writing them in that order leaves the highest in every pixel."""

    key = "readings"

    def __init__(self) -> None:
        self._readings: Readings | None = None
        self._frame: LocalFrame | None = None
        self._x = self._y = self._log = np.zeros(0, np.float32)
        self._time_s = np.zeros(0)
        self._until_s = np.inf
        self._thinned: dict[int, tuple[NDArray[np.float32], ...]] = {}
        self._image: tuple[object, QImage, NDArray[np.uint32]] | None = None
        self._version = 0
        self.scale = ramp.Scale()

    def show(self, readings: Readings | None, *, scale: ramp.Scale | None = None) -> None:
        """Show these, or none. Rows without a value or a place are left out."""
        self._readings = readings
        if scale:
            self.scale = scale
        if self._frame:
            self.placed(self._frame)

    def until(self, time_s: float) -> None:
        """Show only what was read up to that moment (replay)."""
        self._until_s = time_s
        self._changed()

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self._changed()
        if self._readings is None:
            self._x = self._y = self._log = np.zeros(0, np.float32)
            self._time_s = np.zeros(0)
            return
        r = self._readings
        good = r.ok & np.isfinite(r.value_mg_m3) & np.isfinite(r.lat_deg) & np.isfinite(r.lon_deg)
        order = np.flatnonzero(good)[np.argsort(r.value_mg_m3[good], kind="stable")]
        x_m, y_m = frame.to_xy(r.lat_deg[order], r.lon_deg[order])
        self._x, self._y = x_m.astype(np.float32), y_m.astype(np.float32)
        self._log = ramp.log_of(r.value_mg_m3[order])
        self._time_s = r.time_s[order]

    def extent(self) -> QRectF | None:
        if len(self._x) == 0:
            return None
        left, right, low, high = (float(v) for v in (self._x.min(), self._x.max(), self._y.min(), self._y.max()))
        return QRectF(left, low, right - left, high - low)

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if len(self._x) == 0:
            return
        ratio = painter.device().devicePixelRatio()
        key = (camera, theme.name, self.scale, ratio, self._version)
        if self._image is None or self._image[0] != key:
            levels = self._levels(camera, ratio, theme)
            high, wide = levels.shape
            pixels = ramp.table(theme)[levels]
            image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            # The image borrows the array's memory: both are kept together.
            self._image = (key, image, pixels)
        painter.drawImage(0, 0, self._image[1])

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []

    def _changed(self) -> None:
        self._version += 1
        self._thinned.clear()

    def _levels(self, camera: Camera, ratio: float, theme: Theme) -> Levels:
        wide, high = (-(-round(n * ratio) // 4) * 4 for n in (camera.width_px, camera.height_px))
        k = np.float32(ratio / camera.m_px)
        x, y, log = self._rows(camera.m_px / ratio)
        px = (x - np.float32(camera.x_m)) * k + np.float32(camera.width_px * ratio / 2)
        py = np.float32(camera.height_px * ratio / 2) - (y - np.float32(camera.y_m)) * k
        seen = (px >= 0) & (px < wide) & (py >= 0) & (py < high)
        at = py[seen].astype(np.intp)
        at *= wide
        at += px[seen].astype(np.intp)
        levels = np.zeros(wide * high, np.uint8)
        levels[at] = self.scale.levels(log[seen])
        return _spread(levels.reshape(high, wide), _radius(camera.m_px, ratio, theme))

    def _rows(self, cell_m: float) -> tuple[NDArray[np.float32], ...]:
        """The rows to draw: those already read, and of many only the highest of each cell smaller than a pixel."""
        everything = (self._x, self._y, self._log)
        if np.isfinite(self._until_s):
            past = self._time_s <= self._until_s
            everything = tuple(column[past] for column in everything)  # type: ignore[assignment]
        if len(self._x) <= THINNED_ABOVE:
            return everything
        power = int(np.floor(np.log2(cell_m)))
        if power not in self._thinned:
            self._thinned[power] = _highest_of_cells(*everything, cell_m=2.0**power / 2)
        return self._thinned[power]


def _highest_of_cells(
    x: NDArray[np.float32], y: NDArray[np.float32], log: NDArray[np.float32], *, cell_m: float
) -> tuple[NDArray[np.float32], ...]:
    """One row a cell, the highest; rows come sorted by value and leave sorted by value."""
    column = np.floor((x - x.min()) / cell_m).astype(np.int64)
    row = np.floor((y - y.min()) / cell_m).astype(np.int64)
    cell = row * (int(column.max()) + 1) + column
    # Reversed, so that the first of each cell is its highest.
    _, first = np.unique(cell[::-1], return_index=True)
    kept = np.sort(len(cell) - 1 - first)
    return x[kept], y[kept], log[kept]


def _radius(m_px: float, ratio: float, theme: Theme) -> int:
    """Dots grow as the map comes closer."""
    near = 1 if m_px > 1.5 else 2 if m_px > 0.5 else 3
    return round((near + (1 if theme.stroke > 1 else 0)) * ratio)


def _spread(levels: Levels, radius: int) -> Levels:
    """Each dot grown to a disc of that radius, higher levels over lower ones."""
    grown = levels
    for step in range(radius):
        before = grown
        grown = before.copy()
        _raise(grown[1:], before[:-1])
        _raise(grown[:-1], before[1:])
        _raise(grown[:, 1:], before[:, :-1])
        _raise(grown[:, :-1], before[:, 1:])
        if step % 2:
            # Alternating the diamond with a square makes an octagon, near enough a disc.
            _raise(grown[1:, 1:], before[:-1, :-1])
            _raise(grown[:-1, :-1], before[1:, 1:])
            _raise(grown[1:, :-1], before[:-1, 1:])
            _raise(grown[:-1, 1:], before[1:, :-1])
    return np.ascontiguousarray(grown)


def _raise(onto: Levels, other: Levels) -> None:
    np.maximum(onto, other, out=onto)
