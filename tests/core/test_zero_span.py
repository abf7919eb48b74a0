"""Zero and span checks from the command line: made with gas on a real port, kept, listed, and what they decide."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.desk.instrument_checks import checks_of, drift_around, last_checked_unix_s
from dronesampler.desk.instruments import fit_of
from dronesampler.problems import BadInput
from dronesampler.sampler.profiles import read_profile
from dronesampler.sampler.quality import Gas
from dronesampler.store import JournalRow, Recorder, Store

PROFILE = """
name = "fid"
serial = "F-1"
method = "HJ 1331-2023"
t90_s = 0.1
line_delay_s = 0.0
period_s = 0.05

[line]
columns = ["NMHC", "status"]

[[quantity]]
name = "NMHC"
unit = "mg/m3"
"""


@contextmanager
def instrument(value: float) -> Iterator[str]:
    """An instrument that is asked over TCP and says the same all the time; the link to it."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20.0)

        def speak() -> None:
            peer, _ = server.accept()
            with peer:
                for k in range(2000):
                    if stop.wait(0.02):
                        return
                    try:
                        peer.sendall(b"%.3f,0\n" % (value + k % 3 * 1e-3))
                    except OSError:
                        return

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield f"tcp:127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        thread.join(20.0)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "fid.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


def check(profile: Path, data: Path, value: float, *words: str) -> int:
    with instrument(value) as link:
        return main(
            ["zero-span", str(profile), "--link", link, "--data", str(data), "--seconds", "1", "--json", *words]
        )


def test_a_check_before_and_after_a_flight(profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert check(profile, data, 0.1, "--gas", "zero", "--officer", "Li", "--cylinder", "N2-1") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["read_mg_m3"] == pytest.approx(0.101, abs=2e-3) and told["officer"] == "Li"
    assert check(profile, data, 8.1, "--gas", "span", "--certified", "8.0", "--officer", "Li") == 0
    with Store.open(data) as store:
        with store.transaction() as batch:
            flight = batch.begin_patrol("flight")
        recorder = Recorder(store, flight.id, on_failure=lambda _: None)
        recorder.put(JournalRow(flight.started_unix_s, "flown"))
        recorder.close()
        time.sleep(0.01)
        with store.transaction() as batch:
            flight = batch.end_patrol(flight.id)
        fid = read_profile(str(profile))
        assert [c.gas for c in checks_of(store, fid)] == [Gas.ZERO, Gas.SPAN]
        assert last_checked_unix_s(store, [fid]) is not None
        assert last_checked_unix_s(store, [fid, read_profile("serial-lines")]) is None
        before = drift_around(store, flight, fid, quantity="NMHC")
        assert before.ok is None and before.lacking == ("zero after", "span after")
    assert check(profile, data, 0.2, "--gas", "zero", "--officer", "Li") == 0
    assert check(profile, data, 8.1, "--gas", "span", "--certified", "8.0", "--officer", "Li") == 0
    capsys.readouterr()
    words = ["zero-span", str(profile), "--data", str(data), "--patrol", str(flight.id), "--lang", "en"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "zero and span hold" in printed and "N2-1" in printed
    with Store.open(data) as store:
        flags = {placed.flags for _, placed in store.reading_rows(1) if placed is not None}
    assert "calibration no-pose" in flags


def test_a_check_without_an_officer_or_a_concentration_is_refused(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(profile, tmp_path / "d", 0.1, "--gas", "zero") == 1
    assert check(profile, tmp_path / "d", 8.0, "--gas", "span", "--officer", "Li") == 1
    assert "span gas" in capsys.readouterr().out


def test_instruments_are_named_with_their_links(tmp_path: Path) -> None:
    (tmp_path / "alarms.toml").write_text("above_mg_m3 = 2.5\n", encoding="utf-8")
    words = ["serial-lines@serial:/dev/ttyUSB0:9600", "minipid-40ppm@mavlink:1/26", "sniffer4d@tcp:10.0.0.9:4001"]
    fit = fit_of(words, tmp_path)
    assert [(f.profile.name, f.link) for f in fit.ports] == [
        ("serial-lines", "serial:/dev/ttyUSB0:9600"),
        ("sniffer4d", "tcp:10.0.0.9:4001"),
    ]
    assert list(fit.payloads) == ["1/26"] and fit.ports[0].profile.alarms.above_mg_m3 == 2.5
    assert [p.name for p in fit.profiles] == ["minipid-40ppm", "serial-lines", "sniffer4d"]
    assert [p.name for p in fit_of([], None).profiles] == ["mavlink-nmhc"]
    assert fit_of(["minipid-40ppm@mavlink"], None).profiles[-1].name == "minipid-40ppm"
    for wrong in ("serial-lines", "@tcp:1.2.3.4:5", "serial-lines@", "nobody@mavlink"):
        with pytest.raises(BadInput):
            fit_of([wrong], None)
