"""A button for what cannot be taken back lightly: it acts after being held, by mouse or by key alike."""

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from dronesampler_ui.theme import Theme

HOLD_S = 0.8
BEAT_MS = 16
KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HoldButton(QPushButton):
    """Emits `held` once when it has been kept down for HOLD_S. Letting go, leaving or losing focus cancels."""

    held = Signal()

    def __init__(self, text: str, theme: Theme, *, tone: str = "accent", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.theme = theme
        self._tone = tone
        self._since = QElapsedTimer()
        self._down = False
        self._part = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.setAccessibleName(text)
        self.setAccessibleDescription(self.tr("Hold for 0.8 seconds"))
        self.setToolTip(self.tr("Hold for 0.8 seconds, with the mouse or with the space bar"))

    @property
    def part(self) -> float:
        """How much of the holding is done, 0 to 1."""
        return self._part

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def _begin(self) -> None:
        if self.isEnabled() and not self._down:
            self._down, self._part = True, 0.0
            self._since.start()
            self._timer.start()

    def cancel(self) -> None:
        self._down, self._part = False, 0.0
        self._timer.stop()
        self.update()

    def _beat(self) -> None:
        self._part = min(self._since.elapsed() / (HOLD_S * 1000.0), 1.0)
        self.update()
        if self._part >= 1.0:
            self.cancel()
            self.held.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.rect().contains(event.position().toPoint()):
            self.cancel()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in KEYS:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS and not event.isAutoRepeat():
            self.cancel()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.cancel()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.EnabledChange, QEvent.Type.ActivationChange):
            self.cancel()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._part <= 0.0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(self.theme, self._tone))
        painter.setPen(QPen(colour, 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        bar = QRectF(self.rect()).adjusted(6, 0, -6, -5)
        end = bar.left() + bar.width() * self._part
        painter.drawLine(bar.bottomLeft(), bar.bottomLeft() + (bar.bottomRight() - bar.bottomLeft()) * self._part)
        colour.setAlphaF(0.16)
        painter.fillRect(QRectF(bar.left(), 2, end - bar.left(), self.height() - 4), colour)
        painter.end()
