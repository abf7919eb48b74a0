"""Makes alerts heard: a tone for what is new or worse, again while nobody answers, and words where a voice is."""

from PySide6.QtCore import QElapsedTimer, QObject

from dronesampler.texts import Lang
from dronesampler_ui.fly.alerts import RANK, Alert
from dronesampler_ui.parts.sound import Sounder, Tone
from dronesampler_ui.parts.speech import Voice

AGAIN_MS = {Tone.DANGER: 4_000, Tone.WARNING: 15_000}


class AlarmVoice(QObject):
    """Given the alerts of each beat. Mute silences it and is shown; nothing is remembered for the next start."""

    def __init__(self, lang: Lang, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sounder = Sounder(self)
        self.voice = Voice(lang, self)
        self.muted = False
        self._heard: dict[str, Tone] = {}
        self._since = QElapsedTimer()

    def hear(self, alerts: tuple[Alert, ...]) -> None:
        """Sound what is new; repeat the worst while it stands unanswered."""
        loud = [a for a in alerts if a.loud]
        new = [a for a in loud if a.key not in self._heard or RANK[a.tone] < RANK[self._heard[a.key]]]
        self._heard = {a.key: a.tone for a in loud}
        if not loud or self.muted:
            return
        if new:
            self._sound(new[0])
            self.voice.say(new[0].words)
        elif self._due(loud[0].tone):
            self._sound(loud[0])

    def _due(self, tone: Tone) -> bool:
        every_ms = AGAIN_MS.get(tone)
        return every_ms is not None and self._since.isValid() and self._since.elapsed() >= every_ms

    def _sound(self, alert: Alert) -> None:
        self._since.start()
        self.sounder.play(alert.tone)
