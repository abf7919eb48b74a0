"""Custody as a picture: one bar a sample, from its taking on, who held it and how; gaps stand out and the limit too."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler.casework import CustodyMode, Span
from dronesampler.casework.lines import COURIER, SampleLine
from dronesampler.texts import Lang
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.parts.words import local_time
from dronesampler_ui.theme import Theme

ROW_PX, HEAD_PX, FOOT_PX, LEFT_PX, EDGE_PX = 44, 8, 26, 132, 14
# Colour, how strong, and hatched or not; the words in the bar say the same.
LOOK = {
    CustodyMode.POSSESSION: ("good", 0.34, Qt.BrushStyle.SolidPattern),
    CustodyMode.VIEW: ("good", 0.14, Qt.BrushStyle.SolidPattern),
    CustodyMode.LOCKED: ("accent", 0.34, Qt.BrushStyle.SolidPattern),
    CustodyMode.SECURED: ("accent", 0.16, Qt.BrushStyle.SolidPattern),
    CustodyMode.SEALED: ("accent", 0.45, Qt.BrushStyle.BDiagPattern),
}
NEAR = 3.0  # times what has happened so far: further away a limit would squeeze everything else
STEPS_S = (60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0, 86400.0, 2 * 86400.0, 7 * 86400.0)


class CustodyPicture(QWidget):
    """Shows lines; up and down choose a sample. What it shows is also its accessible description."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._lang = theme, lang
        self._lines: tuple[SampleLine, ...] = ()
        self._now_s = 0.0
        self.row = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("Custody from hand to hand"))
        self.setMinimumHeight(HEAD_PX + ROW_PX + FOOT_PX)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_lines(self, lines: tuple[SampleLine, ...], *, now_s: float, simulated: bool) -> None:
        self._lines, self._now_s = lines, now_s
        self.watermark = self.tr("SIMULATED") if simulated else ""
        self.row = min(max(self.row, 0), len(lines) - 1)
        self.setMinimumHeight(HEAD_PX + ROW_PX * max(len(lines), 1) + FOOT_PX)
        said = [f"{line.number}: " + "; ".join(t.said(self._lang) for t in line.custody) for line in lines]
        self.setAccessibleDescription("\n".join(said))
        self.updateGeometry()
        self.update()

    watermark = ""

    def choose(self, row: int) -> None:
        if 0 <= row < len(self._lines) and row != self.row:
            self.row = row
            self.chosen.emit(row)
            self.update()

    def sheet(self) -> Sheet:
        """As it is shown."""
        size = QSize(max(self.width(), 640), self.minimumHeight())
        return Sheet(size, lambda painter: self.paint(painter, size.width(), size.height()), self.font())

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, self.width(), self.height())
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def paint(self, painter: QPainter, width: int, height: int) -> None:
        """The whole picture into any device."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, width, height, QColor(self._theme.panel))
        if not self._lines:
            painter.setPen(QColor(self._theme.soft))
            painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, self.tr("No sample yet"))
            return
        self._axis(painter, width)
        for i, line in enumerate(self._lines):
            self._row(painter, line, top=HEAD_PX + i * ROW_PX, width=width, chosen=i == self.row)
        if self.watermark:
            self._mark(painter, width, height)

    def _range(self) -> tuple[float, float]:
        """From the first taking to what happened last; a limit or the present that lies far beyond is left outside."""
        began = min(line.record.sample.started_unix_s for line in self._lines)
        happened = [began + 1800.0]
        for line in self._lines:
            happened.append(line.record.spans[-1].from_unix_s)
            happened.append(line.record.holding(self._now_s).analysed_unix_s or began)
        near = began + NEAR * (max(happened) - began)
        beyond = [line.due_unix_s for line in self._lines if line.due_unix_s is not None] + [self._now_s]
        last = max([*happened, *(t for t in beyond if t <= near)])
        return began, last + 0.06 * (last - began)

    def _x(self, unix_s: float, width: int) -> float:
        began, ended = self._range()
        part = (unix_s - began) / (ended - began)
        return LEFT_PX + min(max(part, 0.0), 1.0) * (width - LEFT_PX - EDGE_PX)

    def _axis(self, painter: QPainter, width: int) -> None:
        began, ended = self._range()
        bottom = HEAD_PX + ROW_PX * len(self._lines)
        room = max((width - LEFT_PX) // 120, 2)
        step = next((s for s in STEPS_S if (ended - began) / s <= room), STEPS_S[-1])
        painter.setPen(QPen(QColor(self._theme.line), 1))
        ticks = [math.ceil(began / step) * step + k * step for k in range(room + 2)]
        for tick in (t for t in ticks if t <= ended):
            x = self._x(tick, width)
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawLine(QPointF(x, HEAD_PX), QPointF(x, bottom))
            painter.setPen(QColor(self._theme.soft))
            words = local_time(tick)[5:16]
            painter.drawText(QRectF(x - 60, bottom + 3, 120, 20), Qt.AlignmentFlag.AlignHCenter, words)

    def _row(self, painter: QPainter, line: SampleLine, *, top: float, width: int, chosen: bool) -> None:
        theme = self._theme
        if chosen:
            painter.fillRect(QRectF(0, top, width, ROW_PX), QColor(theme.selected))
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        cell = QRectF(10, top + 3, LEFT_PX - 16, 18)
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, line.number)
        font.setBold(False)
        painter.setFont(font)
        kind = theme.danger if line.clock_state in ("overdue", "missed") else theme.soft
        painter.setPen(QColor(kind))
        fitted = painter.fontMetrics().elidedText(line.what.said(self._lang), Qt.TextElideMode.ElideRight, LEFT_PX - 16)
        painter.drawText(QRectF(10, top + 21, LEFT_PX - 16, 18), Qt.AlignmentFlag.AlignVCenter, fitted)
        for span in line.record.spans:
            self._span(painter, span, top=top, width=width)
        self._limit(painter, line, top=top, width=width)

    def _span(self, painter: QPainter, span: Span, *, top: float, width: int) -> None:
        theme = self._theme
        left = self._x(span.from_unix_s, width)
        ended = self._range()[1] if span.to_unix_s is None else span.to_unix_s
        box = QRectF(left, top + 9, max(self._x(ended, width) - left, 3.0), ROW_PX - 20)
        if span.mode is None:
            painter.fillRect(box, QColor(theme.danger))
            self._words(painter, box, "✗", theme.on_danger)
            return
        colour, strength, brush = LOOK[span.mode]
        fill = QColor(getattr(theme, colour))
        fill.setAlphaF(strength)
        painter.fillRect(box, QColor(theme.raised))
        painter.fillRect(box, QBrush(fill, brush))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(getattr(theme, colour)), 1.4))
        painter.drawRect(box)
        who = span.holder or COURIER.said(self._lang)
        self._words(painter, box, f"{who} · {span.mode.word.said(self._lang)}", theme.text)

    def _words(self, painter: QPainter, box: QRectF, words: str, colour: str) -> None:
        """Inside the bar, as much as there is room for."""
        painter.setPen(QColor(colour))
        room = int(box.width()) - 8
        if room >= 8:
            fitted = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, fitted)

    def _limit(self, painter: QPainter, line: SampleLine, *, top: float, width: int) -> None:
        """When its holding time is over, and when it was analysed."""
        due, (_, ended) = line.due_unix_s, self._range()
        painter.setPen(QPen(QColor(self._theme.danger), 2, Qt.PenStyle.DashLine))
        if due is not None and due <= ended:
            x = self._x(due, width)
            painter.drawLine(QPointF(x, top + 3), QPointF(x, top + ROW_PX - 5))
        elif due is not None:
            box = QRectF(width - EDGE_PX - 150, top + 9, 144, ROW_PX - 20)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(
                box,
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                self.tr("limit {when} →").format(when=local_time(due)[5:16]),
            )
        analysed = line.record.holding(self._now_s).analysed_unix_s
        if analysed is not None:
            painter.setPen(QPen(QColor(self._theme.text), 2))
            painter.setBrush(QColor(self._theme.panel))
            painter.drawEllipse(QPointF(self._x(analysed, width), top + ROW_PX - 8), 5, 5)

    def _mark(self, painter: QPainter, width: int, height: int) -> None:
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 2.2)
        painter.setFont(font)
        faint = QColor(self._theme.suspect)
        faint.setAlphaF(0.16)
        painter.setPen(faint)
        painter.drawText(QRectF(LEFT_PX, 0, width - LEFT_PX, height), Qt.AlignmentFlag.AlignCenter, self.watermark)

    # Choosing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.choose(self.row + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(int((event.position().y() - HEAD_PX) // ROW_PX))
