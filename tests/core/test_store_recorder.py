"""The recorder: nothing lost, nothing silent; and its second copy."""

import math
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronesampler.clock import FakeClock
from dronesampler.journal import first_break
from dronesampler.problems import BadInput, Refused
from dronesampler.store import (
    JournalRow,
    Mirror,
    PlacedRow,
    ReadingRow,
    Record,
    Recorder,
    Store,
    TrackRow,
    WindRow,
    chunks,
    engine,
    mirror,
    reclaim,
    recording_rate,
    space,
)
from dronesampler.texts import Text

HANG_S = 30.0


class Server(Protocol):
    """What the fixture of that name gives."""

    def new_database(self) -> str:
        """The URL of an empty database."""


@dataclass
class Crew:
    """Hears what the recorder says."""

    failures: list[Text] = field(default_factory=list)
    failed: threading.Event = field(default_factory=threading.Event)
    recovered: threading.Event = field(default_factory=threading.Event)

    def fail(self, reason: Text) -> None:
        self.failures.append(reason)
        self.failed.set()


def reading(seq: int, *, instrument: str = "pid", value: float = 1.0) -> ReadingRow:
    return ReadingRow(seq, instrument, "NMHC", value, "mg/m3", 1_800_000_000_000_000 + seq, raw=b"frame")


def placed(seq: int, *, value: float = 1.0) -> PlacedRow:
    return PlacedRow(seq, 1.8e9 + seq, 35.0, 116.0, 30.0, value)


def start(store: Store, crew: Crew, *, copy: Mirror | None = None) -> tuple[int, Recorder]:
    with store.transaction() as batch:
        patrol = batch.begin_patrol("live")
    return patrol.id, Recorder(store, patrol.id, on_failure=crew.fail, on_recovered=crew.recovered.set, mirror=copy)


def until(true: Callable[[], bool]) -> None:
    """Waits for it; fails after half a minute."""
    pause = threading.Event()
    for _ in range(int(HANG_S / 0.01)):
        if true():
            return
        pause.wait(0.01)
    pytest.fail("did not come")


def test_records_become_durable_without_a_close(database: Path | str) -> None:
    crew = Crew()
    with Store.open(database, clock=FakeClock()) as store:
        patrol, recorder = start(store, crew)
        ticket = 0
        for record in (reading(0), placed(0), TrackRow(1.0, 35.0, 116.0, 30.0), WindRow(1.0, 90.0, 2.0)):
            ticket = recorder.put(record)
        ticket = recorder.put(JournalRow(1.0, "said", {"text": "起飞"}))
        until(lambda: recorder.acknowledged == ticket)
        assert (ticket, recorder.pending) == (5, 0)
        with Store.open(database, clock=FakeClock()) as other:  # while the recorder is still at work
            assert list(other.reading_rows(patrol)) == [(reading(0), placed(0))]
            assert (len(other.track(patrol)), len(other.wind(patrol))) == (1, 1)
            assert [e.kind for e in other.journal(patrol)] == ["patrol begun", "said"]
        recorder.close()
    assert crew.failures == []


def test_a_server_that_dropped_its_connections_loses_nothing(postgresql: Server) -> None:
    crew = Crew()
    with Store.open(postgresql.new_database(), clock=FakeClock()) as store:
        patrol, recorder = start(store, crew)
        recorder.put(reading(0))
        until(lambda: recorder.acknowledged == 1)
        with store.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        recorder.put(reading(1))
        recorder.close()
        assert [raw.seq for raw, _ in store.reading_rows(patrol)] == [0, 1]
    assert crew.failures == []


def test_close_writes_all_that_waits_and_takes_no_more(tmp_path: Path) -> None:
    with Store.open(tmp_path, clock=FakeClock()) as store:
        patrol, recorder = start(store, Crew())
        for k in range(7000):
            recorder.put(reading(k))
        recorder.close()
        assert (recorder.acknowledged, recorder.pending) == (7000, 0)
        assert sum(1 for _ in store.reading_rows(patrol)) == 7000
        with pytest.raises(RuntimeError, match="closed"):
            recorder.put(reading(7000))


