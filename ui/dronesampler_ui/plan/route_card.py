"""The chosen waypoints in numbers, and what can be done with a route that a hand has changed."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from dronesampler_ui.parts.boxes import GAP_PX, label, row
from dronesampler_ui.parts.number_field import NumberField
from dronesampler_ui.plan.editing import Entry

HIGHEST_M, LONGEST_S = 1000.0, 3600.0


class RouteCard(QWidget):
    """Shows the numbers all chosen waypoints agree on; emits what was entered."""

    entered = Signal(object)  # Entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = label("", "warn", wrap=True)
        self.chosen = label("", "heading", wrap=True)
        self.chosen.setAccessibleName(self.tr("Chosen waypoints"))
        self.lat_deg = NumberField(self.tr("Latitude (°)"), bottom=-90.0, top=90.0, step=0.00001, digits=7)
        self.lon_deg = NumberField(self.tr("Longitude (°)"), bottom=-180.0, top=180.0, step=0.00001, digits=7)
        self.height_m = NumberField(self.tr("Height (m)"), bottom=-HIGHEST_M, top=9000.0, step=1.0, digits=1)
        self.hold_s = NumberField(self.tr("Hold (s)"), top=LONGEST_S, step=1.0)
        self.insert = QPushButton(self.tr("Insert (I)"))
        self.insert.setToolTip(self.tr("A waypoint on the leg after the chosen one, or double-click a leg"))
        self.delete = QPushButton(self.tr("Delete (Del)"))
        self.anew = QPushButton(self.tr("Plan anew"))
        self.anew.setToolTip(self.tr("Let the pattern lay out the route again; undo brings this one back"))
        self.numbers = self._build_numbers()
        self._lay_out()
        self._connect()
        self.show_chosen(0, 0, Entry())
        self.show_state("")

    def _build_numbers(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(2)
        for place, field in enumerate((self.lat_deg, self.lon_deg, self.height_m, self.hold_s)):
            name = label(field.accessibleName(), "soft")
            name.setBuddy(field)
            field.setPlaceholderText("–")
            grid.addWidget(name, place // 2 * 2, place % 2)
            grid.addWidget(field, place // 2 * 2 + 1, place % 2)
        return box

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.chosen)
        box.addWidget(self.numbers)
        box.addLayout(row(self.insert, self.delete))
        box.addWidget(self.state)
        box.addWidget(self.anew)

    def _connect(self) -> None:
        self.lat_deg.changed.connect(lambda v: self.entered.emit(Entry(lat_deg=v)))
        self.lon_deg.changed.connect(lambda v: self.entered.emit(Entry(lon_deg=v)))
        self.height_m.changed.connect(lambda v: self.entered.emit(Entry(height_m=v)))
        self.hold_s.changed.connect(lambda v: self.entered.emit(Entry(hold_s=v)))

    def show_chosen(self, number: int, total: int, entry: Entry, *, several: bool = False) -> None:
        """The waypoint of that number, or with `several` so many of them; 0 when none is chosen."""
        words = self.tr("{n} waypoints chosen") if several else self.tr("Waypoint {n} of {total}")
        self.chosen.setText(words.format(n=number, total=total))
        for field, value in (
            (self.lat_deg, entry.lat_deg),
            (self.lon_deg, entry.lon_deg),
            (self.height_m, entry.height_m),
            (self.hold_s, entry.hold_s),
        ):
            field.show_value(math.nan if value is None else value)
        for widget in (self.chosen, self.numbers, self.insert, self.delete):
            widget.setVisible(number > 0)
        self._show_self()

    def show_state(self, words: str) -> None:
        """What the route is, where no pattern laid it out as it is; "" where one did."""
        self.state.setText(words)
        for widget in (self.state, self.anew):
            widget.setVisible(bool(words))
        self._show_self()

    def _show_self(self) -> None:
        self.setVisible(not (self.numbers.isHidden() and self.state.isHidden()))
