"""JSON nested without end and cells without end: every reader of what users bring refuses them in a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dronesampler.desk.bench_folder import read_folder
from dronesampler.desk.importing import Request, import_files
from dronesampler.desk.judge import read_values
from dronesampler.desk.look_next import write_second_look
from dronesampler.desk.planning import read_approval
from dronesampler.mission.files import read_mission
from dronesampler.park.files import read_park
from dronesampler.plan import read_aircraft
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_value

DEEPEST = "[" * 100_000
DEEP = "[" * 300 + "]" * 300  # whole, and still deeper than a function that calls itself should go
CELL = "lat_deg,lon_deg,height_m\n35.7,116.4,20\n35.7,116.4," + "9" * 300_000 + "\n"


def imported(path: Path) -> None:
    import_files(Request((path,), path.parent / "data"))


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "mission": ("a.plan", read_mission),
    "mission as geojson": ("a.geojson", read_mission),
    "park": ("a.geojson", read_park),
    "import": ("a.json", imported),
    "import of a park": ("b.geojson", imported),
    "analysis": ("a.json", read_values),
    "next": ("a.json", lambda path: write_second_look(path, path.with_suffix(".plan"))),
    "approval": ("a.json", read_approval),
    "aircraft": ("a.json", read_aircraft),
}


@pytest.mark.parametrize("what", READERS)
@pytest.mark.parametrize("text", [DEEPEST, DEEP, '{"type": "Feature", "a": ' + DEEP + "}", '{"a": ' * 50_000])
def test_nesting_without_end_is_refused(tmp_path: Path, what: str, text: str) -> None:
    name, read = READERS[what]
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput):
        read(tmp_path / name)


def test_what_is_wrong_with_json_is_said() -> None:
    assert json_value(b'\xef\xbb\xbf{"a": [1]}') == {"a": [1]}
    for text, match in (
        ('{"a": 1,\n "b" 2}', "line 2, character 6"),
        (DEEP, "nested more than 64"),
        (DEEPEST, "nested more"),
        (b"\xff\xfe\xfd", "UTF-8"),
    ):
        with pytest.raises(BadInput, match=match):
            json_value(text)


@pytest.mark.parametrize("read", [read_mission, imported])
def test_a_cell_without_end_is_refused_by_its_line(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / "a.csv").write_text(CELL)
    with pytest.raises(BadInput, match="line 3"):
        read(tmp_path / "a.csv")
    assert not (tmp_path / "data").exists()


def test_a_register_with_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,lat,lon\nDA001,35.7," + "9" * 300_000 + "\n")
    with pytest.raises(BadInput, match="line 2"):
        read_park(tmp_path / "a.csv")


def test_a_folder_of_the_plain_format_with_hostile_files(tmp_path: Path) -> None:
    (tmp_path / "instrument.json").write_text(DEEPEST)
    (tmp_path / "outlets.csv").write_text("code,lat_deg,lon_deg,height_m\n")
    head = "time_s,lat_deg,lon_deg,height_agl_m,value_mg_m3\n"
    (tmp_path / "readings.csv").write_text(head + "0,35.7,116.4,20,0.1\n")
    with pytest.raises(BadInput, match="nested"):
        read_folder(tmp_path)
    (tmp_path / "readings.csv").write_text(head + "0,35.7,116.4,20," + "1" * 200_000 + "\n")
    with pytest.raises(BadInput, match="line 2"):
        read_folder(tmp_path)
    (tmp_path / "readings.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        read_folder(tmp_path)


GAS = "time,latitude,longitude,height agl (m),NMHC (mg/m3)\n"


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("a.csv", GAS + "2026-05-31T09:00:00Z,35.7,116.4,25,nan\n2026-05-31T09:00:01Z,35.7,116.4,25,1e400\n", "NMHC"),
        ("a.csv", GAS + "9999-05-31T09:00:00Z,35.7,116.4,25,0.4\n9999-05-31T09:00:01Z,35.7,116.4,25,0.5\n", "2100"),
        ("a.srt", "1\n00:00:00,000 --> 00:00:00,033\n<font size=28>SrtCnt : 1, Dif", "block 1"),
    ],
)
def test_files_with_nothing_usable_make_no_patrol(tmp_path: Path, name: str, text: str, match: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match=match):
        imported(tmp_path / name)
    assert not (tmp_path / "data").exists()
