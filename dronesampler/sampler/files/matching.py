"""Which column is what: roles, species and units from the headers, or from a columns file that somebody saved."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dronesampler.problems import BadInput
from dronesampler.texts import Text


class Role(StrEnum):
    """What a column holds."""

    TIME = "time"
    DATE = "date"
    ELAPSED = "elapsed"
    LAT = "lat"
    LON = "lon"
    HEIGHT_AGL = "height_agl"
    HEIGHT_HOME = "height_home"
    HEIGHT_SEA = "height_sea"
    HEADING = "heading"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    PRESSURE = "pressure"
    HUMIDITY = "humidity"
    WIND_FROM = "wind_from"
    WIND_SPEED = "wind_speed"
    SERIAL = "serial"
    SPECIES = "species"  # a row for each pollutant
    UNIT = "unit"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Column:
    """One matched column: its place in the table, role, and for values the species and unit ("" where not known).

    `instrument` is what the header says in brackets after the species, as in `CO2 (smartGAS) / ppm`.
    """

    index: int
    role: Role
    quantity: str = ""
    unit: str = ""
    name: str = ""
    instrument: str = ""


_ROLES: tuple[tuple[Role, str], ...] = (
    (Role.HEIGHT_AGL, r".*\bagl\b.*|离地高.*|对地高.*|height_?above_?ground"),
    (
        Role.TIME,
        r"time ?stamp.*|date ?_?time.*|utc ?time|utc|gps ?time|time|采样点?时间|监测时间|数据时间|时间|datatime",
    ),
    (Role.DATE, r"date|日期|监测日期"),
    (Role.ELAPSED, r"duration|elapsed.*|flight ?time|飞行时间"),
    (Role.LAT, r"(gps)?_?lat(itude)?(_?deg)?|纬度"),
    (Role.LON, r"(gps)?_?(lon|lng|long|longitude|longtitude)(_?deg)?|经度"),
    (
        Role.HEIGHT_HOME,
        r"(rel(ative)?_?)?(height|alt)(itude)?_?(home|rel.*)|rel(ative)?[ _]?(height|alt.*)|相对高度|飞行高度",
    ),
    (Role.HEIGHT_SEA, r"(gps)?_?alt(itude)?(_?m)?|海拔.*"),
    (Role.HEADING, r"heading|(drone )?yaw|航向.*"),
    (Role.TEMPERATURE, r"temp(erature)?|t_?air|环境温度|温度|气温"),
    (Role.PRESSURE, r"press(ure)?|大?气压|压力"),
    (Role.HUMIDITY, r"(rel(ative)? ?)?hum(idity)?|rh|相?对?湿度"),
    (Role.WIND_FROM, r"wind[ _]?(dir(ection)?|from)|风向"),
    (Role.WIND_SPEED, r"wind[ _]?speed|风速"),
    (Role.SPEED, r"(ground ?)?speed|速度"),
    (Role.SERIAL, r"设备序列号|序列号|设备编号|serial([ _]?n(o|umber))?|sn|device_?id"),
    (Role.SPECIES, r"pollutant|species|gas|parameter|污染物(名称)?|监测因子|因子|项目"),
    (Role.UNIT, r"units?|单位"),
    (Role.VALUE, r"value|concentration|conc\.?|浓度|监测值|数值|测值"),
)
_PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES)

_QUANTITIES = {
    "NMHC": r"nmhc|nmthc|非甲烷总烃",
    "THC": r"thc|总烃|总碳氢",
    "CH4": r"ch4(vmr)?|methane|甲烷",
    "TVOC": r"tvocs?|总挥发性有机物",
    "VOC": r"vocs?|挥发性有机物",
    "benzene": r"benzene|苯",
    "toluene": r"toluene|甲苯",
    "xylene": r"xylenes?|二甲苯",
    "HCHO": r"hcho|ch2o|formaldehyde|甲醛",
    "C2H5OH": r"c2h5oh|ethanol|乙醇",
    "CO2": r"co2|二氧化碳",
    "CO": r"co|一氧化碳",
    "SO2": r"so2|二氧化硫",
    "NO2": r"no2|二氧化氮",
    "NO": r"no|一氧化氮",
    "O3": r"o3|ozone|臭氧",
    "Ox": r"ox|o3\+no2|no2\+o3",
    "H2S": r"h2s|硫化氢",
    "NH3": r"nh3|氨气?",
    "HCl": r"hcl|氯化氢",
    "Cl2": r"cl2|氯气",
    "PM1": r"pm1(\.0)?",
    "PM2.5": r"pm2\.?5",
    "PM10": r"pm10",
}
_SPECIES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _QUANTITIES.items()}
_UNITS = {
    "ppm": "ppm", "ppmv": "ppm", "umol/mol": "ppm", "μmol/mol": "ppm", "ppb": "ppb", "ppbv": "ppb", "mg/m3": "mg/m3",
    "ug/m3": "ug/m3", "mgc/m3": "mgC/m3", "pa": "Pa", "hpa": "hPa", "mbar": "hPa", "kpa": "kPa", "c": "°C", "°c": "°C",
    "℃": "°C", "celcius": "°C", "celsius": "°C", "k": "K", "%": "%", "m": "m", "meter": "m", "ft": "ft", "m/s": "m/s",
    "km/h": "km/h", "s": "s", "sec": "s", "ms": "ms", "°": "°", "deg": "°", "%rh": "%",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[（]([^()\[\]（）]*)[)\]）]\s*(.*)$")
_NOT_COLUMNS = Text(
    '列配置文件有误：{why}。每列写成 “表头” = {{ role = "value", quantity = "NMHC", unit = "mg/m3" }}',
    'the columns file is wrong: {why}. Write each column as "header" = {{ role = "value", quantity = "NMHC", '
    'unit = "mg/m3" }}',
)


def unit_named(text: str) -> str:
    """One spelling of a unit, "" where it is none that we know."""
    key = text.strip().lower().replace("³", "3").replace("^3", "3").replace("μ", "u").replace("µ", "u")
    return _UNITS.get(key, "")


def species_of(name: str) -> str:
    """One spelling of a species, "" where the text names none that we know."""
    return next((key for key, pattern in _SPECIES.items() if pattern.fullmatch(name.strip())), "")


def matched(header: Sequence[str]) -> tuple[Column, ...]:
    """Roles of the columns whose headers are understood; a role is taken by the first column that fits it."""
    found: list[Column] = []
    for index, name in enumerate(header):
        column = _match(index, name)
        # A second column of a role is left alone; values may be many.
        if column and (column.role is Role.VALUE or column.role not in {c.role for c in found}):
            found.append(column)
    return tuple(_settled(found))


def _match(index: int, header: str) -> Column | None:
    name, unit = split_unit(header)
    species, instrument = _tagged(name)
    quantity = species_of(species)
    if quantity and unit in ("", "ppm", "ppb", "mg/m3", "ug/m3", "mgC/m3"):
        return Column(index, Role.VALUE, quantity, unit, header, instrument)
    for text in (header.strip(), name, species):
        for role, pattern in _PATTERNS:
            if pattern.fullmatch(text):
                return Column(index, role, "", unit, header)
    return None


def split_unit(header: str) -> tuple[str, str]:
    """`CO2 / ppm`, `TVOC (ppb)`, `VOCs ppm`, `Press_Pa` as name and unit; the unit "" where none is understood."""
    text = header.strip()
    for separator in (" / ", " ", "_"):
        name, found, unit = text.rpartition(separator)
        if found and unit_named(unit):
            return name.strip(), unit_named(unit)
    brackets = _IN_BRACKETS.match(text)
    if brackets and unit_named(brackets[2]):
        return f"{brackets[1]} {brackets[3]}".strip(), unit_named(brackets[2])
    return text, ""


def _tagged(name: str) -> tuple[str, str]:
    """A species and what stands in brackets after it."""
    brackets = _IN_BRACKETS.match(name)
    return (brackets[1].strip(), brackets[2].strip()) if brackets and not brackets[3] else (name, "")


def _settled(columns: list[Column]) -> list[Column]:
    """A column called value is one only beside a species; elapsed time counts only where no time is told."""
    roles = {c.role for c in columns}
    return [
        c
        for c in columns
        if not (c.role is Role.VALUE and not c.quantity and Role.SPECIES not in roles)
        and not (c.role is Role.ELAPSED and Role.TIME in roles)
    ]


def load_columns(text: str, header: Sequence[str]) -> tuple[tuple[Column, ...], dict[str, Any]]:
    """A saved columns file against a header; without a header columns are named by number from 1. Raises BadInput."""
    try:
        document = tomllib.loads(text)
        given = document.get("columns", {})
        found = [_loaded(name, spec, header) for name, spec in given.items()]
    except (tomllib.TOMLDecodeError, ValueError, KeyError, AttributeError, TypeError) as reason:
        raise BadInput(_NOT_COLUMNS.with_(why=reason)) from reason
    return tuple(c for c in found if c is not None), dict(document.get("table", {}))


def _loaded(name: str, spec: dict[str, str], header: Sequence[str]) -> Column | None:
    role = Role(spec["role"])
    if name in header:
        index = list(header).index(name)
    elif name.isdecimal() and not header:
        index = int(name) - 1
    else:
        return None
    return Column(index, role, spec.get("quantity", ""), spec.get("unit", ""), name, spec.get("instrument", ""))


def saved_columns(columns: Sequence[Column]) -> str:
    """The matching as a columns file that `load_columns` reads."""
    lines = ["# Which column is what; see `dronesampler import --help`.", "[columns]"]
    for column in columns:
        fields = {"role": column.role.value, "quantity": column.quantity, "unit": column.unit}
        fields["instrument"] = column.instrument
        inner = ", ".join(f"{key} = {_quoted(value)}" for key, value in fields.items() if value)
        lines.append(f"{_quoted(column.name or str(column.index + 1))} = {{ {inner} }}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
