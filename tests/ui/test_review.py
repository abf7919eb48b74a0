"""Review on a real store: what the analysis made of each reading, evidence shown, curtain, photographs, comparing."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dronesampler.attribution.compare import Change
from dronesampler.desk.judge import judge_patrol
from dronesampler.store import Store
from dronesampler.store.values import Media
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.parts.picture import print_sheet, save_sheet
from dronesampler_ui.review.study import Opened, study
from dronesampler_ui.review.workspace import Review
from dronesampler_ui.sample_patrol import store_sample
from dronesampler_ui.theme import ThemeName

Open = Callable[..., Desktop]
Rest = Callable[..., None]

NOTE = "屋顶无编号排口"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sample patrols that were really analysed; the first has a photograph and a sighting."""
    folder = tmp_path_factory.mktemp("复核")
    for seed in (7, 8):
        store_sample(folder, seed=seed)
    with Store.open(folder) as store:
        for patrol in store.patrols():
            judge_patrol(store, patrol)
        first, track = store.patrol(1), store.track(1)
        file = folder / "media" / first.uuid / "屋顶.png"
        file.parent.mkdir(parents=True)
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(QColor("#2277aa"))
        assert image.save(str(file))
        seen = {"lat_deg": float(track.lat_deg[400]), "lon_deg": float(track.lon_deg[400])}
        told = {**seen, "note": NOTE, "original_name": "DJI_1.png", "sighting": 5}
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        path = file.relative_to(folder).as_posix()
        with store.transaction() as batch:
            batch.put_media(1, Media(sha256, path, "photo", float(track.time_s[400]), told))
            batch.note(1, "sighting", {"id": 6, "note": "white vapour", **seen})
            batch.note(1, "sighting", {"id": 5, "note": "", **seen})
    return folder


@pytest.fixture
def window(judged: Path, tmp_path: Path, open_window: Open, at_rest: Rest) -> Iterator[Desktop]:
    desktop = open_window(judged)
    desktop.window.enter("review")
    at_rest(desktop)
    desktop.window.review.open(1)
    at_rest(desktop, lambda: opened(desktop.window.review).shown.line.id == 1 and desktop.window.review.study)
    yield desktop


def opened(review: Review) -> Opened:
    assert review.opened is not None
    return review.opened


def test_what_the_analysis_made_of_each_reading_can_be_shown_and_hidden(window: Desktop, at_rest: Rest) -> None:
    strips = window.window.review.below.strips

    def names() -> list[str]:
        return [trace.name for trace in strips.chart._traces]

    assert {"Background", "NMHC", "Rest", "S1"} <= set(names()) and "Without lag" not in names()
    assert any(name.startswith("DA") for name in names())
    for key, name in (("corrected", "Without lag"), ("background", "Background"), ("fit", "S1"), ("residual", "Rest")):
        before = name in names()
        strips.buttons[key].click()
        assert (name in names()) is not before
    assert not strips.buttons["stacked"].isEnabled()
    strips.buttons["fit"].click()
    stacked = next(t for t in strips.chart._traces if t.name == "S1")
    strips.buttons["stacked"].click()
    alone = next(t for t in strips.chart._traces if t.name == "S1")
    assert stacked.solid and not alone.solid
    assert stacked.value.min() > 0.2 > alone.value.min()  # on the background, and from zero


def test_an_analysis_that_says_nothing_offers_the_readings_only(
    data_dir: Path, open_window: Open, at_rest: Rest
) -> None:
    with Store.open(data_dir) as store, store.transaction() as batch:
        batch.put_findings(1, {"suspected": [], "cannot_say": {"code": "calm", "zh": "静风", "en": "calm air"}})
    desktop = open_window(data_dir)
    desktop.window.enter("review")
    at_rest(desktop, lambda: desktop.window.review.study)
    on = {key for key, button in desktop.window.review.below.strips.buttons.items() if button.isEnabled()}
    assert on == {"raw", "corrected"}


def test_a_chosen_place_shows_the_lines_that_speak_for_it_on_map_and_chart(window: Desktop, at_rest: Rest) -> None:
    review = window.window.review
    plain = window.window.map.view.grab().toImage()
    review.flags.list.setCurrentRow(0)
    at_rest(window)
    flag = opened(review).shown.flags[0]
    spans = review.below.strips.chart._spans
    assert len(spans) == review.layers.evidence.count == flag.transects > 0
    line = opened(review).line.span_s
    assert line is not None and all(line[0] <= a < b <= line[1] for a, b in spans)
    assert window.window.map.view.grab().toImage() != plain
    review.flags.list.setCurrentRow(-1)
    assert review.layers.evidence.count == 0 and review.below.strips.chart._spans == ()


