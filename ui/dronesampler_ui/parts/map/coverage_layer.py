"""What a route would see: each cell of the park tinted by the smallest emission that would be noticed there."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

UNSEEN_G_S = 1.0  # as the plan counts it: a place that would have to emit more was not inspected
BEST_G_S = 0.01
DEEPEST, PALEST = 92, 22  # of 255: the tint of the best and of the least inspected cell


@dataclass(frozen=True, slots=True)
class CoverageShown:
    """Middles of cells in local metres of `frame`, and the least rate noticed in each, shape (n,)."""

    frame: LocalFrame
    cell_m: float
    x_m: Floats
    y_m: Floats
    rate_g_s: Floats


class CoverageLayer:
    """Deeper tint: smaller emissions are seen. Hatched: not inspected."""

    key = "coverage"

    def __init__(self) -> None:
        self.version = 0
        self._shown: CoverageShown | None = None
        self._frame: LocalFrame | None = None
        self._corner = (0.0, 0.0)  # west, north of the raster in the map's metres
        self._depth = np.zeros((1, 1))

    def show(self, shown: CoverageShown | None) -> None:
        self._shown = shown
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self.version += 1
        c = self._shown
        if c is None:
            return
        column = np.rint((c.x_m - c.x_m.min()) / c.cell_m).astype(int)
        row = np.rint((c.y_m.max() - c.y_m) / c.cell_m).astype(int)
        # -1 outside the park, 0 not inspected, up to 1 for the smallest emissions.
        self._depth = np.full((row.max() + 1, column.max() + 1), -1.0)
        span = np.log(UNSEEN_G_S / BEST_G_S)
        depth = np.clip(np.log(UNSEEN_G_S / np.clip(c.rate_g_s, 1e-9, UNSEEN_G_S)) / span, 0.02, 1.0)
        self._depth[row, column] = np.where(c.rate_g_s <= UNSEEN_G_S, depth, 0.0)
        lat, lon = c.frame.to_lat_lon(c.x_m.min() - c.cell_m / 2, c.y_m.max() + c.cell_m / 2)
        x, y = frame.to_xy(lat, lon)
        self._corner = (float(x), float(y))

    def extent(self) -> QRectF | None:
        return None

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        if self._shown is None:
            return
        high, wide = self._depth.shape
        cell_px = self._shown.cell_m / camera.m_px
        corner = camera.point(*self._corner)
        area = QRectF(corner.x(), corner.y(), wide * cell_px, high * cell_px)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, _tint(self._depth, QColor(theme.flown)))
        hatch = QColor(theme.warn)
        hatch.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.Dense7Pattern))
        for row, column in np.argwhere(self._depth == 0.0):
            painter.drawRect(
                QRectF(corner.x() + column * cell_px, corner.y() + row * cell_px, cell_px + 0.5, cell_px + 0.5)
            )

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return []


def _tint(depth: Floats, colour: QColor) -> QImage:
    alpha = np.where(depth > 0, PALEST + (DEEPEST - PALEST) * depth, 0.0).astype(np.uint32)
    part = alpha / 255.0
    red, green, blue = ((c * part).astype(np.uint32) for c in (colour.red(), colour.green(), colour.blue()))
    pixels = np.ascontiguousarray(alpha << 24 | red << 16 | green << 8 | blue).astype(np.uint32)
    high, wide = pixels.shape
    return QImage(pixels.tobytes(), wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied).copy()
