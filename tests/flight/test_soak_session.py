"""A whole session for a day's work: no reading is lost and memory stays where it settled."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "bench" / "soak_session.py"
MOST_GROWTH_MB = 50.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")


def soaked(hours: float, *, patience_s: float) -> dict[str, Any]:
    words = [sys.executable, str(SCRIPT), "--hours", str(hours), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=patience_s, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_a_minute_of_a_busy_session_loses_nothing() -> None:
    figures = soaked(1 / 60, patience_s=300.0)
    assert figures["readings_recorded"] == figures["readings_said"] == 50 * 60
    assert figures["messages"] == 200 * 60


@pytest.mark.soak
def test_eight_hours_of_a_busy_session_grow_by_less_than_fifty_megabytes() -> None:
    figures = soaked(8.0, patience_s=4 * 3600.0)
    assert figures["readings_recorded"] == figures["readings_said"] == 50 * 8 * 3600
    assert figures["grown_mb"] < MOST_GROWTH_MB and figures["recorder_failures"] == []
