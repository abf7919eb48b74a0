"""Where the rows of a table were: positions put right and checked, and the track they make."""

import math

import numpy as np

from dronesampler.columns import Floats, Track
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.gas_cells import Cells, Marks
from dronesampler.sampler.files.gas_cells import Rows as Index
from dronesampler.sampler.files.matching import Role
from dronesampler.sampler.files.recording import Rows, track_from
from dronesampler.texts import Text

_APART_M, _DEGREE_M = 50.0, 111_320.0
_NO_HEIGHT = Text("没有高度列：高度未知", "no height column: heights are not known")
_SWAPPED = Text(
    "纬度列与经度列互换了，已按数值改正", "the latitude and longitude columns are exchanged; put right by their values"
)
_TWO_PLACES = Text(
    "同一序列号 {serial} 在同一时刻出现在相距 {distance:.0f} m 的两处：可能是两台仪器",
    "serial number {serial} is in two places {distance:.0f} m apart at one time: two instruments, perhaps",
)


def rows_of(cells: Cells, time_s: Floats, marks: Marks) -> Rows:
    """Time and place of each row; lost fixes and jumps are marked, a lost fix is NaN."""
    lat, lon = cells.numbers(Role.LAT), cells.numbers(Role.LON)
    if lat is None or lon is None:
        lat = lon = np.full(len(cells), math.nan)
    else:
        lat, lon = _put_right(lat, lon, marks)
        lost = checks.no_fix(lat, lon)
        marks.put("no-fix", lost)
        lat, lon = np.where(lost, math.nan, lat), np.where(lost, math.nan, lon)
        marks.put("jump", checks.jumps(time_s, lat, lon))
        if not any(cells.column(role) for role in (Role.HEIGHT_HOME, Role.HEIGHT_AGL, Role.HEIGHT_SEA)):
            marks.notes.append(_NO_HEIGHT)
    raw = cells.table.raw
    return Rows(
        time_s=time_s,
        lat_deg=lat,
        lon_deg=lon,
        height_home_m=cells.metres(Role.HEIGHT_HOME),
        height_agl_m=cells.metres(Role.HEIGHT_AGL),
        raw=[raw[k] for k in cells.kept],
    )


def _put_right(lat: Floats, lon: Floats, marks: Marks) -> tuple[Floats, Floats]:
    known = np.isfinite(lat) & np.isfinite(lon)
    if known.any() and np.median(np.abs(lat[known])) > 90.0 and np.median(np.abs(lon[known])) <= 90.0:
        marks.notes.append(_SWAPPED)
        return lon, lat
    return lat, lon


def track_of(cells: Cells, rows: Rows, marks: Marks) -> Track | None:
    """The rows' own positions in order of time; jumps and unset clocks are left out. None without positions."""
    if cells.column(Role.LAT) is None or cells.column(Role.LON) is None:
        return None
    good = np.flatnonzero(~(marks.of("no-fix") | marks.of("jump") | marks.of("clock")))
    good = good[np.argsort(rows.time_s[good], kind="stable")]
    _two_places(cells, rows, order=good, marks=marks)
    if cells.column(Role.SPECIES):
        good = good[np.diff(rows.time_s[good], prepend=-math.inf) > 0.0]
    return track_from(
        rows.time_s[good],
        rows.lat_deg[good],
        rows.lon_deg[good],
        height_home_m=rows.height_home_m[good],
        height_agl_m=rows.height_agl_m[good],
        heading_deg=cells.numbers_or_nan(Role.HEADING)[good] % 360.0,
        speed_m_s=cells.numbers_or_nan(Role.SPEED)[good],
    )


def _two_places(cells: Cells, rows: Rows, *, order: Index, marks: Marks) -> None:
    """Whether one serial number is in two places at one time, again and again."""
    same = np.flatnonzero(np.diff(rows.time_s[order]) == 0.0)
    a, b = order[same], order[same + 1]
    north_m = _DEGREE_M * (rows.lat_deg[a] - rows.lat_deg[b])
    east_m = _DEGREE_M * np.cos(np.radians(rows.lat_deg[a])) * (rows.lon_deg[a] - rows.lon_deg[b])
    apart_m = np.hypot(north_m, east_m)
    if np.sum(apart_m > _APART_M) >= 3:
        marks.notes.append(_TWO_PLACES.with_(serial=cells.serial() or "–", distance=float(np.median(apart_m))))
