"""Make a patrol ready for fitting, or say why nothing can be said of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution import background as ground_air
from dronesampler.attribution.model import Floats, Model, Scene
from dronesampler.attribution.values import Instrument, Reason, Settings
from dronesampler.columns import Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet
from dronesampler.plume.dispersion import Spread, profile_factor, stability_by_day
from dronesampler.plume.drift import Drift, drift_of
from dronesampler.plume.kernel import Kernel, Samples
from dronesampler.plume.response import response
from dronesampler.texts import Text

FEWEST = 60  # readings
FEWEST_TRANSECTS = 2
CALM_M_S = 0.5
LEAST_FLOWN_M = 40.0  # between the corners of what was flown over
FARTHEST_OUTLET_M = 2000.0  # of the nearest outlet from the flown area
BOX_MARGIN_M = 40.0
MOST_ROWS, MOST_PLUME_ROWS = 4000, 2600  # of a long record that are fitted
ABOUT_PLUME_S, PLUME_SIGMAS = 8.0, 3.0
LONG_WANDER = 1.4
PUFF_Y = 0.65  # sigma_y of what drifts with the measured wind, over that of ten minutes: the middle of what is likely

NO_WIND = Text(
    "没有可用的风测量，无法反推来源。请提供飞行期间的风向风速。",
    "there is no usable wind measurement, so nothing can be traced back; give wind direction and speed of the flight",
)
CALM = Text(
    "平均风速只有 {speed:.1f} m/s，烟羽没有方向，无法反推。请等风速达到 1 m/s 以上再飞。",
    "the mean wind was only {speed:.1f} m/s: plumes have no direction, nothing can be traced back; "
    "fly again in more than 1 m/s",
)
WIND_APART = Text(
    "风的记录与读数在时间上不重叠，无法反推。",
    "the wind record and the readings do not overlap in time, nothing can be traced back",
)
FEW = Text(
    "只有 {count} 个可用读数（至少需要 {need} 个），无法判断。",
    "only {count} usable readings (at least {need} are needed): nothing can be said",
)
ONE_LINE = Text(
    "只有 {count} 条有效航线，来源的距离无法确定。请在另一距离再飞一条横风航线。",
    "only {count} usable line: the distance to a source cannot be told; "
    "fly another line across the wind at another range",
)
SATURATED = Text(
    "{share:.0%} 的读数在量程顶端 {value:g} mg/m3，仪器已饱和，无法判断。",
    "{share:.0%} of the readings stand at {value:g} mg/m3, the instrument was saturated: nothing can be said",
)
FLAT = Text(
    "读数没有任何变化，仪器可能没有工作，无法判断。",
    "the readings do not change at all, the instrument may not have worked: nothing can be said",
)
NO_REGISTER = Text(
    "许可排口名录为空，无法分辨许可排口与未知来源。请先导入名录。",
    "the register of permitted outlets is empty, so permitted and unknown sources cannot be told apart; "
    "import the register first",
)
ELSEWHERE = Text(
    "名录中最近的许可排口离飞行区域 {km:.1f} km，名录与巡查不是同一园区（或坐标有误），无法判断。",
    "the nearest outlet of the register is {km:.1f} km from where was flown: the register is not of this park, or its "
    "coordinates are wrong; nothing can be said",
)
ONE_PLACE = Text(
    "全部读数都在 {metres:.0f} m 范围内，来源的方向和距离无法确定。请飞横风航线。",
    "all readings are within {metres:.0f} m of one another: neither way nor distance to a source can be told; "
    "fly lines across the wind",
)
DISAGREE = Text(
    "同一时刻的两组读数相差中位数 {apart:.2g} mg/m3，两台仪器不一致，无法判断。请核对校准。",
    "two readings of the same moment differ by {apart:.2g} mg/m3 in the median: two instruments disagree, "
    "nothing can be said; check their calibration",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scene, and how its metres lie on the earth."""

    scene: Scene
    frame: LocalFrame
    readings: Readings
    noise: float


