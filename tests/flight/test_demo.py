"""The whole job from the command line: over several days, killed in the middle, and taken up again."""

import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dronesampler.store import State, Store

FACTOR = "30"
GATE_SEEDS = (1, 2)
SOAK_SEEDS = range(1, 21)
GATE_KILLS = (7.0, 14.0)  # seconds of the wall after the start: while uploading or early, and in flight
SOAK_KILLS = 20
DEMO = [sys.executable, "-m", "dronesampler", "demo", "--lang", "en", "--json", "--factor", FACTOR]


def words(folder: Path, *more: str) -> list[str]:
    return [*DEMO, "--out", str(folder / "out"), "--data", str(folder / "data"), *more]


def demo(folder: Path, *more: str) -> dict[str, Any]:
    """Run it to its end; its one line of JSON."""
    run = subprocess.run(words(folder, *more), capture_output=True, text=True, encoding="utf-8", timeout=400)
    assert run.returncode == 0, run.stdout + run.stderr
    (line,) = run.stdout.splitlines()
    answer: dict[str, Any] = json.loads(line)
    assert answer == json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return answer


@pytest.mark.parametrize("seed", GATE_SEEDS)
def test_a_day_from_planning_to_a_verified_packet(tmp_path: Path, seed: int) -> None:
    summary = demo(tmp_path, "--seed", str(seed))
    assert summary["outcome"] == "done"
    assert summary["verified"] is True
    assert summary["simulated"] is True
    assert summary["readings"] > 1000
    assert Path(summary["packet"]).exists()
    assert {"plan", "fly", "judge", "seal", "verify"} <= set(summary["seconds"])
    assert all({"found", "error_m"} <= set(bypass) for bypass in summary["bypasses"])
    assert summary["false_flags"] <= len(summary["flags"])


@pytest.mark.soak
def test_twenty_days(tmp_path: Path) -> None:
    """20 of 20 with 5 % loss; of what three readings could see, 70 % flagged within 60 m; at most 4 false flags."""
    summaries = [demo(tmp_path / str(seed), "--seed", str(seed), "--loss", "0.05") for seed in SOAK_SEEDS]
    seen = [b for s in summaries for b in s["bypasses"] if b["seconds_above_0_15"] >= 3]
    found = [b for b in seen if b["found"]]
    false = sum(s["false_flags"] for s in summaries)
    print(f"found {len(found)} of {len(seen)} to be seen, {false} false flags in {len(summaries)} patrols")
    assert len(found) >= 0.7 * len(seen)
    assert false <= 4


def start(folder: Path, seed: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words(folder, "--seed", str(seed)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def kill_after(folder: Path, wall_s: float, *, seed: int = 3) -> int:
    """Kill the demo in the middle; how many records it had said were safe."""
    process = start(folder, seed)
    time.sleep(wall_s)
    process.kill()
    _, said = process.communicate(timeout=30)
    safe = [int(number) for number in re.findall(r"\((\d+) records safe\)", said)]
    return max(safe, default=0)


def records(store: Store, patrol_id: int) -> int:
    """Everything on file that the recorder is given."""
    raw = sum(1 + (placed is not None) for _, placed in store.reading_rows(patrol_id))
    return raw + len(store.track(patrol_id)) + len(store.wind(patrol_id)) + len(store.journal(patrol_id))


def resume(folder: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of --resume."""
    run = subprocess.run(words(folder, "--resume"), capture_output=True, text=True, encoding="utf-8", timeout=400)
    answer: dict[str, Any] = json.loads(run.stdout)
    return run.returncode, answer


def check_after_kill(folder: Path, wall_s: float, *, seed: int = 3) -> str:
    """Nothing said to be safe is lost, and --resume comes to a good end or says why not; what it came to."""
    safe = kill_after(folder, wall_s, seed=seed)
    with Store.open(folder / "data") as store:
        patrols = store.patrols()
        assert not patrols or records(store, patrols[-1].id) >= safe
    code, answer = resume(folder)
    if not patrols:
        assert code == 1
        assert "no interrupted demo patrol" in answer["reason"]
        return "before the patrol began"
    if code != 0:
        # Too little was recorded to judge: it must say so in words.
        assert code == 1
        assert len(answer["reason"]) > 20
        return f"too little recorded: {answer['reason']}"
    assert answer["verified"] is True
    with Store.open(folder / "data") as store:
        # Killed in flight it was open; killed while it was judged or sealed it had ended; now it is not open.
        before, now = patrols[-1].state, store.patrol("last").state
        assert now is (State.INTERRUPTED if before is State.OPEN else before)
    again = resume(folder)
    assert again[0] == 0
    assert (again[1]["packet"], again[1]["resumed"]) == (answer["packet"], False)
    assert list((folder / "out").glob("*_v2*")) == []
    return f"killed while {before.value}, {safe} records said safe, {answer['readings']} readings sealed"


@pytest.mark.parametrize("wall_s", GATE_KILLS)
def test_a_killed_demo_keeps_what_it_said_was_safe(tmp_path: Path, wall_s: float) -> None:
    check_after_kill(tmp_path, wall_s)


@pytest.mark.soak
def test_twenty_kills_at_random_moments(tmp_path: Path) -> None:
    rng = random.Random(20)
    for number in range(SOAK_KILLS):
        wall_s = rng.uniform(0.5, 60.0)
        print(f"kill at {wall_s:.1f} s: {check_after_kill(tmp_path / str(number), wall_s, seed=number)}", flush=True)


def test_nothing_to_resume_is_said(tmp_path: Path) -> None:
    run = subprocess.run(words(tmp_path, "--resume"), capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert run.returncode == 1
    assert "no interrupted demo patrol" in json.loads(run.stdout)["reason"]
