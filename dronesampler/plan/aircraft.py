"""The aircraft and the sampler as a plan sees them: masses, limits, power and response time."""

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path

from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_READABLE = Text("无法读取机型文件：{why}", "the aircraft file cannot be read: {why}")
UNKNOWN_KEYS = Text("机型文件中有不认识的项：{keys}", "the aircraft file has unknown entries: {keys}")
NOT_POSITIVE = Text("机型参数 {key} 应为正数", "aircraft parameter {key} must be a positive number")


@dataclass(frozen=True, slots=True)
class Aircraft:
    """A multirotor. Powers are electrical, at the battery, without wind; defaults are those of a 6 kg hexarotor.

    Power model (after Stolaroff et al., Nature Communications 9, 409, 2018, reduced to what logs can fit):
    P = hover_w (m / mass_kg)^1.5 (1 - k v) + drag_w v^3 + climb_j_m climb, v the speed through the air.
    """

    name: str = "hexarotor 6 kg"
    mass_kg: float = 6.0  # empty with batteries
    payload_kg: float = 0.8  # sampler, pump, bag
    max_takeoff_kg: float = 7.0
    battery_wh: float = 355.0
    usable_fraction: float = 0.85
    reserve_fraction: float = 0.25  # of the whole battery, left at touch-down
    hover_w: float = 720.0  # at mass_kg
    translational_relief_s_m: float = 0.008  # k: what forward flight saves
    drag_w_s3_m3: float = 0.16
    climb_j_m: float = 85.0  # electrical work for a metre of climb
    payload_w: float = 12.0
    max_speed_m_s: float = 12.0
    max_airspeed_m_s: float = 18.0
    acceleration_m_s2: float = 2.0
    jerk_m_s3: float = 6.0
    climb_m_s: float = 2.5
    descent_m_s: float = 1.5
    turn_rate_deg_s: float = 60.0
    return_height_m: float = 40.0  # what the autopilot climbs to before it flies home
    max_wind_m_s: float = 10.0
    max_items: int = 650  # ArduPilot's usual store, home included
    autopilot: str = "ardupilot"

    @property
    def takeoff_kg(self) -> float:
        return self.mass_kg + self.payload_kg


@dataclass(frozen=True, slots=True)
class Sampler:
    """The instrument as its maker states it."""

    t90_s: float = 3.0
    delay_s: float = 1.0
    noise_mg_m3: float = 0.03
    quantity: str = "NMHC"

    @property
    def tau_s(self) -> float:
        """Time constant of a first-order response."""
        return self.t90_s / math.log(10.0)

    @property
    def detectable_mg_m3(self) -> float:
        """Five standard deviations above the background."""
        return 5.0 * self.noise_mg_m3


def read_aircraft(path: Path | str) -> Aircraft:
    """An aircraft of a JSON file that names any of the fields; the rest keep their defaults."""
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(NOT_READABLE.with_(why=error), where=str(path)) from error
    known = {field.name: type(field.default) for field in dataclasses.fields(Aircraft)}
    if not isinstance(values, dict) or not set(values) <= set(known):
        keys = ", ".join(sorted(set(values) - set(known))) if isinstance(values, dict) else type(values).__name__
        raise BadInput(UNKNOWN_KEYS.with_(keys=keys), where=str(path))
    for key, value in values.items():
        if known[key] is not str and not _usable(value, zero=key in _MAY_BE_ZERO):
            raise BadInput(NOT_POSITIVE.with_(key=key), where=str(path))
    return Aircraft(**values)


_MAY_BE_ZERO = {"payload_kg", "payload_w", "reserve_fraction", "translational_relief_s_m", "drag_w_s3_m3", "climb_j_m"}


def _usable(value: object, *, zero: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return value > 0 or (zero and value == 0)
