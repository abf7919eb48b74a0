"""Conversions between units, each with its condition said; SI and degrees inside the program."""

MOLAR_GAS_CONSTANT_J_MOL_K = 8.314462618  # CODATA 2018
ZERO_CELSIUS_K = 273.15
CARBON_G_MOL = 12.011
ISOBUTYLENE_G_MOL = 56.106  # C4H8: what a PID reads in


def molar_volume_l(temperature_c: float, pressure_hpa: float) -> float:
    """Litres that one mole of an ideal gas fills at that temperature and pressure."""
    return MOLAR_GAS_CONSTANT_J_MOL_K * (temperature_c + ZERO_CELSIUS_K) / (pressure_hpa * 100.0) * 1000.0


def ppm_to_mg_m3(ppm: float, *, molar_mass_g_mol: float, temperature_c: float, pressure_hpa: float) -> float:
    """Volume ratio to mass concentration at the temperature and pressure given (ideal gas)."""
    return ppm * molar_mass_g_mol / molar_volume_l(temperature_c, pressure_hpa)


def mg_m3_to_ppm(mg_m3: float, *, molar_mass_g_mol: float, temperature_c: float, pressure_hpa: float) -> float:
    """Mass concentration to volume ratio at the temperature and pressure given (ideal gas)."""
    return mg_m3 * molar_volume_l(temperature_c, pressure_hpa) / molar_mass_g_mol


def isobutylene_ppm_to_mg_c_m3(ppm: float, *, temperature_c: float, pressure_hpa: float) -> float:
    """PID reading in ppm isobutylene to milligrams of carbon a cubic metre: four carbon atoms a molecule."""
    return ppm_to_mg_m3(ppm, molar_mass_g_mol=4 * CARBON_G_MOL, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
