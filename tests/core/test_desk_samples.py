"""Samples by the desk and from the command line, on SQLite and PostgreSQL: entered, sealed, handed over, analysed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dronesampler.casework import (
    CustodyMode,
    Handover,
    HoldingState,
    LabResult,
    Officer,
    Sample,
    Sealing,
    Trigger,
    Value,
    Vessel,
)
from dronesampler.casework.record import ENTERED
from dronesampler.cli import main
from dronesampler.clock import FakeClock
from dronesampler.columns import Track
from dronesampler.desk.sample_flight import filled_in, samples_from_flight
from dronesampler.desk.sample_labels import write_labels
from dronesampler.desk.samples import (
    attach_result,
    correct_sample,
    hand_over,
    lab_path,
    note_sample,
    sample_of,
    samples_of,
    seal_sample,
    take_sample,
)
from dronesampler.journal import Entry, first_break, follow
from dronesampler.problems import BadInput, Refused
from dronesampler.report.sample_labels import label_code, label_svg, labels_pdf
from dronesampler.store import Store

T0 = 1.8e9
N = 120
OFFICERS = (Officer("张三", "08-0001"), Officer("李四", "08-0002"))
BAG = Sample("", Vessel.BAG, T0 + 30.5, T0 + 90.5, method="HJ 604-2017", officers=OFFICERS, volume_l=1.0, seal="F-1")


def opened(place: Path | str, *, simulated: bool = True) -> Store:
    """A store with one patrol whose track goes north at one ten-thousandth of a degree a second."""
    store = Store.open(place, clock=FakeClock(T0 + 7200))
    k = np.arange(N, dtype=float)
    with store.transaction() as batch:
        patrol = batch.begin_patrol("夜巡", started_unix_s=T0, simulated=simulated)
        flat = np.full(N, 40.0)
        batch.add_track(patrol.id, Track(T0 + k, 35.0 + k * 1e-4, np.full(N, 116.0), flat, flat - 2.0, flat, flat))
    return store


def test_a_sample_takes_number_and_place_from_the_patrol(database: Path | str) -> None:
    with opened(database) as store:
        one = take_sample(store, "last", BAG).sample
        assert one.number == "S20270115-001"
        assert one.lat_deg == pytest.approx(35.00305)
        assert (one.height_agl_m, one.height_home_m, one.place_from, one.place_apart_s) == (38.0, 40.0, "track", 0.5)
        assert one.simulated and one.patrol == store.patrol("last").uuid
        assert take_sample(store, "last", BAG).sample.number == "S20270115-002"
        given = take_sample(store, "last", replace(BAG, number="dy-7", lat_deg=36.0, lon_deg=117.0)).sample
        assert (given.number, given.lat_deg, given.place_from) == ("DY-7", 36.0, "given")
        late = take_sample(store, "last", replace(BAG, started_unix_s=T0 + 4000, stopped_unix_s=T0 + 4060)).sample
        assert late.lat_deg is None  # the track knows nothing of that hour
        assert [r.sample.number for r in samples_of(store, "last")] == [
            one.number,
            "S20270115-002",
            "DY-7",
            late.number,
        ]
        with pytest.raises(BadInput, match="taken"):
            take_sample(store, "last", replace(BAG, number="DY-7"))


@pytest.mark.parametrize(
    "change",
    [
        {"stopped_unix_s": T0},
        {"volume_l": 0.0},
        {"number": "a b"},
        {"started_unix_s": T0 + 9e4, "stopped_unix_s": None},
    ],
)
def test_what_cannot_be_is_not_entered(tmp_path: Path, change: dict[str, object]) -> None:
    with opened(tmp_path) as store:
        with pytest.raises(BadInput):
            take_sample(store, "last", replace(BAG, **change))  # type: ignore[arg-type]
        assert samples_of(store) == ()


def test_from_hand_to_hand_to_the_laboratory(database: Path | str, tmp_path: Path) -> None:
    report = tmp_path / "检测报告 1.PDF"
    report.write_bytes(b"%PDF-1.4 " + bytes(range(256)))
    data = tmp_path / "files"
    with opened(database) as store:
        number = take_sample(store, "last", BAG).sample.number
        hand_over(
            store, number, Handover("", "王五", T0 + 600, T0 + 600, CustodyMode.LOCKED, seal="F-1", seal_intact=True)
        )
        seal_sample(store, number, Sealing("F-2", T0 + 700, "王五", "李四", reason="改装冷藏箱"))
        hand_over(store, number, Handover("", "化验员", T0 + 900, T0 + 960, seal="F-2", seal_intact=True))
        note_sample(store, number, "箱内 4 ℃", by="王五")
        result = LabResult("甲公司", "R-1", "HJ 604-2017", T0 + 7000, T0 + 5000, (Value("NMHC", 12.4, "mg/m3", 0.07),))
        record = attach_result(store, number, result, files=[report], folder=data)
        assert [h.giver for h in record.handovers] == ["张三", "王五"]
        assert record.seals[1].replaces == "F-1"
        assert [p.rule for p in record.problems(store.clock.unix_s())] == ["custody.gap"]
        (file,) = record.results[0][1].files
        assert (file.name, (data / lab_path(file)).read_bytes()) == ("检测报告 1.PDF", report.read_bytes())
        assert record.holding(store.clock.unix_s()).state is HoldingState.MET
        again = sample_of(store, number.lower())
        assert again == record and first_break(again.entries) is None
        noted = [e.body["digest"] for e in store.journal("last") if e.kind == ENTERED]
        assert noted == [e.digest() for e in record.entries]


def test_corrections_are_added(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        number = take_sample(store, "last", BAG).sample.number
        found = correct_sample(store, number, {"volume_l": 0.9, "seal": "F-10"}, why="抄录错误", by="张三")
        assert (found.first.volume_l, found.sample.volume_l, found.seals[0].seal) == (1.0, 0.9, "F-10")
        result = LabResult("甲", "R", "HJ 604-2017", T0 + 7000, values=(Value("NMHC", 1.0, "mg/m3"),))
        attach_result(store, number, result)
        with pytest.raises(BadInput):  # why?
            attach_result(store, number, replace(result, corrects=2))
        fixed = attach_result(store, number, replace(result, report_number="R-2", corrects=2, why="笔误"))
        assert [r.report_number for _, r in fixed.results_in_force] == ["R-2"]
        refused: list[tuple[dict[str, object], str]] = [
            ({"number": "X-1"}, "y"),
            ({"colour": 1}, "y"),
            ({"volume_l": "much"}, "y"),
            ({"volume_l": 1}, " "),
        ]
        for changes, why in refused:
            with pytest.raises(BadInput):
                correct_sample(store, number, changes, why=why, by="张三")
        assert len(sample_of(store, number).entries) == 4


def test_entries_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        number = take_sample(store, "last", BAG).sample.number
        bad = [
            lambda: hand_over(store, number, Handover("", "", T0 + 600, T0 + 600)),
            lambda: hand_over(store, number, Handover("", "王五", T0 + 600, T0 + 599)),
            lambda: hand_over(store, number, Handover("", "王五", T0, T0 + 600)),  # before it was taken
            lambda: hand_over(store, number, Handover("", "王五", T0 + 600, T0 + 9e5)),  # tomorrow
            lambda: seal_sample(store, number, Sealing(" ", T0 + 600, "张三")),
            lambda: attach_result(store, number, LabResult("甲", "R", "m", T0 + 600)),
            lambda: attach_result(store, number, LabResult("甲", "R", "m", T0 + 600), files=[tmp_path / "none.pdf"]),
            lambda: attach_result(
                store, number, LabResult("甲", "R", "m", T0 + 600, values=(Value("x", 1.0, "g"),), corrects=0, why="w")
            ),
            lambda: sample_of(store, "S-404"),
        ]
        for enter in bad:
            with pytest.raises(BadInput):
                enter()
        assert len(sample_of(store, number).entries) == 1


def test_a_damaged_record_is_refused_by_name(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        number = take_sample(store, "last", BAG).sample.number
        note_sample(store, number, "one", by="x")
        with store.engine.begin() as connection:
            for change in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(f"DROP TRIGGER dossier_entry_no_{change.lower()}")
            connection.exec_driver_sql("UPDATE dossier_entry SET body = replace(body, '1.0', '2.0') WHERE seq = 0")
        with pytest.raises(Refused, match=number):
            sample_of(store, number)


def test_what_a_flight_filled_is_entered_once(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with store.transaction() as batch:
            for move, vessel, at_s in (
                ("open", "CANISTER-1", 20.0),
                ("shut", "CANISTER-1", 80.0),
                ("open", "B2", 100.0),
            ):
                body = {"move": move, "vessel": vessel, "at_unix_s": T0 + at_s, "sigmas": 9.5}
                batch.note(store.patrol("last").id, "valve", body)
            batch.note(store.patrol("last").id, "valve", {"move": "switch", "output": 1, "at_unix_s": T0})
        one, two = samples_from_flight(store, "last", officers=OFFICERS, method="HJ 759-2023")
        assert (one.sample.vessel, two.sample.vessel) == (Vessel.CANISTER, Vessel.BAG)
        assert (one.sample.started_unix_s, one.sample.stopped_unix_s) == (T0 + 20, T0 + 80)
        assert two.sample.stopped_unix_s is None
        assert one.sample.trigger is Trigger.PLUME_AXIS and one.sample.lat_deg == pytest.approx(35.002)
        assert samples_from_flight(store, "last", officers=OFFICERS) == ()


def test_what_was_filled_on_command_is_entered_where_the_relay_is_named(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with store.transaction() as batch:
            for output, value, at_s in ((1, 1.0, 10.0), (2, 1.0, 15.0), (1, 1.0, 20.0), (1, 0.0, 40.0), (1, 1.0, 90.0)):
                body = {"move": "switch", "output": output, "relay": True, "value": value, "at_unix_s": T0 + at_s}
                batch.note(store.patrol("last").id, "valve", {**body, "by": "飞手", "id": 1})
        assert samples_from_flight(store, "last", officers=OFFICERS) == ()
        made = samples_from_flight(store, "last", officers=OFFICERS, relay=1, vessel=Vessel.TUBE)
        times = [(r.sample.started_unix_s - T0, r.sample.stopped_unix_s) for r in made]
        assert times == [(10.0, T0 + 40.0), (90.0, None)]
        assert {(r.sample.trigger, r.sample.vessel) for r in made} == {(Trigger.COMMAND, Vessel.TUBE)}
        assert samples_from_flight(store, "last", officers=OFFICERS, relay=1) == ()


def test_labels_say_it_in_both_languages_and_mark_what_is_simulated(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store, opened(tmp_path / "b", simulated=False) as real:
        mock, true = take_sample(store, "last", BAG), take_sample(real, "last", BAG)
    svg = label_svg(mock)
    assert all(word in svg for word in ("S20270115-001", "气袋", "bag", "张三", "模拟数据 SIMULATED", "封签 seal"))
    assert "SIMULATED" not in label_svg(true)
    code = label_code(mock)
    assert code == f"S|{mock.sample.patrol[:8]}|S20270115-001|{mock.entries[0].digest()[:16]}"
    assert label_svg(mock) == svg and labels_pdf([mock] * 12) == labels_pdf([mock] * 12)
    assert labels_pdf([mock]).startswith(b"%PDF-")
    write_labels([mock], tmp_path / "one.svg")
    assert (tmp_path / "one.svg").read_text("utf-8") == svg
    for records, name in (([mock, true], "two.svg"), ([mock], "x.docx")):
        with pytest.raises(BadInput):
            write_labels(records, tmp_path / name)


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    opened(data).close()
    report = tmp_path / "r.pdf"
    report.write_bytes(b"%PDF as received")

    def said(*words: str) -> tuple[int, dict[str, object]]:
        code = main(["sample", *words, "--data", str(data), "--json"])
        return code, json.loads(capsys.readouterr().out)

    start = ["--start", "2026-01-15T08:00:30+00:00", "--stop", "2026-01-15T08:01:30+00:00"]
    people = ["--officer", "张三:08-0001", "--officer", "李四:08-0002"]
    code, made = said("add", "last", "--vessel", "bag", *start, *people, "--method", "HJ 604-2017", "--seal", "F-1")
    assert code == 0
    (sample,) = made["samples"]  # type: ignore[misc]
    number = str(sample["number"])
    at = ["--at", "2026-01-15T08:10:00+00:00"]
    assert said("hand", number, "--to", "王五", "--mode", "locked", "--intact", "yes", "--seal", "F-1", *at)[0] == 0
    assert said("seal", number, "F-2", "--by", "王五", "--witness", "李四", *at)[0] == 0
    values = [
        "--value",
        "NMHC=12.4 mg/m3 0.07",
        "--value",
        "苯=<0.003 mg/m3",
        "--analysed",
        "2026-01-15T12:00:00+00:00",
    ]
    code, _ = said("result", number, str(report), "--laboratory", "甲公司", "--report", "R-1", *values)
    assert code == 0
    assert said("correct", number, "volume_l=1.0", "--why", "漏填", "--by", "张三")[0] == 0
    code, listed = said("list", "last")
    (sample,) = listed["samples"]  # type: ignore[misc]
    assert (code, sample["holder"], sample["entries"], sample["holding"]["state"]) == (0, "王五", 5, "met")
    assert [v["value"] for v in sample["results"][0]["values"]] == [12.4, None]
    assert (data / "media" / "lab").is_dir()
    assert said("label", number, "-o", str(tmp_path / "l.pdf"))[0] == 0
    assert main(["--data", str(data), "--lang", "zh_CN", "sample", "list", "--number", number]) == 0
    shown = capsys.readouterr().out
    assert "【模拟数据】" in shown and "王五，上锁" in shown
    for wrong in (
        ("add", "last"),
        ("add", "last", "--from-flight"),
        ("add", "last", "--vessel", "bag", "--start", "yesterday"),
        ("add", "last", "--vessel", "bag", *start, "--place", "here"),
        ("result", number, "--laboratory", "甲", "--value", "NMHC=much"),
        ("correct", number, "volume_l", "--why", "x", "--by", "y"),
        ("hand", "S-404", "--to", "x"),
        ("label", "-o", "x.pdf"),
        ("hand", number),
        ("bury", number),
    ):
        assert said(*wrong)[0] == 2, wrong


def journal_of(*moves: tuple[str, float, int, str]) -> list[Entry]:
    """Moves of the valve (what, when, the command's id) and what became of each command."""
    rows: list[tuple[float, str, dict[str, object]]] = []
    for move, unix_s, number, stage in moves:
        rows.append((unix_s, "valve", {"move": move, "vessel": f"BAG{number}", "at_unix_s": unix_s, "id": number}))
        rows.append((unix_s, "CommandProgressed", {"name": "SwitchSampler", "command_id": number, "stage": stage}))
    entries: list[Entry] = []
    for unix_s, kind, body in rows:
        entries.append(follow(entries[-1] if entries else None, unix_s=unix_s, kind=kind, body=body))
    return entries


def test_an_opening_that_was_refused_filled_nothing_and_the_last_shutting_counts() -> None:
    found = filled_in(
        journal_of(
            ("open", 100.0, 1, "refused"),
            ("shut", 120.0, 2, "refused"),
            ("open", 200.0, 3, "accepted"),
            ("shut", 220.0, 4, "refused"),
            ("shut again", 222.0, 5, "unanswered"),
            ("shut again", 226.0, 6, "accepted"),
            ("open", 300.0, 7, "observed"),
            ("shut", 320.0, 8, "refused"),
        )
    )
    assert [(f.vessel, f.opened_unix_s, f.shut_unix_s) for f in found] == [
        ("BAG3", 200.0, 226.0),
        ("BAG7", 300.0, None),
    ]


@pytest.mark.parametrize("number", ["nan", "inf", "-1e999"])
def test_numbers_that_are_none_are_bad_input(number: str) -> None:
    from dronesampler.desk import sample_entry

    for text in (f"NMHC={number} mg/m3", f"NMHC=<{number} mg/m3", f"NMHC=1 mg/m3 {number}"):
        with pytest.raises(BadInput):
            sample_entry.value(text)
    with pytest.raises(BadInput):
        sample_entry.number(number)
