"""Tones that are made here, and whatever can play them: Qt's own sound, the system's player, or the beep."""

import importlib
import io
import math
import shutil
import struct
import sys
import wave
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTemporaryDir, QUrl
from PySide6.QtWidgets import QApplication

RATE_HZ = 22_050
EDGE_S = 0.008  # faded in and out: a hard edge clicks
LOUDNESS = 0.7
PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))


class Tone(StrEnum):
    """What is heard; told apart by number and height of the beeps, not by loudness."""

    NOTICE = "notice"
    WARNING = "warning"
    DANGER = "danger"


# (hertz, seconds); 0 Hz is silence.
BEEPS: dict[Tone, tuple[tuple[float, float], ...]] = {
    Tone.NOTICE: ((660.0, 0.12),),
    Tone.WARNING: ((740.0, 0.16), (0.0, 0.09), (740.0, 0.16)),
    Tone.DANGER: ((740.0, 0.15), (0.0, 0.05), (990.0, 0.15), (0.0, 0.05), (1320.0, 0.3)),
}


def tone_wav(tone: Tone) -> bytes:
    """A mono 16-bit WAV file."""
    samples = [sample for hertz, seconds in BEEPS[tone] for sample in _beep(hertz, seconds)]
    return wav_bytes(struct.pack(f"<{len(samples)}h", *samples), rate_hz=RATE_HZ)


def wav_bytes(samples: bytes, *, rate_hz: int) -> bytes:
    """Mono 16-bit samples as a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples)
    return made.getvalue()


def _beep(hertz: float, seconds: float) -> list[int]:
    count = round(seconds * RATE_HZ)
    edge = EDGE_S * RATE_HZ
    return [
        round(32_000 * LOUDNESS * min(1.0, n / edge, (count - n) / edge) * math.sin(2 * math.pi * hertz * n / RATE_HZ))
        for n in range(count)
    ]


class Sounder(QObject):
    """Plays tones without waiting for them. Lives on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: QTemporaryDir | None = None
        self._play: Callable[[str], object] | None = None
        self.played = 0

    def play(self, tone: Tone) -> None:
        """Sound it now."""
        self.played += 1
        if self._folder is None:
            self._begin()
        assert self._folder is not None
        if self._play is None or not self._folder.isValid():
            QApplication.beep()
        else:
            self._play(self._folder.filePath(f"{tone.value}.wav"))

    def _begin(self) -> None:
        """Files are written and a player is looked for at the first sound, not at the start of the window."""
        self._folder = QTemporaryDir()
        if not self._folder.isValid():
            return
        for tone in Tone:
            with open(self._folder.filePath(f"{tone.value}.wav"), "wb") as file:  # noqa: PTH123 - Qt's path is text
                file.write(tone_wav(tone))
        self._play = _qt_player(self) or _system_player()


def _qt_player(parent: QObject) -> Callable[[str], object] | None:
    """Qt's own, where its multimedia part is installed and a device is there."""
    multimedia = multimedia_of_qt()
    if multimedia is None or not multimedia.QMediaDevices.audioOutputs():
        return None
    effect = multimedia.QSoundEffect(parent)

    def play(file: str) -> None:
        effect.setSource(QUrl.fromLocalFile(file))
        effect.play()

    return play


def _system_player() -> Callable[[str], object] | None:
    if sys.platform == "win32":
        import winsound

        return lambda file: winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_ASYNC)
    for program, *words in PLAYERS:
        if shutil.which(program):
            return lambda file: QProcess.startDetached(program, [*words, file])
    return None


def multimedia_of_qt() -> Any | None:
    """The module, None where the optional part `sound` is not installed or its system libraries lack."""
    try:
        return importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return None
