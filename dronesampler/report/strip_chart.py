"""The strip chart of a patrol as SVG: concentration over time, with background, limits and the highest reading."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Readings
from dronesampler.report.map_furniture import watermark
from dronesampler.report.ramp import Ramp, plain
from dronesampler.report.svg import INK, LINE, MUTED, PAPER, document, element, path, width_of, words
from dronesampler.texts import Lang, Text

CHART_TITLE = Text("浓度随时间变化", "concentration over time")
AXIS = Text("{quantity}，mg/m³", "{quantity}, mg/m³")
BACKGROUND = Text("背景 {value}", "background {value}")
HIGHEST = Text("最高 {value}", "highest {value}")
LIMIT = Text("限值 {value}", "limit {value}")
NO_READINGS = Text("没有可用读数", "no usable readings")
LEFT, RIGHT, TOP, BOTTOM = 54.0, 16.0, 26.0, 30.0
MOST_COLUMNS = 1200
TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def strip_chart(
    readings: Readings,
    *,
    background_mg_m3: float | None = None,
    size: tuple[int, int] = (1000, 250),
    lang: Lang = Lang.ZH,
    simulated: bool = False,
    utc_offset_h: float = 8.0,
) -> str:
    """SVG text of the chart, `size` in picture units."""
    width, height = float(size[0]), float(size[1])
    good = readings.rows(readings.ok & np.isfinite(readings.value_mg_m3) & np.isfinite(readings.time_s))
    paper = element("rect", width=width, height=height, fill=PAPER)
    mark = watermark(width, height) if simulated else ""
    if len(good) < 2:
        nothing = words(NO_READINGS.said(lang), width / 2, height / 2, size=14, text_anchor="middle", fill=MUTED)
        return document(paper + nothing + mark, width=width, height=height, title=CHART_TITLE.said(lang))
    plot = _Plot(good, width=width, height=height)
    drawn = [
        paper,
        plot.value_axis(AXIS.with_(quantity=readings.quantity or "VOC").said(lang)),
        plot.time_axis(utc_offset_h),
        mark,
        plot.curve(),
        plot.levels(background_mg_m3, lang),
        plot.highest(lang),
    ]
    return document("".join(drawn), width=width, height=height, title=CHART_TITLE.said(lang))


class _Plot:
    """Readings in order of time on a plane of picture units."""

    def __init__(self, readings: Readings, *, width: float, height: float) -> None:
        order = np.argsort(readings.time_s, kind="stable")
        self.time_s, self.value = readings.time_s[order], readings.value_mg_m3[order]
        self.ramp = Ramp.over(self.value)
        self.width, self.height = width, height
        self.span_s = max(float(self.time_s[-1] - self.time_s[0]), 1.0)

    def x(self, time_s: NDArray[np.float64] | float) -> NDArray[np.float64]:
        share: NDArray[np.float64] = (np.asarray(time_s) - self.time_s[0]) / self.span_s
        return LEFT + share * (self.width - LEFT - RIGHT)

    def y(self, value: NDArray[np.float64] | float) -> NDArray[np.float64]:
        share: NDArray[np.float64] = np.clip(np.asarray(value) / self.ramp.top_mg_m3, -0.05, 1.0)
        return self.height - BOTTOM - share * (self.height - TOP - BOTTOM)

    def value_axis(self, title: str) -> str:
        parts = [words(title, 10, 16, size=11.5)]
        for tick in self.ramp.ticks():
            y = float(self.y(tick))
            parts.append(element("path", d=f"M{LEFT} {y:.2f} H{self.width - RIGHT}", stroke="#e6eaee"))
            parts.append(words(plain(tick), LEFT - 7, y + 4, size=10.5, text_anchor="end", fill=MUTED))
        return "".join(parts)

    def time_axis(self, utc_offset_h: float) -> str:
        step = next((s for s in TIME_STEPS_S if self.span_s / s <= 9), TIME_STEPS_S[-1])
        offset_s = utc_offset_h * 3600.0
        first = np.ceil((self.time_s[0] + offset_s) / step) * step - offset_s
        parts = [element("path", d=f"M{LEFT} {self.height - BOTTOM} H{self.width - RIGHT}", stroke=LINE)]
        for at in np.arange(first, self.time_s[-1] + 1e-6, step):
            said = local_time(float(at), utc_offset_h, form="%H:%M:%S" if step < 60 else "%H:%M")
            x = float(self.x(at))
            parts.append(element("path", d=f"M{x:.2f} {self.height - BOTTOM} v5", stroke=MUTED))
            parts.append(words(said, x, self.height - 11, size=10.5, text_anchor="middle", fill=MUTED))
        return "".join(parts)

    def levels(self, background_mg_m3: float | None, lang: Lang) -> str:
        parts = []
        for limit in self.ramp.limits():
            parts.append(self._level(limit, LIMIT.with_(value=plain(limit)).said(lang), colour="#c8203a"))
        if background_mg_m3 is not None and np.isfinite(background_mg_m3):
            said = BACKGROUND.with_(value=plain(background_mg_m3)).said(lang)
            parts.append(self._background(background_mg_m3, said))
        return "".join(parts)

    def _level(self, value: float, said: str, *, colour: str) -> str:
        x, y = self.width - RIGHT - 4, float(self.y(value))
        base = y - 6 if y > TOP + 14 else y + 15  # above the plot stands the background's name
        return self._dashed(y, colour) + words(said, x, base, size=10.5, halo=True, text_anchor="end", fill=colour)

    def _background(self, value: float, said: str) -> str:
        """Named above the plot: beside the line the readings would lie on its name."""
        colour, right = "#2b7091", self.width - RIGHT
        sample = f"M{right - width_of(said, 11) - 30:.2f} 12 h22"
        shown = element("path", d=sample, stroke=colour, stroke_width=1.6, stroke_dasharray="6 4")
        name = words(said, right, 16, size=11, text_anchor="end", fill=colour)
        return self._dashed(float(self.y(value)), colour) + shown + name

    def _dashed(self, y: float, colour: str) -> str:
        line = f"M{LEFT} {y:.2f} H{self.width - RIGHT}"
        return element("path", d=line, stroke=colour, stroke_width=1.2, stroke_dasharray="6 4")

    def curve(self) -> str:
        """The readings; lowest and highest of each column when they are more than the picture can hold."""
        if len(self.value) <= 2 * MOST_COLUMNS:
            picked = np.arange(len(self.value))
        else:
            edges = np.linspace(0, len(self.value), MOST_COLUMNS + 1).astype(int)
            pairs = [
                sorted((a + int(self.value[a:b].argmin()), a + int(self.value[a:b].argmax())))
                for a, b in itertools.pairwise(edges)
            ]
            picked = np.array(pairs).ravel()
        points = list(zip(self.x(self.time_s[picked]), self.y(self.value[picked]), strict=True))
        line = path([(float(x), float(y)) for x, y in points])
        return element("path", d=line, fill="none", stroke="#3a4a8c", stroke_width=1.2, stroke_linejoin="round")

    def highest(self, lang: Lang) -> str:
        at = int(self.value.argmax())
        x, y = float(self.x(self.time_s[at])), float(self.y(self.value[at]))
        said = HIGHEST.with_(value=plain(float(self.value[at]))).said(lang)
        right = x > self.width * 0.8
        mark = element("circle", cx=x, cy=y, r=3.4, fill=INK, stroke=PAPER)
        anchor = "end" if right else "start"
        return mark + words(said, x + (-8 if right else 8), y + 4, size=11, halo=True, text_anchor=anchor)


def local_time(unix_s: float, utc_offset_h: float, *, form: str) -> str:
    """A time at a fixed offset from UTC."""
    return (datetime.fromtimestamp(unix_s, UTC) + timedelta(hours=utc_offset_h)).strftime(form)
