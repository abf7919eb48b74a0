"""Strip charts of a patrol: what was read, what the analysis made of it, and buttons that show and hide each line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from dronesampler_ui.parts.chart import StripChart, Trace
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.parts.source_colours import source_colour
from dronesampler_ui.review.study import OTHERS, Opened, Study
from dronesampler_ui.theme import Theme

SWATCH_PX = 10
AT_FIRST = ("raw", "background", "fit", "residual")


class Strips(QWidget):
    """The chart over the scrubber's time; emits the moment that was picked. The foot finds a place for `buttons`."""

    picked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._opened: Opened | None = None
        self._study: Study | None = None
        self.chart = StripChart(theme)
        self.chart.empty_words = self.tr("Choose a patrol to see its readings")
        self.chart.picked.connect(self.picked)
        self.buttons = {key: self._button(key, name) for key, name in self._names().items()}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.chart)
        self._offer()

    def _names(self) -> dict[str, str]:
        return {
            "raw": self.tr("Reading"),
            "corrected": self.tr("Without lag"),
            "background": self.tr("Background"),
            "fit": self.tr("Sources"),
            "stacked": self.tr("Stacked"),
            "residual": self.tr("Rest"),
        }

    def _meanings(self) -> dict[str, str]:
        return {
            "raw": self.tr("What the instrument showed"),
            "corrected": self.tr("The reading with the instrument's lag taken back"),
            "background": self.tr("The air without any source, as the analysis fitted it"),
            "fit": self.tr("What the analysis thinks each outlet and each suspected place brings"),
            "stacked": self.tr("Sources standing on one another, or each from the axis"),
            "residual": self.tr("What neither background nor sources explain"),
        }

    def _button(self, key: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("view")
        button.setCheckable(True)
        button.setChecked(key in (*AT_FIRST, "stacked"))
        button.setText(name)
        button.setAccessibleName(self.tr("Show in the chart: {name}").format(name=name))
        button.setToolTip(self._meanings()[key])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.toggled.connect(self._draw)
        return button

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.chart.set_theme(theme)
        self._draw()

    def show_patrol(self, opened: Opened | None) -> None:
        """The readings; what was worked out of them comes later."""
        self._opened, self._study = opened, None
        self.chart.show_spans(())
        self.chart.show_moment(None)
        self.chart.watermark = self.tr("SIMULATED") if opened and opened.shown.line.simulated else ""
        self._offer()
        self._draw(whole=True)

    def show_study(self, study: Study) -> None:
        self._study = study
        self._offer()
        self._draw()

    def toggle(self, key: str) -> None:
        self.buttons[key].toggle()

    def _offer(self) -> None:
        """Only what there is can be switched."""
        study = self._study
        there = {
            "raw": self._opened is not None and len(self._opened.line) > 0,
            "corrected": study is not None,
            "background": study is not None and study.background is not None,
            "fit": study is not None and bool(study.sources),
            "stacked": study is not None and bool(study.sources) and self.buttons["fit"].isChecked(),
            "residual": study is not None and study.residual is not None,
        }
        for key, button in self.buttons.items():
            button.setEnabled(there[key])

    def _draw(self, _: object = None, *, whole: bool = False) -> None:
        self._paint_swatches()
        self._offer()
        self.chart.show_traces(self._traces(), whole=whole)

    def _traces(self) -> list[Trace]:
        if self._opened is None or not len(self._opened.line):
            return []
        study, names = self._study, self._names()
        on = {key for key, button in self.buttons.items() if button.isChecked() and button.isEnabled()}
        traces: list[Trace] = []
        if study is not None:
            if "fit" in on:
                traces += self._fit(study, stacked="stacked" in on)
            if "background" in on and study.background is not None:
                solid = "fit" in on and "stacked" in on
                traces.append(_trace(names["background"], study.background, "soft", solid=solid))
            if "corrected" in on:
                traces.append(_trace(names["corrected"], study.corrected, "good"))
            if "residual" in on and study.residual is not None:
                traces.append(_trace(names["residual"], study.residual, "route", panel=1))
        if "raw" in on:
            quantity = self._opened.shown.readings.quantity if self._opened.shown.readings is not None else ""
            alone = not any(t.panel == 0 for t in traces)
            traces.append(_trace(quantity or names["raw"], self._opened.line, "accent", filled=alone))
        return traces

    def _fit(self, study: Study, *, stacked: bool) -> list[Trace]:
        """The topmost first, so that each covers what stands below it."""
        return [
            _trace(
                source.key if source.key != OTHERS else self.tr("other outlets"),
                source.stacked if stacked else source.alone,
                source_colour(self._theme, source.key, source.number),
                solid=stacked,
                said=source.alone,
                named=True,
            )
            for source in reversed(study.sources)
        ]

    def _paint_swatches(self) -> None:
        colours = {"raw": "accent", "corrected": "good", "background": "soft", "residual": "route"}
        for key, field in colours.items():
            pixmap = QPixmap(SWATCH_PX, SWATCH_PX)
            pixmap.fill(QColor(getattr(self._theme, field)))
            self.buttons[key].setIcon(QIcon(pixmap))


def _trace(
    name: str,
    line: Pyramid,
    colour: str,
    *,
    filled: bool = False,
    solid: bool = False,
    panel: int = 0,
    said: Pyramid | None = None,
    named: bool = False,
) -> Trace:
    rows = line.levels[0]
    return Trace(
        name, rows.time_s, rows.high, colour, filled=filled, solid=solid, panel=panel, line=line, said=said,
        wide=1.0 if solid else 1.4, named=named,
    )  # fmt: skip
