"""The times of a table: which column, which zone, which day; and what has to be said of what was assumed."""

from datetime import UTC, timedelta, timezone, tzinfo

from dronesampler.problems import BadInput
from dronesampler.sampler.files.gas_cells import Cells
from dronesampler.sampler.files.matching import Role
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.times import Times, read_times
from dronesampler.texts import Text

_BEIJING = timezone(timedelta(hours=8))
_SAID_UTC = timezone(timedelta(0), "UTC")

NO_TIMES = Text(
    "“{column}”列中没有一个能读懂的时间；第一个单元格是“{cell}”",
    "no time in column {column!r} can be read; the first cell is {cell!r}",
)
_ZONE_TAKEN = Text(
    "时间没有写明时区，按 {zone} 读取；可用 --time-zone 指定",
    "the times name no zone and were read as {zone}; --time-zone says otherwise",
)
_NO_DAY = Text("只有时刻没有日期；可用 --date 指定", "times of day without a date; --date gives it")


def times_of(cells: Cells, kind: str, options: Options) -> tuple[Times, tuple[Text, ...]]:
    """The times of all rows and what was assumed of them."""
    zone = _zone(cells, kind, options)
    times = read_times(_texts(cells), zone=zone, day=options.day)
    if times.elapsed:
        return times, ()
    if not times.dated:
        return times, (_NO_DAY,)
    assumed = not times.zoned and options.zone is None and zone is not _SAID_UTC
    return times, (_ZONE_TAKEN.with_(zone=zone),) if assumed else ()


def no_times(cells: Cells) -> BadInput:
    """That not one time can be read, with the column and its first cell."""
    column = cells.column(Role.TIME) or cells.column(Role.DATE) or cells.column(Role.ELAPSED)
    name = column.name if column else ""
    cell = cells.table.columns[column.index][0][:40] if column else ""
    return BadInput(NO_TIMES.with_(column=name, cell=cell))


def _texts(cells: Cells) -> list[str]:
    time, day = cells.text(Role.TIME), cells.text(Role.DATE)
    if time is not None and day is not None and not any("-" in c or "/" in c for c in time[:5]):
        return [f"{d.split(' ')[0]} {t}" for d, t in zip(day, time, strict=True)]
    return time or day or cells.text(Role.ELAPSED) or []


def _zone(cells: Cells, kind: str, options: Options) -> tzinfo:
    """What the header says, else what the person says, else what programs of that language write."""
    column = cells.column(Role.TIME)
    if column and ("utc" in column.name.lower() or "gmt" in column.name.lower()):
        return _SAID_UTC
    if options.zone is not None:
        return options.zone
    chinese = any("\u4e00" <= letter <= "\u9fff" for name in cells.table.header for letter in name)
    return _BEIJING if chinese or kind == "sniffer4d-csv" else UTC
