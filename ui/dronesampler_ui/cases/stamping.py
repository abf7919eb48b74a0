"""Time stamps (RFC 3161) for the packets that wait for one; the authority's address is kept in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QPushButton

from dronesampler.problems import Severity
from dronesampler_ui.background import Progress, Work
from dronesampler_ui.library import Library
from dronesampler_ui.parts.words import sentence
from dronesampler_ui.settings import Settings
from dronesampler_ui.workspace import Room

if TYPE_CHECKING:  # sealing takes a second to import
    from dronesampler.desk.stamping import Stamped


class Stamping(QObject):
    """Owns the field and the button. Only a digest is sent; a packet without an answer goes on waiting."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._settings = Settings(room.library.data_dir)
        self._work: Work | None = None
        self.url = QLineEdit(self._settings.tsa)
        self.url.setPlaceholderText(self.tr("Time stamp authority: http://…"))
        self.url.setAccessibleName(self.tr("Address of the time stamp authority"))
        self.fetch = QPushButton(self.tr("Fetch time stamps"))
        self.fetch.setToolTip(self.tr("For every packet that waits for one; only a digest is sent"))
        self.url.returnPressed.connect(self.ask)
        self.fetch.clicked.connect(self.ask)
        room.background.over.connect(self._ended)

    def ask(self) -> None:
        """Fetch what waits; what came of it is said where messages are."""
        url = self.url.text().strip()
        if not url:
            self._room.say(self.tr("Enter the address of a time stamp authority first."), Severity.WARNING)
            self.url.setFocus()
            return
        if self._work is not None:
            return
        self._settings.tsa = url
        self.fetch.setEnabled(False)
        library = self._room.library
        self._work = self._room.background.run(
            lambda progress: _stamp(library, url, progress), title=self.tr("Fetching time stamps"), done=self._done
        )

    def _ended(self, work: Work) -> None:
        if work is self._work:
            self._work = None
            self.fetch.setEnabled(True)

    def _done(self, packets: tuple[Stamped, ...]) -> None:
        kept = [one for one in packets if one.stamp is not None]
        waiting = [one for one in packets if one.stamp is None]
        if not packets:
            self._room.say(self.tr("No packet waits for a time stamp."), Severity.NOTE)
        if kept:
            names = ", ".join(one.stamp.name for one in kept if one.stamp is not None)
            self._room.say(self.tr("Time stamps kept beside the packets: {files}").format(files=names), Severity.NOTE)
        if waiting:
            why = waiting[0].why_not
            words = self.tr("Packets that go on waiting for a time stamp: {n}. {why}")
            said = sentence(self._room.said(why)) if why is not None else ""
            self._room.say(words.format(n=len(waiting), why=said).strip(), Severity.WARNING)


def _stamp(library: Library, url: str, progress: Progress) -> tuple[Stamped, ...]:
    """Those that wait, one after the other. Raises BadInput for an address that is none."""
    from dronesampler.desk.stamping import stamp_all, waiting

    packets = waiting(library.store())
    done = []
    for one in stamp_all(packets, url):
        done.append(one)
        progress.at(len(done) / len(packets))
    return tuple(done)
