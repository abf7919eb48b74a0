"""What columns of a log can be found wrong with: jumps, lost fixes, impossible pressure, stamps that repeat."""

import math

import numpy as np

from dronesampler.columns import Floats
from dronesampler.geo.local import LocalFrame
from dronesampler.sampler.files.recording import Mask
from dronesampler.texts import Text

FASTEST_M_S = 60.0
_SLACK_M = 200.0  # a fix that settles may wander this far without being a jump
_BELIEVED_AFTER = 10  # so many rows on end at a new place are no error of the receiver
PRESSURE_RANGE_HPA = (300.0, 1100.0)
_PRESSURE_SPIKE_HPA = 30.0

NO_TIME = Text("没有可读的时间", "no time that can be read")
HALF_LINE = Text("行不完整（单元格不足）", "half a line: cells are missing")
NO_VALUE = Text("没有数值（空、NaN、-999 等）", "no number (empty, NaN, -999 and the like)")
NO_FIX = Text("没有定位（空、0,0 或超出范围）", "no position (empty, 0,0 or out of range)")
JUMP = Text(
    "位置跳变：速度超过 {limit:.0f} m/s",
    "the position jumps: faster than {limit:.0f} m/s",
).with_(limit=FASTEST_M_S)
DUPLICATE = Text("时间戳与上一行相同", "the same time stamp as the row before")
BACKWARDS = Text("时间倒退", "the time goes back")
CLOCK = Text("时钟早于 2000 年：未校准的时钟", "a clock before the year 2000: it was never set")
TWICE = Text("夏令时结束时重复的一小时", "the hour that comes twice when daylight saving ends")
PRESSURE = Text(
    "气压不可能（{low:.0f}–{high:.0f} hPa 以外或尖峰）",
    "impossible pressure (outside {low:.0f}-{high:.0f} hPa, or a spike)",
).with_(low=PRESSURE_RANGE_HPA[0], high=PRESSURE_RANGE_HPA[1])


def no_fix(lat_deg: Floats, lon_deg: Floats) -> Mask:
    """Where there is no position: not a number, zero and zero, or not on the earth."""
    known = np.isfinite(lat_deg) & np.isfinite(lon_deg)
    inside = (np.abs(np.where(known, lat_deg, 0.0)) <= 90.0) & (np.abs(np.where(known, lon_deg, 0.0)) <= 180.0)
    return np.asarray(~known | ~inside | ((lat_deg == 0.0) & (lon_deg == 0.0)))


def jumps(time_s: Floats, lat_deg: Floats, lon_deg: Floats) -> Mask:
    """Positions that cannot be reached from the last good one; rows without a fix are no jumps."""
    marked = np.zeros(len(time_s), bool)
    known = np.flatnonzero(~no_fix(lat_deg, lon_deg))
    if len(known) < 2:
        return marked
    x, y = LocalFrame(float(lat_deg[known[0]]), float(lon_deg[known[0]])).to_xy(lat_deg[known], lon_deg[known])
    t = time_s[known]
    if not _too_far(np.hypot(np.diff(x), np.diff(y)), np.diff(t)).any():
        return marked
    marked[known[_walk(t, x, y)]] = True
    return marked


def _too_far(distance_m: Floats, seconds: Floats) -> Mask:
    return np.asarray(distance_m > _SLACK_M + FASTEST_M_S * np.abs(np.nan_to_num(seconds)))


def _walk(t: Floats, x: Floats, y: Floats) -> Mask:
    """Row by row from the last good position; a new place that lasts is believed, an odd first row is not."""
    bad = np.zeros(len(t), bool)
    good, away = 0, 0
    if len(t) > 2 and _far(t, x, y, 0, 1) and not _far(t, x, y, 1, 2):
        bad[0], good = True, 1
    for k in range(good + 1, len(t)):
        if not _far(t, x, y, good, k):
            good, away = k, 0
            continue
        away = away + 1 if away and not _far(t, x, y, k - 1, k) else 1
        bad[k] = True
        if away >= _BELIEVED_AFTER:
            bad[k - away + 1 : k + 1] = False
            good, away = k, 0
    return bad


def _far(t: Floats, x: Floats, y: Floats, a: int, b: int) -> bool:
    return math.hypot(x[b] - x[a], y[b] - y[a]) > _SLACK_M + FASTEST_M_S * abs(float(np.nan_to_num(t[b] - t[a])))


def impossible_pressure(pressure_hpa: Floats) -> Mask:
    """Outside what a drone can meet, or far from the middle of its neighbours (11 rows)."""
    known = np.isfinite(pressure_hpa)
    low, high = PRESSURE_RANGE_HPA
    wrong = known & ((pressure_hpa < low) | (pressure_hpa > high))
    kept = np.flatnonzero(known & ~wrong)
    if len(kept) < 11:
        return np.asarray(wrong)
    values = pressure_hpa[kept]
    padded = np.pad(values, 5, mode="edge")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 11), axis=1)
    wrong[kept] = np.abs(values - middle) > _PRESSURE_SPIKE_HPA
    return np.asarray(wrong)


def filled(values: Floats, wrong: Mask, *, default: float) -> Floats:
    """The column with wrong and missing rows drawn straight between their neighbours, `default` where none is."""
    good = np.isfinite(values) & ~wrong
    if not good.any():
        return np.full(len(values), default)
    rows = np.arange(len(values))
    return np.asarray(np.interp(rows, rows[good], values[good]))
