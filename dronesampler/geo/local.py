"""Local east/north metres about an origin, good to centimetres over a park."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

WGS84_A_M = 6_378_137.0
WGS84_E2 = 6.694_379_990_14e-3

Floats = NDArray[np.float64]


def radii_m(lat_deg: float) -> tuple[float, float]:
    """Radii of curvature of the WGS 84 ellipsoid: meridian, and prime vertical (Torge & Müller, Geodesy, 4th ed.)."""
    w2 = 1.0 - WGS84_E2 * math.sin(math.radians(lat_deg)) ** 2
    return WGS84_A_M * (1.0 - WGS84_E2) / w2**1.5, WGS84_A_M / math.sqrt(w2)


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """East and north metres about an origin on the ellipsoid.

    Distances from the origin are right to 5 mm within 500 m and to 0.5 m within 5 km.
    Longitudes are taken the short way round, so a frame at the antimeridian works.
    """

    lat_deg: float
    lon_deg: float

    @classmethod
    def about(cls, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Self:
        """A frame at the middle of the points' bounding box, which may lie across the antimeridian."""
        lat, lon = np.asarray(lat_deg, float), np.asarray(lon_deg, float)
        if np.ptp(lon) > 180.0:
            lon = lon % 360.0
            return cls(float((lat.min() + lat.max()) / 2), float(((lon.min() + lon.max()) / 2 + 180.0) % 360.0 - 180.0))
        return cls(float((lat.min() + lat.max()) / 2), float((lon.min() + lon.max()) / 2))

    def _metres_a_degree(self, north_deg: Floats | float = 0.0) -> tuple[float, Floats | float]:
        meridian, _ = radii_m(self.lat_deg)
        lat = np.radians(self.lat_deg + north_deg)
        normal = WGS84_A_M / np.sqrt(1.0 - WGS84_E2 * np.sin(lat) ** 2)
        return math.radians(1.0) * meridian, math.radians(1.0) * normal * np.cos(lat)

    def to_xy(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to east, north metres; any shape, same shape out."""
        dlat = np.asarray(lat_deg, float) - self.lat_deg
        dlon = (np.asarray(lon_deg, float) - self.lon_deg + 180.0) % 360.0 - 180.0
        north, east = self._metres_a_degree(dlat)
        return np.asarray(dlon * east), np.asarray(dlat * north)

    def to_lat_lon(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """East, north metres to degrees: the exact inverse of `to_xy`."""
        north, _ = self._metres_a_degree()
        dlat = np.asarray(y_m, float) / north
        _, east = self._metres_a_degree(dlat)
        lon = self.lon_deg + np.asarray(x_m, float) / east
        return np.asarray(self.lat_deg + dlat), np.asarray((lon + 180.0) % 360.0 - 180.0)


def _between_m(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> tuple[float, float]:
    """East and north metres from the first to the second point, in a frame half way between them."""
    half_deg = ((lon2_deg - lon1_deg + 180.0) % 360.0 - 180.0) / 2
    x, y = LocalFrame((lat1_deg + lat2_deg) / 2, lon1_deg + half_deg).to_xy([lat1_deg, lat2_deg], [lon1_deg, lon2_deg])
    return float(x[1] - x[0]), float(y[1] - y[0])


def distance_m(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Distance over the ground between two points that lie within tens of kilometres."""
    return math.hypot(*_between_m(lat1_deg, lon1_deg, lat2_deg, lon2_deg))


def bearing_deg(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Direction from the first to the second point, degrees clockwise from true north."""
    return math.degrees(math.atan2(*_between_m(lat1_deg, lon1_deg, lat2_deg, lon2_deg))) % 360.0
