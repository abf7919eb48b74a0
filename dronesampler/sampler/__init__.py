"""The only room that speaks to instruments: frames, profiles, HJ 212, units, place, clocks, quality, calibration."""

from dronesampler.sampler.clocks import ClockChanged, ClockMap
from dronesampler.sampler.live import Sampled, Sampling
from dronesampler.sampler.place import PlacedReading, TrackSample, place
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile, Quantity
from dronesampler.sampler.readings import Intake, Reading, reading_from
from dronesampler.sampler.species import Unit
from dronesampler.sampler.status import Status

__all__ = [
    "MAVLINK_NMHC",
    "ClockChanged",
    "ClockMap",
    "Intake",
    "PlacedReading",
    "Profile",
    "Quantity",
    "Reading",
    "Sampled",
    "Sampling",
    "Status",
    "TrackSample",
    "Unit",
    "place",
    "reading_from",
]
