"""The database by what goes in and comes out, on SQLite and on a real PostgreSQL."""

import math
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from dronesampler.clock import FakeClock
from dronesampler.columns import Track, Wind
from dronesampler.geo import Place, Polygon
from dronesampler.journal import first_break
from dronesampler.mission import Circle, Fence, Item, Mission, PolygonFence
from dronesampler.park import Enterprise, Outlet, Park
from dronesampler.problems import BadInput, Refused
from dronesampler.store import (
    ImportedFile,
    JournalRow,
    Kind,
    Media,
    PlacedRow,
    PlanStage,
    ReadingColumns,
    ReadingRow,
    RejectedRow,
    State,
    Store,
    TrackRow,
    WindRow,
    chunks,
    schema,
)
from dronesampler.store.tables import metadata
from dronesampler.texts import Text

SQUARE = Polygon(((35.0, 116.0), (35.0, 116.1), (35.1, 116.1)), holes=(((35.01, 116.01), (35.01, 116.02)),))
PARK = Park(
    "示范园区",
    SQUARE,
    name_en="Demo park",
    enterprises=(Enterprise("91370000000000000X", "甲厂", area=SQUARE),),
    outlets=(Outlet("DA001", 35.05, 116.05, 15.0, pollutants=("NMHC", "苯"), limit_g_s=None),),
    home=(35.02, 116.03),
    simulated=True,
)
MISSION = Mission(
    "transects",
    (Item(22, 35.0, 116.0, 30.0), Item(16, 35.0, 116.1, 30.0, params=(2.0, 0.0, 0.0, math.nan), note="DA001")),
    home=Place(35.0, 116.0, 20.0),
    fence=Fence((PolygonFence(SQUARE),), (Circle(35.0, 116.0, 500.0),)),
    settings=(("spacing", "30"),),
)


def open_store(database: Path | str) -> Store:
    return Store.open(database, clock=FakeClock())


def columns(
    count: int, *, quantity: str = "NMHC", instrument: str = "pid-1", simulated: bool = False
) -> ReadingColumns:
    k = np.arange(count, dtype=float)
    return ReadingColumns(
        instrument=instrument,
        quantity=quantity,
        unit="ppm",
        time_s=1.8e9 + k,
        raw_value=np.where(k % 7 == 3, np.nan, k),
        value_mg_m3=np.where(k % 7 == 3, np.nan, k * 2.5),
        lat_deg=35.0 + k * 1e-6,
        lon_deg=116.0 + k * 1e-6,
        height_agl_m=np.full(count, 30.0),
        ok=k % 7 != 3,
        flags=["gap" if i % 7 == 3 else "" for i in range(count)],
        raw=[b"row %d" % i for i in range(count)],
        simulated=simulated,
    )


def test_opens_twice_and_keeps_the_patrol(database: Path | str) -> None:
    with open_store(database) as store, store.transaction() as batch:
        begun = batch.begin_patrol("夜巡", source="udpin:127.0.0.1:14550", aircraft="abc", simulated=True)
    with open_store(database) as store:
        assert store.patrols() == (begun,)
        assert store.patrol("last") == store.patrol(begun.id) == store.patrol(begun.uuid) == begun
        assert store.patrol(begun.uuid[:8]) == begun
        assert (begun.name, begun.kind, begun.state, begun.simulated) == ("夜巡", Kind.LIVE, State.OPEN, True)


def test_unknown_patrols_are_bad_input(database: Path | str) -> None:
    with open_store(database) as store:
        with pytest.raises(BadInput, match="no patrol on file yet"):
            store.patrol("last")
        with store.transaction() as batch:
            batch.begin_patrol("one")
        for name in ("99", "ffffffff", "it's", "%", "'; DROP TABLE patrol", ""):
            with pytest.raises(BadInput, match="There is no patrol"):
                store.patrol(name)
        with pytest.raises(BadInput, match="no readings of 'ozone'"):
            store.readings("last", "ozone")
        with pytest.raises(BadInput, match="no park"):
            store.park("nowhere")


def test_park_and_plans_come_back_as_they_were(database: Path | str) -> None:
    with open_store(database) as store:
        with store.transaction() as batch:
            park_id = batch.put_park(PARK)
            assert batch.put_park(PARK) == park_id
            patrol = batch.begin_patrol("one", park_id=park_id)
            planned = batch.put_plan(patrol.id, PlanStage.AS_PLANNED, MISSION)
            sent = batch.put_plan(patrol.id, PlanStage.AS_SENT, Mission("shorter", MISSION.items[:1]))
        assert store.park(park_id) == store.park("示范园区") == PARK
        assert [p.name for p in store.parks()] == ["示范园区"]
        assert store.plan(patrol, PlanStage.AS_READ_BACK) is None
        back = store.plan(patrol, PlanStage.AS_PLANNED)
        assert back is not None
        assert repr(back) == repr(MISSION)  # NaN is not equal to itself
        assert planned != sent
        assert {e.body["sha256"] for e in store.journal(patrol) if e.kind == "plan stored"} == {planned, sent}


