"""Read the plain format of a patrol: readings.csv with the wind in each row, outlets.csv, instrument.json."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dronesampler.attribution import Instrument
from dronesampler.columns import Floats, Readings, Wind
from dronesampler.park import Outlet
from dronesampler.problems import BadInput, system_said
from dronesampler.safe_files import csv_rows, json_file
from dronesampler.texts import Text

READINGS, OUTLETS, INSTRUMENT = "readings.csv", "outlets.csv", "instrument.json"
COLUMNS = ("time_s", "lat_deg", "lon_deg", "height_agl_m", "value_mg_m3")
WIND_COLUMNS = ("wind_from_deg", "wind_speed_m_s")

MISSING = Text(
    "文件夹里没有 {name}。需要 readings.csv、outlets.csv 和 instrument.json。",
    "the folder has no {name}; it must hold readings.csv, outlets.csv and instrument.json",
)
NO_COLUMN = Text("缺少列 {name}。", "column {name} is missing")
NOT_NUMBER = Text("第 {row} 行的 {name} 不是数：{value!r}。", "row {row}: {name} is not a number: {value!r}")
UNREADABLE = Text("读不懂：{why}", "cannot be read: {why}")
NOT_UTF8 = Text("不是 UTF-8 编码的文本", "not text in UTF-8")
NOT_STATED = Text("没有给出 {name}。", "does not state {name}")
OFF_EARTH = Text(
    "第 {row} 行的经纬度不在地球上（纬度经度是否写反？）。",
    "row {row}: not a place on the earth (latitude and longitude swapped?)",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """What one folder of the plain format holds."""

    readings: Readings
    wind: Wind
    outlets: tuple[Outlet, ...]
    instrument: Instrument


def read_folder(folder: Path) -> Folder:
    """The patrol in a folder. A blank or NaN cell is a missing value; wind columns may be absent."""
    columns = _columns(folder / READINGS, COLUMNS, optional=WIND_COLUMNS)
    n = len(columns["time_s"])
    _on_earth(columns["lat_deg"], columns["lon_deg"], folder / READINGS)
    instrument = _instrument(folder / INSTRUMENT)
    time_s, lat_deg, lon_deg, height_m, value = (columns[c] for c in COLUMNS)
    rest = np.full(n, 1.0), np.ones(n, np.bool_), np.arange(n, dtype=np.int64)
    readings = Readings(time_s, lat_deg, lon_deg, height_m, value, *rest, quantity=instrument.quantity)
    wind = Wind(columns["time_s"], columns["wind_from_deg"], columns["wind_speed_m_s"], columns["height_agl_m"])
    return Folder(readings, wind, _outlets(folder / OUTLETS), instrument)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        raise BadInput(MISSING.with_(name=path.name), where=str(path.parent))
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            heads, *rows = [row for row in csv_rows(file.read()) if row] or [[]]
            return [dict(zip(heads, row, strict=False)) for row in rows]
    except UnicodeDecodeError as error:
        raise BadInput(UNREADABLE.with_(why=NOT_UTF8), where=str(path)) from error
    except OSError as error:
        raise BadInput(UNREADABLE.with_(why=system_said(error)), where=str(path)) from error
    except BadInput as error:
        raise BadInput(error.text, where=str(path)) from error


def _columns(path: Path, names: tuple[str, ...], *, optional: tuple[str, ...] = ()) -> dict[str, Floats]:
    rows = _rows(path)
    if rows:
        for name in names:
            if name not in rows[0]:
                raise BadInput(NO_COLUMN.with_(name=name), where=str(path))
    return {
        name: np.array([_number(row.get(name), name=name, row=i, path=path) for i, row in enumerate(rows, 2)], float)
        for name in (*names, *optional)
    }


def _number(cell: str | None, *, name: str, row: int, path: Path) -> float:
    if cell is None or not cell.strip():
        return math.nan
    try:
        return float(cell)
    except ValueError:
        raise BadInput(NOT_NUMBER.with_(row=row, name=name, value=cell), where=str(path)) from None


def _on_earth(lat: Floats, lon: Floats, path: Path) -> None:
    wrong = np.flatnonzero((np.abs(lat) > 90.0) | (np.abs(lon) > 180.0))
    if len(wrong):
        raise BadInput(OFF_EARTH.with_(row=int(wrong[0]) + 2), where=str(path))


def _outlets(path: Path) -> tuple[Outlet, ...]:
    codes = [row.get("code") or "" for row in _rows(path)]
    c = _columns(path, ("lat_deg", "lon_deg", "height_m"))
    _on_earth(c["lat_deg"], c["lon_deg"], path)
    rows = zip(codes, c["lat_deg"], c["lon_deg"], c["height_m"], strict=True)
    return tuple(Outlet(k, float(a), float(b), float(h)) for k, a, b, h in rows if math.isfinite(a + b + h))


def _instrument(path: Path) -> Instrument:
    if not path.exists():
        raise BadInput(MISSING.with_(name=path.name), where=str(path.parent))
    stated: Any = json_file(path)
    values = {}
    for name in ("t90_s", "delay_s", "noise_mg_m3"):
        value = stated.get(name) if isinstance(stated, dict) else None
        if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise BadInput(NOT_STATED.with_(name=name), where=str(path))
        values[name] = float(value)
    return Instrument(**values, quantity=str(stated.get("quantity", "")))
