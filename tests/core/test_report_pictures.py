"""Map, strip chart and page: in their right places, marked where simulated, the same bytes each time, safe to open."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from dronesampler.casework import Officer
from dronesampler.columns import Readings, Track, Wind
from dronesampler.geo import Polygon
from dronesampler.park import Airspace, Enterprise, Outlet, Park
from dronesampler.report import Patrol, ReportValues, SuspectedPlace, map_picture, page_html, places_of, strip_chart
from dronesampler.report.map_picture import MOST_SEGMENTS
from dronesampler.report.ramp import STOPS, Ramp, round_up
from dronesampler.report.values import mean_wind, track_length_m
from dronesampler.texts import Lang

PARK = Park(
    "示范园区",
    Polygon(((35.70, 116.48), (35.70, 116.49), (35.705, 116.49), (35.705, 116.48))),
    name_en="Demo park",
    enterprises=(
        Enterprise("X", "甲公司", "Firm A", area=Polygon(((35.701, 116.481), (35.701, 116.484), (35.703, 116.484)))),
    ),
    outlets=(Outlet("DA001", 35.702, 116.482, 15.0), Outlet("DA002", 35.702, 116.487, 20.0)),
    airspaces=(Airspace("管制", Polygon(((35.704, 116.488), (35.704, 116.492), (35.708, 116.492)))),),
)
PLACE = SuspectedPlace("XP-001", 35.7035, 116.485, 10.0, 0.4, (0.2, 0.8), 12.0, 3, (30.0, 8.0, 60.0))


def flown(count: int = 300, *, top: float = 3.0) -> tuple[Track, Readings]:
    share = np.linspace(0.0, 1.0, count)
    time_s, lat, lon = 1.8e9 + np.arange(count), 35.7005 + 0.004 * (share * 6 % 1), 116.481 + 0.008 * share
    value = 0.3 + top * np.exp(-(((share - 0.6) / 0.03) ** 2))
    high = np.full(count, 40.0)
    track = Track(time_s, lat, lon, high, high, np.zeros(count), np.full(count, 5.0))
    ok, seq = np.ones(count, bool), np.arange(count)
    readings = Readings(time_s, lat, lon, high, value, np.ones(count), ok, seq, "NMHC", "PID-1")
    return track, readings


TRACK, READINGS = flown()
WIND = Wind(TRACK.time_s, np.full(len(TRACK), 350.0), np.full(len(TRACK), 3.0), np.full(len(TRACK), 10.0))


def drawn(**changes: object) -> str:
    values: dict[str, object] = {"park": PARK, "track": TRACK, "readings": READINGS, "findings": (PLACE,), "wind": WIND}
    values |= changes
    given = [values.pop(name) for name in ("park", "track", "readings", "findings")]
    return map_picture(*given, **values)  # type: ignore[arg-type]


def values(**changes: object) -> ReportValues:
    officers = (Officer("示例甲", "DEMO-1"), Officer("示例乙", "DEMO-2"))
    patrol = Patrol("P-1", 1.8e9, 1.8e9 + 300)
    base = ReportValues("示范大队", officers, patrol, PARK, TRACK, READINGS, WIND, suspected=(PLACE,))
    return replace(base, **changes)  # type: ignore[arg-type]


def squares(svg: str) -> list[tuple[float, float]]:
    """Left upper corners of the outlets' marks in the map."""
    rects = fromstring(svg).iter("{http://www.w3.org/2000/svg}rect")
    return [(float(r.get("x")), float(r.get("y"))) for r in rects if r.get("stroke-width") == "1.5"]


def test_east_is_right_and_north_is_up() -> None:
    (x1, y1), (x2, y2) = squares(drawn())
    assert x2 > x1
    assert y1 == pytest.approx(y2, abs=0.05)
    north = replace(PARK, outlets=(PARK.outlets[0], Outlet("DA003", 35.704, 116.482, 15.0)))
    (x1, y1), (x2, y2) = squares(drawn(park=north))
    assert y2 < y1
    assert x1 == pytest.approx(x2, abs=0.05)


def test_distances_are_to_scale() -> None:
    svg = drawn()
    (x1, _), (x2, _) = squares(svg)
    metres = re.search(r">(\d+) m<", svg)
    bar = re.search(r"v6 h([\d.]+) v-6", svg)
    assert metres and bar
    a_metre = float(bar[1]) / float(metres[1])
    assert (x2 - x1) / a_metre == pytest.approx(452.5, rel=0.01)  # 0.005 degrees of longitude at 35.7 north


