"""Real maps against the counts of their truth: every tile found, the right way up, and the broken ones told."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dronesampler.geo.tiles import GeoTiff, MBTiles, TileSource, open_tiles, tile_at, tile_bounds
from dronesampler.problems import BadInput


def found(source: TileSource) -> dict[tuple[int, int, int], bytes]:
    deepest = source.max_zoom
    places = [(z, x, y) for z in range(deepest + 2) for x in range(2**z) for y in range(2**z)]
    return {place: data for place in places if (data := source.tile(*place)) is not None}


def zooms(tiles: dict[tuple[int, int, int], bytes]) -> list[list[int]]:
    counted = [z for z, _, _ in tiles]
    return [[z, counted.count(z)] for z in sorted(set(counted))]


@pytest.mark.parametrize("name", ["mbtiles_plain_1.mbtiles", "mbtiles_some-empty-tiles.mbtiles"])
def test_mbtiles_hold_what_the_truth_says(name: str, shared: Path, truth: dict[str, Any]) -> None:
    true = truth[f"03_geo/{name}"]
    source = open_tiles(shared / "data" / "03_geo" / name)
    tiles = found(source)
    assert isinstance(source, MBTiles)
    assert len(tiles) == source.count() == true["tiles"] and zooms(tiles) == true["zooms"]
    assert source.name == true["metadata"]["name"]
    assert (source.min_zoom, source.max_zoom) == (true["zooms"][0][0], true["zooms"][-1][0])
    assert all(data.hex().startswith(true["first_bytes"]) for data in tiles.values())
    assert all(Image.open(io.BytesIO(data)).size == (256, 256) for data in tiles.values())


def test_north_is_up(shared: Path) -> None:
    """The map ends at 70° south and reaches 85° north: rows are missing in the south only."""
    source = open_tiles(shared / "data" / "03_geo" / "mbtiles_plain_1.mbtiles")
    assert source.bounds[1] == pytest.approx(-70.0) and source.bounds[3] == pytest.approx(85.0)
    assert all(source.tile(3, x, 0) and source.tile(3, x, 7) is None for x in range(8))
    assert tile_bounds(3, 0, 7)[3] < source.bounds[1]


def test_pmtiles_hold_what_the_truth_says(shared: Path, truth: dict[str, Any]) -> None:
    name = "stamen_toner(raster)CC-BY+ODbL_z3.pmtiles"
    true = truth[f"03_geo/{name}"]
    source = open_tiles(shared / "data" / "03_geo" / name)
    tiles = found(source)
    assert len(tiles) == true["addressed"] and list(source.bounds) == true["bbox"]
    assert (source.min_zoom, source.max_zoom) == (true["minzoom"], true["maxzoom"])
    assert all(data.startswith(b"\x89PNG") for data in tiles.values())
    ink = {place: _darkness(data) for place, data in tiles.items()}
    # This map prints the sea black: Siberia is land, the South Pacific and the Southern Ocean are not.
    land, sea = tile_at(62.0, 105.0, 3), tile_at(-30.0, -130.0, 3)
    assert ink[3, *land] < 0.3 and ink[3, *sea] > 0.9
    # One level deeper shows the same at the same place: each tile against its four.
    for x in range(4):
        for y in range(4):
            four = np.mean([ink[3, 2 * x + i, 2 * y + j] for i in (0, 1) for j in (0, 1)])
            assert abs(ink[2, x, y] - four) < 0.2, (x, y)


def _darkness(data: bytes) -> float:
    return float((np.asarray(Image.open(io.BytesIO(data)).convert("L")) < 128).mean())


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("mbtiles_corrupt.mbtiles", "not a whole MBTiles file"),
        ("mbtiles_with spaces.mbtiles", "not one tile"),
        ("broken_empty.pmtiles", "empty"),
        ("broken_invalid.pmtiles", "not an offline map"),
        ("test_fixture_1.pmtiles", "MVT"),
        ("N44W072.hgt", "not an offline map"),
    ],
)
def test_what_cannot_be_a_map_says_why(name: str, match: str, shared: Path) -> None:
    with pytest.raises(BadInput, match=match):
        open_tiles(shared / "data" / "03_geo" / name)


def test_a_geotiff_lies_where_the_truth_says(shared: Path, truth: dict[str, Any]) -> None:
    true = truth["03_geo/terra_elev_luxembourg.tif"]
    source = open_tiles(shared / "data" / "03_geo" / "terra_elev_luxembourg.tif")
    assert isinstance(source, GeoTiff)
    width, height = true["size"]
    assert source.levels[0].shape == (height, width, 4)
    assert int((source.levels[0][..., 3] > 0).sum()) == true["valid"]
    lon, lat = true["origin_lon_lat"]
    east, south = lon + width * true["pixel_deg"], lat - height * true["pixel_deg"]
    assert source.bounds == pytest.approx((lon, south, east, lat), abs=1e-6)
    assert source.tile(9, *tile_at(49.8, 6.1, 9)) is not None
    assert source.tile(9, *tile_at(48.0, 6.1, 9)) is None
