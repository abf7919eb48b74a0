"""Every file in missions/ is loaded, checked and flown by the simulated vehicle."""

import math
from pathlib import Path

import numpy as np
import pytest

from dronesampler.geo import LocalFrame
from dronesampler.mission import Command
from dronesampler.mission.files import read_mission
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir, missions_dir
from dronesampler.plan import PATTERNS, Aircraft
from dronesampler.plan.check import check
from dronesampler.plan.predict import predict
from dronesampler.problems import Severity
from tests.flight.flown import fly

DEMO = read_park(assets_dir() / "demo-park.geojson").park
FILES = sorted(missions_dir().glob("*.plan"))
WIND = (135.0, 3.0)
NOT_THE_FILES_FAULT = {"obstacle.return", "terrain.no-data"}  # the autopilot's return height; flat ground assumed


def test_there_is_one_file_for_each_pattern_and_the_readme_names_it() -> None:
    assert {f.stem for f in FILES} == set(PATTERNS)
    readme = (missions_dir() / "README.md").read_text(encoding="utf-8")
    assert all(f"`{f.name}`" in readme for f in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_it_is_loaded_and_nothing_is_wrong_with_it(file: Path) -> None:
    mission = read_mission(file)
    assert mission.pattern == file.stem and mission.simulated and mission.home is not None
    problems = check(mission, park=DEMO, wind=WIND)
    assert not [p for p in problems if p.severity is not Severity.NOTE and p.rule not in NOT_THE_FILES_FAULT]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_it_is_flown_past_every_waypoint_and_home_again(file: Path) -> None:
    mission = read_mission(file)
    flown = fly(mission, wind=WIND)
    track = np.array(flown.track)
    assert mission.home is not None
    frame = LocalFrame(mission.home.lat_deg, mission.home.lon_deg)
    for item in mission.items:
        if item.command == Command.WAYPOINT:
            x, y = (float(v) for v in frame.to_xy(item.lat_deg, item.lon_deg))
            gap = np.sqrt((track[:, 1] - x) ** 2 + (track[:, 2] - y) ** 2 + (track[:, 3] - item.height_m) ** 2).min()
            assert gap < 6.0, item.note
    assert math.hypot(*track[-1, 1:3]) < 2.0 and track[-1, 3] < 0.2
    forecast = predict(mission, Aircraft(), wind=WIND)
    assert forecast.seconds == pytest.approx(flown.seconds, rel=0.05)
    assert forecast.energy_wh == pytest.approx(flown.energy_wh, rel=0.05)
