"""Strip chart: lines over time, each pixel column showing lowest and highest, so a peak is never thinned away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler_ui.parts.ramp import LIMITS_MG_M3
from dronesampler_ui.parts.strokes import draw_line
from dronesampler_ui.theme import Theme

Floats = NDArray[np.float64]
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 46.0, 12.0, 20.0, 20.0
NICE_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True)
class Trace:
    """One line: unix seconds ascending and values, with the name for the legend and a colour of the theme."""

    name: str
    time_s: Floats
    value: Floats
    colour: str  # a Theme field, e.g. "accent"
    wide: float = 1.4
    filled: bool = False


class StripChart(QWidget):
    """Traces over local time. Wheel zooms time, drag pans, click picks a moment."""

    picked = Signal(float)
    range_changed = Signal(float, float)

    def __init__(self, theme: Theme, unit: str = "mg/m³", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.unit = unit
        self.limits: Sequence[float] = LIMITS_MG_M3
        self.empty_words = ""
        self._traces: tuple[Trace, ...] = ()
        self._from_s, self._to_s = 0.0, 1.0
        self._top = 1.0
        self._moment_s: float | None = None
        self._marks: tuple[tuple[float, str], ...] = ()
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Readings over time"))

    def sizeHint(self) -> QSize:
        return QSize(600, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_traces(self, traces: Sequence[Trace], *, whole: bool = True) -> None:
        """New lines; `whole` shows all of their time."""
        self._traces = tuple(t for t in traces if len(t.time_s))
        if whole and self._traces:
            begin = min(float(t.time_s[0]) for t in self._traces)
            end = max(float(t.time_s[-1]) for t in self._traces)
            self.show_range(begin, max(end, begin + 1.0))
        self._fit_height()
        self.update()

    def show_range(self, from_s: float, to_s: float) -> None:
        self._from_s, self._to_s = from_s, max(to_s, from_s + 0.5)
        self.range_changed.emit(self._from_s, self._to_s)
        self._fit_height()
        self.update()

    def show_moment(self, time_s: float | None) -> None:
        self._moment_s = time_s
        self.update()

    def show_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Words at moments: flags, sightings, link losses."""
        self._marks = tuple(marks)
        self.update()

    def _fit_height(self) -> None:
        """The highest value in view, with room above; the limits do not stretch it."""
        top = 0.0
        for trace in self._traces:
            a, b = np.searchsorted(trace.time_s, (self._from_s, self._to_s))
            seen = trace.value[a : b + 1]
            if len(seen) and np.isfinite(seen).any():
                top = max(top, float(np.nanmax(seen)))
        self._top = top * 1.12 if top > 0 else 1.0

    # Coordinates

    def _plot(self) -> QRectF:
        return QRectF(
            LEFT_PX, TOP_PX, max(self.width() - LEFT_PX - RIGHT_PX, 10), max(self.height() - TOP_PX - BOTTOM_PX, 10)
        )

    def _x(self, time_s: float) -> float:
        plot = self._plot()
        return plot.left() + (time_s - self._from_s) / (self._to_s - self._from_s) * plot.width()

    def _time(self, x: float) -> float:
        plot = self._plot()
        return self._from_s + (x - plot.left()) / plot.width() * (self._to_s - self._from_s)

    def _y(self, value: float) -> float:
        plot = self._plot()
        return plot.bottom() - value / self._top * plot.height()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.panel))
        font = painter.font()
        font.setPointSizeF(self.theme.point_size * 0.86)
        painter.setFont(font)
        plot = self._plot()
        if not self._traces:
            painter.setPen(QColor(self.theme.soft))
            painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignCenter), self.empty_words)
            painter.end()
            return
        self._paint_axes(painter, plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(plot)
        for trace in self._traces:
            self._paint_trace(painter, trace)
        painter.setClipping(False)
        self._paint_marks(painter, plot)
        self._paint_names(painter, plot)
        painter.end()

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        for limit in self.limits:
            if limit <= self._top:
                painter.setPen(QPen(QColor(self.theme.warn), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(plot.left(), self._y(limit), plot.right(), self._y(limit)))
                self._side_word(painter, limit, self.theme.warn)
        top = _nice_below(self._top)
        if all(abs(self._y(limit) - self._y(top)) > 14 for limit in self.limits):
            self._side_word(painter, top, self.theme.soft)
        self._side_word(painter, 0.0, self.theme.soft)
        painter.setPen(QColor(self.theme.soft))
        step_s = next((s for s in NICE_S if s * plot.width() / (self._to_s - self._from_s) > 90), NICE_S[-1])
        first = np.ceil(self._from_s / step_s) * step_s
        for time_s in np.arange(first, self._to_s, step_s):
            x = self._x(float(time_s))
            word = datetime.fromtimestamp(float(time_s)).astimezone().strftime("%H:%M:%S")
            if plot.left() + 20 < x < plot.right() - 24:
                box = QRectF(x - 40, plot.bottom() + 3, 80, 15)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter), word)
                painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 3))

    def _side_word(self, painter: QPainter, value: float, colour: str) -> None:
        painter.setPen(QColor(colour))
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, self._y(value) - 8, LEFT_PX - 6, 16), flags, f"{value:.3g}")

    def _paint_trace(self, painter: QPainter, trace: Trace) -> None:
        plot = self._plot()
        a, b = np.searchsorted(trace.time_s, (self._from_s, self._to_s))
        part = slice(max(a - 1, 0), b + 1)
        x, y = columns(
            (trace.time_s[part] - self._from_s) / (self._to_s - self._from_s) * plot.width() + plot.left(),
            plot.bottom() - trace.value[part] / self._top * plot.height(),
        )
        if len(x) == 0:
            return
        line = QPolygonF([QPointF(p, q) for p, q in zip(x.tolist(), y.tolist(), strict=True)])
        colour = QColor(getattr(self.theme, trace.colour))
        if trace.filled:
            pale = QColor(colour)
            pale.setAlphaF(0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(pale)
            ends = [QPointF(x[-1], plot.bottom()), QPointF(x[0], plot.bottom())]
            painter.drawPolygon(QPolygonF([*(line.at(i) for i in range(line.size())), *ends]))
        draw_line(painter, line, colour, trace.wide * self.theme.stroke)

    def _paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        for time_s, word in self._marks:
            if self._from_s <= time_s <= self._to_s:
                painter.setPen(QPen(QColor(self.theme.suspect), 1.4, Qt.PenStyle.DotLine))
                x = self._x(time_s)
                painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
                painter.drawText(QPointF(x + 3, plot.top() + 11), word)
        if self._moment_s is not None and self._from_s <= self._moment_s <= self._to_s:
            x = self._x(self._moment_s)
            painter.setPen(QPen(QColor(self.theme.accent), 1.6))
            painter.drawLine(QLineF(x, plot.top() - 2, x, plot.bottom()))

    def _paint_names(self, painter: QPainter, plot: QRectF) -> None:
        x = plot.left()
        metrics = painter.fontMetrics()
        for trace in self._traces:
            painter.setPen(QPen(QColor(getattr(self.theme, trace.colour)), 3))
            painter.drawLine(QLineF(x, TOP_PX / 2, x + 12, TOP_PX / 2))
            painter.setPen(QColor(self.theme.text))
            painter.drawText(QPointF(x + 17, TOP_PX / 2 + metrics.ascent() / 2 - 1), trace.name)
            x += 17 + metrics.horizontalAdvance(trace.name) + 18
        painter.setPen(QColor(self.theme.soft))
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(plot.right() - 100, 0, 100, TOP_PX), flags, self.unit)

    # Input

    def wheelEvent(self, event: QWheelEvent) -> None:
        k = 1.25 ** (-event.angleDelta().y() / 120.0)
        middle = self._time(event.position().x())
        self.show_range(middle - (middle - self._from_s) * k, middle + (self._to_s - middle) * k)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        way = event.position().x() - self._pressed.x()
        if self._dragged or abs(way) > 4:
            self._dragged = True
            shift = way / self._plot().width() * (self._to_s - self._from_s)
            self._pressed = event.position()
            self.show_range(self._from_s - shift, self._to_s - shift)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragged and self._traces:
            self.picked.emit(self._time(event.position().x()))
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        span = self._to_s - self._from_s
        middle = (self._from_s + self._to_s) / 2
        match event.key():
            case Qt.Key.Key_Left:
                self.show_range(self._from_s - span / 10, self._to_s - span / 10)
            case Qt.Key.Key_Right:
                self.show_range(self._from_s + span / 10, self._to_s + span / 10)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.show_range(middle - span / 2.5, middle + span / 2.5)
            case Qt.Key.Key_Minus:
                self.show_range(middle - span / 1.6, middle + span / 1.6)
            case Qt.Key.Key_Home:
                self.show_traces(self._traces)
            case _:
                super().keyPressEvent(event)


def columns(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Pixels of a line with at most two points a pixel column, its lowest and highest; shape (n,) in, (m,) out."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 4000:
        return x, y
    starts = np.flatnonzero(np.diff(np.floor(x), prepend=-np.inf))
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.stack([low, high], axis=1).ravel()


def _nice_below(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(next(k * power for k in (5, 2, 1) if k * power <= value))
