"""The alarm strip over the map: colour, shape and word, large enough for arm's length; it never blocks anything."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dronesampler_ui.fly.alerts import Alert
from dronesampler_ui.parts.boxes import label
from dronesampler_ui.parts.sound import Tone
from dronesampler_ui.theme import Theme

SIGN_PX = 44
OTHERS = 3  # smaller lines below the first


class AlarmSign(QWidget):
    """A shape a level: circle, triangle, octagon; with its letter, so that colour alone says nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.tone = Tone.NOTICE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIGN_PX, SIGN_PX)

    def show_tone(self, tone: Tone, theme: Theme) -> None:
        self.tone, self.theme = tone, theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        danger = self.tone is Tone.DANGER
        ink = QColor(self.theme.on_danger if danger else self.theme.warn)
        painter.setPen(QPen(ink, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if self.tone is Tone.NOTICE:
            painter.drawEllipse(area)
        else:
            painter.drawPolygon(_octagon(area) if danger else _triangle(area))
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(round(area.height() * 0.5))
        painter.setFont(font)
        low = area.translated(0, 4 if self.tone is Tone.WARNING else 0)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, "i" if self.tone is Tone.NOTICE else "!")
        painter.end()


def _triangle(area: QRectF) -> QPolygonF:
    return QPolygonF([QPointF(area.center().x(), area.top()), area.bottomRight(), area.bottomLeft()])


def _octagon(area: QRectF) -> QPolygonF:
    cut = area.width() * 0.293
    left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
    return QPolygonF(
        [
            QPointF(left + cut, top),
            QPointF(right - cut, top),
            QPointF(right, top + cut),
            QPointF(right, bottom - cut),
            QPointF(right - cut, bottom),
            QPointF(left + cut, bottom),
            QPointF(left, bottom - cut),
            QPointF(left, top + cut),
        ]
    )


class AlarmBanner(QFrame):
    """Shows alerts as they are given; emits that they were seen, and whether sound is wanted."""

    acknowledged = Signal()
    muted = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.alerts: tuple[Alert, ...] = ()
        self.sign = AlarmSign(theme)
        self.word = label("", "big")
        self.words = label("", "title", wrap=True)
        self.others = label("", "", wrap=True)
        self.seen = QPushButton(self.tr("Seen (A)"))
        self.seen.setAccessibleName(self.tr("Acknowledge the alarms"))
        self.mute = QPushButton(self.tr("Sound on"))
        self.mute.setCheckable(True)
        self.mute.setAccessibleName(self.tr("Mute the alarms"))
        self.seen.clicked.connect(self.acknowledged)
        self.mute.toggled.connect(self._mute)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self.words)
        said.addWidget(self.others)
        keys = QVBoxLayout()
        keys.addWidget(self.seen)
        keys.addWidget(self.mute)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 8, 12, 8)
        line.setSpacing(14)
        line.addWidget(self.sign)
        line.addWidget(self.word)
        line.addLayout(said, 1)
        line.addLayout(keys)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.sign.show_tone(self.sign.tone, theme)

    def show_alerts(self, alerts: tuple[Alert, ...]) -> None:
        """The worst first."""
        if alerts == self.alerts:
            return
        self.alerts = alerts
        self.setVisible(bool(alerts))
        if not alerts:
            return
        first = alerts[0]
        self._dress(first)
        self.word.setText(self._word(first))
        self.words.setText(self._sentence(first))
        self.setAccessibleName(f"{self.word.text()} {self.words.text()}")
        line = self.tr("{word}: {sentence}")
        more = [line.format(word=self._word(a), sentence=self._sentence(a)) for a in alerts[1 : 1 + OTHERS]]
        left = len(alerts) - 1 - OTHERS
        if left > 0:
            more.append(self.tr("and {n} more").format(n=left))
        self.others.setText("\n".join(more))
        self.others.setVisible(bool(more))
        self.seen.setVisible(any(a.loud for a in alerts))

    def _dress(self, first: Alert) -> None:
        tone = first.tone if first.loud else Tone.NOTICE
        name = f"alarm_{tone.value}"
        if self.objectName() != name:
            self.setObjectName(name)
            for widget in (self, self.word, self.words, self.others):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self.sign.show_tone(tone, self._theme)

    def _word(self, alert: Alert) -> str:
        if not alert.loud:
            return self.tr("Seen")
        return {
            Tone.NOTICE: self.tr("NOTE"),
            Tone.WARNING: self.tr("WARNING"),
            Tone.DANGER: self.tr("DANGER"),
        }[alert.tone]

    def _sentence(self, alert: Alert) -> str:
        parts = [alert.words]
        if alert.since:
            parts.append(self.tr("since {time}").format(time=alert.since))
        if alert.over:
            parts.append(self.tr("over, not yet seen by anybody"))
        return " · ".join(parts)

    def _mute(self, on: bool) -> None:
        self.mute.setText(self.tr("Sound OFF") if on else self.tr("Sound on"))
        self.muted.emit(on)
