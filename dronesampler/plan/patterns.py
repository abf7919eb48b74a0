"""All patterns by name."""

from collections.abc import Mapping
from types import MappingProxyType

from dronesampler.plan.fence import FENCE_LINE
from dronesampler.plan.grid import AREA_GRID
from dronesampler.plan.ladder import CROSSWIND_LADDER
from dronesampler.plan.lines import CORRIDOR, FLUX_CURTAIN, LOOK_HERE
from dronesampler.plan.pattern import Pattern
from dronesampler.plan.stack import STACK_ORBIT, VERTICAL_PROFILE
from dronesampler.plan.tour import OUTLET_TOUR

_ALL = (
    CROSSWIND_LADDER,
    FENCE_LINE,
    OUTLET_TOUR,
    STACK_ORBIT,
    VERTICAL_PROFILE,
    FLUX_CURTAIN,
    AREA_GRID,
    CORRIDOR,
    LOOK_HERE,
)

PATTERNS: Mapping[str, Pattern] = MappingProxyType({p.name: p for p in _ALL})
