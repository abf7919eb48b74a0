"""Energy, forecast and sorties: the state is put back, the overlap is flown, nothing is left out."""

import dataclasses
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dronesampler.geo.local import distance_m
from dronesampler.mission import Command, Frame, Item
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import Aircraft, make_plan, read_aircraft
from dronesampler.plan.energy import fit, loaded, power_w
from dronesampler.plan.predict import predict
from dronesampler.plan.sorties import Cut, from_, split, until
from dronesampler.problems import BadInput, Refused

DEMO = read_park(assets_dir() / "demo-park.geojson").park
WIND = (135.0, 3.0)
LADDER = make_plan(DEMO, "crosswind-ladder", wind=WIND, settings={"spacing_m": "60"})


def test_a_fit_finds_the_aircraft_that_made_the_log() -> None:
    rng = np.random.default_rng(4)
    true = Aircraft(hover_w=512.0, drag_w_s3_m3=0.21, climb_efficiency=0.62)
    v, climb = rng.uniform(0, 12, 900), rng.choice([-1.5, 0.0, 0.0, 2.5], 900)
    power = power_w(true, airspeed_m_s=v, climb_m_s=climb) + rng.normal(0, 12, 900)
    found = fit(Aircraft(), airspeed_m_s=v, climb_m_s=climb, power_w=power)
    assert found.aircraft.hover_w == pytest.approx(512, rel=0.01)
    assert found.aircraft.drag_w_s3_m3 == pytest.approx(0.21, rel=0.03)
    assert found.aircraft.climb_efficiency == pytest.approx(0.62, rel=0.05)
    assert found.residual_w == pytest.approx(12, rel=0.15)


def test_logs_that_cannot_tell_are_refused() -> None:
    with pytest.raises(BadInput, match="rows"):
        fit(Aircraft(), airspeed_m_s=np.ones(5), climb_m_s=np.ones(5), power_w=np.full(5, 400.0))
    with pytest.raises(BadInput, match="apart"):
        fit(Aircraft(), airspeed_m_s=np.zeros(99), climb_m_s=np.zeros(99), power_w=np.full(99, 400.0))


def test_payload_and_headwind_cost_and_tailwind_saves() -> None:
    assert loaded(Aircraft(), 1.2).hover_w > 1.25 * Aircraft().hover_w
    calm, windy = (predict(LADDER, Aircraft(), wind=w) for w in ((135.0, 0.0), (135.0, 9.0)))
    assert windy.energy_wh > 1.03 * calm.energy_wh and windy.seconds == pytest.approx(calm.seconds, rel=0.02)
    storm = predict(LADDER, Aircraft(max_airspeed_m_s=9.5), wind=(135.0, 9.0))
    assert storm.seconds > 1.3 * calm.seconds


def test_an_aircraft_file_names_what_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "hexa.json"
    file.write_text(json.dumps({"name": "hexa", "battery_wh": 500, "max_speed_m_s": 9}), encoding="utf-8")
    assert read_aircraft(file) == Aircraft(name="hexa", battery_wh=500, max_speed_m_s=9)
    for bad, words in (({"wings": 2}, "wings"), ({"battery_wh": -1}, "battery_wh"), ([], "list")):
        file.write_text(json.dumps(bad), encoding="utf-8")
        with pytest.raises(BadInput) as refused:
            read_aircraft(file)
        assert words in refused.value.text.en


def test_each_sortie_keeps_the_reserve_and_together_they_fly_all() -> None:
    aircraft = Aircraft(battery_wh=140.0)
    parts = split(LADDER, aircraft, wind=WIND, overlap_m=25.0)
    assert len(parts) >= 3 and parts[0].name.endswith(f"1/{len(parts)}")
    budget = aircraft.battery_wh * (1 - aircraft.reserve_fraction)
    assert all(predict(p, aircraft, wind=WIND).energy_wh <= 1.02 * budget for p in parts)
    flown = [i for p in parts for i in p.items if i.command == Command.WAYPOINT]
    for item in LADDER.items:
        if item.command == Command.WAYPOINT:
            assert any(distance_m(item.lat_deg, item.lon_deg, f.lat_deg, f.lon_deg) < 0.1 for f in flown)
    for before, after in pairwise(parts):
        cut = [i for i in before.items if i.command == Command.WAYPOINT][-1]
        again = next(i for i in after.items if i.command == Command.WAYPOINT)
        assert cut.note == "cut" and 5.0 < distance_m(cut.lat_deg, cut.lon_deg, again.lat_deg, again.lon_deg) < 25.5


def test_one_battery_is_one_sortie_and_one_too_small_is_refused() -> None:
    assert split(LADDER, Aircraft(battery_wh=2000), wind=WIND) == (LADDER,)
    with pytest.raises(Refused):
        split(LADDER, Aircraft(battery_wh=12), wind=WIND)


def test_the_next_sortie_sets_again_what_the_last_had_set() -> None:
    pump_on = Item(Command.SET_RELAY, frame=Frame.NONE, params=(0.0, 1.0, 0.0, 0.0))
    bag = Item(Command.SET_SERVO, frame=Frame.NONE, params=(9.0, 1900.0, 0.0, 0.0))
    camera = Item(Command.SET_CAMERA_TRIGGER_DISTANCE, frame=Frame.NONE, params=(12.0, 0.0, 1.0, 0.0))
    slow = Item(Command.CHANGE_SPEED, frame=Frame.NONE, params=(1.0, 2.5, -1.0, 0.0))
    items = LADDER.items
    mission = dataclasses.replace(LADDER, items=(*items[:4], pump_on, bag, camera, slow, *items[4:]))
    after = from_(mission, Cut(12, 0.5), overlap_m=10.0)
    assert [i.command for i in after.items[:6]] == [
        Command.TAKEOFF,
        Command.CHANGE_SPEED,
        Command.SET_RELAY,
        Command.SET_SERVO,
        Command.SET_CAMERA_TRIGGER_DISTANCE,
        Command.WAYPOINT,
    ]
    assert after.items[1] == slow and after.items[2] == pump_on
    before = until(mission, Cut(12, 0.5))
    assert before.items[-1].command == Command.RETURN and len(before.items) == 14


def test_resuming_at_what_is_no_waypoint_is_refused() -> None:
    with pytest.raises(BadInput):
        from_(LADDER, Cut(0, 0.5))
    with pytest.raises(BadInput):
        from_(LADDER, Cut(999, 0.5))


def test_an_overlap_longer_than_the_leg_goes_back_over_the_corner() -> None:
    tour = make_plan(DEMO, "outlet-tour", wind=WIND)
    waypoints = [k for k, i in enumerate(tour.items) if i.command == Command.WAYPOINT]
    after = from_(tour, Cut(waypoints[4], 0.1), overlap_m=120.0)
    kept = [i.note for i in after.items if i.command == Command.WAYPOINT]
    assert tour.items[waypoints[3]].note in kept
