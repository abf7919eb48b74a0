"""Registers of outlets in CSV and XLSX tables: columns matched by their names, Chinese or English."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dronesampler.park.foreign import ROW
from dronesampler.problems import BadInput, library_said
from dronesampler.safe_files import csv_rows
from dronesampler.texts import Text

NO_COLUMN = Text(
    "没有“{column}”列；表头应含 {names} 之一，或用列对应文件指明",
    "there is no column for {column}: its head should be one of {names}, or name it in a column file",
)
EMPTY_TABLE = Text("表格是空的", "the table is empty")
NOT_TABLE = Text("不是可读的表格：{why}", "not a table that can be read: {why}")

# Our name of a column: the heads it is known by, in lower case.
HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "outlet", "outlet code", "排放口编号", "排口编号", "编号", "排放口编码"),
    "lat_deg": ("lat_deg", "lat", "latitude", "纬度", "排放口纬度", "北纬"),
    "lon_deg": ("lon_deg", "lon", "lng", "longitude", "经度", "排放口经度", "东经"),
    "height_m": (
        "height_m",
        "height",
        "stack height",
        "排气筒高度",
        "高度",
        "排气筒高度(m)",
        "排气筒高度（m）",
        "高度(m)",
    ),
    "enterprise": ("enterprise", "company", "credit_code", "统一社会信用代码", "企业", "企业名称", "单位名称"),
    "diameter_m": ("diameter_m", "diameter", "出口内径", "内径", "出口内径(m)", "排气筒内径", "排气筒出口内径"),
    "pollutants": ("pollutants", "pollutant", "污染物", "污染物种类", "主要污染物"),
    "treatment_unit": ("treatment_unit", "treatment", "治理设施", "治理设施编号", "污染治理设施编号"),
    "limit_g_s": ("limit_g_s", "limit", "许可排放速率"),
}
NEEDED = ("code", "lat_deg", "lon_deg")
NUMBERS = ("height_m", "diameter_m", "limit_g_s")
ANGLES = ("lat_deg", "lon_deg")
# 116°29′20.5″, 116度29分20.5秒, with or without minutes and seconds, N/S/E/W before or after
SEXAGESIMAL = re.compile(
    r"([NSEW]?)\s*(\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*[′'’分]\s*)?"
    r"(?:(\d+(?:\.\d+)?)\s*(?:[″\"”秒]|''|′′)\s*)?([NSEW]?)",
    re.IGNORECASE,
)


def features_of_csv(text: str, *, columns: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """A point feature a row. `columns` maps our names to heads where matching by name fails. Raises BadInput."""
    try:
        sample = text[:4096]
        separator = csv.Sniffer().sniff(sample, ",;\t").delimiter if sample else ","
    except csv.Error:
        separator = ","
    return _features(csv_rows(text, separator=separator), columns or {})


def features_of_xlsx(data: bytes, *, columns: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """A point feature a row of the first sheet. Raises BadInput."""
    from openpyxl import load_workbook  # slow to load, and rarely needed

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as problem:
        raise BadInput(NOT_TABLE.with_(why=library_said(problem))) from problem
    return _features(([_word(cell) for cell in row] for row in rows), columns or {})


def _word(cell: object) -> str:
    return "" if cell is None else str(cell)


def _features(rows: Iterable[Sequence[str]], columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows are numbered as a spreadsheet shows them, empty ones included."""
    table = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not table:
        raise BadInput(EMPTY_TABLE)
    places = _places([head.strip() for head in table[0][1]], columns)
    return [
        {"where": f"row {number}", **_feature({name: row[at].strip() for name, at in places.items() if at < len(row)})}
        for number, row in table[1:]
    ]


def _places(heads: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    lower = [head.lower() for head in heads]
    places = {}
    for name, known in HEADS.items():
        wanted = [columns[name].lower()] if name in columns else known
        at = next((lower.index(head) for head in wanted if head in lower), None)
        if at is not None:
            places[name] = at
        elif name in NEEDED:
            raise BadInput(NO_COLUMN.with_(column=name, names="、".join(known)))
    return places


def _feature(cells: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {key: _value(key, word) for key, word in cells.items() if word}
    lat, lon = values.pop("lat_deg", None), values.pop("lon_deg", None)
    if "pollutants" in values:
        values["pollutants"] = [p for p in re.split(r"\s*[、,，;；]\s*", values["pollutants"]) if p]
    return {"properties": {**values, "kind": ROW}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def _value(key: str, word: str) -> Any:
    if key in ANGLES:
        return _angle(word)
    return _number(word) if key in NUMBERS else word


def _angle(word: str) -> Any:
    """Degrees from a decimal number or degrees, minutes and seconds; the word itself where it is neither."""
    found = SEXAGESIMAL.fullmatch(word.strip())
    if found is None:
        return _number(word)
    before, degrees, minutes, seconds, after = found.groups()
    value = float(degrees) + float(minutes or 0) / 60.0 + float(seconds or 0) / 3600.0
    return -value if (before or after).upper() in ("S", "W") else value


def _number(word: str) -> Any:
    """A number with a point or, as some programs write it, a comma; the word itself where it is none."""
    try:
        return float(word.replace(",", ".") if word.count(",") == 1 and "." not in word else word)
    except ValueError:
        return word
