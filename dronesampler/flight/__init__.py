"""The vehicle as a frozen value, the phases of a patrol, preflight, what the operator may ask now."""
