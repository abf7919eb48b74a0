"""The window on a real store: workspaces, review and decisions, plan, files dropped, what it remembers."""

import logging
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dronesampler.mission.files import read_mission
from dronesampler.park.files import read_park, write_park
from dronesampler.problems import Severity
from dronesampler.store import Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.diagnostics import known_names, write_diagnostics
from dronesampler_ui.library import DECIDED
from dronesampler_ui.parts.map.basemap import tile_of
from dronesampler_ui.parts.map.picture import save_view
from dronesampler_ui.sample_patrol import demo_park
from dronesampler_ui.settings import Settings
from dronesampler_ui.theme import ThemeName

Open = Callable[..., Desktop]
Rest = Callable[..., None]


def type_chinese(field: QWidget, words: str) -> None:
    """As an input method does it: a preedit, then the committed words."""
    field.setFocus()
    QApplication.sendEvent(field, QInputMethodEvent("wuding", []))
    commit = QInputMethodEvent("", [])
    commit.setCommitString(words)
    QApplication.sendEvent(field, commit)


def test_the_first_start_offers_the_demo_park_planned(tmp_path: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(tmp_path / "new")
    at_rest(desktop, lambda: desktop.window.planning.made is not None)
    assert desktop.window.current is desktop.window.planning
    assert desktop.window.planning.park == demo_park()
    assert desktop.window.map.view.simulated and desktop.window.bar.simulated.isVisible()


def test_review_opens_the_newest_patrol(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    review = desktop.window.review
    assert review.patrols.list.count() == 1
    assert review.flags.list.count() == 2
    assert review.layers.readings.extent() is not None
    assert review.below.scrubber.bar.span is not None


def test_a_decision_needs_a_reason_and_becomes_a_case(
    data_dir: Path, open_window: Open, at_rest: Rest, qtbot: QtBot
) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    review = desktop.window.review
    review.flags.list.setCurrentRow(0)
    qtbot.mouseClick(review.flags.card.accept, Qt.MouseButton.LeftButton)
    at_rest(desktop)
    with Store.open(data_dir) as store:
        assert not [e for e in store.journal("last") if e.kind == DECIDED]
    type_chinese(review.flags.card.reason, "屋顶无编号排口")
    qtbot.mouseClick(review.flags.card.accept, Qt.MouseButton.LeftButton)
    at_rest(desktop)
    with Store.open(data_dir) as store:
        decided = [e.body for e in store.journal("last") if e.kind == DECIDED]
    assert [(d["number"], d["verdict"], d["reason"]) for d in decided] == [(1, "accepted", "屋顶无编号排口")]
    assert "accepted" in review.flags.list.item(0).text()
    desktop.window.enter("cases")
    at_rest(desktop)
    assert desktop.window.cases.list.count() == 1


def test_a_dismissed_place_is_no_case_and_the_last_word_counts(
    data_dir: Path, open_window: Open, at_rest: Rest
) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    card = desktop.window.review.flags.card
    desktop.window.review.flags.list.setCurrentRow(1)
    for button, reason in ((card.accept, "seen"), (card.dismiss, "it was a lorry")):
        card.reason.setText(reason)
        button.click()
        at_rest(desktop)
    desktop.window.enter("cases")
    at_rest(desktop)
    assert desktop.window.cases.list.count() == 0


def test_the_replay_hides_what_was_not_read_yet(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    scrubber, view = desktop.window.review.below.scrubber, desktop.window.map.view
    whole = view.grab().toImage()
    span = scrubber.bar.span
    assert span is not None
    scrubber.show_moment(span.begin_s + 60)
    assert view.grab().toImage() != whole
    assert desktop.window.review.layers.vehicle.at_m is not None


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_map_is_written_as_it_is_shown(
    data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path, ending: str
) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    file = tmp_path / f"视图.{ending}"
    save_view(desktop.window.map.view, file)
    head = file.read_bytes()[:200]
    assert head.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending])
    if ending == "png":
        assert QImage(str(file)).width() == 2 * desktop.window.map.view.width()


def test_changes_of_the_plan_are_shown_undone_and_kept(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    planning = desktop.window.planning
    desktop.window.enter("plan")
    at_rest(desktop, lambda: planning.made is not None)
    first = planning.made
    planning._step(planning.inputs.with_setting("spacing_m", "120"))
    at_rest(desktop, lambda: planning.made is not first)
    assert planning.made is not None and first is not None
    assert len(planning.made.plan.mission.items) < len(first.plan.mission.items)
    wide = planning.made
    planning.undo()
    at_rest(desktop, lambda: planning.made is not wide)
    assert planning.made.plan.mission.items == first.plan.mission.items
    planning.redo()
    at_rest(desktop, lambda: planning.made is not None and planning.made.plan.mission.items == wide.plan.mission.items)
    desktop.window.close()
    again = open_window(data_dir)
    at_rest(again, lambda: again.window.planning.made is not None)
    assert again.window.planning.inputs == planning.inputs


def test_what_cannot_be_planned_is_said_among_the_checks(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    planning = desktop.window.planning
    at_rest(desktop, lambda: planning.made is not None)
    planning._step(planning.inputs.with_setting("height_agl_m", "4000"))
    at_rest(desktop, lambda: planning.made is None and planning.checks.list.count() == 1)
    assert not planning.panel.fly.isEnabled()


def test_a_saved_mission_reads_back(data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path) -> None:
    desktop = open_window(data_dir)
    planning = desktop.window.planning
    at_rest(desktop, lambda: planning.made is not None)
    planning.save(tmp_path / "任务.plan")
    at_rest(desktop)
    assert planning.mission is not None
    assert len(read_mission(tmp_path / "任务.plan").items) == len(planning.mission.items)


def test_a_dropped_park_is_planned_over(data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path) -> None:
    park = demo_park()
    write_park(park, tmp_path / "园区.geojson")
    desktop = open_window(data_dir)
    at_rest(desktop, lambda: desktop.window.planning.made is not None)
    desktop.window.dropped(tmp_path / "园区.geojson")
    at_rest(desktop)
    assert desktop.window.planning.park == read_park(tmp_path / "园区.geojson").park


@pytest.mark.parametrize("name", ["broken.geojson", "notes.txt", "no.zip"])
def test_a_dropped_file_that_cannot_be_used_is_said_without_a_dialog(
    data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("?")
    desktop = open_window(data_dir)
    at_rest(desktop, lambda: desktop.window.planning.made is not None)
    desktop.window.dropped(tmp_path / name)
    at_rest(desktop)
    verdict = desktop.window.cases.verdict.verdict
    said = [n for n in desktop.window.notices.said if n.severity is not Severity.NOTE]
    assert said or (verdict is not None and verdict.exit_code == 3)
    assert desktop.app.activeModalWidget() is None


def test_a_packet_is_built_and_verified(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    card = desktop.window.review.flags.card
    desktop.window.review.flags.list.setCurrentRow(0)
    card.reason.setText("ok")
    card.accept.click()
    at_rest(desktop)
    desktop.window.enter("cases")
    at_rest(desktop)
    desktop.window.cases.story.build.click()
    at_rest(desktop, lambda: desktop.window.cases.verdict.verdict is not None)
    verdict = desktop.window.cases.verdict.verdict
    assert verdict is not None and verdict.exit_code == 0, verdict
    assert desktop.window.cases.story.packets.count() == 1


def test_language_look_and_layout_are_remembered(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    desktop.use_theme(ThemeName.DARK)
    desktop.use_lang(Lang.ZH)
    at_rest(desktop)
    assert desktop.window.names()["plan"] == "规划"
    desktop.window.enter("cases")
    desktop.window._right.setSizes([380, 360])
    desktop.window.close()
    again = Desktop(desktop.app, data_dir)
    try:
        again.show()
        at_rest(again)
        assert again.window.current is again.window.cases
        assert again.settings.theme is ThemeName.DARK and again.window.lang is Lang.ZH
        assert again.window._foot.height() > 300
    finally:
        again.window.close()
        again.use_no_lang()


def test_the_palette_finds_and_runs_actions(data_dir: Path, open_window: Open, at_rest: Rest, qtbot: QtBot) -> None:
    desktop = open_window(data_dir)
    at_rest(desktop)
    desktop.window.search()
    palette = desktop.window.palette_
    qtbot.keyClicks(palette.line, "go revi")
    assert palette.list.count() == 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    at_rest(desktop)
    assert desktop.window.current is desktop.window.review and not palette.isVisible()


def test_a_database_that_cannot_be_opened_is_said(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    database = data_dir / "dronesampler.sqlite"
    for file in data_dir.glob("dronesampler.sqlite*"):
        file.unlink()
    database.write_bytes(b"not a database at all" * 100)
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop)
    assert [n for n in desktop.window.notices.said if n.severity is Severity.ERROR]


def test_work_can_be_cancelled_and_long_work_shows_itself(
    data_dir: Path, open_window: Open, at_rest: Rest, qtbot: QtBot
) -> None:
    desktop = open_window(data_dir)
    at_rest(desktop)
    gate, done = Event(), []

    def job(progress: object) -> None:
        for i in range(1000):
            progress.at(i / 1000)  # type: ignore[attr-defined]
            gate.wait(0.01)

    desktop.window.background.run(job, title="slow", done=done.append)
    qtbot.waitUntil(desktop.window.bar.cancel.isVisible, timeout=3000)
    desktop.window.bar.cancel.click()
    at_rest(desktop)
    assert done == [] and not desktop.window.bar.cancel.isVisible()


def test_an_unexpected_error_is_said_and_the_window_lives(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = open_window(data_dir)
    logging.getLogger("dronesampler_ui.background").setLevel(logging.CRITICAL)
    desktop.window.background.run(lambda progress: {}["nothing"], title="broken", done=lambda _: None)
    at_rest(desktop)
    assert "KeyError" in desktop.window.notices.said[-1].words


def test_a_newer_database_is_refused_with_a_sentence(
    data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path
) -> None:
    copy = tmp_path / "newer"
    shutil.copytree(data_dir, copy)
    with sqlite3.connect(copy / "dronesampler.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    database.close()
    desktop = open_window(copy)
    desktop.window.enter("review")
    at_rest(desktop)
    assert any(n.severity is Severity.ERROR for n in desktop.window.notices.said)


def test_closing_in_the_middle_of_work_is_quiet(data_dir: Path, open_window: Open, qtbot: QtBot) -> None:
    """The answer of work that ends while the window goes must not reach for it."""
    desktop = open_window(data_dir)
    for _ in range(3):
        desktop.window.background.run(lambda progress: 1, title="quick", done=lambda _: None)
    with qtbot.captureExceptions() as errors:
        desktop.use_lang(Lang.ZH)
        for _ in range(20):
            desktop.app.processEvents()
    assert errors == []


def test_a_crash_is_said_at_the_next_start_and_logged(data_dir: Path, open_window: Open) -> None:
    desktop = open_window(data_dir)
    assert desktop.settings.left_in_order
    desktop.settings.begin()
    again = Settings(data_dir)
    assert not again.left_in_order
    desktop.window.tell_interrupted()
    assert desktop.window.notices.said[-1].severity is Severity.WARNING
    again.end()
    assert Settings(data_dir).left_in_order


def test_the_diagnostics_bundle_names_nobody_and_no_place(data_dir: Path) -> None:
    logs = data_dir / "logs"
    logs.mkdir()
    (logs / "window.log").write_text(
        "张三 opened /home/zhang/park.geojson at 35.711633, 116.487569 91999999DEM000014G\n"
    )
    with zipfile.ZipFile(write_diagnostics(data_dir)) as bundle:
        log, about = bundle.read("logs/window.log").decode(), bundle.read("about.txt").decode()
    assert not any(word in log for word in ("张三", "zhang", "35.711633", "91999999DEM000014G"))
    (logs / "window.log").write_text("Zhang San at Demo Resin A Co. (demonstration) flew over DA001, said by Li Si\n")
    (data_dir / "team.json").write_text('{"officers": [{"name": "张三", "name_en": "Zhang San"}, {"name": "Li Si"}]}')
    with Store.open(data_dir) as store:
        names = known_names(data_dir, store)
    with zipfile.ZipFile(write_diagnostics(data_dir, names)) as bundle:
        log = bundle.read("logs/window.log").decode()
    assert not any(word in log for word in ("Zhang San", "Li Si", "Resin", "DA001"))
    assert known_names(data_dir, None) < names
    assert "dronesampler" in about and str(data_dir) not in about


def test_a_dropped_base_map_is_drawn_in_its_place(
    data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path
) -> None:
    park = demo_park()
    frame = park.frame()
    file = tmp_path / "底图.mbtiles"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    for zoom in (15, 16, 17):
        middle = tile_of(frame.lat_deg, frame.lon_deg, zoom)
        for x in range(middle.x - 4, middle.x + 5):
            for y in range(middle.y - 4, middle.y + 5):
                row = (zoom, x, 2**zoom - 1 - y, tile_png("#00aa55" if (x, y) != (middle.x, middle.y) else "#cc00cc"))
                database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", row)
    database.commit()
    database.close()
    desktop = open_window(data_dir)
    at_rest(desktop, lambda: desktop.window.planning.made is not None)
    view = desktop.window.map.view
    for key in ("park", "coverage", "route", "outlets", "airspace"):
        view.set_hidden(key, True)
    view.set_simulated(False)
    desktop.window.dropped(file)

    def colour() -> str:
        middle = tile_of(frame.lat_deg, frame.lon_deg, 17)
        north, west, south, east = middle.corners()
        x, y = frame.to_xy((north + south) / 2 + (north - south) * 0.3, (west + east) / 2 - (east - west) * 0.3)
        view.look(view.camera.centred(float(x), float(y)).zoomed(view.camera.m_px / 0.95))
        return view.grab().toImage().pixelColor(view.width() // 2 + 3, view.height() // 2 + 60).name()

    at_rest(desktop, lambda: colour() == "#cc00cc")
    assert Settings(data_dir).basemap == str(file)


def tile_png(colour: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
