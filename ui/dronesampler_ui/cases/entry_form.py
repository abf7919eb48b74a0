"""Forms for entries of a sample: fields in columns, as they are typed; the core reads them and says what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import label, row

COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `choices` (value, words) make it a list, `free` lets other words be typed into it."""

    key: str
    name: str
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    free: bool = False
    wide: bool = False


class EntryForm(QWidget):
    """Emits what was typed, or that nothing is wanted."""

    saved = Signal(str, dict)  # what, fields
    left = Signal()

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = what
        self._sample = ""
        self._title_words = ""
        self.title = label("", "heading")
        self.inputs: dict[str, QLineEdit | QComboBox] = {}
        self.save = QPushButton(self.tr("Save"))
        self.save.setObjectName("primary")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.left)

    def lay_out(self, title: str, fields: Sequence[Field]) -> None:
        """The fields from left to right, four in a line."""
        self._title_words = title
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        at = 0
        for field in fields:
            span = 2 if field.wide else 1
            if at % COLUMNS + span > COLUMNS:
                at += COLUMNS - at % COLUMNS
            line, column = divmod(at, COLUMNS)
            grid.addWidget(label(field.name, "soft"), 2 * line, column, 1, span)
            grid.addWidget(self._input(field), 2 * line + 1, column, 1, span)
            at += span
        head = row(self.title, self.cancel, self.save, stretch=0)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 8)
        box.setSpacing(6)
        box.addLayout(head)
        box.addLayout(grid)
        box.addStretch(1)

    def _input(self, field: Field) -> QWidget:
        made = self._list(field) if field.choices else self._line(field)
        made.setAccessibleName(field.name)
        self.inputs[field.key] = made
        return made

    def _list(self, field: Field) -> QComboBox:
        made = QComboBox()
        made.setEditable(field.free)
        for value, words in field.choices:
            made.addItem(words, value)
        return made

    def _line(self, field: Field) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText(field.hint)
        made.returnPressed.connect(self._save)
        return made

    def begin(self, sample: str, values: Mapping[str, str]) -> None:
        """Empty but for these."""
        self._sample = sample
        self.title.setText(f"{self._title_words}  {sample}".strip())
        for key, widget in self.inputs.items():
            given = values.get(key, "")
            if isinstance(widget, QLineEdit):
                widget.setText(given)
                continue
            found = widget.findData(given)
            widget.setCurrentIndex(max(found, 0))
            if widget.isEditable():
                widget.setEditText(given)
        next(iter(self.inputs.values())).setFocus()

    def fields(self) -> dict[str, str]:
        """As typed; of a list its value."""
        values = {"sample": self._sample}
        for key, widget in self.inputs.items():
            if isinstance(widget, QLineEdit):
                values[key] = widget.text()
            else:
                values[key] = widget.currentText() if widget.isEditable() else str(widget.currentData() or "")
        return values

    def _save(self) -> None:
        self.saved.emit(self.what, self.fields())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
