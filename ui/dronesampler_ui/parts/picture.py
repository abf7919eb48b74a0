"""Views as files, exactly as they are shown, and on paper: PNG, SVG or PDF by the file's ending."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgGenerator

PNG_SCALE = 2.0
MARGIN_PART = 0.04  # of the paper's width


@dataclass(frozen=True, slots=True)
class Sheet:
    """What can be exported: its size in logical pixels, how it draws itself there, and the font of its words."""

    size: QSize
    paint: Callable[[QPainter], None]
    font: QFont


def save_sheet(sheet: Sheet, path: Path) -> None:
    """Write it. Raises OSError when the file cannot be written."""
    match path.suffix.lower():
        case ".svg":
            _save_svg(sheet, path)
        case ".pdf":
            _save_pdf(sheet, path)
        case _:
            if not picture(sheet).save(str(path)):
                raise OSError(f"cannot write {path}")
    if not path.is_file():
        raise OSError(f"cannot write {path}")


def picture(sheet: Sheet) -> QImage:
    """At twice its resolution, as an image."""
    image = QImage(sheet.size * PNG_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PNG_SCALE)
    image.fill(0xFFFFFFFF)
    _paint(sheet, image)
    return image


def print_sheet(sheet: Sheet, printer: QPrinter) -> None:
    """On one page of the printer, as large as its margins allow; broad views lie across the page."""
    wide = sheet.size.width() >= sheet.size.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError("the printer does not answer")
    page = printer.pageRect(QPrinter.Unit.DevicePixel)
    margin = page.width() * MARGIN_PART
    k = min((page.width() - 2 * margin) / sheet.size.width(), (page.height() - 2 * margin) / sheet.size.height())
    painter.translate(margin, margin)
    painter.scale(k, k)
    painter.setFont(sheet.font)
    sheet.paint(painter)
    painter.end()


def _paint(sheet: Sheet, device: QPaintDevice) -> None:
    painter = QPainter(device)
    painter.setFont(sheet.font)
    sheet.paint(painter)
    painter.end()


def _save_svg(sheet: Sheet, path: Path) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(sheet.size)
    generator.setViewBox(QRectF(0, 0, sheet.size.width(), sheet.size.height()))
    generator.setTitle("dronesampler")
    _paint(sheet, generator)


def _save_pdf(sheet: Sheet, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QSizeF(sheet.size), QPageSize.Unit.Point))
    writer.setPageMargins(QPageLayout().margins())
    writer.setResolution(72)
    _paint(sheet, writer)
