"""The aircraft and the sampler as a plan sees them: masses, limits, power and response time."""

import dataclasses
import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dronesampler.problems import BadInput, system_said
from dronesampler.safe_files import CANNOT_OPEN, json_file
from dronesampler.texts import Text

UNKNOWN_KEYS = Text("机型文件中有不认识的项：{keys}", "the aircraft file has unknown entries: {keys}")
NOT_TOML = Text("不是完好的 TOML：{why}", "not well-formed TOML: {why}")
NOT_WORDS = Text("机型参数 {key} 应为文字", "aircraft parameter {key} must be words")
NOT_POSITIVE = Text("机型参数 {key} 应为正数", "aircraft parameter {key} must be a positive number")


@dataclass(frozen=True, slots=True)
class Aircraft:
    """A multirotor. Powers are electrical, at the battery; defaults are those of a 3.8 kg sampling quadcopter."""

    name: str = "sampling quadcopter 3.8 kg"
    mass_kg: float = 3.3  # empty, with its battery
    payload_kg: float = 0.5  # sampler, pump, bag
    max_takeoff_kg: float = 4.5
    battery_wh: float = 266.0
    reserve_fraction: float = 0.25  # of the battery, left at touch-down
    hover_w: float = 430.0  # at mass_kg + payload_kg, without wind
    induced_m_s: float = 5.6  # downwash in hover: sqrt(weight / (2 air density x disc area))
    profile_share: float = 0.28  # of hover power that does not depend on speed
    drag_w_s3_m3: float = 0.16
    climb_efficiency: float = 0.7
    payload_w: float = 6.0
    max_speed_m_s: float = 10.0
    max_airspeed_m_s: float = 16.0
    acceleration_m_s2: float = 2.5
    braking_share: float = 0.7  # autopilots brake more gently than they speed up
    settle_s: float = 0.4  # from the end of braking to "reached"
    climb_m_s: float = 2.5
    descent_m_s: float = 1.5
    landing_m_s: float = 0.5  # over the last 10 m
    return_height_m: float = 15.0  # what the autopilot climbs to before it flies home (RTL_ALT)
    return_speed_m_s: float = 0.0  # 0: the speed of the mission
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
    """An aircraft of a TOML or JSON file that names any of the fields; the rest keep their defaults."""
    path = Path(path)
    values = _toml(path) if path.suffix.lower() == ".toml" else json_file(path)
    known = {field.name: type(field.default) for field in dataclasses.fields(Aircraft)}
    if not isinstance(values, dict) or not set(values) <= set(known):
        keys = ", ".join(sorted(set(values) - set(known))) if isinstance(values, dict) else type(values).__name__
        raise BadInput(UNKNOWN_KEYS.with_(keys=keys), where=str(path))
    for key, value in values.items():
        if known[key] is str and not isinstance(value, str):
            raise BadInput(NOT_WORDS.with_(key=key), where=str(path))
        if known[key] is not str and not _usable(value, zero=key in _MAY_BE_ZERO):
            raise BadInput(NOT_POSITIVE.with_(key=key), where=str(path))
    return Aircraft(**values)


def aircraft_text(aircraft: Aircraft, about: Sequence[str] = ()) -> str:
    """The aircraft as the TOML that `read_aircraft` reads, after lines of comment."""
    lines = [f"# {line}" for line in about]
    for field in dataclasses.fields(Aircraft):
        value = getattr(aircraft, field.name)
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else f"{value:.6g}"
        lines.append(f"{field.name} = {shown}")
    return "\n".join(lines) + "\n"


def _toml(path: Path) -> object:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadInput(CANNOT_OPEN.with_(why=system_said(problem)), where=str(path)) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(NOT_TOML.with_(why=problem), where=str(path)) from problem


_MAY_BE_ZERO = {
    "payload_kg",
    "payload_w",
    "reserve_fraction",
    "drag_w_s3_m3",
    "settle_s",
    "profile_share",
    "return_speed_m_s",
}


def _usable(value: object, *, zero: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return value > 0 or (zero and value == 0)
