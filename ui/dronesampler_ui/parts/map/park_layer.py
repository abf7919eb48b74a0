"""The park on the map: land, plots, buildings with shadows, boundary; outlets and airspace in layers of their own."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from dronesampler.geo import LocalFrame
from dronesampler.park import Park
from dronesampler.texts import Lang
from dronesampler_ui.parts.map import shapes
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.theme import Theme

SHADOW_SLOPE = 0.32  # metres of shadow a metre of height
TALL_M = 30.0
NAMES_BELOW_M_PX = 1.6


class ParkLayer:
    """Land, plots and buildings."""

    key = "park"

    def __init__(self) -> None:
        self.version = 0
        self.sheer = False  # over a base map: what is drawn lets it be seen
        self._park: Park | None = None
        self._lang = Lang.EN
        self._frame: LocalFrame | None = None
        self._boundary = QPainterPath()
        self._plots: list[tuple[QPainterPath, QPointF, str]] = []
        self._shadows = QPainterPath()
        self._roofs: list[tuple[QPainterPath, float]] = []

    def show(self, park: Park | None, lang: Lang) -> None:
        self._park, self._lang = park, lang
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self.version += 1
        park = self._park
        self._boundary = shapes.area(frame, park.boundary) if park else QPainterPath()
        self._plots = []
        for enterprise in park.enterprises if park else ():
            if enterprise.area:
                path = shapes.area(frame, enterprise.area)
                name = enterprise.name if self._lang is Lang.ZH else enterprise.name_en or enterprise.name
                self._plots.append((path, path.boundingRect().center(), name))
        buildings = park.buildings if park else ()
        self._roofs = [(shapes.area(frame, b.area), b.height_m) for b in buildings]
        self._shadows = QPainterPath()
        self._shadows.setFillRule(Qt.FillRule.WindingFill)
        for b in buildings:
            self._shadows.addPath(shapes.cast_shadow(frame, b.area, height_m=b.height_m, slope=SHADOW_SLOPE))

    def extent(self) -> QRectF | None:
        return None if self._boundary.isEmpty() else self._boundary.boundingRect()

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        to_px = camera.transform()
        boundary = to_px.map(self._boundary)
        painter.fillPath(boundary, self._fill(theme.land))
        painter.setPen(QPen(QColor(theme.plot_line), 1.0 * theme.stroke))
        painter.setBrush(self._fill(theme.plot))
        for path, _, _ in self._plots:
            painter.drawPath(to_px.map(path))
        shadow = QColor(theme.shadow)
        shadow.setAlphaF(0.45 if theme.dark else 0.32)
        painter.fillPath(to_px.map(self._shadows), shadow)
        self._paint_roofs(painter, camera, theme)
        pen = QPen(QColor(theme.boundary), 1.8 * theme.stroke, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([7, 3, 1.5, 3])
        painter.strokePath(boundary, pen)

    def _fill(self, colour: str | QColor) -> QColor:
        made = QColor(colour)
        made.setAlphaF(0.25 if self.sheer else 1.0)
        return made

    def _paint_roofs(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        to_px = camera.transform()
        low, high = QColor(theme.roof_low), QColor(theme.roof_high)
        painter.setPen(QPen(high if theme.dark else high.darker(118), 0.8 * theme.stroke))
        for path, height_m in self._roofs:
            painter.setBrush(self._fill(_between(low, high, min(height_m / TALL_M, 1.0))))
            painter.drawPath(to_px.map(path))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        if camera.m_px > NAMES_BELOW_M_PX:
            return []
        to_px = camera.transform()
        return [
            Label(
                _in_lines(name, path.boundingRect().width() / camera.m_px),
                to_px.map(centre),
                theme.soft,
                rank=2,
                centred=True,
                size=0.85,
            )
            for path, centre, name in self._plots
        ]


class _Marks:
    """What outlets and airspace have in common: they are the park's, stand still, and fit into its extent."""

    def __init__(self) -> None:
        self.version = 0
        self._park: Park | None = None
        self._frame: LocalFrame | None = None

    def show(self, park: Park | None) -> None:
        self._park = park
        if self._frame:
            self.placed(self._frame)

    def placed(self, frame: LocalFrame) -> None:
        self._frame = frame
        self.version += 1

    def extent(self) -> QRectF | None:
        return None


class OutletsLayer(_Marks):
    """Permitted outlets as blue squares with their codes."""

    key = "outlets"

    def __init__(self) -> None:
        super().__init__()
        self._at: list[tuple[QPointF, str]] = []

    def placed(self, frame: LocalFrame) -> None:
        super().placed(frame)
        outlets = self._park.outlets if self._park else ()
        found = shapes.points(frame, [o.lat_deg for o in outlets], [o.lon_deg for o in outlets])
        self._at = [(found.at(i), o.code) for i, o in enumerate(outlets)]

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        half = 4.5 * theme.stroke
        painter.setPen(QPen(QColor(theme.halo), 1.6))
        painter.setBrush(QColor(theme.outlet))
        for at, _ in self._at:
            px = camera.transform().map(at)
            painter.drawRect(QRectF(px.x() - half, px.y() - half, 2 * half, 2 * half))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        return [Label(code, camera.transform().map(at), theme.outlet, rank=5, bold=True) for at, code in self._at]


class AirspaceLayer(_Marks):
    """Controlled airspace, hatched."""

    key = "airspace"

    def __init__(self) -> None:
        super().__init__()
        self._areas: list[tuple[QPainterPath, str]] = []

    def placed(self, frame: LocalFrame) -> None:
        super().placed(frame)
        spaces = self._park.airspaces if self._park else ()
        self._areas = [(shapes.area(frame, space.area), space.name) for space in spaces]

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        colour = QColor(theme.airspace)
        hatch = QColor(colour)
        hatch.setAlphaF(0.22)
        painter.setPen(QPen(colour, 1.4 * theme.stroke, Qt.PenStyle.DashLine))
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        for path, _ in self._areas:
            painter.drawPath(camera.transform().map(path))

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        to_px = camera.transform()
        return [
            Label(name, to_px.map(path.boundingRect().center()), theme.airspace, rank=3, centred=True)
            for path, name in self._areas
        ]


def _in_lines(name: str, wide_px: float) -> str:
    """The name on two lines where it is wider than its plot: parted at a bracket, else at the middle space."""
    long_px = sum(12.0 if ord(letter) > 0x2E80 else 6.4 for letter in name)
    if long_px < wide_px:
        return name
    for bracket in ("（", " ("):
        if bracket in name:
            return name.replace(bracket, "\n" + bracket.strip(), 1)
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if not spaces:
        return name
    middle = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _between(low: QColor, high: QColor, part: float) -> QColor:
    pairs = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    return QColor(*(round(a + (b - a) * part) for a, b in pairs))
