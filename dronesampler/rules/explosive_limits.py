"""Dated table of lower explosive limits for the crew's safety: by species, in per cent by volume, with the source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_IEC = "IEC 60079-20-1:2010 / GB/T 3836.11, table of flammability limits; confirm against the standard in force"


@dataclass(frozen=True, slots=True)
class ExplosiveLimit:
    """The least concentration in air that burns. `molar_mass_g_mol` is that of the gas the limit is stated for;
    `carbon_share` the carbon in it, for quantities stated as carbon. `verified` says whether the figure was read in
    the standard's own text; an alarm at a tenth of it bears the difference between tables (0.1 to 0.5 vol %)."""

    species: str
    volume_percent: float
    molar_mass_g_mol: float
    carbon_share: float
    stands_for: str
    table_of: date = date(2010, 1, 1)
    source: str = _IEC
    verified: bool = False


# A mixture is taken for its worst member: of the common hydrocarbons propane has the least limit counted as carbon.
_PROPANE_CARBON = 36.033 / 44.097
LIMITS: Mapping[str, ExplosiveLimit] = {
    limit.species: limit
    for limit in (
        ExplosiveLimit("NMHC", 1.7, 44.097, _PROPANE_CARBON, "propane, counted as carbon"),
        ExplosiveLimit("THC", 1.7, 44.097, _PROPANE_CARBON, "propane, counted as carbon"),
        ExplosiveLimit("TVOC", 1.6, 56.106, 0.856, "isobutylene"),
        ExplosiveLimit("VOC", 1.6, 56.106, 0.856, "isobutylene"),
        ExplosiveLimit("CH4", 4.4, 16.043, 0.749, "methane"),
        ExplosiveLimit("benzene", 1.2, 78.112, 0.923, "benzene"),
        ExplosiveLimit("toluene", 1.0, 92.139, 0.912, "toluene"),
        ExplosiveLimit("ethylbenzene", 0.8, 106.165, 0.905, "ethylbenzene"),
        ExplosiveLimit("xylene", 0.9, 106.165, 0.905, "p-xylene"),
        ExplosiveLimit("styrene", 1.0, 104.149, 0.923, "styrene"),
        ExplosiveLimit("vinyl chloride", 3.6, 62.498, 0.384, "vinyl chloride"),
        ExplosiveLimit("HCHO", 7.0, 30.026, 0.400, "formaldehyde"),
        ExplosiveLimit("C2H5OH", 3.1, 46.068, 0.521, "ethanol"),
        ExplosiveLimit("CO", 10.9, 28.010, 0.429, "carbon monoxide"),
        ExplosiveLimit("H2S", 4.0, 34.08, 0.0, "hydrogen sulfide"),
        ExplosiveLimit("NH3", 15.0, 17.031, 0.0, "ammonia"),
    )
}
MOLAR_VOLUME_20C_L = 24.055
AS_CARBON = frozenset({"NMHC", "THC"})  # their mg/m3 are milligrams of carbon


def limit_mg_m3(species: str) -> float | None:
    """The lower explosive limit in the mg/m3 that readings of the species come in (20 °C, 1013.25 hPa); None where
    the species does not burn or is not listed."""
    limit = LIMITS.get(species)
    if limit is None:
        return None
    mg_m3 = limit.volume_percent * 1e4 * limit.molar_mass_g_mol / MOLAR_VOLUME_20C_L
    return mg_m3 * limit.carbon_share if species in AS_CARBON else mg_m3
