"""All patterns by name."""

from collections.abc import Mapping
from types import MappingProxyType

from dronesampler.plan.ladder import CROSSWIND_LADDER
from dronesampler.plan.pattern import Pattern
from dronesampler.plan.tour import OUTLET_TOUR

PATTERNS: Mapping[str, Pattern] = MappingProxyType({p.name: p for p in (CROSSWIND_LADDER, OUTLET_TOUR)})
