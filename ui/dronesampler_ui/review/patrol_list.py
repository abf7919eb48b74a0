"""The list of patrols on file."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import label
from dronesampler_ui.values import PatrolLine

WHOLE_PATROL_PX = 84  # one of them on three lines, in the largest type


class PatrolList(QWidget):
    """Emits the id of the patrol that is chosen."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Patrols"))
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(WHOLE_PATROL_PX)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = label(self.tr("No patrol on file yet. Fly one, or import a log."), "soft", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self.list)
        column.addStretch(0)
        self.list.currentItemChanged.connect(self._changed)

    def show_patrols(self, patrols: tuple[PatrolLine, ...]) -> None:
        """Fill the list; the one chosen before stays chosen."""
        before = self.current()
        self.list.blockSignals(True)
        self.list.clear()
        for patrol in patrols:
            item = QListWidgetItem(self._words(patrol))
            item.setData(Qt.ItemDataRole.UserRole, patrol.id)
            self.list.addItem(item)
            if patrol.id == before:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._empty.setVisible(not patrols)
        self.list.setVisible(bool(patrols))

    def current(self) -> int | None:
        item = self.list.currentItem()
        return int(item.data(Qt.ItemDataRole.UserRole)) if item else None

    def choose(self, patrol_id: int) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == patrol_id:
                self.list.setCurrentRow(row)

    def _words(self, patrol: PatrolLine) -> str:
        when = words.local_time(patrol.began_unix_s) if patrol.began_unix_s else self.tr("time unknown")
        parts = [self.tr("SIMULATED")] if patrol.simulated else []
        parts += [self.tr("{n} readings").format(n=f"{patrol.readings:,}"), when]
        if patrol.state == "open":
            parts.append(self.tr("not ended"))
        return f"{patrol.name}\n{', '.join(parts)}"

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item:
            self.chosen.emit(int(item.data(Qt.ItemDataRole.UserRole)))
