"""Use case: two patrols of one park side by side, before and after a rectification, on the same footing."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronesampler.attribution import Instrument
from dronesampler.attribution.compare import Change, Difference, compare
from dronesampler.attribution.coverage import Coverage, coverage
from dronesampler.problems import Refused
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.texts import SIMULATED, Lang, Text

if TYPE_CHECKING:  # the store takes a while to load
    from dronesampler.store import Patrol, PatrolName, Store

NOT_JUDGED = Text(
    "巡查 {patrol} 还没有研判结果，请先研判再比较。",
    "Patrol {patrol} has not been analysed yet: find its sources first, then compare.",
)
CANNOT_SAY = Text(
    "巡查 {patrol} 的研判没有结论，不能比较：{why}", "the analysis of patrol {patrol} says nothing: {why}"
)
OTHER_PARK = Text(
    "两次巡查不在同一园区（{before}、{after}），不能比较。",
    "the two patrols are not of one park ({before}, {after}): they cannot be compared",
)
OTHER_QUANTITY = Text(
    "两次巡查测的不是同一种物质（{before}、{after}），不能比较。",
    "the two patrols measured different quantities ({before}, {after}): they cannot be compared",
)
SAME_PATROL = Text("请选择两次不同的巡查。", "choose two different patrols")
HEADER = (
    Text("编号", "place"), Text("纬度", "latitude"), Text("经度", "longitude"),
    Text("前 g/s", "before g/s"), Text("前 95% 下限", "before 95 % low"), Text("前 95% 上限", "before 95 % high"),
    Text("后 g/s", "after g/s"), Text("后 95% 下限", "after 95 % low"), Text("后 95% 上限", "after 95 % high"),
    Text("变化", "change"), Text("说明", "explanation"),
)  # fmt: skip
CHANGES = {
    Change.GONE: Text("未再发现", "not found again"),
    Change.LESS: Text("减少", "less"),
    Change.SAME: Text("无显著变化", "no significant change"),
    Change.MORE: Text("增加", "more"),
    Change.NEW: Text("新出现", "new"),
    Change.NOT_INSPECTED: Text("未能检查", "not inspected"),
}
SUSPECTED = Text("以上均为疑似，须经现场核实。", "All of these are suspected; they must be verified on the ground.")

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One suspected place before and after; rates in g/s with their 95 % intervals, None where not found."""

    label: str
    lat_deg: float
    lon_deg: float
    before_g_s: float | None
    before_interval_g_s: Interval | None
    after_g_s: float | None
    after_interval_g_s: Interval | None
    change: Change
    text: Text


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of each suspected place between two patrols."""

    before: "Patrol"
    after: "Patrol"
    lines: tuple[Line, ...]
    seen_after: tuple[Text, ...]  # what the second flight would have noticed
    simulated: bool


def compare_patrols(
    store: "Store", before: "PatrolName", after: "PatrolName", *, profile: Profile = MAVLINK_NMHC
) -> Comparison:
    """Compare the newest findings of two patrols of one park and one quantity. Raises Refused where they cannot be."""
    first, second = store.patrol(before), store.patrol(after)
    if first.id == second.id:
        raise Refused(SAME_PATROL)
    _same_park(store, first, second)
    one, two = _finding(store, first), _finding(store, second)
    readings = store.readings(second)
    quantities = (store.readings(first).quantity, readings.quantity)
    if quantities[0] != quantities[1]:
        raise Refused(OTHER_QUANTITY.with_(before=quantities[0], after=quantities[1]))
    seen = _seen(store, second, profile)
    differences = compare(one, two, seen_after=seen)
    return Comparison(
        first,
        second,
        tuple(_line(d, one, two) for d in differences),
        seen.said() if seen else (),
        first.simulated or second.simulated,
    )


def _same_park(store: "Store", first: "Patrol", second: "Patrol") -> None:
    names = [store.park(p.park_id).name if p.park_id is not None else "-" for p in (first, second)]
    if names[0] != names[1]:
        raise Refused(OTHER_PARK.with_(before=names[0], after=names[1]))


def _finding(store: "Store", patrol: "Patrol") -> Mapping[str, Any]:
    found = store.findings(patrol)
    if not found:
        raise Refused(NOT_JUDGED.with_(patrol=patrol.name))
    analysis = found[-1].analysis
    why = analysis.get("cannot_say")
    if why:
        raise Refused(CANNOT_SAY.with_(patrol=patrol.name, why=Text(why["zh"], why["en"])))
    return analysis


def _seen(store: "Store", patrol: "Patrol", profile: Profile) -> Coverage | None:
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, "")
    area = store.park(patrol.park_id).boundary.outer if patrol.park_id is not None else None
    return coverage(store.readings(patrol), store.wind(patrol), instrument, area=area)


def _line(d: Difference, before: Mapping[str, Any], after: Mapping[str, Any]) -> Line:
    was = _entry(before.get("suspected", ()), rate=d.before_g_s, place=(d.lat_deg, d.lon_deg))
    now = _entry([*after.get("suspected", ()), *after.get("look_again", ())], rate=d.after_g_s, place=None)
    label = f"S{was[0]}" if was else f"N{now[0]}" if now else "-"
    return Line(
        label,
        d.lat_deg,
        d.lon_deg,
        d.before_g_s,
        was[1] if was else None,
        d.after_g_s,
        now[1] if now else None,
        d.change,
        d.text,
    )


def _entry(
    entries: Sequence[Mapping[str, Any]], *, rate: float | None, place: tuple[float, float] | None
) -> tuple[int, Interval] | None:
    """Number and 95 % interval of the entry that a difference speaks of."""
    for i, entry in enumerate(entries, start=1):
        here = place is None or (entry["lat_deg"], entry["lon_deg"]) == place
        if rate is not None and here and entry["rate_g_s"] == rate:
            low, high = entry["rate_interval_g_s"]
            return i, (float(low), float(high))
    return None


def write_comparison(found: Comparison, path: Path, lang: Lang) -> None:
    """The table as CSV with a byte order mark, so that spreadsheets read the Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        if found.simulated:
            rows.writerow([SIMULATED.said(lang)])
        rows.writerow([_harmless(found.before.name), _harmless(found.after.name)])
        rows.writerow([title.said(lang) for title in HEADER])
        for line in found.lines:
            rows.writerow(cells_of(line, lang))
        for text in (*found.seen_after, SUSPECTED):
            rows.writerow([text.said(lang)])


def _harmless(name: str) -> str:
    """A spreadsheet would run a name that begins like a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name


def cells_of(line: Line, lang: Lang) -> list[str]:
    """The cells of one line, in the order of `HEADER`."""
    return [
        line.label,
        f"{line.lat_deg:.6f}",
        f"{line.lon_deg:.6f}",
        *_figures(line.before_g_s, line.before_interval_g_s),
        *_figures(line.after_g_s, line.after_interval_g_s),
        CHANGES[line.change].said(lang),
        line.text.said(lang),
    ]


def _figures(rate: float | None, interval: Interval | None) -> list[str]:
    low, high = interval or (None, None)
    return ["" if value is None else f"{value:.3g}" for value in (rate, low, high)]
