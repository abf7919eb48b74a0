"""Completeness: each gap in a case is named, and none of them touches the verdict on integrity."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dronesampler.casework import Officer
from dronesampler.clock import FakeClock
from dronesampler.evidence import (
    DeviceKey,
    ExitCode,
    PacketContents,
    Status,
    Trust,
    TrustedKey,
    Verdict,
    digest_of,
    verify,
    write_packet,
)
from dronesampler.evidence.case_record import CASE_FORMAT

KEY = DeviceKey.generate("test device")
TRUST = Trust((TrustedKey(KEY.public_key, KEY.owner),))
OFFICERS = (Officer("示例甲", "1", valid_to="2030-01-01"), Officer("示例乙", "2", valid_to="2030-01-01"))
READINGS = b"seq,time_unix_s,lat_deg,lon_deg,value_mg_m3\n0,1800000000,35.701,116.481,0.4\n1,1800000001,,,\n"
FILES = {"readings/readings.csv": READINGS, "readings/raw.csv": b"seq\n0\n"}
CASE: dict[str, Any] = {
    "format": CASE_FORMAT,
    "id": "x",
    "simulated": False,
    "agency": "某县",
    "officers": [officer.as_json() for officer in OFFICERS],
    "patrol": {
        "uuid": "x",
        "name": "P",
        "started_unix_s": 1.8e9,
        "ended_unix_s": None,
        "aircraft": {"model": "m", "serial": "s", "registration": "r"},
        "clock_factor": 1.0,
    },
    "park": {"name": "p", "simulated": False, "bounds_deg": [35.70, 116.48, 35.705, 116.49]},
    "instruments": [{"instrument": "PID-1", "grade": "线索"}],
    "readings": {"count": 2, "maximum_mg_m3": 0.4},
    "track": {"points": 0, "length_m": 0.0},
    "findings": {"suspected": [{"lat_deg": 35.702, "lon_deg": 116.485}]},
    "files": [{"name": n, "size": len(d), "sha256": digest_of([d]).sha256} for n, d in FILES.items()],
    "environment": {},
    "retention_until": "2032-12-31",
}


def judged(folder: Path, case: dict[str, Any], files: dict[str, bytes] | None = None) -> Verdict:
    contents = PacketContents("T", case, FILES if files is None else files, OFFICERS)
    return verify(write_packet(contents, folder, key=KEY, clock=FakeClock()), trust=TRUST)


def test_a_complete_case_lacks_nothing(tmp_path: Path) -> None:
    verdict = judged(tmp_path, CASE)
    assert (verdict.exit_code, verdict.incomplete) == (ExitCode.SOUND, ())


def changed(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(case: dict[str, Any]) -> None:
        place: Any = case
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


GAPS: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "other format": ("V15", changed("format", to="other/1")),
    "field gone": ("V15", lambda case: case.pop("agency")),
    "nested field gone": ("V15", lambda case: case["patrol"].pop("uuid")),
    "wrong type": ("V15", changed("officers", to="two")),
    "true is no number": ("V15", changed("readings", "count", to=True)),
    "file gone": ("V16", changed("files", 0, "name", to="lost.csv")),
    "file of another digest": ("V16", changed("files", 0, "sha256", to="0" * 64)),
    "one officer": ("V17", lambda case: case["officers"].pop()),
    "one officer twice": ("V17", changed("officers", 1, "certificate", to="1")),
    "certificate over": ("V17", changed("officers", 0, "valid_to", to="2027-01-14")),
    "method out of force": ("V19", changed("instruments", 0, "method", to="HJ 732-2014")),
    "method not yet": (
        "V19",
        lambda case: (
            changed("instruments", 0, "method", to="HJ 1331-2023")(case),
            changed("patrol", "started_unix_s", to=1.7e9)(case),
        ),
    ),
    "evidence without a method": ("V19", changed("instruments", 0, "grade", to="证据")),
    "suspect far away": ("V22", changed("findings", "suspected", 0, "lat_deg", to=35.9)),
    "kept too short": ("V24", changed("retention_until", to="2030-12-31")),
    "kept until no date": ("V24", changed("retention_until", to="soon")),
}


@pytest.mark.parametrize("gap", GAPS)
def test_each_gap_is_named_and_touches_nothing_else(tmp_path: Path, gap: str) -> None:
    code, change = GAPS[gap]
    case = deepcopy(CASE)
    change(case)
    verdict = judged(tmp_path, case)
    assert verdict.exit_code is ExitCode.SOUND
    assert verdict.incomplete == (code,)
    assert code in verdict.headline().en


@pytest.mark.parametrize(
    "row", ["2,1,35.701,116.481,nan", "2,1,35.701,116.481,inf", "2,1,36.0,116.481,1", "2,1,x,116.481,1", "2,1"]
)
def test_readings_that_are_no_numbers_or_far_off(tmp_path: Path, row: str) -> None:
    files = FILES | {"readings/readings.csv": READINGS + row.encode() + b"\n"}
    case = CASE | {"files": []}
    verdict = judged(tmp_path, case, files)
    assert verdict.incomplete == ("V22",)
    assert [f.where for f in verdict.findings if f.code == "V22"] == ["data/readings/readings.csv:3"]


def test_a_method_in_force_is_said(tmp_path: Path) -> None:
    case = deepcopy(CASE)
    case["instruments"][0] |= {"method": "HJ 1331-2023", "grade": "证据"}
    found = [f.status for f in judged(tmp_path, case).findings if f.code == "V19"]
    assert found == [Status.PASSED]


def test_gaps_that_are_only_noted(tmp_path: Path) -> None:
    case = deepcopy(CASE)
    case["patrol"]["aircraft"] = {"model": "m"}
    case["officers"][0]["valid_to"] = ""
    verdict = judged(tmp_path, case)
    assert verdict.incomplete == ()
    noted = {f.code for f in verdict.findings if f.status is Status.NOTE}
    assert {"V17", "V21"} <= noted


def test_no_raw_record(tmp_path: Path) -> None:
    files = {"readings/readings.csv": READINGS}
    case = CASE | {"files": []}
    assert judged(tmp_path, case, files).incomplete == ("V16",)


@pytest.mark.parametrize("started", [1e300, -1e300])
def test_times_that_no_calendar_holds(tmp_path: Path, started: float) -> None:
    case = deepcopy(CASE)
    case["patrol"]["started_unix_s"] = started
    assert "V24" in judged(tmp_path, case).incomplete
