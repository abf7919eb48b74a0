"""What a route would see: the smallest emission at each place of the park that it would notice in a wind."""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from dronesampler.geo import LocalFrame
from dronesampler.geo.local import Floats
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.area import flat
from dronesampler.plan.detect import SOURCE_HEIGHT_M, air_of, is_calm, sensor_of
from dronesampler.plan.predict import Forecast, predict
from dronesampler.plume import Route, detectable_rate

MOST_CELLS = 4000
SMALLEST_CELL_M = 10.0
UNSEEN_G_S = 1.0  # a place whose outlets would have to emit more than this was not inspected
TURN_DEG = 20.0  # how far a forecast wind may be off


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cells of the park, shape (n,) each: middle in local metres, least rate noticed, and the same if the wind turns.

    `rate_g_s` is inf where no leg passes downwind, and everywhere in calm air; `turned_g_s` is the
    worst of the wind 20° to either side.
    """

    frame: LocalFrame
    cell_m: float
    x_m: Floats
    y_m: Floats
    rate_g_s: Floats
    turned_g_s: Floats
    wind: tuple[float, float]
    source_height_m: float
    simulated: bool

    @property
    def inspected(self) -> float:
        """Share of the park that was inspected in the wind as forecast."""
        return float((self.rate_g_s <= UNSEEN_G_S).mean())

    @property
    def inspected_if_turned(self) -> float:
        """Share that stays inspected whichever way the wind turns."""
        return float((self.turned_g_s <= UNSEEN_G_S).mean())

    @property
    def median_g_s(self) -> float:
        """Half of the park shows less than this; inf where half is not inspected."""
        return float(np.median(self.rate_g_s))


def coverage(
    mission: Mission,
    park: Park,
    *,
    wind: tuple[float, float],
    sampler: Sampler | None = None,
    aircraft: Aircraft | None = None,
    cell_m: float | None = None,
    source_height_m: float = SOURCE_HEIGHT_M,
) -> Coverage:
    """The map of what a mission over a park would notice in a wind: nothing in calm air, where no way is downwind."""
    forecast = predict(mission, aircraft or Aircraft(), wind=wind)
    area = flat(park.boundary, forecast.frame)
    cell = cell_m or max(SMALLEST_CELL_M, math.sqrt(area.area / MOST_CELLS))
    x, y = _cells(area, cell)
    route, sensor = route_of(forecast), sensor_of(sampler or Sampler())

    def rates(turn_deg: float) -> Floats:
        if is_calm(wind):
            return np.full(x.shape, np.inf)
        air = air_of(((wind[0] + turn_deg) % 360.0, wind[1]))
        return detectable_rate(route, air, sensor, x_m=x, y_m=y, height_m=source_height_m)

    return Coverage(
        forecast.frame,
        cell,
        x,
        y,
        rates(0.0),
        np.maximum(rates(-TURN_DEG), rates(TURN_DEG)),
        wind,
        source_height_m,
        mission.simulated or park.simulated,
    )


def route_of(forecast: Forecast) -> Route:
    """The legs over ground as a timed line; a hold is a leg of no length."""
    legs = [leg for leg in forecast.legs if leg.start[:2] != leg.end[:2] or leg.hold_s > 0]
    points, times, now = [legs[0].start] if legs else [(0.0, 0.0, 0.0)], [0.0], 0.0
    for leg in legs:
        now += leg.seconds - leg.hold_s
        points.append(leg.end)
        times.append(now)
        if leg.hold_s > 0:
            now += leg.hold_s
            points.append(leg.end)
            times.append(now)
    xyz = np.array(points if len(points) > 1 else points * 2)
    return Route(xyz[:, 0], xyz[:, 1], xyz[:, 2], np.array(times if len(times) > 1 else [0.0, 1.0]))


def _cells(area: shapely.Geometry, cell_m: float) -> tuple[Floats, Floats]:
    west, south, east, north = area.bounds
    x, y = np.meshgrid(np.arange(west + cell_m / 2, east, cell_m), np.arange(south + cell_m / 2, north, cell_m))
    inside = shapely.contains_xy(area, x, y)
    if not inside.any():  # smaller than a cell
        middle = area.representative_point()
        return np.array([middle.x]), np.array([middle.y])
    return x[inside], y[inside]


def as_geojson(found: Coverage) -> str:
    """The map as a FeatureCollection of cells; a rate is null where nothing would be noticed."""
    features = [_feature(found, k) for k in range(len(found.x_m))]
    head = {
        "type": "FeatureCollection",
        "simulated": found.simulated,
        "wind_from_deg": found.wind[0],
        "wind_m_s": found.wind[1],
        "source_height_m": found.source_height_m,
        "inspected_share": round(found.inspected, 4),
        "inspected_share_if_wind_turns_20_deg": round(found.inspected_if_turned, 4),
        "not_inspected_above_g_s": UNSEEN_G_S,
        "features": features,
    }
    return json.dumps(head, ensure_ascii=False, allow_nan=False) + "\n"


def _feature(found: Coverage, k: int) -> dict[str, Any]:
    half = found.cell_m / 2
    x = found.x_m[k] + half * np.array([-1, 1, 1, -1, -1])
    y = found.y_m[k] + half * np.array([-1, -1, 1, 1, -1])
    lat, lon = found.frame.to_lat_lon(x, y)
    ring = [[round(float(o), 7), round(float(a), 7)] for a, o in zip(lat, lon, strict=True)]
    properties = {
        "rate_g_s": _finite(found.rate_g_s[k]),
        "rate_if_wind_turns_g_s": _finite(found.turned_g_s[k]),
        "inspected": bool(found.rate_g_s[k] <= UNSEEN_G_S),
    }
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _finite(rate: float) -> float | None:
    return round(float(rate), 4) if math.isfinite(rate) and rate < 1e6 else None
