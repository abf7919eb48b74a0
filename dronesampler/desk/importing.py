"""Import: files of many kinds into one database, all of them or none, no file twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dronesampler.clock import Clock, SystemClock
from dronesampler.desk.import_contents import Contents, contents_of, in_wgs84
from dronesampler.desk.import_flight_log import flight_contents, read_flight_log
from dronesampler.desk.import_register import (
    ReadRegister,
    check_a_park_is_there,
    merged,
    read_register_file,
    told_of,
)
from dronesampler.desk.import_storing import Imported, ReadFile, store_files
from dronesampler.geo.datum import Datum
from dronesampler.park import Park
from dronesampler.problems import BadInput, Severity, system_said
from dronesampler.safe_files import json_value
from dronesampler.sampler.files import matching, table, tracks
from dronesampler.sampler.files.decoding import decoded
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.reading import read_recording
from dronesampler.sampler.files.recording import Recording
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.store.store import Store
from dronesampler.texts import Text

NO_FILE = Text("文件无法读取：{why}", "the file cannot be read: {why}")
A_MISSION = Text(
    "这是任务文件，不是日志；请用 dronesampler convert 或 check 处理",
    "this is a mission file, not a log; use dronesampler convert or check",
)
ALREADY = Text(
    "该文件已于先前导入（巡查 {patrol}），没有重复导入", "this file was imported before (patrol {patrol}); not doubled"
)


NO_VALUE = Text(
    "文件中没有一个可用的数值（{names}）；请检查列和单位",
    "there is not one usable number in the file ({names}); look at its columns",
)
NO_SUCH_TIME = Text(
    "文件中的时间晚于 2100 年；请检查时间列", "the file holds times after the year 2100; look at its time column"
)
LATEST_UNIX_S = 4_102_444_800.0  # 2100-01-01
AN_INDEX = Text(
    "这是 shapefile 的索引；请给出同名的 .shp 文件",
    "this is the index of a shapefile; give the .shp file of that name",
)
_ZIP, _SHAPEFILE = b"PK\x03\x04", b"\0\0\x27\x0a"


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and what a person says about it. `profile` names the instrument and its delays."""

    paths: tuple[Path, ...]
    into: Path | str
    options: Options = Options()  # noqa: RUF009 - frozen
    profile: Profile | None = None
    together: bool = False  # one patrol of all files
    simulated: bool = False
    name: str = ""
    park: str = ""  # name for a park file; the park on file that a table's outlets join
    datum: Datum = Datum.WGS84  # of coordinates in tables, tracks and parks; flight logs hold WGS 84


def import_files(
    request: Request, *, clock: Clock | None = None, progress: Callable[[Text], None] | None = None
) -> tuple[Imported, ...]:
    """Read all files, then store all in one transaction. Raises BadInput for a file that cannot be used: then the
    database is as it was, and not even made."""
    read = []
    for path in request.paths:
        if progress:
            progress(Text("读取 {name}", "reading {name}").with_(name=path.name))
        read.append(_read_one(path, request))
    check_a_park_is_there(read, request.into, request.park)
    with Store.open(request.into, clock=clock or SystemClock()) as store:
        return store_files(store, merged(store, read, request.park), together=request.together, name=request.name)


def _read_one(path: Path, request: Request) -> ReadFile | ReadRegister:
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise BadInput(NO_FILE.with_(why=system_said(reason)), where=str(path)) from reason
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        if request.park and _is_table(path, data):
            return read_register_file(path, sha256, datum=request.datum, columns=request.options.columns)
        return ReadFile(path, sha256, _contents(path, data, request))
    except BadInput as problem:
        inner = problem.where.removeprefix(str(path)).strip()
        raise BadInput(problem.text, where=f"{path.name} {inner}".strip()) from problem


def _contents(path: Path, data: bytes, request: Request) -> Contents:
    log = read_flight_log(path, data)
    if log is not None:
        return flight_contents(log, profile=request.profile or MAVLINK_NMHC, simulated=request.simulated)
    if _is_mission(data):
        raise BadInput(A_MISSION)
    if _is_park(path, data):
        return _park_contents(path, data, request)
    recording = read_recording(data, name=path.name, options=request.options)
    _check_use(recording)
    contents = contents_of(recording, profile=request.profile, simulated=request.simulated)
    return in_wgs84(contents, request.datum)


def _check_use(recording: Recording) -> None:
    """Raises BadInput for a table without one number, and for times that no patrol was flown at."""
    series = recording.series
    if series and not any(np.isfinite(one.value).any() for one in series):
        raise BadInput(NO_VALUE.with_(names=", ".join(dict.fromkeys(one.quantity for one in series))))
    for part in (recording.rows, recording.track):
        if part is not None and len(part.time_s) and np.nanmax(part.time_s) > LATEST_UNIX_S:
            raise BadInput(NO_SUCH_TIME)


def _is_mission(data: bytes) -> bool:
    if data.startswith(_ZIP):
        return b"wpmz/" in data[:400]
    return data[:12].startswith((b"QGC WPL", b"RALLY ")) or (b'"fileType"' in data[:4096] and b'"Plan"' in data[:4096])


def _is_park(path: Path, data: bytes) -> bool:
    """GeoJSON, a shapefile, or KML with an area; by content, the ending only for what has no mark of its own."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"{"):
        return any(word in data for word in (b'"Feature', b'"Polygon"', b'"MultiPolygon"'))
    if data.startswith(_SHAPEFILE):
        if path.suffix.lower() == ".shx":
            raise BadInput(AN_INDEX)
        return True
    if data.startswith(_ZIP):
        return path.suffix.lower() == ".kmz"
    return b"<kml" in head.lower() and not tracks.has_kml_track(tracks.read_xml(data))


def _is_table(path: Path, data: bytes) -> bool:
    return path.suffix.lower() in (".csv", ".tsv", ".txt", ".xlsx") and not _is_mission(data)


def _park_contents(path: Path, data: bytes, request: Request) -> Contents:
    from dronesampler.park.files import read_park  # only where a park is imported

    found = read_park(path, datum=request.datum)
    park = replace(found.park, name=request.park or found.park.name)
    refused = sum(p.severity is Severity.ERROR for p in found.refused)
    return Contents(
        kind="park",
        messages=_features_in(data) or _features_of(park) + refused,
        park=park,
        rejected=told_of(found.refused),
        simulated=park.simulated,
    )


def _features_in(data: bytes) -> int:
    """How many features a GeoJSON holds; 0 for other formats."""
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return 0
    document = json_value(decoded(data)[0])
    return len(document["features"]) if isinstance(document.get("features"), list) else 1


def _features_of(park: Park) -> int:
    groups: tuple[tuple[object, ...], ...] = (
        park.enterprises,
        park.outlets,
        park.buildings,
        park.airspaces,
        park.leads,
    )
    return 1 + sum(len(group) for group in groups)


def columns_understood(path: Path, options: Options) -> str:
    """The columns of a table as they are understood, as the text of a columns file. Raises BadInput."""
    data = path.read_bytes()
    rows = table.read_xlsx(data) if data.startswith(b"PK\x03\x04") else table.read_csv(decoded(data)[0])
    if options.columns is not None:
        return matching.saved_columns(matching.load_columns(options.columns, rows.header)[0])
    return matching.saved_columns(matching.matched(rows.header))
