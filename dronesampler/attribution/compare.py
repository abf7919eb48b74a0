"""Before and after: two analyses of one park on the same footing, for the acceptance of a rectification."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dronesampler.attribution.coverage import Coverage
from dronesampler.geo.local import LocalFrame
from dronesampler.texts import Text

SAME_PLACE_M = 40.0


class Change(StrEnum):
    """What became of a source between two flights."""

    GONE = "gone"
    LESS = "less"
    SAME = "same"
    MORE = "more"
    NEW = "new"
    NOT_INSPECTED = "not_inspected"


@dataclass(frozen=True, slots=True)
class Difference:
    """One source before and after; a rate of None means that it was not found."""

    lat_deg: float
    lon_deg: float
    before_g_s: float | None
    after_g_s: float | None
    change: Change
    text: Text


GONE = Text(
    "整改前 {before:.2f} g/s，整改后未发现；该处整改后的最小可发现排放为 {least:.2f} g/s。",
    "{before:.2f} g/s before, not found after; the second flight would have noticed {least:.2f} g/s there",
)
BLIND = Text(
    "整改前 {before:.2f} g/s，但整改后的飞行在该处看不到这么小的排放（最小 {least}），不能验收。",
    "{before:.2f} g/s before, but the second flight could not have seen that there (least {least}): no acceptance",
)
STILL = Text(
    "整改前 {before:.2f} g/s，整改后 {after:.2f} g/s：{change}。",
    "{before:.2f} g/s before, {after:.2f} g/s after: {change}",
)
APPEARED = Text("整改前未发现，整改后 {after:.2f} g/s。", "not found before, {after:.2f} g/s after")  # fmt: skip
_WORDS = {
    Change.LESS: Text("显著减少", "significantly less"),
    Change.SAME: Text("无显著变化", "no significant change"),
    Change.MORE: Text("显著增加", "significantly more"),
}


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], *, seen_after: Coverage | None
) -> tuple[Difference, ...]:
    """What became of each source found before, and what is new; both as `Analysis.as_json`.

    A source that is not found again is gone only where the second flight would have noticed half its rate; the
    coverage of the second flight says so. Rates differ where their 95 % intervals do not overlap.
    """
    left = [*after.get("suspected", ()), *after.get("look_again", ())]
    out = []
    for source in before.get("suspected", ()):
        near = [s for s in left if _apart_m(source, s) <= max(SAME_PLACE_M, source["ellipse95"][0], s["ellipse95"][0])]
        again = min(near, key=lambda s: _apart_m(source, s), default=None)
        if again is not None:
            left.remove(again)
            out.append(_still(source, again))
        else:
            out.append(_gone(source, seen_after))
    found = [s for s in left if s["verdict"] == "suspected"]
    return (
        *out,
        *(_difference(s, None, s["rate_g_s"], Change.NEW, APPEARED.with_(after=s["rate_g_s"])) for s in found),
    )


def _still(source: Mapping[str, Any], again: Mapping[str, Any]) -> Difference:
    (low0, high0), (low1, high1) = source["rate_interval_g_s"], again["rate_interval_g_s"]
    change = Change.LESS if high1 < low0 else Change.MORE if low1 > high0 else Change.SAME
    text = STILL.with_(before=source["rate_g_s"], after=again["rate_g_s"], change=_WORDS[change])
    return _difference(source, source["rate_g_s"], again["rate_g_s"], change, text)


def _gone(source: Mapping[str, Any], seen: Coverage | None) -> Difference:
    least = _least_at(seen, source) if seen else math.inf
    if least <= 0.5 * source["rate_g_s"]:
        text, change = GONE.with_(before=source["rate_g_s"], least=least), Change.GONE
    else:
        said = f"{least:.2f} g/s" if math.isfinite(least) else "∞"
        text, change = BLIND.with_(before=source["rate_g_s"], least=said), Change.NOT_INSPECTED
    return _difference(source, source["rate_g_s"], None, change, text)


def _difference(
    s: Mapping[str, Any], before: float | None, after: float | None, change: Change, text: Text
) -> Difference:
    return Difference(s["lat_deg"], s["lon_deg"], before, after, change, text)


def _apart_m(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    x, y = LocalFrame(a["lat_deg"], a["lon_deg"]).to_xy(b["lat_deg"], b["lon_deg"])
    return float(math.hypot(x, y))


def _least_at(seen: Coverage, source: Mapping[str, Any]) -> float:
    """The least rate of the cell that holds a source; inf outside the map."""
    x, y = LocalFrame(source["lat_deg"], source["lon_deg"]).to_xy(seen.lat_deg, seen.lon_deg)
    apart = (x**2 + y**2) ** 0.5
    nearest = int(apart.argmin())
    return float(seen.least_g_s.ravel()[nearest]) if apart.min() <= seen.cell_m else math.inf
