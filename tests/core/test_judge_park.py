"""A patrol that was flown or imported without a park is judged against one on file, which is put on record."""

import json
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.geo import Polygon
from dronesampler.park import Park
from dronesampler.store import Store

BOUNDARY = Polygon(((35.70, 116.48), (35.70, 116.49), (35.71, 116.49), (35.71, 116.48)))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two parks and two patrols, of which neither is of a park."""
    with Store.open(tmp_path) as store, store.transaction() as batch:
        batch.put_park(Park("west", BOUNDARY))
        batch.put_park(Park("east", BOUNDARY))
        for name in ("morning", "noon"):
            made = batch.begin_patrol(name, started_unix_s=1000.0, simulated=True)
            batch.end_patrol(made.id, ended_unix_s=1100.0)
    return tmp_path


def attribute(data: Path, *words: str) -> int:
    return main(["--data", str(data), "--lang", "en", "attribute", *words])


def parks_of(data: Path) -> list[str]:
    with Store.open(data) as store:
        ids = [store.patrol(number).park_id for number in (1, 2)]
        return [store.park(number).name if number is not None else "" for number in ids]


def test_patrols_are_filed_under_the_park_that_is_named_and_the_journal_tells(data: Path) -> None:
    assert attribute(data, "1", "--park", "east") == 0
    assert parks_of(data) == ["east", ""]
    with Store.open(data) as store:
        assert [entry.kind for entry in store.journal(1)].count("patrol changed") == 1


def test_a_newer_register_of_the_same_park_takes_the_older_ones_place(data: Path) -> None:
    attribute(data, "1", "--park", "east")
    with Store.open(data) as store, store.transaction() as batch:
        newer = batch.put_park(Park("east", BOUNDARY, home=(35.705, 116.485)))
    assert attribute(data, "1", "--park", "east") == 0
    with Store.open(data) as store:
        assert store.patrol(1).park_id == newer


def test_a_patrol_of_another_park_is_refused_and_nothing_is_changed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attribute(data, "1", "--park", "east")
    assert attribute(data, "2", "1", "--park", "west") == 1
    assert "east" in capsys.readouterr().err
    assert parks_of(data) == ["east", ""]


def test_unknown_parks_and_folders_are_bad_input(data: Path, tmp_path: Path) -> None:
    assert attribute(data, "1", "--park", "north") == 2
    assert attribute(data, str(tmp_path), "--park", "east") == 2


def test_without_a_park_the_answer_says_how_to_name_one(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dronesampler.cli.attribute import _why

    why = {"code": "empty_register", "zh": "名录为空。", "en": "no register"}
    assert "--park" in _why(why).en and "--park" in _why(why).zh
    assert attribute(data, "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cannot_say"]["code"]
