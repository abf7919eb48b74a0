"""What frames a map: north and wind, scale, legend, and the mark of simulated data."""

import math

from dronesampler.report.ramp import LIMITS_MG_M3, STOPS, Ramp, plain, round_up
from dronesampler.report.svg import INK, LINE, MUTED, PAPER, element, path, words
from dronesampler.texts import SIMULATED, Lang, Text

WIND = Text("风 {from_deg:.0f}° {speed:.1f} m/s", "wind {from_deg:.0f}° {speed:.1f} m/s")
NO_WIND = Text("无风数据", "no wind data")
CONCENTRATION = Text("{quantity} 浓度，mg/m³", "{quantity}, mg/m³")
LIMIT = Text("限值 {value}", "limit {value}")
NO_LIMIT_REACHED = Text("未达限值 4 / 10 / 30 mg/m³", "limits 4 / 10 / 30 mg/m³ not reached")
PERMITTED = Text("许可排放口", "permitted outlet")
SUSPECTED_PLACE = Text("疑似点位与 95% 范围", "suspected place, 95 % region")
AIRSPACE = Text("管制空域", "controlled airspace")
NORTH = Text("北", "N")


def north_and_wind(width: float, wind: tuple[float, float] | None, *, lang: Lang) -> str:
    """North arrow and wind arrow in the upper right corner. The wind arrow points where the wind goes."""
    panel = element("rect", x=width - 128, y=8, width=120, height=86, rx=4, fill=PAPER, fill_opacity=0.88, stroke=LINE)
    north = element("path", d=path([(0, -18), (6, 12), (0, 6), (-6, 12)], closed=True), fill=INK)
    north = element("g", north, transform=f"translate({width - 98} 44)")
    north += words(NORTH.said(lang), width - 98, 22, size=11, text_anchor="middle")
    if wind is None:
        return panel + north + words(NO_WIND.said(lang), width - 68, 86, size=10.5, text_anchor="middle", fill=MUTED)
    from_deg, speed = wind
    shaft = element("path", d="M0 19 L0 -12", stroke="#2b7091", stroke_width=3, fill="none", stroke_linecap="round")
    head = element("path", d=path([(0, -20), (7, -7), (-7, -7)], closed=True), fill="#2b7091")
    arrow = element("g", shaft + head, transform=f"translate({width - 42} 40) rotate({(from_deg + 180) % 360:.1f})")
    said = Text(WIND.zh.format(from_deg=from_deg, speed=speed), WIND.en.format(from_deg=from_deg, speed=speed))
    return panel + north + arrow + words(said.said(lang), width - 68, 86, size=10.5, text_anchor="middle")


def scale_bar(height: float, units_a_m: float) -> str:
    """A round length of about 120 units in the lower left corner."""
    metres = round_up(80.0 / units_a_m)
    length = metres * units_a_m
    panel = element("rect", x=8, y=height - 42, width=length + 24, height=34, rx=4, fill=PAPER, fill_opacity=0.88)
    bar = element("path", d=f"M20 {height - 24:.1f} v6 h{length:.2f} v-6", fill="none", stroke=INK, stroke_width=1.6)
    return panel + bar + words(f"{plain(metres)} m", 20 + length / 2, height - 25, size=11, text_anchor="middle")


def watermark(width: float, height: float) -> str:
    """SIMULATED across the picture, pale enough to read what lies below."""
    text = f"{SIMULATED.zh} {SIMULATED.en}"
    size = min(width, height) / 9
    turned = f"translate({width / 2:.1f} {height / 2:.1f}) rotate({-math.degrees(math.atan2(height, width)):.1f})"
    colour, opacity = "#8b2252", 0.1
    return element(
        "g",
        words(text, 0, size / 3, size=size, text_anchor="middle", fill=colour, fill_opacity=opacity),
        transform=turned,
    )


def legend(ramp: Ramp, *, top: float, width: float, quantity: str, lang: Lang) -> str:
    """The strip below the map: colour scale with limits, and what the marks mean."""
    left, bar_width = 16.0, min(420.0, width * 0.44)
    title = CONCENTRATION.with_(quantity=quantity or "VOC").said(lang)
    parts = [words(title, left, top + 18, size=11.5), _bar(left, top + 25, width=bar_width)]
    for tick in ramp.ticks():
        x = left + bar_width * tick / ramp.top_mg_m3
        parts.append(element("path", d=f"M{x:.2f} {top + 39:.1f} v4", stroke=MUTED))
        parts.append(words(plain(tick), x, top + 55, size=10.5, text_anchor="middle", fill=MUTED))
    parts += [_limit(limit, left + bar_width * limit / ramp.top_mg_m3, top=top, lang=lang) for limit in ramp.limits()]
    if not ramp.limits():
        note = NO_LIMIT_REACHED.said(lang)
        parts.append(words(note, left, top + 70, size=10, fill=MUTED))
    return "".join(parts) + _marks_explained(left + bar_width + 44, top, lang=lang)


def _bar(left: float, top: float, *, width: float) -> str:
    stops = "".join(
        element("stop", offset=f"{100 * i / (len(STOPS) - 1):.1f}%", stop_color=colour)
        for i, colour in enumerate(STOPS)
    )
    gradient = element("defs", element("linearGradient", stops, id="ramp"))
    return gradient + element("rect", x=left, y=top, width=width, height=14, fill="url(#ramp)", stroke="#9aa3ad")


def _limit(limit: float, x: float, *, top: float, lang: Lang) -> str:
    line = element("path", d=f"M{x:.2f} {top + 22:.1f} v20", stroke="#c8203a", stroke_width=1.8)
    anchor = "middle" if limit > LIMITS_MG_M3[0] else "start"
    said = LIMIT.with_(value=plain(limit)).said(lang)
    return line + words(said, x, top + 69, size=10, text_anchor=anchor, fill="#c8203a")


def _marks_explained(left: float, top: float, *, lang: Lang) -> str:
    square = element("rect", x=left, y=top + 14, width=10, height=10, fill="#1f5fbf")
    ring = element("circle", cx=left + 5, cy=top + 42, r=6.5, fill="none", stroke="#c8203a", stroke_width=2.6)
    far = left + 190
    zone = element(
        "rect",
        x=far,
        y=top + 14,
        width=14,
        height=10,
        fill="#a0527a",
        fill_opacity=0.1,
        stroke="#a0527a",
        stroke_dasharray="3 2",
    )
    return (
        square
        + words(PERMITTED.said(lang), left + 20, top + 23, size=11)
        + ring
        + words(SUSPECTED_PLACE.said(lang), left + 20, top + 46, size=11)
        + zone
        + words(AIRSPACE.said(lang), far + 22, top + 23, size=11)
    )