def test_isolines_are_a_layer_of_their_own(window: Desktop, at_rest: Rest) -> None:
    review, pane = window.window.review, window.window.map
    assert review.layers.isolines.shown is not None and review.layers.isolines.shown.lines
    assert "isolines" in pane.view.hidden
    without = pane.view.grab().toImage()
    action = next(a for a in review.actions() if a.shortcut().toString() == "Ctrl+Shift+I")
    action.trigger()
    assert pane.view.grab().toImage() != without
    action.trigger()


def test_the_curtain_goes_along_track_plume_and_measured_line(window: Desktop, at_rest: Rest) -> None:
    review, pane = window.window.review, window.window.map
    foot = review.below
    foot.switch()
    at_rest(window, lambda: foot.curtain.section)
    track = foot.curtain.section
    assert track is not None and track.corridor_m is None
    assert len(track.along_m) == len(opened(review).line)
    foot.show_way("S1")
    at_rest(window, lambda: foot.curtain.section is not track)
    plume = foot.curtain.section
    assert plume is not None and plume.axes and any(s.name == "S1" and s.along_m == 0.0 for s in plume.stacks)
    foot.show_way("line")
    at_rest(window)
    assert "Measure a line" in window.window.notices.said[-1].words and foot.curtain.section is plume
    frame = pane.view.camera.frame
    for x_m in (-200.0, 200.0):
        lat, lon = frame.to_lat_lon(x_m, 0.0)
        pane.measure.add((float(lat), float(lon)))
    foot.show_way("line")
    at_rest(window, lambda: foot.curtain.section is not plume)
    line = foot.curtain.section
    assert line is not None and line.corridor_m and line.along_m.max() <= 400.5
    foot.scrubber.show_moment(float(line.time_s[0]))
    assert foot.curtain.accessibleDescription()


def test_chart_curtain_map_and_scrubber_show_one_moment(window: Desktop, at_rest: Rest) -> None:
    review = window.window.review
    moment_s = opened(review).shown.readings.time_s[500]  # type: ignore[union-attr]
    review.below.strips.chart.picked.emit(float(moment_s) + 0.2)
    assert review.below.scrubber.bar.moment_s == moment_s
    assert review.below.strips.chart._moment_s == moment_s
    assert review.layers.pointer._at is not None and review.layers.vehicle.at_m is not None


def test_photographs_and_sightings_lie_along_the_time_and_open_large(
    window: Desktop, at_rest: Rest, qtbot: QtBot, judged: Path
) -> None:
    review = window.window.review
    strip, card = review.below.photos, review.looking.card
    assert strip.isVisible() and [p.kind for p in opened(review).pictures] == ["photo", "sighting"]
    at_rest(window, lambda: not strip.item(0).icon().isNull())
    strip.setFocus()
    strip.setCurrentRow(0)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    at_rest(window, card.isVisible)
    said = " ".join(label.text() for label in card.findChildren(type(card._title)))
    picture = opened(review).pictures[0]
    assert NOTE in said and picture.sha256[:16] in said and "unchanged" in said and "° N" in said
    assert not card._image.pixmap().isNull()
    assert review.below.scrubber.bar.moment_s == pytest.approx(picture.unix_s, abs=1.0)
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    x, y = window.window.map.view.camera.frame.to_xy(*picture.place)  # type: ignore[misc]
    review._click(window.window.map.view.camera.point(float(x), float(y)) - QPointF(0, 6))
    at_rest(window, card.isVisible)


def test_a_photograph_that_was_changed_is_told(window: Desktop, at_rest: Rest, judged: Path) -> None:
    review = window.window.review
    file = opened(review).pictures[0].file
    assert file is not None
    kept = file.read_bytes()
    try:
        file.write_bytes(kept + b"x")
        review.looking.next()
        at_rest(window, review.looking.card.isVisible)
        said = " ".join(label.text() for label in review.looking.card.findChildren(type(review.looking.card._title)))
        assert "not the file that was stored" in said
    finally:
        file.write_bytes(kept)