def test_twenty_instruments_at_once_and_columns_as_they_fill(tmp_path: Path) -> None:
    count = chunks.CHUNK_ROWS + 50
    with Store.open(tmp_path, clock=FakeClock()) as store:
        patrol, recorder = start(store, Crew())
        for k in range(count):
            recorder.put(reading(k, instrument="fast"))
            recorder.put(placed(k, value=float(k)))
        for k in range(count, count + 20):
            recorder.put(reading(k, instrument=f"slow-{k}"))
            recorder.put(placed(k))
        recorder.close()
        assert len(store.streams(patrol)) == 21
        assert store.readings(patrol).value_mg_m3.tolist() == [float(k) for k in range(count)]
        (chunk,) = [e for e in store.journal(patrol) if e.kind == "readings placed"]
        assert chunk.body["rows"] == chunks.CHUNK_ROWS
        assert first_break(store.journal(patrol)) is None


def test_a_database_that_cannot_be_written_is_told_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    crew = Crew()
    with Store.open(tmp_path, clock=FakeClock()) as store:
        patrol, recorder = start(store, crew)
        with engine.writing(store.engine):  # another program is in the middle of something long
            for k in range(100):
                recorder.put(reading(k))
            assert crew.failed.wait(HANG_S)
            assert recorder.failure is not None
            assert recorder.acknowledged == 0
            recorder.put(reading(100))
        assert crew.recovered.wait(HANG_S)
        recorder.close()
        assert recorder.failure is None
        assert len(crew.failures) == 1
        assert "locked" in crew.failures[0].en
        assert sum(1 for _ in store.reading_rows(patrol)) == recorder.acknowledged == 101


def test_closing_while_it_cannot_write_says_how_many_are_lost(tmp_path: Path) -> None:
    crew = Crew()
    with Store.open(tmp_path, clock=FakeClock()) as store:
        _, recorder = start(store, crew)
        with engine.writing(store.engine):
            recorder.put(reading(0))
            assert crew.failed.wait(HANG_S)
            with pytest.raises(Refused, match="closed with 1 records"):
                recorder.close(give_up_after_s=0.0)


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        (placed(99), "99"),  # no such reading
        (reading(0), "reading_raw"),  # that number is taken
        (reading(2**70), "too large|out of range"),
        (JournalRow(1.0, "said", {"what": object()}), "not JSON serializable"),
        (JournalRow(1.0, "said", {"what": "\udc80"}), "surrogates"),
    ],
)
def test_a_record_that_does_not_fit_is_kept_in_the_journal(database: Path | str, unfit: Record, reason: str) -> None:
    crew = Crew()
    with Store.open(database, clock=FakeClock()) as store:
        patrol, recorder = start(store, crew)
        for record in (reading(0), placed(0), unfit, reading(1), placed(1)):
            recorder.put(record)
        recorder.close()
        assert [(raw.seq, p is not None) for raw, p in store.reading_rows(patrol)] == [(0, True), (1, True)]
        (entry,) = [e for e in store.journal(patrol) if e.kind == "record refused"]
        assert entry.body["record"] == ascii(unfit)
        assert len(crew.failures) == 1
        assert "do not fit" in crew.failures[0].en
        assert re.search(reason, entry.body["reason"])


def test_an_error_in_a_callback_is_not_silent(tmp_path: Path) -> None:
    crew, raised = Crew(), []
    with Store.open(tmp_path, clock=FakeClock()) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live")
        hook, threading.excepthook = threading.excepthook, lambda args: raised.append(args.exc_type)
        try:
            recorder = Recorder(store, patrol.id, on_failure=crew.fail, on_acknowledged=lambda n: print(1 / (n - n)))
            recorder.put(reading(0))
            assert crew.failed.wait(HANG_S)
            until(lambda: bool(raised))
        finally:
            threading.excepthook = hook
        until(lambda: not any(t.name.startswith("recorder") for t in threading.enumerate()))
        assert recorder.put(reading(1)) == 2  # the flight that hands it over goes on
        with pytest.raises(Refused, match="1 "):
            recorder.close()
    assert raised == [ZeroDivisionError]


