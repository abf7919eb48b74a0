"""Readings and wind in; background, sources, suspected outlets and where to look next out, as values."""

from dronesampler.attribution.attribute import attribute
from dronesampler.attribution.values import (
    Analysis,
    ExplainedOutlet,
    Instrument,
    Reason,
    Settings,
    Sighting,
    Suspect,
    Verdict,
)

__all__ = [
    "Analysis",
    "ExplainedOutlet",
    "Instrument",
    "Reason",
    "Settings",
    "Sighting",
    "Suspect",
    "Verdict",
    "attribute",
]
