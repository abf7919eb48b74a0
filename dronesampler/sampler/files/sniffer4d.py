"""Sniffer4D: the JSON lines its serial port speaks, and how its Mapper's CSV is known."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dronesampler.problems import BadInput
from dronesampler.sampler.files.gas_table import read_table
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Recording, Rejected
from dronesampler.sampler.files.table import Table
from dronesampler.texts import Text

_MAPPER = re.compile(r"#\s*Created by:?\s*Sniffer4D", re.IGNORECASE)
_NOT_JSON = Text("不是 Sniffer4D 的 JSON 帧", "no JSON frame of a Sniffer4D")
_NO_FRAMES = Text("没有一个可读的 Sniffer4D 帧", "not one Sniffer4D frame can be read")
# The frame's own fields after the gases; the rest of the names are its columns.
_FIELDS = {
    "utcTime": "time (UTC)",
    "latitude": "latitude",
    "longitude": "longitude",
    "altitude": "altitude",
    "temperature": "temperature ℃",
    "humidity": "humidity %",
    "pressure": "pressure Pa",
    "serial": "serial",
}


def is_mapper_csv(text: str) -> bool:
    return bool(_MAPPER.match(text.lstrip("\ufeff \r\n")[:200]))


def looks_like_frames(text: str) -> bool:
    return text.lstrip("\ufeff \r\n[").startswith("{") and '"airData"' in text[:4000]


def frame_of(text: str) -> Mapping[str, Any] | None:
    """One frame from one line, or None where the line is none."""
    try:
        found = json.loads(text.strip().rstrip(","))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("airData"), dict) else None


def read_frames(text: str, *, options: Options = Options()) -> Recording:  # noqa: B008 - frozen
    """Frames a line each, or a JSON list of them. Raises BadInput where not one can be read."""
    lines = list(_lines(text))
    frames = [(number, raw, frame) for number, raw in lines if (frame := frame_of(raw)) is not None]
    if not frames:
        raise BadInput(_NO_FRAMES)
    gases = list(dict.fromkeys(gas for _, _, frame in frames for gas in frame["airData"]))
    header = [*_FIELDS.values(), *gases]
    columns: list[list[str]] = [[] for _ in header]
    for _, _, frame in frames:
        cells = [frame.get(key) for key in _FIELDS] + [frame["airData"].get(gas) for gas in gases]
        for column, cell in zip(columns, cells, strict=True):
            column.append("" if cell is None else str(cell))
    _to_pascal(columns[list(_FIELDS).index("pressure")])
    table = Table(tuple(header), tuple(columns), [raw.encode() for _, raw, _ in frames], 1, False, frozenset())
    recording = read_table(table, kind="sniffer4d-json", options=options)
    return _with_broken(recording, lines, {number for number, _, _ in frames})


def _lines(text: str) -> Iterator[tuple[int, str]]:
    body = text.lstrip("\ufeff")
    if body.lstrip().startswith("["):
        try:
            for number, frame in enumerate(json.loads(body), 1):
                yield number, json.dumps(frame, ensure_ascii=False)
            return
        except (ValueError, RecursionError):
            body = body.lstrip().lstrip("[").rstrip().rstrip("]")
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            yield number, line


def _to_pascal(cells: list[str]) -> None:
    """Some firmware says hPa: what is far below one atmosphere in pascal is taken for it."""
    values = np.array([float(c) if re.fullmatch(r"\d+(\.\d+)?", c) else math.nan for c in cells])
    if np.isfinite(values).any() and np.nanmedian(values) < 2_000.0:
        cells[:] = [str(v * 100.0) if math.isfinite(v) else "" for v in values]


def _with_broken(recording: Recording, lines: list[tuple[int, str]], good: set[int]) -> Recording:
    broken = [number for number, _ in lines if number not in good]
    if not broken:
        return recording
    said = Rejected("frame", _NOT_JSON, len(broken), f"line {broken[0]}")
    return replace(recording, messages=len(lines), rejected=(*recording.rejected, said))
