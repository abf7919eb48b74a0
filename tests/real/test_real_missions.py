"""The open set of mission files, opened right or refused for the known reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from dronesampler.mission import Command, Mission
from dronesampler.mission.files import import_mission, read_mission, write_mission
from dronesampler.problems import BadInput

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
TRUTH: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text(encoding="utf-8")) if DATA.is_dir() else {}
WPL = sorted(name for name in TRUTH if name.startswith("01_missions/ardupilot_wpl"))
PLANS = sorted(name for name in TRUTH if name.startswith("01_missions/qgc_plan"))


def commands(mission: Mission) -> list[list[int]]:
    counted: dict[int, int] = {16: 1} if mission.home is not None else {}
    for item in mission.items:
        counted[int(item.command)] = counted.get(int(item.command), 0) + 1
    return [[command, count] for command, count in sorted(counted.items())]


@pytest.mark.parametrize("name", WPL)
def test_ardupilot_files(name: str) -> None:
    truth, mission = TRUTH[name], read_mission(DATA / name)
    if "fence_points" in truth:
        # The return point and the closing vertex are points of the file, not of the ring.
        assert len(mission.fence.polygons[0].area.outer) == truth["fence_points"] - 2
    elif "rally_points" in truth:
        assert len(mission.rally) == truth["rally_points"]
    elif mission.fence:
        rings = sum(len(zone.area.outer) for zone in mission.fence.polygons)
        assert rings + len(mission.fence.circles) == truth["items"]
    else:
        assert len(mission.items) + (mission.home is not None) == truth["items"]
        assert commands(mission) == truth["commands"]


@pytest.mark.parametrize("name", PLANS)
def test_qgroundcontrol_plans(name: str) -> None:
    truth = TRUTH[name]
    if "refused" in truth.get("expected", ""):
        with pytest.raises(BadInput):
            read_mission(DATA / name)
        return
    mission = read_mission(DATA / name)
    assert len(mission.items) == truth.get("expanded_items", truth["items"])
    assert len(mission.fence.polygons) == truth["polygons"]
    assert len(mission.fence.circles) == truth["circles"]
    assert len(mission.rally) == truth["rally"]


@pytest.mark.parametrize("name", [*WPL, *PLANS])
def test_real_files_there_and_back(name: str, tmp_path: Path) -> None:
    """What we read, we can write as a .plan and as GeoJSON and read again, the same."""
    if "refused" in TRUTH[name].get("expected", ""):
        pytest.skip("refused on purpose")
    mission = read_mission(DATA / name)
    for ending in (".plan", ".geojson"):
        write_mission(mission, tmp_path / f"a{ending}")
        again = read_mission(tmp_path / f"a{ending}")
        assert repr(again.items) == repr(mission.items)
        assert again.fence == mission.fence
        assert [(p.lat_deg, p.lon_deg, p.height_m) for p in again.rally] == [
            (p.lat_deg, p.lon_deg, p.height_m) for p in mission.rally
        ]


def test_a_real_dji_file() -> None:
    name = "01_missions/dji_wpml/waypoint.kmz"
    taken = import_mission(DATA / name)
    (wayline,) = TRUTH[name]["waylines"]
    waypoints = [item for item in taken.mission.items if item.command == Command.WAYPOINT]
    assert len(waypoints) == wayline["placemarks"]
    assert taken.mission.cruise_speed_m_s == float(wayline["autoFlightSpeed"])
    assert taken.mission.items[-1].command == Command.RETURN
    assert any("orientedShoot" in text.en for text in taken.lost)
