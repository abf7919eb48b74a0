"""The aircraft that the window plans for: its file in the data folder. Reads and writes belong on work threads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the planning rooms take half a second to import
    from dronesampler.plan import Aircraft

AIRCRAFT = "aircraft.toml"


def aircraft_of(data_dir: Path) -> Aircraft:
    """The aircraft kept in the data folder, or the usual one. Raises BadInput where the file was broken by hand."""
    from dronesampler.plan import Aircraft, read_aircraft

    path = data_dir / AIRCRAFT
    return read_aircraft(path) if path.is_file() else Aircraft()


def keep_aircraft(path: Path, data_dir: Path) -> Aircraft:
    """Read an aircraft file and plan with it from now on. Raises BadInput for what is none."""
    from dronesampler.plan import read_aircraft
    from dronesampler.plan.aircraft import aircraft_text

    aircraft = read_aircraft(path)
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f"{AIRCRAFT}.new"
    fresh.write_text(aircraft_text(aircraft), encoding="utf-8")
    fresh.replace(data_dir / AIRCRAFT)
    return aircraft
