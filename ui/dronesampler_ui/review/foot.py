"""Below the map in Review: strip charts or the curtain, photographs along the time, and the replay's controls."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.curtain import Curtain, Ready
from dronesampler_ui.parts.flow import FlowLayout
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.parts.scrubber import Scrubber
from dronesampler_ui.review.photo_strip import PhotoStrip
from dronesampler_ui.review.strips import Strips
from dronesampler_ui.review.study import Opened, Study
from dronesampler_ui.theme import Theme

TRACK, LINE = "track", "line"  # ways of the curtain; else the number of a suspected place


class Foot(QWidget):
    """One axis of time for all of it: chart, curtain, pictures and scrubber show the same moment."""

    section_wanted = Signal(str)  # TRACK, LINE, or a suspected place's key

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.strips = Strips(theme)
        self.curtain = Curtain(theme)
        self.photos = PhotoStrip()
        self.scrubber = Scrubber(theme)
        self._scale = ramp.Scale()
        self.over_time = self._view_button(self.tr("Over time"))
        self.by_height = self._view_button(self.tr("Curtain"))
        self.over_time.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.over_time)
        group.addButton(self.by_height)
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("Which way the curtain goes"))
        self.way.activated.connect(self._ask_section)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.strips)
        self._pages.addWidget(self.curtain)
        self._lay_out()
        self.over_time.toggled.connect(self._switch)
        self.show_ways(())
        self._switch(True)

    def _view_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("view")
        button.setText(name)
        button.setCheckable(True)
        return button

    def _lay_out(self) -> None:
        head = QWidget()
        line = FlowLayout(gap=4, parent=head)
        for widget in (self.over_time, self.by_height, self.way, *self.strips.buttons.values()):
            line.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(0)
        edged = QHBoxLayout()
        edged.setContentsMargins(10, 0, 10, 0)
        edged.addWidget(head)
        box.addLayout(edged)
        box.addWidget(self._pages, 1)
        box.addWidget(self.photos)
        box.addWidget(self.scrubber)

    def show_ways(self, suspected: tuple[int, ...]) -> None:
        """Along the track, downwind of each suspected place, along the line that was measured on the map."""
        before = self.way.currentData()
        self.way.clear()
        self.way.addItem(self.tr("Along the track"), TRACK)
        for number in suspected:
            self.way.addItem(self.tr("Downwind of S{n}").format(n=number), f"S{number}")
        self.way.addItem(self.tr("Along the measured line"), LINE)
        self.way.setCurrentIndex(max(self.way.findData(before), 0))

    def show_patrol(self, opened: Opened) -> None:
        self._scale = opened.scale
        self.strips.show_patrol(opened)
        self.curtain.clear()
        self.curtain.watermark = self.tr("SIMULATED") if opened.shown.line.simulated else ""
        self.photos.show_pictures(opened.pictures)
        self.scrubber.show_readings(opened.line, opened.scale)
        self.show_ways(tuple(f.number for f in opened.shown.flags))
        if self.curtain_shown:
            self._ask_section()

    def show_study(self, study: Study) -> None:
        self.strips.show_study(study)

    def show_section(self, ready: Ready) -> None:
        self.curtain.show_section(ready, self._scale)
        self.curtain.show_moment(self.scrubber.bar.moment_s)

    def show_moment(self, time_s: float) -> None:
        self.strips.chart.show_moment(time_s)
        self.photos.mark_moment(time_s)
        if self.curtain_shown:
            self.curtain.show_moment(time_s)

    def set_theme(self, theme: Theme) -> None:
        self.strips.set_theme(theme)
        self.curtain.set_theme(theme)
        self.scrubber.set_theme(theme)

    def recolour(self, scale: ramp.Scale) -> None:
        self._scale = scale
        self.curtain.recolour(scale)

    @property
    def curtain_shown(self) -> bool:
        return self.by_height.isChecked()

    def switch(self) -> None:
        """The other view."""
        (self.over_time if self.curtain_shown else self.by_height).setChecked(True)

    def show_way(self, key: str) -> None:
        """The curtain along this way."""
        self.way.setCurrentIndex(max(self.way.findData(key), 0))
        if not self.curtain_shown:
            self.by_height.setChecked(True)
        else:
            self._ask_section()

    def sheet(self) -> Sheet:
        """The chart or the curtain, whichever is shown."""
        if self.curtain_shown:
            return self.curtain.sheet()
        chart = self.strips.chart
        return Sheet(chart.size(), lambda painter: chart.paint(painter, chart.width(), chart.height()), chart.font())

    def _switch(self, _: bool) -> None:
        self._pages.setCurrentWidget(self.curtain if self.curtain_shown else self.strips)
        for button in self.strips.buttons.values():
            button.setVisible(not self.curtain_shown)
        self.way.setVisible(self.curtain_shown)
        if self.curtain_shown:
            self._ask_section()

    def _ask_section(self, _: object = None) -> None:
        self.section_wanted.emit(str(self.way.currentData()))
