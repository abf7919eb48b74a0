"""One simulated aircraft: everything that its flight code, its telemetry and its failsafes share (one thread)."""

import math
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from dronesampler.geo import LocalFrame
from dronesampler.simulator.battery import Airframe, Battery, flight_power_w
from dronesampler.simulator.motion import Body, Limits, Vector
from dronesampler.simulator.params import Params
from dronesampler.simulator.pilot import Pilot, Task
from dronesampler.simulator.stored import Shelf
from dronesampler.simulator.wire import Outbox

ON_GROUND_M = 0.05
GPS_TAU_S, GPS_SD_M = 40.0, 0.5


class Landed(IntEnum):
    """MAV_LANDED_STATE."""

    ON_GROUND = 1
    IN_AIR = 2
    TAKEOFF = 3
    LANDING = 4


@dataclass(slots=True)
class Home:
    """Where the autopilot takes home to be."""

    lat_deg: float
    lon_deg: float
    amsl_m: float
    is_set: bool = True
    fixed: bool = False  # set by a station: arming does not move it


@dataclass(slots=True)
class Radio:
    """What the aircraft hears: ground stations' heartbeats and the pilot's sticks."""

    station_heard_s: float | None = None
    lost: bool = False
    sticks_lost: bool = False  # the pilot's own transmitter


@dataclass(slots=True)
class Craft:
    """The aircraft. Places are east, north, up metres of `frame`; the ground is flat at `ground_amsl_m`."""

    frame: LocalFrame
    ground_amsl_m: float
    home: Home
    out: Outbox
    params: Params
    rng: np.random.Generator
    now_s: float
    boot_s: float
    body: Body = field(default_factory=Body)
    limits: Limits = field(default_factory=Limits)
    battery: Battery = field(default_factory=Battery)
    airframe: Airframe = field(default_factory=Airframe)
    shelf: Shelf = field(default_factory=Shelf)
    radio: Radio = field(default_factory=Radio)
    armed: bool = False
    armed_s: float = 0.0
    mode: int = 0
    landed: Landed = Landed.ON_GROUND
    grounded_s: float = 0.0  # since when it stands
    gps_ok: bool = True
    satellites: int = 14
    position_ok: bool = True
    failsafe: bool = False
    servos: dict[int, int] = field(default_factory=dict)
    relays: dict[int, bool] = field(default_factory=dict)
    actuators: dict[int, float] = field(default_factory=dict)
    shots: int = 0
    untold_shots: list[int] = field(default_factory=list)
    shot_spacing_m: float = 0.0
    clock_step_s: float = 0.0  # a fault: how wrong the aircraft's own clock is
    wind_toward_m_s: tuple[float, float] = (0.0, 0.0)
    wind_estimate: "WindEstimate | None" = None
    gps_error_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    pilot: Pilot = field(init=False)
    _last_shot: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.pilot = Pilot(self.body, self.limits)

    @property
    def flying(self) -> bool:
        return self.armed and self.landed is not Landed.ON_GROUND

    @property
    def boot_ms(self) -> int:
        return int((self.now_s - self.boot_s) * 1000.0)

    @property
    def unix_us(self) -> int:
        """What the aircraft takes for the time."""
        return int((self.now_s + self.clock_step_s) * 1e6)

    @property
    def home_height_m(self) -> float:
        """Height above home."""
        return self.body.z_m + self.ground_amsl_m - self.home.amsl_m

    @property
    def amsl_m(self) -> float:
        return self.body.z_m + self.ground_amsl_m

    def place_of(self, lat_deg: float, lon_deg: float, up_m: float) -> Vector:
        """A place in the frame; `up_m` above the ground."""
        x, y = self.frame.to_xy(lat_deg, lon_deg)
        return float(x), float(y), up_m

    def home_place(self, up_m: float) -> Vector:
        return self.place_of(self.home.lat_deg, self.home.lon_deg, up_m)

    def up_m(self, z: float, frame: int) -> float:
        """Height above ground of an item's z: above sea for frames 0 and 5, above home for 3 and 6, else terrain."""
        if frame in (0, 5):
            return z - self.ground_amsl_m
        return z + self.home.amsl_m - self.ground_amsl_m if frame in (3, 6) else z

    def lat_lon(self) -> tuple[float, float]:
        """The true place."""
        lat, lon = self.frame.to_lat_lon(self.body.x_m, self.body.y_m)
        return float(lat), float(lon)

    def told_lat_lon(self) -> tuple[float, float]:
        """The place as the aircraft's own estimate has it."""
        lat, lon = self.frame.to_lat_lon(self.body.x_m + self.gps_error_m[0], self.body.y_m + self.gps_error_m[1])
        return float(lat), float(lon)

    def move(self, dt_s: float) -> None:
        """Fly, draw from the battery, notice take-off and touch-down."""
        if self.armed:
            self.pilot.step(dt_s)
        self.battery.step(dt_s, self._power_w())
        self._follow_ground()
        self._drift_gps(dt_s)
        self._shoot_by_distance()
        if self.wind_estimate is not None:
            self.wind_estimate.step(dt_s, self)

    def _power_w(self) -> float:
        if not self.armed or self.landed is Landed.ON_GROUND:
            return self.airframe.idle_w + self.airframe.payload_w + (35.0 if self.armed else 0.0)
        b, wind = self.body, self.wind_toward_m_s
        airspeed = math.hypot(b.vx_m_s - wind[0], b.vy_m_s - wind[1])
        return self.airframe.payload_w + flight_power_w(self.airframe, airspeed_m_s=airspeed, climb_m_s=b.vz_m_s)

    def _follow_ground(self) -> None:
        was = self.landed
        task = self.pilot.task
        if self.body.z_m <= ON_GROUND_M and self.body.vz_m_s <= 0.0:
            self.landed = Landed.ON_GROUND
        elif task is Task.LAND:
            self.landed = Landed.LANDING
        elif task is Task.CLIMB:
            self.landed = Landed.TAKEOFF
        else:
            self.landed = Landed.IN_AIR
        if was is not Landed.ON_GROUND and self.landed is Landed.ON_GROUND:
            self.grounded_s = self.now_s

    def _drift_gps(self, dt_s: float) -> None:
        keep = 1.0 - dt_s / GPS_TAU_S
        kick = GPS_SD_M * math.sqrt(2.0 * dt_s / GPS_TAU_S)
        noise = self.rng.standard_normal(3)
        e = self.gps_error_m
        self.gps_error_m = tuple(keep * old + kick * float(n) for old, n in zip(e, noise, strict=True))  # type: ignore[assignment]

    def shoot(self) -> int:
        """Take a photograph; its number."""
        self.shots += 1
        self.untold_shots.append(self.shots)
        self._last_shot = (self.body.x_m, self.body.y_m)
        return self.shots

    def _shoot_by_distance(self) -> None:
        if self.shot_spacing_m > 0.0 and self.flying:
            gone = math.dist(self._last_shot, (self.body.x_m, self.body.y_m))
            if gone >= self.shot_spacing_m:
                self.shoot()


