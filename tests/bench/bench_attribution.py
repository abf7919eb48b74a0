"""One command prints the comparison of attribution methods: `python tests/bench/bench_attribution.py`.

Our analysis is run on the patrols of ../shared/bench/missions.py and scored by it, one process a patrol. Rows marked
"ref" are figures measured elsewhere on the same patrols (../shared/reference/attribution.md, section 0), not run here;
pyELQ is, with `--pyelq PYTHON`. `--other-physics` prints the table under other instruments, heights and dispersion than
the generator's own, `--times` the time by number of readings. What the table does not show: buildings, terrain,
recirculation, sources that come and go, and any instrument but a point sensor.
"""

import argparse
import importlib.util
import json
import math
import sys
import tempfile
import time
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
OURS = f"{sys.executable} -m dronesampler attribute {{dir}} -o {{out}}"
PEER = Path(__file__).with_name("pyelq_peer.py")
# T90 (s), dead time (s), flight height (m), scale of both dispersion coefficients, shift of the stability class
PHYSICS: dict[str, tuple[float, int, float, float, int]] = {
    "as it comes": (3.0, 1, 20.0, 1.0, 0),
    "slow instrument, wide plumes": (8.0, 2, 20.0, 1.5, 0),
    "quick instrument, narrow plumes": (1.5, 0, 20.0, 0.6, 0),
    "wide plumes": (3.0, 1, 20.0, 1.7, 0),
    "narrow plumes from 30 m": (3.0, 1, 30.0, 0.65, 0),
    "low flight": (5.0, 1, 12.0, 1.0, 0),
    "one class less stable": (3.0, 1, 20.0, 1.0, -1),
    "one class more stable": (3.0, 1, 20.0, 1.0, 1),
}
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


def altered(physics: str) -> ModuleType:
    """The generator with another instrument, height or dispersion than the one it comes with."""
    m = missions()
    t90_s, delay_s, height_m, spread, classes = PHYSICS[physics]
    plain, order = m.sig_briggs, "ABCD"
    m.T90, m.DELAY, m.TAU, m.Z_FLY = t90_s, delay_s, t90_s / math.log(10.0), height_m

    def sigmas(x: Any, cls: str) -> Any:
        across, up = plain(x, order[min(max(order.index(cls) + classes, 0), 3)])
        return spread * across, spread * up

    m.sig_briggs = sigmas
    return m


def made(folder: Path, seeds: str, *, physics: str = "as it comes", repeats: int = 1) -> Path:
    """The patrols of these seeds, made once."""
    m, (low, high) = altered(physics), map(int, seeds.split(":"))
    where = folder / f"{physics} {low}-{high} x{repeats}".replace(" ", "_")
    for seed in range(low, high):
        patrol = where / f"m{seed:05d}"
        if not (patrol / "truth.json").exists():
            m.write_mission(patrol, m.make_mission(seed, repeats=repeats))
    return where


def timed(folder: Path) -> None:
    """Processor seconds of the whole analysis (one thread, start of Python left out) by number of readings."""
    from dronesampler.attribution import attribute
    from dronesampler.desk.bench_folder import read_folder

    print("| readings | processor s, median of 3 patrols | slowest |\n| --- | --- | --- |")
    for repeats in (1, 5, 45):
        spent, count = [], 0
        for patrol in sorted(made(folder, "10000:10003", repeats=repeats).iterdir()):
            held = read_folder(patrol)
            begin = time.process_time()
            attribute(held.readings, held.wind, held.outlets, held.instrument)
            spent.append(time.process_time() - begin)
            count = max(count, len(held.readings))
        print(f"| {count:,} | {sorted(spent)[1]:.2f} | {max(spent):.2f} |", flush=True)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--seeds", default="0:100", help="0:100 to report, 10000 and up to tune (default: %(default)s)")
    ap.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "dronesampler-patrols")
    ap.add_argument(
        "--other-physics", action="store_true", help="the same table under other physics, seeds 11000:11030"
    )
    ap.add_argument("--times", action="store_true", help="how long an analysis takes by number of readings")
    ap.add_argument("--pyelq", metavar="PYTHON", help="an interpreter that has pyelq: run it on the first patrols")
    ap.add_argument("--pyelq-patrols", type=int, default=20)
    ap.add_argument("--iterations", type=int, default=5000, help="of pyELQ (default: %(default)s)")
    a = ap.parse_args()
    head = "\n".join([HEAD, "|" + " --- |" * 9])
    if a.times:
        return timed(a.folder)
    if a.other_physics:
        print(head)
        for name in PHYSICS:
            print(row(name, scored(made(a.folder, "11000:11030", physics=name), OURS)), flush=True)
        return None
    where = made(a.folder, a.seeds)
    print("\n".join([head, row("**dronesampler**", scored(where, OURS)), *REFERENCE]), flush=True)
    if a.pyelq:
        first = int(a.seeds.split(":")[0])
        few = made(a.folder, f"{first}:{first + a.pyelq_patrols}")
        peer = f"{a.pyelq} -W ignore {PEER} {{dir}} {{out}} --iterations {a.iterations}"
        print(row(f"pyELQ, {a.iterations} iterations, {a.pyelq_patrols} patrols", scored(few, peer)), flush=True)
        print(row("dronesampler on the same", scored(few, OURS)), flush=True)
    import prairie_grass

    if prairie_grass.FOLDER.exists():
        print("\nPrairie Grass 1956, arcs 100+200 m, source unknown:", json.dumps(prairie_grass.figures()))
    return None


if __name__ == "__main__":
    main()
