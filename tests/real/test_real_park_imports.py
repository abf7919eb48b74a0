"""Areas in real files: taken in as parks, told from tracks, refused where they are broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from dronesampler.cli import main
from dronesampler.store import Store


def take(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, expect: int = 0) -> dict[str, Any]:
    words = ["import", str(path), "--into", str(tmp_path / "p.sqlite"), "--json", "--lang", "en"]
    assert main(words) == expect
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


@pytest.mark.parametrize("name", ["PolygonGood.kml", "PolygonAreaTest.kml", "MP 19.shp"])
def test_one_polygon_is_a_park_with_that_boundary(
    name: str, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = take(shared / "data" / "01_missions" / "kml_shp" / name, tmp_path, capsys)
    assert (said["kind"], said["messages"], said["vertices"], said["patrol"]) == ("park", 1, 4, None)
    with Store.open(tmp_path / "p.sqlite") as store:
        park = store.park(said["park_id"])
        assert store.patrols() == () and len(park.boundary.outer) == 4


@pytest.mark.parametrize(
    "name",
    [
        "nofly_finland_rajoitukset.geojson",
        "nofly_finland_sup_temporary.geojson",
        "osm_liechtenstein_industrial_A_bendern_nendeln.geojson",
    ],
)
def test_the_features_are_those_of_the_truth(
    name: str, shared: Path, truth: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = take(shared / "data" / "03_geo" / name, tmp_path, capsys)
    assert (said["kind"], said["messages"]) == ("park", truth[f"03_geo/{name}"]["features"])
    if "nofly" in name:
        assert said["airspaces"] == said["messages"]
    assert len(said["rejected"]) < 10  # a reason each, with its count


def test_points_without_an_area_are_no_park(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = take(shared / "data" / "03_geo" / "finland_model_flying_sites.geojson", tmp_path, capsys, expect=2)
    assert "boundary" in said["reason"] and not (tmp_path / "p.sqlite").exists()


def test_the_index_of_a_shapefile_names_what_is_wanted(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = take(shared / "data" / "01_missions" / "kml_shp" / "MP 19.shx", tmp_path, capsys, expect=2)
    assert ".shp" in said["reason"]
