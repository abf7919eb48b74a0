"""Outlet registers from the command line: merged into the park on file, each refused row named, datum corrected."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dronesampler.cli import main
from dronesampler.geo.datum import Datum, from_wgs84
from dronesampler.geo.local import distance_m
from dronesampler.park import Outlet, Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.store import Store

HEAD = ["排放口编号", "经度", "纬度", "排气筒高度(m)", "统一社会信用代码"]


@pytest.fixture(scope="module")
def demo() -> Park:
    return read_park(assets_dir() / "demo-park.geojson").park


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "p.sqlite"


class Command:
    """The import verb on one database, English, JSON."""

    def __init__(self, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._into, self._capsys = database, capsys

    def __call__(self, *words: object, expect: int = 0) -> dict[str, Any]:
        assert (
            main(["import", *(str(word) for word in words), "--into", str(self._into), "--json", "--lang", "en"])
            == expect
        )
        told: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return told


@pytest.fixture
def take(database: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(database, capsys)


def register(path: Path, rows: list[list[object]], *, head: list[str] = HEAD) -> Path:
    table: list[list[object]] = [[*head], *rows]
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        book.save(path)
    else:
        text = "\n".join(",".join(str(cell) for cell in row) for row in table)
        path.write_text(text + "\n", encoding="utf-8")
    return path


def rows_of(outlets: tuple[Outlet, ...], datum: Datum = Datum.WGS84) -> list[list[object]]:
    places = [from_wgs84(o.lat_deg, o.lon_deg, datum) for o in outlets]
    return [[o.code, float(lon), float(lat), 21, o.enterprise] for o, (lat, lon) in zip(outlets, places, strict=True)]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_register_joins_the_park_on_file(
    demo: Park, tmp_path: Path, database: Path, take: Command, ending: str
) -> None:
    assert take(assets_dir() / "demo-park.geojson", "--park", "West Zone")["park"] == "West Zone"
    new = ["DA077", demo.outlets[0].lon_deg, demo.outlets[0].lat_deg, 18, demo.outlets[0].enterprise]
    bad = ["DA078", "?", 35.71, 18, demo.outlets[0].enterprise]
    path = register(tmp_path / f"outlets{ending}", [*rows_of(demo.outlets[:2]), bad, new])
    told = take(path, "--park", "West Zone")
    assert (told["kind"], told["messages"], told["outlets"]) == ("register", 4, len(demo.outlets) + 1)
    assert [(r["code"], r["first"]) for r in told["rejected"]] == [("park.feature", "row 4")]
    with Store.open(database) as store:
        park = store.park("West Zone")
        assert [p.name for p in store.parks()] == ["West Zone", "West Zone"]
    assert {o.code: o.height_m for o in park.outlets}["DA001"] == 21.0
    assert park.enterprises == demo.enterprises and park.simulated
    assert take(path, "--park", "West Zone")["already_imported"] is True


def test_park_and_register_in_one_go(demo: Park, tmp_path: Path, database: Path, take: Command) -> None:
    path = register(tmp_path / "a.csv", [["DA099", demo.outlets[0].lon_deg, demo.outlets[0].lat_deg, 18, ""]])
    told = take(path, assets_dir() / "demo-park.geojson", "--park", "W")
    assert [f["kind"] for f in told["files"]] == ["register", "park"]
    with Store.open(database) as store:
        assert any(o.code == "DA099" for park in store.parks() for o in store.park(park.id).outlets)


def test_without_that_park_nothing_is_made(demo: Park, tmp_path: Path, database: Path, take: Command) -> None:
    path = register(tmp_path / "a.csv", rows_of(demo.outlets))
    assert "no park" in take(path, "--park", "West Zone", expect=2)["reason"]
    assert not database.exists()
    take(assets_dir() / "demo-park.geojson")
    assert "West Zone" in take(path, "--park", "West Zone", expect=2)["reason"]


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_shifted_register_is_told_and_taken_again_with_its_datum(
    demo: Park, tmp_path: Path, database: Path, take: Command, datum: Datum
) -> None:
    take(assets_dir() / "demo-park.geojson", "--park", "W")
    path = register(tmp_path / "a.csv", rows_of(demo.outlets, datum))
    told = take(path, "--park", "W")["rejected"]
    assert told[0]["code"] == "park.datum" and f"again as {datum}" in told[0]["reason"]
    again = take(path, "--park", "W", "--datum", datum)
    assert (again["already_imported"], again["rejected"]) == (False, [])
    with Store.open(database) as store:
        outlets = store.park("W").outlets
    for taken, true in zip(outlets, demo.outlets, strict=True):
        assert distance_m(taken.lat_deg, taken.lon_deg, true.lat_deg, true.lon_deg) < 0.1


def test_columns_of_a_register_may_be_named(demo: Park, tmp_path: Path, take: Command) -> None:
    take(assets_dir() / "demo-park.geojson", "--park", "W")
    path = register(tmp_path / "a.csv", rows_of(demo.outlets[:1]), head=["no", "X", "Y", "h", "firm"])
    assert "no column for code" in take(path, "--park", "W", expect=2)["reason"]
    columns = tmp_path / "columns.toml"
    columns.write_text('[columns]\n"no" = "code"\n"X" = { role = "lon" }\n"Y" = "lat"\n"h" = "height_m"\n')
    assert take(path, "--park", "W", "--columns", columns)["rows_used"] == 1
    columns.write_text('"no" = "what"\n')
    assert "columns file" in take(path, "--park", "W", "--columns", columns, expect=2)["reason"]


def test_a_boundary_that_crosses_itself_leaves_no_trace(tmp_path: Path, database: Path, take: Command) -> None:
    ring = [[116.48, 35.70], [116.49, 35.71], [116.49, 35.70], [116.48, 35.71], [116.48, 35.70]]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert "crosses itself near 35.705" in take(path, expect=2)["reason"]
    assert not database.exists()
