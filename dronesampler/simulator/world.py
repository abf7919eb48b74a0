"""The air over a park on a simulated day: wind, outlets that are open, background, and what a sampler breathes."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon as ShapelyPolygon

from dronesampler.geo import LocalFrame
from dronesampler.park import Park
from dronesampler.simulator.instrument import GasSampler, Reading, SamplerSettings
from dronesampler.simulator.puffs import Puffs, Source
from dronesampler.simulator.wind import MeanderingWind, WindSettings

SPIN_UP_S = 600.0  # the plumes stand before the patrol begins
FEED_S = 0.5
RATES_G_S = (0.3, 5.0)
FROM_OUTLETS_M, FROM_ONE_ANOTHER_M = 60.0, 100.0
SEEN_MG_M3 = 0.15


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """What the day shall be like. `bypasses` None draws one or two by the seed."""

    seed: int
    wind_from_deg: float = 300.0
    wind_speed_m_s: float = 3.5
    bypasses: int | None = None
    sampler: SamplerSettings = field(default_factory=SamplerSettings)


def _log_uniform(rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(*np.log(RATES_G_S))))


def draw_sources(park: Park, *, seed: int, bypasses: int | None) -> tuple[Source, ...]:
    """One to five of the park's permitted outlets, and the hidden ones, inside the boundary and apart from the rest."""
    rng = np.random.default_rng((seed, 401))
    frame = park.frame()
    return (*_permitted(park, frame, rng), *_hidden(park, frame, rng, bypasses))


def _permitted(park: Park, frame: LocalFrame, rng: np.random.Generator) -> list[Source]:
    count = min(int(rng.integers(1, 6)), len(park.outlets))
    chosen = sorted(int(i) for i in rng.permutation(len(park.outlets))[:count])
    sources = []
    for outlet in (park.outlets[i] for i in chosen):
        x, y = frame.to_xy(outlet.lat_deg, outlet.lon_deg)
        rise_m = float(rng.uniform(2.0, 8.0))
        sources.append(
            Source(outlet.code, float(x), float(y), outlet.height_m, _log_uniform(rng), permitted=True, rise_m=rise_m)
        )
    return sources


def _hidden(park: Park, frame: LocalFrame, rng: np.random.Generator, bypasses: int | None) -> list[Source]:
    count = int(rng.integers(1, 3)) if bypasses is None else bypasses
    x, y = frame.to_xy(*np.array(park.boundary.outer).T)
    inside = ShapelyPolygon(np.column_stack([x, y])).buffer(-10.0)
    outlets = [tuple(map(float, frame.to_xy(o.lat_deg, o.lon_deg))) for o in park.outlets]
    found: list[Source] = []
    for _ in range(20_000):
        if len(found) == count:
            break
        place = (float(rng.uniform(x.min(), x.max())), float(rng.uniform(y.min(), y.max())))
        apart = all(math.dist(place, (s.x_m, s.y_m)) >= FROM_ONE_ANOTHER_M for s in found)
        if (
            apart
            and inside.contains(ShapelyPoint(place))
            and all(math.dist(place, o) >= FROM_OUTLETS_M for o in outlets)
        ):
            code = f"hidden-{len(found) + 1}"
            height_m, rise_m = float(rng.uniform(4.0, 15.0)), float(rng.uniform(0.0, 1.5))
            found.append(Source(code, *place, height_m, _log_uniform(rng), permitted=False, rise_m=rise_m, wake_m=3.0))
    return found


class Background:
    """The ambient level: slow swell, drift over the day and a small random walk."""

    def __init__(self, *, seed: int, start_s: float) -> None:
        self._rng = np.random.default_rng((seed, 501))
        self._start_s = self._last_s = start_s
        self._level = float(self._rng.uniform(0.45, 0.75))
        self._slope_per_hour = float(self._rng.uniform(-0.25, 0.25))
        self._period_s = float(self._rng.uniform(500.0, 1300.0))
        self._phase = float(self._rng.uniform(0.0, 2.0 * math.pi))
        self._walk = 0.0

    def at(self, time_s: float) -> float:
        """mg/m3; times must grow."""
        passed_s = time_s - self._start_s
        self._walk += self._rng.normal() * 0.003 * math.sqrt(max(time_s - self._last_s, 0.0))
        self._last_s = time_s
        swell = 0.05 * math.sin(2.0 * math.pi * passed_s / self._period_s + self._phase)
        return max(self._level + self._slope_per_hour * passed_s / 3600.0 + swell + self._walk, 0.05)


class World:
    """One park's air and the sampler that flies in it; the seed draws the weather, and sources where none are given."""

    def __init__(
        self, park: Park, settings: WorldSettings, *, start_s: float, sources: tuple[Source, ...] | None = None
    ) -> None:
        self.frame = park.frame()
        self.settings = settings
        self.start_s = start_s
        drawn = draw_sources(park, seed=settings.seed, bypasses=settings.bypasses) if sources is None else sources
        self.sources = drawn
        wind = WindSettings.drawn(settings.wind_from_deg, settings.wind_speed_m_s, seed=settings.seed)
        self.wind = MeanderingWind(wind, seed=settings.seed, start_s=start_s - SPIN_UP_S - 1.0)
        self.puffs = Puffs(self.sources, self.wind, seed=settings.seed, start_s=start_s - SPIN_UP_S)
        self.puffs.advance(start_s)
        self.sampler = GasSampler(settings.sampler, seed=settings.seed, start_s=start_s)
        self.peak_mg_m3 = np.zeros(len(self.sources))
        self.seconds_seen = np.zeros(len(self.sources))
        self._lagged = np.zeros(len(self.sources))
        self._background = Background(seed=settings.seed, start_s=start_s)
        self._fed_s = start_s

    def breathe(self, time_s: float, lat_deg: float, lon_deg: float, height_m: float) -> None:
        """Let the world go on to a time with the sampler's inlet at a place (height above ground)."""
        if self._fed_s + FEED_S > time_s:
            return
        x, y = (float(v) for v in self.frame.to_xy(lat_deg, lon_deg))
        while self._fed_s + FEED_S <= time_s:
            self._fed_s += FEED_S
            self.puffs.advance(self._fed_s)
            each = self.puffs.at(x, y, max(height_m, 0.3))
            self._remember(each)
            self.sampler.feed(self._fed_s, float(each.sum()) + self._background.at(self._fed_s))

    def read(self, time_s: float) -> Reading:
        return self.sampler.read(time_s)

    def _remember(self, each_mg_m3: NDArray[np.float64]) -> None:
        tau_s = self.settings.sampler.t90_s / math.log(10.0)
        self._lagged += (each_mg_m3 - self._lagged) * (1.0 - math.exp(-FEED_S / tau_s))
        self.peak_mg_m3 = np.maximum(self.peak_mg_m3, self._lagged)
        self.seconds_seen += np.where(self._lagged > SEEN_MG_M3, FEED_S, 0.0)
