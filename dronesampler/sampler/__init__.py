"""The only room that speaks to instruments: drivers, units, calibration, file imports."""
