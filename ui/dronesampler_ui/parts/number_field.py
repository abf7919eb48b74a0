"""A field for one number between bounds; up and down step it. Bad input is put back, never passed on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """Emits the number when it was changed by the officer."""

    changed = Signal(float)

    def __init__(self, name: str, *, top: float, step: float, digits: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._top, self._step, self._digits = top, step, digits
        self.value = 0.0
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._edited)

    def show_value(self, value: float) -> None:
        """Show it; nothing is emitted."""
        self.value = value
        self.setText(f"{value:.{self._digits}f}")

    def _edited(self) -> None:
        try:
            value = float(self.text().replace(",", "."))
        except ValueError:
            value = self.value
        self._set(value)

    def _set(self, value: float) -> None:
        fresh = round(min(max(value, 0.0), self._top), self._digits)
        before = self.value
        self.show_value(fresh)
        if fresh != before:
            self.changed.emit(fresh)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: self._step, Qt.Key.Key_Down: -self._step}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._set(self.value + step)
