"""What was read from files into the database: all or nothing, no file twice, the files themselves kept beside it."""

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dronesampler.columns import Floats, Track
from dronesampler.desk.import_contents import Contents, summary
from dronesampler.sampler.files.recording import Rejected
from dronesampler.store.batch import Batch
from dronesampler.store.bulk import ReadingColumns, Tally
from dronesampler.store.staged import StagedRows
from dronesampler.store.store import Store
from dronesampler.store.values import ImportedFile, Kind, RejectedRow, State
from dronesampler.texts import Text

ALREADY = Text(
    "该文件先前已导入，没有重复导入",
    "this file was imported before and has not been doubled",
)
_LONGEST_GAP_S = 3.0


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, read and hashed, not stored yet."""

    path: Path
    sha256: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Imported:
    """One file after the import; `already` where it had been taken in before. `told` holds JSON values."""

    path: Path
    sha256: str
    told: Mapping[str, Any]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Text, ...] = ()
    patrol: int | None = None
    park: int | None = None
    already: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Filled:
    """One patrol whose rows are there, to be brought to light with the others."""

    patrol_id: int
    files: tuple[ReadFile, ...]
    contents: tuple[Contents, ...]
    ended_unix_s: float
    tally: Tally


def store_files(store: Store, files: Sequence[ReadFile], *, together: bool, name: str) -> tuple[Imported, ...]:
    """All files or none; those that the database knows by their SHA-256 are said and left alone.

    Rows go in by short transactions, so that a flight that records into the same database is not held up; the last
    one brings all of it to light. An import that is killed leaves nothing that can be seen.
    """
    before = {f.sha256: known for f in files if (known := _known_before(store, f))}
    new = list({f.sha256: f for f in files if f.sha256 not in before}.values())
    copies: list[Path] = []
    try:
        groups = _groups(new, together)
        filled = [_filled(store, g, name=name, copies=copies) for g in groups if g[0].contents.park is None]
        with store.transaction() as batch:
            done: dict[str, Imported] = {}
            for group in groups:
                if group[0].contents.park is not None:
                    done |= _put_park(batch, group)
            for patrol in filled:
                done |= _finish(batch, patrol)
    except BaseException:
        _remove(copies)
        raise
    return _in_order(files, done, before)


def _known_before(store: Store, file: ReadFile) -> ImportedFile | None:
    """The import that took this file in. A park's file may come again with another datum or for another park."""
    park = file.contents.park
    for known in store.imports(sha256=file.sha256):
        if park is None or (known.park_id is not None and store.park(known.park_id) == park):
            return known
    return None


def _groups(files: Sequence[ReadFile], together: bool) -> list[list[ReadFile]]:
    """What becomes one patrol each, or a park."""
    parks = [[f] for f in files if f.contents.park is not None]
    flights = [f for f in files if f.contents.park is None]
    if together and flights:
        return [*parks, flights]
    return [*parks, *([f] for f in flights)]


def _put_park(batch: Batch, group: Sequence[ReadFile]) -> dict[str, Imported]:
    park = group[0].contents.park
    assert park is not None
    park_id = batch.put_park(park)
    return {f.sha256: _remember(batch, f, f.contents, park_id=park_id) for f in group}


def _filled(store: Store, group: Sequence[ReadFile], *, name: str, copies: list[Path]) -> _Filled:
    joined = together_in_time([f.contents for f in group])
    starts = [c.start_unix_s for c in joined if math.isfinite(c.start_unix_s)]
    with store.transaction() as batch:
        patrol = batch.begin_patrol(
            name or group[0].path.stem,
            kind=Kind.IMPORT,
            source=", ".join(f.path.name for f in group),
            started_unix_s=min(starts, default=0.0),
            simulated=any(c.simulated for c in joined),
            clock_factor=1.0,
            state=State.IMPORTING,
        )
    rows = StagedRows(store, patrol.id)
    for file, contents in zip(group, joined, strict=True):
        _put_rows(rows, contents)
        copies += _copied(store.folder, patrol.uuid, file.path)
    ends = [c.end_unix_s for c in joined if math.isfinite(c.end_unix_s)]
    return _Filled(patrol.id, tuple(group), tuple(joined), max(ends, default=0.0), store.tally(patrol.id))


def _finish(batch: Batch, filled: _Filled) -> dict[str, Imported]:
    done = {}
    for file, contents in zip(filled.files, filled.contents, strict=True):
        done[file.sha256] = _remember(batch, file, contents, patrol_id=filled.patrol_id)
    batch.end_patrol(filled.patrol_id, ended_unix_s=filled.ended_unix_s, tally=filled.tally)
    return done


def _put_rows(rows: StagedRows, contents: Contents) -> None:
    if contents.track is not None and len(contents.track):
        rows.add_track(contents.track)
    if contents.wind is not None and len(contents.wind):
        rows.add_wind(contents.wind, source=contents.wind_source)
    for readings in contents.readings:
        rows.add_readings(readings)