@dataclass(slots=True)
class WindEstimate:
    """What the autopilot makes of the wind: smoothed, with a bias of its own. None until in the air for a while."""

    bias_deg: float
    gain: float
    settle_s: float = 12.0
    tau_s: float = 6.0
    east_m_s: float = 0.0
    north_m_s: float = 0.0
    flown_s: float = 0.0
    noise: tuple[float, float] = (0.0, 0.0)

    @property
    def known(self) -> bool:
        return self.flown_s >= self.settle_s

    def step(self, dt_s: float, craft: Craft) -> None:
        if not craft.flying:
            self.flown_s = 0.0
            return
        east, north = craft.wind_toward_m_s
        share = min(dt_s / self.tau_s, 1.0)
        first = self.flown_s == 0.0
        self.east_m_s = east if first else self.east_m_s + (east - self.east_m_s) * share
        self.north_m_s = north if first else self.north_m_s + (north - self.north_m_s) * share
        self.flown_s += dt_s

    def told(self, rng: np.random.Generator) -> tuple[float, float]:
        """Direction it comes from (degrees, 0 to 360) and speed (m/s), as told now."""
        kicks = rng.standard_normal(2)
        from_deg = math.degrees(math.atan2(-self.east_m_s, -self.north_m_s)) + self.bias_deg + 3.0 * float(kicks[0])
        speed = math.hypot(self.east_m_s, self.north_m_s) * self.gain + 0.25 * float(kicks[1])
        return from_deg % 360.0, max(speed, 0.2)
