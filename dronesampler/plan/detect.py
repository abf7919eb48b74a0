"""Speed and spacing from the physics of plume and sampler, each with the reason said."""

import math
from dataclasses import dataclass

import numpy as np

from dronesampler.geo.local import Floats
from dronesampler.plan.aircraft import Sampler
from dronesampler.plan.site import Site
from dronesampler.plume import Air, Route, Sensor, Spread, detectable_rate, sigmas_m, stability_by_day
from dronesampler.texts import Text

SPEED_BY_LAG = Text(
    "速度 {speed:.1f} m/s：T90 为 {t90:g} s 的仪器在羽流 {range:.0f} m 处（横向宽度 σy {sigma:.1f} m）只滞后半个羽宽",
    "speed {speed:.1f} m/s: with a T90 of {t90:g} s the reading lags half a plume width where the plume is "
    "{range:.0f} m old (σy {sigma:.1f} m)",
)
SPEED_BY_AIRCRAFT = Text(
    "速度 {speed:.1f} m/s：仪器允许更快，但采样不超过此速度",
    "speed {speed:.1f} m/s: the sampler allows more, sampling is capped here",
)
SPACING_BY_RATE = Text(
    "间距 {spacing:.0f} m：风速 {wind:g} m/s、离地 {height:g} m 时，{source:g} m 高的排口排 {rate:g} g/s，"
    "无论在哪里都有两条测线看得到",
    "spacing {spacing:.0f} m: in {wind:g} m/s and at {height:g} m two lines notice {rate:g} g/s from a mouth at "
    "{source:g} m, wherever it stands",
)
SPACING_SHORT = Text(
    "间距 {spacing:.0f} m：这样的风和高度下两条测线都要看到的话，再密也看不到 {rate:g} g/s，只能看到 {seen:.2g} g/s："
    "降低高度或等小风",
    "spacing {spacing:.0f} m: in this wind and at this height no spacing shows {rate:g} g/s on two lines, only "
    "{seen:.2g} g/s: fly lower or wait for less wind",
)
SPACING_GIVEN = Text(
    "间距 {spacing:.0f} m 时能看到约 {seen:.2g} g/s（{source:g} m 高的排口）",
    "spacing {spacing:.0f} m shows about {seen:.2g} g/s (a mouth at {source:g} m)",
)
SPACING_CALM = Text(
    "间距 {spacing:.0f} m：无风（低于 {calm:g} m/s）时羽流没有方向，不能承诺看得到多大的排放；等有风再飞才有结论",
    "spacing {spacing:.0f} m: in calm air (below {calm:g} m/s) a plume has no direction and no rate can be promised; "
    "wait for wind to conclude anything",
)
MIN_SPEED_M_S = 1.5
MAX_SAMPLING_SPEED_M_S = 6.0
SPACINGS_M = (80.0, 70.0, 60.0, 50.0, 40.0, 30.0)
NEAREST_M = 90.0  # nearer a plume is seen by luck only: it passes below or beside the line
FARTHEST_M = 300.0  # lines farther downwind than this are not counted on: the wind will have turned
SOURCE_HEIGHT_M = 8.0  # a roof vent
CALM_M_S = 0.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """Speed and spacing with the reasons."""

    speed_m_s: float
    spacing_m: float
    why: tuple[Text, ...]


def air_of(wind: tuple[float, float]) -> Air:
    """The air of a day patrol: stability from the wind alone, never quite calm; ask `is_calm` before claiming."""
    speed = max(wind[1], CALM_M_S)
    return Air(wind[0], speed, spread=Spread(stability_by_day(speed)))


def is_calm(wind: tuple[float, float]) -> bool:
    """Whether a plume has no direction to be looked for in."""
    return wind[1] < CALM_M_S


def sensor_of(sampler: Sampler) -> Sensor:
    return Sensor(sampler.t90_s, sampler.delay_s, sampler.noise_mg_m3)


