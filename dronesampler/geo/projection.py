"""Map projections that pictures of a park come in: degrees, web Mercator, UTM, CGCS2000 Gauss-Krüger zones."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Project = Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]  # lat, lon degrees -> x (east), y (north)

A_M = 6_378_137.0
FLATTENING = 1.0 / 298.257_223_563  # WGS 84; that of CGCS2000 differs by 0.1 mm at the pole
DEGREES = {4326, 4490, 4979, 4480}
WEB_MERCATOR = {3857, 3785, 900913}


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to a map's coordinates; it is good within tens of degrees of its middle meridian."""

    project: Project
    middle_deg: float = 0.0

    def degrees_of(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """The way back, lat and lon: Newton's method with differences, from the middle meridian."""
        lat, lon = np.full(np.shape(x), 30.0), np.full(np.shape(x), self.middle_deg)
        step_deg = 1e-6
        for _ in range(30):
            px, py = self.project(lat, lon)
            (ax, ay), (bx, by) = self.project(lat + step_deg, lon), self.project(lat, lon + step_deg)
            ax, ay, bx, by = (ax - px) / step_deg, (ay - py) / step_deg, (bx - px) / step_deg, (by - py) / step_deg
            dx, dy, determinant = np.asarray(x) - px, np.asarray(y) - py, ax * by - ay * bx
            lat = np.clip(lat + np.clip((dx * by - dy * bx) / determinant, -20.0, 20.0), -85.0, 85.0)
            lon = lon + np.clip((dy * ax - dx * ay) / determinant, -20.0, 20.0)
        return lat, lon


def projection_of(epsg: int) -> Projection | None:
    """Degrees to the coordinates of that EPSG number, None for one that is not known here."""
    if epsg in DEGREES:
        return Projection(lambda lat, lon: (np.asarray(lon, float), np.asarray(lat, float)))
    if epsg in WEB_MERCATOR:
        return Projection(_web_mercator)
    if 32601 <= epsg <= 32660 or 32701 <= epsg <= 32760:
        false_north = 1e7 if epsg > 32700 else 0.0
        return transverse_mercator((epsg % 100) * 6 - 183, scale=0.9996, false_east_m=5e5, false_north_m=false_north)
    return _gauss_krueger(epsg)


def _gauss_krueger(epsg: int) -> Projection | None:
    """CGCS2000: zones of 6° and 3°, each with the zone's number before the easting or without."""
    for first, last, first_zone, width in ((4491, 4501, 13, 6), (4513, 4533, 25, 3)):
        if first <= epsg <= last:
            zone = epsg - first + first_zone
            middle = zone * 6 - 3 if width == 6 else zone * 3
            return transverse_mercator(middle, false_east_m=zone * 1e6 + 5e5)
    for first, last, first_middle, width in ((4502, 4512, 75, 6), (4534, 4554, 75, 3)):
        if first <= epsg <= last:
            return transverse_mercator(first_middle + (epsg - first) * width, false_east_m=5e5)
    return None


def _web_mercator(lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Floats, Floats]:
    x = A_M * np.radians(np.asarray(lon_deg, float))
    return x, A_M * np.arcsinh(np.tan(np.radians(np.asarray(lat_deg, float))))


def transverse_mercator(
    middle_deg: float, *, scale: float = 1.0, false_east_m: float = 0.0, false_north_m: float = 0.0
) -> Projection:
    """Krüger's series to the third order of the third flattening: below 1 mm within a zone."""
    n = FLATTENING / (2.0 - FLATTENING)
    radius_m = scale * A_M / (1.0 + n) * (1.0 + n**2 / 4.0 + n**4 / 64.0)
    terms = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    e = 2.0 * math.sqrt(n) / (1.0 + n)

    def project(lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Floats, Floats]:
        sin = np.sin(np.radians(np.asarray(lat_deg, float)))
        t = np.sinh(np.arctanh(sin) - e * np.arctanh(e * sin))
        turn = np.radians((np.asarray(lon_deg, float) - middle_deg + 180.0) % 360.0 - 180.0)
        xi, eta = np.arctan2(t, np.cos(turn)), np.arctanh(np.sin(turn) / np.hypot(1.0, t))
        x, y = eta, xi
        for j, term in enumerate(terms, 1):
            x = x + term * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
            y = y + term * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        return false_east_m + radius_m * x, false_north_m + radius_m * y

    return Projection(project, middle_deg)
