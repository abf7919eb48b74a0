"""Instruments on ports: lines, Sniffer4D frames, Modbus and HJ 212, from profiles; what is no reading is counted."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.events import AirReported, GasReported, Stamp
from dronesampler.problems import BadInput
from dronesampler.sampler import Intake, Profile, Quantity, Status, Unit, reading_from
from dronesampler.sampler.drivers import driver_for
from dronesampler.sampler.hj212 import Packet, framed, written
from dronesampler.sampler.modbus import crc16, number, request, rtu, take_rtu, take_tcp, tcp
from dronesampler.sampler.profiles import profile_from, read_profile, shipped_profiles

AT = Stamp(10.0, 1_790_000_010.0)


def profile(**extra: object) -> Profile:
    quantities = (Quantity("NMHC", "NMHC", Unit.MG_M3), Quantity("VOC", "TVOC", Unit.PPM, response_factor=2.0))
    return Profile("bench", quantities, extra=extra)


def gases(events: tuple[object, ...]) -> list[tuple[str, float]]:
    return [(e.name, e.value) for e in events if isinstance(e, GasReported)]


def test_columns_become_events_and_readings() -> None:
    driver = driver_for(
        profile(line={"columns": ["time", "VOC", "", "temperature", "pressure", "status"]}), port="ttyX"
    )
    events = driver.feed(b"1790000009.5,0.25,junk,31.0,950.0,1\r\n", AT)
    assert isinstance(events[0], AirReported) and (events[0].pressure_hpa, events[0].temperature_c) == (950.0, 31.0)
    gas = events[1]
    assert isinstance(gas, GasReported) and (gas.component, gas.instrument_s, gas.status) == ("ttyX", 1790000009.5, 1)
    reading = reading_from(gas, profile(), temperature_c=31.0, pressure_hpa=950.0)
    assert reading is not None and reading.status is Status.WARM_UP and reading.value == 0.25
    assert reading.value_mg_m3 == pytest.approx(0.5 * 56.106 / (8.314462618 * 304.15 / 95.0), rel=1e-4)


@given(st.lists(st.integers(1, 9), max_size=30))
def test_lines_in_any_pieces(cuts: list[int]) -> None:
    stream = b"".join(b"%d,0.%02d\r\n" % (1_790_000_000 + k, k) for k in range(20))
    driver = driver_for(profile(line={"columns": ["time", "NMHC"]}), port="x")
    found, at = [], 0
    for cut in [*cuts, len(stream)]:
        found += gases(driver.feed(stream[at : at + cut], AT))
        at += cut
    assert found == [("NMHC", float(f"0.{k:02}")) for k in range(20)]


@pytest.mark.parametrize(
    ("line", "data", "value"),
    [
        ({"columns": ["NMHC"], "separator": " "}, b"  1.5   \n", 1.5),
        ({"columns": ["", "NMHC"], "separator": ";", "decimal_comma": True}, b"x;1,5\n", 1.5),
        ({"columns": ["NMHC"], "start": "$PID,", "checksum": "xor"}, b"$PID,1.5*2A\n", 1.5),
        ({"columns": ["NMHC"]}, b"nan\n", None),
        ({"columns": ["NMHC"]}, b"-999\n", None),
        ({"columns": ["NMHC"]}, b"over\n", None),
    ],
)
def test_ways_to_write_a_line(line: dict[str, object], data: bytes, value: float | None) -> None:
    [(name, found)] = gases(driver_for(profile(line=line), port="x").feed(data, AT))
    assert name == "NMHC" and (found == value if value is not None else found != found)


@pytest.mark.parametrize(
    ("line", "data", "reason"),
    [
        ({"columns": ["time", "NMHC"]}, b"1790000000\n", "half line"),
        ({"columns": ["NMHC"], "start": "$PID,"}, b"hello\n", "other line"),
        ({"columns": ["NMHC"], "checksum": "xor"}, b"1.5*00\n", "checksum"),
        ({"columns": ["name", "value", "unit"]}, b"XYZ,1,ppm\n", "unknown quantity"),
        ({"columns": ["name", "value", "unit"]}, b"NMHC,1,ppm\n", "other unit"),
        ({"format": "sniffer4d-json"}, b"{}\n", "no frame"),
        ({"columns": ["NMHC"]}, b"x" * 5000, "line too long"),
    ],
)
def test_what_is_no_reading_is_counted(line: dict[str, object], data: bytes, reason: str) -> None:
    driver = driver_for(profile(line=line), port="x")
    assert gases(driver.feed(data, AT)) == [] and driver.rejected == {reason: 1}


@given(st.binary(max_size=300))
def test_noise_on_the_line_harms_nobody(noise: bytes) -> None:
    for extra in ({"line": {"columns": ["time", "NMHC"]}}, {"line": {"format": "sniffer4d-json"}}, {"hj212": {}}):
        driver_for(profile(**extra), port="x").feed(noise, AT)


def test_an_instrument_that_waits_to_be_asked() -> None:
    driver = driver_for(profile(line={"columns": ["NMHC"], "request": "MEAS?\r\n"}), port="x")
    assert [driver.due(t) for t in (0.0, 0.5, 1.0)] == [b"MEAS?\r\n", b"", b"MEAS?\r\n"]


def test_a_sniffer4d_frame() -> None:
    frame = (
        b'{"airData":{"VOCs(ppm)":0.4,"CO(ppm)":0.1,"PM2.5(ug/m3)":12},"altitude":41,"humidity":55,"latitude":35.7,'
        b'"longitude":116.4,"pressure":100100,"sequence":7,"serial":"S","temperature":22.5,'
        b'"utcTime":"05/31/2026-09:00:00"}\r\n'
    )
    events = driver_for(read_profile("sniffer4d"), port="x").feed(frame, AT)
    assert gases(events) == [("VOCs", 0.4), ("CO", 0.1)]
    assert isinstance(events[0], AirReported) and events[0].pressure_hpa == 1001.0
    gas = events[1]
    assert isinstance(gas, GasReported) and (gas.sequence, gas.instrument_s) == (7, 1_780_218_000.0)


def test_the_simulators_serial_lines_fit_the_shipped_profile() -> None:
    from dronesampler.simulator import instrument
    from dronesampler.simulator.payload import reading_line

    reading = instrument.Reading(time_s=1_790_000_000.25, sequence=1, value_mg_m3=0.42, status=instrument.Status.NORMAL)
    events = driver_for(read_profile("serial-lines"), port="x").feed(reading_line(reading, quantity="NMHC"), AT)
    assert gases(events) == [("NMHC", 0.42)]


class Slave:
    """A Modbus instrument with registers to read."""

    def __init__(self, registers: dict[int, int]) -> None:
        self.registers = registers

    def answer(self, body: bytes) -> bytes:
        unit, function, start, count = struct.unpack(">BBHH", body)
        if any(start + k not in self.registers for k in range(count)):
            return bytes([unit, function | 0x80, 2])
        words = [self.registers[start + k] for k in range(count)]
        return struct.pack(f">BBB{count}H", unit, function, 2 * count, *words)


def test_the_modbus_crc_of_the_specification() -> None:
    assert crc16(bytes.fromhex("010300000001")) == 0x0A84
    assert rtu(request(1, 3, start=0, count=1)).hex() == "010300000001840a"


@pytest.mark.parametrize("framing", ["rtu", "tcp"])
@pytest.mark.parametrize("piece", [1, 3, 100])
def test_registers_are_asked_in_turn_and_become_readings(framing: str, piece: int) -> None:
    high, low = struct.unpack(">HH", struct.pack(">f", 1.5))
    slave = Slave({0: 0, 2: 9500, 10: high, 11: low, 12: low, 13: high})
    given = profile(
        modbus={
            "unit": 7,
            "framing": framing,
            "register": [
                {"name": "status", "address": 0},
                {"name": "pressure", "address": 2, "scale": 0.1},
                {"name": "NMHC", "address": 10, "kind": "f32"},
                {"name": "VOC", "address": 12, "kind": "f32", "swapped": True},
                {"name": "VOC", "address": 40},
            ],
        }
    )
    driver, events, now = driver_for(given, port="x"), [], 0.0
    for _ in range(5):
        asked = driver.due(now)
        body = asked[6:] if framing == "tcp" else asked[:-2]
        answer = slave.answer(body)
        wire = b"\xff" * (framing == "rtu") + (
            tcp(answer, int.from_bytes(asked[:2], "big")) if framing == "tcp" else rtu(answer)
        )
        for at in range(0, len(wire), piece):
            events += driver.feed(wire[at : at + piece], AT)
        now += 0.01
    assert gases(tuple(events)) == [("NMHC", 1.5), ("VOC", 1.5)] and driver.rejected == {"exception 2": 1}
    assert [e.pressure_hpa for e in events if isinstance(e, AirReported)] == [950.0]
    assert driver.due(now) == b"" and driver.due(1.0) != b""


def test_a_silent_slave_is_asked_the_next_register() -> None:
    driver = driver_for(read_profile("modbus-fid"), port="x")
    asked = [driver.due(t) for t in (0.0, 0.1, 0.6, 1.2)]
    assert [a[2:4] for a in asked if a] == [b"\0\0", b"\0\2", b"\0\x0a"] and driver.rejected["no answer"] == 2


def test_every_flipped_bit_of_an_rtu_answer_is_refused() -> None:
    frame = rtu(bytes.fromhex("010304000a0014"))
    for bit in range(8, len(frame) * 8):
        broken = bytearray(frame)
        broken[bit // 8] ^= 1 << bit % 8
        answer, _ = take_rtu(bytes(broken), unit=1, function=3)
        assert answer is None


@given(st.binary(max_size=80))
def test_noise_is_no_answer(noise: bytes) -> None:
    for take in (lambda: take_rtu(noise, unit=1, function=3), lambda: take_tcp(noise, transaction=1)):
        answer, used = take()
        assert 0 <= used <= len(noise)
        assert answer is None or len(noise) >= 5


@pytest.mark.parametrize(
    ("kind", "registers", "value"),
    [("u16", (65535,), 65535.0), ("s16", (65535,), -1.0), ("u32", (1, 2), 65538.0), ("s32", (65535, 65535), -1.0)],
)
def test_numbers_in_registers(kind: str, registers: tuple[int, ...], value: float) -> None:
    assert number(registers, kind) == value and number(registers[::-1], kind, swapped=True) == value


def test_a_station_that_speaks_hj_212() -> None:
    driver = driver_for(read_profile("hj212-station"), port="tcpin")
    values = (
        (("a24088-Rtd", "0.8"), ("a24088-Flag", "N")),
        (("a25002-Rtd", "9"), ("a25002-Flag", "D")),
        (("a01012-Rtd", "7"),),
    )
    packet = Packet(
        st="31", cn="2011", mn="M1", qn="20260531090000000", flag=5, data_time="20260531090000", values=values
    )
    events = driver.feed(framed(written(packet)) + b"##00", AT)
    assert gases(events) == [("a24088", 0.8), ("a25002", 9.0)]
    assert b"CN=9014" in driver.due(0.0) and driver.due(0.1) == b"" and driver.rejected["other factor"] == 1
    intake = Intake(read_profile("hj212-station"))
    readings = [intake.after(e) for e in events if isinstance(e, GasReported)]
    assert [(r.quantity, r.status) for r in readings if r] == [("NMHC", Status.NORMAL), ("benzene", Status.FAULT)]
    water = Packet(st="32", cn="2011", mn="W", data_time="20260531090000", values=values)
    assert driver.feed(b"\r\n" + framed(written(water)), AT) == ()


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_every_shipped_profile_is_whole(name: str) -> None:
    given = read_profile(name)
    assert given.name == name and given.quantities and given.t90_s > 0.0
    assert all(q.of() is not None for q in given.quantities)
    if given.extra:
        assert driver_for(given, port="x").feed(b"", AT) == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "name = 3\nnose = 1\n",
        'name = "x"\n[[quantity]]\nname = "VOC"\nunit = "buckets"\n', 'name = "x"\nt90_s = "slow"\n',
        "not toml",
    ],
)  # fmt: skip
def test_a_wrong_profile_is_refused_with_its_reason(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="profile"):
        read_profile(str(path))


@pytest.mark.parametrize(
    "extra",
    [
        {}, {"line": {}}, {"line": {"columns": ["nose"]}}, {"modbus": {}}, {"modbus": {"register": [{"name": "NMHC"}]}},
        {"modbus": {"register": [{"name": "nose", "address": 1}]}}, {"hj212": {"key": "zz"}}, {"hj212": {"key": "00"}},
        {"modbus": {"framing": "ascii", "register": [{"name": "NMHC", "address": 1}]}},
    ],
)  # fmt: skip
def test_a_wrong_protocol_is_refused(extra: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        driver_for(profile(**extra), port="x")


def test_no_such_profile_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="sniffer4d"):
        read_profile("nose")
    assert profile_from({"name": "x"}).quantities == ()
