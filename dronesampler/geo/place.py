"""A place on the earth: WGS 84 degrees and a height whose reference is always named."""

import math
from dataclasses import dataclass
from enum import StrEnum


class HeightReference(StrEnum):
    """What a height is measured from."""

    GROUND = "ground"  # above the terrain below: what people and rules mean
    HOME = "home"  # above the autopilot's home: what missions hold
    SEA = "sea"  # above mean sea level (EGM96)
    ELLIPSOID = "ellipsoid"  # above the WGS 84 ellipsoid: what GNSS gives


@dataclass(frozen=True, slots=True)
class Place:
    """Latitude and longitude in WGS 84 degrees, height in metres over `reference`."""

    lat_deg: float
    lon_deg: float
    height_m: float = 0.0
    reference: HeightReference = HeightReference.GROUND

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat_deg) and math.isfinite(self.lon_deg) and abs(self.lat_deg) <= 90.0):
            raise ValueError(f"not a place on the earth: {self.lat_deg}, {self.lon_deg}")
