"""An invented patrol over the demo park for screenshots and tests; everything in it is marked simulated."""

import math
from pathlib import Path

import numpy as np

from dronesampler.columns import Floats, Track, Wind
from dronesampler.mission import Mission
from dronesampler.park import Outlet, Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.plume.dispersion import Spread
from dronesampler.plume.drift import drift_of
from dronesampler.plume.kernel import Kernel, Samples
from dronesampler.plume.response import response
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.store import Store
from dronesampler.store.values import PlanStage

BEGAN_UNIX_S = 1_795_140_000.0
SPEED_M_S = 5.0
WIND_FROM_DEG, WIND_M_S = 218.0, 3.4
BACKGROUND_MG_M3, NOISE_MG_M3 = 0.62, 0.03
T90_S = 3.0
SOURCE_HEIGHT_M = 9.0
EXPLAINED = 3  # which permitted outlet is at work


def demo_park() -> Park:
    return read_park(assets_dir() / "demo-park.geojson").park


def demo_mission(park: Park) -> Mission:
    return make_plan(park, "crosswind-ladder", wind=(WIND_FROM_DEG, WIND_M_S))


def store_sample(data_dir: Path, *, seed: int = 7) -> int:
    """Write the sample patrol into the data folder's store; its id."""
    park = demo_park()
    mission = demo_mission(park)
    track = flown(mission)
    rng = np.random.default_rng(seed)
    value = sampled(park, track, rng)
    with Store.open(data_dir) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol(
                "示范巡查 · Demo patrol",
                source="sample",
                started_unix_s=float(track.time_s[0]),
                simulated=True,
                park_id=batch.put_park(park),
            )
            batch.put_plan(patrol.id, PlanStage.AS_PLANNED, mission)
            batch.add_track(patrol.id, track)
            batch.add_wind(patrol.id, wind_of(track), source="sample")
            batch.add_readings(patrol.id, _readings(track, value, rng))
            batch.put_findings(patrol.id, _analysis(park, track))
            batch.end_patrol(patrol.id, ended_unix_s=float(track.time_s[-1]))
        return patrol.id


def flown(mission: Mission) -> Track:
    """The mission's legs at an even speed, one point a second."""
    places = [item for item in mission.items if item.has_place and item.lat_deg]
    lat = np.array([item.lat_deg for item in places])
    lon = np.array([item.lon_deg for item in places])
    height = np.array([item.height_m for item in places])
    step = np.hypot(np.diff(lat) * 111_000.0, np.diff(lon) * 90_000.0) + np.abs(np.diff(height))
    along = np.concatenate(([0.0], np.cumsum(step)))
    at = np.arange(0.0, along[-1], SPEED_M_S)
    lat_now, lon_now = np.interp(at, along, lat), np.interp(at, along, lon)
    heading = np.degrees(np.arctan2(np.gradient(lon_now) * 90_000.0, np.gradient(lat_now) * 111_000.0)) % 360.0
    height_now = np.interp(at, along, height)
    return Track(
        time_s=BEGAN_UNIX_S + np.arange(len(at), dtype=float),
        lat_deg=lat_now,
        lon_deg=lon_now,
        height_home_m=height_now,
        height_agl_m=height_now,
        heading_deg=heading,
        speed_m_s=np.full(len(at), SPEED_M_S),
    )


def sources(park: Park) -> list[tuple[float, float, float]]:
    """East, north (metres of the park's frame) and g/s: two hidden ones and a permitted outlet."""
    frame = park.frame()
    outlet = park.outlets[EXPLAINED]
    x, y = frame.to_xy(outlet.lat_deg, outlet.lon_deg)
    return [(-130.0, -40.0, 6.2), (95.0, 70.0, 2.8), (float(x), float(y), 1.6)]


def sampled(park: Park, track: Track, rng: np.random.Generator) -> Floats:
    """What an instrument might have read: plumes in the wind of the day and its gusts, lag, background, noise."""
    x, y = park.frame().to_xy(track.lat_deg, track.lon_deg)
    wind = wind_of(track)
    drift = drift_of(wind.time_s, wind.from_deg, wind.speed_m_s, height_m=float(np.median(wind.height_agl_m)))
    kernel = Kernel(Samples(track.time_s, x, y, track.height_agl_m), drift)
    east, north, rate = (np.array(column) for column in zip(*sources(park), strict=True))
    gust = np.exp(0.35 * rng.normal(0.0, 1.0, (len(rate), len(x))))
    columns = kernel.columns(east, north, np.full(len(rate), SOURCE_HEIGHT_M), spread=Spread())
    air = (rate[:, None] * columns * gust).sum(axis=0)
    shown = response(track.time_s, t90_s=T90_S)(air.astype(np.float32))
    return np.asarray(background_of(track) + shown + rng.normal(0.0, NOISE_MG_M3, len(x)))


