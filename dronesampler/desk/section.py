"""Use case: readings as a curtain of distance and height, with the stacks and the plume's axis beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats, Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet, Park
from dronesampler.plume.dispersion import Ground, Spread, Stability, sigmas_m

CORRIDOR_M = 40.0  # readings and stacks this far to either side of a line are shown on it
DOWNWIND_M, UPWIND_M = 500.0, 80.0
AXIS_STEP_M = 5.0

Place = tuple[float, float]  # lat_deg, lon_deg


@dataclass(frozen=True, slots=True)
class Stack:
    """A permitted outlet or a suspected place where the curtain passes it."""

    name: str
    along_m: float
    height_m: float
    suspected: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Height of the plume's axis and its vertical standard deviation along the curtain, shape (n,) each."""

    along_m: Floats
    height_m: Floats
    sigma_m: Floats


@dataclass(frozen=True, slots=True)
class Section:
    """Readings by distance and height, shape (n,) each, in order of value so that the highest are drawn last."""

    along_m: Floats
    height_m: Floats
    value_mg_m3: Floats
    time_s: Floats
    stacks: tuple[Stack, ...] = ()
    axes: tuple[Axis, ...] = ()
    corridor_m: float | None = None  # None: along the track, everything is on it


def along_track(readings: Readings, park: Park | None, analysis: Mapping[str, Any], wind: Wind | None) -> Section:
    """Distance flown: every reading stands on the curtain. Stacks stand at each pass within the corridor."""
    r, x, y, frame = _placed(readings, park)
    along = np.concatenate([np.zeros(1), np.cumsum(np.hypot(np.diff(x), np.diff(y)))]) if len(x) else x
    stacks = []
    for name, place, height, suspected in _tall(park, analysis):
        px, py = (float(v) for v in frame.to_xy(*place))
        apart = np.hypot(x - px, y - py)
        stacks += [
            Stack(name, float(along[run[apart[run].argmin()]]), height, suspected) for run in _runs(apart <= CORRIDOR_M)
        ]
    axes = _axes_on_track(along, x, y, frame=frame, analysis=analysis, wind=wind)
    return _section(r, along, np.ones(len(x), bool), stacks=stacks, axes=axes, corridor_m=None)


def along_line(
    readings: Readings,
    park: Park | None,
    analysis: Mapping[str, Any],
    *,
    ends: tuple[Place, Place],
    source: Mapping[str, Any] | None = None,
) -> Section:
    """What was read within the corridor of a line, by distance from its first end.

    With `source` (a suspected place, see `downwind_of`) the first end stands at it and the axis of its plume is drawn.
    """
    r, x, y, frame = _placed(readings, park)
    (x0, y0), (x1, y1) = ((float(v) for v in frame.to_xy(*end)) for end in ends)
    length = max(float(np.hypot(x1 - x0, y1 - y0)), 1.0)
    east, north = (x1 - x0) / length, (y1 - y0) / length

    def on_line(px: Floats, py: Floats) -> tuple[Floats, Floats]:
        return (px - x0) * east + (py - y0) * north, (px - x0) * north - (py - y0) * east

    along, aside = on_line(x, y)
    back = UPWIND_M if source is not None else 0.0
    near = (np.abs(aside) <= CORRIDOR_M) & (along >= -back) & (along <= length)
    stacks = []
    for name, place, height, suspected in _tall(park, analysis):
        s, off = (float(v) for v in on_line(*frame.to_xy(*place)))
        if abs(off) <= CORRIDOR_M and -back <= s <= length:
            stacks.append(Stack(name, s, height, suspected))
    axes = () if source is None else (_axis(np.arange(0.0, length, AXIS_STEP_M), source, analysis),)
    return _section(r, along, near, stacks=stacks, axes=axes, corridor_m=CORRIDOR_M)


def downwind_of(source: Mapping[str, Any], analysis: Mapping[str, Any], wind: Wind | None) -> tuple[Place, Place]:
    """From a suspected place as far as its plume would be looked for, with the mean wind of the flight."""
    frame = LocalFrame(source["lat_deg"], source["lon_deg"])
    toward = np.radians(_from_deg(analysis, wind) + 180.0)
    lat, lon = frame.to_lat_lon(DOWNWIND_M * np.sin(toward), DOWNWIND_M * np.cos(toward))
    return (source["lat_deg"], source["lon_deg"]), (float(lat), float(lon))


