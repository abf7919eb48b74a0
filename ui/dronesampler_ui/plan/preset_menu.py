"""What can be done with an officer's own presets: keep the settings as one, rename one, delete one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from dronesampler.problems import Severity, system_said
from dronesampler_ui.plan.inputs import PlanInputs
from dronesampler_ui.plan.own_presets import OwnPresets, read_presets, write_presets
from dronesampler_ui.workspace import Room


class PresetMenu(QObject):
    """Owns the presets on file and the button with its menu."""

    changed = Signal()

    def __init__(self, room: Room, over: QWidget) -> None:
        super().__init__()
        self._room, self._over = room, over
        self._inputs = PlanInputs()
        self.presets = OwnPresets({})
        self.button = QToolButton()
        self.button.setText("…")
        self.button.setToolTip(self.tr("Own presets"))
        self.button.setAccessibleName(self.tr("Own presets"))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.button)
        self.keep_action = self._action(menu, self.tr("Keep these settings as a preset…"), self._ask_keep)
        self.rename_action = self._action(menu, self.tr("Rename the preset…"), self._ask_rename)
        self.delete_action = self._action(menu, self.tr("Delete the preset"), self.delete)
        self.button.setMenu(menu)

    def _action(self, menu: QMenu, words: str, do: Callable[[], None]) -> QAction:
        action = menu.addAction(words)
        action.triggered.connect(lambda: do())
        return action

    def read(self) -> None:
        """From the data folder; a small file."""
        self.presets = read_presets(self._data_dir)

    @property
    def _data_dir(self) -> Path:
        return self._room.library.data_dir

    @property
    def name(self) -> str:
        """The own preset that the settings are, "" where they are none."""
        return self.presets.named(self._inputs.pattern, self._inputs.settings) if not self._inputs.preset else ""

    def show(self, inputs: PlanInputs) -> None:
        self._inputs = inputs
        self.keep_action.setEnabled(bool(inputs.settings) and not self.name)
        self.rename_action.setEnabled(bool(self.name))
        self.delete_action.setEnabled(bool(self.name))

    def keep(self, name: str) -> None:
        """The settings as they are under a name."""
        if name.strip():
            self._take(self.presets.with_set(self._inputs.pattern, name.strip(), self._inputs.settings))

    def rename(self, name: str) -> None:
        if name.strip():
            self._take(self.presets.renamed(self._inputs.pattern, self.name, name.strip()))

    def delete(self) -> None:
        self._take(self.presets.without(self._inputs.pattern, self.name))

    def _ask_keep(self) -> None:
        self._ask(self.tr("Keep these settings as a preset"), "", self.keep)

    def _ask_rename(self) -> None:
        self._ask(self.tr("Rename the preset"), self.name, self.rename)

    def _ask(self, title: str, text: str, take: Callable[[str], None]) -> None:
        name, given = QInputDialog.getText(self._over, title, self.tr("Name"), text=text)
        if given:
            take(name)

    def _take(self, presets: OwnPresets) -> None:
        try:
            write_presets(self._data_dir, presets)
        except OSError as problem:
            words = self.tr("The preset cannot be kept: {why}").format(why=self._room.said(system_said(problem)))
            self._room.say(words, Severity.ERROR)
            return
        self.presets = presets
        self.changed.emit()