def test_a_disk_that_does_not_answer_is_told_by_the_next_record(tmp_path: Path) -> None:
    crew, clock, answer = Crew(), FakeClock(), threading.Event()

    def hang(_count: int) -> None:
        assert answer.wait(HANG_S)

    with Store.open(tmp_path, clock=clock) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live")
        recorder = Recorder(
            store, patrol.id, on_failure=crew.fail, on_recovered=crew.recovered.set, on_acknowledged=hang
        )
        recorder.put(reading(0))
        until(lambda: recorder.acknowledged == 1)  # and its thread hangs
        recorder.put(reading(1))
        clock.advance(1.0)
        recorder.put(reading(2))
        assert (crew.failures, recorder.late_s) == ([], 1.0)
        clock.advance(2.0)
        recorder.put(reading(3))
        assert "does not answer" in crew.failures[0].en
        answer.set()
        assert crew.recovered.wait(HANG_S)
        recorder.close()
        assert sum(1 for _ in store.reading_rows(patrol)) == 4


RECORDS: list[Record] = [
    reading(0, value=math.nan),
    placed(0, value=math.nan),
    reading(1),
    TrackRow(1.0, 35.0, 116.0, 30.0),
    WindRow(2.0, 90.0, 3.0, source="vehicle"),
    JournalRow(3.0, "said", {"text": "返航", "height_m": 12.5}),
]


def record_with_copy(store: Store, folder: Path, records: list[Record]) -> tuple[int, Path]:
    with store.transaction() as batch:
        patrol = batch.begin_patrol("live", simulated=True, aircraft="xyz")
    copy = Mirror(folder, patrol)
    recorder = Recorder(store, patrol.id, on_failure=lambda reason: pytest.fail(str(reason)), mirror=copy)
    for record in records:
        recorder.put(record)
    recorder.close()
    return patrol.id, copy.path


def test_a_patrol_comes_back_from_its_second_copy(database: Path | str, tmp_path: Path) -> None:
    with Store.open(tmp_path / "lost", clock=FakeClock()) as store:
        patrol, copy = record_with_copy(store, tmp_path / "stick", RECORDS)
        rows, track, wind = list(store.reading_rows(patrol)), store.track(patrol), store.wind(patrol)
        original = store.patrol(patrol)
    with Store.open(database, clock=FakeClock()) as store:
        first, again = reclaim(store, copy), reclaim(store, copy)
        assert (first.added, first.known, first.broken_lines) == (6, 0, 0)
        assert (again.added, again.known) == (0, 6)
        back = store.patrol(first.patrol_id)
        assert (back.uuid, back.aircraft, back.simulated) == (original.uuid, "xyz", True)
        assert repr(list(store.reading_rows(back))) == repr(rows)
        assert repr(store.track(back)) == repr(track)
        assert repr(store.wind(back)) == repr(wind)
        assert {"text": "返航", "height_m": 12.5} in [e.body for e in store.journal(back)]
        assert first_break(store.journal(back)) is None


