"""Checks V15 to V24: is what the packet says complete and usable. They never change the verdict on integrity."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from dronesampler.casework import Officer, why_not_two
from dronesampler.evidence import layout
from dronesampler.evidence.case_record import case_faults
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.photo_checks import check_photos
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.geo.local import distance_m
from dronesampler.rules.methods import method_in_force
from dronesampler.texts import Text

READINGS = "data/readings/readings.csv"
RAW_READINGS = "data/readings/raw.csv"
PARK_MARGIN_M = 5_000.0
LEAD = "线索"  # the grade of whatever no listed method gave
RETENTION_YEARS = 5  # 生态环境监测条例 Art. 26: raw records at least five years

NO_CASE = Text("缺少或无法解析 data/case.json：{reason}", "data/case.json is missing or cannot be parsed: {reason}")
CASE_FAULT = Text("case.json：{reason}", "case.json: {reason}")
CASE_GOOD = Text("case.json 结构完整", "case.json is complete")
CLAIMED_GONE = Text(
    "case.json 列有、包内没有或内容不同", "case.json names it; the packet does not have it, or other bytes"
)
CLAIMS_GOOD = Text("case.json 所列 {count} 个文件均在包内", "the {count} files that case.json names are here")
NO_RAW = Text("没有原始记录（飞行日志或读数原始帧）", "there is no raw record (flight log or raw frames)")
OFFICERS_GOOD = Text("执法人员 {names}", "officers {names}")
CERTIFICATE_OVER = Text(
    "执法证在巡查日已过期：{name}（{valid_to}）", "certificate had expired on the day: {name} ({valid_to})"
)
CERTIFICATE_UNDATED = Text("未记录执法证有效期：{names}", "no expiry of the certificate on record: {names}")
CLUE = Text(
    "读数均为线索，不是证据方法所得；检测方法有效性不适用",
    "all readings are leads, not made by a listed method; nothing to check against the methods",
)
METHOD_GOOD = Text("检测方法 {code} 在巡查日有效", "method {code} was in force on the day")
METHOD_OUT = Text(
    "检测方法 {code} 在 {day} 未列入或已失效：该读数只能作线索",
    "method {code} was not listed or not in force on {day}: such a reading is a lead only",
)
CLAIMED_EVIDENCE = Text("标为证据，但没有列明有效的检测方法", "called evidence without a listed method in force")
NO_BASIS = Text("未引用法律条款（由执法人员认定）", "no article of law is cited (left to the officers)")
AIRCRAFT_GOOD = Text("无人机登记信息齐全", "the aircraft's record is complete")
AIRCRAFT_GAPS = Text("无人机登记信息缺少：{fields}", "the aircraft's record lacks: {fields}")
NUMBERS_GOOD = Text(
    "{count} 条读数数值有限，位置在园区 5 公里以内", "{count} readings are finite and within 5 km of the park"
)
NUMBERS_BAD = Text("读数或坐标异常：{reason}", "a reading or a coordinate is off: {reason}")
NO_READINGS = Text("没有读数文件", "there is no file of readings")
RETENTION_SHORT = Text("保存期限 {until} 少于五年", "the retention date {until} is less than five years away")
RETENTION_GOOD = Text("保存至 {until}", "to be kept until {until}")
AIRCRAFT_FIELDS = ("model", "serial", "registration")


def check_completeness(packet: OpenedPacket) -> Iterator[Finding]:
    """All of V15 to V24 that the packet's data allow."""
    try:
        case = json.loads(packet.kept[layout.CASE])
    except (KeyError, ValueError, RecursionError) as problem:
        yield Finding("V15", Status.FAILED, NO_CASE.with_(reason=repr(problem)), layout.CASE)
        return
    faults = list(case_faults(case))
    for where, reason in faults:
        yield Finding("V15", Status.FAILED, CASE_FAULT.with_(reason=reason), where)
    if faults:
        return  # what follows reads the fields
    yield Finding("V15", Status.PASSED, CASE_GOOD)
    yield from _check_claims(packet, case)
    yield from _check_officers(case)
    yield from _check_methods(case)
    yield Finding("V20", Status.ABSENT, NO_BASIS)
    yield from _check_aircraft(case)
    yield from _check_numbers(packet, case)
    yield from check_photos(packet, case)
    yield from _check_retention(case)


def _check_claims(packet: OpenedPacket, case: Mapping[str, Any]) -> Iterator[Finding]:
    rows = [row if isinstance(row, dict) else {} for row in case["files"]]
    gone = [str(row.get("name")) for row in rows if not _present(packet, row)]
    for name in gone:
        yield Finding("V16", Status.FAILED, CLAIMED_GONE, name)
    if not any("/raw/" in name or name == RAW_READINGS for name in packet.payload):
        yield Finding("V16", Status.FAILED, NO_RAW)
    if not gone:
        yield Finding("V16", Status.PASSED, CLAIMS_GOOD.with_(count=len(rows)))


def _present(packet: OpenedPacket, row: Mapping[str, Any]) -> bool:
    found = packet.digests.get(layout.PAYLOAD + str(row.get("name")))
    return found is not None and found.sha256 == row.get("sha256")


