"""A hand on the map: it may take hold of what a workspace has drawn before the map itself is moved."""

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent


class Hand(Protocol):
    """Told of mouse and keys in pixels of the map. Each answer says whether the map should leave the rest alone."""

    def press(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        """The left button went down; True takes hold until it is released."""

    def drag(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The pointer moved while this hand holds."""

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The button came up while this hand holds."""

    def double_click(self, at: QPointF) -> bool: ...

    def key(self, event: QKeyEvent) -> bool: ...
