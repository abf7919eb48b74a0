"""Strip charts, pyramids of long lines, isolines that never leave what was flown, and the curtain's picture."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dronesampler.columns import Readings
from dronesampler.desk.section import Axis, Section, Stack
from dronesampler.geo import LocalFrame
from dronesampler_ui.collecting import LONG_MS, Collecting
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.chart import StripChart, Trace
from dronesampler_ui.parts.contours import REACH_M, crossings, isolines_of
from dronesampler_ui.parts.curtain import Curtain, Ready
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.parts.source_colours import source_colour
from dronesampler_ui.theme import LIGHT, THEMES, Theme

FRAME = LocalFrame(35.71, 116.49)
WIDE = 800


def long_line(n: int, *, peak_at: int) -> tuple[np.ndarray, np.ndarray]:
    value = np.sin(np.arange(n) / 500.0)
    value[peak_at] = 50.0
    return 1.79e9 + np.arange(n, dtype=float), value


@given(st.integers(0, 99_999), st.floats(0.0, 0.9), st.floats(0.01, 1.0))
def test_no_window_of_a_long_line_loses_its_peak(peak_at: int, begin: float, part: float) -> None:
    time_s, value = long_line(100_000, peak_at=peak_at)
    line = Pyramid.of(time_s, value)
    a, b = time_s[0] + begin * 1e5, time_s[0] + min(begin + part, 1.0) * 1e5
    seen = line.columns(a, b, WIDE)
    assert len(seen.time_s) <= 2 * WIDE + 2
    inside = (time_s >= a) & (time_s <= b)
    assert seen.high.max() >= value[inside].max()
    assert seen.low.min() <= value[inside].min()


def test_a_short_line_is_drawn_as_it_is_and_rows_without_value_are_left_out() -> None:
    line = Pyramid.of(np.arange(5.0), np.array([1.0, np.nan, 3.0, 2.0, 5.0]))
    seen = line.columns(0.0, 4.0, WIDE)
    assert seen.time_s.tolist() == [0.0, 2.0, 3.0, 4.0] and seen.high.tolist() == [1.0, 3.0, 2.0, 5.0]
    assert line.at(2.4) == 3.0 and line.at(99.0) == 5.0 and line.range(1.5, 3.5) == (2.0, 3.0)
    nothing = Pyramid.of(np.zeros(0), np.zeros(0))
    assert nothing.at(0.0) is None and nothing.span_s is None and nothing.range(0.0, 1.0) is None


def picture(chart: StripChart) -> QImage:
    image = QImage(chart.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    chart.paint(painter, chart.width(), chart.height())
    painter.end()
    return image


def count_of(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb() & 0xFFFFFF
    data = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return int(((data & 0xFFFFFF) == wanted).sum())


@pytest.fixture
def chart(qtbot: QtBot) -> StripChart:
    made = StripChart(LIGHT)
    qtbot.addWidget(made)
    made.resize(WIDE, 260)
    time_s, value = long_line(200_000, peak_at=150_000)
    sources = Pyramid.of(time_s, np.abs(value))
    made.show_traces(
        [
            Trace("S1", time_s, value, "#b3202f", solid=True, line=sources, said=sources),
            Trace("NMHC", time_s, value, "accent"),
            Trace("Rest", time_s, value - 1.0, "good", panel=1),
        ]
    )
    return made


def test_the_lower_panel_lies_evenly_about_zero_and_needs_room(chart: StripChart) -> None:
    top, rest = chart._plots(WIDE, 260).values()
    assert top.bottom == 0.0 and top.top > 50.0
    assert rest.bottom == -rest.top < 0.0 and rest.area.top() > top.area.bottom()
    assert len(chart._plots(WIDE, 120)) == 1
    assert count_of(picture(chart), LIGHT.good) > 20


def test_spans_are_pointed_out_in_every_panel(chart: StripChart) -> None:
    before = count_of(picture(chart), LIGHT.suspect)
    chart.show_spans([(1.79e9 + 20_000, 1.79e9 + 60_000)])
    assert count_of(picture(chart), LIGHT.suspect) > before + 300


def test_the_crosshair_says_every_lines_value_there(chart: StripChart, qtbot: QtBot) -> None:
    with qtbot.waitExposed(chart):
        chart.show()
    at = chart._plot().x(1.79e9 + 150_000)
    said = [words for words, _ in chart._said_at(chart._plot().time_s(at))]
    assert said[1:] == ["S1  50", "NMHC  50", "Rest  49"]
    plain = picture(chart)
    move = QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(at, 100.0), chart.mapToGlobal(QPointF(at, 100.0)),
        Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(chart, move)
    assert chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32) != plain


def test_the_chart_is_used_by_keyboard(chart: StripChart, qtbot: QtBot) -> None:
    chart.show()
    chart.setFocus()
    chart.show_moment(1.79e9 + 100_000)
    with qtbot.waitSignal(chart.picked) as moved:
        qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moved.args[0] > 1.79e9 + 100_000
    whole = chart._to_s - chart._from_s
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    assert chart._to_s - chart._from_s < whole
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart._to_s - chart._from_s == whole


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name.value)
def test_the_colours_of_sources_differ_and_stand_out(theme: Theme) -> None:
    keys = [("S1", 0), ("S2", 1), *((f"DA{n:03d}", n) for n in range(8))]
    colours = [QColor(source_colour(theme, key, number)) for key, number in keys]
    assert len({c.name() for c in colours}) == len(colours)
    ground = QColor(theme.panel).lightnessF()
    assert all(abs(c.lightnessF() - ground) > 0.2 for c in colours)


def flown(x_m: np.ndarray, y_m: np.ndarray, value: np.ndarray) -> Readings:
    lat, lon = FRAME.to_lat_lon(x_m, y_m)
    n = len(value)
    seq = np.arange(n)
    return Readings(seq * 1.0, lat, lon, np.full(n, 20.0), value, np.ones(n), np.ones(n, bool), seq)


def test_isolines_stay_within_reach_of_the_track() -> None:
    along = np.arange(0.0, 400.0, 3.0)
    x, y = np.tile(along, 4), np.repeat([0.0, 20.0, 40.0, 300.0], len(along))
    value = 0.5 + 12.0 * np.exp(-((x - 200.0) ** 2 + (y - 20.0) ** 2) / 2500.0)
    found = isolines_of(flown(x, y, value), FRAME)
    assert [line.level_mg_m3 for line in found.lines][:2] == [1.0, 2.0]
    for line in found.lines:
        ends = np.concatenate([line.pieces_m[:, :2], line.pieces_m[:, 2:]])
        apart = np.hypot(ends[:, None, 0] - x, ends[:, None, 1] - y).min(axis=1)
        assert apart.max() <= REACH_M + 2 * 6.0
    four = next(line for line in found.lines if line.level_mg_m3 == 4.0)
    middle = np.concatenate([four.pieces_m[:, :2], four.pieces_m[:, 2:]]).mean(axis=0)
    assert np.hypot(middle[0] - 200.0, middle[1] - 20.0) < 12.0


def test_a_level_is_crossed_where_it_lies_and_unknown_corners_are_left_alone() -> None:
    field = np.array([[0.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 0.0]])
    pieces = crossings(field, 1.0)
    assert len(pieces) == 4  # a diamond about the middle
    reach = np.abs(pieces.reshape(-1, 2) - 1.0).sum(axis=1)
    assert reach == pytest.approx(np.full(8, 0.75))
    field[0, 0] = np.nan
    assert len(crossings(field, 1.0)) == 3
    saddle = np.array([[2.0, 0.0], [0.0, 2.0]])
    assert len(crossings(saddle, 0.9)) == 2 and len(crossings(saddle, 1.1)) == 2
    assert not np.allclose(crossings(saddle, 0.9)[0], crossings(saddle, 1.1)[0])


def test_too_few_readings_have_no_isolines() -> None:
    assert isolines_of(flown(np.zeros(2), np.zeros(2), np.ones(2)), FRAME).lines == ()


def section(n: int) -> Section:
    along, height = np.linspace(0.0, 500.0, n), 20.0 + 10.0 * np.sin(np.arange(n) / 30.0)
    value = 0.5 + 20.0 * np.exp(-((along - 250.0) ** 2) / 800.0)
    order = np.argsort(value)
    axis = Axis(np.arange(0.0, 500.0, 5.0), np.full(100, 12.0), np.arange(100) / 5.0)
    stacks = (Stack("DA001", 100.0, 25.0, False), Stack("S1", 0.0, 12.0, True))
    columns = (along[order], height[order], value[order], 1.79e9 + np.arange(n)[order] * 1.0)
    return Section(*columns, stacks=stacks, axes=(axis,))


@pytest.fixture
def curtain(qtbot: QtBot, qapp: QApplication) -> Curtain:
    made = Curtain(LIGHT)
    qtbot.addWidget(made)
    made.resize(WIDE, 260)
    made.show_section(Ready.of(section(3000)), ramp.Scale(0.5, 20.0))
    made.show()
    qapp.processEvents()
    return made


def grabbed(curtain: Curtain) -> QImage:
    return curtain.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_curtain_shows_readings_stacks_and_axis(curtain: Curtain) -> None:
    image = grabbed(curtain)
    assert count_of(image, ramp.colour(LIGHT, 1.0).name()) > 20
    assert count_of(image, LIGHT.outlet) > 60 and count_of(image, LIGHT.suspect) > 60


def test_a_click_in_the_curtain_picks_the_moment_and_a_moment_is_shown_in_it(curtain: Curtain, qtbot: QtBot) -> None:
    plot = curtain.plot
    place = plot.item.vb.mapViewToScene(QPointF(250.0, float(20.0 + 10.0 * np.sin(1500 / 30.0))))
    viewport = plot.widget.viewport()
    with qtbot.waitSignal(curtain.picked) as picked:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=plot.widget.mapFromScene(place))
    assert abs(picked.args[0] - (1.79e9 + 1500)) < 60
    before = grabbed(curtain)
    curtain.show_moment(1.79e9 + 100.0)
    assert grabbed(curtain) != before
    assert "mg/m³" in curtain.accessibleDescription()
    curtain.show_moment(1.79e9 + 90_000.0)  # long after: nothing was passed then
    assert curtain.accessibleDescription() == ""


def test_the_curtain_is_moved_by_keys(curtain: Curtain, qtbot: QtBot) -> None:
    shown = curtain.plot.item.vb.viewRect()
    curtain.setFocus()
    qtbot.keyClick(curtain, Qt.Key.Key_Right)
    assert curtain.plot.item.vb.viewRect().left() > shown.left()
    qtbot.keyClick(curtain, Qt.Key.Key_Plus)
    assert curtain.plot.item.vb.viewRect().width() < shown.width()
    qtbot.keyClick(curtain, Qt.Key.Key_Home)
    assert curtain.plot.item.vb.viewRect().left() == pytest.approx(shown.left(), abs=1.0)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name.value)
def test_the_curtain_follows_the_theme_and_takes_many_readings(curtain: Curtain, theme: Theme) -> None:
    curtain.set_theme(theme)
    curtain.show_section(Ready.of(section(300_000)), ramp.Scale(0.5, 20.0))
    image = grabbed(curtain)
    assert count_of(image, theme.panel) > 10_000
    assert count_of(image, ramp.colour(theme, 1.0).name()) > 20


def test_a_full_collection_is_short_once_what_lives_is_set_aside() -> None:
    held = [[i] for i in range(400_000)]  # what a long one would walk every time
    before = gc.get_freeze_count()
    collecting = Collecting()
    collecting.begin()
    try:
        assert gc.get_freeze_count() > before + len(held)
        more = [[i] for i in range(400_000)]
        gc.collect()
        assert collecting.longest_ms > 0
        frozen = gc.get_freeze_count()
        assert frozen > before + len(held) + len(more) or collecting.longest_ms <= LONG_MS
    finally:
        collecting.end()
    assert gc.get_freeze_count() == 0 and collecting._told not in gc.callbacks
