"""A placed reading as the rows that are recorded of it and as windows are told: for a session and for a listener."""

import math

from dronesampler.events import GasReported
from dronesampler.sampler.place import PlacedReading
from dronesampler.sampler.tunnel import STATUSES
from dronesampler.session.feed import LiveReading
from dronesampler.store.records import PlacedRow, ReadingRow

NO_POSE = "no-pose"


def rows_of(
    seq: int, event: GasReported, placed: PlacedReading, *, simulated: bool, place_needed: bool = True
) -> tuple[ReadingRow, PlacedRow]:
    """The value as it arrived, and where and when its air was with what is to be said against it. On a bench no place
    is needed for a reading to be good."""
    reading = placed.reading
    raw = ReadingRow(
        seq=seq,
        instrument=reading.instrument,
        quantity=reading.quantity,
        raw_value=reading.value if math.isfinite(reading.value) else None,
        unit=reading.unit.value,
        arrival_unix_us=round(reading.at.unix_s * 1e6),
        arrival_monotonic_ns=round(reading.at.monotonic_s * 1e9),
        component=event.component,
        instrument_seq=reading.sequence,
        instrument_unix_s=reading.instrument_s,
        boot_s=event.at.boot_s,
        status=STATUSES.index(reading.status) if reading.status in STATUSES else None,
        raw=reading.raw,
        simulated=simulated,
    )
    flags = [] if reading.ok else [reading.status.value.replace(" ", "-")]
    if not placed.placed:
        flags.append(NO_POSE)
    return raw, PlacedRow(
        seq=seq,
        time_s=placed.time_s,
        lat_deg=placed.lat_deg,
        lon_deg=placed.lon_deg,
        height_agl_m=placed.height_agl_m,
        height_home_m=placed.height_home_m,
        position_error_m=placed.position_error_m,
        value_mg_m3=reading.value_mg_m3,
        ok=reading.ok and (placed.placed or not place_needed),
        flags=" ".join(flags),
    )


def live_of(seq: int, component: str, placed: PlacedReading) -> LiveReading:
    """As a window shows it."""
    reading = placed.reading
    return LiveReading(
        seq=seq,
        unix_s=placed.time_s,
        lat_deg=placed.lat_deg,
        lon_deg=placed.lon_deg,
        height_agl_m=placed.height_agl_m,
        value_mg_m3=reading.value_mg_m3,
        quantity=reading.quantity,
        ok=reading.ok,
        instrument=reading.instrument,
        component=component,
    )
