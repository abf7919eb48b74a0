"""Small building blocks of panels: headings, cards, name-and-figure rows, always with the same spacing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from dronesampler_ui.parts.flow import FlowLayout

GAP_PX = 8
EDGE_PX = 14


def label(words: str, kind: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's kinds: title, heading, soft, figure, big, huge, good, warn, danger, chip."""
    made = QLabel(words)
    made.setObjectName(kind)
    made.setWordWrap(wrap)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return made


def set_kind(widget: QLabel, kind: str) -> None:
    """Change a label's kind and have the style sheet look again."""
    if widget.objectName() != kind:
        widget.setObjectName(kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def column(widget: QWidget, *, edge: int = EDGE_PX, gap: int = GAP_PX) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(gap)
    return layout


def row(*widgets: QWidget, stretch: int | None = None) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(GAP_PX)
    for i, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if i == stretch else 0)
    return layout


def flowing(*widgets: QWidget, gap: int = GAP_PX) -> QWidget:
    """A row that goes on in the next line where it would not fit."""
    holder = QWidget()
    line = FlowLayout(gap=gap, parent=holder)
    for widget in widgets:
        line.addWidget(widget)
    return holder


def rule() -> QFrame:
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


def card() -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setObjectName("card")
    return frame, column(frame, edge=12, gap=6)


def scrolled(widget: QWidget) -> QScrollArea:
    """The widget in an area that scrolls up and down only."""
    widget.setObjectName("scrolled")
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


class Figures(QWidget):
    """Names with figures beside them, in two columns."""

    def __init__(self, names: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        for i, (key, name) in enumerate(names.items()):
            value = label("–")
            value.setAccessibleName(name)
            value.setWordWrap(True)
            self._values[key] = value
            self._names[key] = label(name, "soft")
            self._grid.addWidget(self._names[key], i, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, i, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(len(names), 1)

    def show_value(self, key: str, words: str, kind: str = "") -> None:
        if self._values[key].text() != words:
            self._values[key].setText(words)
        set_kind(self._values[key], kind)

    def set_shown(self, key: str, shown: bool) -> None:
        """Whether that line takes room."""
        for part in (self._names[key], self._values[key]):
            if part.isHidden() == shown:
                part.setVisible(shown)

    def clear(self) -> None:
        for value in self._values.values():
            value.setText("–")
