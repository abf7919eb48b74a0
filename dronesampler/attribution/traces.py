"""What an analysis says at each reading: its background, what each place brings there, and on which lines it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.background import first_background
from dronesampler.attribution.model import Floats, Model, Singles
from dronesampler.attribution.prepare import Prepared, prepare
from dronesampler.attribution.values import Instrument, Settings
from dronesampler.columns import Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet
from dronesampler.plume.dispersion import Ground, Spread, Stability
from dronesampler.plume.kernel import Kernel, Samples
from dronesampler.plume.response import LN10, response

ROWS_AT_ONCE, RUN_UP_ROWS = 40_000, 400
NEEDED = ("stability", "ground", "scale_y", "scale_z", "wind_bias_deg", "t90_s", "delay_s", "noise_mg_m3")

Line = tuple[float, float]  # from when to when, unix seconds


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one place brings to each reading, as the instrument shows it (mg/m3, shape (n,)), and its best lines.

    `key` is S1, S2 … for the suspected, L1 … for those to look at again, the code for permitted outlets.
    """

    key: str
    value_mg_m3: Floats
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Traces:
    """Columns over the usable readings in order of time, shape (n,) each. Background and fit may be missing."""

    time_s: Floats
    value_mg_m3: Floats
    corrected_mg_m3: Floats
    background_mg_m3: Floats | None = None
    contributions: tuple[Contribution, ...] = ()

    @property
    def fit_mg_m3(self) -> Floats | None:
        """Background and all contributions together."""
        if self.background_mg_m3 is None:
            return None
        return np.asarray(sum((c.value_mg_m3 for c in self.contributions), self.background_mg_m3))

    @property
    def residual_mg_m3(self) -> Floats | None:
        """What neither background nor contributions explain."""
        fit = self.fit_mg_m3
        return None if fit is None else self.value_mg_m3 - fit


def traces_of(
    readings: Readings, wind: Wind, outlets: Sequence[Outlet], *, analysis: Mapping[str, Any], instrument: Instrument
) -> Traces:
    """The columns behind an analysis, from what it says of itself (`Analysis.as_json`) and the same input.

    Permitted outlets are taken where the register has them, so that single crossings may differ a little from the
    fit. An analysis that says nothing, or not what it assumed, gives the readings only.
    """
    told = analysis.get("parameters") or {}
    if all(key in told for key in NEEDED):
        instrument = Instrument(told["t90_s"], told["delay_s"], told["noise_mg_m3"])
    usable = _plain(readings, instrument)
    if analysis.get("cannot_say") or not all(key in told for key in NEEDED):
        return usable
    ready = prepare(readings, wind, outlets, instrument=instrument, settings=Settings(), model=Model())
    if not isinstance(ready, Prepared):
        return usable
    return Traces(
        ready.readings.time_s,
        ready.readings.value_mg_m3,
        lag_corrected(ready.readings.time_s, ready.readings.value_mg_m3, t90_s=instrument.t90_s),
        _background(ready, analysis["background"]),
        _contributions(ready, outlets, analysis, instrument=instrument),
    )


def _plain(readings: Readings, instrument: Instrument) -> Traces:
    r = readings.rows(readings.ok & np.isfinite(readings.time_s + readings.value_mg_m3))
    r = r.rows(np.argsort(r.time_s, kind="stable"))
    return Traces(r.time_s, r.value_mg_m3, lag_corrected(r.time_s, r.value_mg_m3, t90_s=instrument.t90_s))


