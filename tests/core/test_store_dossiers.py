"""Dossiers: chains of their own that can only grow, and that the patrol's journal names entry by entry."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dronesampler.casework.record import ENTERED
from dronesampler.clock import FakeClock
from dronesampler.journal import first_break
from dronesampler.problems import BadInput
from dronesampler.store import Store, archive, schema


def filled(database: Path | str) -> Store:
    store = Store.open(database, clock=FakeClock())
    with store.transaction() as batch:
        patrol = batch.begin_patrol("夜巡", simulated=True)
        one = batch.open_dossier("sample", "S-1", patrol_id=patrol.id, simulated=True)
        two = batch.open_dossier("sample", "S-2", patrol_id=patrol.id, simulated=True)
        batch.append_entry(one, "sample taken", {"number": "S-1"})
        batch.append_entry(two, "sample taken", {"number": "S-2"})
        batch.append_entry(one, "sample noted", {"note": "放入冷藏箱"})
    return store


def test_entries_come_back_chained_and_named_in_the_journal(database: Path | str) -> None:
    with filled(database) as store:
        one, two = store.dossiers("sample", "last")
        assert (one.number, two.number, one.simulated) == ("S-1", "S-2", True)
        assert [e.kind for e in one.entries] == ["sample taken", "sample noted"]
        assert [first_break(d.entries) for d in (one, two)] == [None, None]
        noted = [e.body for e in store.journal("last") if e.kind == ENTERED]
        assert [(n["number"], n["seq"]) for n in noted] == [("S-1", 0), ("S-2", 0), ("S-1", 1)]
        assert [n["digest"] for n in noted] == [
            one.entries[0].digest(),
            two.entries[0].digest(),
            one.entries[1].digest(),
        ]
        assert store.dossier("sample", "S-2") == two
        assert store.dossiers("sample") == (one, two)
        assert store.dossiers("case") == ()


def test_a_number_is_given_once(database: Path | str) -> None:
    with filled(database) as store:
        with pytest.raises(BadInput, match="taken"), store.transaction() as batch:
            batch.open_dossier("sample", "S-1", patrol_id=1, simulated=True)
        with store.transaction() as batch:
            batch.open_dossier("case", "S-1", patrol_id=1, simulated=True)
            assert batch.dossier_numbers("sample") == ("S-1", "S-2")
        with pytest.raises(BadInput, match="no record"):
            store.dossier("sample", "S-3")


def test_the_database_refuses_changes(database: Path | str) -> None:
    with filled(database) as store:
        for change in ("UPDATE dossier_entry SET body = '{}'", "DELETE FROM dossier_entry"):
            with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
                connection.execute(text(change))
        assert len(store.dossier("sample", "S-1").entries) == 2


def test_a_database_of_the_revision_before_is_brought_up(tmp_path: Path) -> None:
    """What it held stays, a copy is made first, and the new tables are there."""
    Store.open(tmp_path, clock=FakeClock()).close()
    with closing(sqlite3.connect(tmp_path / "dronesampler.sqlite")) as connection:
        connection.executescript(
            "DROP TABLE dossier_entry; DROP TABLE dossier; UPDATE alembic_version SET version_num = '0002'"
        )
    with filled(tmp_path) as store:
        assert len(store.dossiers("sample")) == 2
    assert len(list((tmp_path / "backups").glob("before-migration-from-0002-*.sqlite"))) == 1
    with closing(sqlite3.connect(tmp_path / "dronesampler.sqlite")) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found == (schema.REVISIONS[-1],)


def test_a_backup_brings_dossiers_and_their_files_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with filled(data) as store:
        before = store.dossiers("sample")
    (data / "media" / "lab").mkdir(parents=True)
    (data / "media" / "lab" / "报告.pdf").write_bytes(b"%PDF-1.7 as received")
    made = archive.back_up(data, tmp_path / "usb", clock=FakeClock(), progress=lambda _: None)
    archive.restore(made.folder, tmp_path / "back", clock=FakeClock())
    with Store.open(tmp_path / "back", clock=FakeClock()) as store:
        assert store.dossiers("sample") == before
    assert (tmp_path / "back" / "media" / "lab" / "报告.pdf").read_bytes() == b"%PDF-1.7 as received"
