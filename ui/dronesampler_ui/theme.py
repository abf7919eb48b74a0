"""Three looks of the window: light, dark, and one for direct sun, as frozen colour tables and one style sheet."""

from dataclasses import dataclass, fields
from enum import StrEnum
from string import Template

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
    """The one style sheet with the theme's colours and sizes filled in."""
    sizes = {"small": 0.9, "middle": 1.2, "big": 1.9, "huge": 5.2}
    values = {field.name: getattr(theme, field.name) for field in fields(theme)}
    values |= {name: str(round(theme.point_size * k, 1)) for name, k in sizes.items()}
    values |= {"icons": (assets_dir() / "icons").as_posix(), "name": theme.name.value}
    source = (assets_dir() / "themes" / "window.qss").read_text(encoding="utf-8")
    return Template(source).substitute(values)
