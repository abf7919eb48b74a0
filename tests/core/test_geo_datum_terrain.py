"""Datum shifts against published points, terrain against made tiles and, where it is there, a real one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from dronesampler.geo.datum import Datum, from_wgs84, to_wgs84
from dronesampler.geo.local import distance_m
from dronesampler.geo.terrain import read_geotiff, read_hgt, read_terrain
from dronesampler.problems import BadInput

GEO = Path(__file__).parents[2].parent / "shared" / "data" / "03_geo"

# WGS 84 and GCJ-02 degrees of three cities, as published with the open converters of the shift.
CHECK_POINTS = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]


@pytest.mark.parametrize(("lat", "lon", "gcj_lat", "gcj_lon"), CHECK_POINTS)
def test_gcj02_at_published_points(lat: float, lon: float, gcj_lat: float, gcj_lon: float) -> None:
    shifted = from_wgs84(lat, lon, Datum.GCJ02)
    assert distance_m(float(shifted[0]), float(shifted[1]), gcj_lat, gcj_lon) < 0.5
    back = to_wgs84(gcj_lat, gcj_lon, Datum.GCJ02)
    assert distance_m(float(back[0]), float(back[1]), lat, lon) < 0.5


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
@given(st.floats(18.0, 53.0), st.floats(74.0, 134.0))
def test_there_and_back_within_a_centimetre(datum: Datum, lat: float, lon: float) -> None:
    shifted = from_wgs84(lat, lon, datum)
    back = to_wgs84(*shifted, datum)
    assert distance_m(float(back[0]), float(back[1]), lat, lon) < 0.01
    assert 50.0 < distance_m(float(shifted[0]), float(shifted[1]), lat, lon) < 3000.0


def test_no_shift_abroad_and_none_for_cgcs2000() -> None:
    assert [float(v) for v in from_wgs84(48.4, -124.6, Datum.GCJ02)] == [48.4, -124.6]
    assert [float(v) for v in to_wgs84(35.7, 116.5, Datum.CGCS2000)] == [35.7, 116.5]


def slope(path: Path, *, void: bool = False) -> Path:
    """A tile that rises one metre a row to the south and two a column to the east."""
    rows, columns = np.mgrid[0:1201, 0:1201]
    cells = (rows + 2 * columns).astype(">i2")
    if void:
        cells[600, 600] = -32768
    cells.tofile(path)
    return path


def test_heights_between_the_cells_of_a_tile(tmp_path: Path) -> None:
    tile = read_hgt(slope(tmp_path / "N35E116.hgt"))
    # Half a degree from the corner: row 600, column 600; then half a cell further south-east.
    assert float(tile.height_m(35.5, 116.5)) == pytest.approx(1800.0)
    assert float(tile.height_m(35.5 - 0.5 / 1200, 116.5 + 0.5 / 1200)) == pytest.approx(1801.5, abs=1e-6)
    assert np.isnan(tile.height_m(34.99, 116.5))


def test_a_void_is_no_data_not_zero(tmp_path: Path) -> None:
    tile = read_hgt(slope(tmp_path / "N35E116.hgt", void=True))
    assert np.isnan(tile.height_m(35.5, 116.5))
    assert float(tile.height_m(35.5 + 2 / 1200, 116.5)) == pytest.approx(1798.0)


def test_the_first_tile_that_knows_counts(tmp_path: Path) -> None:
    tiles = read_terrain([slope(tmp_path / "N35E116.hgt"), slope(tmp_path / "N35E117.hgt")])
    heights = tiles.height_m([35.5, 35.5, 35.5], [116.25, 117.25, 118.25])
    assert heights[0] == heights[1] == pytest.approx(1200.0)
    assert np.isnan(heights[2])


@pytest.mark.parametrize("name", ["heights.hgt", "N35E116.hgt"])
def test_what_is_no_tile_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\0" * 100)
    with pytest.raises(BadInput, match="not an SRTM tile"):
        read_hgt(path)


def geotiff(path: Path, *, epsg: int) -> Path:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[33550] = (0.01, 0.01, 0.0)
    info[33922] = (0.0, 0.0, 0.0, 116.0, 36.0, 0.0)
    info[34735] = (1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, epsg)
    for tag, kind in ((33550, 12), (33922, 12), (34735, 3)):
        info.tagtype[tag] = kind
    cells = np.arange(100, dtype=np.int32).reshape(10, 10)
    Image.fromarray(cells).save(path, tiffinfo=info)
    return path


def test_a_geotiff_of_degrees(tmp_path: Path) -> None:
    tile = read_geotiff(geotiff(tmp_path / "地形.tif", epsg=4490))
    assert float(tile.height_m(35.995, 116.005)) == pytest.approx(0.0, abs=1e-4)
    assert float(tile.height_m(35.985, 116.025)) == pytest.approx(12.0, abs=1e-4)


def test_a_geotiff_of_another_coordinate_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="EPSG:4267"):
        read_geotiff(geotiff(tmp_path / "nad27.tif", epsg=4267))


def test_a_picture_is_no_terrain(tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    Image.new("RGB", (4, 4)).save(path)
    with pytest.raises(BadInput, match="no GeoTIFF tags"):
        read_geotiff(path)
    path.write_bytes(b"nonsense")
    with pytest.raises(BadInput, match="not a GeoTIFF"):
        read_geotiff(path)


@pytest.mark.skipif(not GEO.is_dir(), reason="../shared/data is not here")
def test_real_tiles_against_their_truth() -> None:
    tile = read_hgt(GEO / "N44W072.hgt")
    assert float(tile.height_m(44.27083, -71.30333)) == pytest.approx(1908.0, abs=0.5)
    assert [float(tile.height_m(*c)) for c in [(45, -72), (45, -71), (44, -72), (44, -71)]] == [415, 456, 341, 139]
    tif = read_geotiff(GEO / "terra_elev_luxembourg.tif")
    assert (int(np.nanmin(tif.heights_m)), int(np.nanmax(tif.heights_m))) == (141, 547)
    assert int(np.isnan(tif.heights_m).sum()) == 3942
