"""What a mission is held against."""

from dataclasses import dataclass, field

from dronesampler.geo.terrain import Terrain
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.approval import Approval
from dronesampler.plan.predict import Forecast


@dataclass(frozen=True, slots=True)
class Context:
    """What a mission is held against. What is not known is said to be not known, never taken as fine."""

    mission: Mission
    forecast: Forecast
    aircraft: Aircraft
    sampler: Sampler
    wind: tuple[float, float]
    park: Park | None = None
    terrain: Terrain | None = None
    approvals: tuple[Approval, ...] = field(default=())
    at_utc: str = ""  # when it is to be flown, ISO 8601; "" is not said