def sigma_y_m(distance_m: float, wind_speed_m_s: float) -> float:
    """Crosswind half width of a plume by day at a distance."""
    spread = air_of((0.0, wind_speed_m_s)).spread
    across, _ = sigmas_m(np.array([distance_m]), spread)
    return math.hypot(float(across[0]), spread.start_m)


def propose(
    site: Site, *, spacing_m: float | None, speed_m_s: float | None, height_agl_m: float, wanted_g_s: float
) -> Proposal:
    """Fill in what was left open; what was given is kept. Speed is taken first at the middle spacing, then for good."""
    spacing, why = spacing_m, []
    if spacing is None:
        spacing, text = _spacing(site, height_agl_m=height_agl_m, wanted_g_s=wanted_g_s)
        why.append(text)
    else:
        seen = seen_g_s(site, spacing, height_agl_m=height_agl_m, speed_m_s=speed_m_s or 4.0)
        why.append(SPACING_GIVEN.with_(spacing=spacing, seen=seen, source=SOURCE_HEIGHT_M))
    if is_calm(site.wind):
        why = [SPACING_CALM.with_(spacing=spacing, calm=CALM_M_S)]
    if speed_m_s is None:
        speed_m_s, text = _speed(site, range_m=max(1.5 * spacing, NEAREST_M))
        why.append(text)
    return Proposal(speed_m_s, spacing, tuple(why))


def seen_g_s(site: Site, spacing_m: float, *, height_agl_m: float, speed_m_s: float) -> float:
    """The least rate that two lines notice, wherever between lines the outlet stands."""
    first = np.linspace(0.05, 1.0, 6) * spacing_m
    count = max(int(FARTHEST_M // spacing_m), 2)
    distances = first[:, None] + spacing_m * np.arange(count)
    rates = _rate_at(site, distances, height_agl_m=height_agl_m, speed_m_s=speed_m_s)
    return float(np.sort(rates, axis=1)[:, 1].max())


def _spacing(site: Site, *, height_agl_m: float, wanted_g_s: float) -> tuple[float, Text]:
    values = {"rate": wanted_g_s, "wind": site.wind[1], "height": height_agl_m, "source": SOURCE_HEIGHT_M}
    seen = {}
    for spacing in SPACINGS_M:
        speed, _ = _speed(site, range_m=max(1.5 * spacing, NEAREST_M))
        seen[spacing] = seen_g_s(site, spacing, height_agl_m=height_agl_m, speed_m_s=speed)
        if seen[spacing] <= wanted_g_s:
            return spacing, SPACING_BY_RATE.with_(spacing=spacing, **values)
    spacing = max(s for s, rate in seen.items() if rate <= 1.25 * min(seen.values()))
    return spacing, SPACING_SHORT.with_(spacing=spacing, seen=seen[spacing], rate=wanted_g_s)


def _speed(site: Site, *, range_m: float) -> tuple[float, Text]:
    sigma = sigma_y_m(range_m, site.wind[1])
    by_lag = 0.5 * sigma / max(site.sampler.tau_s, 0.05)
    most = min(MAX_SAMPLING_SPEED_M_S, site.aircraft.max_speed_m_s)
    if by_lag > most:
        return most, SPEED_BY_AIRCRAFT.with_(speed=most)
    speed = round(max(by_lag, MIN_SPEED_M_S), 1)
    return speed, SPEED_BY_LAG.with_(speed=speed, t90=site.sampler.t90_s, range=range_m, sigma=sigma)


def _rate_at(site: Site, distances_m: Floats, *, height_agl_m: float, speed_m_s: float) -> Floats:
    """Least noticed rate of outlets at distances upwind of one long line across the wind."""
    half, air = 400.0, air_of((180.0, site.wind[1]))  # blowing north; the line runs east
    line = Route(
        np.array([-half, half]), np.zeros(2), np.full(2, height_agl_m), np.array([0.0, 2 * half / max(speed_m_s, 0.1)])
    )
    x = np.zeros(distances_m.shape)
    return detectable_rate(line, air, sensor_of(site.sampler), x_m=x, y_m=-distances_m, height_m=SOURCE_HEIGHT_M)
