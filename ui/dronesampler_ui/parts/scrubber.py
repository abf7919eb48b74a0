"""Replay: play and pause, a speed, and a bar whose colours show the concentration that was read."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.theme import Theme

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
BEAT_MS = 33


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, unix seconds."""

    begin_s: float
    end_s: float


class HeatBar(QWidget):
    """The patrol's time as a bar: where it is dark, something was read."""

    moved = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._span: Span | None = None
        self._moment_s = 0.0
        self._row: NDArray[np.uint8] | None = None
        self._line = Pyramid.of(np.zeros(0), np.zeros(0))
        self.scale = ramp.Scale()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Moment of the patrol"))

    def sizeHint(self) -> QSize:
        return QSize(300, 26)

    def show_readings(self, line: Pyramid, scale: ramp.Scale) -> None:
        self._line, self.scale = line, scale
        ends = line.span_s
        self._span = Span(*ends) if ends and ends[1] > ends[0] else None
        self._moment_s = self._span.end_s if self._span else 0.0
        self._row = None
        self.update()

    @property
    def span(self) -> Span | None:
        return self._span

    @property
    def moment_s(self) -> float:
        return self._moment_s

    def show_moment(self, time_s: float) -> None:
        self._moment_s = time_s
        self.update()

    def resizeEvent(self, event: object) -> None:
        self._row = None

    def _levels(self, wide: int) -> NDArray[np.uint8]:
        """The highest reading of each pixel column."""
        if self._row is None and self._span:
            row = np.zeros(-(-wide // 4) * 4, np.uint8)
            seen = self._line.columns(self._span.begin_s, self._span.end_s, wide)
            part = (seen.time_s - self._span.begin_s) / (self._span.end_s - self._span.begin_s)
            at = np.clip((part * (wide - 1)).astype(np.intp), 0, wide - 1)
            np.maximum.at(row, at, self.scale.levels(ramp.log_of(seen.high)))
            self._row = row
        return self._row if self._row is not None else np.zeros(4, np.uint8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(6, 7, self.width() - 12, self.height() - 14)
        painter.fillRect(bar, QColor(self.theme.line))
        if self._span:
            row = self._levels(int(bar.width()))
            image = QImage(row.data, len(row), 1, len(row), QImage.Format.Format_Indexed8)
            image.setColorTable(ramp.table(self.theme).tolist())
            painter.drawImage(bar, image, QRectF(0, 0, int(bar.width()), 1))
            x = (
                bar.left()
                + (self._moment_s - self._span.begin_s) / (self._span.end_s - self._span.begin_s) * bar.width()
            )
            painter.setPen(QPen(QColor(self.theme.halo), 1.5))
            painter.setBrush(QColor(self.theme.accent))
            painter.drawRoundedRect(QRectF(x - 5, 1, 10, self.height() - 2), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._to(event.position().x())

    def _to(self, x: float) -> None:
        if self._span:
            part = min(max((x - 6) / max(self.width() - 12, 1), 0.0), 1.0)
            self.moved.emit(self._span.begin_s + part * (self._span.end_s - self._span.begin_s))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._span:
            super().keyPressEvent(event)
            return
        step_s = (self._span.end_s - self._span.begin_s) / 100
        ends = {Qt.Key.Key_Home: self._span.begin_s, Qt.Key.Key_End: self._span.end_s}
        steps = {Qt.Key.Key_Left: -step_s, Qt.Key.Key_Right: step_s}
        key = Qt.Key(event.key())
        if key in ends:
            self.moved.emit(ends[key])
        elif key in steps:
            self.moved.emit(min(max(self._moment_s + steps[key], self._span.begin_s), self._span.end_s))
        else:
            super().keyPressEvent(event)


class Scrubber(QWidget):
    """The replay's controls; emits the moment to show."""

    moved = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = HeatBar(theme)
        self.play = QToolButton()
        self.play.setCheckable(True)
        self.play.setText("▶")
        self.play.setAccessibleName(self.tr("Play"))
        self.play.setToolTip(self.tr("Play or pause the replay"))
        self.speed = QComboBox()
        for factor in SPEEDS:
            self.speed.addItem(f"{factor:g}×", factor)
        self.speed.setCurrentIndex(SPEEDS.index(10.0))
        self.speed.setAccessibleName(self.tr("Replay speed"))
        self.clock = QLabel("--:--:--")
        self.clock.setMinimumWidth(72)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 12, 6)
        row.setSpacing(8)
        for widget in (self.play, self.speed, self.bar, self.clock):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._elapsed = QElapsedTimer()
        self.play.toggled.connect(self._toggle)
        self.bar.moved.connect(self.show_moment)

    def set_theme(self, theme: Theme) -> None:
        self.bar.theme = theme
        self.bar.update()

    def show_readings(self, line: Pyramid, scale: ramp.Scale) -> None:
        self.play.setChecked(False)
        self.bar.show_readings(line, scale)
        self.setEnabled(self.bar.span is not None)
        self._say()

    def show_moment(self, time_s: float) -> None:
        self.bar.show_moment(time_s)
        self._say()
        self.moved.emit(time_s)

    def stop(self) -> None:
        self.play.setChecked(False)

    def _toggle(self, on: bool) -> None:
        span = self.bar.span
        self.play.setText("❚❚" if on else "▶")
        if on and span:
            if self.bar.moment_s >= span.end_s:
                self.show_moment(span.begin_s)
            self._elapsed.start()
            self._timer.start()
        else:
            self._timer.stop()

    def _beat(self) -> None:
        span = self.bar.span
        passed_s = self._elapsed.restart() / 1000.0 * float(self.speed.currentData())
        if span is None or self.bar.moment_s + passed_s >= span.end_s:
            self.play.setChecked(False)
        if span:
            self.show_moment(min(self.bar.moment_s + passed_s, span.end_s))

    def _say(self) -> None:
        moment = datetime.fromtimestamp(self.bar.moment_s).astimezone()
        self.clock.setText(moment.strftime("%H:%M:%S") if self.bar.span else "--:--:--")
