"""One verdict from several flights: the same sources, each flight with its own wind, background and rates."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, FRAME, INSTRUMENT, PERMITTED, Patrol, patrol
from test_attribution_second_look import write_folder
from test_compare_patrols import stored

from dronesampler.attribution import Analysis, attribute
from dronesampler.attribution.fit import fit, normal_equations
from dronesampler.attribution.joint import Flight, attribute_jointly
from dronesampler.attribution.joint_fit import Joint, fit_jointly, in_one_box, joint_equations, unknowns_of
from dronesampler.attribution.model import Guess, Model
from dronesampler.attribution.prepare import Prepared, prepare
from dronesampler.attribution.values import Settings
from dronesampler.cli import main
from dronesampler.desk.judge_together import judge_together
from dronesampler.mission.files import read_mission
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Store

FAINTER = (BYPASS[0], BYPASS[1], BYPASS[2], 1.5)


def flight(p: Patrol) -> Flight:
    return Flight(p.readings, p.wind, INSTRUMENT)


def off_m(found: Analysis) -> float:
    (suspect,) = found.suspected
    x, y = FRAME.to_xy(suspect.lat_deg, suspect.lon_deg)
    return math.hypot(x - BYPASS[0], y - BYPASS[1])


@pytest.fixture(scope="module")
def first() -> Patrol:
    return patrol((PERMITTED, BYPASS))


@pytest.fixture(scope="module")
def second() -> Patrol:
    """Another day: other gusts, a third less from the bypass, and 0.3 mg/m3 more in the air."""
    other = patrol((PERMITTED, FAINTER), seed=5)
    later = other.readings.time_s + 86_400.0
    return replace(
        other,
        readings=replace(other.readings, time_s=later, value_mg_m3=other.readings.value_mg_m3 + 0.3),
        wind=replace(other.wind, time_s=later),
    )


@pytest.fixture(scope="module")
def together(first: Patrol, second: Patrol) -> Analysis:
    return attribute_jointly((flight(first), flight(second)), first.outlets)


def test_two_flights_say_more_than_one(first: Patrol, together: Analysis) -> None:
    alone = attribute(first.readings, first.wind, first.outlets, INSTRUMENT)
    (one,), (both,) = alone.suspected, together.suspected
    assert off_m(together) < 15.0
    assert both.evidence > one.evidence
    assert both.transects > one.transects
    assert both.ellipse95[0] * both.ellipse95[1] < one.ellipse95[0] * one.ellipse95[1]
    low, high = both.rate_interval_g_s
    assert low < 2.0 and high > 1.5
    assert "supporting_flights" in [r.code for r in both.reasons]


def test_each_flight_keeps_its_own_air(together: Analysis) -> None:
    each = together.parameters["flights"]
    assert len(each) == 2
    assert together.parameters["readings"] == each[-1]["readings"]
    # The second day's background stands 0.3 higher; it is that of the last flight which is shown.
    assert np.median(together.background["mg_m3"]) == pytest.approx(0.9, abs=0.06)


def test_same_flights_same_bits(first: Patrol, second: Patrol, together: Analysis) -> None:
    again = attribute_jointly((flight(first), flight(second)), first.outlets)
    assert json.dumps(again.as_json()) == json.dumps(together.as_json())


def test_a_flight_that_says_nothing_is_left_out_in_words(first: Patrol) -> None:
    short = Flight(first.readings.rows(slice(0, 10)), first.wind, INSTRUMENT)
    found = attribute_jointly((flight(first), short), first.outlets)
    assert [r.code for r in found.remarks] == ["left_out_too_few_readings"]
    assert off_m(found) < 25.0
    nothing = attribute_jointly((short, short), first.outlets)
    assert nothing.cannot_say is not None and nothing.cannot_say.code == "too_few_readings"


def prepared(p: Patrol) -> Prepared:
    ready = prepare(
        p.readings, p.wind, p.outlets, instrument=INSTRUMENT, settings=Settings(), model=Model(), frame=FRAME
    )
    assert isinstance(ready, Prepared)
    return ready


def test_joint_fit_keeps_one_place_and_its_curvature_adds_up(first: Patrol, second: Patrol) -> None:
    scenes = in_one_box([prepared(p).scene for p in (first, second)])
    guesses = [Guess.nothing(s).with_source(BYPASS[0] + 20.0, BYPASS[1] - 30.0, 10.0, 0.5) for s in scenes]
    joint = fit_jointly(scenes, guesses)
    a, b = joint.guesses
    assert (a.x == b.x).all() and (a.y == b.y).all() and (a.h == b.h).all()
    assert a.ln_rate != b.ln_rate
    assert joint.loss < Joint([fit(s, g, steps=0) for s, g in zip(scenes, guesses, strict=True)]).loss
    (matrix, _), places = joint_equations(joint), unknowns_of(joint)
    shared = sum(len(at) for at in places) - 8  # east of the source, after what is each flight's own
    own = [normal_equations(v)[0][-4, -4] for v in joint.views]
    assert matrix[shared, shared] == pytest.approx(sum(own), rel=1e-6, abs=1.0 / 20.0**2 + 1e-9)
    assert np.allclose(matrix, matrix.T, rtol=1e-4, atol=1e-3)
    assert np.linalg.eigvalsh((matrix + matrix.T) / 2).min() > 0.0


def test_command_line_takes_several_folders(first: Patrol, second: Patrol, tmp_path: Path) -> None:
    a, b = write_folder(first, tmp_path / "a"), write_folder(second, tmp_path / "b")
    out, plan = tmp_path / "both.json", tmp_path / "next.plan"
    assert main(["attribute", str(a), str(b), "-o", str(out)]) == 0
    said = json.loads(out.read_text())
    assert said["remarks"][0]["code"] == "together" and "a, b" in said["remarks"][0]["en"]
    assert len(said["suspected"]) == 1
    assert main(["next", str(out), "-o", str(plan), "--wind", "180,4", "--battery", "60"]) == 0
    assert len(read_mission(plan).items) > 3
    assert main(["attribute", str(a), "last"]) == 2
    assert main(["next", str(out), "-o", str(plan), "--battery", "101"]) == 2


def on_time(p: Patrol) -> Patrol:
    """As a session stores readings: the second of line delay is taken off."""
    value = p.readings.value_mg_m3
    return p.with_values(np.r_[value[1:], value[-1]])


def test_the_verdict_of_two_patrols_is_kept_with_the_later(
    first: Patrol, second: Patrol, together: Analysis, tmp_path: Path
) -> None:
    with Store.open(tmp_path) as store:
        one = stored(store, on_time(first), "first", judged=False)
        two = stored(store, on_time(second), "second", judged=False)
        elsewhere = stored(store, first, "elsewhere", judged=False, park="another", day=3)
        values = judge_together(store, [str(two), str(one)])  # in any order
        assert store.findings(one) == ()
        (finding,) = store.findings(two)
        assert finding.analysis["patrols"] == [store.patrol(p).uuid for p in (one, two)]
        assert finding.parameters["flights"][0]["readings"] == values["parameters"]["flights"][0]["readings"]
        (suspect,) = values["suspected"]
        assert suspect["evidence"] > 0.7 * together.suspected[0].evidence
        with pytest.raises(BadInput, match="twice"):
            judge_together(store, [str(one), str(one)])
        with pytest.raises(Refused, match="one park"):
            judge_together(store, [str(one), str(elsewhere)])
    plan = tmp_path / "next.plan"
    assert main(["--data", str(tmp_path), "next", str(two), "-o", str(plan), "--doubts-only"]) == 0
    doubts = len(read_mission(plan).items)
    assert main(["--data", str(tmp_path), "next", str(two), "-o", str(plan)]) == 0
    assert len(read_mission(plan).items) > doubts  # and the search for what was missed
    with Store.open(tmp_path) as store:
        assert len(store.findings(two)) == 1  # the finding on file was used
