"""Readings from events: frames, named values, units, and each quantity once."""

import math
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.events import GasReported, Stamp
from dronesampler.sampler import MAVLINK_NMHC, Intake, Profile, Quantity, Status, Unit, reading_from
from dronesampler.sampler.species import SPECIES, to_mg_c_m3, to_mg_m3, to_ppm
from dronesampler.sampler.tunnel import SIZE, Frame, decode, encode


def named(value: float, at_s: float = 0.0, name: str = "NMHC") -> GasReported:
    return GasReported(Stamp(at_s, 1_800_000_000.0 + at_s), "1/25", name, value, instrument_s=at_s)


def framed(frame: Frame, at_s: float = 0.0) -> GasReported:
    return GasReported(Stamp(at_s, 1_800_000_000.0 + at_s), "1/25", "TUNNEL", math.nan, raw=encode(frame))


FRAME = Frame(7, 1_800_000_000.25, "NMHC", 1.5, Unit.MG_M3, Status.WARM_UP, 42)


def test_a_frame_has_the_layout_that_the_protocol_promises() -> None:
    data = encode(FRAME)
    assert len(data) == SIZE == 36
    assert data[:2] == b"\x01\x01"
    assert struct.unpack_from("<HIQ", data, 2) == (42, 7, 1_800_000_000_250_000)
    assert data[16:24] == b"NMHC\0\0\0\0"
    assert struct.unpack_from("<fB", data, 24) == (1.5, 0)
    assert struct.unpack_from("<I", data, 32)[0] == zlib.crc32(data[:32])


@given(
    st.integers(0, 2**32 - 1),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.sampled_from(["NMHC", "TVOC", "CH4"]),
    st.sampled_from([Unit.MG_M3, Unit.PPM]),
    st.sampled_from([Status.NORMAL, Status.FAULT, Status.CALIBRATION]),
    st.binary(max_size=0) | st.just(b"\0" * 92),
)
def test_a_frame_comes_back_as_it_was(
    sequence: int, value: float, quantity: str, unit: Unit, status: Status, padding: bytes
) -> None:
    frame = Frame(sequence, 1_700_000_000.5, quantity, value, unit, status, 65535)
    assert decode(encode(frame) + padding) == frame
    assert decode(encode(frame).rstrip(b"\0")) == frame


def test_every_single_bit_error_in_a_frame_is_refused() -> None:
    data = encode(FRAME)
    for bit in range(len(data) * 8):
        broken = bytearray(data)
        broken[bit // 8] ^= 1 << bit % 8
        assert decode(bytes(broken)) is None


def test_a_named_value_is_a_reading_of_the_profile() -> None:
    reading = reading_from(named(0.42), MAVLINK_NMHC)
    assert reading is not None and reading.ok
    assert (reading.quantity, reading.unit, reading.value_mg_m3) == ("NMHC", Unit.MG_M3, 0.42)
    assert reading_from(named(3.0, name="ROLL"), MAVLINK_NMHC) is None


def test_a_frame_is_a_reading_with_status_and_calibration() -> None:
    reading = reading_from(framed(FRAME), MAVLINK_NMHC)
    assert reading is not None and not reading.ok and reading.full
    assert (reading.status, reading.calibration_id, reading.sequence) == (Status.WARM_UP, 42, 7)


def test_no_number_and_too_much_are_kept_and_flagged() -> None:
    nothing, much = (reading_from(named(v), MAVLINK_NMHC) for v in (math.nan, 9999.0))
    assert nothing is not None and nothing.status is Status.MISSING
    assert much is not None and much.status is Status.OUT_OF_RANGE and much.value == 9999.0


def test_when_both_come_each_sample_is_counted_once() -> None:
    intake = Intake(MAVLINK_NMHC)
    taken = []
    for k in range(10):
        value = 0.5 * k
        frame = Frame(k, 1_800_000_000.0 + k, "NMHC", value, Unit.MG_M3)
        taken += [intake.after(named(value, k + 0.0)), intake.after(framed(frame, k + 0.01))]
    assert [r.value for r in taken if r] == [0.5 * k for k in range(10)]
    assert [r.full for r in taken if r] == [False] + [True] * 9


def test_named_values_count_again_when_frames_fall_silent() -> None:
    intake = Intake(MAVLINK_NMHC)
    assert intake.after(framed(FRAME, 0.0)) is not None
    assert intake.after(named(1.0, 4.0)) is None
    assert intake.after(named(1.0, 6.0)) is not None


def test_a_pid_keeps_raw_factor_and_converted_value() -> None:
    profile = Profile("pid", (Quantity("VOC", "NMHC", Unit.PPM, response_factor=2.5),))
    reading = reading_from(named(4.0, name="VOC"), profile, temperature_c=20.0, pressure_hpa=1013.25)
    assert reading is not None
    assert (reading.value, reading.unit, reading.response_factor) == (4.0, Unit.PPM, 2.5)
    assert reading.value_mg_m3 == pytest.approx(4.0 * 2.5 * 12.011 / 24.055, rel=1e-4)


def test_one_ppm_isobutylene_is_two_milligrams_of_carbon() -> None:
    tvoc = SPECIES["TVOC"]
    mg_m3 = to_mg_m3(1.0, Unit.PPM, species=tvoc, temperature_c=20.0, pressure_hpa=1013.25)
    assert to_mg_c_m3(mg_m3, tvoc) == pytest.approx(48.04 / 24.05, rel=1e-3)
    assert to_mg_m3(to_mg_c_m3(mg_m3, tvoc), Unit.MGC_M3, species=tvoc, temperature_c=0.0, pressure_hpa=900.0) == (
        pytest.approx(mg_m3)
    )


@given(st.floats(0.0, 1e4), st.sampled_from(sorted(SPECIES)), st.floats(-30.0, 50.0), st.floats(600.0, 1080.0))
def test_ppm_there_and_back(ppm: float, name: str, temperature_c: float, pressure_hpa: float) -> None:
    species = SPECIES[name]
    mg_m3 = to_mg_m3(ppm, Unit.PPM, species=species, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    back = to_ppm(mg_m3, species=species, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    assert back == pytest.approx(ppm)
    ppb = to_mg_m3(ppm * 1000, Unit.PPB, species=species, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    assert ppb == pytest.approx(mg_m3)
