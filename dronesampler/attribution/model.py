"""What a patrol is explained by: background, wind and plume nuisances, permitted outlets and unknown sources."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dronesampler.plume.dispersion import Spread
from dronesampler.plume.kernel import Kernel
from dronesampler.plume.response import LN10, Response

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """How far to trust the forward model, and what to expect before looking: standard deviations about a mean."""

    scatter: float = 0.65  # of ln(reading / model): intermittency and what the wind history misses
    together: float = 2.0  # how many more readings of a crossing share one such error
    median_to_mean: float = 0.2  # ln of mean over median of a reading about the model
    heavy: float = 5.0  # degrees of freedom of Student's t
    cap: float = 24.0  # what one transect may at most say against a model, in nats
    background_sd: float = 0.05
    bias_deg: float = 6.0
    scale_y_sd: float = 0.45
    scale_z_sd: float = 0.40
    register_m: float = 4.0
    rise_m: tuple[float, float] = (4.0, 3.0)
    height_m: tuple[float, float] = (10.0, 5.0)
    ln_rate: tuple[float, float] = (0.2, 1.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """One patrol made ready for fitting; rows in order of time, local east and north metres."""

    kernel: Kernel
    response: Response
    t90_s: float
    delay_s: float
    step_s: float  # usual time between rows before any were left out
    value: Floats  # (n,) mg/m3
    noise: Floats  # (n,) standard deviation
    strength: Floats  # (n,) smoothed excess over the background
    share: Floats  # (n,) what a row counts, its neighbours' common errors considered
    transect: NDArray[np.intp]  # (n,) number of the line
    hats: Floats  # (b, n) background shapes
    level: Floats  # (b,) the first background at their tops
    box: tuple[float, float, float, float]  # west, south, east, north of the area looked at
    spread: Spread
    outlet_x: Floats
    outlet_y: Floats
    outlet_h: Floats
    model: Model = field(default_factory=Model)

    @property
    def lag(self) -> tuple[float, int, Singles]:
        """Time constant, dead time in rows, and what each row keeps of the one before: for whole grids of columns."""
        t = self.kernel.samples.time_s
        tau = self.t90_s / LN10
        keep = np.exp(-np.diff(t, prepend=t[0] - self.step_s) / max(tau, 1e-6))
        return tau, round(self.delay_s / self.step_s), keep.astype(np.float32)

    @property
    def outlets(self) -> int:
        return len(self.outlet_x)

    @property
    def transects(self) -> int:
        return int(self.transect[-1]) + 1


@dataclass(frozen=True, slots=True)
class Guess:
    """One explanation. Unknown sources have shape (m,), permitted outlets (k,)."""

    background: Floats
    bias: float
    ln_y: float
    ln_z: float
    rate: Floats
    rise: Floats
    east: Floats
    north: Floats
    x: Floats
    y: Floats
    h: Floats
    ln_rate: Floats

    @classmethod
    def nothing(cls, scene: Scene) -> Self:
        """Background at the median, no source."""
        k = np.zeros(scene.outlets)
        none = np.zeros(0)
        rise = np.full(scene.outlets, scene.model.rise_m[0])
        return cls(scene.level.copy(), 0.0, 0.0, 0.0, k, rise, k.copy(), k.copy(), none, none, none, none)

    @property
    def unknown(self) -> int:
        return len(self.x)

    def with_source(self, x: float, y: float, h: float, ln_rate: float) -> Self:
        """One more unknown source."""
        return replace(
            self,
            x=np.r_[self.x, x],
            y=np.r_[self.y, y],
            h=np.r_[self.h, h],
            ln_rate=np.r_[self.ln_rate, ln_rate],
        )

    def without(self, i: int) -> Self:
        """One unknown source less."""
        keep = np.arange(self.unknown) != i
        return replace(self, x=self.x[keep], y=self.y[keep], h=self.h[keep], ln_rate=self.ln_rate[keep])

    def spread(self, scene: Scene) -> Spread:
        s = scene.spread
        return replace(s, scale_y=s.scale_y * float(np.exp(self.ln_y)), scale_z=s.scale_z * float(np.exp(self.ln_z)))
