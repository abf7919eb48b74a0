"""Offline maps of every kind: the right tile at the right place, and a sentence for what cannot be one."""

import gzip
import io
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from dronesampler.geo.datum import Datum, from_wgs84, to_wgs84
from dronesampler.geo.local import distance_m
from dronesampler.geo.projection import projection_of
from dronesampler.geo.tiles import (
    MBTiles,
    TileCache,
    TileFolder,
    TileSource,
    bounds_wgs84,
    open_tiles,
    tile_at,
    tile_bounds,
    tile_bounds_wgs84,
)
from dronesampler.geo.tiles_pmtiles import directory_of, tile_id
from dronesampler.problems import BadInput

HERE = (35.71, 116.49)


def png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


def shade_of(data: bytes | None) -> int:
    assert data is not None
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return int(pixel[0])


# ---- the grid


def test_tiles_of_known_places() -> None:
    assert tile_at(0.1, 0.1, 0) == (0, 0)
    assert tile_at(51.5074, -0.1278, 10) == (511, 340)  # London, as map services number it
    assert tile_at(39.9042, 116.4074, 10) == (843, 388)  # Beijing
    assert tile_at(90.0, 180.0, 3) == (7, 0)
    assert tile_at(-90.0, -180.0, 3) == (0, 7)
    assert tile_bounds(0, 0, 0) == pytest.approx((-180.0, -85.0511287798, 180.0, 85.0511287798))


@pytest.mark.parametrize("z", [3, 11, 18])
def test_a_place_lies_in_its_tile(z: int) -> None:
    west, south, east, north = tile_bounds(z, *tile_at(*HERE, z))
    assert west <= HERE[1] < east and south < HERE[0] <= north


@pytest.mark.parametrize("z", [8, 10, 12, 14, 17])
def test_a_shifted_tile_is_drawn_where_it_is_true_to_half_a_pixel(z: int) -> None:
    x, y = tile_at(*HERE, z)
    west, south, east, north = tile_bounds(z, x, y)
    there = tile_bounds_wgs84(z, x, y, Datum.GCJ02)
    lat, lon = to_wgs84([north, south], [west, east], Datum.GCJ02)
    pixel_m = distance_m(HERE[0], west, HERE[0], east) / 256
    assert distance_m(there[3], there[0], float(lat[0]), float(lon[0])) < 0.5 * pixel_m
    assert distance_m(there[1], there[2], float(lat[1]), float(lon[1])) < 0.5 * pixel_m
    assert distance_m(there[3], there[0], north, west) > 300.0
    # Side by side without a gap.
    assert tile_bounds_wgs84(z, x + 1, y, Datum.GCJ02)[0] == there[2]
    assert tile_bounds_wgs84(z, x, y + 1, Datum.GCJ02)[3] == there[1]
    assert tile_bounds_wgs84(z, x, y, Datum.CGCS2000) == pytest.approx((west, south, east, north))


# ---- MBTiles


def mbtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], **about: str) -> Path:
    """`tiles` by z, x, y from the north; the file counts from the south."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name text, value text)")
        connection.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", about.items())
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()]
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def test_mbtiles_count_from_the_north(tmp_path: Path) -> None:
    tiles = {(1, 0, 0): png(10), (1, 1, 0): png(20), (1, 0, 1): png(30), (2, 3, 3): png(40), (2, 0, 0): b""}
    path = mbtiles(tmp_path / "底 图#1.mbtiles", tiles, name="园区", bounds="116,35,117,36", attribution="©")
    source = open_tiles(path, datum=Datum.GCJ02)
    assert (source.name, source.attribution, source.datum) == ("园区", "©", Datum.GCJ02)
    assert (source.min_zoom, source.max_zoom, source.bounds) == (1, 2, (116.0, 35.0, 117.0, 36.0))
    assert [shade_of(source.tile(*place)) for place in ((1, 0, 0), (1, 1, 0), (1, 0, 1), (2, 3, 3))] == [10, 20, 30, 40]
    assert source.tile(1, 1, 1) is None and source.tile(2, 0, 0) is None
    assert source.tile(2, 4, 0) is None and source.tile(-1, 0, 0) is None and source.tile(99, 0, 0) is None
    west, south, _, _ = bounds_wgs84(source)
    assert 300 < distance_m(south, west, 35.0, 116.0) < 800
    assert list(tmp_path.iterdir()) == [path]  # nothing is left beside it


@pytest.mark.parametrize("bounds", ["", "1,2,3", "a,b,c,d", "10,0,5,1", "nan,0,1,1"])
def test_bounds_of_no_use_are_the_world(tmp_path: Path, bounds: str) -> None:
    assert open_tiles(mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): png(1)}, bounds=bounds)).bounds[0] == -180.0


def test_mbtiles_that_cannot_be_used(tmp_path: Path) -> None:
    vector = mbtiles(tmp_path / "v.mbtiles", {(0, 0, 0): gzip.compress(b"x")}, format="pbf")
    unsaid = mbtiles(tmp_path / "u.mbtiles", {(0, 0, 0): gzip.compress(b"x")})
    for path in (vector, unsaid):
        with pytest.raises(BadInput, match="vector tiles"):
            open_tiles(path)
    with pytest.raises(BadInput, match="not one tile"):
        open_tiles(mbtiles(tmp_path / "e.mbtiles", {}))
    with closing(sqlite3.connect(tmp_path / "n.mbtiles")) as connection, connection:
        connection.execute("CREATE TABLE metadata (name text, value text)")
    with pytest.raises(BadInput, match="no tiles table"):
        open_tiles(tmp_path / "n.mbtiles")
    good = mbtiles(tmp_path / "g.mbtiles", {(0, 0, 0): png(1)})
    with pytest.raises(BadInput, match="grid of their own"):
        open_tiles(good, datum=Datum.BD09)
    whole = MBTiles.open(good)
    good.write_bytes(good.read_bytes()[:5000])
    with pytest.raises(BadInput, match="not a whole MBTiles"):
        whole.tile(0, 0, 0)


# ---- PMTiles


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries of id, run, length, offset."""
    ids = [e[0] for e in entries]
    steps = [b - a for a, b in zip([0, *ids[:-1]], ids, strict=True)]
    columns = (steps, [e[1] for e in entries], [e[2] for e in entries], [e[3] + 1 for e in entries])
    return b"".join(varint(n) for n in (len(entries), *(value for column in columns for value in column)))


def pmtiles(path: Path, tiles: dict[int, bytes], *, runs: dict[int, int] | None = None, **head: int) -> Path:
    """Tiles by id in leaves of two under a root, everything gzipped that may be."""
    data, leaves, root = b"", b"", []
    entries = []
    for number, tile in sorted(tiles.items()):
        entries.append((number, (runs or {}).get(number, 1), len(tile), len(data)))
        data += tile
    for k in range(0, len(entries), 2):
        leaf = gzip.compress(directory(entries[k : k + 2]))
        root.append((entries[k][0], 0, len(leaf), len(leaves)))
        leaves += leaf
    top, about = gzip.compress(directory(root)), gzip.compress(b'{"name": "p", "attribution": "me"}')
    places = [127, len(top), 127 + len(top), len(about), 127 + len(top) + len(about), len(leaves)]
    places += [places[4] + len(leaves), len(data), 0, 0, 0]
    kinds = {"inner": 2, "outer": 1, "kind": 2, "low": 0, "high": 3, "version": 3} | head
    header = b"PMTiles" + bytes([kinds["version"]]) + struct.pack("<11Q", *places)
    header += bytes([1, *(kinds[key] for key in ("inner", "outer", "kind", "low", "high"))])
    header += struct.pack("<4iB2i", -10_000_000, -20_000_000, 10_000_000, 20_000_000, 0, 0, 0)
    path.write_bytes(header + top + about + leaves + data)
    return path


