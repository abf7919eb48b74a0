"""What a live session is for, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dronesampler.flight.limits import Limits
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.session.instruments import Fitted
from dronesampler.session.readiness import Briefing
from dronesampler.store import Patrol, Store
from dronesampler.texts import Lang


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """What a session is for. `operator_needed_s` is how long it keeps its heartbeat up without a living window."""

    name: str
    links: tuple[str, ...]
    data: Path
    simulated: bool = False
    park_id: int | None = None
    profile: Profile = MAVLINK_NMHC  # of what comes over MAVLink
    instruments: tuple[Fitted, ...] = ()  # on ports of their own
    payloads: Mapping[str, Profile] = field(default_factory=dict)  # profiles of single MAVLink components
    checked_unix_s: float | None = None  # when the sampler's zero or span was last checked
    vehicle: int | None = None
    operator_needed_s: float | None = None
    second_copy: Path | None = None  # a folder on another medium
    briefing: Briefing = field(default_factory=Briefing)
    limits: Limits = field(default_factory=Limits)
    preflight_needed: bool = True  # arming is refused until the preflight passes; a simulated aircraft may do without
    lang: Lang = Lang.ZH


def begin_patrol(store: Store, order: SessionOrder) -> Patrol:
    """The patrol that the session records."""
    with store.transaction() as batch:
        return batch.begin_patrol(
            order.name, source=" ".join(order.links), simulated=order.simulated, park_id=order.park_id
        )
