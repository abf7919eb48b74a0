"""MBTiles 1.3: raster tiles in an SQLite file, rows counted from the south."""

import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from dronesampler.geo.datum import Datum
from dronesampler.geo.tiles_grid import DEEPEST_ZOOM, WORLD, Bounds, checked_datum, on_grid
from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

NOT_MBTILES = Text("不是完好的 MBTiles 文件：{why}", "not a whole MBTiles file: {why}")
NO_TABLE = Text("没有 tiles 表", "it has no tiles table")
NO_TILES = Text("MBTiles 文件中没有任何瓦片", "there is not one tile in the MBTiles file")
VECTOR = Text(
    "这是矢量瓦片（pbf），需要栅格瓦片（PNG、JPEG、WebP）",
    "these are vector tiles (pbf); raster tiles (PNG, JPEG, WebP) are needed",
)
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


@dataclass(frozen=True, slots=True)
class MBTiles:
    """One file. Each call opens it anew, so that any thread may read and none holds it."""

    path: Path
    name: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    attribution: str = ""
    datum: Datum = Datum.WGS84

    @classmethod
    def open(cls, path: Path, *, datum: Datum = Datum.WGS84) -> Self:
        """Raises BadInput for a file that is broken, empty, or of vector tiles."""
        tables = {name for (name,) in _ask(path, "SELECT name FROM sqlite_master")}
        # Some writers leave the metadata out: what is missing is read off the tiles.
        rows = _ask(path, "SELECT name, value FROM metadata") if "metadata" in tables else []
        about = {str(name): str(value or "") for name, value in rows}
        if "tiles" not in tables:
            raise BadInput(NOT_MBTILES.with_(why=NO_TABLE), where=str(path))
        low, high = (_ask(path, f"SELECT zoom_level FROM tiles ORDER BY zoom_level {o} LIMIT 1") for o in ("", "DESC"))
        if not low or not high:
            raise BadInput(NO_TILES, where=str(path))
        zooms = (low[0][0], high[0][0])
        if not all(isinstance(zoom, int) and 0 <= zoom <= DEEPEST_ZOOM for zoom in zooms):
            raise BadInput(NOT_MBTILES.with_(why=f"zoom_level {zooms}"), where=str(path))
        some = _ask(path, "SELECT tile_data FROM tiles WHERE length(tile_data) > 0 LIMIT 1")
        if about.get("format") in ("pbf", "mvt") or (some and not bytes(some[0][0]).startswith(PICTURES)):
            raise BadInput(VECTOR, where=str(path))
        name = about.get("name") or path.stem
        return cls(
            path, name, *zooms, _bounds(about.get("bounds", "")), about.get("attribution", ""), checked_datum(datum)
        )

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        if not on_grid(z, x, y):
            return None
        found = _ask(
            self.path,
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (z, x, (1 << z) - 1 - y),
        )
        return bytes(found[0][0]) if found and found[0][0] else None

    def count(self) -> int:
        """How many tiles there are; reads the whole file."""
        return int(_ask(self.path, "SELECT count(*) FROM tiles")[0][0])


def _ask(path: Path, question: str, values: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
    """The rows, from the file as it stands: nothing is written beside it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return connection.execute(question, values).fetchall()
    except sqlite3.Error as problem:
        raise BadInput(NOT_MBTILES.with_(why=library_said(problem)), where=str(path)) from problem


def _bounds(text: str) -> Bounds:
    """The bounds as told, the whole world where that is no use."""
    try:
        west, south, east, north = (float(word) for word in text.split(","))
    except ValueError:
        return WORLD
    sensible = all(map(math.isfinite, (west, south, east, north))) and west < east and south < north
    return (west, south, east, north) if sensible else WORLD
