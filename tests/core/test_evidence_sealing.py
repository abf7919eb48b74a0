"""A patrol of the store becomes a packet, by the desk and from the command line, and is checked."""

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dronesampler.cli import main
from dronesampler.clock import FakeClock
from dronesampler.columns import Track, Wind
from dronesampler.desk.sealing import Sealed, seal_patrol, verify_packet
from dronesampler.desk.team import DEMONSTRATION_TEAM, team_of
from dronesampler.evidence import ExitCode, Status
from dronesampler.geo import Polygon
from dronesampler.mission import Mission
from dronesampler.mission.mission import waypoint
from dronesampler.park import Outlet, Park
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Patrol, PlanStage, ReadingColumns, Store

COUNT = 200
TIME_S = 1.8e9 + np.arange(COUNT)
LAT, LON = 35.701 + np.linspace(0, 0.003, COUNT), 116.481 + np.linspace(0, 0.008, COUNT)
FLAT = np.full(COUNT, 40.0)
PARK = Park(
    "示范园区",
    Polygon(((35.70, 116.48), (35.70, 116.49), (35.705, 116.49), (35.705, 116.48))),
    name_en="Demo park",
    outlets=(Outlet("DA001", 35.702, 116.482, 15.0),),
    simulated=True,
)
SUSPECT = {
    "lat_deg": 35.703,
    "lon_deg": 116.486,
    "height_m": 8.0,
    "rate_g_s": 0.3,
    "rate_interval_g_s": [0.1, 0.6],
    "evidence": 15.0,
    "transects": 3,
    "ellipse95": [20.0, 6.0, 170.0],
    "reasons": [{"code": "x", "zh": "理由", "en": "reason"}],
}
MISSION = Mission("横风航线", (waypoint(35.701, 116.481, 40.0),), pattern="transects", simulated=True)


def recorded(data: Path, *, simulated: bool = True) -> tuple[Store, Patrol]:
    """A store with one whole patrol and its raw log."""
    store = Store.open(data, clock=FakeClock(1.8e9 + 4000))
    value = 0.3 + np.exp(-(((np.arange(COUNT) - 120) / 6.0) ** 2)) * 5
    value[7] = np.nan
    with store.transaction() as batch:
        park_id = batch.put_park(replace(PARK, simulated=simulated))
        patrol = batch.begin_patrol(
            "P-1", started_unix_s=1.8e9, simulated=simulated, park_id=park_id, aircraft="copter"
        )
        for stage in PlanStage:
            batch.put_plan(patrol.id, stage, MISSION)
        batch.add_track(patrol.id, Track(TIME_S, LAT, LON, FLAT, FLAT, FLAT, FLAT))
        batch.add_wind(patrol.id, Wind(TIME_S, np.full(COUNT, 170.0), np.full(COUNT, 2.5), np.full(COUNT, 10.0)))
        batch.add_readings(
            patrol.id,
            ReadingColumns(
                "PID-1",
                "NMHC",
                "mg/m3",
                TIME_S,
                raw_value=value,
                value_mg_m3=value,
                lat_deg=LAT,
                lon_deg=LON,
                height_agl_m=FLAT,
                raw=[b"frame %d" % i for i in range(COUNT)],
                simulated=simulated,
            ),
        )
        batch.put_findings(patrol.id, {"suspected": [SUSPECT], "parameters": {"t90_s": 3.0, "delay_s": 1.0}})
        patrol = batch.end_patrol(patrol.id, ended_unix_s=1.8e9 + COUNT)
    raw = data / "raw" / patrol.uuid
    raw.mkdir(parents=True)
    (raw / "000000.tlog").write_bytes(bytes(range(256)) * 40)
    (raw / "000000.json").write_text("{}")
    return store, patrol


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sealed]:
    data = tmp_path_factory.mktemp("data")
    store, patrol = recorded(data)
    with store:
        return data, seal_patrol(store, patrol.id)


