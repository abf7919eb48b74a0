"""Three looks of the window: light, dark, and one for direct sun, as frozen colour tables and one style sheet."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from dronesampler.paths import assets_dir


class ThemeName(StrEnum):
    """What the officer can choose."""

    LIGHT = "light"
    DARK = "dark"
    SUNLIGHT = "sunlight"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #rrggbb, sizes in points and pixels. Text colours reach 4.5:1 on every surface, in sunlight 7:1."""

    name: ThemeName
    panel: str
    raised: str
    field: str
    line: str
    text: str
    soft: str
    accent: str
    on_accent: str
    selected: str
    good: str
    warn: str
    danger: str
    on_danger: str
    ground: str  # map: land outside the park
    land: str  # map: land inside the boundary
    plot: str  # map: an enterprise's plot
    plot_line: str
    roof_low: str
    roof_high: str
    shadow: str
    boundary: str
    outlet: str
    suspect: str
    airspace: str
    route: str
    flown: str
    trail: str
    halo: str
    ramp: tuple[str, ...]  # low to high; lightness strictly monotone, so it reads without colour vision
    point_size: float = 10.0
    stroke: float = 1.0  # multiplies line widths on the map and charts

    @property
    def dark(self) -> bool:
        return QColor(self.panel).lightnessF() < 0.5


LIGHT = Theme(
    name=ThemeName.LIGHT,
    panel="#f7f7f4",
    raised="#ffffff",
    field="#ffffff",
    line="#d9dbd6",
    text="#1c262d",
    soft="#55616a",
    accent="#1b6480",
    on_accent="#ffffff",
    selected="#dcebf0",
    good="#23704a",
    warn="#8a5a00",
    danger="#b3202f",
    on_danger="#ffffff",
    ground="#e4e7dd",
    land="#f1f1ea",
    plot="#e9e8de",
    plot_line="#c9c8ba",
    roof_low="#dcd9ce",
    roof_high="#c4beb1",
    shadow="#8d8b80",
    boundary="#5b6a63",
    outlet="#1f5fae",
    suspect="#b3202f",
    airspace="#8a4fa3",
    route="#2b3f4c",
    flown="#1b8a6b",
    trail="#5f7683",
    halo="#fbfbf8",
    ramp=("#dcebe7", "#ecd07c", "#f2a650", "#dc602d", "#9b2140", "#420f33"),
)

DARK = Theme(
    name=ThemeName.DARK,
    panel="#171c20",
    raised="#20272c",
    field="#12161a",
    line="#343d44",
    text="#e6ebee",
    soft="#a3afb8",
    accent="#6cc0dc",
    on_accent="#0c1a20",
    selected="#24414d",
    good="#74cf9d",
    warn="#e6b455",
    danger="#ff8a8f",
    on_danger="#2a0709",
    ground="#1b2125",
    land="#242b2f",
    plot="#2a3236",
    plot_line="#3d474d",
    roof_low="#37424a",
    roof_high="#4a5963",
    shadow="#0d1113",
    boundary="#9fb0a8",
    outlet="#72aef2",
    suspect="#ff7d85",
    airspace="#c79add",
    route="#d8e2e8",
    flown="#5fd3ab",
    trail="#8fa5b2",
    halo="#161b1f",
    ramp=("#44576a", "#6d5a97", "#b24f8d", "#ea6a63", "#f8a94d", "#fbf0a3"),
)

SUNLIGHT = Theme(
    name=ThemeName.SUNLIGHT,
    panel="#ffffff",
    raised="#ffffff",
    field="#ffffff",
    line="#4a4a4a",
    text="#000000",
    soft="#262626",
    accent="#00395c",
    on_accent="#ffffff",
    selected="#cfe6f5",
    good="#00432a",
    warn="#5a3300",
    danger="#86000f",
    on_danger="#ffffff",
    ground="#f2f2ee",
    land="#ffffff",
    plot="#f4f3ec",
    plot_line="#8d8c82",
    roof_low="#e0ddd3",
    roof_high="#c9c4b7",
    shadow="#77756c",
    boundary="#1d2a24",
    outlet="#003f9e",
    suspect="#a00014",
    airspace="#5c1f78",
    route="#000000",
    flown="#005c40",
    trail="#2f4450",
    halo="#ffffff",
    ramp=("#d3e6e2", "#eac75a", "#ee9433", "#cf4a14", "#8c1433", "#2b0322"),
    point_size=11.5,
    stroke=1.5,
)

THEMES: dict[ThemeName, Theme] = {t.name: t for t in (LIGHT, DARK, SUNLIGHT)}


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application this look."""
    if app.property("look") == theme.name.value:
        return
    app.setProperty("look", theme.name.value)
    font = app.font()
    font.setPointSizeF(theme.point_size)
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, theme.panel),
        (role.WindowText, theme.text),
        (role.Base, theme.field),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.soft),
        (role.Highlight, theme.selected),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
    ):
        palette.setColor(which, QColor(colour))
    return palette


def style_sheet(theme: Theme) -> str:
    """The one style sheet; sizes in em of the application font where Qt allows."""
    big, middle, small = (round(theme.point_size * k, 1) for k in (1.9, 1.2, 0.9))
    t, icons = theme, (assets_dir() / "icons").as_posix()
    return f"""
