"""One command prints the comparison of attribution methods: `python tests/bench/bench_attribution.py`.

Our analysis is run on the patrols of ../shared/bench/missions.py and scored by it, one process a patrol. Rows marked
"ref" are figures measured elsewhere on the same patrols (../shared/reference/attribution.md, section 0); they are not
run here. What the table does not show: buildings, terrain, recirculation, sources that come and go, and any instrument
but a point sensor.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT / "tests" / "real"))

HEAD = (
    "| method | found of detectable | false flags a patrol | quiet patrols flagged | place median / p90 "
    "| rate within 2 | ellipse holds truth | its median area | s a patrol |"
)
REFERENCE = (
    "| maximum of the heat map (ref) | 19 % | 3.66 | 91 % | 46 / 57 m | – | – | – | 0.002 |",
    "| back-projection voting (ref) | 26 % | 2.91 | 91 % | 41 / 53 m | – | – | – | 0.2 |",
    "| NNLS grid, straight plume (ref) | 41 % | 0.40 | 20 % | 25 / 50 m | 87 % | – | – | 0.7 |",
    "| greedy, curved back-trajectory (ref) | 74 % | 0.34 | 20 % | 18.5 / 40 m | 90 % | – | – | 10 |",
    "| pyELQ 1.2.7, 10 patrols, 800 iterations (ref) | 3 of 6 | 0.70 | 33 % | 15 / 35 m | 100 % | – | – | 28 |",
)


def missions() -> ModuleType:
    spec = importlib.util.spec_from_file_location("missions", SHARED / "bench" / "missions.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scored(folder: Path, command: str) -> dict[str, Any]:
    """The bench's own report of a command over all patrols in a folder."""
    m = missions()
    folders = sorted(p for p in folder.iterdir() if (p / "truth.json").exists())
    return dict(m.report([m.score_one(f, command) for f in folders]))


def row(name: str, r: dict[str, Any]) -> str:
    """One line of the table."""
    share = "–" if r["rate_within_factor_2"] is None else f"{r['rate_within_factor_2']:.0%}"
    holds = "–" if r["ellipse95_holds_truth"] is None else f"{r['ellipse95_holds_truth']:.0%}"
    return (
        f"| {name} | {r['recall_of_detectable']:.0%} | {r['false_flags_per_mission']:.2f} "
        f"| {r['quiet_with_false_flag']:.0%} | {r['error_m_median']} / {r['error_m_p90']} m | {share} | {holds} "
        f"| {r['ellipse95_area_m2_median']} m² | {r['seconds_median']} |"
    )


def made(folder: Path, seeds: str) -> Path:
    """The patrols of these seeds, made once."""
    m, (low, high) = missions(), map(int, seeds.split(":"))
    for seed in range(low, high):
        where = folder / f"m{seed:05d}"
        if not (where / "truth.json").exists():
            m.write_mission(where, m.make_mission(seed))
    return folder


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--seeds", default="0:100", help="0:100 to report, 10000 and up to tune (default: %(default)s)")
    ap.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "dronesampler-patrols")
    a = ap.parse_args()
    command = f"{sys.executable} -m dronesampler attribute {{dir}} -o {{out}}"
    ours = scored(made(a.folder / a.seeds.replace(":", "-"), a.seeds), command)
    print("\n".join([HEAD, "|" + " --- |" * 9, row("**dronesampler**", ours), *REFERENCE]), end="\n\n")
    import prairie_grass

    if prairie_grass.FOLDER.exists():
        print("Prairie Grass 1956, arcs 100+200 m, source unknown:", json.dumps(prairie_grass.figures()))


if __name__ == "__main__":
    main()
