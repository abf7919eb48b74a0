"""An invented patrol over the demo park for screenshots and tests; everything in it is marked simulated."""

import math
from pathlib import Path

import numpy as np

from dronesampler.columns import Floats, Track, Wind
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.store import Store
from dronesampler.store.values import PlanStage

BEGAN_UNIX_S = 1_795_140_000.0
SPEED_M_S = 5.0
WIND_FROM_DEG, WIND_M_S = 218.0, 3.4
BACKGROUND_MG_M3 = 0.62


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
            batch.add_wind(patrol.id, _wind(track, rng), source="sample")
            batch.add_readings(patrol.id, _readings(track, value, rng))
            batch.put_findings(patrol.id, _analysis(park))
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
    """East, north (metres of the park's frame) and strength: two hidden ones and a permitted outlet."""
    frame = park.frame()
    outlet = park.outlets[3]
    x, y = frame.to_xy(outlet.lat_deg, outlet.lon_deg)
    return [(-130.0, -40.0, 900.0), (95.0, 70.0, 420.0), (float(x), float(y), 160.0)]


def sampled(park: Park, track: Track, rng: np.random.Generator) -> Floats:
    """What an instrument might have read: plumes that widen downwind, a wandering background, noise."""
    x, y = park.frame().to_xy(track.lat_deg, track.lon_deg)
    way = math.radians(WIND_FROM_DEG + 180.0)
    value = BACKGROUND_MG_M3 + 0.05 * np.sin(np.arange(len(track)) / 140.0)
    for east, north, strength in sources(park):
        along = (x - east) * math.sin(way) + (y - north) * math.cos(way)
        across = (x - east) * math.cos(way) - (y - north) * math.sin(way)
        wide = 6.0 + 0.11 * np.maximum(along, 0.0)
        gust = np.clip(rng.gamma(2.0, 0.5, len(x)), 0.2, 3.0)
        value += np.where(along > 0, strength / wide**1.6 * np.exp(-0.5 * (across / wide) ** 2) * gust, 0.0)
    return np.asarray(value + rng.normal(0.0, 0.03, len(x)))


def _wind(track: Track, rng: np.random.Generator) -> Wind:
    every = slice(None, None, 10)
    time_s = track.time_s[every]
    return Wind(
        time_s=time_s,
        from_deg=(WIND_FROM_DEG + np.cumsum(rng.normal(0.0, 2.0, len(time_s)))) % 360.0,
        speed_m_s=np.clip(WIND_M_S + rng.normal(0.0, 0.4, len(time_s)), 0.5, None),
        height_agl_m=track.height_agl_m[every],
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


def _analysis(park: Park) -> dict[str, object]:
    """What an analysis of this patrol might say, in the shape of `Analysis.as_json`."""
    suspected = []
    for (east, north, _), rate in zip(sources(park)[:2], (1.9, 0.8), strict=True):
        lat, lon = park.frame().to_lat_lon(east + 6.0, north - 4.0)
        suspected.append(
            {
                "lat_deg": float(lat),
                "lon_deg": float(lon),
                "height_m": 9.0,
                "rate_g_s": rate,
                "rate_interval_g_s": [rate * 0.6, rate * 1.7],
                "evidence": 14.2,
                "transects": 4,
                "ellipse68": [16.0, 8.0, WIND_FROM_DEG - 180.0],
                "ellipse95": [32.0, 16.0, WIND_FROM_DEG - 180.0],
                "verdict": {"zh": "疑似", "en": "suspected"},
                "reasons": [
                    {"zh": "许可排口无法解释此处的高值", "en": "no permitted outlet explains the readings here"},
                    {"zh": "上风侧未见高值", "en": "nothing upwind of it"},
                ],
            }
        )
    return {"suspected": suspected, "simulated": True}
