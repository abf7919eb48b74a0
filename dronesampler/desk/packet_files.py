"""The files of a packet that are made from the store: columns as CSV, plans, park, findings, environment."""

import csv
import io
import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dronesampler import __version__
from dronesampler.columns import Readings, Track, Wind
from dronesampler.journal import canonical_json
from dronesampler.park import Park
from dronesampler.park.files import write_park
from dronesampler.store import Patrol, Store
from dronesampler.store.documents import to_text
from dronesampler.store.readback import RAW_CELLS

LIBRARIES = ("numpy", "scipy", "pymavlink", "SQLAlchemy", "typst", "cryptography", "rfc3161-client")
ROWS_AT_ONCE = 20_000

READING_COLUMNS = {
    "seq": "%d",
    "time_s": "%.3f",
    "lat_deg": "%.8f",
    "lon_deg": "%.8f",
    "height_agl_m": "%.2f",
    "value_mg_m3": "%.5g",
    "position_error_m": "%.2f",
    "ok": "%d",
}
TRACK_COLUMNS = {
    "time_s": "%.3f",
    "lat_deg": "%.8f",
    "lon_deg": "%.8f",
    "height_home_m": "%.2f",
    "height_agl_m": "%.2f",
    "heading_deg": "%.1f",
    "speed_m_s": "%.2f",
}
WIND_COLUMNS = {"time_s": "%.3f", "from_deg": "%.1f", "speed_m_s": "%.2f", "height_agl_m": "%.1f"}


def write_readings(readings: Readings, path: Path) -> None:
    """readings.csv: one row a placed reading; marked where simulated."""
    extra = {"quantity": readings.quantity, "instrument": readings.instrument, "simulated": int(readings.simulated)}
    _write_columns(readings, READING_COLUMNS, path=path, constant={name: str(value) for name, value in extra.items()})


def write_track(track: Track, path: Path) -> None:
    """track.csv."""
    _write_columns(track, TRACK_COLUMNS, path=path)


def write_wind(wind: Wind, path: Path) -> None:
    """wind.csv; direction it comes FROM."""
    _write_columns(wind, WIND_COLUMNS, path=path)


def _write_columns(
    values: Readings | Track | Wind, columns: dict[str, str], *, path: Path, constant: dict[str, str] | None = None
) -> None:
    """NaN becomes an empty cell; the file names times what they are: unix seconds."""
    constant = constant or {}
    header = ["time_unix_s" if name == "time_s" else name for name in columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([*header, *constant])
        ending = _ending(constant)
        for start in range(0, len(values), ROWS_AT_ONCE):
            part = values.rows(slice(start, start + ROWS_AT_ONCE))
            cells = [_cells(getattr(part, name), form) for name, form in columns.items()]
            file.writelines(f"{','.join(row)}{ending}" for row in zip(*cells, strict=True))


def _ending(constant: dict[str, str]) -> str:
    """What every line ends with: the cells that are the same in each, quoted where they must be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(["", *constant.values()])
    return line.getvalue() if constant else "\n"


def _cells(column: NDArray[Any], form: str) -> list[str]:
    said = [form % value for value in column.tolist()] if len(column) else []
    if column.dtype.kind != "f" or np.isfinite(column).all():
        return said
    return [cell if known else "" for cell, known in zip(said, np.isfinite(column), strict=True)]


def write_raw_readings(store: Store, patrol: Patrol, *, path: Path, at: Callable[[int], None] | None = None) -> int:
    """raw.csv: every reading as it arrived, its frame in hexadecimal; how many there were. `at` is told as it goes."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*RAW_CELLS[:-1], "frame_hex"])
        for rows in store.raw_cells(patrol):
            out.writerows((*row[:-2], int(bool(row[-2])), bytes(row[-1] or b"").hex()) for row in rows)
            count += len(rows)
            if at is not None:
                at(count)
    return count


def write_documents(store: Store, patrol: Patrol, *, park: Park, folder: Path) -> Iterator[tuple[str, Path]]:
    """Plans at their three stages, the park and the last analysis as (name in the packet, file)."""
    for stored in store.plans(patrol):
        # The text whose digest the journal names.
        yield _text(f"plan/{stored.stage.value}.json", to_text(stored.mission), folder=folder)
    park_file = folder / "park.geojson"
    write_park(park, park_file)
    yield "park.geojson", park_file
    findings = store.findings(patrol)
    if findings:
        last = findings[-1]
        said = {"analysis": last.analysis, "parameters": last.parameters, "code_version": last.code_version}
        yield _text("findings.json", canonical_json(said).decode(), folder=folder)


def _text(name: str, text: str, *, folder: Path) -> tuple[str, Path]:
    path = folder / name.replace("/", "-")
    path.write_text(text, encoding="utf-8", newline="")
    return name, path


def environment() -> dict[str, Any]:
    """What the packet was made with: program, system, libraries and the clock's source."""
    return {
        "program": f"dronesampler {__version__}",
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libraries": {name: version(name) for name in LIBRARIES},
        "clock": "device",
    }


def files_below(folder: Path, *, prefix: str) -> dict[str, Path]:
    """Name in the packet -> file, for every file in a folder; none where there is no folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {f"{prefix}/{path.relative_to(folder).as_posix()}": path for path in found}
