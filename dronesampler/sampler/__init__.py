"""The only room that speaks to instruments: frames, profiles, HJ 212, units, place, clocks, quality, calibration."""

from dronesampler.sampler.place import PlacedReading, TrackSample, place
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile, Quantity
from dronesampler.sampler.readings import Intake, Reading, reading_from
from dronesampler.sampler.species import Unit
from dronesampler.sampler.status import Status

__all__ = [
    "MAVLINK_NMHC",
    "Intake",
    "PlacedReading",
    "Profile",
    "Quantity",
    "Reading",
    "Status",
    "TrackSample",
    "Unit",
    "place",
    "reading_from",
]
