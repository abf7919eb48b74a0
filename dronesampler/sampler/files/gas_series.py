"""The gas values of a table as series: one a column, or one a pollutant where each has a row; converted to mg/m3."""

from dataclasses import dataclass, replace

import numpy as np

from dronesampler.columns import Floats
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.gas_cells import Cells, Marks
from dronesampler.sampler.files.gas_cells import Rows as Index
from dronesampler.sampler.files.matching import Column, Role, species_of, unit_named
from dronesampler.sampler.files.recording import Series
from dronesampler.sampler.species import columns_to_mg_m3, species_named
from dronesampler.texts import Text

_TO_HPA = {"Pa": 0.01, "hPa": 1.0, "kPa": 10.0, "": 1.0}
_ORDER = ("NMHC", "THC", "TVOC", "VOC")
_NO_UNIT = Text(
    "“{name}”没有单位，无法换算为 mg/m3；请在 --columns 中写明",
    "{name!r} has no unit and cannot be converted to mg/m3; state it in --columns",
)


@dataclass(frozen=True, slots=True)
class _Air:
    temperature_c: Floats
    pressure_hpa: Floats


@dataclass(frozen=True, slots=True)
class _Name:
    quantity: str
    unit: str
    instrument: str = ""


def series_of(cells: Cells, time_s: Floats, marks: Marks, *, instrument: str) -> tuple[Series, ...]:
    """All values, those that patrols look for first. `instrument` is used where the table names none."""
    values = [c for c in cells.columns if c.role is Role.VALUE]
    if not values:
        return ()
    air = _air(cells, marks)
    instrument = instrument or cells.serial() or "file"
    found = []
    for column in values:
        for name, row in _named(cells, column):
            found.append(_series(cells.values(column)[row], name, row=row, time_s=time_s, air=air, marks=marks))
    found = [s if s.instrument else replace(s, instrument=instrument) for s in found]
    return tuple(sorted(found, key=lambda s: _ORDER.index(s.quantity) if s.quantity in _ORDER else len(_ORDER)))


def _named(cells: Cells, column: Column) -> list[tuple[_Name, Index]]:
    """The series in a column: one with all rows, or one for each pollutant and unit."""
    names, units = cells.text(Role.SPECIES), cells.text(Role.UNIT)
    if names is None or column.quantity:
        return [(_Name(column.quantity or column.name, column.unit, column.instrument), np.arange(len(cells)))]
    keys = [(n.strip(), unit_named(u)) for n, u in zip(names, units or [column.unit] * len(names), strict=True)]
    rows: dict[tuple[str, str], list[int]] = {}
    for k, key in enumerate(keys):
        rows.setdefault(key, []).append(k)
    return [(_Name(species_of(name) or name, unit), np.array(rows[name, unit])) for name, unit in sorted(rows)]


def _series(value: Floats, name: _Name, *, row: Index, time_s: Floats, air: _Air, marks: Marks) -> Series:
    if not name.unit:
        marks.notes.append(_NO_UNIT.with_(name=name.quantity))
    flags, ok = marks.judge(value, time_s, row)
    return Series(
        instrument=name.instrument,
        quantity=name.quantity,
        unit=name.unit,
        value=value,
        value_mg_m3=columns_to_mg_m3(
            value,
            name.unit,
            species=species_named(name.quantity),
            temperature_c=air.temperature_c[row],
            pressure_hpa=air.pressure_hpa[row],
        ),
        row=row,
        flags=flags,
        ok=ok,
    )


def _air(cells: Cells, marks: Marks) -> _Air:
    """Temperature and pressure of each row, impossible ones bridged by their neighbours, standard where not told."""
    temperature = cells.numbers_or_nan(Role.TEMPERATURE) - (273.15 if cells.unit(Role.TEMPERATURE) == "K" else 0.0)
    pressure = cells.numbers_or_nan(Role.PRESSURE) * _TO_HPA.get(cells.unit(Role.PRESSURE), 1.0)
    wrong = checks.impossible_pressure(pressure)
    marks.put("pressure", wrong)
    odd = np.isfinite(temperature) & ((temperature < -60.0) | (temperature > 80.0))
    return _Air(
        checks.filled(temperature, odd, default=20.0),
        checks.filled(pressure, wrong, default=1013.25),
    )
