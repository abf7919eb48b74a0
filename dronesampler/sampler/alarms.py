"""Alarms of live values: raised over the background, by rate, species and explosive limit, and when values stop.

Sans-IO: fed readings and the time, it returns what changed; it owns no sound, thread or timer.
"""

import math
from dataclasses import dataclass, field, replace

from dronesampler.events import AlarmChanged, Stamp
from dronesampler.sampler.alarm_rules import AlarmKind, AlarmLevel, AlarmRules
from dronesampler.sampler.alarm_words import said
from dronesampler.sampler.gauges import Channel, Gauge
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.status import Namur, Status, namur
from dronesampler.texts import Text

_TWICE = 2.0  # beyond so many times its limit one value is enough; below, two on end (a spike is one)
_HICCUP_S = 0.4  # of the wall: a computer's stall is no silence of an instrument in a fast simulation
_LEVELS = tuple(AlarmLevel)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm that stands. It leaves when it is no longer active; danger only once it is acknowledged too."""

    key: str
    kind: AlarmKind
    level: AlarmLevel
    instrument: str
    component: str
    quantity: str
    since_unix_s: float
    value: float
    limit: float
    unit: str
    text: Text
    active: bool = True
    acknowledged_by: str = ""

    @property
    def acknowledged(self) -> bool:
        return bool(self.acknowledged_by)

    @property
    def loud(self) -> bool:
        """Whether it is to be sounded: nobody has answered it yet."""
        return not self.acknowledged


@dataclass(slots=True)
class _State:
    """One kind of alarm of one channel between its readings."""

    alarm: Alarm | None = None
    over: int = 0  # readings on end over the limit
    quiet_since_s: float | None = None


@dataclass(slots=True)
class _Watched:
    channel: Channel
    rules: AlarmRules
    states: dict[AlarmKind, _State] = field(default_factory=dict)

    def state(self, kind: AlarmKind) -> _State:
        return self.states.setdefault(kind, _State())


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one rule says of one reading: over its limit or not, with the figures that are told."""

    kind: AlarmKind
    level: AlarmLevel
    value: float
    limit: float
    unit: str
    at_once: bool = False


class AlarmBoard:
    """All channels and the alarms that stand. Owned by the session's thread (or the listener's).

    `rules` are those of a profile by its name, with the team's own laid over. Values that are not good raise no
    alarm of concentration, but for the explosive limit, where also a value beyond the range counts.
    """

    def __init__(self, *, simulated: bool = False, haste: float = 1.0) -> None:
        """`haste` is the clock's factor."""
        self._simulated = simulated
        self._haste_s = _HICCUP_S * haste if haste > 1.0 else 0.0
        self._watched: dict[tuple[str, str], _Watched] = {}

    def after(self, reading: Reading, component: str, *, profile: Profile) -> tuple[AlarmChanged, ...]:
        """Take a reading; what changed by it."""
        key = (component, reading.quantity)
        watched = self._watched.get(key)
        if watched is None:
            watched = self._watched[key] = self._watch(reading, profile)
        watched.channel.add(reading)
        changes: list[AlarmChanged] = []
        for finding in _findings(watched):
            changes += self._judge(watched, key, finding, reading.at)
        return tuple(changes)

    def tick(self, at: Stamp) -> tuple[AlarmChanged, ...]:
        """Let time pass: what has fallen silent. To be called ten times a second or so."""
        changes: list[AlarmChanged] = []
        for key, watched in self._watched.items():
            age_s, limit_s = watched.channel.age_s(at.monotonic_s), watched.channel.stale_after_s
            finding = _Finding(AlarmKind.STALE, AlarmLevel.WARNING, age_s, limit_s, "s", at_once=True)
            changes += self._judge(watched, key, finding, at)
        return tuple(changes)

    def acknowledge(self, key: str, who: str, at: Stamp) -> tuple[AlarmChanged, ...]:
        """Somebody answers an alarm, or all with an empty key. Nothing comes of one that does not stand."""
        changes = []
        for watched in self._watched.values():
            for state in watched.states.values():
                alarm = state.alarm
                if alarm is None or alarm.acknowledged or key not in ("", alarm.key):
                    continue
                answered = replace(alarm, acknowledged_by=who or "-")
                state.alarm = answered if answered.active else None
                changes.append(_changed(answered, "acknowledged", at))
        return tuple(changes)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What stands, the worst first, then the newest."""
        standing = [s.alarm for w in self._watched.values() for s in w.states.values() if s.alarm is not None]
        return tuple(sorted(standing, key=lambda a: (-_LEVELS.index(a.level), -a.since_unix_s)))

    def gauges(self, now_s: float) -> tuple[Gauge, ...]:
        """Every channel as it is to be shown now (monotonic seconds), in order of first appearance."""
        return tuple(
            watched.channel.gauge(now_s, component, simulated=self._simulated)
            for (component, _), watched in self._watched.items()
        )

    def _watch(self, reading: Reading, profile: Profile) -> _Watched:
        rules = profile.alarms
        channel = Channel(
            reading, rules, noise_mg_m3=profile.noise_mg_m3, period_s=profile.period_s, haste_s=self._haste_s
        )
        return _Watched(channel, rules)

    def _judge(self, watched: _Watched, key: tuple[str, str], finding: _Finding, at: Stamp) -> tuple[AlarmChanged, ...]:
        """One rule's state after one look: raise, worsen, or clear after a while below the release."""
        state = watched.state(finding.kind)
        over = finding.value > finding.limit
        state.over = state.over + 1 if over else 0
        if state.alarm is None or not state.alarm.active:
            sure = finding.at_once or state.over >= 2 or finding.value > _TWICE * finding.limit
            return (self._raise(watched, state, key, finding, at),) if over and sure else ()
        if finding.value > watched.rules.release * finding.limit:
            state.quiet_since_s = None
            worse = over and _LEVELS.index(finding.level) > _LEVELS.index(state.alarm.level)
            return (self._raise(watched, state, key, finding, at, change="worse"),) if worse else ()
        since_s = state.quiet_since_s = at.monotonic_s if state.quiet_since_s is None else state.quiet_since_s
        wait_s = 0.0 if finding.at_once else watched.rules.clear_s
        return (_clear(state, at),) if at.monotonic_s - since_s >= wait_s else ()

    def _raise(
        self,
        watched: _Watched,
        state: _State,
        key: tuple[str, str],
        finding: _Finding,
        at: Stamp,
        *,
        change: str = "raised",
    ) -> AlarmChanged:
        reading = watched.channel.reading
        state.quiet_since_s = None
        state.alarm = Alarm(
            key="|".join((finding.kind.value, *key)),
            kind=finding.kind,
            level=finding.level,
            instrument=reading.instrument,
            component=key[0],
            quantity=reading.quantity,
            since_unix_s=at.unix_s,
            value=finding.value,
            limit=finding.limit,
            unit=finding.unit,
            text=said(finding.kind, reading, value=finding.value, limit=finding.limit),
        )
        return _changed(state.alarm, change, at)


