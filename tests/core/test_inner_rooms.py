"""Clock, units, texts, local metres, columns, journal and links: the rooms everything else stands on."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.clock import FakeClock, ScaledClock, clock_at
from dronesampler.columns import Wind
from dronesampler.geo import LocalFrame, Place
from dronesampler.geo.local import bearing_deg, distance_m
from dronesampler.journal import Entry, first_break, follow
from dronesampler.ports import open_port, parse_link
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Lang, Text
from dronesampler.units import isobutylene_ppm_to_mg_c_m3, mg_m3_to_ppm, ppm_to_mg_m3


def test_scaled_clocks_of_two_processes_agree() -> None:
    zero_s = clock_at(1.0, 0.0).unix_s()
    one, other = ScaledClock(50.0, zero_s), ScaledClock(50.0, zero_s)
    assert abs(one.unix_s() - other.unix_s()) < 5.0
    before_s = one.monotonic_s()
    one.sleep(1.0)
    assert 1.0 <= one.monotonic_s() - before_s < 60.0


def test_a_clock_step_moves_only_the_wall() -> None:
    clock = FakeClock(unix_s=100.0)
    clock.advance(1.0)
    clock.step(-50.0)
    assert (clock.monotonic_s(), clock.unix_s()) == (1.0, 51.0)


def test_one_ppm_isobutylene_is_two_milligrams_of_carbon() -> None:
    # 4 x 12.011 g/mol over 24.055 L/mol at 20 C and 101.325 kPa
    assert isobutylene_ppm_to_mg_c_m3(1.0, temperature_c=20.0, pressure_hpa=1013.25) == pytest.approx(1.997, abs=2e-3)


@given(st.floats(0.001, 1e4), st.floats(-30, 50), st.floats(800, 1100))
def test_ppm_there_and_back(ppm: float, temperature_c: float, pressure_hpa: float) -> None:
    mg_m3 = ppm_to_mg_m3(ppm, molar_mass_g_mol=56.1, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    back = mg_m3_to_ppm(mg_m3, molar_mass_g_mol=56.1, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    assert back == pytest.approx(ppm, rel=1e-12)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_local_metres_there_and_back(lat_deg: float, lon_deg: float, x_m: float, y_m: float) -> None:
    frame = LocalFrame(lat_deg, lon_deg)
    x, y = frame.to_xy(*frame.to_lat_lon(x_m, y_m))
    assert float(x) == pytest.approx(x_m, abs=1e-6)
    assert float(y) == pytest.approx(y_m, abs=1e-6)


def test_local_metres_against_the_geodesic() -> None:
    # pyproj 3.7.2, Geod(ellps='WGS84').inv: 701.2440 m; azimuth 50.7341 at the start, 50.7376 at the end
    assert distance_m(35.712, 116.489, 35.716, 116.495) == pytest.approx(701.2440, abs=0.001)
    assert bearing_deg(35.712, 116.489, 35.716, 116.495) == pytest.approx(50.7358, abs=0.001)


def test_a_frame_at_the_antimeridian() -> None:
    x, _ = LocalFrame(0.0, 179.999).to_xy(0.0, -179.999)
    assert float(x) == pytest.approx(222.64, abs=0.1)


def test_no_place_beyond_the_pole() -> None:
    with pytest.raises(ValueError, match="not a place"):
        Place(91.0, 0.0)
    with pytest.raises(ValueError, match="not a place"):
        Place(math.nan, 0.0)


def test_columns_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="unequal"):
        Wind(np.zeros(2), np.zeros(2), np.zeros(3), np.zeros(2))


def test_rows_of_columns() -> None:
    wind = Wind(np.arange(3.0), np.arange(3.0), np.arange(3.0), np.arange(3.0))
    assert list(wind.rows(wind.time_s > 0.5).speed_m_s) == [1.0, 2.0]
    assert len(wind.rows(slice(0, 0))) == 0


def chain(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(count):
        last = entries[-1] if entries else None
        entries.append(follow(last, unix_s=float(number), kind="test", body={"n": number, "字": "旁路"}))
    return entries


def test_a_whole_journal_has_no_break() -> None:
    assert first_break(chain(5)) is None


@pytest.mark.parametrize("changed", range(4))
def test_an_edited_journal_breaks_after_the_edit(changed: int) -> None:
    entries = chain(5)
    old = entries[changed]
    entries[changed] = Entry(old.seq, old.unix_s, old.kind, {"n": 99}, old.previous)
    assert first_break(entries) == changed + 1


def test_a_dropped_entry_breaks_the_journal() -> None:
    entries = chain(5)
    del entries[2]
    assert first_break(entries) == 2


def test_a_text_in_a_text() -> None:
    inner = Text("疑似", "suspected")
    outer = Text("{what}排口", "{what} outlet").with_(what=inner)
    assert outer.said(Lang.ZH) == "疑似排口"
    assert outer.said(Lang.EN) == "suspected outlet"


@pytest.mark.parametrize("text", ["", "udp", "udpin:host", "udpin::5", "tcp:host:port", "udpin:h:70000", "http://x:1"])
def test_what_is_no_link(text: str) -> None:
    with pytest.raises(BadInput):
        parse_link(text)


def test_a_windows_serial_link() -> None:
    link = parse_link("serial:COM3:57600")
    assert (link.kind, link.where, link.number) == ("serial", "COM3", 57600)


def test_udp_speaks_both_ways() -> None:
    listening = open_port("udpin:127.0.0.1:0")
    speaking = open_port(f"udpout:127.0.0.1:{listening.local_port}")  # type: ignore[attr-defined]
    try:
        listening.write(b"nobody there yet")
        speaking.write(b"hello")
        assert listening.read(2.0) == b"hello"
        listening.write(b"well heard")
        assert speaking.read(2.0) == b"well heard"
        assert speaking.read(0.0) == b""
    finally:
        listening.close()
        speaking.close()


def test_a_tcp_peer_may_leave_and_return() -> None:
    serving = open_port("tcpin:127.0.0.1:0")
    try:
        for word in (b"first", b"second"):
            calling = open_port(f"tcp:127.0.0.1:{serving.local_port}")  # type: ignore[attr-defined]
            calling.write(word)
            assert serving.read(2.0) == word
            calling.close()
            assert serving.read(2.0) == b""
    finally:
        serving.close()


def test_a_port_that_cannot_be_opened_says_why() -> None:
    with pytest.raises(Refused, match=r"cannot open tcp:127\.0\.0\.1:1"):
        open_port("tcp:127.0.0.1:1")
    with pytest.raises(Refused, match="cannot open serial"):
        open_port("serial:/dev/does-not-exist:57600")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dronesampler", *words], capture_output=True, text=True, timeout=60, encoding="utf-8"
    )


def test_the_command_line_says_what_it_can() -> None:
    answer = run("--help")
    assert answer.returncode == 0
    assert "attribute" in answer.stdout


def test_an_unknown_verb_is_bad_input() -> None:
    answer = run("levitate")
    assert answer.returncode == 2
    assert "levitate" in answer.stderr


def test_wrong_options_are_bad_input_and_still_one_line_of_json() -> None:
    answer = run("verify", "--json", "--nonsense")
    assert answer.returncode == 2
    assert json.loads(answer.stdout)["outcome"] == "bad input"
    assert "usage" in answer.stderr


def test_a_reader_who_has_seen_enough_is_no_failure() -> None:
    command = [sys.executable, "-m", "dronesampler", "plan", "--list"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.close()
    assert writer.wait(60) == 0
    assert writer.stderr is not None
    assert writer.stderr.read() == b""
    writer.stderr.close()
