"""Several instruments in one session: none blocks another, a pulled cable comes back, alarms and checks are told."""

import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dronesampler.clock import FakeClock, SystemClock
from dronesampler.commands import AbortCheck, AcknowledgeAlarm, BeginCheck, Intent
from dronesampler.events import (
    AlarmChanged,
    CommandProgressed,
    Event,
    GasReported,
    InstrumentBack,
    InstrumentChecked,
    InstrumentLost,
    Moved,
    RecorderFailed,
    RoundTripMeasured,
    Stage,
    Stamp,
    TextSaid,
)
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.ports import LinkAddress, Port
from dronesampler.problems import BadInput, Refused
from dronesampler.sampler.gauges import Trend
from dronesampler.sampler.hj212 import Packet, framed, written
from dronesampler.sampler.live import Sampling
from dronesampler.sampler.profile import MAVLINK_NMHC
from dronesampler.sampler.profiles import profile_from, read_profile
from dronesampler.session.feed import Snapshot, Told
from dronesampler.session.instruments import Fitted, InstrumentPorts
from dronesampler.session.session import Session, SessionOrder
from dronesampler.store import Store
from dronesampler.texts import Text

UNIX_S = 1_790_000_000.0
LINES = replace(read_profile("serial-lines"), line_delay_s=0.0)


class Wire:
    """A port that a test speaks into; `pull` is the cable."""

    def __init__(self) -> None:
        self.name, self.sent = "wire", b""
        self._said: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def say(self, data: bytes) -> None:
        self._said.put(data)

    def pull(self) -> None:
        self._said.put(None)

    def read(self, timeout_s: float) -> bytes:
        with contextlib.suppress(queue.Empty):
            data = self._said.get(timeout=max(timeout_s, 1e-3))
            if data is None:
                raise OSError("unplugged")
            return data
        return b""

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        """Nothing to let go of."""


