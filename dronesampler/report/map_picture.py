"""The map of a patrol as SVG: park, outlets, track coloured by concentration, suspected places with their ellipses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Readings, Track, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Park, Polygon
from dronesampler.report.labels import LabelBoard
from dronesampler.report.map_furniture import legend, north_and_wind, scale_bar, watermark
from dronesampler.report.ramp import Ramp
from dronesampler.report.svg import INK, LINE, MUTED, PAPER, document, element, path, words
from dronesampler.report.values import SuspectedPlace, mean_wind
from dronesampler.texts import Lang, Text

OUTLET_BLUE, SUSPECT_RED = "#1f5fbf", "#c8203a"
MAP_TITLE = Text("巡查示意图", "sketch map of the patrol")
LEGEND_HEIGHT = 76.0
MOST_SEGMENTS = 4000
GAP_S = 6.0
FAR_M = 3_000.0
_ROUND = {"fill": "none", "stroke_linecap": "round"}


@dataclass(frozen=True, slots=True)
class View:
    """Local metres to picture units; y grows downwards."""

    frame: LocalFrame
    west_m: float
    north_m: float
    units_a_m: float
    width: float
    height: float

    def xy(self, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """Picture coordinates, shape (n, 2)."""
        x, y = self.frame.to_xy(lat_deg, lon_deg)
        return np.column_stack([(x - self.west_m) * self.units_a_m, (self.north_m - y) * self.units_a_m])

    def point(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        x, y = self.xy(np.array([lat_deg]), np.array([lon_deg]))[0]
        return float(x), float(y)


def map_picture(
    park: Park,
    track: Track,
    readings: Readings,
    findings: Sequence[SuspectedPlace],
    *,
    wind: Wind | None = None,
    size: tuple[int, int] = (1000, 760),
    lang: Lang = Lang.ZH,
    simulated: bool = False,
) -> str:
    """SVG text of the map, `size` in picture units."""
    view = _view(park, track, findings, size=size)
    ramp = Ramp.over(readings.value_mg_m3[readings.ok])
    layers = [
        element("rect", width=view.width, height=view.height, fill="#f3f4f1"),
        _ground(park, view),
        _flown(track, view),
        _concentration(readings, view, ramp=ramp),
        watermark(view.width, view.height) if simulated else "",
        _Marks(park, findings, view).drawn(lang),
        north_and_wind(view.width, mean_wind(wind), lang=lang),
        scale_bar(view.height, view.units_a_m),
        element("rect", width=view.width, height=view.height, fill="none", stroke=LINE),
    ]
    paper = element("rect", width=size[0], height=size[1], fill=PAPER)
    clip = element("clipPath", element("rect", width=view.width, height=view.height), id="frame")
    drawing = paper + clip + element("g", "".join(layers), clip_path="url(#frame)")
    below = legend(ramp, top=view.height, width=view.width, quantity=readings.quantity, lang=lang)
    return document(drawing + below, width=size[0], height=size[1], title=MAP_TITLE.said(lang))


def _view(park: Park, track: Track, findings: Sequence[SuspectedPlace], *, size: tuple[int, int]) -> View:
    """What is shown: the park, and the track and places within 3 km of it."""
    frame = park.frame()
    lat = np.concatenate([[p[0] for p in park.boundary.outer], track.lat_deg, [f.lat_deg for f in findings]])
    lon = np.concatenate([[p[1] for p in park.boundary.outer], track.lon_deg, [f.lon_deg for f in findings]])
    x, y = frame.to_xy(lat, lon)
    shown = np.isfinite(x) & np.isfinite(y) & (np.hypot(np.nan_to_num(x), np.nan_to_num(y)) < FAR_M)
    shown[: len(park.boundary.outer)] = True
    west, east, south, north = x[shown].min(), x[shown].max(), y[shown].min(), y[shown].max()
    width, height = float(size[0]), size[1] - LEGEND_HEIGHT
    scale = 0.9 * min(width / max(east - west, 50.0), height / max(north - south, 50.0))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return View(frame, middle_x - width / scale / 2, middle_y + height / scale / 2, scale, width, height)


def _outline(area: Polygon, view: View) -> str:
    rings = [view.xy(*np.array(ring, float).T) for ring in (area.outer, *area.holes)]
    return " ".join(path([(float(x), float(y)) for x, y in ring], closed=True) for ring in rings)


def _ground(park: Park, view: View) -> str:
    """Boundary, enterprises, buildings and controlled airspaces."""
    areas = [element("path", d=_outline(park.boundary, view), fill=PAPER, stroke="#8a94a0", stroke_width=1.6)]
    for enterprise in park.enterprises:
        if enterprise.area:
            areas.append(element("path", d=_outline(enterprise.area, view), fill="#f6f1e7", stroke="#d8cdb8"))
    for building in park.buildings:
        areas.append(
            element("path", d=_outline(building.area, view), fill="#e3e1dc", stroke="#c9c6bf", stroke_width=0.7)
        )
    for airspace in park.airspaces:
        areas.append(
            element(
                "path",
                d=_outline(airspace.area, view),
                fill="#a0527a",
                fill_opacity=0.07,
                stroke="#a0527a",
                stroke_width=1.2,
                stroke_dasharray="7 4",
                fill_rule="evenodd",
            )
        )
    return "".join(areas)


def _flown(track: Track, view: View) -> str:
    known = np.flatnonzero(np.isfinite(track.lat_deg) & np.isfinite(track.lon_deg))
    picked = known[:: max(1, len(known) // MOST_SEGMENTS)]
    if len(picked) < 2:
        return ""
    points = view.xy(track.lat_deg[picked], track.lon_deg[picked])
    line = path([(float(x), float(y)) for x, y in points])
    return element("path", d=line, fill="none", stroke="#aab2bb", stroke_width=1.0)


def _concentration(readings: Readings, view: View, *, ramp: Ramp) -> str:
    """Pieces of track in the colour of what was read there; the highest of each piece when there are too many."""
    good = readings.rows(readings.ok & np.isfinite(readings.lat_deg) & np.isfinite(readings.value_mg_m3))
    if len(good) < 2:
        return ""
    good = good.rows(np.argsort(good.time_s, kind="stable"))
    starts = np.arange(0, len(good), max(1, -(-len(good) // MOST_SEGMENTS)))
    highest = np.maximum.reduceat(good.value_mg_m3, starts)
    points, times = view.xy(good.lat_deg[starts], good.lon_deg[starts]), good.time_s[starts]
    joined = np.diff(times) <= GAP_S * max(1.0, float(np.median(np.diff(times))))
    colours = ramp.colours(np.maximum(highest[:-1], highest[1:]))
    order = [int(i) for i in np.argsort(np.maximum(highest[:-1], highest[1:]), kind="stable") if joined[i]]
    lines = [path([(float(x), float(y)) for x, y in points[i : i + 2]]) for i in order]  # high over low
    casing = "".join(element("path", d=line) for line in lines)
    pieces = "".join(element("path", d=line, stroke=colours[i]) for i, line in zip(order, lines, strict=True))
    below = element("g", casing, stroke="#7d8790", stroke_width=5.2, stroke_opacity=0.45, **_ROUND)
    return below + element("g", pieces, stroke_width=4.0, **_ROUND)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Outlets, suspected places and names: all marks are set first, so that no name lies on one."""

    park: Park
    findings: Sequence[SuspectedPlace]
    view: View

    def drawn(self, lang: Lang) -> str:
        view = self.view
        board = LabelBoard((4.0, 4.0, view.width - 4.0, view.height - 4.0))
        board.block((view.width - 130.0, 0.0, view.width, 96.0))  # north and wind
        board.block((0.0, view.height - 44.0, 190.0, view.height))  # scale
        outlets = [(outlet.code, *view.point(outlet.lat_deg, outlet.lon_deg)) for outlet in self.park.outlets]
        places = [(place, *view.point(place.lat_deg, place.lon_deg)) for place in self.findings]
        for marks, half in ((outlets, 6.0), (places, 13.0)):
            for _, x, y in marks:
                board.block((x - half, y - half, x + half, y + half))
        drawn = [_ellipse(place, self.view.units_a_m, at=(x, y)) for place, x, y in places]
        drawn += [_square(x, y) for _, x, y in outlets]
        drawn += [_ring(x, y) for _, x, y in places]
        drawn += [_label(p.code, board, at=(x, y), size=15.0, fill=SUSPECT_RED) for p, x, y in places]
        drawn += [_label(code, board, at=(x, y), size=11.5, fill="#16447f") for code, x, y in outlets]
        return "".join(drawn) + self._names(board, lang)

    def _names(self, board: LabelBoard, lang: Lang) -> str:
        """The enterprises within their areas, the park in the corner."""
        shown = []
        for enterprise in self.park.enterprises:
            if enterprise.area is None:
                continue
            ring = self.view.xy(*np.array(enterprise.area.outer, float).T)
            name = enterprise.name if lang is Lang.ZH else enterprise.name_en or enterprise.name
            x, y = (float(v) for v in (ring.min(axis=0) + ring.max(axis=0)) / 2)
            place = board.place_near_middle(name, x, y, size=11, reach=float(np.ptp(ring[:, 1])) / 2 - 8)
            shown += [words(name, *place, size=11, halo=True, fill=MUTED)] if place else []
        title = self.park.name if lang is Lang.ZH else self.park.name_en or self.park.name
        return "".join(shown) + words(title, 14, 26, size=16, halo=True, fill=INK)


