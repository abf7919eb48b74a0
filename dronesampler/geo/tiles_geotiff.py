"""A GeoTIFF picture, such as an orthophoto of the park, cut into map tiles as they are asked for."""

import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from dronesampler.geo.datum import Datum
from dronesampler.geo.projection import Projection, projection_of
from dronesampler.geo.terrain import GEO_KEYS, MODEL_TYPE, NO_DATA, PIXEL_SCALE, TIE_POINT, geo_keys
from dronesampler.geo.tiles_grid import DEEPEST_ZOOM, TILE_PX, Bounds, checked_datum, lat_lon_of, on_grid
from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]  # (rows, columns, 4): red, green, blue, alpha

TRANSFORMATION, PROJECTED_CRS, GEOGRAPHIC_CRS, RASTER_TYPE = 34264, 3072, 2048, 1025
PIXEL_IS_POINT = 2
PROJECTED = 1
MOST_PIXELS = 80_000_000  # 320 MB in memory
EARTH_PX = 256.0  # of the whole map at zoom 0

NOT_GEOTIFF = Text("不是可读的 GeoTIFF：{why}", "not a GeoTIFF that can be read: {why}")
NO_PLACE = Text("没有地理位置标签，只是普通图片", "it has no tags that place it on the earth, it is a plain picture")
WRONG_CRS = Text(
    "坐标系 EPSG:{epsg} 不能使用，可用：经纬度、Web 墨卡托、UTM、CGCS2000 高斯-克吕格；请先转换",
    "coordinate system EPSG:{epsg} cannot be used; degrees, web Mercator, UTM and CGCS2000 Gauss-Krüger can: "
    "convert it",
)
TOO_LARGE = Text(
    "图片有 {count} 像素，超过 {limit}：请先制成 MBTiles 底图",
    "the picture has {count} pixels, more than {limit}: make an MBTiles map of it first",
)


@dataclass(frozen=True, slots=True, eq=False)
class GeoTiff:
    """One picture in memory, with its halves, quarters … for lower zooms."""

    name: str
    levels: tuple[Pixels, ...]
    to_pixel: tuple[float, float, float, float, float, float]  # column = a·x + b·y + c, row = d·x + e·y + f
    projection: Projection
    max_zoom: int
    bounds: Bounds
    min_zoom: int = 0
    attribution: str = ""
    datum: Datum = Datum.WGS84

    @classmethod
    def open(cls, path: Path, *, datum: Datum = Datum.WGS84) -> Self:
        """Raises BadInput for what is no GeoTIFF, too large, or in a coordinate system that is not known here."""
        checked_datum(datum)
        try:
            with Image.open(path) as image:
                count = image.width * image.height
                if count > MOST_PIXELS:
                    raise BadInput(TOO_LARGE.with_(count=count, limit=MOST_PIXELS))
                tags = dict(getattr(image, "tag_v2", {}))
                pixels = _pixels(image, str(tags.get(NO_DATA, "")))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
            raise BadInput(NOT_GEOTIFF.with_(why=library_said(problem)), where=str(path)) from problem
        except BadInput as problem:
            raise BadInput(problem.text, where=str(path)) from problem
        return cls._placed(path, pixels, tags, datum)

    @classmethod
    def _placed(cls, path: Path, pixels: Pixels, tags: dict[int, Any], datum: Datum) -> Self:
        keys = geo_keys(tags.get(GEO_KEYS, ()))
        to_map = _to_map(tags, point=keys.get(RASTER_TYPE) == PIXEL_IS_POINT)
        if to_map is None:
            raise BadInput(NOT_GEOTIFF.with_(why=NO_PLACE), where=str(path))
        epsg = keys.get(PROJECTED_CRS if keys.get(MODEL_TYPE) == PROJECTED else GEOGRAPHIC_CRS, 4326)
        projection = projection_of(epsg)
        if projection is None or abs(np.linalg.det(to_map[:, :2])) == 0.0:
            raise BadInput(WRONG_CRS.with_(epsg=epsg), where=str(path))
        back = np.linalg.inv(np.vstack([to_map, [0.0, 0.0, 1.0]]))[:2]
        bounds = _bounds(to_map, projection, pixels.shape[1], pixels.shape[0])
        rows = back.ravel().tolist()
        zoom = _zoom_of(bounds, projection, back)
        levels = _levels(pixels)
        return cls(path.stem, levels, tuple(rows), projection, zoom, bounds, datum=datum)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        if not on_grid(z, x, y):
            return None
        steps = (np.arange(TILE_PX) + 0.5) / TILE_PX
        lat, lon = lat_lon_of(z, *np.meshgrid(x + steps, y + steps))
        # Only places near the picture are projected: far away a projection means nothing.
        west, south, east, north = self.bounds
        near = (lat <= north) & (lat >= south) & (lon >= west) & (lon <= east)
        level = min(max(0, self.max_zoom - 1 - z), len(self.levels) - 1)
        column, row = _columns_rows(self.to_pixel, *self.projection.project(lat[near], lon[near]))
        colours = _sampled(self.levels[level], column / 2**level, row / 2**level)
        if not colours[:, 3].any():
            return None
        picture = np.zeros((TILE_PX, TILE_PX, 4), np.uint8)
        picture[near] = colours
        return _png(picture)


