"""What flying costs: power by airspeed and climb, and a battery that sags and empties."""

import math
from dataclasses import dataclass, field

SECONDS_AN_HOUR = 3600.0
CELL_FULL_V, CELL_EMPTY_V = 4.18, 3.30


@dataclass(frozen=True, slots=True)
class Airframe:
    """Figures of a 3.8 kg sampling quadcopter."""

    mass_kg: float = 3.8
    hover_w: float = 430.0
    hover_induced_m_s: float = 5.6  # induced velocity at hover, from disc area and mass
    parasite_w_s3_m3: float = 0.16  # power for each (m/s)^3 of airspeed
    climb_efficiency: float = 0.7
    idle_w: float = 18.0
    payload_w: float = 6.0


def flight_power_w(airframe: Airframe, *, airspeed_m_s: float, climb_m_s: float) -> float:
    """Electric power: induced part falls with airspeed (momentum theory, Glauert), drag grows with its cube."""
    v2, vh2 = airspeed_m_s**2, airframe.hover_induced_m_s**2
    induced = math.sqrt(math.sqrt(v2 * v2 / 4.0 + vh2 * vh2) - v2 / 2.0) / airframe.hover_induced_m_s
    level = airframe.hover_w * (0.28 + 0.72 * induced) + airframe.parasite_w_s3_m3 * airspeed_m_s**3
    weight_n = airframe.mass_kg * 9.806_65
    climb = weight_n * climb_m_s / airframe.climb_efficiency if climb_m_s > 0 else 0.35 * weight_n * climb_m_s
    return max(level + climb, 0.35 * airframe.hover_w)


@dataclass(slots=True)
class Battery:
    """A lithium pack seen from outside."""

    capacity_mah: float = 12_000.0
    cells: int = 6
    resistance_ohm: float = 0.018
    drawn_mah: float = 0.0
    drawn_wh: float = 0.0
    current_a: float = 0.0
    _sag_v: float = field(default=0.0)
    forced_v: float | None = None  # a fault: what the monitor shall say instead

    def step(self, dt_s: float, power_w: float) -> None:
        self.current_a = power_w / max(self.true_voltage_v, 0.1)
        self._sag_v += (self.current_a * self.resistance_ohm - self._sag_v) * min(dt_s / 2.0, 1.0)
        self.drawn_mah += self.current_a * 1000.0 * dt_s / SECONDS_AN_HOUR
        self.drawn_wh += power_w * dt_s / SECONDS_AN_HOUR

    @property
    def remaining(self) -> float:
        """Share left, 0 to 1."""
        return max(1.0 - self.drawn_mah / self.capacity_mah, 0.0)

    @property
    def true_voltage_v(self) -> float:
        left = self.remaining
        # A plateau with a knee near empty.
        cell = CELL_EMPTY_V + (CELL_FULL_V - CELL_EMPTY_V) * (0.62 * left + 0.38 * (1.0 - math.exp(-9.0 * left)))
        return cell * self.cells - self._sag_v

    @property
    def voltage_v(self) -> float:
        """What the power monitor says."""
        return self.forced_v if self.forced_v is not None else self.true_voltage_v
