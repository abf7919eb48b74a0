"""Photographs of the patrol: thumbnails made on a work thread, one of them large over the map."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from dronesampler_ui.background import Progress
from dronesampler_ui.review.photo_strip import THUMB_PX, WIDEST_PX, PhotoCard, PhotoStrip
from dronesampler_ui.review.pictures import Large, Picture, large, thumbnail
from dronesampler_ui.workspace import Room


class Looking(QObject):
    """Fills the strip and owns the card."""

    def __init__(self, room: Room, strip: PhotoStrip) -> None:
        super().__init__()
        self._room, self._strip = room, strip
        self._pictures: tuple[Picture, ...] = ()
        self.card = PhotoCard(room.map)
        self.card.shut.connect(lambda: self._strip.setFocus())
        strip.chosen.connect(self.show)

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        self._pictures = pictures
        self.hide()
        if any(p.file for p in pictures):
            self._room.background.run(
                partial(_thumbnails, pictures),
                title=self.tr("Reading photographs"),
                done=lambda images: self._show_thumbnails(pictures, images),
            )

    def show(self, picture: Picture) -> None:
        """Large, once it is read and its hash is checked."""
        self._room.background.run(
            lambda progress: large(picture, WIDEST_PX), title=self.tr("Reading the photograph"), done=self._show_large
        )

    def next(self) -> None:
        """The next one along the time."""
        if self._pictures:
            row = (self._strip.currentRow() + 1) % len(self._pictures)
            self._strip.setCurrentRow(row)
            self._strip.chosen.emit(self._pictures[row])

    def hide(self) -> None:
        self.card.hide()

    def _show_large(self, shown: Large) -> None:
        if shown.picture in self._pictures:
            self.card.show_large(shown)

    def _show_thumbnails(self, pictures: tuple[Picture, ...], images: list[QImage]) -> None:
        if pictures is self._pictures:
            for i, image in enumerate(images):
                self._strip.show_thumbnail(i, image)


def _thumbnails(pictures: tuple[Picture, ...], progress: Progress) -> list[QImage]:
    images = []
    for i, picture in enumerate(pictures):
        progress.at(i / len(pictures))
        images.append(thumbnail(picture, 2 * THUMB_PX))
    return images
