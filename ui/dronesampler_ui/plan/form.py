"""The settings of a pattern as fields, built from what the pattern says of itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from dronesampler.texts import Lang
from dronesampler_ui.parts.boxes import label
from dronesampler_ui.parts.words import sentence

if TYPE_CHECKING:
    from dronesampler.plan import Parameter, Pattern

AUTO = "auto"


class SettingsForm(QWidget):
    """Emits one key and its value; None when it is back at the default."""

    changed = Signal(str, object)

    def __init__(self, lang: Lang, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lang = lang
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._pattern: Pattern | None = None
        self.fields: dict[str, QLineEdit | QComboBox] = {}

    def show_pattern(self, pattern: Pattern, values: dict[str, str]) -> None:
        """Fields for this pattern with these values where they differ from the defaults."""
        if self._pattern is not pattern:
            self._build(pattern)
        for parameter in pattern.parameters:
            self._show(parameter, values.get(parameter.key, parameter.default))

    def _build(self, pattern: Pattern) -> None:
        self._pattern = pattern
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}
        for line, parameter in enumerate(pattern.parameters):
            name = label(self._name(parameter), "soft", wrap=True)
            field = self._field(parameter)
            field.setAccessibleName(self._name(parameter))
            name.setBuddy(field)
            self.fields[parameter.key] = field
            self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(field, line, 1)

    def _name(self, parameter: Parameter) -> str:
        unit = {"_m": "m", "_m_s": "m/s", "_s": "s", "_deg": "°", "_g_s": "g/s"}
        ending = next(
            (u for tail, u in sorted(unit.items(), key=lambda p: -len(p[0])) if parameter.key.endswith(tail)), ""
        )
        said = sentence(parameter.text.said(self._lang))
        return f"{said} ({ending})" if ending else said

    def _field(self, parameter: Parameter) -> QLineEdit | QComboBox:
        if parameter.choices:
            box = QComboBox()
            for choice in parameter.choices:
                box.addItem(self._choice(choice), choice)
            box.activated.connect(lambda _: self._tell(parameter, str(box.currentData())))
            box.setFixedWidth(104)
            return box
        line = QLineEdit()
        line.setFixedWidth(104)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if parameter.default == AUTO:
            line.setPlaceholderText(self.tr("automatic"))
        line.editingFinished.connect(partial(self._edited, parameter, line))
        return line

    def _choice(self, choice: str) -> str:
        return {"yes": self.tr("yes"), "no": self.tr("no")}.get(choice, choice)

    def _show(self, parameter: Parameter, value: str) -> None:
        field = self.fields[parameter.key]
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(field.findData(value), 0))
        elif field.text() != (shown := "" if value == AUTO else value):
            field.setText(shown)

    def _edited(self, parameter: Parameter, line: QLineEdit) -> None:
        if not line.isModified():
            return  # the focus only passed by
        line.setModified(False)
        self._tell(parameter, line.text().strip() or parameter.default)

    def _tell(self, parameter: Parameter, value: str) -> None:
        self.changed.emit(parameter.key, None if value == parameter.default else value)