def _ellipse(place: SuspectedPlace, units_a_m: float, *, at: tuple[float, float]) -> str:
    if place.ellipse95 is None:
        return ""
    major_m, minor_m, azimuth_deg = place.ellipse95
    return element(
        "ellipse",
        rx=max(major_m * units_a_m, 2.0),
        ry=max(minor_m * units_a_m, 2.0),
        fill=SUSPECT_RED,
        fill_opacity=0.08,
        stroke=SUSPECT_RED,
        stroke_width=1.6,
        stroke_dasharray="6 4",
        transform=f"translate({at[0]:.2f} {at[1]:.2f}) rotate({azimuth_deg - 90.0:.2f})",
    )


def _square(x: float, y: float) -> str:
    return element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=OUTLET_BLUE, stroke=PAPER, stroke_width=1.5)


def _ring(x: float, y: float) -> str:
    rings = [(PAPER, 6.5), (SUSPECT_RED, 3.2)]
    return "".join(element("circle", cx=x, cy=y, r=10, fill="none", stroke=c, stroke_width=w) for c, w in rings)


def _label(text: str, board: LabelBoard, *, at: tuple[float, float], size: float, fill: str) -> str:
    left, base = board.place(text, *at, size=size, gap=size + 1.0 if size > 12.0 else 8.0)
    return words(text, left, base, size=size, halo=True, fill=fill)
