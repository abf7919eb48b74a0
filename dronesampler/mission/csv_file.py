"""Missions as CSV: a row an item, with our column names; foreign tables need only latitude, longitude and height."""

import csv
import io
import math

from dronesampler.mission.fields import NAMES, fields_of, item_of
from dronesampler.mission.losses import Part, lost, number
from dronesampler.mission.mission import Item, Mission, waypoint
from dronesampler.problems import BadInput
from dronesampler.safe_files import csv_rows
from dronesampler.texts import Text

COLUMNS = ("lat_deg", "lon_deg", "height_m", *NAMES)
KNOWN_AS = {
    "lat_deg": ("lat_deg", "lat", "latitude", "纬度"),
    "lon_deg": ("lon_deg", "lon", "lng", "longitude", "经度"),
    "height_m": ("height_m", "alt", "altitude", "height", "altitude(m)", "高度", "相对高度"),
}
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


def mission_from_csv(text: str, *, name: str) -> Mission:
    """The mission of a table. Raises BadInput naming the row."""
    rows = [row for row in csv_rows(text) if row]
    names = rows[0] if rows else []
    headings = {name.strip().lower(): name for name in names}
    columns = {column: _column(column, headings) for column in KNOWN_AS}
    table = [dict(zip(names, row, strict=False)) for row in rows[1:]]
    return Mission(name, tuple(_item(row, columns, number) for number, row in enumerate(table, 2)))


def _column(column: str, headings: dict[str, str]) -> str:
    for name in KNOWN_AS[column]:
        if name in headings:
            return headings[name]
    raise BadInput(NO_COLUMN.with_(column=column, names=", ".join(KNOWN_AS[column])))


def _item(row: dict[str, str], columns: dict[str, str], line: int) -> Item:
    words = {column: (row.get(heading) or "").strip() for column, heading in columns.items()}
    try:
        lat, lon, height = (float(words[column]) for column in ("lat_deg", "lon_deg", "height_m"))
    except ValueError as problem:
        said = NOT_A_PLACE.with_(lat=words["lat_deg"], lon=words["lon_deg"], height=words["height_m"])
        raise BadInput(said, where=f"row {line}") from problem
    if not row.get("command"):
        if not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and math.isfinite(height)):
            raise BadInput(NOT_A_PLACE.with_(lat=lat, lon=lon, height=height), where=f"row {line}")
        return waypoint(lat, lon, height)
    try:
        return item_of(row, lat_deg=lat, lon_deg=lon, height_m=height)
    except BadInput as problem:
        raise BadInput(problem.text, where=f"row {line}") from problem