def background_of(track: Track) -> Floats:
    return np.asarray(BACKGROUND_MG_M3 + 0.05 * np.sin(np.arange(len(track)) / 140.0))


def wind_of(track: Track) -> Wind:
    """A wind that wanders slowly and always comes back."""
    time_s = track.time_s[::10]
    k = np.arange(len(time_s))
    return Wind(
        time_s=time_s,
        from_deg=(WIND_FROM_DEG + 9.0 * np.sin(k / 17.0) + 4.0 * np.sin(k / 3.1)) % 360.0,
        speed_m_s=WIND_M_S + 0.4 * np.sin(k / 7.0),
        height_agl_m=track.height_agl_m[::10],
    )


def _readings(track: Track, value: Floats, rng: np.random.Generator) -> ReadingColumns:
    return ReadingColumns(
        instrument="SIM-1",
        quantity="NMHC",
        unit="mg/m3",
        time_s=track.time_s,
        raw_value=value,
        value_mg_m3=value,
        lat_deg=track.lat_deg + rng.normal(0.0, 4e-6, len(value)),
        lon_deg=track.lon_deg + rng.normal(0.0, 4e-6, len(value)),
        height_agl_m=track.height_agl_m,
        position_error_m=np.full(len(value), 1.5),
        simulated=True,
    )


def _analysis(park: Park, track: Track) -> dict[str, object]:
    """What an analysis of this patrol might say, in the shape of `Analysis.as_json`."""
    suspected = []
    for east, north, rate in sources(park)[:2]:
        lat, lon = park.frame().to_lat_lon(east + 6.0, north - 4.0)
        nearest = min(park.outlets, key=lambda o: math.hypot(*_apart_m(park, o, (east, north))))
        suspected.append(
            {
                "lat_deg": float(lat),
                "lon_deg": float(lon),
                "height_m": SOURCE_HEIGHT_M,
                "rate_g_s": rate,
                "rate_interval_g_s": [rate * 0.6, rate * 1.7],
                "evidence": 14.2,
                "transects": 4,
                "ellipse68": [16.0, 8.0, WIND_FROM_DEG - 180.0],
                "ellipse95": [32.0, 16.0, WIND_FROM_DEG - 180.0],
                "verdict": {"zh": "疑似", "en": "suspected"},
                "nearest_outlet": nearest.code,
                "nearest_outlet_m": round(math.hypot(*_apart_m(park, nearest, (east, north))), 1),
                "reasons": [
                    {"zh": "许可排口无法解释此处的高值", "en": "no permitted outlet explains the readings here"},
                    {"zh": "上风侧未见高值", "en": "nothing upwind of it"},
                ],
            }
        )
    rate = sources(park)[2][2]
    explained = {"code": park.outlets[EXPLAINED].code, "rate_g_s": rate, "rate_interval_g_s": [rate * 0.7, rate * 1.4]}
    every = slice(None, None, 60)
    return {
        "suspected": suspected,
        "look_again": [],
        "explained": [explained],
        "cannot_say": None,
        "parameters": {
            "t90_s": T90_S, "delay_s": 0.0, "noise_mg_m3": NOISE_MG_M3, "wind_from_deg": WIND_FROM_DEG,
            "wind_m_s": WIND_M_S, "wind_bias_deg": 0.0, "stability": "C", "ground": "rural",
            "scale_y": 0.75, "scale_z": 0.85,
        },
        "background": {
            "time_s": track.time_s[every].tolist(), "mg_m3": background_of(track)[every].round(4).tolist(),
        },
        "simulated": True,
    }  # fmt: skip


def _apart_m(park: Park, outlet: Outlet, place: tuple[float, float]) -> tuple[float, float]:
    x, y = park.frame().to_xy(outlet.lat_deg, outlet.lon_deg)
    return float(x) - place[0], float(y) - place[1]
