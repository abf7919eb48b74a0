"""Resuming a route that was broken off: the rest of a mission file as a mission file."""

from dataclasses import dataclass
from pathlib import Path

from dronesampler.mission.files import check_ending, import_mission, write_mission
from dronesampler.plan import Aircraft
from dronesampler.plan.make import possible_wind
from dronesampler.plan.predict import Forecast, predict
from dronesampler.plan.resume import Halves, broken_at
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class Resumed:
    """The halves, the files written, what formats lose, and what the rest takes."""

    halves: Halves
    files: tuple[Path, ...]
    lost: tuple[Text, ...]
    forecast: Forecast


def resume_file(
    mission_file: Path | str,
    place: str,
    *,
    out: Path,
    flown: Path | None = None,
    overlap_m: float = 20.0,
    wind: tuple[float, float] = (0.0, 0.0),
    aircraft: Aircraft | None = None,
) -> Resumed:
    """Write the rest of a mission from a place on, and to `flown` what comes before it with a return at its end.

    Raises BadInput for a place that is not on the route.
    """
    possible_wind(wind)
    targets = [out, *([flown] if flown else [])]
    for path in targets:
        check_ending(path)
    taken = import_mission(mission_file)
    parts = broken_at(taken.mission, place, overlap_m=overlap_m)
    lost = list(taken.lost)
    for mission, path in zip((parts.rest, parts.flown), targets, strict=False):
        lost += write_mission(mission, path)
    forecast = predict(parts.rest, aircraft or Aircraft(), wind=wind)
    return Resumed(parts, tuple(targets), tuple(dict.fromkeys(lost)), forecast)
