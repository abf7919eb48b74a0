"""What is known of one instrument and how it is mounted: its quantities, lag, delays, noise and inlet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dronesampler.sampler.alarm_rules import AlarmRules
from dronesampler.sampler.species import Species, Unit, species_named


@dataclass(frozen=True, slots=True)
class Quantity:
    """One channel of an instrument: the name it comes under, what it is and in which unit.

    `response_factor` turns what the instrument shows (a PID: ppm isobutylene) into the species; 1.0 leaves it.
    `low` and `high` bound the measuring range in `unit`.
    """

    name: str
    species: str
    unit: Unit
    response_factor: float = 1.0
    low: float | None = None
    high: float | None = None

    def of(self) -> Species | None:
        return species_named(self.species)


@dataclass(frozen=True, slots=True)
class Profile:
    """An instrument as mounted. Delays are from the moment the air enters the inlet.

    `line_delay_s`: inlet to sensor cell. `link_delay_s`: sensor to arrival here, used only where the instrument tells
    no time of its own that can be mapped to ours. The inlet offset is in the aircraft's body frame, metres.
    """

    name: str
    quantities: tuple[Quantity, ...] = ()
    t90_s: float = 3.0
    line_delay_s: float = 1.0
    link_delay_s: float = 0.0
    noise_mg_m3: float = 0.03
    inlet_forward_m: float = 0.0
    inlet_right_m: float = 0.0
    inlet_up_m: float = 0.0
    warm_up_s: float = 0.0
    period_s: float = 1.0
    method: str = ""  # a key of rules.methods; empty: a clue only
    serial: str = ""
    humid_percent: float | None = None  # relative humidity above which it is not to be trusted; None: it does not mind
    alarms: AlarmRules = field(default_factory=AlarmRules)
    extra: Mapping[str, Any] = field(default_factory=dict)  # how its port speaks: line, modbus or hj212

    @property
    def delay_s(self) -> float:
        """Line and link together: what is between the air at the inlet and a value without a time of its own."""
        return self.line_delay_s + self.link_delay_s

    def quantity(self, name: str) -> Quantity | None:
        """The channel that comes under that name."""
        return next((q for q in self.quantities if q.name == name), None)


# What the simulator's sampler is, and what a companion that speaks the frame of PROTOCOL.md is taken for.
MAVLINK_NMHC = Profile(
    name="mavlink-nmhc",
    quantities=(Quantity("NMHC", "NMHC", Unit.MG_M3, low=0.0, high=5000.0),),
    t90_s=3.0,
    line_delay_s=1.0,
    link_delay_s=0.0,
    noise_mg_m3=0.03,
)
