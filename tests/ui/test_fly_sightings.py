"""One key keeps a sighting; photographs, voice and words follow it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dronesampler.commands import (
    MarkSighting,
)
from dronesampler.problems import Severity
from dronesampler.store import Store
from dronesampler_ui.parts.sound import wav_bytes
from tests.ui.fly_cockpit import Cockpit

PATIENCE_S = 60.0
Rest = Callable[..., None]


# Sightings


def test_one_key_marks_time_place_and_heading(cockpit: Cockpit, qtbot: QtBot) -> None:
    cockpit.window.map.view.setFocus()
    qtbot.keyClick(cockpit.window, Qt.Key.Key_K)
    marked = cockpit.last(MarkSighting)
    here = cockpit.sample.here
    assert isinstance(marked, MarkSighting) and marked.bearing_deg == here.heading_deg
    opened = cockpit.fly.sightings.open
    assert opened is not None and (opened.seen.lat_deg, opened.seen.heading_deg) == (here.lat_deg, here.heading_deg)
    assert cockpit.fly.sightings.card.isVisible() and opened.seen.sighting == marked.id
    assert cockpit.fly.map.marks._marks


def photo(folder: Path, *, name: str = "DJI_0001.JPG", colour: str = "orange") -> Path:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (32, 24), colour).save(folder / name, "JPEG")
    return folder / name


@pytest.fixture
def recorded(cockpit: Cockpit, fly_data: Path) -> Cockpit:
    """The live patrol is one that the store knows."""
    with Store.open(fly_data) as store:
        uuid = store.patrol("last").uuid
    cockpit.tell(replace(cockpit.sample.hello(), patrol=uuid), cockpit.moment())
    return cockpit


def test_photograph_voice_and_words_of_a_sighting_are_kept(
    recorded: Cockpit, fly_data: Path, at_rest: Rest, tmp_path: Path
) -> None:
    sightings = recorded.fly.sightings
    recorded.fly.mark_sighting()
    recorded.window.dropped(photo(tmp_path / "卡"))
    sightings.keep_voice(wav_bytes(b"\1\2" * 800, rate_hz=16_000))
    sightings.card.note.setText("围墙外有白烟")
    QTest.keyClick(sightings.card.note, Qt.Key.Key_Return)
    at_rest(recorded.desktop, lambda: "2" in sightings.card.kept.text())
    assert "1" in sightings.card.kept.text()
    with Store.open(fly_data) as store:
        media = {m.kind: m for m in store.media("last")}
        notes = [e.body["note"] for e in store.journal("last") if e.kind == "sighting note"]
    assert set(media) == {"photo", "voice"} and notes == ["围墙外有白烟"]
    marked = recorded.last(MarkSighting)
    assert all(m.details["sighting"] == marked.id for m in media.values())
    assert (fly_data / media["photo"].path).is_file()


def test_a_dropped_photograph_without_a_sighting_marks_one(
    recorded: Cockpit, fly_data: Path, at_rest: Rest, tmp_path: Path
) -> None:
    recorded.window.dropped(photo(tmp_path / "a", colour="green"))
    at_rest(recorded.desktop, lambda: recorded.fly.sightings.card.kept.isVisible())
    assert recorded.last(MarkSighting)


def test_a_camera_folder_gives_only_what_is_new_and_whole(
    recorded: Cockpit, fly_data: Path, at_rest: Rest, tmp_path: Path
) -> None:
    folder = tmp_path / "DCIM"
    old = photo(folder, name="OLD.JPG", colour="blue")
    sightings = recorded.fly.sightings
    recorded.fly.mark_sighting()
    sightings.watch_folder(folder)
    fresh = photo(folder, name="NEW.JPG", colour="purple")
    sizes = {old: old.stat().st_size, fresh: 10}
    sightings._found(sizes)  # still growing
    sightings._found({**sizes, fresh: fresh.stat().st_size})
    assert fresh not in sightings._known
    sightings._found({**sizes, fresh: fresh.stat().st_size})
    at_rest(recorded.desktop, lambda: sightings.card.kept.isVisible())
    with Store.open(fly_data) as store:
        names = [m.details["original_name"] for m in store.media("last")]
    assert "NEW.JPG" in names and "OLD.JPG" not in names


def test_no_microphone_is_a_sentence(cockpit: Cockpit) -> None:
    cockpit.fly.mark_sighting()
    cockpit.fly.sightings.record()
    said = cockpit.window.notices.said[-1]
    assert said.severity is Severity.WARNING and "note" in said.words
    assert not cockpit.fly.sightings.recorder.running
