"""What is on the screen can be read: contrast measured on the pixels, names for screen readers, nothing clipped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from dronesampler.session.client import Told
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.sample_live import SampleLive
from dronesampler_ui.theme import THEMES, Theme, ThemeName, style_sheet

PARTS_OF_QT = ("qt_toolbar_ext_button", "ScrollLeftButton", "ScrollRightButton", "qt_tableview_cornerbutton")
WORKSPACES = ("plan", "fly", "review", "cases")
WANTED = {ThemeName.LIGHT: 4.5, ThemeName.DARK: 4.5, ThemeName.SUNLIGHT: 7.0}


def everything(desktop: Desktop, at_rest: Callable[..., None]) -> Iterator[str]:
    """Each workspace in turn, and Fly as it looks in the moments that count."""
    window = desktop.window
    for key in WORKSPACES:
        window.enter(key)
        at_rest(desktop)
        if key == "review":
            window.review.flags.list.setCurrentRow(0)
            at_rest(desktop)
        yield key
    sample = SampleLive(window.library.data_dir)
    window.enter("fly")
    window.fly.buttons.more.setChecked(True)
    moments: dict[str, list[Told]] = {
        "fly-ground": sample.on_the_ground(),
        "fly-suspects": [*sample.attached(), sample.suspects()],
        "fly-warning": [sample.snapshot(alarms=(sample.alarm(),), traffic=sample.traffic()[1:])],
        "fly-danger": [sample.snapshot(alarms=(sample.alarm(danger=True), sample.alarm()), traffic=sample.traffic())],
        "fly-seen": [sample.snapshot(alarms=(sample.alarm(seen_by="王"),))],
    }
    for name, told in moments.items():
        window.fly._told(told)
        if name == "fly-ground":
            window.fly.check.open_for("")
            window.fly.check.show_snapshot(sample.snapshot())
            window.fly.panel.checklist.rows["airspace"].open.setChecked(True)
        if name == "fly-warning":
            window.fly.check.hide()
            window.fly.sightings.card.show_sighting("12:00:00")
            window.fly.suspects.take.click()
        at_rest(desktop)
        yield name
    window.fly.forget()


def luminance(rgb: np.ndarray) -> np.ndarray:
    """WCAG 2 relative luminance of 0..255 values, shape (..., 3)."""
    part = rgb / 255.0
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return data[:, : image.width(), 2::-1].astype(float)


def contrast(area: np.ndarray) -> float:
    """Between the commonest colour of a widget and the one that stands out most from it.

    Text is drawn with soft edges; the middle of its strokes is what the eye reads: the eighth strongest pixel counts.
    """
    codes = area.reshape(-1, 3) @ np.array([65_536.0, 256.0, 1.0])  # one number a colour: sorted ten times as fast
    colours, counts = np.unique(codes, return_counts=True)
    rgb = np.stack([colours // 65_536, colours // 256 % 256, colours % 256], axis=1)
    light = luminance(rgb)
    ground = light[counts.argmax()]
    ratios = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    order = np.argsort(ratios)[::-1]
    eighth = np.searchsorted(np.cumsum(counts[order]), 8)
    return float(ratios[order[min(eighth, len(order) - 1)]])


def with_words(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        words = ""
        if isinstance(widget, QLabel | QAbstractButton):
            words = widget.text()
        elif isinstance(widget, QLineEdit):
            words = widget.text() or widget.placeholderText()
        elif isinstance(widget, QComboBox):
            words = widget.currentText()
        if any(letter.isalnum() for letter in words):
            yield widget, words


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name.value)
def test_words_stand_out_from_their_ground(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None], theme: Theme
) -> None:
    desktop = open_window(data_dir)
    desktop.use_theme(theme.name)
    weak = []
    measured = 0
    for key in everything(desktop, at_rest):
        screen = pixels(desktop.window.grab().toImage())
        for widget, words in with_words(desktop.window):
            if desktop.window.map.isAncestorOf(widget):
                continue
            corner = widget.mapTo(desktop.window, QPoint(0, 0))
            seen = QRect(corner, widget.size()).intersected(desktop.window.rect())
            # What lies inside the frame: the frame itself is not text.
            area = screen[seen.top() + 3 : seen.bottom() - 2, seen.left() + 3 : seen.right() - 2]
            if area.size < 300 or (area == area[0, 0]).all():
                continue
            measured += 1
            ratio = contrast(area)
            if ratio < WANTED[theme.name]:
                weak.append((key, type(widget).__name__, words, round(ratio, 2)))
    assert measured > 60
    assert weak == []


@pytest.mark.parametrize("lang", list(Lang))
def test_everything_that_can_be_used_has_a_name(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None], lang: Lang
) -> None:
    desktop = open_window(data_dir, lang)
    assert len(list(everything(desktop, at_rest))) > len(WORKSPACES)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QListWidget)
    nameless = [
        widget
        for widget in desktop.window.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not isinstance(widget, QMenu)
        and widget.objectName() not in PARTS_OF_QT
        and not (isinstance(widget.parent(), QComboBox) and widget.parent().accessibleName())
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


@pytest.mark.parametrize("lang", list(Lang))
def test_no_word_is_clipped(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None], lang: Lang
) -> None:
    desktop = open_window(data_dir, lang)
    clipped = []
    for name in ThemeName:
        desktop.use_theme(name)
        for key in everything(desktop, at_rest):
            for widget, words in with_words(desktop.window):
                if isinstance(widget, QLabel) and not widget.wordWrap():
                    wide = max(QFontMetrics(widget.font()).horizontalAdvance(line) for line in words.split("\n"))
                    if wide > widget.width() + 1:
                        clipped.append((name, key, words))
                elif (
                    isinstance(widget, QPushButton | QToolButton) and widget.width() < widget.minimumSizeHint().width()
                ):
                    clipped.append((name, key, words))
    assert clipped == []


def test_no_english_is_left_in_the_chinese_window(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None]
) -> None:
    desktop = open_window(data_dir, Lang.ZH)
    allowed = (
        "mg/m³",
        "Wh",
        "udpin:",
        "NMHC",
        "×",
        "S1",
        "S2",
        "SIM",
        "°",
        "km",
        "5 m",
        "DA0",
        "m/s",
        "--:--",
        "UTC",
        "示范",
        "–",
        "▶",
        "GB",
    )
    left = []
    for key in everything(desktop, at_rest):
        for _, words in with_words(desktop.window):
            letters = [c for c in words if c.isalpha()]
            chinese = any("\u4e00" <= c <= "\u9fff" for c in words)
            if letters and not chinese and not any(mark in words for mark in allowed):
                left.append((key, words))
    assert left == []


@pytest.mark.parametrize("factor", [1.25, 2.0])
def test_larger_type_still_fits(
    data_dir: Path, open_window: Callable[..., Desktop], at_rest: Callable[..., None], qapp: QApplication, factor: float
) -> None:
    """A picture of the window at another device pixel ratio has the same layout and sharper letters."""
    desktop = open_window(data_dir, Lang.ZH)
    desktop.window.enter("review")
    at_rest(desktop)
    image = QImage(desktop.window.size() * factor, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(factor)
    desktop.window.render(image)
    assert image.width() == round(desktop.window.width() * factor)
    assert len(np.unique(pixels(image)[::9, ::9].reshape(-1, 3), axis=0)) > 60


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name.value)
def test_the_style_sheet_is_whole_and_understood(qapp: QApplication, qtlog: Any, theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert all(f"{kind} {{" in sheet for kind in ("QPushButton#primary", "QLabel#huge", "QToolButton#rail:checked"))
    label = QLabel()
    label.setStyleSheet(sheet)
    label.ensurePolished()
    assert [record.message for record in qtlog.records if "parse" in record.message] == []
