"""What must be seen and heard now: the session's alarms and aircraft that come close, in one row, the worst first."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from dronesampler.flight.traffic import Closeness, Neighbour
from dronesampler.sampler.alarm_rules import AlarmLevel
from dronesampler.sampler.alarms import Alarm
from dronesampler.texts import Lang
from dronesampler_ui.fly.live import Live
from dronesampler_ui.parts import words
from dronesampler_ui.parts.sound import Tone
from dronesampler_ui.parts.words import sentence

RANK = {Tone.DANGER: 0, Tone.WARNING: 1, Tone.NOTICE: 2}
TONES = {AlarmLevel.NOTICE: Tone.NOTICE, AlarmLevel.WARNING: Tone.WARNING, AlarmLevel.DANGER: Tone.DANGER}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. `loud` until somebody has answered it; `over` where it stands only for that answer."""

    key: str
    tone: Tone
    words: str
    since: str = ""
    loud: bool = True
    over: bool = False
    local: bool = False  # answered here, not by the session


class Alerts(QObject):
    """Keeps which aircraft were answered; an object also because translation needs one."""

    def __init__(self, lang: Lang, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang = lang
        self._answered: set[str] = set()

    def of(self, live: Live) -> tuple[Alert, ...]:
        """What stands now. Nothing while no session is attached."""
        if not live.attached or live.snapshot is None:
            return ()
        close = [n for n in live.snapshot.traffic if n.closeness is Closeness.CLOSE]
        # Who leaves and comes back is told anew.
        self._answered &= {_key(n) for n in close}
        found = [self._of_alarm(a) for a in live.snapshot.alarms] + [self._of_aircraft(n) for n in close]
        return tuple(sorted(found, key=lambda a: (not a.loud, RANK[a.tone])))

    def answer(self, alerts: tuple[Alert, ...]) -> None:
        """Those that are answered here."""
        self._answered |= {alert.key for alert in alerts if alert.local}

    def _of_alarm(self, alarm: Alarm) -> Alert:
        return Alert(
            alarm.key,
            TONES[alarm.level],
            sentence(alarm.text.said(self._lang)),
            since=words.clock_time(alarm.since_unix_s),
            loud=alarm.loud,
            over=not alarm.active,
        )

    def _of_aircraft(self, one: Neighbour) -> Alert:
        key = _key(one)
        return Alert(key, Tone.DANGER, self.approach(one), loud=key not in self._answered, local=True)

    def approach(self, one: Neighbour) -> str:
        """How close it comes, and how much higher it is."""
        said = self.tr("Aircraft {name}: {distance} away").format(
            name=one.name, distance=words.length_m(one.distance_m or 0.0)
        )
        if one.closest_m is not None and one.in_s is not None and one.in_s >= 1.0:
            said += self.tr(", {closest} in {s:.0f} s").format(closest=words.length_m(one.closest_m), s=one.in_s)
        if one.above_m is None:
            return said + self.tr(", height not known")
        higher = self.tr(", {m:.0f} m higher") if one.above_m >= 0 else self.tr(", {m:.0f} m lower")
        return said + higher.format(m=abs(one.above_m))


def _key(one: Neighbour) -> str:
    return f"traffic|{one.source.value}|{one.name}"
