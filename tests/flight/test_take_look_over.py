"""A proposed look is taken over in the air: uploaded while holding, started from its first item, flown home."""

import math

import pytest
from shapely.geometry import Point
from shapely.geometry import Polygon as ShapelyPolygon

from dronesampler.commands import Pause, Start, Upload
from dronesampler.desk.look_next import Airborne, second_look
from dronesampler.flight.modes import Doing
from dronesampler.flight.rules import UPLOAD_HOLDING, refusal
from dronesampler.geo import LocalFrame
from dronesampler.mission import Command, Mission
from dronesampler.session.uploading import Uploading
from tests.flight.field import HOME, Field, in_air

FRAME = LocalFrame(*HOME)
BATTERY_PERCENT = 70.0


def proposal(f: Field, *, battery_percent: float = BATTERY_PERCENT) -> Mission:
    """A look at a place 150 m north of home, from where the aircraft is, in a wind from the south."""
    lat, lon = (float(v) for v in FRAME.to_lat_lon(0.0, 150.0))
    suspect = {
        "lat_deg": lat, "lon_deg": lon, "height_m": 8.0, "rate_g_s": 1.5, "rate_interval_g_s": [0.7, 3.0],
        "evidence": 6.0, "ellipse68": [30.0, 10.0, 0.0], "ellipse95": [50.0, 16.0, 0.0], "verdict": "look_again",
    }  # fmt: skip
    parameters = {"wind_from_deg": 180.0, "wind_m_s": 3.0, "stability": "C", "scale_y": 1.0, "scale_z": 1.0,
                  "noise_mg_m3": 0.03}  # fmt: skip
    p = f.vehicle.position
    assert p is not None
    now = Airborne(p.lat_deg, p.lon_deg, p.height_home_m)
    found = second_look({"suspected": [suspect], "parameters": parameters}, home=HOME, now=now,
                        battery_percent=battery_percent)  # fmt: skip
    assert found.battery_percent <= battery_percent - 25.0
    return found.mission


@pytest.mark.parametrize("stack", ["ardupilot", "px4"])
def test_it_is_refused_on_the_move_and_flown_from_its_first_place_once_holding(stack: str) -> None:
    f = in_air(stack)
    f.fly(90.0, until=lambda: (f.vehicle.mission.item if f.vehicle.mission else 0) >= 2)  # well into the old plan
    look = proposal(f)
    assert refusal(Upload(1, 1e9, mission=look), f.vehicle) == UPLOAD_HOLDING
    f.settle(f.ask(Pause))
    assert refusal(Upload(1, 1e9, mission=look), f.vehicle) is None
    look = proposal(f)
    assert not any(i.command == Command.TAKEOFF for i in look.items)
    stored = uploaded(f, look)
    assert stored.good, stored.reason.en
    assert f.vehicle.doing is Doing.HOLDING  # storing it moves nothing
    assert f.settle(f.ask(Start), 30.0)[-1].value == "observed"
    missed = [i for i in look.items if i.command == Command.WAYPOINT]
    f.fly(400.0, until=lambda: not missed or (near(f, missed[0]) and not missed.pop(0)) or not f.vehicle.armed)
    assert not missed, f"{len(missed)} of its places were not flown to"
    assert f.fly(300.0, until=lambda: not f.vehicle.armed)
    assert not f.vehicle.fence_breached


def test_the_fence_of_a_proposal_holds_the_aircraft_where_it_is() -> None:
    f = in_air("ardupilot")
    f.fly(60.0)
    p = f.vehicle.position
    assert p is not None
    (zone,) = proposal(f).fence.polygons
    inside = ShapelyPolygon([tuple(map(float, FRAME.to_xy(*corner))) for corner in zone.area.outer])
    assert inside.buffer(-20.0).contains(Point(*map(float, FRAME.to_xy(p.lat_deg, p.lon_deg))))


def uploaded(f: Field, look: Mission) -> Uploading:
    """Fence and route, as a session stores them."""
    uploading = Uploading(look)
    f.do(uploading.start(f.station))

    def over() -> bool:
        f.do(uploading.step(f.station))
        return uploading.over

    assert f.fly(200.0, until=over)
    return uploading


def near(f: Field, item: object) -> bool:
    p = f.vehicle.position
    assert p is not None
    x, y = FRAME.to_xy([p.lat_deg, item.lat_deg], [p.lon_deg, item.lon_deg])  # type: ignore[attr-defined]
    return math.hypot(x[1] - x[0], y[1] - y[0]) < 4.0


def test_the_look_shrinks_with_the_battery() -> None:
    f = in_air("ardupilot")
    assert len(proposal(f, battery_percent=32.0).items) < len(proposal(f).items)
