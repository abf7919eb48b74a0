"""Maps to draw beneath a plan, from files on disk: MBTiles, PMTiles, GeoTIFF and folders of tiles, behind one seam."""

from collections.abc import Callable
from pathlib import Path

from dronesampler.geo.datum import Datum
from dronesampler.geo.tiles_folder import TileCache, TileFolder
from dronesampler.geo.tiles_geotiff import GeoTiff
from dronesampler.geo.tiles_grid import TileSource, bounds_wgs84, tile_at, tile_bounds, tile_bounds_wgs84
from dronesampler.geo.tiles_mbtiles import MBTiles
from dronesampler.geo.tiles_pmtiles import PMTiles
from dronesampler.problems import BadInput, system_said
from dronesampler.texts import Text

__all__ = [
    "ENDINGS",
    "GeoTiff",
    "MBTiles",
    "PMTiles",
    "TileCache",
    "TileFolder",
    "TileSource",
    "bounds_wgs84",
    "open_tiles",
    "tile_at",
    "tile_bounds",
    "tile_bounds_wgs84",
]

ENDINGS = (
    ".mbtiles",
    ".pmtiles",
    ".tif",
    ".tiff",
)  # for the dialogue that asks for a file; a folder is the fourth kind
EMPTY = Text("底图文件是空的", "the map file is empty")
NOT_READABLE = Text("底图无法读取：{why}", "the map cannot be read: {why}")
NOT_A_MAP = Text(
    "不是可用的离线底图；可用：MBTiles、PMTiles、GeoTIFF，或 缩放级/列/行.png 的文件夹",
    "not an offline map that can be used: MBTiles, PMTiles, GeoTIFF or a folder zoom/column/row.png can",
)

_MARKS: tuple[tuple[bytes, Callable[..., TileSource]], ...] = (
    (b"SQLite format 3\0", MBTiles.open),
    (b"PMTiles", PMTiles.open),
    (b"II*\0", GeoTiff.open),
    (b"MM\0*", GeoTiff.open),
)


def open_tiles(path: Path | str, *, datum: Datum = Datum.WGS84) -> TileSource:
    """The map in a file or folder, told by its content. `datum` is what its tiles are in, GCJ-02 for Chinese services.

    Raises BadInput with what is wrong: broken, empty, vector tiles, unknown projection, BD-09.
    """
    path = Path(path)
    if path.is_dir():
        return TileFolder.open(path, datum=datum)
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as problem:
        raise BadInput(NOT_READABLE.with_(why=system_said(problem)), where=str(path)) from problem
    if not head:
        raise BadInput(EMPTY, where=str(path))
    for mark, opened in _MARKS:
        if head.startswith(mark):
            return opened(path, datum=datum)
    raise BadInput(NOT_A_MAP, where=str(path))
