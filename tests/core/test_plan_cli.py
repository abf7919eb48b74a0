"""The verbs plan, check and coverage as a user types them."""

import json
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.cli.wording import place_said
from dronesampler.mission.files import read_mission
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import PATTERNS, make_plan
from dronesampler.texts import Lang

DEMO = str(assets_dir() / "demo-park.geojson")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main([*words, "--json", "--lang", "en"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return code, json.loads(lines[0])


def test_plan_check_and_coverage_in_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, seen = tmp_path / "tour.plan", tmp_path / "seen.geojson"
    words = ["plan", DEMO, "--pattern", "outlet-tour", "--set", "hold_s=12", "--set", "sides=both"]
    code, made = run(capsys, *words, "--wind", "135,3", "-o", str(file))
    assert code == 0 and made["files"] == [str(file)] and made["simulated"] is True and made["seconds"]
    assert sum(i.params[0] == 12 for i in read_mission(file).items if i.command == 16) == 24
    code, checked = run(capsys, "check", str(file), "--park", DEMO)
    problems = checked["problems"]
    assert code == 0 and isinstance(problems, list) and problems
    assert all({"rule", "severity", "where", "text"} <= set(p) for p in problems)
    code, map_ = run(capsys, "coverage", str(file), "--park", DEMO, "--wind", "135,3", "-o", str(seen))
    assert code == 0 and len(json.loads(seen.read_text())["features"]) == map_["cells"]


def test_a_bare_polygon_is_a_park_and_the_first_vertex_its_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = [[116.4, 35.7], [116.404, 35.7], [116.404, 35.703], [116.4, 35.703], [116.4, 35.7]]
    area, file = tmp_path / "area.geojson", tmp_path / "grid.plan"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    words = ["plan", str(area), "--pattern", "area-grid", "--set", "spacing_m=30", "--wind", "0,0", "-o", str(file)]
    assert run(capsys, *words)[0] == 0
    mission = read_mission(file)
    assert mission.home and (mission.home.lat_deg, mission.home.lon_deg) == (35.7, 116.4)
    raw = json.loads(file.read_text(encoding="utf-8"))["mission"]["items"]
    assert {i["type"] for i in raw} == {"SimpleItem"} and {i["command"] for i in raw} == {16, 20, 22, 178}


def test_split_writes_a_file_a_sortie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    craft = tmp_path / "small.json"
    craft.write_text(json.dumps({"battery_wh": 150}))
    words = ["plan", DEMO, "--pattern", "crosswind-ladder", "--wind", "135,3", "--aircraft", str(craft), "--split"]
    code, made = run(capsys, *words, "-o", str(tmp_path / "ladder.plan"))
    files = made["files"]
    assert code == 0 and isinstance(files, list) and len(files) >= 2
    assert all(read_mission(file).items[-1].command == 20 for file in files)


def test_list_names_all_patterns_and_shows_ones_settings(capsys: pytest.CaptureFixture[str]) -> None:
    code, listed = run(capsys, "plan", "--list")
    assert code == 0 and list(listed["patterns"]) == list(PATTERNS)  # type: ignore[call-overload]
    code, one = run(capsys, "plan", "--list", "area-grid")
    settings = one["patterns"]["area-grid"]["settings"]  # type: ignore[index]
    assert code == 0 and {"spacing_m", "clearance_m", "height_agl_m", "speed_m_s"} <= set(settings)
    assert main(["plan", "--list", "outlet-tour", "--lang", "zh_CN"]) == 0
    assert "停留时间" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", DEMO, "--pattern", "area-grid", "-o", "x.plan"], "--wind is needed"),
        (["plan", DEMO, "--pattern", "area-grid", "--wind", "east", "-o", "x.plan"], "FROM_DEG,M_S"),
        (["plan", DEMO, "--pattern", "area-grid", "--wind", "0,0", "--set", "spacing_m", "-o", "x.plan"], "K=V"),
        (["plan", DEMO, "--pattern", "area-grid", "--wind", "0,0", "--home", "116.4,35.7", "-o", "x.plan"], "swapped"),
        (["plan", DEMO, "--pattern", "area-grid", "--wind", "0,0", "-o", "x.docx"], "docx"),
        (["plan", "nowhere.geojson", "--pattern", "area-grid", "--wind", "0,0", "-o", "x.plan"], "nowhere"),
        (["plan", "--list", "zigzag"], "zigzag"),
        (["check", "nowhere.plan"], "nowhere"),
        (["check", DEMO, "--terrain", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_exit_2_with_a_sentence(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, answer = run(capsys, *words)
    assert code == 2 and said in str(answer["reason"]) and not list(tmp_path.iterdir())


def test_an_approval_record_is_read_or_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, record = tmp_path / "m.plan", tmp_path / "approval.json"
    words = ["--pattern", "outlet-tour", "--set", "avoid_airspace=no", "--wind", "135,3", "-o", str(file)]
    assert run(capsys, "plan", DEMO, *words)[0] == 0
    record.write_text('{"number": "1"}')
    code, answer = run(capsys, "check", str(file), "--park", DEMO, "--approval", str(record))
    assert code == 2 and "begins_utc" in str(answer["reason"])
    times = {"begins_utc": "2026-06-17T00:00:00Z", "ends_utc": "2026-06-17T08:00:00Z"}
    record.write_text(json.dumps({"number": "1", "ceiling_agl_m": 60, "area": None, **times}))
    assert run(capsys, "check", str(file), "--park", DEMO, "--approval", str(record))[0] == 0


def test_a_far_home_half_a_pass_a_bad_time_and_calm_air_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, seen = str(tmp_path / "a.plan"), str(tmp_path / "seen.geojson")
    words = ["plan", DEMO, "--pattern", "crosswind-ladder", "--wind", "135,3", "-o", file]
    for more, said in (
        (["--home", "10,10"], "from the park"),
        (["--set", "passes=1.5"], "whole number"),
    ):
        code, answer = run(capsys, *words, *more)
        assert code == 2 and said in json.dumps(answer)
    assert run(capsys, *words)[0] == 0
    for at, code in (("nonsense", 2), ("2026-05-31T01:30:00Z", 0)):
        assert run(capsys, "check", file, "--at", at)[0] == code
    code, answer = run(capsys, "coverage", file, "--park", DEMO, "--wind", "0,0", "-o", seen)
    assert code == 1 and "no direction" in json.dumps(answer) and not Path(seen).exists()
    assert run(capsys, "coverage", file, "--park", DEMO, "--wind", "999,3", "-o", seen)[0] == 2


def test_findings_are_said_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", DEMO, "--pattern", "stack-orbit", "--wind", "135,3", "-o", str(tmp_path / "a.plan")]
    assert main([*words, "--lang", "zh_CN"]) == 0
    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if " energy." in line or " airspace." in line]
    assert lines
    for line in lines:
        assert line.split()[0] in ("错误", "警告", "提示") and "item" not in line


@pytest.mark.parametrize(
    ("where", "zh"),
    [
        ("item 8 (way round)", "第 8 项（绕行）"),
        ("item 5 (curtain 10 m)", "第 5 项（断面 10 m）"),
        ("item 3 (DA003 orbit +0 m)", "第 3 项（DA003 环绕 +0 m）"),
        ("item 3 (a {0} of mine)", "第 3 项（a {0} of mine）"),
        ("line 2", "第 2 行"),
        ("block 1", "第 1 段"),
        ("某处", "某处"),
        ("", ""),
    ],
)
def test_places_are_said_in_both_languages(where: str, zh: str) -> None:
    assert place_said(where, Lang.ZH) == zh
    assert place_said(where, Lang.EN) == where


def test_every_note_of_every_pattern_has_a_chinese_word() -> None:
    park = read_park(DEMO).park
    for pattern in PATTERNS:
        for item in make_plan(park, pattern, wind=(135.0, 3.0)).items:
            if item.note:
                where = f"item 1 ({item.note})"
                assert place_said(where, Lang.ZH) != f"第 1 项（{item.note}）", (pattern, item.note)