def _remember(
    batch: Batch, file: ReadFile, contents: Contents, *, patrol_id: int | None = None, park_id: int | None = None
) -> Imported:
    told = summary(contents)
    rejected = tuple(
        RejectedRow(f"{r.first} ×{r.count}".strip() if r.count > 1 else r.first, r.reason) for r in contents.rejected
    )
    details = {
        "told": told,
        "rejected": [[r.code, r.reason.zh, r.reason.en, r.count, r.first] for r in contents.rejected],
        "notes": [[n.zh, n.en] for n in contents.notes],
    }
    batch.put_import(
        ImportedFile(file.sha256, file.path.name, contents.kind, rejected, details),
        patrol_id=patrol_id,
        park_id=park_id,
    )
    return Imported(file.path, file.sha256, told, contents.rejected, contents.notes, patrol=patrol_id, park=park_id)


def _in_order(
    files: Sequence[ReadFile], done: Mapping[str, Imported], before: Mapping[str, ImportedFile]
) -> tuple[Imported, ...]:
    """One answer a file, in the order asked; the second of two equal files is one that was there already."""
    answers: list[Imported] = []
    for file in files:
        if file.sha256 in before:
            answers.append(_known(file, before[file.sha256]))
            continue
        twice = any(a.sha256 == file.sha256 for a in answers)
        answers.append(replace(done[file.sha256], path=file.path, already=twice))
    return tuple(answers)


def _known(file: ReadFile, known: ImportedFile) -> Imported:
    details = known.details
    return Imported(
        path=file.path,
        sha256=file.sha256,
        told=details.get("told", {"kind": known.kind}),
        rejected=tuple(Rejected(c, Text(zh, en), n, at) for c, zh, en, n, at in details.get("rejected", ())),
        notes=tuple(Text(zh, en) for zh, en in details.get("notes", ())),
        patrol=known.patrol_id,
        park=known.park_id,
        already=True,
    )


def _copied(folder: Path | None, patrol_uuid: str, path: Path) -> list[Path]:
    """The file as received beside the database; [] on a server, which has no folder."""
    if folder is None:
        return []
    place = folder / "raw" / patrol_uuid
    place.mkdir(parents=True, exist_ok=True)
    target = place / path.name
    number = 1
    while target.exists():
        number += 1
        target = place / f"{path.stem}-{number}{path.suffix}"
    shutil.copyfile(path, target)
    return [target]


def _remove(copies: Sequence[Path]) -> None:
    for copy in copies:
        copy.unlink(missing_ok=True)
        for parent in (copy.parent, copy.parent.parent):
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


def together_in_time(contents: Sequence[Contents]) -> list[Contents]:
    """Files of one flight put together: times since take-off get the flight's start, readings without a place are
    placed along the track that another file holds."""
    starts = [c.start_unix_s for c in contents if c.dated and math.isfinite(c.start_unix_s)]
    dated = [_from_start(c, min(starts)) if starts and c.details.get("elapsed") else c for c in contents]
    track = max((c.track for c in dated if c.track is not None), key=len, default=None)
    if track is None or len(track) < 2:
        return dated
    return [replace(c, readings=tuple(_along(r, track) for r in c.readings)) for c in dated]


def _from_start(contents: Contents, start_unix_s: float) -> Contents:
    wind = contents.wind and replace(contents.wind, time_s=contents.wind.time_s + start_unix_s)
    readings = tuple(replace(r, time_s=r.time_s + start_unix_s, arrival_unix_s=None) for r in contents.readings)
    return replace(
        contents,
        wind=wind,
        readings=readings,
        dated=True,
        start_unix_s=contents.start_unix_s + start_unix_s,
        end_unix_s=contents.end_unix_s + start_unix_s,
    )


def _along(readings: ReadingColumns, track: Track) -> ReadingColumns:
    if np.isfinite(readings.lat_deg).any():
        return readings
    inside = _covered(readings.time_s, track.time_s)

    def at(column: Floats) -> Floats:
        return np.where(inside, np.interp(readings.time_s, track.time_s, column), math.nan)

    return replace(
        readings,
        lat_deg=at(track.lat_deg),
        lon_deg=at(track.lon_deg),
        height_home_m=at(track.height_home_m),
        height_agl_m=at(track.height_agl_m),
        position_error_m=np.where(inside, 3.0, math.nan),
    )


def _covered(time_s: Floats, track_s: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a time lies between two track points that are near in time."""
    right = np.clip(np.searchsorted(track_s, time_s), 1, len(track_s) - 1)
    gap = track_s[right] - track_s[right - 1]
    inside = (time_s >= track_s[0]) & (time_s <= track_s[-1])
    return np.asarray(inside & (gap <= _LONGEST_GAP_S))
