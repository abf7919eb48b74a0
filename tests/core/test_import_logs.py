"""Telemetry logs with readings in them: each sample once and in its place; damage counted, never guessed over."""

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from pymavlink.dialects.v20 import ardupilotmega as dialect

from dronesampler.cli import main
from dronesampler.desk.importing import Request, import_files
from dronesampler.geo.local import LocalFrame
from dronesampler.mavlink.logfile import looks_like_tlog, read_tlog
from dronesampler.problems import BadInput
from dronesampler.sampler.species import Unit
from dronesampler.sampler.tunnel import PAYLOAD_TYPE, Frame, encode
from dronesampler.store.store import Store

START_S = 1_790_000_000.0
HERE = LocalFrame(35.71, 116.49)
SPEED_M_S = 6.0


class LogWriter:
    """Writes a tlog of an aircraft that flies east at a steady speed, with a sampler on board."""

    def __init__(self) -> None:
        self.data = b""
        self._vehicle = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
        self._payload = dialect.MAVLink(None, srcSystem=1, srcComponent=25)

    def put(self, at_s: float, message: dialect.MAVLink_message, *, payload: bool = False) -> None:
        packed = message.pack(self._payload if payload else self._vehicle)
        self.data += struct.pack(">Q", round((START_S + at_s) * 1e6)) + packed

    def position(self, at_s: float, *, lat: float | None = None) -> None:
        y, x = HERE.to_lat_lon(SPEED_M_S * at_s, 0.0)
        lat_deg = float(y) if lat is None else lat
        self.put(
            at_s,
            dialect.MAVLink_global_position_int_message(
                round(at_s * 1e3), round(lat_deg * 1e7), round(float(x) * 1e7), 45_000, 20_000, 0, 600, 0, 9_000
            ),
        )

    def named(self, at_s: float, value: float, name: bytes = b"NMHC") -> None:
        self.put(at_s, dialect.MAVLink_named_value_float_message(round(at_s * 1e3), name, value), payload=True)

    def tunnel(self, at_s: float, sequence: int, value: float) -> None:
        frame = encode(Frame(sequence, START_S + at_s, "NMHC", value, Unit.MG_M3))
        body = list(frame.ljust(128, b"\0"))
        self.put(at_s, dialect.MAVLink_tunnel_message(0, 0, PAYLOAD_TYPE, len(frame), body), payload=True)


