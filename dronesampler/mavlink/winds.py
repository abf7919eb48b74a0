"""Wind estimates of the vehicle, each turned to the direction it comes FROM; "not estimated" told apart from calm."""

import math

from dronesampler.events import Stamp, WindEstimated
from dronesampler.mavlink.dialect import Message

WIND_MESSAGES = ("WIND", "WIND_COV", "HIGH_LATENCY2")


def translate_wind(m: Message, at: Stamp) -> list[WindEstimated]:
    """One event, or none where the vehicle estimates nothing."""
    if m.name == "WIND":
        # ArduPilot sends speed 0 and direction -180 (or 0) while its filter has no wind state.
        if m["speed"] == 0.0 or not math.isfinite(m["speed"]):
            return []
        return [WindEstimated(at, m["direction"] % 360.0, m["speed"], None, m.name)]
    if m.name == "WIND_COV":
        return _cov(m, at)
    if m.name == "HIGH_LATENCY2" and m["windspeed"]:
        from_deg = (m["wind_heading"] * 2.0 + (180.0 if m["autopilot"] == 12 else 0.0)) % 360.0
        return [WindEstimated(at, from_deg, m["windspeed"] / 5.0, None, m.name)]
    return []


def _cov(m: Message, at: Stamp) -> list[WindEstimated]:
    north, east = m["wind_x"], m["wind_y"]
    speed = math.hypot(north, east)
    if not math.isfinite(speed) or speed == 0.0:
        return []
    # The components say where the wind blows TO.
    from_deg = (math.degrees(math.atan2(east, north)) + 180.0) % 360.0
    return [WindEstimated(at, from_deg, speed, None, m.name)]
