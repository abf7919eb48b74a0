"""One source from steady transects: ten-minute means along arcs or lines, in a wind known by its mean and its spread.

The same forward model and the same fit as for a flight; only the wind history is a straight line, the widths are those
of a time mean (set by the measured spread of the wind direction and by the stratification), and there is no register.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from dronesampler.attribution.fit import View, fit
from dronesampler.attribution.model import Floats, Guess, Model, Scene
from dronesampler.plume.dispersion import Ground, Spread, Stability, sigmas_m
from dronesampler.plume.drift import steady
from dronesampler.plume.kernel import Kernel, Samples
from dronesampler.plume.response import response

# One error model for time means: less scatter than for a flight, common to most of a transect.
STEADY = Model(
    scatter=0.25, together=3.0, cap=1e6, bias_deg=8.0, scale_y_sd=0.12, scale_z_sd=0.25, background_sd=1e-6,
    height_m=(0.5, 0.3), ln_rate=(3.0, 3.0), median_to_mean=0.0,
)  # fmt: skip
RANGE_M = 100.0  # at which the widths are matched
BEND_PER_M, SCALE_Z = 1e-3, 0.8  # ten-minute means over grass: how sigma_y falls behind a cone, sigma_z against Briggs


@dataclass(frozen=True, slots=True)
class SteadyAir:
    """The mean wind where samplers stand, the sd of its direction, and the Obukhov length (inf for neutral)."""

    from_deg: float
    speed_m_s: float
    direction_sd_deg: float
    obukhov_m: float
    measured_at_m: float = 2.0


@dataclass(frozen=True, slots=True)
class Located:
    """Where the source is thought to stand, in the samplers' metres, and its rate."""

    x_m: float
    y_m: float
    rate_g_s: float
    view: View


def stability_of(obukhov_m: float) -> Stability:
    """Pasquill's class from the Obukhov length over short grass (Golder 1972, figure 5, z0 = 1 cm)."""
    inverse = 1.0 / obukhov_m if obukhov_m else 0.0
    for limit, cls in ((-0.10, "A"), (-0.055, "B"), (-0.02, "C"), (0.015, "D"), (0.05, "E")):
        if inverse < limit:
            return Stability(cls)
    return Stability.F


def spread_of(air: SteadyAir) -> Spread:
    """Time-mean widths: sigma_y from the spread of the direction, sigma_z from the class."""
    plain = Spread(stability_of(air.obukhov_m), Ground.RURAL, 1.0, 1.0, start_m=0.3, bend_per_m=BEND_PER_M)
    by_curve = float(sigmas_m(np.array([RANGE_M]), plain)[0][0])
    measured = math.radians(air.direction_sd_deg) * RANGE_M * 0.83  # Draxler 1976: what meander leaves after 20 s
    return replace(plain, scale_y=measured / by_curve, scale_z=SCALE_Z)


def locate(x_m: Floats, y_m: Floats, z_m: Floats, value_mg_m3: Floats, *, transect: Floats, air: SteadyAir) -> Located:
    """The source that explains steady transects best; arrays of shape (n,), `transect` numbers the lines from 0."""
    order = np.argsort(transect, kind="stable")
    samples = Samples(np.zeros(len(order)), x_m[order], y_m[order], z_m[order])
    scene = _scene(samples, value_mg_m3[order], transect[order], air)
    along, across = scene.kernel.axes(0.0)
    weight = scene.value / scene.value.sum()
    middle = np.array([weight @ scene.kernel.samples.x_m, weight @ scene.kernel.samples.y_m])
    nearest = float((scene.kernel.samples.x_m * along[0] + scene.kernel.samples.y_m * along[1]).min())
    tried = []
    for back in (20.0, 60.0, 110.0, 170.0):
        for side in (-0.15, 0.0, 0.15):
            at = middle - (back + middle @ along - nearest) * (along + side * across)
            tried.append(fit(scene, Guess.nothing(scene).with_source(at[0], at[1], 0.5, 3.0), steps=40, enough=0.01))
    best = min(tried, key=lambda v: v.loss)
    g = best.guess
    return Located(float(g.x[0]), float(g.y[0]), float(np.exp(g.ln_rate[0])), best)


def _scene(samples: Samples, value: Floats, transect: Floats, air: SteadyAir) -> Scene:
    n, far = len(value), 2000.0
    noise = 0.01 * float(np.median(value[value > 0]))
    share = 1.0 / (1.0 + STEADY.together * value**2 / (value**2 + (noise / STEADY.scatter) ** 2))
    none = np.zeros(0)
    drift = steady(air.from_deg, air.speed_m_s, height_m=air.measured_at_m)
    return Scene(
        kernel=Kernel(samples, drift), response=response(samples.time_s, t90_s=0.0), t90_s=0.0, delay_s=0.0, step_s=1.0,
        value=value, noise=np.full(n, noise), strength=value, share=share,
        transect=transect.astype(np.intp), hats=np.zeros((1, n)), level=np.zeros(1),
        box=(-far, -far, far, far), spread=spread_of(air), outlet_x=none, outlet_y=none, outlet_h=none, model=STEADY,
    )  # fmt: skip
