"""The station's own heartbeat, link loss and return, streams, clock offset, parameters and several ports."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.clock import FakeClock, SystemClock
from dronesampler.events import Autopilot, LinkBack, LinkLost, RoundTripMeasured, Stamp
from dronesampler.mavlink import Draft, Heartbeat, LinkWatch, Message, PortsInUse
from dronesampler.mavlink.link import Streams, TimeSync, other_station
from dronesampler.mavlink.parameter_value import parameter_number, parameter_wire
from dronesampler.mavlink.parameters import ParameterEnd, Parameters
from dronesampler.ports import LinkAddress, Port, UdpPort, parse_link
from dronesampler.problems import BadInput, Refused


def at(seconds: float) -> Stamp:
    return Stamp(seconds, 1.8e9 + seconds)


def beats(heartbeat: Heartbeat, *, until_s: float, fed: Callable[[float], bool] = lambda t: True) -> list[float]:
    times, t = [], 0.0
    while t < until_s:
        if fed(t):
            heartbeat.feed(t)
        if heartbeat.due(t):
            times.append(t)
        t = round(t + 0.02, 2)
    return times


def test_heartbeat_once_a_second_without_drift() -> None:
    times = beats(Heartbeat(), until_s=60.0)
    assert len(times) == 60
    assert max(b - a for a, b in pairwise(times)) <= 1.05


def test_heartbeat_stops_when_the_loop_is_wedged_and_starts_again() -> None:
    times = beats(Heartbeat(), until_s=30.0, fed=lambda t: not 10.0 <= t < 20.0)
    assert not [t for t in times if 12.5 < t < 20.0]
    assert [t for t in times if t > 20.0]


def test_heartbeat_stops_an_announced_time_after_the_last_window() -> None:
    heartbeat = Heartbeat(announced_s=30.0)
    heartbeat.operator_seen(5.0)
    times = beats(heartbeat, until_s=60.0)
    assert max(times) <= 35.0
    assert heartbeat.operator_gone_s(60.0) == 55.0
    heartbeat.operator_seen(60.0)
    heartbeat.feed(60.0)
    assert heartbeat.due(60.1) is not None


def test_headless_flight_needs_no_window() -> None:
    assert len(beats(Heartbeat(), until_s=100.0)) == 100


def test_heartbeat_says_that_it_is_a_ground_station() -> None:
    heartbeat = Heartbeat()
    heartbeat.feed(0.0)
    draft = heartbeat.due(0.0)
    assert draft is not None
    assert (draft["type"], draft["autopilot"]) == (6, 8)


def test_link_is_lost_within_three_seconds_and_back_with_the_first_heartbeat() -> None:
    watch = LinkWatch()
    assert watch.tick(at(100.0)) == []  # never heard of: nothing to lose
    watch.heartbeat(at(0.0))
    assert watch.tick(at(2.1)) == []
    (lost,) = watch.tick(at(2.9))
    assert isinstance(lost, LinkLost)
    assert watch.tick(at(4.0)) == []
    (back,) = watch.heartbeat(at(12.0))
    assert isinstance(back, LinkBack)
    assert back.silent_s == 12.0
    assert watch.heartbeat(at(13.0)) == []


def interval_ack(result: int = 0) -> Message:
    return Message("COMMAND_ACK", 1, 1, {"command": 511, "result": result, "target_system": 255})


def run(streams: Streams, *, until_s: float, answer: Callable[[Draft], Message | None]) -> list[Draft]:
    sent, t = [], 0.0
    while t < until_s:
        for draft in streams.tick(t):
            sent.append(draft)
            reply = answer(draft)
            if reply:
                streams.take(reply)
        t += 0.05
    return sent


def came(streams: Streams, *names: str) -> None:
    for name in names:
        streams.take(Message(name, 1, 1, {}))


def test_streams_are_asked_for_one_by_one() -> None:
    streams = Streams(Autopilot.ARDUPILOT, 1)
    came(streams, *streams.rates_hz)
    sent = run(streams, until_s=30.0, answer=lambda d: interval_ack() if d.fields.get("command") == 511 else None)
    asked = [d for d in sent if d.fields.get("command") == 511]
    assert len(asked) == len(streams.rates_hz)
    assert streams.settled
    assert not [d for d in sent if d.name == "REQUEST_DATA_STREAM"]
    (position,) = [d for d in asked if d["param1"] == 33.0]
    assert position["param2"] == 200_000.0


def test_stream_that_was_promised_and_never_comes_is_asked_for_now_and_then() -> None:
    """An answer names no message: it may have been to the question before, and this one's may be lost."""
    streams = Streams(Autopilot.ARDUPILOT, 1)
    came(streams, *(name for name in streams.rates_hz if name not in ("SYS_STATUS", "GPS_RAW_INT")))
    sent = run(streams, until_s=100.0, answer=lambda d: interval_ack() if d.fields.get("command") == 511 else None)
    asked = [d["param1"] for d in sent if d.fields.get("command") == 511]
    assert 6 <= asked.count(1.0) <= 12
    assert 6 <= asked.count(24.0) <= 12
    assert asked.count(33.0) == 1
    came(streams, "SYS_STATUS", "GPS_RAW_INT")
    assert [d for n in range(2_000) for d in streams.tick(100.0 + n / 20) if d.fields.get("command") == 511] == []


