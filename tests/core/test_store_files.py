"""Readings as files, and backups with the way back."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dronesampler.cli import main
from dronesampler.clock import FakeClock
from dronesampler.desk.backup import Restored, back_up, restore
from dronesampler.desk.readings import write_readings
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Kind, Mirror, PlacedRow, ReadingRow, Recorder, Store
from dronesampler.store.files.rows import COLUMNS, iso

NAN = float("nan")


def quiet(_line: str) -> None:
    """Progress that nobody watches."""


def reading(seq: int, *, quantity: str = "NMHC", instrument: str = "探头<1>", simulated: bool = True) -> ReadingRow:
    arrival_us = 1_800_000_000_500_000 + seq * 1_000_000
    return ReadingRow(seq, instrument, quantity, 0.1 * seq, "ppm", arrival_us, simulated=simulated)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a patrol of six readings: one without a pose, one of another quantity, one not placed."""
    folder = tmp_path / "data"
    with Store.open(folder, clock=FakeClock()) as store, store.transaction() as batch:
        patrol = batch.begin_patrol("夜巡 & <1>", simulated=True)
        batch.put_records(patrol.id, [reading(k) for k in range(4)])
        batch.put_records(patrol.id, [reading(4, quantity="H2S", instrument="=cmd|'/c calc'!A1"), reading(5)])
        batch.put_records(
            patrol.id,
            [PlacedRow(k, 1.8e9 + k, 35.0 + k / 1e5, 116.0, 30.0, 0.3 * k, flags="humid") for k in (0, 1, 2)],
        )
        batch.put_records(patrol.id, [PlacedRow(3, 1.8e9 + 3, NAN, NAN, NAN, NAN, ok=False, flags="no-pose")])
        batch.put_records(patrol.id, [PlacedRow(4, 1.8e9 + 4, 35.0, 116.0, NAN, 5.0)])
    for name, content in (("raw/u/0.tlog", b"\xfd" * 999), ("media/屋顶.jpg", b"jpeg"), ("keys/device.pem", b"secret")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
    return folder


def test_csv_holds_every_reading_raw_and_placed(data: Path, tmp_path: Path) -> None:
    done = write_readings(data, "last", tmp_path / "r.csv")
    assert (done.rows, done.without_place, done.simulated) == (6, 0, True)
    content = (tmp_path / "r.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [int(r["seq"]) for r in rows] == list(range(6))
    assert list(rows[0]) == list(COLUMNS)
    assert {r["simulated"] for r in rows} == {"SIMULATED"}
    assert (rows[2]["lat_deg"], rows[2]["value_mg_m3"], rows[2]["ok"]) == ("35.00002", "0.6", "1")
    assert rows[2]["time_utc"] == "2027-01-15T08:00:02.000+00:00"
    assert rows[2]["arrival_utc"] == "2027-01-15T08:00:02.500+00:00"
    assert (rows[3]["lat_deg"], rows[3]["value_mg_m3"], rows[3]["flags"]) == ("", "", "no-pose")
    assert (rows[5]["time_utc"], rows[5]["flags"], rows[5]["ok"]) == ("", "not-placed", "0")
    assert rows[4]["instrument"] == "'=cmd|'/c calc'!A1"


def test_geojson_keeps_readings_without_a_place(data: Path, tmp_path: Path) -> None:
    write_readings(data, "1", tmp_path / "r.geojson", quantity="NMHC")
    found = json.loads((tmp_path / "r.geojson").read_text("utf-8"))
    assert found["simulated"] is True
    assert "SIMULATED" in found["name"]
    points = [f["geometry"] and f["geometry"]["coordinates"] for f in found["features"]]
    assert points == [[116.0, 35.0], [116.0, 35.00001], [116.0, 35.00002], None, None]
    assert found["features"][1]["properties"]["instrument"] == "探头<1>"
    assert all(f["properties"]["simulated"] == "SIMULATED" for f in found["features"])


def test_kml_and_gpx_are_sound_xml_and_say_what_they_leave_out(data: Path, tmp_path: Path) -> None:
    for ending, tag in (
        (".kml", "{http://www.opengis.net/kml/2.2}Placemark"),
        (".gpx", "{http://www.topografix.com/GPX/1/1}wpt"),
    ):
        done = write_readings(data, "last", tmp_path / f"r{ending}")
        assert (done.rows, done.without_place) == (4, 2)
        root = ElementTree.fromstring((tmp_path / f"r{ending}").read_bytes())
        places = list(root.iter(tag))
        assert len(places) == 4
        assert all("SIMULATED" in "".join(place.itertext()) for place in places)
        assert "夜巡 & <1> [模拟数据 / SIMULATED]" in "".join(root.itertext())


def test_parquet_holds_the_same_or_says_what_to_install(data: Path, tmp_path: Path) -> None:
    try:
        import pyarrow.parquet as parquet
    except ModuleNotFoundError:
        with pytest.raises(BadInput, match=r"dronesampler\[parquet\]"):
            write_readings(data, "last", tmp_path / "r.parquet")
        return
    assert write_readings(data, "last", tmp_path / "r.parquet").rows == 6
    table = parquet.read_table(tmp_path / "r.parquet")
    assert table.column("seq").to_pylist() == list(range(6))
    assert table.column("value_mg_m3").to_pylist()[3] is None
    assert set(table.column("simulated").to_pylist()) == {"SIMULATED"}


def test_files_that_cannot_be_written_say_so_and_leave_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "taken.csv").mkdir()
    for name, kind in (("r.xls", BadInput), ("r", BadInput), ("nowhere/r.csv", BadInput), ("taken.csv", Refused)):
        with pytest.raises(kind):
            write_readings(data, "last", tmp_path / name)
    with pytest.raises(BadInput, match=r"no readings of 'ozone'.*H2S, NMHC"):
        write_readings(data, "last", tmp_path / "old.csv", quantity="ozone")
    assert (tmp_path / "old.csv").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "old.csv", "taken.csv"]


