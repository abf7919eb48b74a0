"""Samples in Cases: entered, handed over, analysed and labelled in the real window, in both languages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dronesampler.casework import Handover, Officer, Sample, Vessel
from dronesampler.clock import FakeClock
from dronesampler.desk.cases import cases_of
from dronesampler.desk.samples import hand_over, samples_of, take_sample
from dronesampler.store import Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.cases.entry_form import EntryForm
from dronesampler_ui.cases.samples_page import SamplesPage
from dronesampler_ui.library import Library
from dronesampler_ui.sample_patrol import BEGAN_UNIX_S as T
from dronesampler_ui.values import Decision, Verdict

Rest = Callable[..., None]
OFFICERS = (Officer("示例甲", "DEMO-0001"), Officer("示例乙", "DEMO-0002"))
BAG = Sample("", Vessel.BAG, T + 300, T + 360, officers=OFFICERS, volume_l=1.0, seal="F-1")


@pytest.fixture
def with_case(data_dir: Path) -> Path:
    """The sample patrol with one accepted place."""
    library = Library(data_dir)
    try:
        store = library.store()
        finding = store.findings("last")[-1].id
        library.decide(store.patrol("last").id, Decision(finding, 1, Verdict.ACCEPTED, "三次穿越", 35.71, 116.49))
    finally:
        library.close()
    return data_dir


def in_cases(open_window: Callable[..., Desktop], data_dir: Path, at_rest: Rest, lang: Lang = Lang.EN) -> Desktop:
    desktop = open_window(data_dir, lang)
    desktop.window.enter("cases")
    at_rest(desktop, lambda: desktop.window.cases.below.samples.samples.patrol_id)
    desktop.window.cases.below.show_view("samples")
    return desktop


def fill(form: EntryForm, **values: str) -> None:
    for key, value in values.items():
        widget = form.inputs[key]
        if isinstance(widget, QLineEdit):
            widget.setText(value)
        elif widget.isEditable():
            widget.setEditText(value)
        else:
            widget.setCurrentIndex(widget.findData(value))


def count_of(page: SamplesPage) -> int:
    return page.table.rowCount()


@pytest.mark.parametrize("lang", list(Lang))
def test_from_the_valve_to_the_laboratory(
    with_case: Path, open_window: Callable[..., Desktop], at_rest: Rest, tmp_path: Path, lang: Lang
) -> None:
    desktop = in_cases(open_window, with_case, at_rest, lang)
    cases, page = desktop.window.cases, desktop.window.cases.below.samples
    cases.new_sample()
    assert "DEMO-0001" in page.taken.fields()["officers"]  # the team on file is offered
    fill(page.taken, vessel="bag", stopped=page.taken.fields()["started"], volume="1", method="HJ 604-2017", seal="F-1")
    page.taken.save.click()
    at_rest(desktop, lambda: count_of(page) == 1)
    assert page.currentWidget() is page._overview
    cases.hand_over()
    assert page.handed.fields()["seal"] == "F-1"
    fill(page.handed, receiver="王五", mode="locked", intact="yes")
    page.handed.save.click()
    at_rest(desktop, lambda: page.chosen and page.chosen.holder == "王五")
    report = tmp_path / "检测 报告.pdf"
    report.write_bytes(b"%PDF as received")
    page.dropped([str(report)])
    assert page.result.fields()["files"] == str(report)
    fill(page.result, laboratory="甲公司", report="R-1", values="NMHC=12.4 mg/m3 0.07; 苯=<0.003 mg/m3")
    page.result.save.click()
    at_rest(desktop, lambda: page.chosen and page.chosen.results)
    cases.write_labels(tmp_path / "labels.pdf")
    at_rest(desktop, lambda: (tmp_path / "labels.pdf").is_file())
    with Store.open(with_case, clock=FakeClock(T + 4e5)) as store:
        (record,) = samples_of(store, "last")
    assert record.sample.flag == 1 and record.sample.simulated and record.sample.lat_deg is not None
    ((_, result),) = record.results
    assert [v.value for v in result.values] == [12.4, None]
    assert any(b.read_bytes() == b"%PDF as received" for b in (with_case / "media" / "lab").iterdir())


def test_what_the_core_refuses_stays_in_the_form(
    with_case: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    desktop = in_cases(open_window, with_case, at_rest)
    page = desktop.window.cases.below.samples
    desktop.window.cases.new_sample()
    fill(page.taken, started="yesterday", note="kept as typed")
    page.taken.save.click()
    at_rest(desktop, lambda: desktop.window.notices.said)
    assert "yesterday" in desktop.window.notices.said[-1].words
    assert page.taken.fields()["note"] == "kept as typed"
    assert page.currentWidget() is page._areas[page.taken]
    QTest.keyClick(page.taken, Qt.Key.Key_Escape)
    assert page.currentWidget() is page._overview
    assert count_of(page) == 0
    assert not page.hand.isEnabled()


@pytest.fixture
def with_samples(with_case: Path) -> Path:
    """Two samples: one whose custody has a gap, one that nobody handed over."""
    with Store.open(with_case, clock=FakeClock(T + 4e5)) as store:
        one = take_sample(store, "last", replace(BAG, method="HJ 604-2017")).sample.number
        take_sample(store, "last", replace(BAG, vessel=Vessel.CANISTER, method="HJ 759-2023", seal="F-2"))
        hand_over(store, one, Handover("", "王五", T + 3600, T + 7200, seal="F-1", seal_intact=True))
    return with_case


@pytest.mark.parametrize("lang", list(Lang))
def test_custody_is_a_picture_in_words_too(
    with_samples: Path, open_window: Callable[..., Desktop], at_rest: Rest, tmp_path: Path, lang: Lang
) -> None:
    desktop = in_cases(open_window, with_samples, at_rest, lang)
    below = desktop.window.cases.below
    below.show_view("custody")
    picture = below.samples.custody
    assert count_of(below.samples) == 2
    described = picture.accessibleDescription()
    assert "王五" in described and ("nobody held it" if lang is Lang.EN else "无人保管") in described
    assert below.samples.chosen is below.samples.samples.lines[0]
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Down)
    assert below.samples.chosen is below.samples.samples.lines[1]
    QTest.keyClick(picture, Qt.Key.Key_Down)  # there is no third
    assert picture.row == 1
    gap = QColor(below._theme.danger)
    image = QImage(picture.size(), QImage.Format.Format_RGB32)
    picture.render(image)
    red = sum(image.pixelColor(x, 20) == gap for x in range(image.width()))
    assert red > 5  # the hour that nobody held it
    for ending in ("png", "svg", "pdf"):
        file = tmp_path / f"custody.{ending}"
        desktop.window.cases.exporting.write(below.sheet(), file)
        assert file.stat().st_size > 1000


def test_the_story_of_a_case_is_kept_and_comes_back(
    with_case: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    desktop = in_cases(open_window, with_case, at_rest)
    story = desktop.window.cases.story
    story.words.setPlainText("屋顶有敞口，夜间开启")
    story.people.setText("王某（企业）")
    story.keep.click()
    at_rest(desktop, lambda: "XP-" in story._number.text())
    with Store.open(with_case) as store:
        (case,) = cases_of(store, "last")
    assert (case.told.story, case.told.people, case.opened.flag) == ("屋顶有敞口，夜间开启", "王某（企业）", 1)
    story.words.setPlainText(" ")
    story.keep.click()
    at_rest(desktop, lambda: any("empty" in notice.words for notice in desktop.window.notices.said))


def test_what_a_packet_would_lack_is_told_before_sealing(
    with_samples: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    desktop = in_cases(open_window, with_samples, at_rest)
    below = desktop.window.cases.below
    below.show_view("missing")
    said = [below.missing.item(i).text() for i in range(below.missing.count())]
    assert any("no raw log" in line for line in said)
    assert any("nobody held it" in line for line in said)
    assert any("vacuum" in line for line in said)


def test_a_sample_that_waited_too_long_is_told_whatever_is_chosen(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    with Store.open(data_dir, clock=FakeClock(T + 4e5)) as store:
        with store.transaction() as batch:
            batch.begin_patrol("真实巡查", started_unix_s=T - 9e5)
        real = replace(BAG, started_unix_s=T - 9e5, stopped_unix_s=T - 9e5, method="HJ 604-2017")
        number = take_sample(store, "last", real).sample.number
        take_sample(store, 1, replace(BAG, method="HJ 604-2017"))  # simulated: nobody has to hurry
    desktop = open_window(data_dir)
    desktop.window.enter("cases")
    at_rest(desktop, lambda: desktop.window.notices.said)
    assert [n.words.split(":")[0] for n in desktop.window.notices.said] == [f"Sample {number}"]
    assert "overdue" in desktop.window.notices.said[0].words


def test_a_packet_with_samples_is_built_and_verified_in_the_window(
    with_samples: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    desktop = in_cases(open_window, with_samples, at_rest)
    cases = desktop.window.cases
    cases.story.build.click()
    at_rest(desktop, lambda: cases.verdict.verdict)
    verdict = cases.verdict.verdict
    assert verdict is not None and verdict.exit_code == 0
    assert "V18" in verdict.headline
    assert any("nobody held it" in f.words for f in verdict.findings)


def test_a_sample_by_keyboard_alone(with_case: Path, open_window: Callable[..., Desktop], at_rest: Rest) -> None:
    desktop = in_cases(open_window, with_case, at_rest)
    window, page = desktop.window, desktop.window.cases.below.samples
    window.activateWindow()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    at_rest(desktop, lambda: page.currentWidget() is page._areas[page.taken])
    for _ in range(60):
        focus = desktop.app.focusWidget()
        assert focus is not None
        if focus is page.taken.inputs["seal"]:
            break
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    QTest.keyClicks(desktop.app.focusWidget(), "F-9")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    at_rest(desktop, lambda: count_of(page) == 1)
    assert page.chosen is not None and page.chosen.record.seals[0].seal == "F-9"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.cases.below.views["custody"].isChecked()


def test_every_field_has_a_name_for_screen_readers(
    with_samples: Path, open_window: Callable[..., Desktop], at_rest: Rest
) -> None:
    page = in_cases(open_window, with_samples, at_rest).window.cases.below.samples
    for form in (page.taken, page.handed, page.sealed, page.result):
        assert all(widget.accessibleName() for widget in form.inputs.values())
    assert all(w.accessibleName() for w in (page.table, page.custody, page.remarks))