def _check_officers(case: Mapping[str, Any]) -> Iterator[Finding]:
    rows = [row for row in case["officers"] if isinstance(row, dict)]
    known = {"name", "certificate", "agency", "valid_to", "name_en"}
    officers = [
        Officer(**{"name": "", "certificate": ""} | {k: str(v) for k, v in r.items() if k in known}) for r in rows
    ]
    reason = why_not_two(officers)
    if reason is not None:
        yield Finding("V17", Status.FAILED, reason)
        return
    day = _day(case)
    undated = [officer.name for officer in officers if not officer.valid_to]
    for officer in officers:
        if day is not None and (until := _date(officer.valid_to)) is not None and until < day:
            text = CERTIFICATE_OVER.with_(name=officer.name, valid_to=officer.valid_to)
            yield Finding("V17", Status.FAILED, text)
    if undated:
        yield Finding("V17", Status.NOTE, CERTIFICATE_UNDATED.with_(names=", ".join(undated)))
    yield Finding("V17", Status.PASSED, OFFICERS_GOOD.with_(names=", ".join(o.name for o in officers)))


def _day(case: Mapping[str, Any]) -> date | None:
    """The day of the patrol, None where its start is no time."""
    try:
        return datetime.fromtimestamp(float(case["patrol"]["started_unix_s"]), UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _check_methods(case: Mapping[str, Any]) -> Iterator[Finding]:
    """Whatever is more than a lead names a method, and that was in force on the day."""
    rows = [row for row in case["instruments"] if isinstance(row, dict)]
    day = _day(case)
    for row in rows:
        code, where = str(row.get("method") or ""), str(row.get("instrument"))
        if code and (day is None or method_in_force(code, day) is None):
            yield Finding("V19", Status.FAILED, METHOD_OUT.with_(code=code, day=day), where)
        elif code:
            yield Finding("V19", Status.PASSED, METHOD_GOOD.with_(code=code), where)
        elif row.get("grade") not in (None, "", LEAD):
            yield Finding("V19", Status.FAILED, CLAIMED_EVIDENCE, where)
    if not any(row.get("method") for row in rows):
        yield Finding("V19", Status.ABSENT, CLUE)


def _check_aircraft(case: Mapping[str, Any]) -> Iterator[Finding]:
    record = case["patrol"]["aircraft"]
    gaps = [name for name in AIRCRAFT_FIELDS if not record.get(name)]
    if gaps:
        yield Finding("V21", Status.NOTE, AIRCRAFT_GAPS.with_(fields=", ".join(gaps)))
    else:
        yield Finding("V21", Status.PASSED, AIRCRAFT_GOOD)


def _check_numbers(packet: OpenedPacket, case: Mapping[str, Any]) -> Iterator[Finding]:
    if READINGS not in packet.digests:
        yield Finding("V22", Status.ABSENT, NO_READINGS)
        return
    count = 0
    try:
        for row in _rows(packet):
            count += 1
            _check_row(row, case["park"]["bounds_deg"])
        for suspect in case["findings"]["suspected"]:
            _check_place(float(suspect["lat_deg"]), float(suspect["lon_deg"]), case["park"]["bounds_deg"])
    except (ValueError, KeyError, TypeError, csv.Error) as reason:
        yield Finding("V22", Status.FAILED, NUMBERS_BAD.with_(reason=reason), f"{READINGS}:{count}")
        return
    yield Finding("V22", Status.PASSED, NUMBERS_GOOD.with_(count=count))


def _rows(packet: OpenedPacket) -> Iterator[dict[str, str]]:
    """Rows of the readings, read again piece by piece: there may be millions."""
    return csv.DictReader(_lines(packet))


def _lines(packet: OpenedPacket) -> Iterator[str]:
    rest = b""
    for chunk in packet.chunks(READINGS):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in lines)
    yield from io.StringIO(rest.decode())


def _check_row(row: Mapping[str, str], bounds_deg: list[float]) -> None:
    """Empty cells are honest gaps; a number that is none, or a place far off, is not."""
    for name in ("time_unix_s", "lat_deg", "lon_deg", "value_mg_m3"):
        if row[name] != "" and not math.isfinite(float(row[name])):
            raise ValueError(f"{name} = {row[name]}")
    if row["lat_deg"] and row["lon_deg"]:
        _check_place(float(row["lat_deg"]), float(row["lon_deg"]), bounds_deg)


def _check_place(lat_deg: float, lon_deg: float, bounds_deg: list[float]) -> None:
    if not bounds_deg:
        return
    south, west, north, east = bounds_deg
    inside_lat, inside_lon = min(max(lat_deg, south), north), min(max(lon_deg, west), east)
    if (inside_lat, inside_lon) == (lat_deg, lon_deg):
        return
    if distance_m(lat_deg, lon_deg, inside_lat, inside_lon) > PARK_MARGIN_M:
        raise ValueError(f"{lat_deg:.5f}, {lon_deg:.5f}")


def _check_retention(case: Mapping[str, Any]) -> Iterator[Finding]:
    day, until = _day(case), _date(case["retention_until"])
    if day is None or until is None or until.year < day.year + RETENTION_YEARS:
        yield Finding("V24", Status.FAILED, RETENTION_SHORT.with_(until=case["retention_until"]))
    else:
        yield Finding("V24", Status.PASSED, RETENTION_GOOD.with_(until=case["retention_until"]))