@pytest.mark.parametrize(("azimuth", "turned"), [(0.0, "-90.00"), (90.0, "0.00"), (60.0, "-30.00"), (170.0, "80.00")])
def test_the_ellipse_lies_along_its_azimuth(azimuth: float, turned: str) -> None:
    place = replace(PLACE, ellipse95=(30.0, 8.0, azimuth))
    assert f"rotate({turned})" in drawn(findings=(place,))


def test_the_wind_arrow_points_where_the_wind_goes() -> None:
    assert "rotate(170.0)" in drawn()
    assert mean_wind(WIND) == pytest.approx((350.0, 3.0))
    around_north = replace(WIND, from_deg=np.where(np.arange(len(WIND)) % 2, 355.0, 5.0))
    from_deg = mean_wind(around_north)
    assert from_deg is not None
    assert min(from_deg[0], 360.0 - from_deg[0]) < 0.1
    assert mean_wind(None) is None
    assert "无风数据" in drawn(wind=None)


def test_all_that_matters_is_named() -> None:
    zh, en = drawn(), drawn(lang=Lang.EN)
    for svg in (zh, en):
        assert all(f">{code}<" in svg for code in ("DA001", "DA002", "XP-001"))
    assert "示范园区" in zh and "甲公司" in zh and "许可排放口" in zh
    assert "Demo park" in en and "Firm A" in en and "permitted outlet" in en


@pytest.mark.parametrize("lang", list(Lang))
def test_simulated_is_marked_in_every_picture(lang: Lang) -> None:
    for picture in (
        lambda yes: drawn(simulated=yes, lang=lang),
        lambda yes: strip_chart(READINGS, simulated=yes, lang=lang),
        lambda yes: strip_chart(READINGS.rows(slice(0, 0)), simulated=yes, lang=lang),
        lambda yes: page_html(values(simulated=yes), lang=lang),
    ):
        assert "SIMULATED" in picture(True) and "模拟数据" in picture(True)
        assert "SIMULATED" not in picture(False) and "模拟" not in picture(False)


def test_same_values_same_bytes() -> None:
    assert drawn() == drawn()
    assert strip_chart(READINGS) == strip_chart(READINGS)
    assert page_html(values()) == page_html(values())


def test_limits_are_shown_where_they_apply() -> None:
    for top, limits in ((1.5, []), (4.0, [4]), (9.0, [4, 10]), (40.0, [4, 10, 30])):
        track, readings = flown(top=top)
        for svg in (drawn(track=track, readings=readings), strip_chart(readings)):
            assert [n for n in (4, 10, 30) if f">限值 {n}<" in svg] == limits
    track, readings = flown(top=1.0)
    assert "未达限值" in drawn(track=track, readings=readings)


HOLES: list[Callable[[Readings], Readings]] = [
    lambda r: r.rows(slice(0, 0)),
    lambda r: r.rows(slice(0, 1)),
    lambda r: replace(r, value_mg_m3=np.full(len(r), np.nan)),
    lambda r: replace(r, lat_deg=np.full(len(r), np.nan)),
    lambda r: replace(r, ok=np.zeros(len(r), bool)),
    lambda r: replace(r, value_mg_m3=np.zeros(len(r))),
    lambda r: replace(r, value_mg_m3=np.full(len(r), -0.2)),
    lambda r: replace(r, time_s=np.full(len(r), 1.8e9)),
    lambda r: replace(r, value_mg_m3=np.where(np.arange(len(r)) == 5, np.inf, r.value_mg_m3)),
]


@pytest.mark.parametrize("hole", HOLES)
def test_gaps_and_oddities_still_make_a_picture(hole: Callable[[Readings], Readings]) -> None:
    readings = hole(READINGS)
    nowhere = replace(TRACK, lat_deg=np.full(len(TRACK), np.nan))
    for svg in (drawn(readings=readings, track=nowhere), strip_chart(readings), drawn(readings=readings)):
        fromstring(svg)
        assert "nan" not in svg and "inf" not in svg


