"""ESRI shapefiles as features; degrees only, as their .prj says."""

import struct
import warnings
from pathlib import Path
from typing import Any

import shapefile

from dronesampler.problems import BadInput, library_said
from dronesampler.texts import Text

NOT_SHAPEFILE = Text("不是完好的 shapefile：{why}", "not a whole shapefile: {why}")
PROJECTED = Text(
    "shapefile 使用投影坐标（.prj：{name}），请先转为经纬度",
    "the shapefile is in projected coordinates (.prj: {name}): turn it into degrees first",
)


def features_of_shapefile(path: Path) -> list[dict[str, Any]]:
    """A feature a shape, with its attributes where there is a .dbf. Raises BadInput."""
    _check_projection(path.with_suffix(".prj"))
    table = path.with_suffix(".dbf")
    try:
        # pyshp only warns where the header's length does not fit: then the file is cut or hit, and is refused.
        with warnings.catch_warnings(), path.open("rb") as shapes:
            warnings.simplefilter("error")
            reader = shapefile.Reader(shp=shapes)
            geometries = [_listed(shape.__geo_interface__) for shape in reader.iterShapes()]
        rows = _attributes(table) if table.exists() else [{} for _ in geometries]
    except (shapefile.ShapefileException, Warning, OSError, LookupError, ValueError, struct.error) as problem:
        raise BadInput(NOT_SHAPEFILE.with_(why=library_said(problem))) from problem
    return [{"properties": row, "geometry": shape} for row, shape in zip(rows, geometries, strict=False)]


def _attributes(table: Path) -> list[dict[str, Any]]:
    with table.open("rb") as file, shapefile.Reader(dbf=file, encoding="utf-8", encodingErrors="replace") as reader:
        records = [record.as_dict() for record in reader.iterRecords()]
    return [{key.lower(): value for key, value in row.items() if value not in (None, "")} for row in records]


def _listed(geometry: Any) -> Any:
    """pyshp gives tuples; features hold lists, as JSON does."""
    if isinstance(geometry, dict):
        return {key: _listed(value) for key, value in geometry.items()}
    return [_listed(value) for value in geometry] if isinstance(geometry, list | tuple) else geometry


def _check_projection(path: Path) -> None:
    if path.exists():
        text = path.read_text(encoding="utf-8", errors="replace")
        if text.lstrip().upper().startswith("PROJCS"):
            raise BadInput(PROJECTED.with_(name=text.split(chr(34))[1] if chr(34) in text else text[:40]))
