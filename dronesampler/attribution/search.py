"""Where a source could stand that explains what is left: a matched filter over a grid laid along the wind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.attribution.fit import View
from dronesampler.attribution.model import Floats, Scene
from dronesampler.attribution.place import losses
from dronesampler.plume.dispersion import Spread, profile_factor
from dronesampler.plume.kernel import MG_A_G

ALONG_M, ACROSS_M = 18.0, 9.0
SEARCH_HEIGHTS_M = (5.0, 13.0)
MARGIN_M = 60.0
LOOKED_AT, WEIGHED = 600, 30  # cells by the filter at each height, and cells that the objective weighs
RATES = np.array([0.4, 0.7, 1.0, 1.6])  # of the filter's
LEAST_COLUMN = 0.02  # mg/m3 for 1 g/s below which a row does not tell of a cell


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells about the flown area and columns for each search height, time first: (n, cells) float32."""

    x: Floats
    y: Floats
    row: NDArray[np.intp]
    heights: tuple[float, ...]
    columns: tuple[NDArray[np.float32], ...]


def make_grid(scene: Scene, *, spread: Spread, bias_rad: float) -> Grid:
    """Columns of every cell within `MARGIN_M` of the flown lines' hull (as seen along the wind)."""
    s, (ea, ec) = scene.kernel.samples, scene.kernel.axes(bias_rad)
    a, c = s.x_m * ea[0] + s.y_m * ea[1], s.x_m * ec[0] + s.y_m * ec[1]
    rows = np.arange(a.min() - 2.5 * MARGIN_M, a.max(), ALONG_M)
    cells = np.arange(c.min() - MARGIN_M, c.max() + MARGIN_M + ACROSS_M, ACROSS_M)
    flown = _across_range(a, c, rows)
    chosen = [np.flatnonzero((cells > lo - MARGIN_M) & (cells < hi + MARGIN_M)) for lo, hi in flown]
    edge = np.r_[0, np.cumsum([len(k) for k in chosen])]
    columns = tuple(np.zeros((len(s), edge[-1]), np.float32) for _ in SEARCH_HEIGHTS_M)
    behind = scene.lag[1]
    for i, along in enumerate(rows):
        if len(chosen[i]):
            _fill_row(scene, (a - along, c), across=cells[chosen[i]], spread=spread, behind=behind,
                      out=[k[:, edge[i] : edge[i + 1]] for k in columns])  # fmt: skip
    row = np.repeat(np.arange(len(rows)), np.diff(edge))
    cell = np.concatenate([cells[k] for k in chosen])
    for k in columns:
        _lag(scene, k)
    return Grid(rows[row] * ea[0] + cell * ec[0], rows[row] * ea[1] + cell * ec[1], row, SEARCH_HEIGHTS_M, columns)


def _across_range(a: Floats, c: Floats, rows: Floats) -> list[tuple[float, float]]:
    """Between which crosswind limits was flown near or downwind of each row."""
    out = []
    for along in rows:
        near = (a > along - MARGIN_M) & (a < along + 3 * MARGIN_M)
        out.append((float(c[near].min()), float(c[near].max())) if near.any() else (0.0, -1e9))
    return out


def _fill_row(
    scene: Scene,
    at: tuple[Floats, Floats],
    *,
    across: Floats,
    spread: Spread,
    behind: int,
    out: list[NDArray[np.float32]],
) -> None:
    d_all, c = at
    rows = np.flatnonzero((d_all > 2.0) & (d_all < 700.0))
    rows = rows[rows < len(d_all) - behind]
    if not len(rows):
        return
    d, kernel, z = d_all[rows].astype(np.float32), scene.kernel, scene.kernel.samples.z_m[rows]
    factor = np.full(1, profile_factor(9.0, kernel.drift.height_m), np.float32)
    lateral, speed, slope, age = kernel.back(d, factor, rows)
    _, _, _, sy, sz = kernel.widths(d, lateral, age_s=age, spread=spread, rows=rows)
    sy = np.hypot(sy, ACROSS_M / 3)
    cos = 1.0 / np.sqrt(1.0 + slope**2)
    r = ((c[rows] - lateral)[:, None] - across[None, :]).astype(np.float32)
    shape = np.exp(r * r * (-0.5 * (cos / sy) ** 2).astype(np.float32)[:, None])
    for h, k in zip(SEARCH_HEIGHTS_M, out, strict=True):
        deep = np.exp(-0.5 * ((z - h) / sz) ** 2) + np.exp(-0.5 * ((z + h) / sz) ** 2)
        peak = MG_A_G / (2 * np.pi) / (speed * sy * sz) * deep
        k[rows + behind] = shape * peak.astype(np.float32)[:, None]


