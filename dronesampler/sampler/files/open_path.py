"""Records of an open-path laser on the ground (text with fourteen lines of head): methane over a beam, and wind."""

import math
import re
from collections.abc import Sequence
from datetime import UTC
from itertools import pairwise

import numpy as np

from dronesampler.columns import Wind
from dronesampler.problems import BadInput
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Recording, Rows, Series, Tally
from dronesampler.sampler.files.times import read_times
from dronesampler.sampler.species import columns_to_mg_m3, species_named
from dronesampler.texts import Text

_COLUMNS = ("Elapsedtime_sec", "Temp_K", "Press_Pa", "WindX_m/s", "WindY_m/s", "CH4vmr_ppmv")
_HEAD = re.compile(r"^Elapsedtime_sec\s.*CH4vmr_ppmv", re.MULTILINE)
_BROKEN = Text(
    "记录头与数据不符（缺少 {what}）",
    "the head of the record does not fit its data ({what} is missing)",
)
_NO_PLACE = Text(
    "固定光路仪器：浓度是光路平均值，文件中没有经纬度",
    "a fixed open-path instrument: values are means over the beam, and the file holds no latitude and longitude",
)
_AXES = Text(
    "风的 X、Y 轴按东、北读取，文件没有说明", "the wind's X and Y are taken as east and north; the file does not say"
)
_ZONE = Text("开始时间没有写明时区，按 {zone} 读取", "the start names no time zone and was read as {zone}")


def looks_like_open_path(text: str) -> bool:
    return bool(_HEAD.search(text[:4000]))


def read_open_path(text: str, *, options: Options = Options()) -> Recording:  # noqa: B008 - frozen
    """Raises BadInput where start or columns are missing."""
    lines = text.replace("\r\n", "\n").split("\n")
    top = next(k for k, line in enumerate(lines) if line.startswith("Elapsedtime_sec"))
    header = lines[top].split()
    head = _head(lines[:top])
    missing = [c for c in _COLUMNS if c not in header] + ["Time stamp"] * ("Time stamp for record start" not in head)
    if missing:
        raise BadInput(_BROKEN.with_(what=missing[0]))
    body = [line for line in lines[top + 1 :] if line.strip()]
    tally = Tally()
    rows = [line for line in body if len(line.split()) == len(header)]
    tally.add("half-line", checks.HALF_LINE, count=len(body) - len(rows))
    values = np.array([[_float(w) for w in line.split()] for line in rows]).reshape(-1, len(header))
    zone = options.zone or UTC
    start = read_times([head["Time stamp for record start"]], zone=zone).time_s[0]
    column = {name: values[:, header.index(name)] for name in _COLUMNS}
    return _recording(column, rows, start_s=float(start), head=head, tally=tally, notes=_notes(options))


def _notes(options: Options) -> tuple[Text, ...]:
    return (_NO_PLACE, _AXES, *(() if options.zone else (_ZONE.with_(zone="UTC"),)))


def _head(lines: Sequence[str]) -> dict[str, str]:
    """The head's labels, each on the line before its value."""
    return {a.strip(): b.strip() for a, b in pairwise(lines)}


def _float(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


def _recording(
    column: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]],
    raw: Sequence[str],
    *,
    start_s: float,
    head: dict[str, str],
    tally: Tally,
    notes: tuple[Text, ...],
) -> Recording:
    count = len(raw)
    nan = np.full(count, math.nan)
    time_s = start_s + column["Elapsedtime_sec"]
    value = column["CH4vmr_ppmv"]
    missing = ~np.isfinite(value)
    tally.add("missing", checks.NO_VALUE, count=int(missing.sum()))
    beam = round(_float(head.get("Beam position index", "nan")))
    series = Series(
        instrument="open-path",
        quantity="CH4",
        unit="ppm",
        value=value,
        value_mg_m3=columns_to_mg_m3(
            value,
            "ppm",
            species=species_named("CH4"),
            temperature_c=column["Temp_K"] - 273.15,
            pressure_hpa=column["Press_Pa"] / 100.0,
        ),
        row=np.arange(count),
        flags=["missing" if m else "" for m in missing],
        ok=~missing,
        component=f"beam {beam}",
    )
    east, north = column["WindX_m/s"], column["WindY_m/s"]
    wind = Wind(
        time_s=time_s,
        from_deg=np.degrees(np.arctan2(-east, -north)) % 360.0,
        speed_m_s=np.hypot(east, north),
        height_agl_m=nan,
    )
    return Recording(
        kind="open-path",
        messages=count,
        rows=Rows(time_s, nan, nan, nan, nan, [line.encode() for line in raw]),
        series=(series,),
        wind=wind,
        rejected=tally.all(),
        notes=notes,
        details={"beam": beam, "path_m": _float(head.get("Open Path length (m)", "nan"))},
    )