class Bench:
    """A session with instruments on wires, on a clock that stands still unless it is moved."""

    def __init__(self, folder: Path, *fitted: Fitted, simulated: bool = False) -> None:
        self.wires = {f.link: Wire() for f in fitted}
        self._finished = False
        self.told: list[Told] = []
        self.happened: list[Event] = []
        self.clock = FakeClock(UNIX_S)
        self.store = Store.open(folder, clock=self.clock)
        order = SessionOrder("bench", ("udpin:127.0.0.1:0",), folder, instruments=fitted, simulated=simulated)
        ports = PortsInUse(list(order.links), self.clock)
        self.session = Session(
            order, self.store, clock=self.clock, ports=ports, tell=self.told.append, opener=self._open
        )

    def _open(self, link: LinkAddress | str) -> Port:
        return self.wires[str(link)]

    def until(self, condition: Callable[[], bool], *, patience_s: float = 90.0) -> None:
        deadline_s = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline_s, "it did not happen"
            self.happened += self.session.turn(0.002)

    def read(self, count: int) -> None:
        """Take turns until so many readings have been recorded."""
        self.until(lambda: sum(isinstance(e, GasReported) for e in self.happened) >= count)

    def of(self, kind: type[Event]) -> list[Event]:
        return [e for e in self.happened if isinstance(e, kind)]

    def ask(self, intent: Intent) -> Stage:
        self.session.hear(intent)
        before = len(self.happened)
        self.until(
            lambda: any(isinstance(e, CommandProgressed) and e.command_id == intent.id for e in self.happened[before:])
        )
        return next(
            e.stage for e in self.happened[before:] if isinstance(e, CommandProgressed) and e.command_id == intent.id
        )

    def snapshot(self) -> Snapshot:
        self.clock.advance(0.2)
        self.happened += self.session.turn(0.0)
        return next(t for t in reversed(self.told) if isinstance(t, Snapshot))

    def finish(self) -> None:
        if not self._finished:
            self._finished = True
            self.session.close()

    def close(self) -> None:
        self.finish()
        self.store.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(*fitted: Fitted, **more: bool) -> Bench:
        made.append(Bench(tmp_path / str(len(made)), *fitted, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def line(k: int, value: float = 0.4, name: str = "NMHC") -> bytes:
    return f"{UNIX_S + k:.3f},{name},{value:.3f},mg/m3,0\r\n".encode()


def test_twenty_instruments_are_read_recorded_and_told_apart(bench: Callable[..., Bench]) -> None:
    fitted = [Fitted(replace(LINES, name=f"pid-{n}", serial=f"S{n}"), f"tcp:10.0.0.{n}:4001") for n in range(20)]
    b = bench(*fitted)
    for k in range(5):
        for n, wire in enumerate(b.wires.values()):
            wire.say(line(k, 0.1 * n))
        b.read(20 * (k + 1))
        b.clock.advance(1.0)
    gauges = b.snapshot().gauges
    assert len(gauges) == 20 and {g.instrument for g in gauges} == {f"pid-{n}" for n in range(20)}
    assert {g.component: round(g.value, 3) for g in gauges} == {f.link: round(0.1 * n, 3) for n, f in enumerate(fitted)}
    assert all(h.open and h.bytes_in > 100 for h in b.snapshot().instruments)
    b.finish()
    rows = [raw for raw, _ in b.store.reading_rows("last")]
    assert len(rows) == 100 and len({r.instrument for r in rows}) == 20
    assert [r.seq for r in rows] == list(range(100))
    folder = b.session.order.data / "raw" / b.session.patrol.uuid
    assert sum(path.stat().st_size for path in folder.glob("*.bin")) == sum(len(r.raw) + 2 for r in rows)


def test_a_pulled_cable_is_told_and_comes_back_without_joining_halves(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(LINES, "tcp:10.0.0.1:4001"), Fitted(replace(LINES, name="other"), "tcp:10.0.0.2:4001"))
    first, second = b.wires.values()
    first.say(line(0) + line(1)[:20])
    b.read(1)
    first.pull()
    b.until(lambda: bool(b.of(InstrumentLost)))
    health = {h.instrument: h for h in b.snapshot().instruments}
    assert not health["serial-lines"].open and health["other"].open
    assert health["serial-lines"].reason is not None
    second.say(line(1, 0.7))  # the other one is not held up
    b.read(2)
    b.until(lambda: len(b.of(InstrumentBack)) == 3)
    first.say(line(1)[20:] + line(2))
    b.read(3)
    b.finish()
    told = [(raw.instrument, raw.instrument_unix_s) for raw, _ in b.store.reading_rows("last")]
    assert sorted(told) == [("other", UNIX_S + 1), ("serial-lines", UNIX_S), ("serial-lines", UNIX_S + 2)]
    kinds = [e.kind for e in b.store.journal("last")]
    assert kinds.count("InstrumentLost") == 1 and kinds.count("InstrumentBack") == 3


def test_garbage_that_makes_the_program_fail_is_told_once_and_the_instrument_is_read_on(
    bench: Callable[..., Bench],
) -> None:
    b = bench(Fitted(LINES, "tcp:10.0.0.1:4001"))
    (wire,) = b.wires.values()
    endless = f"{UNIX_S:.3f},NMHC,1.0,mg/m3,{'9' * 5000}\r\n".encode()  # a status that is no status
    for k in range(3):
        wire.say(endless)
        b.until(lambda k=k: b.snapshot().instruments[0].rejected.get("ValueError", 0) == k + 1)  # type: ignore[misc]
        wire.say(b"\r\n" + line(k))
        b.read(k + 1)
        b.clock.advance(1.0)
    assert sum("serial-lines" in e.reason for e in b.of(RecorderFailed) if isinstance(e, RecorderFailed)) == 1
    b.finish()
    assert len(list(b.store.reading_rows("last"))) == 3


def test_a_station_that_speaks_hj212_is_read_answered_and_named(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(read_profile("hj212-station"), "tcpin:0.0.0.0:9212"))
    (wire,) = b.wires.values()
    values = ((("a24088-Rtd", "0.8"), ("a24088-Flag", "N")),)
    packet = Packet(
        st="31", cn="2011", mn="M1", qn="20260531090000000", flag=5, data_time="20260531090000", values=values
    )
    data = framed(written(packet))
    wire.say(data[:40])
    wire.say(data[40:])
    b.read(1)
    b.until(lambda: b"CN=9014" in wire.sent)
    (gauge,) = b.snapshot().gauges
    assert (gauge.instrument, gauge.component, gauge.quantity) == ("hj212-station", "tcpin:0.0.0.0:9212 M1", "NMHC")
    assert gauge.value_mg_m3 == pytest.approx(0.8)


def test_what_is_known_of_the_clocks_is_on_record_at_the_end(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(LINES, "tcp:10.0.0.1:1"))
    (wire,) = b.wires.values()
    for k in range(5):
        wire.say(line(k - 30))
        b.read(k + 1)
        b.clock.advance(1.0)
    b.finish()
    body = next(e.body for e in b.store.journal("last") if e.kind == "clocks")
    assert body["payload tcp:10.0.0.1:1"]["offset_s"] == pytest.approx(30.0, abs=0.5)


def test_a_port_that_takes_long_to_open_holds_nobody_up() -> None:
    release = threading.Event()

    def opener(link: LinkAddress | str) -> Port:
        if "10.0.0.1" in str(link):
            release.wait(90.0)
            raise Refused(Text("没有人", "nobody there"))
        wire = Wire()
        wire.say(line(0))
        return wire

    fitted = [Fitted(LINES, "tcp:10.0.0.1:1"), Fitted(LINES, "tcp:10.0.0.2:1")]
    ports = InstrumentPorts(fitted, SystemClock(), opener=opener)
    events: list[Event] = []
    deadline_s = time.monotonic() + 90.0
    while not any(isinstance(e, GasReported) for e in events):
        assert time.monotonic() < deadline_s
        events += ports.take()
        time.sleep(0.005)
    assert not any(isinstance(e, InstrumentLost) for e in events)
    release.set()
    ports.close()


def test_one_link_for_two_instruments_and_a_profile_without_a_protocol_are_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        InstrumentPorts([Fitted(LINES, "tcp:10.0.0.1:1")] * 2, SystemClock())
    with pytest.raises(BadInput, match="MAVLink only"):
        InstrumentPorts([Fitted(MAVLINK_NMHC, "tcp:10.0.0.1:1")], SystemClock())


def test_one_serial_number_twice_is_said(bench: Callable[..., Bench]) -> None:
    twin = replace(LINES, serial="A-17")
    b = bench(Fitted(twin, "tcp:10.0.0.1:1"), Fitted(replace(twin, name="b"), "tcp:10.0.0.2:1"))
    b.snapshot()
    happened = [e for t in b.told for e in getattr(t, "events", ())]
    assert any(isinstance(e, TextSaid) and "A-17" in e.text for e in happened)
    b.finish()
    assert "same serial number" in [e.kind for e in b.store.journal("last")]


def test_alarms_reach_the_window_the_journal_and_are_answered(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(LINES, "tcp:10.0.0.1:1"))
    (wire,) = b.wires.values()
    for k, value in enumerate([0.4] * 20 + [1.5, 1.6]):
        wire.say(line(k, value))
        b.read(k + 1)
        b.clock.advance(1.0)
    snapshot = b.snapshot()
    assert [a.kind.value for a in snapshot.alarms] == ["above background", "rate of rise"]
    assert snapshot.gauges[0].trend is Trend.RISING and not snapshot.gauges[0].stale
    told = [e for t in b.told for e in getattr(t, "events", ()) if isinstance(e, AlarmChanged)]
    assert {(e.kind, e.change) for e in told} == {("above background", "raised"), ("rate of rise", "raised")}
    assert b.ask(AcknowledgeAlarm(7, 1e9, "Li")) is Stage.OBSERVED
    assert all(a.acknowledged_by == "Li" for a in b.snapshot().alarms)
    b.clock.advance(4.0)
    snapshot = b.snapshot()
    assert snapshot.gauges[0].stale and "stale" in [a.kind.value for a in snapshot.alarms]
    b.finish()
    changes = [(e.body["kind"], e.body["change"]) for e in b.store.journal("last") if e.kind == "AlarmChanged"]
    assert ("above background", "acknowledged") in changes and ("stale", "raised") in changes


def test_a_zero_check_is_made_in_the_session_and_counts_for_the_preflight(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(replace(LINES, serial="S1"), "tcp:10.0.0.1:1"))
    (wire,) = b.wires.values()
    begin = BeginCheck(3, 1e9, "Li", gas="zero", cylinder="N2 42", seconds=10.0)
    assert b.ask(begin) is Stage.REFUSED  # nothing has been heard of it yet
    wire.say(line(0))
    b.read(1)
    assert b.ask(replace(begin, id=4, operator=" ")) is Stage.REFUSED
    assert b.ask(replace(begin, id=5)) is Stage.OBSERVED
    assert b.ask(replace(begin, id=6)) is Stage.REFUSED  # one at a time
    assert b.snapshot().checking is not None
    for k in range(1, 25):
        b.clock.advance(1.0)
        wire.say(line(k, 0.05 if k > 5 else 0.3))
        b.read(k + 1)
    (done,) = b.of(InstrumentChecked)
    assert isinstance(done, InstrumentChecked) and done.read_mg_m3 == pytest.approx(0.05)
    assert b.snapshot().checking is None
    b.clock.advance(2.0)
    b.snapshot()
    sampler = next(item for item in b.session.readiness.items if item.key == "sampler")
    assert sampler.passes
    wire.say(line(30))
    b.read(26)
    b.finish()
    journal = list(b.store.journal("last"))
    body = next(e.body for e in journal if e.kind == "instrument checked")
    assert (body["officer"], body["cylinder"], body["serial"], body["gas"]) == ("Li", "N2 42", "S1", "zero")
    assert [e.body["zero_mg_m3"] for e in journal if e.kind == "conversion"] == [None, pytest.approx(0.05)]
    flags = [placed.flags for _, placed in b.store.reading_rows("last") if placed is not None]
    assert flags[0] == "no-pose" and flags[5] == "calibration no-pose" and flags[-1] == "no-pose"


def test_an_unsteady_or_aborted_check_concludes_nothing(bench: Callable[..., Bench]) -> None:
    b = bench(Fitted(LINES, "tcp:10.0.0.1:1"))
    (wire,) = b.wires.values()
    wire.say(line(0))
    b.read(1)
    assert b.ask(AbortCheck(1, 1e9, "Li")) is Stage.REFUSED
    span = BeginCheck(2, 1e9, "Li", gas="span", certified_mg_m3=8.0, seconds=10.0)
    assert b.ask(replace(span, certified_mg_m3=0.0)) is Stage.REFUSED
    assert b.ask(replace(span, id=3)) is Stage.OBSERVED and b.ask(AbortCheck(4, 1e9, "Li")) is Stage.OBSERVED
    assert b.ask(replace(span, id=5)) is Stage.OBSERVED
    for k in range(1, 25):
        b.clock.advance(1.0)
        wire.say(line(k, 8.0 + (k % 2)))
        b.read(k + 1)
    (done,) = b.of(InstrumentChecked)
    assert isinstance(done, InstrumentChecked) and done.read_mg_m3 is None and "not steady" in done.en
    assert b.session.values.checked_unix_s is None


def test_round_trips_take_the_links_delay_out_of_vehicle_and_payload_alike() -> None:
    sampling = Sampling(MAVLINK_NMHC)
    delay_s = 0.2

    def arrival(boot_s: float) -> Stamp:
        return Stamp(boot_s + delay_s, UNIX_S + boot_s + delay_s, boot_s)

    for tenth in range(600):
        boot_s = tenth / 10
        sampling.after(Moved(arrival(boot_s), 35.0, 116.0, 20.0, 50.0, 8.0, 0.0, 0.0, None))
        placed = sampling.after(GasReported(arrival(boot_s), "1/25", "NMHC", 1.0, instrument_s=boot_s)).reading
        if tenth % 50 == 0:
            now = UNIX_S + boot_s + delay_s
            sampling.after(RoundTripMeasured(arrival(boot_s), now - 2 * delay_s, boot_s, now))
    assert placed is not None and placed.reading.measured_unix_s == pytest.approx(UNIX_S + 59.9, abs=1e-3)
    clocks = {c.name: c for c in sampling.clocks}
    assert clocks["vehicle"].offset_s == pytest.approx(UNIX_S, abs=1e-3)
    assert clocks["vehicle"].round_trip_s == pytest.approx(0.4) and clocks["vehicle"].uncertainty_s < 0.12
    # An answer by another clock (a companion that tells unix time) is left alone.
    sampling.after(RoundTripMeasured(arrival(60.0), UNIX_S, UNIX_S, UNIX_S + 0.001))
    assert {c.name: c for c in sampling.clocks}["vehicle"].offset_s == pytest.approx(UNIX_S, abs=1e-3)


@pytest.mark.parametrize(("timesync", "error_m"), [(False, 1.6), (True, 0.0)])
def test_an_instrument_on_a_cable_needs_the_radios_delay_from_timesync(timesync: bool, error_m: float) -> None:
    """At 8 m/s and 200 ms one way: poses come late by radio, readings at once by cable."""
    delay_s, cable = 0.2, "serial:/dev/ttyUSB0:9600"
    sampling = Sampling(MAVLINK_NMHC, others={cable: replace(LINES, line_delay_s=0.0)})
    for half in range(240):
        boot_s = half / 2
        now_s = boot_s + delay_s
        at = Stamp(now_s, UNIX_S + now_s, boot_s)
        if timesync and half % 10 == 0:
            sampling.after(RoundTripMeasured(at, UNIX_S + now_s - 2 * delay_s, boot_s, UNIX_S + now_s))
        sampling.after(Moved(at, 35.7 + 8.0 * boot_s / 110_958.0, 116.5, 20.0, 60.0, 8.0, 0.0, 0.0, 0.0))
        by_cable = GasReported(Stamp(now_s, UNIX_S + now_s), cable, "NMHC", 1.0, instrument_s=UNIX_S + now_s)
        placed = sampling.after(by_cable).reading
    assert placed is not None
    north_m = (placed.lat_deg - 35.7) * 110_958.0
    assert 8.0 * now_s - north_m == pytest.approx(error_m, abs=0.3)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_real_ports_of_every_kind_at_once(tmp_path: Path) -> None:
    """A serial line, a TCP server and Modbus over TCP, each by its profile, in one set of ports."""
    import tty

    master, slave = os.openpty()
    tty.setraw(slave)
    with socket.create_server(("127.0.0.1", 0)) as server:
        modbus = profile_from(
            {
                "name": "fid",
                "period_s": 0.05,
                "modbus": {"framing": "tcp", "register": [{"name": "NMHC", "address": 1, "scale": 0.1}]},
                "quantity": [{"name": "NMHC", "unit": "mg/m3"}],
            }
        )
        answering = threading.Thread(target=_answer_modbus, args=(server,), daemon=True)
        answering.start()
        fitted = [
            Fitted(LINES, f"serial:{os.ttyname(slave)}:9600"),
            Fitted(modbus, f"tcp:127.0.0.1:{server.getsockname()[1]}"),
        ]
        ports = InstrumentPorts(fitted, SystemClock(), folder=tmp_path)
        events: list[Event] = []
        deadline_s = time.monotonic() + 90.0
        while {e.component for e in events if isinstance(e, GasReported)} != {f.link for f in fitted}:
            assert time.monotonic() < deadline_s, (events, ports.health)
            os.write(master, b"half a line\r\n" + line(1))
            events += ports.take()
            time.sleep(0.02)
        ports.close()
    answering.join(5.0)
    os.close(master)
    os.close(slave)
    assert {round(e.value, 6) for e in events if isinstance(e, GasReported)} == {0.4, 1.2}
    assert len(list(tmp_path.glob("*.bin"))) == 2


def _answer_modbus(server: socket.socket) -> None:
    """12 for every register that is asked for."""
    with contextlib.suppress(OSError):
        peer, _ = server.accept()
        with peer:
            while len(ask := peer.recv(64)) >= 12:
                body = ask[6:8] + b"\x02" + (12).to_bytes(2, "big")
                peer.sendall(ask[:4] + len(body).to_bytes(2, "big") + body)