def test_stream_that_is_lost_is_asked_for_again_and_a_refused_one_is_not() -> None:
    streams, seen = Streams(Autopilot.PX4, 1), []

    def answer(draft: Draft) -> Message | None:
        if draft.fields.get("command") != 511:
            return None
        seen.append(draft["param1"])
        if seen.count(draft["param1"]) == 1 and len(seen) % 2:
            return None
        return interval_ack(4 if draft["param1"] == 231.0 else 0)

    run(streams, until_s=60.0, answer=answer)
    assert streams.settled
    assert streams.refused == {"WIND_COV"}


def test_old_firmware_is_asked_by_groups() -> None:
    streams = Streams(Autopilot.ARDUPILOT, 1)
    sent = run(streams, until_s=200.0, answer=lambda d: None)
    groups = [d["req_stream_id"] for d in sent if d.name == "REQUEST_DATA_STREAM"]
    assert len(set(groups)) == 7
    assert len(groups) > 7, "one lost packet must not leave a group silent"
    came(streams, "GLOBAL_POSITION_INT")
    assert not [d for n in range(400) for d in streams.tick(200.0 + n / 20) if d.name == "REQUEST_DATA_STREAM"]


def test_clock_offset_takes_the_shortest_round_trip() -> None:
    sync = TimeSync()
    offset_s = 500.0
    for n, (up_s, down_s) in enumerate([(0.3, 0.02), (0.02, 0.02), (0.1, 0.4)]):
        now_s = 10.0 * n
        (draft,) = sync.tick(now_s)
        told_ns = round((now_s + up_s + offset_s) * 1e9)
        fields = {"tc1": told_ns, "ts1": draft["ts1"], "target_system": 255, "target_component": 190}
        back_s = now_s + up_s + down_s
        (told,) = sync.take(Message("TIMESYNC", 1, 1, fields), Stamp(back_s, 1e9 + back_s))
        assert isinstance(told, RoundTripMeasured)
        assert told.received_unix_s - told.sent_unix_s == pytest.approx(up_s + down_s, abs=1e-6)
    assert sync.best is not None
    assert sync.best.offset_s == pytest.approx(offset_s, abs=1e-6)
    assert sync.best.uncertainty_s == pytest.approx(0.02)


def test_answer_to_somebody_else_is_no_sample() -> None:
    sync = TimeSync()
    sync.tick(0.0)
    assert sync.take(Message("TIMESYNC", 1, 1, {"tc1": 5, "ts1": 12345}), Stamp(0.1, 0.1)) == []
    request = Message("TIMESYNC", 1, 1, {"tc1": 0, "ts1": 0})  # the vehicle's own
    assert sync.take(request, Stamp(0.1, 0.1)) == []
    assert sync.best is None


def test_other_ground_stations_are_noticed() -> None:
    gcs = Message("HEARTBEAT", 254, 190, {"type": 6})
    assert other_station(gcs, system=255, component=190)
    assert not other_station(Message("HEARTBEAT", 255, 190, {"type": 6}), system=255, component=190)
    assert not other_station(Message("HEARTBEAT", 1, 1, {"type": 2}), system=255, component=190)


