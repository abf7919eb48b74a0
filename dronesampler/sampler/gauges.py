"""One channel as it is shown live: the value, whether it is stale, its background, its trend, its share of the LEL."""

import math
from dataclasses import dataclass
from enum import StrEnum

from dronesampler.rules.explosive_limits import limit_mg_m3
from dronesampler.sampler.alarm_rules import AlarmRules
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.status import Namur, Status, namur
from dronesampler.sampler.trend import Background, Slope

_SURE = 3.0  # standard deviations of noise that a slope must exceed to be called one
_PERIODS = 3.0  # as many periods without a value as make a slow instrument stale


class Trend(StrEnum):
    """Which way a value goes; unknown with fewer than three values."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gauge:
    """The latest value of one quantity of one instrument. NaN where there is none.

    `age_s` (patrol seconds) is since its arrival; a `stale` value must look stale. `lel_percent` is None for what
    does not burn or is not in the table.
    """

    instrument: str
    component: str
    quantity: str
    value: float  # as the instrument gives it, in `unit`
    unit: str
    value_mg_m3: float
    status: Status
    namur: Namur
    unix_s: float  # when it arrived
    age_s: float
    stale: bool
    background_mg_m3: float
    trend: Trend
    rise_mg_m3_s: float
    lel_percent: float | None
    simulated: bool = False

    @property
    def above_mg_m3(self) -> float:
        """The value over its background."""
        return self.value_mg_m3 - self.background_mg_m3


class Channel:
    """What is remembered of one quantity of one instrument. Owned by one thread."""

    def __init__(self, reading: Reading, rules: AlarmRules, *, noise_mg_m3: float, period_s: float, haste_s: float):
        """`haste_s` is the least time that silence must last on a clock faster than the wall."""
        self.reading = reading
        self.background = Background(rules.background_s, rules.background_quantile)
        self.noise_mg_m3 = noise_mg_m3
        self.stale_after_s = max(rules.stale_s, _PERIODS * period_s, haste_s)
        self._slope = Slope(rules.rise_over_s)
        self.lel_mg_m3 = limit_mg_m3(reading.quantity)

    def add(self, reading: Reading) -> None:
        """Take the next reading; only good values count for background and trend."""
        self.reading = reading
        if reading.ok:
            self.background.add(reading.at.monotonic_s, reading.value_mg_m3)
            measured_s = reading.measured_unix_s
            self._slope.add(reading.at.unix_s if measured_s is None else measured_s, reading.value_mg_m3)

    @property
    def rise_mg_m3_s(self) -> float:
        return self._slope.per_s()

    @property
    def rise_noise_mg_m3_s(self) -> float:
        """What the instrument's noise alone makes of `rise_mg_m3_s`, one standard deviation."""
        return self._slope.error_per_s(self.noise_mg_m3)

    @property
    def trend(self) -> Trend:
        rise = self.rise_mg_m3_s
        if math.isnan(rise):
            return Trend.UNKNOWN
        if abs(rise) <= _SURE * self.rise_noise_mg_m3_s:
            return Trend.STEADY
        return Trend.RISING if rise > 0.0 else Trend.FALLING

    @property
    def lel_percent(self) -> float | None:
        """Of a value that is there; one beyond the measuring range counts, for it is at least that much."""
        value = self.reading.value_mg_m3
        usable = self.reading.status in (Status.NORMAL, Status.OUT_OF_RANGE, Status.HUMID, Status.STUCK)
        if self.lel_mg_m3 is None or not usable or not math.isfinite(value):
            return None
        return 100.0 * max(value, 0.0) / self.lel_mg_m3

    def age_s(self, now_s: float) -> float:
        return max(now_s - self.reading.at.monotonic_s, 0.0)

    def is_stale(self, now_s: float) -> bool:
        return self.age_s(now_s) > self.stale_after_s

    def gauge(self, now_s: float, component: str, *, simulated: bool) -> Gauge:
        """As it is to be shown at `now_s` (monotonic)."""
        reading, stale = self.reading, self.is_stale(now_s)
        status = Status.STALE if stale else reading.status
        return Gauge(
            instrument=reading.instrument,
            component=component,
            quantity=reading.quantity,
            value=reading.value,
            unit=reading.unit.value,
            value_mg_m3=reading.value_mg_m3,
            status=status,
            namur=namur(status),
            unix_s=reading.at.unix_s,
            age_s=self.age_s(now_s),
            stale=stale,
            background_mg_m3=self.background.value,
            trend=Trend.UNKNOWN if stale else self.trend,
            rise_mg_m3_s=self.rise_mg_m3_s,
            lel_percent=self.lel_percent,
            simulated=simulated,
        )
