"""Frozen values as the bodies of journal entries, and back, strictly: what a packet holds may be anybody's."""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def body_of(value: Any) -> Any:
    """A value of dataclasses, enums, tuples, texts and finite numbers as JSON. Raises ValueError on NaN or infinity."""
    if is_dataclass(value):
        return {f.name: body_of(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [body_of(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


def value_of(kind: type[T], body: Any) -> T:
    """The value that `body_of` wrote. Raises ValueError for any other body; unknown fields are refused."""
    made: T = _read(kind, body, where=kind.__name__)
    return made


def _read(kind: Any, body: Any, *, where: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if body is None else _read(next(a for a in inner if a is not types.NoneType), body, where=where)
    if origin is tuple:
        if not isinstance(body, list):
            raise ValueError(f"{where}: not a list")
        return tuple(_read(inner[0], v, where=where) for v in body)
    if is_dataclass(kind):
        return _dataclass(kind, body, where=where)
    if issubclass(kind, Enum):
        return kind(body)
    return _plain(kind, body, where=where)


def _plain(kind: Any, body: Any, *, where: str) -> Any:
    if kind is float and isinstance(body, int | float) and not isinstance(body, bool) and math.isfinite(body):
        return float(body)
    if kind in (str, int, bool) and type(body) is kind:
        return body
    raise ValueError(f"{where}: not a {kind.__name__}")


def _dataclass(kind: Any, body: Any, *, where: str) -> Any:
    if not isinstance(body, Mapping):
        raise ValueError(f"{where}: not an object")
    hints = get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    strange = sorted(set(body) - set(known))
    lacking = [n for n, f in known.items() if n not in body and f.default is MISSING and f.default_factory is MISSING]
    if strange or lacking:
        raise ValueError(f"{where}: {', '.join(map(str, strange or lacking))}")
    return kind(**{name: _read(hints[name], body[name], where=f"{where}.{name}") for name in known if name in body})
