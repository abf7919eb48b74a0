"""A world that speaks real bytes: vehicle, wind, plumes, instrument."""
