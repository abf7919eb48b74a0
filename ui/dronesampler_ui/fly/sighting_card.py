"""The sighting just marked: when, where and which way; a note, photographs and a voice note may follow."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import label, row


class SightingCard(QFrame):
    """Emits what the officer adds. Nothing here must be filled in: the sighting is on record already."""

    noted = Signal(str)
    photograph = Signal()
    folder = Signal(bool)  # whether to watch the camera's folder
    voice = Signal()
    shut = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.words = label("", "title", wrap=True)
        self.words.setAccessibleName(self.tr("Sighting"))
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("What was seen (Enter keeps it)"))
        self.note.setAccessibleName(self.tr("What was seen"))
        self.photo = QPushButton(self.tr("Photograph…"))
        self.photo.setToolTip(self.tr("Add a file; photographs can also be dropped on the window"))
        self.watch = QPushButton(self.tr("Camera folder…"))
        self.watch.setCheckable(True)
        self.watch.setToolTip(self.tr("New photographs in a folder are added to the sighting just marked"))
        self.record = QPushButton(self.tr("Voice note"))
        self.kept = label("", "good", wrap=True)
        self.close_ = QPushButton(self.tr("Done"))
        self.note.returnPressed.connect(self._noted)
        self.photo.clicked.connect(self.photograph)
        self.watch.clicked.connect(self.folder)
        self.record.clicked.connect(self.voice)
        self.close_.clicked.connect(self.shut)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 10)
        box.setSpacing(6)
        box.addWidget(self.words)
        box.addWidget(self.note)
        box.addLayout(row(self.photo, self.record))
        box.addLayout(row(self.watch, self.close_))
        box.addWidget(self.kept)
        self.hide()

    def show_sighting(self, words: str) -> None:
        """A new one: what was typed for the one before is kept first by whoever calls."""
        self.words.setText(words)
        self.note.clear()
        self.show_kept(0, 0)
        self.show()

    def show_kept(self, photographs: int, notes: int) -> None:
        said = []
        if photographs:
            said.append(self.tr("Photographs kept: {n}").format(n=photographs))
        if notes:
            said.append(self.tr("Notes kept: {n}").format(n=notes))
        self.kept.setText(", ".join(said))
        self.kept.setVisible(bool(said))

    def show_recording(self, recording: bool) -> None:
        self.record.setText(self.tr("Stop recording") if recording else self.tr("Voice note"))

    def _noted(self) -> None:
        if self.note.text().strip():
            self.noted.emit(self.note.text().strip())
            self.note.clear()
