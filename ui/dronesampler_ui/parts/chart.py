"""Strip chart: lines over time, each pixel column showing lowest and highest, so a peak is never thinned away."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler_ui.parts import chart_paint, words
from dronesampler_ui.parts.chart_paint import Plot, Trace
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.parts.ramp import LIMITS_MG_M3
from dronesampler_ui.theme import Theme

__all__ = ["StripChart", "Trace"]

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 46.0, 12.0, 20.0, 20.0
GAP_PX = 8.0
LOWER_FROM_PX = 150.0  # a chart lower than this shows its first panel only
LOWER_PANEL = 0.55  # height of a lower panel as a part of the top one's
ROOM_ABOVE = 1.12


class StripChart(QWidget):
    """Traces over local time, in panels above one another. Wheel zooms time, drag pans, click picks a moment."""

    picked = Signal(float)
    range_changed = Signal(float, float)

    def __init__(self, theme: Theme, unit: str = "mg/m³", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.unit = unit
        self.limits: Sequence[float] = LIMITS_MG_M3
        self.empty_words = ""
        self.watermark = ""
        self._traces: tuple[Trace, ...] = ()
        self._lines: tuple[Pyramid, ...] = ()
        self._from_s, self._to_s = 0.0, 1.0
        self._ranges: dict[int, tuple[float, float]] = {}
        self._moment_s: float | None = None
        self._hover: QPointF | None = None
        self._marks: tuple[tuple[float, str], ...] = ()
        self._spans: tuple[tuple[float, float], ...] = ()
        self._pressed: QPointF | None = None
        self._dragged = False
        self._picture: tuple[object, QPixmap] | None = None
        self._version = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
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
        made = [(t, t.line or Pyramid.of(t.time_s, t.value)) for t in traces]
        self._traces = tuple(t for t, line in made if len(line))
        self._lines = tuple(line for _, line in made if len(line))
        if whole:
            self._show_all()
        self._changed()

    def show_range(self, from_s: float, to_s: float) -> None:
        self._from_s, self._to_s = from_s, max(to_s, from_s + 0.5)
        self.range_changed.emit(self._from_s, self._to_s)
        self._changed()

    def show_moment(self, time_s: float | None) -> None:
        self._moment_s = time_s
        if self.hasFocus():
            self.setAccessibleDescription(", ".join(said for said, _ in self._said_at(time_s)) if time_s else "")
        self.update()

    def show_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Words at moments: flags, sightings, link losses."""
        self._marks = tuple(marks)
        self._changed()

    def show_spans(self, spans: Sequence[tuple[float, float]]) -> None:
        """Stretches of time to point out, e.g. the lines that speak for a suspected place."""
        self._spans = tuple(spans)
        self._changed()

    def middle(self, part: float) -> tuple[float, float]:
        """The part about the middle of all there is, as a range to show."""
        spans = [span for line in self._lines if (span := line.span_s)]
        begin, end = (spans[0][0], spans[0][1]) if spans else (0.0, 1.0)
        return begin + (0.5 - part / 2) * (end - begin), begin + (0.5 + part / 2) * (end - begin)

    def _show_all(self) -> None:
        spans = [span for line in self._lines if (span := line.span_s)]
        if spans:
            begin = min(s[0] for s in spans)
            self.show_range(begin, max(*(s[1] for s in spans), begin + 1.0))

    def _changed(self) -> None:
        self._version += 1
        self._ranges = {panel: self._range(panel) for panel in {t.panel for t in self._traces}}
        self.update()

    def _range(self, panel: int) -> tuple[float, float]:
        """From zero to the highest value in view with room above; where values fall below zero, evenly about it."""
        lines = [line for t, line in zip(self._traces, self._lines, strict=True) if t.panel == panel]
        seen = [r for line in lines if (r := line.range(self._from_s, self._to_s))]
        low, high = min((r[0] for r in seen), default=0.0), max((r[1] for r in seen), default=0.0)
        if panel > 0:
            reach = max(-low, high) * ROOM_ABOVE or 1.0
            return -reach, reach
        return 0.0, high * ROOM_ABOVE if high > 0 else 1.0

    # Coordinates

    def _plots(self, wide: float, high: float) -> dict[int, Plot]:
        """The panels from top to bottom for a drawing of that size; in a low one only the first."""
        panels = (sorted(self._ranges) or [0])[: 1 if high < LOWER_FROM_PX else None]
        parts = [1.0 if panel == 0 else LOWER_PANEL for panel in panels]
        room = max(high - TOP_PX - BOTTOM_PX - GAP_PX * (len(panels) - 1), 10.0 * len(panels))
        plots, top = {}, TOP_PX
        for panel, part in zip(panels, parts, strict=True):
            tall = room * part / sum(parts)
            area = QRectF(LEFT_PX, top, max(wide - LEFT_PX - RIGHT_PX, 10.0), tall)
            plots[panel] = Plot(area, self._from_s, self._to_s, *self._ranges.get(panel, (0.0, 1.0)))
            top += tall + GAP_PX
        return plots

    def _plot(self) -> Plot:
        return next(iter(self._plots(self.width(), self.height()).values()))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.theme.name, self._version, self.unit, self.watermark)
        if self._picture is None or self._picture[0] != key:
            pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            onto = QPainter(pixmap)
            onto.setFont(self.font())
            self.paint(onto, self.width(), self.height())
            onto.end()
            self._picture = (key, pixmap)
        painter.drawPixmap(0, 0, self._picture[1])
        if self._traces:
            self._paint_cursor(painter)
        painter.end()

    def paint(self, painter: QPainter, wide: float, high: float) -> None:
        """The chart without cursor, on the widget or on a picture."""
        painter.fillRect(QRectF(0, 0, wide, high), QColor(self.theme.panel))
        self._use_font(painter)
        if not self._traces:
            painter.setPen(QColor(self.theme.soft))
            painter.drawText(QRectF(0, 0, wide, high), int(Qt.AlignmentFlag.AlignCenter), self.empty_words)
            return
        plots = self._plots(wide, high)
        for panel, plot in plots.items():
            chart_paint.paint_spans(painter, plot, self._spans, self.theme)
            chart_paint.paint_value_axis(painter, plot, self.theme, self.limits if panel == 0 else ())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for trace, line in zip(self._traces, self._lines, strict=True):
            if trace.panel in plots:
                painter.setClipRect(plots[trace.panel].area)
                chart_paint.paint_trace(painter, plots[trace.panel], trace, line=line, theme=self.theme)
        painter.setClipping(False)
        chart_paint.paint_time_axis(painter, list(plots.values())[-1], self.theme)
        chart_paint.paint_marks(painter, plots[min(plots)], self._marks, self.theme)
        self._paint_head(painter, wide)

    def _use_font(self, painter: QPainter) -> None:
        font = painter.font()
        font.setPointSizeF(self.theme.point_size * 0.86)
        painter.setFont(font)

    def _paint_head(self, painter: QPainter, wide: float) -> None:
        metrics = painter.fontMetrics()
        right = wide - RIGHT_PX
        unit = f"{self.watermark}  {self.unit}".strip()
        chart_paint.paint_names(
            painter,
            [trace for trace in self._traces if trace.named],
            self.theme,
            left=LEFT_PX,
            right=right - metrics.horizontalAdvance(unit) - 10,
            high=TOP_PX,
        )
        painter.setPen(QColor(self.theme.soft))
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(right - 400, 0, 400, TOP_PX), flags, unit)

    def _paint_cursor(self, painter: QPainter) -> None:
        self._use_font(painter)
        plots = list(self._plots(self.width(), self.height()).values())
        first, last = plots[0], plots[-1]
        if self._moment_s is not None and self._from_s <= self._moment_s <= self._to_s:
            x = first.x(self._moment_s)
            painter.setPen(QPen(QColor(self.theme.accent), 1.6))
            painter.drawLine(QLineF(x, first.area.top() - 2, x, last.area.bottom()))
        time_s, at = self._pointed()
        if time_s is not None and at is not None:
            painter.setPen(QPen(QColor(self.theme.soft), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(at.x(), first.area.top(), at.x(), last.area.bottom()))
            chart_paint.paint_readout(painter, self._said_at(time_s), self.theme, at=at, within=QRectF(self.rect()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _pointed(self) -> tuple[float | None, QPointF | None]:
        """The moment under the pointer; by keyboard the moment that was picked."""
        plot = self._plot()
        if self._hover is not None and plot.area.left() <= self._hover.x() <= plot.area.right():
            return plot.time_s(self._hover.x()), self._hover
        if self.hasFocus() and self._moment_s is not None and self._from_s <= self._moment_s <= self._to_s:
            return self._moment_s, QPointF(plot.x(self._moment_s), plot.area.top())
        return None, None

    def _said_at(self, time_s: float) -> list[tuple[str, QColor]]:
        rows = [(words.clock_time(time_s), QColor(self.theme.raised))]
        for trace, line in zip(self._traces, self._lines, strict=True):
            value = (trace.said or line).at(time_s)
            if value is not None:
                rows.append((f"{trace.name}  {value:.3g}", trace.hue(self.theme)))
        return rows

    # Input

    def wheelEvent(self, event: QWheelEvent) -> None:
        k = 1.25 ** (-event.angleDelta().y() / 120.0)
        middle = self._plot().time_s(event.position().x())
        self.show_range(middle - (middle - self._from_s) * k, middle + (self._to_s - middle) * k)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        way = event.position().x() - self._pressed.x() if self._pressed is not None else 0.0
        if self._pressed is not None and (self._dragged or abs(way) > 4):
            self._dragged = True
            shift = way / self._plot().area.width() * (self._to_s - self._from_s)
            self._pressed = event.position()
            self.show_range(self._from_s - shift, self._to_s - shift)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragged and self._traces:
            self.picked.emit(self._plot().time_s(event.position().x()))
        self._pressed = None

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        span, middle = self._to_s - self._from_s, (self._from_s + self._to_s) / 2
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if shift:
                self._step(-1 if event.key() == Qt.Key.Key_Left else 1)
            case Qt.Key.Key_Left:
                self.show_range(self._from_s - span / 10, self._to_s - span / 10)
            case Qt.Key.Key_Right:
                self.show_range(self._from_s + span / 10, self._to_s + span / 10)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.show_range(middle - span / 2.5, middle + span / 2.5)
            case Qt.Key.Key_Minus:
                self.show_range(middle - span / 1.6, middle + span / 1.6)
            case Qt.Key.Key_Home:
                self._show_all()
            case _:
                super().keyPressEvent(event)

    def _step(self, way: int) -> None:
        """Pick the moment a few pixels further."""
        if self._traces:
            here = self._moment_s if self._moment_s is not None else (self._from_s + self._to_s) / 2
            there = here + way * (self._to_s - self._from_s) * 4 / self._plot().area.width()
            self.picked.emit(min(max(there, self._from_s), self._to_s))
