"""Datum shifts of Chinese maps: GCJ-02 and BD-09 to WGS 84 and back. Only for importing, exporting and drawing.

CGCS2000 agrees with WGS 84 to within centimetres and is taken as the same. The GCJ-02 series is the published one of
the national shift on the Krasovsky 1940 ellipsoid; BD-09 is Baidu's further turn of GCJ-02.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.006_693_421_622_965_943
# The rectangle in which map services apply the shift.
SHIFTED_LAT_DEG = (0.8293, 55.8271)
SHIFTED_LON_DEG = (72.004, 137.8347)
BAIDU_TURN = np.pi * 3000.0 / 180.0


class Datum(StrEnum):
    """The datum that a source's coordinates are in."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lat_deg: ArrayLike, lon_deg: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Degrees of that datum to WGS 84 degrees; any shape, exact to 1e-10 degrees (0.01 mm) of the forward shift."""
    lat, lon = np.asarray(lat_deg, float), np.asarray(lon_deg, float)
    if datum is Datum.BD09:
        lat, lon = _bd09_to_gcj02(lat, lon)
    if datum in (Datum.GCJ02, Datum.BD09):
        return _unshifted(lat, lon)
    return lat, lon


def from_wgs84(lat_deg: ArrayLike, lon_deg: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """WGS 84 degrees to degrees of that datum; any shape."""
    lat, lon = np.asarray(lat_deg, float), np.asarray(lon_deg, float)
    if datum in (Datum.GCJ02, Datum.BD09):
        dlat, dlon = _shift_deg(lat, lon)
        lat, lon = lat + dlat, lon + dlon
    if datum is Datum.BD09:
        lat, lon = _gcj02_to_bd09(lat, lon)
    return lat, lon


def _waves(x: Floats) -> Floats:
    """The short waves that both halves of the shift share."""
    return (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0


def _shift_deg(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """What GCJ-02 adds to WGS 84 at a place; zero outside the rectangle."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = _waves(x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    sin = np.sin(np.radians(lat))
    w2 = 1.0 - KRASOVSKY_E2 * sin * sin
    dlat = np.degrees(north * w2**1.5 / (KRASOVSKY_A_M * (1.0 - KRASOVSKY_E2)))
    dlon = np.degrees(east * np.sqrt(w2) / (KRASOVSKY_A_M * np.cos(np.radians(lat))))
    inside = (lat > SHIFTED_LAT_DEG[0]) & (lat < SHIFTED_LAT_DEG[1])
    inside &= (lon > SHIFTED_LON_DEG[0]) & (lon < SHIFTED_LON_DEG[1])
    return np.where(inside, dlat, 0.0), np.where(inside, dlon, 0.0)


def _unshifted(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Fixed-point inverse: the shift changes by less than 1 % over its own length, so eight rounds are plenty."""
    wgs_lat, wgs_lon = lat, lon
    for _ in range(8):
        dlat, dlon = _shift_deg(wgs_lat, wgs_lon)
        wgs_lat, wgs_lon = lat - dlat, lon - dlon
    return wgs_lat, wgs_lon


def _gcj02_to_bd09(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_TURN)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_TURN)
    return z * np.sin(theta) + 0.006, z * np.cos(theta) + 0.0065


def _bd09_to_gcj02(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Fixed-point inverse of Baidu's turn, where the closed form in use leaves half a metre."""
    gcj_lat, gcj_lon = lat - 0.006, lon - 0.0065
    for _ in range(8):
        back_lat, back_lon = _gcj02_to_bd09(gcj_lat, gcj_lon)
        gcj_lat, gcj_lon = gcj_lat + lat - back_lat, gcj_lon + lon - back_lon
    return gcj_lat, gcj_lon
