"""Mission files of all kinds, told by their ending and, where endings lie, by what is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dronesampler.mission import csv_file, geojson_file, gpx_file, kml_file, plan_file, wpl_file, wpml_file
from dronesampler.mission.mission import Mission
from dronesampler.problems import BadInput, system_said
from dronesampler.safe_files import zip_member
from dronesampler.texts import Text

NOT_READABLE = Text("无法读取任务文件：{why}", "the mission file cannot be read: {why}")
NOT_WRITABLE = Text("无法写入任务文件：{why}", "the mission file cannot be written: {why}")
NOT_TEXT = Text("不是文本文件（UTF-8 或 GBK）", "not a text file in UTF-8 or GBK")
UNKNOWN_ENDING = Text(
    "不认识的任务文件格式“{ending}”，可用：{known}", "unknown kind of mission file “{ending}”; known: {known}"
)

Told = tuple[Mission, tuple[Text, ...]]
Read = Callable[[bytes, str], Told]
Write = Callable[[Mission], tuple[bytes, tuple[Text, ...]]]


@dataclass(frozen=True, slots=True)
class MissionImport:
    """A mission as read, and what of the file we have no word for."""

    mission: Mission
    lost: tuple[Text, ...] = ()


def read_mission(path: Path | str) -> Mission:
    """Read a mission; raises BadInput for what cannot be read."""
    return import_mission(path).mission


def import_mission(path: Path | str) -> MissionImport:
    """Read a mission and say what was left out; raises BadInput for what cannot be read."""
    path = Path(path)
    read, _ = _format(path)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BadInput(NOT_READABLE.with_(why=system_said(problem)), where=str(path)) from problem
    try:
        return MissionImport(*read(data, path.stem))
    except BadInput as problem:
        raise BadInput(problem.text, where=f"{path} {problem.where}".strip()) from problem


def write_mission(mission: Mission, path: Path | str) -> tuple[Text, ...]:
    """Write a mission in the format of the path's ending, whole or not at all; returns what it cannot hold."""
    path = Path(path)
    _, write = _format(path)
    data, lost = write(mission)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as problem:
        raise BadInput(NOT_WRITABLE.with_(why=system_said(problem)), where=str(path)) from problem
    return lost


def _format(path: Path) -> tuple[Read, Write]:
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise BadInput(UNKNOWN_ENDING.with_(ending=ending, known=" ".join(FORMATS)), where=str(path))
    return FORMATS[ending]


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(NOT_TEXT)


def _reads_text(read: Callable[..., Mission]) -> Read:
    return lambda data, name: (read(_text(data), name=name), ())


def _tells_text(read: Callable[..., Told]) -> Read:
    return lambda data, name: read(_text(data), name=name)


def _tells_bytes(read: Callable[..., Told]) -> Read:
    return lambda data, name: read(data, name=name)


def _writes_text(write: Callable[[Mission], tuple[str, tuple[Text, ...]]]) -> Write:
    def written(mission: Mission) -> tuple[bytes, tuple[Text, ...]]:
        text, lost = write(mission)
        return text.encode(), lost

    return written


def _read_kmz(data: bytes, name: str) -> Told:
    """DJI's wayline archive, or a zipped KML."""
    if wpml_file.is_wpml(data):
        return wpml_file.mission_from_wpml(data, name=name)
    return _read_kml(zip_member(data, ".kml"), name)


def _read_kml(data: bytes, name: str) -> Told:
    """A part of DJI's archive on its own, or any other KML."""
    if wpml_file.is_part(data):
        return wpml_file.mission_from_part(data, name=name)
    return kml_file.mission_from_kml(data, name=name)


def check_ending(path: Path | str) -> None:
    """Raises BadInput where no mission file has this ending: said before any work is done for it."""
    _format(Path(path))


_PLAN = (_reads_text(plan_file.mission_from_plan), _writes_text(lambda mission: (plan_file.plan_text(mission), ())))
_WPL = (_reads_text(wpl_file.mission_from_wpl), _writes_text(wpl_file.wpl_text))
_GEOJSON = (_tells_text(geojson_file.mission_from_geojson), _writes_text(geojson_file.geojson_text))

FORMATS: dict[str, tuple[Read, Write]] = {
    ".plan": _PLAN,
    ".waypoints": _WPL,
    ".txt": _WPL,
    ".kml": (_read_kml, kml_file.kml_bytes),
    ".kmz": (_read_kmz, wpml_file.wpml_bytes),
    ".gpx": (_tells_bytes(gpx_file.mission_from_gpx), gpx_file.gpx_bytes),
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".csv": (_tells_text(csv_file.mission_from_csv), _writes_text(csv_file.csv_text)),
}
