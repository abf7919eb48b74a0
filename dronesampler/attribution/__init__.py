"""Readings and wind to background, events, sources, suspected outlets and where to look next, as values."""
