"""One reading as the cells of a table, raw beside placed."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from dronesampler.store.records import PlacedRow, ReadingRow
from dronesampler.texts import SIMULATED

Cell = str | float | int | bool | None
Cells = Mapping[str, Cell]

COLUMNS: dict[str, type] = {
    "seq": int,
    "simulated": str,
    "time_utc": str,
    "lat_deg": float,
    "lon_deg": float,
    "height_agl_m": float,
    "height_home_m": float,
    "position_error_m": float,
    "quantity": str,
    "value_mg_m3": float,
    "ok": bool,
    "flags": str,
    "instrument": str,
    "component": str,
    "raw_value": float,
    "unit": str,
    "status": int,
    "instrument_seq": int,
    "instrument_utc": str,
    "arrival_utc": str,
    "boot_s": float,
    "code_version": str,
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cells(raw: ReadingRow, placed: PlacedRow | None) -> dict[str, Cell]:
    """The cells under their names; None where nothing is known. Positions are WGS 84, times UTC."""
    found: dict[str, Cell] = dict.fromkeys(COLUMNS)
    for name in ("seq", "quantity", "instrument", "component", "unit", "status", "instrument_seq"):
        found[name] = getattr(raw, name)
    found["raw_value"] = _known(raw.raw_value)
    found["boot_s"] = _known(raw.boot_s)
    found["simulated"] = SIMULATED.en if raw.simulated else ""
    found["instrument_utc"] = iso(raw.instrument_unix_s)
    found["arrival_utc"] = iso(raw.arrival_unix_us / 1e6)
    if placed is None:
        found["ok"], found["flags"] = False, "not-placed"
        return found
    for name in ("lat_deg", "lon_deg", "height_agl_m", "height_home_m", "position_error_m", "value_mg_m3"):
        found[name] = _known(getattr(placed, name))
    found.update(time_utc=iso(placed.time_s), ok=placed.ok, flags=placed.flags, code_version=placed.code_version)
    return found


def iso(unix_s: float | None) -> str | None:
    """ISO 8601 with milliseconds; None where there is no time that a calendar knows."""
    if unix_s is None or not math.isfinite(unix_s):
        return None
    try:
        return (_EPOCH + timedelta(milliseconds=round(unix_s * 1000.0))).isoformat(timespec="milliseconds")
    except OverflowError:
        return None


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
