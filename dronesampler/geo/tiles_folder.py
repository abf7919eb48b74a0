"""Tiles as pictures in folders, zoom/x/y.png: a download for the field, or the cache of a map service."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dronesampler.geo.datum import Datum
from dronesampler.geo.tiles_grid import DEEPEST_ZOOM, WORLD, Bounds, checked_datum, on_grid, tile_bounds
from dronesampler.problems import BadInput, system_said
from dronesampler.texts import Text

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
BOUNDS_ZOOM = 14  # deep enough for a park, shallow enough to list
NO_TILES = Text(
    "文件夹中没有形如 缩放级/列/行.png 的瓦片", "there are no tiles in the folder named like zoom/column/row.png"
)
NOT_WRITTEN = Text("瓦片无法存入缓存：{why}", "a tile cannot be kept in the cache: {why}")

Fetch = Callable[[int, int, int], bytes | None]  # z, x, y -> an encoded picture, None where the service has none


@dataclass(frozen=True, slots=True)
class TileFolder:
    """A folder zoom/column/row.png, rows from the north or, with `tms`, from the south."""

    path: Path
    name: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    attribution: str = ""
    datum: Datum = Datum.WGS84
    tms: bool = False

    @classmethod
    def open(cls, path: Path, *, datum: Datum = Datum.WGS84, tms: bool = False, attribution: str = "") -> Self:
        """Raises BadInput where there is not one tile."""
        zooms = [zoom for zoom in _numbers(path) if zoom <= DEEPEST_ZOOM and _numbers(path / str(zoom))]
        bounds = _bounds(path, zooms, tms) if zooms else None
        if bounds is None:
            raise BadInput(NO_TILES, where=str(path))
        return cls(path, path.name, zooms[0], zooms[-1], bounds, attribution, checked_datum(datum), tms)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        if not on_grid(z, x, y):
            return None
        return _picture(self.path, z, x, (1 << z) - 1 - y if self.tms else y)


@dataclass(frozen=True, slots=True)
class TileCache:
    """A folder that fills itself: what is missing is asked of `fetch` and kept. Without `fetch` no one is asked.

    `fetch` is the caller's, so is its network; what it raises passes through.
    """

    path: Path
    name: str = ""
    min_zoom: int = 0
    max_zoom: int = 19
    bounds: Bounds = WORLD
    attribution: str = ""
    datum: Datum = Datum.WGS84
    fetch: Fetch | None = None

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        if not on_grid(z, x, y) or not self.min_zoom <= z <= self.max_zoom:
            return None
        kept = _picture(self.path, z, x, y)
        if kept is not None or self.fetch is None:
            return kept
        data = self.fetch(z, x, y)
        if data:
            self._keep(data, z=z, x=x, y=y)
        return data or None

    def _keep(self, data: bytes, *, z: int, x: int, y: int) -> None:
        """Written beside and renamed, so that a tile is there whole or not at all."""
        ending = ".jpg" if data.startswith(b"\xff\xd8") else ".webp" if data.startswith(b"RIFF") else ".png"
        target = self.path / str(z) / str(x) / f"{y}{ending}"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_suffix(".part")
            beside.write_bytes(data)
            beside.replace(target)
        except OSError as problem:
            raise BadInput(NOT_WRITTEN.with_(why=system_said(problem)), where=str(target)) from problem


def _picture(path: Path, z: int, x: int, row: int) -> bytes | None:
    for ending in ENDINGS:
        file = path / str(z) / str(x) / f"{row}{ending}"
        if file.is_file():
            return file.read_bytes() or None
    return None


def _numbers(path: Path) -> list[int]:
    """The folders whose names are numbers, in order."""
    if not path.is_dir():
        return []
    return sorted(int(entry.name) for entry in path.iterdir() if entry.name.isdecimal() and entry.is_dir())


def _bounds(path: Path, zooms: list[int], tms: bool) -> Bounds | None:
    """What the tiles of one zoom cover; None where there are none."""
    zoom = max((z for z in zooms if z <= BOUNDS_ZOOM), default=zooms[0])
    columns = _numbers(path / str(zoom))
    rows = {
        int(file.stem)
        for column in columns
        for file in (path / str(zoom) / str(column)).iterdir()
        if file.suffix.lower() in ENDINGS and file.stem.isdecimal()
    }
    if not rows:
        return None
    top, bottom = (2**zoom - 1 - max(rows), 2**zoom - 1 - min(rows)) if tms else (min(rows), max(rows))
    west, _, _, north = tile_bounds(zoom, columns[0], top)
    _, south, east, _ = tile_bounds(zoom, columns[-1], bottom)
    return west, south, east, north