def test_a_jump_far_away_does_not_shrink_the_map() -> None:
    lat = TRACK.lat_deg.copy()
    lat[10] += 5.0
    assert squares(drawn(track=replace(TRACK, lat_deg=lat))) == squares(drawn())


def test_many_readings_stay_a_small_picture() -> None:
    track, readings = flown(100_000)
    svg = drawn(track=track, readings=readings)
    assert svg.count("<path") < 2 * MOST_SEGMENTS + 200
    assert len(svg) < 1_500_000
    assert len(strip_chart(readings)) < 100_000
    highest = readings.value_mg_m3.max()
    assert Ramp.over(readings.value_mg_m3).colours(np.array([highest]))[0] in svg  # thinning keeps the peak


def test_words_of_others_are_escaped() -> None:
    evil = '<script>alert(1)</script>"&\x00'
    park = replace(PARK, name=evil, outlets=(replace(PARK.outlets[0], code=evil),))
    place = replace(PLACE, code=evil)
    for text in (drawn(park=park, findings=(place,)), page_html(values(park=park, suspected=(place,), agency=evil))):
        assert "<script" not in text and "\x00" not in drawn(park=park)


class _Addresses(HTMLParser):
    """Whatever a browser might fetch or run."""

    found: list[tuple[str, str]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            (tag, name) for name, value in attrs if name in ("src", "href", "action") or name.startswith("on")
        ]
        self.found += [(tag, "")] if tag in ("script", "iframe", "object", "link") else []


@pytest.mark.parametrize("lang", list(Lang))
def test_the_page_is_whole_in_itself(lang: Lang) -> None:
    page = page_html(values(simulated=True), lang=lang)
    parser = _Addresses()
    parser.found = []
    parser.feed(page)
    assert parser.found == []
    assert "url(http" not in page
    assert f'<html lang="{"zh" if lang is Lang.ZH else "en"}">' in page
    assert "XP-001" in page and "DEMO-1" in page


def _luminance(colour: str) -> float:
    linear = [(c / 255 / 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in bytes.fromhex(colour[1:])]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ramp_is_ordered_without_hue() -> None:
    """Lightness alone tells the order, so eyes that lack red or green see it as well."""
    shades = Ramp(1.0).colours(np.linspace(0.0, 1.0, 64))
    light = [_luminance(c) ** (1 / 3) for c in shades]
    steps = -np.diff(light)
    assert steps.min() > 0.0
    assert steps.max() < 4.0 * steps.mean()
    assert len(set(STOPS)) == len(STOPS)


def test_round_ticks() -> None:
    assert [round_up(v) for v in (0.0, 0.03, 0.7, 1.0, 1.1, 4.2, 9.9, 26.0, 101.0)] == [
        1,
        0.05,
        1,
        1,
        2,
        5,
        10,
        50,
        200,
    ]
    for top in (0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 25.0, 50.0, 1000.0):
        ticks = Ramp(top).ticks()
        assert 3 <= len(ticks) <= 8
        assert ticks[0] == 0.0


def test_track_length() -> None:
    lat = np.array([35.70, np.nan, 35.71, 35.71])
    track = Track(np.arange(4.0), lat, np.array([116.48, 116.48, 116.48, 116.49]), lat, lat, lat, lat)
    assert track_length_m(track) == pytest.approx(1109.6 + 905.0, rel=0.002)
    assert track_length_m(track.rows(slice(0, 1))) == 0.0


def test_places_of_an_analysis() -> None:
    row = {
        "lat_deg": 35.702,
        "lon_deg": 116.4821,
        "rate_g_s": 0.3,
        "rate_interval_g_s": [0.1, 0.9],
        "ellipse95": [9, 3, 4],
    }
    row |= {
        "reasons": [{"code": "x", "zh": "甲", "en": "a"}],
        "alternatives": [{"zh": "乙", "en": "b"}],
        "transects": 2,
    }
    (place,) = places_of({"suspected": [row]}, PARK)
    assert (place.code, place.ellipse95, place.transects) == ("XP-001", (9.0, 3.0, 4.0), 2)
    assert [near.code for near in place.near] == ["DA001", "DA002"]
    assert place.near[0].distance_m == pytest.approx(9.05, rel=0.01)
    assert place.near[0].bearing_deg == pytest.approx(270.0, abs=0.1)
    assert [reason.zh for reason in place.reasons] == ["甲", "乙"]
    assert places_of({}, PARK) == ()