def test_records_come_back_raw_and_placed(database: Path | str) -> None:
    first = ReadingRow(
        0, "pid", "NMHC", 1.25, "ppm", 1_800_000_000_123_456, 99, "1/25", 7, 1.8e9, 12.5, 0, b"\x00\xff", True
    )
    second = ReadingRow(1, "pid", "NMHC", None, "ppm", 1_800_000_001_000_000, component="1/25", simulated=True)
    placed = PlacedRow(0, 1.8e9 - 3.0, 35.0, 116.0, 29.5, 3.0, 30.0, 0.8, True, "humid late", "9.9")
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            batch.put_records(patrol.id, [first, second, placed])
            assert batch.next_seq(patrol.id) == 2
        assert list(store.reading_rows(patrol)) == [(first, placed), (second, None)]
        (stream,) = store.streams(patrol)
        assert (stream.instrument, stream.component, stream.unit, stream.simulated) == ("pid", "1/25", "ppm", True)


def test_track_and_wind_come_back_in_the_order_of_time(database: Path | str) -> None:
    nan = math.nan
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            later = Track(*(np.array([v]) for v in (20.0, 35.0, 116.0, 10.0, nan, 90.0, 5.0)))
            batch.add_track(patrol.id, later)
            batch.put_records(patrol.id, [TrackRow(10.0, 35.1, nan, 12.0), WindRow(5.0, 270.0, 3.0, source="WIND_COV")])
            batch.add_wind(patrol.id, Wind(*(np.array([v]) for v in (1.0, 180.0, nan, 10.0))), source="anemometer")
        track, wind = store.track(patrol), store.wind(patrol)
        assert track.time_s.tolist() == [10.0, 20.0]
        assert np.isnan(track.lon_deg[0])
        assert track.heading_deg[1] == 90.0
        assert wind.from_deg.tolist() == [180.0, 270.0]
        assert np.isnan(wind.speed_m_s[0])


@pytest.mark.parametrize("count", [0, 1, chunks.CHUNK_ROWS, chunks.CHUNK_ROWS * 2 + 77])
def test_columns_say_what_the_rows_say(database: Path | str, count: int) -> None:
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one", kind=Kind.IMPORT)
            batch.add_readings(patrol.id, columns(count, simulated=True))
            ended = batch.end_patrol(patrol.id, messages=5)
        found = store.readings(patrol)
        rows = [placed for _, placed in store.reading_rows(patrol) if placed is not None]
        assert len(found) == len(rows) == count == ended.counts["readings"]
        assert ended.counts["messages"] == 5
        assert found.seq.tolist() == [r.seq for r in rows]
        for name in ("time_s", "lat_deg", "lon_deg", "height_agl_m", "value_mg_m3", "position_error_m"):
            np.testing.assert_array_equal(getattr(found, name), np.array([getattr(r, name) for r in rows]))
        assert found.ok.tolist() == [r.ok for r in rows]
        assert found.simulated
        assert store.journal(patrol)[-1].body["rows"] == count


def test_rows_that_no_chunk_covers_are_not_missed(database: Path | str) -> None:
    """As after a crash: chunks stop somewhere, rows go on, some of them from an earlier time."""
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            batch.add_readings(patrol.id, columns(chunks.CHUNK_ROWS + 10))
            late = ReadingRow(90_000, "pid-1", "NMHC", 5.0, "ppm", 1)
            batch.put_records(patrol.id, [late, PlacedRow(90_000, 1.0, 35.0, 116.0, 30.0, 5.0)])
        found = store.readings(patrol)
        assert len(found) == chunks.CHUNK_ROWS + 11
        assert found.seq[0] == 90_000
        with store.transaction() as batch:
            batch.place_again(patrol.id)
            batch.put_records(patrol.id, [PlacedRow(90_000, 2.0, 35.5, 116.0, 30.0, 5.0)])
        assert store.readings(patrol).lat_deg.tolist() == [35.5]
        assert sum(1 for _ in store.reading_rows(patrol)) == chunks.CHUNK_ROWS + 11


def test_the_fullest_stream_is_taken_unless_one_is_named(database: Path | str) -> None:
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            batch.add_readings(patrol.id, columns(3, quantity="H2S", instrument="b"))
            batch.add_readings(patrol.id, columns(9))
            batch.add_readings(patrol.id, columns(4, instrument="spare"))
        assert (len(store.readings(patrol)), store.readings(patrol).instrument) == (9, "pid-1")
        assert len(store.readings(patrol, "H2S")) == 3
        assert len(store.readings(patrol, instrument="spare")) == 4
        assert [r.seq for r, _ in store.reading_rows(patrol)] == list(range(16))


