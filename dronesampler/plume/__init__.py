"""One forward model for planning and judging: dispersion, back-trajectory, sensor lag, detection limit."""
