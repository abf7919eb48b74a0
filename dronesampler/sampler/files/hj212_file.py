"""Captures of HJ 212 packets, one a line or as they came: readings of the air factors, a station each."""

import math
import re
from collections.abc import Sequence

import numpy as np

from dronesampler.problems import BadInput
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.recording import Recording, Rows, Series, Tally
from dronesampler.sampler.hj212 import WATER_SYSTEMS, Broken, Fault, parsed, unframed
from dronesampler.sampler.hj212_values import Value, values_of
from dronesampler.sampler.species import columns_to_mg_m3, species_named
from dronesampler.sampler.status import Status
from dronesampler.texts import Text

_FRAME = re.compile(r"##\d{4}[^#\r\n]*(?:\r?\n[^#\r\n]+)*")
_CRC = Text("HJ 212 校验和不符", "the HJ 212 checksum does not fit")
_LENGTH = Text("HJ 212 长度不符", "the HJ 212 length does not fit")
_WATER = Text("废水站的数据包，不是空气数据", "a packet of a waste-water station, not of air")
_NO_GAS = Text("没有本程序认识的气体因子", "no gas factor that this program knows")
_TWICE = Text("同一数据包中重复的因子", "a factor that stands twice in its packet")
_NO_PACKET = Text("没有一个可读的 HJ 212 数据包", "not one HJ 212 packet can be read")
_FAULTS = {Fault.CRC: ("crc", _CRC), Fault.LENGTH: ("length", _LENGTH), Fault.FORM: ("length", _LENGTH)}
_FIXED = Text(
    "在线监测站：固定点位，数据包中没有经纬度", "a monitoring station: fixed, no latitude and longitude in packets"
)


def looks_like_packets(text: str) -> bool:
    return bool(re.match(r"##\d{4}(?:QN|ST|CN|PW|MN)=", text.lstrip("\ufeff \r\n")))


def read_packets(text: str) -> Recording:
    """Raises BadInput where not one packet is whole."""
    tally = Tally()
    found: list[tuple[Value, bytes]] = []
    frames = [re.sub(r"\r?\n", "", m[0]) for m in _FRAME.finditer(text)]
    good = 0
    for number, frame in enumerate(frames, 1):
        raw = frame.encode("gb18030")
        segment = unframed(raw)
        packet = None if isinstance(segment, Broken) else parsed(segment)
        if packet is None:
            fault = segment.fault if isinstance(segment, Broken) else Fault.FORM
            tally.add(*_FAULTS[fault], where=f"packet {number}")
            continue
        good += 1
        values = [v for v in values_of(packet) if v.factor and v.factor.species and v.kind in ("Rtd", "Avg")]
        if packet.st in WATER_SYSTEMS:
            tally.add("water", _WATER, where=f"packet {number}")
        elif not values:
            tally.add("no-gas", _NO_GAS, where=f"packet {number}")
        tally.add("duplicate", _TWICE, where=f"packet {number}", count=sum(v.duplicate for v in values_of(packet)))
        found += [(v, raw) for v in values]
    if not good:
        raise BadInput(_NO_PACKET)
    return _recording(found, messages=len(frames), tally=tally)


def _recording(found: Sequence[tuple[Value, bytes]], *, messages: int, tally: Tally) -> Recording:
    timed = [(v, raw) for v, raw in found if math.isfinite(v.unix_s)]
    tally.add("time", checks.NO_TIME, count=len(found) - len(timed))
    nan = np.full(len(timed), math.nan)
    keys = list(dict.fromkeys((v.mn, v.code) for v, _ in timed))
    return Recording(
        kind="hj212",
        messages=messages,
        rows=Rows(np.array([v.unix_s for v, _ in timed]), nan, nan, nan, nan, [raw for _, raw in timed]),
        series=tuple(_series([v for v, _ in timed], key) for key in keys),
        rejected=tally.all(),
        notes=(_FIXED,),
    )


def _series(values: Sequence[Value], key: tuple[str, str]) -> Series:
    row = np.array([k for k, v in enumerate(values) if (v.mn, v.code) == key])
    picked = [values[k] for k in row]
    factor = picked[0].factor
    assert factor is not None
    numbers = np.array([v.value for v in picked])
    return Series(
        instrument=key[0],
        component=key[1],
        quantity=factor.species,
        unit=factor.unit,
        value=numbers,
        value_mg_m3=columns_to_mg_m3(
            numbers,
            factor.unit,
            species=species_named(factor.species),
            temperature_c=np.full(len(row), 20.0),
            pressure_hpa=np.full(len(row), 1013.25),
        ),
        row=row,
        flags=["" if v.status is Status.NORMAL else v.status.value.replace(" ", "-") for v in picked],
        ok=np.array([v.status is Status.NORMAL for v in picked]),
    )
