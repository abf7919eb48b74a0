"""Park files of every kind: the same park comes out, in WGS 84, and what is wrong is named."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapefile

from dronesampler.geo.datum import Datum, from_wgs84
from dronesampler.geo.local import distance_m
from dronesampler.park.files import read_park, read_register, with_outlets, write_park
from dronesampler.paths import assets_dir
from dronesampler.problems import BadInput, Severity

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
SQUARE = [[116.48, 35.70], [116.49, 35.70], [116.49, 35.71], [116.48, 35.71], [116.48, 35.70]]
HOLE = [[116.483, 35.703], [116.484, 35.703], [116.484, 35.704], [116.483, 35.703]]


def kml(inner: str) -> bytes:
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inner}</Document></kml>'.encode()


def ring(points: list[list[float]]) -> str:
    text = " ".join(f"{lon},{lat},0" for lon, lat in points)
    return f"<LinearRing><coordinates>{text}</coordinates></LinearRing>"


OUTER = f"<outerBoundaryIs>{ring(SQUARE)}</outerBoundaryIs>"
INNER = f"<innerBoundaryIs>{ring(HOLE)}</innerBoundaryIs>"
POLYGON = f"<Polygon>{OUTER}{INNER}</Polygon>"
STACK = (
    "<Placemark><name>DA003</name><ExtendedData><Data name='height_m'><value>22</value></Data></ExtendedData>"
    "<Point><coordinates>116.485,35.705,0</coordinates></Point></Placemark>"
)


def test_the_demo_park_there_and_back(tmp_path: Path) -> None:
    park = read_park(assets_dir() / "demo-park.geojson").park
    write_park(park, tmp_path / "园区.geojson")
    assert read_park(tmp_path / "园区.geojson").park == park


@pytest.mark.parametrize("ending", [".kml", ".kmz"])
def test_a_park_from_kml(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"西区{ending}"
    data = kml(f"<Placemark><name>西区</name>{POLYGON}</Placemark>{STACK}")
    if ending == ".kmz":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("doc.kml", data)
    else:
        path.write_bytes(data)
    taken = read_park(path)
    assert taken.refused == ()
    assert len(taken.park.boundary.outer) == 4
    assert len(taken.park.boundary.holes) == 1
    assert [(o.code, o.height_m) for o in taken.park.outlets] == [("DA003", 22.0)]


@pytest.mark.parametrize("table", [False, True])
def test_a_park_from_a_shapefile(tmp_path: Path, table: bool) -> None:
    path = tmp_path / "park.shp"
    with shapefile.Writer(str(path)) as writer:
        writer.field("name", "C")
        writer.poly([SQUARE])
        writer.record("west")
    if not table:
        path.with_suffix(".dbf").unlink()
    assert len(read_park(path).park.boundary.outer) == 4
    path.with_suffix(".prj").write_text('PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["x"]]')
    with pytest.raises(BadInput, match="CGCS2000_3_Degree_GK_CM_117E"):
        read_park(path)


ROWS = [
    ["排放口编号", "经度", "纬度", "排气筒高度(m)", "企业名称", "污染物种类"],
    ["DA001", 116.480, 35.700, 15, "甲厂", "NMHC、苯"],
    ["DA002", 116.490, 35.700, 20, "甲厂", "NMHC"],
    ["DA003", 116.485, 35.710, None, "乙厂", None],
]


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".gbk.csv"])
def test_a_register_of_outlets(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"排口清单{ending}"
    if ending == ".xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.save(path)
    else:
        text = "\r\n".join(",".join("" if c is None else str(c) for c in row) for row in ROWS)
        path.write_bytes(text.encode("gb18030" if "gbk" in ending else "utf-8-sig"))
    taken = read_park(path)
    assert [(o.code, o.height_m) for o in taken.park.outlets] == [("DA001", 15.0), ("DA002", 20.0), ("DA003", 15.0)]
    assert taken.park.outlets[0].pollutants == ("NMHC", "苯")
    # The missing height was assumed, and the boundary: both are said.
    assert {p.rule for p in taken.refused} == {"park.assumed", "park.boundary"}


def test_columns_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no,X,Y\nDA001,116.48,35.7\nDA002,116.49,35.7\nDA003,116.48,35.71\n")
    with pytest.raises(BadInput, match="no column for code"):
        read_park(path)
    taken = read_park(path, columns={"code": "no", "lon_deg": "X", "lat_deg": "Y"})
    assert [o.code for o in taken.park.outlets] == ["DA001", "DA002", "DA003"]


def test_a_bad_row_is_named_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        "DA001,116.48,35.7,15",
        "DA002,35.7,116.49,15",
        "DA003,116.49,x,15",
        "DA004,116.485,35.71,15",
        "DA005,116.49,35.7,20",
    ]
    path.write_text("code,lon,lat,height\n" + "\n".join(rows))
    taken = read_park(path)
    assert [o.code for o in taken.park.outlets] == ["DA001", "DA004", "DA005"]
    errors = [p for p in taken.refused if p.rule == "park.feature"]
    assert [p.where for p in errors] == ["row 3", "row 4"]
    assert "swapped" in errors[0].text.en


def test_a_register_joins_a_park(tmp_path: Path) -> None:
    park = read_park(assets_dir() / "demo-park.geojson").park
    path = tmp_path / "a.csv"
    firm = park.enterprises[1]
    outlets = list(park.outlets)
    assert (outlets[3].code, outlets[3].enterprise) == ("DA004", firm.credit_code)
    outlets[3] = replace(outlets[3], height_m=27.5)
    park = replace(park, outlets=tuple(outlets))
    # One row; DA004 by its firm's name and without a height; DA001 of another firm; a bad row; a new outlet.
    rows = [
        "DA001,116.4868,35.7130,31,",
        f"DA004,116.4866,35.7110,,{firm.name}",
        f"DA002,116.4867,35.7111,18,{firm.credit_code}",
        "DA005,116.4867,,18,",
        "DA090,116°29′20″,北纬,20,",
        "DA091,116°29′20″,35度42分36秒,20,",
    ]
    path.write_text("code,lon,lat,height,enterprise\n" + "\n".join(rows), encoding="utf-8")
    taken = with_outlets(park, read_register(path))
    merged = {(o.code, o.enterprise): o for o in taken.park.outlets}
    assert len(merged) == len(taken.park.outlets) == len(park.outlets) + 2
    first = next(o for o in park.outlets if o.code == "DA001")
    # What the register does not say stays as it was on file.
    assert merged["DA001", first.enterprise].height_m == 31.0
    assert merged["DA001", first.enterprise].treatment_unit == first.treatment_unit
    assert merged["DA004", firm.credit_code].height_m == 27.5
    assert merged["DA004", firm.credit_code].lat_deg == 35.7110
    assert merged["DA091", ""].lat_deg == pytest.approx(35.71, abs=1e-9)
    assert merged["DA091", ""].lon_deg == pytest.approx(116 + 29 / 60 + 20 / 3600, abs=1e-9)
    assert [p.where for p in taken.refused if p.severity is Severity.ERROR] == ["row 5", "row 6"]
    assert [p for p in taken.refused if p.rule == "park.assumed"] == []


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_shifted_coordinates_come_out_in_wgs84(tmp_path: Path, datum: Datum) -> None:
    park = read_park(assets_dir() / "demo-park.geojson").park
    document = json.loads((assets_dir() / "demo-park.geojson").read_text(encoding="utf-8"))

    def shifted(coordinates: Any) -> Any:
        if isinstance(coordinates[0], list):
            return [shifted(inner) for inner in coordinates]
        lat, lon = from_wgs84(coordinates[1], coordinates[0], datum)
        return [float(lon), float(lat)]

    for feature in document["features"]:
        feature["geometry"]["coordinates"] = shifted(feature["geometry"]["coordinates"])
    path = tmp_path / "shifted.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    taken = read_park(path, datum=datum).park
    for outlet, true in zip(taken.outlets, park.outlets, strict=True):
        assert distance_m(outlet.lat_deg, outlet.lon_deg, true.lat_deg, true.lon_deg) < 0.1


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        (
            "a.kml",
            kml("<Placemark><name>x</name><Polygon><outerBoundaryIs/></Polygon></Placemark>"),
            "“x” has no coordin",
        ),
        ("a.kml", b"<kml><Document>", "not well-formed XML"),
        ("a.kml", kml(STACK), "no boundary"),
        ("a.kmz", b"nonsense", "not a whole zip"),
        ("a.shp", b"nonsense", "not a whole shapefile"),
        ("a.xlsx", b"nonsense", "not a table"),
        ("a.geojson", b"{", "not well-formed JSON"),
        ("a.docx", b"", "unknown kind of park file"),
    ],
)
def test_broken_park_files_get_a_sentence(tmp_path: Path, name: str, data: bytes, match: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput, match=match):
        read_park(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_real_park_files() -> None:
    osm = read_park(SHARED / "03_geo/osm_liechtenstein_industrial_A_bendern_nendeln.geojson")
    areas = len(osm.park.buildings) + len([p for p in osm.refused if p.rule == "park.boundary"])
    assert areas > 50
    layer = read_park(SHARED / "03_geo/nofly_finland_rajoitukset.geojson").park
    assert len(layer.airspaces) == 51
    timed = read_park(SHARED / "03_geo/nofly_finland_sup_temporary.geojson").park.airspaces
    assert all(a.begins_utc and a.ends_utc for a in timed)
    folder = SHARED / "01_missions/kml_shp"
    for name in ("PolygonGood.kml", "PolygonAreaTest.kml", "MP 19.shp"):
        assert len(read_park(folder / name).park.boundary.outer) >= 3
    for name in ("PolygonBadXml.kml", "PolygonBadCoordinatesNode.kml"):
        with pytest.raises(BadInput):
            read_park(folder / name)
