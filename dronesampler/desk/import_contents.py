"""One file on its way into the database: what it holds as the store's columns, and what there is to say of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dronesampler.columns import Floats, Track, Wind
from dronesampler.geo.datum import Datum, to_wgs84
from dronesampler.park import Park
from dronesampler.sampler.files.recording import Recording, Rejected, Rows, Series
from dronesampler.sampler.profile import Profile
from dronesampler.store.bulk import ReadingColumns
from dronesampler.texts import Text

# The mean radius of the earth after IUGG: a track's length is the sum of great circles, as flight logs are compared.
_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, ready to be stored. `park` is set for a park file and nothing else is then."""

    kind: str
    messages: int
    track: Track | None = None
    readings: tuple[ReadingColumns, ...] = ()
    wind: Wind | None = None
    wind_source: str = ""
    park: Park | None = None
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Text, ...] = ()
    dated: bool = True
    simulated: bool = False
    start_unix_s: float = math.nan
    end_unix_s: float = math.nan
    details: Mapping[str, Any] = field(default_factory=dict)


def contents_of(recording: Recording, *, profile: Profile | None = None, simulated: bool = False) -> Contents:
    """A recording as contents; with a profile the readings move back along the track by its delay."""
    rows = recording.rows
    readings = tuple(
        _columns(series, rows, recording=recording, profile=profile, simulated=simulated)
        for series in recording.series
        if rows is not None
    )
    times = [part.time_s for part in (recording.track, rows) if part is not None and len(part.time_s)]
    return Contents(
        kind=recording.kind,
        messages=recording.messages,
        track=recording.track,
        readings=readings,
        wind=recording.wind,
        wind_source=recording.kind,
        rejected=recording.rejected,
        notes=recording.notes,
        dated=recording.dated,
        simulated=simulated or recording.simulated,
        start_unix_s=min((float(t.min()) for t in times), default=math.nan),
        end_unix_s=max((float(t.max()) for t in times), default=math.nan),
        details=recording.details,
    )


def _columns(
    series: Series, rows: Rows, *, recording: Recording, profile: Profile | None, simulated: bool
) -> ReadingColumns:
    logged_s = rows.time_s[series.row]
    place = _placed(series, rows, recording.track, delay_s=profile.delay_s if profile else 0.0)
    return ReadingColumns(
        instrument=profile.name if profile else series.instrument,
        component=series.component,
        quantity=series.quantity,
        unit=series.unit,
        raw_value=series.value,
        value_mg_m3=series.value_mg_m3,
        # The position in a row is as good as the receiver that wrote it; files do not say how good that was.
        position_error_m=np.where(np.isfinite(place["lat_deg"]), 3.0, math.nan),
        ok=series.ok,
        flags=series.flags,
        arrival_unix_s=logged_s,
        raw=[rows.raw[k] for k in series.row] if len(rows.raw) else None,
        simulated=simulated or recording.simulated,
        time_s=place["time_s"],
        lat_deg=place["lat_deg"],
        lon_deg=place["lon_deg"],
        height_home_m=place["height_home_m"],
        height_agl_m=place["height_agl_m"],
    )


def _placed(series: Series, rows: Rows, track: Track | None, *, delay_s: float) -> dict[str, Floats]:
    """Where the rows say they are; with a delay where the track was that much earlier."""
    names = ("lat_deg", "lon_deg", "height_home_m", "height_agl_m")
    here = {name: np.where(series.ok, getattr(rows, name)[series.row], math.nan) for name in names}
    time_s = rows.time_s[series.row] - delay_s
    if delay_s == 0.0 or track is None or len(track) < 2:
        return {"time_s": time_s, **here}
    moved = {name: np.interp(time_s, track.time_s, getattr(track, name), left=math.nan) for name in names}
    return {"time_s": time_s, **{name: np.where(np.isfinite(here[name]), moved[name], math.nan) for name in names}}


def in_wgs84(contents: Contents, datum: Datum) -> Contents:
    """The contents with their coordinates shifted from that datum."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return contents
    readings = tuple(_shifted(r, datum) for r in contents.readings)
    return replace(contents, track=contents.track and _shifted(contents.track, datum), readings=readings)


def _shifted(columns: Any, datum: Datum) -> Any:
    """A track or readings on WGS 84."""
    lat, lon = to_wgs84(columns.lat_deg, columns.lon_deg, datum)
    return replace(columns, lat_deg=lat, lon_deg=lon)


def track_length_m(track: Track) -> float:
    """Length over the ground in the order of time."""
    lat, lon = np.radians(track.lat_deg), np.radians(track.lon_deg)
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float(np.sum(2.0 * _EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))))


def summary(contents: Contents) -> dict[str, Any]:
    """What there is to say of a file, JSON values only; texts stay Text for the caller to say in a language."""
    track, park = contents.track, contents.park
    told: dict[str, Any] = {
        "kind": contents.kind,
        "messages": contents.messages,
        "track_points": 0 if track is None else len(track),
        "track_length_m": 0.0 if track is None or len(track) < 2 else round(track_length_m(track), 1),
        "readings": sum(len(r.time_s) for r in contents.readings),
        "quantities": _quantities(contents.readings),
        "wind_rows": 0 if contents.wind is None else len(contents.wind),
        "dated": contents.dated,
        "simulated": contents.simulated,
        **_span(contents),
        **(_ends(track) if track is not None and len(track) else {}),
        **contents.details,
    }
    if park is not None:
        told |= {
            "park": park.name,
            "enterprises": len(park.enterprises),
            "outlets": len(park.outlets),
            "airspaces": len(park.airspaces),
            "vertices": len(park.boundary.outer),
        }
    return told


def _quantities(readings: Sequence[ReadingColumns]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for columns in readings:
        counted[columns.quantity] = counted.get(columns.quantity, 0) + len(columns.time_s)
    return counted


def _span(contents: Contents) -> dict[str, Any]:
    start, end = contents.start_unix_s, contents.end_unix_s
    if not (math.isfinite(start) and math.isfinite(end)):
        return {}
    return {"start_unix": start, "end_unix": end, "duration_s": round(end - start, 3)}


def _ends(track: Track) -> dict[str, Any]:
    """First and last point with the height above home (null where not known), lowest and highest height."""

    def point(k: int) -> list[float | None]:
        return [round(float(track.lat_deg[k]), 7), round(float(track.lon_deg[k]), 7), _height(track.height_home_m[k])]

    heights = track.height_home_m[np.isfinite(track.height_home_m)]
    ends: dict[str, Any] = {"first": point(0), "last": point(-1)}
    if len(heights):
        ends |= {"alt_min": _height(heights.min()), "alt_max": _height(heights.max())}
    return ends


def _height(height_m: float) -> float | None:
    return round(float(height_m), 3) if math.isfinite(height_m) else None
