"""How strip charts are drawn: axes, lines, fills, marks and the values under the crosshair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dronesampler_ui.parts.pyramid import Level, Pyramid
from dronesampler_ui.parts.strokes import draw_legs
from dronesampler_ui.theme import Theme

Floats = NDArray[np.float64]
NICE_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
WORD_PX = 13.0  # apart, so that words on the side do not touch
ROOM_PX = 90.0  # for a word on the time axis


@dataclass(frozen=True, slots=True)
class Trace:
    """One line: unix seconds ascending and values, with the name for the legend and a colour.

    `colour` is a field of the theme, e.g. "accent", or #rrggbb. `solid` fills down to the axis so that lines stand on
    one another; `said` are the values to tell where the drawn ones are sums. Panel 0 is the tall one at the top.
    """

    name: str
    time_s: Floats
    value: Floats
    colour: str
    wide: float = 1.4
    filled: bool = False
    solid: bool = False
    panel: int = 0
    line: Pyramid | None = None  # made off the UI thread where it is long
    said: Pyramid | None = None
    named: bool = True  # in the chart's own legend

    def hue(self, theme: Theme) -> QColor:
        return QColor(self.colour if self.colour.startswith("#") else getattr(theme, self.colour))


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a panel lies, which time and values it shows."""

    area: QRectF
    from_s: float
    to_s: float
    bottom: float
    top: float

    def x(self, time_s: float) -> float:
        return self.area.left() + (time_s - self.from_s) / (self.to_s - self.from_s) * self.area.width()

    def time_s(self, x: float) -> float:
        return self.from_s + (x - self.area.left()) / self.area.width() * (self.to_s - self.from_s)

    def y(self, value: float) -> float:
        return self.area.bottom() - (value - self.bottom) / (self.top - self.bottom) * self.area.height()

    def pixels(self, level: Level) -> tuple[Floats, Floats, Floats]:
        """x, y of the lowest and y of the highest of each group."""
        x = self.area.left() + (level.time_s - self.from_s) * (self.area.width() / (self.to_s - self.from_s))
        k = self.area.height() / (self.top - self.bottom)
        floor = self.area.bottom()
        return x, floor - (level.low - self.bottom) * k, floor - (level.high - self.bottom) * k


def paint_time_axis(painter: QPainter, plot: Plot, theme: Theme) -> None:
    """Local time below the lowest panel."""
    area = plot.area
    span_s = plot.to_s - plot.from_s
    step_s = next((s for s in NICE_S if s * area.width() / span_s > ROOM_PX), NICE_S[-1])
    painter.setPen(QColor(theme.soft))
    for time_s in np.arange(np.ceil(plot.from_s / step_s) * step_s, plot.to_s, step_s).tolist():
        x = plot.x(time_s)
        if area.left() + 20 < x < area.right() - 24:
            word = datetime.fromtimestamp(time_s).astimezone().strftime("%H:%M:%S")
            painter.drawText(QRectF(x - 40, area.bottom() + 3, 80, 15), int(Qt.AlignmentFlag.AlignHCenter), word)
            painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + 3))


def paint_value_axis(painter: QPainter, plot: Plot, theme: Theme, limits: Sequence[float]) -> None:
    """The axis' zero and top, and the legal limits that are in view."""
    area = plot.area
    zero = plot.y(0.0) if plot.bottom < 0.0 else area.bottom()
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QLineF(area.left(), zero, area.right(), zero))
    shown = [limit for limit in limits if limit <= plot.top and plot.bottom >= 0.0]
    for limit in shown:
        painter.setPen(QPen(QColor(theme.warn), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(area.left(), plot.y(limit), area.right(), plot.y(limit)))
    top = nice_below(plot.top)
    wanted = [(limit, theme.warn) for limit in sorted(shown, reverse=True)] + [(0.0, theme.soft), (top, theme.soft)]
    if plot.bottom < 0.0:
        wanted.append((-top, theme.soft))
    taken: list[float] = []
    for value, colour in wanted:
        if all(abs(plot.y(value) - other) > WORD_PX for other in taken):
            taken.append(plot.y(value))
            _side_word(painter, plot, value=value, colour=colour)


def _side_word(painter: QPainter, plot: Plot, *, value: float, colour: str) -> None:
    painter.setPen(QColor(colour))
    flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(0, plot.y(value) - 8, plot.area.left() - 6, 16), flags, f"{value:.3g}")


