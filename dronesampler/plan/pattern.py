"""What a pattern is: a name, a reason to exist, parameters with their bounds, presets, and how it is laid out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dronesampler.plan.route import Route
from dronesampler.plan.site import Site
from dronesampler.problems import BadInput
from dronesampler.texts import Text

AUTO = "auto"

UNKNOWN_KEY = Text(
    "航线样式 {pattern} 没有参数“{key}”，可用：{known}", "pattern {pattern} has no setting “{key}”; it has: {known}"
)
NOT_A_NUMBER = Text("参数 {key}={value}：应为数值", "{key}={value}: must be a number")
NOT_WHOLE = Text("参数 {key}={value}：应为整数", "{key}={value}: must be a whole number")
OUT_OF_RANGE = Text(
    "参数 {key}={value}：应在 {low:g} 至 {high:g} 之间", "{key}={value}: must be from {low:g} to {high:g}"
)
NOT_A_CHOICE = Text("参数 {key}={value}：应为 {known} 之一", "{key}={value}: must be one of {known}")
BAD_PLACES = Text("参数 {key}={value}：应写作 纬度,经度;纬度,经度…", "{key}={value}: must be written LAT,LON;LAT,LON…")
UNKNOWN_PRESET = Text("没有名为“{value}”的预设，可用：{known}", "there is no preset “{value}”; known: {known}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a pattern. A number unless `choices` or `free` says otherwise; "auto" where it is the default."""

    key: str
    default: str
    text: Text
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    free: bool = False  # any words: codes, places
    many: bool = False  # a list of numbers, commas between
    whole: bool = False  # a count


AVOID = Parameter(
    "avoid_airspace", "yes", Text("避开管制空域", "keep out of controlled airspace"), choices=("yes", "no")
)


def height_agl(default: str) -> Parameter:
    return Parameter("height_agl_m", default, Text("离地高度", "height above ground"), 2, 120)


def ground_speed(default: str) -> Parameter:
    return Parameter("speed_m_s", default, Text("地速", "ground speed"), 0.5, 20)


@dataclass(frozen=True, slots=True)
class Settings:
    """A pattern's settings, checked, every key present."""

    values: Mapping[str, str]

    def number(self, key: str) -> float:
        return float(self.values[key])

    @property
    def avoids_airspace(self) -> bool:
        return self.values["avoid_airspace"] == "yes"

    def maybe(self, key: str) -> float | None:
        """None for "auto": the plan proposes the value itself."""
        return None if self.values[key] == AUTO else float(self.values[key])

    def word(self, key: str) -> str:
        return self.values[key]

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list such as "20,35"."""
        return tuple(float(part) for part in self.values[key].split(","))

    def places(self, key: str) -> tuple[tuple[float, float], ...]:
        """A list such as "35.1,116.2;35.2,116.3" as (lat, lon); empty for an empty word."""
        text = self.values[key]
        try:
            pairs = [tuple(float(n) for n in part.split(",")) for part in text.split(";") if part.strip()]
        except ValueError as error:
            raise BadInput(BAD_PLACES.with_(key=key, value=text)) from error
        if any(len(p) != 2 or not all(map(math.isfinite, p)) or abs(p[0]) > 90 or abs(p[1]) > 180 for p in pairs):
            raise BadInput(BAD_PLACES.with_(key=key, value=text))
        return tuple((p[0], p[1]) for p in pairs)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to fly a park. `presets` are named sets of values that change the defaults."""

    name: str
    reason: Text
    parameters: tuple[Parameter, ...]
    lay_out: Callable[[Site, Settings], Route]
    presets: Mapping[str, Mapping[str, str]]
    needs_wind: bool = True

    def settings(self, given: Mapping[str, str]) -> Settings:
        """Defaults, then the preset named by `preset`, then what was given; raises BadInput for what cannot be."""
        known = {p.key: p for p in self.parameters}
        preset = given.get("preset", "")
        if preset and preset not in self.presets:
            raise BadInput(UNKNOWN_PRESET.with_(value=preset, known=", ".join(self.presets) or "-"))
        values = {p.key: p.default for p in self.parameters} | dict(self.presets.get(preset, {}))
        for key, value in given.items():
            if key == "preset":
                continue
            if key not in known:
                raise BadInput(UNKNOWN_KEY.with_(pattern=self.name, key=key, known=", ".join(known)))
            values[key] = value.strip()
        for key, value in values.items():
            _check(known[key], value)
        return Settings(values)


def _check(parameter: Parameter, value: str) -> None:
    if parameter.free or (value == AUTO and parameter.default == AUTO):
        return
    if parameter.choices:
        if value not in parameter.choices:
            raise BadInput(NOT_A_CHOICE.with_(key=parameter.key, value=value, known=", ".join(parameter.choices)))
        return
    for part in value.split(",") if parameter.many else [value]:
        try:
            number = float(part)
        except ValueError as error:
            raise BadInput(NOT_A_NUMBER.with_(key=parameter.key, value=value)) from error
        if not (parameter.low <= number <= parameter.high):
            bounds = {"low": parameter.low, "high": parameter.high}
            raise BadInput(OUT_OF_RANGE.with_(key=parameter.key, value=value, **bounds))
        if parameter.whole and number != int(number):
            raise BadInput(NOT_WHOLE.with_(key=parameter.key, value=value))
