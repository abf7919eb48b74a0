"""Sightings of the live patrol: marked by one key, kept with their photographs and voice notes off the UI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from dronesampler.desk.seen import PHOTO_ENDINGS, Kind, Seen
from dronesampler.problems import Severity
from dronesampler_ui.fly.asking import Asking
from dronesampler_ui.fly.live import Live
from dronesampler_ui.fly.sighting_card import SightingCard
from dronesampler_ui.parts import words
from dronesampler_ui.parts.map.flag_layers import MarksLayer
from dronesampler_ui.parts.recording import VoiceRecorder
from dronesampler_ui.workspace import Room

LOOK_MS = 2000  # at the camera's folder
NOTED = "sighting note"  # kind of the journal entry that holds what was typed afterwards


@dataclass(slots=True)
class Open:
    """The sighting that more may be added to."""

    patrol: str
    seen: Seen
    photographs: int = 0
    notes: int = 0


class Sightings(QObject):
    """Owns the card and the marks on the map."""

    def __init__(self, room: Room, asking: Asking, live: Callable[[], Live], *, marks: MarksLayer) -> None:
        super().__init__()
        self._room, self._asking, self._live, self._marks = room, asking, live, marks
        self.card = SightingCard()
        self.recorder = VoiceRecorder(self)
        self.open: Open | None = None
        self._dialog: QFileDialog | None = None
        self._folder: Path | None = None
        self._known: set[Path] = set()
        self._sizes: dict[Path, int] = {}
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self._look_into_folder)
        self.card.noted.connect(self.note)
        self.card.photograph.connect(self._choose_file)
        self.card.folder.connect(self._folder_wanted)
        self.card.voice.connect(self.record)
        self.card.shut.connect(self._shut)

    def forget(self) -> None:
        """Another patrol begins: what was typed still belongs to the one before."""
        self.keep_typed()
        self.open = None
        self.card.hide()

    def mark(self, note: str = "") -> bool:
        """Keep this moment, place and heading; False while no session is attached."""
        self.keep_typed()
        live, intent = self._live(), self._asking.mark(note)
        if intent is None or live.hello is None or live.snapshot is None:
            return False
        position, unix_s = live.vehicle.position, live.snapshot.unix_s
        heading = position.heading_deg if position else None
        seen = Seen(
            unix_s,
            intent.id,
            lat_deg=position.lat_deg if position else None,
            lon_deg=position.lon_deg if position else None,
            height_home_m=position.height_home_m if position else None,
            heading_deg=heading,
            note=note,
        )
        self.open = Open(live.hello.patrol, seen)
        said = self.tr("Sighting {time}").format(time=words.clock_time(unix_s))
        if position is not None:
            self._marks.add(position.lat_deg, position.lon_deg, words.clock_time(unix_s))
            said += f"\n{words.degrees(position.lat_deg, position.lon_deg)}"
        if heading is not None:
            said += self.tr("\nheading {deg:.0f}°").format(deg=heading)
        self.card.show_sighting(said)
        return True

    def note(self, text: str) -> None:
        """What was typed goes into the patrol's journal beside the sighting."""
        opened, library = self.open, self._room.library
        if opened is None:
            return

        def keep(progress: object) -> None:
            store = library.store()
            with store.transaction() as batch:
                batch.note(store.patrol(opened.patrol).id, NOTED, {"sighting": opened.seen.sighting, "note": text})

        self._room.background.run(keep, title=self.tr("Keeping the note"), done=lambda _: self._kept(opened, notes=1))

    def keep_typed(self) -> None:
        """A note half typed is not lost when the next sighting is marked or the card is shut."""
        typed = self.card.note.text().strip()
        if typed and self.open is not None:
            self.card.note.clear()
            self.note(typed)

    def add_photograph(self, file: Path) -> None:
        """Of the open sighting; a photograph without one marks a sighting first."""
        if self.open is None and not self.mark():
            words_ = self.tr("{file} is not kept: no patrol is being flown.").format(file=file.name)
            self._room.say(words_, Severity.WARNING)
            return
        self._keep(file, Kind.PHOTO)

    def record(self) -> None:
        """Begin a voice note, or end and keep it."""
        if not self.recorder.running:
            why = self.recorder.begin()
            if why is not None:
                self._room.say(words.sentence(self._room.said(why)), Severity.WARNING)
            self.card.show_recording(why is None)
            return
        self.card.show_recording(False)
        made = self.recorder.end()
        if isinstance(made, bytes):
            self.keep_voice(made)
        else:
            self._room.say(words.sentence(self._room.said(made)), Severity.WARNING)

    def keep_voice(self, wav: bytes) -> None:
        self._keep(wav, Kind.VOICE)

    def close(self) -> None:
        """The window closes: what was typed or said is kept."""
        self._watch.stop()
        if self.recorder.running:
            self.record()
        self.keep_typed()
        if self._dialog is not None:
            self._dialog.close()

    def _keep(self, source: Path | bytes, kind: Kind) -> None:
        opened, library = self.open, self._room.library
        if opened is None:
            return

        def keep(progress: object) -> None:
            # Pictures and the database take a moment to import: they are, on the work thread.
            from dronesampler.desk.sightings import keep_media

            with TemporaryDirectory(prefix="dronesampler-") as folder:
                file = source if isinstance(source, Path) else Path(folder) / "voice.wav"
                if isinstance(source, bytes):
                    file.write_bytes(source)
                keep_media(library.store(), opened.patrol, file, kind=kind, seen=opened.seen)

        counted = {"photographs": 1} if kind is Kind.PHOTO else {"notes": 1}
        self._room.background.run(
            keep, title=self.tr("Keeping what was seen"), done=lambda _: self._kept(opened, **counted)
        )

    def _kept(self, opened: Open, *, photographs: int = 0, notes: int = 0) -> None:
        opened.photographs += photographs
        opened.notes += notes
        if opened is self.open:
            self.card.show_kept(opened.photographs, opened.notes)

    # Files

    def _choose_file(self) -> None:
        """Not modal: the aircraft stays in view and in hand."""
        endings = " ".join(f"*{ending} *{ending.upper()}" for ending in PHOTO_ENDINGS)
        dialog = self._ask(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(self.tr("Photographs ({endings})").format(endings=endings))
        dialog.filesSelected.connect(self._chosen)
        dialog.show()

    def _chosen(self, files: list[str]) -> None:
        for file in files:
            self.add_photograph(Path(file))

    def _folder_wanted(self, on: bool) -> None:
        if not on:
            self._watch.stop()
            self._folder = None
            return
        dialog = self._ask(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.watch_folder(Path(folder)))
        dialog.rejected.connect(lambda: self.card.watch.setChecked(self._folder is not None))
        dialog.show()

    def _ask(self, mode: QFileDialog.FileMode) -> QFileDialog:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = QFileDialog(self.card.window())
        self._dialog.setModal(False)
        self._dialog.setFileMode(mode)
        return self._dialog

    def watch_folder(self, folder: Path) -> None:
        """Photographs that appear in it from now on belong to the sighting that was marked last."""
        self._folder, self._known, self._sizes = folder, set(_photographs(folder)), {}
        self.card.watch.setChecked(True)
        self._watch.start()
        self._room.say(self.tr("New photographs in {folder} are kept").format(folder=folder.name), Severity.NOTE)

    def _look_into_folder(self) -> None:
        """The listing runs on a work thread: a camera's card is slow."""
        folder = self._folder
        if folder is None or self.open is None:
            return
        self._room.background.run(
            lambda progress: _photographs(folder),
            title=self.tr("Looking for photographs"),
            done=self._found,
            failed=lambda text, where: self._folder_gone(folder),
        )

    def _found(self, files: dict[Path, int]) -> None:
        """New ones are taken once they have stopped growing: the camera may still be writing."""
        new = {file: size for file, size in files.items() if file not in self._known}
        for file, size in new.items():
            if self._sizes.get(file) == size:
                self._known.add(file)
                self.add_photograph(file)
        self._sizes = new

    def _folder_gone(self, folder: Path) -> None:
        self._folder_wanted(False)
        self.card.watch.setChecked(False)
        words_ = self.tr("The camera's folder {folder} cannot be read any more; choose it again.")
        self._room.say(words_.format(folder=folder.name), Severity.WARNING)

    def _shut(self) -> None:
        self.keep_typed()
        self.card.hide()


def _photographs(folder: Path) -> dict[Path, int]:
    """With their sizes."""
    found = {file: file.stat().st_size for file in sorted(folder.iterdir()) if file.suffix.lower() in PHOTO_ENDINGS}
    return {file: size for file, size in found.items() if size > 0}
