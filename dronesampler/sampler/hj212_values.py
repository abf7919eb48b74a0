"""What an HJ 212 packet says of the air: values with their factor, unit, kind, flag and time."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta, timezone

from dronesampler.rules.hj212_factors import FACTORS, Factor
from dronesampler.sampler.files.times import read_times
from dronesampler.sampler.hj212 import AIR_SYSTEMS, Packet
from dronesampler.sampler.status import Status

_BEIJING = timezone(timedelta(hours=8))
_KINDS = ("Rtd", "Avg", "Min", "Max", "Cou", "ZsRtd", "ZsAvg", "ZsMin", "ZsMax")
# The eight data flags of HJ 212-2017 (table 9): what the station says of its own value.
FLAGS = {
    "N": Status.NORMAL,
    "F": Status.MISSING,  # the source stands still
    "M": Status.MAINTENANCE,
    "S": Status.MAINTENANCE,  # set by hand
    "D": Status.FAULT,
    "C": Status.CALIBRATION,
    "T": Status.OUT_OF_RANGE,
    "B": Status.FAULT,  # link between station and instrument
}


@dataclass(frozen=True, slots=True)
class Value:
    """One number of one factor. `factor` is None for a code that is in no table: kept, not understood."""

    mn: str
    code: str
    factor: Factor | None
    kind: str  # Rtd, Avg, Min, Max, Cou or their Zs (converted to standard oxygen) forms
    value: float
    flag: str
    status: Status
    unix_s: float
    duplicate: bool = False


def values_of(packet: Packet) -> tuple[Value, ...]:
    """The values of a packet of an air station; () for water, power and what carries no values."""
    if packet.st not in AIR_SYSTEMS:
        return ()
    at_s = time_of(packet.data_time)
    seen: set[tuple[str, str]] = set()
    found = []
    for code, kind, text, flag, sampled in _numbers(packet):
        key = (code, kind)
        value = _float(text)
        status = FLAGS.get(flag, Status.FAULT) if flag else Status.NORMAL
        found.append(
            Value(
                mn=packet.mn,
                code=code,
                factor=FACTORS.get(code),
                kind=kind,
                value=value,
                flag=flag,
                status=Status.MISSING if status is Status.NORMAL and math.isnan(value) else status,
                unix_s=time_of(sampled) if sampled else at_s,
                duplicate=key in seen,
            )
        )
        seen.add(key)
    return tuple(found)


def time_of(text: str) -> float:
    """YYYYMMDDhhmmss (and milliseconds) of Beijing as unix seconds, NaN where it is none."""
    return float(read_times([text], zone=_BEIJING).time_s[0]) if text.isdecimal() and len(text) >= 14 else math.nan


def _numbers(packet: Packet) -> Iterator[tuple[str, str, str, str, str]]:
    """Code, kind, text of the number, flag and own time of each value."""
    for group in packet.values:
        fields = [(*name.rpartition("-")[::2], value) for name, value in group]
        flags = {code: value for code, kind, value in fields if kind == "Flag"}
        times = {code: value for code, kind, value in fields if kind == "SampleTime"}
        for code, kind, value in fields:
            if kind in _KINDS:
                yield code, kind, value, flags.get(code, ""), times.get(code, "")


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and value > -999.0 else math.nan