def _lag(scene: Scene, columns: NDArray[np.float32]) -> None:
    """The instrument's response, in place: a first-order recursion (the dead time is in the rows already)."""
    tau, _, keep = scene.lag
    if tau <= 0.0:
        return
    for i in range(1, len(columns)):
        columns[i] *= 1.0 - keep[i]
        columns[i] += keep[i] * columns[i - 1]


Cell = tuple[float, float, float, float, float]  # gain in nats, east, north, height, rate


def candidates(grid: Grid, view: View, *, count: int, apart_m: float = 35.0) -> list[Cell]:
    """The best cells as (gain, x, y, h, rate), `apart_m` from the better ones; gains in nats, capped a transect.

    A matched filter chooses cells to look at; the objective itself, at several rates, chooses among them: the filter
    weighs a crossing by its size and undervalues weak ones that nothing else explains.
    """
    found = _filtered(grid, view, apart_m=apart_m)
    if not found:
        return []
    rows = np.flatnonzero(np.max([grid.columns[k][:, i] for _, k, i, _ in found], axis=0) > LEAST_COLUMN)
    if not len(rows):
        return []
    rest = view.mu[rows].astype(np.float32)
    now = losses(view, rows, rest[None])[0]
    cells: list[Cell] = []
    for _, k, i, q in found:
        column = grid.columns[k][rows, i]
        tried = q * RATES
        gain = now - losses(view, rows, rest + tried.astype(np.float32)[:, None] * column)
        best = int(gain.argmax())
        cells.append((float(gain[best]), float(grid.x[i]), float(grid.y[i]), grid.heights[k], float(tried[best])))
    return sorted(cells, key=lambda c: -c[0])[:count]


def _filtered(grid: Grid, view: View, *, apart_m: float) -> list[tuple[float, int, int, float]]:
    """Cells that a matched filter likes, as (gain, height's number, cell, rate), the best first and well apart."""
    scene, m = view.scene, view.scene.model
    r = scene.value - view.guess.background @ scene.hats - view.mu
    level = np.maximum(view.mu, np.minimum(scene.strength, view.mu + np.maximum(r, 0.0)))
    var = m.scatter**2 * (view.c**2 + level**2)
    w = (view.share / var * (m.heavy + 1) / (m.heavy + np.minimum(r, 0) ** 2 / var)).astype(np.float32)
    wr = (w * r).astype(np.float32)
    starts = np.flatnonzero(np.r_[True, np.diff(scene.transect) > 0])
    ends = np.r_[starts[1:], len(r)]
    best: list[tuple[float, int, int, float]] = []
    for number, k in enumerate(grid.columns):
        num = np.stack([wr[a:b] @ k[a:b] for a, b in zip(starts, ends, strict=True)])
        den = np.stack([w[a:b] @ np.square(k[a:b]) for a, b in zip(starts, ends, strict=True)])
        q = np.maximum(num.sum(0) / np.maximum(den.sum(0) + 1e-3, 1e-9), 0.0)
        gain = (m.cap * np.tanh((q * num - 0.5 * q**2 * den) / m.cap)).sum(0)
        best += [(float(gain[i]), number, int(i), float(q[i])) for i in np.argsort(-gain)[:LOOKED_AT]]
    best.sort(key=lambda b: -b[0])
    kept: list[tuple[float, int, int, float]] = []
    for b in best:
        if b[0] > 0.5 and b[3] > 0.01 and all(
            np.hypot(grid.x[b[2]] - grid.x[k[2]], grid.y[b[2]] - grid.y[k[2]]) > apart_m for k in kept
        ):  # fmt: skip
            kept.append(b)
        if len(kept) == WEIGHED:
            break
    return kept
