"""Height–distance curtain: readings coloured over how far along and how high, with stacks and the plume's axis."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dronesampler.desk.section import Section
from dronesampler_ui.parts import ramp, words
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.theme import Theme

if TYPE_CHECKING:
    from dronesampler_ui.parts.curtain_plot import CurtainPlot

Floats = NDArray[np.float64]
NEAR_PX = 12.0
SAME_MOMENT_S = 5.0
LABEL_FROM_PX = 150
SLACK_PX = 4.0
STEP, ZOOM = 0.1, 1.25


@dataclass(frozen=True, slots=True)
class Ready:
    """A section with its rows in order of time, made off the UI thread."""

    section: Section
    log: NDArray[np.float32]
    by_time: NDArray[np.intp]
    time_s: Floats

    @classmethod
    def of(cls, section: Section) -> "Ready":
        by_time = np.argsort(section.time_s, kind="stable")
        return cls(section, ramp.log_of(section.value_mg_m3), by_time, section.time_s[by_time])

    def row_at(self, time_s: float) -> int | None:
        """The row read nearest to a moment; None where the curtain was not passed then."""
        if not len(self.time_s):
            return None
        after = int(np.clip(np.searchsorted(self.time_s, time_s), 1, max(len(self.time_s) - 1, 1)))
        near = (after - 1, min(after, len(self.time_s) - 1))
        best = min(near, key=lambda i: abs(self.time_s[i] - time_s))
        return int(self.by_time[best]) if abs(self.time_s[best] - time_s) <= SAME_MOMENT_S else None


class Curtain(QWidget):
    """Arrow keys move, plus and minus zoom, Home shows everything; a click picks the reading's moment."""

    picked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plot: CurtainPlot | None = None
        self._ready: Ready | None = None
        self._pressed: QPointF | None = None
        self.watermark = ""
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 6, 0)
        self._said = QLabel(self)
        self._said.setObjectName("soft")
        self._said.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Readings by distance and height"))
        self.setMinimumHeight(90)

    @property
    def plot(self) -> "CurtainPlot":
        """Made when it is first needed: the plotting library takes half a second to load."""
        if self._plot is None:
            from dronesampler_ui.parts.curtain_plot import CurtainPlot

            self._plot = CurtainPlot()
            self._plot.words(along=self.tr("Distance, m"), height=self.tr("Height, m"))
            self._plot.set_theme(self._theme)
            self._plot.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._plot.widget.setMouseTracking(True)
            self._plot.widget.viewport().installEventFilter(self)
            self._box.addWidget(self._plot.widget)
            self._plot.show_names(self.height() >= LABEL_FROM_PX)
            self._said.raise_()
        return self._plot

    @property
    def section(self) -> Section | None:
        return self._ready.section if self._ready else None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._plot:
            self._plot.set_theme(theme)

    def show_section(self, ready: Ready, scale: ramp.Scale) -> None:
        self._ready = ready
        self.plot.show_section(ready.section, ready.log, scale)

    def clear(self) -> None:
        self._ready = None
        self._said.clear()

    def recolour(self, scale: ramp.Scale) -> None:
        if self._plot:
            self._plot.recolour(scale)

    def show_moment(self, time_s: float) -> None:
        if self._ready is None or self._plot is None:
            return
        row, section = self._ready.row_at(time_s), self._ready.section
        self._plot.show_moment(None if row is None else (float(section.along_m[row]), float(section.height_m[row])))
        self._say(row)

    def _say(self, row: int | None) -> None:
        section = self.section
        said = ""
        if section is not None and row is not None:
            said = self.tr("{value:.2f} mg/m³ at {height:.0f} m, {along:.0f} m along, {time}").format(
                value=section.value_mg_m3[row],
                height=section.height_m[row],
                along=section.along_m[row],
                time=words.clock_time(float(section.time_s[row])),
            )
        self._said.setText(said)
        self.setAccessibleDescription(said)
        self._lay_said()

    def _lay_said(self) -> None:
        self._said.adjustSize()
        self._said.move(self.width() - self._said.width() - 14, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_said()
        if self._plot:
            self._plot.show_names(self.height() >= LABEL_FROM_PX)

    def _near(self, at: QPointF) -> int | None:
        """The reading under the pointer; of several the highest."""
        section = self.section
        if section is None or self._plot is None or not len(section.along_m):
            return None
        along, height = self._plot.to_m(at)
        wide, high = self._plot.metres_a_pixel()
        apart = np.hypot((section.along_m - along) / wide, (section.height_m - height) / high)
        near = np.flatnonzero(apart <= NEAR_PX)
        return int(near[-1]) if len(near) else None

    # Export

    def sheet(self) -> Sheet:
        """The curtain as it is now."""
        return Sheet(QSize(self.width(), self.height()), self.paint, self.font())

    def paint(self, painter: QPainter) -> None:
        area = QRectF(0, 0, self.width(), self.height())
        painter.fillRect(area, QColor(self._theme.panel))
        if self._plot:
            self._plot.widget.render(painter, area, self._plot.widget.viewport().rect())
        if self.watermark:
            painter.setPen(QColor(self._theme.soft))
            painter.drawText(area.adjusted(0, 2, -14, 0), int(Qt.AlignmentFlag.AlignRight), self.watermark)

    # Input

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            match event.type():
                case QEvent.Type.MouseButtonPress:
                    self._pressed = event.position()
                    self.setFocus()
                case QEvent.Type.MouseMove if self._pressed is None:
                    self._say(self._near(event.position()))
                case QEvent.Type.MouseButtonRelease:
                    self._release(event.position())
        return super().eventFilter(watched, event)

    def _release(self, at: QPointF) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (at - pressed).manhattanLength() <= SLACK_PX:
            row = self._near(at)
            if row is not None and self._ready is not None:
                self.picked.emit(float(self._ready.section.time_s[row]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, STEP),
            Qt.Key.Key_Down: (0.0, -STEP),
        }
        key = Qt.Key(event.key())
        if self._plot is None:
            super().keyPressEvent(event)
        elif key in moves:
            self._plot.shift(*moves[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._plot.zoom(ZOOM)
        elif key == Qt.Key.Key_Minus:
            self._plot.zoom(1 / ZOOM)
        elif key == Qt.Key.Key_Home:
            self._plot.fit()
        else:
            super().keyPressEvent(event)
