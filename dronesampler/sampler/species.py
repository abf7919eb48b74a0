"""What is measured and in which unit: species with their molar mass and carbon, and the way to mg/m3."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dronesampler.columns import Floats
from dronesampler.units import CARBON_G_MOL, mg_m3_to_ppm, molar_volume_l, ppm_to_mg_m3


class Unit(StrEnum):
    """The units that gas instruments speak."""

    MG_M3 = "mg/m3"
    UG_M3 = "ug/m3"
    MGC_M3 = "mgC/m3"  # milligrams of carbon
    PPM = "ppm"
    PPB = "ppb"


@dataclass(frozen=True, slots=True)
class Species:
    """A measured quantity. `molar_mass_g_mol` is that of the species its ppm are counted in."""

    name: str
    molar_mass_g_mol: float
    carbon_atoms: int = 0
    as_carbon: bool = False  # its mg/m3 are milligrams of carbon by convention (NMHC and THC in Chinese methods)


# NMHC and THC are stated as carbon, their ppm as methane (HJ 604-2017, HJ 38-2017); a PID reads isobutylene.
SPECIES: Mapping[str, Species] = {
    s.name: s
    for s in (
        Species("NMHC", CARBON_G_MOL, 1, as_carbon=True),
        Species("THC", CARBON_G_MOL, 1, as_carbon=True),
        Species("CH4", 16.043, 1),
        Species("TVOC", 56.106, 4),
        Species("VOC", 56.106, 4),
        Species("benzene", 78.112, 6),
        Species("toluene", 92.139, 7),
        Species("ethylbenzene", 106.165, 8),
        Species("xylene", 106.165, 8),
        Species("styrene", 104.149, 8),
        Species("vinyl chloride", 62.498, 2),
        Species("HCHO", 30.026, 1),
        Species("C2H5OH", 46.068, 2),
        Species("CO2", 44.009, 1),
        Species("CO", 28.010, 1),
        Species("SO2", 64.06),
        Species("NO2", 46.006),
        Species("NO", 30.006),
        Species("O3", 47.998),
        Species("H2S", 34.08),
        Species("NH3", 17.031),
        Species("HCl", 36.46),
        Species("Cl2", 70.90),
    )
}


def species_named(name: str) -> Species | None:
    """The species of that name, upper or lower case, or None."""
    return SPECIES.get(name) or next((s for s in SPECIES.values() if s.name.lower() == name.strip().lower()), None)


def to_mg_m3(value: float, unit: Unit, *, species: Species | None, temperature_c: float, pressure_hpa: float) -> float:
    """A value in `unit` as mg/m3 (milligrams of carbon where the species is stated so); NaN where that needs a
    molar mass and the species has none. Raises nothing: NaN in, NaN out."""
    if unit is Unit.MG_M3:
        return value
    if unit is Unit.UG_M3:
        return value / 1000.0
    if species is None:
        return math.nan
    if unit is Unit.MGC_M3:
        carbon = species.carbon_atoms * CARBON_G_MOL / species.molar_mass_g_mol
        return value if species.as_carbon else (value / carbon if carbon else math.nan)
    ppm = value / 1000.0 if unit is Unit.PPB else value
    return ppm_to_mg_m3(
        ppm, molar_mass_g_mol=species.molar_mass_g_mol, temperature_c=temperature_c, pressure_hpa=pressure_hpa
    )


def columns_to_mg_m3(
    value: Floats, unit: str, *, species: Species | None, temperature_c: Floats, pressure_hpa: Floats
) -> Floats:
    """`to_mg_m3` for columns of shape (n,); NaN throughout for a unit that is none of a concentration."""
    if unit not in tuple(Unit):
        return np.full(len(value), math.nan)
    one = to_mg_m3(1.0, Unit(unit), species=species, temperature_c=20.0, pressure_hpa=1013.25)
    if unit not in (Unit.PPM, Unit.PPB):
        return value * one
    # A ppm weighs more in cold and dense air: the factor at 20 °C scales with p/T (ideal gas).
    there = np.array([molar_volume_l(20.0, 1013.25)]) * (293.15 / (temperature_c + 273.15)) * (pressure_hpa / 1013.25)
    return value * one * there / molar_volume_l(20.0, 1013.25)


def to_ppm(mg_m3: float, *, species: Species, temperature_c: float, pressure_hpa: float) -> float:
    """The inverse of `to_mg_m3` for ppm."""
    return mg_m3_to_ppm(
        mg_m3, molar_mass_g_mol=species.molar_mass_g_mol, temperature_c=temperature_c, pressure_hpa=pressure_hpa
    )


def to_mg_c_m3(mg_m3: float, species: Species) -> float:
    """mg/m3 of the species as milligrams of carbon a cubic metre."""
    return mg_m3 if species.as_carbon else mg_m3 * species.carbon_atoms * CARBON_G_MOL / species.molar_mass_g_mol
