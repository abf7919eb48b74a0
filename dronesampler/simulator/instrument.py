"""The simulated gas sampler: it hears of the air late, slowly, with noise, a drifting zero and a warm-up."""

import math
from collections import deque
from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Status(IntEnum):
    """What the sampler says of its own reading, as in its reading frame."""

    NORMAL = 0
    WARM_UP = 1
    OUT_OF_RANGE = 2
    FAULT = 3
    CALIBRATION = 4


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """The sampler as its maker would state it."""

    quantity: str = "NMHC"
    t90_s: float = 3.0
    delay_s: float = 1.0  # transport through the inlet line
    noise_mg_m3: float = 0.03
    noise_share: float = 0.02  # of the value
    drift_mg_m3_per_hour: float = 0.05
    step_mg_m3: float = 0.01
    range_mg_m3: float = 2_000.0
    warm_up_s: float = 20.0
    calibration_id: int = 17


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as the sampler gives it."""

    time_s: float
    value_mg_m3: float
    status: Status
    sequence: int


class GasSampler:
    """Fed the true concentration at its inlet, gives readings."""

    def __init__(self, settings: SamplerSettings, *, seed: int, start_s: float) -> None:
        self.settings = settings
        self._start_s = start_s
        self._rng = np.random.default_rng((seed, 301))
        self._in_line: deque[tuple[float, float]] = deque()
        self._at_cell: float | None = None
        self._shown = 0.0
        self._last_s = start_s
        self._drift = 0.0
        self._sequence = 0

    def feed(self, time_s: float, concentration_mg_m3: float) -> None:
        """The air at the inlet at a time; times must grow."""
        self._in_line.append((time_s, concentration_mg_m3))
        while self._in_line and self._in_line[0][0] <= time_s - self.settings.delay_s:
            self._at_cell = self._in_line.popleft()[1]
        if self._at_cell is None:
            self._at_cell = self._shown = concentration_mg_m3
        elapsed_s = time_s - self._last_s
        tau_s = self.settings.t90_s / math.log(10.0)
        self._shown += (self._at_cell - self._shown) * (1.0 - math.exp(-elapsed_s / tau_s))
        self._drift += self._rng.normal() * self.settings.drift_mg_m3_per_hour * math.sqrt(max(elapsed_s, 0.0) / 3600.0)
        self._last_s = time_s

    def read(self, time_s: float) -> Reading:
        """What the display shows now."""
        s = self.settings
        noise = self._rng.normal() * s.noise_mg_m3 + self._rng.normal() * s.noise_share * self._shown
        since_start_s = time_s - self._start_s
        cold = 0.8 * math.exp(-3.0 * since_start_s / s.warm_up_s) if s.warm_up_s > 0 else 0.0
        value = max(self._shown + noise + self._drift + cold, 0.0)
        value = round(round(value / s.step_mg_m3) * s.step_mg_m3, 6)
        status = Status.WARM_UP if since_start_s < s.warm_up_s else Status.NORMAL
        if value >= s.range_mg_m3:
            value, status = s.range_mg_m3, Status.OUT_OF_RANGE
        self._sequence += 1
        return Reading(time_s, value, status, self._sequence)
