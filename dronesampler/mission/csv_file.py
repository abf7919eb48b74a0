"""Missions as CSV: a row an item, with our column names; foreign tables need only latitude, longitude and height."""

import csv
import io
import math
import re
from dataclasses import dataclass, fields, replace

from dronesampler.mission.fields import NAMES, fields_of, item_of
from dronesampler.mission.losses import Part, lost, number
from dronesampler.mission.mission import Frame, Item, Mission, change_speed, waypoint
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
SPEED_AS = ("speed", "speed_m_s", "速度", "航速", "飞行速度")
OVER_AS = ("altitudemode",)
# Litchi, which many DJI pilots plan with: actiontype 0 stays for actionparam milliseconds, -1 is none.
NO_ACTION, STAY, ABOVE_GROUND, MOST_ACTIONS = -1.0, 0.0, 1.0, 15
ACTIONS = Text(
    "编号为 {names} 的动作未读入：只识别停留", "actions of the numbers {names} were not read: only stays are known here"
)
NOT_A_NUMBER = Text("{name} 列的“{value}”不是数", "“{value}” in column {name} is no number")
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


@dataclass(frozen=True, slots=True)
class _Columns:
    """Headings of the columns that are read, by our names; "" for those a table has not."""

    lat_deg: str
    lon_deg: str
    height_m: str
    hold_s: str
    speed_m_s: str
    height_over: str
    actions: tuple[tuple[str, str], ...]  # type and parameter, as Litchi writes them


def mission_from_csv(text: str, *, name: str) -> tuple[Mission, tuple[Text, ...]]:
    """The mission of a table, with commas, semicolons or tabs between; and which columns were not read.

    Raises BadInput naming the row.
    """
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = [row for row in csv_rows(text, separator=separator) if any(cell.strip() for cell in row)]
    names = rows[0] if rows else []
    columns = _columns(names)
    table = [dict(zip(names, row, strict=False)) for row in rows[1:]]
    if not table:
        raise BadInput(NO_ROWS)
    own = "command" in names
    items, said, speed = [], set[str](), 0.0
    for line, row in enumerate(table, 2):
        wanted = 0.0 if own else _number(row, columns.speed_m_s, line)
        if wanted > 0.0 and wanted != speed:
            items.append(change_speed(wanted))
            speed = wanted
        items.append(_own_item(row, columns, line) if own else _plain_item(row, columns, line, said))
    pairs = {heading for pair in columns.actions for heading in pair}
    known = {
        *(getattr(columns, f.name) for f in fields(_Columns) if f.name != "actions"),
        *pairs,
        *(NAMES if own else ()),
    }
    strange = [name for name in names if name.strip() and name not in known]
    lost = [NOT_READ.with_(names=", ".join(strange))] if strange else []
    lost += [ACTIONS.with_(names=", ".join(sorted(said)))] if said else []
    return Mission(name, tuple(items)), tuple(lost)


def _plain(name: str) -> str:
    return UNIT.sub("", name).strip().lower()


def _columns(names: list[str]) -> _Columns:
    headings = {_plain(name): name for name in names}

    def maybe(known_as: tuple[str, ...]) -> str:
        return next((headings[name] for name in known_as if name in headings), "")

    for column, known_as in KNOWN_AS.items():
        if not maybe(known_as):
            raise BadInput(NO_COLUMN.with_(column=column, names=", ".join(known_as)))
    found = [(headings.get(f"actiontype{n}"), headings.get(f"actionparam{n}")) for n in range(1, MOST_ACTIONS + 1)]
    places = {column: maybe(known_as) for column, known_as in KNOWN_AS.items()}
    return _Columns(
        **places,
        hold_s=maybe(HOLD_AS),
        speed_m_s=maybe(SPEED_AS),
        height_over=maybe(OVER_AS),
        actions=tuple((kind, value) for kind, value in found if kind and value),
    )


def _number(row: dict[str, str], heading: str, line: int) -> float:
    """0 for an empty cell or a column that is not there."""
    word = (row.get(heading) or "").strip() if heading else ""
    try:
        value = float(word or 0.0)
    except ValueError as problem:
        raise BadInput(NOT_A_NUMBER.with_(name=heading, value=word), where=f"row {line}") from problem
    if not math.isfinite(value):
        raise BadInput(NOT_A_NUMBER.with_(name=heading, value=word), where=f"row {line}")
    return value


def _place(row: dict[str, str], columns: _Columns, line: int) -> tuple[float, float, float]:
    words = [(row.get(heading) or "").strip() for heading in (columns.lat_deg, columns.lon_deg, columns.height_m)]
    try:
        lat, lon, height = (float(word) for word in words)
    except ValueError as problem:
        said = NOT_A_PLACE.with_(lat=words[0], lon=words[1], height=words[2])
        raise BadInput(said, where=f"row {line}") from problem
    return lat, lon, height


def _plain_item(row: dict[str, str], columns: _Columns, line: int, said: set[str]) -> Item:
    """A waypoint of another program's table; actions that are not a stay are told in `said`."""
    lat, lon, height = _place(row, columns, line)
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and math.isfinite(height)):
        raise BadInput(NOT_A_PLACE.with_(lat=lat, lon=lon, height=height), where=f"row {line}")
    hold_s = _number(row, columns.hold_s, line)
    for kind, value in columns.actions:
        action = _number(row, kind, line) if (row.get(kind) or "").strip() else NO_ACTION
        if action == STAY:
            hold_s += _number(row, value, line) / 1000.0
        elif action != NO_ACTION:
            said.add(f"{action:g}")
    frame = Frame.TERRAIN if _number(row, columns.height_over, line) == ABOVE_GROUND else Frame.HOME
    return replace(waypoint(lat, lon, height, hold_s=hold_s), frame=frame)


def _own_item(row: dict[str, str], columns: _Columns, line: int) -> Item:
    lat, lon, height = _place(row, columns, line)
    if not row.get("command"):
        return _plain_item(row, columns, line, set())
    try:
        return item_of(row, lat_deg=lat, lon_deg=lon, height_m=height)
    except BadInput as problem:
        raise BadInput(problem.text, where=f"row {line}") from problem
