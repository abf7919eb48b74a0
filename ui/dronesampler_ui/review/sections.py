"""The curtain's section, worked out on a work thread along the track, a plume or the line measured on the map."""

from PySide6.QtCore import QObject

from dronesampler.columns import Readings, Wind
from dronesampler.desk.section import Section, along_line, along_track, downwind_of
from dronesampler.problems import Severity
from dronesampler_ui.parts.curtain import Ready
from dronesampler_ui.review.foot import LINE, TRACK, Foot
from dronesampler_ui.values import PatrolShown
from dronesampler_ui.workspace import Room

Place = tuple[float, float]


class Sections(QObject):
    """Answers the foot's wish for a section of the patrol that is shown."""

    def __init__(self, room: Room, foot: Foot) -> None:
        super().__init__()
        self._room, self._foot = room, foot
        self._patrol: PatrolShown | None = None
        foot.section_wanted.connect(self.make)

    def show_patrol(self, patrol: PatrolShown) -> None:
        self._patrol = patrol

    def make(self, way: str) -> None:
        """Work the section out, then show it."""
        patrol = self._patrol
        if patrol is None or patrol.readings is None:
            return
        readings, ends = patrol.readings, self._room.map.measure.ends
        if way == LINE and ends is None:
            self._room.say(self.tr("Measure a line on the map first (M), then choose it again."), Severity.NOTE)
            return
        self._room.background.run(
            lambda progress: Ready.of(section_of(patrol, readings, way, ends=ends)),
            title=self.tr("Working out the curtain"),
            done=lambda ready: self._show(patrol, ready),
        )

    def _show(self, patrol: PatrolShown, ready: Ready) -> None:
        if patrol is self._patrol:
            self._foot.show_section(ready)


def section_of(patrol: PatrolShown, readings: Readings, way: str, *, ends: tuple[Place, Place] | None) -> Section:
    """The section that way: TRACK, LINE between `ends`, or the number of a suspected place."""
    analysis, wind = patrol.analysis, patrol.wind if isinstance(patrol.wind, Wind) else None
    if way == LINE and ends is not None:
        return along_line(readings, patrol.park, analysis, ends=ends)
    if way != TRACK and way[1:].isdigit():
        source = analysis["suspected"][int(way[1:]) - 1]
        ends = downwind_of(source, analysis, wind)
        return along_line(readings, patrol.park, analysis, ends=ends, source=source)
    return along_track(readings, patrol.park, analysis, wind)
