"""Project Prairie Grass 1956 as steady transects: arcs, meteorology and the rate that was released, run by run."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dronesampler.attribution.steady import Located, SteadyAir, locate

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "09_dispersion" / "prairie_grass_1956"
FEWEST_SAMPLERS = 20
SAMPLER_HEIGHT_M = 1.5


@dataclass(frozen=True)
class Run:
    """Samplers of some arcs about the source at (0, 0), and the truth."""

    number: int
    rate_g_s: float
    x_m: np.ndarray
    y_m: np.ndarray
    value_mg_m3: np.ndarray
    arc: np.ndarray
    air: SteadyAir

    def located(self) -> Located:
        heights = np.full(len(self.x_m), SAMPLER_HEIGHT_M)
        return locate(self.x_m, self.y_m, heights, self.value_mg_m3, transect=self.arc, air=self.air)


def runs(arcs_m: tuple[float, ...] = (100.0, 200.0)) -> Iterator[Run]:
    """Every run with meteorology on file and enough samplers on these arcs."""
    rates, samplers = _arcs()
    for words in (line.split() for line in (FOLDER / "modelParamList.txt").read_text().splitlines()):
        if not words or int(words[0]) not in rates:
            continue
        number = int(words[0])
        rows = [(*s, k) for k, arc in enumerate(arcs_m) for s in samplers.get((number, arc), [])]
        if len(rows) >= FEWEST_SAMPLERS:
            azimuth, value, far, arc = np.array(rows).T
            turn = np.radians(azimuth)
            air = SteadyAir(float(words[4]), float(words[9]), float(words[8]), float(words[1]))
            yield Run(number, rates[number], far * np.sin(turn), far * np.cos(turn), value, arc, air)


def _arcs() -> tuple[dict[int, float], dict[tuple[int, float], list[tuple[float, float, float]]]]:
    """Rate of each run, and (azimuth_deg, mg/m3, range_m) of each run's arcs."""
    rates: dict[int, float] = {}
    samplers: dict[tuple[int, float], list[tuple[float, float, float]]] = {}
    key = (0, 0.0)
    for line in (FOLDER / "PGARCS.txt").read_text().splitlines():
        words = [w.strip() for w in line.split(",")]
        if "'" in line:
            key = (int(words[0]), float(words[-1]))
            samplers[key] = []
        elif len(words) > 5:
            rates[key[0]] = float(words[7])
        elif len(cells := line.split()) == 4:
            samplers[key].append((float(cells[0]), float(cells[3]), float(cells[2])))
    return rates, samplers


def figures(arcs_m: tuple[float, ...] = (100.0, 200.0)) -> dict[str, float]:
    """Errors in metres and the share of rates within a factor of two, source unknown to the solver."""
    found = [(run.located(), run.rate_g_s) for run in runs(arcs_m)]
    error = np.array([math.hypot(f.x_m, f.y_m) for f, _ in found])
    ratio = np.array([f.rate_g_s / q for f, q in found])
    within = float(np.mean((ratio >= 0.5) & (ratio <= 2.0)))
    median, p90 = (float(v) for v in np.percentile(error, [50, 90]))
    return {"runs": len(found), "median_m": median, "p90_m": p90, "within_2": within}
