"""Registers of outlets, and how one is merged into the park that is on file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from dronesampler.park.checks import park_problems
from dronesampler.park.features import ParkImport
from dronesampler.park.foreign import ASSUMED_HEIGHT
from dronesampler.park.park import Outlet, Park
from dronesampler.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A usable row: where it stands (row 7), its outlet, and whether the height had to be assumed."""

    where: str
    outlet: Outlet
    height_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """The usable rows of an outlet register, and the rows refused with their reasons."""

    rows: tuple[RegisterRow, ...]
    refused: tuple[Problem, ...] = ()


def with_outlets(park: Park, register: Register) -> ParkImport:
    """The park with the register's outlets, and everything doubtful about the park that this makes.

    An outlet is the same as one on file when code and enterprise agree, or one of the two names no enterprise. What
    the register leaves empty stays as it was on file. An enterprise given by name is found by it.
    """
    codes = {e.name: e.credit_code for e in park.enterprises if e.credit_code}
    kept, new, assumed = list(park.outlets), list[Outlet](), list[Problem]()
    for row in register.rows:
        outlet = _with_credit_code(row.outlet, codes)
        before = next((o for o in park.outlets if _same(o, outlet)), None)
        if before in kept:
            kept.remove(before)
        new.append(_filled(outlet, before, row.height_assumed) if before else outlet)
        if row.height_assumed and before is None:
            text = ASSUMED_HEIGHT.with_(height=outlet.height_m)
            assumed.append(Problem("park.assumed", Severity.NOTE, text, row.where))
    merged = replace(park, outlets=(*kept, *new))
    return ParkImport(merged, (*register.refused, *assumed, *park_problems(merged)))


def _with_credit_code(outlet: Outlet, codes: Mapping[str, str]) -> Outlet:
    return replace(outlet, enterprise=codes.get(outlet.enterprise, outlet.enterprise))


def _same(a: Outlet, b: Outlet) -> bool:
    return a.code == b.code and (a.enterprise == b.enterprise or not (a.enterprise and b.enterprise))


def _filled(outlet: Outlet, before: Outlet, height_assumed: bool) -> Outlet:
    """The new outlet, with what the register does not say taken from what was on file."""
    empty = [f.name for f in fields(Outlet) if getattr(outlet, f.name) in (None, "", ())]
    stays: dict[str, Any] = {name: getattr(before, name) for name in (*empty, *(["height_m"] * height_assumed))}
    return replace(outlet, **stays)
