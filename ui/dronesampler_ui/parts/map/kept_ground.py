"""A picture of the layers that stand still, larger than the view, so that panning only moves it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPixmap

from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Layer, Still
from dronesampler_ui.theme import Theme

MARGIN_PX = 220


class KeptGround:
    """Drawn anew when zoom, look or a layer changes, or when the view leaves its margin."""

    def __init__(self) -> None:
        self._key: object = None
        self._camera: Camera | None = None
        self._m_px = 0.0
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, layers: Sequence[Layer], *, camera: Camera, theme: Theme) -> None:
        """Ground and layers, where they belong for this camera."""
        zooming, self._m_px = camera.m_px != self._m_px, camera.m_px
        if zooming:
            # A picture with margins would be thrown away at the next step of the wheel.
            painter.fillRect(0, 0, camera.width_px, camera.height_px, QColor(theme.ground))
            _paint(painter, layers, camera=camera, theme=theme)
            return
        ratio = painter.device().devicePixelRatio()
        versions = tuple((id(layer), layer.version) for layer in layers if isinstance(layer, Still))
        key = (camera.frame, camera.m_px, camera.width_px, camera.height_px, theme.name, ratio, versions)
        kept = self._camera
        shift = kept.point(camera.x_m, camera.y_m) - kept.point(kept.x_m, kept.y_m) if kept else QPointF()
        if kept is None or key != self._key or max(abs(shift.x()), abs(shift.y())) > MARGIN_PX:
            self._draw(layers, camera=camera, theme=theme, ratio=ratio)
            self._key, shift = key, QPointF()
        painter.drawPixmap(QPointF(-MARGIN_PX, -MARGIN_PX) - shift, self._pixmap)

    def _draw(self, layers: Sequence[Layer], *, camera: Camera, theme: Theme, ratio: float) -> None:
        wide = replace(camera, width_px=camera.width_px + 2 * MARGIN_PX, height_px=camera.height_px + 2 * MARGIN_PX)
        pixmap = QPixmap(round(wide.width_px * ratio), round(wide.height_px * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(theme.ground))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, layers, camera=wide, theme=theme)
        painter.end()
        self._pixmap, self._camera = pixmap, camera


def _paint(painter: QPainter, layers: Sequence[Layer], *, camera: Camera, theme: Theme) -> None:
    for layer in layers:
        painter.save()
        layer.paint(painter, camera, theme)
        painter.restore()
