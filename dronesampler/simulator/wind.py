"""The true wind of a simulated day: it meanders, it gusts and it grows with height, the same for the same seed."""

import math
from dataclasses import dataclass

import numpy as np

from dronesampler.columns import Wind as WindColumns

GRID_S = 0.5
REFERENCE_HEIGHT_M = 10.0
LOWEST_HEIGHT_M = 1.0
BLOCK = 1024


@dataclass(frozen=True, slots=True)
class WindSettings:
    """What a day's wind is made of. Standard deviations `_sd`, correlation times `_tau_s`."""

    from_deg: float
    speed_m_s: float  # mean at 10 m
    veer_sd_deg: float = 11.0  # slow meander
    veer_tau_s: float = 160.0
    gust_turn_sd_deg: float = 6.0  # fast meander
    gust_turn_tau_s: float = 11.0
    surge_sd: float = 0.14  # slow speed change, relative
    surge_tau_s: float = 75.0
    gust_sd: float = 0.08  # fast speed change, relative
    gust_tau_s: float = 7.0
    profile_exponent: float = 0.2  # power law over industrial ground

    @classmethod
    def drawn(cls, from_deg: float, speed_m_s: float, *, seed: int) -> "WindSettings":
        """Settings of a day drawn by the seed about the mean that was asked for."""
        rng = np.random.default_rng((seed, 101))
        return cls(
            from_deg,
            speed_m_s,
            veer_sd_deg=float(rng.uniform(7.0, 14.0)),
            gust_turn_sd_deg=float(rng.uniform(4.0, 8.0)),
            profile_exponent=float(rng.uniform(0.15, 0.24)),
        )


class MeanderingWind:
    """Wind over time on a grid of half seconds from `start_s` on; blocks of it are drawn as they are asked for."""

    def __init__(self, settings: WindSettings, *, seed: int, start_s: float) -> None:
        self.settings = settings
        self.start_s = start_s
        self._rng = np.random.default_rng((seed, 102))
        self._state = self._rng.normal(size=4)  # in units of each process' standard deviation
        self._from_deg = np.empty(0)
        self._speed_m_s = np.empty(0)

    def at(self, time_s: float) -> tuple[float, float]:
        """Direction it comes from (degrees) and speed (m/s) at 10 m, held between grid points."""
        k = max(int((time_s - self.start_s) / GRID_S), 0)
        while k >= len(self._from_deg):
            self._draw_block()
        return float(self._from_deg[k]), float(self._speed_m_s[k])

    def toward_at(self, time_s: float, height_m: float = REFERENCE_HEIGHT_M) -> tuple[float, float]:
        """East and north components (m/s) of where the air goes, at a height above ground."""
        from_deg, speed = self.at(time_s)
        speed *= self.profile(height_m)
        angle = math.radians(from_deg)
        return -speed * math.sin(angle), -speed * math.cos(angle)

    def profile(self, height_m: float) -> float:
        """Speed at a height over that at 10 m, power law."""
        return (max(height_m, LOWEST_HEIGHT_M) / REFERENCE_HEIGHT_M) ** self.settings.profile_exponent  # type: ignore[no-any-return]

    def history(self, begin_s: float, end_s: float, *, every_s: float = 1.0) -> WindColumns:
        """The wind at 10 m as it was, one row each `every_s`."""
        time_s = np.arange(begin_s, end_s, every_s)
        rows = [self.at(float(t)) for t in time_s]
        from_deg = np.array([row[0] for row in rows])
        speed = np.array([row[1] for row in rows])
        return WindColumns(time_s, from_deg, speed, np.full(len(time_s), REFERENCE_HEIGHT_M))

    def _draw_block(self) -> None:
        s = self.settings
        taus = np.array([s.veer_tau_s, s.gust_turn_tau_s, s.surge_tau_s, s.gust_tau_s])
        keep = np.exp(-GRID_S / taus)
        kicks = self._rng.normal(size=(BLOCK, 4)) * np.sqrt(1.0 - keep**2)
        states = np.empty((BLOCK, 4))
        state = self._state
        for k in range(BLOCK):
            state = keep * state + kicks[k]
            states[k] = state
        self._state = state
        veer, turn, surge, gust = states.T
        from_deg = (s.from_deg + s.veer_sd_deg * veer + s.gust_turn_sd_deg * turn) % 360.0
        factor = np.maximum(1.0 + s.surge_sd * surge + s.gust_sd * gust, 0.15)
        self._from_deg = np.concatenate([self._from_deg, from_deg])
        self._speed_m_s = np.concatenate([self._speed_m_s, np.maximum(s.speed_m_s * factor, 0.3)])
