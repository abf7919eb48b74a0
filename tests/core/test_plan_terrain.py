"""Plans that follow the ground."""

import math

import numpy as np
import pytest
from numpy.typing import ArrayLike

from dronesampler.mission import Command
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import planned
from dronesampler.plan.check import check
from dronesampler.problems import BadInput

DEMO = read_park(assets_dir() / "demo-park.geojson").park
FRAME = DEMO.frame()


class Hill:
    """A round hill 40 m high in the middle of the park, with nothing known beyond `known_m`."""

    def __init__(self, known_m: float = 2000.0) -> None:
        self.known_m = known_m

    def height_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> np.ndarray:
        x, y = FRAME.to_xy(lat_deg, lon_deg)
        r = np.hypot(x, y)
        return np.where(r < self.known_m, 100.0 + 40.0 * np.exp(-0.5 * (r / 120.0) ** 2), math.nan)


def test_a_route_keeps_its_height_above_a_hill() -> None:
    flat = planned(DEMO, "crosswind-ladder", wind=(135, 3), settings={"height_agl_m": "40"})
    plan = planned(DEMO, "crosswind-ladder", wind=(135, 3), settings={"height_agl_m": "40"}, terrain=Hill())
    assert len(plan.mission.items) > len(flat.mission.items)
    places = [i for i in plan.mission.items if i.command == Command.WAYPOINT]
    ground = Hill().height_m([i.lat_deg for i in places], [i.lon_deg for i in places])
    home = float(Hill().height_m(plan.mission.home.lat_deg, plan.mission.home.lon_deg))  # type: ignore[union-attr]
    above = np.array([i.height_m for i in places]) - (ground - home)
    assert above == pytest.approx(40.0, abs=0.01)
    assert not [
        p for p in check(plan.mission, park=DEMO, terrain=Hill()) if p.rule in ("height.ground", "terrain.no-data")
    ]


def test_a_flat_plan_over_the_hill_is_found_out() -> None:
    plan = planned(DEMO, "area-grid", wind=(0, 0), settings={"height_agl_m": "30", "spacing_m": "60"})
    assert [p for p in check(plan.mission, park=DEMO, terrain=Hill()) if p.rule == "height.ground"]


def test_no_data_is_said_and_home_without_data_is_refused() -> None:
    plan = planned(DEMO, "fence-line", wind=(135, 3), terrain=Hill(known_m=330.0))
    assert "no terrain data" in plan.route.why[-1].en
    with pytest.raises(BadInput):
        planned(DEMO, "fence-line", wind=(135, 3), terrain=Hill(known_m=50.0))
