"""pyELQ on one patrol in the plain format: `PYTHON pyelq_peer.py DIR OUT --iterations 5000`, PYTHON having `pyelq`.

Our reading of how pyELQ is meant for this question: permitted outlets as one fixed source map, unknown sources as a
second one by reversible jump. A flag is a place that holds a source in at least half of the iterations after burn-in.
Set once on two patrols beyond the scored ones, not tuned: a first configuration, not pyELQ's limit. It is given what it
cannot do itself: readings shifted back by dead time and lag, wind averaged over half a minute, 4 s means.
"""

import argparse
import csv
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pyelq.component.background import SpatioTemporalBackground
from pyelq.component.error_model import BySensor
from pyelq.component.source_model import Normal
from pyelq.coordinate_system import ENU
from pyelq.dispersion_model.gaussian_plume import GaussianPlume
from pyelq.meteorology.meteorology import Meteorology
from pyelq.model import ELQModel
from pyelq.sensor.sensor import Sensor, SensorGroup
from pyelq.source_map import SourceMap

MEAN_S, WIND_S = 4, 30
HIGHEST_M, RISE_M = 20.0, 4.0
CLEAR_M, NEAR_M, MARGIN_M = 35.0, 40.0, 40.0
LEAST_CHANCE, LEAST_KG_H = 0.5, 0.2
EARTH_M = 6371008.8


def read(folder: Path) -> tuple[pd.DataFrame, list[dict[str, str]], dict[str, float]]:
    with (folder / "outlets.csv").open() as file:
        outlets = list(csv.DictReader(file))
    return pd.read_csv(folder / "readings.csv"), outlets, json.loads((folder / "instrument.json").read_text())


