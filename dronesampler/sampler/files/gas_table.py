"""Tables of gas values, tracks or wind (CSV and XLSX, Sniffer4D Mapper's too) to a recording."""

from collections.abc import Sequence

import numpy as np

from dronesampler.columns import Floats, Wind
from dronesampler.problems import BadInput
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.gas_cells import Cells, Marks
from dronesampler.sampler.files.gas_place import rows_of, track_of
from dronesampler.sampler.files.gas_series import series_of
from dronesampler.sampler.files.gas_times import no_times, times_of
from dronesampler.sampler.files.matching import Column, Role, load_columns, matched
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Recording, Tally
from dronesampler.sampler.files.table import Table
from dronesampler.sampler.files.times import EARLIEST_S
from dronesampler.texts import Text

_KM_H = 1.0 / 3.6

NOT_UNDERSTOOD = Text(
    "表格的列无法识别（表头：{header}）；请用 --columns FILE 指定列，写法见 dronesampler import --help",
    "the table's columns are not understood (header: {header}); name them with --columns FILE, "
    "see dronesampler import --help",
)
NO_ROWS = Text("表格只有表头，没有数据行", "the table has a header and no rows")


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
    return _recording(Cells(table, columns), kind, options)


def _enough(columns: Sequence[Column]) -> bool:
    roles = {c.role for c in columns}
    place, wind = {Role.LAT, Role.LON}, {Role.WIND_FROM, Role.WIND_SPEED}
    return bool(roles & {Role.TIME, Role.ELAPSED, Role.DATE}) and (
        Role.VALUE in roles or place <= roles or wind <= roles
    )


def _recording(everything: Cells, kind: str, options: Options) -> Recording:
    times, notes = times_of(everything, kind, options)
    lost = np.flatnonzero(~np.isfinite(times.time_s))
    if len(lost) == len(everything):
        raise no_times(everything)
    tally = Tally()
    tally.add("time", checks.NO_TIME, where=everything.line(int(lost[0])) if len(lost) else "", count=len(lost))
    kept = np.flatnonzero(np.isfinite(times.time_s))
    cells, time_s = Cells(everything.table, everything.columns, kept), times.time_s[kept]
    marks = Marks(cells)
    marks.put("half-line", np.isin(kept, list(everything.table.short)))
    marks.put("dst", times.twice[kept])
    if times.dated:
        marks.put("clock", time_s < EARLIEST_S)
    rows = rows_of(cells, time_s, marks)
    series = series_of(cells, time_s, marks, instrument=options.instrument)
    track = track_of(cells, rows, marks)
    marks.counted(tally)
    return Recording(
        kind=kind if series else ("track-table" if track else "wind-table"),
        messages=len(everything),
        track=track,
        rows=rows,
        series=series,
        wind=_wind(cells, time_s),
        rejected=tally.all(),
        notes=(*notes, *marks.notes),
        dated=times.dated and bool(np.median(time_s) > EARLIEST_S),
        serial=cells.serial(),
        details={"elapsed": True} if times.elapsed else {},
    )


def _wind(cells: Cells, time_s: Floats) -> Wind | None:
    """Wind columns in order of time, rows without a number left out; None without such columns."""
    from_deg, speed = cells.numbers(Role.WIND_FROM), cells.numbers(Role.WIND_SPEED)
    if from_deg is None or speed is None:
        return None
    speed = speed * (_KM_H if cells.unit(Role.WIND_SPEED) == "km/h" else 1.0)
    known = np.flatnonzero(np.isfinite(from_deg) & np.isfinite(speed))
    known = known[np.argsort(time_s[known], kind="stable")]
    return Wind(
        time_s=time_s[known],
        from_deg=from_deg[known] % 360.0,
        speed_m_s=speed[known],
        height_agl_m=cells.metres(Role.HEIGHT_AGL)[known],
    )
