"""What must be settled before the window's modules are loaded."""

import os
import subprocess
import sys
from pathlib import Path

# Tells what numpy finds when it is loaded; a data folder that is a file ends the verb before a window opens.
WORDS = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print("numpy finds", os.environ.get("OMP_NUM_THREADS"), os.environ.get("OPENBLAS_NUM_THREADS"), flush=True)
sys.meta_path.insert(0, Watch())
from dronesampler.cli import main
main(["window", "--data", sys.argv[1]])
"""
LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def test_the_window_and_what_it_starts_calculate_on_one_thread(tmp_path: Path) -> None:
    (tmp_path / "no-folder").touch()
    told = {k: v for k, v in os.environ.items() if k not in LIMITS} | {"QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-c", WORDS, str(tmp_path / "no-folder")]
    said = subprocess.run(words, env=told, capture_output=True, text=True, timeout=120)
    assert said.stdout.splitlines()[:1] == ["numpy finds 1 1"], said.stderr
