"""Alarms of the live patrol: seen in the banner, heard, and answered by the officer."""

from PySide6.QtCore import QObject

from dronesampler.commands import AcknowledgeAlarm
from dronesampler.problems import Severity
from dronesampler_ui.fly.alarm_banner import AlarmBanner
from dronesampler_ui.fly.alarm_voice import AlarmVoice
from dronesampler_ui.fly.alerts import Alerts
from dronesampler_ui.fly.asking import Asking
from dronesampler_ui.fly.live import Live
from dronesampler_ui.workspace import Room


class Alarms(QObject):
    """Owns banner and voice. What the session raised it also answers; aircraft are answered here."""

    def __init__(self, room: Room, asking: Asking) -> None:
        super().__init__()
        self._room, self._asking = room, asking
        self._alerts = Alerts(room.lang, self)
        self.voice = AlarmVoice(room.lang, self)
        self.banner = AlarmBanner(room.theme)
        self.banner.acknowledged.connect(self.acknowledge)
        self.banner.muted.connect(self._mute)

    def show_live(self, live: Live) -> None:
        """One beat."""
        alerts = self._alerts.of(live)
        self.banner.show_alerts(alerts)
        self.voice.hear(alerts)

    def acknowledge(self) -> None:
        """All that stand were seen."""
        alerts = self.banner.alerts
        self._alerts.answer(alerts)
        if any(a.loud and not a.local for a in alerts):
            self._asking.send(lambda i, s: AcknowledgeAlarm(i, s))

    def _mute(self, on: bool) -> None:
        self.voice.muted = on
        if on:
            words = self.tr("The alarms are silent until you switch the sound on, or until the next start.")
            self._room.say(words, Severity.WARNING)