def _sampled(pixels: Pixels, column: Floats, row: Floats) -> Pixels:
    """The nearest pixels at n places, shape (n, 4), clear outside."""
    c, r = np.floor(column), np.floor(row)
    inside = (c >= 0) & (c < pixels.shape[1]) & (r >= 0) & (r < pixels.shape[0])
    colours = np.zeros((len(c), 4), np.uint8)
    colours[inside] = pixels[r[inside].astype(int), c[inside].astype(int)]
    return colours


def _png(picture: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _pixels(image: Image.Image, no_data: str) -> Pixels:
    """Red, green, blue, alpha. One band of heights or other numbers becomes grey from least to most."""
    if image.mode in ("I", "F", "I;16", "I;16B"):
        return _grey(np.asarray(image, float), no_data)
    return np.array(image.convert("RGBA"))


def _grey(values: Floats, no_data: str) -> Pixels:
    try:
        missing = float(no_data.strip("\x00 "))
    except ValueError:
        missing = math.nan
    known = np.isfinite(values) & (values != missing)
    low, high = (values[known].min(), values[known].max()) if known.any() else (0.0, 1.0)
    shade = np.where(known, (values - low) / max(high - low, 1e-9) * 255.0, 0.0).astype(np.uint8)
    return np.dstack([shade, shade, shade, np.where(known, 255, 0).astype(np.uint8)])


def _levels(pixels: Pixels) -> tuple[Pixels, ...]:
    levels = [pixels]
    while max(levels[-1].shape[:2]) > TILE_PX and min(levels[-1].shape[:2]) >= 2:
        levels.append(np.array(Image.fromarray(levels[-1]).reduce(2)))
    return tuple(levels)


def _to_map(tags: dict[int, Any], *, point: bool) -> Floats | None:
    """The 2 × 3 matrix from column, row, 1 to map coordinates; None without one."""
    if TRANSFORMATION in tags and len(tags[TRANSFORMATION]) == 16:
        m = np.array(tags[TRANSFORMATION], float).reshape(4, 4)
        matrix = m[:2][:, [0, 1, 3]]
    elif PIXEL_SCALE in tags and TIE_POINT in tags:
        (step_x, step_y), (column, row, _, x, y, _) = tags[PIXEL_SCALE][:2], tags[TIE_POINT][:6]
        matrix = np.array([[step_x, 0.0, x - column * step_x], [0.0, -step_y, y + row * step_y]], float)
    else:
        return None
    if point:  # the tags place the middle of a pixel, not its corner
        matrix[:, 2] -= matrix[:, 0] / 2 + matrix[:, 1] / 2
    return matrix


def _columns_rows(to_pixel: tuple[float, ...], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    a, b, c, d, e, f = to_pixel
    return a * x + b * y + c, d * x + e * y + f


def _bounds(to_map: Floats, projection: Projection, width: int, height: int) -> Bounds:
    """Degrees about the corners."""
    corners = to_map @ np.array([[0.0, width, 0.0, width], [0.0, 0.0, height, height], [1.0] * 4])
    lat, lon = projection.degrees_of(corners[0], corners[1])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _zoom_of(bounds: Bounds, projection: Projection, back: Floats) -> int:
    """The zoom whose pixels are as fine as the picture's, at its middle."""
    lat, lon = (bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2
    step_deg = 1e-5
    columns, rows = _columns_rows(
        tuple(back.ravel().tolist()), *projection.project(np.array([lat, lat]), np.array([lon, lon + step_deg]))
    )
    pixels = max(float(np.hypot(columns[1] - columns[0], rows[1] - rows[0])), 1e-12)
    return max(0, min(DEEPEST_ZOOM, math.ceil(math.log2(pixels / step_deg * 360.0 / EARTH_PX))))
