"""Speed and spacing from the physics of plume and sampler, each with the reason said."""

import math
from dataclasses import dataclass

from dronesampler.plan.site import Site
from dronesampler.texts import Text

SPEED_BY_LAG = Text(
    "速度 {speed:.1f} m/s：T90 为 {t90:g} s 的仪器在羽流 {range:.0f} m 处（横向宽度 σy {sigma:.1f} m）只滞后半个羽宽",
    "speed {speed:.1f} m/s: with a T90 of {t90:g} s the reading lags half a plume width where the plume is "
    "{range:.0f} m old (σy {sigma:.1f} m)",
)
SPACING_BY_RANGE = Text(
    "间距 {spacing:.0f} m：任一排口的羽流都有两条测线穿过，最远 {far:.0f} m",
    "spacing {spacing:.0f} m: every outlet's plume is crossed by two lines, the farther one within {far:.0f} m",
)
MIN_SPEED_M_S = 1.5
MAX_SAMPLING_SPEED_M_S = 6.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Speed and spacing with the reasons."""

    speed_m_s: float
    spacing_m: float
    why: tuple[Text, ...]


def sigma_y_m(distance_m: float, wind_speed_m_s: float) -> float:
    """Crosswind half width of a plume by day (Briggs 1973, open country; class from the wind alone)."""
    a = 0.16 if wind_speed_m_s < 3.0 else 0.11 if wind_speed_m_s < 5.0 else 0.08
    return a * distance_m / math.sqrt(1.0 + 1e-4 * distance_m)


def propose(site: Site, *, spacing_m: float | None, speed_m_s: float | None) -> Proposal:
    """Fill in what was left open; what was given is kept."""
    spacing = spacing_m if spacing_m is not None else 60.0
    why = [SPACING_BY_RANGE.with_(spacing=spacing, far=2 * spacing)]
    range_m = 1.5 * spacing  # the middle of what the two lines see
    sigma = sigma_y_m(range_m, site.wind[1])
    if speed_m_s is None:
        speed_m_s = 0.5 * sigma / site.sampler.tau_s
        speed_m_s = min(max(speed_m_s, MIN_SPEED_M_S), MAX_SAMPLING_SPEED_M_S, site.aircraft.max_speed_m_s)
        speed_m_s = round(speed_m_s, 1)
        why.append(SPEED_BY_LAG.with_(speed=speed_m_s, t90=site.sampler.t90_s, range=range_m, sigma=sigma))
    return Proposal(speed_m_s, spacing, tuple(why))
