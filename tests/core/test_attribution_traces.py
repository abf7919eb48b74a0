"""The columns behind an analysis: they add up, fit the readings, and name the lines that speak for a place."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, FRAME, INSTRUMENT, PERMITTED, Patrol, patrol

from dronesampler.attribution import attribute, traces
from dronesampler.attribution.traces import Traces, lag_corrected, traces_of


@pytest.fixture(scope="module")
def flown() -> Patrol:
    return patrol((PERMITTED, BYPASS))


@pytest.fixture(scope="module")
def said(flown: Patrol) -> dict[str, object]:
    return attribute(flown.readings, flown.wind, flown.outlets, INSTRUMENT).as_json()


@pytest.fixture(scope="module")
def shown(flown: Patrol, said: dict[str, object]) -> Traces:
    return traces_of(flown.readings, flown.wind, flown.outlets, analysis=said, instrument=INSTRUMENT)


def test_background_fit_and_rest_add_up_and_explain_the_plumes(shown: Traces) -> None:
    assert shown.background_mg_m3 is not None and shown.residual_mg_m3 is not None and shown.fit_mg_m3 is not None
    parts = sum((c.value_mg_m3 for c in shown.contributions), shown.background_mg_m3)
    assert parts + shown.residual_mg_m3 == pytest.approx(shown.value_mg_m3)
    assert shown.background_mg_m3 == pytest.approx(np.full(len(shown.time_s), 0.6), abs=0.12)
    excess, plume = shown.value_mg_m3 - shown.background_mg_m3, shown.fit_mg_m3 - shown.background_mg_m3
    assert np.corrcoef(excess, plume)[0, 1] > 0.8
    assert np.std(shown.residual_mg_m3) < 0.6 * np.std(excess)
    assert all(c.value_mg_m3.min() >= 0.0 for c in shown.contributions)


def test_each_place_is_told_apart(flown: Patrol, shown: Traces) -> None:
    of = {c.key: c for c in shown.contributions}
    assert "S1" in of and "DA004" in of
    x, _ = FRAME.to_xy(flown.readings.lat_deg, flown.readings.lon_deg)
    for key, source in (("S1", BYPASS), ("DA004", PERMITTED)):
        assert abs(float(x[of[key].value_mg_m3.argmax()]) - source[0]) < 80.0


def test_the_lines_of_a_suspected_place_are_those_downwind_of_it(
    flown: Patrol, said: dict[str, object], shown: Traces
) -> None:
    s1 = next(c for c in shown.contributions if c.key == "S1")
    assert len(s1.lines) == said["suspected"][0]["transects"] >= 2  # type: ignore[index]
    _, y = FRAME.to_xy(flown.readings.lat_deg, flown.readings.lon_deg)
    for begin, end in s1.lines:
        inside = (flown.readings.time_s >= begin) & (flown.readings.time_s <= end)
        assert float(np.median(y[inside])) > BYPASS[1] - 20.0
        assert s1.value_mg_m3[inside].max() > 0.1


def test_a_long_record_gives_the_same_places_at_every_reading(
    flown: Patrol, said: dict[str, object], shown: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dronesampler.attribution.prepare.MOST_ROWS", 500)
    monkeypatch.setattr("dronesampler.attribution.prepare.MOST_PLUME_ROWS", 300)
    monkeypatch.setattr(traces, "ROWS_AT_ONCE", 128)
    thin = traces_of(flown.readings, flown.wind, flown.outlets, analysis=said, instrument=INSTRUMENT)
    assert len(thin.time_s) == len(shown.time_s)
    for a, b in zip(thin.contributions, shown.contributions, strict=True):
        assert a.value_mg_m3 == pytest.approx(b.value_mg_m3, abs=1e-3)


def test_no_analysis_or_none_that_says_something_gives_the_readings(flown: Patrol, said: dict[str, object]) -> None:
    r = flown.readings
    for analysis in ({}, {**said, "cannot_say": {"code": "calm"}}, {"suspected": [], "parameters": {}}):
        plain = traces_of(r, flown.wind, flown.outlets, analysis=analysis, instrument=INSTRUMENT)
        assert plain.background_mg_m3 is None and plain.residual_mg_m3 is None and not plain.contributions
        assert plain.value_mg_m3.tolist() == r.value_mg_m3.tolist()
    assert traces_of(replace(r, ok=np.zeros(len(r), bool)), flown.wind, flown.outlets, analysis=said,
                     instrument=INSTRUMENT).time_s.size == 0  # fmt: skip


def test_a_lag_is_taken_back() -> None:
    t = np.arange(0.0, 300.0)
    air = 0.6 + 5.0 * np.exp(-0.5 * ((t - 150.0) / 8.0) ** 2)
    seen = air.copy()
    for k in range(1, len(t)):
        seen[k] += np.exp(-np.log(10) / 6.0) * (seen[k - 1] - air[k])
    back = lag_corrected(t, seen, t90_s=6.0)
    assert abs(int(back.argmax()) - 150) <= 1 < int(seen.argmax()) - 150
    assert np.abs(back - air).max() < 0.2 < np.abs(seen - air).max()
    gap = np.r_[t[:100], t[100:] + 500.0]
    assert np.abs(lag_corrected(gap, np.r_[np.zeros(100), np.full(200, 9.0)], t90_s=6.0)).max() < 9.5
    assert lag_corrected(t, seen, t90_s=0.0).tolist() == seen.tolist()


def test_the_fit_is_drawn_at_the_median_reading(flown: Patrol, said: dict[str, object], shown: Traces) -> None:
    told = {**said, "suspected": [{**said["suspected"][0], "rate_g_s": 2 * said["suspected"][0]["rate_g_s"]}]}  # type: ignore[index]
    twice = traces_of(flown.readings, flown.wind, flown.outlets, analysis=told, instrument=INSTRUMENT)
    one, two = (next(c for c in s.contributions if c.key == "S1").value_mg_m3 for s in (shown, twice))
    assert two == pytest.approx(2.0 * one, rel=1e-5)