def test_tile_numbers_along_the_curve() -> None:
    """The examples of the specification, and that every tile of a zoom has a number of its own."""
    examples = [(0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0), (2, 0, 0), (12, 3423, 1763)]
    assert [tile_id(*place) for place in examples] == [0, 1, 2, 3, 4, 5, 19078479]
    for z in range(6):
        numbers = {tile_id(z, x, y) for x in range(2**z) for y in range(2**z)}
        assert numbers == set(range((4**z - 1) // 3, (4 ** (z + 1) - 1) // 3))


def test_pmtiles_through_leaves_and_runs(tmp_path: Path) -> None:
    tiles = {0: png(1), 1: png(2), 3: png(3), 4: png(4), 30: png(5)}
    source = open_tiles(pmtiles(tmp_path / "a.pmtiles", tiles, runs={4: 5}))
    assert (source.name, source.attribution, source.max_zoom, source.bounds) == ("p", "me", 3, (-1.0, -2.0, 1.0, 2.0))
    found = {
        tile_id(z, x, y): shade_of(data)
        for z in range(5)
        for x in range(2**z)
        for y in range(2**z)
        if (data := source.tile(z, x, y))
    }
    assert found == {0: 1, 1: 2, 3: 3, 4: 4, 5: 4, 6: 4, 7: 4, 8: 4, 30: 5}


def test_gzipped_tiles_are_unpacked(tmp_path: Path) -> None:
    source = open_tiles(pmtiles(tmp_path / "a.pmtiles", {0: gzip.compress(png(9))}, outer=2))
    assert shade_of(source.tile(0, 0, 0)) == 9


@pytest.mark.parametrize(
    ("head", "match"),
    [
        ({"kind": 1}, "MVT"),
        ({"kind": 0}, "unknown"),
        ({"inner": 3}, "brotli"),
        ({"outer": 4}, "zstd"),
        ({"version": 2}, "version 2"),
        ({"low": 5}, "zoom 5–3"),
    ],
)
def test_pmtiles_that_cannot_be_used(tmp_path: Path, head: dict[str, Any], match: str) -> None:
    with pytest.raises(BadInput, match=match):
        open_tiles(pmtiles(tmp_path / "a.pmtiles", {0: png(1)}, **head))


def test_pmtiles_cut_anywhere_or_with_a_wrong_byte_break_with_a_sentence(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a.pmtiles", {0: png(1), 1: png(2), 3: png(3)})
    whole = path.read_bytes()
    for size in range(0, len(whole), 3):
        path.write_bytes(whole[:size])
        assert _breaks(path), size
    rng = np.random.default_rng(7)
    for _ in range(300):
        wrong = bytearray(whole)
        wrong[rng.integers(8, len(whole))] ^= int(rng.integers(1, 256))
        path.write_bytes(wrong)
        _breaks(path)  # reads or says why, never anything else


def _breaks(path: Path) -> bool:
    try:
        source = open_tiles(path)
        for place in ((0, 0, 0), (1, 0, 0), (1, 1, 1)):
            source.tile(*place)
    except BadInput:
        return True
    return False


@pytest.mark.parametrize("data", [varint(1 << 40), directory([(0, 1, 1, 0)])[:-1], b"\x01\x80"])
def test_a_directory_that_promises_too_much(data: bytes) -> None:
    with pytest.raises(BadInput, match="directory cannot be read"):
        directory_of(data)


def test_a_tile_that_unpacks_to_too_much(tmp_path: Path) -> None:
    source = open_tiles(pmtiles(tmp_path / "a.pmtiles", {0: gzip.compress(bytes(40 << 20))}, outer=2))
    with pytest.raises(BadInput, match="unpacks to too much"):
        source.tile(0, 0, 0)


# ---- folders


def test_a_folder_and_its_mirror(tmp_path: Path) -> None:
    for y, shade in ((1, 50), (2, 60)):
        (tmp_path / "2" / "3").mkdir(parents=True, exist_ok=True)
        (tmp_path / "2" / "3" / f"{y}.png").write_bytes(png(shade))
    (tmp_path / "notes").mkdir()
    source = open_tiles(tmp_path)
    assert (source.min_zoom, source.max_zoom) == (2, 2)
    assert source.bounds == pytest.approx((90.0, -66.5132604, 180.0, 66.5132604))
    assert (shade_of(source.tile(2, 3, 1)), source.tile(2, 0, 0)) == (50, None)
    mirrored = TileFolder.open(tmp_path, tms=True)
    assert shade_of(mirrored.tile(2, 3, 1)) == 60


@pytest.mark.parametrize("inside", ["", "2", "2/3", "x/3"])
def test_a_folder_without_tiles(tmp_path: Path, inside: str) -> None:
    (tmp_path / inside).mkdir(parents=True, exist_ok=True)
    with pytest.raises(BadInput, match="no tiles in the folder"):
        open_tiles(tmp_path)


def test_a_cache_asks_once_and_only_when_it_may(tmp_path: Path) -> None:
    asked = []

    def fetch(z: int, x: int, y: int) -> bytes | None:
        asked.append((z, x, y))
        return png(70) if x else None

    closed = TileCache(tmp_path)
    assert closed.tile(3, 1, 1) is None
    cache = TileCache(tmp_path, fetch=fetch, max_zoom=5)
    assert [shade_of(cache.tile(3, 1, 1)) for _ in range(3)] == [70, 70, 70]
    assert cache.tile(3, 0, 1) is None and cache.tile(6, 1, 1) is None and cache.tile(3, 8, 1) is None
    assert asked == [(3, 1, 1), (3, 0, 1)]
    assert shade_of(closed.tile(3, 1, 1)) == 70
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["1.png"]


# ---- projections and GeoTIFF


def test_projections_at_known_places() -> None:
    def at(epsg: int, lat: float, lon: float) -> tuple[float, float]:
        projection = projection_of(epsg)
        assert projection is not None
        x, y = projection.project(lat, lon)
        back = projection.degrees_of(x, y)
        assert distance_m(float(back[0]), float(back[1]), lat, lon) < 1e-4
        return float(x), float(y)

    assert at(32617, 43.642567, -79.387139) == pytest.approx((630084.3, 4833438.6), abs=0.1)  # CN Tower, Toronto
    # The meridian is 4 984 944.378 m long from the equator to 45°.
    assert at(4549, 45.0, 120.0)[1] == pytest.approx(4_984_944.378, abs=0.002)
    east, north = at(32750, -30.0, 117.0)
    assert (east, north) == pytest.approx((500_000.0, 1e7 - at(32650, 30.0, 117.0)[1]), abs=1e-6)
    assert at(4527, 35.0, 117.0)[0] == pytest.approx(39_500_000.0)  # zone 39 of 3°
    assert at(4548, 35.0, 117.0)[0] == pytest.approx(500_000.0)
    assert at(4498, 35.0, 117.0)[0] == pytest.approx(20_500_000.0)  # zone 20 of 6°
    assert at(4509, 35.0, 117.0)[0] == pytest.approx(500_000.0)
    assert at(3857, 0.0, 180.0)[0] == pytest.approx(20_037_508.342789)
    assert projection_of(2437) is None


def geotiff(path: Path, picture: Image.Image, *, epsg: int, step: float, corner: tuple[float, float]) -> Path:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[33550], info[33922] = (step, step, 0.0), (0.0, 0.0, 0.0, *corner, 0.0)
    kind, key = (2, 2048) if epsg in (4326, 4490) else (1, 3072)
    info[34735] = (1, 1, 0, 2, 1024, 0, 1, kind, key, 0, 1, epsg)
    for tag, width in ((33550, 12), (33922, 12), (34735, 3)):
        info.tagtype[tag] = width
    picture.save(path, tiffinfo=info)
    return path


def quarters(side: int = 400) -> Image.Image:
    """Red north-west, green north-east, blue south-west, white south-east."""
    picture = Image.new("RGB", (side, side))
    half = side // 2
    for (x, y), colour in {(0, 0): "red", (half, 0): "lime", (0, half): "blue", (half, half): "white"}.items():
        picture.paste(colour, (x, y, x + half, y + half))
    return picture


def seen(source: TileSource, lat: float, lon: float, z: int) -> tuple[int, ...]:
    """The colour that the map shows at a place."""
    x, y = tile_at(lat, lon, z)
    data = source.tile(z, x, y)
    if data is None:
        return (0, 0, 0, 0)
    west, south, east, north = tile_bounds(z, x, y)
    picture = Image.open(io.BytesIO(data))
    at = (int((lon - west) / (east - west) * 256), int((north - lat) / (north - south) * 256))
    pixel = picture.getpixel(at)
    assert isinstance(pixel, tuple)
    return tuple(int(v) for v in pixel)


@pytest.mark.parametrize("epsg", [4326, 4490, 3857, 32650, 4548, 4527])
def test_an_orthophoto_lies_where_it_is(tmp_path: Path, epsg: int) -> None:
    projection = projection_of(epsg)
    assert projection is not None
    x, y = (float(v) for v in projection.project(*HERE))
    step = 5e-6 if epsg in (4326, 4490) else 0.5
    path = geotiff(tmp_path / "a.tif", quarters(), epsg=epsg, step=step, corner=(x - 200 * step, y + 200 * step))
    source = open_tiles(path)
    assert 17 <= source.max_zoom <= 19
    west, south, east, north = source.bounds
    assert (west + east) / 2 == pytest.approx(HERE[1], abs=1e-5)
    assert (south + north) / 2 == pytest.approx(HERE[0], abs=1e-5)
    off = 0.00025  # about 25 m: well inside a quarter
    for z in (source.max_zoom, source.max_zoom - 2):
        assert seen(source, HERE[0] + off, HERE[1] - off, z) == (255, 0, 0, 255)
        assert seen(source, HERE[0] + off, HERE[1] + off, z) == (0, 255, 0, 255)
        assert seen(source, HERE[0] - off, HERE[1] - off, z) == (0, 0, 255, 255)
        assert seen(source, HERE[0] - off, HERE[1] + off, z) == (255, 255, 255, 255)
        assert seen(source, HERE[0] + 0.003, HERE[1], z)[3] == 0
    assert source.tile(15, 0, 0) is None


def test_numbers_become_grey_and_no_data_clear(tmp_path: Path) -> None:
    cells = np.tile(np.arange(100, dtype=np.int32), (100, 1))
    path = geotiff(tmp_path / "a.tif", Image.fromarray(cells), epsg=4326, step=0.01, corner=(116.0, 36.0))
    source = open_tiles(path)
    assert seen(source, 35.505, 116.005, 9)[0] < 3 and seen(source, 35.505, 116.985, 9)[0] > 248


def test_pictures_that_are_no_map(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "plain.tif")
    with pytest.raises(BadInput, match="plain picture"):
        open_tiles(tmp_path / "plain.tif")
    geotiff(tmp_path / "crs.tif", quarters(8), epsg=2437, step=1.0, corner=(5e5, 4e6))
    with pytest.raises(BadInput, match="EPSG:2437"):
        open_tiles(tmp_path / "crs.tif")
    (tmp_path / "cut.tif").write_bytes((tmp_path / "crs.tif").read_bytes()[:-100])
    with pytest.raises(BadInput, match="not a GeoTIFF"):
        open_tiles(tmp_path / "cut.tif")
    (tmp_path / "empty.tif").write_bytes(b"")
    with pytest.raises(BadInput, match="empty"):
        open_tiles(tmp_path / "empty.tif")
    (tmp_path / "a.mbtiles").write_bytes(b"hello")
    with pytest.raises(BadInput, match="not an offline map"):
        open_tiles(tmp_path / "a.mbtiles")
    with pytest.raises(BadInput, match="cannot be read"):
        open_tiles(tmp_path / "absent.mbtiles")


def test_a_shifted_map_shows_the_place_where_it_is(tmp_path: Path) -> None:
    """A tile of a GCJ-02 map, drawn at its WGS 84 bounds, has a place of the earth where it belongs."""
    lat, lon = (float(v) for v in from_wgs84(*HERE, Datum.GCJ02))
    z = 18
    x, y = tile_at(lat, lon, z)
    source = open_tiles(mbtiles(tmp_path / "a.mbtiles", {(z, x, y): png(5)}), datum=Datum.GCJ02)
    west, south, east, north = tile_bounds_wgs84(z, x, y, source.datum)
    assert west < HERE[1] < east and south < HERE[0] < north
    assert (x, y) != tile_at(*HERE, z)