def prepare(
    readings: Readings, wind: Wind, outlets: Sequence[Outlet], *, instrument: Instrument, settings: Settings,
    model: Model, frame: LocalFrame | None = None,
) -> Prepared | Reason:  # fmt: skip
    """The scene of a patrol, or the reason why there is none; in metres of `frame`, or of one of its own."""
    kept = _usable(readings, settings)
    if len(kept) < FEWEST:
        return Reason("too_few_readings", FEW.with_(count=len(kept), need=FEWEST))
    reason = _unfit(kept, instrument, settings)
    if reason:
        return reason
    if not outlets:
        return Reason("empty_register", NO_REGISTER)
    kept = _one_a_moment(kept)
    drift = _drift(wind, kept)
    if isinstance(drift, Reason):
        return drift
    frame = frame or LocalFrame.about(kept.lat_deg, kept.lon_deg)
    scene, noise = _scene(kept, drift, outlets, instrument=instrument, settings=settings, model=model, frame=frame)
    reason = _misplaced(scene)
    if reason:
        return reason
    lines = np.bincount(scene.transect)
    if (lines >= 8).sum() < FEWEST_TRANSECTS:
        return Reason("one_transect", ONE_LINE.with_(count=int((lines >= 8).sum())))
    return Prepared(scene, frame, kept, noise)


def _misplaced(scene: Scene) -> Reason | None:
    """Why the places of readings or outlets cannot be worked with."""
    west, south, east, north = scene.box
    flown = float(np.hypot(east - west - 2 * BOX_MARGIN_M, north - south - 2 * BOX_MARGIN_M))
    if flown < LEAST_FLOWN_M:
        return Reason("one_place", ONE_PLACE.with_(metres=max(flown, 1.0)))
    x, y = scene.outlet_x, scene.outlet_y
    away = np.hypot(x - np.clip(x, west, east), y - np.clip(y, south, north))
    if float(away.min()) > FARTHEST_OUTLET_M:
        return Reason("register_elsewhere", ELSEWHERE.with_(km=float(away.min()) / 1e3))
    return None


def _usable(r: Readings, settings: Settings) -> Readings:
    """Rows with everything known, in order of time, without the ground before take-off and after landing."""
    known = r.ok & np.isfinite(r.time_s + r.lat_deg + r.lon_deg + r.height_agl_m + r.value_mg_m3)
    r = r.rows(known)
    r = r.rows(np.argsort(r.time_s, kind="stable"))
    return r.rows(r.height_agl_m >= settings.take_off_height_m)


def _unfit(r: Readings, instrument: Instrument, settings: Settings) -> Reason | None:
    value = r.value_mg_m3
    top = float(value.max())
    if top - float(value.min()) < 1e-9 and (top < 5.0 and settings.saturates_at_mg_m3 is None):
        return Reason("flat_readings", FLAT)
    at_top = float(np.mean(value >= min(top, settings.saturates_at_mg_m3 or top) - 1e-9))
    if at_top > 0.2 and top > 5 * instrument.noise_mg_m3:
        return Reason("saturated", SATURATED.with_(share=at_top, value=top))
    twice = np.flatnonzero(np.diff(r.time_s) < 1e-3)
    if len(twice) >= 20:
        apart = np.abs(value[twice + 1] - value[twice])
        level = 0.5 * (value[twice + 1] + value[twice])
        if float(np.median(apart - 0.15 * np.abs(level))) > 4.0 * instrument.noise_mg_m3:
            return Reason("instruments_disagree", DISAGREE.with_(apart=float(np.median(apart))))
    return None


def _one_a_moment(r: Readings) -> Readings:
    """The first row of each moment."""
    return r.rows(np.r_[True, np.diff(r.time_s) >= 1e-3])


def _drift(wind: Wind, r: Readings) -> Drift | Reason:
    good = np.isfinite(wind.time_s + wind.from_deg + wind.speed_m_s)
    w = wind.rows(good)
    w = w.rows(np.argsort(w.time_s, kind="stable"))
    w = w.rows(np.r_[True, np.diff(w.time_s) > 1e-3]) if len(w) else w
    if len(w) < 3:
        return Reason("no_wind", NO_WIND)
    inside = (w.time_s >= r.time_s[0] - 900.0) & (w.time_s <= r.time_s[-1] + 60.0)
    if inside.sum() < 3 or w.time_s[-1] < r.time_s[0] + 0.2 * (r.time_s[-1] - r.time_s[0]):
        return Reason("wind_apart", WIND_APART)
    w = w.rows(inside)
    toward = np.radians(270.0 - w.from_deg)
    mean = float(np.hypot(np.mean(w.speed_m_s * np.cos(toward)), np.mean(w.speed_m_s * np.sin(toward))))
    if mean < CALM_M_S:
        return Reason("calm", CALM.with_(speed=mean))
    height = w.height_agl_m[np.isfinite(w.height_agl_m)]
    at = float(np.median(height)) if len(height) else 10.0
    return drift_of(w.time_s, w.from_deg, w.speed_m_s, height_m=max(at, 3.0))