def paint_trace(painter: QPainter, plot: Plot, trace: Trace, *, line: Pyramid, theme: Theme) -> None:
    """The line, and what lies below it where it is filled."""
    level = line.columns(plot.from_s, plot.to_s, max(int(plot.area.width()), 10))
    if len(level.time_s) == 0:
        return
    x, low, high = plot.pixels(level)
    colour = trace.hue(theme)
    if trace.filled or trace.solid:
        _paint_fill(painter, plot, x=x, y=high, colour=_mixed(colour, QColor(theme.panel), trace.solid))
    single = level.low is level.high or len(x) == 0 or bool((low == high).all())
    xs, ys = (x, high) if single else (np.repeat(x, 2), np.stack([low, high], axis=1).ravel())
    draw_chain(painter, xs.tolist(), ys.tolist(), colour, trace.wide * theme.stroke)


def draw_chain(painter: QPainter, x: list[float], y: list[float], colour: QColor, wide: float) -> None:
    """A line through the points."""
    draw_legs(painter, [QLineF(*legs) for legs in zip(x, y, x[1:], y[1:], strict=False)], colour, wide)


def _mixed(colour: QColor, panel: QColor, solid: bool) -> QColor:
    """Pale: see-through under a single line, opaque where lines stand on one another."""
    if not solid:
        pale = QColor(colour)
        pale.setAlphaF(0.16)
        return pale
    part = 0.5
    both = zip(colour.getRgb()[:3], panel.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(c * part + p * (1.0 - part)) for c, p in both))


def _paint_fill(painter: QPainter, plot: Plot, *, x: Floats, y: Floats, colour: QColor) -> None:
    floor = plot.y(0.0) if plot.bottom < 0.0 else plot.area.bottom()
    points = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([*points, QPointF(x[-1], floor), QPointF(x[0], floor)]))


def paint_spans(painter: QPainter, plot: Plot, spans: Sequence[tuple[float, float]], theme: Theme) -> None:
    """Stretches of time that something else on the screen talks about, as a band with a firm lower edge."""
    band = QColor(theme.suspect)
    band.setAlphaF(0.15)
    for begin_s, end_s in spans:
        left, right = max(plot.x(begin_s), plot.area.left()), min(plot.x(end_s), plot.area.right())
        if right > left:
            painter.fillRect(QRectF(left, plot.area.top(), max(right - left, 2.0), plot.area.height()), band)
            painter.fillRect(QRectF(left, plot.area.bottom() - 3, max(right - left, 2.0), 3), QColor(theme.suspect))


def paint_marks(painter: QPainter, plot: Plot, marks: Sequence[tuple[float, str]], theme: Theme) -> None:
    for time_s, word in marks:
        if plot.from_s <= time_s <= plot.to_s:
            painter.setPen(QPen(QColor(theme.suspect), 1.4, Qt.PenStyle.DotLine))
            x = plot.x(time_s)
            painter.drawLine(QLineF(x, plot.area.top(), x, plot.area.bottom()))
            painter.drawText(QPointF(x + 3, plot.area.top() + 11), word)


def paint_names(
    painter: QPainter, traces: Sequence[Trace], theme: Theme, *, left: float, right: float, high: float
) -> None:
    """Which colour is what, in one line; what finds no room is left out and three dots say so."""
    metrics, x = painter.fontMetrics(), left
    for trace in traces:
        wide = 17 + metrics.horizontalAdvance(trace.name) + 16
        if x + wide > right:
            painter.setPen(QColor(theme.soft))
            painter.drawText(QPointF(x, high / 2 + metrics.ascent() / 2 - 1), "…")
            return
        painter.setPen(QPen(trace.hue(theme), 3))
        painter.drawLine(QLineF(x, high / 2, x + 12, high / 2))
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(x + 17, high / 2 + metrics.ascent() / 2 - 1), trace.name)
        x += wide


def paint_readout(
    painter: QPainter, rows: Sequence[tuple[str, QColor]], theme: Theme, *, at: QPointF, within: QRectF
) -> None:
    """A plate beside the crosshair: time first, then each line's value there."""
    metrics = painter.fontMetrics()
    wide = max((metrics.horizontalAdvance(words) for words, _ in rows), default=0) + 26
    high = metrics.height() * len(rows) + 8
    x = at.x() + 10 if at.x() + 10 + wide < within.right() else at.x() - 10 - wide
    box = QRectF(x, max(min(at.y(), within.bottom() - high), within.top()), wide, high)
    painter.setPen(QPen(QColor(theme.line), 1))
    plate = QColor(theme.raised)
    plate.setAlphaF(0.96)
    painter.setBrush(plate)
    painter.drawRoundedRect(box, 5, 5)
    for i, (words, colour) in enumerate(rows):
        base = box.top() + 4 + i * metrics.height()
        painter.fillRect(QRectF(box.left() + 6, base + metrics.height() / 2 - 2, 8, 4), colour)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(box.left() + 20, base + metrics.ascent()), words)


def nice_below(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no larger."""
    power = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(next(k * power for k in (5, 2, 1) if k * power <= value * (1 + 1e-9)))