def _placed(readings: Readings, park: Park | None) -> tuple[Readings, Floats, Floats, LocalFrame]:
    known = readings.ok & np.isfinite(
        readings.lat_deg + readings.lon_deg + readings.height_agl_m + readings.value_mg_m3
    )
    r = readings.rows(known)
    frame = park.frame() if park else LocalFrame.about(r.lat_deg, r.lon_deg) if len(r) else LocalFrame(0.0, 0.0)
    x, y = frame.to_xy(r.lat_deg, r.lon_deg)
    return r, np.asarray(x), np.asarray(y), frame


def _section(
    r: Readings, along: Floats, near: NDArray[np.bool_], *, stacks: Sequence[Stack], axes: Sequence[Axis],
    corridor_m: float | None,
) -> Section:  # fmt: skip
    rows = np.flatnonzero(near)
    rows = rows[np.argsort(r.value_mg_m3[rows], kind="stable")]
    columns = (along[rows], r.height_agl_m[rows], r.value_mg_m3[rows], r.time_s[rows])
    return Section(*columns, stacks=tuple(stacks), axes=tuple(axes), corridor_m=corridor_m)


def _tall(park: Park | None, analysis: Mapping[str, Any]) -> list[tuple[str, Place, float, bool]]:
    outlets: Sequence[Outlet] = park.outlets if park else ()
    found = [(o.code, (o.lat_deg, o.lon_deg), o.height_m, False) for o in outlets]
    for i, s in enumerate(analysis.get("suspected") or (), start=1):
        found.append((f"S{i}", (s["lat_deg"], s["lon_deg"]), float(s.get("height_m") or 0.0), True))
    return found


def _runs(inside: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """The stretches of rows that are inside."""
    rows = np.flatnonzero(inside)
    return np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []


def _from_deg(analysis: Mapping[str, Any], wind: Wind | None) -> float:
    """Where the wind came from: as the analysis turned it, else the mean that was measured."""
    told = analysis.get("parameters") or {}
    if "wind_from_deg" in told:
        return float(told["wind_from_deg"]) + float(told.get("wind_bias_deg", 0.0))
    if wind is None or not np.isfinite(wind.from_deg).any():
        return 0.0
    way = np.radians(wind.from_deg)
    return float(np.degrees(np.arctan2(np.nanmean(np.sin(way)), np.nanmean(np.cos(way)))))


def _spread(analysis: Mapping[str, Any]) -> Spread:
    told = analysis.get("parameters") or {}
    if "stability" not in told:
        return Spread()
    return Spread(Stability(told["stability"]), Ground(told["ground"]), told["scale_y"], told["scale_z"])


def _axis(along: Floats, source: Mapping[str, Any], analysis: Mapping[str, Any]) -> Axis:
    height = float(source.get("height_m") or 0.0)
    sigma = sigmas_m(np.maximum(along, 1.0), _spread(analysis))[1]
    return Axis(along, np.full(len(along), height), np.asarray(sigma, float))


def _axes_on_track(
    along: Floats, x: Floats, y: Floats, *, frame: LocalFrame, analysis: Mapping[str, Any], wind: Wind | None
) -> list[Axis]:
    """Pieces where the track is within a standard deviation of a suspected plume's middle, seen from above."""
    out = []
    toward = np.radians(_from_deg(analysis, wind) + 180.0)
    for source in analysis.get("suspected") or ():
        px, py = (float(v) for v in frame.to_xy(source["lat_deg"], source["lon_deg"]))
        down = (x - px) * np.sin(toward) + (y - py) * np.cos(toward)
        across = (x - px) * np.cos(toward) - (y - py) * np.sin(toward)
        sigma_y = sigmas_m(np.maximum(down, 1.0), _spread(analysis))[0]
        for run in _runs((down > 1.0) & (down < DOWNWIND_M) & (np.abs(across) <= sigma_y)):
            if len(run) > 1:
                piece = _axis(down[run], source, analysis)
                out.append(Axis(along[run], piece.height_m, piece.sigma_m))
    return out
