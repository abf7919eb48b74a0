"""The grid of web map tiles and what a source of them offers. Tiles count from the north-west (XYZ)."""

import math
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dronesampler.geo.datum import Datum, to_wgs84
from dronesampler.problems import BadInput
from dronesampler.texts import Text

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # west, south, east, north; degrees

EDGE_LAT_DEG = 85.051_128_779_806_59  # where the square web Mercator map ends
WORLD: Bounds = (-180.0, -EDGE_LAT_DEG, 180.0, EDGE_LAT_DEG)
TILE_PX = 256
DEEPEST_ZOOM = 24

OTHER_GRID = Text(
    "{datum} 底图的瓦片网格与通用网格不同，无法使用；请换用 WGS 84、CGCS2000 或 GCJ-02 的底图",
    "map tiles in {datum} have a grid of their own and cannot be used: take a map in WGS 84, CGCS2000 or GCJ-02",
)


class TileSource(Protocol):
    """A map in tiles. Reading asks no server and keeps no lock, so any thread may call `tile`."""

    @property
    def name(self) -> str:
        """What the map calls itself, else the file's name."""

    @property
    def attribution(self) -> str:
        """Whose map it is, to be shown where it is drawn; may be empty."""

    @property
    def min_zoom(self) -> int: ...

    @property
    def max_zoom(self) -> int: ...

    @property
    def bounds(self) -> Bounds:
        """Degrees in the source's own datum."""

    @property
    def datum(self) -> Datum: ...

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The tile as an encoded picture (PNG, JPEG or WebP), None where there is none. Raises BadInput where the
        file turns out to be broken."""


def checked_datum(datum: Datum) -> Datum:
    """The datum, if maps in it use the common grid. Raises BadInput for BD-09."""
    if datum is Datum.BD09:
        raise BadInput(OTHER_GRID.with_(datum="BD-09"))
    return datum


def on_grid(z: int, x: int, y: int) -> bool:
    return 0 <= z <= DEEPEST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def tile_bounds(z: int, x: int, y: int) -> Bounds:
    """West, south, east, north of a tile in degrees of the map's own datum."""
    north, west = lat_lon_of(z, x, y)
    south, east = lat_lon_of(z, x + 1, y + 1)
    return float(west), float(south), float(east), float(north)


def tile_bounds_wgs84(z: int, x: int, y: int, datum: Datum = Datum.WGS84) -> Bounds:
    """Where a tile of a map in that datum is to be drawn: WGS 84 degrees.

    A shifted tile is a rectangle to within half a pixel of it; tiles drawn side by side leave no gap.
    """
    west, south, east, north = tile_bounds(z, x, y)
    lat, lon = to_wgs84([north, north, south, south], [west, east, west, east], checked_datum(datum))
    return float(lon[::2].mean()), float(lat[2:].mean()), float(lon[1::2].mean()), float(lat[:2].mean())


def bounds_wgs84(source: TileSource) -> Bounds:
    """The bounds of a source in WGS 84 degrees."""
    west, south, east, north = source.bounds
    lat, lon = to_wgs84([south, north], [west, east], source.datum)
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def lat_lon_of(z: int, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Degrees of a place on the grid, whole numbers being the north-west corners of tiles; any shape."""
    lon = np.asarray(x, float) / 2**z * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.asarray(y, float) / 2**z))))
    return lat, lon


def tile_at(lat_deg: float, lon_deg: float, z: int) -> tuple[int, int]:
    """x and y of the tile over a place of the map's own datum; beyond the map's edge the nearest."""
    phi = math.radians(max(-EDGE_LAT_DEG, min(EDGE_LAT_DEG, lat_deg)))
    x = math.floor((lon_deg + 180.0) / 360.0 * 2**z)
    y = math.floor((1.0 - math.asinh(math.tan(phi)) / math.pi) / 2.0 * 2**z)
    return max(0, min(2**z - 1, x)), max(0, min(2**z - 1, y))