def lag_corrected(time_s: Floats, value: Floats, *, t90_s: float) -> Floats:
    """Values with a first-order lag taken back, shape (n,) in and out.

    c = v + tau dv/dt, the exact inverse of the lag for values held between readings, then the mean over one time
    constant: without it the noise would grow by 1 / (1 - exp(-step / tau)).
    """
    tau = t90_s / LN10
    if len(value) < 3 or tau <= 0.0:
        return value.copy()
    step = np.diff(time_s, prepend=time_s[0])
    usual = max(float(np.median(step[1:])), 1e-3)
    joined = (step > 0.0) & (step < 5.0 * usual)
    gain = 1.0 / -np.expm1(-np.where(joined, step, usual) / tau)
    sharp = np.where(joined, value + (gain - 1.0) * np.diff(value, prepend=value[0]), value)
    wide = min(max(1, round(tau / usual)) | 1, len(value) | 1)
    padded = np.pad(sharp, wide // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.ones(wide) / wide, mode="valid"))[: len(value)]


def _background(ready: Prepared, told: Mapping[str, Sequence[float]]) -> Floats:
    r = ready.readings
    level = np.interp(r.time_s, told["time_s"], told["mg_m3"])
    if len(ready.scene.value) < len(r):  # a long record was fitted without its slow drift: here it is again
        low = first_background(r.time_s, r.value_mg_m3, ready.noise)
        level = level + low - float(np.median(low))
    return np.asarray(level)


@dataclass(frozen=True, slots=True)
class _Places:
    """Sources in metres with the rate of the fit's own curve, which is the median reading, not the mean."""

    keys: tuple[str, ...]
    x: Floats
    y: Floats
    h: Floats
    rate: Floats
    lines: tuple[int, ...]  # how many lines the analysis says support each; 0 for permitted outlets


def _places(frame: LocalFrame, outlets: Sequence[Outlet], analysis: Mapping[str, Any], model: Model) -> _Places:
    known = {o.code: o for o in outlets}
    rows = [
        (e["code"], o.lat_deg, o.lon_deg, o.height_m + model.rise_m[0], float(e["rate_g_s"]), 0)
        for e in analysis.get("explained") or ()
        if (o := known.get(e["code"])) is not None
    ]
    for letter, name in (("S", "suspected"), ("L", "look_again")):
        rows += [
            (f"{letter}{i}", s["lat_deg"], s["lon_deg"], s["height_m"], s["rate_g_s"], s["transects"])
            for i, s in enumerate(analysis.get(name) or (), start=1)
        ]
    x, y = frame.to_xy([r[1] for r in rows], [r[2] for r in rows])
    rate = np.array([r[4] for r in rows], float) * np.exp(-model.median_to_mean)
    return _Places(
        tuple(r[0] for r in rows), x, y, np.array([r[3] for r in rows], float), rate, tuple(int(r[5]) for r in rows)
    )


def _contributions(
    ready: Prepared, outlets: Sequence[Outlet], analysis: Mapping[str, Any], *, instrument: Instrument
) -> tuple[Contribution, ...]:
    scene, told = ready.scene, analysis["parameters"]
    at = _places(ready.frame, outlets, analysis, scene.model)
    if not at.keys:
        return ()
    spread = Spread(Stability(told["stability"]), Ground(told["ground"]), told["scale_y"], told["scale_z"])
    bias_rad = -float(np.radians(told["wind_bias_deg"]))
    fitted: Singles = at.rate.astype(np.float32)[:, None] * scene.response(
        scene.kernel.columns(at.x, at.y, at.h, spread=spread, bias_rad=bias_rad)
    )
    everywhere = fitted
    if len(scene.value) < len(ready.readings):
        everywhere = _at_every_row(ready, at, spread=spread, bias_rad=bias_rad, instrument=instrument)
    level = np.interp(scene.kernel.samples.time_s, analysis["background"]["time_s"], analysis["background"]["mg_m3"])
    return tuple(
        Contribution(key, everywhere[i].astype(float), _best_lines(ready, fitted, i, level=level, count=at.lines[i]))
        for i, key in enumerate(at.keys)
    )


def _at_every_row(ready: Prepared, at: _Places, *, spread: Spread, bias_rad: float, instrument: Instrument) -> Singles:
    """Contributions (k, n) at all readings of a record so long that only some were fitted; in pieces, to save room."""
    r = ready.readings
    x, y = ready.frame.to_xy(r.lat_deg, r.lon_deg)
    out = np.zeros((len(at.keys), len(r)), np.float32)
    for begin in range(0, len(r), ROWS_AT_ONCE):
        part = slice(max(begin - RUN_UP_ROWS, 0), begin + ROWS_AT_ONCE)
        t = r.time_s[part]
        kernel = Kernel(Samples(t, x[part], y[part], r.height_agl_m[part]), ready.scene.kernel.drift)
        lagged = response(t, t90_s=instrument.t90_s, delay_s=instrument.delay_s, step_s=ready.scene.step_s)
        columns = lagged(kernel.columns(at.x, at.y, at.h, spread=spread, bias_rad=bias_rad))
        out[:, begin : begin + ROWS_AT_ONCE] = at.rate[:, None] * columns[:, begin - part.start :]
    return out


def _best_lines(ready: Prepared, fitted: Singles, i: int, *, level: Floats, count: int) -> tuple[Line, ...]:
    """The lines on which a place counts most, as many as the analysis counted; by the objective of `fit.View`.

    The analysis lets everything else move before it judges; here the place is only taken away, so the gain of a line
    serves to rank it. Permitted outlets get the lines that speak for them with a nat or more.
    """
    s, m = ready.scene, ready.scene.model
    mu, c = fitted.sum(axis=0), s.noise / m.scatter
    over = np.arcsinh((s.value - level) / c)

    def loss(model: Floats) -> Floats:
        e = (over - np.arcsinh(np.maximum(model, 0.0) / c)) / m.scatter
        return np.asarray(0.5 * (m.heavy + 1.0) * np.log1p(e**2 / m.heavy) * s.share)

    gain = np.bincount(s.transect, loss(mu - fitted[i]) - loss(mu), s.transects)
    ranked = np.argsort(-gain)
    chosen = ranked[:count][gain[ranked[:count]] > 0.0] if count else np.flatnonzero(gain > 1.0)
    t = s.kernel.samples.time_s
    return tuple(_span(t[s.transect == line]) for line in np.sort(chosen).tolist())


def _span(time_s: NDArray[np.float64]) -> Line:
    return float(time_s[0]), float(time_s[-1])