* {{ outline: none; }}
QMainWindow, QWidget#panel, QWidget#side, QWidget#foot, QScrollArea, QWidget#scrolled {{ background: {t.panel}; }}
QWidget#rail {{ background: {t.panel}; border-right: 1px solid {t.line}; }}
QWidget#bar {{ background: {t.panel}; border-bottom: 1px solid {t.line}; }}
QWidget#side {{ border-right: 1px solid {t.line}; }}
QWidget#foot {{ border-top: 1px solid {t.line}; }}
QLabel {{ color: {t.text}; background: transparent; }}
QLabel#title {{ font-size: {middle}pt; font-weight: 700; }}
QLabel#heading {{ font-size: {small}pt; font-weight: 700; color: {t.soft}; }}
QLabel#soft {{ color: {t.soft}; }}
QLabel#figure {{ font-size: {middle}pt; font-weight: 700; }}
QLabel#huge {{ font-size: {round(t.point_size * 5.2)}pt; font-weight: 700; }}
QLabel#good {{ color: {t.good}; font-weight: 700; }}
QLabel#warn {{ color: {t.warn}; font-weight: 700; }}
QLabel#danger {{ color: {t.danger}; font-weight: 700; }}
QLabel#chip {{ color: {t.warn}; border: 1px solid {t.warn}; border-radius: 9px; padding: 1px 9px; font-weight: 700; }}
QLabel#big {{ font-size: {big}pt; font-weight: 700; }}
QFrame#card {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame#rule {{ background: {t.line}; max-height: 1px; border: none; }}
QPushButton, QToolButton {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px;
    padding: 5px 12px; min-height: 20px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.accent}; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{ background: {t.selected}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 4px 11px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.soft}; background: {t.panel}; border-style: dashed; }}
QPushButton#primary {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 700; }}
QPushButton#primary:focus {{ border: 2px solid {t.text}; }}
QPushButton#primary:disabled {{ background: {t.panel}; color: {t.soft}; border: 1px dashed {t.line}; }}
QPushButton#link {{ background: transparent; border: 1px solid transparent; color: {t.accent}; padding: 2px 6px; }}
QPushButton#link:focus {{ border: 1px solid {t.accent}; }}
QToolButton#rail {{ border: none; border-radius: 8px; padding: 8px 2px; background: transparent; color: {t.soft}; }}
QToolButton#rail:checked {{ background: {t.selected}; color: {t.text}; font-weight: 700; }}
QToolButton#rail:focus {{ border: 2px solid {t.accent}; padding: 6px 0px; }}
QToolButton#map {{ padding: 4px; min-width: 24px; min-height: 24px; }}
QToolButton#quiet {{ border: 1px solid transparent; background: transparent; padding: 4px 8px; }}
QToolButton#quiet:hover, QToolButton#quiet:focus {{ border: 1px solid {t.accent}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit {{
    background: {t.field}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 4px 8px;
    min-height: 20px; placeholder-text-color: {t.soft};
    selection-background-color: {t.selected}; selection-color: {t.text}; }}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {t.accent}; padding: 3px 7px; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{icons}/down-{t.name.value}.svg"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; }}
QListView, QTableView, QTreeView {{
    background: {t.field}; color: {t.text}; border: 1px solid {t.line}; border-radius: 8px;
    alternate-background-color: {t.panel}; gridline-color: {t.line}; }}
QListView:focus, QTableView:focus {{ border: 2px solid {t.accent}; }}
QListView::item, QTableView::item {{ padding: 5px 8px; border: none; }}
QListView::item:selected, QTableView::item:selected {{ background: {t.selected}; color: {t.text}; }}
QListView::item:hover {{ background: {t.selected}; }}
QHeaderView {{ background: {t.field}; }}
QHeaderView::section {{
    background: {t.field}; color: {t.soft}; border: none; border-bottom: 1px solid {t.line}; padding: 5px 8px; }}
QTableCornerButton::section {{ background: {t.field}; border: none; }}
QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.selected}; color: {t.text}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
QCheckBox {{ spacing: 8px; color: {t.text}; }}
QCheckBox:focus {{ color: {t.accent}; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; border: 1px solid {t.soft}; border-radius: 3px; background: {t.field}; }}
QCheckBox::indicator:checked {{
    background: {t.accent}; border-color: {t.accent}; image: url("{icons}/check-{t.name.value}.svg"); }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.soft}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: {t.accent}; }}
QSlider:focus {{ border: 1px solid {t.accent}; border-radius: 4px; }}
"""
