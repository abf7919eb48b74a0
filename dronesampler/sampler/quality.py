"""What can be said against readings: stuck, spikes, range, warm-up, silence, humidity; zero, span and drift; grade."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

from dronesampler.rules.methods import Grade, grade_of, method_in_force
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.status import Status

STALE_S = 3.0
STUCK_S, _STUCK_READINGS = 60.0, 10
_SPIKE_SIGMAS = 12.0
_BEIJING = timezone(timedelta(hours=8))  # the day that a method's validity is counted in


class Watch:
    """Judges each reading of one quantity of one instrument by those before it. Owned by one thread.

    The instrument's own status stands: the watch only speaks where that says normal. `humid_percent` is the relative
    humidity above which the instrument is not to be trusted (a PID's window dews), None for one that does not mind.
    """

    def __init__(self, profile: Profile, *, humid_percent: float | None = None) -> None:
        self._profile = profile
        self._humid_percent = humid_percent
        self._first_s: float | None = None
        self._last_s = -math.inf
        self._recent: deque[float] = deque(maxlen=3)
        self._last: Reading | None = None
        self.undone: Reading | None = None  # the reading before the last one, where that one showed it was a spike
        self._same_since_s = -math.inf
        self._same_value = math.nan
        self._same_count = 0
        self.humidity_percent: float | None = None

    def judged(self, reading: Reading) -> Reading:
        """The reading with the status that the checks give it."""
        now_s = reading.at.monotonic_s
        if self._first_s is None:
            self._first_s = now_s
        status = self._status(reading, now_s)
        judged = reading if status is reading.status else replace(reading, status=status)
        self.undone = self._undone(judged)
        self._last_s, self._last = now_s, judged
        self._recent.append(reading.value)
        return judged

    def is_stale(self, now_s: float) -> bool:
        """Whether nothing has come for longer than a value may be shown as live."""
        return now_s - self._last_s > max(STALE_S, 3.0 * self._profile.period_s)

    def _status(self, reading: Reading, now_s: float) -> Status:
        stuck = self._is_stuck(reading.value, now_s)
        if reading.status is not Status.NORMAL:
            return reading.status
        if self._first_s is not None and now_s - self._first_s < self._profile.warm_up_s:
            return Status.WARM_UP
        if self._is_out_of_range(reading):
            return Status.OUT_OF_RANGE
        if stuck:
            return Status.STUCK
        limit, humidity = self._humid_percent, self.humidity_percent
        return Status.HUMID if limit is not None and humidity is not None and humidity > limit else Status.NORMAL

    def _is_out_of_range(self, reading: Reading) -> bool:
        known = next((q for q in self._profile.quantities if q.species == reading.quantity), None)
        if known is None or known.unit is not reading.unit:
            return False
        # Below zero by drift is honest; by more than ten times the noise it is not air.
        low = None if known.low is None else known.low - 10.0 * self._profile.noise_mg_m3
        return (known.high is not None and reading.value > known.high) or (low is not None and reading.value < low)

    def _is_stuck(self, value: float, now_s: float) -> bool:
        """The very same number for a minute: no analogue sensor does that, except at a clipped zero."""
        if value != self._same_value:
            self._same_value, self._same_since_s, self._same_count = value, now_s, 0
        self._same_count += 1
        lasts = now_s - self._same_since_s >= STUCK_S and self._same_count >= _STUCK_READINGS
        return lasts and value != 0.0 and not math.isnan(value)

    def _undone(self, reading: Reading) -> Reading | None:
        """The reading before, if this one shows that it was a spike.

        A first-order sensor cannot empty faster than exp(-2.3 period/T90): a fall at over twice that rate, back to
        where it was, says that the air never held what was shown.
        """
        last, before = self._last, self._recent[-2] if len(self._recent) > 1 else math.nan
        if last is None or last.status is not Status.NORMAL or not math.isfinite(reading.value + before):
            return None
        rate = 2.0 * math.log(10.0) * self._profile.period_s / self._profile.t90_s
        slack = _SPIKE_SIGMAS * self._profile.noise_mg_m3
        fell = last.value - max(before, reading.value) > 2.0 * slack
        fell = fell and reading.value < last.value * math.exp(-rate) - slack
        return replace(last, status=Status.SPIKE) if fell else None


class Gas(StrEnum):
    """What a check was made with."""

    ZERO = "zero"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Check:
    """A zero or span check: with which gas (its certificate), when, by whom, what it read and should have read."""

    gas: Gas
    at_unix_s: float
    officer: str
    read_mg_m3: float
    certified_mg_m3: float = 0.0
    cylinder: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """What the checks before and after a flight show. `ok` is None where a check is missing."""

    zero_before_mg_m3: float | None
    zero_after_mg_m3: float | None
    span_before_percent: float | None
    span_after_percent: float | None
    ok: bool | None
    lacking: tuple[str, ...] = ()


def drift_of(checks: Sequence[Check], *, method: str, began_s: float, ended_s: float) -> Drift:
    """The last checks before and the first after, against the limits of the method in force on that day.

    Without a listed method the limits of HJ 1331-2023 are used as a yardstick (0.4 mg/m3 and 5 %).
    """
    found = {(gas, when): _check(checks, gas, when, began_s, ended_s) for gas in Gas for when in ("before", "after")}
    lacking = tuple(f"{gas.value} {when}" for (gas, when), check in found.items() if check is None)
    zeros = [_zero(found[Gas.ZERO, when]) for when in ("before", "after")]
    spans = [_span_percent(found[Gas.SPAN, when]) for when in ("before", "after")]
    listed = method_in_force(method, day_of(began_s))
    zero_limit = (listed.zero_limit_mg_m3 if listed else None) or 0.4
    span_limit = (listed.span_limit_percent if listed else None) or 5.0
    within = all(z is None or abs(z) <= zero_limit for z in zeros) and all(
        s is None or abs(s) <= span_limit for s in spans
    )
    return Drift(zeros[0], zeros[1], spans[0], spans[1], ok=(None if lacking and within else within), lacking=lacking)


def _check(checks: Sequence[Check], gas: Gas, when: str, began_s: float, ended_s: float) -> Check | None:
    of_gas = sorted((c for c in checks if c.gas is gas), key=lambda c: c.at_unix_s)
    if when == "before":
        return next((c for c in reversed(of_gas) if c.at_unix_s <= began_s), None)
    return next((c for c in of_gas if c.at_unix_s >= ended_s), None)


def _zero(check: Check | None) -> float | None:
    return None if check is None else check.read_mg_m3 - check.certified_mg_m3


def _span_percent(check: Check | None) -> float | None:
    if check is None or check.certified_mg_m3 <= 0.0:
        return None
    return 100.0 * (check.read_mg_m3 - check.certified_mg_m3) / check.certified_mg_m3


def graded(profile: Profile, species: str, unix_s: float, *, drift: Drift | None = None) -> Grade:
    """What a reading may be called: evidence needs a listed method in force and checks that hold; else a clue."""
    if drift is None or drift.ok is not True:
        return Grade.CLUE
    return grade_of(profile.method, species, day_of(unix_s))


def day_of(unix_s: float) -> date:
    """The day in China at that time."""
    return datetime.fromtimestamp(unix_s, UTC).astimezone(_BEIJING).date()
