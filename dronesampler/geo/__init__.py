"""Positions with a named height reference, local metres, polygons, terrain and datum shifts. WGS 84 inside, always."""

from dronesampler.geo.local import LocalFrame
from dronesampler.geo.place import HeightReference, Place
from dronesampler.geo.polygon import Polygon, Ring

__all__ = ["HeightReference", "LocalFrame", "Place", "Polygon", "Ring"]
