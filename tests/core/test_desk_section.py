"""The curtain: distances along track and line, the corridor, stacks, and the axis of a suspected plume."""

import numpy as np
import pytest

from dronesampler.columns import Readings, Wind
from dronesampler.desk.section import CORRIDOR_M, along_line, along_track, downwind_of
from dronesampler.geo import LocalFrame, Polygon
from dronesampler.park import Outlet, Park

CORNERS = ((35.69, 116.48), (35.69, 116.50), (35.71, 116.50), (35.71, 116.48))
FRAME = LocalFrame.about([c[0] for c in CORNERS], [c[1] for c in CORNERS])
WIND = Wind(np.arange(3.0), np.array([355.0, 5.0, 0.0]), np.full(3, 4.0), np.full(3, 10.0))


def place(x_m: float, y_m: float) -> tuple[float, float]:
    lat, lon = FRAME.to_lat_lon(x_m, y_m)
    return float(lat), float(lon)


PARK = Park("p", Polygon(CORNERS), outlets=(Outlet("DA001", *place(50.0, 10.0), 22.0),))
SOURCE = {"lat_deg": place(0.0, 0.0)[0], "lon_deg": place(0.0, 0.0)[1], "height_m": 12.0}


def flown(x_m: np.ndarray, y_m: np.ndarray, value: np.ndarray) -> Readings:
    lat, lon = FRAME.to_lat_lon(x_m, y_m)
    n = len(x_m)
    ok = np.ones(n, bool)
    return Readings(np.arange(n) * 1.0, lat, lon, np.linspace(10, 30, n), value, np.ones(n), ok, np.arange(n))


def test_along_the_track_every_reading_stands_at_the_distance_flown() -> None:
    x = np.array([0.0, 30.0, 60.0, 60.0])
    y = np.array([0.0, 0.0, 0.0, 40.0])
    found = along_track(flown(x, y, np.array([3.0, 9.0, 1.0, 2.0])), PARK, {}, WIND)
    by_time = np.argsort(found.time_s)
    assert found.along_m[by_time] == pytest.approx([0.0, 30.0, 60.0, 100.0], abs=0.1)
    assert found.value_mg_m3.tolist() == [1.0, 2.0, 3.0, 9.0]  # the highest is drawn last
    (stack,) = found.stacks
    assert (stack.name, stack.height_m, stack.suspected) == ("DA001", 22.0, False)
    assert stack.along_m == pytest.approx(60.0, abs=0.1)


def test_a_line_shows_only_what_is_in_its_corridor() -> None:
    x = np.array([10.0, 20.0, 30.0, 500.0])
    y = np.array([0.0, CORRIDOR_M + 5.0, -CORRIDOR_M + 5.0, 0.0])
    found = along_line(flown(x, y, np.ones(4)), PARK, {}, ends=(place(0, 0), place(200, 0)))
    assert sorted(found.time_s.tolist()) == [0.0, 2.0]
    assert sorted(found.along_m) == pytest.approx([10.0, 30.0], abs=0.1)
    assert [s.along_m for s in found.stacks] == [pytest.approx(50.0, abs=0.1)]
    assert found.axes == ()


def test_downwind_of_a_suspected_place_its_axis_is_drawn_at_its_height() -> None:
    ends = downwind_of(SOURCE, {}, WIND)
    x, y = (float(v) for v in FRAME.to_xy(*ends[1]))
    assert y < -400.0 and abs(x) < 5.0  # wind from the north, blowing 355 and 5 about it
    told = {"suspected": [SOURCE], "parameters": {"wind_from_deg": 90.0, "wind_bias_deg": 0.0}}
    assert FRAME.to_xy(*downwind_of(SOURCE, told, WIND)[1])[0] < -400.0
    r = flown(np.zeros(4), np.array([40.0, -50.0, -100.0, 3000.0]), np.ones(4))
    found = along_line(r, PARK, {"suspected": [SOURCE]}, ends=ends, source=SOURCE)
    assert sorted(found.along_m) == pytest.approx([-40.0, 50.0, 100.0], abs=0.5)
    (axis,) = found.axes
    assert set(axis.height_m.tolist()) == {12.0} and (np.diff(axis.sigma_m) >= 0).all()
    assert [s.name for s in found.stacks if s.suspected] == ["S1"]


def test_on_the_track_the_axis_appears_where_the_plume_is_crossed() -> None:
    x = np.arange(-100.0, 101.0, 2.0)
    r = flown(x, np.full(len(x), -100.0), np.ones(len(x)))
    found = along_track(r, PARK, {"suspected": [SOURCE]}, WIND)
    (axis,) = found.axes
    assert abs(float(np.mean(axis.along_m)) - 100.0) < 5.0
    assert not along_track(flown(x, np.full(len(x), 100.0), np.ones(len(x))), PARK, {"suspected": [SOURCE]}, WIND).axes


def test_nothing_read_gives_an_empty_curtain() -> None:
    none = flown(np.zeros(0), np.zeros(0), np.zeros(0))
    assert len(along_track(none, None, {}, None).along_m) == 0
    assert len(along_line(none, None, {}, ends=(place(0, 0), place(1, 1))).along_m) == 0
