"""Who else is in the air."""

from dataclasses import dataclass
from enum import StrEnum

from dronesampler.events.root import Event


class TrafficSource(StrEnum):
    """By what another aircraft makes itself known."""

    ADSB = "ADS-B"
    REMOTE_ID = "Remote ID"


@dataclass(frozen=True, slots=True)
class TrafficSeen(Event):
    """Another aircraft, as its own transmitter tells it. None where it does not tell.

    `key` is the same for all that one aircraft says, `name` what people call it. `height_sea_m` may be a pressure
    height. `age_s` is how old the position was when it arrived.
    """

    source: TrafficSource
    key: str
    name: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None
    height_sea_m: float | None = None
    track_deg: float | None = None
    speed_m_s: float | None = None
    climb_m_s: float | None = None
    age_s: float = 0.0
    simulated: bool = False
