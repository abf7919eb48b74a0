"""The command palette: type a few letters of any action and press Enter."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget


class Palette(QFrame):
    """Lies over its parent; not a dialog, nothing waits for it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("card")
        self.setAccessibleName(self.tr("Search actions"))
        self._actions: list[QAction] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("What would you like to do?"))
        self.line.setAccessibleName(self.tr("Search actions"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Actions found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._run)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._run)
        self.hide()

    def open_with(self, actions: list[QAction]) -> None:
        """Offer these actions."""
        self._actions = [action for action in actions if action.text()]
        parent = self._over
        wide = min(560, parent.width() - 40)
        self.setGeometry((parent.width() - wide) // 2, 70, wide, min(380, parent.height() - 120))
        self.line.clear()
        self._filter("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def shut(self) -> None:
        self.hide()
        self.closed.emit()

    def _filter(self, text: str) -> None:
        self.list.clear()
        words = text.casefold().split()
        for action in self._actions:
            name = action.text().replace("&", "")
            if action.isEnabled() and all(word in name.casefold() for word in words):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(f"{name}    {keys}".rstrip())
                item.setData(Qt.ItemDataRole.UserRole, action)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        self.shut()
        if item is not None:
            item.data(Qt.ItemDataRole.UserRole).trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.shut()
                return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.shut()
        return super().eventFilter(watched, event)
