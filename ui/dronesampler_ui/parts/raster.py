"""Dots as a raster: rows that come sorted by value leave the highest in every pixel, then each grows to a disc."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from dronesampler_ui.parts import ramp
from dronesampler_ui.theme import Theme

Levels = NDArray[np.uint8]


def whole_words(wide_px: float) -> int:
    """A width whose rows of bytes end on a machine word, as QImage wants them."""
    return -(-round(wide_px) // 4) * 4


def raster(
    px: NDArray[np.float32], py: NDArray[np.float32], level: Levels, *, wide: int, high: int, radius: int
) -> Levels:
    """Palette entries, shape (high, wide), 0 where there is nothing; `level` (n,) ascending with the value."""
    seen = (px >= 0) & (px < wide) & (py >= 0) & (py < high)
    at = py[seen].astype(np.intp)
    at *= wide
    at += px[seen].astype(np.intp)
    levels = np.zeros(wide * high, np.uint8)
    levels[at] = level[seen]
    return spread(levels.reshape(high, wide), radius)


def image_of(levels: Levels, theme: Theme, ratio: float) -> tuple[QImage, NDArray[np.uint32]]:
    """The image and the array whose memory it borrows: both are to be kept together."""
    high, wide = levels.shape
    pixels = ramp.table(theme)[levels]
    image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    return image, pixels


def spread(levels: Levels, radius: int) -> Levels:
    """Each dot grown to a disc of that radius, higher levels over lower ones."""
    grown = levels
    for step in range(radius):
        before = grown
        grown = before.copy()
        _raise(grown[1:], before[:-1])
        _raise(grown[:-1], before[1:])
        _raise(grown[:, 1:], before[:, :-1])
        _raise(grown[:, :-1], before[:, 1:])
        if step % 2:
            # Alternating the diamond with a square makes an octagon, near enough a disc.
            _raise(grown[1:, 1:], before[:-1, :-1])
            _raise(grown[:-1, :-1], before[1:, 1:])
            _raise(grown[1:, :-1], before[:-1, 1:])
            _raise(grown[:-1, 1:], before[1:, :-1])
    return np.ascontiguousarray(grown)


def _raise(onto: Levels, other: Levels) -> None:
    np.maximum(onto, other, out=onto)