@pytest.mark.parametrize(
    ("unix_s", "text"), [(None, None), (NAN, None), (1e300, None), (-1.5, "1969-12-31T23:59:58.500+00:00")]
)
def test_times_no_calendar_knows_are_left_out(unix_s: float | None, text: str | None) -> None:
    assert iso(unix_s) == text


def backup_of(data: Path, tmp_path: Path, *, keys: bool = False) -> Path:
    return back_up(data, tmp_path / "stick", clock=FakeClock(), progress=quiet, keys=keys).folder


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_backup_comes_back_as_it_was(data: Path, tmp_path: Path) -> None:
    backup = backup_of(data, tmp_path)
    assert names(backup) == {"dronesampler.sqlite", "raw/u/0.tlog", "media/屋顶.jpg", "backup.json", "SHA256SUMS"}
    done = restore(backup, tmp_path / "new", clock=FakeClock())
    assert isinstance(done, Restored)
    assert (done.patrols, done.kept_aside) == (1, None)
    with Store.open(data) as old, Store.open(tmp_path / "new") as new:
        assert new.patrols() == old.patrols()
        assert repr(list(new.reading_rows("last"))) == repr(list(old.reading_rows("last")))
        assert new.journal("last") == old.journal("last")
    assert (tmp_path / "new/media/屋顶.jpg").read_bytes() == b"jpeg"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_other_programs_can_check_a_backup(data: Path, tmp_path: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=backup_of(data, tmp_path), check=True, timeout=60
    )


def test_a_backup_during_recording_is_whole(data: Path, tmp_path: Path) -> None:
    with Store.open(data, clock=FakeClock()) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live")
        recorder = Recorder(store, patrol.id, on_failure=lambda reason: pytest.fail(str(reason)))
        for k in range(3000):
            recorder.put(reading(k))
            if k == 1500:
                backup = backup_of(data, tmp_path)
        recorder.close()
    restore(backup, tmp_path / "new", clock=FakeClock())
    with Store.open(tmp_path / "new") as store:
        rows = [raw.seq for raw, _ in store.reading_rows(patrol.id)]
        assert rows == list(range(len(rows)))


def test_restore_does_not_overwrite_and_keeps_the_old_data_aside(data: Path, tmp_path: Path) -> None:
    backup = backup_of(data, tmp_path)
    with Store.open(data, clock=FakeClock()) as store, store.transaction() as batch:
        batch.begin_patrol("since then")
    with pytest.raises(Refused, match="--replace"):
        restore(backup, data, clock=FakeClock())
    done = restore(backup, data, clock=FakeClock(), replace=True)
    assert isinstance(done, Restored)
    assert done.kept_aside is not None
    with Store.open(data) as now, Store.open(done.kept_aside) as before:
        assert [len(now.patrols()), len(before.patrols())] == [1, 2]
    assert (data / "keys/device.pem").read_bytes() == b"secret"  # a backup without keys takes none away