def test_two_patrols_are_compared_side_by_side(window: Desktop, at_rest: Rest, tmp_path: Path, qtbot: QtBot) -> None:
    review = window.window.review
    review.ask_compare()
    pair = review.comparing.window
    assert pair is not None and pair.isVisible()
    pair.before.choice.setCurrentIndex(pair.before.choice.findData(2))
    pair.after.choice.setCurrentIndex(pair.after.choice.findData(2))
    assert not pair.go.isEnabled()
    pair.after.choice.setCurrentIndex(pair.after.choice.findData(1))
    qtbot.mouseClick(pair.go, Qt.MouseButton.LeftButton)
    at_rest(window, lambda: pair.found is not None)
    assert pair.found is not None and pair.table.rowCount() == len(pair.found.lines) > 0
    assert {line.change for line in pair.found.lines} <= set(Change)
    assert pair.before.view.camera == pair.after.view.camera
    assert pair.before.layers.readings.scale == pair.after.layers.readings.scale == pair.legend.scale
    pair.before.view.zoom(1.5)
    assert pair.after.view.camera.m_px == pair.before.view.camera.m_px
    assert pair.before.view.simulated and "(" in pair.table.item(0, 1).text()
    save_sheet(pair.sheet(), tmp_path / "对比.png")
    assert QImage(str(tmp_path / "对比.png")).width() == 2 * pair.sheet().size.width()
    qtbot.keyClick(pair, Qt.Key.Key_Escape)
    assert not pair.isVisible()


def test_what_cannot_be_compared_is_said_in_the_window(window: Desktop, at_rest: Rest, data_dir: Path) -> None:
    review = window.window.review
    review.ask_compare()
    pair = review.comparing.window
    assert pair is not None
    review.comparing.compare(1, 1)
    at_rest(window)
    assert "different patrols" in pair._state.text() and pair.table.rowCount() == 0


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_chart_and_curtain_are_written_and_marked_simulated(
    window: Desktop, at_rest: Rest, tmp_path: Path, ending: str
) -> None:
    review, heads = window.window.review, {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for way in ("chart", "curtain"):
        if way == "curtain":
            review.below.switch()
            at_rest(window, lambda: review.below.curtain.section)
        file = tmp_path / f"{way}.{ending}"
        review.exporting.write(review.views()["chart"][1](), file)
        assert file.read_bytes().startswith(heads[ending])
    assert review.below.strips.chart.watermark and review.below.curtain.watermark
    if ending == "svg":
        assert "SIMULATED" in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    review.exporting.write(review.views()["map"][1](), tmp_path / "no" / "folder.png")
    assert "Not written" in window.window.notices.said[-1].words


def test_a_view_is_printed_on_one_page(window: Desktop, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印.pdf"))
    print_sheet(window.window.review.views()["map"][1](), printer)
    paper = (tmp_path / "印.pdf").read_bytes()
    assert paper.startswith(b"%PDF") and paper.count(b"/Type /Page\n") == 1


def test_the_study_can_be_stopped(window: Desktop) -> None:
    class Stop(Exception):
        pass

    def at(part: float) -> None:
        if part > 0.4:
            raise Stop

    with pytest.raises(Stop):
        study(opened(window.window.review), at)


def test_what_was_cancelled_can_be_asked_for_again(window: Desktop, at_rest: Rest) -> None:
    review = window.window.review
    for ask, button in (
        (review.find_sources, review.judge),
        (lambda: review.comparing.compare(1, 2), None),
    ):
        if button is None:
            review.ask_compare()
            button = review.comparing.window.go  # type: ignore[union-attr]
        ask()
        for work in list(window.window.background._running):
            work.progress.stop()
        at_rest(window)
        assert button.isEnabled()


@pytest.mark.parametrize("lang", list(Lang))
def test_curtain_compare_and_card_can_be_read_in_every_theme(
    judged: Path, open_window: Open, at_rest: Rest, lang: Lang
) -> None:
    desktop = open_window(judged, lang)
    review = desktop.window.review
    desktop.window.enter("review")
    at_rest(desktop, lambda: review.study)
    review.ask_compare()
    pair = review.comparing.window
    assert pair is not None
    review.below.switch()
    for name in ThemeName:
        desktop.use_theme(name)
        at_rest(desktop)
        for widget in (review.below, pair):
            colours = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            data = np.frombuffer(colours.constBits(), np.uint32)
            assert len(np.unique(data[::37])) > 10
    nameless = [w for w in pair.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not named(w)]
    assert nameless == []


def named(widget: QWidget) -> bool:
    inner = widget.objectName().startswith("qt_") or type(widget).__name__ in ("QHeaderView", "QListView")
    text = getattr(widget, "text", None)
    return bool(inner or widget.accessibleName() or (text and text()))
