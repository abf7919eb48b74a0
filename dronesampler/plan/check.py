"""Everything that is looked at before anyone uploads, each finding with its place and reason."""

from dronesampler.geo.terrain import Terrain
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.plan import check_airspace, check_height, check_limits, check_zone
from dronesampler.plan.aircraft import Aircraft, Sampler
from dronesampler.plan.approval import Approval
from dronesampler.plan.check_context import Context
from dronesampler.plan.predict import predict
from dronesampler.problems import Problem, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(
    mission: Mission,
    *,
    park: Park | None = None,
    wind: tuple[float, float] = (0.0, 0.0),
    aircraft: Aircraft | None = None,
    sampler: Sampler | None = None,
    terrain: Terrain | None = None,
    approvals: tuple[Approval, ...] = (),
    at_utc: str = "",
) -> tuple[Problem, ...]:
    """All findings, errors first, then in the order of the route."""
    aircraft, sampler = aircraft or Aircraft(), sampler or Sampler()
    context = Context(
        mission,
        predict(mission, aircraft, wind=wind),
        aircraft,
        sampler,
        wind,
        park=park,
        terrain=terrain,
        approvals=approvals,
        at_utc=at_utc,
    )
    parts = (check_limits, check_height, check_airspace, check_zone)
    found = [problem for part in parts for problem in part.problems(context)]
    return tuple(sorted(found, key=lambda p: _RANK[p.severity]))
