"""Cases: told by officers, never rewritten, sealed with their patrol."""

import json
import zipfile
from pathlib import Path

import pytest

from dronesampler.casework import Officer
from dronesampler.casework.cases import CaseTold, case_of
from dronesampler.clock import FakeClock
from dronesampler.desk.cases import case_about, cases_of, tell_case
from dronesampler.desk.packet_missing import missing
from dronesampler.desk.sealing import seal_patrol, verify_packet
from dronesampler.evidence import DeviceKey, ExitCode, PacketContents, Status, Trust, TrustedKey, verify, write_packet
from dronesampler.journal import Entry, follow
from dronesampler.problems import BadInput, Refused, Severity
from dronesampler.store import Store

OFFICERS = (Officer("张三", "1"), Officer("李四", "2"))


def opened(place: Path | str, *, simulated: bool = True) -> Store:
    store = Store.open(place, clock=FakeClock())
    with store.transaction() as batch:
        batch.begin_patrol("夜巡", simulated=simulated)
    return store


def test_a_case_is_opened_by_its_first_telling_and_grows(database: Path | str) -> None:
    with opened(database) as store:
        assert case_about(store, "last", finding=1, flag=2) is None
        one = tell_case(
            store, "last", CaseTold("屋顶有敞口", "王某（企业）"), finding=1, flag=2, place=(35.0, 116.0), reason="r"
        )
        two = tell_case(store, "last", CaseTold("已约谈"), finding=1, flag=2, place=(35.0, 116.0))
        other = tell_case(store, "last", CaseTold("另一处"), finding=1, flag=1, place=(35.1, 116.0))
        assert (one.number, two.number, other.number) == ("XP-2027-001", "XP-2027-001", "XP-2027-002")
        assert (two.told.story, two.tellings, two.opened.reason, two.opened.simulated) == ("已约谈", 2, "r", True)
        assert [json.loads(e.line())["body"].get("story") for e in two.entries[1:]] == ["屋顶有敞口", "已约谈"]
        assert case_about(store, "last", finding=1, flag=2) == two
        assert cases_of(store) == (two, other)
        with pytest.raises(BadInput):
            tell_case(store, "last", CaseTold("  "), finding=1, flag=2, place=(35.0, 116.0))


def test_a_story_that_was_rewritten_breaks_the_packet(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        tell_case(store, "last", CaseTold("屋顶有敞口"), finding=1, flag=1, place=(35.0, 116.0))
        packet = seal_patrol(store, "last")
    assert verify_packet(packet.path, trust=packet.trust).exit_code is ExitCode.SOUND
    with zipfile.ZipFile(packet.path) as container:
        files = {info.filename: container.read(info) for info in container.infolist()}
    chain = "data/cases/XP-2027-001/chain.jsonl"
    entries = [Entry(**json.loads(line)) for line in files[chain].splitlines()]
    assert case_of(entries).told.story == "屋顶有敞口"
    rewritten = [entries[0], follow(entries[0], unix_s=entries[1].unix_s, kind=entries[1].kind,
                                    body=dict(entries[1].body) | {"story": "无异常"})]  # fmt: skip
    key = DeviceKey.generate("insider")
    for change in (rewritten, entries[:1], []):
        payload = {n.removeprefix("data/"): d for n, d in files.items() if n.startswith("data/")}
        payload["cases/XP-2027-001/chain.jsonl"] = b"".join(e.line() + b"\n" for e in change)
        case = json.loads(payload.pop("case.json"))
        journal = [Entry(**json.loads(line)) for line in files["journal.jsonl"].splitlines()]
        again = PacketContents("T", case, payload, OFFICERS, journal)
        (tmp_path / "again").mkdir(exist_ok=True)
        verdict = verify(
            write_packet(again, tmp_path / "again", key=key, clock=FakeClock()),
            trust=Trust((TrustedKey(key.public_key, key.owner),)),
        )
        assert verdict.exit_code is ExitCode.BROKEN
        assert Status.FAILED in [f.status for f in verdict.findings if f.code == "V14"]


def test_a_damaged_case_is_refused_by_number(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        tell_case(store, "last", CaseTold("屋顶有敞口"), finding=1, flag=1, place=(35.0, 116.0))
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER dossier_entry_no_update")
            connection.exec_driver_sql("UPDATE dossier_entry SET body = '{}' WHERE seq = 0")
        with pytest.raises(Refused, match="XP-2027-001"):
            cases_of(store)


def test_what_is_missing_before_sealing(tmp_path: Path) -> None:
    with opened(tmp_path, simulated=False) as store:
        found = {p.rule: p.severity for p in missing(store, "last")}
        assert found["packet.officers"] is Severity.ERROR  # stands against sealing, and is told first
        assert next(iter(found)) == "packet.officers"
        assert {"packet.open", "packet.raw", "packet.readings", "packet.findings", "packet.park"} <= set(found)
        team = {"agency": "a", "officers": [{"name": n, "certificate": n} for n in "甲乙"], "aircraft": {}}
        (tmp_path / "team.json").write_text(json.dumps(team))
        found = {p.rule: p.severity for p in missing(store, "last")}
        assert "packet.officers" not in found
        assert found["packet.certificate"] is found["packet.aircraft"] is Severity.WARNING
