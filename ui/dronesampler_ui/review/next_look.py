"""Where to look next, in one click: worked out of the finding that is shown, and handed on as a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from dronesampler.columns import Track
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.problems import Severity
from dronesampler_ui.aircraft import aircraft_of
from dronesampler_ui.background import Progress, Work
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.values import PatrolShown
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:  # the planning rooms take half a second to import
    from pathlib import Path

    from dronesampler.desk.look_next import SecondLook


@dataclass(frozen=True, slots=True)
class LookPlan:
    """A mission over its park, planned for that wind (from_deg, speed_m_s)."""

    mission: Mission
    park: Park | None
    wind: tuple[float, float]


class NextLook(QObject):
    """Owns the button. Lines and hover points are chosen on a work thread for one full battery of the office's aircraft
    in the wind of the analysed flight; who gets the plan may give another wind."""

    planned = Signal(object)  # LookPlan

    def __init__(self, room: Room, patrol: Callable[[], PatrolShown | None]) -> None:
        super().__init__()
        self._room, self._patrol = room, patrol
        self._work: Work | None = None
        self.button = QPushButton(self.tr("Plan the next look"))
        self.button.setAccessibleName(self.tr("Plan the next look"))
        self.button.setAccessibleDescription(self.tr("A plan of the lines that shrink the doubt most for their flight"))
        self.button.setToolTip(self.button.accessibleDescription())
        self.button.hide()
        self.button.clicked.connect(self.ask)
        room.background.over.connect(self._ended)

    def show_patrol(self, shown: PatrolShown) -> None:
        """Offered where there is a finding."""
        self.button.setVisible(shown.finding_id is not None)

    def ask(self) -> None:
        """Plan it; why not is said where messages are."""
        shown = self._patrol()
        if self._work is not None or shown is None:
            return
        if shown.finding_id is None:
            self._room.say(self.tr("Find the sources of this patrol first."), Severity.WARNING)
            return
        data_dir = self._room.library.data_dir
        self.button.setEnabled(False)
        self._work = self._room.background.run(
            lambda progress: _planned(shown, data_dir, progress),
            title=self.tr("Planning where to look next"),
            done=lambda found: self._done(shown, found),
        )

    def _ended(self, work: Work) -> None:
        """Done, refused or cancelled: it may be asked for again."""
        if work is self._work:
            self._work = None
            self.button.setEnabled(True)

    def _done(self, shown: PatrolShown, found: SecondLook) -> None:
        self._room.say(sentence(self._room.said(found.words)), Severity.NOTE)
        p = shown.analysis["parameters"]
        self.planned.emit(LookPlan(found.mission, shown.park, (float(p["wind_from_deg"]), float(p["wind_m_s"]))))


def _planned(shown: PatrolShown, data_dir: Path, progress: Progress) -> SecondLook:
    from dronesampler.desk.look_next import second_look

    progress.at(0.1)
    home = None if shown.park and shown.park.home else _began(shown.track)
    found = second_look(shown.analysis, park=shown.park, home=home, aircraft=aircraft_of(data_dir))
    progress.at(1.0)
    return found


def _began(track: Track | None) -> tuple[float, float] | None:
    """Where the aircraft took off, as far as its track tells."""
    if track is None:
        return None
    known = np.flatnonzero(np.isfinite(track.lat_deg) & np.isfinite(track.lon_deg))
    return (float(track.lat_deg[known[0]]), float(track.lon_deg[known[0]])) if len(known) else None
