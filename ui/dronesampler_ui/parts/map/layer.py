"""What a map layer is, and the words it would like to have beside its marks."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from dronesampler.geo import LocalFrame
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Label:
    """A word for the place `at` (pixels), kept `away_px` from it. Higher rank wins where labels would collide."""

    text: str
    at: QPointF
    colour: str
    rank: int = 0
    away_px: float = 8.0
    bold: bool = False
    centred: bool = False
    size: float = 0.9  # of the application font


@runtime_checkable
class Still(Protocol):
    """A layer that changes only when `version` does: the view keeps a picture of it while the map is moved."""

    version: int


class Layer(Protocol):
    """Painted in order, each over the one before. Holds values; repaints only when the view asks."""

    key: str

    def placed(self, frame: LocalFrame) -> None:
        """The map's metres are about another origin now."""

    def extent(self) -> QRectF | None:
        """What it covers in metres (y up), None when nothing."""

    def paint(self, painter: QPainter, camera: Camera, theme: Theme) -> None:
        """Draw in logical pixels. The painter is saved and restored around the call."""

    def labels(self, camera: Camera, theme: Theme) -> list[Label]:
        """Words beside what was painted."""


class Live:
    """A layer that every edit changes: drawn over the kept picture, so that what lies under it is not drawn again."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self.key = layer.key
        self.placed, self.extent = layer.placed, layer.extent
        self.paint, self.labels = layer.paint, layer.labels
