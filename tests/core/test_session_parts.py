"""The session's parts without a flight: what an event becomes, and the switchboard between session and windows."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dronesampler.commands import Pause
from dronesampler.events import AirReported, Event, GasReported, Moved, Stamp, TextSaid, WindEstimated
from dronesampler.flight.vehicle import Vehicle
from dronesampler.problems import Refused
from dronesampler.sampler.profile import MAVLINK_NMHC
from dronesampler.sampler.species import Unit
from dronesampler.sampler.tunnel import Frame, encode
from dronesampler.session.client import Happened, Hello, SessionClient, Snapshot
from dronesampler.session.feed import Alive, Asked
from dronesampler.session.gathering import Gatherer
from dronesampler.session.history import History
from dronesampler.session.switchboard import Switchboard
from dronesampler.store.records import JournalRow, PlacedRow, ReadingRow, TrackRow, WindRow

UNIX_S = 1_800_000_000.0


def stamp(at_s: float) -> Stamp:
    return Stamp(at_s, UNIX_S + at_s)


def moved(at_s: float, *, north_m_s: float = 5.0) -> Moved:
    """North along a meridian at 5 m/s from 35.7 N."""
    lat_deg = 35.7 + north_m_s * at_s / 110_958.0
    return Moved(stamp(at_s), lat_deg, 116.5, 20.0, 60.0, north_m_s, 0.0, 0.0, 0.0)


def gas(at_s: float, value: float = 1.0) -> GasReported:
    return GasReported(stamp(at_s), "1/25", "NMHC", value)


def test_a_reading_is_placed_where_its_air_was() -> None:
    gatherer = Gatherer(MAVLINK_NMHC, simulated=True)
    for tenth in range(0, 101, 2):
        gatherer.after(moved(tenth / 10))
    gathered = gatherer.after(gas(10.0))
    conversion, raw, placed = gathered.records
    assert isinstance(conversion, JournalRow)
    assert (conversion.kind, conversion.body["from_seq"], conversion.body["response_factor"]) == ("conversion", 0, 1.0)
    assert isinstance(raw, ReadingRow)
    assert raw.simulated
    assert isinstance(placed, PlacedRow)
    # One second of line delay at 5 m/s: the air was 5 m further south.
    assert (moved(10.0).lat_deg - placed.lat_deg) * 110_958.0 == pytest.approx(5.0, abs=0.01)
    assert placed.time_s == pytest.approx(UNIX_S + 9.0)
    assert [r.seq for r in gathered.readings] == [raw.seq]


def test_a_reading_without_a_pose_is_kept_and_flagged() -> None:
    gatherer = Gatherer(MAVLINK_NMHC, simulated=False)
    _, raw, placed = gatherer.after(gas(1.0)).records
    assert isinstance(raw, ReadingRow)
    assert isinstance(placed, PlacedRow)
    assert (placed.ok, placed.flags) == (False, "no-pose")


def test_a_jittering_link_does_not_smear_the_place() -> None:
    """Poses and readings carry the time they were made at; how late they come must not move them."""
    gatherer = Gatherer(MAVLINK_NMHC, simulated=False)
    rng = np.random.default_rng(5)
    errors_m = []
    for tenth in range(0, 1200, 2):
        made_s = tenth / 10
        late_s = 0.02 + float(rng.exponential(0.2))
        pose = moved(made_s)
        gatherer.after(replace(pose, at=Stamp(made_s + late_s, UNIX_S + made_s + late_s, made_s)))
        if tenth % 10 == 0:
            late_s = 0.02 + float(rng.exponential(0.2))
            at = Stamp(made_s + late_s, UNIX_S + made_s + late_s, made_s)
            gathered = gatherer.after(GasReported(at, "1/25", "NMHC", 1.0, instrument_s=made_s))
            true_deg = moved(made_s - 1.0).lat_deg
            errors_m += [(r.lat_deg - true_deg) * 110_958.0 for r in gathered.readings if made_s > 60.0]
    assert len(errors_m) > 40
    assert float(np.median(np.abs(errors_m))) <= 0.5


def test_a_wall_clock_that_steps_back_bends_no_track() -> None:
    gatherer = Gatherer(MAVLINK_NMHC, simulated=False)
    rows = [r for s in (10.0, 11.0, 4.0, 12.0) for r in gatherer.after(moved(s)).records]
    assert [r.time_s - UNIX_S for r in rows if isinstance(r, TrackRow)] == [10.0, 11.0, 12.0]


def test_wind_and_words_are_recorded() -> None:
    gatherer = Gatherer(MAVLINK_NMHC, simulated=False)
    gatherer.after(moved(1.0))
    (wind,) = gatherer.after(WindEstimated(stamp(2.0), 300.0, 3.5, None, "WIND")).records
    assert isinstance(wind, WindRow)
    assert wind.height_agl_m == 20.0
    (said,) = gatherer.after(TextSaid(stamp(3.0), 6, "Flight plan received", 1, 1)).records
    assert isinstance(said, JournalRow)
    assert said.body["text"] == "Flight plan received"
    assert "at" not in said.body


class Board:
    """A switchboard with what was heard on it."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[Asked] = []
        hello = Hello("patrol", str(folder), True, 1.0, None, (), ())
        self.board = Switchboard(folder, hello=lambda: hello, hear=self.heard.append)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    made = Board(tmp_path)
    yield made
    made.board.close()


