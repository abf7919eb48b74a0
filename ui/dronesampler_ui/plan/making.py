"""What Plan asks of the core, as functions that run off the UI thread.

The planning rooms take half a second to import: they are, on the first work thread that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.mission import Mission
from dronesampler.mission.files import MissionImport, import_mission, write_mission
from dronesampler.park import Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir, missions_dir
from dronesampler.problems import BadInput, Problem, Refused
from dronesampler.texts import Text
from dronesampler_ui.library import Library
from dronesampler_ui.plan.inputs import PlanInputs, inputs_from_json

if TYPE_CHECKING:
    from dronesampler.geo.terrain import Tiles
    from dronesampler.plan import Aircraft, Pattern, Plan
    from dronesampler.plan.coverage import Coverage

DRAFT = "plan-draft.json"


@dataclass(frozen=True, slots=True)
class ByHand:
    """In the place of a plan: a mission that no pattern laid out as it is."""

    mission: Mission


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with what its checks say, cut into sorties that a battery lasts for, and what it would see."""

    plan: Plan | ByHand
    problems: tuple[Problem, ...]
    sorties: tuple[Flown, ...]
    coverage: Coverage

    def is_of(self, inputs: PlanInputs) -> bool:
        """Whether it was made of this route by hand, or of none where there is none."""
        return (self.plan.mission if isinstance(self.plan, ByHand) else None) is inputs.edited


@dataclass(frozen=True, slots=True)
class Flown:
    """One sortie and its forecast."""

    mission: Mission
    length_m: float
    seconds: float
    energy_wh: float


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What Plan starts from."""

    patterns: Mapping[str, Pattern]
    shipped: Park
    stored: tuple[Park, ...]
    draft: PlanInputs


def beginnings(library: Library) -> Beginnings:
    """Patterns, parks and the draft of the last time."""
    return Beginnings(patterns(), shipped_park(), library.parks(), read_draft(library.data_dir))


def make(park: Park, inputs: PlanInputs, terrain: Tiles | None = None, aircraft: Aircraft | None = None) -> Made:
    """Plan, unless a hand did, and check. Raises BadInput with the reason for what cannot be planned.

    With `terrain` a pattern's heights follow the ground and the checks count from it.
    """
    from dronesampler.plan import Aircraft
    from dronesampler.plan.check import check
    from dronesampler.plan.coverage import coverage

    wind = (inputs.wind_from_deg, inputs.wind_m_s)
    aircraft = aircraft or Aircraft()
    plan = ByHand(inputs.edited) if inputs.edited else _planned(park, inputs, terrain, aircraft)
    problems = check(plan.mission, park=park, wind=wind, aircraft=aircraft, terrain=terrain)
    seen = coverage(plan.mission, park, wind=wind, aircraft=aircraft)
    return Made(plan, problems, _sorties(plan.mission, wind, aircraft), seen)


def _planned(park: Park, inputs: PlanInputs, terrain: Tiles | None, aircraft: Aircraft) -> Plan:
    from dronesampler.plan import planned

    wind = (inputs.wind_from_deg, inputs.wind_m_s)
    return planned(park, inputs.pattern, wind=wind, settings=inputs.given(), terrain=terrain, aircraft=aircraft)


def _sorties(mission: Mission, wind: tuple[float, float], aircraft: Aircraft) -> tuple[Flown, ...]:
    """The whole mission where it cannot be cut: the checks say why."""
    from dronesampler.plan.predict import predict
    from dronesampler.plan.sorties import split

    try:
        parts = split(mission, aircraft, wind=wind)
    except (BadInput, Refused):
        parts = (mission,)
    flown = []
    for part in parts:
        forecast = predict(part, aircraft, wind=wind)
        flown.append(Flown(part, forecast.length_m, forecast.seconds, forecast.energy_wh))
    return tuple(flown)


def patterns() -> Mapping[str, Pattern]:
    """All patterns by name."""
    from dronesampler.plan import PATTERNS

    return PATTERNS


def shipped_park() -> Park:
    """The demo park."""
    return read_park(assets_dir() / "demo-park.geojson").park


def open_park(path: Path) -> tuple[Park, tuple[Problem, ...]]:
    """A park of a file with what could not be taken in."""
    taken = read_park(path)
    return taken.park, taken.refused


def open_terrain(paths: Sequence[Path]) -> Tiles:
    """Heights of the ground from .hgt and GeoTIFF files. Raises BadInput naming the one that is neither."""
    from dronesampler.geo.terrain import read_terrain

    return read_terrain(list(paths))


def open_either(path: Path) -> MissionImport | tuple[Park, tuple[Problem, ...]]:
    """A file that may hold a route or a park: GeoJSON is asked for a park first, KML for a route.

    Raises BadInput with what was wrong with the first of the two.
    """
    readers: list[Callable[[Path], MissionImport | tuple[Park, tuple[Problem, ...]]]] = [open_mission, open_park]
    if path.suffix.lower() in (".geojson", ".json") and not _is_our_mission(path):
        readers.reverse()
    try:
        return readers[0](path)
    except BadInput as problem:
        try:
            return readers[1](path)
        except BadInput:
            raise problem from None


def _is_our_mission(path: Path) -> bool:
    """Whether a GeoJSON is a mission that we wrote: said in its first words."""
    try:
        with path.open("rb") as file:
            return b'"dronesampler"' in file.read(200)
    except OSError:
        return False


def open_mission(path: Path) -> MissionImport:
    """A mission of a file of any known format, with what of the file was left out."""
    return import_mission(path)


def templates() -> tuple[Path, ...]:
    """The mission files that ship, one for each kind of patrol."""
    return tuple(sorted(missions_dir().glob("*.plan")))


def save(mission: Mission, path: Path) -> tuple[Text, ...]:
    """Write the mission; what the file's format cannot hold."""
    return write_mission(mission, path)


def keep_draft(data_dir: Path, inputs: PlanInputs) -> None:
    """Written whole and then moved into place, so that a crash leaves the old draft or the new."""
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f"{DRAFT}.new"
    fresh.write_text(inputs.as_json(), encoding="utf-8")
    fresh.replace(data_dir / DRAFT)


def read_draft(data_dir: Path) -> PlanInputs:
    """The draft of the last time, or the defaults where there is none that can be read."""
    try:
        return inputs_from_json((data_dir / DRAFT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # No draft, or one of another version: a plan starts fresh.
        return PlanInputs()
