"""Everything that Fly can be asked by a key or by its name in the command palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from dronesampler_ui.fly.workspace import Fly


class FlyKeys(QObject):
    """What moves the aircraft is not done by a key alone: the key goes to its button, which is then held."""

    def __init__(self, fly: Fly) -> None:
        super().__init__(fly)
        b = fly.buttons
        go_to = self.tr("Fly: to the button “{name}” (then hold the space bar)")
        held = ((b.upload, ""), (b.arm, ""), (b.start, ""), (b.go_on, ""), (b.back, "Ctrl+Shift+R"), (b.land, ""))
        self.actions = [
            self._action(self.tr("Fly: pause now"), lambda: fly.press("Pause"), "P"),
            self._action(self.tr("Fly: mark a sighting"), lambda: fly.press("MarkSighting"), "K"),
            self._action(self.tr("Fly: alarms seen"), fly.acknowledge, "A"),
            self._action(self.tr("Fly: mute or sound the alarms"), fly.alarms.banner.mute.toggle, "Ctrl+Shift+M"),
            self._action(self.tr("Fly: voice note"), fly.sightings.record, "Ctrl+Shift+K"),
            self._action(self.tr("Fly: photograph"), b.extra.photograph.click, "Ctrl+Shift+P"),
            self._action(self.tr("Fly: pump on"), b.extra.on.click, ""),
            self._action(self.tr("Fly: pump off"), b.extra.off.click, ""),
            self._action(self.tr("Fly: stop the upload"), lambda: fly.ask("CancelUpload"), ""),
            self._action(self.tr("Fly: zero and span check"), fly.open_check, "Ctrl+Shift+Z"),
            self._action(self.tr("Fly: more commands"), b.more.toggle, "Ctrl+E"),
            self._action(self.tr("Fly: follow the vehicle"), fly.toggle_follow, "Ctrl+F"),
            self._action(self.tr("Fly: fly the simulator"), fly.fly_simulator, "Ctrl+Shift+F"),
            *(self._action(go_to.format(name=button.text()), button.setFocus, keys) for button, keys in held),
        ]

    def _action(self, name: str, do: Callable[[], object], keys: str) -> QAction:
        action = QAction(name, self)
        action.setShortcut(keys)
        action.triggered.connect(do)
        return action