def _clear(state: _State, at: Stamp) -> AlarmChanged:
    assert state.alarm is not None
    alarm = replace(state.alarm, active=False)
    state.quiet_since_s = None
    stays = alarm.level is AlarmLevel.DANGER and not alarm.acknowledged
    state.alarm = alarm if stays else None
    return _changed(alarm, "cleared", at)


def _findings(watched: _Watched) -> list[_Finding]:
    """What each rule says of the latest reading."""
    channel, rules, reading = watched.channel, watched.rules, watched.channel.reading
    found = [_fault(reading), _Finding(AlarmKind.STALE, AlarmLevel.WARNING, 0.0, channel.stale_after_s, "s", True)]
    lel = channel.lel_percent
    if lel is not None:
        danger = lel > rules.lel_danger_percent
        level = AlarmLevel.DANGER if danger else AlarmLevel.WARNING
        limit = rules.lel_danger_percent if danger else rules.lel_percent
        found.append(_Finding(AlarmKind.LEL, level, lel, limit, "%LEL", at_once=True))
    if not reading.ok:
        return found
    own = rules.of(reading.quantity)
    noise = rules.noises * channel.noise_mg_m3
    above_limit = max(own.above_mg_m3 or 0.0, noise)
    above = reading.value_mg_m3 - channel.background.value
    found.append(_Finding(AlarmKind.ABOVE, AlarmLevel.WARNING, above, above_limit, "mg/m3"))
    rise = channel.rise_mg_m3_s
    if math.isfinite(rise):
        rise_limit = max(own.rise_mg_m3_s or 0.0, channel.rise_noise_mg_m3_s * rules.noises)
        found.append(_Finding(AlarmKind.RISE, AlarmLevel.NOTICE, rise, rise_limit, "mg/m3/s"))
    if own.limit_mg_m3 is not None:
        found.append(_Finding(AlarmKind.LIMIT, AlarmLevel.WARNING, reading.value_mg_m3, own.limit_mg_m3, "mg/m3"))
    return found


def _fault(reading: Reading) -> _Finding:
    """The instrument says that it fails, or the checks say so."""
    failed = namur(reading.status) is Namur.FAILURE and reading.status is not Status.STALE
    return _Finding(AlarmKind.FAULT, AlarmLevel.WARNING, float(failed), 0.5, "", at_once=False)


def _changed(alarm: Alarm, change: str, at: Stamp) -> AlarmChanged:
    return AlarmChanged(
        at,
        key=alarm.key,
        kind=alarm.kind.value,
        level=alarm.level.value,
        change=change,
        instrument=alarm.instrument,
        component=alarm.component,
        quantity=alarm.quantity,
        value=alarm.value,
        limit=alarm.limit,
        unit=alarm.unit,
        zh=alarm.text.zh,
        en=alarm.text.en,
        who=alarm.acknowledged_by,
    )
