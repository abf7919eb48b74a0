"""Missions as CSV: a row an item, with our column names; foreign tables need only latitude, longitude and height."""

import csv
import io
import math
import re

from dronesampler.mission.fields import NAMES, fields_of, item_of
from dronesampler.mission.losses import Part, lost, number
from dronesampler.mission.mission import Item, Mission, waypoint
from dronesampler.problems import BadInput
from dronesampler.safe_files import csv_rows
from dronesampler.texts import Text

COLUMNS = ("lat_deg", "lon_deg", "height_m", *NAMES)
KNOWN_AS = {
    "lat_deg": ("lat_deg", "lat", "latitude", "纬度", "y"),
    "lon_deg": ("lon_deg", "lon", "lng", "long", "longitude", "经度", "x"),
    "height_m": (
        *("height_m", "alt", "altitude", "height", "relative altitude", "altitude agl"),
        *("高度", "相对高度", "飞行高度", "航点高度", "航高", "对地高度", "z"),
    ),
}
HOLD_AS = ("hold_s", "hold", "hold time", "停留时间", "悬停时间", "停留")
UNIT = re.compile(r"\s*[(（\[].*?[)）\]]\s*")  # what a heading says in brackets: (m), （°）
NOT_READ = Text("没有读入这些列：{names}", "these columns were not read: {names}")
NO_ROWS = Text("表中没有航点", "there is no waypoint in the table")
NO_COLUMN = Text(
    "没有{column}列；列名应为 {names} 之一", "there is no column for {column}; it should be called one of {names}"
)
NOT_A_PLACE = Text("{lat}, {lon}, {height} 不是位置", "{lat}, {lon}, {height} is not a place")


def csv_text(mission: Mission) -> tuple[str, tuple[Text, ...]]:
    """The items, and what the format cannot hold."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for item in mission.items:
        place = {"lat_deg": number(item.lat_deg), "lon_deg": number(item.lon_deg), "height_m": number(item.height_m)}
        rows.writerow({**place, **fields_of(item)})
    return out.getvalue(), lost(mission, Part.FENCE, Part.RALLY, Part.HOME)


def mission_from_csv(text: str, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The mission of a table, with commas, semicolons or tabs between; and which columns were not read.

    Raises BadInput naming the row.
    """
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = [row for row in csv_rows(text, separator=separator) if any(cell.strip() for cell in row)]
    names = rows[0] if rows else []
    headings = {_plain(name): name for name in names}
    columns = {column: _column(column, headings) for column in KNOWN_AS}
    hold = next((headings[name] for name in HOLD_AS if name in headings), None)
    table = [dict(zip(names, row, strict=False)) for row in rows[1:]]
    if not table:
        raise BadInput(NO_ROWS)
    items = tuple(_item(row, columns, hold, line=number) for number, row in enumerate(table, 2))
    known = {*columns.values(), *([hold] if hold else []), *(NAMES if "command" in names else ()), ""}
    strange = [name for name in names if name.strip() not in known]
    return Mission(name, items), ((NOT_READ.with_(names=", ".join(strange)),) if strange else ())


def _plain(name: str) -> str:
    return UNIT.sub("", name).strip().lower()


def _column(column: str, headings: dict[str, str]) -> str:
    for name in KNOWN_AS[column]:
        if name in headings:
            return headings[name]
    raise BadInput(NO_COLUMN.with_(column=column, names=", ".join(KNOWN_AS[column])))


def _item(row: dict[str, str], columns: dict[str, str], hold: str | None, *, line: int) -> Item:
    words = {column: (row.get(heading) or "").strip() for column, heading in columns.items()}
    try:
        lat, lon, height = (float(words[column]) for column in ("lat_deg", "lon_deg", "height_m"))
        hold_s = float((row.get(hold) or "").strip() or 0.0) if hold else 0.0
    except ValueError as problem:
        said = NOT_A_PLACE.with_(lat=words["lat_deg"], lon=words["lon_deg"], height=words["height_m"])
        raise BadInput(said, where=f"row {line}") from problem
    if not row.get("command"):
        if not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and math.isfinite(height) and math.isfinite(hold_s)):
            raise BadInput(NOT_A_PLACE.with_(lat=lat, lon=lon, height=height), where=f"row {line}")
        return waypoint(lat, lon, height, hold_s=hold_s)
    try:
        return item_of(row, lat_deg=lat, lon_deg=lon, height_m=height)
    except BadInput as problem:
        raise BadInput(problem.text, where=f"row {line}") from problem
