"""Use case: attribute a patrol and keep the finding."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronesampler.attribution import Analysis, Instrument, Reason, Settings, attribute
from dronesampler.attribution.instruments import disagreement
from dronesampler.columns import Readings
from dronesampler.desk.bench_folder import read_folder
from dronesampler.desk.clues import with_sightings
from dronesampler.desk.progress import Progress, Unseen
from dronesampler.problems import BadInput, Refused
from dronesampler.safe_files import json_file
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.texts import Text

if TYPE_CHECKING:  # the store takes a while to load, and a folder needs none
    from dronesampler.store import Patrol, PatrolName, Store

NO_SUCH = Text("没有这个文件夹或文件：{what}", "there is no such folder or file: {what}")
NO_KEYS = Text("缺少 suspected 和 cannot_say", "it has no suspected and cannot_say")
OF_ANOTHER = Text(
    "巡查 {patrol} 属于园区“{park}”，不能按另一园区研判",
    "patrol {patrol} is of the park “{park}”: it is not judged against another",
)
NOT_ANALYSIS = Text("不是研判结果：{why}", "not an analysis: {why}")


def attribute_folder(folder: Path, *, settings: Settings | None = None) -> Analysis:
    """The analysis of a folder in the plain format."""
    held = read_folder(folder)
    return attribute(held.readings, held.wind, held.outlets, held.instrument, settings=settings)


def judge_patrol(
    store: "Store",
    patrol: "PatrolName",
    *,
    profile: Profile = MAVLINK_NMHC,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Any]:
    """The analysis of a patrol against its park's register, kept as its newest finding; as `Analysis.as_json`.

    What officers saw on the patrol counts. Readings are placed where their air was, so their line delay has been taken
    off already; the lag has not.
    """
    shown = progress or Unseen()

    def tell(fraction: float, text: Text) -> bool:
        shown.at(fraction, text)
        return True

    found = store.patrol(patrol)
    outlets = store.park(found.park_id).outlets if found.park_id is not None else ()
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, "")
    readings = store.readings(found)
    doubt = second_opinion(store, found, readings, noise_mg_m3=profile.noise_mg_m3)
    if doubt:
        analysis = Analysis(cannot_say=doubt, simulated=readings.simulated)
    else:
        seen = with_sightings(settings or Settings(), store, [found])
        analysis = attribute(readings, store.wind(found), outlets, instrument, settings=seen, progress=tell)
    values = analysis.as_json()
    keep_finding(store, found, values)
    return values


def second_opinion(store: "Store", patrol: "Patrol", readings: Readings, *, noise_mg_m3: float) -> Reason | None:
    """Why the readings cannot be believed beside those of another instrument for the same quantity."""
    for stream in store.streams(patrol):
        if stream.quantity == readings.quantity and stream.instrument != readings.instrument:
            other = store.readings(patrol, stream.quantity, instrument=stream.instrument)
            doubt = disagreement(readings, other, noise_mg_m3=noise_mg_m3)
            if doubt:
                return doubt
    return None


def keep_finding(store: "Store", patrol: "Patrol", values: Mapping[str, Any]) -> None:
    """Remember an analysis with the parameters it came from."""
    with store.transaction() as batch:
        batch.put_findings(patrol.id, values, parameters=values.get("parameters") or {})


def file_under_park(store: "Store", patrols: "Sequence[PatrolName]", park: int | str) -> None:
    """Put on record which park on file patrols are of: those without one, or with an older state of the same.

    Raises BadInput for a park or patrol there is not, Refused for a patrol of another park; then none is changed.
    """
    named = store.park(park)
    found = [store.patrol(patrol) for patrol in patrols]
    before = {p.id: store.park(p.park_id) for p in found if p.park_id is not None}
    for patrol_id, known in before.items():
        if known.name != named.name:
            raise Refused(OF_ANOTHER.with_(patrol=patrol_id, park=known.name))
    with store.transaction() as batch:
        park_id = batch.put_park(named)
        for patrol in found:
            if patrol.park_id != park_id:
                batch.change_patrol(patrol.id, park_id=park_id)


def analysis_of(what: str, *, data: Path, settings: Settings | None = None) -> Mapping[str, Any]:
    """The analysis of a folder or a JSON file of an earlier one; else of a patrol in the data folder, stored anew."""
    path = Path(what)
    if path.is_file():
        return read_values(path)
    if path.is_dir():
        return attribute_folder(path, settings=settings).as_json()
    if "/" in what or "\\" in what:
        raise BadInput(NO_SUCH.with_(what=what))
    from dronesampler.store import Store

    with Store.open(data) as store:
        return judge_patrol(store, what, settings=settings)


def read_values(path: Path) -> Mapping[str, Any]:
    """An analysis as `write_values` wrote it."""
    values = json_file(path)
    if not isinstance(values, dict) or not {"suspected", "cannot_say"} <= set(values):
        raise BadInput(NOT_ANALYSIS.with_(why=NO_KEYS), where=str(path))
    return values


def write_values(values: Mapping[str, Any], path: Path) -> None:
    """OUT.json."""
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")
