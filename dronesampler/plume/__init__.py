"""One forward model for planning and judging: dispersion, back-trajectory, sensor lag, detection limit."""

from dronesampler.plume.detection import Air, Route, Sensor, detectable_rate
from dronesampler.plume.dispersion import Ground, Spread, Stability, profile_factor, sigmas_m, stability_by_day
from dronesampler.plume.drift import Drift, drift_of, steady
from dronesampler.plume.kernel import Gradient, Kernel, Samples
from dronesampler.plume.response import Response, peak_kept, response

__all__ = [
    "Air",
    "Drift",
    "Gradient",
    "Ground",
    "Kernel",
    "Response",
    "Route",
    "Samples",
    "Sensor",
    "Spread",
    "Stability",
    "detectable_rate",
    "drift_of",
    "peak_kept",
    "profile_factor",
    "response",
    "sigmas_m",
    "stability_by_day",
    "steady",
]
