"""What alarms are raised at: the program's defaults, then the instrument's profile, then the team's own file."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from dronesampler.problems import BadInput, system_said
from dronesampler.texts import Text

TEAM_FILE = "alarms.toml"
BAD_FILE = Text("报警设置有误：{why}", "the alarm settings are wrong: {why}")
UNKNOWN = Text("不认识的项 {name}；可用：{known}", "unknown entry {name}; there are: {known}")
NOT_A_NUMBER = Text("{name} 应为大于 0 的数", "{name} must be a number above 0")
NOT_A_SHARE = Text("{name} 应在 0 与 1 之间", "{name} must lie between 0 and 1")
LEL_ORDER = Text("lel_danger_percent 不能小于 lel_percent", "lel_danger_percent cannot be less than lel_percent")


class AlarmKind(StrEnum):
    """What an alarm is for."""

    ABOVE = "above background"
    RISE = "rate of rise"
    LIMIT = "species limit"
    LEL = "explosive limit"
    STALE = "stale"
    FAULT = "fault"


class AlarmLevel(StrEnum):
    """How loud. Danger is for people on the ground: it stays until somebody acknowledges it."""

    NOTICE = "notice"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class SpeciesRule:
    """What is different for one species; None leaves the general figure. `limit_mg_m3` is absolute."""

    above_mg_m3: float | None = None
    rise_mg_m3_s: float | None = None
    limit_mg_m3: float | None = None


@dataclass(frozen=True, slots=True)
class AlarmRules:
    """The figures. Concentrations in mg/m3 as readings come.

    The background is the `background_quantile` of the last `background_s` seconds; neither `above_mg_m3` nor
    `rise_mg_m3_s` goes below what the instrument's own noise would reach (`noises` standard deviations). An alarm
    ends when the value has stayed under `release` of its limit for `clear_s`.
    """

    above_mg_m3: float = 0.3
    rise_mg_m3_s: float = 0.15
    lel_percent: float = 10.0
    lel_danger_percent: float = 20.0
    stale_s: float = 3.0
    background_s: float = 300.0
    background_quantile: float = 0.1
    rise_over_s: float = 5.0
    release: float = 0.6
    clear_s: float = 5.0
    noises: float = 6.0
    species: Mapping[str, SpeciesRule] = field(default_factory=dict)

    def of(self, quantity: str) -> SpeciesRule:
        """The figures for a species, the general ones filled in."""
        own = self.species.get(quantity, _NO_RULE)
        return SpeciesRule(
            self.above_mg_m3 if own.above_mg_m3 is None else own.above_mg_m3,
            self.rise_mg_m3_s if own.rise_mg_m3_s is None else own.rise_mg_m3_s,
            own.limit_mg_m3,
        )


_NO_RULE = SpeciesRule()
_NUMBERS = tuple(f.name for f in fields(AlarmRules) if f.name != "species")
_SHARES = ("background_quantile", "release")
_PER_SPECIES = tuple(f.name for f in fields(SpeciesRule))


def rules_from(document: Mapping[str, Any], over: AlarmRules) -> AlarmRules:
    """The rules of a document (a profile's `[alarm]`, a team's file) laid over others. Raises BadInput."""
    _known(document, (*_NUMBERS, "species"))
    numbers = {name: _number(name, document[name]) for name in _NUMBERS if name in document}
    for name in _SHARES:
        if not 0.0 < numbers.get(name, 0.5) < 1.0:
            raise BadInput(NOT_A_SHARE.with_(name=name))
    told = document.get("species", {})
    if not isinstance(told, Mapping):
        raise BadInput(UNKNOWN.with_(name="species", known="[species.NAME]"))
    species = {**over.species, **{str(k): _species(v, over.species.get(str(k), _NO_RULE)) for k, v in told.items()}}
    made = replace(over, **numbers, species=species)
    if made.lel_danger_percent < made.lel_percent:
        raise BadInput(LEL_ORDER)
    return made


def team_rules(folder: Path | None) -> Mapping[str, Any]:
    """The team's own settings in the data folder, {} where there are none. Raises BadInput."""
    path = None if folder is None else folder / TEAM_FILE
    if path is None or not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        rules_from(document, AlarmRules())
    except OSError as reason:
        raise BadInput(BAD_FILE.with_(why=system_said(reason)), where=str(path)) from reason
    except BadInput as reason:
        raise BadInput(BAD_FILE.with_(why=reason.text), where=str(path)) from reason
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise BadInput(BAD_FILE.with_(why=reason), where=str(path)) from reason
    return document


def _species(document: Any, over: SpeciesRule) -> SpeciesRule:
    if not isinstance(document, Mapping):
        raise BadInput(UNKNOWN.with_(name=document, known=", ".join(_PER_SPECIES)))
    _known(document, _PER_SPECIES)
    return replace(over, **{name: _number(name, value) for name, value in document.items()})


def _known(document: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in document:
        if name not in names:
            raise BadInput(UNKNOWN.with_(name=name, known=", ".join(names)))


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value < math.inf:
        raise BadInput(NOT_A_NUMBER.with_(name=name))
    return float(value)
