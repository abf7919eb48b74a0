"""From the store to a report's values: what was flown, read, found, and what could not have been seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from shapely import Polygon as Area
from shapely import contains_xy

from dronesampler import __version__, report
from dronesampler.casework import Officer
from dronesampler.columns import Readings, Track, Wind
from dronesampler.geo import Polygon
from dronesampler.park import Park
from dronesampler.plume import Air, Route, Sensor, detectable_rate
from dronesampler.report.values import mean_wind, text_of
from dronesampler.store import Patrol, PlanStage, Store
from dronesampler.texts import Text

MOST_LEGS = 400
GRID = 24
SOURCE_HEIGHT_M = 10.0
MARGIN_DEG = 0.002

NO_PARK = Text("未指定园区（{patrol}）", "no park named ({patrol})")
NO_WIND_NO_COVERAGE = Text(
    "没有风数据，无法估算哪些来源看不到；“未发现”不等于“没有”。",
    "No wind was recorded, so what could not have been seen is not known; nothing found does not mean nothing there.",
)
SEEN = Text(
    "按平均风和实际航迹估算：离地 {height} 米的来源，排放达 {half} g/s 时在园区一半的面积内会被看到，"
    "达 {most} g/s 时在九成的面积内会被看到。",
    "With the mean wind and the track as flown, a source {height} m above ground would have been noticed in half of "
    "the park from {half} g/s on, and in nine tenths of it from {most} g/s on.",
)
NEVER = Text("（任何排放均看不到）", "(no rate at all)")
BLIND = Text(
    "园区 {share} 的面积，其下风向没有航线经过：那里的来源本次看不到。",
    "Downwind of {share} of the park no line was flown: nothing there could have been seen.",
)
NOT_SEEN = Text(
    "其余位置、更弱或当时未排放的来源，本次飞行看不到。",
    "Elsewhere, and for weaker sources or ones that were not emitting at the time, this flight saw nothing.",
)
NOT_ANALYSED = Text("尚未研判。", "No analysis has been made.")
METHOD = Text(
    "先以登记的许可排放口解释读数，剩余部分再求未知来源；"
    "正演为高斯烟羽，沿实测风回溯，计入仪器滞后；背景与来源同时拟合。",
    "Readings are first explained by the permitted outlets; unknown sources are sought in what is left. The forward "
    "model is a Gaussian plume along the measured wind with the instrument's lag; background and sources are fitted "
    "together.",
)
PARAMETERS = Text("参数：{values}", "Parameters: {values}")


def park_of(store: Store, patrol: Patrol) -> Park:
    """The patrol's park; without one, a nameless rectangle about its track."""
    if patrol.park_id is not None:
        return store.park(patrol.park_id)
    track = store.track(patrol)
    lat, lon = track.lat_deg[np.isfinite(track.lat_deg)], track.lon_deg[np.isfinite(track.lon_deg)]
    south, north = (float(lat.min()), float(lat.max())) if len(lat) else (0.0, 0.0)
    west, east = (float(lon.min()), float(lon.max())) if len(lon) else (0.0, 0.0)
    s, n, w, e = south - MARGIN_DEG, north + MARGIN_DEG, west - MARGIN_DEG, east + MARGIN_DEG
    said = NO_PARK.with_(patrol=patrol.name)
    return Park(said.zh, Polygon(((s, w), (s, e), (n, e), (n, w))), name_en=said.en, simulated=patrol.simulated)


def report_values(
    store: Store,
    patrol: Patrol,
    park: Park,
    *,
    agency: str,
    officers: Sequence[Officer],
    aircraft: Mapping[str, str],
    files: Sequence[report.FileFact] = (),
) -> report.ReportValues:
    """Everything the report of this patrol says."""
    track, readings, wind = store.track(patrol), store.readings(patrol), store.wind(patrol)
    findings = store.findings(patrol)
    analysis: Mapping[str, Any] = findings[-1].analysis if findings else {"cannot_say": NOT_ANALYSED_JSON}
    parameters: Mapping[str, Any] = analysis.get("parameters") or {}
    journal = store.journal(patrol)
    return report.ReportValues(
        agency=agency,
        officers=tuple(officers),
        patrol=report.Patrol(
            patrol.name,
            patrol.started_unix_s,
            patrol.ended_unix_s,
            aircraft=aircraft,
            task=_task(park),
            clock_factor=patrol.clock_factor,
        ),
        park=park,
        track=track,
        readings=readings,
        wind=wind,
        instrument=_instrument(readings, parameters),
        suspected=report.places_of(analysis, park),
        plan=store.plan(patrol, PlanStage.AS_SENT) or store.plan(patrol, PlanStage.AS_PLANNED),
        background_mg_m3=_background(analysis, readings.value_mg_m3[readings.ok]),
        cannot_say=text_of(analysis["cannot_say"]) if analysis.get("cannot_say") else None,
        unseen=unseen(park, track, wind=wind, parameters=parameters),
        method=_method(parameters),
        files=tuple(files),
        anchor=(len(journal), journal[-1].digest()) if journal else None,
        simulated=patrol.simulated,
        software=f"dronesampler {__version__}",
    )