def _scene(
    r: Readings, drift: Drift, outlets: Sequence[Outlet], *, instrument: Instrument, settings: Settings, model: Model,
    frame: LocalFrame,
) -> tuple[Scene, float]:  # fmt: skip
    x, y = frame.to_xy(r.lat_deg, r.lon_deg)
    ox, oy = frame.to_xy([o.lat_deg for o in outlets], [o.lon_deg for o in outlets])
    white = max(ground_air.noise_of(r.value_mg_m3), 0.3 * instrument.noise_mg_m3, 1e-4)
    low = ground_air.first_background(r.time_s, r.value_mg_m3, white)
    strength = np.maximum(ground_air.smooth_excess(r.value_mg_m3, low) - white, 0.0)
    lines = ground_air.transects(r.time_s, x, y)
    step = max(float(np.median(np.diff(r.time_s))), 1e-3)
    kept = thinned(strength, white, lines, step_s=step)
    value = r.value_mg_m3
    if len(kept) < len(r):  # a long record: its slow drift is more than the triangles of the fit can follow
        value, low = value - low + float(np.median(low)), np.full(len(r), float(np.median(low)))
    t, strength = r.time_s[kept], strength[kept]
    wander = 1.08 if len(kept) == len(r) else LONG_WANDER  # what the background does between the triangles
    noise, shapes = np.full(len(kept), wander * white), ground_air.hats(t)
    share = 1.0 / (1.0 + model.together * strength**2 / (strength**2 + (noise / model.scatter) ** 2))
    wind_10m = drift.mean_speed_m_s * float(profile_factor(10.0, drift.height_m))
    m = BOX_MARGIN_M
    scene = Scene(
        kernel=Kernel(Samples(t, x[kept], y[kept], r.height_agl_m[kept]), drift),
        response=response(t, t90_s=instrument.t90_s, delay_s=instrument.delay_s, step_s=step),
        t90_s=instrument.t90_s, delay_s=instrument.delay_s, step_s=step,
        value=value[kept], noise=noise, strength=strength, share=share,
        transect=np.unique(lines[kept], return_inverse=True)[1], hats=shapes, level=_levels(shapes, low[kept]),
        box=(float(x.min()) - m, float(y.min()) - m, float(x.max()) + m, float(y.max()) + m),
        spread=Spread(stability_by_day(wind_10m), settings.ground, scale_y=PUFF_Y),
        outlet_x=ox, outlet_y=oy, outlet_h=np.array([o.height_m for o in outlets]), model=model,
    )  # fmt: skip
    return scene, white


def thinned(strength: Floats, noise: float, lines: NDArray[np.intp], *, step_s: float) -> NDArray[np.intp]:
    """Which rows of a long record are fitted; each stands for itself only, so evidence is rather too small.

    Rows in and about a plume are all kept, clean ones in turn; where plumes alone are too many, every so-manieth line.
    """
    n = len(strength)
    if n <= MOST_ROWS:
        return np.arange(n)
    about = max(1, round(ABOUT_PLUME_S / step_s))
    inside = np.convolve(strength > PLUME_SIGMAS * noise, np.ones(2 * about + 1), mode="same") > 0.5
    every = int(np.ceil(inside.sum() / MOST_PLUME_ROWS))
    chosen = lines % max(every, 1) == 0
    plume = np.flatnonzero(inside & chosen)
    clean = np.flatnonzero(~inside & chosen)
    apart = max(1, int(np.ceil(len(clean) / (MOST_ROWS - MOST_PLUME_ROWS))))
    return np.sort(np.concatenate([plume, clean[::apart]]))


def _levels(shapes: Floats, low: Floats) -> Floats:
    return np.asarray(np.linalg.solve(shapes @ shapes.T + 1e-6 * np.eye(len(shapes)), shapes @ low))
