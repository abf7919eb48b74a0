"""HJ 212 packets quoted from the field, held against what is known of each."""

import json
from pathlib import Path
from typing import Any

import pytest

from dronesampler.cli import main
from dronesampler.sampler.hj212 import Broken, Deframer, Fault, crc, framed, parsed, unframed
from dronesampler.sampler.hj212_values import values_of
from dronesampler.sampler.status import Status


@pytest.fixture
def packets(shared: Path) -> list[dict[str, Any]]:
    path = shared / "data" / "05_gas" / "hj212" / "packets_truth.json"
    known: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return known


def test_each_packet_is_taken_or_refused_as_told(packets: list[dict[str, Any]]) -> None:
    for known in packets:
        raw = known["packet"].encode()
        assert f"{crc(raw[6:-4]):04X}" == known["crc_computed"]
        taken = unframed(raw)
        assert isinstance(taken, bytes) is (known["crc_ok"] and known["length_ok"]), known["remark"]
        if isinstance(taken, Broken):
            assert taken.fault is (Fault.CRC if known["length_ok"] else Fault.LENGTH)
        else:
            assert Deframer().feed(raw + b"\r\n") == [taken] and framed(taken) == raw + b"\r\n"


def of(packets: list[dict[str, Any]], word: str) -> Any:
    known = next(p for p in packets if word in p["remark"])
    return parsed(known["packet"].encode()[6:-4])


def test_a_stack_monitor_in_the_hour(packets: list[dict[str, Any]]) -> None:
    values = {(v.code, v.kind): v for v in values_of(of(packets, "minute/hour"))}
    nmhc = values["a24088", "Avg"]
    assert (nmhc.value, nmhc.flag, nmhc.status) == (0.933, "N", Status.NORMAL)
    assert nmhc.factor is not None and (nmhc.factor.species, nmhc.factor.unit) == ("NMHC", "mg/m3")
    assert values["a01013", "Min"].value == -0.041


def test_water_is_not_taken_for_air(packets: list[dict[str, Any]]) -> None:
    water = of(packets, "WATER")
    assert len(water.values) == 7 and values_of(water) == ()


def test_the_codes_of_2005_are_kept_though_not_understood(packets: list[dict[str, Any]]) -> None:
    old = of(packets, "2005")
    values = values_of(old)
    assert old.version == 0 and {v.kind for v in values} == {"Rtd", "ZsRtd"} and len(values) == 12
    assert all(v.factor is None for v in values)


def test_a_restart_notice_with_an_empty_password(packets: list[dict[str, Any]]) -> None:
    notice = of(packets, "restart")
    assert (notice.cn, notice.pw, notice.values) == ("2081", "", ((("RestartTime", "20200425120954"),),))


def test_a_factor_that_stands_twice_is_marked(packets: list[dict[str, Any]]) -> None:
    values = values_of(of(packets, "duplicate"))
    assert [v.code for v in values if v.duplicate] == ["a21"]


def test_odd_headers_are_read(packets: list[dict[str, Any]]) -> None:
    assert of(packets, "14 digits").qn == "20180507000558"
    assert of(packets, "no QN").qn == "" and len(values_of(of(packets, "no QN"))) == 8


def test_the_capture_is_imported(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared / "data" / "05_gas" / "hj212" / "packets.txt"
    assert main(["import", str(path), "--into", str(tmp_path / "p.sqlite"), "--json", "--lang", "en"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["kind"], said["messages"], said["quantities"]) == ("hj212", 9, {"NMHC": 2, "CH4": 2})
    counts = {r["code"]: r["count"] for r in said["rejected"]}
    assert counts == {"crc": 2, "water": 1, "no-gas": 4}