def test_the_packet_is_sound_under_the_devices_own_trust(sealed: tuple[Path, Sealed]) -> None:
    _, packet = sealed
    verdict = verify_packet(packet.path, trust=packet.trust)
    assert verdict.exit_code is ExitCode.SOUND
    assert verdict.incomplete == ()
    assert verdict.simulated
    passed = {f.code for f in verdict.findings if f.status is Status.PASSED}
    assert {f"V{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16, 17, 21, 22, 24)} <= passed
    assert verify_packet(packet.path).exit_code is ExitCode.NOT_ESTABLISHED


def test_all_of_the_patrol_is_in_it(sealed: tuple[Path, Sealed]) -> None:
    data, packet = sealed
    with zipfile.ZipFile(packet.path) as container:
        files = {info.filename: container.read(info) for info in container.infolist()}
    case = json.loads(files["data/case.json"])
    flight = f"data/flights/{case['patrol']['uuid']}"
    raw = next((data / "raw").iterdir())
    assert files[f"{flight}/raw/000000.tlog"] == (raw / "000000.tlog").read_bytes()
    assert {f"{flight}/plan/{stage.value}.json" for stage in PlanStage} <= set(files)
    rows = files["data/readings/readings.csv"].decode().splitlines()
    assert len(rows) == COUNT + 1
    assert rows[0].startswith("seq,time_unix_s,lat_deg") and rows[0].endswith("simulated")
    assert rows[8].split(",")[5] == ""  # no number: an empty cell, not a made-up one
    assert rows[1].endswith(",1")  # marked simulated, each row
    assert files["data/readings/raw.csv"].decode().splitlines()[1].endswith(b"frame 0".hex())
    assert len(files[f"{flight}/track.csv"].decode().splitlines()) == COUNT + 1
    assert {f"data/report/{n}" for n in ("report.pdf", "map.zh_CN.svg", "map.en.svg", "page.zh_CN.html")} <= set(files)
    assert case["findings"]["suspected"][0]["lat_deg"] == 35.703
    assert case["simulated"] is True
    assert "data/park.geojson" in files and "data/findings.json" in files
    assert b"SIMULATED" in files["bag-info.txt"] and b"SIMULATED" in files["data/report/map.en.svg"]
    kinds = [json.loads(line)["kind"] for line in files["journal.jsonl"].splitlines()]
    assert kinds.count("file added") == 2


def test_sealing_again_supersedes(tmp_path: Path) -> None:
    store, patrol = recorded(tmp_path)
    with store:
        first = seal_patrol(store, patrol.id)
        second = seal_patrol(store, patrol.id, out=tmp_path / "elsewhere")
        packets = store.packets(patrol)
    assert (second.version, second.path.parent.name, second.path.name[-11:]) == (2, "elsewhere", "_v2.evp.zip")
    verdict = verify_packet(second.path, trust=second.trust, anchors=first.path)
    assert verdict.exit_code is ExitCode.SOUND
    assert [f.status for f in verdict.findings if f.code == "V9"] == [Status.PASSED, Status.PASSED]
    assert verify_packet(first.path, trust=first.trust).exit_code is ExitCode.SOUND
    assert [p.sha256 for p in packets] == [first.sha256, second.sha256]


def test_a_packet_is_never_written_over(tmp_path: Path) -> None:
    store, patrol = recorded(tmp_path / "data")
    with store:
        first = seal_patrol(store, patrol, out=tmp_path / "case.evp.zip").path.read_bytes()
        with pytest.raises(Refused, match="not written over"):
            seal_patrol(store, patrol, out=tmp_path / "case.evp.zip")
    assert (tmp_path / "case.evp.zip").read_bytes() == first


def test_a_raw_log_touched_after_sealing_is_refused_by_name(tmp_path: Path) -> None:
    store, patrol = recorded(tmp_path)
    log = tmp_path / "raw" / patrol.uuid / "000000.tlog"
    with store:
        seal_patrol(store, patrol.id)
        data = bytearray(log.read_bytes())
        data[5000] ^= 4
        log.write_bytes(data)
        with pytest.raises(Refused, match=r"000000\.tlog"):
            seal_patrol(store, patrol.id)
        log.unlink()
        with pytest.raises(Refused, match=r"000000\.tlog"):
            seal_patrol(store, patrol.id)
    assert len(list((tmp_path / "packets").iterdir())) == 1


def test_a_real_patrol_needs_a_team_on_file(tmp_path: Path) -> None:
    store, patrol = recorded(tmp_path, simulated=False)
    with store:
        with pytest.raises(Refused, match="officer"):
            seal_patrol(store, patrol.id)
        team = {
            "agency": "某县大队",
            "officers": [{"name": n, "certificate": n, "valid_to": "2020-01-01"} for n in "甲乙"],
        }
        (tmp_path / "team.json").write_text(json.dumps(team))
        packet = seal_patrol(store, patrol.id)
        verdict = verify_packet(packet.path, trust=packet.trust)
        assert verdict.exit_code is ExitCode.SOUND
        assert not verdict.simulated
        assert verdict.incomplete == ("V17",)  # both certificates had run out
        for bad in ("[]", "{", '{"agency": "x", "officers": [{"nom": 1}]}'):
            (tmp_path / "team.json").write_text(bad)
            with pytest.raises(BadInput):
                team_of(tmp_path, patrol)


def test_an_empty_patrol_can_be_sealed_and_says_what_it_lacks(tmp_path: Path) -> None:
    with Store.open(tmp_path, clock=FakeClock(1.8e9)) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("空", simulated=True)
        packet = seal_patrol(store, patrol.id)
        assert verify_packet(packet.path, trust=packet.trust).exit_code is ExitCode.SOUND
    with zipfile.ZipFile(packet.path) as container:
        page = container.read("data/report/page.zh_CN.html").decode()
    assert "尚未研判" in page


def test_the_demonstration_team_says_that_it_is_one() -> None:
    assert "演示" in DEMONSTRATION_TEAM.agency
    assert all(
        "演示" in officer.name and officer.certificate.startswith("DEMO") for officer in DEMONSTRATION_TEAM.officers
    )


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, _ = recorded(tmp_path)
    store.close()
    data = ["--data", str(tmp_path), "--json"]

    def said(*words: str) -> tuple[int, dict[str, object]]:
        code = main([*words, *data])
        return code, json.loads(capsys.readouterr().out)

    code, written = said("packet", "last", "-o", str(tmp_path / "out"))
    assert code == 0
    packet, trust = str(written["packet"]), str(written["trust"])
    code, verdict = said("verify", packet, "--trust", trust)
    assert (code, verdict["outcome"], verdict["simulated"]) == (0, "sound", True)
    assert said("verify", packet)[0] == 2
    broken = Path(shutil.copy(packet, tmp_path / "broken.zip"))
    damaged = bytearray(broken.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    broken.write_bytes(damaged)
    code, verdict = said("verify", str(broken), "--trust", trust)
    assert (code, verdict["outcome"]) == (1, "broken")
    broken.write_bytes(damaged[:-1])
    assert said("verify", str(broken), "--trust", trust)[0] == 3
    assert said("verify", str(tmp_path / "none.zip"))[0] == 3
    assert said("verify", packet, "--trust", packet)[0] == 2
    assert said("packet", "last", "--officer", "nobody")[0] == 2
    assert said("packet", "last", "--officer", "甲:1")[0] == 1
    assert said("packet", "99")[0] == 2
    assert main(["verify", packet, "--trust", trust, "--lang", "zh_CN", "--data", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("【模拟数据】证据包完好")
    assert main(["verify", packet, "--trust", trust, "--lang", "en", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("[SIMULATED] SOUND")
