"""The curtain's plot: distance and height with readings as a raster, on pyqtgraph's axes. Imported when first shown."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from dronesampler.desk.section import Section, Stack
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.raster import image_of, raster, whole_words
from dronesampler_ui.theme import Theme

DOT_PX = 3
SHARPEST = 2.0  # device pixels drawn of a logical one; a printer has many more
LEAST_HEIGHT_M = 40.0
NAME_WIDE_PX, NAME_HIGH_PX = 44.0, 15.0


class Dots(pg.GraphicsObject):  # type: ignore[misc]
    """Readings of any number: each pixel shows the highest in it."""

    def __init__(self) -> None:
        super().__init__()
        self._x = self._y = self._log = np.zeros(0, np.float32)
        self._box = QRectF()
        self._kept: tuple[object, Any] | None = None
        self._version = 0
        self.scale = ramp.Scale()
        self.theme: Theme | None = None

    def show_section(self, section: Section, log: NDArray[np.float32]) -> None:
        """Rows come in order of value."""
        self.prepareGeometryChange()
        self._x, self._y = section.along_m.astype(np.float32), section.height_m.astype(np.float32)
        self._log = log
        self._box = QRectF()
        if len(self._x):
            left, low = float(self._x.min()), float(self._y.min())
            self._box = QRectF(left, low, float(np.ptp(self._x)) or 1.0, float(np.ptp(self._y)) or 1.0)
        self.changed()

    def changed(self) -> None:
        self._version += 1
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def paint(self, painter: QPainter, *_: object) -> None:
        if self.theme is None or not len(self._x):
            return
        to_device = painter.worldTransform()
        area = to_device.mapRect(self.getViewBox().viewRect())
        k = min(1.0, SHARPEST * self.getViewBox().width() / max(area.width(), 1.0))
        wide, high = whole_words(area.width() * k), max(round(area.height() * k), 1)
        key = (self._version, self.scale, self.theme.name, to_device, wide, high)
        if self._kept is None or self._kept[0] != key:
            px = (self._x * np.float32(to_device.m11()) + np.float32(to_device.dx() - area.left())) * np.float32(k)
            py = (self._y * np.float32(to_device.m22()) + np.float32(to_device.dy() - area.top())) * np.float32(k)
            radius = round(DOT_PX * self.theme.stroke * min(k * area.width() / self.getViewBox().width(), SHARPEST))
            levels = raster(px, py, self.scale.levels(self._log), wide=wide, high=high, radius=max(radius, 1))
            self._kept = (key, image_of(levels, self.theme, 1.0))
        painter.save()
        painter.resetTransform()
        painter.drawImage(QRectF(area.left(), area.top(), wide / k, high / k), self._kept[1][0])
        painter.restore()


class CurtainPlot:
    """Owns the plot widget and what stands in it."""

    def __init__(self) -> None:
        self.widget = pg.PlotWidget(enableMenu=False)
        self.item = self.widget.getPlotItem()
        self.item.hideButtons()
        self.dots = Dots()
        self.moment = pg.ScatterPlotItem(size=13, pxMode=True)
        self._theme: Theme | None = None
        self._section: Section | None = None
        self._drawn: list[Any] = []
        self._names: list[tuple[Stack, Any]] = []
        self.item.addItem(self.dots)
        self.item.addItem(self.moment)
        self.moment.setZValue(20)
        self.item.vb.sigRangeChanged.connect(self._thin_names)

    def words(self, *, along: str, height: str) -> None:
        """The axes' names."""
        self.item.setLabel("bottom", along)
        self.item.setLabel("left", height)

    def show_names(self, shown: bool) -> None:
        """The axes' names take room that a low curtain has not."""
        for name in ("bottom", "left"):
            self.item.getAxis(name).showLabel(shown)

    def set_theme(self, theme: Theme) -> None:
        self._theme = self.dots.theme = theme
        self.widget.setBackground(QColor(theme.panel))
        font = QFont(self.widget.font())
        font.setPointSizeF(theme.point_size * 0.86)
        for name in ("bottom", "left"):
            axis = self.item.getAxis(name)
            axis.setPen(QColor(theme.soft))
            axis.setTextPen(QColor(theme.soft))
            axis.setStyle(tickFont=font, hideOverlappingLabels=True)
            axis.label.setFont(font)
        self.moment.setPen(pg.mkPen(QColor(theme.halo), width=2))
        self.moment.setBrush(QColor(theme.accent))
        self.dots.changed()
        if self._section is not None:
            self._draw_around(self._section, theme)

    def show_section(self, section: Section, log: NDArray[np.float32], scale: ramp.Scale) -> None:
        self._section = section
        self.dots.scale = scale
        self.dots.show_section(section, log)
        self.show_moment(None)
        if self._theme:
            self._draw_around(section, self._theme)
        self.fit()

    def recolour(self, scale: ramp.Scale) -> None:
        self.dots.scale = scale
        self.dots.changed()

    def fit(self) -> None:
        """Everything in view, from the ground up."""
        section = self._section
        if section is None:
            return
        along = (
            [*section.along_m[[0, -1]], float(section.along_m.min()), float(section.along_m.max())]
            if len(section.along_m)
            else [0.0, 100.0]
        )
        along += [s.along_m for s in section.stacks]
        top = max([LEAST_HEIGHT_M, *(s.height_m for s in section.stacks), float(section.height_m.max(initial=0.0))])
        self.item.setXRange(min(along), max(*along, min(along) + 1.0), padding=0.02)
        self.item.setYRange(-1.0, top * 1.12, padding=0.0)

    def show_moment(self, place: tuple[float, float] | None) -> None:
        self.moment.setData(*(([place[0]], [place[1]]) if place else ([], [])))

    def to_m(self, at: QPointF) -> tuple[float, float]:
        """Distance and height under a point of the widget."""
        there = self.item.vb.mapSceneToView(self.widget.mapToScene(at.toPoint()))
        return float(there.x()), float(there.y())

    def metres_a_pixel(self) -> tuple[float, float]:
        size = self.item.vb.viewPixelSize()
        return float(size[0]), float(size[1])

    def shift(self, across: float, up: float) -> None:
        """Move the view by parts of what it shows."""
        shown = self.item.vb.viewRect()
        self.item.vb.translateBy(x=shown.width() * across, y=shown.height() * up)

    def zoom(self, factor: float) -> None:
        self.item.vb.scaleBy((1.0 / factor, 1.0 / factor))

    # Stacks and axes

    def _draw_around(self, section: Section, theme: Theme) -> None:
        for item in self._drawn:
            self.item.removeItem(item)
        self._drawn, self._names = [], []
        for axis in section.axes:
            colour = QColor(theme.suspect)
            pale = QColor(colour)
            pale.setAlphaF(0.14)
            low = pg.PlotCurveItem(axis.along_m, np.maximum(axis.height_m - axis.sigma_m, 0.0), pen=None)
            high = pg.PlotCurveItem(axis.along_m, axis.height_m + axis.sigma_m, pen=None)
            line = pg.PlotCurveItem(
                axis.along_m, axis.height_m, pen=pg.mkPen(colour, width=1.6 * theme.stroke, style=Qt.PenStyle.DashLine)
            )
            self._add(pg.FillBetweenItem(low, high, brush=pale), line, depth=-5)
        for stack in section.stacks:
            self._draw_stack(stack, theme)
        self._thin_names()
        ground = pg.InfiniteLine(0.0, angle=0, pen=pg.mkPen(QColor(theme.soft), width=1))
        self._add(ground, depth=-8)

    def _draw_stack(self, stack: Stack, theme: Theme) -> None:
        colour = QColor(theme.suspect if stack.suspected else theme.outlet)
        style = Qt.PenStyle.DashLine if stack.suspected else Qt.PenStyle.SolidLine
        pen = pg.mkPen(colour, width=3.0 * theme.stroke, style=style)
        foot = pg.PlotCurveItem([stack.along_m, stack.along_m], [0.0, stack.height_m], pen=pen)
        name = pg.TextItem(stack.name, color=colour, anchor=(0.5, 1.0))
        font = QFont(self.widget.font())
        font.setPointSizeF(theme.point_size * 0.86)
        font.setBold(True)
        name.setFont(font)
        name.setPos(stack.along_m, stack.height_m)
        self._names.append((stack, name))
        self._add(foot, name, depth=5)

    def _thin_names(self, *_: object) -> None:
        """Names that would lie over one another are left out, permitted outlets' first."""
        wide, high = self.metres_a_pixel()
        taken: list[tuple[float, float]] = []
        for stack, name in sorted(self._names, key=lambda n: not n[0].suspected):
            at = (stack.along_m / max(wide, 1e-9), stack.height_m / max(high, 1e-9))
            free = all(abs(at[0] - x) > NAME_WIDE_PX or abs(at[1] - y) > NAME_HIGH_PX for x, y in taken)
            name.setVisible(free)
            if free:
                taken.append(at)

    def _add(self, *items: Any, depth: float) -> None:
        for item in items:
            item.setZValue(depth)
            self.item.addItem(item, ignoreBounds=True)
            self._drawn.append(item)
