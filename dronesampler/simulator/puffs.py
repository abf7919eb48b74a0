"""How gas spreads in the simulated world: puffs that leave each outlet, ride the wind, rise and grow (the truth).

A Lagrangian puff model, on purpose not the plume formula that the attribution uses: each puff goes with the wind of its
own height at each moment, keeps for a while the eddy it was born in, and carries the mass its outlet gave in that
moment. The constants are this module's own.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.simulator.wind import MeanderingWind

STEP_S = 0.5
OLDEST_S = 700.0
REACH_M = 1_500.0  # puffs that have gone this far in the mean are let go
EDDY_TAU_S = 22.0  # how long an outlet's air stays in one eddy
EDDY_MEMORY_S = 35.0  # how long a puff keeps its eddy's velocity
SOURCE_TAU_S, SOURCE_SD = 6.0, 0.25  # an outlet's flow is not steady
FLICKER_TAU_S, FLICKER_SD = 2.5, 0.45  # small eddies inside the puffs
RISE_TAU_S = 9.0
GROWTH_Y_M, GROWTH_Z_M = 900.0, 650.0  # distance after which spreading slows down
GRAMS_TO_MG = 1e3
TWO_PI_15 = (2.0 * math.pi) ** 1.5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that lets gas out. x east and y north in metres of the world's frame, height above ground."""

    code: str
    x_m: float
    y_m: float
    height_m: float
    rate_g_s: float
    permitted: bool
    rise_m: float = 0.0  # final plume rise in a wind of 4 m/s
    wake_m: float = 1.2  # size of a puff at birth: the mouth, or the wake of the roof it stands on


def spread(distance_m: Floats, wake_m: Floats, *, wind_speed_m_s: float) -> tuple[Floats, Floats]:
    """Standard deviations across and up (m) of one puff after a travelled distance; weak wind by day mixes more.

    This is spreading about the puff's own middle, about half of what a plume shows over ten minutes: the rest comes
    from the wind's turning and the eddies that carry the puffs.
    """
    across = min(max(0.115 - 0.008 * wind_speed_m_s, 0.055), 0.10)
    up = 0.75 * across
    wake2 = wake_m * wake_m
    d2 = distance_m * distance_m
    sy = np.sqrt(wake2 + across * across * d2 / (1.0 + distance_m / GROWTH_Y_M))
    sz = np.sqrt(wake2 + up * up * d2 / (1.0 + distance_m / GROWTH_Z_M))
    return sy, sz


class Puffs:
    """All puffs of all sources in rings, shape (sources, puffs of one source)."""

    def __init__(self, sources: tuple[Source, ...], wind: MeanderingWind, *, seed: int, start_s: float) -> None:
        self.sources = sources
        self.time_s = start_s
        self._wind = wind
        self._rng = np.random.default_rng((seed, 201))
        count = len(sources)
        oldest_s = min(OLDEST_S, REACH_M / max(wind.settings.speed_m_s, 0.5))
        self._ring = int(oldest_s / STEP_S)
        shape = (count, self._ring)
        self._x, self._y, self._z = (np.zeros(shape, np.float32) for _ in range(3))
        self._eddy_x, self._eddy_y = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self._mass_mg, self._gone_m = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self._rise_left = np.zeros(shape, np.float32)
        self._next = 0
        self._flow, self._flicker = self._rng.normal(size=count), self._rng.normal(size=count)
        self._eddy = self._rng.normal(size=(count, 2))
        self._wake = np.array([[s.wake_m] for s in sources], np.float32).reshape(count, 1)
        self._rate_mg = np.array([s.rate_g_s for s in sources]) * GRAMS_TO_MG
        self._home = np.array([(s.x_m, s.y_m, s.height_m, s.rise_m) for s in sources], np.float32).reshape(count, 4)

    def advance(self, time_s: float) -> None:
        """Let the world go on to a time, in steps of half a second."""
        while self.time_s + STEP_S <= time_s + 1e-9:
            self._step()

    def at(self, x_m: float, y_m: float, z_m: float) -> NDArray[np.float64]:
        """Concentration (mg/m3) at a place now, one value a source, shape (sources,)."""
        if not self.sources:
            return np.zeros(0)
        sy, sz = spread(self._gone_m, self._wake, wind_speed_m_s=self._wind.settings.speed_m_s)
        dx, dy = self._x - np.float32(x_m), self._y - np.float32(y_m)
        near = (dx * dx + dy * dy) / (sy * sy)
        up, mirrored = (self._z - np.float32(z_m)) / sz, (self._z + np.float32(z_m)) / sz
        vertical = np.exp(-0.5 * up * up) + np.exp(-0.5 * mirrored * mirrored)
        dense = self._mass_mg * np.exp(-0.5 * near) * vertical / (TWO_PI_15 * sy * sy * sz)
        flicker = np.exp(FLICKER_SD * self._flicker - FLICKER_SD**2 / 2.0)
        return np.asarray(dense.sum(axis=1) * flicker, float)

    def _step(self) -> None:
        self.time_s += STEP_S
        self._move()
        self._release()

    def _move(self) -> None:
        east, north = self._wind.toward_at(self.time_s)
        speed = math.hypot(east, north)
        climb = self._rise_left * np.float32(1.0 - math.exp(-STEP_S / RISE_TAU_S))
        self._z += climb
        self._rise_left -= climb
        profile = (np.maximum(self._z, 1.0) * np.float32(0.1)) ** np.float32(self._wind.settings.profile_exponent)
        self._x += (profile * np.float32(east) + self._eddy_x) * np.float32(STEP_S)
        self._y += (profile * np.float32(north) + self._eddy_y) * np.float32(STEP_S)
        self._gone_m += profile * np.float32(speed * STEP_S)
        keep = np.float32(math.exp(-STEP_S / EDDY_MEMORY_S))
        self._eddy_x *= keep
        self._eddy_y *= keep

    def _release(self) -> None:
        count, k = len(self.sources), self._next
        if not count:
            return
        self._flow = self._drift(self._flow, SOURCE_TAU_S)
        self._flicker = self._drift(self._flicker, FLICKER_TAU_S)
        self._eddy = self._drift(self._eddy, EDDY_TAU_S)
        speed = self._wind.at(self.time_s)[1]
        eddy_sd = 0.055 * speed
        # Puffs of one step are spread over the step's length of wind, or the plume would be beads close to the outlet.
        share = self._rng.uniform(0.0, STEP_S, count)
        east, north = self._wind.toward_at(self.time_s)
        self._x[:, k] = self._home[:, 0] + east * share
        self._y[:, k] = self._home[:, 1] + north * share
        self._z[:, k] = self._home[:, 2]
        self._rise_left[:, k] = self._home[:, 3] * min(4.0 / speed, 3.0)
        self._gone_m[:, k] = speed * share
        self._mass_mg[:, k] = self._rate_mg * STEP_S * np.exp(SOURCE_SD * self._flow - SOURCE_SD**2 / 2.0)
        self._eddy_x[:, k], self._eddy_y[:, k] = eddy_sd * self._eddy[:, 0], eddy_sd * self._eddy[:, 1]
        self._next = (k + 1) % self._ring

    def _drift(self, state: NDArray[np.float64], tau_s: float) -> NDArray[np.float64]:
        keep = math.exp(-STEP_S / tau_s)
        return keep * state + self._rng.normal(size=state.shape) * math.sqrt(1.0 - keep * keep)
