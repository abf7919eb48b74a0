"""Planning: from a park file and a wind to a mission file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dronesampler.mission.files import write_mission
from dronesampler.park.files import read_park
from dronesampler.plan import Aircraft, Plan, planned
from dronesampler.problems import Problem
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning gave: the plan, the files written, what the park file and the mission format could not hold."""

    plan: Plan
    files: tuple[Path, ...]
    refused: tuple[Problem, ...]
    lost: tuple[Text, ...]


def plan_to_file(
    park_file: Path | str,
    pattern: str,
    *,
    wind: tuple[float, float],
    out: Path | str,
    settings: Mapping[str, str] | None = None,
    aircraft: Aircraft | None = None,
    home: tuple[float, float] | None = None,
) -> Planned:
    """Plan over the park in a file and write the mission in the format of `out`'s ending."""
    taken = read_park(park_file)
    plan = planned(taken.park, pattern, wind=wind, settings=settings, aircraft=aircraft, home=home)
    lost = write_mission(plan.mission, out)
    return Planned(plan, (Path(out),), taken.refused, lost)
