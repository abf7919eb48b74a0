"""A field for one number between bounds; up and down step it. Bad input is put back, never passed on."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """Emits the number when it was changed by the officer."""

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        *,
        top: float,
        step: float,
        digits: int = 0,
        bottom: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bottom, self._top, self._step, self._digits = bottom, top, step, digits
        self.value = 0.0
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._edited)

    def show_value(self, value: float) -> None:
        """Show it, or nothing for NaN; nothing is emitted."""
        self.value = round(value, self._digits)
        self.setText("" if math.isnan(value) else f"{value:.{self._digits}f}")

    def _edited(self) -> None:
        try:
            value = float(self.text().replace(",", "."))
        except ValueError:
            value = self.value
        if math.isfinite(value):
            self._set(value)
        else:
            self.show_value(self.value)

    def _set(self, value: float) -> None:
        fresh = round(min(max(value, self._bottom), self._top), self._digits)
        before = self.value
        self.show_value(fresh)
        if fresh != before:
            self.changed.emit(fresh)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: self._step, Qt.Key.Key_Down: -self._step}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif math.isfinite(self.value):
            self._set(self.value + step)
