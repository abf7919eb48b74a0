"""Line icons in the theme's colours."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dronesampler.paths import assets_dir
from dronesampler_ui.theme import Theme

SIDE_PX = 48  # drawn large, shown small: sharp at 200 %


def icon(name: str, theme: Theme) -> QIcon:
    """The icon `name`: quiet when off, in the text colour when on."""
    made = QIcon()
    made.addPixmap(_drawn(name, theme.soft), QIcon.Mode.Normal, QIcon.State.Off)
    made.addPixmap(_drawn(name, theme.accent), QIcon.Mode.Normal, QIcon.State.On)
    return made


def _drawn(name: str, colour: str) -> QPixmap:
    source = (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("#000000", colour)
    pixmap = QPixmap(SIDE_PX, SIDE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    return pixmap
