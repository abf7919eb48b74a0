"""What stands on the ground: boundary, enterprises, permitted outlets, buildings, controlled airspace, leads."""

from dronesampler.geo import Polygon
from dronesampler.park.park import Airspace, Building, Enterprise, Lead, Outlet, Park

__all__ = ["Airspace", "Building", "Enterprise", "Lead", "Outlet", "Park", "Polygon"]