NOT_ANALYSED_JSON = {"zh": NOT_ANALYSED.zh, "en": NOT_ANALYSED.en}


def _task(park: Park) -> str:
    return "; ".join(f"{lead.source} {lead.at_utc} {lead.note or lead.species}".strip() for lead in park.leads[:2])


def _instrument(readings: Readings, parameters: Mapping[str, Any]) -> report.InstrumentFacts | None:
    if not readings.instrument and not readings.quantity:
        return None
    t90_s, delay_s, noise = (parameters.get(key) for key in ("t90_s", "delay_s", "noise_mg_m3"))
    return report.InstrumentFacts(readings.instrument, readings.quantity, t90_s, delay_s, noise)


def _background(analysis: Mapping[str, Any], values: np.ndarray[Any, Any]) -> float | None:
    """The fitted background's middle, else the lower quarter of the readings."""
    fitted = (analysis.get("background") or {}).get("mg_m3")
    if fitted:
        return float(np.median(fitted))
    finite = values[np.isfinite(values)]
    return float(np.quantile(finite, 0.25)) if len(finite) else None


def _method(parameters: Mapping[str, Any]) -> tuple[Text, ...]:
    if not parameters:
        return (METHOD,)
    said = ", ".join(f"{key}={value}" for key, value in sorted(parameters.items()))
    return METHOD, PARAMETERS.with_(values=said)


def unseen(park: Park, track: Track, *, wind: Wind, parameters: Mapping[str, Any]) -> tuple[Text, ...]:
    """In how much of the park sources of some rates would have been noticed, and that the rest was not seen."""
    blowing = mean_wind(wind)
    known = np.flatnonzero(np.isfinite(track.lat_deg) & np.isfinite(track.height_agl_m))
    if blowing is None or len(known) < 2:
        return (NO_WIND_NO_COVERAGE,)
    flown = track.rows(known[:: max(1, len(known) // MOST_LEGS)])
    least = _detectable(park, flown, wind=blowing, parameters=parameters)
    half, most = (float(v) for v in np.quantile(least, [0.5, 0.9], method="higher"))
    blind = float(np.mean(~np.isfinite(least)))
    seen = SEEN.with_(height=f"{SOURCE_HEIGHT_M:.0f}", half=_rate(half), most=_rate(most))
    return (seen, *([BLIND.with_(share=f"{blind:.0%}")] if blind >= 0.005 else []), NOT_SEEN)


def _rate(rate_g_s: float) -> Text:
    """Two digits, as the estimate bears."""
    return Text(*(f"{rate_g_s:.2g}",) * 2) if np.isfinite(rate_g_s) else NEVER


def _detectable(
    park: Park, track: Track, *, wind: tuple[float, float], parameters: Mapping[str, Any]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Least g/s noticed on a grid over the park, shape (places inside the boundary,)."""
    frame = park.frame()
    bx, by = frame.to_xy([p[0] for p in park.boundary.outer], [p[1] for p in park.boundary.outer])
    gx, gy = np.meshgrid(np.linspace(bx.min(), bx.max(), GRID), np.linspace(by.min(), by.max(), GRID))
    inside = contains_xy(Area(list(zip(bx, by, strict=True))), gx, gy)
    x, y = frame.to_xy(track.lat_deg, track.lon_deg)
    sensor = Sensor(
        t90_s=float(parameters.get("t90_s") or 3.0), noise_mg_m3=float(parameters.get("noise_mg_m3") or 0.03)
    )
    route, air = Route(x, y, track.height_agl_m, track.time_s), Air(wind[0], max(wind[1], 0.5))
    return detectable_rate(route, air, sensor, x_m=gx[inside], y_m=gy[inside], height_m=SOURCE_HEIGHT_M)
