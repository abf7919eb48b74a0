"""A zero or span check while it runs: the gas is on, the response is waited for, the values are averaged. Sans-IO."""

import math
import statistics
from dataclasses import dataclass, field

from dronesampler.problems import Refused
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.quality import Check, Gas
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.status import Status
from dronesampler.texts import Text

SETTLE_T90 = 3.0  # after three times T90 a first-order instrument shows 99.9 % of a step
FEWEST = 5
_UNSTEADY_NOISES, _UNSTEADY_SHARE = 5.0, 0.02
_USABLE = (Status.NORMAL, Status.CALIBRATION, Status.HUMID, Status.STUCK)  # a clean zero may well stand still
MOST_S = 900.0

NO_OFFICER = Text("校零或校标必须写明由谁进行", "a zero or span check needs the name of who makes it")
NO_SPAN = Text("标气浓度应大于 0", "the concentration of the span gas must be above 0")
BAD_SECONDS = Text("检查时长应在 1 到 {most:.0f} 秒之间", "a check takes 1 to {most:.0f} seconds")
FEW = Text("检查期间只有 {count} 个有效读数", "there were only {count} good readings during the check")
UNSTEADY = Text(
    "读数不稳定：标准偏差 {spread:.3f} mg/m³（允许 {most:.3f}）；请检查管路和标气后重做",
    "the readings are not steady: standard deviation {spread:.3f} mg/m³ ({most:.3f} allowed); look at line and gas, "
    "then do it again",
)


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """Which gas is on which instrument, by whom. `seconds` are averaged after the response has settled."""

    gas: Gas
    component: str
    quantity: str
    officer: str
    certified_mg_m3: float = 0.0
    cylinder: str = ""
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class CheckDone:
    """What a check came to; `why_not` says why nothing can be concluded, then `check` is None."""

    order: CheckOrder
    instrument: str
    serial: str
    check: Check | None
    why_not: Text | None
    readings: int
    spread_mg_m3: float | None
    raw_mean: float | None
    unit: str
    response_factor: float

    def body(self) -> dict[str, object]:
        """As the journal keeps it."""
        order, check, why = self.order, self.check, self.why_not
        return {
            "gas": order.gas.value,
            "instrument": self.instrument,
            "serial": self.serial,
            "component": order.component,
            "quantity": order.quantity,
            "officer": order.officer,
            "cylinder": order.cylinder,
            "certified_mg_m3": order.certified_mg_m3,
            "read_mg_m3": check.read_mg_m3 if check else None,
            "at_unix_s": check.at_unix_s if check else None,
            "readings": self.readings,
            "spread_mg_m3": self.spread_mg_m3,
            "raw_mean": self.raw_mean,
            "unit": self.unit,
            "response_factor": self.response_factor,
            "why_not": {"zh": why.zh, "en": why.en} if why else None,
        }


@dataclass(slots=True)
class CheckRun:
    """One check of one quantity of one instrument. Owned by the session's thread; times are monotonic."""

    order: CheckOrder
    profile: Profile
    begun_s: float
    _values: list[Reading] = field(default_factory=list)
    _last: Reading | None = None

    def __post_init__(self) -> None:
        """Raises Refused for an order that proves nothing."""
        order = self.order
        if not order.officer.strip():
            raise Refused(NO_OFFICER)
        if order.gas is Gas.SPAN and not order.certified_mg_m3 > 0.0:
            raise Refused(NO_SPAN)
        if not 1.0 <= order.seconds <= MOST_S:
            raise Refused(BAD_SECONDS.with_(most=MOST_S))

    @property
    def settled_s(self) -> float:
        """From when on values count."""
        return self.begun_s + SETTLE_T90 * self.profile.t90_s + self.profile.delay_s

    @property
    def ends_s(self) -> float:
        return self.settled_s + self.order.seconds

    def concerns(self, component: str, quantity: str) -> bool:
        return component == self.order.component and quantity == self.order.quantity

    def take(self, reading: Reading) -> None:
        """A reading of the instrument under check, as it came."""
        self._last = reading
        usable = reading.status in _USABLE and math.isfinite(reading.value_mg_m3)
        if usable and self.settled_s <= reading.at.monotonic_s <= self.ends_s:
            self._values.append(reading)

    def result(self, now_s: float) -> CheckDone | None:
        """What it came to, None while it runs."""
        return None if now_s < self.ends_s else self._done()

    def _done(self) -> CheckDone:
        values = [r.value_mg_m3 for r in self._values]
        mean = statistics.fmean(values) if values else 0.0
        spread = statistics.stdev(values) if len(values) > 1 else None
        most = max(_UNSTEADY_NOISES * self.profile.noise_mg_m3, _UNSTEADY_SHARE * abs(mean))
        why = FEW.with_(count=len(values)) if len(values) < FEWEST else None
        if why is None and spread is not None and spread > most:
            why = UNSTEADY.with_(spread=spread, most=most)
        last = self._values[-1] if self._values else self._last
        return CheckDone(
            order=self.order,
            instrument=self.profile.name,
            serial=self.profile.serial,
            check=None if why or last is None else self._check(mean, last),
            why_not=why,
            readings=len(values),
            spread_mg_m3=spread,
            raw_mean=statistics.fmean(r.value for r in self._values) if self._values else None,
            unit=last.unit.value if last else "",
            response_factor=last.response_factor if last else 1.0,
        )

    def _check(self, mean: float, last: Reading) -> Check:
        order = self.order
        certified = order.certified_mg_m3 if order.gas is Gas.SPAN else 0.0
        return Check(order.gas, last.at.unix_s, order.officer, mean, certified, order.cylinder)
