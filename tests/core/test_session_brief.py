"""What the office knows reaches the preflight of a live session."""

from dronesampler.commands import Brief
from dronesampler.session.readiness import Briefing, Readiness


def test_figures_are_taken_and_what_is_not_told_stays() -> None:
    readiness = Readiness(Briefing(approval_number="A-1"))
    readiness.told(Brief(1, 0.0, energy_needed_percent=41.0, tallest_obstacle_m=22.0))
    assert readiness.briefing == Briefing(41.0, approval_number="A-1", tallest_obstacle_m=22.0)
    readiness.told(Brief(2, 0.0, approval_number="A-2"))
    assert readiness.briefing == Briefing(41.0, approval_number="A-2", tallest_obstacle_m=22.0)
