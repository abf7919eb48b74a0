"""The map widget: paints its layers through a camera that mouse, wheel and keys move."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import takewhile

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map import furniture
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.furniture import WindShown
from dronesampler_ui.parts.map.hand import Hand
from dronesampler_ui.parts.map.kept_ground import KeptGround
from dronesampler_ui.parts.map.layer import Layer, Still
from dronesampler_ui.parts.map.words import Words
from dronesampler_ui.theme import Theme

KEY_STEP_PX = 60.0
ZOOM_STEP = 1.25
CLICK_SLACK_PX = 4
SOMEWHERE = LocalFrame(35.71, 116.49)


class Tool(StrEnum):
    """What a click on the map does."""

    LOOK = "look"
    MEASURE = "measure"
    PLACE = "place"


class MapView(QWidget):
    """Layers over one another. Emits where it was clicked and where the pointer is; knows nothing of workspaces."""

    clicked = Signal(float, float)  # lat_deg, lon_deg
    clicked_px = Signal(QPointF)
    hovered = Signal(float, float)
    left = Signal()
    asked_menu = Signal(float, float, QPointF)
    simulated_changed = Signal(bool)
    camera_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.camera = Camera(SOMEWHERE)
        self.tool = Tool.LOOK
        self.wind: WindShown | None = None
        self.simulated = False
        self.hidden: set[str] = set()
        self.hand: Hand | None = None
        self._held = False
        self._layers: tuple[Layer, ...] = ()
        self._words = Words()
        self._ground = KeptGround()
        self._pressed: QPoint | None = None
        self._dragging = False
        self._fit_when_sized = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Map"))
        self.setAccessibleDescription(
            self.tr(
                "Arrow keys move the map, plus and minus zoom, F shows everything, M measures. In Plan, Page Up and "
                "Page Down choose waypoints, Ctrl with arrow keys moves them, I inserts one, Delete removes them."
            )
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self._layers

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Show these layers, the first at the bottom."""
        self._layers = tuple(layers)
        for layer in self._layers:
            layer.placed(self.camera.frame)
        self.update()

    def set_frame(self, frame: LocalFrame) -> None:
        """Metres are about another origin: another park or patrol is shown."""
        if frame == self.camera.frame:
            return
        self.camera = Camera(frame, 0.0, 0.0, self.camera.m_px, self.camera.width_px, self.camera.height_px)
        for layer in self._layers:
            layer.placed(frame)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def set_hidden(self, key: str, hidden: bool) -> None:
        (self.hidden.add if hidden else self.hidden.discard)(key)
        self.update()

    def look(self, camera: Camera) -> None:
        self.camera = camera
        self.camera_changed.emit()
        self.update()

    def fit(self) -> None:
        """Everything in view."""
        extent = QRectF()
        for layer in self._layers:
            part = layer.extent()
            if part is not None and part.isValid():
                extent = part if extent.isNull() else extent.united(part)
        if not extent.isNull():
            self.look(self.camera.fitted(extent))

    def fit_soon(self) -> None:
        """Fit now, and again when the widget gets its real size."""
        self._fit_when_sized = True
        self.fit()

    def centre_on(self, lat_deg: float, lon_deg: float, *, m_px: float | None = None) -> None:
        x_m, y_m = self.camera.frame.to_xy(lat_deg, lon_deg)
        camera = self.camera.centred(float(x_m), float(y_m))
        self.look(camera.zoomed(camera.m_px / m_px) if m_px and camera.m_px > m_px else camera)

    def fit_if_untouched(self) -> None:
        """Fit, unless the officer has moved the map since it was last fitted."""
        if self._fit_when_sized:
            self.fit()

    def set_simulated(self, simulated: bool) -> None:
        """Whether what is shown was simulated: said across the whole map."""
        if simulated != self.simulated:
            self.simulated = simulated
            self.simulated_changed.emit(simulated)
            self.update()

    def watermark(self) -> str:
        return self.tr("SIMULATED")

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, keep=True)
        painter.end()

    def paint(self, painter: QPainter, *, keep: bool = False) -> None:
        """Draw the map as shown, on the widget or on a picture of the same size; `keep` uses the kept ground."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, 0, self.camera.width_px, self.camera.height_px)
        shown = [layer for layer in self._layers if layer.key not in self.hidden]
        still = list(takewhile(lambda layer: isinstance(layer, Still), shown))
        if keep:
            self._ground.paint(painter, still, camera=self.camera, theme=self.theme)
        else:
            painter.fillRect(area, QColor(self.theme.ground))
        for layer in shown[len(still) if keep else 0 :]:
            painter.save()
            layer.paint(painter, self.camera, self.theme)
            painter.restore()
        self._words.paint(
            painter,
            [label for layer in shown for label in layer.labels(self.camera, self.theme)],
            self.theme,
            within=area,
        )
        self._paint_furniture(painter)

    def _paint_furniture(self, painter: QPainter) -> None:
        high, wide = self.camera.height_px, self.camera.width_px
        furniture.paint_scale_bar(painter, self.camera, self.theme, left=16, bottom=high - 16)
        if self.wind:
            word = self.tr("{speed:.1f} m/s from {deg:.0f}°").format(speed=self.wind.speed_m_s, deg=self.wind.from_deg)
            furniture.paint_wind(painter, QPointF(wide - 48, 48), self.theme, wind=self.wind, word=word)
        if self.simulated:
            painter.save()
            furniture.paint_watermark(painter, self.camera, self.theme, word=self.watermark())
            painter.restore()

    # Moving

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.camera = self.camera.sized(event.size().width(), event.size().height())
        if self._fit_when_sized:
            self.fit()
        self.camera_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = bool(self._free_hand and self._free_hand.press(event.position(), event.modifiers()))
        if not self._held:
            self._pressed = event.position().toPoint()
            self._dragging = False

    @property
    def _free_hand(self) -> Hand | None:
        return self.hand if self.tool is Tool.LOOK else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        taken = event.button() == Qt.MouseButton.LeftButton and self._free_hand
        if not (taken and taken.double_click(event.position())):
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._held and self.hand:
            self.hand.drag(event.position(), event.modifiers())
        elif self._pressed is not None:
            way = at - self._pressed
            if self._dragging or way.manhattanLength() > CLICK_SLACK_PX:
                self._dragging = True
                self._fit_when_sized = False
                self._pressed = at
                self.look(self.camera.panned(way.x(), way.y()))
        self.hovered.emit(*self.camera.lat_lon(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._held and self.hand:
            self._held = False
            self.hand.release(event.position(), event.modifiers())
        elif self._pressed is not None:
            if not self._dragging:
                self.clicked_px.emit(event.position())
                self.clicked.emit(*self.camera.lat_lon(event.position()))
            self._pressed = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._fit_when_sized = False
        self.look(self.camera.zoomed(ZOOM_STEP ** (event.angleDelta().y() / 120.0), event.position()))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyed = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = QPointF(self.rect().center()) if keyed else QPointF(event.pos())
        self.asked_menu.emit(*self.camera.lat_lon(at), at)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = KEY_STEP_PX
        if self._free_hand and self._free_hand.key(event):
            return
        match event.key():
            case Qt.Key.Key_Left:
                self.look(self.camera.panned(step, 0))
            case Qt.Key.Key_Right:
                self.look(self.camera.panned(-step, 0))
            case Qt.Key.Key_Up:
                self.look(self.camera.panned(0, step))
            case Qt.Key.Key_Down:
                self.look(self.camera.panned(0, -step))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM_STEP)
            case Qt.Key.Key_F | Qt.Key.Key_Home:
                self.fit()
            case Qt.Key.Key_Return | Qt.Key.Key_Space if self.tool is not Tool.LOOK:
                centre = QPointF(self.camera.width_px / 2, self.camera.height_px / 2)
                self.clicked.emit(*self.camera.lat_lon(centre))
            case _:
                super().keyPressEvent(event)

    def zoom(self, factor: float) -> None:
        self._fit_when_sized = False
        self.look(self.camera.zoomed(factor))
