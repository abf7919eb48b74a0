"""Tables of gas values, tracks or wind (CSV and XLSX, Sniffer4D Mapper's too) to a recording."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats, Track, Wind
from dronesampler.problems import BadInput
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.matching import Column, Role, load_columns, matched, species_of, unit_named
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Mask, Recording, Rows, Series, Tally, track_from
from dronesampler.sampler.files.table import Table, numbers
from dronesampler.sampler.files.times import EARLIEST_S, Times, read_times
from dronesampler.sampler.species import columns_to_mg_m3, species_named
from dronesampler.texts import Text

_BEIJING = timezone(timedelta(hours=8))
_FEET_M, _KM_H = 0.3048, 1.0 / 3.6
_TO_HPA = {"Pa": 0.01, "hPa": 1.0, "kPa": 10.0, "": 1.0}
_ORDER = ("NMHC", "THC", "TVOC", "VOC")

NOT_UNDERSTOOD = Text(
    "表格的列无法识别（表头：{header}）；请用 --columns FILE 指定列，写法见 dronesampler import --help",
    "the table's columns are not understood (header: {header}); name them with --columns FILE, "
    "see dronesampler import --help",
)
NO_ROWS = Text("表格只有表头，没有数据行", "the table has a header and no rows")
NO_TIMES = Text(
    "“{column}”列中没有一个能读懂的时间；第一个单元格是“{cell}”",
    "no time in column {column!r} can be read; the first cell is {cell!r}",
)
_ZONE_TAKEN = Text(
    "时间没有写明时区，按 {zone} 读取；可用 --time-zone 指定",
    "the times name no zone and were read as {zone}; --time-zone says otherwise",
)
_NO_DAY = Text("只有时刻没有日期；可用 --date 指定", "times of day without a date; --date gives it")
_NO_HEIGHT = Text("没有高度列：高度未知", "no height column: heights are not known")
_NO_UNIT = Text(
    "“{name}”没有单位，无法换算为 mg/m3；请在 --columns 中写明",
    "{name!r} has no unit and cannot be converted to mg/m3; state it in --columns",
)
_SWAPPED = Text(
    "纬度列与经度列互换了，已按数值改正", "the latitude and longitude columns are exchanged; put right by their values"
)
_TWO_PLACES = Text(
    "同一序列号 {serial} 在同一时刻出现在相距 {distance:.0f} m 的两处：可能是两台仪器",
    "serial number {serial} is in two places {distance:.0f} m apart at one time: two instruments, perhaps",
)


def read_table(table: Table, *, kind: str, options: Options = Options()) -> Recording:  # noqa: B008 - frozen
    """A recording from a table. Raises BadInput where the columns are not understood or there are no rows."""
    if options.columns is not None:
        columns, _ = load_columns(options.columns, table.header)
    else:
        columns = matched(table.header)
    if not _enough(columns):
        raise BadInput(NOT_UNDERSTOOD.with_(header=", ".join(table.header[:12]) or "–"))
    if not len(table):
        raise BadInput(NO_ROWS)
    return _TableReading(table, columns, options).recording(kind)


def _enough(columns: Sequence[Column]) -> bool:
    roles = {c.role for c in columns}
    place, wind = {Role.LAT, Role.LON}, {Role.WIND_FROM, Role.WIND_SPEED}
    return bool(roles & {Role.TIME, Role.ELAPSED, Role.DATE}) and (
        Role.VALUE in roles or place <= roles or wind <= roles
    )


@dataclass(slots=True)
class _Air:
    temperature_c: Floats
    pressure_hpa: Floats


class _TableReading:
    """One table on its way to a recording; its methods fill the tally as they go."""

    def __init__(self, table: Table, columns: Sequence[Column], options: Options) -> None:
        self._table = table
        self._columns = columns
        self._options = options
        self._tally = Tally()
        self._notes: list[Text] = []
        self._marks: dict[str, Mask] = {}
        self._lines: dict[str, Mask] = {}  # marks that differ by series, counted once a line

    def recording(self, kind: str) -> Recording:
        times = self._times(kind)
        kept = np.flatnonzero(np.isfinite(times.time_s))
        self._count("time", checks.NO_TIME, ~np.isfinite(times.time_s))
        if not len(kept):
            raise self._no_times()
        time_s = times.time_s[kept]
        self._mark_lines(times, kept)
        rows = self._rows(time_s, kept)
        series = self._series(rows, kept)
        wind = self._wind(time_s, kept)
        track = self._track(rows, kept)
        for code, reason in _REASONS.items():
            mask = self._marks.get(code, self._lines.get(code))
            if mask is not None:
                self._count(code, reason, mask, of=kept)
        return Recording(
            kind=kind if series else ("track-table" if track else "wind-table"),
            messages=len(self._table),
            track=track,
            rows=rows,
            series=series,
            wind=wind,
            rejected=self._tally.all(),
            notes=tuple(self._notes),
            dated=times.dated and bool(np.median(time_s) > EARLIEST_S),
            serial=self._serial(),
            details={"elapsed": True} if times.elapsed else {},
        )

    def _cells(self, role: Role) -> list[str] | None:
        column = self._column(role)
        return None if column is None else self._table.columns[column.index]

    def _column(self, role: Role) -> Column | None:
        return next((c for c in self._columns if c.role is role), None)

    def _numbers(self, role: Role, kept: NDArray[np.int64]) -> Floats | None:
        cells = self._cells(role)
        return None if cells is None else numbers(cells, decimal_comma=self._table.decimal_comma)[kept]

    def _times(self, kind: str) -> Times:
        cells = self._time_cells()
        zone = self._zone(kind)
        times = read_times(cells, zone=zone, day=self._options.day)
        if not times.dated and not times.elapsed:
            self._notes.append(_NO_DAY)
        elif not times.zoned and not times.elapsed and self._options.zone is None and zone is not _SAID_UTC:
            self._notes.append(_ZONE_TAKEN.with_(zone=zone))
        return times

    def _time_cells(self) -> list[str]:
        time, day = self._cells(Role.TIME), self._cells(Role.DATE)
        if time is not None and day is not None and not any("-" in c or "/" in c for c in time[:5]):
            return [f"{d.split(' ')[0]} {t}" for d, t in zip(day, time, strict=True)]
        return time or day or self._cells(Role.ELAPSED) or []

    def _zone(self, kind: str) -> tzinfo:
        """What the header says, else what the person says, else what programs of that language write."""
        column = self._column(Role.TIME)
        if column and ("utc" in column.name.lower() or "gmt" in column.name.lower()):
            return _SAID_UTC
        if self._options.zone is not None:
            return self._options.zone
        chinese = any("\u4e00" <= letter <= "\u9fff" for name in self._table.header for letter in name)
        return _BEIJING if chinese or kind == "sniffer4d-csv" else UTC

    def _no_times(self) -> BadInput:
        column = self._column(Role.TIME) or self._column(Role.DATE) or self._column(Role.ELAPSED)
        assert column is not None
        cell = self._table.columns[column.index][0][:40]
        return BadInput(NO_TIMES.with_(column=column.name, cell=cell))

    def _mark_lines(self, times: Times, kept: NDArray[np.int64]) -> None:
        short = np.zeros(len(self._table), bool)
        short[list(self._table.short)] = True
        self._marks["half-line"] = short[kept]
        self._marks["dst"] = times.twice[kept]
        if times.dated:
            self._marks["clock"] = times.time_s[kept] < EARLIEST_S

    def _rows(self, time_s: Floats, kept: NDArray[np.int64]) -> Rows:
        nan = np.full(len(time_s), math.nan)
        lat, lon = self._numbers(Role.LAT, kept), self._numbers(Role.LON, kept)
        if lat is None or lon is None:
            lat, lon = nan, nan
        else:
            lat, lon = self._put_right(lat, lon)
            self._marks["no-fix"] = checks.no_fix(lat, lon)
            lat, lon = (np.where(self._marks["no-fix"], math.nan, column) for column in (lat, lon))
            self._marks["jump"] = checks.jumps(time_s, lat, lon)
        heights = {role: self._metres(role, kept) for role in (Role.HEIGHT_HOME, Role.HEIGHT_AGL)}
        if self._column(Role.LAT) and not any(self._column(r) for r in (*heights, Role.HEIGHT_SEA)):
            self._notes.append(_NO_HEIGHT)
        raw = self._table.raw
        return Rows(
            time_s=time_s,
            lat_deg=lat,
            lon_deg=lon,
            height_home_m=heights[Role.HEIGHT_HOME],
            height_agl_m=heights[Role.HEIGHT_AGL],
            raw=[raw[k] for k in kept],
        )

    def _put_right(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        known = np.isfinite(lat) & np.isfinite(lon)
        if known.any() and np.median(np.abs(lat[known])) > 90.0 and np.median(np.abs(lon[known])) <= 90.0:
            self._notes.append(_SWAPPED)
            return lon, lat
        return lat, lon

    def _metres(self, role: Role, kept: NDArray[np.int64]) -> Floats:
        found, column = self._numbers(role, kept), self._column(role)
        if found is None or column is None:
            return np.full(len(kept), math.nan)
        return found * (_FEET_M if column.unit == "ft" else 1.0)

    def _air(self, kept: NDArray[np.int64]) -> _Air:
        count = len(kept)
        temperature, pressure = self._numbers(Role.TEMPERATURE, kept), self._numbers(Role.PRESSURE, kept)
        temperature = np.full(count, math.nan) if temperature is None else temperature
        pressure = np.full(count, math.nan) if pressure is None else pressure
        column = self._column(Role.TEMPERATURE)
        if column and column.unit == "K":
            temperature = temperature - 273.15
        column = self._column(Role.PRESSURE)
        pressure = pressure * _TO_HPA.get(column.unit if column else "", 1.0)
        self._marks["pressure"] = checks.impossible_pressure(pressure)
        odd = np.isfinite(temperature) & ((temperature < -60.0) | (temperature > 80.0))
        return _Air(
            checks.filled(temperature, odd, default=20.0),
            checks.filled(pressure, self._marks["pressure"], default=1013.25),
        )

    def _series(self, rows: Rows, kept: NDArray[np.int64]) -> tuple[Series, ...]:
        values = [c for c in self._columns if c.role is Role.VALUE]
        if not values:
            return ()
        air = self._air(kept)
        everything = np.arange(len(kept))
        found = []
        for column in values:
            cells = self._table.columns[column.index]
            value = numbers(cells, decimal_comma=self._table.decimal_comma)[kept]
            if self._column(Role.SPECIES) and not column.quantity:
                found += self._by_species(value, column.unit, rows=rows, kept=kept, air=air)
            else:
                named = (column.quantity or column.name, column.unit, column.instrument)
                found.append(self._one(value, named, row=everything, rows=rows, air=air))
        return tuple(sorted(found, key=lambda s: _ORDER.index(s.quantity) if s.quantity in _ORDER else len(_ORDER)))

    def _by_species(self, value: Floats, unit: str, *, rows: Rows, kept: NDArray[np.int64], air: _Air) -> list[Series]:
        """A row for each pollutant: one series for each name and unit."""
        names, units = self._cells(Role.SPECIES) or [], self._cells(Role.UNIT)
        keys = [(names[k].strip(), unit_named(units[k]) if units else unit) for k in kept]
        found = []
        for key in sorted(set(keys)):
            row = np.array([k for k, found_key in enumerate(keys) if found_key == key])
            named = (species_of(key[0]) or key[0], key[1], "")
            found.append(self._one(value[row], named, row=row, rows=rows, air=air))
        return found

    def _one(
        self, value: Floats, named: tuple[str, str, str], *, row: NDArray[np.int64], rows: Rows, air: _Air
    ) -> Series:
        quantity, unit, tag = named
        if not unit:
            self._notes.append(_NO_UNIT.with_(name=quantity))
        marks = {code: mask[row] for code, mask in self._marks.items() if mask.any()}
        marks["missing"] = ~np.isfinite(value)
        marks |= _stamps(rows.time_s[row])
        self._count("missing", checks.NO_VALUE, marks["missing"], of=row)
        for code in ("duplicate", "back"):
            self._lines.setdefault(code, np.zeros(len(rows.time_s), bool))[row[marks[code]]] = True
        bad = np.zeros(len(row), bool)
        for code in ("missing", "jump", "no-fix", "clock", "half-line"):
            bad |= marks.get(code, bad)
        return Series(
            instrument=tag or self._options.instrument or self._serial() or "file",
            quantity=quantity,
            unit=unit,
            value=value,
            value_mg_m3=columns_to_mg_m3(
                value,
                unit,
                species=species_named(quantity),
                temperature_c=air.temperature_c[row],
                pressure_hpa=air.pressure_hpa[row],
            ),
            row=row,
            flags=_flags(marks, len(row)),
            ok=~bad,
        )

    def _wind(self, time_s: Floats, kept: NDArray[np.int64]) -> Wind | None:
        from_deg, speed = self._numbers(Role.WIND_FROM, kept), self._numbers(Role.WIND_SPEED, kept)
        if from_deg is None or speed is None:
            return None
        column = self._column(Role.WIND_SPEED)
        speed = speed * (_KM_H if column and column.unit == "km/h" else 1.0)
        known = np.flatnonzero(np.isfinite(from_deg) & np.isfinite(speed))
        known = known[np.argsort(time_s[known], kind="stable")]
        height = self._metres(Role.HEIGHT_AGL, kept)
        return Wind(
            time_s=time_s[known],
            from_deg=from_deg[known] % 360.0,
            speed_m_s=speed[known],
            height_agl_m=height[known],
        )

    def _track(self, rows: Rows, kept: NDArray[np.int64]) -> Track | None:
        """The rows' own positions in order of time, one a stamp; jumps and unset clocks are left out."""
        if self._column(Role.LAT) is None or self._column(Role.LON) is None:
            return None
        left_out = self._marks["no-fix"] | self._marks["jump"] | self._marks.get("clock", np.zeros(len(kept), bool))
        good = np.flatnonzero(~left_out)
        good = good[np.argsort(rows.time_s[good], kind="stable")]
        self._two_places(rows, good)
        if self._column(Role.SPECIES):
            good = good[np.diff(rows.time_s[good], prepend=-math.inf) > 0.0]
        heading, speed = self._numbers(Role.HEADING, kept), self._numbers(Role.SPEED, kept)
        return track_from(
            rows.time_s[good],
            rows.lat_deg[good],
            rows.lon_deg[good],
            height_home_m=rows.height_home_m[good],
            height_agl_m=rows.height_agl_m[good],
            heading_deg=None if heading is None else heading[good] % 360.0,
            speed_m_s=None if speed is None else speed[good],
        )

    def _two_places(self, rows: Rows, order: NDArray[np.int64]) -> None:
        same = np.flatnonzero(np.diff(rows.time_s[order]) == 0.0)
        if not len(same):
            return
        a, b = order[same], order[same + 1]
        apart = np.hypot(
            111_320.0 * (rows.lat_deg[a] - rows.lat_deg[b]),
            111_320.0 * np.cos(np.radians(rows.lat_deg[a])) * (rows.lon_deg[a] - rows.lon_deg[b]),
        )
        if np.sum(apart > 50.0) >= 3:
            self._notes.append(_TWO_PLACES.with_(serial=self._serial() or "–", distance=float(np.median(apart))))

    def _serial(self) -> str:
        cells = self._cells(Role.SERIAL)
        return next((c.strip() for c in cells if c.strip()), "") if cells else ""

    def _count(self, code: str, reason: Text, mask: Mask, of: NDArray[np.int64] | None = None) -> None:
        """Count marked rows and say where the first one stands."""
        lines = np.flatnonzero(mask) if of is None else of[mask]
        if len(lines):
            where = f"line {self._table.first_line + int(lines[0])}"
            self._tally.add(code, reason, where=where, count=len(lines))


_SAID_UTC = timezone(timedelta(0), "UTC")
_REASONS = {
    "half-line": checks.HALF_LINE,
    "no-fix": checks.NO_FIX,
    "jump": checks.JUMP,
    "clock": checks.CLOCK,
    "dst": checks.TWICE,
    "pressure": checks.PRESSURE,
    "duplicate": checks.DUPLICATE,
    "back": checks.BACKWARDS,
}


def _stamps(time_s: Floats) -> dict[str, Mask]:
    """Rows whose stamp repeats or goes back, in the order of the file."""
    step = np.diff(time_s, prepend=-math.inf)
    return {"duplicate": step == 0.0, "back": step < 0.0}


def _flags(marks: dict[str, Mask], count: int) -> list[str]:
    """The codes of each row parted by spaces."""
    names = [code for code, mask in marks.items() if mask.any()]
    if not names:
        return [""] * count
    key = sum((marks[code].astype(np.int64) << bit for bit, code in enumerate(names)), np.zeros(count, np.int64))
    words = {int(k): " ".join(code for bit, code in enumerate(names) if int(k) >> bit & 1) for k in np.unique(key)}
    return [words[int(k)] for k in key]