def flight(seconds: int = 60, *, tunnel: bool = True, named: bool = True) -> bytes:
    log = LogWriter()
    for k in range(2 * seconds):
        log.position(k / 2)
        if k % 2 == 0:
            if named:
                log.named(k / 2 + 0.2, 0.01 * k)
            if tunnel:
                log.tunnel(k / 2 + 0.21, k // 2, 0.01 * k)
    return log.data


def imported(tmp_path: Path, data: bytes, name: str = "flight.tlog") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    import_files(Request(paths=(path,), into=tmp_path / "patrols.sqlite"))
    return tmp_path / "patrols.sqlite"


@pytest.mark.parametrize(("tunnel", "named"), [(True, True), (True, False), (False, True)])
def test_each_sample_is_one_reading_whatever_way_it_came(tmp_path: Path, tunnel: bool, named: bool) -> None:
    database = imported(tmp_path, flight(tunnel=tunnel, named=named))
    with Store.open(database) as store:
        readings, streams = store.readings("last", "NMHC"), store.streams("last")
    assert len(readings) == 60 and len(streams) == 1 and streams[0].component == "1/25"
    assert readings.value_mg_m3 == pytest.approx(0.02 * np.arange(60), abs=1e-6)


def test_a_reading_lies_where_its_air_was(tmp_path: Path) -> None:
    """The shipped profile has a line delay of 1 s: at 6 m/s a reading belongs 6 m behind its arrival."""
    with Store.open(imported(tmp_path, flight())) as store:
        readings = store.readings("last", "NMHC")
    x, y = HERE.to_xy(readings.lat_deg, readings.lon_deg)
    placed = np.isfinite(x)
    assert placed.sum() == 59  # the first one's air was there before the first pose
    air_s = np.arange(60) + 0.2 - 1.0
    assert np.abs(x - SPEED_M_S * air_s)[placed].max() < 0.3
    assert np.abs(y[placed]).max() < 0.01 and readings.ok.sum() == 59


def test_other_named_values_are_no_readings(tmp_path: Path) -> None:
    log = LogWriter()
    log.position(0.0)
    for k in range(20):
        log.named(k / 10, 1.0, b"CamTilt")
    with Store.open(imported(tmp_path, log.data)) as store:
        assert store.streams("last") == ()


def test_damage_is_counted_and_stepped_over() -> None:
    data = flight()
    whole = read_tlog(data)
    middle = data.index(struct.pack(">Q", round((START_S + 30.0) * 1e6)))
    torn = read_tlog(data[:middle] + b"\x07garbage that is no record\xfd" + data[middle:])
    assert (torn.messages, torn.bad) == (whole.messages + 1, 1) and len(torn.track) == len(whole.track)
    flipped = bytearray(data)
    flipped[60] ^= 0x10
    assert read_tlog(bytes(flipped)).bad == 1
    cut = read_tlog(data[:-5])
    assert (cut.messages, cut.cut_bytes > 0, cut.bad) == (whole.messages - 1, True, 0)


def test_every_cut_of_a_log_is_read_as_far_as_it_goes() -> None:
    data = flight(3)
    whole = read_tlog(data).messages
    seen = [read_tlog(data[:end]).messages for end in range(len(data) + 1)]
    assert seen[-1] == whole and seen == sorted(seen)


def test_a_cut_log_is_taken_and_the_damage_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --salvage: what a radio or a full card cut off cannot be copied again."""
    path = tmp_path / "cut.tlog"
    path.write_bytes(flight()[:-5])
    assert main(["import", str(path), "--into", str(tmp_path / "p.sqlite"), "--json", "--lang", "en"]) == 0
    (told,) = [r for r in json.loads(capsys.readouterr().out)["rejected"] if r["code"] == "cut"]
    assert told["count"] == 1 and "half a record at the end of the file (" in told["reason"]
    assert main(["import", str(path), "--into", str(tmp_path / "q.sqlite"), "--lang", "en"]) == 0
    assert "half a record at the end" in capsys.readouterr().out


def test_a_jump_in_a_log_leaves_the_track(tmp_path: Path) -> None:
    log = LogWriter()
    for k in range(40):
        log.position(k / 2, lat=36.2 if k == 17 else None)
    path = tmp_path / "jump.tlog"
    path.write_bytes(log.data)
    found = import_files(Request(paths=(path,), into=tmp_path / "patrols.sqlite"))[0]
    assert [(r.code, r.count, r.first) for r in found.rejected] == [("jump", 1, "point 18")]
    assert found.told["track_points"] == 39 and found.told["track_length_m"] == pytest.approx(117.0, abs=0.5)


@pytest.mark.parametrize("noise", [b"", b"\xfd" * 400, struct.pack(">Q", round(START_S * 1e6)) + b"hello world"])
def test_what_only_looks_like_a_log_is_none(noise: bytes) -> None:
    assert not looks_like_tlog(noise)


def test_a_log_that_is_mostly_damage_is_refused(tmp_path: Path) -> None:
    data = bytearray(flight(10, tunnel=False))
    at = 0
    while at < len(data):
        length = 8 + 12 + data[at + 9]
        data[at + length - 1] ^= 0xFF
        at += length
    path = tmp_path / "bad.tlog"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        import_files(Request(paths=(path,), into=tmp_path / "patrols.sqlite"))
    assert not (tmp_path / "patrols.sqlite").exists()


def test_one_bad_file_of_several_keeps_all_of_them_out(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tlog", tmp_path / "bad.csv"
    good.write_bytes(flight(5))
    bad.write_text("hello\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"bad\.csv"):
        import_files(Request(paths=(good, bad), into=tmp_path / "patrols.sqlite"))
    assert not (tmp_path / "patrols.sqlite").exists() and not (tmp_path / "raw").exists()


def test_a_gas_table_without_positions_is_placed_along_the_flight(tmp_path: Path) -> None:
    log, table = tmp_path / "flight.tlog", tmp_path / "gas.csv"
    log.write_bytes(flight(60, tunnel=False, named=False))
    rows = "".join(f"{START_S + k + 0.25:.2f},{0.1 * k}\n" for k in range(60))
    table.write_text("time,TVOC (ppb)\n" + rows, encoding="utf-8")
    found = import_files(Request(paths=(log, table), into=tmp_path / "patrols.sqlite", together=True))
    assert found[0].patrol == found[1].patrol
    with Store.open(tmp_path / "patrols.sqlite") as store:
        readings = store.readings("last", "TVOC")
    x, _ = HERE.to_xy(readings.lat_deg, readings.lon_deg)
    assert np.abs(x - SPEED_M_S * (np.arange(60) + 0.25))[:-1].max() < 0.05


def test_a_profile_moves_readings_back_by_its_delay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile, table = tmp_path / "pid.toml", tmp_path / "gas.csv"
    profile.write_text('name = "pid 7"\nline_delay_s = 2.0\nlink_delay_s = 0.5\n', encoding="utf-8")
    lons = [float(HERE.to_lat_lon(SPEED_M_S * k, 0.0)[1]) for k in range(30)]
    rows = "".join(f"{START_S + k},{HERE.lat_deg},{lon:.9f},1\n" for k, lon in enumerate(lons))
    table.write_text("time,lat,lon,TVOC (ppb)\n" + rows, encoding="utf-8")
    words = ["import", str(table), "--into", str(tmp_path / "p.sqlite"), "--profile", str(profile), "--json"]
    assert main(words) == 0 and json.loads(capsys.readouterr().out)["readings"] == 30
    with Store.open(tmp_path / "p.sqlite") as store:
        readings, streams = store.readings("last"), store.streams("last")
    x, _ = HERE.to_xy(readings.lat_deg, readings.lon_deg)
    assert streams[0].instrument == "pid 7"
    assert x[10] == pytest.approx(SPEED_M_S * 7.5, abs=0.05) and readings.time_s[10] == START_S + 7.5
    assert math.isnan(x[1])


def test_the_command_line_speaks_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "flight.tlog"
    path.write_bytes(flight(5))
    for lang, word in (("zh_CN", "轨迹点"), ("en", "track points")):
        assert main(["import", str(path), "--into", str(tmp_path / "p.sqlite"), "--lang", lang]) == 0
        said = capsys.readouterr().out
        assert word in said and "flight.tlog" in said
    assert "not been doubled" in said


def test_columns_as_understood_can_be_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, columns = tmp_path / "gas.csv", tmp_path / "columns.toml"
    table.write_text("time,lat,lon,TVOC (ppb)\n2026-05-31 09:00:00,35.71,116.49,7\n", encoding="utf-8")
    words = ["import", str(table), "--into", str(tmp_path / "p.sqlite"), "--json"]
    assert main([*words, "--save-columns", str(columns)]) == 0
    assert main([*words[:3], str(tmp_path / "q.sqlite"), "--columns", str(columns), "--json"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["quantities"] == second["quantities"] == {"TVOC": 1}


@pytest.mark.parametrize(
    "words", [["--profile", "no-such"], ["--date", "yesterday"], ["--time-zone", "Moon"], ["--columns", "none.toml"]]
)
def test_wrong_options_are_bad_input(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "gas.csv"
    table.write_text("time,TVOC (ppb)\n2026-05-31 09:00:00,7\n", encoding="utf-8")
    assert main(["import", str(table), "--into", str(tmp_path / "p.sqlite"), "--json", *words]) == 2
    assert json.loads(capsys.readouterr().out)["outcome"] == "bad input"


def test_coordinates_of_a_chinese_map_are_shifted(tmp_path: Path) -> None:
    from dronesampler.geo.datum import Datum, from_wgs84

    lat, lon = from_wgs84(35.71, 116.49, Datum.GCJ02)
    table = tmp_path / "gas.csv"
    table.write_text(f"time,lat,lon,TVOC (ppb)\n2026-05-31 09:00:00,{lat:.9f},{lon:.9f},7\n", encoding="utf-8")
    import_files(Request(paths=(table,), into=tmp_path / "p.sqlite", datum=Datum.GCJ02))
    with Store.open(tmp_path / "p.sqlite") as store:
        readings, track = store.readings("last"), store.track("last")
    for columns in (readings, track):
        assert (columns.lat_deg[0], columns.lon_deg[0]) == (
            pytest.approx(35.71, abs=1e-8),
            pytest.approx(116.49, abs=1e-8),
        )


@pytest.mark.parametrize("simulated", [True, False])
def test_our_own_raw_log_stays_what_it_was(tmp_path: Path, simulated: bool) -> None:
    """Nothing in the bytes says that our simulator flew: the side file of the raw log does."""
    path = tmp_path / "000000.tlog"
    path.write_bytes(flight(5))
    path.with_suffix(".json").write_text(json.dumps({"segment": 0, "simulated": simulated}), encoding="utf-8")
    found = import_files(Request(paths=(path,), into=tmp_path / "p.sqlite"))[0]
    with Store.open(tmp_path / "p.sqlite") as store:
        assert store.patrol("last").simulated is store.readings("last").simulated is simulated
    assert found.told["simulated"] is simulated