# Parameters.


def test_both_encodings() -> None:
    assert parameter_number(12.0, 6, Autopilot.ARDUPILOT) == 12.0
    wire = parameter_wire(12.0, 6, Autopilot.PX4)
    assert wire != 12.0
    assert parameter_number(wire, 6, Autopilot.PX4) == 12.0
    assert parameter_number(parameter_wire(-3.0, 6, Autopilot.PX4), 6, Autopilot.PX4) == -3.0
    assert parameter_number(parameter_wire(0.5, 9, Autopilot.PX4), 9, Autopilot.PX4) == 0.5


def value(name: str, number: float, *, index: int = 65535, total: int = 3, kind: int = 9) -> Message:
    fields = {"param_id": name, "param_value": number, "param_type": kind, "param_index": index, "param_count": total}
    return Message("PARAM_VALUE", 1, 1, fields)


def test_holes_of_a_list_are_filled() -> None:
    p = Parameters()
    p.bind(1, Autopilot.ARDUPILOT)
    p.list_all(0.0)
    p.take(value("A", 1.0, index=0), 0.1)
    p.take(value("C", 3.0, index=2), 0.1)
    assert not p.listed
    (ask,) = p.tick(1.2)
    assert (ask.name, ask["param_index"]) == ("PARAM_REQUEST_READ", 1)
    p.take(value("B", 2.0, index=1), 1.3)
    assert p.listed
    assert p.values == {"A": 1.0, "B": 2.0, "C": 3.0}


def test_hash_at_the_end_of_a_list_is_no_parameter() -> None:
    p = Parameters()
    p.list_all(0.0)
    p.take(value("_HASH_CHECK", 1.0), 0.1)
    assert p.values == {}


def test_set_is_proven_by_reading_back() -> None:
    p = Parameters()
    p.bind(1, Autopilot.PX4)
    p.set("COM_DL_LOSS_T", 12.0)
    (read,) = p.tick(0.0)
    assert read.name == "PARAM_REQUEST_READ"
    (write,) = p.take(value("COM_DL_LOSS_T", parameter_wire(10.0, 6, Autopilot.PX4), kind=6), 0.1)
    assert (write.name, write["param_type"]) == ("PARAM_SET", 6)
    assert parameter_number(write["param_value"], 6, Autopilot.PX4) == 12.0
    p.take(value("COM_DL_LOSS_T", write["param_value"], kind=6), 0.2)
    (answer,) = p.answers
    assert (answer.end, answer.value) == (ParameterEnd.SET, 12.0)


def test_set_that_the_vehicle_answers_with_the_old_value() -> None:
    p = Parameters()
    p.types["X"] = 9
    p.set("X", 5.0)
    t = 0.0
    while not p.answers and t < 30.0:
        if p.tick(t):
            p.take(value("X", 1.0), t)
        t += 0.5
    assert p.answers[0].end is ParameterEnd.NOT_SET
    assert p.answers[0].value == 1.0


def test_unknown_name_is_answered_with_silence() -> None:
    p = Parameters()
    p.read("NO_SUCH")
    t = 0.0
    while not p.answers and t < 60.0:
        p.tick(t)
        t += 0.5
    assert p.answers[0].end is ParameterEnd.SILENT
    assert p.idle


# Ports.


