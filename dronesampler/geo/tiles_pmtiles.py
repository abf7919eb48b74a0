"""PMTiles version 3: raster tiles in one file, found through directories along a Hilbert curve.

After the published specification, https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

import bisect
import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from dronesampler.geo.datum import Datum
from dronesampler.geo.tiles_grid import DEEPEST_ZOOM, Bounds, checked_datum, on_grid
from dronesampler.problems import BadInput, library_said, system_said
from dronesampler.texts import Text

HEADER = struct.Struct("<7sB11Q6B4i9x")  # 127 bytes; the centre at its end is not needed
PLAIN, GZIP = 1, 2
COMPRESSIONS = {0: "unknown", 3: "brotli", 4: "zstd"}
RASTERS = {2, 3, 4}  # PNG, JPEG, WebP
KINDS = {0: "unknown", 1: "MVT", 5: "AVIF"}
DEEPEST = 4  # directories below one another; the specification knows three
LARGEST_BYTES = 32 << 20

EMPTY = Text("文件是空的", "the file is empty")
NOT_PMTILES = Text("不是 PMTiles 文件（没有其标记）", "not a PMTiles file: its mark is missing")
OLD = Text("PMTiles 版本 {version} 不能读取，需要版本 3", "PMTiles version {version} cannot be read, 3 can")
BROKEN = Text("PMTiles 文件损坏：{why}", "the PMTiles file is broken: {why}")
CUT_SHORT = Text("文件不完整", "it breaks off")
BAD_DIRECTORY = Text("目录无法读取", "a directory cannot be read")
TOO_LARGE = Text("解压后过大", "it unpacks to too much")
NO_TILES = Text("PMTiles 文件中没有任何瓦片", "there is not one tile in the PMTiles file")
VECTOR = Text(
    "瓦片类型为 {kind}，需要栅格瓦片（PNG、JPEG、WebP）",
    "its tiles are {kind}; raster tiles (PNG, JPEG, WebP) are needed",
)
COMPRESSED = Text("压缩方式 {kind} 不能读取，gzip 可以", "compression {kind} cannot be read, gzip can")


@dataclass(frozen=True, slots=True)
class Directory:
    """Columns of equal length, sorted by tile id. Run length 0 points to a directory further down."""

    ids: tuple[int, ...]
    runs: tuple[int, ...]
    lengths: tuple[int, ...]
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PMTiles:
    """One file with its root directory. Each call opens it anew, so that any thread may read."""

    path: Path
    name: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    root: Directory
    leaves_at: int
    tiles_at: int
    compressions: tuple[int, int]  # of directories, of tiles
    attribution: str = ""
    datum: Datum = Datum.WGS84

    @classmethod
    def open(cls, path: Path, *, datum: Datum = Datum.WGS84) -> Self:
        """Raises BadInput for a file that is broken, empty, or not of raster tiles."""
        try:
            return cls._open(path, checked_datum(datum))
        except BadInput as problem:
            raise BadInput(problem.text, where=str(path)) from problem

    @classmethod
    def _open(cls, path: Path, datum: Datum) -> Self:
        head = _read(path, 0, HEADER.size, short=True)
        _check_mark(head)
        _, _, root_at, root_size, about_at, about_size, leaves_at, _, tiles_at, *rest = HEADER.unpack(head)
        _, _, _, _, _, inner, outer, kind, low, high, west, south, east, north = rest
        _check_kind(kind, (inner, outer), (low, high))
        root = directory_of(unpacked(_read(path, root_at, root_size), inner))
        if not root.ids:
            raise BadInput(NO_TILES)
        about = _about(unpacked(_read(path, about_at, about_size), inner)) if about_size else {}
        return cls(
            path=path,
            name=str(about.get("name") or path.stem),
            min_zoom=low,
            max_zoom=high,
            bounds=(west / 1e7, south / 1e7, east / 1e7, north / 1e7),
            root=root,
            leaves_at=leaves_at,
            tiles_at=tiles_at,
            compressions=(inner, outer),
            attribution=str(about.get("attribution") or ""),
            datum=datum,
        )

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        if not on_grid(z, x, y):
            return None
        wanted, directory = tile_id(z, x, y), self.root
        for _ in range(DEEPEST):
            at = bisect.bisect_right(directory.ids, wanted) - 1
            if at < 0 or (directory.runs[at] and wanted >= directory.ids[at] + directory.runs[at]):
                return None
            offset, length = directory.offsets[at], directory.lengths[at]
            if directory.runs[at]:
                return unpacked(_read(self.path, self.tiles_at + offset, length), self.compressions[1]) or None
            leaf = _read(self.path, self.leaves_at + offset, length)
            directory = directory_of(unpacked(leaf, self.compressions[0]))
        raise BadInput(BROKEN.with_(why=BAD_DIRECTORY), where=str(self.path))


def tile_id(z: int, x: int, y: int) -> int:
    """The number of a tile: all tiles of lower zooms, then its place on the Hilbert curve of its own."""
    number = ((1 << 2 * z) - 1) // 3
    for level in reversed(range(z)):
        side = 1 << level
        right, lower = int(x & side > 0), int(y & side > 0)
        number += side * side * ((3 * right) ^ lower)
        if not lower:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
    return number


def directory_of(data: bytes) -> Directory:
    """A directory from its bytes: ids as differences, run lengths, lengths, offsets (0: right behind the one before).

    Raises BadInput.
    """
    numbers = _varints(data)
    count = numbers[0] if numbers else 0
    if len(numbers) != 1 + 4 * count:
        raise BadInput(BROKEN.with_(why=BAD_DIRECTORY))
    steps, runs, lengths, places = (numbers[1 + k * count : 1 + (k + 1) * count] for k in range(4))
    ids, offsets, total = [], list[int](), 0
    for k, step in enumerate(steps):
        total += step
        ids.append(total)
        behind = offsets[-1] + lengths[k - 1] if k else 0
        offsets.append(places[k] - 1 if places[k] else behind)
    return Directory(tuple(ids), tuple(runs), tuple(lengths), tuple(offsets))


def _varints(data: bytes) -> list[int]:
    """Little-endian base-128 numbers; one that breaks off is left out, and so noticed by the count."""
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value, shift = 0, 0
    return numbers


def unpacked(data: bytes, compression: int) -> bytes:
    """Plain or gzip bytes, no more than is sensible. Raises BadInput."""
    if compression == PLAIN:
        return data
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = inflate.decompress(data, LARGEST_BYTES)
    except zlib.error as problem:
        raise BadInput(BROKEN.with_(why=library_said(problem))) from problem
    if not inflate.eof:
        raise BadInput(BROKEN.with_(why=TOO_LARGE if inflate.unconsumed_tail else CUT_SHORT))
    return plain


def _check_mark(head: bytes) -> None:
    if not head:
        raise BadInput(EMPTY)
    if not head.startswith(b"PMTiles"):
        raise BadInput(NOT_PMTILES)
    if head[7:8] != b"\x03":
        raise BadInput(OLD.with_(version=head[7] if len(head) > 7 else "?"))
    if len(head) < HEADER.size:
        raise BadInput(BROKEN.with_(why=CUT_SHORT))


def _check_kind(kind: int, compressions: tuple[int, int], zooms: tuple[int, int]) -> None:
    if kind not in RASTERS:
        raise BadInput(VECTOR.with_(kind=KINDS.get(kind, kind)))
    for compression in compressions:
        if compression not in (PLAIN, GZIP):
            raise BadInput(COMPRESSED.with_(kind=COMPRESSIONS.get(compression, compression)))
    if not 0 <= zooms[0] <= zooms[1] <= DEEPEST_ZOOM:
        raise BadInput(BROKEN.with_(why=f"zoom {zooms[0]}–{zooms[1]}"))


def _read(path: Path, offset: int, length: int, *, short: bool = False) -> bytes:
    if length > LARGEST_BYTES or offset >= 1 << 62:
        raise BadInput(BROKEN.with_(why=TOO_LARGE))
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read(length)
    except OSError as problem:
        raise BadInput(BROKEN.with_(why=system_said(problem))) from problem
    if len(data) < length and not short:
        raise BadInput(BROKEN.with_(why=CUT_SHORT))
    return data


def _about(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise BadInput(BROKEN.with_(why=library_said(problem))) from problem
    return found if isinstance(found, dict) else {}