def test_a_broken_import_leaves_the_database_as_it_was(database: Path | str) -> None:
    with open_store(database) as store:
        with pytest.raises(ZeroDivisionError), store.transaction() as batch:
            patrol = batch.begin_patrol("broken", kind=Kind.IMPORT)
            batch.put_park(PARK)
            batch.add_readings(patrol.id, columns(5000))
            batch.put_import(ImportedFile("0" * 64, "a.csv", "csv"), patrol_id=patrol.id)
            raise ZeroDivisionError
        assert (store.patrols(), store.parks(), store.imports()) == ((), (), ())


def test_a_file_taken_in_twice_is_noticed(database: Path | str) -> None:
    rejected = (RejectedRow("row 7", Text("逗号太多", "too many commas")),)
    with open_store(database) as store:
        assert store.imports(sha256="a" * 64) == ()
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one", kind=Kind.IMPORT)
            batch.put_import(ImportedFile("a" * 64, "日志.csv", "gas log", rejected, {"rows": 8}), patrol_id=patrol.id)
        (known,) = store.imports(sha256="a" * 64)
        assert (known.name, known.rejected, known.details, known.patrol_id) == (
            "日志.csv",
            rejected,
            {"rows": 8},
            patrol.id,
        )
        assert store.imports(patrol) == (known,)
        assert store.imports(sha256="b" * 64) == ()


def test_findings_packets_and_media_are_kept_with_their_origin(database: Path | str) -> None:
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            batch.put_findings(patrol.id, {"suspected": [{"lat_deg": 35.0}]}, parameters={"background": "rolling"})
            batch.put_packet(patrol.id, path="packets/a.zip", sha256="c" * 64, verified=True)
            batch.put_media(patrol.id, Media("d" * 64, "media/a.jpg", "photo", 1.8e9, {"note": "屋顶"}))
            with pytest.raises(ValueError, match="not JSON compliant"):
                batch.put_findings(patrol.id, {"rate": math.nan})
        (finding,) = store.findings(patrol)
        assert finding.analysis == {"suspected": [{"lat_deg": 35.0}]}
        assert finding.parameters == {"background": "rolling"}
        assert [(p.sha256, p.verified) for p in store.packets(patrol)] == [("c" * 64, True)]
        assert (
            store.media() == store.media(patrol) == (Media("d" * 64, "media/a.jpg", "photo", 1.8e9, {"note": "屋顶"}),)
        )


def test_the_journal_is_a_chain_and_cannot_be_changed(database: Path | str) -> None:
    with open_store(database) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("one")
            batch.put_records(patrol.id, [JournalRow(1.0, "said", {"text": "起飞", "height_m": math.nan})])
            batch.note(patrol.id, "note", {"n": 1})
            batch.add_readings(patrol.id, columns(2))
        entries = store.journal(patrol)
        assert [e.kind for e in entries] == ["patrol begun", "said", "note"]
        assert entries[1].body["height_m"] == "NaN"
        assert first_break(entries) is None
        for table in ("journal_entry", "reading_raw"):
            for statement in (f"UPDATE {table} SET seq = seq + 1", f"DELETE FROM {table}"):
                with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
                    connection.exec_driver_sql(statement)
        assert store.journal(patrol) == entries


def test_the_migrations_make_the_tables_that_the_program_knows(database: Path | str) -> None:
    with open_store(database) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_list_of_revisions_is_that_of_the_files() -> None:
    script = ScriptDirectory.from_config(schema.alembic_config())
    assert tuple(r.revision for r in reversed(list(script.walk_revisions()))) == schema.REVISIONS


def old_database(file: Path) -> None:
    """A database as the program's first revision left it, with a patrol in it."""
    from alembic import command

    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = schema.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO patrol VALUES (1, 'u', 'old', 'live', '', 1.0, NULL, 0, 1.0, '', NULL, 'open', '{}')"
        )
    engine.dispose()


def test_an_old_database_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    old_database(tmp_path / "dronesampler.sqlite")
    with open_store(tmp_path) as store:
        assert [p.name for p in store.patrols()] == ["old"]
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT name FROM patrol").fetchall() == [("old",)]
    with open_store(tmp_path):
        assert len(list((tmp_path / "backups").iterdir())) == 1


def test_an_older_program_refuses_a_newer_database(database: Path | str) -> None:
    with open_store(database) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
        connection.exec_driver_sql("UPDATE program SET value = '7.0'")
    with pytest.raises(Refused, match=r"newer dronesampler \(7.0\)"):
        open_store(database)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_what_is_no_database_is_bad_input_and_stays_as_it_was(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(content)
    with pytest.raises(BadInput, match="cannot be opened"):
        open_store(file)
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    with pytest.raises(BadInput, match="another program"):
        open_store(tmp_path / "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_place_that_cannot_be_a_folder_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be"):
        open_store(tmp_path / "file")
    with pytest.raises(BadInput, match="cannot be"):
        open_store(tmp_path / "file" / "deeper")


def test_sqlite_is_set_to_survive_a_power_cut(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.engine.connect() as connection:
        found = {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")}
        assert found == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
