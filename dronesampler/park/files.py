"""Park files by their ending: GeoJSON, KML, KMZ, shapefile, and outlet registers in CSV and XLSX; shifted to WGS 84."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from dronesampler.geo.crs import check_crs
from dronesampler.geo.datum import Datum, to_wgs84
from dronesampler.park import table_file
from dronesampler.park.features import (
    ParkImport,
    outlets_from_features,
    park_from_features,
    park_from_geojson,
    write_park,
)
from dronesampler.park.kml_file import features_of_kml
from dronesampler.park.register import Register, RegisterRow, with_outlets
from dronesampler.park.shape_file import features_of_shapefile
from dronesampler.problems import BadInput, system_said
from dronesampler.safe_files import json_value, zip_member
from dronesampler.texts import Text

__all__ = [
    "ParkImport",
    "Register",
    "park_from_features",
    "park_from_geojson",
    "read_park",
    "read_register",
    "with_outlets",
    "write_park",
]

NOT_READABLE = Text("无法读取园区文件：{why}", "the park file cannot be read: {why}")
UNKNOWN_ENDING = Text(
    "不认识的园区文件格式“{ending}”，可用：{known}", "unknown kind of park file “{ending}”; known: {known}"
)

Features = list[dict[str, Any]]
Read = TypeVar("Read")


def read_park(path: Path | str, *, datum: Datum = Datum.WGS84, columns: Mapping[str, str] | None = None) -> ParkImport:
    """Read a park whose coordinates are in that datum; what is given back is WGS 84.

    `columns` maps our column names to a table's heads. Raises BadInput when there is no usable boundary in it.
    """
    path = Path(path)
    return _placed(path, lambda data: _read(path, data, datum, columns or {}))


def read_register(
    path: Path | str, *, datum: Datum = Datum.WGS84, columns: Mapping[str, str] | None = None
) -> Register:
    """The outlets of a CSV or XLSX register, to be merged into a park with `with_outlets`; WGS 84.

    Raises BadInput when it is no table or a column is missing; rows that cannot be used are in `refused`.
    """
    path = Path(path)

    def read(data: bytes) -> Register:
        table = table_file.features_of_xlsx if data.startswith(b"PK\x03\x04") else _csv_features
        features = [_shifted(f, datum) for f in table(data, columns=columns)]
        rows, refused = outlets_from_features(features)
        return Register(tuple(RegisterRow(*row) for row in rows), refused)

    return _placed(path, read)


def _csv_features(data: bytes, *, columns: Mapping[str, str] | None) -> Features:
    return table_file.features_of_csv(_text(data), columns=columns)


def _placed(path: Path, read: Callable[[bytes], Read]) -> Read:
    """What is read of the file; what is wrong with it names the file."""
    try:
        return read(path.read_bytes())
    except OSError as problem:
        raise BadInput(NOT_READABLE.with_(why=system_said(problem)), where=str(path)) from problem
    except BadInput as problem:
        raise BadInput(problem.text, where=f"{path} {problem.where}".strip()) from problem


def _read(path: Path, data: bytes, datum: Datum, columns: Mapping[str, str]) -> ParkImport:
    ending = path.suffix.lower()
    if ending in (".geojson", ".json"):
        document = json_value(_text(data))
        check_crs(document)
        if datum is Datum.WGS84:
            return park_from_geojson(document, name=path.stem)
        return park_from_geojson(_shifted_document(document, datum), name=path.stem)
    readers: dict[str, Callable[[], Features]] = {
        ".kml": lambda: features_of_kml(data),
        ".kmz": lambda: features_of_kml(zip_member(data, ".kml")),
        ".shp": lambda: features_of_shapefile(path),
        ".csv": lambda: _csv_features(data, columns=columns),
        ".xlsx": lambda: table_file.features_of_xlsx(data, columns=columns),
    }
    if ending not in readers:
        raise BadInput(UNKNOWN_ENDING.with_(ending=ending, known=" ".join((".geojson", *readers))))
    return park_from_features([_shifted(f, datum) for f in readers[ending]()], name=path.stem)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(NOT_READABLE.with_(why="UTF-8, GBK?"))


def _shifted_document(document: object, datum: Datum) -> object:
    if not isinstance(document, dict):
        return document
    if isinstance(document.get("features"), list):
        shifted = [_shifted(f, datum) if isinstance(f, dict) else f for f in document["features"]]
        return {**document, "features": shifted}
    if document.get("type") == "Feature":
        return _shifted(document, datum)
    return {**document, "coordinates": _positions(document.get("coordinates"), datum)}


def _shifted(feature: Mapping[str, Any], datum: Datum) -> dict[str, Any]:
    geometry = feature.get("geometry")
    if datum is Datum.WGS84 or not isinstance(geometry, dict):
        return dict(feature)
    return {**feature, "geometry": {**geometry, "coordinates": _positions(geometry.get("coordinates"), datum)}}


def _positions(coordinates: Any, datum: Datum) -> Any:
    """Nested lists of [lon, lat] with each position shifted; what is no position is left for the reader to refuse."""
    if not isinstance(coordinates, list) or not coordinates:
        return coordinates
    if isinstance(coordinates[0], list):
        return [_positions(inner, datum) for inner in coordinates]
    if len(coordinates) < 2 or not all(isinstance(v, int | float) for v in coordinates[:2]):
        return coordinates
    lat, lon = to_wgs84(coordinates[1], coordinates[0], datum)
    return [float(lon), float(lat), *coordinates[2:]]
