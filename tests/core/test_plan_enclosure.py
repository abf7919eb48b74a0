"""The fence that a plan brings along."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dronesampler.desk.planning import plan_to_file
from dronesampler.geo import Polygon
from dronesampler.park import Airspace
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import planned
from dronesampler.plan.check import check
from dronesampler.problems import BadInput

DEMO = read_park(assets_dir() / "demo-park.geojson").park


def test_controlled_airspace_becomes_zones_of_the_fence_where_they_can_be_held(tmp_path: Path) -> None:
    frame = DEMO.frame()

    def space(name: str, east_m: float, half_m: float, corners: int = 4, floor_m: float = 0.0) -> Airspace:
        turn = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
        reach_m = half_m * np.where(np.arange(corners) % 2 & (corners > 4), 3.0, 1.0)  # many corners make a star
        lat, lon = frame.to_lat_lon(east_m + reach_m * np.cos(turn), reach_m * np.sin(turn))
        return Airspace(name, Polygon(tuple(zip(lat.tolist(), lon.tolist(), strict=True))), floor_agl_m=floor_m)

    spaces = (space("near", 330.0, 20.0), space("under us", 0.0, 30.0), space("star", -370.0, 20.0, 400),
              space("high", 320.0, 20.0, floor_m=150.0), space("far", 3000.0, 20.0))  # fmt: skip
    park = replace(DEMO, airspaces=spaces)
    settings = {"avoid_airspace": "no", "spacing_m": "50"}
    made = planned(park, "area-grid", wind=(0.0, 0.0), settings=settings, fence_airspace=True)
    zones = made.mission.fence.polygons
    assert [z.inclusion for z in zones] == [True, False]
    assert [t.en.split("“")[1].split("”")[0] for t in made.route.why[-2:]] == ["under us", "star"]
    assert not [p for p in check(made.mission, park=park) if p.rule == "fence.route"]
    plain = planned(park, "area-grid", wind=(0.0, 0.0), settings=settings)
    assert len(plain.mission.fence.polygons) == 1
    with pytest.raises(BadInput, match="unknown kind of mission file"):
        plan_to_file("no-such-park.geojson", "area-grid", wind=(0.0, 0.0), out=tmp_path / "a.doc")
