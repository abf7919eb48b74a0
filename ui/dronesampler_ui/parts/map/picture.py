"""The map as a sheet that can be written to a file or printed, exactly as it is shown."""

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from dronesampler_ui.parts.map.legend import Legend
from dronesampler_ui.parts.map.view import MapView
from dronesampler_ui.parts.picture import Sheet, save_sheet
from dronesampler_ui.parts.picture import picture as picture_of


def map_sheet(view: MapView, legend: Legend | None = None) -> Sheet:
    """The view as it is now, with its legend where it stands."""

    def paint(painter: QPainter) -> None:
        view.paint(painter)
        if legend is not None and not legend.isHidden():
            painter.translate(legend.pos())
            legend.paint(painter)
            painter.translate(-legend.pos())

    return Sheet(QSize(view.camera.width_px, view.camera.height_px), paint, view.font())


def save_view(view: MapView, path: Path) -> None:
    """Write the view. Raises OSError when the file cannot be written."""
    save_sheet(map_sheet(view), path)


def picture(view: MapView) -> QImage:
    """The view at twice its resolution, as an image."""
    return picture_of(map_sheet(view))