def test_a_patrol_that_lost_its_tail_gets_it_back(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a", clock=FakeClock()) as whole:
        _, copy = record_with_copy(whole, tmp_path / "stick", [reading(0), placed(0), reading(1), placed(1)])
        identity = whole.patrol("last").uuid
    with Store.open(tmp_path / "b", clock=FakeClock()) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live", identity=identity)
            batch.put_records(patrol.id, [reading(0), placed(0), reading(1)])
        assert (reclaim(store, copy).added, len(store.patrols())) == (1, 1)
        assert len(store.readings(patrol)) == 2


@pytest.fixture(scope="module")
def copy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    with Store.open(folder, clock=FakeClock()) as store:
        return record_with_copy(store, folder / "stick", RECORDS)[1]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_costs_only_the_lines_it_hits(copy_file: Path, data: st.DataObject) -> None:
    content = copy_file.read_bytes()
    whole = list(mirror.lines(copy_file))
    cut = data.draw(st.integers(1, len(content)), "cut")
    flipped = data.draw(st.none() | st.integers(0, cut * 8 - 1), "flipped")
    damaged = bytearray(content[:cut])
    if flipped is not None:
        damaged[flipped // 8] ^= 1 << flipped % 8
    file = copy_file.with_name("damaged.jsonl")
    file.write_bytes(damaged)
    found = list(mirror.lines(file))
    complete = content[:cut].count(b"\n")
    assert all(line in whole for line in found)
    assert len(found) >= complete - (0 if flipped is None else 2)  # a flipped line end joins two lines
    assert (mirror.broken_lines(file) > 0) == (
        bytes(damaged).strip() != b"".join(content.splitlines(True)[: len(found)]).strip()
    )


def test_what_is_no_second_copy_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "x.mirror.jsonl"
    file.write_bytes(b"00000000 [0,1]\nhello\n\n\xff\xfe")
    with Store.open(tmp_path) as store:
        with pytest.raises(BadInput, match="not the second copy"):
            reclaim(store, file)
        assert store.patrols() == ()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_second_copy_that_fails_is_told_and_owes_nothing_in_the_end(tmp_path: Path) -> None:
    crew = Crew()
    with Store.open(tmp_path / "main", clock=FakeClock()) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live")
        copy = Mirror(tmp_path / "stick", patrol)
        sound, full = os.dup(copy.fileno()), os.open("/dev/full", os.O_WRONLY)
        recorder = Recorder(store, patrol.id, on_failure=crew.fail, mirror=copy)
        os.dup2(full, copy.fileno())
        for k in range(10):
            recorder.put(reading(k))
        assert crew.failed.wait(HANG_S)
        until(lambda: recorder.acknowledged == 10)  # the main database goes on
        os.dup2(sound, copy.fileno())
        recorder.put(reading(10))
        recorder.close()
        os.close(sound)
        os.close(full)
    assert len(crew.failures) == 1
    assert "second copy" in crew.failures[0].en
    assert [v["seq"] for _, kind, v in mirror.lines(copy.path) if kind == "reading"] == list(range(11))


def test_a_reopened_copy_goes_on_after_a_half_line(tmp_path: Path) -> None:
    with Store.open(tmp_path, clock=FakeClock()) as store, store.transaction() as batch:
        patrol = batch.begin_patrol("live")
    copy = Mirror(tmp_path, patrol)
    copy.append([reading(0)])
    copy.close()
    with copy.path.open("ab") as file:
        file.write(b'12345678 [2,"reading",{"seq":1')
    copy = Mirror(tmp_path, patrol)
    copy.append([reading(1)])
    copy.close()
    assert [(n, kind) for n, kind, _ in mirror.lines(copy.path)] == [(0, "patrol"), (1, "reading"), (2, "reading")]
    assert mirror.broken_lines(copy.path) == 1


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="resident memory by /proc")
def test_eight_hours_of_fifty_readings_a_second_take_no_memory(tmp_path: Path) -> None:
    """As fast as the disk takes them, which leaves out nothing that grows with the number of readings."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("resident memory needs /proc")

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    warm_mb, count = 0.0, 8 * 3600 * 50
    with Store.open(tmp_path, clock=FakeClock()) as store:
        patrol, recorder = start(store, Crew())
        for k in range(count):
            recorder.put(reading(k))
            recorder.put(placed(k))
            if recorder.pending > 4000:
                until(lambda: recorder.pending < 2000)
            if k == 50_000:
                warm_mb = resident_mb()
        recorder.close()
        grown_mb = resident_mb() - warm_mb
        assert len(store.readings(patrol)) == count
    assert grown_mb < 50.0


def test_space_is_told_in_minutes_of_flight(tmp_path: Path) -> None:
    rate = recording_rate(readings_per_s=1.0, track_per_s=5.0, raw_log_bytes_per_s=3000.0)
    assert rate > 3000.0
    found = space(tmp_path, bytes_per_s=rate)
    assert found.minutes == pytest.approx(found.free_bytes / rate / 60.0)
    assert space(tmp_path, bytes_per_s=0.0).minutes == math.inf
    if sys.platform != "win32":
        stat = os.statvfs(tmp_path)
        assert found.free_bytes == pytest.approx(stat.f_bavail * stat.f_frsize, rel=0.05)
