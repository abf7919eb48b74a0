"""Says a sentence aloud where a voice is installed; silent where none is."""

import base64
import importlib
import shutil
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, QObject, QProcess

from dronesampler.texts import Lang

WINDOWS_SAYS = (
    "Add-Type -AssemblyName System.Speech;(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak('{words}')"
)
# Program, and the words before the sentence in Chinese and in English.
PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("spd-say", ("-l", "zh"), ("-l", "en")),
    ("espeak-ng", ("-v", "cmn"), ("-v", "en")),
    ("say", (), ()),
)


class Voice(QObject):
    """One sentence at a time: a newer one replaces what is being said. Lives on the UI thread."""

    def __init__(self, lang: Lang, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang = lang
        self._speak: Callable[[str], object] | None = None
        self._looked = False

    def say(self, words: str) -> bool:
        """Whether there is a voice to say it."""
        if not self._looked:
            self._looked = True
            self._speak = _qt_voice(self._lang, self) or _system_voice(self._lang)
        if self._speak is None:
            return False
        self._speak(words)
        return True


def _qt_voice(lang: Lang, parent: QObject) -> Callable[[str], object] | None:
    try:
        module: Any = importlib.import_module("PySide6.QtTextToSpeech")
    except ImportError:
        return None
    engines = [name for name in module.QTextToSpeech.availableEngines() if name != "mock"]
    if not engines:
        return None
    engine = module.QTextToSpeech(engines[0], parent)
    engine.setLocale(QLocale(lang.value))
    if not engine.availableVoices():
        return None

    def speak(words: str) -> None:
        engine.stop()
        engine.say(words)

    return speak


def _system_voice(lang: Lang) -> Callable[[str], object] | None:
    if sys.platform == "win32":
        return _windows_voice
    for program, chinese, english in PROGRAMS:
        if shutil.which(program):
            words = chinese if lang is Lang.ZH else english
            return lambda said: QProcess.startDetached(program, [*words, said])
    return None


def _windows_voice(said: str) -> None:
    """Encoded, so that no sentence can be taken for a command."""
    script = WINDOWS_SAYS.format(words=said.replace("'", "''").replace("’", "''"))
    encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
    QProcess.startDetached("powershell", ["-NoProfile", "-WindowStyle", "Hidden", "-EncodedCommand", encoded])
