"""Photographs and sightings of the patrol in a row along its time, and one of them large with hash, time and place."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QListView, QListWidget, QListWidgetItem, QPushButton, QWidget

from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import Figures, column, label, row
from dronesampler_ui.review.pictures import Large, Picture

THUMB_PX = 46
WIDEST_PX = 1600
FIGURES_PX = 250


class PhotoStrip(QListWidget):
    """Emits the picture that was chosen; hidden while there is none."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[Picture, ...] = ()
        self.setAccessibleName(self.tr("Photographs and sightings"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setIconSize(QSize(THUMB_PX, THUMB_PX - 14))
        self.setFixedHeight(THUMB_PX)
        self.setObjectName("strip")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.itemActivated.connect(self._emit)
        self.itemClicked.connect(self._emit)
        self.hide()

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        self._pictures = pictures
        self.clear()
        for i, picture in enumerate(pictures):
            item = QListWidgetItem(self._words(picture))
            item.setData(Qt.ItemDataRole.UserRole, i)
            item.setToolTip(picture.note or picture.name)
            self.addItem(item)
        self.setVisible(bool(pictures))

    def show_thumbnail(self, index: int, image: QImage) -> None:
        if index < self.count() and not image.isNull():
            self.item(index).setIcon(QIcon(QPixmap.fromImage(image)))

    def mark_moment(self, time_s: float) -> None:
        """The last picture taken before this moment is the one marked."""
        past = [i for i, p in enumerate(self._pictures) if p.unix_s is not None and p.unix_s <= time_s + 0.5]
        self.blockSignals(True)
        self.setCurrentRow(past[-1] if past else -1)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentItem():
            self._emit(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _emit(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._pictures[item.data(Qt.ItemDataRole.UserRole)])

    def _words(self, picture: Picture) -> str:
        when = words.clock_time(picture.unix_s) if picture.unix_s is not None else self.tr("time unknown")
        kind = {"photo": self.tr("Photo"), "voice": self.tr("Voice note"), "video": self.tr("Video")}
        return f"{kind.get(picture.kind, self.tr('Sighting'))} {when}"


class PhotoCard(QFrame):
    """Lies over the map; nothing waits for it. Escape closes."""

    shut = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photograph"))
        self._title = label("", "title", wrap=True)
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._image.setAccessibleName(self.tr("Photograph"))
        self._figures = Figures(
            {
                "time": self.tr("Time"),
                "place": self.tr("Place"),
                "hash": self.tr("SHA-256"),
                "state": self.tr("File"),
            }
        )
        self.done = QPushButton(self.tr("Close"))
        self.done.clicked.connect(self._shut)
        box = column(self, edge=12)
        box.addLayout(row(self._title, self.done, stretch=0))
        self._figures.setFixedWidth(FIGURES_PX)
        box.addLayout(row(self._image, self._figures, stretch=0), 1)
        self._shown: QImage = QImage()
        self.hide()

    def show_large(self, shown: Large) -> None:
        picture = shown.picture
        self._title.setText(picture.note or picture.name or self.tr("Sighting"))
        self._shown = shown.image
        self._image.setVisible(not shown.image.isNull())
        when = words.local_time(picture.unix_s) if picture.unix_s is not None else self.tr("time unknown")
        self._figures.show_value("time", when)
        self._figures.show_value("place", words.degrees(*picture.place) if picture.place else self.tr("place unknown"))
        lines = [picture.sha256[i : i + 16] for i in range(0, len(picture.sha256), 16)]
        self._figures.show_value("hash", "\n".join(lines) or "–")
        self._figures.show_value("state", *self._state(shown))
        self.show()
        self.lay_over()
        self.raise_()
        self.setFocus()

    def lay_over(self) -> None:
        """In the middle of what it lies over."""
        over = self._over
        if not self._shown.isNull():
            room = QSize(max(over.width() - FIGURES_PX - 80, 80), max(over.height() - 110, 80))
            size = self._shown.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            smooth = Qt.TransformationMode.SmoothTransformation
            self._image.setPixmap(QPixmap.fromImage(self._shown.scaled(size, mode=smooth)))
        self.adjustSize()
        wide, high = min(self.width(), over.width() - 24), min(self.height(), over.height() - 24)
        self.setGeometry((over.width() - wide) // 2, (over.height() - high) // 2, wide, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._shut()
        else:
            super().keyPressEvent(event)

    def _state(self, shown: Large) -> tuple[str, str]:
        if shown.picture.file is None:
            return self.tr("no photograph was taken"), "soft"
        if shown.sound:
            return self.tr("unchanged since it was stored"), "good"
        return self.tr("missing, or not the file that was stored"), "danger"

    def _shut(self) -> None:
        self.hide()
        self.shut.emit()