def test_keys_are_copied_only_when_asked_for(data: Path, tmp_path: Path) -> None:
    assert "keys/device.pem" not in names(backup_of(data, tmp_path))
    assert "keys/device.pem" in names(backup_of(data, tmp_path, keys=True))
    assert len(list((tmp_path / "stick").iterdir())) == 2


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda b: flip(b / "dronesampler.sqlite"), "dronesampler.sqlite was changed"),
        (lambda b: flip(b / "media/屋顶.jpg"), "was changed"),
        (lambda b: (b / "raw/u/0.tlog").unlink(), "raw/u/0.tlog is missing"),
        (lambda b: (b / "raw/u/1.tlog").write_bytes(b"x"), "raw/u/1.tlog was added"),
        (lambda b: flip(b / "SHA256SUMS"), "damaged"),
    ],
)
def test_a_damaged_backup_is_not_restored(data: Path, tmp_path: Path, damage: object, said: str) -> None:
    backup = backup_of(data, tmp_path)
    assert callable(damage)
    damage(backup)
    before = {name: (data / name).read_bytes() for name in names(data)}
    with pytest.raises(Refused, match=said):
        restore(backup, data, clock=FakeClock(), replace=True)
    assert {name: (data / name).read_bytes() for name in names(data)} == before


def test_what_is_no_backup_is_bad_input(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no backup"):
        restore(data, tmp_path / "new", clock=FakeClock())
    with pytest.raises(BadInput, match="does not exist"):
        restore(tmp_path / "nothing", tmp_path / "new", clock=FakeClock())
    (tmp_path / "stick").write_text("")
    with pytest.raises(BadInput, match="it is a file"):
        backup_of(data, tmp_path)
    with pytest.raises(BadInput, match="nothing to back up"):
        backup_of(tmp_path / "nothing", tmp_path)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_program_leaves_the_data_alone(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "later")
    with closing(sqlite3.connect(tmp_path / "later/dronesampler.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    backup = backup_of(tmp_path / "later", tmp_path)
    with pytest.raises(Refused, match="newer dronesampler"):
        restore(backup, data, clock=FakeClock(), replace=True)
    with Store.open(data) as store:
        assert len(store.patrols()) == 1


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may write anywhere; Windows has no modes")
def test_a_target_that_cannot_be_written_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir(mode=0o500)
    with pytest.raises(Refused, match="failed"):
        backup_of(data, tmp_path)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, object] = json.loads(line)
    return found


def test_the_verbs(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--json", "--data"]
    assert main(["readings", "last", "-o", str(tmp_path / "r.csv"), *options, str(data)]) == 0
    assert said(capsys) == {
        "outcome": "done",
        "patrol": 1,
        "file": str(tmp_path / "r.csv"),
        "readings": 6,
        "without_place": 0,
        "simulated": True,
    }
    assert main(["readings", "7", "-o", str(tmp_path / "r.csv"), *options, str(data)]) == 2
    assert said(capsys)["outcome"] == "bad input"
    assert main(["backup", str(tmp_path / "stick"), *options, str(data)]) == 0
    backup = str(said(capsys)["backup"])
    assert main(["restore", backup, *options, str(data)]) == 1
    assert said(capsys)["outcome"] == "refused"
    assert main(["restore", backup, *options, str(tmp_path / "new")]) == 0
    assert said(capsys)["patrols"] == 1
    with Store.open(data) as store:
        copy = Mirror(tmp_path, store.patrol("last"))
        copy.append([reading(6)])
        copy.close()
    assert main(["restore", str(copy.path), *options, str(tmp_path / "new")]) == 0
    assert said(capsys) == {"outcome": "done", "patrol": 1, "added": 1, "known": 0, "broken_lines": 0}


def test_a_patrol_says_what_it_is(data: Path) -> None:
    with Store.open(data) as store:
        assert (store.patrol("last").kind, store.patrol("last").simulated) == (Kind.LIVE, True)
