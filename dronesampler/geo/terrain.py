"""Terrain heights from files on disk, SRTM .hgt and GeoTIFF. Where there is no data it says so; it asks no server."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, UnidentifiedImageError

from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

Floats = NDArray[np.float64]

VOID = -32768  # what SRTM writes where the radar saw nothing
HGT_SIDES = {1201, 3601}
# GeoTIFF 1.0: tags and keys by their numbers.
PIXEL_SCALE, TIE_POINT, GEO_KEYS, NO_DATA = 33550, 33922, 34735, 42113
MODEL_TYPE, GEOGRAPHIC_CRS = 1024, 2048
GEOGRAPHIC = 2
WGS84_LIKE = {4326, 4490, 4979, 4480}  # WGS 84 and CGCS2000, two- and three-dimensional

NOT_HGT = Text(
    "不是 SRTM 高程文件：文件名应形如 N35E116.hgt，大小应为 1201 或 3601 见方的 16 位整数",
    "not an SRTM tile: it should be named like N35E116.hgt and hold 1201 or 3601 squared 16-bit integers",
)
NOT_GEOTIFF = Text("不是可用的 GeoTIFF 高程文件：{reason}", "not a GeoTIFF of heights that can be used: {reason}")
NO_TAGS = Text("没有 GeoTIFF 标签，或不是单波段", "no GeoTIFF tags, or not one band")
WRONG_CRS = Text(
    "坐标系为 EPSG:{epsg}，需要经纬度（WGS 84 或 CGCS2000）；请先转换",
    "its coordinate system is EPSG:{epsg}, not WGS 84 or CGCS2000 degrees; convert it first",
)


class Terrain(Protocol):
    """Height of the ground over mean sea level."""

    def height_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
        """Metres over mean sea level, NaN where there is no data; same shape as the input."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A raster of heights, rows from north to south; (north_deg, west_deg) is the middle of its first cell."""

    heights_m: NDArray[np.float32]  # (rows, columns), NaN where there is no data
    north_deg: float
    west_deg: float
    step_lat_deg: float
    step_lon_deg: float

    def height_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
        """Bilinear between the four cells around; NaN outside and where any of the four that counts has no data."""
        row = (self.north_deg - np.asarray(lat_deg, float)) / self.step_lat_deg
        column = (np.asarray(lon_deg, float) - self.west_deg) / self.step_lon_deg
        rows, columns = self.heights_m.shape
        inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
        r, c = np.where(inside, row, 0.0), np.where(inside, column, 0.0)
        r0 = np.minimum(r.astype(int), max(rows - 2, 0))
        c0 = np.minimum(c.astype(int), max(columns - 2, 0))
        total = np.zeros_like(r)
        for dr, wr in ((0, 1 - (r - r0)), (1, r - r0)):
            for dc, wc in ((0, 1 - (c - c0)), (1, c - c0)):
                cell = self.heights_m[np.minimum(r0 + dr, rows - 1), np.minimum(c0 + dc, columns - 1)]
                total = total + np.where(wr * wc > 0, wr * wc * cell, 0.0)
        return np.where(inside, total, math.nan)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Several tiles; the first that knows a place counts."""

    tiles: tuple[Tile, ...] = ()

    def height_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Floats:
        heights = np.full(np.shape(np.asarray(lat_deg, float)), math.nan)
        for tile in self.tiles:
            heights = np.where(np.isnan(heights), tile.height_m(lat_deg, lon_deg), heights)
        return heights


def read_terrain(paths: list[Path]) -> Tiles:
    """Tiles from .hgt and .tif files. Raises BadInput naming the file that is neither."""
    return Tiles(tuple(read_hgt(path) if path.suffix.lower() == ".hgt" else read_geotiff(path) for path in paths))


def read_hgt(path: Path) -> Tile:
    """One SRTM tile, named after its south-west corner. Raises BadInput."""
    named = re.match(r"([NS])(\d{2})([EW])(\d{3})", path.stem.upper())
    cells = np.fromfile(path, dtype=">i2")
    side = math.isqrt(len(cells))
    if named is None or side * side != len(cells) or side not in HGT_SIDES:
        raise BadInput(NOT_HGT, where=str(path))
    south = int(named[2]) * (1 if named[1] == "N" else -1)
    west = int(named[4]) * (1 if named[3] == "E" else -1)
    step = 1.0 / (side - 1)
    return Tile(_heights(cells.reshape(side, side), VOID), south + 1.0, float(west), step, step)


def is_heights(path: Path) -> bool:
    """Whether a TIFF holds one band of numbers, as heights do, rather than a picture."""
    try:
        with Image.open(path) as image:
            return image.mode.startswith(("I", "F"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False


def read_geotiff(path: Path) -> Tile:
    """One band of heights in geographic WGS 84 or CGCS2000 degrees, north up. Raises BadInput."""
    try:
        with Image.open(path) as image:
            tags = dict(getattr(image, "tag_v2", {}))
            cells = np.array(image)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as reason:
        raise BadInput(NOT_GEOTIFF.with_(reason=library_said(reason)), where=str(path)) from reason
    if PIXEL_SCALE not in tags or TIE_POINT not in tags or cells.ndim != 2:
        raise BadInput(NOT_GEOTIFF.with_(reason=NO_TAGS), where=str(path))
    keys = geo_keys(tags.get(GEO_KEYS, ()))
    if keys.get(MODEL_TYPE, GEOGRAPHIC) != GEOGRAPHIC or keys.get(GEOGRAPHIC_CRS, 4326) not in WGS84_LIKE:
        epsg = keys.get(3072) or keys.get(GEOGRAPHIC_CRS)
        raise BadInput(NOT_GEOTIFF.with_(reason=WRONG_CRS.with_(epsg=epsg)), where=str(path))
    step_lon, step_lat = (float(v) for v in tags[PIXEL_SCALE][:2])
    column, row, _, lon, lat, _ = (float(v) for v in tags[TIE_POINT][:6])
    # The tie point names a cell's corner; heights stand for the cells' middles.
    north, west = lat + (row - 0.5) * step_lat, lon - (column - 0.5) * step_lon
    no_data = str(tags.get(NO_DATA, VOID)).strip("\x00 ")
    return Tile(_heights(cells, float(no_data)), north, west, step_lat, step_lon)


def _heights(cells: NDArray[np.generic], no_data: float) -> NDArray[np.float32]:
    heights = cells.astype(np.float32)
    heights[heights == np.float32(no_data)] = np.nan
    return heights


def geo_keys(directory: tuple[int, ...]) -> dict[int, int]:
    """Keys whose value is in the directory itself: rows of (key, 0, 1, value) after a header of four."""
    rows = [directory[i : i + 4] for i in range(4, len(directory) - 3, 4)]
    return {key: value for key, location, _, value in rows if location == 0}
