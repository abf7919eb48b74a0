"""Frozen values (parks, missions) as JSON text and back, led by their type annotations."""

import json
import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dronesampler.journal import canonical_json
from dronesampler.mission import Mission
from dronesampler.problems import Refused, library_said
from dronesampler.store.records import PlanRow
from dronesampler.store.values import PlanStage
from dronesampler.texts import Text

T = TypeVar("T")

# JSON has no word for these; a mission's NaN means "as it is" and must come back.
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

_BROKEN = Text(
    "数据库中的一份文档无法读取（{what}：{why}）。请用备份恢复，或用更新版本的程序打开。",
    "A document in the database cannot be read ({what}: {why}). Restore a backup, or open it with a newer program.",
)


def to_text(value: Any) -> str:
    """A frozen dataclass as canonical JSON text."""
    return canonical_json(plain(value)).decode()


def plan_row(unix_s: float, stage: PlanStage, mission: Mission) -> PlanRow:
    """A plan as a record, for a recorder or in a transaction."""
    return PlanRow(unix_s, stage.value, to_text(mission), len(mission.items))


def from_text(kind: type[T], text: str) -> T:
    """The value that `to_text` wrote. Fields added since get their defaults; raises Refused if it does not fit."""
    try:
        value: T = _value(kind, json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(_BROKEN.with_(what=kind.__name__, why=library_said(error))) from error
    return value


def plain(value: Any) -> Any:
    """Values that JSON can hold: dataclasses as objects, enums by value, NaN and infinity by name."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(v) for v in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, plain: Any) -> Any:
    if is_dataclass(kind):
        return _dataclass(kind, plain)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _tuple(inner, plain)
    if origin in (Union, types.UnionType):
        return None if plain is None else _value(next(a for a in inner if a is not types.NoneType), plain)
    if kind is float:
        return _SPECIAL[plain] if isinstance(plain, str) else float(plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    return plain


def _tuple(inner: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_value(inner[0], v) for v in plain)
    return tuple(_value(kind, v) for kind, v in zip(inner, plain, strict=True))


def _dataclass(kind: Any, plain: Any) -> Any:
    hints = _hints(kind)
    given = {f.name: _value(hints[f.name], plain[f.name]) for f in fields(kind) if f.name in plain}
    lacking = [f.name for f in fields(kind) if f.name not in plain and f.default is MISSING and _no_factory(f)]
    if lacking:
        raise ValueError(f"{kind.__name__} without {', '.join(lacking)}")
    return kind(**given)


def _no_factory(field: Any) -> bool:
    return field.default_factory is MISSING
