"""Where the map looks: a frozen camera between local metres and pixels."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from dronesampler.geo import LocalFrame

CLOSEST_M_PX = 0.01
FARTHEST_M_PX = 200.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """Centre in metres of `frame`, metres a pixel, and the view's size. Pixels are logical, y down."""

    frame: LocalFrame
    x_m: float = 0.0
    y_m: float = 0.0
    m_px: float = 1.0
    width_px: int = 1
    height_px: int = 1

    def transform(self) -> QTransform:
        """Metres to pixels."""
        k = 1.0 / self.m_px
        return QTransform(k, 0, 0, -k, self.width_px / 2 - self.x_m * k, self.height_px / 2 + self.y_m * k)

    def to_px(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        return (x_m - self.x_m) / self.m_px + self.width_px / 2, (self.y_m - y_m) / self.m_px + self.height_px / 2

    def point(self, x_m: float, y_m: float) -> QPointF:
        return QPointF(
            (x_m - self.x_m) / self.m_px + self.width_px / 2, (self.y_m - y_m) / self.m_px + self.height_px / 2
        )

    def to_m(self, at: QPointF) -> tuple[float, float]:
        return (
            (at.x() - self.width_px / 2) * self.m_px + self.x_m,
            (self.height_px / 2 - at.y()) * self.m_px + self.y_m,
        )

    def lat_lon(self, at: QPointF) -> tuple[float, float]:
        x_m, y_m = self.to_m(at)
        lat, lon = self.frame.to_lat_lon(x_m, y_m)
        return float(lat), float(lon)

    def sized(self, width_px: int, height_px: int) -> "Camera":
        return replace(self, width_px=max(width_px, 1), height_px=max(height_px, 1))

    def panned(self, dx_px: float, dy_px: float) -> "Camera":
        """The ground moves with the pointer."""
        return replace(self, x_m=self.x_m - dx_px * self.m_px, y_m=self.y_m + dy_px * self.m_px)

    def centred(self, x_m: float, y_m: float) -> "Camera":
        return replace(self, x_m=x_m, y_m=y_m)

    def zoomed(self, factor: float, at: QPointF | None = None) -> "Camera":
        """`factor` > 1 comes closer; the ground under `at` stays."""
        if at is None:
            at = QPointF(self.width_px / 2, self.height_px / 2)
        m_px = min(max(self.m_px / factor, CLOSEST_M_PX), FARTHEST_M_PX)
        x_m, y_m = self.to_m(at)
        k = m_px / self.m_px
        return replace(self, m_px=m_px, x_m=x_m + (self.x_m - x_m) * k, y_m=y_m + (self.y_m - y_m) * k)

    def fitted(self, extent_m: QRectF, margin_px: float = 48.0) -> "Camera":
        """All of `extent_m` (x right, y up: top() is its least y) in view."""
        wide = max(self.width_px - 2 * margin_px, 40.0)
        high = max(self.height_px - 2 * margin_px, 40.0)
        m_px = max(extent_m.width() / wide, extent_m.height() / high, 0.05)
        return replace(self, x_m=extent_m.center().x(), y_m=extent_m.center().y(), m_px=min(m_px, FARTHEST_M_PX))
