"""Samples, custody and holding times as values: what is wrong is named, what is only missing is told apart from it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dronesampler.casework import (
    Condition,
    CustodyMode,
    Handover,
    HoldingState,
    LabFile,
    LabResult,
    Officer,
    Sample,
    SampleKind,
    SampleRecord,
    Sealing,
    Value,
    Vessel,
    record_of,
)
from dronesampler.casework.bodies import body_of, value_of
from dronesampler.casework.lines import line_of
from dronesampler.casework.record import CORRECTED, HANDED, RESULT, SEALED, TAKEN, corrected_body, taken_body
from dronesampler.casework.samples import sample_problems
from dronesampler.journal import Entry, follow
from dronesampler.problems import Severity
from dronesampler.rules.holding import HOLDING_TIMES, holding_time

T0 = datetime(2026, 11, 22, 9, 30, tzinfo=UTC).timestamp()
OFFICERS = (Officer("张三", "08-0001"), Officer("李四", "08-0002"))
BAG = Sample(
    number="S20261122-001",
    vessel=Vessel.BAG,
    started_unix_s=T0,
    stopped_unix_s=T0 + 60,
    patrol="p",
    method="HJ 604-2017",
    analytes=("NMHC",),
    officers=OFFICERS,
    lat_deg=35.7,
    lon_deg=116.5,
    place_from="track",
    place_apart_s=0.1,
    volume_l=1.0,
    seal="F-1",
)
TAKEN_S = BAG.ended_unix_s


def chain(*bodies: tuple[str, dict[str, object]]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for i, (kind, body) in enumerate(bodies):
        entries.append(follow(entries[-1] if entries else None, unix_s=TAKEN_S + i, kind=kind, body=body))
    return tuple(entries)


def record(*more: tuple[str, dict[str, object]], sample: Sample = BAG) -> SampleRecord:
    return record_of(chain((TAKEN, taken_body(sample)), *more))


def handed(
    giver: str, receiver: str, released_min: float, received_min: float | None = None, **more: object
) -> Handover:
    received = released_min if received_min is None else received_min
    how = {"seal": "F-1", "seal_intact": True} | more
    return Handover(giver, receiver, TAKEN_S + 60 * released_min, TAKEN_S + 60 * received, **how)  # type: ignore[arg-type]


def rules(found: SampleRecord, now_s: float = TAKEN_S + 3600) -> dict[str, Severity]:
    return {p.rule: p.severity for p in found.problems(now_s)}


def test_a_whole_record_has_nothing_wrong() -> None:
    whole = record(
        (HANDED, body_of(handed("张三", "王五", 90, mode=CustodyMode.LOCKED))),
        (HANDED, body_of(handed("王五", "化验员", 600))),
        (
            RESULT,
            body_of(
                LabResult(
                    "甲公司", "R-1", "HJ 604-2017", TAKEN_S + 9e4, TAKEN_S + 4e4, files=(LabFile("r.pdf", 1, "0" * 64),)
                )
            ),
        ),
    )
    assert whole.problems(TAKEN_S + 9e4) == ()
    assert [(s.holder, s.mode) for s in whole.spans] == [
        ("张三", CustodyMode.VIEW),
        ("王五", CustodyMode.LOCKED),
        ("化验员", CustodyMode.POSSESSION),
    ]
    assert whole.holder == "化验员"


@pytest.mark.parametrize(
    ("change", "rule", "severity"),
    [
        ({"number": "s 1"}, "sample.number", Severity.ERROR),
        ({"stopped_unix_s": T0 - 1}, "sample.stop", Severity.ERROR),
        ({"stopped_unix_s": None}, "sample.stop", Severity.WARNING),
        ({"officers": OFFICERS[:1]}, "sample.officers", Severity.WARNING),
        ({"officers": (OFFICERS[0], OFFICERS[0])}, "sample.officers", Severity.WARNING),
        ({"volume_l": -1.0}, "sample.volume", Severity.ERROR),
        ({"volume_l": None}, "sample.volume", Severity.WARNING),
        ({"lat_deg": 91.0}, "sample.place", Severity.ERROR),
        ({"lat_deg": None}, "sample.place", Severity.WARNING),
        ({"place_apart_s": 12.0}, "sample.place", Severity.WARNING),
        ({"vessel": Vessel.CANISTER}, "sample.vacuum", Severity.WARNING),
        ({"vacuum_before_kpa": 400.0}, "sample.vacuum", Severity.ERROR),
        ({"vacuum_before_kpa": 20.0, "vacuum_after_kpa": 30.0}, "sample.vacuum", Severity.WARNING),
        ({"seal": ""}, "sample.seal", Severity.WARNING),
        ({"kind": SampleKind.DUPLICATE}, "sample.duplicate", Severity.WARNING),
        ({"method": ""}, "sample.method", Severity.WARNING),
        ({"method": "HJ 732-2014"}, "sample.method", Severity.ERROR),  # gave way on 2026-04-01
        ({"method": "HJ 38-2017"}, "sample.method", Severity.WARNING),  # for stacks, not for air in the open
    ],
)
def test_each_fault_of_a_sample_is_named_alone(change: dict[str, object], rule: str, severity: Severity) -> None:
    assert sample_problems(BAG) == ()
    found = sample_problems(replace(BAG, **change))  # type: ignore[arg-type]
    assert [(p.rule, p.severity) for p in found] == [(rule, severity)]


def test_a_method_that_gave_way_names_its_successor() -> None:
    assert "HJ 732-2025" in sample_problems(replace(BAG, method="HJ 732-2014"))[0].text.en
    assert sample_problems(replace(BAG, kind=SampleKind.TRANSPORT_BLANK, lat_deg=None, volume_l=None)) == ()


def test_volume_is_measured_or_flow_times_time() -> None:
    assert BAG.litres == 1.0
    assert replace(BAG, volume_l=None, flow_l_min=0.5).litres == pytest.approx(0.5)
    assert replace(BAG, volume_l=None, flow_l_min=0.5, stopped_unix_s=None).litres is None


@pytest.mark.parametrize(
    ("handovers", "rule"),
    [
        ([handed("张三", "王五", 30, 31)], "custody.gap"),  # one minute
        ([handed("李四", "王五", 30)], "custody.holder"),
        ([handed("张三", "王五", 30), handed("张三", "赵六", 60)], "custody.holder"),
        ([handed("张三", "王五", 30), handed("王五", "赵六", 20)], "custody.order"),
        ([handed("张三", "王五", 30, seal_intact=False)], "custody.seal"),
        ([handed("张三", "王五", 30, seal="F-9")], "custody.seal"),
        ([handed("张三", "王五", 30, condition=Condition.LEAKING)], "custody.condition"),
    ],
)
def test_each_break_of_custody_is_an_error(handovers: list[Handover], rule: str) -> None:
    found = record(*((HANDED, body_of(h)) for h in handovers))
    assert [name for name, s in rules(found).items() if s is Severity.ERROR] == [rule]


def test_a_gap_is_a_span_that_nobody_holds_and_a_sealed_courier_is_none() -> None:
    gap = record((HANDED, body_of(handed("张三", "王五", 30, 45))))
    assert [s.gap for s in gap.spans] == [False, True, False]
    assert gap.spans[1].to_unix_s == TAKEN_S + 45 * 60
    courier = record((HANDED, body_of(handed("张三", "王五", 30, 900, transit=CustodyMode.SEALED))))
    assert [s.mode for s in courier.spans] == [CustodyMode.VIEW, CustodyMode.SEALED, CustodyMode.POSSESSION]
    assert rules(courier) == {}


def test_a_seal_is_broken_before_two() -> None:
    alone = record((SEALED, body_of(Sealing("F-2", TAKEN_S + 60, "张三", replaces="F-1"))))
    assert rules(alone)["custody.two"] is Severity.ERROR
    two = record(
        (SEALED, body_of(Sealing("F-2", TAKEN_S + 60, "张三", "李四", "F-1"))),
        (HANDED, body_of(handed("张三", "王五", 30, seal="F-2"))),
    )
    assert rules(two) == {}


def test_nobody_looked_and_nobody_took_are_doubts() -> None:
    assert rules(record()) == {"custody.none": Severity.WARNING}
    assert rules(record((HANDED, body_of(handed("张三", "王五", 30, seal_intact=None))))) == {
        "custody.seal": Severity.WARNING
    }


@pytest.mark.parametrize(
    ("analysed_s", "now_s", "state"),
    [
        (None, 47 * 3600, HoldingState.RUNNING),
        (None, 48 * 3600 + 60, HoldingState.OVERDUE),
        (47 * 3600, 90 * 3600, HoldingState.MET),
        (48 * 3600 + 60, 90 * 3600, HoldingState.MISSED),
    ],
)
def test_the_clock_of_a_bag(analysed_s: float | None, now_s: float, state: HoldingState) -> None:
    analysed = None if analysed_s is None else TAKEN_S + analysed_s
    found = record((RESULT, body_of(LabResult("甲", "R", "HJ 604-2017", TAKEN_S + 9e5, analysed))))
    holding = found.holding(TAKEN_S + now_s)
    assert holding.state is state
    assert ("holding.over" in rules(found, TAKEN_S + now_s)) == state.bad
    assert "not checked against the standard" in holding.text.en  # no figure of the table was read in its standard


def test_a_minute_late_is_said() -> None:
    late = record().holding(TAKEN_S + 48 * 3600 + 60)
    assert "0 h 01 min" in late.text.en and late.left_s == -60.0


@pytest.mark.parametrize(
    ("method", "vessel"), [("HJ 732-2025", Vessel.BAG), ("HJ 9999-2020", Vessel.BAG), ("", Vessel.BAG)]
)
def test_a_limit_that_nobody_knows_is_said_and_never_guessed(method: str, vessel: Vessel) -> None:
    found = record(sample=replace(BAG, method=method, vessel=vessel))
    assert found.holding(TAKEN_S + 1).state is HoldingState.UNKNOWN
    assert rules(found)["holding.unknown"] is Severity.WARNING


def test_the_table_of_holding_times() -> None:
    day = date(2026, 11, 22)
    strict = holding_time("HJ 604-2017", "bag", day, analytes=("NMHC", "CH4"))
    methane = holding_time("HJ 604-2017", "bag", day, analytes=("CH4",))
    assert strict and methane and (strict.max_hours, methane.max_hours) == (48.0, 168.0)
    assert holding_time("HJ 759-2015", "canister", day) is None
    assert holding_time("HJ 759-2015", "canister", date(2020, 1, 1)) is not None
    assert holding_time("HJ 604-2017", "tube", day) is None
    assert all(row.max_hours is None or row.max_hours > 0 for row in HOLDING_TIMES)
    assert not any(row.verified for row in HOLDING_TIMES)  # whoever reads a standard changes the row and this line
    assert {v for row in HOLDING_TIMES for v in row.vessels} <= {v.value for v in Vessel}


def test_a_correction_is_a_further_entry_and_the_first_stays() -> None:
    right = replace(BAG, volume_l=0.95)
    found = record((CORRECTED, corrected_body(right, why="抄录错误", by="张三")))
    assert (found.first.volume_l, found.sample.volume_l) == (1.0, 0.95)
    assert [(c.seq, c.why) for c in found.corrections] == [(1, "抄录错误")]
    with pytest.raises(ValueError, match="another sample"):
        record((CORRECTED, corrected_body(replace(BAG, number="S-2"), why="x", by="y")))


def test_a_corrected_result_stays_and_counts_no_more() -> None:
    one = LabResult("甲", "R-1", "HJ 604-2017", TAKEN_S + 9e4, TAKEN_S + 3600, (Value("NMHC", 12.4, "mg/m3", 0.07),))
    two = replace(one, values=(Value("NMHC", None, "mg/m3", 0.07),), corrects=1, why="换算错误")
    found = record((RESULT, body_of(one)), (RESULT, body_of(two)))
    assert [seq for seq, _ in found.results] == [1, 2]
    assert [seq for seq, _ in found.results_in_force] == [2]
    assert "NMHC below the limit (< 0.07) mg/m3" in line_of(found, now_unix_s=TAKEN_S + 9e4).results[0].en


def test_bodies_come_back_and_strange_ones_are_refused() -> None:
    for value in (BAG, handed("a", "b", 1), Sealing("F", 1.0, "a"), LabResult("l", "r", "m", 1.0)):
        assert value_of(type(value), body_of(value)) == value
    for bad in (
        {},
        [],
        body_of(BAG) | {"volume_l": "1"},
        body_of(BAG) | {"extra": 1},
        body_of(BAG) | {"vessel": "bucket"},
        body_of(BAG) | {"simulated": 1},
        body_of(BAG) | {"started_unix_s": 1e999},
        body_of(BAG) | {"officers": [{"name": 3}]},
    ):
        with pytest.raises(ValueError, match=r"."):
            value_of(Sample, bad)
    with pytest.raises(ValueError, match="finite"):
        body_of(replace(BAG, volume_l=float("nan")))


@pytest.mark.parametrize("entries", [(), chain((HANDED, {})), chain((TAKEN, taken_body(BAG)), ("invented", {}))])
def test_entries_that_tell_no_sample(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        record_of(entries)
