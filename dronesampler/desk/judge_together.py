"""Use case: one verdict from several patrols of one park, or from several folders."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from dronesampler.attribution import Analysis, Instrument, Reason, Settings
from dronesampler.attribution.joint import Flight, attribute_jointly
from dronesampler.desk.bench_folder import read_folder
from dronesampler.desk.clues import with_sightings
from dronesampler.desk.judge import analysis_of, keep_finding, second_opinion
from dronesampler.desk.progress import Progress, Unseen
from dronesampler.geo import Polygon
from dronesampler.park import Park
from dronesampler.problems import BadInput, Refused
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.texts import Text

if TYPE_CHECKING:  # the store takes a while to load, and folders need none
    from dronesampler.store import Patrol, PatrolName, Store

TOGETHER = Text(
    "本研判合并了 {count} 次巡查：{names}。",
    "this verdict is of {count} patrols together: {names}",
)
SAME_TWICE = Text("巡查 {patrol} 给出了两次", "patrol {patrol} is given twice")
OTHER_PARK = Text(
    "这些巡查不属于同一园区（{names}），不能合并研判",
    "these patrols are not of one park ({names}): there is no verdict of them together",
)
OTHER_QUANTITY = Text(
    "这些巡查测的不是同一种物质（{names}），不能合并研判",
    "these patrols measured different quantities ({names}): there is no verdict of them together",
)
MIXED = Text(
    "请只给出巡查，或只给出文件夹：{what} 与其余的不同类",
    "give patrols only, or folders only: {what} is not like the others",
)


def analysis_of_all(whats: Sequence[str], *, data: Path, settings: Settings | None = None) -> Mapping[str, Any]:
    """The analysis of one patrol, folder or file, or of several patrols or folders together."""
    if len(whats) == 1:
        return analysis_of(whats[0], data=data, settings=settings)
    folders = [Path(what) for what in whats if Path(what).is_dir()]
    if len(folders) == len(whats):
        return attribute_folders(folders, settings=settings).as_json()
    if folders:
        raise BadInput(MIXED.with_(what=next(w for w in whats if not Path(w).is_dir())))
    from dronesampler.store import Store

    with Store.open(data) as store:
        return judge_together(store, whats, settings=settings)


def known_of(whats: Sequence[str], *, data: Path) -> tuple[Mapping[str, Any], Park | None]:
    """What is known of patrols or folders together, and their park; the newest finding of a single patrol is used.

    Of a folder the ground that was flown over is taken for the park.
    """
    if any(Path(what).exists() for what in whats):
        folders = [Path(what) for what in whats if Path(what).is_dir()]
        return analysis_of_all(whats, data=data), _ground(folders) if folders else None
    from dronesampler.store import Store

    with Store.open(data) as store:
        patrols = [store.patrol(what) for what in whats]
        park_id = patrols[-1].park_id
        park = store.park(park_id) if park_id is not None else None
        findings = store.findings(patrols[0]) if len(patrols) == 1 else ()
        if findings:
            return findings[-1].analysis, park
    return analysis_of_all(whats, data=data), park


def _ground(folders: Sequence[Path]) -> Park:
    held = [read_folder(folder) for folder in folders]
    places = [p for h in held for p in zip(h.readings.lat_deg, h.readings.lon_deg, strict=True)]
    hull = shapely.convex_hull(shapely.multipoints([(lon, lat) for lat, lon in places if math.isfinite(lat + lon)]))
    ring = hull.exterior.coords[:-1] if isinstance(hull, shapely.Polygon) else ()
    return Park("", Polygon(tuple((lat, lon) for lon, lat in ring)), outlets=held[-1].outlets)


def attribute_folders(folders: Sequence[Path], *, settings: Settings | None = None) -> Analysis:
    """The verdict of several folders in the plain format; the register is that of the last."""
    held = [read_folder(folder) for folder in folders]
    flights = [Flight(h.readings, h.wind, h.instrument) for h in held]
    names = ", ".join(folder.name for folder in folders)
    return _marked(attribute_jointly(flights, held[-1].outlets, settings=settings), len(held), names)


def judge_together(
    store: "Store",
    patrols: "Sequence[PatrolName]",
    *,
    profile: Profile = MAVLINK_NMHC,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Any]:
    """The verdict of several patrols of one park, kept as the newest finding of the last of them.

    As `Analysis.as_json` with the patrols' uuids under "patrols". Raises BadInput for a patrol given twice, Refused for
    patrols that have nothing to do with one another.
    """
    shown = progress or Unseen()

    def tell(fraction: float, text: Text) -> bool:
        shown.at(fraction, text)
        return True

    found = sorted((store.patrol(name) for name in patrols), key=lambda p: p.started_unix_s)
    _of_one_park(store, found)
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, "")
    flights = [Flight(store.readings(p), store.wind(p), instrument) for p in found]
    quantities = {f.readings.quantity for f in flights}
    if len(quantities) > 1:
        raise Refused(OTHER_QUANTITY.with_(names=", ".join(sorted(quantities))))
    doubt = _doubt(store, found, flights, noise_mg_m3=profile.noise_mg_m3)
    if doubt:
        analysis = Analysis(cannot_say=doubt, simulated=any(p.simulated for p in found))
    else:
        last = found[-1].park_id
        outlets = store.park(last).outlets if last is not None else ()
        seen = with_sightings(settings or Settings(), store, found)
        analysis = attribute_jointly(flights, outlets, settings=seen, progress=tell)
    names = ", ".join(p.name or str(p.id) for p in found)
    values = {**_marked(analysis, len(found), names).as_json(), "patrols": [p.uuid for p in found]}
    keep_finding(store, found[-1], values)
    return values


def _of_one_park(store: "Store", patrols: "Sequence[Patrol]") -> None:
    for before, after in itertools.pairwise(patrols):
        if before.id == after.id:
            raise BadInput(SAME_TWICE.with_(patrol=after.id))
    names = {store.park(p.park_id).name if p.park_id is not None else "-" for p in patrols}
    if len(names) > 1:
        raise Refused(OTHER_PARK.with_(names=", ".join(sorted(names))))


def _doubt(
    store: "Store", patrols: "Sequence[Patrol]", flights: Sequence[Flight], *, noise_mg_m3: float
) -> Reason | None:
    for patrol, flight in zip(patrols, flights, strict=True):
        doubt = second_opinion(store, patrol, flight.readings, noise_mg_m3=noise_mg_m3)
        if doubt:
            return doubt
    return None


def _marked(analysis: Analysis, count: int, names: str) -> Analysis:
    """With a remark that says of which patrols it is."""
    remark = Reason("together", TOGETHER.with_(count=count, names=names))
    return replace(analysis, remarks=(remark, *analysis.remarks))
