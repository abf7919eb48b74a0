"""What is said of small made patrols: found, quiet, explained, and the many ways of having to say "cannot say"."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, FRAME, INSTRUMENT, PERMITTED, Patrol, patrol

from dronesampler.attribution import Analysis, Instrument, Settings, Sighting, Verdict, attribute
from dronesampler.attribution.instruments import disagreement
from dronesampler.columns import Readings
from dronesampler.geo.datum import Datum, from_wgs84


def analysed(p: Patrol, settings: Settings | None = None) -> Analysis:
    return attribute(p.readings, p.wind, p.outlets, INSTRUMENT, settings=settings)


@pytest.fixture(scope="module")
def with_bypass() -> Patrol:
    return patrol((PERMITTED, BYPASS))


@pytest.fixture(scope="module")
def found(with_bypass: Patrol) -> Analysis:
    return analysed(with_bypass)


def apart_m(analysis: Analysis, xy: tuple[float, float]) -> float:
    s = analysis.suspected[0]
    x, y = FRAME.to_xy(s.lat_deg, s.lon_deg)
    return float(np.hypot(x - xy[0], y - xy[1]))


def test_bypass_is_found_at_its_place_with_its_rate(found: Analysis) -> None:
    assert len(found.suspected) == 1
    assert apart_m(found, BYPASS[:2]) < 25.0
    assert 1.0 < found.suspected[0].rate_g_s < 4.0
    low, high = found.suspected[0].rate_interval_g_s
    assert low < found.suspected[0].rate_g_s < high


def test_ellipse_lies_along_the_wind_and_holds_the_truth(found: Analysis) -> None:
    s = found.suspected[0]
    major, minor, azimuth = s.ellipse95
    assert major > 1.3 * minor
    assert min(azimuth, 180.0 - azimuth) < 30.0  # wind from the south
    x, y = FRAME.to_xy(s.lat_deg, s.lon_deg)
    a = np.radians(azimuth)
    dx, dy = BYPASS[0] - x, BYPASS[1] - y
    assert ((dx * np.sin(a) + dy * np.cos(a)) / major) ** 2 + ((dx * np.cos(a) - dy * np.sin(a)) / minor) ** 2 < 1.0
    assert all(small < large for small, large in zip(s.ellipse68[:2], s.ellipse95[:2], strict=True))


def test_permitted_outlet_at_work_is_explained(found: Analysis) -> None:
    strongest = max(found.explained, key=lambda e: e.rate_g_s)
    assert (strongest.code, strongest.verdict) == ("DA002", Verdict.EXPLAINED)
    assert 0.8 < strongest.rate_g_s < 5.0


def test_wind_bias_is_found_in_the_direction_that_was_put_in(found: Analysis) -> None:
    assert -9.0 < found.parameters["wind_bias_deg"] < 0.5  # the vane read 4 degrees too far clockwise


def test_answer_is_json_and_the_same_every_time(with_bypass: Patrol, found: Analysis) -> None:
    once = json.dumps(found.as_json(), allow_nan=False)
    assert once == json.dumps(analysed(with_bypass).as_json(), allow_nan=False)
    assert json.loads(once)["suspected"][0]["reasons"][0]["code"] == "unexplained"


def test_permitted_only_gives_no_flag() -> None:
    quiet = analysed(patrol((PERMITTED,), seed=4))
    assert quiet.suspected == () and quiet.cannot_say is None
    assert any(e.code == "DA002" for e in quiet.explained)


def test_clean_air_gives_no_flag() -> None:
    clean = analysed(patrol((), seed=5))
    assert clean.suspected == () and clean.cannot_say is None


def test_rate_above_the_permit_and_unit_off_are_said(with_bypass: Patrol) -> None:
    limited = replace(
        with_bypass, outlets=tuple(replace(o, limit_g_s=0.2, treatment_unit="TA002") for o in with_bypass.outlets)
    )
    assert any(e.verdict is Verdict.ABOVE_LIMIT for e in analysed(limited).explained)
    off = analysed(with_bypass, Settings(off_units=frozenset({"DA002"})))
    assert {e.code: e.verdict for e in off.explained}["DA002"] is Verdict.UNIT_OFF


def test_running_while_off_and_above_the_permit_gives_both_reasons_the_graver_verdict_first(
    with_bypass: Patrol,
) -> None:
    limited = replace(
        with_bypass, outlets=tuple(replace(o, limit_g_s=0.2, treatment_unit="TA002") for o in with_bypass.outlets)
    )
    said = {e.code: e for e in analysed(limited, Settings(off_units=frozenset({"TA002"}))).explained}["DA002"]
    assert said.verdict is Verdict.UNIT_OFF
    assert [r.code for r in said.reasons] == ["unit_off", "above_limit"]
    assert all(r.text.zh and r.text.en for r in said.reasons)


def test_unit_of_another_outlet_that_is_off_says_nothing(with_bypass: Patrol) -> None:
    off = analysed(with_bypass, Settings(off_units=frozenset({"DA003", ""})))
    assert {e.code: e.verdict for e in off.explained}["DA002"] is Verdict.EXPLAINED


def test_evidence_asked_for_decides_between_suspected_and_look_again(with_bypass: Patrol) -> None:
    strict = analysed(with_bypass, Settings(flag_evidence=1e4))
    assert strict.suspected == () and strict.look_again[0].reasons[0].code == "weak_evidence"


def test_alternatives_are_said_in_words(found: Analysis) -> None:
    said = [a.en for a in found.suspected[0].alternatives]
    assert any("would have to stand" in a and "DA00" in a for a in said)


def test_alternative_in_words_names_the_permit_where_there_is_one(with_bypass: Patrol) -> None:
    limited = replace(with_bypass, outlets=tuple(replace(o, limit_g_s=0.5) for o in with_bypass.outlets))
    said = analysed(limited).suspected[0].alternatives
    assert any("permitted rate" in a.en or "background" in a.en for a in said)
    assert all(a.zh and a.en for a in said)


def test_bearing_towards_the_source_counts_and_one_away_from_it_does_not(with_bypass: Patrol, found: Analysis) -> None:
    lat, lon = (float(v) for v in FRAME.to_lat_lon(BYPASS[0], BYPASS[1] - 150.0))  # south of it
    evidence = [
        analysed(with_bypass, Settings(sightings=(Sighting(lat, lon, bearing_deg=b),))).suspected[0].evidence
        for b in (0.0, 180.0)
    ]
    assert evidence[0] == pytest.approx(found.suspected[0].evidence + 3.0)
    assert evidence[1] == pytest.approx(found.suspected[0].evidence)


def test_what_an_officer_saw_there_counts(with_bypass: Patrol, found: Analysis) -> None:
    lat, lon = (float(v) for v in FRAME.to_lat_lon(*BYPASS[:2]))
    seen = analysed(with_bypass, Settings(sightings=(Sighting(lat, lon, note="vent"),)))
    elsewhere = analysed(with_bypass, Settings(sightings=(Sighting(lat + 0.01, lon),)))
    assert seen.suspected[0].evidence == pytest.approx(found.suspected[0].evidence + 3.0)
    assert seen.suspected[0].reasons[-1].code == "sighting"
    assert elsewhere.suspected[0].evidence == pytest.approx(found.suspected[0].evidence)


def test_simulated_rows_mark_the_answer(with_bypass: Patrol) -> None:
    p = replace(with_bypass, readings=replace(with_bypass.readings, simulated=True))
    assert analysed(p).as_json()["simulated"] is True


def test_progress_is_told_and_can_stop_it(with_bypass: Patrol) -> None:
    told = []

    def stop(share: float, text: object) -> bool:
        told.append(share)
        return False

    p = with_bypass
    assert attribute(p.readings, p.wind, p.outlets, INSTRUMENT, progress=stop).cannot_say.code == "stopped"  # type: ignore[union-attr]
    assert told


def no_wind(p: Patrol) -> Patrol:
    return replace(p, wind=replace(p.wind, speed_m_s=np.full(len(p.wind), np.nan)))


def calm(p: Patrol) -> Patrol:
    return replace(p, wind=replace(p.wind, speed_m_s=np.zeros(len(p.wind))))


def wind_of_another_day(p: Patrol) -> Patrol:
    return replace(p, wind=replace(p.wind, time_s=p.wind.time_s - 86_400.0))


def saturated(p: Patrol) -> Patrol:
    return p.with_values(np.full(len(p.readings), 30.0))


def clipped(p: Patrol) -> Patrol:
    return p.with_values(np.minimum(p.readings.value_mg_m3 + 5.0, 5.5))


def dead(p: Patrol) -> Patrol:
    return p.with_values(np.zeros(len(p.readings)))


def no_register(p: Patrol) -> Patrol:
    return replace(p, outlets=())


def ten_readings(p: Patrol) -> Patrol:
    return replace(p, readings=p.readings.rows(slice(0, 10)))


def no_readings(p: Patrol) -> Patrol:
    return replace(p, readings=p.readings.rows(slice(0, 0)))


def all_nan(p: Patrol) -> Patrol:
    return p.with_values(np.full(len(p.readings), np.nan))


def one_line(p: Patrol) -> Patrol:
    return replace(p, readings=p.readings.rows(slice(0, 85)))


def hovering(p: Patrol) -> Patrol:
    n = len(p.readings)
    return replace(p, readings=replace(p.readings, lat_deg=np.full(n, 35.7), lon_deg=np.full(n, 116.5)))


def register_of_another_park(p: Patrol) -> Patrol:
    return replace(p, outlets=tuple(replace(o, lat_deg=o.lat_deg + 0.1) for o in p.outlets))


def outlets_without_a_place(p: Patrol) -> Patrol:
    return replace(p, outlets=tuple(replace(o, lat_deg=float("nan")) for o in p.outlets))


def two_instruments(p: Patrol) -> Patrol:
    r = p.readings
    twice = {
        name: np.repeat(getattr(r, name), 2)
        for name in ("time_s", "lat_deg", "lon_deg", "height_agl_m", "position_error_m", "ok")
    }
    value = np.repeat(r.value_mg_m3, 2)
    value[1::2] = 2.0 * value[1::2] + 0.5
    return replace(p, readings=Readings(**twice, value_mg_m3=value, seq=np.arange(len(value))))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (no_wind, "no_wind"),
        (calm, "calm"),
        (wind_of_another_day, "wind_apart"),
        (saturated, "saturated"),
        (clipped, "saturated"),
        (dead, "flat_readings"),
        (no_register, "empty_register"),
        (ten_readings, "too_few_readings"),
        (no_readings, "too_few_readings"),
        (all_nan, "too_few_readings"),
        (one_line, "one_transect"),
        (two_instruments, "instruments_disagree"),
        (hovering, "one_place"),
        (register_of_another_park, "register_elsewhere"),
        (outlets_without_a_place, "empty_register"),
    ],
)
def test_bad_input_gives_the_reason_and_never_a_guess(with_bypass: Patrol, spoil, code: str) -> None:  # type: ignore[no-untyped-def]
    said = analysed(spoil(with_bypass))
    assert said.cannot_say is not None and said.cannot_say.code == code
    assert said.suspected == () and said.look_again == () and said.explained == ()
    assert said.cannot_say.text.zh and said.cannot_say.text.en


def test_gaps_and_scattered_nan_do_not_matter(with_bypass: Patrol) -> None:
    value = with_bypass.readings.value_mg_m3.copy()
    value[::17] = np.nan
    holed = with_bypass.with_values(value)
    kept = np.ones(len(value), bool)
    kept[100:130] = False
    holed = replace(holed, readings=holed.readings.rows(kept))
    said = analysed(holed)
    assert said.cannot_say is None and len(said.suspected) == 1
    assert apart_m(said, BYPASS[:2]) < 35.0


def test_register_in_gcj02_is_noticed() -> None:
    p = patrol((PERMITTED, (60.0, 120.0, 20.0, 2.5)), seed=7)
    lat, lon = from_wgs84([o.lat_deg for o in p.outlets], [o.lon_deg for o in p.outlets], Datum.GCJ02)
    moved = tuple(replace(o, lat_deg=float(a), lon_deg=float(b)) for o, a, b in zip(p.outlets, lat, lon, strict=True))
    said = analysed(replace(p, outlets=moved))
    assert said.cannot_say is not None and said.cannot_say.code == "register_shifted"
    assert "GCJ-02" in said.cannot_say.text.en and said.suspected == ()


@pytest.mark.parametrize("shift_m", [(0.0, 300.0), (-212.0, 212.0)])
def test_register_300_m_off_is_noticed_and_said_with_its_distance(shift_m: tuple[float, float]) -> None:
    p = patrol((PERMITTED, (60.0, 120.0, 20.0, 2.5), (340.0, 60.0, 25.0, 3.0)), seed=8)
    x, y = FRAME.to_xy([o.lat_deg for o in p.outlets], [o.lon_deg for o in p.outlets])
    lat, lon = FRAME.to_lat_lon(x + shift_m[0], y + shift_m[1])
    moved = tuple(replace(o, lat_deg=float(a), lon_deg=float(b)) for o, a, b in zip(p.outlets, lat, lon, strict=True))
    said = analysed(replace(p, outlets=moved))
    assert said.cannot_say is not None and said.cannot_say.code == "register_shifted"
    assert said.suspected == () and said.explained == ()


def test_instrument_without_lag_is_accepted(with_bypass: Patrol) -> None:
    p = with_bypass
    said = attribute(p.readings, p.wind, p.outlets, Instrument(0.0, 0.0, 0.03))
    assert said.cannot_say is None


def test_two_instruments_are_compared_where_they_overlap(with_bypass: Patrol) -> None:
    first = with_bypass.readings
    same = replace(first, value_mg_m3=first.value_mg_m3 + 0.02, time_s=first.time_s + 0.4)
    double = replace(first, value_mg_m3=2.0 * first.value_mg_m3)
    assert disagreement(first, same, noise_mg_m3=0.03) is None
    told = disagreement(first, double, noise_mg_m3=0.03)
    assert told is not None and told.code == "instruments_disagree"
    later = replace(double, time_s=double.time_s + 1e5)
    assert disagreement(first, later, noise_mg_m3=0.03) is None
