"""Time and energy foretold against what the simulated vehicle then flies."""

import numpy as np
import pytest

from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import Aircraft, make_plan
from dronesampler.plan.predict import predict
from dronesampler.plan.sorties import split
from tests.flight.flown import fly

DEMO = read_park(assets_dir() / "demo-park.geojson").park
PLANS = [
    ("crosswind-ladder", (20.0, 2.0), {"spacing_m": "90"}),
    ("crosswind-ladder", (160.0, 5.0), {"passes": "2", "spacing_m": "80"}),
    ("crosswind-ladder", (300.0, 8.0), {"height_agl_m": "35", "spacing_m": "100", "speed_m_s": "6"}),
    ("outlet-tour", (250.0, 4.0), {"sides": "both"}),
    ("outlet-tour", (80.0, 7.0), {"speed_m_s": "8", "hold_s": "5"}),
    ("outlet-tour", (10.0, 1.0), {"preset": "slow-analyser"}),
    ("fence-line", (45.0, 6.0), {"heights_agl_m": "20"}),
    ("fence-line", (200.0, 3.0), {"heights_agl_m": "25,60", "speed_m_s": "7"}),
    ("stack-orbit", (90.0, 4.0), {"outlets": "DA003,DA007"}),
    ("stack-orbit", (0.0, 2.0), {"outlets": "DA012", "radius_m": "40", "turns": "3"}),
    ("vertical-profile", (135.0, 5.0), {"outlets": "DA001,DA010"}),
    ("vertical-profile", (315.0, 2.0), {"outlets": "DA008", "preset": "fine"}),
    ("flux-curtain", (180.0, 4.0), {}),
    ("flux-curtain", (225.0, 7.0), {"preset": "near"}),
    ("area-grid", (0.0, 0.0), {"spacing_m": "50"}),
    ("area-grid", (120.0, 6.0), {"preset": "overview"}),
    ("corridor", (270.0, 3.0), {}),
    ("corridor", (0.0, 9.0), {"width_m": "100", "speed_m_s": "6"}),
    ("look-here", (135.0, 3.0), {}),
    ("look-here", (60.0, 5.0), {"at": "35.7125,116.4870;35.7110,116.4900"}),
]
GATE = (4, 9, 11)


def errors(number: int) -> tuple[float, float]:
    """Relative error of time and of energy."""
    name, wind, chosen = PLANS[number]
    mission = make_plan(DEMO, name, wind=wind, settings=chosen)
    flown, foretold = fly(mission, wind=wind), predict(mission, Aircraft(), wind=wind)
    return foretold.seconds / flown.seconds - 1.0, foretold.energy_wh / flown.energy_wh - 1.0


@pytest.mark.parametrize("number", GATE)
def test_a_plan_takes_what_was_foretold(number: int) -> None:
    assert np.abs(errors(number)).max() <= 0.05


@pytest.mark.soak
def test_twenty_plans_take_what_was_foretold() -> None:
    found = np.abs([errors(k) for k in range(len(PLANS))])
    assert np.median(found, axis=0).max() <= 0.05 and found.max() <= 0.10


def test_the_return_height_of_the_autopilot_counts() -> None:
    mission = make_plan(DEMO, "corridor", wind=(135, 3))
    for height in (15.0, 60.0):
        flown = fly(mission, wind=(135, 3), return_height_m=height)
        assert predict(mission, Aircraft(return_height_m=height), wind=(135, 3)).seconds == pytest.approx(
            flown.seconds, rel=0.04
        )


def test_every_sortie_lands_with_the_reserve_in_the_battery() -> None:
    aircraft, wind = Aircraft(battery_wh=150.0), (135.0, 3.0)
    mission = make_plan(DEMO, "crosswind-ladder", wind=wind, settings={"preset": "quick"})
    sorties = split(mission, aircraft, wind=wind)
    assert len(sorties) >= 2
    for sortie in sorties:
        assert fly(sortie, wind=wind).energy_wh <= aircraft.battery_wh * (1 - aircraft.reserve_fraction) * 1.03