class Pipe:
    """A port in memory: what is put in `inbox` is read, what is written lands in `outbox`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inbox: list[bytes] = []
        self.outbox: list[bytes] = []
        self.gone = False

    def read(self, timeout_s: float) -> bytes:
        if self.gone:
            raise OSError("device vanished")
        if self.inbox:
            return self.inbox.pop(0)
        time.sleep(min(timeout_s, 0.005))
        return b""

    def write(self, data: bytes) -> None:
        if self.gone:
            raise OSError("device vanished")
        self.outbox.append(data)

    def close(self) -> None:
        self.gone = True


class Plugs:
    """Opens pipes by link; `missing` ones cannot be opened."""

    def __init__(self) -> None:
        self.pipes: dict[str, Pipe] = {}
        self.missing: set[str] = set()

    def open(self, link: LinkAddress | str) -> Port:
        if str(link) in self.missing:
            from dronesampler.texts import Text

            raise Refused(Text("没有", "no such device"))
        self.pipes[str(link)] = Pipe(str(link))
        return self.pipes[str(link)]


A, B = "serial:A:57600", "serial:B:57600"


def wait_for(done: Callable[[], bool]) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.005)
    raise AssertionError("it never happened")


def test_speaks_on_all_ports_until_one_hears_and_then_on_that() -> None:
    plugs, clock = Plugs(), FakeClock()
    ports = PortsInUse([A, B], clock, opener=plugs.open)
    ports.write(b"first")
    plugs.pipes[B].inbox.append(b"vehicle")
    (received,) = ports.read(3.0)
    assert (received.port, received.data) == (1, b"vehicle")
    ports.write(b"second")
    assert plugs.pipes[A].outbox == [b"first"]
    assert plugs.pipes[B].outbox == [b"first", b"second"]
    clock.advance(3.0)  # silent for too long: on all again
    ports.write(b"third")
    assert plugs.pipes[A].outbox == [b"first", b"third"]
    ports.close()


def test_port_that_vanishes_is_told_and_comes_back_by_itself() -> None:
    plugs, clock = Plugs(), FakeClock()
    ports = PortsInUse([A], clock, opener=plugs.open)
    plugs.missing.add(A)
    plugs.pipes[A].gone = True

    def noticed() -> bool:
        ports.read(0.01)
        return not ports.open_ports

    wait_for(noticed)
    (news,) = ports.tick()
    assert "vanished" in news.en
    assert "重试" in news.zh
    ports.write(b"nobody hears")
    clock.advance(1.0)
    assert ports.tick() == []
    plugs.missing.clear()
    clock.advance(1.0)
    (news,) = ports.tick()
    assert "back" in news.en
    ports.write(b"again")
    assert plugs.pipes[A].outbox == [b"again"]
    ports.close()


def test_one_port_of_two_that_cannot_be_opened_is_no_end() -> None:
    plugs = Plugs()
    plugs.missing.add(A)
    ports = PortsInUse([A, B], FakeClock(), opener=plugs.open)
    assert ports.open_ports == (B,)
    ports.close()


def test_slowest_serial_line_sets_the_pace() -> None:
    ports = PortsInUse([A, "serial:C:115200"], FakeClock(), opener=Plugs().open)
    assert ports.bytes_per_s == 5760.0
    ports.close()
    ports = PortsInUse(["udpout:127.0.0.1:9"], FakeClock(), opener=Plugs().open)
    assert ports.bytes_per_s is None
    ports.close()


def test_no_port_at_all_is_refused_with_the_reason() -> None:
    plugs = Plugs()
    plugs.missing |= {A, B}
    with pytest.raises(Refused, match="no such device"):
        PortsInUse([A, B], FakeClock(), opener=plugs.open)


def test_text_that_is_no_link_is_bad_input() -> None:
    with pytest.raises(BadInput):
        PortsInUse(["udp://nowhere"], FakeClock())


def test_busy_port_gets_a_sentence() -> None:
    taken = UdpPort(parse_link("udpin:127.0.0.1:0"))
    with pytest.raises(Refused, match="cannot open"):
        PortsInUse([f"udpin:127.0.0.1:{taken.local_port}"], SystemClock())
    taken.close()


def test_udp_both_ways() -> None:
    ports = PortsInUse(["udpin:127.0.0.1:0"], SystemClock())
    lane = ports._lanes[0].port
    assert isinstance(lane, UdpPort)
    other = UdpPort(parse_link(f"udpout:127.0.0.1:{lane.local_port}"))
    other.write(b"hello")
    (received,) = ports.read(3.0)
    assert received.data == b"hello"
    ports.write(b"there")
    assert other.read(3.0) == b"there"
    other.close()
    ports.close()


@pytest.mark.parametrize("wait", ["-5", "0", "nan"])
def test_a_wait_that_cannot_be_is_bad_input(wait: str, tmp_path: Path) -> None:
    words = ["vehicle", "--link", "udpin:127.0.0.1:0", f"--wait={wait}", "--data", str(tmp_path)]
    assert main(words) == 2
