"""The phases of a patrol as a value machine: what was observed moves it on, never what was commanded."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from dronesampler.commands import Intent, Land, Pause, ReturnHome
from dronesampler.events import Event, HeartbeatSeen, MissionProgressed, PlanStored, PreflightPassed, RecorderFailed
from dronesampler.flight.limits import Action, Ask, Guard, Limits
from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle

ASKED_FOR_S = 5.0  # how long an automatic intent may be sent


class Phase(StrEnum):
    """How far a patrol has come."""

    WAITING = "waiting"
    CONNECTED = "connected"
    UPLOADED = "uploaded"
    PREFLIGHT = "preflight passed"
    ARMED = "armed"
    FLYING = "flying"
    RETURNING = "returning"
    LANDED = "landed"


@dataclass(frozen=True, slots=True)
class Patrol:
    """One patrol. `after` gives the next one and what its limits ask for."""

    phase: Phase = Phase.WAITING
    guard: Guard = field(default_factory=Guard)
    overridden: tuple[str, ...] = ()
    took_off_s: float | None = None
    landed_s: float | None = None
    recorder_error: str = ""
    mission_id: int = 0  # of the plan that we stored, where the vehicle numbers plans
    plan_changed: bool = False  # the vehicle holds another one now: somebody else wrote it

    @classmethod
    def with_limits(cls, limits: Limits) -> "Patrol":
        return cls(guard=Guard(limits))

    def after(self, event: Event, vehicle: Vehicle) -> "tuple[Patrol, tuple[Ask, ...]]":
        """The patrol after an event; `vehicle` is the vehicle after the same event."""
        patrol = self._noted(event)
        now_s = event.at.monotonic_s
        phase = patrol._phase_after(event, vehicle)
        if phase is Phase.FLYING and patrol.took_off_s is None:
            patrol = replace(patrol, took_off_s=now_s)
        if phase is Phase.LANDED and patrol.phase is not Phase.LANDED:
            patrol = replace(patrol, landed_s=now_s)
        guard = patrol.guard
        asks: tuple[Ask, ...] = ()
        if phase in (Phase.FLYING, Phase.RETURNING):
            guard, asks = guard.after(vehicle, now_s, recorder_error=patrol.recorder_error)
        return replace(patrol, phase=phase, guard=guard), asks

    def _noted(self, event: Event) -> "Patrol":
        if isinstance(event, RecorderFailed):
            return replace(self, recorder_error=event.reason)
        if isinstance(event, PreflightPassed):
            return replace(self, overridden=event.overridden)
        if isinstance(event, PlanStored):
            return replace(self, mission_id=event.mission_id, plan_changed=False)
        if isinstance(event, MissionProgressed) and self.mission_id and event.mission_id:
            return replace(self, plan_changed=event.mission_id != self.mission_id)
        return self

    def _phase_after(self, event: Event, vehicle: Vehicle) -> Phase:
        if vehicle.armed:
            return self._armed_phase(vehicle)
        if self.phase in (Phase.FLYING, Phase.RETURNING):
            return Phase.LANDED
        if isinstance(event, PlanStored):
            return Phase.UPLOADED
        if isinstance(event, PreflightPassed) and self.phase is Phase.UPLOADED:
            return Phase.PREFLIGHT
        if self.phase is Phase.ARMED:
            return Phase.PREFLIGHT  # disarmed again before it flew
        if self.phase is Phase.WAITING and isinstance(event, HeartbeatSeen):
            return Phase.CONNECTED
        return self.phase

    def _armed_phase(self, vehicle: Vehicle) -> Phase:
        coming_back = vehicle.doing in (Doing.RETURNING, Doing.LANDING)
        if vehicle.in_air:
            return Phase.RETURNING if coming_back else Phase.FLYING
        # On the ground with motors running: not yet up, or just down.
        return self.phase if self.phase in (Phase.FLYING, Phase.RETURNING) else Phase.ARMED


def intent_of(ask: Ask, *, id: int, now_s: float) -> Intent:
    """The automatic intent of a limit; sent with `automatic=True`, so it never fights what runs already."""
    kind = {Action.PAUSE: Pause, Action.RETURN: ReturnHome, Action.LAND: Land}[ask.action]
    return kind(id, now_s + ASKED_FOR_S, operator=f"limit: {ask.rule}")
