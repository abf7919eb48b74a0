"""The map as a file, exactly as it is shown: PNG, SVG or PDF by the file's ending."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from dronesampler_ui.parts.map.view import MapView

PNG_SCALE = 2.0


def save_view(view: MapView, path: Path) -> None:
    """Write the view. Raises OSError when the file cannot be written."""
    size = QSize(view.camera.width_px, view.camera.height_px)
    match path.suffix.lower():
        case ".svg":
            _save_svg(view, path, size)
        case ".pdf":
            _save_pdf(view, path, size)
        case _:
            image = picture(view)
            if not image.save(str(path)):
                raise OSError(f"cannot write {path}")


def picture(view: MapView) -> QImage:
    """The view at twice its resolution, as an image."""
    image = QImage(
        round(view.camera.width_px * PNG_SCALE), round(view.camera.height_px * PNG_SCALE), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(PNG_SCALE)
    _paint(view, image)
    return image


def _paint(view: MapView, device: QImage | QSvgGenerator | QPdfWriter) -> None:
    painter = QPainter(device)
    painter.setFont(view.font())
    view.paint(painter)
    painter.end()


def _save_svg(view: MapView, path: Path, size: QSize) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("dronesampler")
    _paint(view, generator)


def _save_pdf(view: MapView, path: Path, size: QSize) -> None:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QSizeF(size.width(), size.height()), QPageSize.Unit.Point))
    writer.setPageMargins(QPageLayout().margins())
    writer.setResolution(72)
    _paint(view, writer)
