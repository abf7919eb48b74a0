"""Use case: attribute a patrol and keep the finding."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dronesampler.attribution import Analysis, Instrument, attribute
from dronesampler.desk.bench_folder import read_folder
from dronesampler.desk.progress import Progress, Unseen
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.store import Patrol, PatrolName, Store
from dronesampler.texts import Text


def attribute_folder(folder: Path) -> Analysis:
    """The analysis of a folder in the plain format."""
    held = read_folder(folder)
    return attribute(held.readings, held.wind, held.outlets, held.instrument)


def judge_patrol(
    store: Store, patrol: PatrolName, *, profile: Profile = MAVLINK_NMHC, progress: Progress | None = None
) -> Mapping[str, Any]:
    """The analysis of a patrol against its park's register, kept as its newest finding; as `Analysis.as_json`.

    Readings are placed where their air was, so their line delay has been taken off already; the lag has not.
    """
    shown = progress or Unseen()

    def tell(fraction: float, text: Text) -> bool:
        shown.at(fraction, text)
        return True

    found = store.patrol(patrol)
    outlets = store.park(found.park_id).outlets if found.park_id is not None else ()
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, "")
    analysis = attribute(store.readings(found), store.wind(found), outlets, instrument, progress=tell)
    values = analysis.as_json()
    keep_finding(store, found, values)
    return values


def keep_finding(store: Store, patrol: Patrol, values: Mapping[str, Any]) -> None:
    """Remember an analysis with the parameters it came from."""
    with store.transaction() as batch:
        batch.put_findings(patrol.id, values, parameters=values.get("parameters") or {})


def write_analysis(analysis: Analysis, path: Path) -> None:
    """OUT.json."""
    path.write_text(json.dumps(analysis.as_json(), ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")
