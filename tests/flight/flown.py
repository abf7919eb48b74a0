"""Flies a mission of ours in the simulated vehicle with a steady wind and says what it took."""

import math
from dataclasses import dataclass

from dronesampler.mavlink.rawlog import STAMP
from dronesampler.mission import Frame, Mission
from dronesampler.simulator.battery import Airframe
from dronesampler.simulator.craft import Landed
from dronesampler.simulator.stored import MISSION, StoredItem
from dronesampler.simulator.vehicle import TICK_S, SimulatedVehicle, VehicleSettings

START_S = 1_800_000_000.0
AUTO = 3
LOGGED = (1, 33, 168)  # system status with the battery, position, wind
FRAMES = {Frame.SEA: 0, Frame.NONE: 2, Frame.HOME: 3, Frame.TERRAIN: 10}


@dataclass(frozen=True, slots=True)
class Flown:
    """Seconds from arming to standing still, watt-hours, and the track as (seconds, x_m, y_m, z_m)."""

    seconds: float
    energy_wh: float
    track: tuple[tuple[float, float, float, float], ...]


def fly(
    mission: Mission,
    *,
    wind: tuple[float, float],
    return_height_m: float = 15.0,
    airframe: Airframe | None = None,
    log: bytearray | None = None,
) -> Flown:
    """Without radio: the mission is put on the shelf and started; every tick is flown. `log` gets a tlog of what the
    vehicle says."""
    assert mission.home is not None
    settings = VehicleSettings(mission.home.lat_deg, mission.home.lon_deg, ready_after_s=0.0)
    vehicle = SimulatedVehicle(settings, start_s=START_S)
    craft, who = vehicle.craft, vehicle.who
    home = StoredItem(0, 16, x=round(mission.home.lat_deg * 1e7), y=round(mission.home.lon_deg * 1e7), z=40.0)
    craft.shelf.replace_all(MISSION, [home, *(_stored(item) for item in mission.items)])
    craft.params.set("RTL_ALT", return_height_m * 100.0)
    toward = math.radians(wind[0] + 180.0)
    craft.wind_toward_m_s = (wind[1] * math.sin(toward), wind[1] * math.cos(toward))
    craft.battery.capacity_mah = 1e6
    craft.airframe = airframe or craft.airframe
    craft.armed, craft.armed_s, craft.mode = True, START_S, AUTO
    who.route.refresh()
    who.route.start_or_resume()
    for message in LOGGED if log is not None else ():
        vehicle.radio.streams.set_interval(message, 250_000)
    now, track, drawn = START_S, [], craft.battery.drawn_wh
    for tick in range(200_000):
        now += TICK_S
        said = vehicle.step(now)
        if log is not None:
            log += b"".join(STAMP.pack(round(now * 1e6)) + frame for frame in said)
        if tick % 20 == 0:
            track.append((now - START_S, *craft.body.place))
        if tick > 400 and craft.landed is Landed.ON_GROUND and now - craft.grounded_s >= 2.0:
            break
    else:
        raise AssertionError("it never landed")
    return Flown(now - START_S, craft.battery.drawn_wh - drawn, tuple(track))


def _stored(item: object) -> StoredItem:
    i = item
    params = tuple(0.0 if math.isnan(p) else p for p in i.params)
    x, y = (round(i.lat_deg * 1e7), round(i.lon_deg * 1e7)) if i.has_place else (0, 0)
    return StoredItem(FRAMES[i.frame], int(i.command), params, x, y, i.height_m)