def arranged(rows: pd.DataFrame, instrument: dict[str, float]) -> pd.DataFrame:
    """Means of a few seconds, values shifted back to where their air was, wind smoothed, metres east and north."""
    step = float(np.median(np.diff(rows.time_s)))
    behind = round((instrument["delay_s"] + instrument["t90_s"] / math.log(10.0)) / step)
    toward = np.radians(270.0 - rows.wind_from_deg)
    rows = rows.assign(u=rows.wind_speed_m_s * np.cos(toward), v=rows.wind_speed_m_s * np.sin(toward))
    rows["value_mg_m3"] = rows.value_mg_m3.shift(-behind)
    width = max(1, round(WIND_S / step))
    rows["u"], rows["v"] = (rows[c].rolling(width, center=True, min_periods=1).mean() for c in ("u", "v"))
    rows = rows.dropna()
    return rows.groupby((rows.time_s // MEAN_S).astype(int)).mean(numeric_only=True)


def placed(lat: np.ndarray, lon: np.ndarray, origin: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    east = np.radians(lon - origin[1]) * EARTH_M * math.cos(math.radians(origin[0]))
    return east, np.radians(lat - origin[0]) * EARTH_M


def source_map(origin: tuple[float, float], xyz: np.ndarray | None = None) -> SourceMap:
    made = SourceMap()
    made.location = ENU(ref_latitude=origin[0], ref_longitude=origin[1], ref_altitude=0.0)
    if xyz is not None:
        made.location.from_array(xyz)
    return made


def components(rows: pd.DataFrame, origin: tuple[float, float]) -> tuple[SensorGroup, Meteorology]:
    """The flight as a sensor and as a weather station."""
    time = pd.array(pd.to_datetime(rows.time_s, unit="s"), dtype="datetime64[ns]")
    east, north = placed(rows.lat_deg.to_numpy(), rows.lon_deg.to_numpy(), origin)
    sensor = Sensor()
    sensor.label, sensor.time = "drone", time
    sensor.concentration = rows.value_mg_m3.to_numpy()
    sensor.location = ENU(origin[0], origin[1], 0.0, east, north, rows.height_agl_m.to_numpy())
    group = SensorGroup()
    group.add_sensor(sensor)
    air = Meteorology()
    air.label, air.time = "wind", time
    air.u_component, air.v_component = rows.u.to_numpy(), rows.v.to_numpy()
    air.calculate_wind_speed_from_uv()
    air.calculate_wind_direction_from_uv()
    air.calculate_wind_turbulence_horizontal("60s")
    turn = np.clip(np.nan_to_num(air.wind_turbulence_horizontal, nan=6.0), 3.0, 12.0)
    air.wind_turbulence_horizontal, air.wind_turbulence_vertical = turn, 0.6 * turn
    air.pressure, air.temperature = np.full(len(rows), 101.325), np.full(len(rows), 288.15)
    return group, air


def run(folder: Path, iterations: int) -> list[dict[str, object]]:
    raw, register, instrument = read(folder)
    rows = arranged(raw, instrument)
    origin = (float(rows.lat_deg.mean()), float(rows.lon_deg.mean()))
    sensor, air = components(rows, origin)
    lat, lon, high = (np.array([float(o[k]) for o in register]) for k in ("lat_deg", "lon_deg", "height_m"))
    outlets = np.stack([*placed(lat, lon, origin), high + RISE_M], axis=1)
    where = sensor.location
    limits = np.array([
        [where.east.min() - MARGIN_M, where.east.max() + MARGIN_M],
        [where.north.min() - MARGIN_M, where.north.max() + MARGIN_M],
        [0.0, HIGHEST_M],
    ])  # fmt: skip
    shared = {"initial_precision": 0.04, "threshold_function": lambda c: np.max(c, axis=0)}
    permitted = Normal(label_string="permitted", **shared)
    permitted.dispersion_model = GaussianPlume(source_map(origin, outlets), source_half_width=3.0)
    unknown = Normal(
        label_string="unknown", reversible_jump=True, rate_num_sources=1, n_sources_max=8, site_limits=limits,
        random_walk_step_size=np.array([[8.0], [8.0], [2.0]]), **shared,
    )  # fmt: skip
    unknown.dispersion_model = GaussianPlume(source_map(origin), source_half_width=3.0)
    level = float(np.quantile(rows.value_mg_m3, 0.15))
    # The random walk of the background allowed 0.05 mg/m3 a minute.
    background = SpatioTemporalBackground(
        n_time=max(3, round(len(rows) * MEAN_S / 60)), mean_bg=level, initial_precision=60.0 / 0.05**2
    )
    error = BySensor(initial_precision=1.0 / (3.0 * instrument["noise_mg_m3"]) ** 2)
    model = ELQModel(sensor, air, None, background, [permitted, unknown], error)
    model.n_iter, model.n_thin = iterations, 1
    model.initialise()
    model.to_mcmc()
    model.run_mcmc()
    model.from_mcmc()
    return flags(model.components["source_unknown"], outlets, origin=origin, burn_in=iterations // 2)


def flags(found: Normal, outlets: np.ndarray, *, origin: tuple[float, float], burn_in: int) -> list[dict[str, object]]:
    """Places that hold an unknown source in most iterations, the surest first, clear of permitted outlets."""
    at = found.all_source_locations
    rate = found.emission_rate[:, burn_in:]
    x, y = np.asarray(at.east)[:, burn_in:], np.asarray(at.north)[:, burn_in:]
    alive = np.isfinite(x) & (np.nan_to_num(rate) > LEAST_KG_H)
    out: list[dict[str, object]] = []
    while alive.any():
        centre, near, chance = densest(x, y, alive)
        if chance < LEAST_CHANCE:
            break
        alive &= ~near
        if np.hypot(*(outlets[:, :2] - centre).T).min() < CLEAR_M:
            continue
        values, vectors = np.linalg.eigh(np.cov(x[near], y[near]))
        major, minor = np.sqrt(np.maximum(values[::-1], 1.0) * 5.991)
        out.append({
            "lat_deg": origin[0] + math.degrees(centre[1] / EARTH_M),
            "lon_deg": origin[1] + math.degrees(centre[0] / (EARTH_M * math.cos(math.radians(origin[0])))),
            "evidence": chance,
            "rate_g_s": float(np.median(rate[near])) / 3.6,
            "ellipse95": [major, minor, math.degrees(math.atan2(vectors[0, 1], vectors[1, 1])) % 180.0],
        })  # fmt: skip
    return out


def densest(x: np.ndarray, y: np.ndarray, alive: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The mean of the densest cluster of sources, its members, and in what share of iterations it has one."""
    cell = np.stack([np.round(x[alive] / 20.0), np.round(y[alive] / 20.0)], axis=1)
    places, count = np.unique(cell, axis=0, return_counts=True)
    centre = places[count.argmax()] * 20.0
    for _ in range(3):
        near = alive & (np.hypot(x - centre[0], y - centre[1]) < NEAR_M)
        centre = np.array([x[near].mean(), y[near].mean()])
    return centre, near, float(near.any(axis=0).mean())


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folder", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--iterations", type=int, default=5000)
    a = ap.parse_args()
    np.random.seed(1)
    a.out.write_text(json.dumps({"suspected": run(a.folder, a.iterations)}))


if __name__ == "__main__":
    sys.exit(main())
