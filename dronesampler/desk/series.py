"""Use case: the columns over time behind a patrol's finding, for charts."""

from collections.abc import Mapping
from typing import Any

from dronesampler.attribution import Instrument
from dronesampler.attribution.traces import Traces, traces_of
from dronesampler.columns import Readings, Wind
from dronesampler.park import Park
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile


def series_of(
    readings: Readings,
    wind: Wind,
    park: Park | None,
    *,
    analysis: Mapping[str, Any],
    profile: Profile = MAVLINK_NMHC,
) -> Traces:
    """Readings, the same with the lag taken back, and what the analysis made of them; as `judge_patrol` judged.

    Readings are placed where their air was, so their line delay has been taken off already; the lag has not.
    """
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, "")
    return traces_of(readings, wind, park.outlets if park else (), analysis=analysis, instrument=instrument)