def snapshot(at_s: float) -> Snapshot:
    return Snapshot(UNIX_S + at_s, at_s, "flying", Vehicle(), 0.2, False, 10, 10, "", 0.0)


def until(condition: object, *, patience_s: float = 5.0) -> None:
    assert callable(condition)
    deadline_s = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.01)


def test_a_window_is_greeted_told_and_heard(board: Board, tmp_path: Path) -> None:
    client = SessionClient(tmp_path)
    until(lambda: board.board.windows == 1)
    board.board.tell(Happened((TextSaid(stamp(1.0), 6, "armed", 1, 1),)))
    told: list[object] = []

    def both() -> bool:
        told.extend(client.drain())
        return len(told) == 2

    until(both)
    assert isinstance(told[0], Hello)
    assert isinstance(told[1], Happened)
    assert client.still_here()
    assert client.send(Pause(1, expires_s=2.0))
    until(lambda: len(board.heard) == 2)
    assert board.heard == [Alive(), Pause(1, expires_s=2.0)]
    client.close()


def test_a_window_that_does_not_read_holds_nothing_up(board: Board, tmp_path: Path) -> None:
    client = SessionClient(tmp_path)
    until(lambda: board.board.windows == 1)
    begun_s = time.monotonic()
    for number in range(20_000):
        board.board.tell(snapshot(float(number)))
    assert time.monotonic() - begun_s < 5.0
    board.board.tell(Happened(()))
    seen: list[object] = []

    def last_word() -> bool:
        seen.extend(client.drain())
        return bool(seen) and isinstance(seen[-1], Happened)

    until(last_word)
    snapshots = [s for s in seen if isinstance(s, Snapshot)]
    assert len(snapshots) < 20_000
    assert snapshots[-1].monotonic_s == 19_999.0
    client.close()


def test_a_window_may_die_and_another_come(board: Board, tmp_path: Path) -> None:
    first = SessionClient(tmp_path)
    until(lambda: board.board.windows == 1)
    first.close()
    until(lambda: board.board.windows == 0)
    second = SessionClient(tmp_path)
    until(lambda: any(isinstance(m, Hello) for m in second.drain()))
    second.close()


def test_no_session_is_said_and_a_dead_address_cleared(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no live session"):
        SessionClient(tmp_path)
    dead = tmp_path / "sessions" / "1.json"
    dead.parent.mkdir()
    dead.write_text('{"address": "/nowhere/at/all", "key": "00", "pid": 1}')
    with pytest.raises(Refused, match="no live session"):
        SessionClient(tmp_path)
    assert not dead.exists()


def test_closing_leaves_no_thread_and_no_address(tmp_path: Path) -> None:
    made = Board(tmp_path)
    client = SessionClient(tmp_path)
    until(lambda: made.board.windows == 1)
    made.board.close()
    until(lambda: not client.attached)
    client.close()
    assert list((tmp_path / "sessions").iterdir()) == []
    until(lambda: not [t for t in threading.enumerate() if t.name in ("switchboard", "window-in", "window-out")])


def test_a_day_of_readings_is_kept_in_bounds_and_whole() -> None:
    history: History[int] = History(recent=100, most=200)
    for k in range(5000):
        history.extend([k])
    kept = list(history)
    assert len(kept) <= 200 and kept[-100:] == list(range(4900, 5000))
    assert kept == sorted(kept) and kept[0] == 0 and history.count == 5000


def test_what_values_are_converted_with_is_told_when_it_changes_only() -> None:
    gatherer, told = Gatherer(MAVLINK_NMHC, simulated=False), []

    def framed(at_s: float) -> GasReported:
        frame = Frame(int(at_s), UNIX_S + at_s, "NMHC", 1.0, Unit.MG_M3, calibration_id=17)
        return GasReported(stamp(at_s), "1/25", "TUNNEL", float("nan"), raw=encode(frame))

    events: list[Event] = [gas(0.0), framed(1.0), framed(2.0), gas(9.0), framed(10.0), gas(17.0)]
    events += [AirReported(stamp(18.0), "1/1", 1000.2, 20.2, None), framed(19.0), framed(20.0)]
    for event in events:
        told += [r.body for r in gatherer.after(event).records if isinstance(r, JournalRow)]
    seen = [(b["from_seq"], b["in_frame"], b["calibration_id"], round(b["pressure_hpa"], 1)) for b in told]
    assert seen == [(0, False, None, 1013.2), (1, True, 17, 1013.2), (6, True, 17, 1000.2)]
    assert told[-1]["temperature_c"] == 20.0  # half a degree is held: few conversions cover many readings
